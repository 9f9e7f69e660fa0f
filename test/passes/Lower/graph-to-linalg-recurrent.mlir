// SPDX-License-Identifier: Apache-2.0
// RUN: lathe-opt %s --lathe-graph-to-linalg | FileCheck %s

module @kernels {
  graph.kernel @gru(%x: tensor<5x2x3xf32>, %h: tensor<1x2x4xf32>, %w: tensor<12x3xf32>, %u: tensor<12x4xf32>)
      -> (tensor<5x2x4xf32>, tensor<1x2x4xf32>) attributes {symbols = [], device = "cpu"} {
    %0, %1 = graph.gru %x, %h, %w, %u {layers = 1 : i64}
        : (tensor<5x2x3xf32>, tensor<1x2x4xf32>, tensor<12x3xf32>, tensor<12x4xf32>) -> (tensor<5x2x4xf32>, tensor<1x2x4xf32>)
    graph.yield %0, %1 : tensor<5x2x4xf32>, tensor<1x2x4xf32>
  }
}

// One product for all steps stands before the loop.
// CHECK: func.func @gru
// CHECK-SAME: lathe.single_tile
// CHECK: linalg.generic {{.+}}iterator_types = ["parallel", "parallel", "parallel", "reduction"]
// CHECK: scf.for
// CHECK: iterator_types = ["parallel", "parallel", "reduction"]
// CHECK: math.tanh
// CHECK: tensor.insert_slice
