// SPDX-License-Identifier: Apache-2.0
#ifndef LATHE_TARGETS_CPU_KERNELTUNER_H
#define LATHE_TARGETS_CPU_KERNELTUNER_H

#include "targets/Target.h"

namespace lathe::cpu {

/// Other tile sizes than `sizes` that may be faster, for loops of `extents`
/// rounds (kTileExtentsAttr): a loop that is split in parts of half or twice the
/// size, not at all, or another one instead; loops of which none is split, split.
/// None has fewer tiles than `tilesMin`, or so many that handing them out costs
/// more than they do.
std::vector<std::vector<int64_t>>
listTileSizes(const std::vector<int64_t> &sizes, const std::vector<int64_t> &extents,
              int64_t tilesMin);

/// See Target::tune. `top` holds a module for each kernel.
mlir::FailureOr<std::vector<TunedKernel>> tuneKernels(const Target &target, mlir::ModuleOp top,
                                                      const CompileOptions &options,
                                                      Tuning &tuning);

} // namespace lathe::cpu

#endif // LATHE_TARGETS_CPU_KERNELTUNER_H
