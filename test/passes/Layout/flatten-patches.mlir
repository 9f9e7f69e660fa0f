// SPDX-License-Identifier: Apache-2.0
// RUN: lathe-opt %s --lathe-flatten-patches | FileCheck %s
// RUN: lathe-opt %s --lathe-flatten-patches | lathe-opt --lathe-flatten-patches | FileCheck %s

module attributes {graph.targets = [{name = "cpu", channels_last, weight_panels = array<i64: 16, 8>}]} {
graph.weight @w : tensor<16x3x8x8xf32> key "00"
graph.weight @narrow : tensor<16x3x4x4xf32> key "01"

// CHECK: graph.weight @w.rows : tensor<16x192xf32> {
// CHECK: graph.reshape %{{.+}} -> tensor<16x192xf32>

// CHECK-LABEL: func.func @patches_become_rows
func.func @patches_become_rows(%x: tensor<2x3x16x24xf32>, %b: tensor<16xf32>) -> tensor<2x16x2x3xf32, #graph.info<[2, 16, 2, 3], #graph.layout<[0, 2, 3, 1]>>> {
  // CHECK: %[[SPLIT:.+]] = graph.reshape %arg0 {{.*}} -> tensor<2x3x2x8x3x8xf32>
  // CHECK: %[[COPY:.+]] = graph.relayout %[[SPLIT]] {graph.device = "cpu"} {{.*}}#graph.layout<[0, 2, 4, 1, 3, 5]>
  // CHECK: %[[MOVED:.+]] = graph.permute %[[COPY]] {{.*}}permutation = array<i64: 0, 2, 4, 1, 3, 5>{{.*}} -> tensor<2x2x3x3x8x8xf32>
  // CHECK: %[[ROWS:.+]] = graph.reshape %[[MOVED]] {{.*}} -> tensor<2x6x192xf32>
  // CHECK: %[[W:.+]] = graph.use_weight @w.rows
  // CHECK: %[[SUMS:.+]] = graph.linear %[[ROWS]], %[[W]], %arg1 {graph.device = "cpu"} {{.*}} -> tensor<2x6x16xf32>
  // CHECK: %[[MAP:.+]] = graph.reshape %[[SUMS]] {{.*}} -> tensor<2x2x3x16xf32>
  // CHECK: graph.permute %[[MAP]] {{.*}}permutation = array<i64: 0, 3, 1, 2>{{.*}}#graph.layout<[0, 2, 3, 1]>
  %w = graph.use_weight @w : tensor<16x3x8x8xf32>
  %0 = graph.conv %x, %w, %b {strides = array<i64: 8, 8>, padding_low = array<i64: 0, 0>, padding_high = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64, graph.device = "cpu"} : (tensor<2x3x16x24xf32>, tensor<16x3x8x8xf32>, tensor<16xf32>) -> tensor<2x16x2x3xf32, #graph.info<[2, 16, 2, 3], #graph.layout<[0, 2, 3, 1]>>>
  return %0 : tensor<2x16x2x3xf32, #graph.info<[2, 16, 2, 3], #graph.layout<[0, 2, 3, 1]>>>
}

