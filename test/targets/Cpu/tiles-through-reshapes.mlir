// SPDX-License-Identifier: Apache-2.0
// RUN: lathe-opt %s --pass-pipeline="builtin.module(lathe-cpu-plan)" | FileCheck %s
//
// A product over panels of 16 features reaches its destination through a
// reshape. It is computed there, tile by tile: a copy of the whole destination
// would be made by each of the threads that share the tiles.

#rows = affine_map<(m, n, l, k) -> (m, k)>
#panels = affine_map<(m, n, l, k) -> (n, k, l)>
#sums = affine_map<(m, n, l, k) -> (m, n, l)>
#id = affine_map<(m, n) -> (m, n)>

// CHECK-LABEL: func.func @linear_on_panels
// CHECK-SAME: %[[OUT:[a-z0-9]+]]: memref<96x512xf32> {lathe.access = "write", lathe.output}
// CHECK-SAME: lathe.scratch_bytes = 0
// CHECK: %[[WIDE:.+]] = memref.expand_shape %[[OUT]]
// CHECK-NOT: linalg.generic
// CHECK: scf.for
// CHECK: %[[TILE:.+]] = memref.subview %[[WIDE]]
// CHECK: linalg.generic {{.*}} outs(%[[TILE]]
// CHECK: linalg.generic {{.*}} outs(%[[TILE]]
// CHECK: linalg.generic {{.*}} ins(%[[TILE]] {{.*}} outs(%[[TILE]]
// CHECK-NOT: linalg.generic
// CHECK: return
func.func @linear_on_panels(%x: tensor<96x512xf32> {lathe.access = "read"}, %w: tensor<32x512x16xf32> {lathe.access = "read"}, %out: tensor<96x512xf32> {lathe.access = "write", lathe.output}) -> tensor<96x512xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<96x32x16xf32>
  %start = linalg.fill ins(%zero : f32) outs(%empty : tensor<96x32x16xf32>) -> tensor<96x32x16xf32>
  %sum = linalg.generic {indexing_maps = [#rows, #panels, #sums], iterator_types = ["parallel", "parallel", "parallel", "reduction"]} ins(%x, %w : tensor<96x512xf32>, tensor<32x512x16xf32>) outs(%start : tensor<96x32x16xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32):
    %p = arith.mulf %a, %b : f32
    %s = arith.addf %c, %p : f32
    linalg.yield %s : f32
  } -> tensor<96x32x16xf32>
  %joined = tensor.collapse_shape %sum [[0], [1, 2]] : tensor<96x32x16xf32> into tensor<96x512xf32>
  %r = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]} ins(%joined : tensor<96x512xf32>) outs(%out : tensor<96x512xf32>) {
  ^bb0(%a: f32, %b: f32):
    %m = arith.maximumf %a, %zero : f32
    linalg.yield %m : f32
  } -> tensor<96x512xf32>
  return %r : tensor<96x512xf32>
}
