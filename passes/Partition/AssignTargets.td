// SPDX-License-Identifier: Apache-2.0
#ifndef LATHE_PASSES_PARTITION_ASSIGNTARGETS_TD
#define LATHE_PASSES_PARTITION_ASSIGNTARGETS_TD

include "mlir/Pass/PassBase.td"

def AssignTargets : Pass<"lathe-assign-targets", "::mlir::ModuleOp"> {
  let summary = "gives each operator its device";
  let description = [{
    The module attribute `graph.targets` describes the devices of this variant
    in order of preference:

    ```mlir
    module attributes {graph.targets = [
      {name = "vulkan", operators = ["conv", "linear", "relu"], element_types = [f32, f16]},
      {name = "cpu", host}]} { ... }
    ```

    `operators` and `element_types` may be absent: all of them. The first device
    that takes an operator and its types becomes its `graph.device`. `host` is
    where a method's arguments and results, states and control flow live (the
    last device if none says so). graph.transfer is inserted where a value is
    read on another device. Weights, constants and sizes have no device: each
    reader has them. Operators that no device takes are one error that lists
    all of them.
  }];
}

#endif // LATHE_PASSES_PARTITION_ASSIGNTARGETS_TD
