// SPDX-License-Identifier: Apache-2.0
#ifndef LATHE_DIALECTS_GRAPH_GRAPHDIALECT_TD
#define LATHE_DIALECTS_GRAPH_GRAPHDIALECT_TD

include "mlir/IR/OpBase.td"
include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/EnumAttr.td"

def GraphDialect : Dialect {
  let name = "graph";
  let cppNamespace = "::lathe::graph";
  let summary = "What a model computes: whole tensors, value semantics.";
  let description = [{
    The `graph` dialect holds a model between its file and the generated
    kernels. Values are tensors with logical shapes in the model's own order;
    there are no strides, views or aliases. Sizes that are known only at run
    time are expressions over `graph.symbol`s and stand in the tensor type:

    ```mlir
    graph.symbol @s27 [1, 256]
    func.func @forward(%x: tensor<1x?xf32, #graph.info<[1, s27]>> {graph.name = "x"})
        -> (tensor<1x?xf32, #graph.info<[1, s27]>> {graph.name = "y"}) {
      %0 = graph.relu %x : (tensor<1x?xf32, #graph.info<[1, s27]>>)
          -> tensor<1x?xf32, #graph.info<[1, s27]>>
      return %0 : tensor<1x?xf32, #graph.info<[1, s27]>>
    }
    ```

    A public `func.func` is a method of the program. Its arguments and results
    carry their exported names in `graph.name`. Operators are named after their
    core ATen meaning; each verifies that its result types are the inferred
    ones. Weights and state are module-level symbols.
  }];
  let useDefaultAttributePrinterParser = 1;
  let dependentDialects = ["::mlir::func::FuncDialect"];
  let hasConstantMaterializer = 1;
  let extraClassDeclaration = [{
    void registerAttributes();
    void registerOperations();

  public:
    /// The bytes behind this context's `graph.weight` operations. Created with
    /// the dialect, shared by all modules of the context; thread-safe.
    ::lathe::WeightStore &getWeightStore() { return *weightStore; }

  private:
    std::shared_ptr<::lathe::WeightStore> weightStore;
  }];
  let cppNamespace = "::lathe::graph";
}

class Graph_Attr<string name, string attrMnemonic, list<Trait> traits = []>
    : AttrDef<GraphDialect, name, traits> {
  let mnemonic = attrMnemonic;
}

#endif // LATHE_DIALECTS_GRAPH_GRAPHDIALECT_TD
