// SPDX-License-Identifier: Apache-2.0
//
// The graph dialect: include this for its dialect class, attributes and enums;
// GraphOps.h for its operators.
#ifndef LATHE_DIALECTS_GRAPH_GRAPHDIALECT_H
#define LATHE_DIALECTS_GRAPH_GRAPHDIALECT_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/TensorEncoding.h"

namespace lathe {
class WeightStore;
} // namespace lathe

#include "dialects/Graph/GraphEnums.h.inc"

#include "dialects/Graph/GraphDialect.h.inc"

#define GET_ATTRDEF_CLASSES
#include "dialects/Graph/GraphAttributes.h.inc"

namespace lathe::graph {

/// Argument and result attribute of a method: the exported tensor name.
constexpr llvm::StringLiteral kNameAttr = "graph.name";
/// Highest tensor rank anywhere in Lathe.
constexpr unsigned kRankMax = 8;

} // namespace lathe::graph

#endif // LATHE_DIALECTS_GRAPH_GRAPHDIALECT_H
