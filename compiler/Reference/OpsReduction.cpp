// SPDX-License-Identifier: Apache-2.0
//
// Reductions over dimensions, running sums, softmax.
#include "compiler/Reference/Math.h"
#include "compiler/Reference/Operators.h"

#include <cmath>

using namespace mlir;
using namespace lathe;
using namespace lathe::graph;
using namespace lathe::reference;

//===----------------------------------------------------------------------===//
// Reduce
//===----------------------------------------------------------------------===//

namespace {
/// Which result element each input element goes to.
struct Reduction {
  Sizes sizes; ///< of the result
  std::vector<int64_t> targets;
  int64_t reducedCount = 1; ///< input elements for one result element
};
} // namespace

static Reduction reductionOf(ReduceOp op, const Tensor &input) {
  Reduction result;
  Sizes strides(input.getRank(), 0), index(input.getRank(), 0), kept;
  for (size_t k = 0; k < input.getRank(); ++k) {
    bool isReduced = llvm::is_contained(op.getDims(), static_cast<int64_t>(k));
    kept.push_back(isReduced ? 1 : input.getSize(k));
    if (isReduced)
      result.reducedCount *= input.getSize(k);
    if (!isReduced || op.getKeepDims())
      result.sizes.push_back(kept.back());
  }
  Sizes own = rowMajorStrides(kept);
  for (size_t k = 0; k < input.getRank(); ++k)
    strides[k] = llvm::is_contained(op.getDims(), static_cast<int64_t>(k)) ? 0 : own[k];
  result.targets.resize(input.getNumElements());
  for (int64_t &target : result.targets) {
    target = flatten(index, strides);
    advance(index, input.getSizes());
  }
  return result;
}

static double combineReals(ReduceKind kind, double sum, double x) {
  switch (kind) {
  case ReduceKind::Sum:
  case ReduceKind::Mean:
    return sum + x;
  case ReduceKind::Prod:
    return sum * x;
  case ReduceKind::Max:
    return std::isnan(x) || x > sum ? x : sum;
  case ReduceKind::Min:
    return std::isnan(x) || x < sum ? x : sum;
  case ReduceKind::Any:
  case ReduceKind::All:
    break;
  }
  llvm_unreachable("any and all reduce i1");
}

static uint64_t combineWords(ReduceKind kind, bool isUnsigned, uint64_t sum, uint64_t x) {
  bool less = isUnsigned ? x < sum : static_cast<int64_t>(x) < static_cast<int64_t>(sum);
  switch (kind) {
  case ReduceKind::Sum:
    return sum + x;
  case ReduceKind::Prod:
    return sum * x;
  case ReduceKind::Max:
    return less ? sum : x;
  case ReduceKind::Min:
    return less ? x : sum;
  case ReduceKind::Any:
    return sum | x;
  case ReduceKind::All:
    return sum & x;
  case ReduceKind::Mean:
    break;
  }
  llvm_unreachable("the mean of integers is refused by the verifier");
}

static bool startsAtOne(ReduceKind kind) {
  return kind == ReduceKind::Prod || kind == ReduceKind::All;
}

static llvm::Expected<Tensor> evaluateReduce(ReduceOp op, const Call &call) {
  const Tensor &input = call.operands[0];
  ReduceKind kind = op.getKind();
  bool isExtreme = kind == ReduceKind::Max || kind == ReduceKind::Min;
  Reduction reduction = reductionOf(op, input);
  std::optional<int64_t> count = countElements(reduction.sizes);
  if (!count || *count > kElementsMax)
    return call.fail("the result is too large");
  if (isExtreme && reduction.reducedCount == 0 && *count > 0)
    return call.fail("the largest or smallest of no elements does not exist");
  std::vector<bool> started(isExtreme ? *count : 0);
  if (input.isReal()) {
    std::vector<double> reals = input.getReals(), sums(*count, startsAtOne(kind) ? 1.0 : 0.0);
    for (size_t i = 0; i < reals.size(); ++i) {
      int64_t t = reduction.targets[i];
      bool isFirst = isExtreme && !started[t];
      // A NaN, once taken, compares false with everything and stays.
      sums[t] = isFirst ? reals[i] : combineReals(kind, sums[t], reals[i]);
      if (isFirst)
        started[t] = true;
    }
    if (kind == ReduceKind::Mean)
      for (double &sum : sums)
        sum /= static_cast<double>(reduction.reducedCount);
    return Tensor::fromReals(call.resultElementType(), reduction.sizes, sums);
  }
  std::vector<int64_t> integers = input.getIntegers(), sums(*count, startsAtOne(kind) ? 1 : 0);
  bool isUnsigned = isUnsignedKind(input.getKind());
  for (size_t i = 0; i < integers.size(); ++i) {
    int64_t t = reduction.targets[i];
    bool isFirst = isExtreme && !started[t];
    sums[t] = isFirst ? integers[i]
                      : static_cast<int64_t>(combineWords(kind, isUnsigned, sums[t], integers[i]));
    if (isFirst)
      started[t] = true;
  }
  return Tensor::fromIntegers(call.resultElementType(), reduction.sizes, sums);
}

