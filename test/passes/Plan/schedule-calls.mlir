// SPDX-License-Identifier: Apache-2.0
// RUN: lathe-opt %s --pass-pipeline='builtin.module(func.func(lathe-schedule-calls))' | FileCheck %s

graph.state @s : tensor<4xf32>
module @kernels {
  graph.kernel @grow(%a: tensor<4xf32>) -> tensor<400xf32> attributes {symbols = [], device = "cpu"} {
    %0 = graph.concat %a {dim = 0 : i64} : (tensor<4xf32>) -> tensor<4xf32>
    %1 = graph.broadcast %0 {dims = #graph.dims<[100, 4]>} : (tensor<4xf32>) -> tensor<100x4xf32>
    %2 = graph.reshape %1 {dims = #graph.dims<[400]>} : (tensor<100x4xf32>) -> tensor<400xf32>
    graph.yield %2 : tensor<400xf32>
  }
  graph.kernel @shrink(%a: tensor<400xf32>) -> tensor<4xf32> attributes {symbols = [], device = "cpu"} {
    %0 = graph.slice %a {starts = #graph.dims<[0]>, sizes = #graph.dims<[4]>, steps = array<i64: 1>}
        : (tensor<400xf32>) -> tensor<4xf32>
    graph.yield %0 : tensor<4xf32>
  }
  graph.kernel @update(%s: tensor<4xf32>, %a: tensor<4xf32>) -> tensor<4xf32>
      attributes {symbols = [], device = "cpu", inplace_required = array<i64: 0, 0>} {
    %0 = graph.add %s, %a : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    graph.yield %0 : tensor<4xf32>
  }
}

// Each large value shrinks before the next one is made.
// CHECK-LABEL: @large_values_do_not_meet
// CHECK: @grow
// CHECK-NEXT: @shrink
// CHECK-NEXT: @grow
// CHECK-NEXT: @shrink
func.func @large_values_do_not_meet(%x: tensor<4xf32>, %y: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  %0 = graph.dispatch @kernels::@grow(%x) symbols <[]> : (tensor<4xf32>) -> tensor<400xf32>
  %1 = graph.dispatch @kernels::@grow(%y) symbols <[]> : (tensor<4xf32>) -> tensor<400xf32>
  %2 = graph.dispatch @kernels::@shrink(%0) symbols <[]> : (tensor<400xf32>) -> tensor<4xf32>
  %3 = graph.dispatch @kernels::@shrink(%1) symbols <[]> : (tensor<400xf32>) -> tensor<4xf32>
  return %2, %3 : tensor<4xf32>, tensor<4xf32>
}

// The same peak in any order: nothing moves.
// CHECK-LABEL: @a_chain_stays
// CHECK: @grow
// CHECK-NEXT: @shrink
// CHECK-NEXT: return
func.func @a_chain_stays(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = graph.dispatch @kernels::@grow(%x) symbols <[]> : (tensor<4xf32>) -> tensor<400xf32>
  %1 = graph.dispatch @kernels::@shrink(%0) symbols <[]> : (tensor<400xf32>) -> tensor<4xf32>
  return %1 : tensor<4xf32>
}

// A reader of the old state stays before the dispatch that overwrites it.
// CHECK-LABEL: @readers_precede_the_update
// CHECK: graph.state_read
// CHECK: @kernels::@update
// CHECK: graph.state_write
// CHECK: graph.state_read
func.func @readers_precede_the_update(%x: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  %s = graph.state_read @s : tensor<4xf32>
  %0 = graph.dispatch @kernels::@grow(%x) symbols <[]> : (tensor<4xf32>) -> tensor<400xf32>
  %1 = graph.dispatch @kernels::@grow(%s) symbols <[]> : (tensor<4xf32>) -> tensor<400xf32>
  %2 = graph.dispatch @kernels::@shrink(%0) symbols <[]> : (tensor<400xf32>) -> tensor<4xf32>
  %3 = graph.dispatch @kernels::@shrink(%1) symbols <[]> : (tensor<400xf32>) -> tensor<4xf32>
  %4 = graph.dispatch @kernels::@update(%s, %2) symbols <[]> : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  graph.state_write @s = %4 : tensor<4xf32>
  %5 = graph.state_read @s : tensor<4xf32>
  return %5, %3 : tensor<4xf32>, tensor<4xf32>
}
