// SPDX-License-Identifier: Apache-2.0
#ifndef LATHE_TARGETS_CPU_NESTEMITTER_H
#define LATHE_TARGETS_CPU_NESTEMITTER_H

#include "targets/Cpu/NestEpilogue.h"

namespace lathe::cpu {

/// Emits, before `op` (a linalg.generic on memrefs), the scf and vector code
/// that `plan` describes. `op` itself stays for the caller to erase.
///
/// `initialValues` holds per output the scalar that its accumulators start
/// from, or null where they start from what the memref holds. `epilogue`, if
/// there is one, is emitted where the sums of a block of points are complete.
void emitNest(mlir::OpBuilder &builder, mlir::linalg::GenericOp op,
              const NestPlan &plan, llvm::ArrayRef<mlir::Value> initialValues,
              const std::optional<NestEpilogue> &epilogue);

} // namespace lathe::cpu

#endif // LATHE_TARGETS_CPU_NESTEMITTER_H
