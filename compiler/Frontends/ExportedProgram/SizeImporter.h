// SPDX-License-Identifier: Apache-2.0
// Size expressions, symbol ranges and guards of the file in the terms of the
// graph dialect.
#ifndef LATHE_COMPILER_FRONTENDS_EXPORTEDPROGRAM_SIZEIMPORTER_H
#define LATHE_COMPILER_FRONTENDS_EXPORTEDPROGRAM_SIZEIMPORTER_H

#include "compiler/Frontends/ExportedProgram/ExportedGraph.h"
#include "compiler/Frontends/Frontend.h"
#include "dialects/Graph/GraphOps.h"
#include <map>

namespace lathe::pt2 {

/// The ranges of all symbols of a program, and conversions that need them.
class SizeImporter {
public:
  SizeImporter(const ExportedProgram &program, mlir::MLIRContext *context)
      : program(program), context(context) {}

  /// Finds all symbols with their ranges and applies the user's bounds.
  /// Faults: unbounded symbols, all in one, with the inputs that have them;
  /// bounds for unknown symbols; empty ranges. Warnings: DimBounds.h.
  llvm::Error resolve(llvm::ArrayRef<DimBound> bounds,
                      std::vector<std::string> &warnings);

  /// Bounds of a symbol; [0, INT64_MAX] for one that resolve() did not see.
  graph::SizeRange rangeOf(llvm::StringRef symbol) const;

  llvm::Expected<graph::ExprAttr> convert(const SymInt &size) const;
  llvm::Expected<graph::ExprAttr>
  convert(const SizeExpression &expression) const;

  /// Emits graph.symbol and graph.assume at the builder.
  llvm::Error emit(mlir::OpBuilder &builder) const;

private:
  struct Symbol {
    int64_t lower = 0;
    std::optional<int64_t> upper;
    int64_t multiple = 1;
    bool isDataDependent = true; ///< Occurs in no input's sizes.
    std::vector<std::string> places; ///< "x[0]": dimensions that are just it.
    std::vector<std::string> expressionPlaces; ///< Others that it is part of.
  };
  llvm::Error applyBounds(llvm::ArrayRef<DimBound> bounds,
                          std::vector<std::string> &warnings);
  llvm::Error applyRanges();
  llvm::Error refuseUnbounded() const;
  llvm::Error emitRelation(const SizeExpression &relation,
                           mlir::OpBuilder &builder) const;
  void collectFromInputs();
  void collectFromValues(const Graph &graph);
  graph::ExprAttr convertCall(const SizeExpression &expression,
                              llvm::ArrayRef<graph::ExprAttr> operands) const;
  graph::ExprAttr convertRounded(const SizeExpression &expression) const;

  const ExportedProgram &program;
  mlir::MLIRContext *context;
  std::map<std::string, Symbol> symbols; ///< Sorted, for stable output.
  std::vector<DimOther> otherDims; ///< Of inputs: constants and expressions.
};

} // namespace lathe::pt2

#endif // LATHE_COMPILER_FRONTENDS_EXPORTEDPROGRAM_SIZEIMPORTER_H
