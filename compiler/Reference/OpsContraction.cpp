// SPDX-License-Identifier: Apache-2.0
//
// linear, matmul, attention. Every result element is one sum in index order,
// in double (floats), wrapping 64-bit words (integers), or exactly (quantized).
#include "compiler/Reference/Math.h"
#include "compiler/Reference/Operators.h"

#include <cmath>

using namespace mlir;
using namespace lathe;
using namespace lathe::graph;
using namespace lathe::reference;

// out[m, n] += lhs[m, k] * rhs[k, n]. The inner loop runs along a row of `rhs`:
// contiguous, and each sum keeps the order of k.
template <typename T>
static void multiplyAdd(const T *lhs, const T *rhs, T *out, int64_t m, int64_t k, int64_t n) {
  for (int64_t i = 0; i < m; ++i)
    for (int64_t p = 0; p < k; ++p) {
      T factor = lhs[i * k + p];
      const T *row = rhs + p * n;
      T *sums = out + i * n;
      for (int64_t j = 0; j < n; ++j)
        sums[j] += factor * row[j];
    }
}

template <typename T>
static std::vector<T> transposed(const std::vector<T> &matrix, int64_t rows, int64_t columns) {
  std::vector<T> result(matrix.size());
  for (int64_t i = 0; i < rows; ++i)
    for (int64_t j = 0; j < columns; ++j)
      result[j * rows + i] = matrix[i * columns + j];
  return result;
}

// Integer sums wrap: they are carried in unsigned words.
static std::vector<uint64_t> words(const Tensor &tensor) {
  std::vector<int64_t> integers = tensor.getIntegers();
  return std::vector<uint64_t>(integers.begin(), integers.end());
}
static std::vector<int64_t> integersOf(const std::vector<uint64_t> &words) {
  return std::vector<int64_t>(words.begin(), words.end());
}

//===----------------------------------------------------------------------===//
// Linear
//===----------------------------------------------------------------------===//

template <typename T>
static std::vector<T> linearSums(const std::vector<T> &input, const std::vector<T> &weight,
                                 const std::vector<T> &bias, int64_t in, int64_t out, int64_t rows) {
  std::vector<T> sums(rows * out);
  for (int64_t i = 0; i < rows && !bias.empty(); ++i)
    std::copy(bias.begin(), bias.end(), sums.begin() + i * out);
  std::vector<T> columns = transposed(weight, out, in);
  multiplyAdd(input.data(), columns.data(), sums.data(), rows, in, out);
  return sums;
}

static llvm::Expected<Tensor> quantizedLinear(LinearOp op, const Call &call, ArrayRef<int64_t> sizes,
                                              int64_t rows) {
  const Tensor &input = call.operands[0], &weight = call.operands[1];
  int64_t out = weight.getSize(0), in = weight.getSize(1);
  llvm::Expected<ContractionScales> scales = ContractionScales::of(call, input, weight, {0});
  if (!scales)
    return scales.takeError();
  std::vector<int64_t> bias(out, 0);
  if (const Tensor *given = call.find(op.getBias()))
    bias = given->getIntegers();
  std::vector<int64_t> sums =
      linearSums(scales->centredInput, scales->centredWeight, bias, in, out, rows);
  for (int64_t i = 0; i < rows * out; ++i)
    sums[i] = scales->finish(sums[i], i % out, *op.getRounding());
  return Tensor::fromIntegers(call.resultElementType(), sizes, sums);
}

// As linearSums and one rounding, row by row: no copy of the whole input in
// double is made.
static llvm::Expected<Tensor> singleLinear(const Tensor &input, const Tensor &weight, const Tensor *bias,
                                           ArrayRef<int64_t> sizes, int64_t rows) {
  llvm::Expected<Tensor> result = Tensor::create(input.getElementType(), sizes);
  if (!result)
    return result.takeError();
  int64_t out = weight.getSize(0), in = weight.getSize(1);
  std::vector<double> columns = transposed(weight.getReals(), out, in), row(in), sums(out);
  std::vector<double> start = bias ? bias->getReals() : std::vector<double>(out);
  const float *from = input.getData<float>();
  float *to = reinterpret_cast<float *>(result->getMutableBytes());
  for (int64_t i = 0; i < rows; ++i, from += in, to += out) {
    std::copy_n(from, in, row.begin());
    std::copy(start.begin(), start.end(), sums.begin());
    multiplyAdd(row.data(), columns.data(), sums.data(), 1, in, out);
    std::transform(sums.begin(), sums.end(), to, [](double sum) { return static_cast<float>(sum); });
  }
  return result;
}

