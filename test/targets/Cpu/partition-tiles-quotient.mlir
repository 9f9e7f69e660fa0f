// SPDX-License-Identifier: Apache-2.0
// RUN: lathe-opt --lathe-cpu-partition-tiles %s | FileCheck %s
//
// Phases of a transposed convolution: the input is read at position + (phase + 3) / 4. A tile of
// some phases would add quotients instead of taking one of the sum, so phases stay together, in
// what reads the sums, too.

#x = affine_map<(o, p, f, c) -> (o + (p + 3) floordiv 4, c)>
#w = affine_map<(o, p, f, c) -> (p, c, f)>
#y = affine_map<(o, p, f, c) -> (o, p, f)>
#same = affine_map<(o, p, f) -> (o, p, f)>

// CHECK-LABEL: func.func @phases_stay_together
// CHECK-SAME: lathe.tile_extents = array<i64: 4, 0, 16, 0>
// CHECK-SAME: lathe.tile_sizes = array<i64: 0, 0, 0, 0>
func.func @phases_stay_together(%x: tensor<20x4096xf32>, %w: tensor<64x4096x16xf32>, %y: tensor<4x64x16xf32> {lathe.output}) -> tensor<4x64x16xf32> {
  %sum = linalg.generic {indexing_maps = [#x, #w, #y], iterator_types = ["parallel", "parallel", "parallel", "reduction"]}
      ins(%x, %w : tensor<20x4096xf32>, tensor<64x4096x16xf32>) outs(%y : tensor<4x64x16xf32>) {
  ^bb0(%a: f32, %b: f32, %s: f32):
    %0 = arith.mulf %a, %b : f32
    %1 = arith.addf %s, %0 : f32
    linalg.yield %1 : f32
  } -> tensor<4x64x16xf32>
  return %sum : tensor<4x64x16xf32>
}

// CHECK-LABEL: func.func @behind_a_reader
// CHECK-SAME: lathe.tile_extents = array<i64: 4, 0, 16>
func.func @behind_a_reader(%x: tensor<20x4096xf32>, %w: tensor<64x4096x16xf32>, %y: tensor<4x64x16xf32> {lathe.output}) -> tensor<4x64x16xf32> {
  %empty = tensor.empty() : tensor<4x64x16xf32>
  %sum = linalg.generic {indexing_maps = [#x, #w, #y], iterator_types = ["parallel", "parallel", "parallel", "reduction"]}
      ins(%x, %w : tensor<20x4096xf32>, tensor<64x4096x16xf32>) outs(%empty : tensor<4x64x16xf32>) {
  ^bb0(%a: f32, %b: f32, %s: f32):
    %0 = arith.mulf %a, %b : f32
    %1 = arith.addf %s, %0 : f32
    linalg.yield %1 : f32
  } -> tensor<4x64x16xf32>
  %twice = linalg.generic {indexing_maps = [#same, #same], iterator_types = ["parallel", "parallel", "parallel"]}
      ins(%sum : tensor<4x64x16xf32>) outs(%y : tensor<4x64x16xf32>) {
  ^bb0(%a: f32, %b: f32):
    %0 = arith.addf %a, %a : f32
    linalg.yield %0 : f32
  } -> tensor<4x64x16xf32>
  return %twice : tensor<4x64x16xf32>
}

#sum = affine_map<(o, p, f, c) -> (o + p * 2, c)>

// A window is a sum: it may be split.
// CHECK-LABEL: func.func @sums_are_split
// CHECK-SAME: lathe.tile_extents = array<i64: 4, 64, 16, 0>
// CHECK-SAME: lathe.tile_sizes = array<i64: {{[0-9]}}, {{[1-9][0-9]*}}, 0, 0>
func.func @sums_are_split(%x: tensor<130x4096xf32>, %w: tensor<64x4096x16xf32>, %y: tensor<4x64x16xf32> {lathe.output}) -> tensor<4x64x16xf32> {
  %sum = linalg.generic {indexing_maps = [#sum, #w, #y], iterator_types = ["parallel", "parallel", "parallel", "reduction"]}
      ins(%x, %w : tensor<130x4096xf32>, tensor<64x4096x16xf32>) outs(%y : tensor<4x64x16xf32>) {
  ^bb0(%a: f32, %b: f32, %s: f32):
    %0 = arith.mulf %a, %b : f32
    %1 = arith.addf %s, %0 : f32
    linalg.yield %1 : f32
  } -> tensor<4x64x16xf32>
  return %sum : tensor<4x64x16xf32>
}
