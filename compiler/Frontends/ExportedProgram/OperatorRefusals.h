// SPDX-License-Identifier: Apache-2.0
// Operators that are not imported, and forms of imported ones: collected over
// the whole model, reported as one fault.
#ifndef LATHE_COMPILER_FRONTENDS_EXPORTEDPROGRAM_OPERATORREFUSALS_H
#define LATHE_COMPILER_FRONTENDS_EXPORTEDPROGRAM_OPERATORREFUSALS_H

#include "compiler/Frontends/ExportedProgram/ExportedGraph.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringSet.h"

namespace lathe::pt2 {

/// Refers to nodes of the program, which must outlive it.
class OperatorRefusals {
public:
  /// A node whose operator has no row at all.
  void addOperator(const Node &node, std::string reason);
  /// A node whose operator is imported, but not in this form. Without a remedy,
  /// what is known of the operator is advised.
  void addForm(const Node &node, const Fault &fault);
  /// Whether addOperator() was called for a node with this operator.
  bool refusesOperator(llvm::StringRef name) const { return operators.contains(name); }
  bool empty() const { return entries.empty(); }
  /// All of them as one fault, or success where there are none.
  llvm::Error take();

private:
  /// "3 x acme.swirl.default: unknown operator; first at node 'swirl', ..."
  struct Entry {
    llvm::StringRef op;
    std::string reason;
    std::string remedy; ///< Of a form, may be empty.
    bool isForm = false;
    unsigned count = 0;
    const Node *first = nullptr;
  };
  void add(const Node &node, Entry entry);
  std::string adviceFor(const Entry &entry) const;
  std::string remedies() const;

  std::vector<Entry> entries;
  llvm::StringSet<> operators;
};

/// Every operator, in subgraphs too, that torch does not know or whose name
/// (Node::operatorName()) `isImported` does not accept.
OperatorRefusals refusedOperators(const ExportedProgram &program,
                                  llvm::function_ref<bool(llvm::StringRef)> isImported);

} // namespace lathe::pt2

#endif // LATHE_COMPILER_FRONTENDS_EXPORTEDPROGRAM_OPERATORREFUSALS_H
