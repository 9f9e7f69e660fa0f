// SPDX-License-Identifier: Apache-2.0
#ifndef LATHE_TARGETS_CPU_FUSEELEMENTWISE_TD
#define LATHE_TARGETS_CPU_FUSEELEMENTWISE_TD

include "mlir/Pass/PassBase.td"

def FuseElementwise : Pass<"lathe-cpu-fuse-elementwise", "::mlir::func::FuncOp"> {
  let summary = "Make one loop of each chain of elementwise operations";
  let description = [{
    Upstream elementwise fusion with a cost rule: a producer is computed inside
    its consumer if that does not repeat expensive work, and never inside a
    contraction, whose loads repeat.

    ```mlir
    %0 = linalg.generic {..} ins(%x) { math.exp }
    %1 = linalg.generic {..} ins(%0) { arith.negf }
    // becomes one linalg.generic { math.exp; arith.negf }
    ```
  }];
  let dependentDialects = ["::mlir::affine::AffineDialect",
                           "::mlir::linalg::LinalgDialect"];
}

#endif
