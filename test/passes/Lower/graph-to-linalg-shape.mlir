// SPDX-License-Identifier: Apache-2.0
// RUN: lathe-opt %s --lathe-graph-to-linalg | FileCheck %s

graph.symbol @n [0, 16]
module @kernels {
  graph.kernel @value_before_a_reshape_is_written_in_place(%x: tensor<?x3x4xf32, #graph.info<[n, 3, 4]>>)
      -> tensor<?x12xf32, #graph.info<[n, 12]>> attributes {symbols = ["n"], device = "cpu"} {
    %0 = graph.exp %x : (tensor<?x3x4xf32, #graph.info<[n, 3, 4]>>) -> tensor<?x3x4xf32, #graph.info<[n, 3, 4]>>
    %1 = graph.reshape %0 {dims = #graph.dims<[n, 12]>}
        : (tensor<?x3x4xf32, #graph.info<[n, 3, 4]>>) -> tensor<?x12xf32, #graph.info<[n, 12]>>
    graph.yield %1 : tensor<?x12xf32, #graph.info<[n, 12]>>
  }
  graph.kernel @permute_is_an_index_map(%x: tensor<2x3xf32>) -> tensor<3x2xf32> attributes {symbols = [], device = "cpu"} {
    %0 = graph.permute %x {permutation = array<i64: 1, 0>} : (tensor<2x3xf32>) -> tensor<3x2xf32>
    graph.yield %0 : tensor<3x2xf32>
  }
  graph.kernel @concat_inserts(%x: tensor<?xf32, #graph.info<[n]>>, %y: tensor<2xf32>)
      -> tensor<?xf32, #graph.info<[n + 2]>> attributes {symbols = ["n"], device = "cpu"} {
    %0 = graph.concat %x, %y {dim = 0 : i64} : (tensor<?xf32, #graph.info<[n]>>, tensor<2xf32>) -> tensor<?xf32, #graph.info<[n + 2]>>
    graph.yield %0 : tensor<?xf32, #graph.info<[n + 2]>>
  }
}

// CHECK: func.func @value_before_a_reshape_is_written_in_place(%{{.+}}, %[[OUT:.+]]: tensor<?x12xf32>
// CHECK: %[[WIDE:.+]] = tensor.expand_shape %[[OUT]] {{\[}}[0], [1, 2]]
// CHECK: %[[EXP:.+]] = linalg.generic {{.+}} outs(%[[WIDE]]
// CHECK: %[[R:.+]] = tensor.collapse_shape %[[EXP]]
// CHECK: return %[[R]]

// CHECK: func.func @permute_is_an_index_map
// CHECK-NOT: linalg.transpose
// CHECK: linalg.generic

// CHECK: func.func @concat_inserts(%[[X:.+]]: tensor<?xf32> {{.+}}, %[[Y:.+]]: tensor<2xf32> {{.+}}, %[[OUT:.+]]: tensor<?xf32> {lathe.access = "write", lathe.dim_args = array<i64: 4>, lathe.output}, %[[N:.+]]: index {lathe.size = #graph.expr<n>, lathe.size_max = 16 : i64}, %{{.+}}: index {lathe.size = #graph.expr<n + 2>, lathe.size_max = 18 : i64})
// CHECK: %[[FIRST:.+]] = tensor.insert_slice %[[X]] into %[[OUT]][0] [%[[N]]] [1]
// CHECK: tensor.insert_slice %[[Y]] into %[[FIRST]][%[[N]]] [2] [1]
