// SPDX-License-Identifier: Apache-2.0
//
// The nests that GraphToLinalgAttention writes, found again in a tile.
#ifndef LATHE_TARGETS_CPU_ATTENTIONNESTS_H
#define LATHE_TARGETS_CPU_ATTENTIONNESTS_H

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"

#include <optional>

namespace lathe::cpu {

/// The nests of an attention that run over keys, on tensors.
struct AttentionNests {
  /// Scores, sums of products.
  mlir::linalg::GenericOp product;
  /// Nests that change scores point by point, in their order.
  llvm::SmallVector<mlir::linalg::GenericOp> masks;
  /// The largest score of each query, exp(score - largest) in place of the
  /// scores, sums of these, and sums of values weighted by these.
  mlir::linalg::GenericOp most, terms, sums, weighted;
  /// The dimension of the scores that runs over keys; never the last one.
  unsigned keyPlace = 0;
};

/// The attention whose exponentials are `terms`, if it is one with queries as
/// lanes; its nests compute exactly what is said above.
std::optional<AttentionNests> findAttention(mlir::linalg::GenericOp terms);

/// The choice between a score and minus infinity by its key and its query, with
/// which `mask` ends if it is causal; else null.
mlir::arith::SelectOp findCausalChoice(mlir::linalg::GenericOp mask);

/// The only loop of a sum or maximum.
unsigned foldedLoop(mlir::linalg::GenericOp fold);

/// The loop over keys of a nest that writes scores.
unsigned scoreLoop(mlir::linalg::GenericOp op, unsigned keyPlace);

/// What `fill` (isFill) writes.
mlir::Value filledValue(mlir::linalg::GenericOp fill);

} // namespace lathe::cpu

#endif // LATHE_TARGETS_CPU_ATTENTIONNESTS_H
