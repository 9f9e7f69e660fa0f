// SPDX-License-Identifier: Apache-2.0
#ifndef LATHE_TARGETS_CPU_PIPELINE_H
#define LATHE_TARGETS_CPU_PIPELINE_H

#include "targets/Cpu/IsaLevel.h"

#include "mlir/Pass/PassManager.h"

namespace lathe::cpu {

/// From linalg on tensors to planned memory: what all levels share. Runs on a
/// module with one kernel.
void buildPlanPipeline(mlir::OpPassManager &pm);

/// From planned memory to the LLVM dialect, for one level. Runs on a module
/// with one kernel.
void buildLevelPipeline(mlir::OpPassManager &pm, const IsaLevel &level);

/// `--lathe-cpu-plan` and `--lathe-cpu-lower="level=..."` for lathe-opt.
void registerPipelines();

} // namespace lathe::cpu

#endif // LATHE_TARGETS_CPU_PIPELINE_H
