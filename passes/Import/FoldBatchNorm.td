// SPDX-License-Identifier: Apache-2.0
#ifndef LATHE_PASSES_IMPORT_FOLDBATCHNORM_TD
#define LATHE_PASSES_IMPORT_FOLDBATCHNORM_TD

include "mlir/Pass/PassBase.td"

def FoldBatchNorm : Pass<"lathe-fold-batch-norm", "::mlir::ModuleOp"> {
  let summary = "batch_norm into the weights before it, else to a product and a sum";
  let description = [{
    After a convolution or linear that has no other user and weights that are
    constant, a batch_norm with constant statistics becomes part of new weights
    with initializer regions. Other ones with constant statistics become
    x * scale + shift for computed scale and shift. Those whose statistics are
    data stay.

    ```mlir
    %0 = graph.conv %x, %w {..} : ...
    %1 = graph.batch_norm %0, %mean, %variance {epsilon = 1.0e-5, ..} : ...
    // becomes
    %1 = graph.conv %x, %w_folded, %b_folded {..} : ...
    ```
  }];
}

#endif // LATHE_PASSES_IMPORT_FOLDBATCHNORM_TD
