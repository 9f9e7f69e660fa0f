// SPDX-License-Identifier: Apache-2.0
// What must hold of a decoded program as a whole, before anything is built
// from it: each check is here and nowhere else.
#ifndef LATHE_COMPILER_FRONTENDS_EXPORTEDPROGRAM_GRAPHCHECK_H
#define LATHE_COMPILER_FRONTENDS_EXPORTEDPROGRAM_GRAPHCHECK_H

#include "compiler/Frontends/ExportedProgram/ExportedGraph.h"
#include "compiler/Frontends/ExportedProgram/Pt2Weights.h"
#include "llvm/ADT/STLFunctionalExtras.h"

namespace lathe::pt2 {

/// Checks names, order, signature and weights: every value is defined once and
/// before it is read, has a type, the signature fits the graph, and each stored
/// tensor exists with the type that the graph states.
llvm::Error checkGraph(const ExportedProgram &program,
                       const StoredTensors &tensors);

/// Checks that the arguments of every node fit its operator's schema.
llvm::Error checkArguments(const ExportedProgram &program);

/// Calls `visit` for each node of the graph and of its subgraphs, in order,
/// until one returns a fault.
llvm::Error forEachNode(const Graph &graph,
                        llvm::function_ref<llvm::Error(const Node &)> visit);

} // namespace lathe::pt2

#endif // LATHE_COMPILER_FRONTENDS_EXPORTEDPROGRAM_GRAPHCHECK_H
