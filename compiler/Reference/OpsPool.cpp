// SPDX-License-Identifier: Apache-2.0
//
// Pools: one result element for each window over [n, c, s...].
#include "compiler/Reference/Operators.h"

#include <cmath>

using namespace mlir;
using namespace lathe;
using namespace lathe::graph;
using namespace lathe::reference;

namespace {
/// A window along each spatial dimension of a pool.
struct Window {
  ArrayRef<int64_t> kernel, strides, low, high;
  Sizes dilations;
};
/// The part of one window inside the input: flat offsets within one channel.
struct Contents {
  std::vector<int64_t> offsets;
  int64_t paddedCount; ///< elements inside the input and its margins
};
} // namespace

static llvm::Expected<Sizes> pooledSizes(const Call &call, const Window &window,
                                         ArrayRef<int64_t> input) {
  for (ArrayRef<int64_t> values :
       {window.kernel, window.strides, window.low, window.high, ArrayRef<int64_t>(window.dilations)})
    if (llvm::any_of(values, [](int64_t value) { return std::abs(value) > kWindowMax; }))
      return call.fail("a kernel size, stride, padding or dilation exceeds " + Twine(kWindowMax));
  Sizes sizes(input.take_front(2));
  for (size_t k = 0; k < window.kernel.size(); ++k) {
    int64_t span = input[k + 2] + window.low[k] + window.high[k] -
                   window.dilations[k] * (window.kernel[k] - 1) - 1;
    sizes.push_back(span < 0 ? 0 : span / window.strides[k] + 1);
  }
  std::optional<int64_t> count = countElements(sizes);
  if (!count || *count > kElementsMax)
    return call.fail("the result is too large");
  return sizes;
}

// Per dimension the taps that lie inside; then their product set.
static Contents contentsOf(const Window &window, ArrayRef<int64_t> extents, ArrayRef<int64_t> at) {
  Contents contents{{0}, 1};
  Sizes strides = rowMajorStrides(extents);
  for (size_t k = 0; k < extents.size(); ++k) {
    std::vector<int64_t> positions, joined;
    int64_t padded = 0, begin = at[k] * window.strides[k] - window.low[k];
    for (int64_t t = 0; t < window.kernel[k]; ++t) {
      int64_t position = begin + t * window.dilations[k];
      if (position >= extents[k] + window.high[k])
        break;
      ++padded;
      if (position >= 0 && position < extents[k])
        positions.push_back(position * strides[k]);
    }
    for (int64_t offset : contents.offsets)
      for (int64_t position : positions)
        joined.push_back(offset + position);
    contents.offsets = std::move(joined);
    contents.paddedCount *= padded;
  }
  return contents;
}

// Calls `visit(result index, channel base offset, contents)` for each result.
static void forEachWindow(const Window &window, ArrayRef<int64_t> input, ArrayRef<int64_t> output,
                          llvm::function_ref<void(int64_t, int64_t, const Contents &)> visit) {
  ArrayRef<int64_t> extents = input.drop_front(2), positions = output.drop_front(2);
  int64_t images = input[0] * input[1], inputSize = product(extents), windows = product(positions);
  if (images * windows == 0)
    return;
  Sizes at(positions.size(), 0);
  for (int64_t w = 0; w < windows; ++w, advance(at, positions)) {
    Contents contents = contentsOf(window, extents, at);
    for (int64_t image = 0; image < images; ++image)
      visit(image * windows + w, image * inputSize, contents);
  }
}

static llvm::Expected<Tensor> evaluateMaxPool(MaxPoolOp op, const Call &call) {
  const Tensor &input = call.operands[0];
  Window window{op.getKernel(), op.getStrides(), op.getPaddingLow(), op.getPaddingHigh(),
                Sizes(op.getDilations())};
  llvm::Expected<Sizes> sizes = pooledSizes(call, window, input.getSizes());
  if (!sizes)
    return sizes.takeError();
  if (input.isReal()) {
    std::vector<double> x = input.getReals(), out(product(*sizes));
    forEachWindow(window, input.getSizes(), *sizes,
                  [&](int64_t result, int64_t base, const Contents &contents) {
                    double top = -std::numeric_limits<double>::infinity();
                    for (int64_t offset : contents.offsets) {
                      double element = x[base + offset];
                      top = std::isnan(element) || element > top ? element : top;
                    }
                    out[result] = top;
                  });
    return Tensor::fromReals(call.resultElementType(), *sizes, out);
  }
  bool isUnsigned = isUnsignedKind(input.getKind());
  int64_t least = isUnsigned ? 0 : -(int64_t(1) << (input.getElementBytes() * 8 - 1));
  std::vector<int64_t> x = input.getIntegers(), out(product(*sizes));
  forEachWindow(window, input.getSizes(), *sizes,
                [&](int64_t result, int64_t base, const Contents &contents) {
                  int64_t top = least;
                  for (int64_t offset : contents.offsets) {
                    int64_t element = x[base + offset];
                    bool above = isUnsigned ? uint64_t(element) > uint64_t(top) : element > top;
                    top = above ? element : top;
                  }
                  out[result] = top;
                });
  return Tensor::fromIntegers(call.resultElementType(), *sizes, out);
}

