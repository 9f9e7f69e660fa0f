// SPDX-License-Identifier: Apache-2.0
// RUN: lathe-opt %s --lathe-use-winograd | FileCheck %s
// RUN: lathe-opt %s --lathe-use-winograd | lathe-opt --lathe-use-winograd | FileCheck %s

module attributes {graph.targets = [{name = "cpu", weight_panels = array<i64: 16, 8>, winograd}, {name = "other", weight_panels = array<i64: 16>}]} {
graph.weight @w32_48_3 : tensor<48x32x3x3xf32> key "00"
graph.weight @w16_48_3 : tensor<48x16x3x3xf32> key "01"
graph.weight @w32_32_5 : tensor<32x32x5x5xf32> key "02"

// Transformed when the program is written, in panels of features.
// CHECK: graph.weight @w32_48_3.winograd4 : tensor<6x6x48x32xf32, #graph.info<[6, 6, 48, 32], #graph.layout<[0, 1, 2, 3], tiles = [2, 16]>>> {
// CHECK: %[[FILTER:.+]] = graph.constant
// CHECK: graph.linear %{{.+}}, %[[FILTER]]
// CHECK: graph.linear %{{.+}}, %[[FILTER]]
// CHECK: graph.relayout
// CHECK: graph.weight @w32_48_3.winograd2 : tensor<4x4x48x32xf32

// CHECK-LABEL: func.func @tiles_of_four
func.func @tiles_of_four(%x: tensor<1x32x28x28xf32, #graph.info<[1, 32, 28, 28], #graph.layout<[0, 2, 3, 1]>>>) -> tensor<1x48x28x28xf32, #graph.info<[1, 48, 28, 28], #graph.layout<[0, 2, 3, 1]>>> {
  // CHECK: graph.winograd_conv %arg0, %{{.+}} {graph.device = "cpu", outputs = 4 : i64, padding_high = array<i64: 1, 1>, padding_low = array<i64: 1, 1>}
  %w = graph.use_weight @w32_48_3 : tensor<48x32x3x3xf32>
  %0 = graph.conv %x, %w {strides = array<i64: 1, 1>, padding_low = array<i64: 1, 1>, padding_high = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64, graph.device = "cpu"} : (tensor<1x32x28x28xf32, #graph.info<[1, 32, 28, 28], #graph.layout<[0, 2, 3, 1]>>>, tensor<48x32x3x3xf32>) -> tensor<1x48x28x28xf32, #graph.info<[1, 48, 28, 28], #graph.layout<[0, 2, 3, 1]>>>
  return %0 : tensor<1x48x28x28xf32, #graph.info<[1, 48, 28, 28], #graph.layout<[0, 2, 3, 1]>>>
}

// 14 is no multiple of 4.
// CHECK-LABEL: func.func @tiles_of_two
func.func @tiles_of_two(%x: tensor<1x32x14x14xf32, #graph.info<[1, 32, 14, 14], #graph.layout<[0, 2, 3, 1]>>>) -> tensor<1x48x14x14xf32, #graph.info<[1, 48, 14, 14], #graph.layout<[0, 2, 3, 1]>>> {
  // CHECK: graph.winograd_conv {{.*}} outputs = 2 : i64
  %w = graph.use_weight @w32_48_3 : tensor<48x32x3x3xf32>
  %0 = graph.conv %x, %w {strides = array<i64: 1, 1>, padding_low = array<i64: 1, 1>, padding_high = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64, graph.device = "cpu"} : (tensor<1x32x14x14xf32, #graph.info<[1, 32, 14, 14], #graph.layout<[0, 2, 3, 1]>>>, tensor<48x32x3x3xf32>) -> tensor<1x48x14x14xf32, #graph.info<[1, 48, 14, 14], #graph.layout<[0, 2, 3, 1]>>>
  return %0 : tensor<1x48x14x14xf32, #graph.info<[1, 48, 14, 14], #graph.layout<[0, 2, 3, 1]>>>
}

// CHECK-LABEL: func.func @odd_sizes_stay
func.func @odd_sizes_stay(%x: tensor<1x32x27x27xf32, #graph.info<[1, 32, 27, 27], #graph.layout<[0, 2, 3, 1]>>>) -> tensor<1x48x27x27xf32, #graph.info<[1, 48, 27, 27], #graph.layout<[0, 2, 3, 1]>>> {
  // CHECK-NOT: graph.winograd_conv
  // CHECK: graph.conv
  %w = graph.use_weight @w32_48_3 : tensor<48x32x3x3xf32>
  %0 = graph.conv %x, %w {strides = array<i64: 1, 1>, padding_low = array<i64: 1, 1>, padding_high = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64, graph.device = "cpu"} : (tensor<1x32x27x27xf32, #graph.info<[1, 32, 27, 27], #graph.layout<[0, 2, 3, 1]>>>, tensor<48x32x3x3xf32>) -> tensor<1x48x27x27xf32, #graph.info<[1, 48, 27, 27], #graph.layout<[0, 2, 3, 1]>>>
  return %0 : tensor<1x48x27x27xf32, #graph.info<[1, 48, 27, 27], #graph.layout<[0, 2, 3, 1]>>>
}

// 9 tiles: each weight would serve few sums.
// CHECK-LABEL: func.func @few_tiles_stay
func.func @few_tiles_stay(%x: tensor<1x32x6x6xf32, #graph.info<[1, 32, 6, 6], #graph.layout<[0, 2, 3, 1]>>>) -> tensor<1x48x6x6xf32, #graph.info<[1, 48, 6, 6], #graph.layout<[0, 2, 3, 1]>>> {
  // CHECK-NOT: graph.winograd_conv
  // CHECK: graph.conv
  %w = graph.use_weight @w32_48_3 : tensor<48x32x3x3xf32>
  %0 = graph.conv %x, %w {strides = array<i64: 1, 1>, padding_low = array<i64: 1, 1>, padding_high = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64, graph.device = "cpu"} : (tensor<1x32x6x6xf32, #graph.info<[1, 32, 6, 6], #graph.layout<[0, 2, 3, 1]>>>, tensor<48x32x3x3xf32>) -> tensor<1x48x6x6xf32, #graph.info<[1, 48, 6, 6], #graph.layout<[0, 2, 3, 1]>>>
  return %0 : tensor<1x48x6x6xf32, #graph.info<[1, 48, 6, 6], #graph.layout<[0, 2, 3, 1]>>>
}

// CHECK-LABEL: func.func @few_channels_stay
func.func @few_channels_stay(%x: tensor<1x16x28x28xf32, #graph.info<[1, 16, 28, 28], #graph.layout<[0, 2, 3, 1]>>>) -> tensor<1x48x28x28xf32, #graph.info<[1, 48, 28, 28], #graph.layout<[0, 2, 3, 1]>>> {
  // CHECK-NOT: graph.winograd_conv
  // CHECK: graph.conv
  %w = graph.use_weight @w16_48_3 : tensor<48x16x3x3xf32>
  %0 = graph.conv %x, %w {strides = array<i64: 1, 1>, padding_low = array<i64: 1, 1>, padding_high = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64, graph.device = "cpu"} : (tensor<1x16x28x28xf32, #graph.info<[1, 16, 28, 28], #graph.layout<[0, 2, 3, 1]>>>, tensor<48x16x3x3xf32>) -> tensor<1x48x28x28xf32, #graph.info<[1, 48, 28, 28], #graph.layout<[0, 2, 3, 1]>>>
  return %0 : tensor<1x48x28x28xf32, #graph.info<[1, 48, 28, 28], #graph.layout<[0, 2, 3, 1]>>>
}

// CHECK-LABEL: func.func @strides_stay
func.func @strides_stay(%x: tensor<1x32x28x28xf32, #graph.info<[1, 32, 28, 28], #graph.layout<[0, 2, 3, 1]>>>) -> tensor<1x48x14x14xf32, #graph.info<[1, 48, 14, 14], #graph.layout<[0, 2, 3, 1]>>> {
  // CHECK-NOT: graph.winograd_conv
  // CHECK: graph.conv
  %w = graph.use_weight @w32_48_3 : tensor<48x32x3x3xf32>
  %0 = graph.conv %x, %w {strides = array<i64: 2, 2>, padding_low = array<i64: 1, 1>, padding_high = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64, graph.device = "cpu"} : (tensor<1x32x28x28xf32, #graph.info<[1, 32, 28, 28], #graph.layout<[0, 2, 3, 1]>>>, tensor<48x32x3x3xf32>) -> tensor<1x48x14x14xf32, #graph.info<[1, 48, 14, 14], #graph.layout<[0, 2, 3, 1]>>>
  return %0 : tensor<1x48x14x14xf32, #graph.info<[1, 48, 14, 14], #graph.layout<[0, 2, 3, 1]>>>
}

// CHECK-LABEL: func.func @other_windows_stay
func.func @other_windows_stay(%x: tensor<1x32x28x28xf32, #graph.info<[1, 32, 28, 28], #graph.layout<[0, 2, 3, 1]>>>) -> tensor<1x32x28x28xf32, #graph.info<[1, 32, 28, 28], #graph.layout<[0, 2, 3, 1]>>> {
  // CHECK-NOT: graph.winograd_conv
  // CHECK: graph.conv
  %w = graph.use_weight @w32_32_5 : tensor<32x32x5x5xf32>
  %0 = graph.conv %x, %w {strides = array<i64: 1, 1>, padding_low = array<i64: 2, 2>, padding_high = array<i64: 2, 2>, dilations = array<i64: 1, 1>, groups = 1 : i64, graph.device = "cpu"} : (tensor<1x32x28x28xf32, #graph.info<[1, 32, 28, 28], #graph.layout<[0, 2, 3, 1]>>>, tensor<32x32x5x5xf32>) -> tensor<1x32x28x28xf32, #graph.info<[1, 32, 28, 28], #graph.layout<[0, 2, 3, 1]>>>
  return %0 : tensor<1x32x28x28xf32, #graph.info<[1, 32, 28, 28], #graph.layout<[0, 2, 3, 1]>>>
}

// CHECK-LABEL: func.func @other_target_stays
func.func @other_target_stays(%x: tensor<1x32x28x28xf32, #graph.info<[1, 32, 28, 28], #graph.layout<[0, 2, 3, 1]>>>) -> tensor<1x48x28x28xf32, #graph.info<[1, 48, 28, 28], #graph.layout<[0, 2, 3, 1]>>> {
  // CHECK-NOT: graph.winograd_conv
  // CHECK: graph.conv
  %w = graph.use_weight @w32_48_3 : tensor<48x32x3x3xf32>
  %0 = graph.conv %x, %w {strides = array<i64: 1, 1>, padding_low = array<i64: 1, 1>, padding_high = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64, graph.device = "other"} : (tensor<1x32x28x28xf32, #graph.info<[1, 32, 28, 28], #graph.layout<[0, 2, 3, 1]>>>, tensor<48x32x3x3xf32>) -> tensor<1x48x28x28xf32, #graph.info<[1, 48, 28, 28], #graph.layout<[0, 2, 3, 1]>>>
  return %0 : tensor<1x48x28x28xf32, #graph.info<[1, 48, 28, 28], #graph.layout<[0, 2, 3, 1]>>>
}
}
