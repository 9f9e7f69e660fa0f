// SPDX-License-Identifier: Apache-2.0
#include "targets/Cpu/GenericBody.h"
#include "targets/Cpu/Passes.h"

#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Dialect/Tensor/Transforms/Transforms.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace lathe::cpu {
#define GEN_PASS_DEF_FUSEELEMENTWISE
#include "targets/Cpu/Passes.h.inc"
} // namespace lathe::cpu

using namespace mlir;

namespace lathe::cpu {
namespace {

/// More than a few cycles for a vector of results.
bool isExpensive(linalg::GenericOp op) {
  unsigned cheap = 0;
  for (Operation &inner : op.getBody()->without_terminator()) {
    bool isMath =
        inner.getDialect() &&
        inner.getDialect()->getNamespace() ==
            math::MathDialect::getDialectNamespace() &&
        !isa<math::AbsFOp, math::AbsIOp, math::FmaOp, math::FloorOp,
             math::CeilOp, math::TruncOp, math::RoundEvenOp>(inner);
    if (isMath || inner.getNumRegions() != 0 ||
        isa<arith::DivFOp, arith::DivSIOp, arith::DivUIOp, arith::RemFOp,
            arith::RemSIOp, arith::RemUIOp, tensor::ExtractOp>(inner))
      return true;
    ++cheap;
  }
  return cheap > 4;
}

/// Each element of an input is read more than once, in the innermost loops.
bool rereadsInput(linalg::GenericOp op, OpOperand *operand) {
  if (op.getNumReductionLoops() == 0)
    return false;
  AffineMap map = op.getMatchingIndexingMap(operand);
  SmallVector<int64_t> extents = op.getStaticLoopRanges();
  for (unsigned dim = 0; dim < op.getNumLoops(); ++dim)
    if (!map.isFunctionOfDim(dim) && extents[dim] != 1)
      return true;
  return !map.isProjectedPermutation();
}

/// Whether the producer of `operand` should be computed inside its consumer.
bool shouldFuse(OpOperand *operand) {
  auto producer = operand->get().getDefiningOp<linalg::GenericOp>();
  auto consumer = dyn_cast<linalg::GenericOp>(operand->getOwner());
  if (!producer || !consumer)
    return false;
  if (onlyMovesData(producer))
    return true;
  if (rereadsInput(consumer, operand))
    return false;
  bool oneUse = operand->get().hasOneUse();
  bool repeats = producer.getNumLoops() < consumer.getNumLoops();
  if (isExpensive(producer))
    return oneUse && !repeats;
  return oneUse || llvm::all_of(operand->get().getUsers(), [](Operation *user) {
           auto generic = dyn_cast<linalg::GenericOp>(user);
           return generic && generic.getNumReductionLoops() == 0;
         });
}

/// Whether a reshape between `wide` and fewer dimensions only adds or removes
/// dimensions of one point.
bool changesUnitsOnly(RankedTensorType wide, ArrayRef<ReassociationIndices> groups) {
  return llvm::all_of(groups, [&](const ReassociationIndices &group) {
    return llvm::count_if(group, [&](int64_t dim) { return wide.getDimSize(dim) != 1; }) <= 1;
  });
}

/// What follows a sum over panels works on panels too: its epilogue is computed
/// where the sum is, and tiles cut both the same way. Dimensions of one point
/// are added as early as can be, and stay as long: a reshape between two nests
/// would part them. Where several read a nest with and without such a dimension,
/// there is no end to it.
bool shouldExpand(OpOperand *operand) {
  auto producer = [](Value value) { return value.getDefiningOp<linalg::GenericOp>(); };
  auto isSame = [](tensor::ExpandShapeOp expand, Operation *user) {
    auto other = dyn_cast<tensor::ExpandShapeOp>(user);
    return other && other.getResultType() == expand.getResultType();
  };
  if (auto expand = dyn_cast<tensor::ExpandShapeOp>(operand->getOwner()))
    // In loops, reshapes lead to the slices of what is carried.
    return producer(operand->get()) &&
           llvm::all_of(operand->get().getUsers(), [&](Operation *user) { return isSame(expand, user); }) &&
           isa<func::FuncOp>(expand->getParentOp()) &&
           llvm::all_of(expand->getUsers(), llvm::IsaPred<linalg::GenericOp, tensor::CollapseShapeOp>) &&
           changesUnitsOnly(expand.getResultType(), expand.getReassociationIndices());
  auto collapse = operand->get().getDefiningOp<tensor::CollapseShapeOp>();
  auto consumer = dyn_cast<linalg::GenericOp>(operand->getOwner());
  if (!collapse || !consumer || !producer(collapse.getSrc()))
    return false;
  return consumer.getNumReductionLoops() == 0 ||
         (onlyMovesData(producer(collapse.getSrc())) && isa<func::FuncOp>(collapse->getParentOp()) &&
          changesUnitsOnly(collapse.getSrcType(), collapse.getReassociationIndices()));
}

struct FuseElementwisePass : impl::FuseElementwiseBase<FuseElementwisePass> {
  void runOnOperation() override {
    MLIRContext *context = &getContext();
    RewritePatternSet patterns(context);
    linalg::populateElementwiseOpsFusionPatterns(patterns, shouldFuse);
    linalg::populateFoldReshapeOpsByExpansionPatterns(patterns, shouldExpand);
    tensor::populateBubbleUpExpandShapePatterns(patterns);
    linalg::populateEraseUnusedOperandsAndResultsPatterns(patterns);
    linalg::GenericOp::getCanonicalizationPatterns(patterns, context);
    tensor::EmptyOp::getCanonicalizationPatterns(patterns, context);
    tensor::CastOp::getCanonicalizationPatterns(patterns, context);
    tensor::DimOp::getCanonicalizationPatterns(patterns, context);
    affine::AffineApplyOp::getCanonicalizationPatterns(patterns, context);
    // A producer is fused before its own producers: the loop it joins decides.
    GreedyRewriteConfig config;
    config.setUseTopDownTraversal();
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns),
                                     config)))
      return signalPassFailure();
    restoreDestinations(getOperation());
  }

  /// Fusion replaces destinations that are not read by empty tensors; a result
  /// of the kernel goes back to where it belongs.
  static void restoreDestinations(func::FuncOp func) {
    SmallVector<BlockArgument> outputs;
    for (BlockArgument argument : func.getArguments())
      if (func.getArgAttr(argument.getArgNumber(), "lathe.output"))
        outputs.push_back(argument);
    auto ret = cast<func::ReturnOp>(func.front().getTerminator());
    for (auto [value, output] : llvm::zip(ret.getOperands(), outputs)) {
      auto collapse = value.getDefiningOp<tensor::CollapseShapeOp>();
      Value computed = collapse ? collapse.getSrc() : value;
      auto producer = computed.getDefiningOp<linalg::GenericOp>();
      if (!producer || value.getType() != output.getType())
        continue;
      OpOperand *init = producer.getDpsInitOperand(
          cast<OpResult>(computed).getResultNumber());
      // A sum starts from a fill, which then is what goes to the destination.
      auto fill = init->get().getDefiningOp<linalg::GenericOp>();
      if (fill && isFill(fill) && fill->hasOneUse())
        init = fill.getDpsInitOperand(0);
      if (init->get().getDefiningOp<tensor::EmptyOp>())
        init->set(collapse ? expandLike(*init, output, collapse) : Value(output));
    }
  }

  /// `output` in the shape that `collapse` has before it, for the empty tensor
  /// `init` to give way to.
  static Value expandLike(OpOperand &init, Value output, tensor::CollapseShapeOp collapse) {
    OpBuilder builder(init.getOwner());
    SmallVector<OpFoldResult> sizes =
        init.get().getDefiningOp<tensor::EmptyOp>().getMixedSizes();
    return tensor::ExpandShapeOp::create(builder, init.getOwner()->getLoc(), collapse.getSrcType(),
                                         output, collapse.getReassociationIndices(), sizes);
  }
};

} // namespace
} // namespace lathe::cpu
