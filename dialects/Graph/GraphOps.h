// SPDX-License-Identifier: Apache-2.0
//
// Operators of the graph dialect.
#ifndef LATHE_DIALECTS_GRAPH_GRAPHOPS_H
#define LATHE_DIALECTS_GRAPH_GRAPHOPS_H

#include "dialects/Graph/GraphDialect.h"
#include "dialects/Graph/SizeExpr.h"
#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/Dialect/Quant/IR/QuantTypes.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/IR/RegionKindInterface.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/ControlFlowInterfaces.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

namespace lathe::graph {

/// The type of `value`, which is a tensor.
inline mlir::RankedTensorType typeOf(mlir::Value value) {
  return llvm::cast<mlir::RankedTensorType>(value.getType());
}

/// Equal element types and sizes, whatever the layouts: what type inference
/// asks of a result (ir-contract C11).
bool areCompatible(mlir::TypeRange lhs, mlir::TypeRange rhs);

/// Sizes after ATen's broadcast of two shapes; null entry never. Fails when
/// two sizes differ and neither is the constant 1.
mlir::FailureOr<llvm::SmallVector<ExprAttr>>
broadcastDims(llvm::ArrayRef<ExprAttr> lhs, llvm::ArrayRef<ExprAttr> rhs);

/// Output size of one spatial dimension of a convolution or pool.
ExprAttr windowOutput(ExprAttr input, int64_t kernel, int64_t stride,
                      int64_t low, int64_t high, int64_t dilation);

} // namespace lathe::graph

#include "dialects/Graph/GraphInterfaces.h.inc"

#define GET_OP_CLASSES
#include "dialects/Graph/GraphOps.h.inc"

#endif // LATHE_DIALECTS_GRAPH_GRAPHOPS_H
