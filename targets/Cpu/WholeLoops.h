// SPDX-License-Identifier: Apache-2.0
//
// Loops that no tile may split.
#ifndef LATHE_TARGETS_CPU_WHOLELOOPS_H
#define LATHE_TARGETS_CPU_WHOLELOOPS_H

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "llvm/ADT/SmallSet.h"

namespace lathe::cpu {

/// Loops of `root` that enter an index of its own, or of what it is made from on
/// tensors, within a quotient or a remainder. Tiling adds the place of a tile to
/// an index and counts the loop anew in it: that is no quotient of the sum, so a
/// part of such a loop would read other elements than the whole.
llvm::SmallSet<unsigned, 8> findWholeLoops(mlir::linalg::LinalgOp root);

/// Rounds of the loops of `root` that tiles may split: 0 of the others, -1 where
/// they are not known.
llvm::SmallVector<int64_t> findSplitExtents(mlir::linalg::LinalgOp root);

} // namespace lathe::cpu

#endif // LATHE_TARGETS_CPU_WHOLELOOPS_H
