// RUN: lathe-opt --canonicalize %s | FileCheck %s

// CHECK-LABEL: @reshapes_merge
func.func @reshapes_merge(%x: tensor<2x6xf32>) -> tensor<12xf32> {
  // CHECK-NEXT: %[[R:.+]] = graph.reshape %arg0 {dims = #graph.dims<[12]>}
  // CHECK-NEXT: return %[[R]]
  %0 = graph.reshape %x {dims = #graph.dims<[3, 4]>} : (tensor<2x6xf32>) -> tensor<3x4xf32>
  %1 = graph.reshape %0 {dims = #graph.dims<[12]>} : (tensor<3x4xf32>) -> tensor<12xf32>
  return %1 : tensor<12xf32>
}

// CHECK-LABEL: @permutes_merge_to_nothing
func.func @permutes_merge_to_nothing(%x: tensor<2x3x4xf32>) -> tensor<2x3x4xf32> {
  // CHECK-NEXT: return %arg0
  %0 = graph.permute %x {permutation = array<i64: 2, 0, 1>} : (tensor<2x3x4xf32>) -> tensor<4x2x3xf32>
  %1 = graph.permute %0 {permutation = array<i64: 1, 2, 0>} : (tensor<4x2x3xf32>) -> tensor<2x3x4xf32>
  return %1 : tensor<2x3x4xf32>
}

// CHECK-LABEL: @real_permute_stays
func.func @real_permute_stays(%x: tensor<3x3xf32>) -> tensor<3x3xf32> {
  // CHECK-NEXT: graph.permute
  %0 = graph.permute %x {permutation = array<i64: 1, 0>} : (tensor<3x3xf32>) -> tensor<3x3xf32>
  return %0 : tensor<3x3xf32>
}

// CHECK-LABEL: @identities_vanish
func.func @identities_vanish(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  // CHECK-NEXT: return %arg0
  %0 = graph.cast %x {to = f32} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = graph.broadcast %0 {dims = #graph.dims<[2, 3]>} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %2 = graph.slice %1 {starts = #graph.dims<[0, 0]>, sizes = #graph.dims<[2, 3]>, steps = array<i64: 1, 1>}
      : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %3 = graph.concat %2 {dim = 1 : i64} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %4 = graph.reshape %3 {dims = #graph.dims<[2, 3]>} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %4 : tensor<2x3xf32>
}

// A slice that reverses has the whole tensor's sizes too.
// CHECK-LABEL: @reversing_slice_stays
func.func @reversing_slice_stays(%x: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK-NEXT: graph.slice
  %0 = graph.slice %x {starts = #graph.dims<[3]>, sizes = #graph.dims<[4]>, steps = array<i64: -1>}
      : (tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @known_size_is_a_constant
func.func @known_size_is_a_constant() -> tensor<i64> {
  // CHECK-NEXT: graph.constant dense<12> : tensor<i64>
  %0 = graph.size <12> : tensor<i64>
  return %0 : tensor<i64>
}