//===----------------------------------------------------------------------===//
// Along one dimension
//===----------------------------------------------------------------------===//

// Index of the winner among `size` elements; `beats(i, best)` is strict, so
// that the first of equals stays.
static int64_t winner(int64_t size, llvm::function_ref<bool(int64_t, int64_t)> beats) {
  int64_t best = 0;
  for (int64_t i = 1; i < size; ++i)
    if (beats(i, best))
      best = i;
  return best;
}

static llvm::Expected<Tensor> evaluateArgReduce(ArgReduceOp op, const Call &call) {
  const Tensor &input = call.operands[0];
  size_t dim = op.getDim();
  AxisView view(input.getSizes(), dim);
  bool isMax = op.getKind() == ReduceKind::Max, isUnsigned = isUnsignedKind(input.getKind());
  Sizes sizes(input.getSizes());
  if (op.getKeepDim())
    sizes[dim] = 1;
  else
    sizes.erase(sizes.begin() + dim);
  if (view.size == 0 && view.outer * view.inner > 0)
    return call.fail("the largest or smallest of no elements does not exist");
  bool isReal = input.isReal();
  std::vector<double> reals = isReal ? input.getReals() : std::vector<double>();
  std::vector<int64_t> integers = isReal ? std::vector<int64_t>() : input.getIntegers();
  std::vector<int64_t> result;
  for (int64_t o = 0; o < view.outer; ++o)
    for (int64_t k = 0; k < view.inner; ++k)
      result.push_back(winner(view.size, [&](int64_t i, int64_t best) {
        int64_t a = view.at(o, i, k), b = view.at(o, best, k);
        if (isReal) {
          if (std::isnan(reals[b]))
            return false;
          return std::isnan(reals[a]) || (isMax ? reals[a] > reals[b] : reals[a] < reals[b]);
        }
        int64_t x = integers[isMax ? b : a], y = integers[isMax ? a : b];
        return isUnsigned ? static_cast<uint64_t>(x) < static_cast<uint64_t>(y) : x < y;
      }));
  return Tensor::fromIntegers(call.resultElementType(), sizes, result);
}

static llvm::Expected<Tensor> evaluateCumsum(CumsumOp op, const Call &call) {
  const Tensor &input = call.operands[0];
  AxisView view(input.getSizes(), op.getDim());
  auto accumulate = [&](auto &values) {
    for (int64_t o = 0; o < view.outer; ++o)
      for (int64_t i = 1; i < view.size; ++i)
        for (int64_t k = 0; k < view.inner; ++k)
          values[view.at(o, i, k)] += values[view.at(o, i - 1, k)];
  };
  if (input.isReal()) {
    std::vector<double> reals = input.getReals();
    accumulate(reals);
    return Tensor::fromReals(call.resultElementType(), input.getSizes(), reals);
  }
  std::vector<int64_t> integers = input.getIntegers();
  std::vector<uint64_t> words(integers.begin(), integers.end());
  accumulate(words);
  integers.assign(words.begin(), words.end());
  return Tensor::fromIntegers(call.resultElementType(), input.getSizes(), integers);
}

static llvm::Expected<Tensor> evaluateSoftmax(SoftmaxOp op, const Call &call) {
  const Tensor &input = call.operands[0];
  // A rank-0 tensor counts as one element along dimension 0.
  AxisView view(input.getSizes(), op.getDim());
  std::vector<double> x = input.getReals();
  for (int64_t o = 0; o < view.outer; ++o)
    for (int64_t k = 0; k < view.inner; ++k) {
      double top = -std::numeric_limits<double>::infinity(), sum = 0;
      for (int64_t i = 0; i < view.size; ++i)
        top = combineReals(ReduceKind::Max, top, x[view.at(o, i, k)]);
      for (int64_t i = 0; i < view.size; ++i)
        sum += math::exp(x[view.at(o, i, k)] - top);
      double logSum = op.getLog() ? math::log(sum) : 0;
      for (int64_t i = 0; i < view.size; ++i) {
        double &element = x[view.at(o, i, k)];
        element = op.getLog() ? element - top - logSum : math::exp(element - top) / sum;
      }
    }
  return Tensor::fromReals(call.resultElementType(), input.getSizes(), x);
}

void reference::addReductionOps(EvaluatorTable &table) {
  table.add<ReduceOp>(evaluateReduce);
  table.add<ArgReduceOp>(evaluateArgReduce);
  table.add<CumsumOp>(evaluateCumsum);
  table.add<SoftmaxOp>(evaluateSoftmax);
}
