// SPDX-License-Identifier: Apache-2.0
//
// Which operators can fail at run time.
#ifndef LATHE_DIALECTS_GRAPH_INDEXCHECKS_H
#define LATHE_DIALECTS_GRAPH_INDEXCHECKS_H

#include "dialects/Graph/GraphOps.h"

namespace lathe::graph {

/// Whether the operator reads indices from a tensor, which its kernel checks.
/// Nothing else that a kernel does fails.
inline bool checksIndices(mlir::Operation *op) {
  return llvm::isa<GatherOp, GatherElementsOp, IndexOp, IndexPutOp>(op);
}

} // namespace lathe::graph

#endif // LATHE_DIALECTS_GRAPH_INDEXCHECKS_H
