// SPDX-License-Identifier: Apache-2.0
//
// Transposed convolutions phase by phase, as the operator is defined: in double.
#include "compiler/Reference/Operators.h"

using namespace mlir;
using namespace lathe;
using namespace lathe::graph;
using namespace lathe::reference;

using Reals = std::vector<double>;

static llvm::Expected<Tensor> evaluatePhaseConv(PhaseConvOp op, const Call &call) {
  ArrayRef<int64_t> input = call.operands[0].getSizes(), weight = call.operands[1].getSizes();
  ArrayRef<int64_t> strides = op.getStrides(), shifts = op.getShifts();
  size_t spatial = strides.size();
  Sizes result{input[0], weight[0]}, taps{input[1]};
  for (size_t i = 0; i < spatial; ++i) {
    taps.push_back(weight[spatial + i + 2]);
    result.push_back((input[i + 2] - taps.back() + 1 - (shifts[i] > 0)) * strides[i]);
  }
  if (auto count = countElements(result); !count || *count > kElementsMax)
    return call.fail("the result is too large");
  Reals inputs = call.operands[0].getReals(), weights = call.operands[1].getReals();
  Reals bias = op.getBias() ? call.get(op.getBias()).getReals() : Reals(weight[0]);
  Sizes inputStrides = rowMajorStrides(input), weightStrides = rowMajorStrides(weight);
  Reals sums;
  Sizes at(result.size(), 0);
  if (llvm::is_contained(result, 0))
    return Tensor::fromReals(call.resultElementType(), result, sums);
  do {
    double sum = bias[at[1]];
    Sizes tap(taps.size(), 0);
    do {
      Sizes from{at[0], tap[0]}, with{at[1], tap[0]};
      for (size_t i = 0; i < spatial; ++i) {
        int64_t phase = at[i + 2] % strides[i];
        from.push_back(at[i + 2] / strides[i] + tap[i + 1] + (phase + shifts[i]) / strides[i]);
        with.push_back(phase);
      }
      with.append(tap.begin() + 1, tap.end());
      sum += inputs[flatten(from, inputStrides)] * weights[flatten(with, weightStrides)];
    } while (advance(tap, taps));
    sums.push_back(sum);
  } while (advance(at, result));
  return Tensor::fromReals(call.resultElementType(), result, sums);
}

void reference::addPhaseConvOps(EvaluatorTable &table) {
  table.add<PhaseConvOp>(evaluatePhaseConv);
}
