// SPDX-License-Identifier: Apache-2.0
// RUN: lathe-opt %s --pass-pipeline="builtin.module(lathe-cpu-plan)" | FileCheck %s
//
// One row times a matrix takes as long as reading the matrix, 2.4 MB here: three tiles of 16 of its
// 48 panels. A matrix of 256 KB is read in 9 us: not worth a second thread.

#x = affine_map<(m, p, l, k) -> (m, k)>
#weight = affine_map<(m, p, l, k) -> (p, k, l)>
#sum = affine_map<(m, p, l, k) -> (m, p, l)>

// CHECK-LABEL: func.func @reads_much
// CHECK: scf.for
// CHECK: linalg.generic {{.*}} ins(%{{.*}}, %{{.*}} : memref<1x768xf32>, memref<16x768x16xf32
func.func @reads_much(%x: tensor<1x768xf32> {lathe.access = "read"}, %w: tensor<48x768x16xf32> {lathe.access = "read"}, %out: tensor<1x48x16xf32> {lathe.access = "write", lathe.output}) -> tensor<1x48x16xf32> {
  %zero = arith.constant 0.0 : f32
  %start = linalg.fill ins(%zero : f32) outs(%out : tensor<1x48x16xf32>) -> tensor<1x48x16xf32>
  %sum = linalg.generic {indexing_maps = [#x, #weight, #sum], iterator_types = ["parallel", "parallel", "parallel", "reduction"]} ins(%x, %w : tensor<1x768xf32>, tensor<48x768x16xf32>) outs(%start : tensor<1x48x16xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32):
    %p = arith.mulf %a, %b : f32
    %s = arith.addf %c, %p : f32
    linalg.yield %s : f32
  } -> tensor<1x48x16xf32>
  return %sum : tensor<1x48x16xf32>
}

// CHECK-LABEL: func.func @reads_little
// CHECK-NOT: scf.for
// CHECK: linalg.generic {{.*}} ins(%{{.*}}, %{{.*}} : memref<1x256xf32{{.*}}>, memref<16x256x16xf32
func.func @reads_little(%x: tensor<1x256xf32> {lathe.access = "read"}, %w: tensor<16x256x16xf32> {lathe.access = "read"}, %out: tensor<1x16x16xf32> {lathe.access = "write", lathe.output}) -> tensor<1x16x16xf32> {
  %zero = arith.constant 0.0 : f32
  %start = linalg.fill ins(%zero : f32) outs(%out : tensor<1x16x16xf32>) -> tensor<1x16x16xf32>
  %sum = linalg.generic {indexing_maps = [#x, #weight, #sum], iterator_types = ["parallel", "parallel", "parallel", "reduction"]} ins(%x, %w : tensor<1x256xf32>, tensor<16x256x16xf32>) outs(%start : tensor<1x16x16xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32):
    %p = arith.mulf %a, %b : f32
    %s = arith.addf %c, %p : f32
    linalg.yield %s : f32
  } -> tensor<1x16x16xf32>
  return %sum : tensor<1x16x16xf32>
}
