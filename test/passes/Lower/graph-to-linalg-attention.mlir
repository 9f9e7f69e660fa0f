// SPDX-License-Identifier: Apache-2.0
// RUN: lathe-opt %s --lathe-graph-to-linalg | FileCheck %s

module @kernels {
  graph.kernel @grouped_queries_split_the_heads(%q: tensor<1x4x3x8xf32>, %k: tensor<1x2x5x8xf32>,
      %v: tensor<1x2x5x8xf32>) -> tensor<1x4x3x8xf32> attributes {symbols = [], device = "cpu"} {
    %0 = graph.sdpa %q, %k, %v {scale = 0.5, is_causal, enable_gqa}
        : (tensor<1x4x3x8xf32>, tensor<1x2x5x8xf32>, tensor<1x2x5x8xf32>) -> tensor<1x4x3x8xf32>
    graph.yield %0 : tensor<1x4x3x8xf32>
  }
}

// CHECK: func.func @grouped_queries_split_the_heads
// CHECK: tensor.expand_shape {{.+}} : tensor<1x4x3x8xf32> into tensor<1x2x2x3x8xf32>
// CHECK: linalg.generic {{.+}} ins(%{{.+}}, %{{.+}} : tensor<1x2x2x3x8xf32>, tensor<1x2x5x8xf32>) outs(%{{.+}} : tensor<1x2x2x3x5xf32>)
// CHECK: arith.cmpi sle
// CHECK: arith.maximumf
// CHECK: math.exp
// CHECK: linalg.generic {{.+}} ins(%{{.+}}, %{{.+}} : tensor<1x2x2x3x5xf32>, tensor<1x2x5x8xf32>)
// CHECK: tensor.collapse_shape {{.+}} : tensor<1x2x2x3x8xf32> into tensor<1x4x3x8xf32>
