// SPDX-License-Identifier: Apache-2.0
#ifndef LATHE_PASSES_FUSE_OUTLINEKERNELS_TD
#define LATHE_PASSES_FUSE_OUTLINEKERNELS_TD

include "mlir/Pass/PassBase.td"

def OutlineKernels : Pass<"lathe-outline-kernels", "::mlir::ModuleOp"> {
  let summary = "groups to kernels and dispatches; equal bodies are one kernel";
  let description = [{
    Each group becomes a `graph.kernel` in `module @kernels` and a
    `graph.dispatch` (C13). Sizes of operands are renamed d0, d1, .. in order
    of appearance, so that groups that differ in symbols alone share a kernel; a
    compound size (`s27 * 2`) becomes one symbol when the body does not depend
    on its parts. The name is the group's with a hash of the body.

    ```mlir
    graph.kernel @relu_f32_f32__3f2a(%x: tensor<?xf32, #graph.info<[d0]>>) -> ...
        attributes {symbols = ["d0"], device = "cpu", inplace = array<i64: 0, 0>} { ... }
    %0 = graph.dispatch @kernels::@relu_f32_f32__3f2a(%x) symbols <[s27]> : ...
    ```

    `inplace` pairs permit one buffer for an input and a result: each element is
    read only where it is written. `inplace_required` obliges: the result of an
    index_put or insert_slice is the buffer of its data.
  }];
}

#endif // LATHE_PASSES_FUSE_OUTLINEKERNELS_TD
