// SPDX-License-Identifier: Apache-2.0
// RUN: lathe-opt %s --pass-pipeline="builtin.module(lathe-cpu-plan)" | FileCheck %s
//
// A product that nothing follows: the fill that its sum starts from goes to the
// destination too, and each tile fills what it computes.

#rows = affine_map<(m, n, k) -> (m, k)>
#columns = affine_map<(m, n, k) -> (k, n)>
#sums = affine_map<(m, n, k) -> (m, n)>

// CHECK-LABEL: func.func @product
// CHECK-SAME: %[[OUT:[a-z0-9]+]]: memref<96x512xf32> {lathe.access = "write", lathe.output}
// CHECK-NOT: lathe.one_tile_reason
// CHECK-SAME: lathe.scratch_bytes = 0
// CHECK-NOT: linalg.generic
// CHECK: scf.for
// CHECK: %[[TILE:.+]] = memref.subview %[[OUT]]
// CHECK: linalg.generic {{.*}} outs(%[[TILE]]
// CHECK: linalg.generic {{.*}} outs(%[[TILE]]
// CHECK-NOT: linalg.generic
// CHECK: return
func.func @product(%x: tensor<96x512xf32> {lathe.access = "read"}, %w: tensor<512x512xf32> {lathe.access = "read"}, %out: tensor<96x512xf32> {lathe.access = "write", lathe.output}) -> tensor<96x512xf32> {
  %zero = arith.constant 0.0 : f32
  %start = linalg.fill ins(%zero : f32) outs(%out : tensor<96x512xf32>) -> tensor<96x512xf32>
  %sum = linalg.generic {indexing_maps = [#rows, #columns, #sums], iterator_types = ["parallel", "parallel", "reduction"]} ins(%x, %w : tensor<96x512xf32>, tensor<512x512xf32>) outs(%start : tensor<96x512xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32):
    %p = arith.mulf %a, %b : f32
    %s = arith.addf %c, %p : f32
    linalg.yield %s : f32
  } -> tensor<96x512xf32>
  return %sum : tensor<96x512xf32>
}

// The destination also holds what the sum reads: no tile may fill it before
// another has read it.
// CHECK-LABEL: func.func @product_with_itself
// CHECK-SAME: lathe.one_tile_reason
func.func @product_with_itself(%w: tensor<512x512xf32> {lathe.access = "read"}, %out: tensor<96x512xf32> {lathe.access = "readwrite", lathe.output}) -> tensor<96x512xf32> {
  %zero = arith.constant 0.0 : f32
  %start = linalg.fill ins(%zero : f32) outs(%out : tensor<96x512xf32>) -> tensor<96x512xf32>
  %sum = linalg.generic {indexing_maps = [#rows, #columns, #sums], iterator_types = ["parallel", "parallel", "reduction"]} ins(%out, %w : tensor<96x512xf32>, tensor<512x512xf32>) outs(%start : tensor<96x512xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32):
    %p = arith.mulf %a, %b : f32
    %s = arith.addf %c, %p : f32
    linalg.yield %s : f32
  } -> tensor<96x512xf32>
  return %sum : tensor<96x512xf32>
}
