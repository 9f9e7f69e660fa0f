// SPDX-License-Identifier: Apache-2.0
#include "passes/Import/ComputedWeights.h"
#include "passes/Passes.h"

#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace lathe {
#define GEN_PASS_DEF_FOLDBATCHNORM
#include "passes/Passes.h.inc"

using namespace mlir;
using namespace lathe::graph;

static Value reshapeTo(OpBuilder &builder, Location location, Value value, ArrayRef<int64_t> shape) {
  SmallVector<ExprAttr> dims;
  for (int64_t size : shape)
    dims.push_back(makeConstant(builder.getContext(), size));
  return ReshapeOp::create(builder, location, value, DimsAttr::get(builder.getContext(), dims));
}

static Value filled(OpBuilder &builder, Location location, Type elementType, double value) {
  auto type = RankedTensorType::get({}, elementType);
  return ConstantOp::create(builder, location,
                            DenseElementsAttr::get(type, builder.getFloatAttr(elementType, value)));
}

// Operands of a batch_norm in the order in which initializers copy them.
static SmallVector<Value> statistics(BatchNormOp op) {
  return {op.getMean(), op.getVariance(), op.getWeight(), op.getBias()};
}

static bool hasConstantStatistics(BatchNormOp op) {
  return llvm::all_of(statistics(op), [](Value value) { return !value || isWeightOrConstant(value); });
}

// weight / sqrt(variance + epsilon), from copies of statistics().
static Value buildScale(OpBuilder &builder, BatchNormOp op, ArrayRef<Value> copies) {
  Location location = op.getLoc();
  Type type = typeOf(copies[1]).getElementType();
  Value epsilon = filled(builder, location, type, op.getEpsilon().convertToDouble());
  Value variance = AddOp::create(builder, location, copies[1], epsilon);
  Value deviation = SqrtOp::create(builder, location, variance);
  Value numerator = copies[2] ? copies[2] : filled(builder, location, type, 1.0);
  return DivOp::create(builder, location, numerator, deviation);
}

// (bias - mean) * scale + beta; a null bias is 0.
static Value buildShift(OpBuilder &builder, BatchNormOp op, ArrayRef<Value> copies, Value scale,
                        Value bias) {
  Location location = op.getLoc();
  Value centered = bias ? Value(SubOp::create(builder, location, bias, copies[0]))
                        : Value(NegOp::create(builder, location, copies[0]));
  Value shift = MulOp::create(builder, location, centered, scale);
  return copies[3] ? Value(AddOp::create(builder, location, shift, copies[3])) : shift;
}

static Value useWeight(OpBuilder &builder, Location location, WeightOp weight) {
  return UseWeightOp::create(builder, location, weight.getType(), weight.getSymName());
}

namespace {
/// Into the weights of the convolution or linear that computes the input.
template <typename Op>
struct FoldIntoAnchor : OpRewritePattern<BatchNormOp> {
  FoldIntoAnchor(MLIRContext *context, ComputedWeights &weights)
      : OpRewritePattern(context, /*benefit=*/2), weights(weights) {}

  LogicalResult matchAndRewrite(BatchNormOp op, PatternRewriter &rewriter) const override {
    auto anchor = op.getInput().getDefiningOp<Op>();
    if (!anchor || !anchor->hasOneUse())
      return rewriter.notifyMatchFailure(op, "the input is no contraction of its own");
    if (!hasConstantStatistics(op))
      return rewriter.notifyMatchFailure(op, "the statistics are data");
    if (!isWeightOrConstant(anchor.getWeight()) ||
        (anchor.getBias() && !isWeightOrConstant(anchor.getBias())))
      return rewriter.notifyMatchFailure(op, "the contraction's weights are data");
    if (anchor.getResultElementType() || anchor.getType() != op.getType())
      return rewriter.notifyMatchFailure(op, "the contraction is quantized");
    std::optional<unsigned> axis = outputAxis(anchor);
    if (!axis)
      return rewriter.notifyMatchFailure(op, "the weight has no axis of output channels");
    fold(op, anchor, *axis, rewriter);
    return success();
  }

private:
  // The weight's dimension of output channels; they must be the result's
  // dimension 1.
  static std::optional<unsigned> outputAxis(LinearOp op) {
    return typeOf(op.getResult()).getRank() == 2 ? std::optional<unsigned>(0) : std::nullopt;
  }
  static std::optional<unsigned> outputAxis(ConvOp op) {
    if (!op.getTransposed())
      return 0;
    return op.getGroups() == 1 ? std::optional<unsigned>(1) : std::nullopt;
  }

