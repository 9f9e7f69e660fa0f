// SPDX-License-Identifier: Apache-2.0
#ifndef LATHE_COMPILER_REFERENCE_FOLDCONSTANTS_TD
#define LATHE_COMPILER_REFERENCE_FOLDCONSTANTS_TD

include "mlir/Pass/PassBase.td"

def FoldConstants : Pass<"lathe-fold-constants", "::mlir::ModuleOp"> {
  let summary = "evaluates operators whose operands are constants or weights";
  let description = [{
    Runs the reference interpreter on operators of methods whose operands are
    graph.constant or graph.use_weight and whose sizes are constant
    (ir-contract C4). A result of at most 64 KiB is computed at once: it becomes
    a graph.constant when it is a splat or has at most 64 elements, else a
    graph.weight, shared with a weight of equal content and type. A larger
    result becomes a weight with an initializer region, computed when the
    program is written. A result larger than 1 MiB and than four times its
    operands stays: it is cheaper to compute than to store.

    An operator that fails (an index out of range) or whose weight has no bytes
    at hand stays as it is; the run reports its error. Weights that lost their
    users are dropped by lathe-remove-unused-weights.

    ```mlir
    %w = graph.use_weight @w : tensor<2x3xf32>
    %0 = graph.permute %w {permutation = array<i64: 1, 0>} : (tensor<2x3xf32>) -> tensor<3x2xf32>
    // becomes
    %0 = graph.constant dense<[[1.0, 4.0], [2.0, 5.0], [3.0, 6.0]]> : tensor<3x2xf32>
    ```
  }];
  let dependentDialects = ["::lathe::graph::GraphDialect"];
}

#endif // LATHE_COMPILER_REFERENCE_FOLDCONSTANTS_TD
