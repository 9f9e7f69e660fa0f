// SPDX-License-Identifier: Apache-2.0
//
// Larger weights go where they save most time for each byte: first layers of
// few channels, then tiles of 2 x 2, and 4 x 4 with what is left.
// RUN: lathe-opt %s --split-input-file --lathe-use-winograd=growth-percent=0 | FileCheck %s --check-prefix=MIB
// RUN: lathe-opt %s --split-input-file --lathe-use-winograd=growth-percent=300 | FileCheck %s --check-prefix=ALL
// RUN: lathe-opt %s --split-input-file --lathe-use-winograd=growth-percent=90 | FileCheck %s --check-prefix=SOME

module attributes {graph.targets = [{name = "cpu", weight_panels = array<i64: 16, 8>, winograd}]} {
graph.weight @w256 : tensor<256x256x3x3xf32> key "00"
graph.weight @w128 : tensor<128x128x3x3xf32> key "01"
graph.weight @w64 : tensor<64x64x3x3xf32> key "02"

// One MiB in any case: 442 KB for the layer of 64 channels, 459 for that of 128.
// MIB-LABEL: func.func @layers
// MIB: graph.conv {{.*}}tensor<1x256x14x14xf32
// MIB: graph.winograd_conv {{.*}}outputs = 2 {{.*}}tensor<1x128x28x28xf32
// MIB: graph.winograd_conv {{.*}}outputs = 4 {{.*}}tensor<1x64x56x56xf32
// 90 % of 3.1 MB: that of 256 channels comes before 4 x 4 in that of 128.
// SOME-LABEL: func.func @layers
// SOME: graph.winograd_conv {{.*}}outputs = 2 {{.*}}tensor<1x256x14x14xf32
// SOME: graph.winograd_conv {{.*}}outputs = 2 {{.*}}tensor<1x128x28x28xf32
// SOME: graph.winograd_conv {{.*}}outputs = 4 {{.*}}tensor<1x64x56x56xf32
// ALL-LABEL: func.func @layers
// ALL: graph.winograd_conv {{.*}}outputs = 2 {{.*}}tensor<1x256x14x14xf32
// ALL: graph.winograd_conv {{.*}}outputs = 4 {{.*}}tensor<1x128x28x28xf32
// ALL: graph.winograd_conv {{.*}}outputs = 4 {{.*}}tensor<1x64x56x56xf32
func.func @layers(%x256: tensor<1x256x14x14xf32, #graph.info<[1, 256, 14, 14], #graph.layout<[0, 2, 3, 1]>>>, %x128: tensor<1x128x28x28xf32, #graph.info<[1, 128, 28, 28], #graph.layout<[0, 2, 3, 1]>>>, %x64: tensor<1x64x56x56xf32, #graph.info<[1, 64, 56, 56], #graph.layout<[0, 2, 3, 1]>>>) -> (tensor<1x256x14x14xf32, #graph.info<[1, 256, 14, 14], #graph.layout<[0, 2, 3, 1]>>>, tensor<1x128x28x28xf32, #graph.info<[1, 128, 28, 28], #graph.layout<[0, 2, 3, 1]>>>, tensor<1x64x56x56xf32, #graph.info<[1, 64, 56, 56], #graph.layout<[0, 2, 3, 1]>>>) {
  %w256 = graph.use_weight @w256 : tensor<256x256x3x3xf32>
  %c256 = graph.conv %x256, %w256 {strides = array<i64: 1, 1>, padding_low = array<i64: 1, 1>, padding_high = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64, graph.device = "cpu"} : (tensor<1x256x14x14xf32, #graph.info<[1, 256, 14, 14], #graph.layout<[0, 2, 3, 1]>>>, tensor<256x256x3x3xf32>) -> tensor<1x256x14x14xf32, #graph.info<[1, 256, 14, 14], #graph.layout<[0, 2, 3, 1]>>>
  %w128 = graph.use_weight @w128 : tensor<128x128x3x3xf32>
  %c128 = graph.conv %x128, %w128 {strides = array<i64: 1, 1>, padding_low = array<i64: 1, 1>, padding_high = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64, graph.device = "cpu"} : (tensor<1x128x28x28xf32, #graph.info<[1, 128, 28, 28], #graph.layout<[0, 2, 3, 1]>>>, tensor<128x128x3x3xf32>) -> tensor<1x128x28x28xf32, #graph.info<[1, 128, 28, 28], #graph.layout<[0, 2, 3, 1]>>>
  %w64 = graph.use_weight @w64 : tensor<64x64x3x3xf32>
  %c64 = graph.conv %x64, %w64 {strides = array<i64: 1, 1>, padding_low = array<i64: 1, 1>, padding_high = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64, graph.device = "cpu"} : (tensor<1x64x56x56xf32, #graph.info<[1, 64, 56, 56], #graph.layout<[0, 2, 3, 1]>>>, tensor<64x64x3x3xf32>) -> tensor<1x64x56x56xf32, #graph.info<[1, 64, 56, 56], #graph.layout<[0, 2, 3, 1]>>>
  return %c256, %c128, %c64 : tensor<1x256x14x14xf32, #graph.info<[1, 256, 14, 14], #graph.layout<[0, 2, 3, 1]>>>, tensor<1x128x28x28xf32, #graph.info<[1, 128, 28, 28], #graph.layout<[0, 2, 3, 1]>>>, tensor<1x64x56x56xf32, #graph.info<[1, 64, 56, 56], #graph.layout<[0, 2, 3, 1]>>>
}
}

// -----

// A weight that something else reads stays beside the transformed one: 1.3 MB more, of 1 MiB.
module attributes {graph.targets = [{name = "cpu", weight_panels = array<i64: 16, 8>, winograd}]} {
graph.weight @two : tensor<144x144x3x3xf32> key "00"
// MIB-LABEL: func.func @weight_of_two
// MIB-NOT: graph.winograd_conv
// ALL-LABEL: func.func @weight_of_two
// ALL: graph.winograd_conv
func.func @weight_of_two(%x: tensor<1x144x28x28xf32, #graph.info<[1, 144, 28, 28], #graph.layout<[0, 2, 3, 1]>>>) -> (tensor<1x144x28x28xf32, #graph.info<[1, 144, 28, 28], #graph.layout<[0, 2, 3, 1]>>>, tensor<1x144x14x14xf32, #graph.info<[1, 144, 14, 14], #graph.layout<[0, 2, 3, 1]>>>) {
  %w = graph.use_weight @two : tensor<144x144x3x3xf32>
  %0 = graph.conv %x, %w {strides = array<i64: 1, 1>, padding_low = array<i64: 1, 1>, padding_high = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64, graph.device = "cpu"} : (tensor<1x144x28x28xf32, #graph.info<[1, 144, 28, 28], #graph.layout<[0, 2, 3, 1]>>>, tensor<144x144x3x3xf32>) -> tensor<1x144x28x28xf32, #graph.info<[1, 144, 28, 28], #graph.layout<[0, 2, 3, 1]>>>
  %1 = graph.conv %x, %w {strides = array<i64: 2, 2>, padding_low = array<i64: 1, 1>, padding_high = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64, graph.device = "cpu"} : (tensor<1x144x28x28xf32, #graph.info<[1, 144, 28, 28], #graph.layout<[0, 2, 3, 1]>>>, tensor<144x144x3x3xf32>) -> tensor<1x144x14x14xf32, #graph.info<[1, 144, 14, 14], #graph.layout<[0, 2, 3, 1]>>>
  return %0, %1 : tensor<1x144x28x28xf32, #graph.info<[1, 144, 28, 28], #graph.layout<[0, 2, 3, 1]>>>, tensor<1x144x14x14xf32, #graph.info<[1, 144, 14, 14], #graph.layout<[0, 2, 3, 1]>>>
}
}

// -----

// Alone it would be replaced: 0.6 MB more.
module attributes {graph.targets = [{name = "cpu", weight_panels = array<i64: 16, 8>, winograd}]} {
graph.weight @one : tensor<144x144x3x3xf32> key "00"
// MIB-LABEL: func.func @weight_of_one
// MIB: graph.winograd_conv
func.func @weight_of_one(%x: tensor<1x144x28x28xf32, #graph.info<[1, 144, 28, 28], #graph.layout<[0, 2, 3, 1]>>>) -> tensor<1x144x28x28xf32, #graph.info<[1, 144, 28, 28], #graph.layout<[0, 2, 3, 1]>>> {
  %w = graph.use_weight @one : tensor<144x144x3x3xf32>
  %0 = graph.conv %x, %w {strides = array<i64: 1, 1>, padding_low = array<i64: 1, 1>, padding_high = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64, graph.device = "cpu"} : (tensor<1x144x28x28xf32, #graph.info<[1, 144, 28, 28], #graph.layout<[0, 2, 3, 1]>>>, tensor<144x144x3x3xf32>) -> tensor<1x144x28x28xf32, #graph.info<[1, 144, 28, 28], #graph.layout<[0, 2, 3, 1]>>>
  return %0 : tensor<1x144x28x28xf32, #graph.info<[1, 144, 28, 28], #graph.layout<[0, 2, 3, 1]>>>
}
}
