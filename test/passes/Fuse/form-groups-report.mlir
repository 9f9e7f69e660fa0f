// RUN: lathe-opt --lathe-form-groups=report --verify-diagnostics %s

graph.weight @w : tensor<8x4xf32> key "00"
func.func @reasons_are_given(%x: tensor<2x4xf32>) -> (tensor<2x8xf32>, tensor<2x8xf32>) {
  %w = graph.use_weight @w : tensor<8x4xf32>
  // expected-remark@+1 {{stays apart from graph.linear: a contraction's prologue only moves or converts data}}
  %0 = graph.exp %x : (tensor<2x4xf32>) -> tensor<2x4xf32>
  // expected-remark@+1 {{stays apart from graph.relu: it has other users}}
  %1 = graph.linear %0, %w : (tensor<2x4xf32>, tensor<8x4xf32>) -> tensor<2x8xf32>
  %2 = graph.relu %1 : (tensor<2x8xf32>) -> tensor<2x8xf32>
  return %1, %2 : tensor<2x8xf32>, tensor<2x8xf32>
}
