// SPDX-License-Identifier: Apache-2.0
// RUN: lathe-opt %s --lathe-graph-to-linalg | FileCheck %s

graph.symbol @n [0, 16]
module @kernels {
  graph.kernel @gather_clamps_and_reports(%x: tensor<10x4xf32>, %i: tensor<3xi64>) -> tensor<3x4xf32>
      attributes {symbols = [], device = "cpu"} {
    %0 = graph.gather %x, %i {dim = 0 : i64} : (tensor<10x4xf32>, tensor<3xi64>) -> tensor<3x4xf32>
    graph.yield %0 : tensor<3x4xf32>
  }
  graph.kernel @rows_lie_in_panels(%x: tensor<32x4xf32, #graph.info<[32, 4], #graph.layout<[0, 1], tiles = [0, 16]>>>, %i: tensor<3xi64>) -> tensor<3x4xf32>
      attributes {symbols = [], device = "cpu"} {
    %0 = graph.gather %x, %i {dim = 0 : i64} : (tensor<32x4xf32, #graph.info<[32, 4], #graph.layout<[0, 1], tiles = [0, 16]>>>, tensor<3xi64>) -> tensor<3x4xf32>
    graph.yield %0 : tensor<3x4xf32>
  }
  graph.kernel @nothing_is_read_from_an_empty_dimension(%x: tensor<?x4xf32, #graph.info<[n, 4]>>, %i: tensor<3xi64>)
      -> tensor<3x4xf32> attributes {symbols = ["n"], device = "cpu"} {
    %0 = graph.gather %x, %i {dim = 0 : i64} : (tensor<?x4xf32, #graph.info<[n, 4]>>, tensor<3xi64>) -> tensor<3x4xf32>
    graph.yield %0 : tensor<3x4xf32>
  }
  graph.kernel @index_put_updates_in_place(%x: tensor<1x8x4xf32>, %v: tensor<1x2x4xf32>, %i: tensor<2xi64>)
      -> tensor<1x8x4xf32> attributes {symbols = [], device = "cpu", inplace_required = array<i64: 0, 0>} {
    %0 = graph.index_put %x, %v, %i {dims = array<i64: 1>}
        : (tensor<1x8x4xf32>, tensor<1x2x4xf32>, tensor<2xi64>) -> tensor<1x8x4xf32>
    graph.yield %0 : tensor<1x8x4xf32>
  }
  graph.kernel @one_index_needs_no_loop(%x: tensor<1x8x4xf32>, %v: tensor<1x1x4xf32>, %i: tensor<1xi64>)
      -> tensor<1x8x4xf32> attributes {symbols = [], device = "cpu", inplace_required = array<i64: 0, 0>} {
    %0 = graph.index_put %x, %v, %i {dims = array<i64: 1>}
        : (tensor<1x8x4xf32>, tensor<1x1x4xf32>, tensor<1xi64>) -> tensor<1x8x4xf32>
    graph.yield %0 : tensor<1x8x4xf32>
  }
}

// CHECK: func.func @gather_clamps_and_reports(%[[X:[^:]+]]: tensor<10x4xf32> {{.+}}, %[[I:[^:]+]]: tensor<3xi64> {{.+}}, %[[OUT:[^:]+]]: tensor<3x4xf32> {{.+}}) -> tensor<3x4xf32> attributes {lathe.may_fail}
// CHECK: linalg.generic {{.+}}iterator_types = ["reduction"]} ins(%[[I]] : tensor<3xi64>)
// CHECK: %[[INSIDE:.+]] = arith.andi
// CHECK: cf.assert %[[INSIDE]], "index out of range"
// CHECK: %[[R:.+]] = linalg.generic {{.+}} ins(%[[I]] : tensor<3xi64>) outs(%[[OUT]] : tensor<3x4xf32>)
// CHECK: arith.minsi
// CHECK: %[[CLAMPED:.+]] = arith.maxsi
// CHECK-NOT: scf.if
// CHECK: tensor.extract %[[X]][%[[CLAMPED]],
// CHECK: return %[[R]]

// The index is checked and clamped as in the model, and then divided.
// CHECK: func.func @rows_lie_in_panels(%[[X:[^:]+]]: tensor<2x4x16xf32> {{.+}}lathe.may_fail
// CHECK: cf.assert
// CHECK: %[[CLAMPED:.+]] = arith.maxsi
// CHECK: %[[COLUMN:.+]] = linalg.index 1
// CHECK: arith.divsi
// CHECK: %[[LANE:.+]] = arith.remsi %[[CLAMPED]], %{{.+}}
// CHECK: tensor.extract %[[X]][%{{.+}}, %[[COLUMN]], %{{.+}}]

// CHECK: func.func @nothing_is_read_from_an_empty_dimension
// CHECK: scf.if
// CHECK: tensor.extract

// CHECK: func.func @index_put_updates_in_place(%{{[^:]+}}: tensor<1x8x4xf32> {{.+}}, %{{[^:]+}}: tensor<1x2x4xf32> {{.+}}, %{{[^:]+}}: tensor<2xi64> {{.+}}, %[[OUT:[^:]+]]: tensor<1x8x4xf32> {lathe.access = "readwrite", lathe.output}
// CHECK-SAME: lathe.single_tile
// CHECK: scf.for {{.+}} iter_args(%[[STATE:.+]] = %[[OUT]])
// CHECK: tensor.insert_slice %{{.+}} into %[[STATE]]

// CHECK: func.func @one_index_needs_no_loop
// CHECK-NOT: scf.for
// CHECK: tensor.insert_slice
