// SPDX-License-Identifier: Apache-2.0
// RUN: lathe-opt %s --lathe-graph-to-linalg | FileCheck %s

module @kernels {
  graph.kernel @linear_writes_its_destination(%x: tensor<5x7xf32>, %w: tensor<3x7xf32>) -> tensor<5x3xf32>
      attributes {symbols = [], device = "cpu"} {
    %0 = graph.linear %x, %w : (tensor<5x7xf32>, tensor<3x7xf32>) -> tensor<5x3xf32>
    graph.yield %0 : tensor<5x3xf32>
  }
  graph.kernel @bias_follows(%x: tensor<5x7xf32>, %w: tensor<3x7xf32>, %b: tensor<3xf32>) -> tensor<5x3xf32>
      attributes {symbols = [], device = "cpu"} {
    %0 = graph.linear %x, %w, %b : (tensor<5x7xf32>, tensor<3x7xf32>, tensor<3xf32>) -> tensor<5x3xf32>
    graph.yield %0 : tensor<5x3xf32>
  }
  graph.kernel @half_sums_in_single(%x: tensor<5x7xf16>, %w: tensor<7x3xf16>) -> tensor<5x3xf16>
      attributes {symbols = [], device = "cpu"} {
    %0 = graph.matmul %x, %w : (tensor<5x7xf16>, tensor<7x3xf16>) -> tensor<5x3xf16>
    graph.yield %0 : tensor<5x3xf16>
  }
  graph.kernel @conv(%x: tensor<1x3x8x8xf32>, %w: tensor<4x3x3x3xf32>) -> tensor<1x4x4x4xf32>
      attributes {symbols = [], device = "cpu"} {
    %0 = graph.conv %x, %w {strides = array<i64: 2, 2>, padding_low = array<i64: 1, 1>,
        padding_high = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64}
        : (tensor<1x3x8x8xf32>, tensor<4x3x3x3xf32>) -> tensor<1x4x4x4xf32>
    graph.yield %0 : tensor<1x4x4x4xf32>
  }
  graph.kernel @depthwise_keeps_its_shape(%x: tensor<1x4x8x8xf32>, %w: tensor<4x1x3x3xf32>) -> tensor<1x4x6x6xf32>
      attributes {symbols = [], device = "cpu"} {
    %0 = graph.conv %x, %w {strides = array<i64: 1, 1>, padding_low = array<i64: 0, 0>,
        padding_high = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 4 : i64}
        : (tensor<1x4x8x8xf32>, tensor<4x1x3x3xf32>) -> tensor<1x4x6x6xf32>
    graph.yield %0 : tensor<1x4x6x6xf32>
  }
}

// CHECK: func.func @linear_writes_its_destination(%[[X:.+]]: tensor<5x7xf32> {{.+}}, %[[W:.+]]: tensor<3x7xf32> {{.+}}, %[[OUT:.+]]: tensor<5x3xf32> {lathe.access = "write", lathe.output})
// CHECK: %[[ZERO:.+]] = linalg.fill ins(%{{.+}} : f32) outs(%[[OUT]] : tensor<5x3xf32>)
// CHECK: %[[R:.+]] = linalg.matmul {{.+}} ins(%[[X]], %[[W]] : {{.+}}) outs(%[[ZERO]]
// CHECK: return %[[R]]

// CHECK: func.func @bias_follows
// CHECK: %[[SUM:.+]] = linalg.matmul
// CHECK: linalg.generic {{.+}} ins(%[[SUM]], %{{.+}} : tensor<5x3xf32>, tensor<3xf32>) outs(%{{.+}} : tensor<5x3xf32>)

// CHECK: func.func @half_sums_in_single
// CHECK: linalg.matmul ins(%{{.+}}, %{{.+}} : tensor<5x7xf16>, tensor<7x3xf16>) outs(%{{.+}} : tensor<5x3xf32>)
// CHECK: arith.truncf

// CHECK: func.func @conv
// CHECK: %[[PADDED:.+]] = tensor.pad %{{.+}} low[0, 0, 1, 1] high[0, 0, 1, 1]
// CHECK: linalg.conv_2d_nchw_fchw {{.+}} ins(%[[PADDED]]

// CHECK: func.func @depthwise_keeps_its_shape
// CHECK-NOT: tensor.expand_shape
// CHECK: linalg.generic
