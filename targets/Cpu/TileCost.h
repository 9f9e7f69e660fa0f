// SPDX-License-Identifier: Apache-2.0
#ifndef LATHE_TARGETS_CPU_TILECOST_H
#define LATHE_TARGETS_CPU_TILECOST_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"

namespace lathe::cpu {

/// A rough time of one core for all of `func`, in nanoseconds. The same for
/// every ISA level, because the levels share the partition.
double estimateNanoseconds(mlir::func::FuncOp func);

/// The same in picoseconds and for the sizes of a call: a sum of products of
/// affine maps of the index arguments, in the form of `lathe.tile_count`.
mlir::ArrayAttr estimateCost(mlir::func::FuncOp func);

/// Bytes of all intermediate tensors of `func`.
double estimateIntermediateBytes(mlir::func::FuncOp func,
                                 mlir::linalg::GenericOp root);

/// Tile sizes for the loops of `root`, 0 = not split. Empty: one tile serves.
llvm::SmallVector<int64_t> chooseTileSizes(mlir::func::FuncOp func,
                                           mlir::linalg::GenericOp root);

/// Keys of a block of an attention whose tile has `scores`, masked, with keys
/// along dimension `keyPlace`; 0 if one block serves.
int64_t chooseKeyBlock(mlir::Value scores, unsigned keyPlace);

} // namespace lathe::cpu

#endif // LATHE_TARGETS_CPU_TILECOST_H
