// SPDX-License-Identifier: Apache-2.0
// Writes one row of a state, and returns what the state was before.
module {
  graph.state @rows : tensor<8x4xf32>
  func.func @main(%at: tensor<1xi64> {graph.name = "at"}, %row: tensor<1x4xf32> {graph.name = "row"})
      -> (tensor<8x4xf32> {graph.name = "twice"}) {
    %old = graph.state_read @rows : tensor<8x4xf32>
    graph.state_update @rows[%at] = %row {dims = array<i64: 0>} : (tensor<1xi64>), tensor<1x4xf32>
    %new = graph.state_read @rows : tensor<8x4xf32>
    %sum = graph.add %old, %new : (tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
    return %sum : tensor<8x4xf32>
  }
}
