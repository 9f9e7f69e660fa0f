// SPDX-License-Identifier: Apache-2.0
#include "compiler/Reference/Layout.h"

#include <cstring>

using namespace mlir;
using namespace lathe;
using namespace lathe::graph;

/// What index i of logical dimension `dim` adds to the byte offset. Layouts
/// split and reorder dimensions, so that dimensions add up.
static std::vector<uint64_t> offsetsOf(RankedTensorType type, unsigned dim, uint64_t elementBytes) {
  SmallVector<ExprAttr> physical = getPhysicalDims(type);
  std::vector<uint64_t> strides(physical.size());
  uint64_t stride = elementBytes;
  for (size_t i = physical.size(); i-- > 0;) {
    strides[i] = stride;
    stride *= *physical[i].getConstant();
  }
  LayoutAttr layout = getLayout(type);
  int64_t low = layout.getPaddingLow().empty() ? 0 : layout.getPaddingLow()[dim];
  unsigned outer = llvm::find(layout.getPermutation(), int64_t(dim)) - layout.getPermutation().begin();
  int64_t tile = 1;
  uint64_t tileStride = 0;
  for (size_t i = 0; i + 1 < layout.getTiles().size(); i += 2)
    if (layout.getTiles()[i] == int64_t(dim)) {
      tile = layout.getTiles()[i + 1];
      tileStride = strides[layout.getPermutation().size() + i / 2];
    }
  std::vector<uint64_t> offsets(type.getDimSize(dim));
  for (auto [index, offset] : llvm::enumerate(offsets)) {
    uint64_t place = index + low;
    offset = place / tile * strides[outer] + place % tile * tileStride;
  }
  return offsets;
}

std::vector<char> lathe::layOut(const Tensor &tensor, RankedTensorType type) {
  ArrayRef<char> source = tensor.getBytes();
  if (!getLayout(type))
    return std::vector<char>(source.begin(), source.end());
  uint64_t element = tensor.getElementBytes(), bytes = element;
  for (ExprAttr dim : getPhysicalDims(type))
    bytes *= *dim.getConstant();
  std::vector<char> result(bytes);
  unsigned rank = type.getRank();
  if (source.empty())
    return result;
  std::vector<std::vector<uint64_t>> offsets;
  for (unsigned dim = 0; dim < rank; ++dim)
    offsets.push_back(offsetsOf(type, dim, element));
  SmallVector<int64_t> index(rank, 0);
  const char *from = source.data();
  for (const char *end = from + source.size(); from != end;) {
    uint64_t start = 0;
    for (unsigned dim = 0; dim + 1 < rank; ++dim)
      start += offsets[dim][index[dim]];
    for (uint64_t last : offsets[rank - 1]) {
      std::memcpy(result.data() + start + last, from, element);
      from += element;
    }
    for (unsigned dim = rank - 1; dim-- > 0;) {
      if (++index[dim] < type.getDimSize(dim))
        break;
      index[dim] = 0;
    }
  }
  return result;
}
