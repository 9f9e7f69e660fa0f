// SPDX-License-Identifier: Apache-2.0
//
// Convolution and its transpose over any number of spatial dimensions.
#include "compiler/Reference/Operators.h"

using namespace mlir;
using namespace lathe;
using namespace lathe::graph;
using namespace lathe::reference;

namespace {
/// The sizes of a convolution, with attributes spelled out.
struct Geometry {
  int64_t batch, channels, filters, groups;
  Sizes input, kernel, output; ///< spatial
  ArrayRef<int64_t> strides, low, dilations;
  bool isTransposed;

  int64_t channelsPerGroup() const { return channels / groups; }
  int64_t filtersPerGroup() const { return filters / groups; }
};
} // namespace

static llvm::Expected<Geometry> geometryOf(ConvOp op, const Call &call) {
  ArrayRef<int64_t> input = call.operands[0].getSizes(), weight = call.operands[1].getSizes();
  Geometry g;
  g.batch = input[0];
  g.channels = input[1];
  g.groups = op.getGroups();
  g.isTransposed = op.getTransposed();
  g.filters = g.isTransposed ? weight[1] * g.groups : weight[0];
  g.input.assign(input.begin() + 2, input.end());
  g.kernel.assign(weight.begin() + 2, weight.end());
  g.strides = op.getStrides();
  g.low = op.getPaddingLow();
  g.dilations = op.getDilations();
  if (g.input.empty())
    return call.fail("needs a spatial dimension");
  // Small enough that no product of one of them with a size leaves 64 bits.
  for (ArrayRef<int64_t> values :
       {op.getStrides(), op.getPaddingLow(), op.getPaddingHigh(), op.getDilations()})
    if (llvm::any_of(values, [](int64_t value) { return std::abs(value) > kWindowMax; }))
      return call.fail("a stride, padding or dilation exceeds " + Twine(kWindowMax));
  for (size_t i = 0; i < g.input.size(); ++i) {
    int64_t reach = op.getDilations()[i] * (g.kernel[i] - 1);
    int64_t margin = op.getPaddingLow()[i] + op.getPaddingHigh()[i];
    int64_t extra = op.getOutputPadding() ? (*op.getOutputPadding())[i] : 0;
    int64_t span = g.input[i] + margin - reach - 1;
    int64_t size = g.isTransposed
                       ? (g.input[i] - 1) * g.strides[i] - margin + reach + extra + 1
                       : (span < 0 ? 0 : span / g.strides[i] + 1);
    g.output.push_back(std::max<int64_t>(size, 0));
  }
  return g;
}

// Along one dimension, the positions `near` at which `near * stride + tap` lies
// in [0, far): from `first`, `count` of them.
static void validRange(int64_t tap, int64_t stride, int64_t near, int64_t far, int64_t &first,
                       int64_t &count) {
  first = tap >= 0 ? 0 : (-tap + stride - 1) / stride;
  int64_t end = far - 1 - tap < 0 ? 0 : std::min(near, (far - 1 - tap) / stride + 1);
  count = std::max<int64_t>(end - first, 0);
}

// Visits each kernel tap of each (filter, channel) pair, and hands out rows of
// the last spatial dimension: near[first + i] and far[start + i * stride], where
// a convolution gathers far = input into near = output, and its transpose
// scatters near = input into far = output.
template <typename Row> static void forEachRow(const Geometry &g, Row row) {
  size_t rank = g.input.size();
  ArrayRef<int64_t> near = g.isTransposed ? g.input : g.output;
  ArrayRef<int64_t> far = g.isTransposed ? g.output : g.input;
  Sizes nearStrides = rowMajorStrides(near), farStrides = rowMajorStrides(far);
  Sizes outer(near.begin(), near.end() - 1);
  int64_t kernelSize = product(g.kernel);
  Sizes tap(rank, 0);
  if (kernelSize == 0 || product(near) == 0 || product(far) == 0)
    return;
  for (int64_t t = 0; t < kernelSize; ++t, advance(tap, g.kernel)) {
    Sizes shift(rank);
    for (size_t k = 0; k < rank; ++k)
      shift[k] = tap[k] * g.dilations[k] - g.low[k];
    int64_t first, count;
    validRange(shift[rank - 1], g.strides[rank - 1], near[rank - 1], far[rank - 1], first, count);
    Sizes index(outer.size(), 0);
    do {
      int64_t nearAt = 0, farAt = 0;
      bool inside = count > 0;
      for (size_t k = 0; k + 1 < rank; ++k) {
        int64_t position = index[k] * g.strides[k] + shift[k];
        inside &= position >= 0 && position < far[k];
        nearAt += index[k] * nearStrides[k];
        farAt += position * farStrides[k];
      }
      if (inside)
        row(t, nearAt + first, farAt + first * g.strides[rank - 1] + shift[rank - 1], count);
    } while (advance(index, outer));
  }
}

