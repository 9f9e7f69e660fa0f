// SPDX-License-Identifier: Apache-2.0
// RUN: lathe-opt %s --lathe-graph-to-linalg | FileCheck %s

module @kernels {
  graph.kernel @rms_norm(%x: tensor<3x5xf16>, %w: tensor<5xf16>) -> tensor<3x5xf16>
      attributes {symbols = [], device = "cpu"} {
    %0 = graph.rms_norm %x, %w {normalized_rank = 1 : i64, epsilon = 1.0e-5}
        : (tensor<3x5xf16>, tensor<5xf16>) -> tensor<3x5xf16>
    graph.yield %0 : tensor<3x5xf16>
  }
  graph.kernel @group_norm_splits_the_channels(%x: tensor<2x6x5xf32>) -> tensor<2x6x5xf32>
      attributes {symbols = [], device = "cpu"} {
    %0 = graph.group_norm %x {groups = 3 : i64, epsilon = 1.0e-5, operandSegmentSizes = array<i32: 1, 0, 0>}
        : (tensor<2x6x5xf32>) -> tensor<2x6x5xf32>
    graph.yield %0 : tensor<2x6x5xf32>
  }
}

// The sum of squares is kept in f32.
// CHECK: func.func @rms_norm(%[[X:[^:]+]]: tensor<3x5xf16> {{.+}}, %{{[^:]+}}: tensor<5xf16> {{.+}}, %[[OUT:[^:]+]]: tensor<3x5xf16>
// CHECK: linalg.generic {{.+}}iterator_types = ["parallel", "reduction"]} ins(%[[X]] : tensor<3x5xf16>) outs(%{{.+}} : tensor<3xf32>)
// One root and one division for each row, none for its elements.
// CHECK: linalg.generic {{.+}}iterator_types = ["parallel"]} ins(%{{.+}} : tensor<3xf32>) outs(%{{.+}} : tensor<3xf32>)
// CHECK: math.sqrt
// CHECK-NEXT: arith.divf
// CHECK: linalg.generic {{.+}} outs(%[[OUT]] : tensor<3x5xf16>)
// CHECK-NOT: math.sqrt
// CHECK: arith.truncf

// CHECK: func.func @group_norm_splits_the_channels
// CHECK: tensor.expand_shape {{.+}} : tensor<2x6x5xf32> into tensor<2x3x2x5xf32>
// CHECK: tensor.collapse_shape {{.+}} : tensor<2x3x2x5xf32> into tensor<2x6x5xf32>
