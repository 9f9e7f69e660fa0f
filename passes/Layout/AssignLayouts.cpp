// SPDX-License-Identifier: Apache-2.0
#include "dialects/Graph/FreeViews.h"
#include "passes/Layout/WeightPanels.h"
#include "passes/Partition/TargetDescription.h"
#include "passes/Passes.h"

#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace lathe {
#define GEN_PASS_DEF_ASSIGNLAYOUTS
#include "passes/Passes.h.inc"

using namespace mlir;
using namespace lathe::graph;

/// Batch, space, channels.
static LayoutAttr channelsLast(MLIRContext *context, int64_t rank) {
  SmallVector<int64_t> permutation{0};
  for (int64_t dim = 2; dim < rank; ++dim)
    permutation.push_back(dim);
  permutation.push_back(1);
  return LayoutAttr::get(context, permutation, {}, {}, {}, TypedAttr());
}

static RankedTensorType withChannelsLast(RankedTensorType type) {
  return getTensorType(getDims(type), type.getElementType(),
                       channelsLast(type.getContext(), type.getRank()));
}

/// `value` in the layout of `type`, on the device of `reader`.
static Value relayout(OpBuilder &builder, Value value, RankedTensorType type, Operation *reader) {
  if (value.getType() == type)
    return value;
  auto copy = RelayoutOp::create(builder, value.getLoc(), type, value);
  if (Attribute device = reader->getAttr(kDeviceAttr))
    copy->setAttr(kDeviceAttr, device);
  return copy;
}

/// The value with channels last that `value` is a plain copy of, or null.
static Value carriedLayout(Value value) {
  auto copy = value.getDefiningOp<RelayoutOp>();
  return copy && getLayout(typeOf(copy.getInput())) && !getLayout(typeOf(value)) ? copy.getInput()
                                                                                 : Value();
}

/// Gives `op` a result with channels last, and a plain copy of it to those who
/// read it.
static void rewriteChannelsLast(RewriterBase &rewriter, Operation *op) {
  Value result = op->getResult(0);
  RankedTensorType plain = typeOf(result);
  rewriter.setInsertionPointAfter(op);
  result.setType(withChannelsLast(plain));
  Value copy = relayout(rewriter, result, plain, op);
  rewriter.replaceAllUsesExcept(result, copy, copy.getDefiningOp());
}

/// Why `op` joins parts in the order of the model; nothing if those that have
/// channels last hold more elements than the others, which are then copied.
static std::optional<StringRef> concatRefusal(ConcatOp op, llvm::function_ref<bool(Value)> isLast) {
  if (!typeOf(op.getResult()).hasStaticShape())
    return "how much is to be copied is not known";
  int64_t lead = 0;
  for (Value part : op.getInputs())
    lead += (isLast(part) ? 1 : -1) * typeOf(part).getNumElements();
  return lead > 0 ? std::optional<StringRef>() : "most of it has no channels last";
}

/// Why `op`, which reads and writes any layout, does not carry channels last on;
/// nothing if it does. `isLast` says which values have them.
static std::optional<StringRef> carryRefusal(Operation *op, llvm::function_ref<bool(Value)> isLast) {
  auto slice = llvm::dyn_cast<SliceOp>(op);
  bool resizes = llvm::isa<MaxPoolOp, AvgPoolOp, ConcatOp>(op) ||
                 (slice && llvm::none_of(slice.getSteps(), [](int64_t step) { return step < 1; }));
  auto fusable = llvm::dyn_cast<FusionOpInterface>(op);
  if (!resizes && (!fusable || fusable.getFusionKind() != FusionKind::Elementwise))
    return "neither elementwise nor a pool, a slice or a concat";
  if (op->getNumResults() != 1 || op->getNumOperands() == 0 || getLayout(typeOf(op->getResult(0))))
    return "has its layout";
  if (auto concat = llvm::dyn_cast<ConcatOp>(op))
    return concatRefusal(concat, isLast);
  RankedTensorType type = typeOf(op->getResult(0));
  bool carries = false;
  for (Value operand : op->getOperands()) {
    bool isWhole = typeOf(operand).getRank() == type.getRank() &&
                   (resizes || getDims(typeOf(operand)) == getDims(type));
    if (!isWhole)
      continue;
    if (!isLast(operand) && !operand.getDefiningOp<FullOp>())
      return "another operand has no channels last";
    carries |= isLast(operand);
  }
  return carries ? std::optional<StringRef>() : "no operand has channels last";
}