// Sums of all products, on top of `sums`' start values (the bias).
template <typename T>
static void convolve(const Geometry &g, const std::vector<T> &input, const std::vector<T> &weight,
                     std::vector<T> &sums) {
  int64_t inputSize = product(g.input), outputSize = product(g.output), taps = product(g.kernel);
  int64_t stride = g.strides.back(), perGroup = g.channelsPerGroup(), filters = g.filtersPerGroup();
  for (int64_t n = 0; n < g.batch; ++n)
    for (int64_t f = 0; f < g.filters; ++f)
      for (int64_t c = 0; c < perGroup; ++c) {
        int64_t channel = f / filters * perGroup + c;
        const T *in = input.data() + (n * g.channels + channel) * inputSize;
        T *out = sums.data() + (n * g.filters + f) * outputSize;
        // Weight [f, c / groups, taps], transposed [c, f / groups, taps].
        const T *w = weight.data() +
                     (g.isTransposed ? channel * filters + f % filters : f * perGroup + c) * taps;
        forEachRow(g, [&](int64_t tap, int64_t near, int64_t far, int64_t count) {
          for (int64_t i = 0; i < count; ++i) {
            if (g.isTransposed)
              out[far + i * stride] += in[near + i] * w[tap];
            else
              out[near + i] += in[far + i * stride] * w[tap];
          }
        });
      }
}

// Start values of the sums: the bias of each filter, or zeros.
template <typename T>
static std::vector<T> startSums(const Geometry &g, const std::vector<T> &bias) {
  int64_t outputSize = product(g.output);
  std::vector<T> sums(g.batch * g.filters * outputSize);
  for (size_t i = 0; i < sums.size() && !bias.empty(); ++i)
    sums[i] = bias[i / outputSize % g.filters];
  return sums;
}

static llvm::Expected<Tensor> quantizedConv(ConvOp op, const Call &call, const Geometry &g,
                                            ArrayRef<int64_t> sizes) {
  llvm::Expected<ContractionScales> scales = ContractionScales::of(
      call, call.operands[0], call.operands[1], {size_t(g.isTransposed ? 1 : 0)});
  if (!scales)
    return scales.takeError();
  const Tensor *bias = call.find(op.getBias());
  std::vector<int64_t> sums = startSums(g, bias ? bias->getIntegers() : std::vector<int64_t>());
  convolve(g, scales->centredInput, scales->centredWeight, sums);
  int64_t outputSize = product(g.output);
  for (size_t i = 0; i < sums.size(); ++i) {
    size_t filter = i / outputSize % g.filters;
    // A transposed weight has one scale for each filter of a group.
    size_t channel = g.isTransposed ? filter % g.filtersPerGroup() : filter;
    sums[i] = scales->finish(sums[i], channel, *op.getRounding());
  }
  return Tensor::fromIntegers(call.resultElementType(), sizes, sums);
}

static llvm::Expected<Tensor> evaluateConv(ConvOp op, const Call &call) {
  const Tensor &input = call.operands[0], &weight = call.operands[1];
  const Tensor *bias = call.find(op.getBias());
  llvm::Expected<Geometry> geometry = geometryOf(op, call);
  if (!geometry)
    return geometry.takeError();
  const Geometry &g = *geometry;
  Sizes sizes{g.batch, g.filters};
  sizes.append(g.output);
  if (auto count = countElements(sizes); !count || *count > kElementsMax)
    return call.fail("the result is too large");
  if (input.isQuantized())
    return quantizedConv(op, call, g, sizes);
  if (input.isReal()) {
    std::vector<double> sums = startSums(g, bias ? bias->getReals() : std::vector<double>());
    convolve(g, input.getReals(), weight.getReals(), sums);
    return Tensor::fromReals(call.resultElementType(), sizes, sums);
  }
  auto words = [](const Tensor &tensor) {
    std::vector<int64_t> integers = tensor.getIntegers();
    return std::vector<uint64_t>(integers.begin(), integers.end());
  };
  std::vector<uint64_t> sums = startSums(g, bias ? words(*bias) : std::vector<uint64_t>());
  convolve(g, words(input), words(weight), sums);
  return Tensor::fromIntegers(call.resultElementType(), sizes,
                              std::vector<int64_t>(sums.begin(), sums.end()));
}

void reference::addConvolutionOps(EvaluatorTable &table) { table.add<ConvOp>(evaluateConv); }
