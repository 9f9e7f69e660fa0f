// SPDX-License-Identifier: Apache-2.0
#ifndef LATHE_PASSES_IMPORT_DECOMPOSEOPS_TD
#define LATHE_PASSES_IMPORT_DECOMPOSEOPS_TD

include "mlir/Pass/PassBase.td"

def DecomposeOps : Pass<"lathe-decompose-ops", "::mlir::ModuleOp"> {
  let summary = "composites to primitives";
  let description = [{
    Composites are operators without a lowering of their own: adaptive_avg_pool
    (a mean, or an avg_pool when the windows are equal) and batch_norm whose
    statistics are data. lstm, gru, sdpa, softmax and the norms stay whole: they
    are the units that targets fuse. An adaptive_avg_pool with unequal windows
    is a mean for each of them, joined.

    ```mlir
    %0 = graph.adaptive_avg_pool %x {output_size = array<i64: 1, 1>}
        : (tensor<1x8x4x4xf32>) -> tensor<1x8x1x1xf32>
    // becomes
    %0 = graph.reduce %x {kind = #graph.reduce_kind<mean>, dims = array<i64: 2, 3>, keep_dims}
        : (tensor<1x8x4x4xf32>) -> tensor<1x8x1x1xf32>
    ```
  }];
}

#endif // LATHE_PASSES_IMPORT_DECOMPOSEOPS_TD
