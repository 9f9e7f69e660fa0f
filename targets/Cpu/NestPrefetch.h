// SPDX-License-Identifier: Apache-2.0
#ifndef LATHE_TARGETS_CPU_NESTPREFETCH_H
#define LATHE_TARGETS_CPU_NESTPREFETCH_H

#include "targets/Cpu/NestPlan.h"

namespace lathe::cpu {

/// Weights in panels `[panel][k][lanes]` of a matrix product that reads each
/// panel once for all of its rows: while the rows of one pass, the next can come
/// from memory.
struct StreamedPanels {
  mlir::Value weights;
  unsigned panelLoop, rowLoop;
  /// Extents of the loop over rows and of the sum.
  int64_t rows, points;
};

/// The panels that the nest `op` streams, or nothing: if they are so few that
/// they stay in a cache, if their number is not known, or if each panel
/// is read more often than once.
std::optional<StreamedPanels> findStreamedPanels(mlir::linalg::GenericOp op, const NestPlan &plan);

/// Fetches the part of the panel after `panel` that is the share of `count` rows
/// from `row` on and `points` points of the sum from `point` on (null: from 0).
void emitPrefetch(mlir::OpBuilder &builder, mlir::Location loc, const StreamedPanels &panels,
                  mlir::Value panel, mlir::Value row, unsigned count, mlir::Value point,
                  int64_t points);

/// A map that windows read in place, row by row, from memory or the third cache.
struct StreamedRows {
  /// The operand of the nest that is the map.
  unsigned operand;
  /// Rows and columns of it that each row and column of the result adds.
  int64_t rows, columns;
};

/// The map that `op` reads so if it is run by `plan`, and of which the next rows
/// fit the first cache beside those that windows read; nothing if there is none.
std::optional<StreamedRows> findStreamedRows(mlir::linalg::GenericOp op, const NestPlan &plan);

} // namespace lathe::cpu

#endif // LATHE_TARGETS_CPU_NESTPREFETCH_H