// A batch of unknown size has as many rows of patches.
// CHECK-LABEL: func.func @unknown_batch
func.func @unknown_batch(%x: tensor<?x3x16x16xf32, #graph.info<[s1, 3, 16, 16]>>) -> tensor<?x16x2x2xf32, #graph.info<[s1, 16, 2, 2], #graph.layout<[0, 2, 3, 1]>>> {
  // CHECK: graph.linear {{.*}} -> tensor<?x4x16xf32, #graph.info<[s1, 4, 16]>>
  %w = graph.use_weight @w : tensor<16x3x8x8xf32>
  %0 = graph.conv %x, %w {strides = array<i64: 8, 8>, padding_low = array<i64: 0, 0>, padding_high = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64, graph.device = "cpu"} : (tensor<?x3x16x16xf32, #graph.info<[s1, 3, 16, 16]>>, tensor<16x3x8x8xf32>) -> tensor<?x16x2x2xf32, #graph.info<[s1, 16, 2, 2], #graph.layout<[0, 2, 3, 1]>>>
  return %0 : tensor<?x16x2x2xf32, #graph.info<[s1, 16, 2, 2], #graph.layout<[0, 2, 3, 1]>>>
}

// Windows that overlap, a margin, a picture that patches do not fill, short runs, and maps with channels last.
// CHECK-LABEL: func.func @stays
// CHECK-COUNT-5: graph.conv
// CHECK-NOT: graph.linear
func.func @stays(%x: tensor<1x3x16x16xf32>, %y: tensor<1x3x20x20xf32>, %z: tensor<1x3x16x16xf32, #graph.info<[1, 3, 16, 16], #graph.layout<[0, 2, 3, 1]>>>) -> (tensor<1x16x3x3xf32, #graph.info<[1, 16, 3, 3], #graph.layout<[0, 2, 3, 1]>>>, tensor<1x16x2x2xf32, #graph.info<[1, 16, 2, 2], #graph.layout<[0, 2, 3, 1]>>>, tensor<1x16x2x2xf32, #graph.info<[1, 16, 2, 2], #graph.layout<[0, 2, 3, 1]>>>, tensor<1x16x4x4xf32, #graph.info<[1, 16, 4, 4], #graph.layout<[0, 2, 3, 1]>>>, tensor<1x16x2x2xf32, #graph.info<[1, 16, 2, 2], #graph.layout<[0, 2, 3, 1]>>>) {
  %w = graph.use_weight @w : tensor<16x3x8x8xf32>
  %0 = graph.conv %x, %w {strides = array<i64: 4, 4>, padding_low = array<i64: 0, 0>, padding_high = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64, graph.device = "cpu"} : (tensor<1x3x16x16xf32>, tensor<16x3x8x8xf32>) -> tensor<1x16x3x3xf32, #graph.info<[1, 16, 3, 3], #graph.layout<[0, 2, 3, 1]>>>
  %1 = graph.conv %x, %w {strides = array<i64: 8, 8>, padding_low = array<i64: 1, 1>, padding_high = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64, graph.device = "cpu"} : (tensor<1x3x16x16xf32>, tensor<16x3x8x8xf32>) -> tensor<1x16x2x2xf32, #graph.info<[1, 16, 2, 2], #graph.layout<[0, 2, 3, 1]>>>
  %2 = graph.conv %y, %w {strides = array<i64: 8, 8>, padding_low = array<i64: 0, 0>, padding_high = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64, graph.device = "cpu"} : (tensor<1x3x20x20xf32>, tensor<16x3x8x8xf32>) -> tensor<1x16x2x2xf32, #graph.info<[1, 16, 2, 2], #graph.layout<[0, 2, 3, 1]>>>
  %v = graph.use_weight @narrow : tensor<16x3x4x4xf32>
  %3 = graph.conv %x, %v {strides = array<i64: 4, 4>, padding_low = array<i64: 0, 0>, padding_high = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64, graph.device = "cpu"} : (tensor<1x3x16x16xf32>, tensor<16x3x4x4xf32>) -> tensor<1x16x4x4xf32, #graph.info<[1, 16, 4, 4], #graph.layout<[0, 2, 3, 1]>>>
  %4 = graph.conv %z, %w {strides = array<i64: 8, 8>, padding_low = array<i64: 0, 0>, padding_high = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64, graph.device = "cpu"} : (tensor<1x3x16x16xf32, #graph.info<[1, 3, 16, 16], #graph.layout<[0, 2, 3, 1]>>>, tensor<16x3x8x8xf32>) -> tensor<1x16x2x2xf32, #graph.info<[1, 16, 2, 2], #graph.layout<[0, 2, 3, 1]>>>
  return %0, %1, %2, %3, %4 : tensor<1x16x3x3xf32, #graph.info<[1, 16, 3, 3], #graph.layout<[0, 2, 3, 1]>>>, tensor<1x16x2x2xf32, #graph.info<[1, 16, 2, 2], #graph.layout<[0, 2, 3, 1]>>>, tensor<1x16x2x2xf32, #graph.info<[1, 16, 2, 2], #graph.layout<[0, 2, 3, 1]>>>, tensor<1x16x4x4xf32, #graph.info<[1, 16, 4, 4], #graph.layout<[0, 2, 3, 1]>>>, tensor<1x16x2x2xf32, #graph.info<[1, 16, 2, 2], #graph.layout<[0, 2, 3, 1]>>>
}
}
