// SPDX-License-Identifier: Apache-2.0
// RUN: lathe-opt %s --lathe-pack-weights | FileCheck %s
// RUN: lathe-opt %s --lathe-pack-weights | lathe-opt --lathe-pack-weights | FileCheck %s

module attributes {graph.targets = [{name = "cpu", weight_panels = array<i64: 16, 8>}]} {
graph.weight @w : tensor<32x4xf32> key "00"
graph.weight @narrow : tensor<24x4xf32> key "01"
graph.weight @odd : tensor<10x4xf32> key "02"
graph.weight @window : tensor<16x3x3x3xf32> key "03"
graph.weight @depthwise : tensor<16x1x3x3xf32> key "04"
graph.weight @depthwise_odd : tensor<10x1x3x3xf32> key "05"

// The order is made when the program is written.
// CHECK: graph.weight @w.packed : tensor<32x4xf32, #graph.info<[32, 4], #graph.layout<[0, 1], tiles = [0, 16]>>> {
// CHECK: %[[PLAIN:.+]] = graph.use_weight @w
// CHECK: graph.relayout %[[PLAIN]]
// CHECK: graph.weight @narrow.packed : tensor<24x4xf32, #graph.info<[24, 4], #graph.layout<[0, 1], tiles = [0, 8]>>> {
// CHECK-NOT: graph.weight @odd.packed
// CHECK: graph.weight @window.packed : tensor<16x3x3x3xf32, #graph.info<[16, 3, 3, 3], #graph.layout<[0, 2, 3, 1], tiles = [0, 16]>>> {
// CHECK: graph.weight @depthwise.packed : tensor<16x1x3x3xf32, #graph.info<[16, 1, 3, 3], #graph.layout<[0, 2, 3, 1], tiles = [0, 16]>>> {
// Channels that no panel divides lie in one row, last.
// CHECK: graph.weight @depthwise_odd.packed : tensor<10x1x3x3xf32, #graph.info<[10, 1, 3, 3], #graph.layout<[2, 3, 1, 0]>>> {

// CHECK-LABEL: func.func @widest_panel_that_divides
func.func @widest_panel_that_divides(%x: tensor<2x4xf32>) -> tensor<2x32xf32> {
  // CHECK: %[[W:.+]] = graph.use_weight @w.packed
  // CHECK: graph.linear %arg0, %[[W]]
  %w = graph.use_weight @w : tensor<32x4xf32>
  %0 = graph.linear %x, %w {graph.device = "cpu"} : (tensor<2x4xf32>, tensor<32x4xf32>) -> tensor<2x32xf32>
  return %0 : tensor<2x32xf32>
}

// CHECK-LABEL: func.func @next_panel
func.func @next_panel(%x: tensor<2x4xf32>) -> tensor<2x24xf32> {
  // CHECK: graph.use_weight @narrow.packed
  %w = graph.use_weight @narrow : tensor<24x4xf32>
  %0 = graph.linear %x, %w {graph.device = "cpu"} : (tensor<2x4xf32>, tensor<24x4xf32>) -> tensor<2x24xf32>
  return %0 : tensor<2x24xf32>
}

// CHECK-LABEL: func.func @no_panel_divides_stays
func.func @no_panel_divides_stays(%x: tensor<2x4xf32>) -> tensor<2x10xf32> {
  // CHECK: graph.use_weight @odd : tensor<10x4xf32>
  %w = graph.use_weight @odd : tensor<10x4xf32>
  %0 = graph.linear %x, %w {graph.device = "cpu"} : (tensor<2x4xf32>, tensor<10x4xf32>) -> tensor<2x10xf32>
  return %0 : tensor<2x10xf32>
}

// A weight that is data cannot be laid out ahead of time.
// CHECK-LABEL: func.func @data_stays
func.func @data_stays(%x: tensor<2x4xf32>, %w: tensor<32x4xf32>) -> tensor<2x32xf32> {
  // CHECK: graph.linear %arg0, %arg1
  %0 = graph.linear %x, %w {graph.device = "cpu"} : (tensor<2x4xf32>, tensor<32x4xf32>) -> tensor<2x32xf32>
  return %0 : tensor<2x32xf32>
}

// Another device has its own order.
// CHECK-LABEL: func.func @other_device_stays
func.func @other_device_stays(%x: tensor<2x4xf32>) -> tensor<2x32xf32> {
  // CHECK: graph.use_weight @w : tensor<32x4xf32>
  %w = graph.use_weight @w : tensor<32x4xf32>
  %0 = graph.linear %x, %w {graph.device = "gpu"} : (tensor<2x4xf32>, tensor<32x4xf32>) -> tensor<2x32xf32>
  return %0 : tensor<2x32xf32>
}

// CHECK-LABEL: func.func @convolution_with_channels_last
func.func @convolution_with_channels_last(%x: tensor<1x3x8x8xf32>) -> tensor<1x16x8x8xf32, #graph.info<[1, 16, 8, 8], #graph.layout<[0, 2, 3, 1]>>> {
  // CHECK: graph.use_weight @window.packed
  %w = graph.use_weight @window : tensor<16x3x3x3xf32>
  %0 = graph.conv %x, %w {strides = array<i64: 1, 1>, padding_low = array<i64: 1, 1>, padding_high = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64, graph.device = "cpu"} : (tensor<1x3x8x8xf32>, tensor<16x3x3x3xf32>) -> tensor<1x16x8x8xf32, #graph.info<[1, 16, 8, 8], #graph.layout<[0, 2, 3, 1]>>>
  return %0 : tensor<1x16x8x8xf32, #graph.info<[1, 16, 8, 8], #graph.layout<[0, 2, 3, 1]>>>
}

