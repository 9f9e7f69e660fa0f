// SPDX-License-Identifier: Apache-2.0
//
// What the type inference of all operator families shares. Included by the
// GraphInfer*.cpp files only.
#ifndef LATHE_DIALECTS_GRAPH_INFERENCE_H
#define LATHE_DIALECTS_GRAPH_INFERENCE_H

#include "dialects/Graph/GraphOps.h"

namespace lathe::graph {

/// The sizes of an operand; a dynamic type without #graph.info has none to
/// infer from.
inline mlir::LogicalResult dimsOf(std::optional<mlir::Location> location, mlir::Value value,
                                  llvm::SmallVectorImpl<ExprAttr> &dims) {
  dims = getDims(typeOf(value));
  if (llvm::is_contained(dims, ExprAttr()))
    return mlir::emitOptionalError(location, "operand type ", value.getType(),
                                   " lacks #graph.info");
  return mlir::success();
}

} // namespace lathe::graph

/// Opens the definition of an operator's type inference.
#define LATHE_INFER(OP)                                                                            \
  LogicalResult OP::inferReturnTypes(MLIRContext *context, std::optional<Location> location,       \
                                     Adaptor adaptor, SmallVectorImpl<Type> &results)

#endif // LATHE_DIALECTS_GRAPH_INFERENCE_H
