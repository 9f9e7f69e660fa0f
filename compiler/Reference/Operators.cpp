// SPDX-License-Identifier: Apache-2.0
#include "compiler/Reference/Operators.h"

#include "dialects/Graph/ModelLocation.h"
#include <cstring>

using namespace mlir;
using namespace lathe;
using namespace lathe::graph;
using namespace lathe::reference;

llvm::Error reference::fault(Operation *op, const Twine &why) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  auto nodes = modelNodesOf(op->getLoc());
  if (!nodes.empty() && !nodes.front().name.empty())
    stream << nodes.front().words();
  else
    op->getLoc().print(stream);
  stream << ": '" << op->getName() << "': " << why;
  return llvm::createStringError(llvm::inconvertibleErrorCode(), text);
}

//===----------------------------------------------------------------------===//
// Call
//===----------------------------------------------------------------------===//

const Tensor *Call::find(Value operand) const {
  for (unsigned i = 0; operand && i < op->getNumOperands(); ++i)
    if (op->getOperand(i) == operand)
      return &operands[i];
  return nullptr;
}

Type Call::resultElementType(unsigned index) const {
  return getElementTypeOrSelf(op->getResult(index).getType());
}

llvm::Expected<int64_t> Call::evaluate(ExprAttr expr) const {
  std::optional<int64_t> value =
      graph::evaluate(expr, [&](StringRef name) -> std::optional<int64_t> {
        auto it = symbols.find(name);
        return it == symbols.end() ? std::nullopt : std::optional<int64_t>(it->second);
      });
  if (!value)
    return fail("the size " + toString(expr) + " is not known here or leaves 64 bits");
  return *value;
}

llvm::Expected<Sizes> Call::evaluate(ArrayRef<ExprAttr> dims) const {
  Sizes sizes;
  for (ExprAttr dim : dims) {
    llvm::Expected<int64_t> size = evaluate(dim);
    if (!size)
      return size.takeError();
    if (*size < 0)
      return fail("the size " + toString(dim) + " is negative: " + Twine(*size));
    sizes.push_back(*size);
  }
  std::optional<int64_t> count = countElements(sizes);
  if (!count || *count > kElementsMax)
    return fail("a tensor exceeds " + Twine(kElementsMax) + " elements");
  return sizes;
}

const EvaluatorTable &EvaluatorTable::get() {
  static const EvaluatorTable table = [] {
    EvaluatorTable result;
    addElementwiseOps(result);
    addShapeOps(result);
    addIndexOps(result);
    addContractionOps(result);
    addConvolutionOps(result);
    addWinogradOps(result);
    addPhaseConvOps(result);
    addRecurrentOps(result);
    addReductionOps(result);
    addNormOps(result);
    addPoolOps(result);
    addQuantizationOps(result);
    return result;
  }();
  return table;
}

//===----------------------------------------------------------------------===//
// Indices
//===----------------------------------------------------------------------===//

Sizes reference::rowMajorStrides(ArrayRef<int64_t> sizes) {
  Sizes strides(sizes.size(), 1);
  for (size_t k = sizes.size(); k-- > 1;)
    strides[k - 1] = strides[k] * sizes[k];
  return strides;
}

bool reference::advance(MutableArrayRef<int64_t> index, ArrayRef<int64_t> sizes) {
  for (size_t k = sizes.size(); k-- > 0;) {
    if (++index[k] < sizes[k])
      return true;
    index[k] = 0;
  }
  return false;
}

int64_t reference::flatten(ArrayRef<int64_t> index, ArrayRef<int64_t> strides) {
  int64_t flat = 0;
  for (size_t k = 0; k < index.size(); ++k)
    flat += index[k] * strides[k];
  return flat;
}

int64_t reference::product(ArrayRef<int64_t> sizes) {
  int64_t result = 1;
  for (int64_t size : sizes)
    result *= size;
  return result;
}

std::optional<Sizes> reference::broadcastSizes(ArrayRef<int64_t> lhs, ArrayRef<int64_t> rhs) {
  if (lhs.size() < rhs.size())
    std::swap(lhs, rhs);
  Sizes result(lhs.begin(), lhs.end());
  for (size_t k = 0; k < rhs.size(); ++k) {
    int64_t &size = result[lhs.size() - rhs.size() + k];
    if (size == 1)
      size = rhs[k];
    else if (rhs[k] != 1 && rhs[k] != size)
      return std::nullopt;
  }
  std::optional<int64_t> count = countElements(result);
  return count && *count <= kElementsMax ? std::optional<Sizes>(result) : std::nullopt;
}

Sizes reference::broadcastStrides(ArrayRef<int64_t> from, ArrayRef<int64_t> to) {
  Sizes own = rowMajorStrides(from), strides(to.size(), 0);
  for (size_t k = 0; k < from.size(); ++k)
    strides[to.size() - from.size() + k] = from[k] == 1 ? 0 : own[k];
  return strides;
}

