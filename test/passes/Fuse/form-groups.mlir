// RUN: lathe-opt --lathe-form-groups %s | FileCheck %s
// RUN: lathe-opt --lathe-form-groups %s | lathe-opt --lathe-form-groups | FileCheck %s

graph.weight @w : tensor<8x4xf32> key "00"
graph.state @cache : tensor<1x4x8x2xf32>

// CHECK-LABEL: func.func @epilogue_joins_its_anchor
func.func @epilogue_joins_its_anchor(%x: tensor<2x4xf32>, %r: tensor<2x8xf32>) -> tensor<2x8xf32> {
  %w = graph.use_weight @w : tensor<8x4xf32>
  %half = graph.constant dense<0.5> : tensor<f32>
  // CHECK: %[[W:.+]] = graph.use_weight
  // CHECK-NEXT: %[[G:.+]] = graph.group "linear_f32_f32_f32_then_gelu_then_mul_then_add" on "cpu"(%{{.+}}, %[[W]], %{{.+}})
  // CHECK: graph.linear
  // CHECK-NEXT: graph.gelu
  // CHECK-NEXT: graph.constant dense<5.000000e-01>
  // CHECK-NEXT: graph.mul
  // CHECK-NEXT: graph.add
  // CHECK: return %[[G]]
  %0 = graph.linear %x, %w : (tensor<2x4xf32>, tensor<8x4xf32>) -> tensor<2x8xf32>
  %1 = graph.gelu %0 : (tensor<2x8xf32>) -> tensor<2x8xf32>
  %2 = graph.mul %1, %half : (tensor<2x8xf32>, tensor<f32>) -> tensor<2x8xf32>
  %3 = graph.add %2, %r : (tensor<2x8xf32>, tensor<2x8xf32>) -> tensor<2x8xf32>
  return %3 : tensor<2x8xf32>
}

// CHECK-LABEL: func.func @anchor_with_two_users_stays
func.func @anchor_with_two_users_stays(%x: tensor<2x4xf32>) -> (tensor<2x8xf32>, tensor<2x8xf32>) {
  %w = graph.use_weight @w : tensor<8x4xf32>
  // CHECK: graph.group "linear_f32_f32_f32" on
  // CHECK: graph.group "relu_f32_f32" on
  %0 = graph.linear %x, %w : (tensor<2x4xf32>, tensor<8x4xf32>) -> tensor<2x8xf32>
  %1 = graph.relu %0 : (tensor<2x8xf32>) -> tensor<2x8xf32>
  return %0, %1 : tensor<2x8xf32>, tensor<2x8xf32>
}

// CHECK-LABEL: func.func @broadcast_of_an_anchor_stays
func.func @broadcast_of_an_anchor_stays(%x: tensor<1x4xf32>, %r: tensor<2x8xf32>) -> tensor<2x8xf32> {
  %w = graph.use_weight @w : tensor<8x4xf32>
  // CHECK: graph.group "linear_f32_f32_f32" on
  // CHECK: graph.group "add_f32_f32" on
  %0 = graph.linear %x, %w : (tensor<1x4xf32>, tensor<8x4xf32>) -> tensor<1x8xf32>
  %1 = graph.add %0, %r : (tensor<1x8xf32>, tensor<2x8xf32>) -> tensor<2x8xf32>
  return %1 : tensor<2x8xf32>
}

// CHECK-LABEL: func.func @later_anchor_takes_the_sum
func.func @later_anchor_takes_the_sum(%x: tensor<2x4xf32>, %y: tensor<2x4xf32>) -> tensor<2x8xf32> {
  %w = graph.use_weight @w : tensor<8x4xf32>
  // CHECK: %[[A:.+]] = graph.group "linear_f32_f32_f32" on
  // CHECK: graph.group "linear_f32_f32_f32_then_add" on "cpu"(%{{.+}}, %{{.+}}, %[[A]])
  %0 = graph.linear %x, %w : (tensor<2x4xf32>, tensor<8x4xf32>) -> tensor<2x8xf32>
  %1 = graph.linear %y, %w : (tensor<2x4xf32>, tensor<8x4xf32>) -> tensor<2x8xf32>
  %2 = graph.add %0, %1 : (tensor<2x8xf32>, tensor<2x8xf32>) -> tensor<2x8xf32>
  return %2 : tensor<2x8xf32>
}

