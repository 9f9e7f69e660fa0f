// SPDX-License-Identifier: Apache-2.0
#ifndef LATHE_PASSES_LOWER_GRAPHTOLINALG_TD
#define LATHE_PASSES_LOWER_GRAPHTOLINALG_TD

include "mlir/Pass/PassBase.td"

def GraphToLinalg : Pass<"lathe-graph-to-linalg", "::mlir::ModuleOp"> {
  let summary = "Write each graph.kernel as a function on tensors in linalg";
  let description = [{
    Adds `module @linalg` with one func.func for each graph.kernel, of the same
    name. Its arguments are the kernel's inputs, a destination for each result,
    and an index argument for each distinct size that is no constant; its
    results are the destinations' final values. Attributes of the arguments:
    `lathe.access` (read, write or readwrite), `lathe.output` on destinations,
    `lathe.dim_args` (for each dimension the position of the argument that
    holds it, or -1), `lathe.size` and `lathe.size_max`. An index that is out
    of range is clamped, and a cf.assert says so. The
    kernels themselves stay: dispatches refer to them.

    Each operator that has no lowering is an error at its location; the pass
    goes on behind it to find them all.

    ```mlir
    graph.kernel @relu(%x: tensor<4xf32>) -> tensor<4xf32> ... {
      %0 = graph.relu %x : (tensor<4xf32>) -> tensor<4xf32>
      graph.yield %0 : tensor<4xf32>
    }
    // becomes
    func.func @relu(%x: tensor<4xf32> {lathe.access = "read"},
                    %out: tensor<4xf32> {lathe.access = "write"}) -> tensor<4xf32> {
      %0 = linalg.generic {..} ins(%x) outs(%out) { arith.maximumf }
      return %0 : tensor<4xf32>
    }
    ```
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::cf::ControlFlowDialect",
                           "::mlir::func::FuncDialect",
                           "::mlir::linalg::LinalgDialect", "::mlir::math::MathDialect",
                           "::mlir::scf::SCFDialect", "::mlir::tensor::TensorDialect"];
}

#endif // LATHE_PASSES_LOWER_GRAPHTOLINALG_TD
