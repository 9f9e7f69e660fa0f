// SPDX-License-Identifier: Apache-2.0
// RUN: lathe-opt %s --lathe-graph-to-linalg | FileCheck %s

graph.symbol @n [0, 16]
module @kernels {
  graph.kernel @mean_divides_by_the_size(%x: tensor<3x?xf32, #graph.info<[3, n]>>) -> tensor<3x1xf32>
      attributes {symbols = ["n"], device = "cpu"} {
    %0 = graph.reduce %x {kind = #graph.reduce_kind<mean>, dims = array<i64: 1>, keep_dims}
        : (tensor<3x?xf32, #graph.info<[3, n]>>) -> tensor<3x1xf32>
    graph.yield %0 : tensor<3x1xf32>
  }
  graph.kernel @softmax(%x: tensor<3x5xf32>) -> tensor<3x5xf32> attributes {symbols = [], device = "cpu"} {
    %0 = graph.softmax %x {dim = 1 : i64} : (tensor<3x5xf32>) -> tensor<3x5xf32>
    graph.yield %0 : tensor<3x5xf32>
  }
  graph.kernel @cumsum_is_one_tile(%x: tensor<3x5xf32>) -> tensor<3x5xf32> attributes {symbols = [], device = "cpu"} {
    %0 = graph.cumsum %x {dim = 1 : i64} : (tensor<3x5xf32>) -> tensor<3x5xf32>
    graph.yield %0 : tensor<3x5xf32>
  }
  graph.kernel @cumsum_between_units(%x: tensor<1x3x1xf32>) -> tensor<1x3x1xf32>
      attributes {symbols = [], device = "cpu"} {
    %0 = graph.cumsum %x {dim = 2 : i64} : (tensor<1x3x1xf32>) -> tensor<1x3x1xf32>
    graph.yield %0 : tensor<1x3x1xf32>
  }
}

// CHECK: func.func @mean_divides_by_the_size(%{{.+}}: tensor<3x?xf32> {lathe.access = "read", lathe.dim_args = array<i64: -1, 2>}, %[[OUT:.+]]: tensor<3x1xf32> {lathe.access = "write", lathe.output}, %[[N:.+]]: index
// CHECK: %[[SUM:.+]] = linalg.generic {{.+}}iterator_types = ["parallel", "reduction"]
// CHECK: %[[ROWS:.+]] = tensor.collapse_shape %[[OUT]]
// CHECK: linalg.generic {{.+}} ins(%[[SUM]] : tensor<3xf32>) outs(%[[ROWS]] : tensor<3xf32>)
// CHECK: arith.index_cast %[[N]]
// CHECK: arith.divf

// CHECK: func.func @softmax
// CHECK: arith.maximumf
// CHECK: math.exp
// CHECK: arith.addf
// CHECK: arith.divf

// CHECK: func.func @cumsum_is_one_tile
// CHECK-SAME: attributes {lathe.single_tile}
// CHECK: scf.for
// CHECK: tensor.extract_slice {{.+}} : tensor<3x5xf32> to tensor<3xf32>
// CHECK-NOT: tensor.collapse_shape

// The slice must not choose between two sizes of 1: a reshape says which goes.
// CHECK: func.func @cumsum_between_units
// CHECK: scf.for
// CHECK: %[[COLUMN:.+]] = tensor.extract_slice {{.+}} : tensor<1x3x1xf32> to tensor<1x3x1xf32>
// CHECK: tensor.collapse_shape %[[COLUMN]] {{\[\[}}0], [1, 2]] : tensor<1x3x1xf32> into tensor<1x3xf32>
// CHECK: %[[SUM:.+]] = tensor.expand_shape {{.+}} {{\[\[}}0], [1, 2]] output_shape [1, 3, 1]
// CHECK: tensor.insert_slice %[[SUM]] {{.+}} : tensor<1x3x1xf32> into tensor<1x3x1xf32>
