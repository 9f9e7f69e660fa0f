// SPDX-License-Identifier: Apache-2.0
// RUN: lathe-opt %s --lathe-lower-to-program 2>/dev/null | FileCheck %s

program.image @linked linked features 0x0 abi 1
graph.symbol @n [0, 8]
module @kernels {
  graph.kernel @add(%a: tensor<4xf32>, %b: tensor<4xf32>) -> tensor<4xf32>
      attributes {symbols = [], device = "cpu", inplace = array<i64: 0, 0>,
                  graph.codegen = {tiles = #graph.expr<4>, entries = array<i64: 0>}} {
    %0 = graph.add %a, %b : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    graph.yield %0 : tensor<4xf32>
  }
  graph.kernel @below(%a: tensor<4xf32>) -> tensor<i1>
      attributes {symbols = [], device = "cpu", graph.codegen = {tiles = #graph.expr<1>, entries = array<i64: 1>}} {
    %0 = graph.constant dense<true> : tensor<i1>
    graph.yield %0 : tensor<i1>
  }
}

// The carried value lives in the output from the first to the last iteration.
// CHECK-LABEL: program.method @a_while_works_in_the_output
// CHECK-DAG: %[[X:.+]] = program.buffer input bytes 16
// CHECK-DAG: %[[Y:.+]] = program.buffer output bytes 16
// CHECK-DAG: %[[FLAG:.+]] = program.buffer arena bytes 1
// CHECK: program.copy %[[X]] to %[[Y]]
// CHECK-NEXT: program.label "[[HEAD:.+]]"
// CHECK-NEXT: program.call_kernel @below(%[[Y]], %[[FLAG]])
// CHECK-NEXT: program.branch_if not buffer %[[FLAG]] to "[[END:.+]]"
// CHECK-NEXT: program.call_kernel @add(%[[Y]], %[[X]], %[[Y]])
// CHECK-NEXT: program.branch "[[HEAD]]"
// CHECK-NEXT: program.label "[[END]]"
func.func @a_while_works_in_the_output(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = graph.while (%x) (%x) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32> {
  ^bb0(%a: tensor<4xf32>, %e: tensor<4xf32>):
    %c = graph.dispatch @kernels::@below(%a) symbols <[]> : (tensor<4xf32>) -> tensor<i1>
    graph.yield %c : tensor<i1>
  } do {
  ^bb0(%a: tensor<4xf32>, %e: tensor<4xf32>):
    %b = graph.dispatch @kernels::@add(%a, %e) symbols <[]> : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    graph.yield %b : tensor<4xf32>
  }
  return %0 : tensor<4xf32>
}

// Both branches make the result in its place.
// CHECK-LABEL: program.method @an_if_branches
// CHECK: %[[Y:.+]] = program.buffer output bytes 16
// CHECK: program.branch_if not buffer %{{.+}} to "[[ELSE:.+]]"
// CHECK-NEXT: program.call_kernel @add(%{{.+}}, %{{.+}}, %[[Y]])
// CHECK-NEXT: program.branch "[[END:.+]]"
// CHECK-NEXT: program.label "[[ELSE]]"
// CHECK-NEXT: program.copy %{{.+}} to %[[Y]]
// CHECK-NEXT: program.label "[[END]]"
func.func @an_if_branches(%x: tensor<4xf32>) -> tensor<4xf32> {
  %c = graph.dispatch @kernels::@below(%x) symbols <[]> : (tensor<4xf32>) -> tensor<i1>
  %0 = graph.if %c (%x) : tensor<i1>, (tensor<4xf32>) -> tensor<4xf32> {
  ^bb0(%a: tensor<4xf32>):
    %b = graph.dispatch @kernels::@add(%a, %a) symbols <[]> : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    graph.yield %b : tensor<4xf32>
  } else {
  ^bb0(%a: tensor<4xf32>):
    graph.yield %a : tensor<4xf32>
  }
  return %0 : tensor<4xf32>
}

// Slices are read and written where they lie; the counter ends below the count.
// A carried value that is also stacked has a place of its own.
// CHECK-LABEL: program.method @a_scan_counts
// CHECK: program.symbol "[[I:scan.+]]"[0, 7]
// CHECK-DAG: %[[SUM:.+]] = program.buffer arena bytes 16 storage
// CHECK-DAG: %[[IN:.+]] = program.buffer input plus [[I]] * 16 bytes 16
// CHECK-DAG: %[[OUT:.+]] = program.buffer output plus [[I]] * 16 bytes 16
// CHECK: program.copy %{{.+}} to %[[SUM]]
// CHECK: program.set_symbol "[[I]]" to 0
// CHECK-NEXT: program.branch_if not size n to "[[END:.+]]"
// CHECK-NEXT: program.label "[[HEAD:.+]]"
// CHECK-NEXT: program.call_kernel @add(%[[SUM]], %[[IN]], %[[SUM]])
// CHECK-NEXT: program.copy %[[SUM]] to %[[OUT]]
// CHECK-NEXT: program.branch_if not size n + [[I]] * -1 + -1 to "[[END]]"
// CHECK-NEXT: program.set_symbol "[[I]]" to [[I]] + 1
// CHECK-NEXT: program.branch "[[HEAD]]"
func.func @a_scan_counts(%x: tensor<?x4xf32, #graph.info<[n, 4]>>) -> tensor<?x4xf32, #graph.info<[n, 4]>> {
  %z = graph.constant dense<0.0> : tensor<4xf32>
  %0:2 = graph.scan (%z) (%x) () : (tensor<4xf32>, tensor<?x4xf32, #graph.info<[n, 4]>>)
      -> (tensor<4xf32>, tensor<?x4xf32, #graph.info<[n, 4]>>) {
  ^bb0(%sum: tensor<4xf32>, %slice: tensor<4xf32>):
    %1 = graph.dispatch @kernels::@add(%sum, %slice) symbols <[]> : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    graph.yield %1, %1 : tensor<4xf32>, tensor<4xf32>
  }
  return %0#1 : tensor<?x4xf32, #graph.info<[n, 4]>>
}
