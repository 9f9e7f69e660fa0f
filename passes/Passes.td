// SPDX-License-Identifier: Apache-2.0
// The one list of Lathe's target-neutral passes, by stage.
include "mlir/Pass/PassBase.td"
// Import
// Partition
// Fuse
// Lower
// Plan
include "passes/Plan/ScheduleCalls.td"
include "passes/Plan/LowerToProgram.td"
include "passes/Plan/PlanMemory.td"
