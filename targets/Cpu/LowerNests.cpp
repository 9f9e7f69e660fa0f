// SPDX-License-Identifier: Apache-2.0
#include "targets/Cpu/JoinLoops.h"
#include "targets/Cpu/NestEmitter.h"
#include "targets/Cpu/Passes.h"

#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Dialect/MemRef/Transforms/Transforms.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace lathe::cpu {
#define GEN_PASS_DEF_LOWERNESTS
#include "targets/Cpu/Passes.h.inc"
} // namespace lathe::cpu

using namespace mlir;

namespace lathe::cpu {
namespace {

/// The scalar that `op` stores everywhere, or null if it is not such a fill.
Value filledScalar(linalg::GenericOp op) {
  if (op.getNumDpsInits() != 1 || op.getNumReductionLoops() != 0)
    return {};
  Value yielded = op.getBody()->getTerminator()->getOperand(0);
  if (auto argument = dyn_cast<BlockArgument>(yielded)) {
    if (argument.getOwner() != op.getBody())
      return yielded;
    OpOperand *operand = op.getMatchingOpOperand(argument);
    return isa<ShapedType>(operand->get().getType()) ? Value()
                                                     : operand->get();
  }
  if (yielded.getParentBlock() == op.getBody())
    return {};
  return yielded;
}

/// Takes the fills that directly precede `op` and set its outputs: their
/// scalars start the accumulators, the memory need not be written twice.
SmallVector<Value>
takeInitialValues(linalg::GenericOp op,
                  SmallVectorImpl<linalg::GenericOp> &taken) {
  SmallVector<Value> values(op.getNumDpsInits());
  if (op.getNumReductionLoops() == 0)
    return values;
  for (Operation *before = op->getPrevNode(); before;
       before = before->getPrevNode()) {
    if (isMemoryEffectFree(before) || isa<memref::AllocOp>(before))
      continue;
    auto fill = dyn_cast<linalg::GenericOp>(before);
    Value scalar = fill ? filledScalar(fill) : Value();
    if (!scalar)
      break;
    for (auto [index, output] : llvm::enumerate(op.getDpsInits())) {
      AffineMap map =
          op.getMatchingIndexingMap(op.getDpsInitOperand(index));
      if (values[index] || output != fill.getDpsInits()[0] ||
          !map.isProjectedPermutation() ||
          llvm::is_contained(op.getDpsInputs(), output))
        continue;
      values[index] = scalar;
      taken.push_back(fill);
      break;
    }
  }
  return values;
}

struct LowerNestsPass : impl::LowerNestsBase<LowerNestsPass> {
  using LowerNestsBase::LowerNestsBase;

  void runOnOperation() override {
    VectorIsa machine;
    machine.vectorBits = vectorBits;
    machine.registers = registers;
    machine.hasMasks = hasMasks;
    machine.hasByteMasks = hasByteMasks;
    machine.dotProduct = dotProduct;
    SmallVector<linalg::GenericOp> nests;
    WalkResult result = getOperation().walk([&](linalg::LinalgOp op) {
      auto generic = dyn_cast<linalg::GenericOp>(*op);
      if (!generic || !op.hasPureBufferSemantics()) {
        op.emitOpError("must be a linalg.generic on memrefs before "
                       "lathe-cpu-lower-nests");
        return WalkResult::interrupt();
      }
      nests.push_back(generic);
      return WalkResult::advance();
    });
    if (result.wasInterrupted())
      return signalPassFailure();
    IRRewriter rewriter(&getContext());
    DenseSet<Operation *> done;
    // Consumers first: a nest takes the fill before it, which is then gone.
    for (linalg::GenericOp nest : llvm::reverse(nests)) {
      if (done.contains(nest))
        continue;
      // An epilogue is emitted when its sum is.
      if (isEpilogue(nest))
        continue;
      if (failed(lowerNest(rewriter, nest, machine, done))) {
        getOperation().emitError("loops that were found contiguous cannot be joined");
        return signalPassFailure();
      }
    }
  }

  static LogicalResult lowerNest(IRRewriter &rewriter, linalg::GenericOp nest,
                                 const VectorIsa &machine, DenseSet<Operation *> &done) {
    std::optional<NestEpilogue> epilogue = findEpilogue(nest);
    SmallVector<linalg::GenericOp> fills;
    SmallVector<Value> initialValues = takeInitialValues(nest, fills);
    for (linalg::GenericOp fill : fills) {
      done.insert(fill);
      rewriter.eraseOp(fill);
    }
    linalg::GenericOp next = epilogue ? epilogue->op : linalg::GenericOp();
    // Sums of lanes end in scalars, one by one: vectors serve the rest better.
    auto endsInScalars = [](const NestPlan &plan) { return plan.vectorizesReduction() || plan.chainDim; };
    bool isAlone = endsInScalars(planNest(nest, machine));
    // What the epilogue reads may be made between the two.
    if (epilogue)
      rewriter.moveOpBefore(nest, next);
    if (isAlone)
      epilogue.reset();
    if (failed(joinLoops(rewriter, nest, epilogue)))
      return failure();
    if (epilogue)
      next = epilogue->op;
    NestPlan plan = planNest(nest, machine);
    if (epilogue && endsInScalars(plan)) {
      // Pixels that the sum alone counts were joined for the sake of its lanes.
      if (!cast<linalg::LinalgOp>(*next).getShapesToLoopsMap())
        return failure();
      epilogue.reset();
    }
    rewriter.setInsertionPoint(next ? next : nest);
    emitNest(rewriter, nest, plan, initialValues, epilogue);
    rewriter.eraseOp(nest);
    if (next && !epilogue)
      return lowerNest(rewriter, next, machine, done);
    if (next)
      rewriter.eraseOp(next);
    return success();
  }
};

} // namespace
} // namespace lathe::cpu
