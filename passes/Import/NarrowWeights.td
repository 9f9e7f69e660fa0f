// SPDX-License-Identifier: Apache-2.0
#ifndef LATHE_PASSES_IMPORT_NARROWWEIGHTS_TD
#define LATHE_PASSES_IMPORT_NARROWWEIGHTS_TD

include "mlir/Pass/PassBase.td"

def NarrowWeights : Pass<"lathe-narrow-weights", "::mlir::ModuleOp"> {
  let summary = "rounds constant weights of f32 contractions to bf16";
  let description = [{
    A constant weight of a linear layer or a convolution becomes a computed one,
    rounded to bf16; inputs, sums, biases and results stay f32. So the graph says
    what is computed, and the interpreter computes the same. Depthwise and other
    grouped convolutions stay, whose weights are small, and transposed ones,
    whose kernels turn the weight around. A table that otherwise only gathers
    read, as of an embedding that also scores words, is gathered from the rounded
    weight: it is stored once.

    ```mlir
    %w = graph.use_weight @w : tensor<512x256xf32>
    %0 = graph.linear %x, %w : (tensor<8x256xf32>, tensor<512x256xf32>) -> tensor<8x512xf32>
    // becomes
    %w = graph.use_weight @w.bf16 : tensor<512x256xbf16>
    %0 = graph.linear %x, %w : (tensor<8x256xf32>, tensor<512x256xbf16>) -> tensor<8x512xf32>
    ```
  }];
}

#endif // LATHE_PASSES_IMPORT_NARROWWEIGHTS_TD
