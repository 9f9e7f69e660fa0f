// SPDX-License-Identifier: Apache-2.0
#include "compiler/Reference/Layout.h"

#include "llvm/Support/MathExtras.h"

#include <cstring>

using namespace mlir;
using namespace lathe;
using namespace lathe::graph;

static std::string toText(Type type) {
  std::string text;
  llvm::raw_string_ostream(text) << type;
  return text;
}

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

/// `bytes` bytes of the layout's fill value; zeros without one.
static llvm::Expected<std::vector<char>> filled(LayoutAttr layout, Type elementType, uint64_t bytes) {
  std::vector<char> result(bytes);
  if (!layout.getFill())
    return result;
  auto real = llvm::dyn_cast<FloatAttr>(layout.getFill());
  double value = real ? real.getValueAsDouble()
                      : static_cast<double>(llvm::cast<IntegerAttr>(layout.getFill()).getInt());
  llvm::Expected<Tensor> element = Tensor::fromReals(elementType, {}, {value});
  if (!element)
    return element.takeError();
  ArrayRef<char> pattern = element->getBytes();
  for (uint64_t at = 0; at + pattern.size() <= bytes; at += pattern.size())
    std::memcpy(result.data() + at, pattern.data(), pattern.size());
  return result;
}

llvm::Expected<std::vector<char>> lathe::layOut(const Tensor &tensor, RankedTensorType type) {
  ArrayRef<char> source = tensor.getBytes();
  unsigned rank = type.getRank();
  LayoutAttr layout = getLayout(type);
  if (!layout || rank == 0)
    return std::vector<char>(source.begin(), source.end());
  uint64_t element = tensor.getElementBytes(), bytes = element;
  for (ExprAttr dim : getPhysicalDims(type))
    if (!dim || (bytes = llvm::SaturatingMultiply<uint64_t>(bytes, *dim.getConstant())) > Tensor::kBytesMax)
      return llvm::createStringError("the layout of %s exceeds the size of a tensor", toText(type).c_str());
  llvm::Expected<std::vector<char>> result = filled(layout, tensor.getElementType(), bytes);
  if (!result || source.empty())
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
      std::memcpy(result->data() + start + last, from, element);
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
