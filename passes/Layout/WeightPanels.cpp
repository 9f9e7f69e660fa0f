// SPDX-License-Identifier: Apache-2.0
#include "passes/Layout/WeightPanels.h"

#include "dialects/Graph/ConvGroups.h"

#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace lathe;
using namespace lathe::graph;

static LayoutAttr choosePanels(RankedTensorType type, ArrayRef<int64_t> permutation,
                               ArrayRef<int64_t> panels) {
  for (int64_t panel : panels)
    if (type.getDimSize(0) % panel == 0)
      return LayoutAttr::get(type.getContext(), permutation, {0, panel}, {}, {}, TypedAttr());
  return {};
}

/// The width of the panels of `features` that fall into groups of `group`, or 0.
/// A group is one panel, or some if it is wide: whole vectors that read the same
/// channels. Narrow ones lie side by side in the narrowest panel that they fill.
static int64_t chooseGroupPanel(int64_t features, int64_t group, ArrayRef<int64_t> panels) {
  // A row of a wider panel is more than the cache lines that a tile reads.
  constexpr int64_t kWidthMax = 63;
  // Groups in a vector: places of their channels are exchanged in registers.
  constexpr int64_t kNarrowest = 2;
  int64_t narrowest = panels.empty() ? 0 : *llvm::min_element(panels);
  for (int64_t panel : panels)
    if (group % panel == 0)
      return group <= kWidthMax && group % narrowest == 0 ? group : panel;
  bool isNarrow = group >= kNarrowest && llvm::isPowerOf2_64(group) && narrowest > group;
  return isNarrow && narrowest % group == 0 && features % narrowest == 0 ? narrowest : 0;
}

/// Whether a quantized contraction over a weight of `type` sums products of bytes
/// four at a time: in 32 bits, over channels that four divides.
static bool sumsFours(RankedTensorType type, Value input) {
  constexpr int64_t kTermsMax = 1 << 14;
  auto bitsOf = [](Type element) {
    auto quantized = llvm::dyn_cast<quant::QuantizedType>(element);
    return quantized ? quantized.getStorageTypeIntegralWidth() : 0;
  };
  auto isCentred = [](Type element) {
    if (auto axis = llvm::dyn_cast<quant::UniformQuantizedPerAxisType>(element))
      return llvm::all_of(axis.getZeroPoints(), [](int64_t zero) { return zero == 0; });
    auto uniform = llvm::dyn_cast<quant::UniformQuantizedType>(element);
    return uniform && uniform.getZeroPoint() == 0;
  };
  Type weight = type.getElementType(), codes = llvm::cast<RankedTensorType>(input.getType()).getElementType();
  return bitsOf(weight) == 8 && bitsOf(codes) == 8 && llvm::cast<quant::QuantizedType>(weight).isSigned() &&
         isCentred(weight) && type.getDimSize(1) % 4 == 0 && type.getNumElements() > 0 &&
         type.getNumElements() / type.getDimSize(0) <= kTermsMax;
}

/// `panels`, with four channels of each feature side by side where they are
/// summed so; nothing for other quantized weights.
static LayoutAttr withFours(LayoutAttr panels, RankedTensorType type, Value input) {
  if (!panels || !llvm::isa<quant::QuantizedType>(type.getElementType()))
    return panels;
  if (!sumsFours(type, input))
    return {};
  SmallVector<int64_t> tiles(panels.getTiles());
  tiles.append({1, 4});
  return LayoutAttr::get(type.getContext(), panels.getPermutation(), tiles, {}, {}, TypedAttr());
}

LayoutAttr lathe::chooseWeightLayout(LinearOp op, ArrayRef<int64_t> panels) {
  auto type = llvm::cast<RankedTensorType>(op.getWeight().getType());
  return withFours(choosePanels(type, {0, 1}, panels), type, op.getInput());
}

LayoutAttr lathe::chooseWeightLayout(ConvOp op, ArrayRef<int64_t> panels) {
  auto type = llvm::cast<RankedTensorType>(op.getWeight().getType());
  if (op.getTransposed())
    return {};
  SmallVector<int64_t> window = llvm::to_vector(llvm::seq<int64_t>(2, type.getRank()));
  SmallVector<int64_t> permutation{0};
  permutation.append(window);
  permutation.push_back(1);
  bool filtersChannels = isDepthwise(op), isQuantized = llvm::isa<quant::QuantizedType>(type.getElementType());
  if (op.getGroups() != 1 && isQuantized)
    return {};
  if (op.getGroups() != 1 && !filtersChannels) {
    int64_t panel = chooseGroupPanel(type.getDimSize(0), type.getDimSize(0) / int64_t(op.getGroups()), panels);
    return panel == 0 ? LayoutAttr()
                      : LayoutAttr::get(type.getContext(), permutation, {0, panel}, {}, {}, TypedAttr());
  }
  if (LayoutAttr inPanels = choosePanels(type, permutation, panels); inPanels || !filtersChannels || isQuantized)
    return withFours(inPanels, type, op.getInput());
  // Channels that no panel divides lie last, in one row.
  std::rotate(permutation.begin(), permutation.begin() + 1, permutation.end());
  return LayoutAttr::get(type.getContext(), permutation, {}, {}, {}, TypedAttr());
}

int64_t lathe::choosePhasePanel(ConvOp op, ArrayRef<int64_t> panels) {
  RankedTensorType input = typeOf(op.getInput()), result = typeOf(op.getResult());
  auto isDilated = [](int64_t dilation) { return dilation != 1; };
  auto isNegative = [](int64_t margin) { return margin < 0; };
  if (!op.getTransposed() || op.getGroups() != 1 || llvm::any_of(op.getDilations(), isDilated) ||
      llvm::any_of(op.getPaddingLow(), isNegative))
    return 0;
  for (unsigned index = 0; index < op.getStrides().size(); ++index)
    if (input.isDynamicDim(index + 2) || result.isDynamicDim(index + 2) || result.getDimSize(index + 2) == 0)
      return 0;
  for (int64_t panel : panels)
    if (typeOf(op.getWeight()).getDimSize(1) % panel == 0)
      return panel;
  return 0;
}

SmallVector<ConvOp>
lathe::findConvolutions(ModuleOp module, const VariantDescription &description,
                        llvm::function_ref<bool(ConvOp, const TargetDescription &)> takes) {
  SmallVector<ConvOp> found;
  for (auto method : module.getOps<func::FuncOp>())
    method.walk([&](ConvOp op) {
      const TargetDescription *target = description.find(op);
      if (target && takes(op, *target))
        found.push_back(op);
    });
  return found;
}
