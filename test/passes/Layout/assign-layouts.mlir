// SPDX-License-Identifier: Apache-2.0
// RUN: lathe-opt %s --lathe-assign-layouts | FileCheck %s
// RUN: lathe-opt %s --lathe-assign-layouts | lathe-opt --lathe-assign-layouts | FileCheck %s

module attributes {graph.targets = [{name = "cpu", channels_last, weight_panels = array<i64: 16, 8>}]} {
graph.weight @w : tensor<16x3x3x3xf32> key "00"
graph.weight @v : tensor<16x1x3x3xf32> key "01"
graph.weight @odd : tensor<10x3x3x3xf32> key "02"
graph.weight @square : tensor<16x16x3x3xf32> key "04"
graph.weight @line : tensor<16x8x3xf32> key "05"
graph.weight @wide_line : tensor<16x256x3xf32> key "06"
graph.weight @next_line : tensor<16x16x3xf32> key "07"
graph.weight @halves : tensor<16x8x3x3xf32> key "03"
graph.weight @doubled : tensor<8x1x3x3xf32> key "08"
graph.weight @thirds : tensor<24x6x3x3xf32> key "09"

// One layout from convolution to convolution; the copies are at the ends. A
// picture of few channels is read as it is.
// CHECK-LABEL: func.func @chain
func.func @chain(%x: tensor<1x3x8x8xf32>) -> tensor<1x16x8x8xf32> {
  %w = graph.use_weight @w : tensor<16x3x3x3xf32>
  %v = graph.use_weight @v : tensor<16x1x3x3xf32>
  // CHECK: %[[A:.+]] = graph.conv %arg0, %{{[0-9]+}} {{.*}} -> tensor<1x16x8x8xf32, #graph.info<[1, 16, 8, 8], #graph.layout<[0, 2, 3, 1]>>>
  // CHECK-NEXT: %[[B:.+]] = graph.relu %[[A]] {{.*}} -> tensor<1x16x8x8xf32, #graph.info<[1, 16, 8, 8], #graph.layout<[0, 2, 3, 1]>>>
  // CHECK-NEXT: %[[C:.+]] = graph.conv %[[B]], %{{[0-9]+}} {{.*}} -> tensor<1x16x8x8xf32, #graph.info<[1, 16, 8, 8], #graph.layout<[0, 2, 3, 1]>>>
  // CHECK-NEXT: %[[D:.+]] = graph.add %[[C]], %[[B]]
  // CHECK-NEXT: %[[E:.+]] = graph.relayout %[[D]] {graph.device = "cpu"}
  // CHECK-NEXT: return %[[E]] : tensor<1x16x8x8xf32>
  %0 = graph.conv %x, %w {strides = array<i64: 1, 1>, padding_low = array<i64: 1, 1>, padding_high = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64, graph.device = "cpu"} : (tensor<1x3x8x8xf32>, tensor<16x3x3x3xf32>) -> tensor<1x16x8x8xf32>
  %1 = graph.relu %0 {graph.device = "cpu"} : (tensor<1x16x8x8xf32>) -> tensor<1x16x8x8xf32>
  %2 = graph.conv %1, %v {strides = array<i64: 1, 1>, padding_low = array<i64: 1, 1>, padding_high = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 16 : i64, graph.device = "cpu"} : (tensor<1x16x8x8xf32>, tensor<16x1x3x3xf32>) -> tensor<1x16x8x8xf32>
  %3 = graph.add %2, %1 {graph.device = "cpu"} : (tensor<1x16x8x8xf32>, tensor<1x16x8x8xf32>) -> tensor<1x16x8x8xf32>
  return %3 : tensor<1x16x8x8xf32>
}

// A mean over space reads the layout and leaves none.
// CHECK-LABEL: func.func @mean
func.func @mean(%x: tensor<1x3x8x8xf32>) -> tensor<1x16xf32> {
  %w = graph.use_weight @w : tensor<16x3x3x3xf32>
  // CHECK: %[[A:.+]] = graph.conv
  // CHECK-NEXT: graph.reduce %[[A]] {{.*}}#graph.layout<[0, 2, 3, 1]>>>) -> tensor<1x16xf32>
  %0 = graph.conv %x, %w {strides = array<i64: 1, 1>, padding_low = array<i64: 1, 1>, padding_high = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64, graph.device = "cpu"} : (tensor<1x3x8x8xf32>, tensor<16x3x3x3xf32>) -> tensor<1x16x8x8xf32>
  %1 = graph.reduce %0 {kind = #graph.reduce_kind<mean>, dims = array<i64: 2, 3>, graph.device = "cpu"} : (tensor<1x16x8x8xf32>) -> tensor<1x16xf32>
  return %1 : tensor<1x16xf32>
}

// An operand of the other order would be copied: the chain ends here.
// CHECK-LABEL: func.func @mixed_operands_stay
func.func @mixed_operands_stay(%x: tensor<1x3x8x8xf32>, %y: tensor<1x16x8x8xf32>) -> tensor<1x16x8x8xf32> {
  %w = graph.use_weight @w : tensor<16x3x3x3xf32>
  // CHECK: %[[A:.+]] = graph.conv
  // CHECK-NEXT: %[[B:.+]] = graph.relayout %[[A]]
  // CHECK-NEXT: graph.add %[[B]], %arg1 {{.*}} -> tensor<1x16x8x8xf32>
  %0 = graph.conv %x, %w {strides = array<i64: 1, 1>, padding_low = array<i64: 1, 1>, padding_high = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64, graph.device = "cpu"} : (tensor<1x3x8x8xf32>, tensor<16x3x3x3xf32>) -> tensor<1x16x8x8xf32>
  %1 = graph.add %0, %y {graph.device = "cpu"} : (tensor<1x16x8x8xf32>, tensor<1x16x8x8xf32>) -> tensor<1x16x8x8xf32>
  return %1 : tensor<1x16x8x8xf32>
}

// Without panels for its weight a convolution keeps its order.
// CHECK-LABEL: func.func @odd_features_stay
func.func @odd_features_stay(%x: tensor<1x3x8x8xf32>) -> tensor<1x10x8x8xf32> {
  %w = graph.use_weight @odd : tensor<10x3x3x3xf32>
  // CHECK-NOT: graph.relayout
  // CHECK: graph.conv {{.*}} -> tensor<1x10x8x8xf32>
  %0 = graph.conv %x, %w {strides = array<i64: 1, 1>, padding_low = array<i64: 1, 1>, padding_high = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64, graph.device = "cpu"} : (tensor<1x3x8x8xf32>, tensor<10x3x3x3xf32>) -> tensor<1x10x8x8xf32>
  return %0 : tensor<1x10x8x8xf32>
}

// So does one whose weight is data: nothing lays it out ahead of time.
// CHECK-LABEL: func.func @weight_of_data_stays
func.func @weight_of_data_stays(%x: tensor<1x3x8x8xf32>, %w: tensor<16x3x3x3xf32>) -> tensor<1x16x8x8xf32> {
  // CHECK-NOT: graph.relayout
  // CHECK: graph.conv {{.*}} -> tensor<1x16x8x8xf32>
  %0 = graph.conv %x, %w {strides = array<i64: 1, 1>, padding_low = array<i64: 1, 1>, padding_high = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64, graph.device = "cpu"} : (tensor<1x3x8x8xf32>, tensor<16x3x3x3xf32>) -> tensor<1x16x8x8xf32>
  return %0 : tensor<1x16x8x8xf32>
}

// A pool carries the layout on.
// CHECK-LABEL: func.func @pool
func.func @pool(%x: tensor<1x3x8x8xf32>) -> tensor<1x16x4x4xf32> {
  // CHECK: %[[A:.+]] = graph.conv
  // CHECK-NEXT: %[[B:.+]] = graph.max_pool %[[A]] {{.*}} -> tensor<1x16x4x4xf32, #graph.info<[1, 16, 4, 4], #graph.layout<[0, 2, 3, 1]>>>
  // CHECK-NEXT: graph.relayout %[[B]]
  %w = graph.use_weight @w : tensor<16x3x3x3xf32>
  %0 = graph.conv %x, %w {strides = array<i64: 1, 1>, padding_low = array<i64: 1, 1>, padding_high = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64, graph.device = "cpu"} : (tensor<1x3x8x8xf32>, tensor<16x3x3x3xf32>) -> tensor<1x16x8x8xf32>
  %1 = graph.max_pool %0 {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>, padding_low = array<i64: 0, 0>, padding_high = array<i64: 0, 0>, dilations = array<i64: 1, 1>, graph.device = "cpu"} : (tensor<1x16x8x8xf32>) -> tensor<1x16x4x4xf32>
  return %1 : tensor<1x16x4x4xf32>
}

// Panels that groups fill, and groups that fill a panel together, channels of
// few included: a group's lie side by side.
// CHECK-LABEL: func.func @groups_of_a_panel
func.func @groups_of_a_panel(%x: tensor<1x16x8x8xf32>) -> tensor<1x16x8x8xf32> {
  // CHECK: %[[X:.+]] = graph.relayout %arg0
  // CHECK: graph.conv %[[X]], {{.*}} -> tensor<1x16x8x8xf32, #graph.info<[1, 16, 8, 8], #graph.layout<[0, 2, 3, 1]>>>
  %w = graph.use_weight @halves : tensor<16x8x3x3xf32>
  %0 = graph.conv %x, %w {strides = array<i64: 1, 1>, padding_low = array<i64: 1, 1>, padding_high = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 2 : i64, graph.device = "cpu"} : (tensor<1x16x8x8xf32>, tensor<16x8x3x3xf32>) -> tensor<1x16x8x8xf32>
  return %0 : tensor<1x16x8x8xf32>
}

// CHECK-LABEL: func.func @narrow_groups_share_a_panel
func.func @narrow_groups_share_a_panel(%x: tensor<1x2x8x8xf32>) -> tensor<1x8x8x8xf32> {
  // CHECK: %[[X:.+]] = graph.relayout %arg0
  // CHECK: graph.conv %[[X]], {{.*}} -> tensor<1x8x8x8xf32, #graph.info<[1, 8, 8, 8], #graph.layout<[0, 2, 3, 1]>>>
  %w = graph.use_weight @doubled : tensor<8x1x3x3xf32>
  %0 = graph.conv %x, %w {strides = array<i64: 1, 1>, padding_low = array<i64: 1, 1>, padding_high = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 2 : i64, graph.device = "cpu"} : (tensor<1x2x8x8xf32>, tensor<8x1x3x3xf32>) -> tensor<1x8x8x8xf32>
  return %0 : tensor<1x8x8x8xf32>
}

// Panels would end inside of a group.
// CHECK-LABEL: func.func @groups_across_panels_stay
func.func @groups_across_panels_stay(%x: tensor<1x12x8x8xf32>) -> tensor<1x24x8x8xf32> {
  // CHECK-NOT: graph.relayout
  // CHECK: graph.conv {{.*}} -> tensor<1x24x8x8xf32>
  %w = graph.use_weight @thirds : tensor<24x6x3x3xf32>
  %0 = graph.conv %x, %w {strides = array<i64: 1, 1>, padding_low = array<i64: 1, 1>, padding_high = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 2 : i64, graph.device = "cpu"} : (tensor<1x12x8x8xf32>, tensor<24x6x3x3xf32>) -> tensor<1x24x8x8xf32>
  return %0 : tensor<1x24x8x8xf32>
}

// What has its channels last is permuted by its layout alone, there and back.
// CHECK-LABEL: func.func @permutations_move_nothing
func.func @permutations_move_nothing(%x: tensor<1x8x8x16xf32>) -> tensor<1x8x8x16xf32> {
  // CHECK: %[[A:.+]] = graph.permute %arg0 {{.*}} : (tensor<1x8x8x16xf32>) -> tensor<1x16x8x8xf32, #graph.info<[1, 16, 8, 8], #graph.layout<[0, 2, 3, 1]>>>
  // CHECK-NEXT: %[[B:.+]] = graph.conv %[[A]]
  // CHECK-NEXT: %[[C:.+]] = graph.permute %[[B]] {{.*}} : (tensor<1x16x8x8xf32, #graph.info<[1, 16, 8, 8], #graph.layout<[0, 2, 3, 1]>>>) -> tensor<1x8x8x16xf32>
  // CHECK-NEXT: return %[[C]]
  %w = graph.use_weight @square : tensor<16x16x3x3xf32>
  %0 = graph.permute %x {permutation = array<i64: 0, 3, 1, 2>, graph.device = "cpu"} : (tensor<1x8x8x16xf32>) -> tensor<1x16x8x8xf32>
  %1 = graph.conv %0, %w {strides = array<i64: 1, 1>, padding_low = array<i64: 1, 1>, padding_high = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64, graph.device = "cpu"} : (tensor<1x16x8x8xf32>, tensor<16x16x3x3xf32>) -> tensor<1x16x8x8xf32>
  %2 = graph.permute %1 {permutation = array<i64: 0, 2, 3, 1>, graph.device = "cpu"} : (tensor<1x16x8x8xf32>) -> tensor<1x8x8x16xf32>
  return %2 : tensor<1x8x8x16xf32>
}

// A picture too, through what normalises it.
// CHECK-LABEL: func.func @picture_with_channels_last
func.func @picture_with_channels_last(%x: tensor<1x8x8x3xf32>) -> tensor<1x16x8x8xf32> {
  // CHECK: %[[A:.+]] = graph.permute %arg0
  // CHECK-NEXT: %[[B:.+]] = graph.abs %[[A]]
  // CHECK-NEXT: graph.conv %[[B]], %{{.+}} {{.*}} : (tensor<1x3x8x8xf32, #graph.info<[1, 3, 8, 8], #graph.layout<[0, 2, 3, 1]>>>
  %w = graph.use_weight @w : tensor<16x3x3x3xf32>
  %0 = graph.permute %x {permutation = array<i64: 0, 3, 1, 2>, graph.device = "cpu"} : (tensor<1x8x8x3xf32>) -> tensor<1x3x8x8xf32>
  %1 = graph.abs %0 {graph.device = "cpu"} : (tensor<1x3x8x8xf32>) -> tensor<1x3x8x8xf32>
  %2 = graph.conv %1, %w {strides = array<i64: 1, 1>, padding_low = array<i64: 1, 1>, padding_high = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64, graph.device = "cpu"} : (tensor<1x3x8x8xf32>, tensor<16x3x3x3xf32>) -> tensor<1x16x8x8xf32>
  return %2 : tensor<1x16x8x8xf32>
}

// These sizes change places in memory.
// CHECK-LABEL: func.func @transposed_picture_stays
func.func @transposed_picture_stays(%x: tensor<1x8x8x16xf32>) -> tensor<1x8x8x16xf32> {
  // CHECK: %[[A:.+]] = graph.permute %arg0 {{.*}} -> tensor<1x16x8x8xf32>
  // CHECK-NEXT: %[[B:.+]] = graph.relayout %[[A]]
  // CHECK-NEXT: %[[C:.+]] = graph.conv %[[B]]
  // CHECK-NEXT: %[[D:.+]] = graph.relayout %[[C]]
  // CHECK-NEXT: graph.permute %[[D]]
  %w = graph.use_weight @square : tensor<16x16x3x3xf32>
  %0 = graph.permute %x {permutation = array<i64: 0, 3, 2, 1>, graph.device = "cpu"} : (tensor<1x8x8x16xf32>) -> tensor<1x16x8x8xf32>
  %1 = graph.conv %0, %w {strides = array<i64: 1, 1>, padding_low = array<i64: 1, 1>, padding_high = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64, graph.device = "cpu"} : (tensor<1x16x8x8xf32>, tensor<16x16x3x3xf32>) -> tensor<1x16x8x8xf32>
  %2 = graph.permute %1 {permutation = array<i64: 0, 3, 2, 1>, graph.device = "cpu"} : (tensor<1x16x8x8xf32>) -> tensor<1x8x8x16xf32>
  return %2 : tensor<1x8x8x16xf32>
}

// Nobody takes its channels last: a copy by one operator, not by two.
// CHECK-LABEL: func.func @permutation_beside_a_convolution_stays
func.func @permutation_beside_a_convolution_stays(%x: tensor<1x8x8x16xf32>, %y: tensor<1x3x8x8xf32>) -> (tensor<1x16x8x8xf32>, tensor<1x16x8x8xf32>) {
  // CHECK: %[[A:.+]] = graph.permute %arg0 {{.*}}graph.device = "cpu"{{.*}} -> tensor<1x16x8x8xf32>
  // CHECK-NEXT: %[[B:.+]] = graph.softmax %[[A]]
  %w = graph.use_weight @w : tensor<16x3x3x3xf32>
  %0 = graph.permute %x {permutation = array<i64: 0, 3, 1, 2>, graph.device = "cpu"} : (tensor<1x8x8x16xf32>) -> tensor<1x16x8x8xf32>
  %1 = graph.softmax %0 {dim = 1 : i64, graph.device = "cpu"} : (tensor<1x16x8x8xf32>) -> tensor<1x16x8x8xf32>
  %2 = graph.conv %y, %w {strides = array<i64: 1, 1>, padding_low = array<i64: 1, 1>, padding_high = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64, graph.device = "cpu"} : (tensor<1x3x8x8xf32>, tensor<16x3x3x3xf32>) -> tensor<1x16x8x8xf32>
  return %1, %2 : tensor<1x16x8x8xf32>, tensor<1x16x8x8xf32>
}

// CHECK-LABEL: func.func @permutation_without_convolutions_stays
func.func @permutation_without_convolutions_stays(%x: tensor<1x8x8x16xf32>) -> tensor<1x16x8x8xf32> {
  // CHECK-NOT: graph.relayout
  // CHECK: graph.relu %{{.+}} -> tensor<1x16x8x8xf32>
  %0 = graph.permute %x {permutation = array<i64: 0, 3, 1, 2>, graph.device = "cpu"} : (tensor<1x8x8x16xf32>) -> tensor<1x16x8x8xf32>
  %1 = graph.relu %0 {graph.device = "cpu"} : (tensor<1x16x8x8xf32>) -> tensor<1x16x8x8xf32>
  return %1 : tensor<1x16x8x8xf32>
}

// Along a line channels last pay where the window jumps,
// CHECK-LABEL: func.func @line_with_stride
func.func @line_with_stride(%x: tensor<1x8x100xf32>) -> tensor<1x16x49xf32> {
  // CHECK: graph.conv {{.*}} -> tensor<1x16x49xf32, #graph.info<[1, 16, 49], #graph.layout<[0, 2, 1]>>>
  %w = graph.use_weight @line : tensor<16x8x3xf32>
  %0 = graph.conv %x, %w {strides = array<i64: 2>, padding_low = array<i64: 0>, padding_high = array<i64: 0>, dilations = array<i64: 1>, groups = 1 : i64, graph.device = "cpu"} : (tensor<1x8x100xf32>, tensor<16x8x3xf32>) -> tensor<1x16x49xf32>
  return %0 : tensor<1x16x49xf32>
}

// where the line is short,
// CHECK-LABEL: func.func @short_line
func.func @short_line(%x: tensor<1x8x6xf32>) -> tensor<1x16x4xf32> {
  // CHECK: graph.conv {{.*}} -> tensor<1x16x4xf32, #graph.info<[1, 16, 4], #graph.layout<[0, 2, 1]>>>
  %w = graph.use_weight @line : tensor<16x8x3xf32>
  %0 = graph.conv %x, %w {strides = array<i64: 1>, padding_low = array<i64: 0>, padding_high = array<i64: 0>, dilations = array<i64: 1>, groups = 1 : i64, graph.device = "cpu"} : (tensor<1x8x6xf32>, tensor<16x8x3xf32>) -> tensor<1x16x4xf32>
  return %0 : tensor<1x16x4xf32>
}

// where there is much to multiply,
// CHECK-LABEL: func.func @line_of_many_channels
func.func @line_of_many_channels(%x: tensor<1x256x100xf32>) -> tensor<1x16x98xf32> {
  // CHECK: graph.conv {{.*}} -> tensor<1x16x98xf32, #graph.info<[1, 16, 98], #graph.layout<[0, 2, 1]>>>
  %w = graph.use_weight @wide_line : tensor<16x256x3xf32>
  %0 = graph.conv %x, %w {strides = array<i64: 1>, padding_low = array<i64: 0>, padding_high = array<i64: 0>, dilations = array<i64: 1>, groups = 1 : i64, graph.device = "cpu"} : (tensor<1x256x100xf32>, tensor<16x256x3xf32>) -> tensor<1x16x98xf32>
  return %0 : tensor<1x16x98xf32>
}

// and where nothing is copied: here a slice carries them on.
// CHECK-LABEL: func.func @line_after_line
func.func @line_after_line(%x: tensor<1x8x100xf32>) -> tensor<1x16x45xf32> {
  // CHECK: %[[A:.+]] = graph.conv
  // CHECK-NEXT: %[[B:.+]] = graph.slice %[[A]] {{.*}} -> tensor<1x16x47xf32, #graph.info<[1, 16, 47], #graph.layout<[0, 2, 1]>>>
  // CHECK-NEXT: %[[C:.+]] = graph.conv %[[B]], {{.*}} -> tensor<1x16x45xf32, #graph.info<[1, 16, 45], #graph.layout<[0, 2, 1]>>>
  // CHECK-NEXT: graph.relayout %[[C]]
  %w = graph.use_weight @line : tensor<16x8x3xf32>
  %v = graph.use_weight @next_line : tensor<16x16x3xf32>
  %0 = graph.conv %x, %w {strides = array<i64: 2>, padding_low = array<i64: 0>, padding_high = array<i64: 0>, dilations = array<i64: 1>, groups = 1 : i64, graph.device = "cpu"} : (tensor<1x8x100xf32>, tensor<16x8x3xf32>) -> tensor<1x16x49xf32>
  %1 = graph.slice %0 {sizes = #graph.dims<[1, 16, 47]>, starts = #graph.dims<[0, 0, 2]>, steps = array<i64: 1, 1, 1>, graph.device = "cpu"} : (tensor<1x16x49xf32>) -> tensor<1x16x47xf32>
  %2 = graph.conv %1, %v {strides = array<i64: 1>, padding_low = array<i64: 0>, padding_high = array<i64: 0>, dilations = array<i64: 1>, groups = 1 : i64, graph.device = "cpu"} : (tensor<1x16x47xf32>, tensor<16x16x3xf32>) -> tensor<1x16x45xf32>
  return %2 : tensor<1x16x45xf32>
}

// A reversed one does not: its elements are read one by one.
// CHECK-LABEL: func.func @line_after_a_reversed_one_stays
func.func @line_after_a_reversed_one_stays(%x: tensor<1x8x100xf32>) -> tensor<1x16x47xf32> {
  // CHECK: %[[A:.+]] = graph.conv
  // CHECK-NEXT: %[[B:.+]] = graph.relayout %[[A]]
  // CHECK-NEXT: graph.slice %[[B]]
  // CHECK-NEXT: graph.conv {{.*}} -> tensor<1x16x47xf32>
  %w = graph.use_weight @line : tensor<16x8x3xf32>
  %v = graph.use_weight @next_line : tensor<16x16x3xf32>
  %0 = graph.conv %x, %w {strides = array<i64: 2>, padding_low = array<i64: 0>, padding_high = array<i64: 0>, dilations = array<i64: 1>, groups = 1 : i64, graph.device = "cpu"} : (tensor<1x8x100xf32>, tensor<16x8x3xf32>) -> tensor<1x16x49xf32>
  %1 = graph.slice %0 {sizes = #graph.dims<[1, 16, 49]>, starts = #graph.dims<[0, 0, 48]>, steps = array<i64: 1, 1, -1>, graph.device = "cpu"} : (tensor<1x16x49xf32>) -> tensor<1x16x49xf32>
  %2 = graph.conv %1, %v {strides = array<i64: 1>, padding_low = array<i64: 0>, padding_high = array<i64: 0>, dilations = array<i64: 1>, groups = 1 : i64, graph.device = "cpu"} : (tensor<1x16x49xf32>, tensor<16x16x3xf32>) -> tensor<1x16x47xf32>
  return %2 : tensor<1x16x47xf32>
}

// Elsewhere copies cost more than they bring.
// CHECK-LABEL: func.func @long_line_stays
func.func @long_line_stays(%x: tensor<1x8x100xf32>) -> tensor<1x16x98xf32> {
  // CHECK-NOT: graph.relayout
  // CHECK: graph.conv {{.*}} -> tensor<1x16x98xf32>
  %w = graph.use_weight @line : tensor<16x8x3xf32>
  %0 = graph.conv %x, %w {strides = array<i64: 1>, padding_low = array<i64: 0>, padding_high = array<i64: 0>, dilations = array<i64: 1>, groups = 1 : i64, graph.device = "cpu"} : (tensor<1x8x100xf32>, tensor<16x8x3xf32>) -> tensor<1x16x98xf32>
  return %0 : tensor<1x16x98xf32>
}

// The smaller part is copied.
// CHECK-LABEL: func.func @concat_of_more_with_channels_last
func.func @concat_of_more_with_channels_last(%x: tensor<1x3x8x8xf32>, %y: tensor<1x8x8x8xf32>) -> tensor<1x24x8x8xf32> {
  // CHECK: %[[A:.+]] = graph.conv
  // CHECK: %[[B:.+]] = graph.relayout %arg1
  // CHECK: %[[C:.+]] = graph.concat %[[A]], %[[B]] {{.*}} -> tensor<1x24x8x8xf32, #graph.info<[1, 24, 8, 8], #graph.layout<[0, 2, 3, 1]>>>
  // CHECK-NEXT: graph.relayout %[[C]]
  %w = graph.use_weight @w : tensor<16x3x3x3xf32>
  %0 = graph.conv %x, %w {strides = array<i64: 1, 1>, padding_low = array<i64: 1, 1>, padding_high = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64, graph.device = "cpu"} : (tensor<1x3x8x8xf32>, tensor<16x3x3x3xf32>) -> tensor<1x16x8x8xf32>
  %1 = graph.concat %0, %y {dim = 1 : i64, graph.device = "cpu"} : (tensor<1x16x8x8xf32>, tensor<1x8x8x8xf32>) -> tensor<1x24x8x8xf32>
  return %1 : tensor<1x24x8x8xf32>
}

// CHECK-LABEL: func.func @concat_of_more_without_stays
func.func @concat_of_more_without_stays(%x: tensor<1x3x8x8xf32>, %y: tensor<1x16x8x8xf32>) -> tensor<1x32x8x8xf32> {
  // CHECK: %[[A:.+]] = graph.conv
  // CHECK-NEXT: %[[B:.+]] = graph.relayout %[[A]]
  // CHECK-NEXT: graph.concat %[[B]], %arg1 {{.*}} -> tensor<1x32x8x8xf32>
  %w = graph.use_weight @w : tensor<16x3x3x3xf32>
  %0 = graph.conv %x, %w {strides = array<i64: 1, 1>, padding_low = array<i64: 1, 1>, padding_high = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64, graph.device = "cpu"} : (tensor<1x3x8x8xf32>, tensor<16x3x3x3xf32>) -> tensor<1x16x8x8xf32>
  %1 = graph.concat %0, %y {dim = 1 : i64, graph.device = "cpu"} : (tensor<1x16x8x8xf32>, tensor<1x16x8x8xf32>) -> tensor<1x32x8x8xf32>
  return %1 : tensor<1x32x8x8xf32>
}
}
