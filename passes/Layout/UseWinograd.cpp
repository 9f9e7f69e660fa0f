// SPDX-License-Identifier: Apache-2.0
#include "dialects/Graph/GraphOps.h"
#include "dialects/Graph/Winograd.h"
#include "passes/Import/ComputedWeights.h"
#include "passes/Layout/WeightPanels.h"
#include "passes/Layout/WinogradChoice.h"
#include "passes/Partition/TargetDescription.h"
#include "passes/Passes.h"

#include "llvm/Support/MathExtras.h"

namespace lathe {
#define GEN_PASS_DEF_USEWINOGRAD
#include "passes/Passes.h.inc"

using namespace mlir;
using namespace lathe::graph;

namespace {
/// The weights that methods read.
struct WeightUses {
  explicit WeightUses(ModuleOp module) {
    for (auto method : module.getOps<func::FuncOp>())
      method.walk([&](UseWeightOp use) {
        if (use->use_empty())
          return;
        unsigned before = count[use.getWeight()];
        count[use.getWeight()] += std::distance(use->use_begin(), use->use_end());
        Type element = typeOf(use).getElementType();
        uint64_t bits = element.isIntOrFloat() ? element.getIntOrFloatBitWidth() : 8;
        if (before == 0)
          bytes += typeOf(use).getNumElements() * bits / 8;
      });
  }
  llvm::StringMap<unsigned> count; ///< operands that are the weight, by its name
  uint64_t bytes = 0;              ///< of all weights
};
} // namespace

/// filter * g * filter^T of each window g of [f, c, 3, 3], as [t, t, f, c] of
/// `element`s: those of the result. Rounding what is transformed would cost more
/// digits than rounding the weight did.
static Value transformWeight(OpBuilder &builder, Value weight, Type element,
                             const WinogradMatrices &matrices) {
  Location location = weight.getLoc();
  if (typeOf(weight).getElementType() != element)
    weight = CastOp::create(builder, location, weight, element);
  auto matrixType = RankedTensorType::get({matrices.points(), 3}, element);
  SmallVector<Attribute> entries;
  for (double entry : matrices.filter)
    entries.push_back(builder.getFloatAttr(element, entry));
  Value filter = ConstantOp::create(builder, location, DenseElementsAttr::get(matrixType, entries));
  auto permute = [&](Value value, ArrayRef<int64_t> order) -> Value {
    return PermuteOp::create(builder, location, value, builder.getDenseI64ArrayAttr(order));
  };
  // [f, c, 3, t] to [f, c, t, 3] to [f, c, t (columns), t (rows)].
  auto multiply = [&](Value value) -> Value {
    return LinearOp::create(builder, location, value, filter, Value(), TypeAttr(),
                            RoundingKindAttr());
  };
  Value both = multiply(permute(multiply(weight), {0, 1, 3, 2}));
  return permute(both, {3, 2, 0, 1});
}

/// Small models may grow by so much: beside a process it does not count.
static constexpr uint64_t kGrowthBytesMin = uint64_t(1) << 20;

namespace {
struct UseWinograd : impl::UseWinogradBase<UseWinograd> {
  using UseWinogradBase::UseWinogradBase;

  void runOnOperation() override {
    FailureOr<VariantDescription> description = readTargets(getOperation());
    if (failed(description))
      return signalPassFailure();
    ComputedWeights weights(getOperation());
    // AssignLayouts gave it channels last, and its weight is still as it was.
    auto takes = [](ConvOp op, const TargetDescription &target) {
      return target.winograd && getLayout(typeOf(op.getResult())) && !getLayout(typeOf(op.getWeight())) &&
             op.getWeight().getDefiningOp<UseWeightOp>() && typeOf(op.getResult()).getElementType().isF32() &&
             chooseWeightLayout(op, target.weightPanels);
    };
    WeightUses uses(getOperation());
    SmallVector<WinogradCandidate> candidates;
    for (ConvOp op : findConvolutions(getOperation(), *description, takes))
      candidates.push_back({op, winogradTiles(op, channelsMin), uses.count[weightName(op.getWeight())] > 1});
    uint64_t growth = std::max(kGrowthBytesMin, llvm::SaturatingMultiply<uint64_t>(uses.bytes, growthPercent) / 100);
    SmallVector<int64_t> chosen = chooseWinograd(candidates, growth);
    for (auto [candidate, outputs] : llvm::zip_equal(candidates, chosen))
      if (outputs > 0)
        rewrite(candidate.op, outputs, description->find(candidate.op)->weightPanels, weights);
  }

private:
  static void rewrite(ConvOp op, int64_t outputs, ArrayRef<int64_t> panels,
                      ComputedWeights &weights) {
    Value weight = op.getWeight();
    const WinogradMatrices &matrices = *findWinogradMatrices(outputs);
    // As wide as the panels that the convolution itself would have.
    int64_t panel = chooseWeightLayout(op, panels).getTiles()[1];
    auto layout = LayoutAttr::get(op.getContext(), {0, 1, 2, 3}, {2, panel}, {}, {}, TypedAttr());
    RankedTensorType packed;
    WeightOp made = weights.create(
        (weightName(weight) + ".winograd" + llvm::Twine(outputs)).str(), weight.getLoc(), weight,
        [&](OpBuilder &builder, ArrayRef<Value> copies) -> Value {
          Value transformed = transformWeight(builder, copies[0], typeOf(op.getResult()).getElementType(), matrices);
          packed = getTensorType(getDims(typeOf(transformed)),
                                 typeOf(transformed).getElementType(), layout);
          return RelayoutOp::create(builder, weight.getLoc(), packed, transformed);
        });
    OpBuilder builder(op);
    Value use = UseWeightOp::create(builder, weight.getLoc(), packed, made.getSymName());
    auto replacement = WinogradConvOp::create(builder, op.getLoc(), op.getResult().getType(),
                                              op.getInput(), use, op.getBias(), outputs,
                                              op.getPaddingLow(), op.getPaddingHigh());
    replacement->setDiscardableAttrs(op->getDiscardableAttrDictionary());
    op.getResult().replaceAllUsesWith(replacement.getResult());
    op.erase();
    if (weight.use_empty())
      weight.getDefiningOp()->erase();
  }
};
} // namespace
} // namespace lathe
