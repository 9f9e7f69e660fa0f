// SPDX-License-Identifier: Apache-2.0
// RUN: lathe-opt %s --lathe-use-phases | FileCheck %s
// RUN: lathe-opt %s --lathe-use-phases | lathe-opt --lathe-use-phases | FileCheck %s

module attributes {graph.targets = [{name = "cpu", channels_last, weight_panels = array<i64: 16, 8>}]} {
graph.weight @w : tensor<8x16x3x4xf32> key "00"
graph.weight @odd : tensor<8x10x4x4xf32> key "01"
graph.weight @short : tensor<8x16x2x2xf32> key "02"

// The window of 3 is lengthened, taps count the other way round, and phase 1 comes first where padding shifts them.
// CHECK: graph.weight @w.phases : tensor<16x8x2x2x2x2xf32, #graph.info<[16, 8, 2, 2, 2, 2], #graph.layout<[2, 3, 0, 4, 5, 1], tiles = [0, 16]>>> {
// CHECK: %[[PADDED:.+]] = graph.pad %{{.+}} {high = array<i64: 0, 0, 1, 0>
// CHECK: %[[SPLIT:.+]] = graph.reshape %[[PADDED]] {{.*}} -> tensor<8x16x2x2x2x2xf32>
// CHECK: graph.slice %[[SPLIT]] {{.*}}steps = array<i64: 1, 1, -1, 1, 1, 1>
// CHECK: graph.concat {{.*}}dim = 3
// CHECK: graph.slice {{.*}}steps = array<i64: 1, 1, 1, 1, -1, 1>
// CHECK: graph.concat {{.*}}dim = 5
// CHECK: graph.permute {{.*}}permutation = array<i64: 1, 0, 3, 5, 2, 4>

// CHECK-LABEL: func.func @phases_read_margins
func.func @phases_read_margins(%x: tensor<1x8x5x5xf32, #graph.info<[1, 8, 5, 5], #graph.layout<[0, 2, 3, 1]>>>) -> tensor<1x16x10x10xf32, #graph.info<[1, 16, 10, 10], #graph.layout<[0, 2, 3, 1]>>> {
  // CHECK: %[[W:.+]] = graph.use_weight @w.phases
  // CHECK: %[[X:.+]] = graph.pad %arg0 {graph.device = "cpu", high = array<i64: 0, 0, 1, 1>, low = array<i64: 0, 0, 1, 1>
  // CHECK: graph.phase_conv %[[X]], %[[W]] {graph.device = "cpu", shifts = array<i64: 1, 1>, strides = array<i64: 2, 2>}
  %w = graph.use_weight @w : tensor<8x16x3x4xf32>
  %0 = graph.conv %x, %w {strides = array<i64: 2, 2>, padding_low = array<i64: 1, 1>, padding_high = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64, transposed, output_padding = array<i64: 1, 0>, graph.device = "cpu"} : (tensor<1x8x5x5xf32, #graph.info<[1, 8, 5, 5], #graph.layout<[0, 2, 3, 1]>>>, tensor<8x16x3x4xf32>) -> tensor<1x16x10x10xf32, #graph.info<[1, 16, 10, 10], #graph.layout<[0, 2, 3, 1]>>>
  return %0 : tensor<1x16x10x10xf32, #graph.info<[1, 16, 10, 10], #graph.layout<[0, 2, 3, 1]>>>
}

// One tap in each phase reaches no margin.
// CHECK-LABEL: func.func @window_as_long_as_the_stride
func.func @window_as_long_as_the_stride(%x: tensor<1x8x5x5xf32, #graph.info<[1, 8, 5, 5], #graph.layout<[0, 2, 3, 1]>>>) -> tensor<1x16x10x10xf32, #graph.info<[1, 16, 10, 10], #graph.layout<[0, 2, 3, 1]>>> {
  // CHECK-NOT: graph.pad
  // CHECK: graph.phase_conv %arg0
  %w = graph.use_weight @short : tensor<8x16x2x2xf32>
  %0 = graph.conv %x, %w {strides = array<i64: 2, 2>, padding_low = array<i64: 0, 0>, padding_high = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64, transposed, graph.device = "cpu"} : (tensor<1x8x5x5xf32, #graph.info<[1, 8, 5, 5], #graph.layout<[0, 2, 3, 1]>>>, tensor<8x16x2x2xf32>) -> tensor<1x16x10x10xf32, #graph.info<[1, 16, 10, 10], #graph.layout<[0, 2, 3, 1]>>>
  return %0 : tensor<1x16x10x10xf32, #graph.info<[1, 16, 10, 10], #graph.layout<[0, 2, 3, 1]>>>
}

// The last row of phase 1 is one too many, and its last column is not.
// CHECK-LABEL: func.func @uneven_results_are_cut
func.func @uneven_results_are_cut(%x: tensor<1x8x5x5xf32, #graph.info<[1, 8, 5, 5], #graph.layout<[0, 2, 3, 1]>>>) -> tensor<1x16x9x10xf32, #graph.info<[1, 16, 9, 10], #graph.layout<[0, 2, 3, 1]>>> {
  // CHECK: %[[X:.+]] = graph.pad %arg0 {graph.device = "cpu", high = array<i64: 0, 0, 1, 1>, low = array<i64: 0, 0, 1, 1>
  // CHECK: %[[ALL:.+]] = graph.phase_conv %[[X]], {{.*}} -> tensor<1x16x10x10xf32, #graph.info<[1, 16, 10, 10], #graph.layout<[0, 2, 3, 1]>>>
  // CHECK: graph.slice %[[ALL]] {graph.device = "cpu", sizes = #graph.dims<[1, 16, 9, 10]>, starts = #graph.dims<[0, 0, 0, 0]>, steps = array<i64: 1, 1, 1, 1>}
  %w = graph.use_weight @w : tensor<8x16x3x4xf32>
  %0 = graph.conv %x, %w {strides = array<i64: 2, 2>, padding_low = array<i64: 1, 1>, padding_high = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64, transposed, graph.device = "cpu"} : (tensor<1x8x5x5xf32, #graph.info<[1, 8, 5, 5], #graph.layout<[0, 2, 3, 1]>>>, tensor<8x16x3x4xf32>) -> tensor<1x16x9x10xf32, #graph.info<[1, 16, 9, 10], #graph.layout<[0, 2, 3, 1]>>>
  return %0 : tensor<1x16x9x10xf32, #graph.info<[1, 16, 9, 10], #graph.layout<[0, 2, 3, 1]>>>
}

// Features that no panel divides, and pictures that nobody gave channels last.
// CHECK-LABEL: func.func @stays
// CHECK-COUNT-2: graph.conv
// CHECK-NOT: graph.phase_conv
func.func @stays(%x: tensor<1x8x5x5xf32, #graph.info<[1, 8, 5, 5], #graph.layout<[0, 2, 3, 1]>>>, %y: tensor<1x8x5x5xf32>) -> (tensor<1x10x10x10xf32, #graph.info<[1, 10, 10, 10], #graph.layout<[0, 2, 3, 1]>>>, tensor<1x16x10x10xf32>) {
  %v = graph.use_weight @odd : tensor<8x10x4x4xf32>
  %0 = graph.conv %x, %v {strides = array<i64: 2, 2>, padding_low = array<i64: 1, 1>, padding_high = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64, transposed, graph.device = "cpu"} : (tensor<1x8x5x5xf32, #graph.info<[1, 8, 5, 5], #graph.layout<[0, 2, 3, 1]>>>, tensor<8x10x4x4xf32>) -> tensor<1x10x10x10xf32, #graph.info<[1, 10, 10, 10], #graph.layout<[0, 2, 3, 1]>>>
  %u = graph.use_weight @short : tensor<8x16x2x2xf32>
  %1 = graph.conv %y, %u {strides = array<i64: 2, 2>, padding_low = array<i64: 0, 0>, padding_high = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64, transposed, graph.device = "cpu"} : (tensor<1x8x5x5xf32>, tensor<8x16x2x2xf32>) -> tensor<1x16x10x10xf32>
  return %0, %1 : tensor<1x10x10x10xf32, #graph.info<[1, 10, 10, 10], #graph.layout<[0, 2, 3, 1]>>>, tensor<1x16x10x10xf32>
}
}
