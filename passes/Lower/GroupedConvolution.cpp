// SPDX-License-Identifier: Apache-2.0
#include "passes/Lower/GroupedConvolution.h"

#include "dialects/Graph/ConvGroups.h"

using namespace mlir;
using namespace lathe;
using namespace lathe::graph;
using namespace lathe::lower;

GroupBlocks::GroupBlocks(ConvOp op) {
  auto groups = static_cast<int64_t>(op.getGroups());
  blocks = groups;
  groupsInBlock = 1;
  channelsInGroup = *dimsOf(op.getInput())[1].getConstant() / groups;
  featuresInGroup = *dimsOf(op.getResult())[1].getConstant() / groups;
  if (!hasGroupPanels(op))
    return;
  int64_t panel = getLayout(llvm::cast<RankedTensorType>(op.getWeight().getType())).getTiles()[1];
  if (panel > featuresInGroup) {
    groupsInBlock = panel / featuresInGroup;
    blocks = groups / groupsInBlock;
  }
}

SmallVector<int64_t> GroupBlocks::ofChannels() const {
  if (groupsInBlock == 1)
    return {blocks, channelsInGroup};
  return {blocks, groupsInBlock, channelsInGroup};
}

namespace {
/// The layout of a tensor with dimension `dim` as `factors`, and the sizes of the
/// dimensions in memory that each of its own becomes.
class LayoutSplit {
public:
  LayoutSplit(KernelLowering &lowering, AffineMap layout, unsigned dim, ArrayRef<int64_t> factors)
      : lowering(lowering), layout(layout), dim(dim), factors(factors) {
    for (unsigned place = 0; place < layout.getNumResults(); ++place)
      addPlace(layout.getResult(place));
  }

  AffineMap map() const {
    unsigned rank = layout.getNumDims() + factors.size() - 1;
    return AffineMap::get(rank, 0, results, lowering.builder.getContext());
  }
  /// Sizes of the parts of dimension `place` in memory; none: it stays.
  ArrayRef<int64_t> partsOf(unsigned place) const { return parts[place]; }

private:
  AffineExpr factor(unsigned index) { return lowering.dim(dim + index); }

  void addPlace(AffineExpr expr) {
    parts.emplace_back();
    if (!expr.isFunctionOfDim(dim)) {
      results.push_back(expr.shiftDims(layout.getNumDims(), factors.size() - 1, dim + 1));
      return;
    }
    if (llvm::isa<AffineDimExpr>(expr)) {
      for (unsigned index = 0; index < factors.size(); ++index)
        results.push_back(factor(index));
      parts.back().assign(factors.begin(), factors.end());
      return;
    }
    auto tiled = llvm::cast<AffineBinaryOpExpr>(expr);
    int64_t panel = llvm::cast<AffineConstantExpr>(tiled.getRHS()).getValue();
    assert(factors.size() == 2 && factors[1] % panel == 0 && "a panel of several factors");
    bool isOne = factors[1] == panel;
    if (expr.getKind() == AffineExprKind::Mod) {
      results.push_back(isOne ? factor(1) : factor(1) % panel);
      return;
    }
    results.push_back(factor(0));
    if (isOne)
      return;
    results.push_back(factor(1).floorDiv(panel));
    parts.back() = {factors[0], factors[1] / panel};
  }

  KernelLowering &lowering;
  AffineMap layout;
  unsigned dim;
  ArrayRef<int64_t> factors;
  SmallVector<AffineExpr> results;
  SmallVector<SmallVector<int64_t>> parts;
};
} // namespace

SplitDim lower::splitDim(KernelLowering &lowering, Value tensor, ArrayRef<ExprAttr> dims, unsigned dim,
                         ArrayRef<int64_t> factors) {
  auto type = llvm::cast<RankedTensorType>(tensor.getType());
  AffineMap layout = lowering.layoutOf(tensor);
  LayoutSplit split(lowering, layout ? layout : lowering.identity(type.getRank()), dim, factors);
  SplitDim result{tensor, Dims(dims.take_front(dim)), type, layout, {}};
  for (int64_t factor : factors)
    result.dims.push_back(lowering.constantExpr(factor));
  result.dims.append(dims.begin() + dim + 1, dims.end());

  OpBuilder &builder = lowering.builder;
  SmallVector<int64_t> shape;
  SmallVector<OpFoldResult> sizes;
  for (int64_t place = 0; place < type.getRank(); ++place) {
    ReassociationIndices &group = result.places.emplace_back();
    auto push = [&](int64_t extent, OpFoldResult size) {
      group.push_back(shape.size());
      shape.push_back(extent);
      sizes.push_back(size);
    };
    for (int64_t part : split.partsOf(place))
      push(part, builder.getIndexAttr(part));
    if (group.empty())
      push(type.getDimSize(place), tensor::getMixedSize(builder, lowering.loc, tensor, place));
  }
  auto fill = tensor.getDefiningOp<linalg::FillOp>();
  Value source = fill ? fill.getOutputs().front() : tensor;
  source = tensor::ExpandShapeOp::create(builder, lowering.loc,
                                         RankedTensorType::get(shape, type.getElementType()), source,
                                         result.places, sizes);
  if (fill)
    source = linalg::FillOp::create(builder, lowering.loc, fill.value(), source).getResult(0);
  result.tensor = layout ? lowering.withLayout(source, split.map()) : source;
  return result;
}

Value lower::joinDim(KernelLowering &lowering, Value tensor, const SplitDim &split) {
  Value whole = tensor::CollapseShapeOp::create(lowering.builder, lowering.loc,
                                                split.wholeType, tensor, split.places);
  return lowering.withLayout(whole, split.wholeLayout);
}
