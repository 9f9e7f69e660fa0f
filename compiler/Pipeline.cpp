// SPDX-License-Identifier: Apache-2.0
#include "compiler/Pipeline.h"

#include "mlir/Transforms/Passes.h"
#include "passes/Passes.h"

using namespace mlir;
using namespace lathe;

void lathe::addSimplifyPasses(OpPassManager &manager) {
  manager.addPass(createCanonicalizerPass());
  manager.addPass(createCSEPass());
}

void lathe::addKernelPasses(OpPassManager &manager) {
  manager.addPass(createLowerStateUpdates());
  manager.addPass(createFormGroups());
  manager.addPass(createOutlineKernels());
}

void lathe::addPlanPasses(OpPassManager &manager) { (void)manager; }
