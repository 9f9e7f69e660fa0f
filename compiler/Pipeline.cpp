// SPDX-License-Identifier: Apache-2.0
#include "compiler/Pipeline.h"

#include "compiler/Reference/Passes.h"
#include "mlir/Transforms/Passes.h"
#include "passes/Passes.h"

using namespace mlir;
using namespace lathe;

static void addContract(OpPassManager &manager, StringRef stage) {
  VerifyGraphContractOptions options;
  options.stage = stage.str();
  manager.addPass(createVerifyGraphContract(options));
}

void lathe::addSimplifyPasses(OpPassManager &manager, bool narrowWeights) {
  addContract(manager, "imported");
  // Composites that no target fuses become primitives.
  manager.addPass(createDecomposeOps());
  manager.addPass(createSimplifyGraph());
  // Normalisation with constant statistics disappears into weights; what is
  // then constant is computed once, here.
  manager.addPass(createFoldBatchNorm());
  manager.addPass(reference::createFoldConstants());
  manager.addPass(createSimplifyGraph());
  // Once, after all that computes weights in f32: each is rounded once.
  if (narrowWeights)
    manager.addPass(createNarrowWeights());
  manager.addPass(createRemoveUnusedWeights());
  addContract(manager, "simplified");
}

void lathe::addKernelPasses(OpPassManager &manager, std::optional<unsigned> winogradGrowthPercent) {
  manager.addPass(createAssignTargets());
  addContract(manager, "assigned");
  // Activations, then weights, lie as kernels read them.
  manager.addPass(createAssignLayouts());
  manager.addPass(createFlattenPatches());
  manager.addPass(createUsePhases());
  if (winogradGrowthPercent) {
    UseWinogradOptions options;
    options.growthPercent = *winogradGrowthPercent;
    manager.addPass(createUseWinograd(options));
  }
  manager.addPass(createPackWeights());
  manager.addPass(createScaleWeights());
  manager.addPass(createPadWindows());
  // Equal weights are packed once.
  manager.addPass(createRemoveUnusedWeights());
  // In-place updates become values, groups form, equal groups share a kernel.
  manager.addPass(createLowerStateUpdates());
  manager.addPass(createFormGroups());
  manager.addPass(createOutlineKernels());
  addContract(manager, "outlined");
}

void lathe::addPlanPasses(OpPassManager &manager, bool sidecar, llvm::StringRef producer) {
  addContract(manager, "planned");
  // An order that keeps little alive, then instructions and buffers, then
  // their places.
  manager.addNestedPass<func::FuncOp>(createScheduleCalls());
  LowerToProgramOptions options;
  options.sidecar = sidecar;
  options.producer = producer.str();
  manager.addPass(createLowerToProgram(options));
  manager.addPass(createPlanMemory());
}
