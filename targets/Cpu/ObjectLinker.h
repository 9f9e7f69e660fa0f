// SPDX-License-Identifier: Apache-2.0
#ifndef LATHE_TARGETS_CPU_OBJECTLINKER_H
#define LATHE_TARGETS_CPU_OBJECTLINKER_H

#include "targets/Target.h"

#include "mlir/IR/Location.h"

namespace lathe::cpu {

/// See Target::linkObject. The kernels of each level are local symbols `<level>.<kernel>`, so that profilers show
/// them and objects of several models link into one application.
mlir::FailureOr<std::vector<uint8_t>>
linkObject(mlir::Location loc, const CompiledKernels &compiled,
           const LinkedModel &model);

} // namespace lathe::cpu

#endif // LATHE_TARGETS_CPU_OBJECTLINKER_H
