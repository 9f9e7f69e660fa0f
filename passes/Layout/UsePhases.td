// SPDX-License-Identifier: Apache-2.0
#ifndef LATHE_PASSES_LAYOUT_USEPHASES_TD
#define LATHE_PASSES_LAYOUT_USEPHASES_TD

include "mlir/Pass/PassBase.td"

def UsePhases : Pass<"lathe-use-phases", "::mlir::ModuleOp"> {
  let summary = "transposed convolutions, phase by phase of their stride";
  let description = [{
    With stride 2, three of four elements of a transposed convolution's input
    with gaps are zeros. Its results fall into stride x stride phases, each a
    convolution of the input as it is with a part of the window: the weight is
    split into these parts when the program is written, in panels, and margins
    lie in memory. A window that the stride does not divide is lengthened with
    zeros; results that it does not divide are computed to the end of the last
    phase, and cut. Taken are transposed convolutions with channels last (AssignLayouts)
    and constant weights.

    ```mlir
    %w = graph.use_weight @w : tensor<64x32x4x4xf32>
    %0 = graph.conv %x, %w {transposed, strides = array<i64: 2, 2>, ...}
    // becomes
    %p = graph.pad %x {...}
    %w = graph.use_weight @w.phases : tensor<32x64x2x2x2x2xf32, #graph.info<[32, 64, 2, 2, 2, 2], #graph.layout<[2, 3, 0, 4, 5, 1], tiles = [0, 16]>>>
    %0 = graph.phase_conv %p, %w {strides = array<i64: 2, 2>, ...}
    ```
  }];
}

#endif // LATHE_PASSES_LAYOUT_USEPHASES_TD
