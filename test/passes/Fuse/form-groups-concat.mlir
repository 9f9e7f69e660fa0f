// SPDX-License-Identifier: Apache-2.0
// RUN: lathe-opt --lathe-form-groups %s | FileCheck %s
// RUN: lathe-opt --lathe-form-groups %s | lathe-opt --lathe-form-groups | FileCheck %s

// What is computed point by point is written where a concat needs it.

// CHECK-LABEL: func.func @rotary_embedding_is_one_group
func.func @rotary_embedding_is_one_group(%x: tensor<6x2x8xf32>, %cos: tensor<6x4xf32>, %sin: tensor<6x4xf32>) -> tensor<2x6x8xf32> {
  // CHECK: graph.group "slice_f32_f32_then_permute_then_slice_then_permute_then_mul_then_mul_and_5_more" on
  // CHECK-NOT: graph.group
  %0 = graph.slice %x {starts = #graph.dims<[0, 0, 0]>, sizes = #graph.dims<[6, 2, 4]>, steps = array<i64: 1, 1, 1>} : (tensor<6x2x8xf32>) -> tensor<6x2x4xf32>
  %low = graph.permute %0 {permutation = array<i64: 1, 0, 2>} : (tensor<6x2x4xf32>) -> tensor<2x6x4xf32>
  %1 = graph.slice %x {starts = #graph.dims<[0, 0, 4]>, sizes = #graph.dims<[6, 2, 4]>, steps = array<i64: 1, 1, 1>} : (tensor<6x2x8xf32>) -> tensor<6x2x4xf32>
  %high = graph.permute %1 {permutation = array<i64: 1, 0, 2>} : (tensor<6x2x4xf32>) -> tensor<2x6x4xf32>
  %2 = graph.mul %low, %cos : (tensor<2x6x4xf32>, tensor<6x4xf32>) -> tensor<2x6x4xf32>
  %3 = graph.mul %high, %sin : (tensor<2x6x4xf32>, tensor<6x4xf32>) -> tensor<2x6x4xf32>
  %4 = graph.sub %2, %3 : (tensor<2x6x4xf32>, tensor<2x6x4xf32>) -> tensor<2x6x4xf32>
  %5 = graph.mul %high, %cos : (tensor<2x6x4xf32>, tensor<6x4xf32>) -> tensor<2x6x4xf32>
  %6 = graph.mul %low, %sin : (tensor<2x6x4xf32>, tensor<6x4xf32>) -> tensor<2x6x4xf32>
  %7 = graph.add %5, %6 : (tensor<2x6x4xf32>, tensor<2x6x4xf32>) -> tensor<2x6x4xf32>
  %8 = graph.concat %4, %7 {dim = 2 : i64} : (tensor<2x6x4xf32>, tensor<2x6x4xf32>) -> tensor<2x6x8xf32>
  return %8 : tensor<2x6x8xf32>
}

// CHECK-LABEL: func.func @part_with_another_reader_stays
func.func @part_with_another_reader_stays(%x: tensor<2x4xf32>) -> (tensor<2x8xf32>, tensor<2x4xf32>) {
  // CHECK: graph.group "neg_f32_f32" on
  // CHECK: graph.group "concat_f32_f32" on
  %0 = graph.neg %x : (tensor<2x4xf32>) -> tensor<2x4xf32>
  %1 = graph.concat %0, %x {dim = 1 : i64} : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x8xf32>
  return %1, %0 : tensor<2x8xf32>, tensor<2x4xf32>
}

// Both parts would compute the function.
// CHECK-LABEL: func.func @what_two_parts_need_stays
func.func @what_two_parts_need_stays(%x: tensor<2x4xf32>) -> tensor<2x8xf32> {
  // CHECK: graph.group "exp_f32_f32" on
  // CHECK: graph.group "neg_f32_f32_then_abs_then_concat" on
  %0 = graph.exp %x : (tensor<2x4xf32>) -> tensor<2x4xf32>
  %1 = graph.neg %0 : (tensor<2x4xf32>) -> tensor<2x4xf32>
  %2 = graph.abs %0 : (tensor<2x4xf32>) -> tensor<2x4xf32>
  %3 = graph.concat %1, %2 {dim = 1 : i64} : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x8xf32>
  return %3 : tensor<2x8xf32>
}

// An anchor's tiles are worth more than a copy.
// CHECK-LABEL: func.func @product_in_a_concat_stays
func.func @product_in_a_concat_stays(%x: tensor<2x4xf32>, %w: tensor<4x4xf32>) -> tensor<2x8xf32> {
  // CHECK: graph.group "matmul_f32_f32_f32" on
  // CHECK: graph.group "concat_f32_f32" on
  %0 = graph.matmul %x, %w : (tensor<2x4xf32>, tensor<4x4xf32>) -> tensor<2x4xf32>
  %1 = graph.concat %0, %x {dim = 1 : i64} : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x8xf32>
  return %1 : tensor<2x8xf32>
}

// Two megabytes are better computed in tiles.
// CHECK-LABEL: func.func @large_parts_stay
func.func @large_parts_stay(%x: tensor<512x512xf32>) -> tensor<1024x512xf32> {
  // CHECK: graph.group "neg_f32_f32" on
  // CHECK: graph.group "concat_f32_f32" on
  %0 = graph.neg %x : (tensor<512x512xf32>) -> tensor<512x512xf32>
  %1 = graph.concat %0, %x {dim = 0 : i64} : (tensor<512x512xf32>, tensor<512x512xf32>) -> tensor<1024x512xf32>
  return %1 : tensor<1024x512xf32>
}

// Nobody writes the concat for a reader: it reads it whole.
// CHECK-LABEL: func.func @reader_of_a_concat_stays
func.func @reader_of_a_concat_stays(%x: tensor<2x4xf32>) -> tensor<2x8xf32> {
  // CHECK: graph.group "neg_f32_f32_then_concat" on
  // CHECK: graph.group "abs_f32_f32" on
  %0 = graph.neg %x : (tensor<2x4xf32>) -> tensor<2x4xf32>
  %1 = graph.concat %0, %x {dim = 1 : i64} : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x8xf32>
  %2 = graph.abs %1 : (tensor<2x8xf32>) -> tensor<2x8xf32>
  return %2 : tensor<2x8xf32>
}
