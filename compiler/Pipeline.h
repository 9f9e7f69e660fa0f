// SPDX-License-Identifier: Apache-2.0
//
// The one place where pass order is written.
#ifndef LATHE_COMPILER_PIPELINE_H
#define LATHE_COMPILER_PIPELINE_H

#include "mlir/Pass/PassManager.h"

namespace lathe {

/// imported -> simplified: what the model computes, in fewer operators.
/// With `narrowWeights`, weights of contractions are rounded to bf16.
void addSimplifyPasses(mlir::OpPassManager &manager, bool narrowWeights);
/// simplified -> outlined: devices, groups, one kernel for each distinct group.
void addKernelPasses(mlir::OpPassManager &manager, std::optional<unsigned> winogradGrowthPercent);
/// outlined, with code -> program dialect: order, memory, instructions. With
/// `sidecar`, weights go to a file of their own. `producer` is recorded.
void addPlanPasses(mlir::OpPassManager &manager, bool sidecar, llvm::StringRef producer);

} // namespace lathe

#endif // LATHE_COMPILER_PIPELINE_H
