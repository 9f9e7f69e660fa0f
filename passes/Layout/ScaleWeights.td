// SPDX-License-Identifier: Apache-2.0
#ifndef LATHE_PASSES_LAYOUT_SCALEWEIGHTS_TD
#define LATHE_PASSES_LAYOUT_SCALEWEIGHTS_TD

include "mlir/Pass/PassBase.td"

def ScaleWeights : Pass<"lathe-scale-weights", "::mlir::ModuleOp"> {
  let summary = "multiplies a convolution's weight by what scales its channels";
  let description = [{
    Squeeze and excitation multiplies each channel of a map by a number that the
    model computes, and a convolution reads the product. The weight has a factor
    for each channel too: where it has fewer elements than the map, it is scaled
    instead. Taken are convolutions over panels of weights (PackWeights) whose
    input is such a product that nobody else reads, of f32 or f64 and known size.
    Products round in another order: a result moves by at most about three units
    of 2^-24 (f32) times the sum of the |w s x|, which under cancellation is more
    than units of its own last place. Where w s overflows though s x does not, the
    result is infinite; scales are between 0 and 1 where a gate makes them.

    ```mlir
    %0 = graph.mul %x, %s : (tensor<1x32x112x112xf32>, tensor<1x32x1x1xf32>) -> ...
    %1 = graph.conv %0, %w {...} : (..., tensor<16x32x1x1xf32>) -> ...
    // becomes
    %0 = graph.mul %w, %s : (tensor<16x32x1x1xf32>, tensor<1x32x1x1xf32>) -> ...
    %1 = graph.conv %x, %0 {...}
    ```
  }];
}

#endif // LATHE_PASSES_LAYOUT_SCALEWEIGHTS_TD
