// RUN: lathe-opt --lathe-verify-graph-contract=stage=imported %s | FileCheck %s

// The mark is set when the contract holds.
// CHECK: module attributes {graph.stage = "imported"}
module {
  graph.symbol @s [1, 64]
  graph.weight @w : tensor<4xf32> {
    %0 = graph.constant dense<1.0> : tensor<4xf32>
    graph.yield %0 : tensor<4xf32>
  }
  graph.state @h : tensor<4xf32> initial @w
  func.func @step(%x: tensor<?x4xf32, #graph.info<[s, 4]>> {graph.name = "x"})
      -> (tensor<?x4xf32, #graph.info<[s, 4]>> {graph.name = "y"}) {
    %0 = graph.state_read @h : tensor<4xf32>
    %1 = graph.add %x, %0 : (tensor<?x4xf32, #graph.info<[s, 4]>>, tensor<4xf32>) -> tensor<?x4xf32, #graph.info<[s, 4]>>
    return %1 : tensor<?x4xf32, #graph.info<[s, 4]>>
  }
}