RowWalk::RowWalk(ArrayRef<int64_t> sizes, ArrayRef<Sizes> strides)
    : isEmpty(llvm::is_contained(sizes, 0)), outerStrides(strides.size()), steps(strides.size(), 0) {
  bool hasRow = false;
  for (size_t k = sizes.size(); k-- > 0;) {
    if (sizes[k] == 1)
      continue;
    // The next dimension outwards continues the one that is outermost so far.
    int64_t span = outer.empty() ? rowCount : outer.back();
    bool joins = hasRow;
    for (size_t operand = 0; operand < strides.size(); ++operand) {
      int64_t inner = outer.empty() ? steps[operand] : outerStrides[operand].back();
      joins &= strides[operand][k] == inner * span;
    }
    if (joins) {
      (outer.empty() ? rowCount : outer.back()) *= sizes[k];
      continue;
    }
    if (!hasRow)
      rowCount = sizes[k];
    else
      outer.push_back(sizes[k]);
    for (size_t operand = 0; operand < strides.size(); ++operand)
      if (!hasRow)
        steps[operand] = strides[operand][k];
      else
        outerStrides[operand].push_back(strides[operand][k]);
    hasRow = true;
  }
  std::reverse(outer.begin(), outer.end());
  for (Sizes &list : outerStrides)
    std::reverse(list.begin(), list.end());
}

void RowWalk::forEachRow(llvm::function_ref<void(ArrayRef<int64_t>)> visit) const {
  if (isEmpty)
    return;
  Sizes index(outer.size(), 0), offsets(steps.size(), 0);
  do {
    for (size_t operand = 0; operand < offsets.size(); ++operand)
      offsets[operand] = flatten(index, outerStrides[operand]);
    visit(offsets);
  } while (advance(index, outer));
}

// Rows of elements as wide as T, which only have to be moved.
template <typename T> static void copyRows(const RowWalk &walk, const char *from, char *to) {
  int64_t count = walk.count(), step = walk.step(0);
  walk.forEachRow([&](ArrayRef<int64_t> offsets) {
    const char *source = from + offsets[0] * sizeof(T);
    if (step == 1)
      std::memcpy(to, source, count * sizeof(T));
    else
      for (int64_t i = 0; i < count; ++i)
        std::memcpy(to + i * sizeof(T), source + i * step * static_cast<int64_t>(sizeof(T)), sizeof(T));
    to += count * sizeof(T);
  });
}

llvm::Expected<Tensor> reference::takeStrided(const Tensor &source, ArrayRef<int64_t> sizes,
                                              ArrayRef<int64_t> strides) {
  llvm::Expected<Tensor> result = Tensor::create(source.getElementType(), sizes);
  if (!result)
    return result.takeError();
  RowWalk walk(sizes, Sizes(strides));
  visitStorage(source.getKind(), [&](auto *type) {
    copyRows<std::remove_pointer_t<decltype(type)>>(walk, source.getBytes().data(), result->getMutableBytes());
  });
  return result;
}

std::vector<int64_t> reference::broadcastOffsets(ArrayRef<int64_t> from, ArrayRef<int64_t> to) {
  std::vector<int64_t> offsets(product(to));
  if (offsets.empty())
    return offsets;
  Sizes strides = broadcastStrides(from, to), index(to.size(), 0);
  for (int64_t &offset : offsets) {
    offset = flatten(index, strides);
    advance(index, to);
  }
  return offsets;
}

llvm::Expected<Tensor> reference::takeElements(const Tensor &source, ArrayRef<int64_t> sizes,
                                               ArrayRef<int64_t> offsets, const Tensor *fill) {
  llvm::Expected<Tensor> result = Tensor::create(source.getElementType(), sizes);
  if (!result)
    return result.takeError();
  uint32_t width = source.getElementBytes();
  const char *from = source.getBytes().data();
  char *to = result->getMutableBytes();
  for (int64_t offset : offsets) {
    std::memcpy(to, offset < 0 ? fill->getBytes().data() : from + offset * width, width);
    to += width;
  }
  return result;
}

llvm::Expected<Tensor> reference::scalarOf(Attribute value, Type elementType) {
  if (auto real = llvm::dyn_cast<FloatAttr>(value))
    return Tensor::fromReals(elementType, {}, {real.getValueAsDouble()});
  auto integer = llvm::dyn_cast<IntegerAttr>(value);
  if (!integer)
    return llvm::createStringError(llvm::inconvertibleErrorCode(),
                                   "expects a float or integer attribute");
  APInt bits = integer.getValue();
  bool isUnsigned = integer.getType().isUnsignedInteger() || integer.getType().isInteger(1);
  int64_t word = isUnsigned ? static_cast<int64_t>(bits.getZExtValue()) : bits.getSExtValue();
  if (llvm::isa<FloatType>(elementType))
    return Tensor::fromReals(elementType, {}, {static_cast<double>(word)});
  return Tensor::fromIntegers(elementType, {}, {word});
}

AxisView::AxisView(ArrayRef<int64_t> sizes, size_t dim) {
  for (size_t k = 0; k < sizes.size(); ++k)
    (k < dim ? outer : k == dim ? size : inner) *= sizes[k];
}
