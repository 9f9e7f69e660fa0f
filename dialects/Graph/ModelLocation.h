// SPDX-License-Identifier: Apache-2.0
//
// Locations of the user's model (ir-contract C18): the node, its operator, and
// the user's line and function.
#ifndef LATHE_DIALECTS_GRAPH_MODELLOCATION_H
#define LATHE_DIALECTS_GRAPH_MODELLOCATION_H

#include "mlir/IR/Location.h"
#include "llvm/ADT/SmallVector.h"
#include <string>

namespace lathe::graph {

/// One node of the user's model; what is unknown is empty.
struct ModelNode {
  llvm::StringRef name;     ///< "conv2d_3"
  llvm::StringRef op;       ///< "aten.conv2d.default"
  llvm::StringRef file;     ///< "model.py"
  llvm::StringRef function; ///< "forward"
  unsigned line = 0;

  /// "model.py:41 in forward", or an empty string.
  std::string source() const;
  /// "node 'conv2d_3' (aten.conv2d.default), model.py:41 in forward"
  std::string words() const;
};

/// fused<{function = "forward", op = "aten.conv2d.default"}>["conv2d_3",
/// "model.py":41:0]: the metadata keeps a node's parts together where
/// locations are fused further.
mlir::Location makeModelLocation(mlir::MLIRContext *context, const ModelNode &node);

/// The nodes that a location is fused of, in order. Before the first named one
/// there may be one without a name: a line of an input that is text. The texts
/// are the context's.
llvm::SmallVector<ModelNode, 1> modelNodesOf(mlir::Location location);

} // namespace lathe::graph

#endif // LATHE_DIALECTS_GRAPH_MODELLOCATION_H
