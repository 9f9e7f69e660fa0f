// SPDX-License-Identifier: Apache-2.0
#include "passes/Lower/LaidOutNest.h"

#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;
using namespace lathe::lower;

// The loop and the divisor, if `expr` is a plain loop divided by a constant.
static bool isTileOf(AffineExpr expr, unsigned &loop, int64_t &tile) {
  auto binary = llvm::dyn_cast<AffineBinaryOpExpr>(expr);
  if (!binary || (expr.getKind() != AffineExprKind::FloorDiv && expr.getKind() != AffineExprKind::Mod))
    return false;
  auto dim = llvm::dyn_cast<AffineDimExpr>(binary.getLHS());
  auto size = llvm::dyn_cast<AffineConstantExpr>(binary.getRHS());
  if (!dim || !size)
    return false;
  loop = dim.getPosition();
  tile = size.getValue();
  return true;
}

bool LaidOutNest::findTile(unsigned &loop, int64_t &tile) const {
  // A panel has a place in it too; a quotient alone says what points share.
  for (AffineMap map : indexing)
    for (AffineExpr expr : map.getResults())
      if (expr.getKind() == AffineExprKind::Mod && isTileOf(expr, loop, tile))
        return true;
  return false;
}

AffineMap LaidOutNest::splitMap(AffineMap map, unsigned loop, int64_t tile,
                                SmallVectorImpl<int64_t> &positions) const {
  MLIRContext *context = builder.getContext();
  AffineExpr outer = getAffineDimExpr(loop, context), inner = getAffineDimExpr(loop + 1, context);
  // The new loop stands behind the one that is split.
  auto shift = [&](AffineExpr expr) {
    return expr.shiftDims(map.getNumDims(), 1, loop + 1);
  };
  SmallVector<AffineExpr> results;
  for (auto [position, expr] : llvm::enumerate(map.getResults())) {
    unsigned divided = 0;
    int64_t size = 0;
    if (isTileOf(expr, divided, size) && divided == loop && size == tile) {
      results.push_back(expr.getKind() == AffineExprKind::Mod ? inner : outer);
    } else if (expr == getAffineDimExpr(loop, context)) {
      results.append({outer, inner});
      positions.push_back(position);
    } else {
      // A tiled dimension enters no other expression: only features are tiled.
      assert(!expr.isFunctionOfDim(loop) && "a tiled loop in a window");
      results.push_back(shift(expr));
    }
  }
  return AffineMap::get(map.getNumDims() + 1, 0, results, context);
}

namespace {
/// `tensor` with some dimensions split into [tiles, tile].
struct SplitShape {
  SplitShape(OpBuilder &builder, Location loc, Value tensor, ArrayRef<int64_t> positions,
             int64_t tile) {
    auto type = llvm::cast<RankedTensorType>(tensor.getType());
    for (int64_t position = 0; position < type.getRank(); ++position) {
      groups.emplace_back();
      auto push = [&](int64_t extent, OpFoldResult size) {
        groups.back().push_back(shape.size());
        shape.push_back(extent);
        sizes.push_back(size);
      };
      int64_t extent = type.getDimSize(position);
      if (llvm::is_contained(positions, position)) {
        push(extent / tile, builder.getIndexAttr(extent / tile));
        push(tile, builder.getIndexAttr(tile));
      } else {
        push(extent, tensor::getMixedSize(builder, loc, tensor, position));
      }
    }
    this->type = RankedTensorType::get(shape, type.getElementType());
  }

  SmallVector<ReassociationIndices> groups;
  SmallVector<int64_t> shape;
  SmallVector<OpFoldResult> sizes;
  RankedTensorType type;
};
} // namespace