  void fold(BatchNormOp op, Op anchor, unsigned axis, PatternRewriter &rewriter) const {
    Location location = rewriter.getFusedLoc({anchor.getLoc(), op.getLoc()});
    SmallVector<Value> sources = statistics(op);
    sources.append({anchor.getWeight(), anchor.getBias()});
    std::string name = (weightName(anchor.getWeight()) + ".bn").str();
    WeightOp weight = weights.create(
        name, location, sources, [&](OpBuilder &builder, ArrayRef<Value> copies) -> Value {
          SmallVector<int64_t> shape(typeOf(copies[4]).getRank(), 1);
          shape[axis] = typeOf(copies[4]).getShape()[axis];
          Value scale = reshapeTo(builder, location, buildScale(builder, op, copies), shape);
          return MulOp::create(builder, location, copies[4], scale);
        });
    WeightOp bias = weights.create(
        name + ".bias", location, sources, [&](OpBuilder &builder, ArrayRef<Value> copies) {
          return buildShift(builder, op, copies, buildScale(builder, op, copies), copies[5]);
        });
    auto folded = llvm::cast<Op>(rewriter.clone(*anchor.getOperation()));
    folded.getWeightMutable().assign(useWeight(rewriter, location, weight));
    folded.getBiasMutable().assign(useWeight(rewriter, location, bias));
    folded->setLoc(location);
    rewriter.moveOpBefore(folded, op);
    rewriter.replaceOp(op, folded.getResult());
    rewriter.eraseOp(anchor);
  }

  ComputedWeights &weights;
};

/// x * scale + shift.
struct FoldToScaleAndShift : OpRewritePattern<BatchNormOp> {
  FoldToScaleAndShift(MLIRContext *context, ComputedWeights &weights)
      : OpRewritePattern(context), weights(weights) {}

  LogicalResult matchAndRewrite(BatchNormOp op, PatternRewriter &rewriter) const override {
    if (!hasConstantStatistics(op))
      return rewriter.notifyMatchFailure(op, "the statistics are data");
    Location location = op.getLoc();
    SmallVector<int64_t> shape(typeOf(op.getInput()).getRank() - 1, 1);
    shape[0] = typeOf(op.getMean()).getShape()[0];
    std::string name = (weightName(op.getVariance()) + ".bn").str();
    WeightOp scale = weights.create(
        name + ".scale", location, statistics(op),
        [&](OpBuilder &builder, ArrayRef<Value> copies) {
          return reshapeTo(builder, location, buildScale(builder, op, copies), shape);
        });
    WeightOp shift = weights.create(
        name + ".shift", location, statistics(op),
        [&](OpBuilder &builder, ArrayRef<Value> copies) {
          Value inner = buildShift(builder, op, copies, buildScale(builder, op, copies), Value());
          return reshapeTo(builder, location, inner, shape);
        });
    Value scaled = MulOp::create(rewriter, location, op.getInput(), useWeight(rewriter, location, scale));
    rewriter.replaceOpWithNewOp<AddOp>(op, scaled, useWeight(rewriter, location, shift));
    return success();
  }

private:
  ComputedWeights &weights;
};

struct FoldBatchNorm : impl::FoldBatchNormBase<FoldBatchNorm> {
  void runOnOperation() override {
    ComputedWeights weights(getOperation());
    RewritePatternSet patterns(&getContext());
    patterns.add<FoldIntoAnchor<ConvOp>, FoldIntoAnchor<LinearOp>, FoldToScaleAndShift>(
        &getContext(), weights);
    FrozenRewritePatternSet frozen(std::move(patterns));
    SmallVector<func::FuncOp> methods(getOperation().getOps<func::FuncOp>());
    for (func::FuncOp method : methods)
      if (failed(applyPatternsGreedily(method, frozen)))
        return signalPassFailure();
  }
};
} // namespace
} // namespace lathe
