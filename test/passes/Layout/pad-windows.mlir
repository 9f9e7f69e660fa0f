// SPDX-License-Identifier: Apache-2.0
// RUN: lathe-opt %s --lathe-pad-windows | FileCheck %s
// RUN: lathe-opt %s --lathe-pad-windows | lathe-opt --lathe-pad-windows | FileCheck %s

// Each side keeps its own margin, and the convolution its device.
// CHECK-LABEL: func.func @margins_lie_in_memory
func.func @margins_lie_in_memory(%x: tensor<1x16x8x8xf32, #graph.info<[1, 16, 8, 8], #graph.layout<[0, 2, 3, 1]>>>, %w: tensor<32x16x3x3xf32, #graph.info<[32, 16, 3, 3], #graph.layout<[0, 2, 3, 1], tiles = [0, 16]>>>) -> tensor<1x32x4x5xf32, #graph.info<[1, 32, 4, 5], #graph.layout<[0, 2, 3, 1]>>> {
  // CHECK: %[[PADDED:.*]] = graph.pad %arg0 {graph.device = "cpu", high = array<i64: 0, 0, 0, 2>, low = array<i64: 0, 0, 1, 1>, mode = #graph.pad_mode<constant>, value = 0.000000e+00 : f32} : {{.*}} -> tensor<1x16x9x11xf32, #graph.info<[1, 16, 9, 11], #graph.layout<[0, 2, 3, 1]>>>
  // CHECK: graph.conv %[[PADDED]], %arg1 {{.*}}padding_high = array<i64: 0, 0>, padding_low = array<i64: 0, 0>
  %0 = graph.conv %x, %w {strides = array<i64: 2, 2>, padding_low = array<i64: 1, 1>, padding_high = array<i64: 0, 2>, dilations = array<i64: 1, 1>, groups = 1 : i64, graph.device = "cpu"} : (tensor<1x16x8x8xf32, #graph.info<[1, 16, 8, 8], #graph.layout<[0, 2, 3, 1]>>>, tensor<32x16x3x3xf32, #graph.info<[32, 16, 3, 3], #graph.layout<[0, 2, 3, 1], tiles = [0, 16]>>>) -> tensor<1x32x4x5xf32, #graph.info<[1, 32, 4, 5], #graph.layout<[0, 2, 3, 1]>>>
  return %0 : tensor<1x32x4x5xf32, #graph.info<[1, 32, 4, 5], #graph.layout<[0, 2, 3, 1]>>>
}

// Nothing to copy.
// CHECK-LABEL: func.func @no_margins
func.func @no_margins(%x: tensor<1x16x8x8xf32, #graph.info<[1, 16, 8, 8], #graph.layout<[0, 2, 3, 1]>>>, %w: tensor<32x16x3x3xf32, #graph.info<[32, 16, 3, 3], #graph.layout<[0, 2, 3, 1], tiles = [0, 16]>>>) -> tensor<1x32x6x6xf32, #graph.info<[1, 32, 6, 6], #graph.layout<[0, 2, 3, 1]>>> {
  // CHECK-NOT: graph.pad
  // CHECK: graph.conv %arg0
  %0 = graph.conv %x, %w {strides = array<i64: 1, 1>, padding_low = array<i64: 0, 0>, padding_high = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64, graph.device = "cpu"} : (tensor<1x16x8x8xf32, #graph.info<[1, 16, 8, 8], #graph.layout<[0, 2, 3, 1]>>>, tensor<32x16x3x3xf32, #graph.info<[32, 16, 3, 3], #graph.layout<[0, 2, 3, 1], tiles = [0, 16]>>>) -> tensor<1x32x6x6xf32, #graph.info<[1, 32, 6, 6], #graph.layout<[0, 2, 3, 1]>>>
  return %0 : tensor<1x32x6x6xf32, #graph.info<[1, 32, 6, 6], #graph.layout<[0, 2, 3, 1]>>>
}

// Groups have panels as whole convolutions do.
// CHECK-LABEL: func.func @groups_of_channels
func.func @groups_of_channels(%x: tensor<1x16x8x8xf32, #graph.info<[1, 16, 8, 8], #graph.layout<[0, 2, 3, 1]>>>, %w: tensor<32x8x3x3xf32, #graph.info<[32, 8, 3, 3], #graph.layout<[0, 2, 3, 1], tiles = [0, 16]>>>) -> tensor<1x32x8x8xf32, #graph.info<[1, 32, 8, 8], #graph.layout<[0, 2, 3, 1]>>> {
  // CHECK: %[[PADDED:.*]] = graph.pad %arg0
  // CHECK: graph.conv %[[PADDED]]
  %0 = graph.conv %x, %w {strides = array<i64: 1, 1>, padding_low = array<i64: 1, 1>, padding_high = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 2 : i64, graph.device = "cpu"} : (tensor<1x16x8x8xf32, #graph.info<[1, 16, 8, 8], #graph.layout<[0, 2, 3, 1]>>>, tensor<32x8x3x3xf32, #graph.info<[32, 8, 3, 3], #graph.layout<[0, 2, 3, 1], tiles = [0, 16]>>>) -> tensor<1x32x8x8xf32, #graph.info<[1, 32, 8, 8], #graph.layout<[0, 2, 3, 1]>>>
  return %0 : tensor<1x32x8x8xf32, #graph.info<[1, 32, 8, 8], #graph.layout<[0, 2, 3, 1]>>>
}

// Tiles of a depthwise convolution share no pixel: each copies what it alone reads.
// CHECK-LABEL: func.func @one_channel_a_filter
func.func @one_channel_a_filter(%x: tensor<1x16x8x8xf32, #graph.info<[1, 16, 8, 8], #graph.layout<[0, 2, 3, 1]>>>, %w: tensor<16x1x3x3xf32, #graph.info<[16, 1, 3, 3], #graph.layout<[0, 2, 3, 1], tiles = [0, 16]>>>) -> tensor<1x16x8x8xf32, #graph.info<[1, 16, 8, 8], #graph.layout<[0, 2, 3, 1]>>> {
  // CHECK-NOT: graph.pad
  // CHECK: graph.conv %arg0
  %0 = graph.conv %x, %w {strides = array<i64: 1, 1>, padding_low = array<i64: 1, 1>, padding_high = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 16 : i64, graph.device = "cpu"} : (tensor<1x16x8x8xf32, #graph.info<[1, 16, 8, 8], #graph.layout<[0, 2, 3, 1]>>>, tensor<16x1x3x3xf32, #graph.info<[16, 1, 3, 3], #graph.layout<[0, 2, 3, 1], tiles = [0, 16]>>>) -> tensor<1x16x8x8xf32, #graph.info<[1, 16, 8, 8], #graph.layout<[0, 2, 3, 1]>>>
  return %0 : tensor<1x16x8x8xf32, #graph.info<[1, 16, 8, 8], #graph.layout<[0, 2, 3, 1]>>>
}

// What crops stays with the convolution.
// CHECK-LABEL: func.func @margins_that_crop
func.func @margins_that_crop(%x: tensor<1x16x8x8xf32, #graph.info<[1, 16, 8, 8], #graph.layout<[0, 2, 3, 1]>>>, %w: tensor<32x16x3x3xf32, #graph.info<[32, 16, 3, 3], #graph.layout<[0, 2, 3, 1], tiles = [0, 16]>>>) -> tensor<1x32x6x6xf32, #graph.info<[1, 32, 6, 6], #graph.layout<[0, 2, 3, 1]>>> {
  // CHECK-NOT: graph.pad
  // CHECK: graph.conv %arg0
  %0 = graph.conv %x, %w {strides = array<i64: 1, 1>, padding_low = array<i64: 1, 1>, padding_high = array<i64: -1, -1>, dilations = array<i64: 1, 1>, groups = 1 : i64, graph.device = "cpu"} : (tensor<1x16x8x8xf32, #graph.info<[1, 16, 8, 8], #graph.layout<[0, 2, 3, 1]>>>, tensor<32x16x3x3xf32, #graph.info<[32, 16, 3, 3], #graph.layout<[0, 2, 3, 1], tiles = [0, 16]>>>) -> tensor<1x32x6x6xf32, #graph.info<[1, 32, 6, 6], #graph.layout<[0, 2, 3, 1]>>>
  return %0 : tensor<1x32x6x6xf32, #graph.info<[1, 32, 6, 6], #graph.layout<[0, 2, 3, 1]>>>
}

// Other tiles than those among panels split rows alone.
// CHECK-LABEL: func.func @weights_without_panels
func.func @weights_without_panels(%x: tensor<1x16x8x8xf32, #graph.info<[1, 16, 8, 8], #graph.layout<[0, 2, 3, 1]>>>, %w: tensor<32x16x3x3xf32>) -> tensor<1x32x8x8xf32, #graph.info<[1, 32, 8, 8], #graph.layout<[0, 2, 3, 1]>>> {
  // CHECK-NOT: graph.pad
  // CHECK: graph.conv %arg0
  %0 = graph.conv %x, %w {strides = array<i64: 1, 1>, padding_low = array<i64: 1, 1>, padding_high = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64, graph.device = "cpu"} : (tensor<1x16x8x8xf32, #graph.info<[1, 16, 8, 8], #graph.layout<[0, 2, 3, 1]>>>, tensor<32x16x3x3xf32>) -> tensor<1x32x8x8xf32, #graph.info<[1, 32, 8, 8], #graph.layout<[0, 2, 3, 1]>>>
  return %0 : tensor<1x32x8x8xf32, #graph.info<[1, 32, 8, 8], #graph.layout<[0, 2, 3, 1]>>>
}
