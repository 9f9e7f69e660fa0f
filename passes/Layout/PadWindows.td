// SPDX-License-Identifier: Apache-2.0
#ifndef LATHE_PASSES_LAYOUT_PADWINDOWS_TD
#define LATHE_PASSES_LAYOUT_PADWINDOWS_TD

include "mlir/Pass/PassBase.td"

def PadWindows : Pass<"lathe-pad-windows", "::mlir::ModuleOp"> {
  let summary = "gives the input of a convolution its margins once, in memory";
  let description = [{
    A kernel that pads its own input does so in every tile, and tiles that share
    pixels, each for panels of its own, copy the same pixels again: a third of
    the time of a 3x3 convolution with 512 channels. With the margins in memory
    tiles read the input as it lies. Taken are convolutions over panels of
    weights (PackWeights) whose input has channels last; convolutions of one
    channel a filter stay, their tiles share nothing.

    ```mlir
    %0 = graph.conv %x, %w {padding_low = [1, 1], padding_high = [1, 1], ...}
    // becomes
    %p = graph.pad %x {low = [0, 0, 1, 1], high = [0, 0, 1, 1], mode = constant, value = 0.0}
    %0 = graph.conv %p, %w {padding_low = [0, 0], padding_high = [0, 0], ...}
    ```
  }];
}

#endif // LATHE_PASSES_LAYOUT_PADWINDOWS_TD
