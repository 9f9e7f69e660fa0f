// SPDX-License-Identifier: Apache-2.0
#include "dialects/Graph/FreeViews.h"

using namespace mlir;
using namespace lathe;
using namespace lathe::graph;

int64_t graph::elementBytes(Type elementType) {
  if (auto quantized = llvm::dyn_cast<quant::QuantizedType>(elementType))
    elementType = quantized.getStorageType();
  return llvm::divideCeil(elementType.getIntOrFloatBitWidth(), 8);
}

// Consecutive elements: below the first sliced dimension all sizes are 1, above
// it all dimensions are whole.
static std::optional<int64_t> sliceOffsetBytes(SliceOp op) {
  auto type = llvm::cast<RankedTensorType>(op.getInput().getType());
  SmallVector<ExprAttr> extents = getDims(type);
  ArrayRef<ExprAttr> starts = op.getStarts().getDims(), sizes = op.getSizes().getDims();
  int64_t stride = elementBytes(type.getElementType()), offset = 0;
  bool strideKnown = true, whole = true;
  for (int64_t i = static_cast<int64_t>(sizes.size()) - 1; i >= 0; --i) {
    bool full = starts[i].isConstant(0) && sizes[i] == extents[i];
    if (!whole && !sizes[i].isConstant(1))
      return std::nullopt;
    if (!full) {
      whole = false;
      if (op.getSteps()[i] != 1 && !sizes[i].isConstant(1))
        return std::nullopt;
      int64_t distance;
      std::optional<int64_t> start = starts[i].getConstant();
      if (!start || (*start != 0 && !strideKnown) || llvm::MulOverflow(*start, stride, distance) ||
          llvm::AddOverflow(offset, distance, offset))
        return std::nullopt;
    }
    std::optional<int64_t> extent = extents[i].getConstant();
    strideKnown &= extent && !llvm::MulOverflow(stride, *extent, stride);
  }
  if (offset % kViewAlignmentBytes != 0)
    return std::nullopt;
  return offset;
}

// The dimensions in the order of memory, those of size 1 left out; nothing for
// tiles or padding.
static std::optional<SmallVector<int64_t>> memoryOrder(RankedTensorType type) {
  auto order = llvm::to_vector(llvm::seq<int64_t>(0, type.getRank()));
  if (LayoutAttr layout = getLayout(type)) {
    if (!layout.getTiles().empty() || !layout.getPaddingLow().empty() ||
        !layout.getPaddingHigh().empty())
      return std::nullopt;
    order.assign(layout.getPermutation().begin(), layout.getPermutation().end());
  }
  SmallVector<ExprAttr> dims = getDims(type);
  llvm::erase_if(order, [&](int64_t dim) { return dims[dim].isConstant(1); });
  return order;
}

bool graph::permutesInPlace(RankedTensorType input, ArrayRef<int64_t> permutation,
                            RankedTensorType result) {
  std::optional<SmallVector<int64_t>> from = memoryOrder(input), to = memoryOrder(result);
  if (!from || !to)
    return false;
  for (int64_t &dim : *to)
    dim = permutation[dim];
  return from == to;
}

static bool keepsInPlace(RelayoutOp op) {
  auto from = llvm::cast<RankedTensorType>(op.getInput().getType());
  return permutesInPlace(from, llvm::to_vector(llvm::seq<int64_t>(0, from.getRank())),
                         llvm::cast<RankedTensorType>(op.getType()));
}

std::optional<int64_t> graph::freeViewOffsetBytes(Operation *op) {
  if (auto copy = llvm::dyn_cast<RelayoutOp>(op))
    return keepsInPlace(copy) ? std::optional<int64_t>(0) : std::nullopt;
  if (auto permute = llvm::dyn_cast<PermuteOp>(op)) {
    bool isInPlace =
        permutesInPlace(llvm::cast<RankedTensorType>(permute.getInput().getType()),
                        permute.getPermutation(), llvm::cast<RankedTensorType>(permute.getType()));
    return isInPlace ? std::optional<int64_t>(0) : std::nullopt;
  }
  auto hasLayout = [](Type type) {
    return static_cast<bool>(getLayout(llvm::cast<RankedTensorType>(type)));
  };
  if (!llvm::isa<ReshapeOp, SliceOp>(op) || hasLayout(op->getOperand(0).getType()) ||
      hasLayout(op->getResult(0).getType()))
    return std::nullopt;
  if (auto slice = llvm::dyn_cast<SliceOp>(op))
    return sliceOffsetBytes(slice);
  return 0;
}

Value graph::viewSource(Value value) {
  while (Operation *op = value.getDefiningOp()) {
    if (!isFreeView(op))
      break;
    value = op->getOperand(0);
  }
  return value;
}
