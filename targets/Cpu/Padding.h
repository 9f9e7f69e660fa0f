// SPDX-License-Identifier: Apache-2.0
#ifndef LATHE_TARGETS_CPU_PADDING_H
#define LATHE_TARGETS_CPU_PADDING_H

#include "mlir/IR/PatternMatch.h"

namespace lathe::cpu {

/// Tiling a tensor.pad makes two branches: margins alone where a tile has
/// nothing of the input, and margins around a slice. This keeps the second,
/// with margins that are right for an empty slice too: what computes the input
/// can then be fused, and there is one buffer.
void populateDropPadGuardPatterns(mlir::RewritePatternSet &patterns);

/// tensor.pad with a constant to an empty tensor whose margins are filled, made
/// before the input is: what computes the input can write it into its place
/// between the margins (see eliminateEmptyTensors), and nothing is copied.
void populatePadToMarginsPatterns(mlir::RewritePatternSet &patterns);

} // namespace lathe::cpu

#endif // LATHE_TARGETS_CPU_PADDING_H
