// SPDX-License-Identifier: Apache-2.0
def LowerToProgram : Pass<"lathe-lower-to-program", "::mlir::ModuleOp"> {
  let summary = "From dispatches on tensors to instructions on buffers";
  let description = [{
    Takes an outlined module whose kernels carry `graph.codegen` and leaves a
    module of `program` operations, in which arena buffers have a `storage` but
    no offset yet (`lathe-plan-memory` gives it). graph.weight operations stay
    only where a chunk of the weight segment names their initializer.

    Every tensor gets a place: inputs and outputs of the method are used where
    they lie, reshapes and slices of leading dimensions are offsets, the
    operands of such a concat are written where it needs them, an `inplace`
    result takes the buffer of an input that dies, an `inplace_required` result
    always does. What is left is a copy, with a remark.

    graph.if, graph.while and graph.scan become branches; a scan counts with a
    symbol of the method.

    ```mlir
    func.func @forward(%x: tensor<4xf32> {graph.name = "x"}) -> (tensor<4xf32> {graph.name = "y"}) {
      %0 = graph.dispatch @kernels::@relu(%x) symbols <[]> : (tensor<4xf32>) -> tensor<4xf32>
      return %0 : tensor<4xf32>
    }
    ```
    becomes
    ```mlir
    program.method @forward {
      program.input "x" : tensor<4xf32>
      program.output "y" : tensor<4xf32>
      program.variant [cpu] {
        %0 = program.buffer input bytes 16
        %1 = program.buffer output bytes 16
        program.call_kernel @relu(%0, %1) tiles 1
      }
    }
    ```
  }];
  let options = [
    Option<"producer", "producer", "std::string", "\"lathe\"", "What program.info names as producer">,
    Option<"sidecar", "sidecar", "bool", "false", "Weights go to the sidecar file">
  ];
  let dependentDialects = ["::lathe::program::ProgramDialect"];
}
