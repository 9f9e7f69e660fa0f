// SPDX-License-Identifier: Apache-2.0
//
// What the body of a linalg.generic does, for passes that must agree on it.
#ifndef LATHE_TARGETS_CPU_GENERICBODY_H
#define LATHE_TARGETS_CPU_GENERICBODY_H

#include "mlir/Dialect/Linalg/IR/Linalg.h"

#include <optional>

namespace lathe::cpu {

/// The body only passes its input on: a transpose, a broadcast, a fill.
bool onlyMovesData(mlir::linalg::GenericOp op);

/// Writes one value everywhere, and reads no tensor.
bool isFill(mlir::linalg::GenericOp op);

/// If `op` is a sum over one short dimension whose factors depend on nothing but
/// its place there and the place along one short dimension of the result (a
/// transform by a small constant matrix): that dimension of the result.
std::optional<unsigned> findCoefficientRow(mlir::linalg::GenericOp op);

/// Places of an operand that a nest sees and that do not exist: `low` before the
/// first and `high` behind the last along dimension `position` of operand
/// `operand`, whose type counts them. Products with one of them are zero. Element
/// `low` of the type is the first in memory.
struct Margins {
  unsigned operand;
  int64_t position, low, high;
};

/// The margins of `op`, or nothing if all that it sees exists.
std::optional<Margins> findMargins(mlir::linalg::GenericOp op);
void setMargins(mlir::linalg::GenericOp op, const Margins &margins);

} // namespace lathe::cpu

#endif // LATHE_TARGETS_CPU_GENERICBODY_H
