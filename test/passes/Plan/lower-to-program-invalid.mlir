// SPDX-License-Identifier: Apache-2.0
// RUN: lathe-opt %s --lathe-lower-to-program --split-input-file --verify-diagnostics

// expected-error@+1 {{is set by no input of method @f}}
graph.symbol @n [1, 16]
func.func @f(%x: tensor<?x4xf32, #graph.info<[n * n, 4]>>) -> tensor<?x4xf32, #graph.info<[n * n, 4]>> {
  // expected-remark@+1 {{copies}}
  return %x : tensor<?x4xf32, #graph.info<[n * n, 4]>>
}

// -----

func.func @f(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error@+1 {{is in no kernel and is no view}}
  %0 = graph.relu %x : (tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

// Kernels assume aligned buffers, so such a slice must be in a kernel.
func.func @f(%x: tensor<4x4x4xf32>) -> tensor<1x1x4xf32> {
  // expected-error@+1 {{is in no kernel and is no view}}
  %0 = graph.slice %x {starts = #graph.dims<[1, 2, 0]>, sizes = #graph.dims<[1, 1, 4]>, steps = array<i64: 1, 1, 1>} : (tensor<4x4x4xf32>) -> tensor<1x1x4xf32>
  return %0 : tensor<1x1x4xf32>
}

// -----

module @kernels {
  // expected-error@+1 {{has no code}}
  graph.kernel @relu(%x: tensor<4xf32>) -> tensor<4xf32> attributes {symbols = [], device = "cpu"} {
    %0 = graph.relu %x : (tensor<4xf32>) -> tensor<4xf32>
    graph.yield %0 : tensor<4xf32>
  }
}
func.func @f(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = graph.dispatch @kernels::@relu(%x) symbols <[]> : (tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

func.func @f(%x: tensor<2x4xf32>, %y: tensor<2x4xf32>) -> tensor<2x8xf32> {
  // expected-error@+1 {{is no concatenation of leading dimensions}}
  %0 = graph.concat %x, %y {dim = 1 : i64} : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x8xf32>
  return %0 : tensor<2x8xf32>
}
