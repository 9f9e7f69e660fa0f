// SPDX-License-Identifier: Apache-2.0
#ifndef LATHE_TARGETS_CPU_KERNELSIZES_H
#define LATHE_TARGETS_CPU_KERNELSIZES_H

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace lathe::cpu {

/// The size of dimension `dim` of `tensor` in terms of the index arguments of
/// `func`, or null if it is none of them.
mlir::Value findSize(mlir::func::FuncOp func, mlir::Value tensor, int64_t dim);

/// `extent` in terms of the index arguments where that is possible.
mlir::OpFoldResult resolveExtent(mlir::func::FuncOp func, mlir::OpFoldResult extent);

} // namespace lathe::cpu

#endif // LATHE_TARGETS_CPU_KERNELSIZES_H
