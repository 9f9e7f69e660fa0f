// SPDX-License-Identifier: Apache-2.0
#ifndef LATHE_PASSES_LAYOUT_PACKWEIGHTS_TD
#define LATHE_PASSES_LAYOUT_PACKWEIGHTS_TD

include "mlir/Pass/PassBase.td"

def PackWeights : Pass<"lathe-pack-weights", "::mlir::ModuleOp"> {
  let summary = "lays out constant weights of contractions as kernels read them";
  let description = [{
    A contraction reads its weight once for every tile of rows, as panels of
    neighbouring features for one reduction index after the other. A constant
    weight is stored in that order when the program is written; nothing moves it
    at run time. The target's description in `graph.targets` says how wide its
    panels may be, best first: `weight_panels = [16, 24, 40, 8]`; the first that divides
    the features is taken, and a weight that none divides stays row-major. A
    convolution's window lies between panels and channels; with one filter a
    channel the window is outside and the channels are side by side.
    The features of a group are one panel where a panel divides them, or some if
    they are 64 and more; groups of 2 or 4 fill a panel of 8 together.
    A quantized weight whose products are summed in 32 bits has four channels of
    each feature side by side, and stays row-major where four does not divide them.
    Convolutions are packed where AssignLayouts gave them channels last. A gather
    along the features, as of a table that embeds words and also scores them,
    reads the panels too if nobody else reads the weight as it was: one copy of
    it is stored.

    ```mlir
    %w = graph.use_weight @w : tensor<512x256xf32>
    %0 = graph.linear %x, %w : (tensor<8x256xf32>, tensor<512x256xf32>) -> tensor<8x512xf32>
    // becomes
    %w = graph.use_weight @w.packed : tensor<512x256xf32, #graph.info<[512, 256], #graph.layout<[0, 1], tiles = [0, 16]>>>
    %0 = graph.linear %x, %w : ...
    ```
  }];
}

#endif // LATHE_PASSES_LAYOUT_PACKWEIGHTS_TD
