// SPDX-License-Identifier: Apache-2.0
#include "passes/Import/SimplifyPatterns.h"

using namespace mlir;
using namespace lathe;
using namespace lathe::graph;

static std::string permutedName(StringRef weight, ArrayRef<int64_t> permutation) {
  std::string name = (weight + ".permute").str();
  for (int64_t dim : permutation)
    name += "_" + std::to_string(dim);
  return name;
}

// The permuted weight as a new weight.
static Value permuteWeight(ComputedWeights &weights, PatternRewriter &rewriter, Location location,
                           Value weight, ArrayRef<int64_t> permutation) {
  WeightOp permuted = weights.create(
      permutedName(weightName(weight), permutation), location, weight,
      [&](OpBuilder &builder, ArrayRef<Value> sources) -> Value {
        return PermuteOp::create(builder, location, sources[0],
                                 builder.getDenseI64ArrayAttr(permutation));
      });
  return UseWeightOp::create(rewriter, location, permuted.getType(), permuted.getSymName());
}

namespace {
/// matmul(x, w) with a weight of rank 2 -> linear(x, transposed w).
struct MatmulToLinear : OpRewritePattern<MatmulOp> {
  MatmulToLinear(MLIRContext *context, ComputedWeights &weights)
      : OpRewritePattern(context), weights(weights) {}

  LogicalResult matchAndRewrite(MatmulOp op, PatternRewriter &rewriter) const override {
    if (typeOf(op.getRhs()).getRank() != 2)
      return rewriter.notifyMatchFailure(op, "the right operand is batched");
    if (llvm::isa<quant::QuantizedType>(typeOf(op.getRhs()).getElementType()))
      return rewriter.notifyMatchFailure(op, "a quantized product has its own requantization");
    Value weight;
    if (auto permute = op.getRhs().getDefiningOp<PermuteOp>();
        permute && permute.getInput().getDefiningOp<UseWeightOp>() && permute.getPermutation()[0] == 1)
      weight = permute.getInput();
    else if (op.getRhs().getDefiningOp<UseWeightOp>())
      weight = permuteWeight(weights, rewriter, op.getLoc(), op.getRhs(), {1, 0});
    else
      return rewriter.notifyMatchFailure(op, "the right operand is no weight");
    rewriter.replaceOpWithNewOp<LinearOp>(op, op.getType(), op.getLhs(), weight, Value(), TypeAttr(),
                                          RoundingKindAttr());
    return success();
  }

private:
  ComputedWeights &weights;
};

/// permute(weight) -> another weight.
struct PermuteOfWeight : OpRewritePattern<PermuteOp> {
  PermuteOfWeight(MLIRContext *context, ComputedWeights &weights)
      : OpRewritePattern(context), weights(weights) {}

  LogicalResult matchAndRewrite(PermuteOp op, PatternRewriter &rewriter) const override {
    if (!op.getInput().getDefiningOp<UseWeightOp>())
      return rewriter.notifyMatchFailure(op, "the input is no weight");
    if (llvm::isa<WeightOp>(op->getParentOp()))
      return rewriter.notifyMatchFailure(op, "stands in an initializer");
    if (llvm::any_of(op->getUsers(), [&](Operation *user) {
          auto matmul = llvm::dyn_cast<MatmulOp>(user);
          return matmul && matmul.getRhs() == op.getResult() && op.getPermutation().size() == 2;
        }))
      return rewriter.notifyMatchFailure(op, "a product takes the weight as it is");
    rewriter.replaceOp(op, permuteWeight(weights, rewriter, op.getLoc(), op.getInput(),
                                         op.getPermutation()));
    return success();
  }

private:
  ComputedWeights &weights;
};

/// linear(x, w) + b -> linear(x, w, b), convolution likewise.
template <typename Op>
struct AddToBias : OpRewritePattern<AddOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(AddOp op, PatternRewriter &rewriter) const override {
    auto anchor = op.getLhs().getDefiningOp<Op>();
    Value bias = op.getRhs();
    if (!anchor) {
      anchor = op.getRhs().getDefiningOp<Op>();
      bias = op.getLhs();
    }
    if (!anchor || anchor.getBias() || !anchor->hasOneUse() || anchor.getType() != op.getType())
      return rewriter.notifyMatchFailure(op, "adds to no contraction of its own without a bias");
    if (anchor.getResultElementType())
      return rewriter.notifyMatchFailure(op, "the sum would be requantized after the bias");
    bias = asChannels(bias, anchor, rewriter);
    if (!bias)
      return rewriter.notifyMatchFailure(op, "the other operand is no value for each channel");
    rewriter.setInsertionPoint(op);
    auto biased = llvm::cast<Op>(rewriter.clone(*anchor.getOperation()));
    biased.getBiasMutable().assign(bias);
    biased->setLoc(rewriter.getFusedLoc({anchor.getLoc(), op.getLoc()}));
    rewriter.replaceOp(op, biased.getResult());
    return success();
  }

private:
  // `bias` as a tensor of rank 1, when it is a weight that varies along the
  // result's channels alone.
  static Value asChannels(Value bias, Op anchor, PatternRewriter &rewriter) {
    RankedTensorType result = typeOf(anchor.getResult());
    unsigned channel = llvm::isa<LinearOp>(anchor) ? result.getRank() - 1 : 1;
    Value source = bias;
    while (auto view = source.getDefiningOp<ReshapeOp>())
      source = view.getInput();
    if (!source.getDefiningOp<UseWeightOp>())
      return {};
    RankedTensorType type = typeOf(bias);
    if (type.getRank() > result.getRank())
      return {};
    unsigned offset = result.getRank() - type.getRank();
    for (unsigned i = 0; i < result.getRank(); ++i) {
      int64_t size = i < offset ? 1 : type.getShape()[i - offset];
      if (size != (i == channel ? result.getShape()[channel] : 1))
        return {};
    }
    if (type.getRank() == 1)
      return bias;
    if (typeOf(source).getRank() == 1)
      return source;
    ExprAttr channels = getDims(result)[channel];
    return ReshapeOp::create(rewriter, bias.getLoc(), source,
                             DimsAttr::get(bias.getContext(), {channels}));
  }
};

