// SPDX-License-Identifier: Apache-2.0
#include "passes/Import/SimplifyPatterns.h"

using namespace mlir;
using namespace lathe;
using namespace lathe::graph;

static SmallVector<ExprAttr> dimsOf(Value value) {
  return getDims(llvm::cast<RankedTensorType>(value.getType()));
}

namespace {
/// A permutation that moves sizes of 1 alone is a reshape, which is free.
struct PermuteOfUnitsToReshape : OpRewritePattern<PermuteOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(PermuteOp op, PatternRewriter &rewriter) const override {
    SmallVector<ExprAttr> dims = dimsOf(op.getInput());
    int64_t last = -1;
    for (int64_t dim : op.getPermutation()) {
      if (dims[dim].isConstant(1))
        continue;
      if (dim < last)
        return rewriter.notifyMatchFailure(op, "moves sizes other than 1");
      last = dim;
    }
    rewriter.replaceOpWithNewOp<ReshapeOp>(op, op.getType(), op.getInput(),
                                           DimsAttr::get(op.getContext(), dimsOf(op.getResult())));
    return success();
  }
};

/// A broadcast that only adds dimensions of size 1 is a reshape.
struct BroadcastOfUnitsToReshape : OpRewritePattern<BroadcastOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(BroadcastOp op, PatternRewriter &rewriter) const override {
    MLIRContext *context = op.getContext();
    if (makeProduct(context, dimsOf(op.getInput())) != makeProduct(context, op.getDims().getDims()))
      return rewriter.notifyMatchFailure(op, "repeats elements");
    rewriter.replaceOpWithNewOp<ReshapeOp>(op, op.getType(), op.getInput(), op.getDimsAttr());
    return success();
  }
};

/// One element has no next one: its step is 1.
struct UnitSliceSteps : OpRewritePattern<SliceOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(SliceOp op, PatternRewriter &rewriter) const override {
    SmallVector<int64_t> steps(op.getSteps());
    for (auto [step, size] : llvm::zip_equal(steps, op.getSizes().getDims()))
      if (size.isConstant(1))
        step = 1;
    if (ArrayRef<int64_t>(steps) == op.getSteps())
      return rewriter.notifyMatchFailure(op, "has steps between elements alone");
    rewriter.modifyOpInPlace(op, [&] { op.setSteps(steps); });
    return success();
  }
};

/// slice(slice(x)) -> slice(x).
struct MergeSlices : OpRewritePattern<SliceOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(SliceOp op, PatternRewriter &rewriter) const override {
    auto inner = op.getInput().getDefiningOp<SliceOp>();
    if (!inner)
      return rewriter.notifyMatchFailure(op, "the input is no slice");
    MLIRContext *context = op.getContext();
    SmallVector<ExprAttr> starts;
    SmallVector<int64_t> steps;
    for (size_t i = 0; i < op.getSteps().size(); ++i) {
      int64_t step;
      ExprAttr distance = makeMul(op.getStarts().getDims()[i], makeConstant(context, inner.getSteps()[i]));
      ExprAttr start = distance ? makeAdd(inner.getStarts().getDims()[i], distance) : ExprAttr();
      if (!start || llvm::MulOverflow(op.getSteps()[i], inner.getSteps()[i], step))
        return rewriter.notifyMatchFailure(op, "the start or step leaves 64 bits");
      starts.push_back(start);
      steps.push_back(step);
    }
    rewriter.replaceOpWithNewOp<SliceOp>(op, op.getType(), inner.getInput(),
                                         DimsAttr::get(context, starts), op.getSizesAttr(),
                                         rewriter.getDenseI64ArrayAttr(steps));
    return success();
  }
};

/// A slice that lies in one part of a concat is a slice of that part.
struct SliceOfConcat : OpRewritePattern<SliceOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(SliceOp op, PatternRewriter &rewriter) const override {
    auto concat = op.getInput().getDefiningOp<ConcatOp>();
    if (!concat)
      return rewriter.notifyMatchFailure(op, "the input is no concat");
    int64_t dim = concat.getDim();
    std::optional<int64_t> start = op.getStarts().getDims()[dim].getConstant(),
                           size = op.getSizes().getDims()[dim].getConstant();
    if (!start || !size || *size < 1 || op.getSteps()[dim] < 1)
      return rewriter.notifyMatchFailure(op, "the range is not a known, ascending one");
    int64_t begin = 0, last = *start + (*size - 1) * op.getSteps()[dim];
    for (Value input : concat.getInputs()) {
      std::optional<int64_t> extent = dimsOf(input)[dim].getConstant();
      if (!extent)
        break;
      if (*start >= begin && last < begin + *extent) {
        SmallVector<ExprAttr> starts(op.getStarts().getDims());
        starts[dim] = makeConstant(op.getContext(), *start - begin);
        rewriter.replaceOpWithNewOp<SliceOp>(op, op.getType(), input,
                                             DimsAttr::get(op.getContext(), starts),
                                             op.getSizesAttr(), op.getStepsAttr());
        return success();
      }
      begin += *extent;
    }
    return rewriter.notifyMatchFailure(op, "the range lies in no single part");
  }
};

/// A kernel has at most LATHE_MAX_KERNEL_ARGUMENTS buffers; a concat leaves room
/// for those of operators that join its kernel.
constexpr size_t kConcatPartsMax = 32;