static llvm::Expected<Tensor> evaluateLinear(LinearOp op, const Call &call) {
  const Tensor &input = call.operands[0], &weight = call.operands[1];
  int64_t out = weight.getSize(0), in = weight.getSize(1);
  Sizes sizes(input.getSizes());
  sizes.back() = out;
  int64_t rows = product(input.getSizes().drop_back());
  if (auto count = countElements(sizes); !count || *count > kElementsMax)
    return call.fail("the result is too large");
  if (input.isQuantized())
    return quantizedLinear(op, call, sizes, rows);
  const Tensor *bias = call.find(op.getBias());
  if (input.getKind() == StorageKind::F32 && call.resultElementType().isF32())
    return singleLinear(input, weight, bias, sizes, rows);
  if (input.isReal())
    return Tensor::fromReals(call.resultElementType(), sizes,
                             linearSums(input.getReals(), weight.getReals(),
                                        bias ? bias->getReals() : std::vector<double>(), in, out, rows));
  return Tensor::fromIntegers(
      call.resultElementType(), sizes,
      integersOf(linearSums(words(input), words(weight),
                            bias ? words(*bias) : std::vector<uint64_t>(), in, out, rows)));
}

//===----------------------------------------------------------------------===//
// Matmul
//===----------------------------------------------------------------------===//

namespace {
/// Sizes of a batched product, and which matrix of each operand a batch uses.
struct Batches {
  Sizes sizes; ///< of the result
  std::vector<int64_t> left, right;
  int64_t m, k, n;
};
} // namespace

template <typename T>
static std::vector<T> matmulSums(const Batches &batches, const std::vector<T> &lhs,
                                 const std::vector<T> &rhs) {
  int64_t m = batches.m, k = batches.k, n = batches.n;
  std::vector<T> sums(product(batches.sizes));
  for (size_t b = 0; b < batches.left.size(); ++b)
    multiplyAdd(lhs.data() + batches.left[b] * m * k, rhs.data() + batches.right[b] * k * n,
                sums.data() + b * m * n, m, k, n);
  return sums;
}

static llvm::Expected<Tensor> evaluateMatmul(MatmulOp op, const Call &call) {
  const Tensor &lhs = call.operands[0], &rhs = call.operands[1];
  ArrayRef<int64_t> left = lhs.getSizes(), right = rhs.getSizes();
  Batches batches;
  std::optional<Sizes> outer = broadcastSizes(left.drop_back(2), right.drop_back(2));
  batches.m = left[left.size() - 2];
  batches.k = left.back();
  batches.n = right.back();
  if (!outer || right[right.size() - 2] != batches.k)
    return call.fail("operand sizes do not fit");
  batches.sizes = *outer;
  batches.sizes.append({batches.m, batches.n});
  if (auto count = countElements(batches.sizes); !count || *count > kElementsMax)
    return call.fail("the result is too large");
  batches.left = broadcastOffsets(left.drop_back(2), *outer);
  batches.right = broadcastOffsets(right.drop_back(2), *outer);
  if (lhs.isReal())
    return Tensor::fromReals(call.resultElementType(), batches.sizes,
                             matmulSums(batches, lhs.getReals(), rhs.getReals()));
  return Tensor::fromIntegers(call.resultElementType(), batches.sizes,
                              integersOf(matmulSums(batches, words(lhs), words(rhs))));
}

//===----------------------------------------------------------------------===//
// Attention
//===----------------------------------------------------------------------===//

namespace {
/// One head's operands.
struct Head {
  const double *query, *key, *value;
  int64_t queries, keys, width, valueWidth;
};
} // namespace