// CHECK-LABEL: func.func @one_filter_a_channel
func.func @one_filter_a_channel(%x: tensor<1x16x8x8xf32, #graph.info<[1, 16, 8, 8], #graph.layout<[0, 2, 3, 1]>>>) -> tensor<1x16x8x8xf32, #graph.info<[1, 16, 8, 8], #graph.layout<[0, 2, 3, 1]>>> {
  // CHECK: graph.use_weight @depthwise.packed
  %w = graph.use_weight @depthwise : tensor<16x1x3x3xf32>
  %0 = graph.conv %x, %w {strides = array<i64: 1, 1>, padding_low = array<i64: 1, 1>, padding_high = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 16 : i64, graph.device = "cpu"} : (tensor<1x16x8x8xf32, #graph.info<[1, 16, 8, 8], #graph.layout<[0, 2, 3, 1]>>>, tensor<16x1x3x3xf32>) -> tensor<1x16x8x8xf32, #graph.info<[1, 16, 8, 8], #graph.layout<[0, 2, 3, 1]>>>
  return %0 : tensor<1x16x8x8xf32, #graph.info<[1, 16, 8, 8], #graph.layout<[0, 2, 3, 1]>>>
}

// CHECK-LABEL: func.func @depthwise_without_panels
func.func @depthwise_without_panels(%x: tensor<1x10x8x8xf32, #graph.info<[1, 10, 8, 8], #graph.layout<[0, 2, 3, 1]>>>) -> tensor<1x10x8x8xf32, #graph.info<[1, 10, 8, 8], #graph.layout<[0, 2, 3, 1]>>> {
  // CHECK: graph.use_weight @depthwise_odd.packed
  %w = graph.use_weight @depthwise_odd : tensor<10x1x3x3xf32>
  %0 = graph.conv %x, %w {strides = array<i64: 1, 1>, padding_low = array<i64: 1, 1>, padding_high = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 10 : i64, graph.device = "cpu"} : (tensor<1x10x8x8xf32, #graph.info<[1, 10, 8, 8], #graph.layout<[0, 2, 3, 1]>>>, tensor<10x1x3x3xf32>) -> tensor<1x10x8x8xf32, #graph.info<[1, 10, 8, 8], #graph.layout<[0, 2, 3, 1]>>>
  return %0 : tensor<1x10x8x8xf32, #graph.info<[1, 10, 8, 8], #graph.layout<[0, 2, 3, 1]>>>
}

// Rows of pixels are read against panels.
// CHECK-LABEL: func.func @convolution_of_rows_stays
func.func @convolution_of_rows_stays(%x: tensor<1x3x8x8xf32>) -> tensor<1x16x8x8xf32> {
  // CHECK: graph.use_weight @window : tensor<16x3x3x3xf32>
  %w = graph.use_weight @window : tensor<16x3x3x3xf32>
  %0 = graph.conv %x, %w {strides = array<i64: 1, 1>, padding_low = array<i64: 1, 1>, padding_high = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64, graph.device = "cpu"} : (tensor<1x3x8x8xf32>, tensor<16x3x3x3xf32>) -> tensor<1x16x8x8xf32>
  return %0 : tensor<1x16x8x8xf32>
}
}
