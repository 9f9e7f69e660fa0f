// Sums of many empty rows, of which nothing but their start is left, and an
// empty result that much work is broadcast to.
func.func @main(%x: tensor<65536x0xf32>, %y: tensor<65536x1xf32>)
    -> (tensor<65536xf32>, tensor<65536xf32>, tensor<65536x0xf32>) {
  %sum = graph.reduce %x {kind = #graph.reduce_kind<sum>, dims = array<i64: 1>} : (tensor<65536x0xf32>) -> tensor<65536xf32>
  %mean = graph.reduce %x {kind = #graph.reduce_kind<mean>, dims = array<i64: 1>} : (tensor<65536x0xf32>) -> tensor<65536xf32>
  %e = graph.exp %y : (tensor<65536x1xf32>) -> tensor<65536x1xf32>
  %s = graph.sin %e : (tensor<65536x1xf32>) -> tensor<65536x1xf32>
  %none = graph.add %s, %x : (tensor<65536x1xf32>, tensor<65536x0xf32>) -> tensor<65536x0xf32>
  return %sum, %mean, %none : tensor<65536xf32>, tensor<65536xf32>, tensor<65536x0xf32>
}
