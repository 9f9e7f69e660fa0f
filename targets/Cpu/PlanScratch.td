// SPDX-License-Identifier: Apache-2.0
#ifndef LATHE_TARGETS_CPU_PLANSCRATCH_TD
#define LATHE_TARGETS_CPU_PLANSCRATCH_TD

include "mlir/Pass/PassBase.td"

def PlanScratch : Pass<"lathe-cpu-plan-scratch", "::mlir::func::FuncOp"> {
  let summary = "Give each temporary an offset in the scratch of the worker";
  let description = [{
    Adds an argument `memref<?xi8>`, the scratch, and replaces each memref.alloc
    by a view of it. Lifetimes that do not meet share bytes; offsets are
    multiples of 64. A dynamic size counts with its bound, which follows from
    `lathe.size_max` on the index arguments. The attribute
    `lathe.scratch_bytes` of the function holds the total.

    ```mlir
    %t = memref.alloc() : memref<4x16xf32>
    // becomes
    %t = memref.view %scratch[%c0][] : memref<?xi8> to memref<4x16xf32>
    ```
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect",
                           "::mlir::memref::MemRefDialect"];
}

#endif
