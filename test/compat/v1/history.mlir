// SPDX-License-Identifier: Apache-2.0
// A projection of any number of rows and the largest values so far, which are
// state: `take` takes rows, `seen` tells what was seen.
graph.symbol @n [1, 64]
graph.state @largest : tensor<8xf32>
graph.weight @matrix : tensor<8x16xf32> {
  %0 = graph.iota {size = #graph.expr<128>, element_type = f32, start = 1.0 : f64, step = 7.0 : f64} : () -> tensor<128xf32>
  %1 = graph.sin %0 : (tensor<128xf32>) -> tensor<128xf32>
  %2 = graph.reshape %1 {dims = #graph.dims<[8, 16]>} : (tensor<128xf32>) -> tensor<8x16xf32>
  graph.yield %2 : tensor<8x16xf32>
}

func.func @take(%rows: tensor<?x16xf32, #graph.info<[n, 16]>> {graph.name = "rows"}) -> (tensor<?x8xf32, #graph.info<[n, 8]>> {graph.name = "projected"}) {
  %w = graph.use_weight @matrix : tensor<8x16xf32>
  %0 = graph.linear %rows, %w : (tensor<?x16xf32, #graph.info<[n, 16]>>, tensor<8x16xf32>) -> tensor<?x8xf32, #graph.info<[n, 8]>>
  %1 = graph.reduce %0 {kind = #graph.reduce_kind<max>, dims = array<i64: 0>} : (tensor<?x8xf32, #graph.info<[n, 8]>>) -> tensor<8xf32>
  %2 = graph.state_read @largest : tensor<8xf32>
  %3 = graph.maximum %1, %2 : (tensor<8xf32>, tensor<8xf32>) -> tensor<8xf32>
  graph.state_write @largest = %3 : tensor<8xf32>
  return %0 : tensor<?x8xf32, #graph.info<[n, 8]>>
}

func.func @seen() -> (tensor<8xf32> {graph.name = "largest"}) {
  %0 = graph.state_read @largest : tensor<8xf32>
  return %0 : tensor<8xf32>
}
