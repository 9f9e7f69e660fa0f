// SPDX-License-Identifier: Apache-2.0
// RUN: lathe-opt %s --pass-pipeline="builtin.module(lathe-cpu-plan)" | FileCheck %s
//
// A convolution of 7 x 7 pixels over panels of weights: a tile is one panel and all pixels, so that
// the loops over both join and fill register tiles, and each weight is read once. More pixels than
// that are split, in whole rows: all of them would take too long.

#x = affine_map<(n, h, w, p, l, k) -> (n, h, w, k)>
#weight = affine_map<(n, h, w, p, l, k) -> (p, k, l)>
#sum = affine_map<(n, h, w, p, l, k) -> (n, h, w, p, l)>

// CHECK-LABEL: func.func @few_pixels
// CHECK-SAME: lathe.tile_count = {{\[\[#map[0-9]*\]\]}}
// CHECK: scf.for
// CHECK: linalg.generic {{.*}} ins(%{{.*}}, %{{.*}} : memref<1x7x7x960xf32>, memref<1x960x16xf32,
func.func @few_pixels(%x: tensor<1x7x7x960xf32> {lathe.access = "read"}, %w: tensor<10x960x16xf32> {lathe.access = "read"}, %out: tensor<1x7x7x10x16xf32> {lathe.access = "write", lathe.output}) -> tensor<1x7x7x10x16xf32> {
  %zero = arith.constant 0.0 : f32
  %start = linalg.fill ins(%zero : f32) outs(%out : tensor<1x7x7x10x16xf32>) -> tensor<1x7x7x10x16xf32>
  %sum = linalg.generic {indexing_maps = [#x, #weight, #sum], iterator_types = ["parallel", "parallel", "parallel", "parallel", "parallel", "reduction"]} ins(%x, %w : tensor<1x7x7x960xf32>, tensor<10x960x16xf32>) outs(%start : tensor<1x7x7x10x16xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32):
    %p = arith.mulf %a, %b : f32
    %s = arith.addf %c, %p : f32
    linalg.yield %s : f32
  } -> tensor<1x7x7x10x16xf32>
  return %sum : tensor<1x7x7x10x16xf32>
}

// CHECK-LABEL: func.func @many_pixels
// CHECK-SAME: lathe.tile_count = {{\[\[#map[0-9]*, #map[0-9]*\]\]}}
// CHECK: linalg.generic {{.*}} ins(%{{.*}}, %{{.*}} : memref<1x1x56x960xf32
func.func @many_pixels(%x: tensor<1x56x56x960xf32> {lathe.access = "read"}, %w: tensor<10x960x16xf32> {lathe.access = "read"}, %out: tensor<1x56x56x10x16xf32> {lathe.access = "write", lathe.output}) -> tensor<1x56x56x10x16xf32> {
  %zero = arith.constant 0.0 : f32
  %start = linalg.fill ins(%zero : f32) outs(%out : tensor<1x56x56x10x16xf32>) -> tensor<1x56x56x10x16xf32>
  %sum = linalg.generic {indexing_maps = [#x, #weight, #sum], iterator_types = ["parallel", "parallel", "parallel", "parallel", "parallel", "reduction"]} ins(%x, %w : tensor<1x56x56x960xf32>, tensor<10x960x16xf32>) outs(%start : tensor<1x56x56x10x16xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32):
    %p = arith.mulf %a, %b : f32
    %s = arith.addf %c, %p : f32
    linalg.yield %s : f32
  } -> tensor<1x56x56x10x16xf32>
  return %sum : tensor<1x56x56x10x16xf32>
}

#window = affine_map<(n, h, w, p, l, a, b) -> (n, h + a, w + b, p, l)>
#taps = affine_map<(n, h, w, p, l, a, b) -> (p, a, b, l)>
#found = affine_map<(n, h, w, p, l, a, b) -> (n, h, w, p, l)>

// Depthwise: few panels stay together, so that the lines of a pixel are read as neighbours; rows are split.
// CHECK-LABEL: func.func @few_panels_of_windows
// CHECK-SAME: lathe.tile_sizes = array<i64: 0, 8, 0, 0, 0, 0, 0>
func.func @few_panels_of_windows(%x: tensor<1x114x114x2x16xf32> {lathe.access = "read"}, %w: tensor<2x3x3x16xf32> {lathe.access = "read"}, %out: tensor<1x112x112x2x16xf32> {lathe.access = "write", lathe.output}) -> tensor<1x112x112x2x16xf32> {
  %zero = arith.constant 0.0 : f32
  %start = linalg.fill ins(%zero : f32) outs(%out : tensor<1x112x112x2x16xf32>) -> tensor<1x112x112x2x16xf32>
  %sum = linalg.generic {indexing_maps = [#window, #taps, #found], iterator_types = ["parallel", "parallel", "parallel", "parallel", "parallel", "reduction", "reduction"]} ins(%x, %w : tensor<1x114x114x2x16xf32>, tensor<2x3x3x16xf32>) outs(%start : tensor<1x112x112x2x16xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32):
    %p = arith.mulf %a, %b : f32
    %s = arith.addf %c, %p : f32
    linalg.yield %s : f32
  } -> tensor<1x112x112x2x16xf32>
  return %sum : tensor<1x112x112x2x16xf32>
}

// Of many panels, two do.
// CHECK-LABEL: func.func @many_panels_of_windows
// CHECK-SAME: lathe.tile_sizes = array<i64: 0, 0, 0, 2, 0, 0, 0>
func.func @many_panels_of_windows(%x: tensor<1x58x58x16x16xf32> {lathe.access = "read"}, %w: tensor<16x3x3x16xf32> {lathe.access = "read"}, %out: tensor<1x56x56x16x16xf32> {lathe.access = "write", lathe.output}) -> tensor<1x56x56x16x16xf32> {
  %zero = arith.constant 0.0 : f32
  %start = linalg.fill ins(%zero : f32) outs(%out : tensor<1x56x56x16x16xf32>) -> tensor<1x56x56x16x16xf32>
  %sum = linalg.generic {indexing_maps = [#window, #taps, #found], iterator_types = ["parallel", "parallel", "parallel", "parallel", "parallel", "reduction", "reduction"]} ins(%x, %w : tensor<1x58x58x16x16xf32>, tensor<16x3x3x16xf32>) outs(%start : tensor<1x56x56x16x16xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32):
    %p = arith.mulf %a, %b : f32
    %s = arith.addf %c, %p : f32
    linalg.yield %s : f32
  } -> tensor<1x56x56x16x16xf32>
  return %sum : tensor<1x56x56x16x16xf32>
}

// A number that two does not divide is split in single ones.
// CHECK-LABEL: func.func @odd_panels_of_windows
// CHECK-SAME: lathe.tile_sizes = array<i64: 0, 0, 0, 1, 0, 0, 0>
func.func @odd_panels_of_windows(%x: tensor<1x58x58x9x16xf32> {lathe.access = "read"}, %w: tensor<9x3x3x16xf32> {lathe.access = "read"}, %out: tensor<1x56x56x9x16xf32> {lathe.access = "write", lathe.output}) -> tensor<1x56x56x9x16xf32> {
  %zero = arith.constant 0.0 : f32
  %start = linalg.fill ins(%zero : f32) outs(%out : tensor<1x56x56x9x16xf32>) -> tensor<1x56x56x9x16xf32>
  %sum = linalg.generic {indexing_maps = [#window, #taps, #found], iterator_types = ["parallel", "parallel", "parallel", "parallel", "parallel", "reduction", "reduction"]} ins(%x, %w : tensor<1x58x58x9x16xf32>, tensor<9x3x3x16xf32>) outs(%start : tensor<1x56x56x9x16xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32):
    %p = arith.mulf %a, %b : f32
    %s = arith.addf %c, %p : f32
    linalg.yield %s : f32
  } -> tensor<1x56x56x9x16xf32>
  return %sum : tensor<1x56x56x9x16xf32>
}
