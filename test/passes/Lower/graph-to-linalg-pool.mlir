// SPDX-License-Identifier: Apache-2.0
// RUN: lathe-opt %s --lathe-graph-to-linalg | FileCheck %s

module @kernels {
  graph.kernel @max_pads_with_minus_infinity(%x: tensor<1x2x7xf32>) -> tensor<1x2x4xf32>
      attributes {symbols = [], device = "cpu"} {
    %0 = graph.max_pool %x {kernel = array<i64: 3>, strides = array<i64: 2>, padding_low = array<i64: 1>,
        padding_high = array<i64: 1>, dilations = array<i64: 1>} : (tensor<1x2x7xf32>) -> tensor<1x2x4xf32>
    graph.yield %0 : tensor<1x2x4xf32>
  }
  graph.kernel @mean_counts_inside(%x: tensor<1x2x7xf32>) -> tensor<1x2x4xf32>
      attributes {symbols = [], device = "cpu"} {
    %0 = graph.avg_pool %x {kernel = array<i64: 3>, strides = array<i64: 2>, padding_low = array<i64: 1>,
        padding_high = array<i64: 1>} : (tensor<1x2x7xf32>) -> tensor<1x2x4xf32>
    graph.yield %0 : tensor<1x2x4xf32>
  }
  graph.kernel @mean_counts_padding(%x: tensor<1x2x7xf32>) -> tensor<1x2x4xf32>
      attributes {symbols = [], device = "cpu"} {
    %0 = graph.avg_pool %x {kernel = array<i64: 3>, strides = array<i64: 2>, padding_low = array<i64: 1>,
        padding_high = array<i64: 1>, count_include_pad} : (tensor<1x2x7xf32>) -> tensor<1x2x4xf32>
    graph.yield %0 : tensor<1x2x4xf32>
  }
}

// CHECK: func.func @max_pads_with_minus_infinity
// CHECK: %[[INF:.+]] = arith.constant 0xFF800000 : f32
// CHECK: tensor.yield %[[INF]]
// CHECK: arith.maximumf

// CHECK: func.func @mean_counts_inside
// CHECK: linalg.index 2
// CHECK: arith.divf

// CHECK: func.func @mean_counts_padding
// CHECK-NOT: linalg.index
// CHECK: arith.divf
