// SPDX-License-Identifier: Apache-2.0
// RUN: lathe-opt %s --lathe-pack-weights | FileCheck %s
// RUN: lathe-opt %s --lathe-pack-weights | lathe-opt --lathe-pack-weights | FileCheck %s

!x = !quant.uniform<i8:f32, 0.1:-5>
!q = !quant.uniform<i8<-127:127>:f32, 0.01>
!z = !quant.uniform<i8:f32, 0.01:3>

module attributes {graph.targets = [{name = "cpu", weight_panels = array<i64: 16, 8>}]} {
graph.weight @w : tensor<32x4xf32> key "00"
graph.weight @narrow : tensor<24x4xf32> key "01"
graph.weight @odd : tensor<10x4xf32> key "02"
graph.weight @window : tensor<16x3x3x3xf32> key "03"
graph.weight @depthwise : tensor<16x1x3x3xf32> key "04"
graph.weight @depthwise_odd : tensor<10x1x3x3xf32> key "05"
graph.weight @tied : tensor<48x4xf32> key "06"
graph.weight @shared : tensor<64x4xf32> key "07"
graph.weight @crossed : tensor<80x4xf32> key "08"
graph.weight @table : tensor<96x4xf32> key "09"
graph.weight @groups_of_24 : tensor<48x3x1x1xf32> key "10"
graph.weight @groups_of_64 : tensor<128x2x1x1xf32> key "11"
graph.weight @groups_of_4 : tensor<16x4x1x1xf32> key "12"
graph.weight @groups_of_6 : tensor<24x6x1x1xf32> key "13"
graph.weight @codes : tensor<32x8x!q> key "0a"
graph.weight @codes_of_three : tensor<32x3x!q> key "0b"
graph.weight @codes_with_zero : tensor<32x8x!z> key "0c"

// The order is made when the program is written.
// CHECK: graph.weight @w.packed : tensor<32x4xf32, #graph.info<[32, 4], #graph.layout<[0, 1], tiles = [0, 16]>>> {
// CHECK: %[[PLAIN:.+]] = graph.use_weight @w
// CHECK: graph.relayout %[[PLAIN]]
// CHECK: graph.weight @narrow.packed : tensor<24x4xf32, #graph.info<[24, 4], #graph.layout<[0, 1], tiles = [0, 8]>>> {
// CHECK-NOT: graph.weight @odd.packed
// CHECK: graph.weight @window.packed : tensor<16x3x3x3xf32, #graph.info<[16, 3, 3, 3], #graph.layout<[0, 2, 3, 1], tiles = [0, 16]>>> {
// CHECK: graph.weight @depthwise.packed : tensor<16x1x3x3xf32, #graph.info<[16, 1, 3, 3], #graph.layout<[0, 2, 3, 1], tiles = [0, 16]>>> {
// Channels that no panel divides lie in one row, last.
// CHECK: graph.weight @depthwise_odd.packed : tensor<10x1x3x3xf32, #graph.info<[10, 1, 3, 3], #graph.layout<[2, 3, 1, 0]>>> {

// CHECK-LABEL: func.func @widest_panel_that_divides
func.func @widest_panel_that_divides(%x: tensor<2x4xf32>) -> tensor<2x32xf32> {
  // CHECK: %[[W:.+]] = graph.use_weight @w.packed
  // CHECK: graph.linear %arg0, %[[W]]
  %w = graph.use_weight @w : tensor<32x4xf32>
  %0 = graph.linear %x, %w {graph.device = "cpu"} : (tensor<2x4xf32>, tensor<32x4xf32>) -> tensor<2x32xf32>
  return %0 : tensor<2x32xf32>
}

// CHECK-LABEL: func.func @next_panel
func.func @next_panel(%x: tensor<2x4xf32>) -> tensor<2x24xf32> {
  // CHECK: graph.use_weight @narrow.packed
  %w = graph.use_weight @narrow : tensor<24x4xf32>
  %0 = graph.linear %x, %w {graph.device = "cpu"} : (tensor<2x4xf32>, tensor<24x4xf32>) -> tensor<2x24xf32>
  return %0 : tensor<2x24xf32>
}

// CHECK-LABEL: func.func @no_panel_divides_stays
func.func @no_panel_divides_stays(%x: tensor<2x4xf32>) -> tensor<2x10xf32> {
  // CHECK: graph.use_weight @odd : tensor<10x4xf32>
  %w = graph.use_weight @odd : tensor<10x4xf32>
  %0 = graph.linear %x, %w {graph.device = "cpu"} : (tensor<2x4xf32>, tensor<10x4xf32>) -> tensor<2x10xf32>
  return %0 : tensor<2x10xf32>
}

// A weight that is data cannot be laid out ahead of time.
// CHECK-LABEL: func.func @data_stays
func.func @data_stays(%x: tensor<2x4xf32>, %w: tensor<32x4xf32>) -> tensor<2x32xf32> {
  // CHECK: graph.linear %arg0, %arg1
  %0 = graph.linear %x, %w {graph.device = "cpu"} : (tensor<2x4xf32>, tensor<32x4xf32>) -> tensor<2x32xf32>
  return %0 : tensor<2x32xf32>
}

// Another device has its own order.
// CHECK-LABEL: func.func @other_device_stays
func.func @other_device_stays(%x: tensor<2x4xf32>) -> tensor<2x32xf32> {
  // CHECK: graph.use_weight @w : tensor<32x4xf32>
  %w = graph.use_weight @w : tensor<32x4xf32>
  %0 = graph.linear %x, %w {graph.device = "gpu"} : (tensor<2x4xf32>, tensor<32x4xf32>) -> tensor<2x32xf32>
  return %0 : tensor<2x32xf32>
}

// CHECK-LABEL: func.func @convolution_with_channels_last
func.func @convolution_with_channels_last(%x: tensor<1x3x8x8xf32>) -> tensor<1x16x8x8xf32, #graph.info<[1, 16, 8, 8], #graph.layout<[0, 2, 3, 1]>>> {
  // CHECK: graph.use_weight @window.packed
  %w = graph.use_weight @window : tensor<16x3x3x3xf32>
  %0 = graph.conv %x, %w {strides = array<i64: 1, 1>, padding_low = array<i64: 1, 1>, padding_high = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64, graph.device = "cpu"} : (tensor<1x3x8x8xf32>, tensor<16x3x3x3xf32>) -> tensor<1x16x8x8xf32, #graph.info<[1, 16, 8, 8], #graph.layout<[0, 2, 3, 1]>>>
  return %0 : tensor<1x16x8x8xf32, #graph.info<[1, 16, 8, 8], #graph.layout<[0, 2, 3, 1]>>>
}

