// SPDX-License-Identifier: Apache-2.0
#include "passes/Import/SimplifyPatterns.h"

#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace lathe;
using namespace lathe::graph;

TypedAttr lathe::splatElement(Value value) {
  if (auto full = value.getDefiningOp<FullOp>())
    value = full.getValue();
  DenseElementsAttr elements;
  if (!matchPattern(value, m_Constant(&elements)) || !elements.isSplat())
    return {};
  return llvm::dyn_cast<TypedAttr>(elements.getSplatValue<Attribute>());
}

static bool isSplat(Value value, double wanted) {
  TypedAttr element = splatElement(value);
  if (auto real = llvm::dyn_cast_or_null<FloatAttr>(element))
    return real.getValue().isExactlyValue(wanted) &&
           real.getValue().isNegative() == std::signbit(wanted);
  if (auto integer = llvm::dyn_cast_or_null<IntegerAttr>(element))
    return !integer.getType().isInteger(1) &&
           integer.getValue().getSExtValue() == static_cast<int64_t>(wanted);
  return false;
}

static bool isFloat(Value value) { return llvm::isa<FloatType>(getElementTypeOrSelf(value.getType())); }

// Replaces `op` by `value`, repeated to the size of the result where needed.
static void replaceBy(PatternRewriter &rewriter, Operation *op, Value value) {
  auto type = llvm::cast<RankedTensorType>(op->getResult(0).getType());
  if (value.getType() != type)
    value = BroadcastOp::create(rewriter, op->getLoc(), type, value,
                                DimsAttr::get(op->getContext(), getDims(type)));
  rewriter.replaceOp(op, value);
}

namespace {
/// x + 0, x - 0, x * 1, x / 1, x ** 1. For floats the neutral sum is -0: x + 0
/// turns -0 into 0.
template <typename Op>
struct DropNeutral : OpRewritePattern<Op> {
  DropNeutral(MLIRContext *context, double neutral, double floatNeutral)
      : OpRewritePattern<Op>(context), neutral(neutral), floatNeutral(floatNeutral) {}

  LogicalResult matchAndRewrite(Op op, PatternRewriter &rewriter) const override {
    double wanted = isFloat(op.getLhs()) ? floatNeutral : neutral;
    if (isSplat(op.getRhs(), wanted))
      return replaceBy(rewriter, op, op.getLhs()), success();
    if (op->template hasTrait<OpTrait::IsCommutative>() && isSplat(op.getLhs(), wanted))
      return replaceBy(rewriter, op, op.getRhs()), success();
    return rewriter.notifyMatchFailure(op, "no operand is the neutral element");
  }

private:
  double neutral, floatNeutral;
};

/// x ** 2 -> x * x.
struct SquareByProduct : OpRewritePattern<PowOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(PowOp op, PatternRewriter &rewriter) const override {
    if (!isSplat(op.getRhs(), 2.0))
      return rewriter.notifyMatchFailure(op, "the exponent is not 2");
    if (op.getLhs().getType() != op.getType())
      return rewriter.notifyMatchFailure(op, "the exponent repeats the base");
    rewriter.replaceOpWithNewOp<MulOp>(op, op.getType(), op.getLhs(), op.getLhs());
    return success();
  }
};

/// f(f(x)) -> x for an involution, f(x) for an idempotent operator.
template <typename Op, bool isInvolution>
struct MergeRepeated : OpRewritePattern<Op> {
  using OpRewritePattern<Op>::OpRewritePattern;
  LogicalResult matchAndRewrite(Op op, PatternRewriter &rewriter) const override {
    auto inner = op.getInput().template getDefiningOp<Op>();
    if (!inner)
      return rewriter.notifyMatchFailure(op, "the input is another operator");
    rewriter.replaceOp(op, isInvolution ? inner.getInput() : inner.getResult());
    return success();
  }
};

/// cast(cast(x)) -> cast(x) when the first loses nothing.
struct MergeCasts : OpRewritePattern<CastOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(CastOp op, PatternRewriter &rewriter) const override {
    auto inner = op.getInput().getDefiningOp<CastOp>();
    if (!inner)
      return rewriter.notifyMatchFailure(op, "the input is no cast");
    Type from = getElementTypeOrSelf(inner.getInput().getType());
    if (!isLossless(from, inner.getTo()))
      return rewriter.notifyMatchFailure(op, "the inner cast may change the value");
    rewriter.replaceOpWithNewOp<CastOp>(op, op.getType(), inner.getInput(), op.getToAttr());
    return success();
  }

