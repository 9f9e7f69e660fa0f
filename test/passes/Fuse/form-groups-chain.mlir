// RUN: split-file %s %t
// RUN: lathe-opt %t/chained.mlir --lathe-assign-targets --lathe-assign-layouts --lathe-pack-weights --lathe-form-groups | FileCheck %s
// RUN: lathe-opt %t/apart.mlir --split-input-file --lathe-assign-targets --lathe-assign-layouts --lathe-pack-weights --lathe-form-groups=report --verify-diagnostics=only-expected -o /dev/null
// RUN: lathe-opt %t/panels.mlir --lathe-assign-targets --lathe-form-groups=report --verify-diagnostics=only-expected -o /dev/null

// A pointwise convolution and a depthwise one (ir-contract C12).

//--- chained.mlir
module attributes {graph.targets = [{name = "cpu", channels_last, weight_panels = array<i64: 16, 8>, chains_depthwise}]} {
graph.weight @p : tensor<32x16x1x1xf32> key "00"
graph.weight @d : tensor<32x1x3x3xf32> key "01"
graph.weight @f : tensor<32x3x3x3xf32> key "02"
// CHECK-LABEL: func.func @chained
// CHECK: graph.group "conv_{{[a-z0-9_]+}}then_relu{{.*}}" on "cpu"
// CHECK-SAME: chain
// CHECK: graph.conv
// CHECK-SAME: groups = 1 :
// CHECK-NEXT: graph.relu
// CHECK-NEXT: graph.conv
// CHECK-SAME: groups = 32 :
// CHECK-NEXT: graph.relu
// CHECK-NEXT: graph.yield
// CHECK-NOT: "conv
func.func @chained(%x: tensor<1x16x8x8xf32>) -> tensor<1x32x8x8xf32> {
  %p = graph.use_weight @p : tensor<32x16x1x1xf32>
  %d = graph.use_weight @d : tensor<32x1x3x3xf32>
  %0 = graph.conv %x, %p {strides = array<i64: 1, 1>, padding_low = array<i64: 0, 0>, padding_high = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x16x8x8xf32>, tensor<32x16x1x1xf32>) -> tensor<1x32x8x8xf32>
  %1 = graph.relu %0 : (tensor<1x32x8x8xf32>) -> tensor<1x32x8x8xf32>
  %2 = graph.conv %1, %d {strides = array<i64: 1, 1>, padding_low = array<i64: 1, 1>, padding_high = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 32 : i64} : (tensor<1x32x8x8xf32>, tensor<32x1x3x3xf32>) -> tensor<1x32x8x8xf32>
  %3 = graph.relu %2 : (tensor<1x32x8x8xf32>) -> tensor<1x32x8x8xf32>
  return %3 : tensor<1x32x8x8xf32>
}

// Three channels in: a sum of 27 products is as short as a pointwise one.
// CHECK-LABEL: func.func @first_layer
// CHECK: graph.group "conv_{{[a-z0-9_]+}}then_conv{{.*}}" on "cpu"
// CHECK-SAME: chain
// CHECK-NOT: "conv
func.func @first_layer(%x: tensor<1x3x16x16xf32>) -> tensor<1x32x8x8xf32> {
  %f = graph.use_weight @f : tensor<32x3x3x3xf32>
  %d = graph.use_weight @d : tensor<32x1x3x3xf32>
  %0 = graph.conv %x, %f {strides = array<i64: 2, 2>, padding_low = array<i64: 1, 1>, padding_high = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x3x16x16xf32>, tensor<32x3x3x3xf32>) -> tensor<1x32x8x8xf32>
  %1 = graph.conv %0, %d {strides = array<i64: 1, 1>, padding_low = array<i64: 1, 1>, padding_high = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 32 : i64} : (tensor<1x32x8x8xf32>, tensor<32x1x3x3xf32>) -> tensor<1x32x8x8xf32>
  return %1 : tensor<1x32x8x8xf32>
}
}
//--- apart.mlir
module attributes {graph.targets = [{name = "cpu", channels_last, weight_panels = array<i64: 16, 8>, chains_depthwise}]} {
graph.symbol @n [1, 4]
graph.weight @p : tensor<32x16x1x1xf32> key "00"
graph.weight @d : tensor<32x1x3x3xf32> key "01"
graph.weight @w : tensor<32x16x3x3xf32> key "02"
// Another reader would make the rows between both a tensor of its own.
func.func @other_reader(%x: tensor<1x16x8x8xf32>) -> (tensor<1x32x8x8xf32>, tensor<1x32x8x8xf32>) {
  %p = graph.use_weight @p : tensor<32x16x1x1xf32>
  %d = graph.use_weight @d : tensor<32x1x3x3xf32>
  // expected-remark@+1 {{stays apart from graph.conv: it has other users}}
  %0 = graph.conv %x, %p {strides = array<i64: 1, 1>, padding_low = array<i64: 0, 0>, padding_high = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x16x8x8xf32>, tensor<32x16x1x1xf32>) -> tensor<1x32x8x8xf32>
  %1 = graph.conv %0, %d {strides = array<i64: 1, 1>, padding_low = array<i64: 1, 1>, padding_high = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 32 : i64} : (tensor<1x32x8x8xf32>, tensor<32x1x3x3xf32>) -> tensor<1x32x8x8xf32>
  %2 = graph.exp %0 : (tensor<1x32x8x8xf32>) -> tensor<1x32x8x8xf32>
  return %1, %2 : tensor<1x32x8x8xf32>, tensor<1x32x8x8xf32>
}

// So does one in the depthwise convolution's own group: its epilogue.
func.func @reader_in_the_group(%x: tensor<1x16x8x8xf32>) -> tensor<1x32x8x8xf32> {
  %p = graph.use_weight @p : tensor<32x16x1x1xf32>
  %d = graph.use_weight @d : tensor<32x1x3x3xf32>
  // expected-remark@+1 {{stays apart from graph.add: the depthwise convolution is not its only reader}}
  %0 = graph.conv %x, %p {strides = array<i64: 1, 1>, padding_low = array<i64: 0, 0>, padding_high = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x16x8x8xf32>, tensor<32x16x1x1xf32>) -> tensor<1x32x8x8xf32>
  %1 = graph.conv %0, %d {strides = array<i64: 1, 1>, padding_low = array<i64: 1, 1>, padding_high = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 32 : i64} : (tensor<1x32x8x8xf32>, tensor<32x1x3x3xf32>) -> tensor<1x32x8x8xf32>
  %2 = graph.add %1, %0 : (tensor<1x32x8x8xf32>, tensor<1x32x8x8xf32>) -> tensor<1x32x8x8xf32>
  return %2 : tensor<1x32x8x8xf32>
}

// Rows in the overlap of two tiles would be sums of 144 products, twice.
func.func @window_of_nine(%x: tensor<1x16x8x8xf32>) -> tensor<1x32x8x8xf32> {
  %w = graph.use_weight @w : tensor<32x16x3x3xf32>
  %d = graph.use_weight @d : tensor<32x1x3x3xf32>
  // expected-remark@+1 {{stays apart from graph.conv: both have an anchor}}
  %0 = graph.conv %x, %w {strides = array<i64: 1, 1>, padding_low = array<i64: 1, 1>, padding_high = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x16x8x8xf32>, tensor<32x16x3x3xf32>) -> tensor<1x32x8x8xf32>
  %1 = graph.conv %0, %d {strides = array<i64: 1, 1>, padding_low = array<i64: 1, 1>, padding_high = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 32 : i64} : (tensor<1x32x8x8xf32>, tensor<32x1x3x3xf32>) -> tensor<1x32x8x8xf32>
  return %1 : tensor<1x32x8x8xf32>
}

func.func @batch_of_any_size(%x: tensor<?x16x8x8xf32, #graph.info<[n, 16, 8, 8]>>) -> tensor<?x32x8x8xf32, #graph.info<[n, 32, 8, 8]>> {
  %p = graph.use_weight @p : tensor<32x16x1x1xf32>
  %d = graph.use_weight @d : tensor<32x1x3x3xf32>
  // expected-remark@+1 {{stays apart from graph.conv: the overlap of tiles is not known}}
  %0 = graph.conv %x, %p {strides = array<i64: 1, 1>, padding_low = array<i64: 0, 0>, padding_high = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x16x8x8xf32, #graph.info<[n, 16, 8, 8]>>, tensor<32x16x1x1xf32>) -> tensor<?x32x8x8xf32, #graph.info<[n, 32, 8, 8]>>
  %1 = graph.conv %0, %d {strides = array<i64: 1, 1>, padding_low = array<i64: 1, 1>, padding_high = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 32 : i64} : (tensor<?x32x8x8xf32, #graph.info<[n, 32, 8, 8]>>, tensor<32x1x3x3xf32>) -> tensor<?x32x8x8xf32, #graph.info<[n, 32, 8, 8]>>
  return %1 : tensor<?x32x8x8xf32, #graph.info<[n, 32, 8, 8]>>
}
}

// -----
module attributes {graph.targets = [{name = "cpu", channels_last, weight_panels = array<i64: 16, 8>}]} {
graph.weight @p : tensor<32x16x1x1xf32> key "00"
graph.weight @d : tensor<32x1x3x3xf32> key "01"
func.func @target_without_chains(%x: tensor<1x16x8x8xf32>) -> tensor<1x32x8x8xf32> {
  %p = graph.use_weight @p : tensor<32x16x1x1xf32>
  %d = graph.use_weight @d : tensor<32x1x3x3xf32>
  // expected-remark@+1 {{stays apart from graph.conv: both have an anchor}}
  %0 = graph.conv %x, %p {strides = array<i64: 1, 1>, padding_low = array<i64: 0, 0>, padding_high = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x16x8x8xf32>, tensor<32x16x1x1xf32>) -> tensor<1x32x8x8xf32>
  %1 = graph.conv %0, %d {strides = array<i64: 1, 1>, padding_low = array<i64: 1, 1>, padding_high = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 32 : i64} : (tensor<1x32x8x8xf32>, tensor<32x1x3x3xf32>) -> tensor<1x32x8x8xf32>
  return %1 : tensor<1x32x8x8xf32>
}
}
//--- panels.mlir
!x = tensor<1x16x8x8xf32, #graph.info<[1, 16, 8, 8], #graph.layout<[0, 2, 3, 1]>>>
!y = tensor<1x32x8x8xf32, #graph.info<[1, 32, 8, 8], #graph.layout<[0, 2, 3, 1]>>>
!p = tensor<32x16x1x1xf32, #graph.info<[32, 16, 1, 1], #graph.layout<[0, 2, 3, 1], tiles = [0, 16]>>>
!d = tensor<32x1x3x3xf32, #graph.info<[32, 1, 3, 3], #graph.layout<[0, 2, 3, 1], tiles = [0, 8]>>>
module attributes {graph.targets = [{name = "cpu", channels_last, weight_panels = array<i64: 16, 8>, chains_depthwise}]} {
func.func @features_in_other_panels(%x: !x, %p: !p, %d: !d) -> !y {
  // expected-remark@+1 {{stays apart from graph.conv: their features do not lie in the same panels}}
  %0 = graph.conv %x, %p {strides = array<i64: 1, 1>, padding_low = array<i64: 0, 0>, padding_high = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (!x, !p) -> !y
  %1 = graph.conv %0, %d {strides = array<i64: 1, 1>, padding_low = array<i64: 1, 1>, padding_high = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 32 : i64} : (!y, !d) -> !y
  return %1 : !y
}
}
