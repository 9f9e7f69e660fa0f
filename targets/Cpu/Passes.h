// SPDX-License-Identifier: Apache-2.0
#ifndef LATHE_TARGETS_CPU_PASSES_H
#define LATHE_TARGETS_CPU_PASSES_H

#include "targets/Cpu/NestPlan.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlow.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Pass/Pass.h"

namespace lathe::cpu {

#define GEN_PASS_DECL
#include "targets/Cpu/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "targets/Cpu/Passes.h.inc"

} // namespace lathe::cpu

#endif // LATHE_TARGETS_CPU_PASSES_H
