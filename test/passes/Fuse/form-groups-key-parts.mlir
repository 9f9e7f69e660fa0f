// SPDX-License-Identifier: Apache-2.0
// RUN: lathe-opt --lathe-form-groups %s | FileCheck %s
// RUN: lathe-opt --lathe-form-groups %s | lathe-opt --lathe-form-groups | FileCheck %s

// An attention with few queries reads old and new keys where they lie.

// CHECK-LABEL: func.func @old_and_new_keys_join_their_attention
func.func @old_and_new_keys_join_their_attention(%q: tensor<2x1x4xf32>, %k0: tensor<2x7x4xf32>, %k1: tensor<2x1x4xf32>,
    %v0: tensor<2x7x4xf32>, %v1: tensor<2x1x4xf32>) -> tensor<2x1x4xf32> {
  // CHECK: graph.group "concat_then_concat_then_sdpa_f32_f32_f32_then_relu" on
  // CHECK-NOT: graph.group
  %k = graph.concat %k0, %k1 {dim = 1 : i64} : (tensor<2x7x4xf32>, tensor<2x1x4xf32>) -> tensor<2x8x4xf32>
  %v = graph.concat %v0, %v1 {dim = 1 : i64} : (tensor<2x7x4xf32>, tensor<2x1x4xf32>) -> tensor<2x8x4xf32>
  %0 = graph.sdpa %q, %k, %v {scale = 0.5 : f64} : (tensor<2x1x4xf32>, tensor<2x8x4xf32>, tensor<2x8x4xf32>) -> tensor<2x1x4xf32>
  %1 = graph.relu %0 : (tensor<2x1x4xf32>) -> tensor<2x1x4xf32>
  return %1 : tensor<2x1x4xf32>
}

// What makes a part joins too where it only moves data.
// CHECK-LABEL: func.func @permuted_parts_join
func.func @permuted_parts_join(%q: tensor<2x3x4xf32>, %k0: tensor<2x7x4xf32>, %k1: tensor<3x2x4xf32>,
    %v0: tensor<2x7x4xf32>, %v1: tensor<3x2x4xf32>) -> tensor<2x3x4xf32> {
  // CHECK: graph.group "permute_then_permute_then_concat_then_concat_then_sdpa_f32_f32_f32" on
  // CHECK-NOT: graph.group
  %k2 = graph.permute %k1 {permutation = array<i64: 1, 0, 2>} : (tensor<3x2x4xf32>) -> tensor<2x3x4xf32>
  %v2 = graph.permute %v1 {permutation = array<i64: 1, 0, 2>} : (tensor<3x2x4xf32>) -> tensor<2x3x4xf32>
  %k = graph.concat %k0, %k2 {dim = 1 : i64} : (tensor<2x7x4xf32>, tensor<2x3x4xf32>) -> tensor<2x10x4xf32>
  %v = graph.concat %v0, %v2 {dim = 1 : i64} : (tensor<2x7x4xf32>, tensor<2x3x4xf32>) -> tensor<2x10x4xf32>
  %0 = graph.sdpa %q, %k, %v {scale = 0.5 : f64} : (tensor<2x3x4xf32>, tensor<2x10x4xf32>, tensor<2x10x4xf32>) -> tensor<2x3x4xf32>
  return %0 : tensor<2x3x4xf32>
}

// CHECK-LABEL: func.func @many_queries_stay
func.func @many_queries_stay(%q: tensor<2x16x4xf32>, %k0: tensor<2x7x4xf32>, %k1: tensor<2x1x4xf32>,
    %v0: tensor<2x7x4xf32>, %v1: tensor<2x1x4xf32>) -> tensor<2x16x4xf32> {
  // CHECK: graph.group "concat_f32_f32" on
  // CHECK: graph.group "concat_f32_f32" on
  // CHECK: graph.group "sdpa_f32_f32_f32" on
  %k = graph.concat %k0, %k1 {dim = 1 : i64} : (tensor<2x7x4xf32>, tensor<2x1x4xf32>) -> tensor<2x8x4xf32>
  %v = graph.concat %v0, %v1 {dim = 1 : i64} : (tensor<2x7x4xf32>, tensor<2x1x4xf32>) -> tensor<2x8x4xf32>
  %0 = graph.sdpa %q, %k, %v {scale = 0.5 : f64} : (tensor<2x16x4xf32>, tensor<2x8x4xf32>, tensor<2x8x4xf32>) -> tensor<2x16x4xf32>
  return %0 : tensor<2x16x4xf32>
}

