// SPDX-License-Identifier: Apache-2.0
#ifndef LATHE_TARGETS_CPU_NORMALIZEKERNEL_TD
#define LATHE_TARGETS_CPU_NORMALIZEKERNEL_TD

include "mlir/Pass/PassBase.td"

def NormalizeKernel : Pass<"lathe-cpu-normalize-kernel", "::mlir::func::FuncOp"> {
  let summary = "Bring a kernel into the one form that the CPU passes read";
  let description = [{
    Sizes of arguments become the index arguments named by `lathe.dim_args`,
    named linalg operations become linalg.generic, and tensors of i1 become
    tensors of i8 (a byte per truth value in memory, zero or one).

    ```mlir
    func.func @k(%a: tensor<?xi1> {lathe.dim_args = array<i64: 1>}, %n: index)
      %d = tensor.dim %a, %c0
    // becomes
    func.func @k(%a: tensor<?xi8> ..., %n: index)   // %d is %n
    ```
  }];
  let dependentDialects = ["::mlir::affine::AffineDialect",
                           "::mlir::arith::ArithDialect",
                           "::mlir::linalg::LinalgDialect",
                           "::mlir::tensor::TensorDialect"];
}

#endif