namespace {
/// Operators that read and write any layout, and the operands for which it
/// matters.
struct CarryThrough : RewritePattern {
  explicit CarryThrough(MLIRContext *context) : RewritePattern(MatchAnyOpTypeTag(), 1, context) {}

  LogicalResult matchAndRewrite(Operation *op, PatternRewriter &rewriter) const override {
    auto isLast = [](Value value) { return static_cast<bool>(carriedLayout(value)); };
    if (std::optional<StringRef> why = carryRefusal(op, isLast))
      return rewriter.notifyMatchFailure(op, *why);
    rewriter.modifyOpInPlace(op, [&] {
      for (OpOperand &operand : op->getOpOperands())
        if (Value source = carriedLayout(operand.get()))
          operand.set(source);
        else if (llvm::isa<ConcatOp>(op))
          operand.set(relayout(rewriter, operand.get(), withChannelsLast(typeOf(operand.get())), op));
      rewriteChannelsLast(rewriter, op);
    });
    return success();
  }
};

/// A reduction reads either layout, and leaves none.
struct ReadByReduction : OpRewritePattern<ReduceOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(ReduceOp op, PatternRewriter &rewriter) const override {
    Value source = carriedLayout(op.getInput());
    if (!source)
      return rewriter.notifyMatchFailure(op, "the input has no channels last");
    rewriter.modifyOpInPlace(op, [&] { op.getInputMutable().assign(source); });
    return success();
  }
};

/// A permutation to the order in which its input lies anyway moves nothing.
struct PermuteOfChannelsLast : OpRewritePattern<PermuteOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(PermuteOp op, PatternRewriter &rewriter) const override {
    Value source = carriedLayout(op.getInput());
    if (!source)
      return rewriter.notifyMatchFailure(op, "the input has no channels last");
    if (!permutesInPlace(typeOf(source), op.getPermutation(), typeOf(op.getResult())))
      return rewriter.notifyMatchFailure(op, "moves elements");
    rewriter.modifyOpInPlace(op, [&] { op.getInputMutable().assign(source); });
    return success();
  }
};

struct AssignLayouts : impl::AssignLayoutsBase<AssignLayouts> {
  void runOnOperation() override {
    FailureOr<VariantDescription> description = readTargets(getOperation());
    if (failed(description))
      return signalPassFailure();
    RewritePatternSet patterns(&getContext());
    patterns.add<CarryThrough, ReadByReduction, PermuteOfChannelsLast>(&getContext());
    FrozenRewritePatternSet frozen(std::move(patterns));
    SmallVector<func::FuncOp> methods(getOperation().getOps<func::FuncOp>());
    for (func::FuncOp method : methods)
      if (failed(assign(method, *description, frozen)))
        return signalPassFailure();
  }

private:
  static LogicalResult assign(func::FuncOp method, const VariantDescription &description,
                              const FrozenRewritePatternSet &patterns) {
    SmallVector<ConvOp> convolutions;
    SmallVector<PermuteOp> permutations;
    // What will have channels last, if all that is found here is taken.
    llvm::DenseSet<Value> last;
    auto isLast = [&](Value value) { return last.contains(value); };
    method.walk([&](Operation *op) {
      const TargetDescription *target = description.find(op);
      if (!target || !target->channelsLast)
        return;
      auto conv = llvm::dyn_cast<ConvOp>(op);
      auto permute = llvm::dyn_cast<PermuteOp>(op);
      if (conv && isTaken(conv, *target) && (isLast(conv.getInput()) || paysForCopies(conv)))
        convolutions.push_back(conv);
      else if (permute && bringsChannelsLast(permute))
        permutations.push_back(permute);
      else if (carryRefusal(op, isLast))
        return;
      last.insert(op->getResult(0));
    });
    IRRewriter rewriter(method.getContext());
    // What lies with channels last already should stay so up to a convolution,
    // whatever its number of channels: carried before it is asked for.
    if (!convolutions.empty())
      for (PermuteOp op : permutations)
        rewriteChannelsLast(rewriter, op);
    if (failed(applyPatternsGreedily(method, patterns)))
      return failure();
    for (ConvOp op : convolutions)
      convert(rewriter, op);
    if (failed(applyPatternsGreedily(method, patterns)))
      return failure();
    cancelCopies(rewriter, method);
    restorePermutations(rewriter, method);
    return success();
  }

