// RUN: lathe-opt --lathe-simplify-graph %s | FileCheck %s
// RUN: lathe-opt --lathe-simplify-graph %s | lathe-opt --lathe-simplify-graph | FileCheck %s

graph.weight @w : tensor<8x4xf32> key "00"
graph.weight @v : tensor<4x8xf32> key "01"
graph.weight @b : tensor<8xf32> key "02"
graph.weight @k : tensor<8x1x3xf32> key "03"
// CHECK: graph.weight @v.permute_1_0 : tensor<8x4xf32> {
// CHECK: graph.use_weight @v
// CHECK: graph.permute

// CHECK-LABEL: func.func @product_with_a_weight_is_linear
func.func @product_with_a_weight_is_linear(%x: tensor<2x4xf32>) -> tensor<2x8xf32> {
  // CHECK-DAG: %[[B:.+]] = graph.use_weight @b
  // CHECK-DAG: %[[W:.+]] = graph.use_weight @w
  // CHECK: graph.linear %arg0, %[[W]], %[[B]]
  // CHECK-NOT: graph.permute
  // CHECK-NOT: graph.add
  %w = graph.use_weight @w : tensor<8x4xf32>
  %b = graph.use_weight @b : tensor<8xf32>
  %t = graph.permute %w {permutation = array<i64: 1, 0>} : (tensor<8x4xf32>) -> tensor<4x8xf32>
  %0 = graph.matmul %x, %t : (tensor<2x4xf32>, tensor<4x8xf32>) -> tensor<2x8xf32>
  %1 = graph.add %b, %0 : (tensor<8xf32>, tensor<2x8xf32>) -> tensor<2x8xf32>
  return %1 : tensor<2x8xf32>
}

// CHECK-LABEL: func.func @weight_is_transposed_once
func.func @weight_is_transposed_once(%x: tensor<2x4xf32>, %y: tensor<3x4xf32>) -> (tensor<2x8xf32>, tensor<3x8xf32>) {
  // CHECK: %[[V:.+]] = graph.use_weight @v.permute_1_0
  // CHECK: graph.linear %arg0, %[[V]]
  // CHECK: graph.linear %arg1, %[[V]]
  %v = graph.use_weight @v : tensor<4x8xf32>
  %0 = graph.matmul %x, %v : (tensor<2x4xf32>, tensor<4x8xf32>) -> tensor<2x8xf32>
  %1 = graph.matmul %y, %v : (tensor<3x4xf32>, tensor<4x8xf32>) -> tensor<3x8xf32>
  return %0, %1 : tensor<2x8xf32>, tensor<3x8xf32>
}

// CHECK-LABEL: func.func @product_of_data_stays
func.func @product_of_data_stays(%x: tensor<2x4xf32>, %y: tensor<8x4xf32>) -> tensor<2x8xf32> {
  // CHECK: graph.permute
  // CHECK: graph.matmul
  %t = graph.permute %y {permutation = array<i64: 1, 0>} : (tensor<8x4xf32>) -> tensor<4x8xf32>
  %0 = graph.matmul %x, %t : (tensor<2x4xf32>, tensor<4x8xf32>) -> tensor<2x8xf32>
  return %0 : tensor<2x8xf32>
}

// CHECK-LABEL: func.func @sum_of_linear_with_two_users_stays
func.func @sum_of_linear_with_two_users_stays(%x: tensor<2x4xf32>) -> (tensor<2x8xf32>, tensor<2x8xf32>) {
  // CHECK: graph.linear
  // CHECK: graph.add
  %w = graph.use_weight @w : tensor<8x4xf32>
  %b = graph.use_weight @b : tensor<8xf32>
  %0 = graph.linear %x, %w : (tensor<2x4xf32>, tensor<8x4xf32>) -> tensor<2x8xf32>
  %1 = graph.add %0, %b : (tensor<2x8xf32>, tensor<8xf32>) -> tensor<2x8xf32>
  return %0, %1 : tensor<2x8xf32>, tensor<2x8xf32>
}

