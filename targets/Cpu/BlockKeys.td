// SPDX-License-Identifier: Apache-2.0
#ifndef LATHE_TARGETS_CPU_BLOCKKEYS_TD
#define LATHE_TARGETS_CPU_BLOCKKEYS_TD

include "mlir/Pass/PassBase.td"

def BlockKeys : Pass<"lathe-cpu-block-keys", "::mlir::func::FuncOp"> {
  let summary = "Compute attentions in blocks of keys";
  let description = [{
    A tile of an attention (GraphToLinalgAttention) has scores of all keys. Where
    these outgrow the first cache, scores, exponentials and the weighted sum
    become a loop over blocks of keys that carries the maximum of each query, the
    sum of its exponentials and its weighted values; what is carried is scaled
    when a block has a new maximum. A causal attention ends behind the last key
    that one of the tile's queries sees.

    ```mlir
    %scores = linalg.generic {..} ins(%k, %q) outs(%fill : tensor<4096x48xf32>)
    // becomes
    scf.for %key = %c0 to %c4096 step %c96 iter_args(%most, %sums, %weighted) {
      %slice = tensor.extract_slice %k[%key, 0] [96, 64] [1, 1]
      %scores = linalg.generic {..} ins(%slice, %q) outs(%fill : tensor<96x48xf32>)
    ```
    Blocks depend on the number of keys alone: threads change no bit.
  }];
  let dependentDialects = ["::mlir::affine::AffineDialect",
                           "::mlir::arith::ArithDialect",
                           "::mlir::linalg::LinalgDialect",
                           "::mlir::math::MathDialect",
                           "::mlir::scf::SCFDialect",
                           "::mlir::tensor::TensorDialect"];
}

#endif