/// A concat of many parts is one of concats.
struct SplitLongConcat : OpRewritePattern<ConcatOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(ConcatOp op, PatternRewriter &rewriter) const override {
    if (op.getInputs().size() <= kConcatPartsMax)
      return rewriter.notifyMatchFailure(op, "has few parts");
    SmallVector<Value> inputs(op.getInputs()), parts;
    for (ArrayRef<Value> rest = inputs; !rest.empty();
         rest = rest.drop_front(std::min(rest.size(), kConcatPartsMax)))
      parts.push_back(ConcatOp::create(rewriter, op.getLoc(), rest.take_front(kConcatPartsMax), op.getDimAttr()));
    rewriter.replaceOpWithNewOp<ConcatOp>(op, op.getType(), parts, op.getDimAttr());
    return success();
  }
};

/// Drops empty parts, and takes over the parts of a concat along the same
/// dimension that has no other user.
struct FlattenConcat : OpRewritePattern<ConcatOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(ConcatOp op, PatternRewriter &rewriter) const override {
    SmallVector<Value> parts;
    for (Value input : op.getInputs()) {
      auto inner = input.getDefiningOp<ConcatOp>();
      if (inner && inner.getDim() == op.getDim() && inner->hasOneUse())
        llvm::append_range(parts, inner.getInputs());
      else if (!dimsOf(input)[op.getDim()].isConstant(0))
        parts.push_back(input);
    }
    if (parts.empty() || ValueRange(parts) == op.getInputs())
      return rewriter.notifyMatchFailure(op, "has no empty and no nested part");
    if (parts.size() > kConcatPartsMax)
      return rewriter.notifyMatchFailure(op, "has many parts with those of the nested ones");
    rewriter.replaceOpWithNewOp<ConcatOp>(op, op.getType(), parts, op.getDimAttr());
    return success();
  }
};

/// A pad without margins.
struct DropEmptyPad : OpRewritePattern<PadOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(PadOp op, PatternRewriter &rewriter) const override {
    auto zero = [](int64_t margin) { return margin == 0; };
    if (!llvm::all_of(op.getLow(), zero) || !llvm::all_of(op.getHigh(), zero))
      return rewriter.notifyMatchFailure(op, "has margins");
    rewriter.replaceOp(op, op.getInput());
    return success();
  }
};

/// f(broadcast(x), y) -> f(x, y) when f repeats x itself, likewise for a filled
/// tensor, of which one element is enough.
struct DropBroadcastedOperand : RewritePattern {
  explicit DropBroadcastedOperand(MLIRContext *context)
      : RewritePattern(MatchAnyOpTypeTag(), /*benefit=*/1, context) {}

  LogicalResult matchAndRewrite(Operation *op, PatternRewriter &rewriter) const override {
    auto fusable = llvm::dyn_cast<FusionOpInterface>(op);
    bool repeats = llvm::isa<MatmulOp>(op) ||
                   (fusable && fusable.getFusionKind() == FusionKind::Elementwise &&
                    op->getNumOperands() > 1 && !llvm::isa<BatchNormOp>(op));
    if (!repeats)
      return rewriter.notifyMatchFailure(op, "does not repeat its operands");
    for (OpOperand &use : op->getOpOperands()) {
      Value smaller = withoutRepetition(use.get(), rewriter);
      if (!smaller)
        continue;
      SmallVector<Value> operands(op->getOperands());
      operands[use.getOperandNumber()] = smaller;
      if (!keepsType(op, operands)) {
        eraseIfNew(smaller, rewriter);
        continue;
      }
      rewriter.modifyOpInPlace(op, [&] { use.set(smaller); });
      return success();
    }
    return rewriter.notifyMatchFailure(op, "no operand is repeated needlessly");
  }

private:
  static Value withoutRepetition(Value value, PatternRewriter &rewriter) {
    if (auto broadcast = value.getDefiningOp<BroadcastOp>())
      return broadcast.getInput();
    if (auto full = value.getDefiningOp<FullOp>())
      return full.getValue();
    auto constant = value.getDefiningOp<ConstantOp>();
    auto elements = constant ? llvm::dyn_cast<DenseElementsAttr>(constant.getValue()) : nullptr;
    if (!elements || !elements.isSplat() || elements.getType().getRank() == 0)
      return {};
    auto type = RankedTensorType::get({}, elements.getElementType());
    OpBuilder::InsertionGuard guard(rewriter);
    rewriter.setInsertionPoint(constant);
    return ConstantOp::create(rewriter, constant.getLoc(), elements.resizeSplat(type));
  }
  static void eraseIfNew(Value value, PatternRewriter &rewriter) {
    if (auto constant = value.getDefiningOp<ConstantOp>(); constant && constant->use_empty())
      rewriter.eraseOp(constant);
  }
  static bool keepsType(Operation *op, ArrayRef<Value> operands) {
    auto inference = llvm::dyn_cast<InferTypeOpInterface>(op);
    SmallVector<Type> types;
    if (!inference || failed(inference.inferReturnTypes(
                          op->getContext(), std::nullopt, operands, op->getDiscardableAttrDictionary(),
                          op->getPropertiesStorage(), op->getRegions(), types)))
      return false;
    return types == SmallVector<Type>(op->getResultTypes());
  }
};
} // namespace

void lathe::addViewPatterns(RewritePatternSet &patterns) {
  patterns.add<PermuteOfUnitsToReshape, BroadcastOfUnitsToReshape, UnitSliceSteps, MergeSlices,
               SliceOfConcat, FlattenConcat, SplitLongConcat, DropEmptyPad, DropBroadcastedOperand>(patterns.getContext());
}
