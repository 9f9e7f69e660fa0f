// SPDX-License-Identifier: Apache-2.0
#ifndef LATHE_PASSES_FUSE_FORMGROUPS_TD
#define LATHE_PASSES_FUSE_FORMGROUPS_TD

include "mlir/Pass/PassBase.td"

def FormGroups : Pass<"lathe-form-groups", "::mlir::ModuleOp"> {
  let summary = "joins operators that become one kernel";
  let description = [{
    Every compute operator of a method ends in exactly one graph.group (C12). A
    group has at most one anchor; elementwise operators, views and gathers join
    it when nothing is computed twice that is worth a tensor in memory. Where the
    target has `chains_depthwise` (`graph.targets`), a pointwise convolution, or
    one whose sums have at most 64 products, and the depthwise one that alone
    reads it are one group with `chain`, as long as their features lie in the same
    panels and all sizes are known. Concats of keys and of values join an attention
    with few queries that alone reads them: it reads the parts. What is computed
    point by point for one part of a concat of at most a megabyte is written where
    the concat needs it. A group
    has one escaping operator, so that no merge can create a cycle. Constants,
    `graph.size` and `graph.iota` are copied into each group that reads them. A
    view that costs nothing at run time (C16) stays between the groups.

    ```mlir
    %0 = graph.linear %x, %w : (tensor<1x4xf32>, tensor<8x4xf32>) -> tensor<1x8xf32>
    %1 = graph.relu %0 : (tensor<1x8xf32>) -> tensor<1x8xf32>
    // becomes
    %1 = graph.group "linear_f32_f32_f32_then_relu" on "cpu"(%x, %w) : ... {
    ^bb0(%a: tensor<1x4xf32>, %b: tensor<8x4xf32>):
      %2 = graph.linear %a, %b : (tensor<1x4xf32>, tensor<8x4xf32>) -> tensor<1x8xf32>
      %3 = graph.relu %2 : (tensor<1x8xf32>) -> tensor<1x8xf32>
      graph.yield %3 : tensor<1x8xf32>
    }
    ```

    The device of an operator is its attribute `graph.device` (passes/Partition).
  }];
  let options = [
    Option<"report", "report", "bool", "false",
           "remark why a producer and its consumer stay in two groups">
  ];
}

#endif // LATHE_PASSES_FUSE_FORMGROUPS_TD
