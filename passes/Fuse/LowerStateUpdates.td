// SPDX-License-Identifier: Apache-2.0
#ifndef LATHE_PASSES_FUSE_LOWERSTATEUPDATES_TD
#define LATHE_PASSES_FUSE_LOWERSTATEUPDATES_TD

include "mlir/Pass/PassBase.td"

def LowerStateUpdates : Pass<"lathe-lower-state-updates", "::mlir::ModuleOp"> {
  let summary = "state_update to state_read, index_put, state_write";
  let description = [{
    The update stays in place: the kernel that holds the index_put must write
    its result over the state's own buffer, and the state_write is then free.

    ```mlir
    graph.state_update @cache[%i] = %k {dims = array<i64: 2>} : (tensor<1xi64>), tensor<1x4x1x2xf32>
    // becomes
    %0 = graph.state_read @cache : tensor<1x4x8x2xf32>
    %1 = graph.index_put %0, %k, %i {dims = array<i64: 2>} : ... -> tensor<1x4x8x2xf32>
    graph.state_write @cache = %1 : tensor<1x4x8x2xf32>
    ```
  }];
}

#endif // LATHE_PASSES_FUSE_LOWERSTATEUPDATES_TD
