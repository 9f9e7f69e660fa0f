// SPDX-License-Identifier: Apache-2.0
#ifndef LATHE_PASSES_IMPORT_SIMPLIFYGRAPH_TD
#define LATHE_PASSES_IMPORT_SIMPLIFYGRAPH_TD

include "mlir/Pass/PassBase.td"

def SimplifyGraph : Pass<"lathe-simplify-graph", "::mlir::ModuleOp"> {
  let summary = "canonical forms: one way to say the same thing";
  let description = [{
    Folds, canonicalisation patterns and common subexpressions to a fixed
    point: identities that are exact, chains of casts and views, broadcasts
    that elementwise operators do themselves, products with weights as
    graph.linear, biases, permuted weights as new weights.

    ```mlir
    %t = graph.permute %w {permutation = array<i64: 1, 0>} : (tensor<8x4xf32>) -> tensor<4x8xf32>
    %0 = graph.matmul %x, %t : (tensor<2x4xf32>, tensor<4x8xf32>) -> tensor<2x8xf32>
    %1 = graph.add %0, %b : (tensor<2x8xf32>, tensor<8xf32>) -> tensor<2x8xf32>
    // becomes, for weights %w and %b
    %1 = graph.linear %x, %w, %b : (tensor<2x4xf32>, tensor<8x4xf32>, tensor<8xf32>) -> tensor<2x8xf32>
    ```

    Values of constants are folded by lathe-fold-constants.
  }];
}

#endif // LATHE_PASSES_IMPORT_SIMPLIFYGRAPH_TD
