// SPDX-License-Identifier: Apache-2.0
//
// Normalisations: statistics and the affine map in double, one rounding.
#include "compiler/Reference/Operators.h"

#include <cmath>

using namespace mlir;
using namespace lathe;
using namespace lathe::graph;
using namespace lathe::reference;

using Reals = std::vector<double>;

static Reals optionalReals(const Tensor *tensor) { return tensor ? tensor->getReals() : Reals(); }

// Mean and biased variance of a run, in two passes.
static void moments(const double *x, int64_t count, double &mean, double &variance) {
  double sum = 0, squares = 0;
  for (int64_t i = 0; i < count; ++i)
    sum += x[i];
  mean = sum / static_cast<double>(count);
  for (int64_t i = 0; i < count; ++i)
    squares += (x[i] - mean) * (x[i] - mean);
  variance = squares / static_cast<double>(count);
}

static llvm::Expected<Tensor> evaluateLayerNorm(LayerNormOp op, const Call &call) {
  const Tensor &input = call.operands[0];
  Reals x = input.getReals(), weight = optionalReals(call.find(op.getWeight())),
        bias = optionalReals(call.find(op.getBias()));
  int64_t run = product(input.getSizes().take_back(op.getNormalizedRank()));
  double epsilon = op.getEpsilon().convertToDouble();
  for (size_t at = 0; run > 0 && at < x.size(); at += run) {
    double mean, variance;
    moments(&x[at], run, mean, variance);
    double scale = 1 / std::sqrt(variance + epsilon);
    for (int64_t i = 0; i < run; ++i)
      x[at + i] = (x[at + i] - mean) * scale * (weight.empty() ? 1 : weight[i]) +
                  (bias.empty() ? 0 : bias[i]);
  }
  return Tensor::fromReals(call.resultElementType(), input.getSizes(), x);
}

static llvm::Expected<Tensor> evaluateRmsNorm(RmsNormOp op, const Call &call) {
  const Tensor &input = call.operands[0];
  Reals x = input.getReals(), weight = optionalReals(call.find(op.getWeight()));
  int64_t run = product(input.getSizes().take_back(op.getNormalizedRank()));
  double epsilon = op.getEpsilon().convertToDouble();
  for (size_t at = 0; run > 0 && at < x.size(); at += run) {
    double squares = 0;
    for (int64_t i = 0; i < run; ++i)
      squares += x[at + i] * x[at + i];
    double scale = 1 / std::sqrt(squares / static_cast<double>(run) + epsilon);
    for (int64_t i = 0; i < run; ++i)
      x[at + i] *= scale * (weight.empty() ? 1 : weight[i]);
  }
  return Tensor::fromReals(call.resultElementType(), input.getSizes(), x);
}

static llvm::Expected<Tensor> evaluateGroupNorm(GroupNormOp op, const Call &call) {
  const Tensor &input = call.operands[0];
  Reals x = input.getReals(), weight = optionalReals(call.find(op.getWeight())),
        bias = optionalReals(call.find(op.getBias()));
  AxisView view(input.getSizes(), 1);
  int64_t run = view.size / op.getGroups() * view.inner;
  double epsilon = op.getEpsilon().convertToDouble();
  for (size_t at = 0; run > 0 && at < x.size(); at += run) {
    double mean, variance;
    moments(&x[at], run, mean, variance);
    double scale = 1 / std::sqrt(variance + epsilon);
    for (int64_t i = 0; i < run; ++i) {
      int64_t channel = (at + i) / view.inner % view.size;
      x[at + i] = (x[at + i] - mean) * scale * (weight.empty() ? 1 : weight[channel]) +
                  (bias.empty() ? 0 : bias[channel]);
    }
  }
  return Tensor::fromReals(call.resultElementType(), input.getSizes(), x);
}

static llvm::Expected<Tensor> evaluateBatchNorm(BatchNormOp op, const Call &call) {
  const Tensor &input = call.operands[0];
  if (input.getRank() < 2)
    return call.fail("expects an input of rank 2 or more");
  Reals x = input.getReals(), mean = call.get(op.getMean()).getReals(),
        variance = call.get(op.getVariance()).getReals(),
        weight = optionalReals(call.find(op.getWeight())),
        bias = optionalReals(call.find(op.getBias()));
  AxisView view(input.getSizes(), 1);
  size_t channels = view.size;
  for (const Reals *parameter : {&mean, &variance, &weight, &bias})
    if (parameter->size() != channels && (parameter == &mean || parameter == &variance || !parameter->empty()))
      return call.fail("expects one parameter for each of " + Twine(channels) + " channels");
  double epsilon = op.getEpsilon().convertToDouble();
  for (size_t i = 0; i < x.size(); ++i) {
    int64_t c = static_cast<int64_t>(i) / view.inner % view.size;
    double normal = (x[i] - mean[c]) / std::sqrt(variance[c] + epsilon);
    x[i] = normal * (weight.empty() ? 1 : weight[c]) + (bias.empty() ? 0 : bias[c]);
  }
  return Tensor::fromReals(call.resultElementType(), input.getSizes(), x);
}

void reference::addNormOps(EvaluatorTable &table) {
  table.add<LayerNormOp>(evaluateLayerNorm);
  table.add<RmsNormOp>(evaluateRmsNorm);
  table.add<GroupNormOp>(evaluateGroupNorm);
  table.add<BatchNormOp>(evaluateBatchNorm);
}
