// RUN: lathe-opt %s | lathe-opt | FileCheck %s
// RUN: lathe-opt --mlir-print-op-generic %s | lathe-opt | FileCheck %s

// CHECK: graph.symbol @s27[1, 256]
graph.symbol @s27[1, 256]
// CHECK: graph.assume <s27 * 2> <le> <512>
graph.assume <s27 * 2> <le> <512>
// CHECK: graph.weight @conv.weight : tensor<4x3x3x3xf32> key "00"
graph.weight @conv.weight : tensor<4x3x3x3xf32> key "00"
// CHECK: graph.weight @folded : tensor<4xf32> {
graph.weight @folded : tensor<4xf32> {
  %0 = graph.constant dense<2.0> : tensor<4xf32>
  %1 = graph.rsqrt %0 : (tensor<4xf32>) -> tensor<4xf32>
  graph.yield %1 : tensor<4xf32>
}
// CHECK: graph.state @cache : tensor<1x4x8x2xf32>
graph.state @cache : tensor<1x4x8x2xf32>

// CHECK-LABEL: @dynamic_sizes
func.func @dynamic_sizes(%x: tensor<1x?x12xf32, #graph.info<[1, s27, 12]>> {graph.name = "x"})
    -> tensor<?x3xf32, #graph.info<[s27 * 4, 3]>> {
  // CHECK: graph.reshape %{{.+}} {dims = #graph.dims<[s27 * 4, 3]>}
  %0 = graph.reshape %x {dims = #graph.dims<[s27 * 4, 3]>}
      : (tensor<1x?x12xf32, #graph.info<[1, s27, 12]>>) -> tensor<?x3xf32, #graph.info<[s27 * 4, 3]>>
  return %0 : tensor<?x3xf32, #graph.info<[s27 * 4, 3]>>
}

// CHECK-LABEL: @convolution
func.func @convolution(%x: tensor<1x3x8x8xf32>) -> tensor<1x4x4x4xf32> {
  %w = graph.use_weight @conv.weight : tensor<4x3x3x3xf32>
  // CHECK: graph.conv
  %0 = graph.conv %x, %w {strides = array<i64: 2, 2>, padding_low = array<i64: 1, 1>,
      padding_high = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64}
      : (tensor<1x3x8x8xf32>, tensor<4x3x3x3xf32>) -> tensor<1x4x4x4xf32>
  return %0 : tensor<1x4x4x4xf32>
}

// CHECK-LABEL: @state_is_updated
func.func @state_is_updated(%i: tensor<1xi64>, %k: tensor<1x4x1x2xf32>) -> tensor<1x4x8x2xf32> {
  // CHECK: graph.state_update @cache[%{{.+}}] = %{{.+}} {dims = array<i64: 2>} : (tensor<1xi64>), tensor<1x4x1x2xf32>
  graph.state_update @cache[%i] = %k {dims = array<i64: 2>} : (tensor<1xi64>), tensor<1x4x1x2xf32>
  // CHECK: graph.state_read @cache
  %0 = graph.state_read @cache : tensor<1x4x8x2xf32>
  return %0 : tensor<1x4x8x2xf32>
}

// CHECK-LABEL: @group_isolates
func.func @group_isolates(%x: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK: graph.group "relu" on "cpu"
  %0 = graph.group "relu" on "cpu"(%x) : (tensor<4xf32>) -> tensor<4xf32> {
  ^bb0(%a: tensor<4xf32>):
    %1 = graph.relu %a : (tensor<4xf32>) -> tensor<4xf32>
    graph.yield %1 : tensor<4xf32>
  }
  return %0 : tensor<4xf32>
}

// Two anchors, which the target has asked for.
// CHECK-LABEL: func.func @chain
func.func @chain(%x: tensor<2x2xf32>) -> tensor<2x2xf32> {
  // CHECK: graph.group "k" on "cpu"(%{{.+}}) attributes {chain}
  %0 = graph.group "k" on "cpu"(%x) attributes {chain} : (tensor<2x2xf32>) -> tensor<2x2xf32> {
  ^bb0(%a: tensor<2x2xf32>):
    %1 = graph.matmul %a, %a : (tensor<2x2xf32>, tensor<2x2xf32>) -> tensor<2x2xf32>
    %2 = graph.matmul %1, %a : (tensor<2x2xf32>, tensor<2x2xf32>) -> tensor<2x2xf32>
    graph.yield %2 : tensor<2x2xf32>
  }
  return %0 : tensor<2x2xf32>
}

// CHECK-LABEL: module @kernels
module @kernels {
  // CHECK: graph.kernel @relu(%{{.+}}: tensor<?xf32, #graph.info<[d0]>>)
  graph.kernel @relu(%x: tensor<?xf32, #graph.info<[d0]>>) -> tensor<?xf32, #graph.info<[d0]>>
      attributes {symbols = ["d0"], device = "cpu", inplace = array<i64: 0, 0>} {
    %0 = graph.relu %x : (tensor<?xf32, #graph.info<[d0]>>) -> tensor<?xf32, #graph.info<[d0]>>
    graph.yield %0 : tensor<?xf32, #graph.info<[d0]>>
  }
}
// CHECK-LABEL: @dispatch_passes_sizes
func.func @dispatch_passes_sizes(%x: tensor<?xf32, #graph.info<[s27]>>) -> tensor<?xf32, #graph.info<[s27]>> {
  // CHECK: graph.dispatch @kernels::@relu(%{{.+}}) symbols <[s27]>
  %0 = graph.dispatch @kernels::@relu(%x) symbols <[s27]>
      : (tensor<?xf32, #graph.info<[s27]>>) -> tensor<?xf32, #graph.info<[s27]>>
  return %0 : tensor<?xf32, #graph.info<[s27]>>
}
