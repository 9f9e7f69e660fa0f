// SPDX-License-Identifier: Apache-2.0
// Queries, keys and values of three heads from one joint projection, permuted to the front and taken
// apart as vision transformers are written.
module {
  func.func @main(%x: tensor<2x50x576xf32> {graph.name = "x"}) -> (tensor<2x3x50x64xf32> {graph.name = "y"}) {
    %0 = graph.reshape %x {dims = #graph.dims<[2, 50, 3, 3, 64]>} : (tensor<2x50x576xf32>) -> tensor<2x50x3x3x64xf32>
    %1 = graph.permute %0 {permutation = array<i64: 2, 0, 3, 1, 4>} : (tensor<2x50x3x3x64xf32>) -> tensor<3x2x3x50x64xf32>
    %a = graph.slice %1 {starts = #graph.dims<[0, 0, 0, 0, 0]>, sizes = #graph.dims<[1, 2, 3, 50, 64]>, steps = array<i64: 1, 1, 1, 1, 1>} : (tensor<3x2x3x50x64xf32>) -> tensor<1x2x3x50x64xf32>
    %b = graph.slice %1 {starts = #graph.dims<[1, 0, 0, 0, 0]>, sizes = #graph.dims<[1, 2, 3, 50, 64]>, steps = array<i64: 1, 1, 1, 1, 1>} : (tensor<3x2x3x50x64xf32>) -> tensor<1x2x3x50x64xf32>
    %c = graph.slice %1 {starts = #graph.dims<[2, 0, 0, 0, 0]>, sizes = #graph.dims<[1, 2, 3, 50, 64]>, steps = array<i64: 1, 1, 1, 1, 1>} : (tensor<3x2x3x50x64xf32>) -> tensor<1x2x3x50x64xf32>
    %q = graph.reshape %a {dims = #graph.dims<[2, 3, 50, 64]>} : (tensor<1x2x3x50x64xf32>) -> tensor<2x3x50x64xf32>
    %k = graph.reshape %b {dims = #graph.dims<[2, 3, 50, 64]>} : (tensor<1x2x3x50x64xf32>) -> tensor<2x3x50x64xf32>
    %v = graph.reshape %c {dims = #graph.dims<[2, 3, 50, 64]>} : (tensor<1x2x3x50x64xf32>) -> tensor<2x3x50x64xf32>
    %y = graph.sdpa %q, %k, %v {scale = 0.125, is_causal} : (tensor<2x3x50x64xf32>, tensor<2x3x50x64xf32>, tensor<2x3x50x64xf32>) -> tensor<2x3x50x64xf32>
    return %y : tensor<2x3x50x64xf32>
  }
}
