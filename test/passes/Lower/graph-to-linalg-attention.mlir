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

  graph.kernel @parts_are_not_joined(%q: tensor<2x1x8xf32>, %k0: tensor<2x?x8xf32, #graph.info<[2, d0, 8]>>, %k1: tensor<2x1x8xf32>,
      %v0: tensor<2x?x8xf32, #graph.info<[2, d0, 8]>>, %v1: tensor<2x1x8xf32>, %mask: tensor<1x?xi1, #graph.info<[1, d0 + 1]>>)
      -> tensor<2x1x8xf32> attributes {symbols = ["d0"], device = "cpu"} {
    %k = graph.concat %k0, %k1 {dim = 1 : i64} : (tensor<2x?x8xf32, #graph.info<[2, d0, 8]>>, tensor<2x1x8xf32>) -> tensor<2x?x8xf32, #graph.info<[2, d0 + 1, 8]>>
    %v = graph.concat %v0, %v1 {dim = 1 : i64} : (tensor<2x?x8xf32, #graph.info<[2, d0, 8]>>, tensor<2x1x8xf32>) -> tensor<2x?x8xf32, #graph.info<[2, d0 + 1, 8]>>
    %0 = graph.sdpa %q, %k, %v, %mask {scale = 0.5}
        : (tensor<2x1x8xf32>, tensor<2x?x8xf32, #graph.info<[2, d0 + 1, 8]>>, tensor<2x?x8xf32, #graph.info<[2, d0 + 1, 8]>>, tensor<1x?xi1, #graph.info<[1, d0 + 1]>>) -> tensor<2x1x8xf32>
    graph.yield %0 : tensor<2x1x8xf32>
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

// Each part has scores of its own, of its part of the mask; maxima and sums go on from one part to the next.
// CHECK: func.func @parts_are_not_joined(%{{.+}}: tensor<2x1x8xf32> {{.*}}, %[[OLD:.+]]: tensor<2x?x8xf32> {{.*}}, %[[NEW:.+]]: tensor<2x1x8xf32> {{.*}}, %[[OLD_VALUES:.+]]: tensor<2x?x8xf32> {{.*}}, %[[NEW_VALUES:.+]]: tensor<2x1x8xf32> {{.*}}, %[[MASK:.+]]: tensor<1x?xi1>
// CHECK-NOT: tensor.insert_slice
// CHECK: linalg.generic {{.+}} ins(%{{.+}}, %[[OLD]] : tensor<2x1x8xf32>, tensor<2x?x8xf32>) outs(%{{.+}} : tensor<2x1x?xf32>)
// CHECK: tensor.extract_slice %[[MASK]][0, 0] [1, %{{.+}}] [1, 1]
// CHECK: linalg.generic {{.+}} ins(%{{.+}}, %[[NEW]] : tensor<2x1x8xf32>, tensor<2x1x8xf32>) outs(%{{.+}} : tensor<2x1x1xf32>)
// CHECK: tensor.extract_slice %[[MASK]][0, %{{.+}}] [1, 1] [1, 1]
// CHECK: %[[FIRST:.+]] = linalg.generic {{.+}} ins(%{{.+}} : tensor<2x1x?xf32>) outs(%{{.+}} : tensor<2x1xf32>)
// CHECK: %[[MOST:.+]] = linalg.generic {{.+}} ins(%{{.+}} : tensor<2x1x1xf32>) outs(%[[FIRST]] : tensor<2x1xf32>)
// CHECK: linalg.generic {{.+}} ins(%[[MOST]] : tensor<2x1xf32>) outs(%{{.+}} : tensor<2x1x?xf32>)
// CHECK: linalg.generic {{.+}} ins(%[[MOST]] : tensor<2x1xf32>) outs(%{{.+}} : tensor<2x1x1xf32>)
// CHECK: %[[WEIGHTED:.+]] = linalg.generic {{.+}} ins(%{{.+}}, %[[OLD_VALUES]] : tensor<2x1x?xf32>, tensor<2x?x8xf32>)
// CHECK: linalg.generic {{.+}} ins(%{{.+}}, %[[NEW_VALUES]] : tensor<2x1x1xf32>, tensor<2x1x8xf32>) outs(%[[WEIGHTED]] : tensor<2x1x8xf32>)