  /// Whether a convolution gains by channels last what a copy on either side
  /// costs. In a plane it does; on a line there is less to multiply for each
  /// element that is copied, and neighbouring elements already lie side by side,
  /// unless the window jumps or the line is too short for vectors of it.
  static bool paysForCopies(ConvOp op) {
    constexpr int64_t kLineMin = 16, kMultiplicationsMin = 512;
    RankedTensorType type = typeOf(op.getResult()), weight = typeOf(op.getWeight());
    if (type.getRank() != 3)
      return true;
    bool isShort = !type.isDynamicDim(2) && type.getDimSize(2) < kLineMin;
    return op.getGroups() == 1 &&
           (op.getStrides()[0] != 1 || isShort ||
            weight.getDimSize(1) * weight.getDimSize(2) >= kMultiplicationsMin);
  }

  /// Batch, channels and a line or a plane.
  static bool hasSpace(RankedTensorType type) { return type.getRank() == 3 || type.getRank() == 4; }

  /// Channels that lie last in memory become dimension 1.
  static bool bringsChannelsLast(PermuteOp op) {
    RankedTensorType from = typeOf(op.getInput()), to = typeOf(op.getResult());
    return hasSpace(to) && !getLayout(from) && !getLayout(to) &&
           permutesInPlace(from, op.getPermutation(), withChannelsLast(to));
  }

  /// A weight that PackWeights will not lay out would be read against its order.
  static bool isTaken(ConvOp op, const TargetDescription &target) {
    Type element = typeOf(op.getResult()).getElementType();
    bool isQuantized = llvm::isa<quant::QuantizedType>(element);
    return (isQuantized || llvm::isa<FloatType>(element)) && hasSpace(typeOf(op.getResult())) && !getLayout(typeOf(op.getResult())) &&
           op.getWeight().getDefiningOp<UseWeightOp>() &&
           (chooseWeightLayout(op, target.weightPanels) ||
            (!isQuantized && choosePhasePanel(op, target.weightPanels)));
  }

  static void convert(IRRewriter &rewriter, ConvOp op) {
    rewriter.setInsertionPoint(op);
    // Few channels, as those of a picture, are read one at a time anyway; those
    // of groups side by side.
    constexpr int64_t kChannelsMin = 4;
    if (typeOf(op.getInput()).getDimSize(1) >= kChannelsMin || op.getGroups() != 1 ||
        carriedLayout(op.getInput()))
      op.getInputMutable().assign(
          relayout(rewriter, op.getInput(), withChannelsLast(typeOf(op.getInput())), op));
    rewriteChannelsLast(rewriter, op);
  }

  /// Copies to a layout of what was copied from it before.
  static void cancelCopies(IRRewriter &rewriter, func::FuncOp method) {
    SmallVector<RelayoutOp> copies;
    method.walk([&](RelayoutOp op) { copies.push_back(op); });
    for (RelayoutOp copy : copies) {
      auto before = copy.getInput().getDefiningOp<RelayoutOp>();
      if (before && before.getInput().getType() == copy.getType())
        rewriter.replaceAllUsesWith(copy.getResult(), before.getInput());
    }
    for (RelayoutOp copy : llvm::reverse(copies))
      if (copy.use_empty())
        rewriter.eraseOp(copy);
  }

  /// Where nobody took the channels last, the permutation is the copy that it
  /// was: contractions and others read through it.
  static void restorePermutations(IRRewriter &rewriter, func::FuncOp method) {
    SmallVector<RelayoutOp> copies;
    method.walk([&](RelayoutOp op) { copies.push_back(op); });
    for (RelayoutOp copy : copies) {
      auto view = copy.getInput().getDefiningOp<PermuteOp>();
      if (!view || getLayout(typeOf(copy.getResult())) || !isFreeView(view))
        continue;
      rewriter.setInsertionPoint(copy);
      auto permute = PermuteOp::create(rewriter, view.getLoc(), copy.getType(), view.getInput(),
                                       view.getPermutationAttr());
      permute->setDiscardableAttrs(view->getDiscardableAttrDictionary());
      rewriter.replaceOp(copy, permute);
      if (view.use_empty())
        rewriter.eraseOp(view);
    }
  }
};
} // namespace
} // namespace lathe
