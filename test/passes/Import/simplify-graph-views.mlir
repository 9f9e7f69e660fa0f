// RUN: lathe-opt --lathe-simplify-graph %s | FileCheck %s
// RUN: lathe-opt --lathe-simplify-graph %s | lathe-opt --lathe-simplify-graph | FileCheck %s

// CHECK-LABEL: func.func @permute_of_units_is_a_reshape
func.func @permute_of_units_is_a_reshape(%x: tensor<1x4x1x3xf32>) -> (tensor<4x1x1x3xf32>, tensor<3x1x1x4xf32>) {
  // CHECK: graph.reshape
  // CHECK: graph.permute
  %0 = graph.permute %x {permutation = array<i64: 1, 0, 2, 3>} : (tensor<1x4x1x3xf32>) -> tensor<4x1x1x3xf32>
  %1 = graph.permute %x {permutation = array<i64: 3, 0, 2, 1>} : (tensor<1x4x1x3xf32>) -> tensor<3x1x1x4xf32>
  return %0, %1 : tensor<4x1x1x3xf32>, tensor<3x1x1x4xf32>
}

// CHECK-LABEL: func.func @elementwise_repeats_itself
func.func @elementwise_repeats_itself(%x: tensor<8xf32>, %y: tensor<4x8xf32>) -> tensor<4x8xf32> {
  // CHECK: graph.add %arg0, %arg1
  %0 = graph.broadcast %x {dims = #graph.dims<[4, 8]>} : (tensor<8xf32>) -> tensor<4x8xf32>
  %1 = graph.add %0, %y : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4x8xf32>
  return %1 : tensor<4x8xf32>
}

// CHECK-LABEL: func.func @broadcast_that_sets_the_size_stays
func.func @broadcast_that_sets_the_size_stays(%x: tensor<8xf32>) -> tensor<4x8xf32> {
  // CHECK: graph.broadcast
  %0 = graph.broadcast %x {dims = #graph.dims<[4, 8]>} : (tensor<8xf32>) -> tensor<4x8xf32>
  %1 = graph.add %0, %x : (tensor<4x8xf32>, tensor<8xf32>) -> tensor<4x8xf32>
  return %1 : tensor<4x8xf32>
}

// CHECK-LABEL: func.func @filled_operands_are_one_element
func.func @filled_operands_are_one_element(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  // CHECK: %[[C:.+]] = graph.constant dense<2.000000e+00> : tensor<f32>
  // CHECK-NOT: graph.constant
  // CHECK: graph.mul %arg0, %[[C]]
  // CHECK: graph.maximum %{{.+}}, %[[C]]
  %c = graph.constant dense<2.0> : tensor<4x8xf32>
  %s = graph.constant dense<2.0> : tensor<f32>
  %f = graph.full %s {dims = #graph.dims<[4, 8]>} : (tensor<f32>) -> tensor<4x8xf32>
  %0 = graph.mul %x, %c : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4x8xf32>
  %1 = graph.maximum %0, %f : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4x8xf32>
  return %1 : tensor<4x8xf32>
}

// CHECK-LABEL: func.func @slices_merge
func.func @slices_merge(%x: tensor<16xf32>) -> tensor<2xf32> {
  // CHECK: %[[S:.+]] = graph.slice %arg0 {sizes = #graph.dims<[2]>, starts = #graph.dims<[4]>, steps = array<i64: 6>}
  // CHECK-NEXT: return %[[S]]
  %0 = graph.slice %x {starts = #graph.dims<[2]>, sizes = #graph.dims<[6]>, steps = array<i64: 2>} : (tensor<16xf32>) -> tensor<6xf32>
  %1 = graph.slice %0 {starts = #graph.dims<[1]>, sizes = #graph.dims<[2]>, steps = array<i64: 3>} : (tensor<6xf32>) -> tensor<2xf32>
  return %1 : tensor<2xf32>
}

// CHECK-LABEL: func.func @step_of_one_element_is_one
func.func @step_of_one_element_is_one(%x: tensor<4x8xf32>) -> (tensor<1x8xf32>, tensor<2x8xf32>) {
  // CHECK: graph.slice %arg0 {sizes = #graph.dims<[1, 8]>, starts = #graph.dims<[0, 0]>, steps = array<i64: 1, 1>}
  // CHECK: graph.slice %arg0 {sizes = #graph.dims<[2, 8]>, starts = #graph.dims<[0, 0]>, steps = array<i64: 3, 1>}
  %0 = graph.slice %x {starts = #graph.dims<[0, 0]>, sizes = #graph.dims<[1, 8]>, steps = array<i64: 4, 1>} : (tensor<4x8xf32>) -> tensor<1x8xf32>
  %1 = graph.slice %x {starts = #graph.dims<[0, 0]>, sizes = #graph.dims<[2, 8]>, steps = array<i64: 3, 1>} : (tensor<4x8xf32>) -> tensor<2x8xf32>
  return %0, %1 : tensor<1x8xf32>, tensor<2x8xf32>
}

// CHECK-LABEL: func.func @slice_of_one_part_skips_the_concat
func.func @slice_of_one_part_skips_the_concat(%x: tensor<4xf32>, %y: tensor<4xf32>) -> (tensor<2xf32>, tensor<2xf32>) {
  // CHECK: graph.concat
  // CHECK: %[[A:.+]] = graph.slice %arg1 {sizes = #graph.dims<[2]>, starts = #graph.dims<[1]>
  // CHECK: %[[B:.+]] = graph.slice %{{[0-9]+}}
  // CHECK: return %[[A]], %[[B]]
  %0 = graph.concat %x, %y {dim = 0 : i64} : (tensor<4xf32>, tensor<4xf32>) -> tensor<8xf32>
  %1 = graph.slice %0 {starts = #graph.dims<[5]>, sizes = #graph.dims<[2]>, steps = array<i64: 1>} : (tensor<8xf32>) -> tensor<2xf32>
  %2 = graph.slice %0 {starts = #graph.dims<[3]>, sizes = #graph.dims<[2]>, steps = array<i64: 1>} : (tensor<8xf32>) -> tensor<2xf32>
  return %1, %2 : tensor<2xf32>, tensor<2xf32>
}

// A kernel has few enough buffers; nested concats of many parts stay.
// CHECK-LABEL: func.func @long_concat_is_one_of_concats
func.func @long_concat_is_one_of_concats(%x0: tensor<2xf32>, %x1: tensor<2xf32>, %x2: tensor<2xf32>) -> tensor<140xf32> {
  // CHECK: %[[FIRST:.+]] = graph.concat {{.*}} -> tensor<64xf32>
  // CHECK: %[[SECOND:.+]] = graph.concat {{.*}} -> tensor<64xf32>
  // CHECK: graph.concat %[[FIRST]], %[[SECOND]], %{{.*}} -> tensor<140xf32>
  %0 = graph.concat %x0, %x1, %x2, %x0, %x1, %x2, %x0, %x1, %x2, %x0, %x1, %x2, %x0, %x1, %x2, %x0, %x1, %x2, %x0, %x1, %x2, %x0, %x1, %x2, %x0, %x1, %x2, %x0, %x1, %x2, %x0, %x1, %x2, %x0, %x1, %x2, %x0, %x1, %x2, %x0, %x1, %x2, %x0, %x1, %x2, %x0, %x1, %x2, %x0, %x1, %x2, %x0, %x1, %x2, %x0, %x1, %x2, %x0, %x1, %x2, %x0, %x1, %x2, %x0, %x1, %x2, %x0, %x1, %x2, %x0 {dim = 0 : i64} : (tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) -> tensor<140xf32>
  return %0 : tensor<140xf32>
}

// CHECK-LABEL: func.func @nested_concats_are_one
func.func @nested_concats_are_one(%x: tensor<4xf32>, %y: tensor<4xf32>, %e: tensor<0xf32>) -> tensor<12xf32> {
  // CHECK: graph.concat %arg0, %arg1, %arg0
  // CHECK-NOT: graph.concat
  %0 = graph.concat %x, %y {dim = 0 : i64} : (tensor<4xf32>, tensor<4xf32>) -> tensor<8xf32>
  %1 = graph.concat %0, %e, %x {dim = 0 : i64} : (tensor<8xf32>, tensor<0xf32>, tensor<4xf32>) -> tensor<12xf32>
  return %1 : tensor<12xf32>
}

// Queries, keys and values of a joint projection are permuted to the front to be taken apart: in each
// part, the permutation moves sizes of 1 alone, and goes away. Heads are split before, so that a kernel can read the
// part in place.
// CHECK-LABEL: func.func @joint_projection_is_read_in_place
// CHECK-NOT: graph.permute
// CHECK: %[[HEADS:.+]] = graph.reshape %arg0 {dims = #graph.dims<[1, 5, 1, 3, 2, 4]>}
// CHECK-DAG: graph.slice %[[HEADS]] {sizes = #graph.dims<[1, 5, 1, 1, 2, 4]>, starts = #graph.dims<[0, 0, 0, 0, 0, 0]>
// CHECK-DAG: graph.slice %[[HEADS]] {sizes = #graph.dims<[1, 5, 1, 1, 2, 4]>, starts = #graph.dims<[0, 0, 0, 2, 0, 0]>
// CHECK-NOT: graph.permute
func.func @joint_projection_is_read_in_place(%x: tensor<5x1x24xf32>) -> (tensor<5x2x4xf32>, tensor<5x2x4xf32>) {
  %0 = graph.reshape %x {dims = #graph.dims<[1, 5, 1, 3, 8]>} : (tensor<5x1x24xf32>) -> tensor<1x5x1x3x8xf32>
  %1 = graph.permute %0 {permutation = array<i64: 3, 1, 2, 0, 4>} : (tensor<1x5x1x3x8xf32>) -> tensor<3x5x1x1x8xf32>
  %2 = graph.reshape %1 {dims = #graph.dims<[3, 5, 1, 8]>} : (tensor<3x5x1x1x8xf32>) -> tensor<3x5x1x8xf32>
  %3 = graph.slice %2 {starts = #graph.dims<[0, 0, 0, 0]>, sizes = #graph.dims<[1, 5, 1, 8]>, steps = array<i64: 1, 1, 1, 1>} : (tensor<3x5x1x8xf32>) -> tensor<1x5x1x8xf32>
  %4 = graph.slice %2 {starts = #graph.dims<[2, 0, 0, 0]>, sizes = #graph.dims<[1, 5, 1, 8]>, steps = array<i64: 1, 1, 1, 1>} : (tensor<3x5x1x8xf32>) -> tensor<1x5x1x8xf32>
  %5 = graph.reshape %3 {dims = #graph.dims<[5, 2, 4]>} : (tensor<1x5x1x8xf32>) -> tensor<5x2x4xf32>
  %6 = graph.reshape %4 {dims = #graph.dims<[5, 2, 4]>} : (tensor<1x5x1x8xf32>) -> tensor<5x2x4xf32>
  return %5, %6 : tensor<5x2x4xf32>, tensor<5x2x4xf32>
}

// Halves that are needed once each are permuted by whoever reads them.
// CHECK-LABEL: func.func @halves_are_permuted_alone
func.func @halves_are_permuted_alone(%x: tensor<5x3x8xf32>) -> (tensor<3x5x4xf32>, tensor<3x5x4xf32>) {
  // CHECK-DAG: %[[LOW:.+]] = graph.slice %arg0 {sizes = #graph.dims<[5, 3, 4]>, starts = #graph.dims<[0, 0, 0]>
  // CHECK-DAG: %[[HIGH:.+]] = graph.slice %arg0 {sizes = #graph.dims<[5, 3, 4]>, starts = #graph.dims<[0, 0, 4]>
  // CHECK-DAG: graph.permute %[[LOW]]
  // CHECK-DAG: graph.permute %[[HIGH]]
  %0 = graph.permute %x {permutation = array<i64: 1, 0, 2>} : (tensor<5x3x8xf32>) -> tensor<3x5x8xf32>
  %1 = graph.slice %0 {starts = #graph.dims<[0, 0, 0]>, sizes = #graph.dims<[3, 5, 4]>, steps = array<i64: 1, 1, 1>} : (tensor<3x5x8xf32>) -> tensor<3x5x4xf32>
  %2 = graph.slice %0 {starts = #graph.dims<[0, 0, 4]>, sizes = #graph.dims<[3, 5, 4]>, steps = array<i64: 1, 1, 1>} : (tensor<3x5x8xf32>) -> tensor<3x5x4xf32>
  return %1, %2 : tensor<3x5x4xf32>, tensor<3x5x4xf32>
}

// Slices that overlap would permute what they share twice.
// CHECK-LABEL: func.func @permute_of_overlapping_parts_stays
func.func @permute_of_overlapping_parts_stays(%x: tensor<5x3x8xf32>) -> (tensor<2x5x8xf32>, tensor<2x5x8xf32>) {
  // CHECK: %[[P:.+]] = graph.permute %arg0
  // CHECK: graph.slice %[[P]]
  // CHECK: graph.slice %[[P]]
  %0 = graph.permute %x {permutation = array<i64: 1, 0, 2>} : (tensor<5x3x8xf32>) -> tensor<3x5x8xf32>
  %1 = graph.slice %0 {starts = #graph.dims<[1, 0, 0]>, sizes = #graph.dims<[2, 5, 8]>, steps = array<i64: 1, 1, 1>} : (tensor<3x5x8xf32>) -> tensor<2x5x8xf32>
  %2 = graph.slice %0 {starts = #graph.dims<[0, 0, 0]>, sizes = #graph.dims<[2, 5, 8]>, steps = array<i64: 1, 1, 1>} : (tensor<3x5x8xf32>) -> tensor<2x5x8xf32>
  return %1, %2 : tensor<2x5x8xf32>, tensor<2x5x8xf32>
}

// Somebody else reads the permuted tensor: a slice of it is free.
// CHECK-LABEL: func.func @permute_with_another_reader_stays
func.func @permute_with_another_reader_stays(%x: tensor<5x3x8xf32>) -> (tensor<1x5x8xf32>, tensor<3x5x8xf32>) {
  // CHECK: %[[P:.+]] = graph.permute %arg0
  // CHECK: graph.slice %[[P]]
  %0 = graph.permute %x {permutation = array<i64: 1, 0, 2>} : (tensor<5x3x8xf32>) -> tensor<3x5x8xf32>
  %1 = graph.slice %0 {starts = #graph.dims<[1, 0, 0]>, sizes = #graph.dims<[1, 5, 8]>, steps = array<i64: 1, 1, 1>} : (tensor<3x5x8xf32>) -> tensor<1x5x8xf32>
  return %1, %0 : tensor<1x5x8xf32>, tensor<3x5x8xf32>
}

// Heads before rows: each part is permuted alone, by the kernel that reads it.
// CHECK-LABEL: func.func @one_part_is_permuted_alone
func.func @one_part_is_permuted_alone(%x: tensor<5x3x2x4xf32>) -> tensor<2x5x4xf32> {
  // CHECK: %[[S:.+]] = graph.slice %arg0 {sizes = #graph.dims<[5, 1, 2, 4]>, starts = #graph.dims<[0, 1, 0, 0]>
  // CHECK: graph.permute %[[S]] {permutation = array<i64: 1, 2, 0, 3>}
  %0 = graph.permute %x {permutation = array<i64: 1, 2, 0, 3>} : (tensor<5x3x2x4xf32>) -> tensor<3x2x5x4xf32>
  %1 = graph.slice %0 {starts = #graph.dims<[1, 0, 0, 0]>, sizes = #graph.dims<[1, 2, 5, 4]>, steps = array<i64: 1, 1, 1, 1>} : (tensor<3x2x5x4xf32>) -> tensor<1x2x5x4xf32>
  %2 = graph.reshape %1 {dims = #graph.dims<[2, 5, 4]>} : (tensor<1x2x5x4xf32>) -> tensor<2x5x4xf32>
  return %2 : tensor<2x5x4xf32>
}

// Columns 8 to 16 are heads 2 and 3 of six.
// CHECK-LABEL: func.func @split_of_whole_heads_goes_first
func.func @split_of_whole_heads_goes_first(%x: tensor<5x24xf32>) -> tensor<5x2x4xf32> {
  // CHECK: %[[HEADS:.+]] = graph.reshape %arg0 {dims = #graph.dims<[5, 6, 4]>}
  // CHECK: graph.slice %[[HEADS]] {sizes = #graph.dims<[5, 2, 4]>, starts = #graph.dims<[0, 2, 0]>
  %0 = graph.slice %x {starts = #graph.dims<[0, 8]>, sizes = #graph.dims<[5, 8]>, steps = array<i64: 1, 1>} : (tensor<5x24xf32>) -> tensor<5x8xf32>
  %1 = graph.reshape %0 {dims = #graph.dims<[5, 2, 4]>} : (tensor<5x8xf32>) -> tensor<5x2x4xf32>
  return %1 : tensor<5x2x4xf32>
}

// A slice that begins within a head is split only after that.
// CHECK-LABEL: func.func @split_of_parts_of_heads_stays
func.func @split_of_parts_of_heads_stays(%x: tensor<5x24xf32>) -> tensor<5x2x4xf32> {
  // CHECK: %[[S:.+]] = graph.slice %arg0
  // CHECK: graph.reshape %[[S]]
  %0 = graph.slice %x {starts = #graph.dims<[0, 6]>, sizes = #graph.dims<[5, 8]>, steps = array<i64: 1, 1>} : (tensor<5x24xf32>) -> tensor<5x8xf32>
  %1 = graph.reshape %0 {dims = #graph.dims<[5, 2, 4]>} : (tensor<5x8xf32>) -> tensor<5x2x4xf32>
  return %1 : tensor<5x2x4xf32>
}
