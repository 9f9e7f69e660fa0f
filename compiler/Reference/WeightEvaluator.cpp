// SPDX-License-Identifier: Apache-2.0
#include "compiler/Reference/WeightEvaluator.h"

#include "compiler/Reference/Layout.h"

using namespace mlir;
using namespace lathe;

llvm::Expected<std::unique_ptr<Interpreter>> WeightEvaluator::acquire() {
  {
    std::lock_guard<std::mutex> lock(mutex);
    if (!idle.empty()) {
      std::unique_ptr<Interpreter> interpreter = std::move(idle.back());
      idle.pop_back();
      return interpreter;
    }
  }
  return Interpreter::create(module);
}

llvm::Expected<std::vector<char>> WeightEvaluator::evaluate(graph::WeightOp weight) {
  llvm::Expected<std::unique_ptr<Interpreter>> interpreter = acquire();
  if (!interpreter)
    return interpreter.takeError();
  llvm::Expected<Tensor> value = (*interpreter)->evaluateWeight(weight);
  (*interpreter)->releaseWeights();
  {
    std::lock_guard<std::mutex> lock(mutex);
    idle.push_back(std::move(*interpreter));
  }
  if (!value)
    return value.takeError();
  return layOut(*value, llvm::cast<RankedTensorType>(weight.getType()));
}