static llvm::Expected<Tensor> evaluateAvgPool(AvgPoolOp op, const Call &call) {
  const Tensor &input = call.operands[0];
  Window window{op.getKernel(), op.getStrides(), op.getPaddingLow(), op.getPaddingHigh(),
                Sizes(op.getKernel().size(), 1)};
  llvm::Expected<Sizes> sizes = pooledSizes(call, window, input.getSizes());
  if (!sizes)
    return sizes.takeError();
  auto divisorOf = [&](const Contents &contents) -> int64_t {
    if (op.getDivisor())
      return *op.getDivisor();
    return op.getCountIncludePad() ? contents.paddedCount
                                   : static_cast<int64_t>(contents.offsets.size());
  };
  if (input.isReal()) {
    std::vector<double> x = input.getReals(), out(product(*sizes));
    forEachWindow(window, input.getSizes(), *sizes,
                  [&](int64_t result, int64_t base, const Contents &contents) {
                    double sum = 0;
                    for (int64_t offset : contents.offsets)
                      sum += x[base + offset];
                    out[result] = sum / static_cast<double>(divisorOf(contents));
                  });
    return Tensor::fromReals(call.resultElementType(), *sizes, out);
  }
  // Integers: a wrapping 64-bit sum, divided towards zero (0 for no elements).
  std::vector<int64_t> x = input.getIntegers(), out(product(*sizes));
  forEachWindow(window, input.getSizes(), *sizes,
                [&](int64_t result, int64_t base, const Contents &contents) {
                  uint64_t sum = 0;
                  for (int64_t offset : contents.offsets)
                    sum += static_cast<uint64_t>(x[base + offset]);
                  int64_t divisor = divisorOf(contents);
                  out[result] = divisor == 0    ? 0
                                : divisor == -1 ? static_cast<int64_t>(0 - sum)
                                                : static_cast<int64_t>(sum) / divisor;
                });
  return Tensor::fromIntegers(call.resultElementType(), *sizes, out);
}

static llvm::Expected<Tensor> evaluateAdaptiveAvgPool(AdaptiveAvgPoolOp op, const Call &call) {
  const Tensor &input = call.operands[0];
  size_t spatial = op.getOutputSize().size(), first = input.getRank() - spatial;
  Sizes sizes(input.getSizes());
  for (size_t k = 0; k < spatial; ++k)
    sizes[first + k] = op.getOutputSize()[k];
  std::optional<int64_t> count = countElements(sizes);
  if (!count || *count > kElementsMax)
    return call.fail("the result is too large");
  ArrayRef<int64_t> extents = input.getSizes().drop_front(first);
  if (llvm::is_contained(extents, 0))
    return call.fail("the mean over an empty dimension does not exist");
  Sizes strides = rowMajorStrides(extents), positions(ArrayRef<int64_t>(sizes).drop_front(first));
  int64_t images = product(input.getSizes().take_front(first)), inputSize = product(extents);
  std::vector<double> x = input.getReals(), out(*count);
  Sizes at(spatial, 0);
  int64_t windows = product(positions);
  for (int64_t w = 0; images > 0 && w < windows; ++w, advance(at, positions)) {
    Sizes begin(spatial), extent(spatial), index(spatial, 0);
    for (size_t k = 0; k < spatial; ++k) {
      begin[k] = at[k] * extents[k] / positions[k];
      extent[k] = ((at[k] + 1) * extents[k] + positions[k] - 1) / positions[k] - begin[k];
    }
    int64_t start = flatten(begin, strides);
    do {
      int64_t offset = start + flatten(index, strides);
      for (int64_t image = 0; image < images; ++image)
        out[image * windows + w] += x[image * inputSize + offset];
    } while (advance(index, extent));
    for (int64_t image = 0; image < images; ++image)
      out[image * windows + w] /= static_cast<double>(product(extent));
  }
  return Tensor::fromReals(call.resultElementType(), sizes, out);
}

void reference::addPoolOps(EvaluatorTable &table) {
  table.add<MaxPoolOp>(evaluateMaxPool);
  table.add<AvgPoolOp>(evaluateAvgPool);
  table.add<AdaptiveAvgPoolOp>(evaluateAdaptiveAvgPool);
}
