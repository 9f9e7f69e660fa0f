// SPDX-License-Identifier: Apache-2.0
#ifndef LATHE_PASSES_LAYOUT_ASSIGNLAYOUTS_TD
#define LATHE_PASSES_LAYOUT_ASSIGNLAYOUTS_TD

include "mlir/Pass/PassBase.td"

def AssignLayouts : Pass<"lathe-assign-layouts", "::mlir::ModuleOp"> {
  let summary = "channels last around convolutions, as far as it carries";
  let description = [{
    Where the target's description in `graph.targets` says `channels_last`, the
    convolutions that it has vector code for write their channels last. The
    layout is then carried through elementwise operators, pools, slices,
    concats of which the larger part has it, and spatial reductions to the next convolution; graph.relayout stands only where
    it must change. Convolutions along a line take it where that pays for the
    copies around them: with a stride, on short lines, with many channels, or
    where their input has it already. An input of fewer than four channels, a picture, is read as it
    is. In methods with such convolutions a permutation from or to channels last
    as the model writes it moves nothing: it is a view whose layout changes. Where
    nobody takes the layout, it stays the copy that it was.

    ```mlir
    %0 = graph.conv %x, %w {..} : (..) -> tensor<1x32x56x56xf32>
    %1 = graph.relu %0 : tensor<1x32x56x56xf32>
    // becomes
    %0 = graph.conv %x, %w {..} : (..) -> tensor<1x32x56x56xf32, #graph.info<[1, 32, 56, 56], #graph.layout<[0, 2, 3, 1]>>>
    %1 = graph.relu %0 : tensor<1x32x56x56xf32, #graph.info<[1, 32, 56, 56], #graph.layout<[0, 2, 3, 1]>>>
    %2 = graph.relayout %1 : (..) -> tensor<1x32x56x56xf32>
    ```
  }];
}

#endif // LATHE_PASSES_LAYOUT_ASSIGNLAYOUTS_TD
