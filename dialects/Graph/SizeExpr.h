// SPDX-License-Identifier: Apache-2.0
//
// Factories and queries for #graph.expr, the integer size expressions that
// stand in tensor types. Every factory returns the canonical form: a sum of
// terms, each a coefficient times a sorted product of symbols and of
// floordiv/ceildiv/mod/min/max nodes. Equal attributes mean equal sizes; the
// converse holds for polynomials.
//
// A factory returns a null attribute when a coefficient leaves 64 bits or the
// expression exceeds kSizeExprNodesMax nodes: the caller reports the fault.
#ifndef LATHE_DIALECTS_GRAPH_SIZEEXPR_H
#define LATHE_DIALECTS_GRAPH_SIZEEXPR_H

#include "dialects/Graph/GraphDialect.h"
#include "mlir/IR/AffineMap.h"
#include "llvm/ADT/STLFunctionalExtras.h"

namespace lathe::graph {

/// Most nodes of one size expression (runtime/include/lathe/limits.h has the
/// same figure for the program file).
constexpr unsigned kSizeExprNodesMax = 64;

ExprAttr makeConstant(mlir::MLIRContext *context, int64_t value);
ExprAttr makeSymbol(mlir::MLIRContext *context, llvm::StringRef name);
ExprAttr makeAdd(ExprAttr lhs, ExprAttr rhs);
ExprAttr makeSub(ExprAttr lhs, ExprAttr rhs);
ExprAttr makeMul(ExprAttr lhs, ExprAttr rhs);
/// Division rounds to minus infinity; a constant divisor must not be zero
/// (null otherwise), another must be positive at run time.
ExprAttr makeFloorDiv(ExprAttr lhs, ExprAttr rhs);
ExprAttr makeCeilDiv(ExprAttr lhs, ExprAttr rhs);
/// lhs - rhs * (lhs floordiv rhs).
ExprAttr makeMod(ExprAttr lhs, ExprAttr rhs);
ExprAttr makeMin(ExprAttr lhs, ExprAttr rhs);
ExprAttr makeMax(ExprAttr lhs, ExprAttr rhs);
/// Product of all dims (1 for none).
ExprAttr makeProduct(mlir::MLIRContext *context, llvm::ArrayRef<ExprAttr> dims);

/// lhs / rhs when rhs divides every term exactly, otherwise null. Used to
/// solve a reshape's -1.
ExprAttr divideExactly(ExprAttr lhs, ExprAttr rhs);

/// Value under an assignment; nothing when a symbol is unknown, a divisor is
/// not positive or the arithmetic leaves 64 bits.
std::optional<int64_t>
evaluate(ExprAttr expr,
         llvm::function_ref<std::optional<int64_t>(llvm::StringRef)> valueOf);

/// Inclusive bounds under inclusive bounds of the symbols (interval
/// arithmetic, saturating at the ends of 64 bits).
struct SizeRange {
  int64_t min;
  int64_t max;
};
SizeRange rangeOf(ExprAttr expr,
                  llvm::function_ref<SizeRange(llvm::StringRef)> rangeOfSymbol);

/// Replaces symbols; a null result of `replacement` keeps the symbol.
ExprAttr substitute(ExprAttr expr,
                    llvm::function_ref<ExprAttr(llvm::StringRef)> replacement);

/// Calls `visit` for each symbol occurrence.
void visitSymbols(ExprAttr expr,
                  llvm::function_ref<void(llvm::StringRef)> visit);

/// Infix text (`s27 * 2 + 1`), the form that `#graph.expr` prints.
void printSizeExpr(llvm::raw_ostream &os, ExprAttr expr);
std::string toString(ExprAttr expr);
/// Parses the infix text; emits at the parser's location and returns null.
ExprAttr parseSizeExpr(mlir::AsmParser &parser);

/// Sizes of a tensor type: from its #graph.info, else its static shape. A
/// dynamic shape without #graph.info gives null entries.
llvm::SmallVector<ExprAttr> getDims(mlir::RankedTensorType type);
/// The tensor type with these sizes; carries #graph.info only when needed.
mlir::RankedTensorType getTensorType(llvm::ArrayRef<ExprAttr> dims,
                                     mlir::Type elementType,
                                     LayoutAttr layout = {});
/// The layout in a type's encoding, or null for dense row-major.
LayoutAttr getLayout(mlir::RankedTensorType type);
/// The type without its layout.
mlir::RankedTensorType withoutLayout(mlir::RankedTensorType type);
/// Sizes of the dense row-major array that holds the tensor: with padding, in
/// the order of the layout, inner tiles last.
llvm::SmallVector<ExprAttr> getPhysicalDims(mlir::RankedTensorType type);
/// Where in that array the logical point d0..dn lies.
mlir::AffineMap getPhysicalMap(mlir::RankedTensorType type);

} // namespace lathe::graph

#endif // LATHE_DIALECTS_GRAPH_SIZEEXPR_H