// CHECK-LABEL: func.func @one_filter_a_channel
func.func @one_filter_a_channel(%x: tensor<1x16x8x8xf32, #graph.info<[1, 16, 8, 8], #graph.layout<[0, 2, 3, 1]>>>) -> tensor<1x16x8x8xf32, #graph.info<[1, 16, 8, 8], #graph.layout<[0, 2, 3, 1]>>> {
  // CHECK: graph.use_weight @depthwise.packed
  %w = graph.use_weight @depthwise : tensor<16x1x3x3xf32>
  %0 = graph.conv %x, %w {strides = array<i64: 1, 1>, padding_low = array<i64: 1, 1>, padding_high = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 16 : i64, graph.device = "cpu"} : (tensor<1x16x8x8xf32, #graph.info<[1, 16, 8, 8], #graph.layout<[0, 2, 3, 1]>>>, tensor<16x1x3x3xf32>) -> tensor<1x16x8x8xf32, #graph.info<[1, 16, 8, 8], #graph.layout<[0, 2, 3, 1]>>>
  return %0 : tensor<1x16x8x8xf32, #graph.info<[1, 16, 8, 8], #graph.layout<[0, 2, 3, 1]>>>
}

// CHECK-LABEL: func.func @depthwise_without_panels
func.func @depthwise_without_panels(%x: tensor<1x10x8x8xf32, #graph.info<[1, 10, 8, 8], #graph.layout<[0, 2, 3, 1]>>>) -> tensor<1x10x8x8xf32, #graph.info<[1, 10, 8, 8], #graph.layout<[0, 2, 3, 1]>>> {
  // CHECK: graph.use_weight @depthwise_odd.packed
  %w = graph.use_weight @depthwise_odd : tensor<10x1x3x3xf32>
  %0 = graph.conv %x, %w {strides = array<i64: 1, 1>, padding_low = array<i64: 1, 1>, padding_high = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 10 : i64, graph.device = "cpu"} : (tensor<1x10x8x8xf32, #graph.info<[1, 10, 8, 8], #graph.layout<[0, 2, 3, 1]>>>, tensor<10x1x3x3xf32>) -> tensor<1x10x8x8xf32, #graph.info<[1, 10, 8, 8], #graph.layout<[0, 2, 3, 1]>>>
  return %0 : tensor<1x10x8x8xf32, #graph.info<[1, 10, 8, 8], #graph.layout<[0, 2, 3, 1]>>>
}

// All features of a group read the same channels: one panel, also of a width
// that no target names.
// CHECK-LABEL: func.func @a_group_is_a_panel
func.func @a_group_is_a_panel(%x: tensor<1x6x4x4xf32, #graph.info<[1, 6, 4, 4], #graph.layout<[0, 2, 3, 1]>>>) -> tensor<1x48x4x4xf32, #graph.info<[1, 48, 4, 4], #graph.layout<[0, 2, 3, 1]>>> {
  // CHECK: graph.use_weight @groups_of_24.packed : tensor<48x3x1x1xf32, #graph.info<[48, 3, 1, 1], #graph.layout<[0, 2, 3, 1], tiles = [0, 24]>>>
  %w = graph.use_weight @groups_of_24 : tensor<48x3x1x1xf32>
  %0 = graph.conv %x, %w {strides = array<i64: 1, 1>, padding_low = array<i64: 0, 0>, padding_high = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 2 : i64, graph.device = "cpu"} : (tensor<1x6x4x4xf32, #graph.info<[1, 6, 4, 4], #graph.layout<[0, 2, 3, 1]>>>, tensor<48x3x1x1xf32>) -> tensor<1x48x4x4xf32, #graph.info<[1, 48, 4, 4], #graph.layout<[0, 2, 3, 1]>>>
  return %0 : tensor<1x48x4x4xf32, #graph.info<[1, 48, 4, 4], #graph.layout<[0, 2, 3, 1]>>>
}

// Rows of more than a few cache lines are panels again.
// CHECK-LABEL: func.func @a_wide_group_is_some_panels
func.func @a_wide_group_is_some_panels(%x: tensor<1x4x4x4xf32, #graph.info<[1, 4, 4, 4], #graph.layout<[0, 2, 3, 1]>>>) -> tensor<1x128x4x4xf32, #graph.info<[1, 128, 4, 4], #graph.layout<[0, 2, 3, 1]>>> {
  // CHECK: graph.use_weight @groups_of_64.packed : tensor<128x2x1x1xf32, #graph.info<[128, 2, 1, 1], #graph.layout<[0, 2, 3, 1], tiles = [0, 16]>>>
  %w = graph.use_weight @groups_of_64 : tensor<128x2x1x1xf32>
  %0 = graph.conv %x, %w {strides = array<i64: 1, 1>, padding_low = array<i64: 0, 0>, padding_high = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 2 : i64, graph.device = "cpu"} : (tensor<1x4x4x4xf32, #graph.info<[1, 4, 4, 4], #graph.layout<[0, 2, 3, 1]>>>, tensor<128x2x1x1xf32>) -> tensor<1x128x4x4xf32, #graph.info<[1, 128, 4, 4], #graph.layout<[0, 2, 3, 1]>>>
  return %0 : tensor<1x128x4x4xf32, #graph.info<[1, 128, 4, 4], #graph.layout<[0, 2, 3, 1]>>>
}

// Two groups in a panel.
// CHECK-LABEL: func.func @narrow_groups_side_by_side
func.func @narrow_groups_side_by_side(%x: tensor<1x16x4x4xf32, #graph.info<[1, 16, 4, 4], #graph.layout<[0, 2, 3, 1]>>>) -> tensor<1x16x4x4xf32, #graph.info<[1, 16, 4, 4], #graph.layout<[0, 2, 3, 1]>>> {
  // CHECK: graph.use_weight @groups_of_4.packed : tensor<16x4x1x1xf32, #graph.info<[16, 4, 1, 1], #graph.layout<[0, 2, 3, 1], tiles = [0, 8]>>>
  %w = graph.use_weight @groups_of_4 : tensor<16x4x1x1xf32>
  %0 = graph.conv %x, %w {strides = array<i64: 1, 1>, padding_low = array<i64: 0, 0>, padding_high = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 4 : i64, graph.device = "cpu"} : (tensor<1x16x4x4xf32, #graph.info<[1, 16, 4, 4], #graph.layout<[0, 2, 3, 1]>>>, tensor<16x4x1x1xf32>) -> tensor<1x16x4x4xf32, #graph.info<[1, 16, 4, 4], #graph.layout<[0, 2, 3, 1]>>>
  return %0 : tensor<1x16x4x4xf32, #graph.info<[1, 16, 4, 4], #graph.layout<[0, 2, 3, 1]>>>
}

// Three groups of 6 in two panels: no.
// CHECK-LABEL: func.func @groups_that_no_panel_fits_stay
func.func @groups_that_no_panel_fits_stay(%x: tensor<1x24x4x4xf32, #graph.info<[1, 24, 4, 4], #graph.layout<[0, 2, 3, 1]>>>) -> tensor<1x24x4x4xf32, #graph.info<[1, 24, 4, 4], #graph.layout<[0, 2, 3, 1]>>> {
  // CHECK: graph.use_weight @groups_of_6 : tensor<24x6x1x1xf32>
  %w = graph.use_weight @groups_of_6 : tensor<24x6x1x1xf32>
  %0 = graph.conv %x, %w {strides = array<i64: 1, 1>, padding_low = array<i64: 0, 0>, padding_high = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 4 : i64, graph.device = "cpu"} : (tensor<1x24x4x4xf32, #graph.info<[1, 24, 4, 4], #graph.layout<[0, 2, 3, 1]>>>, tensor<24x6x1x1xf32>) -> tensor<1x24x4x4xf32, #graph.info<[1, 24, 4, 4], #graph.layout<[0, 2, 3, 1]>>>
  return %0 : tensor<1x24x4x4xf32, #graph.info<[1, 24, 4, 4], #graph.layout<[0, 2, 3, 1]>>>
}

// Rows of pixels are read against panels.
// CHECK-LABEL: func.func @convolution_of_rows_stays
func.func @convolution_of_rows_stays(%x: tensor<1x3x8x8xf32>) -> tensor<1x16x8x8xf32> {
  // CHECK: graph.use_weight @window : tensor<16x3x3x3xf32>
  %w = graph.use_weight @window : tensor<16x3x3x3xf32>
  %0 = graph.conv %x, %w {strides = array<i64: 1, 1>, padding_low = array<i64: 1, 1>, padding_high = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64, graph.device = "cpu"} : (tensor<1x3x8x8xf32>, tensor<16x3x3x3xf32>) -> tensor<1x16x8x8xf32>
  return %0 : tensor<1x16x8x8xf32>
}

// A table that embeds words and scores them is stored once, also if it does so
// in two methods.
// CHECK-LABEL: func.func @gather_reads_the_panels
func.func @gather_reads_the_panels(%x: tensor<2x4xf32>, %i: tensor<3xi64>) -> (tensor<3x4xf32>, tensor<2x48xf32>) {
  // CHECK-NOT: graph.use_weight @tied :
  // CHECK: %[[A:.+]] = graph.use_weight @tied.packed
  // CHECK-NEXT: graph.gather %[[A]], %arg1 {{.*}}#graph.layout<[0, 1], tiles = [0, 16]>>>, tensor<3xi64>) -> tensor<3x4xf32>
  // CHECK: graph.linear %arg0, %{{.+}} {{.*}}#graph.layout<[0, 1], tiles = [0, 16]>>>
  %w = graph.use_weight @tied : tensor<48x4xf32>
  %0 = graph.gather %w, %i {dim = 0 : i64, graph.device = "cpu"} : (tensor<48x4xf32>, tensor<3xi64>) -> tensor<3x4xf32>
  %1 = graph.linear %x, %w {graph.device = "cpu"} : (tensor<2x4xf32>, tensor<48x4xf32>) -> tensor<2x48xf32>
  return %0, %1 : tensor<3x4xf32>, tensor<2x48xf32>
}

// CHECK-LABEL: func.func @gather_of_another_method
func.func @gather_of_another_method(%i: tensor<3xi64>) -> tensor<3x4xf32> {
  // CHECK: graph.use_weight @tied.packed
  %w = graph.use_weight @tied : tensor<48x4xf32>
  %0 = graph.gather %w, %i {dim = 0 : i64, graph.device = "cpu"} : (tensor<48x4xf32>, tensor<3xi64>) -> tensor<3x4xf32>
  return %0 : tensor<3x4xf32>
}

// Somebody needs the rows as they are, so they are there for the gather too.
// CHECK-LABEL: func.func @gather_beside_another_reader_stays
func.func @gather_beside_another_reader_stays(%x: tensor<2x4xf32>, %i: tensor<3xi64>) -> (tensor<3x4xf32>, tensor<2x64xf32>) {
  // CHECK: %[[W:.+]] = graph.use_weight @shared :
  // CHECK: graph.gather %[[W]]
  // CHECK: graph.linear %arg0, %{{.+}} {{.*}}#graph.layout<[0, 1], tiles = [0, 16]>>>
  %w = graph.use_weight @shared : tensor<64x4xf32>
  %0 = graph.gather %w, %i {dim = 0 : i64, graph.device = "cpu"} : (tensor<64x4xf32>, tensor<3xi64>) -> tensor<3x4xf32>
  %1 = graph.linear %x, %w {graph.device = "cpu"} : (tensor<2x4xf32>, tensor<64x4xf32>) -> tensor<2x64xf32>
  return %0, %1 : tensor<3x4xf32>, tensor<2x64xf32>
}
// CHECK-LABEL: func.func @the_other_reader
func.func @the_other_reader() -> tensor<64x4xf32> {
  // CHECK: graph.use_weight @shared :
  %w = graph.use_weight @shared : tensor<64x4xf32>
  %0 = graph.relu %w {graph.device = "cpu"} : (tensor<64x4xf32>) -> tensor<64x4xf32>
  return %0 : tensor<64x4xf32>
}

// Along the other dimension each element lies in a panel of its own.
// CHECK-LABEL: func.func @gather_across_panels_stays
func.func @gather_across_panels_stays(%x: tensor<2x4xf32>, %i: tensor<3xi64>) -> (tensor<80x3xf32>, tensor<2x80xf32>) {
  // CHECK: %[[W:.+]] = graph.use_weight @crossed :
  // CHECK: graph.gather %[[W]]
  %w = graph.use_weight @crossed : tensor<80x4xf32>
  %0 = graph.gather %w, %i {dim = 1 : i64, graph.device = "cpu"} : (tensor<80x4xf32>, tensor<3xi64>) -> tensor<80x3xf32>
  %1 = graph.linear %x, %w {graph.device = "cpu"} : (tensor<2x4xf32>, tensor<80x4xf32>) -> tensor<2x80xf32>
  return %0, %1 : tensor<80x3xf32>, tensor<2x80xf32>
}

// Nobody reads panels of this one, or only another device does.
// CHECK-LABEL: func.func @gather_alone_stays
func.func @gather_alone_stays(%i: tensor<3xi64>) -> tensor<3x4xf32> {
  // CHECK: %[[W:.+]] = graph.use_weight @table :
  // CHECK: graph.gather %[[W]]
  %w = graph.use_weight @table : tensor<96x4xf32>
  %0 = graph.gather %w, %i {dim = 0 : i64, graph.device = "cpu"} : (tensor<96x4xf32>, tensor<3xi64>) -> tensor<3x4xf32>
  return %0 : tensor<3x4xf32>
}
// CHECK-LABEL: func.func @gather_on_another_device_stays
func.func @gather_on_another_device_stays(%x: tensor<2x4xf32>, %i: tensor<3xi64>) -> (tensor<3x4xf32>, tensor<2x32xf32>) {
  // CHECK: %[[W:.+]] = graph.use_weight @w :
  // CHECK: graph.gather %[[W]]
  %w = graph.use_weight @w : tensor<32x4xf32>
  %0 = graph.gather %w, %i {dim = 0 : i64, graph.device = "gpu"} : (tensor<32x4xf32>, tensor<3xi64>) -> tensor<3x4xf32>
  %1 = graph.linear %x, %w {graph.device = "cpu"} : (tensor<2x4xf32>, tensor<32x4xf32>) -> tensor<2x32xf32>
  return %0, %1 : tensor<3x4xf32>, tensor<2x32xf32>
}

// Quantized weights have four channels of each feature side by side.
// CHECK-LABEL: func.func @quantized
func.func @quantized(%x: tensor<2x8x!x>) -> tensor<2x32x!x> {
  // CHECK: graph.use_weight @codes.packed : tensor<32x8x{{.+}}, #graph.info<[32, 8], #graph.layout<[0, 1], tiles = [0, 16, 1, 4]>>>
  %w = graph.use_weight @codes : tensor<32x8x!q>
  %0 = graph.linear %x, %w {result_element_type = !x, rounding = #graph.rounding<fp32_rne>, graph.device = "cpu"} : (tensor<2x8x!x>, tensor<32x8x!q>) -> tensor<2x32x!x>
  return %0 : tensor<2x32x!x>
}
// CHECK-LABEL: func.func @quantized_that_four_does_not_divide_stays
func.func @quantized_that_four_does_not_divide_stays(%x: tensor<2x3x!x>) -> tensor<2x32x!x> {
  // CHECK: graph.use_weight @codes_of_three :
  %w = graph.use_weight @codes_of_three : tensor<32x3x!q>
  %0 = graph.linear %x, %w {result_element_type = !x, rounding = #graph.rounding<fp32_rne>, graph.device = "cpu"} : (tensor<2x3x!x>, tensor<32x3x!q>) -> tensor<2x32x!x>
  return %0 : tensor<2x32x!x>
}
// CHECK-LABEL: func.func @quantized_with_zero_point_stays
func.func @quantized_with_zero_point_stays(%x: tensor<2x8x!x>) -> tensor<2x32x!x> {
  // CHECK: graph.use_weight @codes_with_zero :
  %w = graph.use_weight @codes_with_zero : tensor<32x8x!z>
  %0 = graph.linear %x, %w {result_element_type = !x, rounding = #graph.rounding<fp32_rne>, graph.device = "cpu"} : (tensor<2x8x!x>, tensor<32x8x!z>) -> tensor<2x32x!x>
  return %0 : tensor<2x32x!x>
}
}
