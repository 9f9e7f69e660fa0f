// SPDX-License-Identifier: Apache-2.0
#ifndef LATHE_TARGETS_CPU_BUFFERIZEKERNEL_TD
#define LATHE_TARGETS_CPU_BUFFERIZEKERNEL_TD

include "mlir/Pass/PassBase.td"

def BufferizeKernel : Pass<"lathe-cpu-bufferize-kernel", "::mlir::ModuleOp"> {
  let summary = "Turn the tensors of a kernel into memory, in place";
  let description = [{
    Results are written to their destination arguments, temporaries become
    memref.alloc (given offsets in scratch by `lathe-cpu-plan-scratch`), copies
    become linalg.generic. Arguments with `lathe.access = "read"` are never
    written.

    A padded tensor is not copied: its margins are filled, and what makes the
    inner part writes it in place. Sums that start from one fill get a fill each,
    so that none starts from a copy.

    ```mlir
    func.func @k(%x: tensor<8xf32>, %o: tensor<8xf32> {lathe.output}) -> tensor<8xf32>
    // becomes
    func.func @k(%x: memref<8xf32>, %o: memref<8xf32>)
    ```
  }];
  let dependentDialects = ["::mlir::affine::AffineDialect",
                           "::mlir::bufferization::BufferizationDialect",
                           "::mlir::linalg::LinalgDialect",
                           "::mlir::memref::MemRefDialect",
                           "::mlir::scf::SCFDialect"];
}

#endif
