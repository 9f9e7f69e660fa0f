// SPDX-License-Identifier: Apache-2.0
#include "targets/Cpu/Pipeline.h"

#include "targets/Cpu/Passes.h"

#include "mlir/Conversion/Passes.h"
#include "mlir/Dialect/MemRef/Transforms/Passes.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;

namespace lathe::cpu {

void buildPlanPipeline(OpPassManager &pm) {
  // One form to read, then one loop for each elementwise chain: tiles are
  // chosen on what really runs.
  pm.addNestedPass<func::FuncOp>(createNormalizeKernel());
  pm.addNestedPass<func::FuncOp>(createFuseElementwise());
  pm.addPass(createCSEPass());
  pm.addNestedPass<func::FuncOp>(createPartitionTiles());
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
  // Memory is planned before levels part: they share scratch and tiles.
  pm.addPass(createBufferizeKernel());
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
  pm.addNestedPass<func::FuncOp>(createPlanScratch());
}

void buildLevelPipeline(OpPassManager &pm, const IsaLevel &level) {
  LowerNestsOptions nests;
  nests.vectorBits = level.vector.vectorBits;
  nests.registers = level.vector.registers;
  nests.hasMasks = level.vector.hasMasks;
  nests.hasByteMasks = level.vector.hasByteMasks;
  pm.addNestedPass<func::FuncOp>(createLowerNests(nests));
  pm.addPass(createCSEPass());
  ExpandMathOptions math;
  math.hasFma = level.hasFma;
  math.hasHalfConversion = level.hasHalfConversion;
  math.hasBf16Conversion = level.hasBf16Conversion;
  pm.addNestedPass<func::FuncOp>(createExpandMath(math));
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
  pm.addPass(createLowerEntry());
  // The rest is upstream's way from memref and vector to LLVM.
  pm.addPass(memref::createExpandStridedMetadataPass());
  pm.addPass(createLowerAffinePass());
  pm.addPass(createSCFToControlFlowPass());
  pm.addPass(createConvertVectorToLLVMPass());
  pm.addPass(createConvertMathToLLVMPass());
  pm.addPass(createFinalizeMemRefToLLVMConversionPass());
  pm.addPass(createArithToLLVMConversionPass());
  pm.addPass(createConvertIndexToLLVMPass());
  pm.addPass(createConvertControlFlowToLLVMPass());
  pm.addPass(createUBToLLVMConversionPass());
  pm.addPass(createReconcileUnrealizedCastsPass());
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
}

void registerPipelines() {
  PassPipelineRegistration<>("lathe-cpu-plan",
                             "Kernels on tensors to planned memory",
                             buildPlanPipeline);
  PassPipelineRegistration<>(
      "lathe-cpu-lower", "Planned kernels to the LLVM dialect, x86-64-v3",
      [](OpPassManager &pm) {
        buildLevelPipeline(pm, *findIsaLevel("x86-64-v3"));
      });
}

} // namespace lathe::cpu
