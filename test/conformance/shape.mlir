// SPDX-License-Identifier: Apache-2.0
// Written by test/python/make_conformance.py; do not edit.
// RUN: lathe-opt %s -o /dev/null

func.func @permute_f32(%0: tensor<2x3x4xf32>) -> (tensor<4x2x3xf32>) attributes {
    conformance.inputs = [dense<[[[0.75, -1.4375, -0.8125, -1.1875], [0.4375, -2.9375, -0.125, -1.25], [-0.75, 2.125, 0.4375, 1.1875]], [[-2.25, 2.6875, -0.5625, -2.25], [-1.3125, 0.375, -0.25, -2.125], [0.125, 1.8125, -1.75, 0.375]]]> : tensor<2x3x4xf32>],
    conformance.expected = [dense<[[[0.75, 0.4375, -0.75], [-2.25, -1.3125, 0.125]], [[-1.4375, -2.9375, 2.125], [2.6875, 0.375, 1.8125]], [[-0.8125, -0.125, 0.4375], [-0.5625, -0.25, -1.75]], [[-1.1875, -1.25, 1.1875], [-2.25, -2.125, 0.375]]]> : tensor<4x2x3xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.permute %0 {permutation = array<i64: 2, 0, 1>} : (tensor<2x3x4xf32>) -> tensor<4x2x3xf32>
  return %r : tensor<4x2x3xf32>
}

func.func @reshape_f32(%0: tensor<2x3x4xf32>) -> (tensor<4x6xf32>) attributes {
    conformance.inputs = [dense<[[[0.75, -1.4375, -0.8125, -1.1875], [0.4375, -2.9375, -0.125, -1.25], [-0.75, 2.125, 0.4375, 1.1875]], [[-2.25, 2.6875, -0.5625, -2.25], [-1.3125, 0.375, -0.25, -2.125], [0.125, 1.8125, -1.75, 0.375]]]> : tensor<2x3x4xf32>],
    conformance.expected = [dense<[[0.75, -1.4375, -0.8125, -1.1875, 0.4375, -2.9375], [-0.125, -1.25, -0.75, 2.125, 0.4375, 1.1875], [-2.25, 2.6875, -0.5625, -2.25, -1.3125, 0.375], [-0.25, -2.125, 0.125, 1.8125, -1.75, 0.375]]> : tensor<4x6xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.reshape %0 {dims = #graph.dims<[4, 6]>} : (tensor<2x3x4xf32>) -> tensor<4x6xf32>
  return %r : tensor<4x6xf32>
}

func.func @slice_f32(%0: tensor<2x3x4xf32>) -> (tensor<1x3x2xf32>) attributes {
    conformance.inputs = [dense<[[[0.75, -1.4375, -0.8125, -1.1875], [0.4375, -2.9375, -0.125, -1.25], [-0.75, 2.125, 0.4375, 1.1875]], [[-2.25, 2.6875, -0.5625, -2.25], [-1.3125, 0.375, -0.25, -2.125], [0.125, 1.8125, -1.75, 0.375]]]> : tensor<2x3x4xf32>],
    conformance.expected = [dense<[[[-2.25, -0.5625], [-1.3125, -0.25], [0.125, -1.75]]]> : tensor<1x3x2xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.slice %0 {starts = #graph.dims<[1, 0, 0]>, sizes = #graph.dims<[1, 3, 2]>, steps = array<i64: 1, 1, 2>} : (tensor<2x3x4xf32>) -> tensor<1x3x2xf32>
  return %r : tensor<1x3x2xf32>
}

func.func @slice_reverse_f32(%0: tensor<2x3x4xf32>) -> (tensor<2x3x4xf32>) attributes {
    conformance.inputs = [dense<[[[0.75, -1.4375, -0.8125, -1.1875], [0.4375, -2.9375, -0.125, -1.25], [-0.75, 2.125, 0.4375, 1.1875]], [[-2.25, 2.6875, -0.5625, -2.25], [-1.3125, 0.375, -0.25, -2.125], [0.125, 1.8125, -1.75, 0.375]]]> : tensor<2x3x4xf32>],
    conformance.expected = [dense<[[[-1.1875, -0.8125, -1.4375, 0.75], [-1.25, -0.125, -2.9375, 0.4375], [1.1875, 0.4375, 2.125, -0.75]], [[-2.25, -0.5625, 2.6875, -2.25], [-2.125, -0.25, 0.375, -1.3125], [0.375, -1.75, 1.8125, 0.125]]]> : tensor<2x3x4xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.slice %0 {starts = #graph.dims<[0, 0, 3]>, sizes = #graph.dims<[2, 3, 4]>, steps = array<i64: 1, 1, -1>} : (tensor<2x3x4xf32>) -> tensor<2x3x4xf32>
  return %r : tensor<2x3x4xf32>
}

func.func @concat_f32(%0: tensor<2x3x4xf32>, %1: tensor<2x1x4xf32>) -> (tensor<2x4x4xf32>) attributes {
    conformance.inputs = [dense<[[[0.75, -1.4375, -0.8125, -1.1875], [0.4375, -2.9375, -0.125, -1.25], [-0.75, 2.125, 0.4375, 1.1875]], [[-2.25, 2.6875, -0.5625, -2.25], [-1.3125, 0.375, -0.25, -2.125], [0.125, 1.8125, -1.75, 0.375]]]> : tensor<2x3x4xf32>, dense<[[[-2.25, 2.3125, 2.25, 1.875]], [[-0.25, 0.9375, 1.5, 2.8125]]]> : tensor<2x1x4xf32>],
    conformance.expected = [dense<[[[0.75, -1.4375, -0.8125, -1.1875], [0.4375, -2.9375, -0.125, -1.25], [-0.75, 2.125, 0.4375, 1.1875], [-2.25, 2.3125, 2.25, 1.875]], [[-2.25, 2.6875, -0.5625, -2.25], [-1.3125, 0.375, -0.25, -2.125], [0.125, 1.8125, -1.75, 0.375], [-0.25, 0.9375, 1.5, 2.8125]]]> : tensor<2x4x4xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.concat %0, %1 {dim = 1 : i64} : (tensor<2x3x4xf32>, tensor<2x1x4xf32>) -> tensor<2x4x4xf32>
  return %r : tensor<2x4x4xf32>
}

func.func @broadcast_f32(%0: tensor<2x1x4xf32>) -> (tensor<3x2x5x4xf32>) attributes {
    conformance.inputs = [dense<[[[-2.25, 2.3125, 2.25, 1.875]], [[-0.25, 0.9375, 1.5, 2.8125]]]> : tensor<2x1x4xf32>],
    conformance.expected = [dense<[[[[-2.25, 2.3125, 2.25, 1.875], [-2.25, 2.3125, 2.25, 1.875], [-2.25, 2.3125, 2.25, 1.875], [-2.25, 2.3125, 2.25, 1.875], [-2.25, 2.3125, 2.25, 1.875]], [[-0.25, 0.9375, 1.5, 2.8125], [-0.25, 0.9375, 1.5, 2.8125], [-0.25, 0.9375, 1.5, 2.8125], [-0.25, 0.9375, 1.5, 2.8125], [-0.25, 0.9375, 1.5, 2.8125]]], [[[-2.25, 2.3125, 2.25, 1.875], [-2.25, 2.3125, 2.25, 1.875], [-2.25, 2.3125, 2.25, 1.875], [-2.25, 2.3125, 2.25, 1.875], [-2.25, 2.3125, 2.25, 1.875]], [[-0.25, 0.9375, 1.5, 2.8125], [-0.25, 0.9375, 1.5, 2.8125], [-0.25, 0.9375, 1.5, 2.8125], [-0.25, 0.9375, 1.5, 2.8125], [-0.25, 0.9375, 1.5, 2.8125]]], [[[-2.25, 2.3125, 2.25, 1.875], [-2.25, 2.3125, 2.25, 1.875], [-2.25, 2.3125, 2.25, 1.875], [-2.25, 2.3125, 2.25, 1.875], [-2.25, 2.3125, 2.25, 1.875]], [[-0.25, 0.9375, 1.5, 2.8125], [-0.25, 0.9375, 1.5, 2.8125], [-0.25, 0.9375, 1.5, 2.8125], [-0.25, 0.9375, 1.5, 2.8125], [-0.25, 0.9375, 1.5, 2.8125]]]]> : tensor<3x2x5x4xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.broadcast %0 {dims = #graph.dims<[3, 2, 5, 4]>} : (tensor<2x1x4xf32>) -> tensor<3x2x5x4xf32>
  return %r : tensor<3x2x5x4xf32>
}

func.func @insert_slice_f32(%0: tensor<2x3x4xf32>, %1: tensor<2x1x2xf32>) -> (tensor<2x3x4xf32>) attributes {
    conformance.inputs = [dense<[[[0.75, -1.4375, -0.8125, -1.1875], [0.4375, -2.9375, -0.125, -1.25], [-0.75, 2.125, 0.4375, 1.1875]], [[-2.25, 2.6875, -0.5625, -2.25], [-1.3125, 0.375, -0.25, -2.125], [0.125, 1.8125, -1.75, 0.375]]]> : tensor<2x3x4xf32>, dense<[[[2.875, -1.8125]], [[1.4375, 2.5625]]]> : tensor<2x1x2xf32>],
    conformance.expected = [dense<[[[0.75, -1.4375, -0.8125, -1.1875], [2.875, -2.9375, -1.8125, -1.25], [-0.75, 2.125, 0.4375, 1.1875]], [[-2.25, 2.6875, -0.5625, -2.25], [1.4375, 0.375, 2.5625, -2.125], [0.125, 1.8125, -1.75, 0.375]]]> : tensor<2x3x4xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.insert_slice %0, %1 {starts = #graph.dims<[0, 1, 0]>, steps = array<i64: 1, 1, 2>} : (tensor<2x3x4xf32>, tensor<2x1x2xf32>) -> tensor<2x3x4xf32>
  return %r : tensor<2x3x4xf32>
}

func.func @permute_i8(%0: tensor<2x3x4xi8>) -> (tensor<4x2x3xi8>) attributes {
    conformance.inputs = [dense<[[[-2, 3, 1, -1], [9, -8, -6, 9], [-7, -9, 2, -6]], [[-3, 9, 0, -7], [0, -9, 5, 0], [3, 6, 8, 4]]]> : tensor<2x3x4xi8>],
    conformance.expected = [dense<[[[-2, 9, -7], [-3, 0, 3]], [[3, -8, -9], [9, -9, 6]], [[1, -6, 2], [0, 5, 8]], [[-1, 9, -6], [-7, 0, 4]]]> : tensor<4x2x3xi8>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.permute %0 {permutation = array<i64: 2, 0, 1>} : (tensor<2x3x4xi8>) -> tensor<4x2x3xi8>
  return %r : tensor<4x2x3xi8>
}

func.func @reshape_i8(%0: tensor<2x3x4xi8>) -> (tensor<4x6xi8>) attributes {
    conformance.inputs = [dense<[[[-2, 3, 1, -1], [9, -8, -6, 9], [-7, -9, 2, -6]], [[-3, 9, 0, -7], [0, -9, 5, 0], [3, 6, 8, 4]]]> : tensor<2x3x4xi8>],
    conformance.expected = [dense<[[-2, 3, 1, -1, 9, -8], [-6, 9, -7, -9, 2, -6], [-3, 9, 0, -7, 0, -9], [5, 0, 3, 6, 8, 4]]> : tensor<4x6xi8>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.reshape %0 {dims = #graph.dims<[4, 6]>} : (tensor<2x3x4xi8>) -> tensor<4x6xi8>
  return %r : tensor<4x6xi8>
}

func.func @slice_i8(%0: tensor<2x3x4xi8>) -> (tensor<1x3x2xi8>) attributes {
    conformance.inputs = [dense<[[[-2, 3, 1, -1], [9, -8, -6, 9], [-7, -9, 2, -6]], [[-3, 9, 0, -7], [0, -9, 5, 0], [3, 6, 8, 4]]]> : tensor<2x3x4xi8>],
    conformance.expected = [dense<[[[-3, 0], [0, 5], [3, 8]]]> : tensor<1x3x2xi8>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.slice %0 {starts = #graph.dims<[1, 0, 0]>, sizes = #graph.dims<[1, 3, 2]>, steps = array<i64: 1, 1, 2>} : (tensor<2x3x4xi8>) -> tensor<1x3x2xi8>
  return %r : tensor<1x3x2xi8>
}

func.func @slice_reverse_i8(%0: tensor<2x3x4xi8>) -> (tensor<2x3x4xi8>) attributes {
    conformance.inputs = [dense<[[[-2, 3, 1, -1], [9, -8, -6, 9], [-7, -9, 2, -6]], [[-3, 9, 0, -7], [0, -9, 5, 0], [3, 6, 8, 4]]]> : tensor<2x3x4xi8>],
    conformance.expected = [dense<[[[-1, 1, 3, -2], [9, -6, -8, 9], [-6, 2, -9, -7]], [[-7, 0, 9, -3], [0, 5, -9, 0], [4, 8, 6, 3]]]> : tensor<2x3x4xi8>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.slice %0 {starts = #graph.dims<[0, 0, 3]>, sizes = #graph.dims<[2, 3, 4]>, steps = array<i64: 1, 1, -1>} : (tensor<2x3x4xi8>) -> tensor<2x3x4xi8>
  return %r : tensor<2x3x4xi8>
}

func.func @concat_i8(%0: tensor<2x3x4xi8>, %1: tensor<2x1x4xi8>) -> (tensor<2x4x4xi8>) attributes {
    conformance.inputs = [dense<[[[-2, 3, 1, -1], [9, -8, -6, 9], [-7, -9, 2, -6]], [[-3, 9, 0, -7], [0, -9, 5, 0], [3, 6, 8, 4]]]> : tensor<2x3x4xi8>, dense<[[[3, -9, -1, -5]], [[-8, -3, -4, 0]]]> : tensor<2x1x4xi8>],
    conformance.expected = [dense<[[[-2, 3, 1, -1], [9, -8, -6, 9], [-7, -9, 2, -6], [3, -9, -1, -5]], [[-3, 9, 0, -7], [0, -9, 5, 0], [3, 6, 8, 4], [-8, -3, -4, 0]]]> : tensor<2x4x4xi8>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.concat %0, %1 {dim = 1 : i64} : (tensor<2x3x4xi8>, tensor<2x1x4xi8>) -> tensor<2x4x4xi8>
  return %r : tensor<2x4x4xi8>
}

func.func @broadcast_i8(%0: tensor<2x1x4xi8>) -> (tensor<3x2x5x4xi8>) attributes {
    conformance.inputs = [dense<[[[3, -9, -1, -5]], [[-8, -3, -4, 0]]]> : tensor<2x1x4xi8>],
    conformance.expected = [dense<[[[[3, -9, -1, -5], [3, -9, -1, -5], [3, -9, -1, -5], [3, -9, -1, -5], [3, -9, -1, -5]], [[-8, -3, -4, 0], [-8, -3, -4, 0], [-8, -3, -4, 0], [-8, -3, -4, 0], [-8, -3, -4, 0]]], [[[3, -9, -1, -5], [3, -9, -1, -5], [3, -9, -1, -5], [3, -9, -1, -5], [3, -9, -1, -5]], [[-8, -3, -4, 0], [-8, -3, -4, 0], [-8, -3, -4, 0], [-8, -3, -4, 0], [-8, -3, -4, 0]]], [[[3, -9, -1, -5], [3, -9, -1, -5], [3, -9, -1, -5], [3, -9, -1, -5], [3, -9, -1, -5]], [[-8, -3, -4, 0], [-8, -3, -4, 0], [-8, -3, -4, 0], [-8, -3, -4, 0], [-8, -3, -4, 0]]]]> : tensor<3x2x5x4xi8>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.broadcast %0 {dims = #graph.dims<[3, 2, 5, 4]>} : (tensor<2x1x4xi8>) -> tensor<3x2x5x4xi8>
  return %r : tensor<3x2x5x4xi8>
}

func.func @insert_slice_i8(%0: tensor<2x3x4xi8>, %1: tensor<2x1x2xi8>) -> (tensor<2x3x4xi8>) attributes {
    conformance.inputs = [dense<[[[-2, 3, 1, -1], [9, -8, -6, 9], [-7, -9, 2, -6]], [[-3, 9, 0, -7], [0, -9, 5, 0], [3, 6, 8, 4]]]> : tensor<2x3x4xi8>, dense<[[[4, 2]], [[7, 3]]]> : tensor<2x1x2xi8>],
    conformance.expected = [dense<[[[-2, 3, 1, -1], [4, -8, 2, 9], [-7, -9, 2, -6]], [[-3, 9, 0, -7], [7, -9, 3, 0], [3, 6, 8, 4]]]> : tensor<2x3x4xi8>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.insert_slice %0, %1 {starts = #graph.dims<[0, 1, 0]>, steps = array<i64: 1, 1, 2>} : (tensor<2x3x4xi8>, tensor<2x1x2xi8>) -> tensor<2x3x4xi8>
  return %r : tensor<2x3x4xi8>
}

func.func @permute_i1(%0: tensor<2x3x4xi1>) -> (tensor<4x2x3xi1>) attributes {
    conformance.inputs = [dense<[[[true, true, false, false], [true, true, true, true], [true, false, false, true]], [[false, true, true, false], [false, true, false, false], [false, true, false, false]]]> : tensor<2x3x4xi1>],
    conformance.expected = [dense<[[[true, true, true], [false, false, false]], [[true, true, false], [true, true, true]], [[false, true, false], [true, false, false]], [[false, true, true], [false, false, false]]]> : tensor<4x2x3xi1>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.permute %0 {permutation = array<i64: 2, 0, 1>} : (tensor<2x3x4xi1>) -> tensor<4x2x3xi1>
  return %r : tensor<4x2x3xi1>
}

func.func @reshape_i1(%0: tensor<2x3x4xi1>) -> (tensor<4x6xi1>) attributes {
    conformance.inputs = [dense<[[[true, true, false, false], [true, true, true, true], [true, false, false, true]], [[false, true, true, false], [false, true, false, false], [false, true, false, false]]]> : tensor<2x3x4xi1>],
    conformance.expected = [dense<[[true, true, false, false, true, true], [true, true, true, false, false, true], [false, true, true, false, false, true], [false, false, false, true, false, false]]> : tensor<4x6xi1>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.reshape %0 {dims = #graph.dims<[4, 6]>} : (tensor<2x3x4xi1>) -> tensor<4x6xi1>
  return %r : tensor<4x6xi1>
}

func.func @slice_i1(%0: tensor<2x3x4xi1>) -> (tensor<1x3x2xi1>) attributes {
    conformance.inputs = [dense<[[[true, true, false, false], [true, true, true, true], [true, false, false, true]], [[false, true, true, false], [false, true, false, false], [false, true, false, false]]]> : tensor<2x3x4xi1>],
    conformance.expected = [dense<[[[false, true], [false, false], [false, false]]]> : tensor<1x3x2xi1>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.slice %0 {starts = #graph.dims<[1, 0, 0]>, sizes = #graph.dims<[1, 3, 2]>, steps = array<i64: 1, 1, 2>} : (tensor<2x3x4xi1>) -> tensor<1x3x2xi1>
  return %r : tensor<1x3x2xi1>
}

func.func @slice_reverse_i1(%0: tensor<2x3x4xi1>) -> (tensor<2x3x4xi1>) attributes {
    conformance.inputs = [dense<[[[true, true, false, false], [true, true, true, true], [true, false, false, true]], [[false, true, true, false], [false, true, false, false], [false, true, false, false]]]> : tensor<2x3x4xi1>],
    conformance.expected = [dense<[[[false, false, true, true], [true, true, true, true], [true, false, false, true]], [[false, true, true, false], [false, false, true, false], [false, false, true, false]]]> : tensor<2x3x4xi1>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.slice %0 {starts = #graph.dims<[0, 0, 3]>, sizes = #graph.dims<[2, 3, 4]>, steps = array<i64: 1, 1, -1>} : (tensor<2x3x4xi1>) -> tensor<2x3x4xi1>
  return %r : tensor<2x3x4xi1>
}

func.func @concat_i1(%0: tensor<2x3x4xi1>, %1: tensor<2x1x4xi1>) -> (tensor<2x4x4xi1>) attributes {
    conformance.inputs = [dense<[[[true, true, false, false], [true, true, true, true], [true, false, false, true]], [[false, true, true, false], [false, true, false, false], [false, true, false, false]]]> : tensor<2x3x4xi1>, dense<[[[false, true, true, false]], [[false, true, false, true]]]> : tensor<2x1x4xi1>],
    conformance.expected = [dense<[[[true, true, false, false], [true, true, true, true], [true, false, false, true], [false, true, true, false]], [[false, true, true, false], [false, true, false, false], [false, true, false, false], [false, true, false, true]]]> : tensor<2x4x4xi1>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.concat %0, %1 {dim = 1 : i64} : (tensor<2x3x4xi1>, tensor<2x1x4xi1>) -> tensor<2x4x4xi1>
  return %r : tensor<2x4x4xi1>
}

func.func @broadcast_i1(%0: tensor<2x1x4xi1>) -> (tensor<3x2x5x4xi1>) attributes {
    conformance.inputs = [dense<[[[false, true, true, false]], [[false, true, false, true]]]> : tensor<2x1x4xi1>],
    conformance.expected = [dense<[[[[false, true, true, false], [false, true, true, false], [false, true, true, false], [false, true, true, false], [false, true, true, false]], [[false, true, false, true], [false, true, false, true], [false, true, false, true], [false, true, false, true], [false, true, false, true]]], [[[false, true, true, false], [false, true, true, false], [false, true, true, false], [false, true, true, false], [false, true, true, false]], [[false, true, false, true], [false, true, false, true], [false, true, false, true], [false, true, false, true], [false, true, false, true]]], [[[false, true, true, false], [false, true, true, false], [false, true, true, false], [false, true, true, false], [false, true, true, false]], [[false, true, false, true], [false, true, false, true], [false, true, false, true], [false, true, false, true], [false, true, false, true]]]]> : tensor<3x2x5x4xi1>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.broadcast %0 {dims = #graph.dims<[3, 2, 5, 4]>} : (tensor<2x1x4xi1>) -> tensor<3x2x5x4xi1>
  return %r : tensor<3x2x5x4xi1>
}

func.func @insert_slice_i1(%0: tensor<2x3x4xi1>, %1: tensor<2x1x2xi1>) -> (tensor<2x3x4xi1>) attributes {
    conformance.inputs = [dense<[[[true, true, false, false], [true, true, true, true], [true, false, false, true]], [[false, true, true, false], [false, true, false, false], [false, true, false, false]]]> : tensor<2x3x4xi1>, dense<[[[false, false]], [[true, true]]]> : tensor<2x1x2xi1>],
    conformance.expected = [dense<[[[true, true, false, false], [false, true, false, true], [true, false, false, true]], [[false, true, true, false], [true, true, true, false], [false, true, false, false]]]> : tensor<2x3x4xi1>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.insert_slice %0, %1 {starts = #graph.dims<[0, 1, 0]>, steps = array<i64: 1, 1, 2>} : (tensor<2x3x4xi1>, tensor<2x1x2xi1>) -> tensor<2x3x4xi1>
  return %r : tensor<2x3x4xi1>
}

func.func @permute_f64(%0: tensor<2x3x4xf64>) -> (tensor<4x2x3xf64>) attributes {
    conformance.inputs = [dense<[[[0.75, -1.4375, -0.8125, -1.1875], [0.4375, -2.9375, -0.125, -1.25], [-0.75, 2.125, 0.4375, 1.1875]], [[-2.25, 2.6875, -0.5625, -2.25], [-1.3125, 0.375, -0.25, -2.125], [0.125, 1.8125, -1.75, 0.375]]]> : tensor<2x3x4xf64>],
    conformance.expected = [dense<[[[0.75, 0.4375, -0.75], [-2.25, -1.3125, 0.125]], [[-1.4375, -2.9375, 2.125], [2.6875, 0.375, 1.8125]], [[-0.8125, -0.125, 0.4375], [-0.5625, -0.25, -1.75]], [[-1.1875, -1.25, 1.1875], [-2.25, -2.125, 0.375]]]> : tensor<4x2x3xf64>],
    conformance.tolerance = 0.00000000000010000} {
  %r = graph.permute %0 {permutation = array<i64: 2, 0, 1>} : (tensor<2x3x4xf64>) -> tensor<4x2x3xf64>
  return %r : tensor<4x2x3xf64>
}

func.func @reshape_f64(%0: tensor<2x3x4xf64>) -> (tensor<4x6xf64>) attributes {
    conformance.inputs = [dense<[[[0.75, -1.4375, -0.8125, -1.1875], [0.4375, -2.9375, -0.125, -1.25], [-0.75, 2.125, 0.4375, 1.1875]], [[-2.25, 2.6875, -0.5625, -2.25], [-1.3125, 0.375, -0.25, -2.125], [0.125, 1.8125, -1.75, 0.375]]]> : tensor<2x3x4xf64>],
    conformance.expected = [dense<[[0.75, -1.4375, -0.8125, -1.1875, 0.4375, -2.9375], [-0.125, -1.25, -0.75, 2.125, 0.4375, 1.1875], [-2.25, 2.6875, -0.5625, -2.25, -1.3125, 0.375], [-0.25, -2.125, 0.125, 1.8125, -1.75, 0.375]]> : tensor<4x6xf64>],
    conformance.tolerance = 0.00000000000010000} {
  %r = graph.reshape %0 {dims = #graph.dims<[4, 6]>} : (tensor<2x3x4xf64>) -> tensor<4x6xf64>
  return %r : tensor<4x6xf64>
}

func.func @slice_f64(%0: tensor<2x3x4xf64>) -> (tensor<1x3x2xf64>) attributes {
    conformance.inputs = [dense<[[[0.75, -1.4375, -0.8125, -1.1875], [0.4375, -2.9375, -0.125, -1.25], [-0.75, 2.125, 0.4375, 1.1875]], [[-2.25, 2.6875, -0.5625, -2.25], [-1.3125, 0.375, -0.25, -2.125], [0.125, 1.8125, -1.75, 0.375]]]> : tensor<2x3x4xf64>],
    conformance.expected = [dense<[[[-2.25, -0.5625], [-1.3125, -0.25], [0.125, -1.75]]]> : tensor<1x3x2xf64>],
    conformance.tolerance = 0.00000000000010000} {
  %r = graph.slice %0 {starts = #graph.dims<[1, 0, 0]>, sizes = #graph.dims<[1, 3, 2]>, steps = array<i64: 1, 1, 2>} : (tensor<2x3x4xf64>) -> tensor<1x3x2xf64>
  return %r : tensor<1x3x2xf64>
}

func.func @slice_reverse_f64(%0: tensor<2x3x4xf64>) -> (tensor<2x3x4xf64>) attributes {
    conformance.inputs = [dense<[[[0.75, -1.4375, -0.8125, -1.1875], [0.4375, -2.9375, -0.125, -1.25], [-0.75, 2.125, 0.4375, 1.1875]], [[-2.25, 2.6875, -0.5625, -2.25], [-1.3125, 0.375, -0.25, -2.125], [0.125, 1.8125, -1.75, 0.375]]]> : tensor<2x3x4xf64>],
    conformance.expected = [dense<[[[-1.1875, -0.8125, -1.4375, 0.75], [-1.25, -0.125, -2.9375, 0.4375], [1.1875, 0.4375, 2.125, -0.75]], [[-2.25, -0.5625, 2.6875, -2.25], [-2.125, -0.25, 0.375, -1.3125], [0.375, -1.75, 1.8125, 0.125]]]> : tensor<2x3x4xf64>],
    conformance.tolerance = 0.00000000000010000} {
  %r = graph.slice %0 {starts = #graph.dims<[0, 0, 3]>, sizes = #graph.dims<[2, 3, 4]>, steps = array<i64: 1, 1, -1>} : (tensor<2x3x4xf64>) -> tensor<2x3x4xf64>
  return %r : tensor<2x3x4xf64>
}

func.func @concat_f64(%0: tensor<2x3x4xf64>, %1: tensor<2x1x4xf64>) -> (tensor<2x4x4xf64>) attributes {
    conformance.inputs = [dense<[[[0.75, -1.4375, -0.8125, -1.1875], [0.4375, -2.9375, -0.125, -1.25], [-0.75, 2.125, 0.4375, 1.1875]], [[-2.25, 2.6875, -0.5625, -2.25], [-1.3125, 0.375, -0.25, -2.125], [0.125, 1.8125, -1.75, 0.375]]]> : tensor<2x3x4xf64>, dense<[[[-2.25, 2.3125, 2.25, 1.875]], [[-0.25, 0.9375, 1.5, 2.8125]]]> : tensor<2x1x4xf64>],
    conformance.expected = [dense<[[[0.75, -1.4375, -0.8125, -1.1875], [0.4375, -2.9375, -0.125, -1.25], [-0.75, 2.125, 0.4375, 1.1875], [-2.25, 2.3125, 2.25, 1.875]], [[-2.25, 2.6875, -0.5625, -2.25], [-1.3125, 0.375, -0.25, -2.125], [0.125, 1.8125, -1.75, 0.375], [-0.25, 0.9375, 1.5, 2.8125]]]> : tensor<2x4x4xf64>],
    conformance.tolerance = 0.00000000000010000} {
  %r = graph.concat %0, %1 {dim = 1 : i64} : (tensor<2x3x4xf64>, tensor<2x1x4xf64>) -> tensor<2x4x4xf64>
  return %r : tensor<2x4x4xf64>
}

func.func @broadcast_f64(%0: tensor<2x1x4xf64>) -> (tensor<3x2x5x4xf64>) attributes {
    conformance.inputs = [dense<[[[-2.25, 2.3125, 2.25, 1.875]], [[-0.25, 0.9375, 1.5, 2.8125]]]> : tensor<2x1x4xf64>],
    conformance.expected = [dense<[[[[-2.25, 2.3125, 2.25, 1.875], [-2.25, 2.3125, 2.25, 1.875], [-2.25, 2.3125, 2.25, 1.875], [-2.25, 2.3125, 2.25, 1.875], [-2.25, 2.3125, 2.25, 1.875]], [[-0.25, 0.9375, 1.5, 2.8125], [-0.25, 0.9375, 1.5, 2.8125], [-0.25, 0.9375, 1.5, 2.8125], [-0.25, 0.9375, 1.5, 2.8125], [-0.25, 0.9375, 1.5, 2.8125]]], [[[-2.25, 2.3125, 2.25, 1.875], [-2.25, 2.3125, 2.25, 1.875], [-2.25, 2.3125, 2.25, 1.875], [-2.25, 2.3125, 2.25, 1.875], [-2.25, 2.3125, 2.25, 1.875]], [[-0.25, 0.9375, 1.5, 2.8125], [-0.25, 0.9375, 1.5, 2.8125], [-0.25, 0.9375, 1.5, 2.8125], [-0.25, 0.9375, 1.5, 2.8125], [-0.25, 0.9375, 1.5, 2.8125]]], [[[-2.25, 2.3125, 2.25, 1.875], [-2.25, 2.3125, 2.25, 1.875], [-2.25, 2.3125, 2.25, 1.875], [-2.25, 2.3125, 2.25, 1.875], [-2.25, 2.3125, 2.25, 1.875]], [[-0.25, 0.9375, 1.5, 2.8125], [-0.25, 0.9375, 1.5, 2.8125], [-0.25, 0.9375, 1.5, 2.8125], [-0.25, 0.9375, 1.5, 2.8125], [-0.25, 0.9375, 1.5, 2.8125]]]]> : tensor<3x2x5x4xf64>],
    conformance.tolerance = 0.00000000000010000} {
  %r = graph.broadcast %0 {dims = #graph.dims<[3, 2, 5, 4]>} : (tensor<2x1x4xf64>) -> tensor<3x2x5x4xf64>
  return %r : tensor<3x2x5x4xf64>
}

func.func @insert_slice_f64(%0: tensor<2x3x4xf64>, %1: tensor<2x1x2xf64>) -> (tensor<2x3x4xf64>) attributes {
    conformance.inputs = [dense<[[[0.75, -1.4375, -0.8125, -1.1875], [0.4375, -2.9375, -0.125, -1.25], [-0.75, 2.125, 0.4375, 1.1875]], [[-2.25, 2.6875, -0.5625, -2.25], [-1.3125, 0.375, -0.25, -2.125], [0.125, 1.8125, -1.75, 0.375]]]> : tensor<2x3x4xf64>, dense<[[[2.875, -1.8125]], [[1.4375, 2.5625]]]> : tensor<2x1x2xf64>],
    conformance.expected = [dense<[[[0.75, -1.4375, -0.8125, -1.1875], [2.875, -2.9375, -1.8125, -1.25], [-0.75, 2.125, 0.4375, 1.1875]], [[-2.25, 2.6875, -0.5625, -2.25], [1.4375, 0.375, 2.5625, -2.125], [0.125, 1.8125, -1.75, 0.375]]]> : tensor<2x3x4xf64>],
    conformance.tolerance = 0.00000000000010000} {
  %r = graph.insert_slice %0, %1 {starts = #graph.dims<[0, 1, 0]>, steps = array<i64: 1, 1, 2>} : (tensor<2x3x4xf64>, tensor<2x1x2xf64>) -> tensor<2x3x4xf64>
  return %r : tensor<2x3x4xf64>
}

func.func @slice_one_row(%0: tensor<4x8xf32>) -> (tensor<1x8xf32>) attributes {
    conformance.inputs = [dense<[[0.75, -1.4375, -0.8125, -1.1875, 0.4375, -2.9375, -0.125, -1.25], [-0.75, 2.125, 0.4375, 1.1875, -2.25, 2.6875, -0.5625, -2.25], [-1.3125, 0.375, -0.25, -2.125, 0.125, 1.8125, -1.75, 0.375], [-0.5, -2.0625, 0.6875, -1.6875, -0.9375, -2.25, -1.4375, 0.875]]> : tensor<4x8xf32>],
    conformance.expected = [dense<[[0.75, -1.4375, -0.8125, -1.1875, 0.4375, -2.9375, -0.125, -1.25]]> : tensor<1x8xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.slice %0 {starts = #graph.dims<[0, 0]>, sizes = #graph.dims<[1, 8]>, steps = array<i64: 4, 1>} : (tensor<4x8xf32>) -> tensor<1x8xf32>
  return %r : tensor<1x8xf32>
}

func.func @slice_one_plane(%0: tensor<2x3x4xf32>) -> (tensor<1x3x4xf32>) attributes {
    conformance.inputs = [dense<[[[0.75, -1.4375, -0.8125, -1.1875], [0.4375, -2.9375, -0.125, -1.25], [-0.75, 2.125, 0.4375, 1.1875]], [[-2.25, 2.6875, -0.5625, -2.25], [-1.3125, 0.375, -0.25, -2.125], [0.125, 1.8125, -1.75, 0.375]]]> : tensor<2x3x4xf32>],
    conformance.expected = [dense<[[[0.75, -1.4375, -0.8125, -1.1875], [0.4375, -2.9375, -0.125, -1.25], [-0.75, 2.125, 0.4375, 1.1875]]]> : tensor<1x3x4xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.slice %0 {starts = #graph.dims<[0, 0, 0]>, sizes = #graph.dims<[1, 3, 4]>, steps = array<i64: 2, 1, 1>} : (tensor<2x3x4xf32>) -> tensor<1x3x4xf32>
  return %r : tensor<1x3x4xf32>
}

func.func @slice_row_of_plane(%0: tensor<4x4x16xf32>) -> (tensor<1x1x16xf32>) attributes {
    conformance.inputs = [dense<[[[0.75, -1.4375, -0.8125, -1.1875, 0.4375, -2.9375, -0.125, -1.25, -0.75, 2.125, 0.4375, 1.1875, -2.25, 2.6875, -0.5625, -2.25], [-1.3125, 0.375, -0.25, -2.125, 0.125, 1.8125, -1.75, 0.375, -0.5, -2.0625, 0.6875, -1.6875, -0.9375, -2.25, -1.4375, 0.875], [1.25, 0.9375, 0.875, -2.75, 1.0625, -2.6875, -2.25, 2.875, 0.6875, 2.125, 1.9375, -0.25, -1.5625, 0.125, -2.5, -0.25], [-1.0625, 2.9375, 1.9375, 3.0, 0.25, 2.25, -1.4375, 0.3125, 1.375, -2.5625, 0.25, 0.4375, 0.25, 2.3125, 2.1875, 2.125]], [[0.0, -1.75, 1.875, -2.375, -2.75, -1.5625, -0.25, -2.125, -2.3125, 1.125, 1.375, 0.0, 1.3125, 1.375, 2.375, 2.6875], [-0.3125, -0.3125, 1.75, 1.9375, 2.0625, -0.6875, 1.9375, 1.375, 1.5, 2.375, -0.1875, 1.0625, 2.375, 0.4375, 2.8125, 0.125], [-0.0625, 1.8125, 1.375, -2.4375, -0.3125, 0.3125, 1.1875, -0.5, -1.0, 0.1875, -0.25, -0.3125, 2.8125, -0.375, -0.25, -0.8125], [-2.625, -2.625, 1.125, 1.125, -0.25, 2.0, -2.5, 2.5625, -1.3125, 0.0, -0.0625, -0.75, -0.125, -1.375, -2.5, 0.25]], [[2.5625, 1.875, -0.9375, 0.75, -1.0, 1.5, 1.75, -1.375, -0.9375, -2.875, 2.125, -0.375, 2.875, 1.6875, 1.375, 0.1875], [1.8125, 2.5, -0.875, 1.125, -2.0, 2.0, -1.75, -0.3125, -1.5625, -0.4375, -0.8125, 1.5, -1.125, -2.25, 0.5625, 2.9375], [2.5625, -2.75, -1.3125, -0.5625, -1.375, 2.0625, -1.1875, 0.0625, 2.375, -2.25, 1.9375, 0.8125, -0.3125, -1.3125, 0.5625, 1.5], [0.1875, -2.8125, -0.625, 0.9375, 0.5625, 2.3125, -2.1875, 2.8125, -0.3125, -2.9375, 1.625, 2.8125, 2.25, -2.0625, 0.6875, 2.625]], [[-1.1875, 0.125, -2.75, -1.375, -1.3125, -2.3125, 2.1875, 1.375, -0.9375, 2.875, 2.1875, -2.125, 2.625, -1.3125, -1.625, 2.1875], [-1.125, -2.6875, 0.5625, 0.4375, -2.3125, -2.5625, -1.3125, 0.5625, -2.875, -3.0, 0.3125, -0.8125, -0.375, -1.8125, 0.4375, 2.6875], [-0.25, 1.25, 2.5625, -2.1875, 0.4375, -1.0625, -2.375, -1.4375, -2.0625, -0.9375, 2.75, -2.6875, 1.1875, -2.6875, -1.0, -0.625], [1.5625, -2.5625, -0.3125, 0.375, -2.375, -1.125, -2.75, -1.875, -2.5, -2.6875, -2.125, -0.9375, 1.375, -0.9375, -2.125, -0.375]]]> : tensor<4x4x16xf32>],
    conformance.expected = [dense<[[[-0.0625, 1.8125, 1.375, -2.4375, -0.3125, 0.3125, 1.1875, -0.5, -1.0, 0.1875, -0.25, -0.3125, 2.8125, -0.375, -0.25, -0.8125]]]> : tensor<1x1x16xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.slice %0 {starts = #graph.dims<[1, 2, 0]>, sizes = #graph.dims<[1, 1, 16]>, steps = array<i64: 1, 1, 1>} : (tensor<4x4x16xf32>) -> tensor<1x1x16xf32>
  return %r : tensor<1x1x16xf32>
}

func.func @slice_row_unaligned(%0: tensor<4x4x4xf32>) -> (tensor<1x1x4xf32>) attributes {
    conformance.inputs = [dense<[[[0.75, -1.4375, -0.8125, -1.1875], [0.4375, -2.9375, -0.125, -1.25], [-0.75, 2.125, 0.4375, 1.1875], [-2.25, 2.6875, -0.5625, -2.25]], [[-1.3125, 0.375, -0.25, -2.125], [0.125, 1.8125, -1.75, 0.375], [-0.5, -2.0625, 0.6875, -1.6875], [-0.9375, -2.25, -1.4375, 0.875]], [[1.25, 0.9375, 0.875, -2.75], [1.0625, -2.6875, -2.25, 2.875], [0.6875, 2.125, 1.9375, -0.25], [-1.5625, 0.125, -2.5, -0.25]], [[-1.0625, 2.9375, 1.9375, 3.0], [0.25, 2.25, -1.4375, 0.3125], [1.375, -2.5625, 0.25, 0.4375], [0.25, 2.3125, 2.1875, 2.125]]]> : tensor<4x4x4xf32>],
    conformance.expected = [dense<[[[-0.5, -2.0625, 0.6875, -1.6875]]]> : tensor<1x1x4xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.slice %0 {starts = #graph.dims<[1, 2, 0]>, sizes = #graph.dims<[1, 1, 4]>, steps = array<i64: 1, 1, 1>} : (tensor<4x4x4xf32>) -> tensor<1x1x4xf32>
  return %r : tensor<1x1x4xf32>
}

func.func @pad_constant(%0: tensor<1x2x5xf32>) -> (tensor<1x2x10xf32>) attributes {
    conformance.inputs = [dense<[[[0.75, -1.4375, -0.8125, -1.1875, 0.4375], [-2.9375, -0.125, -1.25, -0.75, 2.125]]]> : tensor<1x2x5xf32>],
    conformance.expected = [dense<[[[1.5, 1.5, 0.75, -1.4375, -0.8125, -1.1875, 0.4375, 1.5, 1.5, 1.5], [1.5, 1.5, -2.9375, -0.125, -1.25, -0.75, 2.125, 1.5, 1.5, 1.5]]]> : tensor<1x2x10xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.pad %0 {low = array<i64: 0, 0, 2>, high = array<i64: 0, 0, 3>, mode = #graph.pad_mode<constant>, value = 1.5 : f32} : (tensor<1x2x5xf32>) -> tensor<1x2x10xf32>
  return %r : tensor<1x2x10xf32>
}

func.func @pad_reflect(%0: tensor<1x2x5xf32>) -> (tensor<1x2x10xf32>) attributes {
    conformance.inputs = [dense<[[[0.75, -1.4375, -0.8125, -1.1875, 0.4375], [-2.9375, -0.125, -1.25, -0.75, 2.125]]]> : tensor<1x2x5xf32>],
    conformance.expected = [dense<[[[-0.8125, -1.4375, 0.75, -1.4375, -0.8125, -1.1875, 0.4375, -1.1875, -0.8125, -1.4375], [-1.25, -0.125, -2.9375, -0.125, -1.25, -0.75, 2.125, -0.75, -1.25, -0.125]]]> : tensor<1x2x10xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.pad %0 {low = array<i64: 0, 0, 2>, high = array<i64: 0, 0, 3>, mode = #graph.pad_mode<reflect>} : (tensor<1x2x5xf32>) -> tensor<1x2x10xf32>
  return %r : tensor<1x2x10xf32>
}

func.func @pad_replicate(%0: tensor<1x2x5xf32>) -> (tensor<1x2x10xf32>) attributes {
    conformance.inputs = [dense<[[[0.75, -1.4375, -0.8125, -1.1875, 0.4375], [-2.9375, -0.125, -1.25, -0.75, 2.125]]]> : tensor<1x2x5xf32>],
    conformance.expected = [dense<[[[0.75, 0.75, 0.75, -1.4375, -0.8125, -1.1875, 0.4375, 0.4375, 0.4375, 0.4375], [-2.9375, -2.9375, -2.9375, -0.125, -1.25, -0.75, 2.125, 2.125, 2.125, 2.125]]]> : tensor<1x2x10xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.pad %0 {low = array<i64: 0, 0, 2>, high = array<i64: 0, 0, 3>, mode = #graph.pad_mode<replicate>} : (tensor<1x2x5xf32>) -> tensor<1x2x10xf32>
  return %r : tensor<1x2x10xf32>
}

func.func @pad_circular(%0: tensor<1x2x5xf32>) -> (tensor<1x2x10xf32>) attributes {
    conformance.inputs = [dense<[[[0.75, -1.4375, -0.8125, -1.1875, 0.4375], [-2.9375, -0.125, -1.25, -0.75, 2.125]]]> : tensor<1x2x5xf32>],
    conformance.expected = [dense<[[[-1.1875, 0.4375, 0.75, -1.4375, -0.8125, -1.1875, 0.4375, 0.75, -1.4375, -0.8125], [-0.75, 2.125, -2.9375, -0.125, -1.25, -0.75, 2.125, -2.9375, -0.125, -1.25]]]> : tensor<1x2x10xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.pad %0 {low = array<i64: 0, 0, 2>, high = array<i64: 0, 0, 3>, mode = #graph.pad_mode<circular>} : (tensor<1x2x5xf32>) -> tensor<1x2x10xf32>
  return %r : tensor<1x2x10xf32>
}

func.func @pad_crop(%0: tensor<1x2x5xf32>) -> (tensor<1x2x2xf32>) attributes {
    conformance.inputs = [dense<[[[0.75, -1.4375, -0.8125, -1.1875, 0.4375], [-2.9375, -0.125, -1.25, -0.75, 2.125]]]> : tensor<1x2x5xf32>],
    conformance.expected = [dense<[[[-1.4375, -0.8125], [-0.125, -1.25]]]> : tensor<1x2x2xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.pad %0 {low = array<i64: 0, 0, -1>, high = array<i64: 0, 0, -2>, mode = #graph.pad_mode<constant>, value = 0.0 : f32} : (tensor<1x2x5xf32>) -> tensor<1x2x2xf32>
  return %r : tensor<1x2x2xf32>
}

func.func @pad_constant_f16(%0: tensor<1x2x5xf16>) -> (tensor<1x2x6xf16>) attributes {
    conformance.inputs = [dense<[[[0.75, -1.4375, -0.8125, -1.1875, 0.4375], [-2.9375, -0.125, -1.25, -0.75, 2.125]]]> : tensor<1x2x5xf16>],
    conformance.expected = [dense<[[[1.5, 1.5, 0.75, -1.4375, -0.8125, -1.1875], [1.5, 1.5, -2.9375, -0.125, -1.25, -0.75]]]> : tensor<1x2x6xf16>],
    conformance.tolerance = 0.00100000000000000} {
  %r = graph.pad %0 {low = array<i64: 0, 0, 2>, high = array<i64: 0, 0, -1>, mode = #graph.pad_mode<constant>, value = 1.5 : f16} : (tensor<1x2x5xf16>) -> tensor<1x2x6xf16>
  return %r : tensor<1x2x6xf16>
}

func.func @pad_constant_bf16(%0: tensor<1x2x5xbf16>) -> (tensor<1x2x6xbf16>) attributes {
    conformance.inputs = [dense<[[[0.75, -1.4375, -0.8125, -1.1875, 0.4375], [-2.9375, -0.125, -1.25, -0.75, 2.125]]]> : tensor<1x2x5xbf16>],
    conformance.expected = [dense<[[[1.5, 1.5, 0.75, -1.4375, -0.8125, -1.1875], [1.5, 1.5, -2.9375, -0.125, -1.25, -0.75]]]> : tensor<1x2x6xbf16>],
    conformance.tolerance = 0.00800000000000000} {
  %r = graph.pad %0 {low = array<i64: 0, 0, 2>, high = array<i64: 0, 0, -1>, mode = #graph.pad_mode<constant>, value = 1.5 : bf16} : (tensor<1x2x5xbf16>) -> tensor<1x2x6xbf16>
  return %r : tensor<1x2x6xbf16>
}

func.func @pad_constant_f64(%0: tensor<1x2x5xf64>) -> (tensor<1x2x6xf64>) attributes {
    conformance.inputs = [dense<[[[0.75, -1.4375, -0.8125, -1.1875, 0.4375], [-2.9375, -0.125, -1.25, -0.75, 2.125]]]> : tensor<1x2x5xf64>],
    conformance.expected = [dense<[[[1.5, 1.5, 0.75, -1.4375, -0.8125, -1.1875], [1.5, 1.5, -2.9375, -0.125, -1.25, -0.75]]]> : tensor<1x2x6xf64>],
    conformance.tolerance = 0.00000000000010000} {
  %r = graph.pad %0 {low = array<i64: 0, 0, 2>, high = array<i64: 0, 0, -1>, mode = #graph.pad_mode<constant>, value = 1.5 : f64} : (tensor<1x2x5xf64>) -> tensor<1x2x6xf64>
  return %r : tensor<1x2x6xf64>
}

func.func @pad_constant_i64(%0: tensor<1x2x5xi64>) -> (tensor<1x2x6xi64>) attributes {
    conformance.inputs = [dense<[[[-2, 3, 1, -1, 9], [-8, -6, 9, -7, -9]]]> : tensor<1x2x5xi64>],
    conformance.expected = [dense<[[[7, 7, -2, 3, 1, -1], [7, 7, -8, -6, 9, -7]]]> : tensor<1x2x6xi64>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.pad %0 {low = array<i64: 0, 0, 2>, high = array<i64: 0, 0, -1>, mode = #graph.pad_mode<constant>, value = 7 : i64} : (tensor<1x2x5xi64>) -> tensor<1x2x6xi64>
  return %r : tensor<1x2x6xi64>
}

func.func @concat_empty(%0: tensor<0x3xf32>, %1: tensor<2x3xf32>) -> (tensor<2x3xf32>) attributes {
    conformance.inputs = [dense<> : tensor<0x3xf32>, dense<[[0.75, -1.4375, -0.8125], [-1.1875, 0.4375, -2.9375]]> : tensor<2x3xf32>],
    conformance.expected = [dense<[[0.75, -1.4375, -0.8125], [-1.1875, 0.4375, -2.9375]]> : tensor<2x3xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.concat %0, %1 {dim = 0 : i64} : (tensor<0x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %r : tensor<2x3xf32>
}
