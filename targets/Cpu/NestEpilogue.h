// SPDX-License-Identifier: Apache-2.0
#ifndef LATHE_TARGETS_CPU_NESTEPILOGUE_H
#define LATHE_TARGETS_CPU_NESTEPILOGUE_H

#include "targets/Cpu/NestPlan.h"

namespace lathe::cpu {

/// An elementwise nest that reads what a sum before it writes, point by point:
/// bias, activation, residual. It is computed where the sum ends, on values
/// that are still in registers.
struct NestEpilogue {
  mlir::linalg::GenericOp op;
  /// The operands of `op` that are the sum.
  llvm::SmallVector<unsigned> sumOperands;
  /// The sum itself is written too: somebody else reads it.
  bool keepsSum = false;
};

/// The epilogue of `sum`, a linalg.generic on memrefs: the nest that follows it
/// with nothing but address arithmetic between, if no point of it reads or
/// overwrites what other points of the sum still read. Its loops are the
/// parallel loops of `sum`, in their order. Nothing if there is none.
std::optional<NestEpilogue> findEpilogue(mlir::linalg::GenericOp sum);

/// Whether `nest` is the epilogue of the sum before it.
bool isEpilogue(mlir::linalg::GenericOp nest);

/// The plan by which the nest of `epilogue` runs inside that of a sum.
NestPlan planEpilogue(mlir::linalg::GenericOp epilogue, mlir::linalg::GenericOp sum,
                      const NestPlan &sumPlan);

} // namespace lathe::cpu

#endif // LATHE_TARGETS_CPU_NESTEPILOGUE_H
