// SPDX-License-Identifier: Apache-2.0
#ifndef LATHE_TARGETS_CPU_LOWERENTRY_TD
#define LATHE_TARGETS_CPU_LOWERENTRY_TD

include "mlir/Pass/PassBase.td"

def LowerEntry : Pass<"lathe-cpu-lower-entry", "::mlir::ModuleOp"> {
  let summary = "Give a kernel the signature of kernel_abi.h";
  let description = [{
    Replaces the function on memrefs and index values by one with the kernel
    ABI. It reads buffers and sizes from the argument block, in the order of the
    arguments.

    ```mlir
    func.func @k(%x: memref<?xf32> {lathe.dim_args = array<i64: 1>}, %n: index,
                 %begin: index, %end: index, %scratch: memref<?xi8>)
    // becomes
    llvm.func @k(%args: !llvm.ptr, %begin: i32, %end: i32, %scratch: !llvm.ptr)
    ```

    The block's fields are as wide as the machine's pointers.
  }];
  let options = [
    Option<"pointerBits", "pointer-bits", "unsigned", "64",
           "Bits of a pointer, of intptr_t, and of index values">
  ];
  let dependentDialects = ["::mlir::arith::ArithDialect",
                           "::mlir::cf::ControlFlowDialect",
                           "::mlir::func::FuncDialect",
                           "::mlir::LLVM::LLVMDialect",
                           "::mlir::scf::SCFDialect"];
}

#endif
