// SPDX-License-Identifier: Apache-2.0
// RUN: lathe-opt %s --lathe-graph-to-linalg --split-input-file --verify-diagnostics

module @kernels {
  graph.kernel @rounding(%x: tensor<4xi32>) -> tensor<4x!quant.uniform<i8:f32, 0.1>>
      attributes {symbols = [], device = "cpu"} {
    // expected-error@+1 {{rounding tflite_double has no lowering to linalg}}
    %0 = graph.requantize %x {to = !quant.uniform<i8:f32, 0.1>, rounding = #graph.rounding<tflite_double>,
        input_scale = array<f64: 0.5>} : (tensor<4xi32>) -> tensor<4x!quant.uniform<i8:f32, 0.1>>
    graph.yield %0 : tensor<4x!quant.uniform<i8:f32, 0.1>>
  }
}

// -----

graph.state @s : tensor<4xf32>
module @kernels {
  graph.kernel @state(%x: tensor<4xf32>) -> tensor<4xf32> attributes {symbols = [], device = "cpu"} {
    // expected-error@+1 {{operator 'graph.state_read' has no lowering to linalg}}
    %0 = graph.state_read @s : tensor<4xf32>
    graph.yield %0 : tensor<4xf32>
  }
}

// -----

module @kernels {
  graph.kernel @quantized(%x: tensor<4x!quant.uniform<i8:f32, 0.1>>) -> tensor<4x!quant.uniform<i8:f32, 0.1>>
      attributes {symbols = [], device = "cpu"} {
    // expected-error@+1 {{operator 'graph.neg' has no lowering to linalg on quantized type}}
    %0 = graph.neg %x : (tensor<4x!quant.uniform<i8:f32, 0.1>>) -> tensor<4x!quant.uniform<i8:f32, 0.1>>
    graph.yield %0 : tensor<4x!quant.uniform<i8:f32, 0.1>>
  }
}

// -----

