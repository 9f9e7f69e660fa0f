// SPDX-License-Identifier: Apache-2.0
//
// Winograd's minimal filtering as it is defined: transforms in double, tile by
// tile.
#include "compiler/Reference/Operators.h"
#include "dialects/Graph/Winograd.h"

using namespace mlir;
using namespace lathe;
using namespace lathe::graph;
using namespace lathe::reference;

using Reals = std::vector<double>;

// matrix [rows, inner] * x [inner, inner] * matrix^T -> [rows, rows].
static Reals transform(ArrayRef<double> matrix, int64_t rows, int64_t inner, const Reals &x) {
  Reals half(rows * inner), result(rows * rows);
  for (int64_t r = 0; r < rows; ++r)
    for (int64_t c = 0; c < inner; ++c)
      for (int64_t k = 0; k < inner; ++k)
        half[r * inner + c] += matrix[r * inner + k] * x[k * inner + c];
  for (int64_t r = 0; r < rows; ++r)
    for (int64_t c = 0; c < rows; ++c)
      for (int64_t k = 0; k < inner; ++k)
        result[r * rows + c] += half[r * inner + k] * matrix[c * inner + k];
  return result;
}

namespace {
/// One image's planes, and a tile of results in them.
struct Tiles {
  int64_t channels, filters, height, width, outHeight, outWidth, low[2];
  const WinogradMatrices &matrices;

  /// The transformed inputs of a tile: for each channel, points x points.
  Reals readTile(const double *image, int64_t top, int64_t left) const {
    int64_t t = matrices.points();
    Reals all;
    for (int64_t c = 0; c < channels; ++c) {
      Reals d(t * t);
      for (int64_t i = 0; i < t; ++i)
        for (int64_t j = 0; j < t; ++j) {
          int64_t y = top + i - low[0], x = left + j - low[1];
          if (y >= 0 && y < height && x >= 0 && x < width)
            d[i * t + j] = image[(c * height + y) * width + x];
        }
      Reals v = transform(matrices.input, t, t, d);
      all.insert(all.end(), v.begin(), v.end());
    }
    return all;
  }

  /// Adds a tile's results to `sums` [filters, outHeight, outWidth].
  void addTile(const Reals &inputs, const Reals &weight, int64_t top, int64_t left,
               double *sums) const {
    int64_t t = matrices.points(), m = matrices.outputs;
    for (int64_t f = 0; f < filters; ++f) {
      Reals products(t * t);
      for (int64_t point = 0; point < t * t; ++point)
        for (int64_t c = 0; c < channels; ++c)
          products[point] +=
              inputs[c * t * t + point] * weight[(point * filters + f) * channels + c];
      Reals y = transform(matrices.output, m, t, products);
      for (int64_t i = 0; i < m; ++i)
        for (int64_t j = 0; j < m; ++j)
          sums[(f * outHeight + top + i) * outWidth + left + j] += y[i * m + j];
    }
  }
};
} // namespace

static llvm::Expected<Tensor> evaluateWinogradConv(WinogradConvOp op, const Call &call) {
  ArrayRef<int64_t> input = call.operands[0].getSizes(), weight = call.operands[1].getSizes();
  ArrayRef<int64_t> low = op.getPaddingLow(), high = op.getPaddingHigh();
  Sizes sizes{input[0], weight[2], input[2] + low[0] + high[0] - 2, input[3] + low[1] + high[1] - 2};
  if (auto count = countElements(sizes); !count || *count > kElementsMax)
    return call.fail("the result is too large");
  Tiles tiles{input[1], weight[2], input[2], input[3],
              sizes[2], sizes[3],  {low[0], low[1]}, *findWinogradMatrices(op.getOutputs())};
  Reals images = call.operands[0].getReals(), weights = call.operands[1].getReals();
  Reals bias = op.getBias() ? call.get(op.getBias()).getReals() : Reals(tiles.filters);
  int64_t plane = tiles.outHeight * tiles.outWidth, m = tiles.matrices.outputs;
  Reals sums(sizes[0] * tiles.filters * plane);
  for (int64_t n = 0; n < sizes[0]; ++n) {
    double *out = sums.data() + n * tiles.filters * plane;
    for (int64_t i = 0; i < tiles.filters * plane; ++i)
      out[i] = bias[i / plane];
    const double *image = images.data() + n * tiles.channels * tiles.height * tiles.width;
    for (int64_t top = 0; top < tiles.outHeight; top += m)
      for (int64_t left = 0; left < tiles.outWidth; left += m)
        tiles.addTile(tiles.readTile(image, top, left), weights, top, left, out);
  }
  return Tensor::fromReals(call.resultElementType(), sizes, sums);
}

void reference::addWinogradOps(EvaluatorTable &table) {
  table.add<WinogradConvOp>(evaluateWinogradConv);
}