private:
  static bool isUnsigned(Type type) { return type.isUnsignedInteger() || type.isInteger(1); }
  static bool isLossless(Type from, Type to) {
    auto fromFloat = llvm::dyn_cast<FloatType>(from), toFloat = llvm::dyn_cast<FloatType>(to);
    if (fromFloat && toFloat)
      return fromFloat == toFloat || (toFloat.getWidth() > fromFloat.getWidth());
    if (!llvm::isa<IntegerType>(from) || fromFloat)
      return false;
    unsigned bits = from.getIntOrFloatBitWidth() - (isUnsigned(from) ? 0 : 1);
    if (toFloat)
      return bits <= toFloat.getFPMantissaWidth();
    if (!llvm::isa<IntegerType>(to) || to.isInteger(1))
      return from == to;
    bool signFits = isUnsigned(from) || !isUnsigned(to);
    return signFits && bits <= to.getIntOrFloatBitWidth() - (isUnsigned(to) ? 0 : 1);
  }
};

/// where(true, x, y) -> x; where(c, x, x) -> x; where(not c, x, y) -> where(c, y, x).
struct SimplifyWhere : OpRewritePattern<WhereOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(WhereOp op, PatternRewriter &rewriter) const override {
    if (auto condition = llvm::dyn_cast_or_null<IntegerAttr>(splatElement(op.getCondition()))) {
      replaceBy(rewriter, op, condition.getValue().isZero() ? op.getRhs() : op.getLhs());
      return success();
    }
    if (op.getLhs() == op.getRhs())
      return replaceBy(rewriter, op, op.getLhs()), success();
    if (auto inverted = op.getCondition().getDefiningOp<NotOp>()) {
      rewriter.replaceOpWithNewOp<WhereOp>(op, op.getType(), inverted.getInput(), op.getRhs(),
                                           op.getLhs());
      return success();
    }
    return rewriter.notifyMatchFailure(op, "the condition depends on data");
  }
};

/// clamp without bounds -> x; clamp(x, 0, none) -> relu.
struct SimplifyClamp : OpRewritePattern<ClampOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(ClampOp op, PatternRewriter &rewriter) const override {
    if (!op.getLow() && !op.getHigh()) {
      rewriter.replaceOp(op, op.getInput());
      return success();
    }
    auto zero = [](Attribute bound) {
      if (auto real = llvm::dyn_cast_or_null<FloatAttr>(bound))
        return real.getValue().isPosZero();
      auto integer = llvm::dyn_cast_or_null<IntegerAttr>(bound);
      return integer && integer.getValue().isZero();
    };
    if (op.getHigh() || !zero(op.getLowAttr()))
      return rewriter.notifyMatchFailure(op, "has bounds other than a low 0");
    rewriter.replaceOpWithNewOp<ReluOp>(op, op.getType(), op.getInput());
    return success();
  }
};
} // namespace

void lathe::addArithmeticPatterns(RewritePatternSet &patterns) {
  MLIRContext *context = patterns.getContext();
  patterns.add<DropNeutral<AddOp>>(context, 0.0, -0.0);
  patterns.add<DropNeutral<SubOp>>(context, 0.0, 0.0);
  patterns.add<DropNeutral<MulOp>>(context, 1.0, 1.0);
  patterns.add<DropNeutral<DivOp>>(context, 1.0, 1.0);
  patterns.add<DropNeutral<PowOp>>(context, 1.0, 1.0);
  patterns.add<SquareByProduct, MergeCasts, SimplifyWhere, SimplifyClamp>(context);
  patterns.add<MergeRepeated<NegOp, true>, MergeRepeated<NotOp, true>,
               MergeRepeated<ReluOp, false>, MergeRepeated<AbsOp, false>,
               MergeRepeated<FloorOp, false>, MergeRepeated<CeilOp, false>,
               MergeRepeated<TruncOp, false>, MergeRepeated<RoundOp, false>>(context);
}
