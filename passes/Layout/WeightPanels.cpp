// SPDX-License-Identifier: Apache-2.0
#include "passes/Layout/WeightPanels.h"

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

LayoutAttr lathe::chooseWeightLayout(LinearOp op, ArrayRef<int64_t> panels) {
  return choosePanels(llvm::cast<RankedTensorType>(op.getWeight().getType()), {0, 1}, panels);
}

LayoutAttr lathe::chooseWeightLayout(ConvOp op, ArrayRef<int64_t> panels) {
  auto type = llvm::cast<RankedTensorType>(op.getWeight().getType());
  if (op.getTransposed())
    return {};
  SmallVector<int64_t> window = llvm::to_vector(llvm::seq<int64_t>(2, type.getRank()));
  // More filters a channel, or more channels a filter, have inner loops of
  // their own.
  auto groups = static_cast<int64_t>(op.getGroups());
  bool isDepthwise = groups == type.getDimSize(0) && type.getDimSize(1) == 1;
  if (groups != 1 && !isDepthwise)
    return {};
  SmallVector<int64_t> permutation{0};
  permutation.append(window);
  permutation.push_back(1);
  if (LayoutAttr inPanels = choosePanels(type, permutation, panels); inPanels || !isDepthwise)
    return inPanels;
  // Channels that no panel divides lie last, in one row.
  std::rotate(permutation.begin(), permutation.begin() + 1, permutation.end());
  return LayoutAttr::get(type.getContext(), permutation, {}, {}, {}, TypedAttr());
}

int64_t lathe::choosePhasePanel(ConvOp op, ArrayRef<int64_t> panels) {
  auto typeOf = [](Value value) { return llvm::cast<RankedTensorType>(value.getType()); };
  RankedTensorType input = typeOf(op.getInput()), result = typeOf(op.getResult());
  auto isDilated = [](int64_t dilation) { return dilation != 1; };
  auto isNegative = [](int64_t margin) { return margin < 0; };
  if (!op.getTransposed() || op.getGroups() != 1 || llvm::any_of(op.getDilations(), isDilated) ||
      llvm::any_of(op.getPaddingLow(), isNegative))
    return 0;
  for (auto [index, stride] : llvm::enumerate(op.getStrides()))
    if (input.isDynamicDim(index + 2) || result.isDynamicDim(index + 2) ||
        result.getDimSize(index + 2) == 0 || result.getDimSize(index + 2) % stride != 0)
      return 0;
  for (int64_t panel : panels)
    if (typeOf(op.getWeight()).getDimSize(1) % panel == 0)
      return panel;
  return 0;
}