// One element for each channel lies the same way in both layouts.
!plain = tensor<1x8x1x1xf32>
!last = tensor<1x8x1x1xf32, #graph.info<[1, 8, 1, 1], #graph.layout<[0, 2, 3, 1]>>>

// CHECK-LABEL: func.func @layout_of_one_pixel_is_free
func.func @layout_of_one_pixel_is_free(%x: !plain) -> !last {
  // CHECK-NEXT: %[[A:.+]] = graph.relayout %arg0
  // CHECK-NEXT: %[[G:.+]] = graph.group "relu_f32_f32" on "cpu"(%[[A]])
  // CHECK: return %[[G]]
  %0 = graph.relayout %x : (!plain) -> !last
  %1 = graph.relu %0 : (!last) -> !last
  return %1 : !last
}

!plain_line = tensor<1x8x2x1xf32>
!last_line = tensor<1x8x2x1xf32, #graph.info<[1, 8, 2, 1], #graph.layout<[0, 2, 3, 1]>>>

// CHECK-LABEL: func.func @layout_of_two_pixels_is_a_copy
func.func @layout_of_two_pixels_is_a_copy(%x: !plain_line) -> !last_line {
  // CHECK-NEXT: graph.group "relayout_f32_f32
  %0 = graph.relayout %x : (!plain_line) -> !last_line
  return %0 : !last_line
}

// CHECK-LABEL: func.func @views_lead_into_attention
func.func @views_lead_into_attention(%q: tensor<1x5x2x4xf32>, %k: tensor<1x2x5x4xf32>) -> tensor<1x5x2x4xf32> {
  // CHECK: graph.group "permute_then_sdpa_f32_f32_f32_then_permute" on
  // CHECK-NOT: graph.group
  %0 = graph.permute %q {permutation = array<i64: 0, 2, 1, 3>} : (tensor<1x5x2x4xf32>) -> tensor<1x2x5x4xf32>
  %1 = graph.sdpa %0, %k, %k {scale = 0.5 : f64} : (tensor<1x2x5x4xf32>, tensor<1x2x5x4xf32>, tensor<1x2x5x4xf32>) -> tensor<1x2x5x4xf32>
  %2 = graph.permute %1 {permutation = array<i64: 0, 2, 1, 3>} : (tensor<1x2x5x4xf32>) -> tensor<1x5x2x4xf32>
  return %2 : tensor<1x5x2x4xf32>
}

// CHECK-LABEL: func.func @arithmetic_before_a_contraction_stays
func.func @arithmetic_before_a_contraction_stays(%x: tensor<2x4xf32>) -> tensor<2x8xf32> {
  %w = graph.use_weight @w : tensor<8x4xf32>
  // CHECK: graph.group "exp_f32_f32" on
  // CHECK: graph.group "linear_f32_f32_f32" on
  %0 = graph.exp %x : (tensor<2x4xf32>) -> tensor<2x4xf32>
  %1 = graph.linear %0, %w : (tensor<2x4xf32>, tensor<8x4xf32>) -> tensor<2x8xf32>
  return %1 : tensor<2x8xf32>
}

// CHECK-LABEL: func.func @scale_and_mask_join_softmax
func.func @scale_and_mask_join_softmax(%x: tensor<2x8x8xf32>, %mask: tensor<8x8xf32>) -> tensor<2x8x8xf32> {
  %s = graph.constant dense<0.25> : tensor<f32>
  // CHECK: graph.group "mul_then_add_then_softmax_f32_f32" on
  // CHECK-NOT: graph.group
  %0 = graph.mul %x, %s : (tensor<2x8x8xf32>, tensor<f32>) -> tensor<2x8x8xf32>
  %1 = graph.add %0, %mask : (tensor<2x8x8xf32>, tensor<8x8xf32>) -> tensor<2x8x8xf32>
  %2 = graph.softmax %1 {dim = 2 : i64} : (tensor<2x8x8xf32>) -> tensor<2x8x8xf32>
  return %2 : tensor<2x8x8xf32>
}

