// SPDX-License-Identifier: Apache-2.0
// RUN: lathe-opt %s --lathe-lower-to-program --verify-diagnostics | FileCheck %s

// CHECK: program.info producer "lathe" state_bytes 80
// CHECK: program.state "flag" : tensor<i1> at 0 bytes 1
// CHECK: program.state "total" : tensor<4xf32> at 64 bytes 16
program.image @linked linked features 0x0 abi 1
graph.state @flag : tensor<i1>
graph.state @total : tensor<4xf32>
module @kernels {
  graph.kernel @accumulate(%s: tensor<4xf32>, %x: tensor<4xf32>) -> tensor<4xf32>
      attributes {symbols = [], device = "cpu", inplace_required = array<i64: 0, 0>,
                  graph.codegen = {tiles = #graph.expr<1>, entries = array<i64: 0>}} {
    %0 = graph.add %s, %x : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    graph.yield %0 : tensor<4xf32>
  }
  graph.kernel @add(%a: tensor<4xf32>, %b: tensor<4xf32>) -> tensor<4xf32>
      attributes {symbols = [], device = "cpu", inplace = array<i64: 0, 0>,
                  graph.codegen = {tiles = #graph.expr<1>, entries = array<i64: 1>}} {
    %0 = graph.add %a, %b : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    graph.yield %0 : tensor<4xf32>
  }
}

// CHECK-LABEL: program.method @updated_in_place
// CHECK: %[[S:.+]] = program.buffer state at 64 bytes 16
// CHECK-NOT: program.copy
// CHECK: program.call_kernel @accumulate(%[[S]], %{{.+}}, %[[S]])
// CHECK: program.call_kernel @add(%[[S]], %{{.+}}, %{{.+}})
// CHECK-LABEL: program.method
func.func @updated_in_place(%x: tensor<4xf32>) -> tensor<4xf32> {
  %s = graph.state_read @total : tensor<4xf32>
  %0 = graph.dispatch @kernels::@accumulate(%s, %x) symbols <[]> : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  graph.state_write @total = %0 : tensor<4xf32>
  %1 = graph.dispatch @kernels::@add(%0, %x) symbols <[]> : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %1 : tensor<4xf32>
}

// A value made from the state, but not the state's next value, leaves it alone.
// CHECK-SAME: @not_written_back
// CHECK-DAG: %[[S:.+]] = program.buffer state at 64 bytes 16
// CHECK-DAG: %[[Y:.+]] = program.buffer output bytes 16
// CHECK: program.copy %[[S]] to %[[Y]]
// CHECK: program.call_kernel @accumulate(%[[S]], %{{.+}}, %[[Y]])
func.func @not_written_back(%x: tensor<4xf32>) -> tensor<4xf32> {
  %s = graph.state_read @total : tensor<4xf32>
  // expected-remark@+1 {{copies 16 bytes: a kernel must change a value}}
  %0 = graph.dispatch @kernels::@accumulate(%s, %x) symbols <[]> : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// The new value is made in the state when nobody reads it in between.
// CHECK-LABEL: program.method @replaced
// CHECK: %[[S:.+]] = program.buffer state at 64 bytes 16
// CHECK-NOT: program.copy
// CHECK: program.call_kernel @add(%{{.+}}, %{{.+}}, %[[S]])
// CHECK-LABEL: program.method
func.func @replaced(%x: tensor<4xf32>, %y: tensor<4xf32>) {
  %0 = graph.dispatch @kernels::@add(%x, %y) symbols <[]> : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  graph.state_write @total = %0 : tensor<4xf32>
  return
}

// CHECK-SAME: @read_across_an_update
// CHECK: program.copy
func.func @read_across_an_update(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-remark@+1 {{copies 16 bytes: the state changes while it is still read}}
  %s = graph.state_read @total : tensor<4xf32>
  graph.state_write @total = %x : tensor<4xf32> // expected-remark {{cannot be made in its place}}
  %1 = graph.dispatch @kernels::@add(%s, %x) symbols <[]> : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %1 : tensor<4xf32>
}
