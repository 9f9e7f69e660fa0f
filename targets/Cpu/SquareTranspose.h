// SPDX-License-Identifier: Apache-2.0
#ifndef LATHE_TARGETS_CPU_SQUARETRANSPOSE_H
#define LATHE_TARGETS_CPU_SQUARETRANSPOSE_H

#include "mlir/Dialect/Vector/IR/VectorOps.h"

namespace lathe::cpu {

/// The columns of the square matrix whose rows are `rows`: as many vectors of one
/// type as each has elements, a power of two.
llvm::SmallVector<mlir::Value> transposeSquare(mlir::OpBuilder &builder, mlir::Location loc,
                                               llvm::ArrayRef<mlir::Value> rows);

} // namespace lathe::cpu

#endif // LATHE_TARGETS_CPU_SQUARETRANSPOSE_H
