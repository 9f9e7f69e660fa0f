// SPDX-License-Identifier: Apache-2.0
#include "passes/Import/SimplifyPatterns.h"

#include "dialects/Graph/FreeViews.h"

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

/// The dimensions of these sizes that are not 1.
SmallVector<int64_t> withoutUnits(ArrayRef<ExprAttr> dims) {
  SmallVector<int64_t> kept;
  for (auto [index, size] : llvm::enumerate(dims))
    if (!size.isConstant(1))
      kept.push_back(index);
  return kept;
}

/// Whether slices read each element of `whole` at most once on average, so that
/// what makes `whole` may as well be done for each of them.
bool isTakenApart(Value whole) {
  auto countOf = [](Value value) {
    ExprAttr count = makeProduct(value.getContext(), dimsOf(value));
    return count ? count.getConstant() : std::nullopt;
  };
  std::optional<int64_t> all = countOf(whole);
  int64_t taken = 0;
  for (Operation *user : whole.getUsers()) {
    std::optional<int64_t> part = countOf(user->getResult(0));
    if (!part || llvm::AddOverflow(taken, *part, taken))
      return false;
  }
  return all && taken <= *all;
}

/// slice(permute(x)) -> permute(slice(x)) if the slice takes one of several parts:
/// queries, keys and values of a joint projection, which PyTorch permutes to the
/// front before it takes them apart; or halves of features that a rotary embedding
/// turns. Nobody needs all parts permuted then. A reshape between both may add and
/// remove sizes of 1.
struct SliceOfGatheredParts : OpRewritePattern<SliceOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(SliceOp op, PatternRewriter &rewriter) const override {
    Value permuted = op.getInput();
    if (auto reshape = permuted.getDefiningOp<ReshapeOp>())
      permuted = reshape.getInput();
    auto permute = permuted.getDefiningOp<PermuteOp>();
    // A permuted weight is another weight, of which slices are free.
    if (!permute || permute.getInput().getDefiningOp<UseWeightOp>() ||
        !llvm::all_of(op.getInput().getUsers(), llvm::IsaPred<SliceOp>) ||
        (permuted != op.getInput() && !permuted.hasOneUse()))
      return rewriter.notifyMatchFailure(op, "the input is no permute for slices alone");
    SmallVector<ExprAttr> from = dimsOf(permuted), to = dimsOf(op.getInput());
    SmallVector<int64_t> kept = withoutUnits(from), taken = withoutUnits(to);
    auto sizeOf = [](ArrayRef<ExprAttr> dims) { return [dims](int64_t dim) { return dims[dim]; }; };
    if (llvm::map_to_vector(kept, sizeOf(from)) != llvm::map_to_vector(taken, sizeOf(to)) ||
        llvm::is_contained(op.getSizes().getDims(), makeConstant(op.getContext(), 0)))
      return rewriter.notifyMatchFailure(op, "a reshape between both, or an empty slice");
    MLIRContext *context = op.getContext();
    SmallVector<ExprAttr> starts(from.size(), makeConstant(context, 0)), sizes(from.size(), makeConstant(context, 1));
    SmallVector<int64_t> steps(from.size(), 1);
    bool takesOne = false;
    for (auto [dim, place] : llvm::zip_equal(kept, taken)) {
      int64_t source = permute.getPermutation()[dim];
      starts[source] = op.getStarts().getDims()[place];
      sizes[source] = op.getSizes().getDims()[place];
      steps[source] = op.getSteps()[place];
      takesOne |= sizes[source].isConstant(1);
    }
    if (!takesOne && !isTakenApart(op.getInput()))
      return rewriter.notifyMatchFailure(op, "takes more than one part");
    Value part = SliceOp::create(rewriter, op.getLoc(), permute.getInput(), DimsAttr::get(context, starts),
                                 DimsAttr::get(context, sizes), steps);
    part = PermuteOp::create(rewriter, permute.getLoc(), part, permute.getPermutationAttr());
    rewriter.replaceOpWithNewOp<ReshapeOp>(op, op.getType(), part,
                                           DimsAttr::get(context, dimsOf(op.getResult())));
    return success();
  }
};

