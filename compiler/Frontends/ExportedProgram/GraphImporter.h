// SPDX-License-Identifier: Apache-2.0
// Imports the nodes of a graph, subgraphs of control flow included, into the
// block at the builder's insertion point.
#ifndef LATHE_COMPILER_FRONTENDS_EXPORTEDPROGRAM_GRAPHIMPORTER_H
#define LATHE_COMPILER_FRONTENDS_EXPORTEDPROGRAM_GRAPHIMPORTER_H

#include "compiler/Frontends/ExportedProgram/OperatorCall.h"
#include "compiler/Frontends/ExportedProgram/OperatorRefusals.h"
#include "compiler/Frontends/ExportedProgram/SizeImporter.h"

namespace lathe::pt2 {

/// The rows of all families; built once.
const RowTable &importRows();
/// The row of an operator: its own, that of its functional form where it is
/// in-place ("aten.add_.Tensor" -> "aten.add.Tensor"; then `isInPlace` is
/// set), or null.
const ImportRow *findRow(llvm::StringRef name, bool &isInPlace);
/// Control flow and regions, which are no rows.
bool isImportedRegion(llvm::StringRef name);

class GraphImporter {
public:
  GraphImporter(const SizeImporter &sizes, GraphEmitter &emitter,
                AliasTracker &aliases, OperatorRefusals &refusals)
      : sizes(sizes), emitter(emitter), aliases(aliases), refusals(refusals) {}

  /// Imports the nodes; `scope` holds the graph's inputs and gets its values.
  /// Refused nodes are added to `refusals` and are no fault: what is built then
  /// only serves to find the others.
  llvm::Error importNodes(const Graph &graph, Scope &scope);

  /// Relations that claimed and inferred sizes need, for graph.assume.
  llvm::ArrayRef<std::pair<graph::ExprAttr, graph::ExprAttr>>
  assumptions() const {
    return assumedEqual;
  }

private:
  llvm::Error importNode(const Node &node, const Graph &graph, Scope &scope);
  llvm::Error translate(const Node &node, const Graph &graph, Scope &scope);
  llvm::Error standIn(const Node &node, const Graph &graph, Scope &scope);
  void standInFor(const Argument &output, const Graph &graph, Scope &scope);
  llvm::Error importRegions(const Node &node, OperatorCall &call);
  void runRow(const ImportRow &row, bool isInPlace, OperatorCall &call);
  void bindResults(const Node &node, const Graph &graph, OperatorCall &call);
  void bindTensor(llvm::StringRef name, const Graph &graph, Scope &scope,
                  TensorRef tensor);
  void bindSymbolic(const Argument &output, const Graph &graph,
                    OperatorCall &call);
  void checkClaim(llvm::StringRef name, const TensorMeta &claimed,
                  mlir::Value value);
  void checkSize(llvm::StringRef name, size_t index,
                 graph::ExprAttr claimed, graph::ExprAttr inferred);

  llvm::Error inlineGraph(OperatorCall &call);
  llvm::Error importCond(OperatorCall &call);
  llvm::Error importWhile(OperatorCall &call);
  /// Imports `body` into a new region whose block takes `types`.
  llvm::Expected<std::unique_ptr<mlir::Region>>
  importRegion(const Graph &body, mlir::TypeRange types, bool isCondition);

  const SizeImporter &sizes;
  GraphEmitter &emitter;
  AliasTracker &aliases;
  OperatorRefusals &refusals;
  llvm::SmallVector<std::pair<graph::ExprAttr, graph::ExprAttr>> assumedEqual;
};

} // namespace lathe::pt2

#endif // LATHE_COMPILER_FRONTENDS_EXPORTEDPROGRAM_GRAPHIMPORTER_H
