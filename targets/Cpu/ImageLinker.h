// SPDX-License-Identifier: Apache-2.0
#ifndef LATHE_TARGETS_CPU_IMAGELINKER_H
#define LATHE_TARGETS_CPU_IMAGELINKER_H

#include "targets/Cpu/ObjectEmitter.h"
#include "targets/KernelCache.h"
#include "targets/Target.h"

namespace lathe::cpu {

/// Links `objects`, one kernel each and in the order of the entries, into one
/// image for `level`. Refuses an image that would need relocations at load.
/// Blocks on files in the folder for temporaries; one link runs at a time.
/// Equal objects that were linked before come from `cache`, unless it is null
/// or the relocatable object is wanted too.
mlir::FailureOr<KernelImage> linkImage(mlir::Location loc,
                                       llvm::ArrayRef<KernelObject> objects,
                                       const IsaLevel &level, bool keepObject,
                                       KernelCache *cache);

} // namespace lathe::cpu

#endif // LATHE_TARGETS_CPU_IMAGELINKER_H
