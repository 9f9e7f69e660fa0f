// SPDX-License-Identifier: Apache-2.0
#ifndef LATHE_TARGETS_CPU_REPLACEBFLOAT_TD
#define LATHE_TARGETS_CPU_REPLACEBFLOAT_TD

include "mlir/Pass/PassBase.td"

def ReplaceBfloat : Pass<"lathe-cpu-replace-bfloat", "::mlir::ModuleOp"> {
  let summary = "Move bf16 as 16-bit integers";
  let description = [{
    Where the machine has no conversion of bf16, all arithmetic on it has been
    written out by ExpandMath; what is left moves it. As integers that is what
    it says: LLVM would make a constant or a choice of bf16 by a conversion,
    which is a call of a library.

    ```mlir
    %0 = llvm.load %p : !llvm.ptr -> vector<8xbf16>
    // becomes
    %0 = llvm.load %p : !llvm.ptr -> vector<8xi16>
    ```
  }];
}

#endif