/// Attention on keys and values whose heads are repeated -> grouped-query
/// attention, which reads each head where it is.
struct RepeatedHeadsToGroups : OpRewritePattern<SdpaOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(SdpaOp op, PatternRewriter &rewriter) const override {
    if (op.getEnableGqa())
      return rewriter.notifyMatchFailure(op, "is grouped already");
    BroadcastOp key = repetition(op.getKey()), value = repetition(op.getValue());
    if (!key || !value)
      return rewriter.notifyMatchFailure(op, "keys and values are not repeated heads");
    if (repeats(key) != repeats(value))
      return rewriter.notifyMatchFailure(op, "keys and values are repeated differently");
    Value heads[2] = {withoutRepetition(rewriter, key), withoutRepetition(rewriter, value)};
    rewriter.modifyOpInPlace(op, [&] {
      op.getKeyMutable().assign(heads[0]);
      op.getValueMutable().assign(heads[1]);
      op.setEnableGqa(true);
    });
    return success();
  }

private:
  // The broadcast of [.., h, 1, s, e] to [.., h, r, s, e] whose reshape to
  // [.., h * r, s, e] is `heads`, or null.
  static BroadcastOp repetition(Value heads) {
    auto reshape = heads.getDefiningOp<ReshapeOp>();
    auto broadcast = reshape ? reshape.getInput().getDefiningOp<BroadcastOp>() : BroadcastOp();
    if (!broadcast || typeOf(heads).getRank() < 3)
      return {};
    SmallVector<ExprAttr> joined = getDims(typeOf(heads));
    SmallVector<ExprAttr> apart = getDims(typeOf(broadcast.getResult()));
    SmallVector<ExprAttr> single = getDims(typeOf(broadcast.getInput()));
    size_t head = joined.size() - 3;
    if (apart.size() != joined.size() + 1 || single.size() != apart.size())
      return {};
    SmallVector<ExprAttr> expected(joined);
    expected[head] = apart[head];
    expected.insert(expected.begin() + head + 1, apart[head + 1]);
    if (apart != expected || makeMul(apart[head], apart[head + 1]) != joined[head])
      return {};
    expected[head + 1] = makeConstant(heads.getContext(), 1);
    return single == expected ? broadcast : BroadcastOp();
  }
  static ExprAttr repeats(BroadcastOp op) {
    return op.getDims().getDims()[op.getDims().getDims().size() - 3];
  }
  static Value withoutRepetition(PatternRewriter &rewriter, BroadcastOp op) {
    SmallVector<ExprAttr> dims = getDims(typeOf(op.getInput()));
    dims.erase(dims.end() - 3);
    return ReshapeOp::create(rewriter, op.getLoc(), op.getInput(),
                             DimsAttr::get(op.getContext(), dims));
  }
};

/// conv(pad(x)) -> conv with that padding.
struct PadToConv : OpRewritePattern<ConvOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(ConvOp op, PatternRewriter &rewriter) const override {
    auto pad = op.getInput().getDefiningOp<PadOp>();
    if (!pad || pad.getMode() != PadMode::Constant || op.getTransposed())
      return rewriter.notifyMatchFailure(op, "the input has no constant margin to take over");
    auto value = llvm::dyn_cast_or_null<FloatAttr>(pad.getValueAttr());
    if (pad.getValueAttr() && (!value || !value.getValue().isZero()))
      return rewriter.notifyMatchFailure(op, "the margin is not 0");
    auto zero = [](int64_t margin) { return margin == 0; };
    if (!llvm::all_of(pad.getLow().take_front(2), zero) ||
        !llvm::all_of(pad.getHigh().take_front(2), zero))
      return rewriter.notifyMatchFailure(op, "the margin adds batches or channels");
    SmallVector<int64_t> low(op.getPaddingLow()), high(op.getPaddingHigh());
    for (size_t i = 0; i < low.size(); ++i)
      if (pad.getLow()[i + 2] < 0 || pad.getHigh()[i + 2] < 0 ||
          llvm::AddOverflow(low[i], pad.getLow()[i + 2], low[i]) ||
          llvm::AddOverflow(high[i], pad.getHigh()[i + 2], high[i]))
        return rewriter.notifyMatchFailure(op, "the margin crops");
    rewriter.modifyOpInPlace(op, [&] {
      op.getInputMutable().assign(pad.getInput());
      op.setPaddingLow(low);
      op.setPaddingHigh(high);
    });
    return success();
  }
};
} // namespace

void lathe::addContractionPatterns(RewritePatternSet &patterns, ComputedWeights &weights) {
  patterns.add<MatmulToLinear, PermuteOfWeight>(patterns.getContext(), weights);
  patterns.add<AddToBias<LinearOp>, AddToBias<ConvOp>, PadToConv, RepeatedHeadsToGroups>(
      patterns.getContext());
}
