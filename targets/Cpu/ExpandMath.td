// SPDX-License-Identifier: Apache-2.0
#ifndef LATHE_TARGETS_CPU_EXPANDMATH_TD
#define LATHE_TARGETS_CPU_EXPANDMATH_TD

include "mlir/Pass/PassBase.td"

def ExpandMath : Pass<"lathe-cpu-expand-math", "::mlir::func::FuncOp"> {
  let summary = "Expand what would become a call of a library or a trap";
  let description = [{
    math operations become polynomials (sin and cos for every finite
    argument), remainders an exact long division, conversions that the machine
    lacks become integer operations, integer divisions and float-to-integer
    conversions get a defined result for every operand.

    ```mlir
    %q = arith.divsi %a, %b : i32
    // becomes a division by one where %b is zero, or where it would overflow
    ```
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect",
                           "::mlir::math::MathDialect",
                           "::mlir::scf::SCFDialect",
                           "::mlir::vector::VectorDialect",
                           "::mlir::LLVM::LLVMDialect"];
  let options = [
    Option<"hasFma", "fma", "bool", "false", "Fused multiply-add exists">,
    Option<"hasHalfConversion", "half-conversion", "bool", "false",
           "f16 to f32 and back are instructions">];
}

#endif
