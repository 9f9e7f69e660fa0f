// SPDX-License-Identifier: Apache-2.0
//
// Kernels of the graph dialect as functions on tensors in linalg: what every
// target starts from (ir-contract C14). The form of the functions is described
// in GraphToLinalg.td.
#ifndef LATHE_PASSES_LOWER_GRAPHTOLINALG_H
#define LATHE_PASSES_LOWER_GRAPHTOLINALG_H

#include "dialects/Graph/GraphOps.h"

namespace lathe {

/// Inclusive bounds of a kernel's symbols.
using KernelSymbolRanges = llvm::StringMap<graph::SizeRange>;

/// Bounds of the symbols of `kernel`: what its dispatches in `top` pass for
/// them, joined. A kernel without dispatches takes the bounds of the
/// graph.symbol of the same name, else [0, 2^31 - 1].
KernelSymbolRanges findKernelSymbolRanges(mlir::ModuleOp top, graph::KernelOp kernel);

/// The note that the pass attaches to an error for each call of the kernel but
/// the first, at its location.
inline constexpr llvm::StringLiteral kOtherCallNote = "the same kernel is called here";

/// Writes `kernel` as a func.func of the same name at the builder's insertion
/// point. Reports at each operator that has no lowering (`unsupported`, where
/// that is no fault of the compiler) and fails; nothing is left behind then. The
/// dialects that GraphToLinalg.td names must be loaded.
mlir::FailureOr<mlir::func::FuncOp>
lowerKernelToLinalg(mlir::OpBuilder &builder, graph::KernelOp kernel,
                    const KernelSymbolRanges &ranges);

} // namespace lathe

#endif // LATHE_PASSES_LOWER_GRAPHTOLINALG_H