/// The margins of `pad` around its input split into tiles, or null if it has
/// margins along what is split. Tiles then need a part of the input only.
static Value splitPad(OpBuilder &builder, tensor::PadOp pad, ArrayRef<int64_t> positions,
                      int64_t tile, RankedTensorType type) {
  Value scalar = pad.getConstantPaddingValue();
  if (!scalar || llvm::any_of(positions, [&](int64_t position) {
        return !isZeroInteger(pad.getMixedLowPad()[position]) ||
               !isZeroInteger(pad.getMixedHighPad()[position]);
      }))
    return {};
  Location loc = pad.getLoc();
  SplitShape source(builder, loc, pad.getSource(), positions, tile);
  Value expanded = tensor::ExpandShapeOp::create(builder, loc, source.type, pad.getSource(),
                                                 source.groups, source.sizes);
  SmallVector<OpFoldResult> lows, highs;
  for (auto [position, group] : llvm::enumerate(source.groups)) {
    lows.append(group.size(), pad.getMixedLowPad()[position]);
    highs.append(group.size(), pad.getMixedHighPad()[position]);
  }
  return tensor::PadOp::create(builder, loc, type, expanded, lows, highs, scalar);
}

void LaidOutNest::expandOperand(unsigned operand, ArrayRef<int64_t> positions, int64_t tile) {
  Value tensor = operands[operand];
  SplitShape split(builder, loc, tensor, positions, tile);
  expanded[operand].push_back({llvm::cast<RankedTensorType>(tensor.getType()), split.groups});
  if (auto pad = tensor.getDefiningOp<tensor::PadOp>())
    if (Value padded = splitPad(builder, pad, positions, tile, split.type)) {
      operands[operand] = padded;
      return;
    }
  // What starts a sum is filled in the new shape: tiles then fill their part.
  auto fill = tensor.getDefiningOp<linalg::FillOp>();
  Value source = fill ? fill.getOutputs().front() : tensor;
  if (source.getDefiningOp<tensor::EmptyOp>())
    source = tensor::EmptyOp::create(builder, loc, split.sizes, split.type.getElementType());
  else
    source = tensor::ExpandShapeOp::create(builder, loc, split.type, source, split.groups, split.sizes);
  operands[operand] =
      fill ? linalg::FillOp::create(builder, loc, fill.value(), source).getResult(0) : source;
}

void LaidOutNest::splitLoop(unsigned loop, int64_t tile) {
  for (unsigned operand = 0; operand < operands.size(); ++operand) {
    SmallVector<int64_t> positions;
    indexing[operand] = splitMap(indexing[operand], loop, tile, positions);
    if (!positions.empty())
      expandOperand(operand, positions, tile);
  }
  kinds.insert(kinds.begin() + loop + 1, kinds[loop]);
}

void LaidOutNest::splitTiles() {
  unsigned loop = 0;
  int64_t tile = 0;
  while (findTile(loop, tile))
    splitLoop(loop, tile);
}

void LaidOutNest::orderLoops(linalg::GenericOp &nest) {
  llvm::SmallSetVector<unsigned, 8> order;
  auto append = [&](AffineMap map) {
    for (AffineExpr expr : map.getResults())
      expr.walk([&](AffineExpr part) {
        if (auto dim = llvm::dyn_cast<AffineDimExpr>(part))
          order.insert(dim.getPosition());
      });
  };
  SmallVector<AffineMap> maps = nest.getIndexingMapsArray();
  append(maps[nest.getNumDpsInputs()]);
  append(maps.front());
  for (unsigned loop = 0; loop < nest.getNumLoops(); ++loop)
    order.insert(loop);
  SmallVector<unsigned> interchange(order.begin(), order.end());
  if (llvm::is_sorted(interchange))
    return;
  IRRewriter rewriter(nest.getContext());
  rewriter.setInsertionPoint(nest);
  FailureOr<linalg::GenericOp> ordered =
      linalg::interchangeGenericOp(rewriter, nest, interchange);
  if (succeeded(ordered))
    nest = *ordered;
}

SmallVector<Value> LaidOutNest::join(ValueRange results, unsigned firstOutput) {
  SmallVector<Value> joined;
  for (auto [index, result] : llvm::enumerate(results)) {
    Value value = result;
    for (auto &[type, groups] : llvm::reverse(expanded[firstOutput + index]))
      value = tensor::CollapseShapeOp::create(builder, loc, type, value, groups);
    joined.push_back(value);
  }
  return joined;
}
