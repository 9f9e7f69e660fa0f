// SPDX-License-Identifier: Apache-2.0
// Written by test/python/make_conformance.py; do not edit.
// RUN: lathe-opt %s -o /dev/null

func.func @abs_none(%0: tensor<0x3xf32>) -> (tensor<0x3xf32>) attributes {
    conformance.inputs = [dense<> : tensor<0x3xf32>],
    conformance.expected = [dense<> : tensor<0x3xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.abs %0 : (tensor<0x3xf32>) -> tensor<0x3xf32>
  return %r : tensor<0x3xf32>
}

func.func @neg_none(%0: tensor<0x3xf32>) -> (tensor<0x3xf32>) attributes {
    conformance.inputs = [dense<> : tensor<0x3xf32>],
    conformance.expected = [dense<> : tensor<0x3xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.neg %0 : (tensor<0x3xf32>) -> tensor<0x3xf32>
  return %r : tensor<0x3xf32>
}

func.func @exp_none(%0: tensor<0x3xf32>) -> (tensor<0x3xf32>) attributes {
    conformance.inputs = [dense<> : tensor<0x3xf32>],
    conformance.expected = [dense<> : tensor<0x3xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.exp %0 : (tensor<0x3xf32>) -> tensor<0x3xf32>
  return %r : tensor<0x3xf32>
}

func.func @exp2_none(%0: tensor<0x3xf32>) -> (tensor<0x3xf32>) attributes {
    conformance.inputs = [dense<> : tensor<0x3xf32>],
    conformance.expected = [dense<> : tensor<0x3xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.exp2 %0 : (tensor<0x3xf32>) -> tensor<0x3xf32>
  return %r : tensor<0x3xf32>
}

func.func @expm1_none(%0: tensor<0x3xf32>) -> (tensor<0x3xf32>) attributes {
    conformance.inputs = [dense<> : tensor<0x3xf32>],
    conformance.expected = [dense<> : tensor<0x3xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.expm1 %0 : (tensor<0x3xf32>) -> tensor<0x3xf32>
  return %r : tensor<0x3xf32>
}

func.func @log_none(%0: tensor<0x3xf32>) -> (tensor<0x3xf32>) attributes {
    conformance.inputs = [dense<> : tensor<0x3xf32>],
    conformance.expected = [dense<> : tensor<0x3xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.log %0 : (tensor<0x3xf32>) -> tensor<0x3xf32>
  return %r : tensor<0x3xf32>
}

func.func @log2_none(%0: tensor<0x3xf32>) -> (tensor<0x3xf32>) attributes {
    conformance.inputs = [dense<> : tensor<0x3xf32>],
    conformance.expected = [dense<> : tensor<0x3xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.log2 %0 : (tensor<0x3xf32>) -> tensor<0x3xf32>
  return %r : tensor<0x3xf32>
}

func.func @log10_none(%0: tensor<0x3xf32>) -> (tensor<0x3xf32>) attributes {
    conformance.inputs = [dense<> : tensor<0x3xf32>],
    conformance.expected = [dense<> : tensor<0x3xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.log10 %0 : (tensor<0x3xf32>) -> tensor<0x3xf32>
  return %r : tensor<0x3xf32>
}

func.func @log1p_none(%0: tensor<0x3xf32>) -> (tensor<0x3xf32>) attributes {
    conformance.inputs = [dense<> : tensor<0x3xf32>],
    conformance.expected = [dense<> : tensor<0x3xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.log1p %0 : (tensor<0x3xf32>) -> tensor<0x3xf32>
  return %r : tensor<0x3xf32>
}

func.func @sqrt_none(%0: tensor<0x3xf32>) -> (tensor<0x3xf32>) attributes {
    conformance.inputs = [dense<> : tensor<0x3xf32>],
    conformance.expected = [dense<> : tensor<0x3xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.sqrt %0 : (tensor<0x3xf32>) -> tensor<0x3xf32>
  return %r : tensor<0x3xf32>
}

func.func @rsqrt_none(%0: tensor<0x3xf32>) -> (tensor<0x3xf32>) attributes {
    conformance.inputs = [dense<> : tensor<0x3xf32>],
    conformance.expected = [dense<> : tensor<0x3xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.rsqrt %0 : (tensor<0x3xf32>) -> tensor<0x3xf32>
  return %r : tensor<0x3xf32>
}

func.func @reciprocal_none(%0: tensor<0x3xf32>) -> (tensor<0x3xf32>) attributes {
    conformance.inputs = [dense<> : tensor<0x3xf32>],
    conformance.expected = [dense<> : tensor<0x3xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.reciprocal %0 : (tensor<0x3xf32>) -> tensor<0x3xf32>
  return %r : tensor<0x3xf32>
}

func.func @sin_none(%0: tensor<0x3xf32>) -> (tensor<0x3xf32>) attributes {
    conformance.inputs = [dense<> : tensor<0x3xf32>],
    conformance.expected = [dense<> : tensor<0x3xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.sin %0 : (tensor<0x3xf32>) -> tensor<0x3xf32>
  return %r : tensor<0x3xf32>
}

func.func @cos_none(%0: tensor<0x3xf32>) -> (tensor<0x3xf32>) attributes {
    conformance.inputs = [dense<> : tensor<0x3xf32>],
    conformance.expected = [dense<> : tensor<0x3xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.cos %0 : (tensor<0x3xf32>) -> tensor<0x3xf32>
  return %r : tensor<0x3xf32>
}

func.func @tan_none(%0: tensor<0x3xf32>) -> (tensor<0x3xf32>) attributes {
    conformance.inputs = [dense<> : tensor<0x3xf32>],
    conformance.expected = [dense<> : tensor<0x3xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.tan %0 : (tensor<0x3xf32>) -> tensor<0x3xf32>
  return %r : tensor<0x3xf32>
}

func.func @tanh_none(%0: tensor<0x3xf32>) -> (tensor<0x3xf32>) attributes {
    conformance.inputs = [dense<> : tensor<0x3xf32>],
    conformance.expected = [dense<> : tensor<0x3xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.tanh %0 : (tensor<0x3xf32>) -> tensor<0x3xf32>
  return %r : tensor<0x3xf32>
}

func.func @atan_none(%0: tensor<0x3xf32>) -> (tensor<0x3xf32>) attributes {
    conformance.inputs = [dense<> : tensor<0x3xf32>],
    conformance.expected = [dense<> : tensor<0x3xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.atan %0 : (tensor<0x3xf32>) -> tensor<0x3xf32>
  return %r : tensor<0x3xf32>
}

func.func @erf_none(%0: tensor<0x3xf32>) -> (tensor<0x3xf32>) attributes {
    conformance.inputs = [dense<> : tensor<0x3xf32>],
    conformance.expected = [dense<> : tensor<0x3xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.erf %0 : (tensor<0x3xf32>) -> tensor<0x3xf32>
  return %r : tensor<0x3xf32>
}

func.func @sigmoid_none(%0: tensor<0x3xf32>) -> (tensor<0x3xf32>) attributes {
    conformance.inputs = [dense<> : tensor<0x3xf32>],
    conformance.expected = [dense<> : tensor<0x3xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.sigmoid %0 : (tensor<0x3xf32>) -> tensor<0x3xf32>
  return %r : tensor<0x3xf32>
}

func.func @silu_none(%0: tensor<0x3xf32>) -> (tensor<0x3xf32>) attributes {
    conformance.inputs = [dense<> : tensor<0x3xf32>],
    conformance.expected = [dense<> : tensor<0x3xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.silu %0 : (tensor<0x3xf32>) -> tensor<0x3xf32>
  return %r : tensor<0x3xf32>
}

func.func @hardsigmoid_none(%0: tensor<0x3xf32>) -> (tensor<0x3xf32>) attributes {
    conformance.inputs = [dense<> : tensor<0x3xf32>],
    conformance.expected = [dense<> : tensor<0x3xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.hardsigmoid %0 : (tensor<0x3xf32>) -> tensor<0x3xf32>
  return %r : tensor<0x3xf32>
}

func.func @hardswish_none(%0: tensor<0x3xf32>) -> (tensor<0x3xf32>) attributes {
    conformance.inputs = [dense<> : tensor<0x3xf32>],
    conformance.expected = [dense<> : tensor<0x3xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.hardswish %0 : (tensor<0x3xf32>) -> tensor<0x3xf32>
  return %r : tensor<0x3xf32>
}

func.func @relu_none(%0: tensor<0x3xf32>) -> (tensor<0x3xf32>) attributes {
    conformance.inputs = [dense<> : tensor<0x3xf32>],
    conformance.expected = [dense<> : tensor<0x3xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.relu %0 : (tensor<0x3xf32>) -> tensor<0x3xf32>
  return %r : tensor<0x3xf32>
}

func.func @floor_none(%0: tensor<0x3xf32>) -> (tensor<0x3xf32>) attributes {
    conformance.inputs = [dense<> : tensor<0x3xf32>],
    conformance.expected = [dense<> : tensor<0x3xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.floor %0 : (tensor<0x3xf32>) -> tensor<0x3xf32>
  return %r : tensor<0x3xf32>
}

func.func @ceil_none(%0: tensor<0x3xf32>) -> (tensor<0x3xf32>) attributes {
    conformance.inputs = [dense<> : tensor<0x3xf32>],
    conformance.expected = [dense<> : tensor<0x3xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.ceil %0 : (tensor<0x3xf32>) -> tensor<0x3xf32>
  return %r : tensor<0x3xf32>
}

func.func @trunc_none(%0: tensor<0x3xf32>) -> (tensor<0x3xf32>) attributes {
    conformance.inputs = [dense<> : tensor<0x3xf32>],
    conformance.expected = [dense<> : tensor<0x3xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.trunc %0 : (tensor<0x3xf32>) -> tensor<0x3xf32>
  return %r : tensor<0x3xf32>
}

func.func @round_none(%0: tensor<0x3xf32>) -> (tensor<0x3xf32>) attributes {
    conformance.inputs = [dense<> : tensor<0x3xf32>],
    conformance.expected = [dense<> : tensor<0x3xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.round %0 : (tensor<0x3xf32>) -> tensor<0x3xf32>
  return %r : tensor<0x3xf32>
}

func.func @gelu_none(%0: tensor<0x3xf32>) -> (tensor<0x3xf32>) attributes {
    conformance.inputs = [dense<> : tensor<0x3xf32>],
    conformance.expected = [dense<> : tensor<0x3xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.gelu %0 : (tensor<0x3xf32>) -> tensor<0x3xf32>
  return %r : tensor<0x3xf32>
}

func.func @sign_none(%0: tensor<0x3xf32>) -> (tensor<0x3xf32>) attributes {
    conformance.inputs = [dense<> : tensor<0x3xf32>],
    conformance.expected = [dense<> : tensor<0x3xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.sign %0 : (tensor<0x3xf32>) -> tensor<0x3xf32>
  return %r : tensor<0x3xf32>
}

func.func @not_none(%0: tensor<0x3xi1>) -> (tensor<0x3xi1>) attributes {
    conformance.inputs = [dense<> : tensor<0x3xi1>],
    conformance.expected = [dense<> : tensor<0x3xi1>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.not %0 : (tensor<0x3xi1>) -> tensor<0x3xi1>
  return %r : tensor<0x3xi1>
}

func.func @clamp_none(%0: tensor<0x3xf32>) -> (tensor<0x3xf32>) attributes {
    conformance.inputs = [dense<> : tensor<0x3xf32>],
    conformance.expected = [dense<> : tensor<0x3xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.clamp %0 {low = -1.0 : f64, high = 1.0 : f64} : (tensor<0x3xf32>) -> tensor<0x3xf32>
  return %r : tensor<0x3xf32>
}

func.func @leaky_relu_none(%0: tensor<0x3xf32>) -> (tensor<0x3xf32>) attributes {
    conformance.inputs = [dense<> : tensor<0x3xf32>],
    conformance.expected = [dense<> : tensor<0x3xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.leaky_relu %0 {slope = 0.01 : f64} : (tensor<0x3xf32>) -> tensor<0x3xf32>
  return %r : tensor<0x3xf32>
}

func.func @elu_none(%0: tensor<0x3xf32>) -> (tensor<0x3xf32>) attributes {
    conformance.inputs = [dense<> : tensor<0x3xf32>],
    conformance.expected = [dense<> : tensor<0x3xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.elu %0 {alpha = 1.0 : f64, scale = 1.0 : f64, input_scale = 1.0 : f64} : (tensor<0x3xf32>) -> tensor<0x3xf32>
  return %r : tensor<0x3xf32>
}

func.func @cast_none_i8(%0: tensor<0x3xf32>) -> (tensor<0x3xi8>) attributes {
    conformance.inputs = [dense<> : tensor<0x3xf32>],
    conformance.expected = [dense<> : tensor<0x3xi8>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.cast %0 {to = i8} : (tensor<0x3xf32>) -> tensor<0x3xi8>
  return %r : tensor<0x3xi8>
}

func.func @cast_none_bf16(%0: tensor<0x3xf32>) -> (tensor<0x3xbf16>) attributes {
    conformance.inputs = [dense<> : tensor<0x3xf32>],
    conformance.expected = [dense<> : tensor<0x3xbf16>],
    conformance.tolerance = 0.00800000000000000} {
  %r = graph.cast %0 {to = bf16} : (tensor<0x3xf32>) -> tensor<0x3xbf16>
  return %r : tensor<0x3xbf16>
}

func.func @cast_none_i1(%0: tensor<0x3xf32>) -> (tensor<0x3xi1>) attributes {
    conformance.inputs = [dense<> : tensor<0x3xf32>],
    conformance.expected = [dense<> : tensor<0x3xi1>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.cast %0 {to = i1} : (tensor<0x3xf32>) -> tensor<0x3xi1>
  return %r : tensor<0x3xi1>
}

func.func @add_rows(%0: tensor<0x3xf32>, %1: tensor<2x0x3xf32>) -> (tensor<2x0x3xf32>) attributes {
    conformance.inputs = [dense<> : tensor<0x3xf32>, dense<> : tensor<2x0x3xf32>],
    conformance.expected = [dense<> : tensor<2x0x3xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.add %0, %1 : (tensor<0x3xf32>, tensor<2x0x3xf32>) -> tensor<2x0x3xf32>
  return %r : tensor<2x0x3xf32>
}

func.func @add_integers(%0: tensor<0x3xi32>, %1: tensor<1x3xi32>) -> (tensor<0x3xi32>) attributes {
    conformance.inputs = [dense<> : tensor<0x3xi32>, dense<[[-2, 3, 1]]> : tensor<1x3xi32>],
    conformance.expected = [dense<> : tensor<0x3xi32>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.add %0, %1 : (tensor<0x3xi32>, tensor<1x3xi32>) -> tensor<0x3xi32>
  return %r : tensor<0x3xi32>
}

func.func @sub_rows(%0: tensor<0x3xf32>, %1: tensor<2x0x3xf32>) -> (tensor<2x0x3xf32>) attributes {
    conformance.inputs = [dense<> : tensor<0x3xf32>, dense<> : tensor<2x0x3xf32>],
    conformance.expected = [dense<> : tensor<2x0x3xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.sub %0, %1 : (tensor<0x3xf32>, tensor<2x0x3xf32>) -> tensor<2x0x3xf32>
  return %r : tensor<2x0x3xf32>
}

func.func @sub_integers(%0: tensor<0x3xi32>, %1: tensor<1x3xi32>) -> (tensor<0x3xi32>) attributes {
    conformance.inputs = [dense<> : tensor<0x3xi32>, dense<[[-2, 3, 1]]> : tensor<1x3xi32>],
    conformance.expected = [dense<> : tensor<0x3xi32>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.sub %0, %1 : (tensor<0x3xi32>, tensor<1x3xi32>) -> tensor<0x3xi32>
  return %r : tensor<0x3xi32>
}

func.func @mul_rows(%0: tensor<0x3xf32>, %1: tensor<2x0x3xf32>) -> (tensor<2x0x3xf32>) attributes {
    conformance.inputs = [dense<> : tensor<0x3xf32>, dense<> : tensor<2x0x3xf32>],
    conformance.expected = [dense<> : tensor<2x0x3xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.mul %0, %1 : (tensor<0x3xf32>, tensor<2x0x3xf32>) -> tensor<2x0x3xf32>
  return %r : tensor<2x0x3xf32>
}

func.func @mul_integers(%0: tensor<0x3xi32>, %1: tensor<1x3xi32>) -> (tensor<0x3xi32>) attributes {
    conformance.inputs = [dense<> : tensor<0x3xi32>, dense<[[-2, 3, 1]]> : tensor<1x3xi32>],
    conformance.expected = [dense<> : tensor<0x3xi32>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.mul %0, %1 : (tensor<0x3xi32>, tensor<1x3xi32>) -> tensor<0x3xi32>
  return %r : tensor<0x3xi32>
}

func.func @div_rows(%0: tensor<0x3xf32>, %1: tensor<2x0x3xf32>) -> (tensor<2x0x3xf32>) attributes {
    conformance.inputs = [dense<> : tensor<0x3xf32>, dense<> : tensor<2x0x3xf32>],
    conformance.expected = [dense<> : tensor<2x0x3xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.div %0, %1 : (tensor<0x3xf32>, tensor<2x0x3xf32>) -> tensor<2x0x3xf32>
  return %r : tensor<2x0x3xf32>
}

func.func @maximum_rows(%0: tensor<0x3xf32>, %1: tensor<2x0x3xf32>) -> (tensor<2x0x3xf32>) attributes {
    conformance.inputs = [dense<> : tensor<0x3xf32>, dense<> : tensor<2x0x3xf32>],
    conformance.expected = [dense<> : tensor<2x0x3xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.maximum %0, %1 : (tensor<0x3xf32>, tensor<2x0x3xf32>) -> tensor<2x0x3xf32>
  return %r : tensor<2x0x3xf32>
}

func.func @maximum_integers(%0: tensor<0x3xi32>, %1: tensor<1x3xi32>) -> (tensor<0x3xi32>) attributes {
    conformance.inputs = [dense<> : tensor<0x3xi32>, dense<[[-2, 3, 1]]> : tensor<1x3xi32>],
    conformance.expected = [dense<> : tensor<0x3xi32>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.maximum %0, %1 : (tensor<0x3xi32>, tensor<1x3xi32>) -> tensor<0x3xi32>
  return %r : tensor<0x3xi32>
}

func.func @minimum_rows(%0: tensor<0x3xf32>, %1: tensor<2x0x3xf32>) -> (tensor<2x0x3xf32>) attributes {
    conformance.inputs = [dense<> : tensor<0x3xf32>, dense<> : tensor<2x0x3xf32>],
    conformance.expected = [dense<> : tensor<2x0x3xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.minimum %0, %1 : (tensor<0x3xf32>, tensor<2x0x3xf32>) -> tensor<2x0x3xf32>
  return %r : tensor<2x0x3xf32>
}

func.func @minimum_integers(%0: tensor<0x3xi32>, %1: tensor<1x3xi32>) -> (tensor<0x3xi32>) attributes {
    conformance.inputs = [dense<> : tensor<0x3xi32>, dense<[[-2, 3, 1]]> : tensor<1x3xi32>],
    conformance.expected = [dense<> : tensor<0x3xi32>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.minimum %0, %1 : (tensor<0x3xi32>, tensor<1x3xi32>) -> tensor<0x3xi32>
  return %r : tensor<0x3xi32>
}

func.func @pow_rows(%0: tensor<0x3xf32>, %1: tensor<2x0x3xf32>) -> (tensor<2x0x3xf32>) attributes {
    conformance.inputs = [dense<> : tensor<0x3xf32>, dense<> : tensor<2x0x3xf32>],
    conformance.expected = [dense<> : tensor<2x0x3xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.pow %0, %1 : (tensor<0x3xf32>, tensor<2x0x3xf32>) -> tensor<2x0x3xf32>
  return %r : tensor<2x0x3xf32>
}

func.func @pow_integers(%0: tensor<0x3xi32>, %1: tensor<1x3xi32>) -> (tensor<0x3xi32>) attributes {
    conformance.inputs = [dense<> : tensor<0x3xi32>, dense<[[-2, 3, 1]]> : tensor<1x3xi32>],
    conformance.expected = [dense<> : tensor<0x3xi32>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.pow %0, %1 : (tensor<0x3xi32>, tensor<1x3xi32>) -> tensor<0x3xi32>
  return %r : tensor<0x3xi32>
}

func.func @atan2_rows(%0: tensor<0x3xf32>, %1: tensor<2x0x3xf32>) -> (tensor<2x0x3xf32>) attributes {
    conformance.inputs = [dense<> : tensor<0x3xf32>, dense<> : tensor<2x0x3xf32>],
    conformance.expected = [dense<> : tensor<2x0x3xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.atan2 %0, %1 : (tensor<0x3xf32>, tensor<2x0x3xf32>) -> tensor<2x0x3xf32>
  return %r : tensor<2x0x3xf32>
}

func.func @fmod_rows(%0: tensor<0x3xf32>, %1: tensor<2x0x3xf32>) -> (tensor<2x0x3xf32>) attributes {
    conformance.inputs = [dense<> : tensor<0x3xf32>, dense<> : tensor<2x0x3xf32>],
    conformance.expected = [dense<> : tensor<2x0x3xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.fmod %0, %1 : (tensor<0x3xf32>, tensor<2x0x3xf32>) -> tensor<2x0x3xf32>
  return %r : tensor<2x0x3xf32>
}

func.func @fmod_integers(%0: tensor<0x3xi32>, %1: tensor<1x3xi32>) -> (tensor<0x3xi32>) attributes {
    conformance.inputs = [dense<> : tensor<0x3xi32>, dense<[[-2, 3, 1]]> : tensor<1x3xi32>],
    conformance.expected = [dense<> : tensor<0x3xi32>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.fmod %0, %1 : (tensor<0x3xi32>, tensor<1x3xi32>) -> tensor<0x3xi32>
  return %r : tensor<0x3xi32>
}

func.func @floor_div_rows(%0: tensor<0x3xf32>, %1: tensor<2x0x3xf32>) -> (tensor<2x0x3xf32>) attributes {
    conformance.inputs = [dense<> : tensor<0x3xf32>, dense<> : tensor<2x0x3xf32>],
    conformance.expected = [dense<> : tensor<2x0x3xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.floor_div %0, %1 : (tensor<0x3xf32>, tensor<2x0x3xf32>) -> tensor<2x0x3xf32>
  return %r : tensor<2x0x3xf32>
}

func.func @floor_div_integers(%0: tensor<0x3xi32>, %1: tensor<1x3xi32>) -> (tensor<0x3xi32>) attributes {
    conformance.inputs = [dense<> : tensor<0x3xi32>, dense<[[-2, 3, 1]]> : tensor<1x3xi32>],
    conformance.expected = [dense<> : tensor<0x3xi32>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.floor_div %0, %1 : (tensor<0x3xi32>, tensor<1x3xi32>) -> tensor<0x3xi32>
  return %r : tensor<0x3xi32>
}

func.func @remainder_rows(%0: tensor<0x3xf32>, %1: tensor<2x0x3xf32>) -> (tensor<2x0x3xf32>) attributes {
    conformance.inputs = [dense<> : tensor<0x3xf32>, dense<> : tensor<2x0x3xf32>],
    conformance.expected = [dense<> : tensor<2x0x3xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.remainder %0, %1 : (tensor<0x3xf32>, tensor<2x0x3xf32>) -> tensor<2x0x3xf32>
  return %r : tensor<2x0x3xf32>
}

func.func @remainder_integers(%0: tensor<0x3xi32>, %1: tensor<1x3xi32>) -> (tensor<0x3xi32>) attributes {
    conformance.inputs = [dense<> : tensor<0x3xi32>, dense<[[-2, 3, 1]]> : tensor<1x3xi32>],
    conformance.expected = [dense<> : tensor<0x3xi32>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.remainder %0, %1 : (tensor<0x3xi32>, tensor<1x3xi32>) -> tensor<0x3xi32>
  return %r : tensor<0x3xi32>
}

func.func @trunc_div_rows(%0: tensor<0x3xf32>, %1: tensor<2x0x3xf32>) -> (tensor<2x0x3xf32>) attributes {
    conformance.inputs = [dense<> : tensor<0x3xf32>, dense<> : tensor<2x0x3xf32>],
    conformance.expected = [dense<> : tensor<2x0x3xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.trunc_div %0, %1 : (tensor<0x3xf32>, tensor<2x0x3xf32>) -> tensor<2x0x3xf32>
  return %r : tensor<2x0x3xf32>
}

func.func @trunc_div_integers(%0: tensor<0x3xi32>, %1: tensor<1x3xi32>) -> (tensor<0x3xi32>) attributes {
    conformance.inputs = [dense<> : tensor<0x3xi32>, dense<[[-2, 3, 1]]> : tensor<1x3xi32>],
    conformance.expected = [dense<> : tensor<0x3xi32>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.trunc_div %0, %1 : (tensor<0x3xi32>, tensor<1x3xi32>) -> tensor<0x3xi32>
  return %r : tensor<0x3xi32>
}

func.func @and_rows(%0: tensor<0x3xi32>, %1: tensor<1x3xi32>) -> (tensor<0x3xi32>) attributes {
    conformance.inputs = [dense<> : tensor<0x3xi32>, dense<[[-2, 3, 1]]> : tensor<1x3xi32>],
    conformance.expected = [dense<> : tensor<0x3xi32>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.and %0, %1 : (tensor<0x3xi32>, tensor<1x3xi32>) -> tensor<0x3xi32>
  return %r : tensor<0x3xi32>
}

func.func @or_rows(%0: tensor<0x3xi32>, %1: tensor<1x3xi32>) -> (tensor<0x3xi32>) attributes {
    conformance.inputs = [dense<> : tensor<0x3xi32>, dense<[[-2, 3, 1]]> : tensor<1x3xi32>],
    conformance.expected = [dense<> : tensor<0x3xi32>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.or %0, %1 : (tensor<0x3xi32>, tensor<1x3xi32>) -> tensor<0x3xi32>
  return %r : tensor<0x3xi32>
}

func.func @xor_rows(%0: tensor<0x3xi32>, %1: tensor<1x3xi32>) -> (tensor<0x3xi32>) attributes {
    conformance.inputs = [dense<> : tensor<0x3xi32>, dense<[[-2, 3, 1]]> : tensor<1x3xi32>],
    conformance.expected = [dense<> : tensor<0x3xi32>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.xor %0, %1 : (tensor<0x3xi32>, tensor<1x3xi32>) -> tensor<0x3xi32>
  return %r : tensor<0x3xi32>
}

func.func @compare_rows(%0: tensor<0x3xf32>, %1: tensor<2x0x3xf32>) -> (tensor<2x0x3xi1>) attributes {
    conformance.inputs = [dense<> : tensor<0x3xf32>, dense<> : tensor<2x0x3xf32>],
    conformance.expected = [dense<> : tensor<2x0x3xi1>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.compare %0, %1 {kind = #graph.compare_kind<lt>} : (tensor<0x3xf32>, tensor<2x0x3xf32>) -> tensor<2x0x3xi1>
  return %r : tensor<2x0x3xi1>
}

func.func @where_rows(%0: tensor<2x1x1xi1>, %1: tensor<0x3xf32>, %2: tensor<3xf32>) -> (tensor<2x0x3xf32>) attributes {
    conformance.inputs = [dense<[[[true]], [[true]]]> : tensor<2x1x1xi1>, dense<> : tensor<0x3xf32>, dense<[0.75, -1.4375, -0.8125]> : tensor<3xf32>],
    conformance.expected = [dense<> : tensor<2x0x3xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.where %0, %1, %2 : (tensor<2x1x1xi1>, tensor<0x3xf32>, tensor<3xf32>) -> tensor<2x0x3xf32>
  return %r : tensor<2x0x3xf32>
}

func.func @permute_middle(%0: tensor<2x0x4xf32>) -> (tensor<0x4x2xf32>) attributes {
    conformance.inputs = [dense<> : tensor<2x0x4xf32>],
    conformance.expected = [dense<> : tensor<0x4x2xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.permute %0 {permutation = array<i64: 1, 2, 0>} : (tensor<2x0x4xf32>) -> tensor<0x4x2xf32>
  return %r : tensor<0x4x2xf32>
}

func.func @reshape_split(%0: tensor<2x0x4xf32>) -> (tensor<0x2x2xf32>) attributes {
    conformance.inputs = [dense<> : tensor<2x0x4xf32>],
    conformance.expected = [dense<> : tensor<0x2x2xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.reshape %0 {dims = #graph.dims<[0, 2, 2]>} : (tensor<2x0x4xf32>) -> tensor<0x2x2xf32>
  return %r : tensor<0x2x2xf32>
}

func.func @reshape_flat(%0: tensor<2x0x4xf32>) -> (tensor<0xf32>) attributes {
    conformance.inputs = [dense<> : tensor<2x0x4xf32>],
    conformance.expected = [dense<> : tensor<0xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.reshape %0 {dims = #graph.dims<[0]>} : (tensor<2x0x4xf32>) -> tensor<0xf32>
  return %r : tensor<0xf32>
}

func.func @reshape_grown(%0: tensor<0xf32>) -> (tensor<3x0xf32>) attributes {
    conformance.inputs = [dense<> : tensor<0xf32>],
    conformance.expected = [dense<> : tensor<3x0xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.reshape %0 {dims = #graph.dims<[3, 0]>} : (tensor<0xf32>) -> tensor<3x0xf32>
  return %r : tensor<3x0xf32>
}

func.func @broadcast_rows(%0: tensor<0x1xf32>) -> (tensor<2x0x3xf32>) attributes {
    conformance.inputs = [dense<> : tensor<0x1xf32>],
    conformance.expected = [dense<> : tensor<2x0x3xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.broadcast %0 {dims = #graph.dims<[2, 0, 3]>} : (tensor<0x1xf32>) -> tensor<2x0x3xf32>
  return %r : tensor<2x0x3xf32>
}

func.func @broadcast_away(%0: tensor<1x3xf32>) -> (tensor<0x3xf32>) attributes {
    conformance.inputs = [dense<[[0.75, -1.4375, -0.8125]]> : tensor<1x3xf32>],
    conformance.expected = [dense<> : tensor<0x3xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.broadcast %0 {dims = #graph.dims<[0, 3]>} : (tensor<1x3xf32>) -> tensor<0x3xf32>
  return %r : tensor<0x3xf32>
}

func.func @slice_begin(%0: tensor<2x5xf32>) -> (tensor<2x0xf32>) attributes {
    conformance.inputs = [dense<[[0.75, -1.4375, -0.8125, -1.1875, 0.4375], [-2.9375, -0.125, -1.25, -0.75, 2.125]]> : tensor<2x5xf32>],
    conformance.expected = [dense<> : tensor<2x0xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.slice %0 {starts = #graph.dims<[0, 0]>, sizes = #graph.dims<[2, 0]>, steps = array<i64: 1, 1>} : (tensor<2x5xf32>) -> tensor<2x0xf32>
  return %r : tensor<2x0xf32>
}

func.func @slice_end(%0: tensor<2x5xf32>) -> (tensor<2x0xf32>) attributes {
    conformance.inputs = [dense<[[0.75, -1.4375, -0.8125, -1.1875, 0.4375], [-2.9375, -0.125, -1.25, -0.75, 2.125]]> : tensor<2x5xf32>],
    conformance.expected = [dense<> : tensor<2x0xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.slice %0 {starts = #graph.dims<[0, 5]>, sizes = #graph.dims<[2, 0]>, steps = array<i64: 1, 1>} : (tensor<2x5xf32>) -> tensor<2x0xf32>
  return %r : tensor<2x0xf32>
}

func.func @slice_stepped(%0: tensor<2x5xf32>) -> (tensor<2x0xf32>) attributes {
    conformance.inputs = [dense<[[0.75, -1.4375, -0.8125, -1.1875, 0.4375], [-2.9375, -0.125, -1.25, -0.75, 2.125]]> : tensor<2x5xf32>],
    conformance.expected = [dense<> : tensor<2x0xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.slice %0 {starts = #graph.dims<[0, 5]>, sizes = #graph.dims<[2, 0]>, steps = array<i64: 1, 2>} : (tensor<2x5xf32>) -> tensor<2x0xf32>
  return %r : tensor<2x0xf32>
}

func.func @slice_reversed(%0: tensor<2x5xf32>) -> (tensor<2x0xf32>) attributes {
    conformance.inputs = [dense<[[0.75, -1.4375, -0.8125, -1.1875, 0.4375], [-2.9375, -0.125, -1.25, -0.75, 2.125]]> : tensor<2x5xf32>],
    conformance.expected = [dense<> : tensor<2x0xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.slice %0 {starts = #graph.dims<[0, 0]>, sizes = #graph.dims<[2, 0]>, steps = array<i64: 1, -1>} : (tensor<2x5xf32>) -> tensor<2x0xf32>
  return %r : tensor<2x0xf32>
}

func.func @slice_rows(%0: tensor<2x0x4xf32>) -> (tensor<2x0x2xf32>) attributes {
    conformance.inputs = [dense<> : tensor<2x0x4xf32>],
    conformance.expected = [dense<> : tensor<2x0x2xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.slice %0 {starts = #graph.dims<[0, 0, 1]>, sizes = #graph.dims<[2, 0, 2]>, steps = array<i64: 1, 1, 1>} : (tensor<2x0x4xf32>) -> tensor<2x0x2xf32>
  return %r : tensor<2x0x2xf32>
}

func.func @slice_mirrored(%0: tensor<2x0x4xf32>) -> (tensor<2x0x4xf32>) attributes {
    conformance.inputs = [dense<> : tensor<2x0x4xf32>],
    conformance.expected = [dense<> : tensor<2x0x4xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.slice %0 {starts = #graph.dims<[0, -1, 0]>, sizes = #graph.dims<[2, 0, 4]>, steps = array<i64: 1, -1, 1>} : (tensor<2x0x4xf32>) -> tensor<2x0x4xf32>
  return %r : tensor<2x0x4xf32>
}

func.func @concat_first(%0: tensor<2x0x4xf32>, %1: tensor<2x3x4xf32>) -> (tensor<2x3x4xf32>) attributes {
    conformance.inputs = [dense<> : tensor<2x0x4xf32>, dense<[[[0.75, -1.4375, -0.8125, -1.1875], [0.4375, -2.9375, -0.125, -1.25], [-0.75, 2.125, 0.4375, 1.1875]], [[-2.25, 2.6875, -0.5625, -2.25], [-1.3125, 0.375, -0.25, -2.125], [0.125, 1.8125, -1.75, 0.375]]]> : tensor<2x3x4xf32>],
    conformance.expected = [dense<[[[0.75, -1.4375, -0.8125, -1.1875], [0.4375, -2.9375, -0.125, -1.25], [-0.75, 2.125, 0.4375, 1.1875]], [[-2.25, 2.6875, -0.5625, -2.25], [-1.3125, 0.375, -0.25, -2.125], [0.125, 1.8125, -1.75, 0.375]]]> : tensor<2x3x4xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.concat %0, %1 {dim = 1 : i64} : (tensor<2x0x4xf32>, tensor<2x3x4xf32>) -> tensor<2x3x4xf32>
  return %r : tensor<2x3x4xf32>
}

func.func @concat_last(%0: tensor<2x3x4xf32>, %1: tensor<2x0x4xf32>) -> (tensor<2x3x4xf32>) attributes {
    conformance.inputs = [dense<[[[0.75, -1.4375, -0.8125, -1.1875], [0.4375, -2.9375, -0.125, -1.25], [-0.75, 2.125, 0.4375, 1.1875]], [[-2.25, 2.6875, -0.5625, -2.25], [-1.3125, 0.375, -0.25, -2.125], [0.125, 1.8125, -1.75, 0.375]]]> : tensor<2x3x4xf32>, dense<> : tensor<2x0x4xf32>],
    conformance.expected = [dense<[[[0.75, -1.4375, -0.8125, -1.1875], [0.4375, -2.9375, -0.125, -1.25], [-0.75, 2.125, 0.4375, 1.1875]], [[-2.25, 2.6875, -0.5625, -2.25], [-1.3125, 0.375, -0.25, -2.125], [0.125, 1.8125, -1.75, 0.375]]]> : tensor<2x3x4xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.concat %0, %1 {dim = 1 : i64} : (tensor<2x3x4xf32>, tensor<2x0x4xf32>) -> tensor<2x3x4xf32>
  return %r : tensor<2x3x4xf32>
}

func.func @concat_all(%0: tensor<2x0x4xf32>, %1: tensor<2x0x4xf32>) -> (tensor<2x0x4xf32>) attributes {
    conformance.inputs = [dense<> : tensor<2x0x4xf32>, dense<> : tensor<2x0x4xf32>],
    conformance.expected = [dense<> : tensor<2x0x4xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.concat %0, %1 {dim = 1 : i64} : (tensor<2x0x4xf32>, tensor<2x0x4xf32>) -> tensor<2x0x4xf32>
  return %r : tensor<2x0x4xf32>
}

func.func @concat_across(%0: tensor<2x0x4xf32>, %1: tensor<2x0x4xf32>) -> (tensor<4x0x4xf32>) attributes {
    conformance.inputs = [dense<> : tensor<2x0x4xf32>, dense<> : tensor<2x0x4xf32>],
    conformance.expected = [dense<> : tensor<4x0x4xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.concat %0, %1 {dim = 0 : i64} : (tensor<2x0x4xf32>, tensor<2x0x4xf32>) -> tensor<4x0x4xf32>
  return %r : tensor<4x0x4xf32>
}

func.func @insert_slice_begin(%0: tensor<2x5xf32>, %1: tensor<2x0xf32>) -> (tensor<2x5xf32>) attributes {
    conformance.inputs = [dense<[[0.75, -1.4375, -0.8125, -1.1875, 0.4375], [-2.9375, -0.125, -1.25, -0.75, 2.125]]> : tensor<2x5xf32>, dense<> : tensor<2x0xf32>],
    conformance.expected = [dense<[[0.75, -1.4375, -0.8125, -1.1875, 0.4375], [-2.9375, -0.125, -1.25, -0.75, 2.125]]> : tensor<2x5xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.insert_slice %0, %1 {starts = #graph.dims<[0, 0]>, steps = array<i64: 1, 1>} : (tensor<2x5xf32>, tensor<2x0xf32>) -> tensor<2x5xf32>
  return %r : tensor<2x5xf32>
}

func.func @insert_slice_end(%0: tensor<2x5xf32>, %1: tensor<2x0xf32>) -> (tensor<2x5xf32>) attributes {
    conformance.inputs = [dense<[[0.75, -1.4375, -0.8125, -1.1875, 0.4375], [-2.9375, -0.125, -1.25, -0.75, 2.125]]> : tensor<2x5xf32>, dense<> : tensor<2x0xf32>],
    conformance.expected = [dense<[[0.75, -1.4375, -0.8125, -1.1875, 0.4375], [-2.9375, -0.125, -1.25, -0.75, 2.125]]> : tensor<2x5xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.insert_slice %0, %1 {starts = #graph.dims<[0, 5]>, steps = array<i64: 1, 1>} : (tensor<2x5xf32>, tensor<2x0xf32>) -> tensor<2x5xf32>
  return %r : tensor<2x5xf32>
}

func.func @insert_slice_stepped(%0: tensor<2x5xf32>, %1: tensor<2x0xf32>) -> (tensor<2x5xf32>) attributes {
    conformance.inputs = [dense<[[0.75, -1.4375, -0.8125, -1.1875, 0.4375], [-2.9375, -0.125, -1.25, -0.75, 2.125]]> : tensor<2x5xf32>, dense<> : tensor<2x0xf32>],
    conformance.expected = [dense<[[0.75, -1.4375, -0.8125, -1.1875, 0.4375], [-2.9375, -0.125, -1.25, -0.75, 2.125]]> : tensor<2x5xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.insert_slice %0, %1 {starts = #graph.dims<[0, 0]>, steps = array<i64: 1, 2>} : (tensor<2x5xf32>, tensor<2x0xf32>) -> tensor<2x5xf32>
  return %r : tensor<2x5xf32>
}

func.func @insert_slice_reversed(%0: tensor<2x5xf32>, %1: tensor<2x0xf32>) -> (tensor<2x5xf32>) attributes {
    conformance.inputs = [dense<[[0.75, -1.4375, -0.8125, -1.1875, 0.4375], [-2.9375, -0.125, -1.25, -0.75, 2.125]]> : tensor<2x5xf32>, dense<> : tensor<2x0xf32>],
    conformance.expected = [dense<[[0.75, -1.4375, -0.8125, -1.1875, 0.4375], [-2.9375, -0.125, -1.25, -0.75, 2.125]]> : tensor<2x5xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.insert_slice %0, %1 {starts = #graph.dims<[0, 4]>, steps = array<i64: 1, -1>} : (tensor<2x5xf32>, tensor<2x0xf32>) -> tensor<2x5xf32>
  return %r : tensor<2x5xf32>
}

func.func @insert_slice_nowhere(%0: tensor<2x0x4xf32>, %1: tensor<2x0x1xf32>) -> (tensor<2x0x4xf32>) attributes {
    conformance.inputs = [dense<> : tensor<2x0x4xf32>, dense<> : tensor<2x0x1xf32>],
    conformance.expected = [dense<> : tensor<2x0x4xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.insert_slice %0, %1 {starts = #graph.dims<[0, 0, 3]>, steps = array<i64: 1, 1, 1>} : (tensor<2x0x4xf32>, tensor<2x0x1xf32>) -> tensor<2x0x4xf32>
  return %r : tensor<2x0x4xf32>
}

func.func @pad_around(%0: tensor<2x0x4xf32>) -> (tensor<2x3x6xf32>) attributes {
    conformance.inputs = [dense<> : tensor<2x0x4xf32>],
    conformance.expected = [dense<[[[1.5, 1.5, 1.5, 1.5, 1.5, 1.5], [1.5, 1.5, 1.5, 1.5, 1.5, 1.5], [1.5, 1.5, 1.5, 1.5, 1.5, 1.5]], [[1.5, 1.5, 1.5, 1.5, 1.5, 1.5], [1.5, 1.5, 1.5, 1.5, 1.5, 1.5], [1.5, 1.5, 1.5, 1.5, 1.5, 1.5]]]> : tensor<2x3x6xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.pad %0 {low = array<i64: 0, 2, 1>, high = array<i64: 0, 1, 1>, mode = #graph.pad_mode<constant>, value = 1.5 : f32} : (tensor<2x0x4xf32>) -> tensor<2x3x6xf32>
  return %r : tensor<2x3x6xf32>
}

func.func @pad_beside(%0: tensor<2x0x4xf32>) -> (tensor<2x0x6xf32>) attributes {
    conformance.inputs = [dense<> : tensor<2x0x4xf32>],
    conformance.expected = [dense<> : tensor<2x0x6xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.pad %0 {low = array<i64: 0, 0, 1>, high = array<i64: 0, 0, 1>, mode = #graph.pad_mode<constant>, value = 1.5 : f32} : (tensor<2x0x4xf32>) -> tensor<2x0x6xf32>
  return %r : tensor<2x0x6xf32>
}

func.func @pad_before(%0: tensor<2x0xf32>) -> (tensor<2x2xf32>) attributes {
    conformance.inputs = [dense<> : tensor<2x0xf32>],
    conformance.expected = [dense<[[1.5, 1.5], [1.5, 1.5]]> : tensor<2x2xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.pad %0 {low = array<i64: 0, 2>, high = array<i64: 0, 0>, mode = #graph.pad_mode<constant>, value = 1.5 : f32} : (tensor<2x0xf32>) -> tensor<2x2xf32>
  return %r : tensor<2x2xf32>
}

func.func @pad_cropped(%0: tensor<1x2x3xf32>) -> (tensor<1x2x0xf32>) attributes {
    conformance.inputs = [dense<[[[0.75, -1.4375, -0.8125], [-1.1875, 0.4375, -2.9375]]]> : tensor<1x2x3xf32>],
    conformance.expected = [dense<> : tensor<1x2x0xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.pad %0 {low = array<i64: 0, 0, -1>, high = array<i64: 0, 0, -2>, mode = #graph.pad_mode<constant>, value = 0.0 : f32} : (tensor<1x2x3xf32>) -> tensor<1x2x0xf32>
  return %r : tensor<1x2x0xf32>
}

func.func @pad_crossed(%0: tensor<1x2x3xf32>) -> (tensor<1x2x2xf32>) attributes {
    conformance.inputs = [dense<[[[0.75, -1.4375, -0.8125], [-1.1875, 0.4375, -2.9375]]]> : tensor<1x2x3xf32>],
    conformance.expected = [dense<[[[1.5, 1.5], [1.5, 1.5]]]> : tensor<1x2x2xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.pad %0 {low = array<i64: 0, 0, -3>, high = array<i64: 0, 0, 2>, mode = #graph.pad_mode<constant>, value = 1.5 : f32} : (tensor<1x2x3xf32>) -> tensor<1x2x2xf32>
  return %r : tensor<1x2x2xf32>
}

func.func @pad_reflect(%0: tensor<0x2x4xf32>) -> (tensor<0x2x7xf32>) attributes {
    conformance.inputs = [dense<> : tensor<0x2x4xf32>],
    conformance.expected = [dense<> : tensor<0x2x7xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.pad %0 {low = array<i64: 0, 0, 2>, high = array<i64: 0, 0, 1>, mode = #graph.pad_mode<reflect>} : (tensor<0x2x4xf32>) -> tensor<0x2x7xf32>
  return %r : tensor<0x2x7xf32>
}

func.func @pad_replicate(%0: tensor<0x2x4xf32>) -> (tensor<0x2x7xf32>) attributes {
    conformance.inputs = [dense<> : tensor<0x2x4xf32>],
    conformance.expected = [dense<> : tensor<0x2x7xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.pad %0 {low = array<i64: 0, 0, 2>, high = array<i64: 0, 0, 1>, mode = #graph.pad_mode<replicate>} : (tensor<0x2x4xf32>) -> tensor<0x2x7xf32>
  return %r : tensor<0x2x7xf32>
}

func.func @pad_circular(%0: tensor<0x2x4xf32>) -> (tensor<0x2x7xf32>) attributes {
    conformance.inputs = [dense<> : tensor<0x2x4xf32>],
    conformance.expected = [dense<> : tensor<0x2x7xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.pad %0 {low = array<i64: 0, 0, 2>, high = array<i64: 0, 0, 1>, mode = #graph.pad_mode<circular>} : (tensor<0x2x4xf32>) -> tensor<0x2x7xf32>
  return %r : tensor<0x2x7xf32>
}

func.func @gather_nowhere(%0: tensor<4x3xf32>, %1: tensor<2x0xi64>) -> (tensor<2x0x3xf32>) attributes {
    conformance.inputs = [dense<[[0.75, -1.4375, -0.8125], [-1.1875, 0.4375, -2.9375], [-0.125, -1.25, -0.75], [2.125, 0.4375, 1.1875]]> : tensor<4x3xf32>, dense<> : tensor<2x0xi64>],
    conformance.expected = [dense<> : tensor<2x0x3xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.gather %0, %1 {dim = 0 : i64} : (tensor<4x3xf32>, tensor<2x0xi64>) -> tensor<2x0x3xf32>
  return %r : tensor<2x0x3xf32>
}

func.func @gather_columns(%0: tensor<4x0xf32>, %1: tensor<3xi64>) -> (tensor<3x0xf32>) attributes {
    conformance.inputs = [dense<> : tensor<4x0xf32>, dense<[1, 0, -1]> : tensor<3xi64>],
    conformance.expected = [dense<> : tensor<3x0xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.gather %0, %1 {dim = 0 : i64} : (tensor<4x0xf32>, tensor<3xi64>) -> tensor<3x0xf32>
  return %r : tensor<3x0xf32>
}

func.func @gather_nothing(%0: tensor<0x3xf32>, %1: tensor<0xi64>) -> (tensor<0x3xf32>) attributes {
    conformance.inputs = [dense<> : tensor<0x3xf32>, dense<> : tensor<0xi64>],
    conformance.expected = [dense<> : tensor<0x3xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.gather %0, %1 {dim = 0 : i64} : (tensor<0x3xf32>, tensor<0xi64>) -> tensor<0x3xf32>
  return %r : tensor<0x3xf32>
}

func.func @gather_elements_nowhere(%0: tensor<4x3xf32>, %1: tensor<0x3xi64>) -> (tensor<0x3xf32>) attributes {
    conformance.inputs = [dense<[[0.75, -1.4375, -0.8125], [-1.1875, 0.4375, -2.9375], [-0.125, -1.25, -0.75], [2.125, 0.4375, 1.1875]]> : tensor<4x3xf32>, dense<> : tensor<0x3xi64>],
    conformance.expected = [dense<> : tensor<0x3xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.gather_elements %0, %1 {dim = 0 : i64} : (tensor<4x3xf32>, tensor<0x3xi64>) -> tensor<0x3xf32>
  return %r : tensor<0x3xf32>
}

func.func @gather_elements_nothing(%0: tensor<0x3xf32>, %1: tensor<0x3xi64>) -> (tensor<0x3xf32>) attributes {
    conformance.inputs = [dense<> : tensor<0x3xf32>, dense<> : tensor<0x3xi64>],
    conformance.expected = [dense<> : tensor<0x3xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.gather_elements %0, %1 {dim = 0 : i64} : (tensor<0x3xf32>, tensor<0x3xi64>) -> tensor<0x3xf32>
  return %r : tensor<0x3xf32>
}

func.func @gather_elements_columns(%0: tensor<4x0xf32>, %1: tensor<2x0xi64>) -> (tensor<2x0xf32>) attributes {
    conformance.inputs = [dense<> : tensor<4x0xf32>, dense<> : tensor<2x0xi64>],
    conformance.expected = [dense<> : tensor<2x0xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.gather_elements %0, %1 {dim = 0 : i64} : (tensor<4x0xf32>, tensor<2x0xi64>) -> tensor<2x0xf32>
  return %r : tensor<2x0xf32>
}

func.func @index_nowhere(%0: tensor<4x3xf32>, %1: tensor<0xi64>, %2: tensor<0xi64>) -> (tensor<0xf32>) attributes {
    conformance.inputs = [dense<[[0.75, -1.4375, -0.8125], [-1.1875, 0.4375, -2.9375], [-0.125, -1.25, -0.75], [2.125, 0.4375, 1.1875]]> : tensor<4x3xf32>, dense<> : tensor<0xi64>, dense<> : tensor<0xi64>],
    conformance.expected = [dense<> : tensor<0xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.index %0, %1, %2 {dims = array<i64: 0, 1>} : (tensor<4x3xf32>, tensor<0xi64>, tensor<0xi64>) -> tensor<0xf32>
  return %r : tensor<0xf32>
}

func.func @index_broadcast(%0: tensor<4x3xf32>, %1: tensor<0xi64>, %2: tensor<1xi64>) -> (tensor<0xf32>) attributes {
    conformance.inputs = [dense<[[0.75, -1.4375, -0.8125], [-1.1875, 0.4375, -2.9375], [-0.125, -1.25, -0.75], [2.125, 0.4375, 1.1875]]> : tensor<4x3xf32>, dense<> : tensor<0xi64>, dense<[1]> : tensor<1xi64>],
    conformance.expected = [dense<> : tensor<0xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.index %0, %1, %2 {dims = array<i64: 0, 1>} : (tensor<4x3xf32>, tensor<0xi64>, tensor<1xi64>) -> tensor<0xf32>
  return %r : tensor<0xf32>
}

func.func @index_columns(%0: tensor<4x0xf32>, %1: tensor<3xi64>) -> (tensor<3x0xf32>) attributes {
    conformance.inputs = [dense<> : tensor<4x0xf32>, dense<[1, 0, -1]> : tensor<3xi64>],
    conformance.expected = [dense<> : tensor<3x0xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.index %0, %1 {dims = array<i64: 0>} : (tensor<4x0xf32>, tensor<3xi64>) -> tensor<3x0xf32>
  return %r : tensor<3x0xf32>
}

func.func @index_nothing(%0: tensor<0x3xf32>, %1: tensor<0xi64>) -> (tensor<0x3xf32>) attributes {
    conformance.inputs = [dense<> : tensor<0x3xf32>, dense<> : tensor<0xi64>],
    conformance.expected = [dense<> : tensor<0x3xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.index %0, %1 {dims = array<i64: 0>} : (tensor<0x3xf32>, tensor<0xi64>) -> tensor<0x3xf32>
  return %r : tensor<0x3xf32>
}

func.func @index_put_nowhere(%0: tensor<4x3xf32>, %1: tensor<0x3xf32>, %2: tensor<0xi64>) -> (tensor<4x3xf32>) attributes {
    conformance.inputs = [dense<[[0.75, -1.4375, -0.8125], [-1.1875, 0.4375, -2.9375], [-0.125, -1.25, -0.75], [2.125, 0.4375, 1.1875]]> : tensor<4x3xf32>, dense<> : tensor<0x3xf32>, dense<> : tensor<0xi64>],
    conformance.expected = [dense<[[0.75, -1.4375, -0.8125], [-1.1875, 0.4375, -2.9375], [-0.125, -1.25, -0.75], [2.125, 0.4375, 1.1875]]> : tensor<4x3xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.index_put %0, %1, %2 {dims = array<i64: 0>} : (tensor<4x3xf32>, tensor<0x3xf32>, tensor<0xi64>) -> tensor<4x3xf32>
  return %r : tensor<4x3xf32>
}

func.func @index_put_points(%0: tensor<4x3xf32>, %1: tensor<0xf32>, %2: tensor<0xi64>, %3: tensor<0xi64>) -> (tensor<4x3xf32>) attributes {
    conformance.inputs = [dense<[[0.75, -1.4375, -0.8125], [-1.1875, 0.4375, -2.9375], [-0.125, -1.25, -0.75], [2.125, 0.4375, 1.1875]]> : tensor<4x3xf32>, dense<> : tensor<0xf32>, dense<> : tensor<0xi64>, dense<> : tensor<0xi64>],
    conformance.expected = [dense<[[0.75, -1.4375, -0.8125], [-1.1875, 0.4375, -2.9375], [-0.125, -1.25, -0.75], [2.125, 0.4375, 1.1875]]> : tensor<4x3xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.index_put %0, %1, %2, %3 {dims = array<i64: 0, 1>} : (tensor<4x3xf32>, tensor<0xf32>, tensor<0xi64>, tensor<0xi64>) -> tensor<4x3xf32>
  return %r : tensor<4x3xf32>
}

func.func @index_put_columns(%0: tensor<4x0xf32>, %1: tensor<3x0xf32>, %2: tensor<3xi64>) -> (tensor<4x0xf32>) attributes {
    conformance.inputs = [dense<> : tensor<4x0xf32>, dense<> : tensor<3x0xf32>, dense<[1, 0, -1]> : tensor<3xi64>],
    conformance.expected = [dense<> : tensor<4x0xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.index_put %0, %1, %2 {dims = array<i64: 0>} : (tensor<4x0xf32>, tensor<3x0xf32>, tensor<3xi64>) -> tensor<4x0xf32>
  return %r : tensor<4x0xf32>
}

func.func @index_put_nothing(%0: tensor<0x3xf32>, %1: tensor<0x3xf32>, %2: tensor<0xi64>) -> (tensor<0x3xf32>) attributes {
    conformance.inputs = [dense<> : tensor<0x3xf32>, dense<> : tensor<0x3xf32>, dense<> : tensor<0xi64>],
    conformance.expected = [dense<> : tensor<0x3xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.index_put %0, %1, %2 {dims = array<i64: 0>} : (tensor<0x3xf32>, tensor<0x3xf32>, tensor<0xi64>) -> tensor<0x3xf32>
  return %r : tensor<0x3xf32>
}

func.func @index_put_scalar(%0: tensor<4x3xf32>, %1: tensor<1xf32>, %2: tensor<0xi64>) -> (tensor<4x3xf32>) attributes {
    conformance.inputs = [dense<[[0.75, -1.4375, -0.8125], [-1.1875, 0.4375, -2.9375], [-0.125, -1.25, -0.75], [2.125, 0.4375, 1.1875]]> : tensor<4x3xf32>, dense<[0.75]> : tensor<1xf32>, dense<> : tensor<0xi64>],
    conformance.expected = [dense<[[0.75, -1.4375, -0.8125], [-1.1875, 0.4375, -2.9375], [-0.125, -1.25, -0.75], [2.125, 0.4375, 1.1875]]> : tensor<4x3xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.index_put %0, %1, %2 {dims = array<i64: 0>} : (tensor<4x3xf32>, tensor<1xf32>, tensor<0xi64>) -> tensor<4x3xf32>
  return %r : tensor<4x3xf32>
}

func.func @index_put_nowhere_accumulate(%0: tensor<4x3xf32>, %1: tensor<0x3xf32>, %2: tensor<0xi64>) -> (tensor<4x3xf32>) attributes {
    conformance.inputs = [dense<[[0.75, -1.4375, -0.8125], [-1.1875, 0.4375, -2.9375], [-0.125, -1.25, -0.75], [2.125, 0.4375, 1.1875]]> : tensor<4x3xf32>, dense<> : tensor<0x3xf32>, dense<> : tensor<0xi64>],
    conformance.expected = [dense<[[0.75, -1.4375, -0.8125], [-1.1875, 0.4375, -2.9375], [-0.125, -1.25, -0.75], [2.125, 0.4375, 1.1875]]> : tensor<4x3xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.index_put %0, %1, %2 {dims = array<i64: 0>, accumulate} : (tensor<4x3xf32>, tensor<0x3xf32>, tensor<0xi64>) -> tensor<4x3xf32>
  return %r : tensor<4x3xf32>
}

func.func @index_put_points_accumulate(%0: tensor<4x3xf32>, %1: tensor<0xf32>, %2: tensor<0xi64>, %3: tensor<0xi64>) -> (tensor<4x3xf32>) attributes {
    conformance.inputs = [dense<[[0.75, -1.4375, -0.8125], [-1.1875, 0.4375, -2.9375], [-0.125, -1.25, -0.75], [2.125, 0.4375, 1.1875]]> : tensor<4x3xf32>, dense<> : tensor<0xf32>, dense<> : tensor<0xi64>, dense<> : tensor<0xi64>],
    conformance.expected = [dense<[[0.75, -1.4375, -0.8125], [-1.1875, 0.4375, -2.9375], [-0.125, -1.25, -0.75], [2.125, 0.4375, 1.1875]]> : tensor<4x3xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.index_put %0, %1, %2, %3 {dims = array<i64: 0, 1>, accumulate} : (tensor<4x3xf32>, tensor<0xf32>, tensor<0xi64>, tensor<0xi64>) -> tensor<4x3xf32>
  return %r : tensor<4x3xf32>
}

func.func @index_put_columns_accumulate(%0: tensor<4x0xf32>, %1: tensor<3x0xf32>, %2: tensor<3xi64>) -> (tensor<4x0xf32>) attributes {
    conformance.inputs = [dense<> : tensor<4x0xf32>, dense<> : tensor<3x0xf32>, dense<[1, 0, -1]> : tensor<3xi64>],
    conformance.expected = [dense<> : tensor<4x0xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.index_put %0, %1, %2 {dims = array<i64: 0>, accumulate} : (tensor<4x0xf32>, tensor<3x0xf32>, tensor<3xi64>) -> tensor<4x0xf32>
  return %r : tensor<4x0xf32>
}

func.func @index_put_nothing_accumulate(%0: tensor<0x3xf32>, %1: tensor<0x3xf32>, %2: tensor<0xi64>) -> (tensor<0x3xf32>) attributes {
    conformance.inputs = [dense<> : tensor<0x3xf32>, dense<> : tensor<0x3xf32>, dense<> : tensor<0xi64>],
    conformance.expected = [dense<> : tensor<0x3xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.index_put %0, %1, %2 {dims = array<i64: 0>, accumulate} : (tensor<0x3xf32>, tensor<0x3xf32>, tensor<0xi64>) -> tensor<0x3xf32>
  return %r : tensor<0x3xf32>
}

func.func @index_put_scalar_accumulate(%0: tensor<4x3xf32>, %1: tensor<1xf32>, %2: tensor<0xi64>) -> (tensor<4x3xf32>) attributes {
    conformance.inputs = [dense<[[0.75, -1.4375, -0.8125], [-1.1875, 0.4375, -2.9375], [-0.125, -1.25, -0.75], [2.125, 0.4375, 1.1875]]> : tensor<4x3xf32>, dense<[0.75]> : tensor<1xf32>, dense<> : tensor<0xi64>],
    conformance.expected = [dense<[[0.75, -1.4375, -0.8125], [-1.1875, 0.4375, -2.9375], [-0.125, -1.25, -0.75], [2.125, 0.4375, 1.1875]]> : tensor<4x3xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.index_put %0, %1, %2 {dims = array<i64: 0>, accumulate} : (tensor<4x3xf32>, tensor<1xf32>, tensor<0xi64>) -> tensor<4x3xf32>
  return %r : tensor<4x3xf32>
}

func.func @linear_rows(%0: tensor<2x0x5xf32>, %1: tensor<4x5xf32>, %2: tensor<4xf32>) -> (tensor<2x0x4xf32>) attributes {
    conformance.inputs = [dense<> : tensor<2x0x5xf32>, dense<[[0.75, -1.4375, -0.8125, -1.1875, 0.4375], [-2.9375, -0.125, -1.25, -0.75, 2.125], [0.4375, 1.1875, -2.25, 2.6875, -0.5625], [-2.25, -1.3125, 0.375, -0.25, -2.125]]> : tensor<4x5xf32>, dense<[2.875, -1.8125, 1.4375, 2.5625]> : tensor<4xf32>],
    conformance.expected = [dense<> : tensor<2x0x4xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.linear %0, %1, %2 : (tensor<2x0x5xf32>, tensor<4x5xf32>, tensor<4xf32>) -> tensor<2x0x4xf32>
  return %r : tensor<2x0x4xf32>
}

func.func @linear_depth(%0: tensor<3x0xf32>, %1: tensor<4x0xf32>, %2: tensor<4xf32>) -> (tensor<3x4xf32>) attributes {
    conformance.inputs = [dense<> : tensor<3x0xf32>, dense<> : tensor<4x0xf32>, dense<[2.875, -1.8125, 1.4375, 2.5625]> : tensor<4xf32>],
    conformance.expected = [dense<[[2.875, -1.8125, 1.4375, 2.5625], [2.875, -1.8125, 1.4375, 2.5625], [2.875, -1.8125, 1.4375, 2.5625]]> : tensor<3x4xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.linear %0, %1, %2 : (tensor<3x0xf32>, tensor<4x0xf32>, tensor<4xf32>) -> tensor<3x4xf32>
  return %r : tensor<3x4xf32>
}

func.func @linear_depth_plain(%0: tensor<3x0xf32>, %1: tensor<4x0xf32>) -> (tensor<3x4xf32>) attributes {
    conformance.inputs = [dense<> : tensor<3x0xf32>, dense<> : tensor<4x0xf32>],
    conformance.expected = [dense<[[0.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0]]> : tensor<3x4xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.linear %0, %1 : (tensor<3x0xf32>, tensor<4x0xf32>) -> tensor<3x4xf32>
  return %r : tensor<3x4xf32>
}

func.func @linear_features(%0: tensor<3x5xf32>, %1: tensor<0x5xf32>, %2: tensor<0xf32>) -> (tensor<3x0xf32>) attributes {
    conformance.inputs = [dense<[[0.75, -1.4375, -0.8125, -1.1875, 0.4375], [-2.9375, -0.125, -1.25, -0.75, 2.125], [0.4375, 1.1875, -2.25, 2.6875, -0.5625]]> : tensor<3x5xf32>, dense<> : tensor<0x5xf32>, dense<> : tensor<0xf32>],
    conformance.expected = [dense<> : tensor<3x0xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.linear %0, %1, %2 : (tensor<3x5xf32>, tensor<0x5xf32>, tensor<0xf32>) -> tensor<3x0xf32>
  return %r : tensor<3x0xf32>
}

func.func @matmul_rows(%0: tensor<0x3xf32>, %1: tensor<3x2xf32>) -> (tensor<0x2xf32>) attributes {
    conformance.inputs = [dense<> : tensor<0x3xf32>, dense<[[0.75, -1.4375], [-0.8125, -1.1875], [0.4375, -2.9375]]> : tensor<3x2xf32>],
    conformance.expected = [dense<> : tensor<0x2xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.matmul %0, %1 : (tensor<0x3xf32>, tensor<3x2xf32>) -> tensor<0x2xf32>
  return %r : tensor<0x2xf32>
}

func.func @matmul_rows_i32(%0: tensor<0x3xi32>, %1: tensor<3x2xi32>) -> (tensor<0x2xi32>) attributes {
    conformance.inputs = [dense<> : tensor<0x3xi32>, dense<[[-2, 3], [1, -1], [9, -8]]> : tensor<3x2xi32>],
    conformance.expected = [dense<> : tensor<0x2xi32>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.matmul %0, %1 : (tensor<0x3xi32>, tensor<3x2xi32>) -> tensor<0x2xi32>
  return %r : tensor<0x2xi32>
}

func.func @matmul_columns(%0: tensor<2x3xf32>, %1: tensor<3x0xf32>) -> (tensor<2x0xf32>) attributes {
    conformance.inputs = [dense<[[0.75, -1.4375, -0.8125], [-1.1875, 0.4375, -2.9375]]> : tensor<2x3xf32>, dense<> : tensor<3x0xf32>],
    conformance.expected = [dense<> : tensor<2x0xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.matmul %0, %1 : (tensor<2x3xf32>, tensor<3x0xf32>) -> tensor<2x0xf32>
  return %r : tensor<2x0xf32>
}

func.func @matmul_columns_i32(%0: tensor<2x3xi32>, %1: tensor<3x0xi32>) -> (tensor<2x0xi32>) attributes {
    conformance.inputs = [dense<[[-2, 3, 1], [-1, 9, -8]]> : tensor<2x3xi32>, dense<> : tensor<3x0xi32>],
    conformance.expected = [dense<> : tensor<2x0xi32>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.matmul %0, %1 : (tensor<2x3xi32>, tensor<3x0xi32>) -> tensor<2x0xi32>
  return %r : tensor<2x0xi32>
}

func.func @matmul_depth(%0: tensor<2x3x0xf32>, %1: tensor<0x4xf32>) -> (tensor<2x3x4xf32>) attributes {
    conformance.inputs = [dense<> : tensor<2x3x0xf32>, dense<> : tensor<0x4xf32>],
    conformance.expected = [dense<[[[0.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0]], [[0.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0]]]> : tensor<2x3x4xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.matmul %0, %1 : (tensor<2x3x0xf32>, tensor<0x4xf32>) -> tensor<2x3x4xf32>
  return %r : tensor<2x3x4xf32>
}

func.func @matmul_depth_i32(%0: tensor<2x3x0xi32>, %1: tensor<0x4xi32>) -> (tensor<2x3x4xi32>) attributes {
    conformance.inputs = [dense<> : tensor<2x3x0xi32>, dense<> : tensor<0x4xi32>],
    conformance.expected = [dense<[[[0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]], [[0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]]]> : tensor<2x3x4xi32>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.matmul %0, %1 : (tensor<2x3x0xi32>, tensor<0x4xi32>) -> tensor<2x3x4xi32>
  return %r : tensor<2x3x4xi32>
}

func.func @matmul_batch(%0: tensor<0x2x3xf32>, %1: tensor<3x4xf32>) -> (tensor<0x2x4xf32>) attributes {
    conformance.inputs = [dense<> : tensor<0x2x3xf32>, dense<[[0.75, -1.4375, -0.8125, -1.1875], [0.4375, -2.9375, -0.125, -1.25], [-0.75, 2.125, 0.4375, 1.1875]]> : tensor<3x4xf32>],
    conformance.expected = [dense<> : tensor<0x2x4xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.matmul %0, %1 : (tensor<0x2x3xf32>, tensor<3x4xf32>) -> tensor<0x2x4xf32>
  return %r : tensor<0x2x4xf32>
}

func.func @matmul_batch_i32(%0: tensor<0x2x3xi32>, %1: tensor<3x4xi32>) -> (tensor<0x2x4xi32>) attributes {
    conformance.inputs = [dense<> : tensor<0x2x3xi32>, dense<[[-2, 3, 1, -1], [9, -8, -6, 9], [-7, -9, 2, -6]]> : tensor<3x4xi32>],
    conformance.expected = [dense<> : tensor<0x2x4xi32>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.matmul %0, %1 : (tensor<0x2x3xi32>, tensor<3x4xi32>) -> tensor<0x2x4xi32>
  return %r : tensor<0x2x4xi32>
}

func.func @matmul_outer(%0: tensor<0x0xf32>, %1: tensor<0x0xf32>) -> (tensor<0x0xf32>) attributes {
    conformance.inputs = [dense<> : tensor<0x0xf32>, dense<> : tensor<0x0xf32>],
    conformance.expected = [dense<> : tensor<0x0xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.matmul %0, %1 : (tensor<0x0xf32>, tensor<0x0xf32>) -> tensor<0x0xf32>
  return %r : tensor<0x0xf32>
}

func.func @matmul_outer_i32(%0: tensor<0x0xi32>, %1: tensor<0x0xi32>) -> (tensor<0x0xi32>) attributes {
    conformance.inputs = [dense<> : tensor<0x0xi32>, dense<> : tensor<0x0xi32>],
    conformance.expected = [dense<> : tensor<0x0xi32>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.matmul %0, %1 : (tensor<0x0xi32>, tensor<0x0xi32>) -> tensor<0x0xi32>
  return %r : tensor<0x0xi32>
}

func.func @sdpa_batch(%0: tensor<0x1x3x4xf32>, %1: tensor<0x1x5x4xf32>, %2: tensor<0x1x5x4xf32>) -> (tensor<0x1x3x4xf32>) attributes {
    conformance.inputs = [dense<> : tensor<0x1x3x4xf32>, dense<> : tensor<0x1x5x4xf32>, dense<> : tensor<0x1x5x4xf32>],
    conformance.expected = [dense<> : tensor<0x1x3x4xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.sdpa %0, %1, %2 {scale = 0.5 : f64} : (tensor<0x1x3x4xf32>, tensor<0x1x5x4xf32>, tensor<0x1x5x4xf32>) -> tensor<0x1x3x4xf32>
  return %r : tensor<0x1x3x4xf32>
}

func.func @sdpa_queries(%0: tensor<2x1x0x4xf32>, %1: tensor<2x1x5x4xf32>, %2: tensor<2x1x5x4xf32>) -> (tensor<2x1x0x4xf32>) attributes {
    conformance.inputs = [dense<> : tensor<2x1x0x4xf32>, dense<[[[[0.75, -1.4375, -0.8125, -1.1875], [0.4375, -2.9375, -0.125, -1.25], [-0.75, 2.125, 0.4375, 1.1875], [-2.25, 2.6875, -0.5625, -2.25], [-1.3125, 0.375, -0.25, -2.125]]], [[[0.125, 1.8125, -1.75, 0.375], [-0.5, -2.0625, 0.6875, -1.6875], [-0.9375, -2.25, -1.4375, 0.875], [1.25, 0.9375, 0.875, -2.75], [1.0625, -2.6875, -2.25, 2.875]]]]> : tensor<2x1x5x4xf32>, dense<[[[[0.75, -1.4375, -0.8125, -1.1875], [0.4375, -2.9375, -0.125, -1.25], [-0.75, 2.125, 0.4375, 1.1875], [-2.25, 2.6875, -0.5625, -2.25], [-1.3125, 0.375, -0.25, -2.125]]], [[[0.125, 1.8125, -1.75, 0.375], [-0.5, -2.0625, 0.6875, -1.6875], [-0.9375, -2.25, -1.4375, 0.875], [1.25, 0.9375, 0.875, -2.75], [1.0625, -2.6875, -2.25, 2.875]]]]> : tensor<2x1x5x4xf32>],
    conformance.expected = [dense<> : tensor<2x1x0x4xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.sdpa %0, %1, %2 {scale = 0.5 : f64} : (tensor<2x1x0x4xf32>, tensor<2x1x5x4xf32>, tensor<2x1x5x4xf32>) -> tensor<2x1x0x4xf32>
  return %r : tensor<2x1x0x4xf32>
}

func.func @sdpa_keys(%0: tensor<2x1x3x4xf32>, %1: tensor<2x1x0x4xf32>, %2: tensor<2x1x0x4xf32>) -> (tensor<2x1x3x4xf32>) attributes {
    conformance.inputs = [dense<[[[[0.75, -1.4375, -0.8125, -1.1875], [0.4375, -2.9375, -0.125, -1.25], [-0.75, 2.125, 0.4375, 1.1875]]], [[[-2.25, 2.6875, -0.5625, -2.25], [-1.3125, 0.375, -0.25, -2.125], [0.125, 1.8125, -1.75, 0.375]]]]> : tensor<2x1x3x4xf32>, dense<> : tensor<2x1x0x4xf32>, dense<> : tensor<2x1x0x4xf32>],
    conformance.expected = [dense<[[[[0.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0]]], [[[0.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0]]]]> : tensor<2x1x3x4xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.sdpa %0, %1, %2 {scale = 0.5 : f64} : (tensor<2x1x3x4xf32>, tensor<2x1x0x4xf32>, tensor<2x1x0x4xf32>) -> tensor<2x1x3x4xf32>
  return %r : tensor<2x1x3x4xf32>
}

func.func @sdpa_depth(%0: tensor<2x1x3x0xf32>, %1: tensor<2x1x5x0xf32>, %2: tensor<2x1x5x4xf32>) -> (tensor<2x1x3x4xf32>) attributes {
    conformance.inputs = [dense<> : tensor<2x1x3x0xf32>, dense<> : tensor<2x1x5x0xf32>, dense<[[[[0.75, -1.4375, -0.8125, -1.1875], [0.75, -1.4375, -0.8125, -1.1875], [0.75, -1.4375, -0.8125, -1.1875], [0.75, -1.4375, -0.8125, -1.1875], [0.75, -1.4375, -0.8125, -1.1875]]], [[[0.125, 1.8125, -1.75, 0.375], [0.125, 1.8125, -1.75, 0.375], [0.125, 1.8125, -1.75, 0.375], [0.125, 1.8125, -1.75, 0.375], [0.125, 1.8125, -1.75, 0.375]]]]> : tensor<2x1x5x4xf32>],
    conformance.expected = [dense<[[[[0.75, -1.4375, -0.8125000596046448, -1.1875], [0.75, -1.4375, -0.8125000596046448, -1.1875], [0.75, -1.4375, -0.8125000596046448, -1.1875]]], [[[0.125, 1.8125, -1.75, 0.375], [0.125, 1.8125, -1.75, 0.375], [0.125, 1.8125, -1.75, 0.375]]]]> : tensor<2x1x3x4xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.sdpa %0, %1, %2 {scale = 0.5 : f64} : (tensor<2x1x3x0xf32>, tensor<2x1x5x0xf32>, tensor<2x1x5x4xf32>) -> tensor<2x1x3x4xf32>
  return %r : tensor<2x1x3x4xf32>
}

func.func @sdpa_values(%0: tensor<2x1x3x4xf32>, %1: tensor<2x1x5x4xf32>, %2: tensor<2x1x5x0xf32>) -> (tensor<2x1x3x0xf32>) attributes {
    conformance.inputs = [dense<[[[[0.75, -1.4375, -0.8125, -1.1875], [0.4375, -2.9375, -0.125, -1.25], [-0.75, 2.125, 0.4375, 1.1875]]], [[[-2.25, 2.6875, -0.5625, -2.25], [-1.3125, 0.375, -0.25, -2.125], [0.125, 1.8125, -1.75, 0.375]]]]> : tensor<2x1x3x4xf32>, dense<[[[[0.75, -1.4375, -0.8125, -1.1875], [0.4375, -2.9375, -0.125, -1.25], [-0.75, 2.125, 0.4375, 1.1875], [-2.25, 2.6875, -0.5625, -2.25], [-1.3125, 0.375, -0.25, -2.125]]], [[[0.125, 1.8125, -1.75, 0.375], [-0.5, -2.0625, 0.6875, -1.6875], [-0.9375, -2.25, -1.4375, 0.875], [1.25, 0.9375, 0.875, -2.75], [1.0625, -2.6875, -2.25, 2.875]]]]> : tensor<2x1x5x4xf32>, dense<> : tensor<2x1x5x0xf32>],
    conformance.expected = [dense<> : tensor<2x1x3x0xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.sdpa %0, %1, %2 {scale = 0.5 : f64} : (tensor<2x1x3x4xf32>, tensor<2x1x5x4xf32>, tensor<2x1x5x0xf32>) -> tensor<2x1x3x0xf32>
  return %r : tensor<2x1x3x0xf32>
}

func.func @sdpa_mask(%0: tensor<2x1x0x4xf32>, %1: tensor<2x1x5x4xf32>, %2: tensor<2x1x5x4xf32>, %3: tensor<0x5xf32>) -> (tensor<2x1x0x4xf32>) attributes {
    conformance.inputs = [dense<> : tensor<2x1x0x4xf32>, dense<[[[[0.75, -1.4375, -0.8125, -1.1875], [0.4375, -2.9375, -0.125, -1.25], [-0.75, 2.125, 0.4375, 1.1875], [-2.25, 2.6875, -0.5625, -2.25], [-1.3125, 0.375, -0.25, -2.125]]], [[[0.125, 1.8125, -1.75, 0.375], [-0.5, -2.0625, 0.6875, -1.6875], [-0.9375, -2.25, -1.4375, 0.875], [1.25, 0.9375, 0.875, -2.75], [1.0625, -2.6875, -2.25, 2.875]]]]> : tensor<2x1x5x4xf32>, dense<[[[[0.75, -1.4375, -0.8125, -1.1875], [0.4375, -2.9375, -0.125, -1.25], [-0.75, 2.125, 0.4375, 1.1875], [-2.25, 2.6875, -0.5625, -2.25], [-1.3125, 0.375, -0.25, -2.125]]], [[[0.125, 1.8125, -1.75, 0.375], [-0.5, -2.0625, 0.6875, -1.6875], [-0.9375, -2.25, -1.4375, 0.875], [1.25, 0.9375, 0.875, -2.75], [1.0625, -2.6875, -2.25, 2.875]]]]> : tensor<2x1x5x4xf32>, dense<> : tensor<0x5xf32>],
    conformance.expected = [dense<> : tensor<2x1x0x4xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.sdpa %0, %1, %2, %3 {scale = 0.5 : f64} : (tensor<2x1x0x4xf32>, tensor<2x1x5x4xf32>, tensor<2x1x5x4xf32>, tensor<0x5xf32>) -> tensor<2x1x0x4xf32>
  return %r : tensor<2x1x0x4xf32>
}

func.func @reduce_over_sum_f32(%0: tensor<2x0x3xf32>) -> (tensor<2x3xf32>) attributes {
    conformance.inputs = [dense<> : tensor<2x0x3xf32>],
    conformance.expected = [dense<[[0.0, 0.0, 0.0], [0.0, 0.0, 0.0]]> : tensor<2x3xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.reduce %0 {kind = #graph.reduce_kind<sum>, dims = array<i64: 1>} : (tensor<2x0x3xf32>) -> tensor<2x3xf32>
  return %r : tensor<2x3xf32>
}

func.func @reduce_beside_sum_f32(%0: tensor<2x0x3xf32>) -> (tensor<2x0xf32>) attributes {
    conformance.inputs = [dense<> : tensor<2x0x3xf32>],
    conformance.expected = [dense<> : tensor<2x0xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.reduce %0 {kind = #graph.reduce_kind<sum>, dims = array<i64: 2>} : (tensor<2x0x3xf32>) -> tensor<2x0xf32>
  return %r : tensor<2x0xf32>
}

func.func @reduce_over_sum_i32(%0: tensor<2x0x3xi32>) -> (tensor<2x3xi32>) attributes {
    conformance.inputs = [dense<> : tensor<2x0x3xi32>],
    conformance.expected = [dense<[[0, 0, 0], [0, 0, 0]]> : tensor<2x3xi32>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.reduce %0 {kind = #graph.reduce_kind<sum>, dims = array<i64: 1>} : (tensor<2x0x3xi32>) -> tensor<2x3xi32>
  return %r : tensor<2x3xi32>
}

func.func @reduce_beside_sum_i32(%0: tensor<2x0x3xi32>) -> (tensor<2x0xi32>) attributes {
    conformance.inputs = [dense<> : tensor<2x0x3xi32>],
    conformance.expected = [dense<> : tensor<2x0xi32>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.reduce %0 {kind = #graph.reduce_kind<sum>, dims = array<i64: 2>} : (tensor<2x0x3xi32>) -> tensor<2x0xi32>
  return %r : tensor<2x0xi32>
}

func.func @reduce_over_mean_f32(%0: tensor<2x0x3xf32>) -> (tensor<2x3xf32>) attributes {
    conformance.inputs = [dense<> : tensor<2x0x3xf32>],
    conformance.expected = [dense<[[0xFFC00000, 0xFFC00000, 0xFFC00000], [0xFFC00000, 0xFFC00000, 0xFFC00000]]> : tensor<2x3xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.reduce %0 {kind = #graph.reduce_kind<mean>, dims = array<i64: 1>} : (tensor<2x0x3xf32>) -> tensor<2x3xf32>
  return %r : tensor<2x3xf32>
}

func.func @reduce_beside_mean_f32(%0: tensor<2x0x3xf32>) -> (tensor<2x0xf32>) attributes {
    conformance.inputs = [dense<> : tensor<2x0x3xf32>],
    conformance.expected = [dense<> : tensor<2x0xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.reduce %0 {kind = #graph.reduce_kind<mean>, dims = array<i64: 2>} : (tensor<2x0x3xf32>) -> tensor<2x0xf32>
  return %r : tensor<2x0xf32>
}

func.func @reduce_over_prod_f32(%0: tensor<2x0x3xf32>) -> (tensor<2x3xf32>) attributes {
    conformance.inputs = [dense<> : tensor<2x0x3xf32>],
    conformance.expected = [dense<[[1.0, 1.0, 1.0], [1.0, 1.0, 1.0]]> : tensor<2x3xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.reduce %0 {kind = #graph.reduce_kind<prod>, dims = array<i64: 1>} : (tensor<2x0x3xf32>) -> tensor<2x3xf32>
  return %r : tensor<2x3xf32>
}

func.func @reduce_beside_prod_f32(%0: tensor<2x0x3xf32>) -> (tensor<2x0xf32>) attributes {
    conformance.inputs = [dense<> : tensor<2x0x3xf32>],
    conformance.expected = [dense<> : tensor<2x0xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.reduce %0 {kind = #graph.reduce_kind<prod>, dims = array<i64: 2>} : (tensor<2x0x3xf32>) -> tensor<2x0xf32>
  return %r : tensor<2x0xf32>
}

func.func @reduce_over_prod_i32(%0: tensor<2x0x3xi32>) -> (tensor<2x3xi32>) attributes {
    conformance.inputs = [dense<> : tensor<2x0x3xi32>],
    conformance.expected = [dense<[[1, 1, 1], [1, 1, 1]]> : tensor<2x3xi32>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.reduce %0 {kind = #graph.reduce_kind<prod>, dims = array<i64: 1>} : (tensor<2x0x3xi32>) -> tensor<2x3xi32>
  return %r : tensor<2x3xi32>
}

func.func @reduce_beside_prod_i32(%0: tensor<2x0x3xi32>) -> (tensor<2x0xi32>) attributes {
    conformance.inputs = [dense<> : tensor<2x0x3xi32>],
    conformance.expected = [dense<> : tensor<2x0xi32>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.reduce %0 {kind = #graph.reduce_kind<prod>, dims = array<i64: 2>} : (tensor<2x0x3xi32>) -> tensor<2x0xi32>
  return %r : tensor<2x0xi32>
}

func.func @reduce_beside_max_f32(%0: tensor<2x0x3xf32>) -> (tensor<2x0xf32>) attributes {
    conformance.inputs = [dense<> : tensor<2x0x3xf32>],
    conformance.expected = [dense<> : tensor<2x0xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.reduce %0 {kind = #graph.reduce_kind<max>, dims = array<i64: 2>} : (tensor<2x0x3xf32>) -> tensor<2x0xf32>
  return %r : tensor<2x0xf32>
}

func.func @reduce_beside_min_f32(%0: tensor<2x0x3xf32>) -> (tensor<2x0xf32>) attributes {
    conformance.inputs = [dense<> : tensor<2x0x3xf32>],
    conformance.expected = [dense<> : tensor<2x0xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.reduce %0 {kind = #graph.reduce_kind<min>, dims = array<i64: 2>} : (tensor<2x0x3xf32>) -> tensor<2x0xf32>
  return %r : tensor<2x0xf32>
}

func.func @reduce_over_any_i1(%0: tensor<2x0x3xi1>) -> (tensor<2x3xi1>) attributes {
    conformance.inputs = [dense<> : tensor<2x0x3xi1>],
    conformance.expected = [dense<[[false, false, false], [false, false, false]]> : tensor<2x3xi1>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.reduce %0 {kind = #graph.reduce_kind<any>, dims = array<i64: 1>} : (tensor<2x0x3xi1>) -> tensor<2x3xi1>
  return %r : tensor<2x3xi1>
}

func.func @reduce_beside_any_i1(%0: tensor<2x0x3xi1>) -> (tensor<2x0xi1>) attributes {
    conformance.inputs = [dense<> : tensor<2x0x3xi1>],
    conformance.expected = [dense<> : tensor<2x0xi1>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.reduce %0 {kind = #graph.reduce_kind<any>, dims = array<i64: 2>} : (tensor<2x0x3xi1>) -> tensor<2x0xi1>
  return %r : tensor<2x0xi1>
}

func.func @reduce_over_all_i1(%0: tensor<2x0x3xi1>) -> (tensor<2x3xi1>) attributes {
    conformance.inputs = [dense<> : tensor<2x0x3xi1>],
    conformance.expected = [dense<[[true, true, true], [true, true, true]]> : tensor<2x3xi1>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.reduce %0 {kind = #graph.reduce_kind<all>, dims = array<i64: 1>} : (tensor<2x0x3xi1>) -> tensor<2x3xi1>
  return %r : tensor<2x3xi1>
}

func.func @reduce_beside_all_i1(%0: tensor<2x0x3xi1>) -> (tensor<2x0xi1>) attributes {
    conformance.inputs = [dense<> : tensor<2x0x3xi1>],
    conformance.expected = [dense<> : tensor<2x0xi1>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.reduce %0 {kind = #graph.reduce_kind<all>, dims = array<i64: 2>} : (tensor<2x0x3xi1>) -> tensor<2x0xi1>
  return %r : tensor<2x0xi1>
}

func.func @reduce_both(%0: tensor<2x0x3xf32>) -> (tensor<3xf32>) attributes {
    conformance.inputs = [dense<> : tensor<2x0x3xf32>],
    conformance.expected = [dense<[0.0, 0.0, 0.0]> : tensor<3xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.reduce %0 {kind = #graph.reduce_kind<sum>, dims = array<i64: 0, 1>} : (tensor<2x0x3xf32>) -> tensor<3xf32>
  return %r : tensor<3xf32>
}

func.func @reduce_all(%0: tensor<2x0x3xf32>) -> (tensor<f32>) attributes {
    conformance.inputs = [dense<> : tensor<2x0x3xf32>],
    conformance.expected = [dense<0.0> : tensor<f32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.reduce %0 {kind = #graph.reduce_kind<sum>, dims = array<i64: 0, 1, 2>} : (tensor<2x0x3xf32>) -> tensor<f32>
  return %r : tensor<f32>
}

func.func @reduce_kept(%0: tensor<2x0x3xf32>) -> (tensor<2x1x3xf32>) attributes {
    conformance.inputs = [dense<> : tensor<2x0x3xf32>],
    conformance.expected = [dense<[[[0.0, 0.0, 0.0]], [[0.0, 0.0, 0.0]]]> : tensor<2x1x3xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.reduce %0 {kind = #graph.reduce_kind<sum>, dims = array<i64: 1>, keep_dims} : (tensor<2x0x3xf32>) -> tensor<2x1x3xf32>
  return %r : tensor<2x1x3xf32>
}

func.func @arg_reduce_max(%0: tensor<2x0x3xf32>) -> (tensor<2x0xi64>) attributes {
    conformance.inputs = [dense<> : tensor<2x0x3xf32>],
    conformance.expected = [dense<> : tensor<2x0xi64>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.arg_reduce %0 {kind = #graph.reduce_kind<max>, dim = 2 : i64} : (tensor<2x0x3xf32>) -> tensor<2x0xi64>
  return %r : tensor<2x0xi64>
}

func.func @arg_reduce_min(%0: tensor<2x0x3xf32>) -> (tensor<2x0xi64>) attributes {
    conformance.inputs = [dense<> : tensor<2x0x3xf32>],
    conformance.expected = [dense<> : tensor<2x0xi64>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.arg_reduce %0 {kind = #graph.reduce_kind<min>, dim = 2 : i64} : (tensor<2x0x3xf32>) -> tensor<2x0xi64>
  return %r : tensor<2x0xi64>
}

func.func @cumsum_along0(%0: tensor<2x0x3xf32>) -> (tensor<2x0x3xf32>) attributes {
    conformance.inputs = [dense<> : tensor<2x0x3xf32>],
    conformance.expected = [dense<> : tensor<2x0x3xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.cumsum %0 {dim = 0 : i64} : (tensor<2x0x3xf32>) -> tensor<2x0x3xf32>
  return %r : tensor<2x0x3xf32>
}

func.func @softmax_along0(%0: tensor<2x0x3xf32>) -> (tensor<2x0x3xf32>) attributes {
    conformance.inputs = [dense<> : tensor<2x0x3xf32>],
    conformance.expected = [dense<> : tensor<2x0x3xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.softmax %0 {dim = 0 : i64} : (tensor<2x0x3xf32>) -> tensor<2x0x3xf32>
  return %r : tensor<2x0x3xf32>
}

func.func @softmax_log_along0(%0: tensor<2x0x3xf32>) -> (tensor<2x0x3xf32>) attributes {
    conformance.inputs = [dense<> : tensor<2x0x3xf32>],
    conformance.expected = [dense<> : tensor<2x0x3xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.softmax %0 {dim = 0 : i64, log} : (tensor<2x0x3xf32>) -> tensor<2x0x3xf32>
  return %r : tensor<2x0x3xf32>
}

func.func @cumsum_along1(%0: tensor<2x0x3xf32>) -> (tensor<2x0x3xf32>) attributes {
    conformance.inputs = [dense<> : tensor<2x0x3xf32>],
    conformance.expected = [dense<> : tensor<2x0x3xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.cumsum %0 {dim = 1 : i64} : (tensor<2x0x3xf32>) -> tensor<2x0x3xf32>
  return %r : tensor<2x0x3xf32>
}

func.func @softmax_along1(%0: tensor<2x0x3xf32>) -> (tensor<2x0x3xf32>) attributes {
    conformance.inputs = [dense<> : tensor<2x0x3xf32>],
    conformance.expected = [dense<> : tensor<2x0x3xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.softmax %0 {dim = 1 : i64} : (tensor<2x0x3xf32>) -> tensor<2x0x3xf32>
  return %r : tensor<2x0x3xf32>
}

func.func @softmax_log_along1(%0: tensor<2x0x3xf32>) -> (tensor<2x0x3xf32>) attributes {
    conformance.inputs = [dense<> : tensor<2x0x3xf32>],
    conformance.expected = [dense<> : tensor<2x0x3xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.softmax %0 {dim = 1 : i64, log} : (tensor<2x0x3xf32>) -> tensor<2x0x3xf32>
  return %r : tensor<2x0x3xf32>
}

func.func @cumsum_along2(%0: tensor<2x0x3xf32>) -> (tensor<2x0x3xf32>) attributes {
    conformance.inputs = [dense<> : tensor<2x0x3xf32>],
    conformance.expected = [dense<> : tensor<2x0x3xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.cumsum %0 {dim = 2 : i64} : (tensor<2x0x3xf32>) -> tensor<2x0x3xf32>
  return %r : tensor<2x0x3xf32>
}

func.func @softmax_along2(%0: tensor<2x0x3xf32>) -> (tensor<2x0x3xf32>) attributes {
    conformance.inputs = [dense<> : tensor<2x0x3xf32>],
    conformance.expected = [dense<> : tensor<2x0x3xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.softmax %0 {dim = 2 : i64} : (tensor<2x0x3xf32>) -> tensor<2x0x3xf32>
  return %r : tensor<2x0x3xf32>
}

func.func @softmax_log_along2(%0: tensor<2x0x3xf32>) -> (tensor<2x0x3xf32>) attributes {
    conformance.inputs = [dense<> : tensor<2x0x3xf32>],
    conformance.expected = [dense<> : tensor<2x0x3xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.softmax %0 {dim = 2 : i64, log} : (tensor<2x0x3xf32>) -> tensor<2x0x3xf32>
  return %r : tensor<2x0x3xf32>
}

func.func @layer_norm_rows(%0: tensor<2x0x8xf32>, %1: tensor<8xf32>, %2: tensor<8xf32>) -> (tensor<2x0x8xf32>) attributes {
    conformance.inputs = [dense<> : tensor<2x0x8xf32>, dense<[-2.25, 2.3125, 2.25, 1.875, -0.25, 0.9375, 1.5, 2.8125]> : tensor<8xf32>, dense<[2.875, -1.8125, 1.4375, 2.5625, -2.25, -0.25, -0.9375, -0.0625]> : tensor<8xf32>],
    conformance.expected = [dense<> : tensor<2x0x8xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.layer_norm %0, %1, %2 {normalized_rank = 1 : i64, epsilon = 1.0e-5 : f64, operandSegmentSizes = array<i32: 1, 1, 1>} : (tensor<2x0x8xf32>, tensor<8xf32>, tensor<8xf32>) -> tensor<2x0x8xf32>
  return %r : tensor<2x0x8xf32>
}

func.func @layer_norm_features(%0: tensor<2x0xf32>) -> (tensor<2x0xf32>) attributes {
    conformance.inputs = [dense<> : tensor<2x0xf32>],
    conformance.expected = [dense<> : tensor<2x0xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.layer_norm %0 {normalized_rank = 1 : i64, epsilon = 1.0e-5 : f64, operandSegmentSizes = array<i32: 1, 0, 0>} : (tensor<2x0xf32>) -> tensor<2x0xf32>
  return %r : tensor<2x0xf32>
}

func.func @rms_norm_rows(%0: tensor<2x0x8xf32>, %1: tensor<8xf32>) -> (tensor<2x0x8xf32>) attributes {
    conformance.inputs = [dense<> : tensor<2x0x8xf32>, dense<[-2.25, 2.3125, 2.25, 1.875, -0.25, 0.9375, 1.5, 2.8125]> : tensor<8xf32>],
    conformance.expected = [dense<> : tensor<2x0x8xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.rms_norm %0, %1 {normalized_rank = 1 : i64, epsilon = 1.0e-5 : f64} : (tensor<2x0x8xf32>, tensor<8xf32>) -> tensor<2x0x8xf32>
  return %r : tensor<2x0x8xf32>
}

func.func @rms_norm_features(%0: tensor<2x0xf32>) -> (tensor<2x0xf32>) attributes {
    conformance.inputs = [dense<> : tensor<2x0xf32>],
    conformance.expected = [dense<> : tensor<2x0xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.rms_norm %0 {normalized_rank = 1 : i64, epsilon = 1.0e-5 : f64} : (tensor<2x0xf32>) -> tensor<2x0xf32>
  return %r : tensor<2x0xf32>
}

func.func @group_norm_batch(%0: tensor<0x6x3xf32>, %1: tensor<6xf32>, %2: tensor<6xf32>) -> (tensor<0x6x3xf32>) attributes {
    conformance.inputs = [dense<> : tensor<0x6x3xf32>, dense<[-2.25, 2.3125, 2.25, 1.875, -0.25, 0.9375]> : tensor<6xf32>, dense<[2.875, -1.8125, 1.4375, 2.5625, -2.25, -0.25]> : tensor<6xf32>],
    conformance.expected = [dense<> : tensor<0x6x3xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.group_norm %0, %1, %2 {groups = 3 : i64, epsilon = 1.0e-5 : f64, operandSegmentSizes = array<i32: 1, 1, 1>} : (tensor<0x6x3xf32>, tensor<6xf32>, tensor<6xf32>) -> tensor<0x6x3xf32>
  return %r : tensor<0x6x3xf32>
}

func.func @batch_norm_batch(%0: tensor<0x6x3xf32>, %1: tensor<6xf32>, %2: tensor<6xf32>, %3: tensor<6xf32>, %4: tensor<6xf32>) -> (tensor<0x6x3xf32>) attributes {
    conformance.inputs = [dense<> : tensor<0x6x3xf32>, dense<[-2.25, 2.3125, 2.25, 1.875, -0.25, 0.9375]> : tensor<6xf32>, dense<[2.875, 1.8125, 1.4375, 2.5625, 2.25, 0.25]> : tensor<6xf32>, dense<[-2.25, 2.3125, 2.25, 1.875, -0.25, 0.9375]> : tensor<6xf32>, dense<[2.875, -1.8125, 1.4375, 2.5625, -2.25, -0.25]> : tensor<6xf32>],
    conformance.expected = [dense<> : tensor<0x6x3xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.batch_norm %0, %1, %2, %3, %4 {epsilon = 1.0e-5 : f64, operandSegmentSizes = array<i32: 1, 1, 1, 1, 1>} : (tensor<0x6x3xf32>, tensor<6xf32>, tensor<6xf32>, tensor<6xf32>, tensor<6xf32>) -> tensor<0x6x3xf32>
  return %r : tensor<0x6x3xf32>
}

func.func @batch_norm_picture(%0: tensor<2x6x0xf32>, %1: tensor<6xf32>, %2: tensor<6xf32>, %3: tensor<6xf32>, %4: tensor<6xf32>) -> (tensor<2x6x0xf32>) attributes {
    conformance.inputs = [dense<> : tensor<2x6x0xf32>, dense<[-2.25, 2.3125, 2.25, 1.875, -0.25, 0.9375]> : tensor<6xf32>, dense<[2.875, 1.8125, 1.4375, 2.5625, 2.25, 0.25]> : tensor<6xf32>, dense<[-2.25, 2.3125, 2.25, 1.875, -0.25, 0.9375]> : tensor<6xf32>, dense<[2.875, -1.8125, 1.4375, 2.5625, -2.25, -0.25]> : tensor<6xf32>],
    conformance.expected = [dense<> : tensor<2x6x0xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.batch_norm %0, %1, %2, %3, %4 {epsilon = 1.0e-5 : f64, operandSegmentSizes = array<i32: 1, 1, 1, 1, 1>} : (tensor<2x6x0xf32>, tensor<6xf32>, tensor<6xf32>, tensor<6xf32>, tensor<6xf32>) -> tensor<2x6x0xf32>
  return %r : tensor<2x6x0xf32>
}

func.func @max_pool_batch(%0: tensor<0x2x7x6xf32>) -> (tensor<0x2x4x3xf32>) attributes {
    conformance.inputs = [dense<> : tensor<0x2x7x6xf32>],
    conformance.expected = [dense<> : tensor<0x2x4x3xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.max_pool %0 {kernel = array<i64: 3, 3>, strides = array<i64: 2, 2>, padding_low = array<i64: 1, 1>, padding_high = array<i64: 1, 1>, dilations = array<i64: 1, 1>} : (tensor<0x2x7x6xf32>) -> tensor<0x2x4x3xf32>
  return %r : tensor<0x2x4x3xf32>
}

func.func @avg_pool_batch(%0: tensor<0x2x7x6xf32>) -> (tensor<0x2x4x3xf32>) attributes {
    conformance.inputs = [dense<> : tensor<0x2x7x6xf32>],
    conformance.expected = [dense<> : tensor<0x2x4x3xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.avg_pool %0 {kernel = array<i64: 3, 3>, strides = array<i64: 2, 2>, padding_low = array<i64: 1, 1>, padding_high = array<i64: 1, 1>} : (tensor<0x2x7x6xf32>) -> tensor<0x2x4x3xf32>
  return %r : tensor<0x2x4x3xf32>
}

func.func @adaptive_avg_pool_batch(%0: tensor<0x2x7x6xf32>) -> (tensor<0x2x3x4xf32>) attributes {
    conformance.inputs = [dense<> : tensor<0x2x7x6xf32>],
    conformance.expected = [dense<> : tensor<0x2x3x4xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.adaptive_avg_pool %0 {output_size = array<i64: 3, 4>} : (tensor<0x2x7x6xf32>) -> tensor<0x2x3x4xf32>
  return %r : tensor<0x2x3x4xf32>
}

func.func @adaptive_avg_pool_even(%0: tensor<0x2x7x6xf32>) -> (tensor<0x2x7x3xf32>) attributes {
    conformance.inputs = [dense<> : tensor<0x2x7x6xf32>],
    conformance.expected = [dense<> : tensor<0x2x7x3xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.adaptive_avg_pool %0 {output_size = array<i64: 7, 3>} : (tensor<0x2x7x6xf32>) -> tensor<0x2x7x3xf32>
  return %r : tensor<0x2x7x3xf32>
}

func.func @adaptive_avg_pool_nowhere(%0: tensor<1x2x7x6xf32>) -> (tensor<1x2x0x4xf32>) attributes {
    conformance.inputs = [dense<[[[[0.75, -1.4375, -0.8125, -1.1875, 0.4375, -2.9375], [-0.125, -1.25, -0.75, 2.125, 0.4375, 1.1875], [-2.25, 2.6875, -0.5625, -2.25, -1.3125, 0.375], [-0.25, -2.125, 0.125, 1.8125, -1.75, 0.375], [-0.5, -2.0625, 0.6875, -1.6875, -0.9375, -2.25], [-1.4375, 0.875, 1.25, 0.9375, 0.875, -2.75], [1.0625, -2.6875, -2.25, 2.875, 0.6875, 2.125]], [[1.9375, -0.25, -1.5625, 0.125, -2.5, -0.25], [-1.0625, 2.9375, 1.9375, 3.0, 0.25, 2.25], [-1.4375, 0.3125, 1.375, -2.5625, 0.25, 0.4375], [0.25, 2.3125, 2.1875, 2.125, 0.0, -1.75], [1.875, -2.375, -2.75, -1.5625, -0.25, -2.125], [-2.3125, 1.125, 1.375, 0.0, 1.3125, 1.375], [2.375, 2.6875, -0.3125, -0.3125, 1.75, 1.9375]]]]> : tensor<1x2x7x6xf32>],
    conformance.expected = [dense<> : tensor<1x2x0x4xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.adaptive_avg_pool %0 {output_size = array<i64: 0, 4>} : (tensor<1x2x7x6xf32>) -> tensor<1x2x0x4xf32>
  return %r : tensor<1x2x0x4xf32>
}

func.func @conv_batch(%0: tensor<0x2x7x6xf32>, %1: tensor<4x2x3x3xf32>, %2: tensor<4xf32>) -> (tensor<0x4x4x3xf32>) attributes {
    conformance.inputs = [dense<> : tensor<0x2x7x6xf32>, dense<[[[[0.75, -1.4375, -0.8125], [-1.1875, 0.4375, -2.9375], [-0.125, -1.25, -0.75]], [[2.125, 0.4375, 1.1875], [-2.25, 2.6875, -0.5625], [-2.25, -1.3125, 0.375]]], [[[-0.25, -2.125, 0.125], [1.8125, -1.75, 0.375], [-0.5, -2.0625, 0.6875]], [[-1.6875, -0.9375, -2.25], [-1.4375, 0.875, 1.25], [0.9375, 0.875, -2.75]]], [[[1.0625, -2.6875, -2.25], [2.875, 0.6875, 2.125], [1.9375, -0.25, -1.5625]], [[0.125, -2.5, -0.25], [-1.0625, 2.9375, 1.9375], [3.0, 0.25, 2.25]]], [[[-1.4375, 0.3125, 1.375], [-2.5625, 0.25, 0.4375], [0.25, 2.3125, 2.1875]], [[2.125, 0.0, -1.75], [1.875, -2.375, -2.75], [-1.5625, -0.25, -2.125]]]]> : tensor<4x2x3x3xf32>, dense<[2.875, -1.8125, 1.4375, 2.5625]> : tensor<4xf32>],
    conformance.expected = [dense<> : tensor<0x4x4x3xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.conv %0, %1, %2 {strides = array<i64: 2, 2>, padding_low = array<i64: 1, 1>, padding_high = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<0x2x7x6xf32>, tensor<4x2x3x3xf32>, tensor<4xf32>) -> tensor<0x4x4x3xf32>
  return %r : tensor<0x4x4x3xf32>
}

func.func @conv_batch_groups(%0: tensor<0x2x7x6xf32>, %1: tensor<4x1x3x3xf32>, %2: tensor<4xf32>) -> (tensor<0x4x4x3xf32>) attributes {
    conformance.inputs = [dense<> : tensor<0x2x7x6xf32>, dense<[[[[0.75, -1.4375, -0.8125], [-1.1875, 0.4375, -2.9375], [-0.125, -1.25, -0.75]]], [[[2.125, 0.4375, 1.1875], [-2.25, 2.6875, -0.5625], [-2.25, -1.3125, 0.375]]], [[[-0.25, -2.125, 0.125], [1.8125, -1.75, 0.375], [-0.5, -2.0625, 0.6875]]], [[[-1.6875, -0.9375, -2.25], [-1.4375, 0.875, 1.25], [0.9375, 0.875, -2.75]]]]> : tensor<4x1x3x3xf32>, dense<[2.875, -1.8125, 1.4375, 2.5625]> : tensor<4xf32>],
    conformance.expected = [dense<> : tensor<0x4x4x3xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.conv %0, %1, %2 {strides = array<i64: 2, 2>, padding_low = array<i64: 1, 1>, padding_high = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 2 : i64} : (tensor<0x2x7x6xf32>, tensor<4x1x3x3xf32>, tensor<4xf32>) -> tensor<0x4x4x3xf32>
  return %r : tensor<0x4x4x3xf32>
}

func.func @conv_batch_transposed(%0: tensor<0x2x7x6xf32>, %1: tensor<2x4x3x3xf32>, %2: tensor<4xf32>) -> (tensor<0x4x13x11xf32>) attributes {
    conformance.inputs = [dense<> : tensor<0x2x7x6xf32>, dense<[[[[0.75, -1.4375, -0.8125], [-1.1875, 0.4375, -2.9375], [-0.125, -1.25, -0.75]], [[2.125, 0.4375, 1.1875], [-2.25, 2.6875, -0.5625], [-2.25, -1.3125, 0.375]], [[-0.25, -2.125, 0.125], [1.8125, -1.75, 0.375], [-0.5, -2.0625, 0.6875]], [[-1.6875, -0.9375, -2.25], [-1.4375, 0.875, 1.25], [0.9375, 0.875, -2.75]]], [[[1.0625, -2.6875, -2.25], [2.875, 0.6875, 2.125], [1.9375, -0.25, -1.5625]], [[0.125, -2.5, -0.25], [-1.0625, 2.9375, 1.9375], [3.0, 0.25, 2.25]], [[-1.4375, 0.3125, 1.375], [-2.5625, 0.25, 0.4375], [0.25, 2.3125, 2.1875]], [[2.125, 0.0, -1.75], [1.875, -2.375, -2.75], [-1.5625, -0.25, -2.125]]]]> : tensor<2x4x3x3xf32>, dense<[2.875, -1.8125, 1.4375, 2.5625]> : tensor<4xf32>],
    conformance.expected = [dense<> : tensor<0x4x13x11xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.conv %0, %1, %2 {strides = array<i64: 2, 2>, padding_low = array<i64: 1, 1>, padding_high = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64, transposed, output_padding = array<i64: 0, 0>} : (tensor<0x2x7x6xf32>, tensor<2x4x3x3xf32>, tensor<4xf32>) -> tensor<0x4x13x11xf32>
  return %r : tensor<0x4x13x11xf32>
}

func.func @lstm_batch(%0: tensor<5x0x3xf32>, %1: tensor<4x0x4xf32>, %2: tensor<4x0x4xf32>, %3: tensor<16x3xf32>, %4: tensor<16x4xf32>, %5: tensor<16xf32>, %6: tensor<16xf32>, %7: tensor<16x3xf32>, %8: tensor<16x4xf32>, %9: tensor<16xf32>, %10: tensor<16xf32>, %11: tensor<16x8xf32>, %12: tensor<16x4xf32>, %13: tensor<16xf32>, %14: tensor<16xf32>, %15: tensor<16x8xf32>, %16: tensor<16x4xf32>, %17: tensor<16xf32>, %18: tensor<16xf32>) -> (tensor<5x0x8xf32>, tensor<4x0x4xf32>, tensor<4x0x4xf32>) attributes {
    conformance.inputs = [dense<> : tensor<5x0x3xf32>, dense<> : tensor<4x0x4xf32>, dense<> : tensor<4x0x4xf32>, dense<[[1.0, -0.25, 0.5], [-0.1875, -0.0625, -0.125], [0.625, 0.5625, -0.75], [-0.0625, 0.4375, -0.3125], [0.0, -0.5, 0.625], [0.4375, 0.5625, 0.625], [-0.5625, -0.5, -0.9375], [0.3125, -0.1875, 1.0], [-0.875, 0.4375, -0.3125], [-0.375, -0.5625, -1.0], [0.0625, 0.8125, -0.5], [-0.5, 1.0, -1.0], [-0.75, 0.375, -1.0], [-0.875, 0.75, -0.9375], [-0.5625, -0.8125, -0.125], [1.0, 0.6875, 0.3125]]> : tensor<16x3xf32>, dense<[[-0.625, -0.8125, 0.5, 0.625], [-0.3125, 0.875, -0.3125, 0.5], [-0.375, -0.125, 0.1875, -0.8125], [-0.5, -0.375, 0.6875, 0.875], [-0.3125, -0.8125, -0.375, -0.375], [0.6875, 0.5625, 0.25, -0.75], [0.6875, -0.75, 0.1875, -0.1875], [0.4375, -0.125, 0.0, 0.0], [0.5, -0.9375, 0.75, -0.1875], [-1.0, -0.5625, -1.0, 0.625], [-0.625, -0.9375, -0.375, 0.4375], [0.5625, 0.25, -0.875, 0.25], [-0.3125, -0.1875, -0.4375, 0.0625], [1.0, -0.25, -1.0, -0.6875], [-0.4375, 0.5625, 0.8125, -0.125], [0.4375, 0.125, 0.0, -0.3125]]> : tensor<16x4xf32>, dense<[0.3125, -0.9375, -0.5625, -0.4375, 0.375, -0.5, -0.625, -0.9375, -0.9375, 0.875, -0.4375, -0.3125, 0.375, -0.3125, 0.3125, -0.625]> : tensor<16xf32>, dense<[-0.375, 0.0, 0.5625, -0.6875, -0.25, -0.125, 0.5, -0.875, -0.25, -1.0, 0.1875, -0.625, 0.5625, 0.5, 0.3125, 0.5]> : tensor<16xf32>, dense<[[-1.0, -0.625, 0.0], [-0.875, -0.25, 0.1875], [0.25, -0.6875, 0.4375], [-0.75, 0.75, 0.6875], [1.0, 0.1875, -0.6875], [-0.125, 0.3125, -0.4375], [-0.1875, 0.3125, 0.25], [-0.75, -0.875, 0.3125], [0.0625, 0.625, 0.625], [-0.3125, 0.625, -0.125], [-0.5, 0.8125, -0.125], [1.0, 0.125, -0.3125], [-0.375, 0.5625, 0.0625], [-0.0625, -0.875, 0.6875], [0.875, 0.9375, -0.125], [-0.1875, -0.1875, -0.9375]]> : tensor<16x3xf32>, dense<[[0.3125, -0.8125, -0.625, 0.6875], [-0.125, -1.0, -0.375, 0.75], [0.0625, -0.875, 0.375, 0.25], [0.8125, 0.8125, -0.5, -0.5], [-0.1875, 0.5625, 0.625, 0.0625], [-0.125, 0.0625, -0.9375, 0.8125], [-0.375, 0.3125, -0.875, 0.3125], [0.25, 0.75, 0.5625, 0.4375], [0.4375, 0.125, -0.3125, -0.4375], [0.9375, 0.625, -0.125, 0.375], [-0.875, 1.0, -0.125, 0.1875], [-0.5625, -0.375, -0.625, 0.625], [-0.75, -0.3125, -0.6875, -0.75], [0.75, -0.8125, 0.125, 0.9375], [0.3125, 0.25, 0.9375, 0.625], [0.5, 0.125, 0.8125, -0.6875]]> : tensor<16x4xf32>, dense<[0.9375, -0.5, 0.625, -0.125, 0.9375, -0.0625, 0.4375, -0.625, -0.5, 0.75, 0.25, 0.875, 0.625, -0.5, 0.375, 0.5]> : tensor<16xf32>, dense<[0.6875, -0.4375, 1.0, -0.9375, 0.25, -0.375, 0.875, 0.1875, -0.25, -0.25, 0.8125, -0.5625, -0.6875, -0.875, 0.875, -0.125]> : tensor<16xf32>, dense<[[0.375, -0.375, 0.6875, -0.8125, 0.25, 0.625, -0.625, 0.9375], [-0.125, 0.875, 0.0625, 0.75, -0.5, 0.0, -0.0625, -0.4375], [1.0, -0.6875, -0.25, -0.5, -0.1875, -1.0, 0.5, 0.1875], [0.75, 0.125, 0.1875, 0.625, -0.125, 0.375, -1.0, 0.875], [-0.25, -1.0, -0.9375, -0.625, 0.6875, 0.75, -0.5, 0.375], [-0.5625, -0.8125, -0.375, 0.75, -0.5625, 0.9375, 0.125, 0.5625], [0.0, 0.6875, 0.25, 0.8125, -0.9375, -0.125, 0.6875, 0.125], [0.1875, -0.3125, 0.1875, 0.25, -0.875, 0.0625, 0.1875, -0.125], [-0.3125, -0.4375, 0.375, 0.1875, 0.3125, -0.5, -0.75, 0.625], [0.1875, 0.0625, 0.6875, -0.375, -0.6875, -0.5, 0.6875, 0.9375], [-0.125, -0.625, 0.0, 0.0625, -0.1875, -0.8125, 0.3125, -0.9375], [-0.8125, -0.6875, -0.375, -0.25, -0.625, 0.4375, -0.9375, -0.25], [0.1875, -0.625, -1.0, 0.375, -1.0, -0.375, -0.875, 0.75], [-0.1875, 0.125, 0.1875, -0.875, 0.5625, 0.8125, -0.875, -0.1875], [0.875, 0.8125, 0.4375, 0.625, -0.8125, 0.4375, -0.125, -0.375], [-0.25, 0.9375, 0.875, -0.6875, 0.75, 0.125, -0.8125, -0.5625]]> : tensor<16x8xf32>, dense<[[0.75, -0.1875, 0.75, -0.1875], [-0.625, 0.0, 0.8125, -0.4375], [-0.5625, -0.5, 0.1875, -0.375], [-0.4375, -0.875, 0.25, 0.4375], [1.0, -0.5, 0.1875, -0.0625], [0.1875, 0.8125, -1.0, -0.5], [0.3125, 1.0, -0.5, 0.6875], [0.9375, 0.3125, -0.875, 1.0], [0.875, -0.3125, 0.3125, 0.75], [-0.5625, 0.5625, 1.0, 0.5], [0.0, 0.4375, -0.25, -0.75], [0.8125, 0.3125, 0.375, -0.125], [0.5, 1.0, 0.8125, 0.1875], [-0.125, 0.1875, -0.125, 0.125], [-0.0625, -0.6875, -0.75, 0.375], [0.1875, -0.6875, 0.3125, -0.5625]]> : tensor<16x4xf32>, dense<[-0.5, 0.0, 0.5, 0.375, 0.3125, -0.5, 0.9375, 0.125, -0.8125, -0.625, -0.75, -0.125, -0.125, 0.8125, 0.0625, -0.3125]> : tensor<16xf32>, dense<[-0.4375, 0.6875, 0.6875, -0.1875, -0.25, 0.0625, -0.875, -0.9375, -1.0, 0.625, 0.5625, 0.875, 0.875, -1.0, 0.875, 0.0625]> : tensor<16xf32>, dense<[[-0.6875, 0.1875, -0.375, 0.125, -0.5625, 0.0625, -0.3125, -0.375], [0.4375, -0.625, -0.6875, 0.0, 0.4375, -0.1875, -0.25, 0.3125], [-0.375, 0.1875, 0.8125, 0.9375, -0.4375, 0.375, -0.125, 0.0], [0.9375, 0.375, -0.25, -0.0625, -0.1875, 0.3125, 0.875, 0.5625], [0.5, -0.8125, 0.0, 0.375, -0.8125, 0.25, 0.25, -0.4375], [-0.625, 0.3125, -1.0, 0.0, -0.4375, 0.75, -0.625, -0.5625], [-0.9375, -0.3125, -0.375, 0.0625, -0.0625, 0.5625, 0.5625, 0.6875], [0.8125, -0.5, 1.0, 0.3125, -1.0, -0.6875, 0.125, 0.0625], [-0.125, 0.375, 0.0625, 0.8125, -0.25, -0.625, -0.4375, 0.0], [-0.8125, 1.0, -0.6875, 0.875, 0.8125, 0.3125, 0.4375, 0.125], [0.5625, -1.0, 0.125, -0.375, -0.1875, -0.875, -0.375, -0.5625], [-0.25, -0.0625, -0.0625, -0.3125, 1.0, 0.0, -0.8125, -0.25], [-0.9375, 0.25, -0.625, -0.6875, 0.4375, -0.75, 0.6875, 0.875], [0.5, 0.6875, -1.0, -0.75, 0.5, 0.375, 1.0, -0.25], [-0.5625, -0.3125, -0.6875, 0.875, 0.875, -0.375, 0.875, -0.8125], [-0.5625, 0.875, 0.0, 0.1875, -0.125, -0.0625, -0.0625, -0.9375]]> : tensor<16x8xf32>, dense<[[0.3125, 0.625, -0.4375, -0.1875], [0.625, -0.3125, 0.0, -1.0], [0.6875, 0.625, -0.8125, -0.9375], [0.125, 0.6875, 0.375, 0.75], [0.0625, -0.25, 0.75, -0.375], [-0.625, -1.0, -0.875, 0.125], [-0.375, 0.4375, -0.875, 1.0], [0.6875, -0.3125, -0.625, 0.5625], [0.5, 0.9375, 0.5625, 0.5], [0.3125, 0.3125, 1.0, -0.875], [-0.3125, -0.5, -0.1875, 0.75], [0.75, 0.5625, -0.8125, -0.75], [0.0625, 0.8125, 0.3125, -0.8125], [-0.25, 0.25, 0.875, 0.0625], [0.0, 0.5625, 0.875, -0.4375], [0.9375, -0.875, -0.6875, 0.5625]]> : tensor<16x4xf32>, dense<[1.0, 0.625, 0.8125, -0.5625, -0.1875, -0.625, 0.0, 0.75, -0.9375, 0.5, -1.0, -0.4375, 0.0625, 0.4375, 0.4375, 0.25]> : tensor<16xf32>, dense<[0.8125, 0.4375, 0.6875, -0.3125, -0.875, -0.1875, -0.875, -0.1875, -0.3125, -0.5625, 0.25, 0.5, -0.3125, 0.8125, -0.25, -0.125]> : tensor<16xf32>],
    conformance.expected = [dense<> : tensor<5x0x8xf32>, dense<> : tensor<4x0x4xf32>, dense<> : tensor<4x0x4xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r:3 = graph.lstm %0, %1, %2, %3, %4, %5, %6, %7, %8, %9, %10, %11, %12, %13, %14, %15, %16, %17, %18 {layers = 2 : i64, has_biases, bidirectional} : (tensor<5x0x3xf32>, tensor<4x0x4xf32>, tensor<4x0x4xf32>, tensor<16x3xf32>, tensor<16x4xf32>, tensor<16xf32>, tensor<16xf32>, tensor<16x3xf32>, tensor<16x4xf32>, tensor<16xf32>, tensor<16xf32>, tensor<16x8xf32>, tensor<16x4xf32>, tensor<16xf32>, tensor<16xf32>, tensor<16x8xf32>, tensor<16x4xf32>, tensor<16xf32>, tensor<16xf32>) -> (tensor<5x0x8xf32>, tensor<4x0x4xf32>, tensor<4x0x4xf32>)
  return %r#0, %r#1, %r#2 : tensor<5x0x8xf32>, tensor<4x0x4xf32>, tensor<4x0x4xf32>
}

func.func @gru_batch(%0: tensor<5x0x3xf32>, %1: tensor<4x0x4xf32>, %2: tensor<12x3xf32>, %3: tensor<12x4xf32>, %4: tensor<12xf32>, %5: tensor<12xf32>, %6: tensor<12x3xf32>, %7: tensor<12x4xf32>, %8: tensor<12xf32>, %9: tensor<12xf32>, %10: tensor<12x8xf32>, %11: tensor<12x4xf32>, %12: tensor<12xf32>, %13: tensor<12xf32>, %14: tensor<12x8xf32>, %15: tensor<12x4xf32>, %16: tensor<12xf32>, %17: tensor<12xf32>) -> (tensor<5x0x8xf32>, tensor<4x0x4xf32>) attributes {
    conformance.inputs = [dense<> : tensor<5x0x3xf32>, dense<> : tensor<4x0x4xf32>, dense<[[1.0, -0.25, 0.5], [-0.1875, -0.0625, -0.125], [0.625, 0.5625, -0.75], [-0.0625, 0.4375, -0.3125], [0.0, -0.5, 0.625], [0.4375, 0.5625, 0.625], [-0.5625, -0.5, -0.9375], [0.3125, -0.1875, 1.0], [-0.875, 0.4375, -0.3125], [-0.375, -0.5625, -1.0], [0.0625, 0.8125, -0.5], [-0.5, 1.0, -1.0]]> : tensor<12x3xf32>, dense<[[-0.625, -0.8125, 0.5, 0.625], [-0.3125, 0.875, -0.3125, 0.5], [-0.375, -0.125, 0.1875, -0.8125], [-0.5, -0.375, 0.6875, 0.875], [-0.3125, -0.8125, -0.375, -0.375], [0.6875, 0.5625, 0.25, -0.75], [0.6875, -0.75, 0.1875, -0.1875], [0.4375, -0.125, 0.0, 0.0], [0.5, -0.9375, 0.75, -0.1875], [-1.0, -0.5625, -1.0, 0.625], [-0.625, -0.9375, -0.375, 0.4375], [0.5625, 0.25, -0.875, 0.25]]> : tensor<12x4xf32>, dense<[0.3125, -0.9375, -0.5625, -0.4375, 0.375, -0.5, -0.625, -0.9375, -0.9375, 0.875, -0.4375, -0.3125]> : tensor<12xf32>, dense<[-0.375, 0.0, 0.5625, -0.6875, -0.25, -0.125, 0.5, -0.875, -0.25, -1.0, 0.1875, -0.625]> : tensor<12xf32>, dense<[[-1.0, -0.625, 0.0], [-0.875, -0.25, 0.1875], [0.25, -0.6875, 0.4375], [-0.75, 0.75, 0.6875], [1.0, 0.1875, -0.6875], [-0.125, 0.3125, -0.4375], [-0.1875, 0.3125, 0.25], [-0.75, -0.875, 0.3125], [0.0625, 0.625, 0.625], [-0.3125, 0.625, -0.125], [-0.5, 0.8125, -0.125], [1.0, 0.125, -0.3125]]> : tensor<12x3xf32>, dense<[[0.3125, -0.8125, -0.625, 0.6875], [-0.125, -1.0, -0.375, 0.75], [0.0625, -0.875, 0.375, 0.25], [0.8125, 0.8125, -0.5, -0.5], [-0.1875, 0.5625, 0.625, 0.0625], [-0.125, 0.0625, -0.9375, 0.8125], [-0.375, 0.3125, -0.875, 0.3125], [0.25, 0.75, 0.5625, 0.4375], [0.4375, 0.125, -0.3125, -0.4375], [0.9375, 0.625, -0.125, 0.375], [-0.875, 1.0, -0.125, 0.1875], [-0.5625, -0.375, -0.625, 0.625]]> : tensor<12x4xf32>, dense<[0.9375, -0.5, 0.625, -0.125, 0.9375, -0.0625, 0.4375, -0.625, -0.5, 0.75, 0.25, 0.875]> : tensor<12xf32>, dense<[0.6875, -0.4375, 1.0, -0.9375, 0.25, -0.375, 0.875, 0.1875, -0.25, -0.25, 0.8125, -0.5625]> : tensor<12xf32>, dense<[[0.375, -0.375, 0.6875, -0.8125, 0.25, 0.625, -0.625, 0.9375], [-0.125, 0.875, 0.0625, 0.75, -0.5, 0.0, -0.0625, -0.4375], [1.0, -0.6875, -0.25, -0.5, -0.1875, -1.0, 0.5, 0.1875], [0.75, 0.125, 0.1875, 0.625, -0.125, 0.375, -1.0, 0.875], [-0.25, -1.0, -0.9375, -0.625, 0.6875, 0.75, -0.5, 0.375], [-0.5625, -0.8125, -0.375, 0.75, -0.5625, 0.9375, 0.125, 0.5625], [0.0, 0.6875, 0.25, 0.8125, -0.9375, -0.125, 0.6875, 0.125], [0.1875, -0.3125, 0.1875, 0.25, -0.875, 0.0625, 0.1875, -0.125], [-0.3125, -0.4375, 0.375, 0.1875, 0.3125, -0.5, -0.75, 0.625], [0.1875, 0.0625, 0.6875, -0.375, -0.6875, -0.5, 0.6875, 0.9375], [-0.125, -0.625, 0.0, 0.0625, -0.1875, -0.8125, 0.3125, -0.9375], [-0.8125, -0.6875, -0.375, -0.25, -0.625, 0.4375, -0.9375, -0.25]]> : tensor<12x8xf32>, dense<[[0.75, -0.1875, 0.75, -0.1875], [-0.625, 0.0, 0.8125, -0.4375], [-0.5625, -0.5, 0.1875, -0.375], [-0.4375, -0.875, 0.25, 0.4375], [1.0, -0.5, 0.1875, -0.0625], [0.1875, 0.8125, -1.0, -0.5], [0.3125, 1.0, -0.5, 0.6875], [0.9375, 0.3125, -0.875, 1.0], [0.875, -0.3125, 0.3125, 0.75], [-0.5625, 0.5625, 1.0, 0.5], [0.0, 0.4375, -0.25, -0.75], [0.8125, 0.3125, 0.375, -0.125]]> : tensor<12x4xf32>, dense<[-0.5, 0.0, 0.5, 0.375, 0.3125, -0.5, 0.9375, 0.125, -0.8125, -0.625, -0.75, -0.125]> : tensor<12xf32>, dense<[-0.4375, 0.6875, 0.6875, -0.1875, -0.25, 0.0625, -0.875, -0.9375, -1.0, 0.625, 0.5625, 0.875]> : tensor<12xf32>, dense<[[-0.6875, 0.1875, -0.375, 0.125, -0.5625, 0.0625, -0.3125, -0.375], [0.4375, -0.625, -0.6875, 0.0, 0.4375, -0.1875, -0.25, 0.3125], [-0.375, 0.1875, 0.8125, 0.9375, -0.4375, 0.375, -0.125, 0.0], [0.9375, 0.375, -0.25, -0.0625, -0.1875, 0.3125, 0.875, 0.5625], [0.5, -0.8125, 0.0, 0.375, -0.8125, 0.25, 0.25, -0.4375], [-0.625, 0.3125, -1.0, 0.0, -0.4375, 0.75, -0.625, -0.5625], [-0.9375, -0.3125, -0.375, 0.0625, -0.0625, 0.5625, 0.5625, 0.6875], [0.8125, -0.5, 1.0, 0.3125, -1.0, -0.6875, 0.125, 0.0625], [-0.125, 0.375, 0.0625, 0.8125, -0.25, -0.625, -0.4375, 0.0], [-0.8125, 1.0, -0.6875, 0.875, 0.8125, 0.3125, 0.4375, 0.125], [0.5625, -1.0, 0.125, -0.375, -0.1875, -0.875, -0.375, -0.5625], [-0.25, -0.0625, -0.0625, -0.3125, 1.0, 0.0, -0.8125, -0.25]]> : tensor<12x8xf32>, dense<[[0.3125, 0.625, -0.4375, -0.1875], [0.625, -0.3125, 0.0, -1.0], [0.6875, 0.625, -0.8125, -0.9375], [0.125, 0.6875, 0.375, 0.75], [0.0625, -0.25, 0.75, -0.375], [-0.625, -1.0, -0.875, 0.125], [-0.375, 0.4375, -0.875, 1.0], [0.6875, -0.3125, -0.625, 0.5625], [0.5, 0.9375, 0.5625, 0.5], [0.3125, 0.3125, 1.0, -0.875], [-0.3125, -0.5, -0.1875, 0.75], [0.75, 0.5625, -0.8125, -0.75]]> : tensor<12x4xf32>, dense<[1.0, 0.625, 0.8125, -0.5625, -0.1875, -0.625, 0.0, 0.75, -0.9375, 0.5, -1.0, -0.4375]> : tensor<12xf32>, dense<[0.8125, 0.4375, 0.6875, -0.3125, -0.875, -0.1875, -0.875, -0.1875, -0.3125, -0.5625, 0.25, 0.5]> : tensor<12xf32>],
    conformance.expected = [dense<> : tensor<5x0x8xf32>, dense<> : tensor<4x0x4xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r:2 = graph.gru %0, %1, %2, %3, %4, %5, %6, %7, %8, %9, %10, %11, %12, %13, %14, %15, %16, %17 {layers = 2 : i64, has_biases, bidirectional} : (tensor<5x0x3xf32>, tensor<4x0x4xf32>, tensor<12x3xf32>, tensor<12x4xf32>, tensor<12xf32>, tensor<12xf32>, tensor<12x3xf32>, tensor<12x4xf32>, tensor<12xf32>, tensor<12xf32>, tensor<12x8xf32>, tensor<12x4xf32>, tensor<12xf32>, tensor<12xf32>, tensor<12x8xf32>, tensor<12x4xf32>, tensor<12xf32>, tensor<12xf32>) -> (tensor<5x0x8xf32>, tensor<4x0x4xf32>)
  return %r#0, %r#1 : tensor<5x0x8xf32>, tensor<4x0x4xf32>
}
