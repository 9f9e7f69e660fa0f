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

/// Where the elements of a tensor go: the dimensions before `middle`, that one,
/// and all behind it as one.
struct Destinations {
  Destinations(RankedTensorType type, unsigned middle, uint64_t elementBytes) {
    auto join = [&](unsigned begin, unsigned end) {
      std::vector<uint64_t> joined{0};
      for (unsigned dim = begin; dim < end; ++dim) {
        std::vector<uint64_t> next, own = offsetsOf(type, dim, elementBytes);
        for (uint64_t start : joined)
          for (uint64_t offset : own)
            next.push_back(start + offset);
        joined = std::move(next);
      }
      return joined;
    };
    outer = join(0, middle);
    rows = join(middle, middle + 1);
    columns = join(middle + 1, type.getRank());
  }
  std::vector<uint64_t> outer, rows, columns;
};

// A panel takes few elements from each of many rows: blocks of a cache line by
// as many rows as a panel may have keep both sides in the first cache.
template <size_t width>
static void scatter(const char *source, const Destinations &places, char *to) {
  constexpr size_t kRows = 32, kColumns = 64 / width;
  size_t rows = places.rows.size(), columns = places.columns.size();
  for (uint64_t start : places.outer) {
    for (size_t row = 0; row < rows; row += kRows)
      for (size_t column = 0; column < columns; column += kColumns)
        for (size_t i = row; i < std::min(rows, row + kRows); ++i) {
          const char *from = source + (i * columns + column) * width;
          char *place = to + start + places.rows[i];
          for (size_t j = column; j < std::min(columns, column + kColumns); ++j, from += width)
            std::memcpy(place + places.columns[j], from, width);
        }
    source += rows * columns * width;
  }
}

// The tiled dimension; one further inside where the table of what lies behind
// it would be long.
static unsigned chooseMiddle(RankedTensorType type) {
  constexpr int64_t kColumnsMax = 1 << 16;
  ArrayRef<int64_t> tiles = getLayout(type).getTiles();
  unsigned middle = tiles.empty() ? 0 : tiles.front();
  int64_t columns = 1;
  for (unsigned dim = type.getRank(); --dim > middle;) {
    columns = llvm::SaturatingMultiply<uint64_t>(columns, type.getDimSize(dim));
    if (columns > kColumnsMax)
      return dim;
  }
  return middle;
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
  Destinations places(type, chooseMiddle(type), element);
  visitStorage(tensor.getKind(), [&](auto *kind) {
    scatter<sizeof(*kind)>(source.data(), places, result->data());
  });
  return result;
}
