// SPDX-License-Identifier: Apache-2.0
// RUN: lathe-opt %s --lathe-graph-to-linalg | FileCheck %s
//
// Layouts become the shapes of arguments and the maps of nests.

module @kernels {
  graph.kernel @linear_on_panels(%x: tensor<5x7xf32>, %w: tensor<32x7xf32, #graph.info<[32, 7], #graph.layout<[0, 1], tiles = [0, 16]>>>) -> tensor<5x32xf32>
      attributes {symbols = [], device = "cpu"} {
    %0 = graph.linear %x, %w : (tensor<5x7xf32>, tensor<32x7xf32, #graph.info<[32, 7], #graph.layout<[0, 1], tiles = [0, 16]>>>) -> tensor<5x32xf32>
    graph.yield %0 : tensor<5x32xf32>
  }
  graph.kernel @relayout_permutes(%x: tensor<1x3x4x5xf32>) -> tensor<1x3x4x5xf32, #graph.info<[1, 3, 4, 5], #graph.layout<[0, 2, 3, 1]>>>
      attributes {symbols = [], device = "cpu"} {
    %0 = graph.relayout %x : (tensor<1x3x4x5xf32>) -> tensor<1x3x4x5xf32, #graph.info<[1, 3, 4, 5], #graph.layout<[0, 2, 3, 1]>>>
    graph.yield %0 : tensor<1x3x4x5xf32, #graph.info<[1, 3, 4, 5], #graph.layout<[0, 2, 3, 1]>>>
  }
  graph.kernel @padding_follows(%x: tensor<1x8x4x5xf32, #graph.info<[1, 8, 4, 5], #graph.layout<[0, 2, 3, 1]>>>, %w: tensor<8x1x3x3xf32, #graph.info<[8, 1, 3, 3], #graph.layout<[2, 3, 1, 0]>>>) -> tensor<1x8x4x3xf32, #graph.info<[1, 8, 4, 3], #graph.layout<[0, 2, 3, 1]>>>
      attributes {symbols = [], device = "cpu"} {
    %0 = graph.conv %x, %w {strides = array<i64: 1, 1>, padding_low = array<i64: 1, 0>,
        padding_high = array<i64: 1, 0>, dilations = array<i64: 1, 1>, groups = 8 : i64}
        : (tensor<1x8x4x5xf32, #graph.info<[1, 8, 4, 5], #graph.layout<[0, 2, 3, 1]>>>, tensor<8x1x3x3xf32, #graph.info<[8, 1, 3, 3], #graph.layout<[2, 3, 1, 0]>>>) -> tensor<1x8x4x3xf32, #graph.info<[1, 8, 4, 3], #graph.layout<[0, 2, 3, 1]>>>
    graph.yield %0 : tensor<1x8x4x3xf32, #graph.info<[1, 8, 4, 3], #graph.layout<[0, 2, 3, 1]>>>
  }
  graph.kernel @margins_lie_as_dimensions_do(%x: tensor<1x8x4x5xf32, #graph.info<[1, 8, 4, 5], #graph.layout<[0, 2, 3, 1]>>>) -> tensor<1x8x5x7xf32, #graph.info<[1, 8, 5, 7], #graph.layout<[0, 2, 3, 1]>>>
      attributes {symbols = [], device = "cpu"} {
    %0 = graph.pad %x {low = array<i64: 0, 0, 1, 0>, high = array<i64: 0, 0, 0, 2>, mode = #graph.pad_mode<constant>, value = 0.0 : f32}
        : (tensor<1x8x4x5xf32, #graph.info<[1, 8, 4, 5], #graph.layout<[0, 2, 3, 1]>>>) -> tensor<1x8x5x7xf32, #graph.info<[1, 8, 5, 7], #graph.layout<[0, 2, 3, 1]>>>
    graph.yield %0 : tensor<1x8x5x7xf32, #graph.info<[1, 8, 5, 7], #graph.layout<[0, 2, 3, 1]>>>
  }
  graph.kernel @parts_are_cut_where_they_lie(%x: tensor<1x8x4x5xf32, #graph.info<[1, 8, 4, 5], #graph.layout<[0, 2, 3, 1]>>>) -> tensor<1x3x4x2xf32, #graph.info<[1, 3, 4, 2], #graph.layout<[0, 2, 3, 1]>>>
      attributes {symbols = [], device = "cpu"} {
    %0 = graph.slice %x {starts = #graph.dims<[0, 5, 0, 1]>, sizes = #graph.dims<[1, 3, 4, 2]>, steps = array<i64: 1, 1, 1, 2>}
        : (tensor<1x8x4x5xf32, #graph.info<[1, 8, 4, 5], #graph.layout<[0, 2, 3, 1]>>>) -> tensor<1x3x4x2xf32, #graph.info<[1, 3, 4, 2], #graph.layout<[0, 2, 3, 1]>>>
    graph.yield %0 : tensor<1x3x4x2xf32, #graph.info<[1, 3, 4, 2], #graph.layout<[0, 2, 3, 1]>>>
  }
  graph.kernel @parts_follow_where_they_lie(%x: tensor<1x8x4xf32, #graph.info<[1, 8, 4], #graph.layout<[0, 2, 1]>>>, %y: tensor<1x3x4xf32, #graph.info<[1, 3, 4], #graph.layout<[0, 2, 1]>>>) -> tensor<1x11x4xf32, #graph.info<[1, 11, 4], #graph.layout<[0, 2, 1]>>>
      attributes {symbols = [], device = "cpu"} {
    %0 = graph.concat %x, %y {dim = 1 : i64}
        : (tensor<1x8x4xf32, #graph.info<[1, 8, 4], #graph.layout<[0, 2, 1]>>>, tensor<1x3x4xf32, #graph.info<[1, 3, 4], #graph.layout<[0, 2, 1]>>>) -> tensor<1x11x4xf32, #graph.info<[1, 11, 4], #graph.layout<[0, 2, 1]>>>
    graph.yield %0 : tensor<1x11x4xf32, #graph.info<[1, 11, 4], #graph.layout<[0, 2, 1]>>>
  }
  graph.kernel @weight_in_panels_is_scaled(%w: tensor<32x8x1x1xf32, #graph.info<[32, 8, 1, 1], #graph.layout<[0, 2, 3, 1], tiles = [0, 16]>>>, %s: tensor<1x8x1x1xf32>) -> tensor<32x8x1x1xf32, #graph.info<[32, 8, 1, 1], #graph.layout<[0, 2, 3, 1], tiles = [0, 16]>>>
      attributes {symbols = [], device = "cpu"} {
    %0 = graph.mul %w, %s : (tensor<32x8x1x1xf32, #graph.info<[32, 8, 1, 1], #graph.layout<[0, 2, 3, 1], tiles = [0, 16]>>>, tensor<1x8x1x1xf32>) -> tensor<32x8x1x1xf32, #graph.info<[32, 8, 1, 1], #graph.layout<[0, 2, 3, 1], tiles = [0, 16]>>>
    graph.yield %0 : tensor<32x8x1x1xf32, #graph.info<[32, 8, 1, 1], #graph.layout<[0, 2, 3, 1], tiles = [0, 16]>>>
  }
  graph.kernel @groups_are_panels(%x: tensor<1x6x4x5xf32, #graph.info<[1, 6, 4, 5], #graph.layout<[0, 2, 3, 1]>>>, %w: tensor<32x3x1x1xf32, #graph.info<[32, 3, 1, 1], #graph.layout<[0, 2, 3, 1], tiles = [0, 16]>>>) -> tensor<1x32x4x5xf32, #graph.info<[1, 32, 4, 5], #graph.layout<[0, 2, 3, 1]>>>
      attributes {symbols = [], device = "cpu"} {
    %0 = graph.conv %x, %w {strides = array<i64: 1, 1>, padding_low = array<i64: 0, 0>, padding_high = array<i64: 0, 0>,
        dilations = array<i64: 1, 1>, groups = 2 : i64} : (tensor<1x6x4x5xf32, #graph.info<[1, 6, 4, 5], #graph.layout<[0, 2, 3, 1]>>>, tensor<32x3x1x1xf32, #graph.info<[32, 3, 1, 1], #graph.layout<[0, 2, 3, 1], tiles = [0, 16]>>>) -> tensor<1x32x4x5xf32, #graph.info<[1, 32, 4, 5], #graph.layout<[0, 2, 3, 1]>>>
    graph.yield %0 : tensor<1x32x4x5xf32, #graph.info<[1, 32, 4, 5], #graph.layout<[0, 2, 3, 1]>>>
  }
  graph.kernel @groups_share_panels(%x: tensor<1x8x4x5xf32, #graph.info<[1, 8, 4, 5], #graph.layout<[0, 2, 3, 1]>>>, %w: tensor<16x2x1x1xf32, #graph.info<[16, 2, 1, 1], #graph.layout<[0, 2, 3, 1], tiles = [0, 8]>>>) -> tensor<1x16x4x5xf32, #graph.info<[1, 16, 4, 5], #graph.layout<[0, 2, 3, 1]>>>
      attributes {symbols = [], device = "cpu"} {
    %0 = graph.conv %x, %w {strides = array<i64: 1, 1>, padding_low = array<i64: 0, 0>, padding_high = array<i64: 0, 0>,
        dilations = array<i64: 1, 1>, groups = 4 : i64} : (tensor<1x8x4x5xf32, #graph.info<[1, 8, 4, 5], #graph.layout<[0, 2, 3, 1]>>>, tensor<16x2x1x1xf32, #graph.info<[16, 2, 1, 1], #graph.layout<[0, 2, 3, 1], tiles = [0, 8]>>>) -> tensor<1x16x4x5xf32, #graph.info<[1, 16, 4, 5], #graph.layout<[0, 2, 3, 1]>>>
    graph.yield %0 : tensor<1x16x4x5xf32, #graph.info<[1, 16, 4, 5], #graph.layout<[0, 2, 3, 1]>>>
  }
  graph.kernel @groups_of_panels(%x: tensor<1x6x4x5xf32, #graph.info<[1, 6, 4, 5], #graph.layout<[0, 2, 3, 1]>>>, %w: tensor<64x3x1x1xf32, #graph.info<[64, 3, 1, 1], #graph.layout<[0, 2, 3, 1], tiles = [0, 16]>>>) -> tensor<1x64x4x5xf32, #graph.info<[1, 64, 4, 5], #graph.layout<[0, 2, 3, 1]>>>
      attributes {symbols = [], device = "cpu"} {
    %0 = graph.conv %x, %w {strides = array<i64: 1, 1>, padding_low = array<i64: 0, 0>, padding_high = array<i64: 0, 0>,
        dilations = array<i64: 1, 1>, groups = 2 : i64} : (tensor<1x6x4x5xf32, #graph.info<[1, 6, 4, 5], #graph.layout<[0, 2, 3, 1]>>>, tensor<64x3x1x1xf32, #graph.info<[64, 3, 1, 1], #graph.layout<[0, 2, 3, 1], tiles = [0, 16]>>>) -> tensor<1x64x4x5xf32, #graph.info<[1, 64, 4, 5], #graph.layout<[0, 2, 3, 1]>>>
    graph.yield %0 : tensor<1x64x4x5xf32, #graph.info<[1, 64, 4, 5], #graph.layout<[0, 2, 3, 1]>>>
  }
}

// Rows, panels, lanes, sums: no division is left.
// CHECK-DAG: #[[ROWS:.+]] = affine_map<(d0, d1, d2, d3) -> (d0, d3)>
// CHECK-DAG: #[[PANELS:.+]] = affine_map<(d0, d1, d2, d3) -> (d1, d3, d2)>
// CHECK-DAG: #[[SUMS:.+]] = affine_map<(d0, d1, d2, d3) -> (d0, d1, d2)>
// CHECK-DAG: #[[SAME:.+]] = affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>
// CHECK-DAG: #[[FROM:.+]] = affine_map<(d0, d1, d2, d3) -> (d0, d3, d1, d2)>

// CHECK-DAG: #[[SHARED:.+]] = affine_map<(d0, d1, d2, d3, d4, d5, d6, d7) -> (d0, d1 + d5, d2 + d6, d3, d4 floordiv 4, d7)>

// CHECK: func.func @linear_on_panels(%[[X:[a-z0-9]+]]: tensor<5x7xf32> {{.+}}, %[[W:[a-z0-9]+]]: tensor<2x7x16xf32> {{.+}}, %[[OUT:[a-z0-9]+]]: tensor<5x32xf32>
// CHECK: %[[WIDE:.+]] = tensor.expand_shape %[[OUT]] {{\[\[}}0], [1, 2]] {{.*}} into tensor<5x2x16xf32>
// CHECK: %[[ZERO:.+]] = linalg.fill {{.+}} outs(%[[WIDE]]
// CHECK: %[[R:.+]] = linalg.generic {indexing_maps = [#[[ROWS]], #[[PANELS]], #[[SUMS]]], iterator_types = ["parallel", "parallel", "parallel", "reduction"]} ins(%[[X]], %[[W]]
// CHECK: tensor.collapse_shape %[[R]]

// CHECK: func.func @relayout_permutes(%[[X:[a-z0-9]+]]: tensor<1x3x4x5xf32> {{.+}}, %[[OUT:[a-z0-9]+]]: tensor<1x4x5x3xf32>
// CHECK: linalg.generic {indexing_maps = [#[[FROM]], #[[SAME]]]{{.+}} ins(%[[X]]{{.+}} outs(%[[OUT]]

// CHECK: func.func @padding_follows(%[[X:[a-z0-9]+]]: tensor<1x4x5x8xf32> {{.+}}, %[[W:[a-z0-9]+]]: tensor<3x3x1x8xf32> {{.+}}, %[[OUT:[a-z0-9]+]]: tensor<1x4x3x8xf32>
// CHECK: tensor.pad %[[X]] low[0, 1, 0, 0] high[0, 1, 0, 0]

// CHECK: func.func @margins_lie_as_dimensions_do(%[[X:[a-z0-9]+]]: tensor<1x4x5x8xf32> {{.+}}, %[[OUT:[a-z0-9]+]]: tensor<1x5x7x8xf32>
// CHECK: %[[FILLED:.+]] = linalg.fill {{.+}} outs(%[[OUT]]
// CHECK: tensor.insert_slice %[[X]] into %[[FILLED]][0, 1, 0, 0] [1, 4, 5, 8] [1, 1, 1, 1]

// CHECK: func.func @parts_are_cut_where_they_lie(%[[X:[a-z0-9]+]]: tensor<1x4x5x8xf32> {{.+}}, %[[OUT:[a-z0-9]+]]: tensor<1x4x2x3xf32>
// CHECK: tensor.extract_slice %[[X]][0, 0, 1, 5] [1, 4, 2, 3] [1, 1, 2, 1] : tensor<1x4x5x8xf32> to tensor<1x4x2x3xf32>

// CHECK: func.func @parts_follow_where_they_lie(%[[X:[a-z0-9]+]]: tensor<1x4x8xf32> {{.+}}, %[[Y:[a-z0-9]+]]: tensor<1x4x3xf32> {{.+}}, %[[OUT:[a-z0-9]+]]: tensor<1x4x11xf32>
// CHECK: %[[PART:.+]] = tensor.insert_slice %[[X]] into %[[OUT]][0, 0, 0] [1, 4, 8] [1, 1, 1]
// CHECK: tensor.insert_slice %[[Y]] into %[[PART]][0, 0, 8] [1, 4, 3] [1, 1, 1]

// The order of the panels, and no loop more.
// CHECK: func.func @weight_in_panels_is_scaled(%[[W:[a-z0-9]+]]: tensor<2x1x1x8x16xf32> {{.+}}, %[[S:[a-z0-9]+]]: tensor<1x8x1x1xf32> {{.+}}, %[[OUT:[a-z0-9]+]]: tensor<2x1x1x8x16xf32>
// CHECK: linalg.generic {indexing_maps = [#[[SAME5:.+]], #{{.+}}, #[[SAME5]]], iterator_types = ["parallel", "parallel", "parallel", "parallel", "parallel"]} ins(%[[W]], %[[S]] {{.+}} outs(%[[OUT]]

// Loops picture, row, column, group, feature; window, channel.
// CHECK: func.func @groups_are_panels
// CHECK: %[[GROUPS:.+]] = tensor.expand_shape %{{.+}} {{\[\[}}0], [1], [2], [3, 4]] {{.*}} into tensor<1x4x5x2x3xf32>
// CHECK: linalg.fill {{.+}} -> tensor<1x4x5x2x16xf32>
// CHECK: %[[R:.+]] = linalg.generic {{.*}}ins(%[[GROUPS]], %{{.+}} : tensor<1x4x5x2x3xf32>, tensor<2x1x1x3x16xf32>)
// CHECK: tensor.collapse_shape %[[R]] {{\[\[}}0], [1], [2], [3, 4]]

// A feature's place in its panel says which of the panel's groups it is in.
// CHECK: func.func @groups_share_panels
// CHECK: tensor.expand_shape %{{.+}} {{\[\[}}0], [1], [2], [3, 4, 5]] {{.*}} into tensor<1x4x5x2x2x2xf32>
// CHECK: linalg.generic {indexing_maps = [#[[SHARED]], #{{.+}}, #{{.+}}], {{.*}} tensor<1x4x5x2x2x2xf32>, tensor<2x1x1x2x8xf32>)

// CHECK: func.func @groups_of_panels
// CHECK: linalg.generic {{.*}} tensor<1x4x5x2x3xf32>, tensor<2x2x1x1x3x16xf32>) outs({{.*}} : tensor<1x4x5x2x2x16xf32>)
