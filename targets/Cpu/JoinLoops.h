// SPDX-License-Identifier: Apache-2.0
#ifndef LATHE_TARGETS_CPU_JOINLOOPS_H
#define LATHE_TARGETS_CPU_JOINLOOPS_H

#include "targets/Cpu/NestEpilogue.h"

#include "mlir/IR/PatternMatch.h"

namespace lathe::cpu {

/// Joins neighbouring loops of `op`, a linalg.generic on memrefs, and of its
/// epilogue, so that short rows still fill vectors and register tiles: those
/// that lie contiguously in every operand, and the pixels of a convolution's
/// narrow map, whose input stays as it is. Replaces both operations where it
/// joins. Fails if loops that were found contiguous cannot be joined.
llvm::LogicalResult joinLoops(mlir::IRRewriter &rewriter, mlir::linalg::GenericOp &op,
                              std::optional<NestEpilogue> &epilogue);

} // namespace lathe::cpu

#endif // LATHE_TARGETS_CPU_JOINLOOPS_H
