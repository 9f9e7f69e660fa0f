// SPDX-License-Identifier: Apache-2.0
#ifndef LATHE_PASSES_LAYOUT_FLATTENPATCHES_TD
#define LATHE_PASSES_LAYOUT_FLATTENPATCHES_TD

include "mlir/Pass/PassBase.td"

def FlattenPatches : Pass<"lathe-flatten-patches", "::mlir::ModuleOp"> {
  let summary = "convolutions over patches of a picture as linear layers";
  let description = [{
    A convolution whose windows are as wide as its stride reads each element of
    a picture for one result, and a picture in the model's order in runs as
    short as a window. Such a convolution becomes one copy that puts each patch
    in a row, and a linear layer on these rows. Taken are convolutions to
    channels last (AssignLayouts) without padding, of constant weights, where
    patches fill the picture and are at least a vector wide.

    ```mlir
    %0 = graph.conv %x, %w {strides = array<i64: 16, 16>, ...} : (tensor<1x3x224x224xf32>, tensor<192x3x16x16xf32>) -> ...
    // becomes
    %1 = graph.reshape %x {dims = #graph.dims<[1, 3, 14, 16, 14, 16]>}
    %2 = graph.relayout %1 : ... -> tensor<.., #graph.layout<[0, 2, 4, 1, 3, 5]>>>
    %3 = graph.permute %2 {permutation = array<i64: 0, 2, 4, 1, 3, 5>}
    %4 = graph.reshape %3 {dims = #graph.dims<[1, 196, 768]>}
    %5 = graph.linear %4, %rows : (tensor<1x196x768xf32>, tensor<192x768xf32>) -> tensor<1x196x192xf32>
    ```
  }];
}

#endif // LATHE_PASSES_LAYOUT_FLATTENPATCHES_TD
