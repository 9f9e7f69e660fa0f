// SPDX-License-Identifier: Apache-2.0
//
// Two nests of a depthwise convolution: one makes rows of a map between margins,
// the other sums over windows of them.
#ifndef LATHE_TARGETS_CPU_ROWSTAGES_H
#define LATHE_TARGETS_CPU_ROWSTAGES_H

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

#include <optional>

namespace lathe::cpu {

/// Places of row, column and panel in maps [picture, row, column, panel, lane].
constexpr int64_t rowPosition = 1, columnPosition = 2, panelPosition = 3;

/// Nests in their order, and the buffer that all of them see point by point:
/// what they write, or read at the place that they write.
struct RowStage {
  llvm::SmallVector<mlir::linalg::GenericOp> nests;
  mlir::Value rows;
};

/// Two stages, the second of which sums over windows of what the first makes.
struct RowStages {
  RowStage producer, consumer;
  /// The nest of the consumer that sums, and its operand that is `padded`.
  mlir::linalg::GenericOp sum;
  unsigned input = 0;
  mlir::memref::AllocOp padded;
  /// What of `padded` is no margin.
  mlir::memref::SubViewOp inner;
  /// Rows from one window to the next, and those of one.
  int64_t stride = 1, reach = 1;
};

/// The stages that end in `sum`, if their nests may run in parts and take turns:
/// nothing but them touches memory meanwhile, and no early part writes what a
/// late one reads.
std::optional<RowStages> findRowStages(mlir::linalg::GenericOp sum);

/// The loop of `nest` over dimension `position` of `memref`, if all of its
/// operands that are `memref` have it there plainly.
std::optional<unsigned> loopOver(mlir::linalg::GenericOp nest, mlir::Value memref, int64_t position);

/// A part of a loop: from where, and how many rounds.
struct LoopPart {
  unsigned dim;
  mlir::OpFoldResult offset, size;
};

/// The operands of `nest` cut to what parts of its loops see.
llvm::SmallVector<mlir::Value> cutOperands(mlir::OpBuilder &builder, mlir::linalg::GenericOp nest,
                                           llvm::ArrayRef<LoopPart> parts);

} // namespace lathe::cpu

#endif // LATHE_TARGETS_CPU_ROWSTAGES_H
