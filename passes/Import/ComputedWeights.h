// SPDX-License-Identifier: Apache-2.0
//
// Weights whose value is an expression of other weights (ir-contract C4): an
// initializer region that is evaluated when the program is written.
#ifndef LATHE_PASSES_IMPORT_COMPUTEDWEIGHTS_H
#define LATHE_PASSES_IMPORT_COMPUTEDWEIGHTS_H

#include "dialects/Graph/GraphOps.h"
#include <map>

namespace lathe {

/// True for a value that a weight's initializer can copy: a graph.use_weight
/// or a graph.constant.
bool isWeightOrConstant(mlir::Value value);

/// Creates computed weights in one module; equal initializers are one weight.
class ComputedWeights {
public:
  explicit ComputedWeights(mlir::ModuleOp module);

  /// A weight named after `name`. `build` gets copies of `sources` (weights or
  /// constants; a null source gives a null copy) inside the initializer and
  /// returns the weight's value.
  graph::WeightOp
  create(llvm::StringRef name, mlir::Location location, mlir::ValueRange sources,
         llvm::function_ref<mlir::Value(mlir::OpBuilder &, llvm::ArrayRef<mlir::Value>)> build);

private:
  std::string initializerText(graph::WeightOp weight) const;

  mlir::ModuleOp module;
  mlir::SymbolTable symbols;
  std::map<std::string, graph::WeightOp> weightOf; ///< by initializer text
};

/// Name of the weight that `value` reads, or "constant".
llvm::StringRef weightName(mlir::Value value);

} // namespace lathe

#endif // LATHE_PASSES_IMPORT_COMPUTEDWEIGHTS_H