// CHECK-LABEL: func.func @convolution_takes_margin_and_bias
func.func @convolution_takes_margin_and_bias(%x: tensor<1x1x6xf32>) -> tensor<1x8x6xf32> {
  // CHECK: graph.conv %arg0, %{{.+}}, %{{.+}} {{{.*}}padding_high = array<i64: 0>, padding_low = array<i64: 2>
  // CHECK-NOT: graph.add
  %k = graph.use_weight @k : tensor<8x1x3xf32>
  %b = graph.use_weight @b : tensor<8xf32>
  %c = graph.reshape %b {dims = #graph.dims<[8, 1]>} : (tensor<8xf32>) -> tensor<8x1xf32>
  %p = graph.pad %x {low = array<i64: 0, 0, 2>, high = array<i64: 0, 0, 0>, mode = #graph.pad_mode<constant>, value = 0.0 : f32} : (tensor<1x1x6xf32>) -> tensor<1x1x8xf32>
  %0 = graph.conv %p, %k {strides = array<i64: 1>, padding_low = array<i64: 0>, padding_high = array<i64: 0>, dilations = array<i64: 1>, groups = 1 : i64} : (tensor<1x1x8xf32>, tensor<8x1x3xf32>) -> tensor<1x8x6xf32>
  %1 = graph.add %0, %c : (tensor<1x8x6xf32>, tensor<8x1xf32>) -> tensor<1x8x6xf32>
  return %1 : tensor<1x8x6xf32>
}

// CHECK-LABEL: func.func @other_margins_stay
func.func @other_margins_stay(%x: tensor<1x1x6xf32>) -> tensor<1x8x6xf32> {
  // CHECK: graph.pad
  %k = graph.use_weight @k : tensor<8x1x3xf32>
  %p = graph.pad %x {low = array<i64: 0, 0, 2>, high = array<i64: 0, 0, 0>, mode = #graph.pad_mode<reflect>} : (tensor<1x1x6xf32>) -> tensor<1x1x8xf32>
  %0 = graph.conv %p, %k {strides = array<i64: 1>, padding_low = array<i64: 0>, padding_high = array<i64: 0>, dilations = array<i64: 1>, groups = 1 : i64} : (tensor<1x1x8xf32>, tensor<8x1x3xf32>) -> tensor<1x8x6xf32>
  return %0 : tensor<1x8x6xf32>
}

// CHECK-LABEL: func.func @repeated_heads_are_grouped
func.func @repeated_heads_are_grouped(%q: tensor<1x4x1x8xf32>, %k: tensor<1x2x1x5x8xf32>) -> tensor<1x4x1x8xf32> {
  // CHECK: %[[K:.+]] = graph.reshape %arg1 {dims = #graph.dims<[1, 2, 5, 8]>}
  // CHECK: graph.sdpa %arg0, %[[K]], %[[K]] {enable_gqa
  // CHECK-NOT: graph.broadcast
  %b = graph.broadcast %k {dims = #graph.dims<[1, 2, 2, 5, 8]>} : (tensor<1x2x1x5x8xf32>) -> tensor<1x2x2x5x8xf32>
  %r = graph.reshape %b {dims = #graph.dims<[1, 4, 5, 8]>} : (tensor<1x2x2x5x8xf32>) -> tensor<1x4x5x8xf32>
  %0 = graph.sdpa %q, %r, %r {scale = 0.5 : f64} : (tensor<1x4x1x8xf32>, tensor<1x4x5x8xf32>, tensor<1x4x5x8xf32>) -> tensor<1x4x1x8xf32>
  return %0 : tensor<1x4x1x8xf32>
}

// Heads 0 1 0 1 are no groups of consecutive ones.
// CHECK-LABEL: func.func @heads_repeated_in_turn_stay
func.func @heads_repeated_in_turn_stay(%q: tensor<1x4x1x8xf32>, %k: tensor<1x1x2x5x8xf32>) -> tensor<1x4x1x8xf32> {
  // CHECK: graph.broadcast
  // CHECK: graph.sdpa
  %b = graph.broadcast %k {dims = #graph.dims<[1, 2, 2, 5, 8]>} : (tensor<1x1x2x5x8xf32>) -> tensor<1x2x2x5x8xf32>
  %r = graph.reshape %b {dims = #graph.dims<[1, 4, 5, 8]>} : (tensor<1x2x2x5x8xf32>) -> tensor<1x4x5x8xf32>
  %0 = graph.sdpa %q, %r, %r {scale = 0.5 : f64} : (tensor<1x4x1x8xf32>, tensor<1x4x5x8xf32>, tensor<1x4x5x8xf32>) -> tensor<1x4x1x8xf32>
  return %0 : tensor<1x4x1x8xf32>
}
