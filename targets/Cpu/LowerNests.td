// SPDX-License-Identifier: Apache-2.0
#ifndef LATHE_TARGETS_CPU_LOWERNESTS_TD
#define LATHE_TARGETS_CPU_LOWERNESTS_TD

include "mlir/Pass/PassBase.td"

def LowerNests : Pass<"lathe-cpu-lower-nests", "::mlir::func::FuncOp"> {
  let summary = "Emit loops and vectors for each linalg.generic on memrefs";
  let description = [{
    One dimension becomes the lanes of vectors, reductions keep as many
    accumulators in registers as the machine has room for, and the points left
    over are masked vectors or scalars. Elementwise nests that alone read a sum
    are its epilogue: they work on the accumulators, and the sum is never stored.
    Neighbouring sums of a short window share the loads of what they both read.
    The order of a floating-point reduction depends on the shapes and on the
    options only.

    ```mlir
    linalg.generic {..} ins(%x : memref<64xf32>) outs(%y : memref<64xf32>)
    // becomes
    scf.for %i = %c0 to %c64 step %c32
      %v = vector.load %x[%i] : memref<64xf32>, vector<8xf32>
    ```
  }];
  let dependentDialects = ["::mlir::affine::AffineDialect",
                           "::mlir::arith::ArithDialect",
                           "::mlir::LLVM::LLVMDialect",
                           "::mlir::memref::MemRefDialect",
                           "::mlir::scf::SCFDialect",
                           "::mlir::vector::VectorDialect"];
  let options = [
    Option<"vectorBits", "vector-bits", "unsigned", "256",
           "Bits of a vector register; 0 for scalar code">,
    Option<"registers", "registers", "unsigned", "16",
           "Number of vector registers">,
    Option<"hasMasks", "masks", "bool", "false",
           "Masked access to 32 and 64 bit elements is one instruction">,
    Option<"hasByteMasks", "byte-masks", "bool", "false",
           "Masked access to 8 and 16 bit elements is one instruction">,
    Option<"dotProduct", "dot-product", "::lathe::cpu::DotProduct", "::lathe::cpu::DotProduct::None",
           "How products of four bytes are summed into a lane", [{::llvm::cl::values(
             clEnumValN(::lathe::cpu::DotProduct::None, "none", "one product at a time"),
             clEnumValN(::lathe::cpu::DotProduct::Words, "words", "two of 16 bits (pmaddwd)"),
             clEnumValN(::lathe::cpu::DotProduct::Bytes, "bytes", "four of 8 bits (vpdpbusd)"),
             clEnumValN(::lathe::cpu::DotProduct::Usdot, "usdot", "the same, on AArch64"),
             clEnumValN(::lathe::cpu::DotProduct::Sdot, "sdot", "four of signed bytes, on AArch64"))}]>];
}

#endif
