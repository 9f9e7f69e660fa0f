// SPDX-License-Identifier: Apache-2.0
//
// LSTM and GRU layer stacks. States stay in double from step to step; what
// leaves the operator is rounded once.
#include "compiler/Reference/Math.h"
#include "compiler/Reference/Operators.h"

using namespace mlir;
using namespace lathe;
using namespace lathe::graph;
using namespace lathe::reference;

using Reals = std::vector<double>;

namespace {
/// Weights of one layer in one direction; biases are empty if absent.
struct Cell {
  Reals inputWeight, hiddenWeight, inputBias, hiddenBias;
  int64_t width, hidden;
};
} // namespace

// rows sums of `weight` [rows, width] times `x`, plus the bias.
static Reals affine(const Reals &weight, const Reals &bias, const double *x, int64_t rows,
                    int64_t width) {
  Reals sums(rows);
  for (int64_t r = 0; r < rows; ++r) {
    double sum = bias.empty() ? 0 : bias[r];
    for (int64_t k = 0; k < width; ++k)
      sum += weight[r * width + k] * x[k];
    sums[r] = sum;
  }
  return sums;
}

// One step of one sequence: h and c [hidden] are replaced.
static void stepLstm(const Cell &cell, const double *x, double *h, double *c) {
  int64_t n = cell.hidden;
  Reals a = affine(cell.inputWeight, cell.inputBias, x, 4 * n, cell.width);
  Reals b = affine(cell.hiddenWeight, cell.hiddenBias, h, 4 * n, n);
  for (int64_t k = 0; k < n; ++k) {
    double in = math::sigmoid(a[k] + b[k]), forget = math::sigmoid(a[n + k] + b[n + k]);
    double gate = math::tanh(a[2 * n + k] + b[2 * n + k]);
    double out = math::sigmoid(a[3 * n + k] + b[3 * n + k]);
    c[k] = forget * c[k] + in * gate;
    h[k] = out * math::tanh(c[k]);
  }
}

static void stepGru(const Cell &cell, const double *x, double *h, double *) {
  int64_t n = cell.hidden;
  Reals a = affine(cell.inputWeight, cell.inputBias, x, 3 * n, cell.width);
  Reals b = affine(cell.hiddenWeight, cell.hiddenBias, h, 3 * n, n);
  for (int64_t k = 0; k < n; ++k) {
    double reset = math::sigmoid(a[k] + b[k]), update = math::sigmoid(a[n + k] + b[n + k]);
    double fresh = math::tanh(a[2 * n + k] + reset * b[2 * n + k]);
    h[k] = (1 - update) * fresh + update * h[k];
  }
}

namespace {
using Step = void (*)(const Cell &, const double *, double *, double *);

/// A whole stack: sequences as [t, n, width], states as [layers * d, n, hidden].
struct Stack {
  int64_t steps, batch, directions;
  Reals sequence, h, c;
  Step step;
};
} // namespace

static void runDirection(Stack &stack, const Cell &cell, int64_t state, bool isReverse, int64_t column,
                         Reals &output) {
  int64_t n = cell.hidden, outputWidth = n * stack.directions;
  for (int64_t b = 0; b < stack.batch; ++b) {
    double *h = stack.h.data() + (state * stack.batch + b) * n;
    double *c = stack.c.empty() ? nullptr : stack.c.data() + (state * stack.batch + b) * n;
    for (int64_t s = 0; s < stack.steps; ++s) {
      int64_t t = isReverse ? stack.steps - 1 - s : s;
      stack.step(cell, stack.sequence.data() + (t * stack.batch + b) * cell.width, h, c);
      std::copy(h, h + n, output.begin() + (t * stack.batch + b) * outputWidth + column);
    }
  }
}

static void runStack(Stack &stack, ArrayRef<Tensor> weights, int64_t layers, int64_t width,
                     int64_t hidden, bool hasBiases) {
  size_t perCell = hasBiases ? 4 : 2;
  for (int64_t layer = 0; layer < layers; ++layer) {
    Reals output(stack.steps * stack.batch * hidden * stack.directions);
    for (int64_t d = 0; d < stack.directions; ++d) {
      int64_t state = layer * stack.directions + d;
      ArrayRef<Tensor> own = weights.slice(state * perCell, perCell);
      Cell cell{own[0].getReals(),
                own[1].getReals(),
                hasBiases ? own[2].getReals() : Reals(),
                hasBiases ? own[3].getReals() : Reals(),
                layer == 0 ? width : hidden * stack.directions,
                hidden};
      runDirection(stack, cell, state, d == 1, d * hidden, output);
    }
    stack.sequence = std::move(output);
  }
}

// [n, t, x] <-> [t, n, x].
static Reals swapOuter(const Reals &data, int64_t outer, int64_t inner, int64_t run) {
  Reals result(data.size());
  for (int64_t i = 0; i < outer; ++i)
    for (int64_t j = 0; j < inner; ++j)
      std::copy_n(data.begin() + (i * inner + j) * run, run, result.begin() + (j * outer + i) * run);
  return result;
}

template <typename Op>
static llvm::Expected<Results> evaluateRnn(Op op, const Call &call, Step step, const Tensor *c0) {
  const Tensor &input = call.operands[0], &h0 = call.operands[1];
  bool batchFirst = op.getBatchFirst();
  int64_t width = input.getSize(2), hidden = h0.getSize(2);
  Stack stack{input.getSize(batchFirst ? 1 : 0),
              input.getSize(batchFirst ? 0 : 1),
              op.getBidirectional() ? 2 : 1,
              input.getReals(),
              h0.getReals(),
              c0 ? c0->getReals() : Reals(),
              step};
  if (batchFirst)
    stack.sequence = swapOuter(stack.sequence, stack.batch, stack.steps, width);
  runStack(stack, call.operands.take_back(op.getWeights().size()), op.getLayers(), width, hidden,
           op.getHasBiases());
  int64_t outputWidth = hidden * stack.directions;
  Sizes sizes(input.getSizes());
  sizes[2] = outputWidth;
  if (batchFirst)
    stack.sequence = swapOuter(stack.sequence, stack.steps, stack.batch, outputWidth);
  Results results;
  Type type = input.getElementType();
  for (auto [reals, shape] : {std::pair<Reals *, ArrayRef<int64_t>>{&stack.sequence, sizes},
                              {&stack.h, h0.getSizes()},
                              {c0 ? &stack.c : nullptr, h0.getSizes()}}) {
    if (!reals)
      continue;
    llvm::Expected<Tensor> result = Tensor::fromReals(type, shape, *reals);
    if (!result)
      return result.takeError();
    results.push_back(*result);
  }
  return results;
}

void reference::addRecurrentOps(EvaluatorTable &table) {
  table.addMany<LstmOp>([](LstmOp op, const Call &call) {
    return evaluateRnn(op, call, stepLstm, &call.operands[2]);
  });
  table.addMany<GruOp>(
      [](GruOp op, const Call &call) { return evaluateRnn(op, call, stepGru, nullptr); });
}