/// For each dimension of `from` that is not 1, the sizes of `to` that it is split
/// into; sizes of 1 apart. Nothing if `to` joins dimensions or is not known.
std::optional<SmallVector<SmallVector<ExprAttr>>> splitsOf(ArrayRef<ExprAttr> from, ArrayRef<ExprAttr> to) {
  SmallVector<SmallVector<ExprAttr>> groups;
  SmallVector<int64_t> targets = withoutUnits(to);
  ArrayRef<int64_t> rest = targets;
  for (int64_t dim : withoutUnits(from)) {
    SmallVector<ExprAttr> &group = groups.emplace_back();
    if (!rest.empty() && to[rest.front()] == from[dim]) {
      group.push_back(from[dim]);
      rest = rest.drop_front();
      continue;
    }
    std::optional<int64_t> extent = from[dim].getConstant();
    int64_t product = 1;
    for (; extent && product < *extent && !rest.empty(); rest = rest.drop_front()) {
      std::optional<int64_t> size = to[rest.front()].getConstant();
      if (!size || *size < 1 || llvm::MulOverflow(product, *size, product))
        return std::nullopt;
      group.push_back(to[rest.front()]);
    }
    if (!extent || product != *extent)
      return std::nullopt;
  }
  return rest.empty() ? std::optional(groups) : std::nullopt;
}

/// reshape(slice(x)) -> slice(reshape(x)) where the reshape splits dimensions into
/// parts that the slice takes whole: heads. A slice that copies can then be read in
/// place by the kernel that follows, which takes no splitting reshape in.
struct SplitBeforeSlice : OpRewritePattern<ReshapeOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(ReshapeOp op, PatternRewriter &rewriter) const override {
    auto slice = op.getInput().getDefiningOp<SliceOp>();
    if (!slice || isFreeView(slice) || !slice->hasOneUse())
      return rewriter.notifyMatchFailure(op, "the input is no slice that copies for it alone");
    SmallVector<ExprAttr> whole = dimsOf(slice.getInput()), taken = dimsOf(slice), to = dimsOf(op.getResult());
    auto groups = splitsOf(taken, to);
    if (!groups || llvm::all_of(*groups, [](auto &group) { return group.size() == 1; }))
      return rewriter.notifyMatchFailure(op, "splits nothing, or joins");
    MLIRContext *context = op.getContext();
    SmallVector<ExprAttr> starts, sizes, dims;
    SmallVector<int64_t> steps;
    auto nextGroup = groups->begin();
    for (auto [dim, size] : llvm::enumerate(taken)) {
      SmallVector<ExprAttr> group = size.isConstant(1) ? SmallVector<ExprAttr>{size} : *nextGroup++;
      ExprAttr start = slice.getStarts().getDims()[dim], extent = whole[dim];
      int64_t step = slice.getSteps()[dim];
      if (group.size() > 1) {
        std::optional<int64_t> from = start.getConstant(), all = extent.getConstant();
        int64_t inner = *size.getConstant() / *group.front().getConstant();
        if (step != 1 || !from || !all || *from % inner != 0 || *all % inner != 0)
          return rewriter.notifyMatchFailure(op, "the slice cuts what the reshape splits off");
        start = makeConstant(context, *from / inner);
        extent = makeConstant(context, *all / inner);
      }
      starts.push_back(start);
      dims.push_back(extent);
      dims.append(group.begin() + 1, group.end());
      sizes.append(group);
      starts.resize(sizes.size(), makeConstant(context, 0));
      steps.resize(sizes.size(), step);
    }
    auto split = ReshapeOp::create(rewriter, op.getLoc(), slice.getInput(), DimsAttr::get(context, dims));
    auto part = SliceOp::create(rewriter, slice.getLoc(), split, DimsAttr::get(context, starts),
                                DimsAttr::get(context, sizes), steps);
    rewriter.replaceOpWithNewOp<ReshapeOp>(op, op.getType(), part, op.getDimsAttr());
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
               SliceOfConcat, SliceOfGatheredParts, SplitBeforeSlice, FlattenConcat, SplitLongConcat, DropEmptyPad, DropBroadcastedOperand>(patterns.getContext());
}
