// SPDX-License-Identifier: Apache-2.0
//
// The rules G1..G11 of VerifyGraphContract, by family.
#ifndef LATHE_PASSES_IMPORT_GRAPHCONTRACT_H
#define LATHE_PASSES_IMPORT_GRAPHCONTRACT_H

#include "dialects/Graph/GraphOps.h"
#include "llvm/ADT/StringSet.h"

namespace lathe {

enum class Stage { Imported, Simplified, Assigned, Outlined, Planned };

/// Module attribute that names the stage.
constexpr llvm::StringLiteral kStageAttr = "graph.stage";

std::optional<Stage> parseStage(llvm::StringRef name);

/// G2, names: what the loader of a program takes.
mlir::LogicalResult verifyNames(mlir::ModuleOp module);
/// C1: ranked, with elements that operators of the graph take; a scale for each
/// index of the axis where they are quantized along one.
bool isModelTensor(mlir::Type type);
/// Whether the constant sizes of a model's tensor have a product that a region of
/// a program may have in bytes.
bool fitsMemory(mlir::RankedTensorType tensor);
/// G3, G4, G7 (layouts) of a method, a kernel or a weight's initializer.
/// `defined` are the names that may stand in sizes.
mlir::LogicalResult verifySizes(mlir::Operation *root, const llvm::StringSet<> &defined,
                                Stage stage);
/// G4 of a method.
mlir::LogicalResult verifyBindings(mlir::func::FuncOp method, mlir::SymbolTable &symbols);
/// How an input's dimension sets a symbol:
/// symbol = (dimension - addend) / divisor.
struct SymbolBinding {
  unsigned argument, axis;
  int64_t divisor, addend;
};
/// The first input dimension that is linear in `symbol` alone, plain ones
/// before others.
std::optional<SymbolBinding> findBinding(mlir::func::FuncOp method, graph::SymbolOp symbol);
/// An error for a size that is used in a method, but is set by none of its
/// inputs.
mlir::LogicalResult verifySolvable(mlir::ModuleOp module);
/// G5, G6.
mlir::LogicalResult verifyWeights(mlir::ModuleOp module, mlir::SymbolTable &symbols,
                                  bool checkStore);

} // namespace lathe

#endif // LATHE_PASSES_IMPORT_GRAPHCONTRACT_H