// CHECK-LABEL: func.func @exp_before_softmax_stays
func.func @exp_before_softmax_stays(%x: tensor<2x8xf32>) -> tensor<2x8xf32> {
  // CHECK: graph.group "exp_f32_f32" on
  // CHECK: graph.group "softmax_f32_f32" on
  %0 = graph.exp %x : (tensor<2x8xf32>) -> tensor<2x8xf32>
  %1 = graph.softmax %0 {dim = 1 : i64} : (tensor<2x8xf32>) -> tensor<2x8xf32>
  return %1 : tensor<2x8xf32>
}

// CHECK-LABEL: func.func @reshape_stays_between_groups
func.func @reshape_stays_between_groups(%x: tensor<2x4xf32>) -> tensor<8xf32> {
  // CHECK: %[[A:.+]] = graph.group "exp_f32_f32" on
  // CHECK: %[[R:.+]] = graph.reshape %[[A]]
  // CHECK: graph.group "relu_f32_f32" on "cpu"(%[[R]])
  %0 = graph.exp %x : (tensor<2x4xf32>) -> tensor<2x4xf32>
  %1 = graph.reshape %0 {dims = #graph.dims<[8]>} : (tensor<2x4xf32>) -> tensor<8xf32>
  %2 = graph.relu %1 : (tensor<8xf32>) -> tensor<8xf32>
  return %2 : tensor<8xf32>
}

// CHECK-LABEL: func.func @unit_reshape_joins
func.func @unit_reshape_joins(%x: tensor<8xf32>, %y: tensor<4x8xf32>) -> tensor<4x8xf32> {
  // CHECK: graph.group "neg_f32_f32_then_add" on "cpu"(%arg0, %arg1)
  // CHECK-NOT: graph.group
  %0 = graph.neg %x : (tensor<8xf32>) -> tensor<8xf32>
  %1 = graph.reshape %0 {dims = #graph.dims<[1, 8]>} : (tensor<8xf32>) -> tensor<1x8xf32>
  %2 = graph.add %1, %y : (tensor<1x8xf32>, tensor<4x8xf32>) -> tensor<4x8xf32>
  return %2 : tensor<4x8xf32>
}

// CHECK-LABEL: func.func @aligned_leading_slice_is_free
func.func @aligned_leading_slice_is_free(%x: tensor<4x16xf32>) -> tensor<2x16xf32> {
  // CHECK: %[[S:.+]] = graph.slice
  // CHECK: graph.group "relu_f32_f32" on "cpu"(%[[S]])
  %0 = graph.slice %x {starts = #graph.dims<[1, 0]>, sizes = #graph.dims<[2, 16]>, steps = array<i64: 1, 1>} : (tensor<4x16xf32>) -> tensor<2x16xf32>
  %1 = graph.relu %0 : (tensor<2x16xf32>) -> tensor<2x16xf32>
  return %1 : tensor<2x16xf32>
}

// CHECK-LABEL: func.func @slice_of_two_leading_dimensions_is_free
func.func @slice_of_two_leading_dimensions_is_free(%x: tensor<4x4x16xf32>) -> tensor<1x1x16xf32> {
  // CHECK: %[[S:.+]] = graph.slice
  // CHECK: graph.group "relu_f32_f32" on "cpu"(%[[S]])
  %0 = graph.slice %x {starts = #graph.dims<[1, 2, 0]>, sizes = #graph.dims<[1, 1, 16]>, steps = array<i64: 1, 1, 1>} : (tensor<4x4x16xf32>) -> tensor<1x1x16xf32>
  %1 = graph.relu %0 : (tensor<1x1x16xf32>) -> tensor<1x1x16xf32>
  return %1 : tensor<1x1x16xf32>
}

// CHECK-LABEL: func.func @slice_of_two_rows_in_two_planes_joins
func.func @slice_of_two_rows_in_two_planes_joins(%x: tensor<4x4x16xf32>) -> tensor<2x1x16xf32> {
  // CHECK: graph.group "slice_f32_f32_then_relu" on "cpu"(%arg0)
  %0 = graph.slice %x {starts = #graph.dims<[1, 2, 0]>, sizes = #graph.dims<[2, 1, 16]>, steps = array<i64: 1, 1, 1>} : (tensor<4x4x16xf32>) -> tensor<2x1x16xf32>
  %1 = graph.relu %0 : (tensor<2x1x16xf32>) -> tensor<2x1x16xf32>
  return %1 : tensor<2x1x16xf32>
}

// CHECK-LABEL: func.func @unaligned_slice_joins
func.func @unaligned_slice_joins(%x: tensor<4x4x4xf32>) -> tensor<1x1x4xf32> {
  // CHECK: graph.group "slice_f32_f32_then_relu" on "cpu"(%arg0)
  %0 = graph.slice %x {starts = #graph.dims<[1, 2, 0]>, sizes = #graph.dims<[1, 1, 4]>, steps = array<i64: 1, 1, 1>} : (tensor<4x4x4xf32>) -> tensor<1x1x4xf32>
  %1 = graph.relu %0 : (tensor<1x1x4xf32>) -> tensor<1x1x4xf32>
  return %1 : tensor<1x1x4xf32>
}

// CHECK-LABEL: func.func @strided_slice_joins
func.func @strided_slice_joins(%x: tensor<4x16xf32>) -> tensor<4x8xf32> {
  // CHECK: graph.group "slice_f32_f32_then_relu" on "cpu"(%arg0)
  %0 = graph.slice %x {starts = #graph.dims<[0, 0]>, sizes = #graph.dims<[4, 8]>, steps = array<i64: 1, 2>} : (tensor<4x16xf32>) -> tensor<4x8xf32>
  %1 = graph.relu %0 : (tensor<4x8xf32>) -> tensor<4x8xf32>
  return %1 : tensor<4x8xf32>
}

// CHECK-LABEL: func.func @cheap_broadcast_is_repeated
func.func @cheap_broadcast_is_repeated(%x: tensor<8xf32>, %y: tensor<64x8xf32>) -> (tensor<64x8xf32>, tensor<64x8xf32>) {
  // CHECK: graph.group "broadcast_f32_f32_then_add" on "cpu"(%arg0, %arg1)
  // CHECK: graph.group "broadcast_f32_f32_then_maximum" on "cpu"(%arg0, %arg1)
  %0 = graph.broadcast %x {dims = #graph.dims<[64, 8]>} : (tensor<8xf32>) -> tensor<64x8xf32>
  %1 = graph.add %0, %y : (tensor<64x8xf32>, tensor<64x8xf32>) -> tensor<64x8xf32>
  %2 = graph.maximum %0, %y : (tensor<64x8xf32>, tensor<64x8xf32>) -> tensor<64x8xf32>
  return %1, %2 : tensor<64x8xf32>, tensor<64x8xf32>
}

// CHECK-LABEL: func.func @expensive_shared_producer_stays
func.func @expensive_shared_producer_stays(%x: tensor<8xf32>, %y: tensor<64x8xf32>) -> (tensor<64x8xf32>, tensor<64x8xf32>) {
  // CHECK: %[[E:.+]] = graph.group "exp_f32_f32" on
  // CHECK: graph.group "add_f32_f32" on "cpu"(%[[E]], %arg1)
  // CHECK: graph.group "maximum_f32_f32" on "cpu"(%[[E]], %arg1)
  %0 = graph.exp %x : (tensor<8xf32>) -> tensor<8xf32>
  %1 = graph.add %0, %y : (tensor<8xf32>, tensor<64x8xf32>) -> tensor<64x8xf32>
  %2 = graph.maximum %0, %y : (tensor<8xf32>, tensor<64x8xf32>) -> tensor<64x8xf32>
  return %1, %2 : tensor<64x8xf32>, tensor<64x8xf32>
}

// CHECK-LABEL: func.func @update_does_not_read_what_it_overwrites
func.func @update_does_not_read_what_it_overwrites(%i: tensor<1xi64>) {
  %0 = graph.state_read @cache : tensor<1x4x8x2xf32>
  // CHECK: %[[V:.+]] = graph.group "slice_f32_f32" on
  // CHECK: graph.group "index_put_f32_f32_f32" on "cpu"(%{{.+}}, %[[V]], %{{.+}})
  %1 = graph.slice %0 {starts = #graph.dims<[0, 0, 1, 0]>, sizes = #graph.dims<[1, 4, 1, 2]>, steps = array<i64: 1, 1, 1, 1>} : (tensor<1x4x8x2xf32>) -> tensor<1x4x1x2xf32>
  %2 = graph.index_put %0, %1, %i {dims = array<i64: 2>} : (tensor<1x4x8x2xf32>, tensor<1x4x1x2xf32>, tensor<1xi64>) -> tensor<1x4x8x2xf32>
  graph.state_write @cache = %2 : tensor<1x4x8x2xf32>
  return
}

// CHECK-LABEL: func.func @read_before_a_write_stays_before_it
func.func @read_before_a_write_stays_before_it(%x: tensor<1x4x8x2xf32>) -> tensor<1x4x8x2xf32> {
  // CHECK: %[[R:.+]] = graph.state_read
  // CHECK: graph.group "neg_f32_f32" on "cpu"(%[[R]])
  // CHECK: graph.state_write
  // CHECK: graph.group "exp_f32_f32" on
  %0 = graph.state_read @cache : tensor<1x4x8x2xf32>
  %1 = graph.neg %0 : (tensor<1x4x8x2xf32>) -> tensor<1x4x8x2xf32>
  graph.state_write @cache = %x : tensor<1x4x8x2xf32>
  %2 = graph.exp %1 : (tensor<1x4x8x2xf32>) -> tensor<1x4x8x2xf32>
  return %2 : tensor<1x4x8x2xf32>
}

// CHECK-LABEL: func.func @returned_constant_is_a_group
func.func @returned_constant_is_a_group() -> tensor<2xf32> {
  // CHECK: %[[C:.+]] = graph.group "constant_f32" on "cpu"()
  // CHECK: return %[[C]]
  %0 = graph.constant dense<[1.0, 2.0]> : tensor<2xf32>
  return %0 : tensor<2xf32>
}

// CHECK-LABEL: func.func @bodies_of_control_flow_are_grouped
func.func @bodies_of_control_flow_are_grouped(%c: tensor<i1>, %x: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK: graph.if
  // CHECK: graph.group "relu_f32_f32" on
  // CHECK: graph.group "neg_f32_f32" on
  %0 = graph.if %c(%x) : tensor<i1>, (tensor<4xf32>) -> tensor<4xf32> {
  ^bb0(%a: tensor<4xf32>):
    %1 = graph.relu %a : (tensor<4xf32>) -> tensor<4xf32>
    graph.yield %1 : tensor<4xf32>
  } else {
  ^bb0(%a: tensor<4xf32>):
    %1 = graph.neg %a : (tensor<4xf32>) -> tensor<4xf32>
    graph.yield %1 : tensor<4xf32>
  }
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: func.func @devices_stay_apart
func.func @devices_stay_apart(%x: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK: graph.group "relu_f32_f32" on "gpu"
  // CHECK: graph.group "neg_f32_f32" on "cpu"
  %0 = graph.relu %x {graph.device = "gpu"} : (tensor<4xf32>) -> tensor<4xf32>
  %1 = graph.neg %0 {graph.device = "cpu"} : (tensor<4xf32>) -> tensor<4xf32>
  return %1 : tensor<4xf32>
}
