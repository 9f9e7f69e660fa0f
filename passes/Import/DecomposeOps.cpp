// SPDX-License-Identifier: Apache-2.0
#include "passes/Import/ComputedWeights.h"
#include "passes/Passes.h"

#include "mlir/IR/IRMapping.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace lathe {
#define GEN_PASS_DEF_DECOMPOSEOPS
#include "passes/Passes.h.inc"

using namespace mlir;
using namespace lathe::graph;

namespace {
/// No window -> no elements.
struct EmptyPoolToFull : OpRewritePattern<AdaptiveAvgPoolOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(AdaptiveAvgPoolOp op, PatternRewriter &rewriter) const override {
    if (!llvm::is_contained(op.getOutputSize(), 0))
      return rewriter.notifyMatchFailure(op, "has windows");
    auto scalar = RankedTensorType::get({}, typeOf(op.getResult()).getElementType());
    auto zero = ConstantOp::create(rewriter, op.getLoc(), scalar,
                                   llvm::cast<ElementsAttr>(rewriter.getZeroAttr(scalar)));
    rewriter.replaceOpWithNewOp<FullOp>(
        op, op.getType(), zero,
        DimsAttr::get(rewriter.getContext(), getDims(typeOf(op.getResult()))));
    return success();
  }
};

/// One window over everything -> mean.
struct GlobalPoolToMean : OpRewritePattern<AdaptiveAvgPoolOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(AdaptiveAvgPoolOp op, PatternRewriter &rewriter) const override {
    if (llvm::any_of(op.getOutputSize(), [](int64_t size) { return size != 1; }))
      return rewriter.notifyMatchFailure(op, "has more than one window");
    SmallVector<int64_t> dims;
    for (size_t i = 0; i < op.getOutputSize().size(); ++i)
      dims.push_back(i + 2);
    rewriter.replaceOpWithNewOp<ReduceOp>(op, op.getType(), op.getInput(), ReduceKind::Mean, dims,
                                          /*keep_dims=*/true);
    return success();
  }
};

/// Windows of one size -> avg_pool.
struct EqualPoolToAvgPool : OpRewritePattern<AdaptiveAvgPoolOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(AdaptiveAvgPoolOp op, PatternRewriter &rewriter) const override {
    SmallVector<int64_t> kernel;
    for (auto [index, windows] : llvm::enumerate(op.getOutputSize())) {
      int64_t extent = typeOf(op.getInput()).getShape()[index + 2];
      if (ShapedType::isDynamic(extent) || windows < 1 || extent % windows != 0)
        return rewriter.notifyMatchFailure(op, "the windows differ in size");
      kernel.push_back(extent / windows);
    }
    SmallVector<int64_t> zeros(kernel.size(), 0);
    rewriter.replaceOpWithNewOp<AvgPoolOp>(op, op.getType(), op.getInput(), kernel, kernel, zeros,
                                           zeros, /*count_include_pad=*/false, IntegerAttr());
    return success();
  }
};

/// Unequal windows, one dimension after another: a mean for each window, then
/// a concat. The mean of means is the mean, since windows are products.
struct UnequalPoolToMeans : OpRewritePattern<AdaptiveAvgPoolOp> {
  UnequalPoolToMeans(MLIRContext *context) : OpRewritePattern(context, /*benefit=*/0) {}

  LogicalResult matchAndRewrite(AdaptiveAvgPoolOp op, PatternRewriter &rewriter) const override {
    for (size_t i = 0; i < op.getOutputSize().size(); ++i)
      if (typeOf(op.getInput()).isDynamicDim(i + 2) || op.getOutputSize()[i] < 1 ||
          typeOf(op.getInput()).getShape()[i + 2] < 1)
        return rewriter.notifyMatchFailure(op, "a window depends on a size of the run");
    Value value = op.getInput();
    for (size_t i = 0; i < op.getOutputSize().size(); ++i)
      value = poolDimension(rewriter, op.getLoc(), value, i + 2, op.getOutputSize()[i]);
    rewriter.replaceOp(op, value);
    return success();
  }

private:
  static Value poolDimension(PatternRewriter &rewriter, Location location, Value input, int64_t dim,
                             int64_t windows) {
    MLIRContext *context = rewriter.getContext();
    SmallVector<ExprAttr> sizes = getDims(typeOf(input));
    SmallVector<ExprAttr> starts(sizes.size(), makeConstant(context, 0));
    SmallVector<int64_t> steps(sizes.size(), 1);
    int64_t extent = typeOf(input).getShape()[dim];
    SmallVector<Value> parts;
    for (int64_t i = 0; i < windows; ++i) {
      int64_t begin = i * extent / windows, end = llvm::divideCeil((i + 1) * extent, windows);
      starts[dim] = makeConstant(context, begin);
      sizes[dim] = makeConstant(context, end - begin);
      Value window = SliceOp::create(rewriter, location, input, DimsAttr::get(context, starts),
                                     DimsAttr::get(context, sizes),
                                     rewriter.getDenseI64ArrayAttr(steps));
      parts.push_back(ReduceOp::create(rewriter, location, window, ReduceKind::Mean,
                                       ArrayRef<int64_t>{dim}, /*keep_dims=*/true));
    }
    return ConcatOp::create(rewriter, location, parts, rewriter.getI64IntegerAttr(dim));
  }
};