// Softmax weights of one row of scores, in place; a row of minus infinities
// gives zeros, a NaN spreads.
static void weigh(std::vector<double> &scores) {
  double top = -std::numeric_limits<double>::infinity(), sum = 0;
  for (double score : scores)
    top = std::isnan(score) || score > top ? score : top;
  if (top == -std::numeric_limits<double>::infinity()) {
    std::fill(scores.begin(), scores.end(), 0.0);
    return;
  }
  for (double &score : scores)
    sum += score = math::exp(score - top);
  for (double &score : scores)
    score /= sum;
}

// `mask(l, s)` is what is added to a score.
static void attend(SdpaOp op, const Head &head, llvm::function_ref<double(int64_t, int64_t)> mask,
                   double *out) {
  double scale = op.getScale().convertToDouble();
  std::vector<double> scores(head.keys);
  for (int64_t l = 0; l < head.queries; ++l) {
    for (int64_t s = 0; s < head.keys; ++s) {
      double sum = 0;
      for (int64_t e = 0; e < head.width; ++e)
        sum += head.query[l * head.width + e] * head.key[s * head.width + e];
      bool hidden = op.getIsCausal() && s > l;
      scores[s] = hidden ? -std::numeric_limits<double>::infinity() : sum * scale + mask(l, s);
    }
    weigh(scores);
    for (int64_t s = 0; s < head.keys; ++s)
      for (int64_t v = 0; v < head.valueWidth && scores[s] != 0; ++v)
        out[l * head.valueWidth + v] += scores[s] * head.value[s * head.valueWidth + v];
  }
}

// The mask as what is added to the scores.
static std::vector<double> additiveMask(const Tensor *mask) {
  if (!mask)
    return {};
  std::vector<double> reals = mask->getReals();
  if (mask->getKind() == StorageKind::Bool)
    for (double &real : reals)
      real = real != 0 ? 0 : -std::numeric_limits<double>::infinity();
  return reals;
}

static llvm::Expected<Tensor> evaluateSdpa(SdpaOp op, const Call &call) {
  const Tensor &query = call.operands[0], &key = call.operands[1], &value = call.operands[2];
  size_t rank = query.getRank();
  Sizes sizes(query.getSizes());
  sizes.back() = value.getSize(rank - 1);
  ArrayRef<int64_t> batch = query.getSizes().drop_back(2);
  Head head{nullptr, nullptr, nullptr, query.getSize(rank - 2), key.getSize(rank - 2),
            query.getSize(rank - 1), value.getSize(rank - 1)};
  std::vector<double> q = query.getReals(), k = key.getReals(), v = value.getReals();
  const Tensor *mask = call.find(op.getMask());
  std::vector<double> added = additiveMask(mask);
  Sizes scoreSizes(query.getSizes());
  scoreSizes.back() = head.keys;
  if (auto count = countElements(scoreSizes); !count || *count > kElementsMax)
    return call.fail("the scores are too large");
  std::vector<int64_t> maskAt;
  if (mask)
    maskAt = broadcastOffsets(mask->getSizes(), scoreSizes);
  // Consecutive query heads share a key head.
  int64_t share = 1;
  if (op.getEnableGqa() && rank > 2 && key.getSize(rank - 3) > 0)
    share = query.getSize(rank - 3) / key.getSize(rank - 3);
  std::vector<double> out(product(sizes));
  for (int64_t b = 0; b < product(batch); ++b) {
    head.query = q.data() + b * head.queries * head.width;
    head.key = k.data() + b / share * head.keys * head.width;
    head.value = v.data() + b / share * head.keys * head.valueWidth;
    auto maskOf = [&](int64_t l, int64_t s) {
      return mask ? added[maskAt[(b * head.queries + l) * head.keys + s]] : 0.0;
    };
    attend(op, head, maskOf, out.data() + b * head.queries * head.valueWidth);
  }
  return Tensor::fromReals(call.resultElementType(), sizes, out);
}

void reference::addContractionOps(EvaluatorTable &table) {
  table.add<LinearOp>(evaluateLinear);
  table.add<MatmulOp>(evaluateMatmul);
  table.add<SdpaOp>(evaluateSdpa);
}
