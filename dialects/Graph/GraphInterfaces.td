// SPDX-License-Identifier: Apache-2.0
#ifndef LATHE_DIALECTS_GRAPH_GRAPHINTERFACES_TD
#define LATHE_DIALECTS_GRAPH_GRAPHINTERFACES_TD

include "mlir/IR/OpBase.td"

def FusionOpInterface : OpInterface<"FusionOpInterface"> {
  let cppNamespace = "::lathe::graph";
  let description = [{
    What passes/Fuse asks of an operator when it forms groups. A group has at
    most one anchor, with elementwise, view and gather operators around it, or a
    chain of two that its target asks for.
  }];
  let methods = [
    InterfaceMethod<"The operator's role in a fused group.",
      "::lathe::graph::FusionKind", "getFusionKind">
  ];
}

#endif // LATHE_DIALECTS_GRAPH_GRAPHINTERFACES_TD
