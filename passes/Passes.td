// SPDX-License-Identifier: Apache-2.0
// The one list of Lathe's target-neutral passes, by stage.
include "mlir/Pass/PassBase.td"
// Import
include "passes/Import/DecomposeOps.td"
include "passes/Import/FoldBatchNorm.td"
include "passes/Import/NarrowWeights.td"
include "passes/Import/RemoveUnusedWeights.td"
include "passes/Import/SimplifyGraph.td"
include "passes/Import/VerifyGraphContract.td"
// Partition
include "passes/Partition/AssignTargets.td"
// Layout
include "passes/Layout/AssignLayouts.td"
include "passes/Layout/PackWeights.td"
include "passes/Layout/PadWindows.td"
include "passes/Layout/UseWinograd.td"
// Fuse
include "passes/Fuse/FormGroups.td"
include "passes/Fuse/LowerStateUpdates.td"
include "passes/Fuse/OutlineKernels.td"
// Lower
include "passes/Lower/GraphToLinalg.td"
// Plan
include "passes/Plan/ScheduleCalls.td"
include "passes/Plan/LowerToProgram.td"
include "passes/Plan/PlanMemory.td"