module @kernels {
  graph.kernel @layout(%x: tensor<2x3xf32, #graph.info<[2, 3], #graph.layout<[1, 0]>>>) -> tensor<2x3xf32>
      attributes {symbols = [], device = "cpu"} {
    // expected-error@+1 {{operator 'graph.softmax' has no lowering to linalg with layout}}
    %0 = graph.softmax %x {dim = 1 : i64} : (tensor<2x3xf32, #graph.info<[2, 3], #graph.layout<[1, 0]>>>) -> tensor<2x3xf32>
    graph.yield %0 : tensor<2x3xf32>
  }
}

// -----

module @kernels {
  graph.kernel @mirrored(%x: tensor<2x3xf32, #graph.info<[2, 3], #graph.layout<[1, 0]>>>) -> tensor<2x5xf32, #graph.info<[2, 5], #graph.layout<[1, 0]>>>
      attributes {symbols = [], device = "cpu"} {
    // expected-error@+1 {{operator 'graph.pad' has no lowering to linalg with layout}}
    %0 = graph.pad %x {low = array<i64: 0, 1>, high = array<i64: 0, 1>, mode = #graph.pad_mode<reflect>} : (tensor<2x3xf32, #graph.info<[2, 3], #graph.layout<[1, 0]>>>) -> tensor<2x5xf32, #graph.info<[2, 5], #graph.layout<[1, 0]>>>
    graph.yield %0 : tensor<2x5xf32, #graph.info<[2, 5], #graph.layout<[1, 0]>>>
  }
}

// -----

module @kernels {
  graph.kernel @across_panels(%x: tensor<32x4xf32, #graph.info<[32, 4], #graph.layout<[0, 1], tiles = [0, 16]>>>, %i: tensor<3xi64>) -> tensor<32x3xf32>
      attributes {symbols = [], device = "cpu"} {
    // expected-error@+1 {{operator 'graph.gather' has no lowering to linalg with layout}}
    %0 = graph.gather %x, %i {dim = 1 : i64} : (tensor<32x4xf32, #graph.info<[32, 4], #graph.layout<[0, 1], tiles = [0, 16]>>>, tensor<3xi64>) -> tensor<32x3xf32>
    graph.yield %0 : tensor<32x3xf32>
  }
}

// -----

module @kernels {
  graph.kernel @reversed(%x: tensor<2x3xf32, #graph.info<[2, 3], #graph.layout<[1, 0]>>>) -> tensor<2x3xf32, #graph.info<[2, 3], #graph.layout<[1, 0]>>>
      attributes {symbols = [], device = "cpu"} {
    // expected-error@+1 {{operator 'graph.slice' has no lowering to linalg with layout}}
    %0 = graph.slice %x {starts = #graph.dims<[0, 2]>, sizes = #graph.dims<[2, 3]>, steps = array<i64: 1, -1>} : (tensor<2x3xf32, #graph.info<[2, 3], #graph.layout<[1, 0]>>>) -> tensor<2x3xf32, #graph.info<[2, 3], #graph.layout<[1, 0]>>>
    graph.yield %0 : tensor<2x3xf32, #graph.info<[2, 3], #graph.layout<[1, 0]>>>
  }
}

// -----

module @kernels {
  graph.kernel @mixed(%x: tensor<2x3xf32, #graph.info<[2, 3], #graph.layout<[1, 0]>>>, %y: tensor<2x3xf32>) -> tensor<4x3xf32, #graph.info<[4, 3], #graph.layout<[1, 0]>>>
      attributes {symbols = [], device = "cpu"} {
    // expected-error@+1 {{operator 'graph.concat' has no lowering to linalg with layout}}
    %0 = graph.concat %x, %y {dim = 0 : i64} : (tensor<2x3xf32, #graph.info<[2, 3], #graph.layout<[1, 0]>>>, tensor<2x3xf32>) -> tensor<4x3xf32, #graph.info<[4, 3], #graph.layout<[1, 0]>>>
    graph.yield %0 : tensor<4x3xf32, #graph.info<[4, 3], #graph.layout<[1, 0]>>>
  }
}

// -----

// One run finds everything, also behind a failure, in each kernel.
!q = !quant.uniform<i8:f32, 0.1>
func.func @main(%x: tensor<4x!q>) -> tensor<4x!q> {
  %0 = graph.dispatch @kernels::@both(%x) symbols <[]> : (tensor<4x!q>) -> tensor<4x!q>
  // expected-note@+1 {{the same kernel is called here}}
  %1 = graph.dispatch @kernels::@both(%0) symbols <[]> : (tensor<4x!q>) -> tensor<4x!q>
  %2 = graph.dispatch @kernels::@one(%1) symbols <[]> : (tensor<4x!q>) -> tensor<4x!q>
  return %2 : tensor<4x!q>
}
module @kernels {
  graph.kernel @both(%x: tensor<4x!q>) -> tensor<4x!q> attributes {symbols = [], device = "cpu"} {
    // expected-error@+1 {{operator 'graph.neg' has no lowering to linalg on quantized type}}
    %0 = graph.neg %x : (tensor<4x!q>) -> tensor<4x!q>
    %1 = graph.relu %0 : (tensor<4x!q>) -> tensor<4x!q>
    // expected-error@+1 {{operator 'graph.abs' has no lowering to linalg on quantized type}}
    %2 = graph.abs %1 : (tensor<4x!q>) -> tensor<4x!q>
    graph.yield %2 : tensor<4x!q>
  }
  graph.kernel @one(%x: tensor<4x!q>) -> tensor<4x!q> attributes {symbols = [], device = "cpu"} {
    // expected-error@+1 {{operator 'graph.sign' has no lowering to linalg on quantized type}}
    %0 = graph.sign %x : (tensor<4x!q>) -> tensor<4x!q>
    graph.yield %0 : tensor<4x!q>
  }
}