/// batch_norm with statistics that are data. Constant ones are the concern of
/// FoldBatchNorm.
struct BatchNormToArithmetic : OpRewritePattern<BatchNormOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(BatchNormOp op, PatternRewriter &rewriter) const override {
    Type type = typeOf(op.getInput()).getElementType();
    bool isMixed = llvm::any_of(op->getOperands(), [&](Value operand) {
      return typeOf(operand).getElementType() != type;
    });
    if (!isMixed && llvm::all_of(op->getOperands().drop_front(), isWeightOrConstant))
      return rewriter.notifyMatchFailure(op, "constant statistics fold into weights");
    if (isMixed || type.getIntOrFloatBitWidth() < 32) {
      widen(op, rewriter);
      return success();
    }
    Location location = op.getLoc();
    unsigned trailing = typeOf(op.getInput()).getRank() - 2;
    auto perChannel = [&](Value value) -> Value {
      SmallVector<ExprAttr> dims = getDims(typeOf(value));
      dims.append(trailing, makeConstant(op.getContext(), 1));
      return trailing == 0 ? value
                           : Value(ReshapeOp::create(rewriter, location, value,
                                                     DimsAttr::get(op.getContext(), dims)));
    };
    Value epsilon = ConstantOp::create(
        rewriter, location,
        DenseElementsAttr::get(RankedTensorType::get({}, type),
                               rewriter.getFloatAttr(type, op.getEpsilon().convertToDouble())));
    Value variance = AddOp::create(rewriter, location, op.getVariance(), epsilon);
    Value scale = ReciprocalOp::create(rewriter, location, SqrtOp::create(rewriter, location, variance));
    if (op.getWeight())
      scale = MulOp::create(rewriter, location, scale, op.getWeight());
    Value value = SubOp::create(rewriter, location, op.getInput(), perChannel(op.getMean()));
    value = MulOp::create(rewriter, location, value, perChannel(scale));
    if (op.getBias())
      value = AddOp::create(rewriter, location, value, perChannel(op.getBias()));
    rewriter.replaceOp(op, value);
    return success();
  }

private:
  // f16 and bf16 are storage: only the result is rounded to them, not each of
  // the steps. Statistics of another type than the input meet it in the wider
  // one.
  static void widen(BatchNormOp op, PatternRewriter &rewriter) {
    Type narrow = typeOf(op.getInput()).getElementType(), wide = rewriter.getF32Type();
    for (Value operand : op->getOperands())
      if (typeOf(operand).getElementType().isF64())
        wide = rewriter.getF64Type();
    IRMapping operands;
    for (Value operand : op->getOperands())
      operands.map(operand, CastOp::create(rewriter, op.getLoc(), operand, wide).getResult());
    auto inner = llvm::cast<BatchNormOp>(rewriter.clone(*op, operands));
    auto type = llvm::cast<RankedTensorType>(op.getType());
    inner.getResult().setType(type.clone(wide));
    rewriter.replaceOpWithNewOp<CastOp>(op, inner.getResult(), narrow);
  }
};

struct DecomposeOps : impl::DecomposeOpsBase<DecomposeOps> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<EmptyPoolToFull, GlobalPoolToMean, EqualPoolToAvgPool, UnequalPoolToMeans,
                 BatchNormToArithmetic>(&getContext());
    FrozenRewritePatternSet frozen(std::move(patterns));
    // Methods alone: what initializers hold is evaluated, not compiled.
    for (auto method : getOperation().getOps<func::FuncOp>())
      if (failed(applyPatternsGreedily(method, frozen)))
        return signalPassFailure();
  }
};
} // namespace
} // namespace lathe
