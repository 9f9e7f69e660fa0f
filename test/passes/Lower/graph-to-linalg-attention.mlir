// SPDX-License-Identifier: Apache-2.0
// RUN: lathe-opt %s --lathe-graph-to-linalg | FileCheck %s

module @kernels {
  graph.kernel @grouped_queries_split_the_heads(%q: tensor<1x4x3x8xf32>, %k: tensor<1x2x5x8xf32>,
      %v: tensor<1x2x5x8xf32>) -> tensor<1x4x3x8xf32> attributes {symbols = [], device = "cpu"} {
    %0 = graph.sdpa %q, %k, %v {scale = 0.5, is_causal, enable_gqa}
        : (tensor<1x4x3x8xf32>, tensor<1x2x5x8xf32>, tensor<1x2x5x8xf32>) -> tensor<1x4x3x8xf32>
    graph.yield %0 : tensor<1x4x3x8xf32>
  }

  graph.kernel @many_queries_are_lanes(%q: tensor<2x16x8xf16>, %k: tensor<2x5x8xf16>,
      %v: tensor<2x5x7xf16>, %mask: tensor<16x5xi1>) -> tensor<2x16x7xf16> attributes {symbols = [], device = "cpu"} {
    %0 = graph.sdpa %q, %k, %v, %mask {scale = 0.5}
        : (tensor<2x16x8xf16>, tensor<2x5x8xf16>, tensor<2x5x7xf16>, tensor<16x5xi1>) -> tensor<2x16x7xf16>
    graph.yield %0 : tensor<2x16x7xf16>
  }
}

// CHECK-DAG: #[[KEYS:.+]] = affine_map<(d0, d1, d2, d3) -> (d0, d1, d3)>
// CHECK-DAG: #[[TURNED:.+]] = affine_map<(d0, d1, d2, d3) -> (d0, d3, d2)>
// CHECK-DAG: #[[MASK:.+]] = affine_map<(d0, d1, d2) -> (d2, d1)>
// CHECK-DAG: #[[ROW:.+]] = affine_map<(d0, d1, d2) -> (d0, d2)>
// CHECK-DAG: #[[ALL:.+]] = affine_map<(d0, d1, d2) -> (d0, d1, d2)>

// Too few queries for lanes: the scores are rows of keys.
// CHECK: func.func @grouped_queries_split_the_heads
// CHECK: tensor.expand_shape {{.+}} : tensor<1x4x3x8xf32> into tensor<1x2x2x3x8xf32>
// CHECK: linalg.generic {{.+}} ins(%{{.+}}, %{{.+}} : tensor<1x2x2x3x8xf32>, tensor<1x2x5x8xf32>) outs(%{{.+}} : tensor<1x2x2x3x5xf32>)
// CHECK: arith.cmpi sle
// CHECK: arith.maximumf
// CHECK: math.exp
// CHECK: linalg.generic {{.+}} ins(%{{.+}}, %{{.+}} : tensor<1x2x2x3x5xf32>, tensor<1x2x5x8xf32>)
// CHECK: tensor.collapse_shape {{.+}} : tensor<1x2x2x3x8xf32> into tensor<1x4x3x8xf32>

// The scaled queries are turned, scores have queries as neighbours, and a mask is read across.
// CHECK: func.func @many_queries_are_lanes
// CHECK: %[[QUERY:.+]] = linalg.generic {{.+}} ins(%{{.+}} : tensor<2x16x8xf16>) outs(%{{.+}} : tensor<2x8x16xf32>)
// CHECK: %[[SCORES:.+]] = linalg.generic {indexing_maps = [#[[KEYS]], #[[TURNED]], #{{.+}}], {{.+}} ins(%{{.+}}, %[[QUERY]] : tensor<2x5x8xf16>, tensor<2x8x16xf32>) outs(%{{.+}} : tensor<2x5x16xf32>)
// CHECK: %[[KEPT:.+]] = linalg.generic {indexing_maps = [#[[ALL]], #[[MASK]], #[[ALL]]], {{.+}} ins(%[[SCORES]], %{{.+}} : tensor<2x5x16xf32>, tensor<16x5xi1>)
// The maximum passes over NaN: one instruction. The exponentials take the place of the scores.
// CHECK: %[[MOST:.+]] = linalg.generic {indexing_maps = [#[[ALL]], #[[ROW]]], iterator_types = ["parallel", "reduction", "parallel"]} ins(%[[KEPT]]
// CHECK: arith.cmpf ogt
// CHECK: linalg.generic {indexing_maps = [#[[ROW]], #[[ALL]]], {{.+}} ins(%[[MOST]] : tensor<2x16xf32>) outs(%[[KEPT]] : tensor<2x5x16xf32>)
// CHECK: math.exp