// CHECK-LABEL: func.func @keys_with_another_reader_stay
func.func @keys_with_another_reader_stay(%q: tensor<2x1x4xf32>, %k0: tensor<2x7x4xf32>, %k1: tensor<2x1x4xf32>,
    %v0: tensor<2x7x4xf32>, %v1: tensor<2x1x4xf32>) -> (tensor<2x1x4xf32>, tensor<2x8x4xf32>) {
  // CHECK: graph.group "concat_f32_f32" on
  // CHECK: graph.group "concat_f32_f32" on
  // CHECK: graph.group "sdpa_f32_f32_f32" on
  %k = graph.concat %k0, %k1 {dim = 1 : i64} : (tensor<2x7x4xf32>, tensor<2x1x4xf32>) -> tensor<2x8x4xf32>
  %v = graph.concat %v0, %v1 {dim = 1 : i64} : (tensor<2x7x4xf32>, tensor<2x1x4xf32>) -> tensor<2x8x4xf32>
  %0 = graph.sdpa %q, %k, %v {scale = 0.5 : f64} : (tensor<2x1x4xf32>, tensor<2x8x4xf32>, tensor<2x8x4xf32>) -> tensor<2x1x4xf32>
  return %0, %k : tensor<2x1x4xf32>, tensor<2x8x4xf32>
}

// CHECK-LABEL: func.func @parts_of_other_lengths_stay
func.func @parts_of_other_lengths_stay(%q: tensor<2x1x4xf32>, %k0: tensor<2x7x4xf32>, %k1: tensor<2x1x4xf32>,
    %v0: tensor<2x4x4xf32>) -> tensor<2x1x4xf32> {
  // CHECK: graph.group "concat_f32_f32" on
  // CHECK: graph.group "concat_f32_f32" on
  // CHECK: graph.group "sdpa_f32_f32_f32" on
  %k = graph.concat %k0, %k1 {dim = 1 : i64} : (tensor<2x7x4xf32>, tensor<2x1x4xf32>) -> tensor<2x8x4xf32>
  %v = graph.concat %v0, %v0 {dim = 1 : i64} : (tensor<2x4x4xf32>, tensor<2x4x4xf32>) -> tensor<2x8x4xf32>
  %0 = graph.sdpa %q, %k, %v {scale = 0.5 : f64} : (tensor<2x1x4xf32>, tensor<2x8x4xf32>, tensor<2x8x4xf32>) -> tensor<2x1x4xf32>
  return %0 : tensor<2x1x4xf32>
}

// Joined along the features, all keys have to be there at once.
// CHECK-LABEL: func.func @parts_of_features_stay
func.func @parts_of_features_stay(%q: tensor<2x1x4xf32>, %k0: tensor<2x8x2xf32>, %v0: tensor<2x8x2xf32>) -> tensor<2x1x4xf32> {
  // CHECK: graph.group "concat_f32_f32" on
  // CHECK: graph.group "concat_f32_f32" on
  // CHECK: graph.group "sdpa_f32_f32_f32" on
  %k = graph.concat %k0, %k0 {dim = 2 : i64} : (tensor<2x8x2xf32>, tensor<2x8x2xf32>) -> tensor<2x8x4xf32>
  %v = graph.concat %v0, %v0 {dim = 2 : i64} : (tensor<2x8x2xf32>, tensor<2x8x2xf32>) -> tensor<2x8x4xf32>
  %0 = graph.sdpa %q, %k, %v {scale = 0.5 : f64} : (tensor<2x1x4xf32>, tensor<2x8x4xf32>, tensor<2x8x4xf32>) -> tensor<2x1x4xf32>
  return %0 : tensor<2x1x4xf32>
}
