// SPDX-License-Identifier: Apache-2.0
// RUN: lathe-opt --lathe-scale-weights %s | FileCheck %s
// RUN: lathe-opt --lathe-scale-weights %s | lathe-opt --lathe-scale-weights | FileCheck %s

// CHECK-LABEL: func.func @smaller_weight_is_scaled
func.func @smaller_weight_is_scaled(%x: tensor<1x32x8x8xf32, #graph.info<[1, 32, 8, 8], #graph.layout<[0, 2, 3, 1]>>>, %s: tensor<1x32x1x1xf32, #graph.info<[1, 32, 1, 1], #graph.layout<[0, 2, 3, 1]>>>, %w: tensor<16x32x1x1xf32, #graph.info<[16, 32, 1, 1], #graph.layout<[0, 2, 3, 1], tiles = [0, 16]>>>) -> tensor<1x16x8x8xf32, #graph.info<[1, 16, 8, 8], #graph.layout<[0, 2, 3, 1]>>> {
  // CHECK: %[[W:.+]] = graph.mul %arg2, %arg1 {graph.device = "cpu"} : {{.+}} -> tensor<16x32x1x1xf32
  // CHECK-NEXT: graph.conv %arg0, %[[W]]
  %0 = graph.mul %x, %s {graph.device = "cpu"} : (tensor<1x32x8x8xf32, #graph.info<[1, 32, 8, 8], #graph.layout<[0, 2, 3, 1]>>>, tensor<1x32x1x1xf32, #graph.info<[1, 32, 1, 1], #graph.layout<[0, 2, 3, 1]>>>) -> tensor<1x32x8x8xf32, #graph.info<[1, 32, 8, 8], #graph.layout<[0, 2, 3, 1]>>>
  %1 = graph.conv %0, %w {strides = array<i64: 1, 1>, padding_low = array<i64: 0, 0>, padding_high = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64, graph.device = "cpu"} : (tensor<1x32x8x8xf32, #graph.info<[1, 32, 8, 8], #graph.layout<[0, 2, 3, 1]>>>, tensor<16x32x1x1xf32, #graph.info<[16, 32, 1, 1], #graph.layout<[0, 2, 3, 1], tiles = [0, 16]>>>) -> tensor<1x16x8x8xf32, #graph.info<[1, 16, 8, 8], #graph.layout<[0, 2, 3, 1]>>>
  return %1 : tensor<1x16x8x8xf32, #graph.info<[1, 16, 8, 8], #graph.layout<[0, 2, 3, 1]>>>
}

// CHECK-LABEL: func.func @in_either_order
func.func @in_either_order(%x: tensor<1x32x8x8xf32, #graph.info<[1, 32, 8, 8], #graph.layout<[0, 2, 3, 1]>>>, %s: tensor<1x32x1x1xf32, #graph.info<[1, 32, 1, 1], #graph.layout<[0, 2, 3, 1]>>>, %w: tensor<16x32x1x1xf32, #graph.info<[16, 32, 1, 1], #graph.layout<[0, 2, 3, 1], tiles = [0, 16]>>>) -> tensor<1x16x8x8xf32, #graph.info<[1, 16, 8, 8], #graph.layout<[0, 2, 3, 1]>>> {
  // CHECK: %[[W:.+]] = graph.mul %arg2, %arg1 {graph.device = "cpu"} : {{.+}} -> tensor<16x32x1x1xf32
  // CHECK-NEXT: graph.conv %arg0, %[[W]]
  %0 = graph.mul %s, %x {graph.device = "cpu"} : (tensor<1x32x1x1xf32, #graph.info<[1, 32, 1, 1], #graph.layout<[0, 2, 3, 1]>>>, tensor<1x32x8x8xf32, #graph.info<[1, 32, 8, 8], #graph.layout<[0, 2, 3, 1]>>>) -> tensor<1x32x8x8xf32, #graph.info<[1, 32, 8, 8], #graph.layout<[0, 2, 3, 1]>>>
  %1 = graph.conv %0, %w {strides = array<i64: 1, 1>, padding_low = array<i64: 0, 0>, padding_high = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64, graph.device = "cpu"} : (tensor<1x32x8x8xf32, #graph.info<[1, 32, 8, 8], #graph.layout<[0, 2, 3, 1]>>>, tensor<16x32x1x1xf32, #graph.info<[16, 32, 1, 1], #graph.layout<[0, 2, 3, 1], tiles = [0, 16]>>>) -> tensor<1x16x8x8xf32, #graph.info<[1, 16, 8, 8], #graph.layout<[0, 2, 3, 1]>>>
  return %1 : tensor<1x16x8x8xf32, #graph.info<[1, 16, 8, 8], #graph.layout<[0, 2, 3, 1]>>>
}

// More filters than pixels.
// CHECK-LABEL: func.func @larger_weight_stays
func.func @larger_weight_stays(%x: tensor<1x32x4x4xf32, #graph.info<[1, 32, 4, 4], #graph.layout<[0, 2, 3, 1]>>>, %s: tensor<1x32x1x1xf32, #graph.info<[1, 32, 1, 1], #graph.layout<[0, 2, 3, 1]>>>, %w: tensor<16x32x1x1xf32, #graph.info<[16, 32, 1, 1], #graph.layout<[0, 2, 3, 1], tiles = [0, 16]>>>) -> tensor<1x16x4x4xf32, #graph.info<[1, 16, 4, 4], #graph.layout<[0, 2, 3, 1]>>> {
  // CHECK: %[[X:.+]] = graph.mul %arg0, %arg1
  // CHECK-NEXT: graph.conv %[[X]], %arg2
  %0 = graph.mul %x, %s {graph.device = "cpu"} : (tensor<1x32x4x4xf32, #graph.info<[1, 32, 4, 4], #graph.layout<[0, 2, 3, 1]>>>, tensor<1x32x1x1xf32, #graph.info<[1, 32, 1, 1], #graph.layout<[0, 2, 3, 1]>>>) -> tensor<1x32x4x4xf32, #graph.info<[1, 32, 4, 4], #graph.layout<[0, 2, 3, 1]>>>
  %1 = graph.conv %0, %w {strides = array<i64: 1, 1>, padding_low = array<i64: 0, 0>, padding_high = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64, graph.device = "cpu"} : (tensor<1x32x4x4xf32, #graph.info<[1, 32, 4, 4], #graph.layout<[0, 2, 3, 1]>>>, tensor<16x32x1x1xf32, #graph.info<[16, 32, 1, 1], #graph.layout<[0, 2, 3, 1], tiles = [0, 16]>>>) -> tensor<1x16x4x4xf32, #graph.info<[1, 16, 4, 4], #graph.layout<[0, 2, 3, 1]>>>
  return %1 : tensor<1x16x4x4xf32, #graph.info<[1, 16, 4, 4], #graph.layout<[0, 2, 3, 1]>>>
}

// CHECK-LABEL: func.func @product_with_another_reader_stays
func.func @product_with_another_reader_stays(%x: tensor<1x32x8x8xf32, #graph.info<[1, 32, 8, 8], #graph.layout<[0, 2, 3, 1]>>>, %s: tensor<1x32x1x1xf32, #graph.info<[1, 32, 1, 1], #graph.layout<[0, 2, 3, 1]>>>, %w: tensor<16x32x1x1xf32, #graph.info<[16, 32, 1, 1], #graph.layout<[0, 2, 3, 1], tiles = [0, 16]>>>) -> (tensor<1x16x8x8xf32, #graph.info<[1, 16, 8, 8], #graph.layout<[0, 2, 3, 1]>>>, tensor<1x32x8x8xf32, #graph.info<[1, 32, 8, 8], #graph.layout<[0, 2, 3, 1]>>>) {
  // CHECK: %[[X:.+]] = graph.mul %arg0, %arg1
  // CHECK-NEXT: graph.conv %[[X]], %arg2
  %0 = graph.mul %x, %s {graph.device = "cpu"} : (tensor<1x32x8x8xf32, #graph.info<[1, 32, 8, 8], #graph.layout<[0, 2, 3, 1]>>>, tensor<1x32x1x1xf32, #graph.info<[1, 32, 1, 1], #graph.layout<[0, 2, 3, 1]>>>) -> tensor<1x32x8x8xf32, #graph.info<[1, 32, 8, 8], #graph.layout<[0, 2, 3, 1]>>>
  %1 = graph.conv %0, %w {strides = array<i64: 1, 1>, padding_low = array<i64: 0, 0>, padding_high = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64, graph.device = "cpu"} : (tensor<1x32x8x8xf32, #graph.info<[1, 32, 8, 8], #graph.layout<[0, 2, 3, 1]>>>, tensor<16x32x1x1xf32, #graph.info<[16, 32, 1, 1], #graph.layout<[0, 2, 3, 1], tiles = [0, 16]>>>) -> tensor<1x16x8x8xf32, #graph.info<[1, 16, 8, 8], #graph.layout<[0, 2, 3, 1]>>>
  return %1, %0 : tensor<1x16x8x8xf32, #graph.info<[1, 16, 8, 8], #graph.layout<[0, 2, 3, 1]>>>, tensor<1x32x8x8xf32, #graph.info<[1, 32, 8, 8], #graph.layout<[0, 2, 3, 1]>>>
}

// A weight has no pixels.
// CHECK-LABEL: func.func @scale_of_pixels_stays
func.func @scale_of_pixels_stays(%x: tensor<1x32x8x8xf32, #graph.info<[1, 32, 8, 8], #graph.layout<[0, 2, 3, 1]>>>, %s: tensor<1x1x8x8xf32, #graph.info<[1, 1, 8, 8], #graph.layout<[0, 2, 3, 1]>>>, %w: tensor<16x32x1x1xf32, #graph.info<[16, 32, 1, 1], #graph.layout<[0, 2, 3, 1], tiles = [0, 16]>>>) -> tensor<1x16x8x8xf32, #graph.info<[1, 16, 8, 8], #graph.layout<[0, 2, 3, 1]>>> {
  // CHECK: %[[X:.+]] = graph.mul %arg0, %arg1
  // CHECK-NEXT: graph.conv %[[X]], %arg2
  %0 = graph.mul %x, %s {graph.device = "cpu"} : (tensor<1x32x8x8xf32, #graph.info<[1, 32, 8, 8], #graph.layout<[0, 2, 3, 1]>>>, tensor<1x1x8x8xf32, #graph.info<[1, 1, 8, 8], #graph.layout<[0, 2, 3, 1]>>>) -> tensor<1x32x8x8xf32, #graph.info<[1, 32, 8, 8], #graph.layout<[0, 2, 3, 1]>>>
  %1 = graph.conv %0, %w {strides = array<i64: 1, 1>, padding_low = array<i64: 0, 0>, padding_high = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64, graph.device = "cpu"} : (tensor<1x32x8x8xf32, #graph.info<[1, 32, 8, 8], #graph.layout<[0, 2, 3, 1]>>>, tensor<16x32x1x1xf32, #graph.info<[16, 32, 1, 1], #graph.layout<[0, 2, 3, 1], tiles = [0, 16]>>>) -> tensor<1x16x8x8xf32, #graph.info<[1, 16, 8, 8], #graph.layout<[0, 2, 3, 1]>>>
  return %1 : tensor<1x16x8x8xf32, #graph.info<[1, 16, 8, 8], #graph.layout<[0, 2, 3, 1]>>>
}

// One number for all channels is no number for each.
// CHECK-LABEL: func.func @scale_of_all_stays_with_the_map
func.func @scale_of_all_stays_with_the_map(%x: tensor<1x32x8x8xf32, #graph.info<[1, 32, 8, 8], #graph.layout<[0, 2, 3, 1]>>>, %s: tensor<1x1x1x1xf32, #graph.info<[1, 1, 1, 1], #graph.layout<[0, 2, 3, 1]>>>, %w: tensor<16x32x1x1xf32, #graph.info<[16, 32, 1, 1], #graph.layout<[0, 2, 3, 1], tiles = [0, 16]>>>) -> tensor<1x16x8x8xf32, #graph.info<[1, 16, 8, 8], #graph.layout<[0, 2, 3, 1]>>> {
  // CHECK: %[[X:.+]] = graph.mul %arg0, %arg1
  // CHECK-NEXT: graph.conv %[[X]], %arg2
  %0 = graph.mul %x, %s {graph.device = "cpu"} : (tensor<1x32x8x8xf32, #graph.info<[1, 32, 8, 8], #graph.layout<[0, 2, 3, 1]>>>, tensor<1x1x1x1xf32, #graph.info<[1, 1, 1, 1], #graph.layout<[0, 2, 3, 1]>>>) -> tensor<1x32x8x8xf32, #graph.info<[1, 32, 8, 8], #graph.layout<[0, 2, 3, 1]>>>
  %1 = graph.conv %0, %w {strides = array<i64: 1, 1>, padding_low = array<i64: 0, 0>, padding_high = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64, graph.device = "cpu"} : (tensor<1x32x8x8xf32, #graph.info<[1, 32, 8, 8], #graph.layout<[0, 2, 3, 1]>>>, tensor<16x32x1x1xf32, #graph.info<[16, 32, 1, 1], #graph.layout<[0, 2, 3, 1], tiles = [0, 16]>>>) -> tensor<1x16x8x8xf32, #graph.info<[1, 16, 8, 8], #graph.layout<[0, 2, 3, 1]>>>
  return %1 : tensor<1x16x8x8xf32, #graph.info<[1, 16, 8, 8], #graph.layout<[0, 2, 3, 1]>>>
}

// CHECK-LABEL: func.func @weight_without_panels_stays
func.func @weight_without_panels_stays(%x: tensor<1x32x8x8xf32, #graph.info<[1, 32, 8, 8], #graph.layout<[0, 2, 3, 1]>>>, %s: tensor<1x32x1x1xf32, #graph.info<[1, 32, 1, 1], #graph.layout<[0, 2, 3, 1]>>>, %w: tensor<16x32x1x1xf32>) -> tensor<1x16x8x8xf32, #graph.info<[1, 16, 8, 8], #graph.layout<[0, 2, 3, 1]>>> {
  // CHECK: %[[X:.+]] = graph.mul %arg0, %arg1
  // CHECK-NEXT: graph.conv %[[X]], %arg2
  %0 = graph.mul %x, %s {graph.device = "cpu"} : (tensor<1x32x8x8xf32, #graph.info<[1, 32, 8, 8], #graph.layout<[0, 2, 3, 1]>>>, tensor<1x32x1x1xf32, #graph.info<[1, 32, 1, 1], #graph.layout<[0, 2, 3, 1]>>>) -> tensor<1x32x8x8xf32, #graph.info<[1, 32, 8, 8], #graph.layout<[0, 2, 3, 1]>>>
  %1 = graph.conv %0, %w {strides = array<i64: 1, 1>, padding_low = array<i64: 0, 0>, padding_high = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64, graph.device = "cpu"} : (tensor<1x32x8x8xf32, #graph.info<[1, 32, 8, 8], #graph.layout<[0, 2, 3, 1]>>>, tensor<16x32x1x1xf32>) -> tensor<1x16x8x8xf32, #graph.info<[1, 16, 8, 8], #graph.layout<[0, 2, 3, 1]>>>
  return %1 : tensor<1x16x8x8xf32, #graph.info<[1, 16, 8, 8], #graph.layout<[0, 2, 3, 1]>>>
}
