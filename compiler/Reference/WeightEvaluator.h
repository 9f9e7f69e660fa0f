// SPDX-License-Identifier: Apache-2.0
//
// Weights with initializers as a program holds them: computed by the reference
// interpreter, and laid out as their type says.
#ifndef LATHE_COMPILER_REFERENCE_WEIGHTEVALUATOR_H
#define LATHE_COMPILER_REFERENCE_WEIGHTEVALUATOR_H

#include "compiler/Reference/Interpreter.h"
#include <memory>
#include <mutex>
#include <vector>

namespace lathe {

/// For a verified module that does not change meanwhile. Calls may come from
/// several threads; each has an interpreter of its own while it computes.
class WeightEvaluator {
public:
  explicit WeightEvaluator(mlir::ModuleOp module) : module(module) {}

  /// The bytes of a weight in the layout of its type. Nothing is kept: what two
  /// weights share is computed for each.
  llvm::Expected<std::vector<char>> evaluate(graph::WeightOp weight);

private:
  llvm::Expected<std::unique_ptr<Interpreter>> acquire();

  mlir::ModuleOp module;
  std::mutex mutex;
  std::vector<std::unique_ptr<Interpreter>> idle; ///< their symbol tables are filled
};

} // namespace lathe

#endif // LATHE_COMPILER_REFERENCE_WEIGHTEVALUATOR_H
