// SPDX-License-Identifier: Apache-2.0
// RUN: lathe-opt %s --lathe-graph-to-linalg | FileCheck %s

graph.symbol @n [1, 64]
module @kernels {
  graph.kernel @relu(%x: tensor<?xf32, #graph.info<[n]>>) -> tensor<?xf32, #graph.info<[n]>>
      attributes {symbols = ["n"], device = "cpu", inplace = array<i64: 0, 0>} {
    %0 = graph.relu %x : (tensor<?xf32, #graph.info<[n]>>) -> tensor<?xf32, #graph.info<[n]>>
    graph.yield %0 : tensor<?xf32, #graph.info<[n]>>
  }
  graph.kernel @half_is_computed_in_single(%x: tensor<2x3xf16>, %y: tensor<3xf16>) -> tensor<2x3xf16>
      attributes {symbols = [], device = "cpu"} {
    %0 = graph.add %x, %y : (tensor<2x3xf16>, tensor<3xf16>) -> tensor<2x3xf16>
    graph.yield %0 : tensor<2x3xf16>
  }
  graph.kernel @splat_enters_the_body(%x: tensor<4xf32>) -> tensor<4xf32>
      attributes {symbols = [], device = "cpu"} {
    %c = graph.constant dense<2.0> : tensor<f32>
    %0 = graph.mul %x, %c : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
    graph.yield %0 : tensor<4xf32>
  }
  graph.kernel @divisor_is_guarded(%x: tensor<4xi32>, %y: tensor<4xi32>) -> tensor<4xi32>
      attributes {symbols = [], device = "cpu"} {
    %0 = graph.trunc_div %x, %y : (tensor<4xi32>, tensor<4xi32>) -> tensor<4xi32>
    graph.yield %0 : tensor<4xi32>
  }
}

// CHECK-LABEL: module @linalg
// CHECK: func.func @relu(%[[X:.+]]: tensor<?xf32> {lathe.access = "read", lathe.dim_args = array<i64: 2>},
// CHECK-SAME: %[[OUT:.+]]: tensor<?xf32> {lathe.access = "write", lathe.dim_args = array<i64: 2>, lathe.output},
// CHECK-SAME: %{{.+}}: index {lathe.size = #graph.expr<n>, lathe.size_max = 64 : i64}) -> tensor<?xf32>
// CHECK: %[[R:.+]] = linalg.generic {{.+}} ins(%[[X]] : tensor<?xf32>) outs(%[[OUT]] : tensor<?xf32>)
// CHECK: arith.maximumf
// CHECK: return %[[R]]

// CHECK: func.func @half_is_computed_in_single
// CHECK: ^bb0(%[[A:.+]]: f16, %[[B:.+]]: f16, %{{.+}}: f16):
// CHECK-DAG: %[[A32:.+]] = arith.extf %[[A]]
// CHECK-DAG: %[[B32:.+]] = arith.extf %[[B]]
// CHECK: %[[SUM:.+]] = arith.addf %[[A32]], %[[B32]] : f32
// CHECK: arith.truncf %[[SUM]] : f32 to f16

// CHECK: func.func @splat_enters_the_body
// CHECK-NOT: linalg.fill
// CHECK: %[[TWO:.+]] = arith.constant 2.0
// CHECK: arith.mulf %{{.+}}, %[[TWO]]

// CHECK: func.func @divisor_is_guarded
// CHECK: %[[ZERO:.+]] = arith.cmpi eq
// CHECK: %[[BAD:.+]] = arith.ori %[[ZERO]]
// CHECK: %[[SAFE:.+]] = arith.select %[[BAD]]
// CHECK: arith.divsi %{{.+}}, %[[SAFE]]
