// SPDX-License-Identifier: Apache-2.0
#include "targets/Cpu/Pipeline.h"

#include "targets/Cpu/Passes.h"

#include "mlir/Conversion/AffineToStandard/AffineToStandard.h"
#include "mlir/Conversion/ArithToLLVM/ArithToLLVM.h"
#include "mlir/Conversion/ControlFlowToLLVM/ControlFlowToLLVM.h"
#include "mlir/Conversion/IndexToLLVM/IndexToLLVM.h"
#include "mlir/Conversion/MathToLLVM/MathToLLVM.h"
#include "mlir/Conversion/MemRefToLLVM/MemRefToLLVM.h"
#include "mlir/Conversion/ReconcileUnrealizedCasts/ReconcileUnrealizedCasts.h"
#include "mlir/Conversion/SCFToControlFlow/SCFToControlFlow.h"
#include "mlir/Conversion/UBToLLVM/UBToLLVM.h"
#include "mlir/Conversion/VectorToLLVM/ConvertVectorToLLVMPass.h"
#include "mlir/Dialect/MemRef/Transforms/Passes.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Transforms/Passes.h"
#include "llvm/ADT/StringExtras.h"

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
  pm.addNestedPass<func::FuncOp>(createBlockKeys());
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
  // Memory is planned before levels part: they share scratch and tiles.
  pm.addPass(createBufferizeKernel());
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
  // While each temporary still has memory of its own.
  pm.addNestedPass<func::FuncOp>(createSkipMargins());
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
  pm.addNestedPass<func::FuncOp>(createInterleaveRows());
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
  nests.dotProduct = level.vector.dotProduct;
  pm.addNestedPass<func::FuncOp>(createLowerNests(nests));
  pm.addPass(createCSEPass());
  ExpandMathOptions math;
  math.hasFma = level.hasFma;
  math.hasHalfConversion = level.hasHalfConversion;
  pm.addNestedPass<func::FuncOp>(createExpandMath(math));
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
  LowerEntryOptions entry;
  entry.pointerBits = level.pointerBits;
  pm.addPass(createLowerEntry(entry));
  // The rest is upstream's way from memref and vector to LLVM.
  pm.addPass(memref::createExpandStridedMetadataPass());
  pm.addPass(createLowerAffinePass());
  pm.addPass(createSCFToControlFlowPass());
  pm.addPass(createConvertVectorToLLVMPass());
  pm.addPass(createConvertMathToLLVMPass());
  FinalizeMemRefToLLVMConversionPassOptions memory;
  memory.indexBitwidth = level.pointerBits;
  pm.addPass(createFinalizeMemRefToLLVMConversionPass(memory));
  pm.addPass(createArithToLLVMConversionPass({level.pointerBits}));
  pm.addPass(createConvertIndexToLLVMPass({level.pointerBits}));
  pm.addPass(createConvertControlFlowToLLVMPass({level.pointerBits}));
  pm.addPass(createUBToLLVMConversionPass());
  pm.addPass(createReconcileUnrealizedCastsPass());
  pm.addPass(createReplaceBfloat());
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
}

namespace {
/// The machine that `--lathe-cpu-lower` lowers for: a level, changed.
struct LowerOptions : PassPipelineOptions<LowerOptions> {
  Option<std::string> level{*this, "level", llvm::cl::init("x86-64-v3"),
                            llvm::cl::desc("As in --cpu=<level>")};
  Option<bool> scalar{*this, "scalar", llvm::cl::init(false),
                      llvm::cl::desc("No vectors, and no FMA but by choice of the back end")};
  Option<unsigned> pointerBits{*this, "pointer-bits", llvm::cl::init(64),
                               llvm::cl::desc("Bits of a pointer: 32 for microcontrollers")};
};
} // namespace

static LogicalResult
buildLowerPipeline(OpPassManager &pm, StringRef text,
                   function_ref<LogicalResult(const Twine &)> refuse) {
  LowerOptions options;
  if (failed(options.parseFromString(text)))
    return failure();
  const IsaLevel *known = findIsaLevel(options.level);
  if (!known)
    return refuse("there is no level '" + options.level + "'; one of " +
                  llvm::join(isaLevelNames(), ", "));
  IsaLevel level = *known;
  level.pointerBits = options.pointerBits;
  if (options.scalar) {
    level.vector.vectorBits = 0;
    level.hasFma = false;
  }
  buildLevelPipeline(pm, level);
  return success();
}

void registerPipelines() {
  PassPipelineRegistration<>("lathe-cpu-plan",
                             "Kernels on tensors to planned memory",
                             buildPlanPipeline);
  registerPassPipeline(
      "lathe-cpu-lower", "Planned kernels to the LLVM dialect, for one machine",
      buildLowerPipeline,
      [](function_ref<void(const detail::PassOptions &)> show) {
        show(LowerOptions());
      });
}

} // namespace lathe::cpu
