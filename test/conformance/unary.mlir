// SPDX-License-Identifier: Apache-2.0
// Written by test/python/make_conformance.py; do not edit.
// RUN: lathe-opt %s -o /dev/null

func.func @abs_f32(%0: tensor<14xf32>) -> (tensor<14xf32>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.0010000000474974513, 10.0, -7.0, 0x7F800000, 0xFF800000, 0x7FC00000]> : tensor<14xf32>],
    conformance.expected = [dense<[0.0, 0.0, 1.0, 1.0, 0.5, 2.0, 2.5, 3.5, 0.0010000000474974513, 10.0, 7.0, 0x7F800000, 0x7F800000, 0x7FC00000]> : tensor<14xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.abs %0 : (tensor<14xf32>) -> tensor<14xf32>
  return %r : tensor<14xf32>
}

func.func @abs_f64(%0: tensor<14xf64>) -> (tensor<14xf64>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.001, 10.0, -7.0, 0x7FF0000000000000, 0xFFF0000000000000, 0x7FF8000000000000]> : tensor<14xf64>],
    conformance.expected = [dense<[0.0, 0.0, 1.0, 1.0, 0.5, 2.0, 2.5, 3.5, 0.001, 10.0, 7.0, 0x7FF0000000000000, 0x7FF0000000000000, 0x7FF8000000000000]> : tensor<14xf64>],
    conformance.tolerance = 0.00000000000010000} {
  %r = graph.abs %0 : (tensor<14xf64>) -> tensor<14xf64>
  return %r : tensor<14xf64>
}

func.func @abs_f16(%0: tensor<14xf16>) -> (tensor<14xf16>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.0010004043579101562, 10.0, -7.0, 0x7C00, 0xFC00, 0x7E00]> : tensor<14xf16>],
    conformance.expected = [dense<[0.0, 0.0, 1.0, 1.0, 0.5, 2.0, 2.5, 3.5, 0.0010004043579101562, 10.0, 7.0, 0x7C00, 0x7C00, 0x7E00]> : tensor<14xf16>],
    conformance.tolerance = 0.00100000000000000} {
  %r = graph.abs %0 : (tensor<14xf16>) -> tensor<14xf16>
  return %r : tensor<14xf16>
}

func.func @abs_bf16(%0: tensor<14xbf16>) -> (tensor<14xbf16>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.00099945068359375, 10.0, -7.0, 0x7F80, 0xFF80, 0x7FC0]> : tensor<14xbf16>],
    conformance.expected = [dense<[0.0, 0.0, 1.0, 1.0, 0.5, 2.0, 2.5, 3.5, 0.00099945068359375, 10.0, 7.0, 0x7F80, 0x7F80, 0xFFFF]> : tensor<14xbf16>],
    conformance.tolerance = 0.00800000000000000} {
  %r = graph.abs %0 : (tensor<14xbf16>) -> tensor<14xbf16>
  return %r : tensor<14xbf16>
}

func.func @neg_f32(%0: tensor<14xf32>) -> (tensor<14xf32>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.0010000000474974513, 10.0, -7.0, 0x7F800000, 0xFF800000, 0x7FC00000]> : tensor<14xf32>],
    conformance.expected = [dense<[-0.0, 0.0, -1.0, 1.0, -0.5, -2.0, 2.5, -3.5, -0.0010000000474974513, -10.0, 7.0, 0xFF800000, 0x7F800000, 0xFFC00000]> : tensor<14xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.neg %0 : (tensor<14xf32>) -> tensor<14xf32>
  return %r : tensor<14xf32>
}

func.func @neg_f64(%0: tensor<14xf64>) -> (tensor<14xf64>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.001, 10.0, -7.0, 0x7FF0000000000000, 0xFFF0000000000000, 0x7FF8000000000000]> : tensor<14xf64>],
    conformance.expected = [dense<[-0.0, 0.0, -1.0, 1.0, -0.5, -2.0, 2.5, -3.5, -0.001, -10.0, 7.0, 0xFFF0000000000000, 0x7FF0000000000000, 0xFFF8000000000000]> : tensor<14xf64>],
    conformance.tolerance = 0.00000000000010000} {
  %r = graph.neg %0 : (tensor<14xf64>) -> tensor<14xf64>
  return %r : tensor<14xf64>
}

func.func @neg_f16(%0: tensor<14xf16>) -> (tensor<14xf16>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.0010004043579101562, 10.0, -7.0, 0x7C00, 0xFC00, 0x7E00]> : tensor<14xf16>],
    conformance.expected = [dense<[-0.0, 0.0, -1.0, 1.0, -0.5, -2.0, 2.5, -3.5, -0.0010004043579101562, -10.0, 7.0, 0xFC00, 0x7C00, 0xFE00]> : tensor<14xf16>],
    conformance.tolerance = 0.00100000000000000} {
  %r = graph.neg %0 : (tensor<14xf16>) -> tensor<14xf16>
  return %r : tensor<14xf16>
}

func.func @neg_bf16(%0: tensor<14xbf16>) -> (tensor<14xbf16>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.00099945068359375, 10.0, -7.0, 0x7F80, 0xFF80, 0x7FC0]> : tensor<14xbf16>],
    conformance.expected = [dense<[-0.0, 0.0, -1.0, 1.0, -0.5, -2.0, 2.5, -3.5, -0.00099945068359375, -10.0, 7.0, 0xFF80, 0x7F80, 0xFFFF]> : tensor<14xbf16>],
    conformance.tolerance = 0.00800000000000000} {
  %r = graph.neg %0 : (tensor<14xbf16>) -> tensor<14xbf16>
  return %r : tensor<14xbf16>
}

func.func @exp_f32(%0: tensor<14xf32>) -> (tensor<14xf32>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.0010000000474974513, 10.0, -7.0, 0x7F800000, 0xFF800000, 0x7FC00000]> : tensor<14xf32>],
    conformance.expected = [dense<[1.0, 1.0, 2.7182817459106445, 0.3678794503211975, 1.6487212181091309, 7.389056205749512, 0.08208499848842621, 33.11545181274414, 1.0010005235671997, 22026.46484375, 0.0009118819725699723, 0x7F800000, 0.0, 0x7FC00000]> : tensor<14xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.exp %0 : (tensor<14xf32>) -> tensor<14xf32>
  return %r : tensor<14xf32>
}

func.func @exp_f64(%0: tensor<14xf64>) -> (tensor<14xf64>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.001, 10.0, -7.0, 0x7FF0000000000000, 0xFFF0000000000000, 0x7FF8000000000000]> : tensor<14xf64>],
    conformance.expected = [dense<[1.0, 1.0, 2.718281828459045, 0.36787944117144233, 1.6487212707001282, 7.38905609893065, 0.0820849986238988, 33.11545195869231, 1.0010005001667084, 22026.465794806718, 0.0009118819655545162, 0x7FF0000000000000, 0.0, 0x7FF8000000000000]> : tensor<14xf64>],
    conformance.tolerance = 0.00000000000010000} {
  %r = graph.exp %0 : (tensor<14xf64>) -> tensor<14xf64>
  return %r : tensor<14xf64>
}

func.func @exp_f16(%0: tensor<14xf16>) -> (tensor<14xf16>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.0010004043579101562, 10.0, -7.0, 0x7C00, 0xFC00, 0x7E00]> : tensor<14xf16>],
    conformance.expected = [dense<[1.0, 1.0, 2.71875, 0.367919921875, 1.6484375, 7.390625, 0.08209228515625, 33.125, 1.0009765625, 22032.0, 0.000911712646484375, 0x7C00, 0.0, 0x7E00]> : tensor<14xf16>],
    conformance.tolerance = 0.00100000000000000} {
  %r = graph.exp %0 : (tensor<14xf16>) -> tensor<14xf16>
  return %r : tensor<14xf16>
}

func.func @exp_bf16(%0: tensor<14xbf16>) -> (tensor<14xbf16>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.00099945068359375, 10.0, -7.0, 0x7F80, 0xFF80, 0x7FC0]> : tensor<14xbf16>],
    conformance.expected = [dense<[1.0, 1.0, 2.71875, 0.3671875, 1.6484375, 7.375, 0.08203125, 33.0, 1.0, 22016.0, 0.000911712646484375, 0x7F80, 0.0, 0xFFFF]> : tensor<14xbf16>],
    conformance.tolerance = 0.00800000000000000} {
  %r = graph.exp %0 : (tensor<14xbf16>) -> tensor<14xbf16>
  return %r : tensor<14xbf16>
}

func.func @exp2_f32(%0: tensor<14xf32>) -> (tensor<14xf32>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.0010000000474974513, 10.0, -7.0, 0x7F800000, 0xFF800000, 0x7FC00000]> : tensor<14xf32>],
    conformance.expected = [dense<[1.0, 1.0, 2.0, 0.5, 1.4142135381698608, 4.0, 0.1767766922712326, 11.313708305358887, 1.000693440437317, 1024.0, 0.0078125, 0x7F800000, 0.0, 0x7FC00000]> : tensor<14xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.exp2 %0 : (tensor<14xf32>) -> tensor<14xf32>
  return %r : tensor<14xf32>
}

func.func @exp2_f64(%0: tensor<14xf64>) -> (tensor<14xf64>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.001, 10.0, -7.0, 0x7FF0000000000000, 0xFFF0000000000000, 0x7FF8000000000000]> : tensor<14xf64>],
    conformance.expected = [dense<[1.0, 1.0, 2.0, 0.5, 1.414213562373095, 4.0, 0.17677669529663687, 11.31370849898476, 1.0006933874625807, 1024.0, 0.0078125, 0x7FF0000000000000, 0.0, 0x7FF8000000000000]> : tensor<14xf64>],
    conformance.tolerance = 0.00000000000010000} {
  %r = graph.exp2 %0 : (tensor<14xf64>) -> tensor<14xf64>
  return %r : tensor<14xf64>
}

func.func @exp2_f16(%0: tensor<14xf16>) -> (tensor<14xf16>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.0010004043579101562, 10.0, -7.0, 0x7C00, 0xFC00, 0x7E00]> : tensor<14xf16>],
    conformance.expected = [dense<[1.0, 1.0, 2.0, 0.5, 1.4140625, 4.0, 0.1767578125, 11.3125, 1.0009765625, 1024.0, 0.0078125, 0x7C00, 0.0, 0x7E00]> : tensor<14xf16>],
    conformance.tolerance = 0.00100000000000000} {
  %r = graph.exp2 %0 : (tensor<14xf16>) -> tensor<14xf16>
  return %r : tensor<14xf16>
}

func.func @exp2_bf16(%0: tensor<14xbf16>) -> (tensor<14xbf16>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.00099945068359375, 10.0, -7.0, 0x7F80, 0xFF80, 0x7FC0]> : tensor<14xbf16>],
    conformance.expected = [dense<[1.0, 1.0, 2.0, 0.5, 1.4140625, 4.0, 0.1767578125, 11.3125, 1.0, 1024.0, 0.0078125, 0x7F80, 0.0, 0xFFFF]> : tensor<14xbf16>],
    conformance.tolerance = 0.00800000000000000} {
  %r = graph.exp2 %0 : (tensor<14xbf16>) -> tensor<14xbf16>
  return %r : tensor<14xbf16>
}

func.func @expm1_f32(%0: tensor<14xf32>) -> (tensor<14xf32>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.0010000000474974513, 10.0, -7.0, 0x7F800000, 0xFF800000, 0x7FC00000]> : tensor<14xf32>],
    conformance.expected = [dense<[0.0, -0.0, 1.718281865119934, -0.6321205496788025, 0.6487212777137756, 6.389056205749512, -0.9179149866104126, 32.11545181274414, 0.0010005001677200198, 22025.46484375, -0.9990881085395813, 0x7F800000, -1.0, 0x7FC00000]> : tensor<14xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.expm1 %0 : (tensor<14xf32>) -> tensor<14xf32>
  return %r : tensor<14xf32>
}

func.func @expm1_f64(%0: tensor<14xf64>) -> (tensor<14xf64>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.001, 10.0, -7.0, 0x7FF0000000000000, 0xFFF0000000000000, 0x7FF8000000000000]> : tensor<14xf64>],
    conformance.expected = [dense<[0.0, -0.0, 1.7182818284590453, -0.6321205588285577, 0.6487212707001282, 6.38905609893065, -0.9179150013761012, 32.11545195869231, 0.0010005001667083417, 22025.465794806718, -0.9990881180344455, 0x7FF0000000000000, -1.0, 0x7FF8000000000000]> : tensor<14xf64>],
    conformance.tolerance = 0.00000000000010000} {
  %r = graph.expm1 %0 : (tensor<14xf64>) -> tensor<14xf64>
  return %r : tensor<14xf64>
}

func.func @expm1_f16(%0: tensor<14xf16>) -> (tensor<14xf16>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.0010004043579101562, 10.0, -7.0, 0x7C00, 0xFC00, 0x7E00]> : tensor<14xf16>],
    conformance.expected = [dense<[0.0, -0.0, 1.71875, -0.63232421875, 0.64892578125, 6.390625, -0.91796875, 32.125, 0.0010013580322265625, 22032.0, -0.9990234375, 0x7C00, -1.0, 0x7E00]> : tensor<14xf16>],
    conformance.tolerance = 0.00100000000000000} {
  %r = graph.expm1 %0 : (tensor<14xf16>) -> tensor<14xf16>
  return %r : tensor<14xf16>
}

func.func @expm1_bf16(%0: tensor<14xbf16>) -> (tensor<14xbf16>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.00099945068359375, 10.0, -7.0, 0x7F80, 0xFF80, 0x7FC0]> : tensor<14xbf16>],
    conformance.expected = [dense<[0.0, -0.0, 1.71875, -0.6328125, 0.6484375, 6.375, -0.91796875, 32.0, 0.00099945068359375, 22016.0, -1.0, 0x7F80, -1.0, 0xFFFF]> : tensor<14xbf16>],
    conformance.tolerance = 0.00800000000000000} {
  %r = graph.expm1 %0 : (tensor<14xbf16>) -> tensor<14xbf16>
  return %r : tensor<14xbf16>
}

func.func @log_f32(%0: tensor<14xf32>) -> (tensor<14xf32>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.0010000000474974513, 10.0, -7.0, 0x7F800000, 0xFF800000, 0x7FC00000]> : tensor<14xf32>],
    conformance.expected = [dense<[0xFF800000, 0xFF800000, 0.0, 0x7FC00000, -0.6931471824645996, 0.6931471824645996, 0x7FC00000, 1.2527629137039185, -6.907755374908447, 2.3025851249694824, 0x7FC00000, 0x7F800000, 0x7FC00000, 0x7FC00000]> : tensor<14xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.log %0 : (tensor<14xf32>) -> tensor<14xf32>
  return %r : tensor<14xf32>
}

func.func @log_f64(%0: tensor<14xf64>) -> (tensor<14xf64>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.001, 10.0, -7.0, 0x7FF0000000000000, 0xFFF0000000000000, 0x7FF8000000000000]> : tensor<14xf64>],
    conformance.expected = [dense<[0xFFF0000000000000, 0xFFF0000000000000, 0.0, 0x7FF8000000000000, -0.6931471805599453, 0.6931471805599453, 0x7FF8000000000000, 1.252762968495368, -6.907755278982137, 2.302585092994046, 0x7FF8000000000000, 0x7FF0000000000000, 0x7FF8000000000000, 0x7FF8000000000000]> : tensor<14xf64>],
    conformance.tolerance = 0.00000000000010000} {
  %r = graph.log %0 : (tensor<14xf64>) -> tensor<14xf64>
  return %r : tensor<14xf64>
}

func.func @log_f16(%0: tensor<14xf16>) -> (tensor<14xf16>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.0010004043579101562, 10.0, -7.0, 0x7C00, 0xFC00, 0x7E00]> : tensor<14xf16>],
    conformance.expected = [dense<[0xFC00, 0xFC00, 0.0, 0x7E00, -0.693359375, 0.693359375, 0x7E00, 1.2529296875, -6.90625, 2.302734375, 0x7E00, 0x7C00, 0x7E00, 0x7E00]> : tensor<14xf16>],
    conformance.tolerance = 0.00100000000000000} {
  %r = graph.log %0 : (tensor<14xf16>) -> tensor<14xf16>
  return %r : tensor<14xf16>
}

func.func @log_bf16(%0: tensor<14xbf16>) -> (tensor<14xbf16>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.00099945068359375, 10.0, -7.0, 0x7F80, 0xFF80, 0x7FC0]> : tensor<14xbf16>],
    conformance.expected = [dense<[0xFF80, 0xFF80, 0.0, 0xFFFF, -0.69140625, 0.69140625, 0xFFFF, 1.25, -6.90625, 2.296875, 0xFFFF, 0x7F80, 0xFFFF, 0xFFFF]> : tensor<14xbf16>],
    conformance.tolerance = 0.00800000000000000} {
  %r = graph.log %0 : (tensor<14xbf16>) -> tensor<14xbf16>
  return %r : tensor<14xbf16>
}

func.func @log2_f32(%0: tensor<14xf32>) -> (tensor<14xf32>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.0010000000474974513, 10.0, -7.0, 0x7F800000, 0xFF800000, 0x7FC00000]> : tensor<14xf32>],
    conformance.expected = [dense<[0xFF800000, 0xFF800000, 0.0, 0x7FC00000, -1.0, 1.0, 0x7FC00000, 1.8073549270629883, -9.965784072875977, 3.321928024291992, 0x7FC00000, 0x7F800000, 0x7FC00000, 0x7FC00000]> : tensor<14xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.log2 %0 : (tensor<14xf32>) -> tensor<14xf32>
  return %r : tensor<14xf32>
}

func.func @log2_f64(%0: tensor<14xf64>) -> (tensor<14xf64>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.001, 10.0, -7.0, 0x7FF0000000000000, 0xFFF0000000000000, 0x7FF8000000000000]> : tensor<14xf64>],
    conformance.expected = [dense<[0xFFF0000000000000, 0xFFF0000000000000, 0.0, 0x7FF8000000000000, -1.0, 1.0, 0x7FF8000000000000, 1.8073549220576042, -9.965784284662087, 3.321928094887362, 0x7FF8000000000000, 0x7FF0000000000000, 0x7FF8000000000000, 0x7FF8000000000000]> : tensor<14xf64>],
    conformance.tolerance = 0.00000000000010000} {
  %r = graph.log2 %0 : (tensor<14xf64>) -> tensor<14xf64>
  return %r : tensor<14xf64>
}

func.func @log2_f16(%0: tensor<14xf16>) -> (tensor<14xf16>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.0010004043579101562, 10.0, -7.0, 0x7C00, 0xFC00, 0x7E00]> : tensor<14xf16>],
    conformance.expected = [dense<[0xFC00, 0xFC00, 0.0, 0x7E00, -1.0, 1.0, 0x7E00, 1.8076171875, -9.96875, 3.322265625, 0x7E00, 0x7C00, 0x7E00, 0x7E00]> : tensor<14xf16>],
    conformance.tolerance = 0.00100000000000000} {
  %r = graph.log2 %0 : (tensor<14xf16>) -> tensor<14xf16>
  return %r : tensor<14xf16>
}

func.func @log2_bf16(%0: tensor<14xbf16>) -> (tensor<14xbf16>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.00099945068359375, 10.0, -7.0, 0x7F80, 0xFF80, 0x7FC0]> : tensor<14xbf16>],
    conformance.expected = [dense<[0xFF80, 0xFF80, 0.0, 0xFFFF, -1.0, 1.0, 0xFFFF, 1.8046875, -9.9375, 3.328125, 0xFFFF, 0x7F80, 0xFFFF, 0xFFFF]> : tensor<14xbf16>],
    conformance.tolerance = 0.00800000000000000} {
  %r = graph.log2 %0 : (tensor<14xbf16>) -> tensor<14xbf16>
  return %r : tensor<14xbf16>
}

func.func @log10_f32(%0: tensor<14xf32>) -> (tensor<14xf32>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.0010000000474974513, 10.0, -7.0, 0x7F800000, 0xFF800000, 0x7FC00000]> : tensor<14xf32>],
    conformance.expected = [dense<[0xFF800000, 0xFF800000, 0.0, 0x7FC00000, -0.3010300099849701, 0.3010300099849701, 0x7FC00000, 0.5440680384635925, -3.0, 1.0, 0x7FC00000, 0x7F800000, 0x7FC00000, 0x7FC00000]> : tensor<14xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.log10 %0 : (tensor<14xf32>) -> tensor<14xf32>
  return %r : tensor<14xf32>
}

func.func @log10_f64(%0: tensor<14xf64>) -> (tensor<14xf64>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.001, 10.0, -7.0, 0x7FF0000000000000, 0xFFF0000000000000, 0x7FF8000000000000]> : tensor<14xf64>],
    conformance.expected = [dense<[0xFFF0000000000000, 0xFFF0000000000000, 0.0, 0x7FF8000000000000, -0.3010299956639812, 0.3010299956639812, 0x7FF8000000000000, 0.5440680443502757, -3.0, 1.0, 0x7FF8000000000000, 0x7FF0000000000000, 0x7FF8000000000000, 0x7FF8000000000000]> : tensor<14xf64>],
    conformance.tolerance = 0.00000000000010000} {
  %r = graph.log10 %0 : (tensor<14xf64>) -> tensor<14xf64>
  return %r : tensor<14xf64>
}

func.func @log10_f16(%0: tensor<14xf16>) -> (tensor<14xf16>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.0010004043579101562, 10.0, -7.0, 0x7C00, 0xFC00, 0x7E00]> : tensor<14xf16>],
    conformance.expected = [dense<[0xFC00, 0xFC00, 0.0, 0x7E00, -0.301025390625, 0.301025390625, 0x7E00, 0.5439453125, -3.0, 1.0, 0x7E00, 0x7C00, 0x7E00, 0x7E00]> : tensor<14xf16>],
    conformance.tolerance = 0.00100000000000000} {
  %r = graph.log10 %0 : (tensor<14xf16>) -> tensor<14xf16>
  return %r : tensor<14xf16>
}

func.func @log10_bf16(%0: tensor<14xbf16>) -> (tensor<14xbf16>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.00099945068359375, 10.0, -7.0, 0x7F80, 0xFF80, 0x7FC0]> : tensor<14xbf16>],
    conformance.expected = [dense<[0xFF80, 0xFF80, 0.0, 0xFFFF, -0.30078125, 0.30078125, 0xFFFF, 0.54296875, -3.0, 1.0, 0xFFFF, 0x7F80, 0xFFFF, 0xFFFF]> : tensor<14xbf16>],
    conformance.tolerance = 0.00800000000000000} {
  %r = graph.log10 %0 : (tensor<14xbf16>) -> tensor<14xbf16>
  return %r : tensor<14xbf16>
}

func.func @log1p_f32(%0: tensor<14xf32>) -> (tensor<14xf32>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.0010000000474974513, 10.0, -7.0, 0x7F800000, 0xFF800000, 0x7FC00000]> : tensor<14xf32>],
    conformance.expected = [dense<[0.0, -0.0, 0.6931471824645996, 0xFF800000, 0.40546509623527527, 1.0986123085021973, 0x7FC00000, 1.504077434539795, 0.00099950039293617, 2.397895336151123, 0x7FC00000, 0x7F800000, 0x7FC00000, 0x7FC00000]> : tensor<14xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.log1p %0 : (tensor<14xf32>) -> tensor<14xf32>
  return %r : tensor<14xf32>
}

func.func @log1p_f64(%0: tensor<14xf64>) -> (tensor<14xf64>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.001, 10.0, -7.0, 0x7FF0000000000000, 0xFFF0000000000000, 0x7FF8000000000000]> : tensor<14xf64>],
    conformance.expected = [dense<[0.0, -0.0, 0.6931471805599453, 0xFFF0000000000000, 0.4054651081081644, 1.0986122886681098, 0x7FF8000000000000, 1.5040773967762742, 0.0009995003330835331, 2.3978952727983707, 0x7FF8000000000000, 0x7FF0000000000000, 0x7FF8000000000000, 0x7FF8000000000000]> : tensor<14xf64>],
    conformance.tolerance = 0.00000000000010000} {
  %r = graph.log1p %0 : (tensor<14xf64>) -> tensor<14xf64>
  return %r : tensor<14xf64>
}

func.func @log1p_f16(%0: tensor<14xf16>) -> (tensor<14xf16>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.0010004043579101562, 10.0, -7.0, 0x7C00, 0xFC00, 0x7E00]> : tensor<14xf16>],
    conformance.expected = [dense<[0.0, -0.0, 0.693359375, 0xFC00, 0.405517578125, 1.0986328125, 0x7E00, 1.50390625, 0.00099945068359375, 2.3984375, 0x7E00, 0x7C00, 0x7E00, 0x7E00]> : tensor<14xf16>],
    conformance.tolerance = 0.00100000000000000} {
  %r = graph.log1p %0 : (tensor<14xf16>) -> tensor<14xf16>
  return %r : tensor<14xf16>
}

func.func @log1p_bf16(%0: tensor<14xbf16>) -> (tensor<14xbf16>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.00099945068359375, 10.0, -7.0, 0x7F80, 0xFF80, 0x7FC0]> : tensor<14xbf16>],
    conformance.expected = [dense<[0.0, -0.0, 0.69140625, 0xFF80, 0.40625, 1.1015625, 0xFFFF, 1.5078125, 0.00099945068359375, 2.390625, 0xFFFF, 0x7F80, 0xFFFF, 0xFFFF]> : tensor<14xbf16>],
    conformance.tolerance = 0.00800000000000000} {
  %r = graph.log1p %0 : (tensor<14xbf16>) -> tensor<14xbf16>
  return %r : tensor<14xbf16>
}

func.func @sqrt_f32(%0: tensor<14xf32>) -> (tensor<14xf32>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.0010000000474974513, 10.0, -7.0, 0x7F800000, 0xFF800000, 0x7FC00000]> : tensor<14xf32>],
    conformance.expected = [dense<[0.0, -0.0, 1.0, 0x7FC00000, 0.7071067690849304, 1.4142135381698608, 0x7FC00000, 1.8708287477493286, 0.03162277862429619, 3.1622776985168457, 0x7FC00000, 0x7F800000, 0x7FC00000, 0x7FC00000]> : tensor<14xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.sqrt %0 : (tensor<14xf32>) -> tensor<14xf32>
  return %r : tensor<14xf32>
}

func.func @sqrt_f64(%0: tensor<14xf64>) -> (tensor<14xf64>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.001, 10.0, -7.0, 0x7FF0000000000000, 0xFFF0000000000000, 0x7FF8000000000000]> : tensor<14xf64>],
    conformance.expected = [dense<[0.0, -0.0, 1.0, 0x7FF8000000000000, 0.7071067811865476, 1.4142135623730951, 0x7FF8000000000000, 1.8708286933869707, 0.03162277660168379, 3.1622776601683795, 0x7FF8000000000000, 0x7FF0000000000000, 0x7FF8000000000000, 0x7FF8000000000000]> : tensor<14xf64>],
    conformance.tolerance = 0.00000000000010000} {
  %r = graph.sqrt %0 : (tensor<14xf64>) -> tensor<14xf64>
  return %r : tensor<14xf64>
}

func.func @sqrt_f16(%0: tensor<14xf16>) -> (tensor<14xf16>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.0010004043579101562, 10.0, -7.0, 0x7C00, 0xFC00, 0x7E00]> : tensor<14xf16>],
    conformance.expected = [dense<[0.0, -0.0, 1.0, 0x7E00, 0.70703125, 1.4140625, 0x7E00, 1.87109375, 0.0316162109375, 3.162109375, 0x7E00, 0x7C00, 0x7E00, 0x7E00]> : tensor<14xf16>],
    conformance.tolerance = 0.00100000000000000} {
  %r = graph.sqrt %0 : (tensor<14xf16>) -> tensor<14xf16>
  return %r : tensor<14xf16>
}

func.func @sqrt_bf16(%0: tensor<14xbf16>) -> (tensor<14xbf16>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.00099945068359375, 10.0, -7.0, 0x7F80, 0xFF80, 0x7FC0]> : tensor<14xbf16>],
    conformance.expected = [dense<[0.0, -0.0, 1.0, 0xFFFF, 0.70703125, 1.4140625, 0xFFFF, 1.8671875, 0.031494140625, 3.15625, 0xFFFF, 0x7F80, 0xFFFF, 0xFFFF]> : tensor<14xbf16>],
    conformance.tolerance = 0.00800000000000000} {
  %r = graph.sqrt %0 : (tensor<14xbf16>) -> tensor<14xbf16>
  return %r : tensor<14xbf16>
}

func.func @rsqrt_f32(%0: tensor<14xf32>) -> (tensor<14xf32>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.0010000000474974513, 10.0, -7.0, 0x7F800000, 0xFF800000, 0x7FC00000]> : tensor<14xf32>],
    conformance.expected = [dense<[0x7F800000, 0xFF800000, 1.0, 0xFFC00000, 1.4142135381698608, 0.7071067690849304, 0xFFC00000, 0.5345224738121033, 31.62277603149414, 0.3162277638912201, 0xFFC00000, 0.0, 0xFFC00000, 0x7FC00000]> : tensor<14xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.rsqrt %0 : (tensor<14xf32>) -> tensor<14xf32>
  return %r : tensor<14xf32>
}

func.func @rsqrt_f64(%0: tensor<14xf64>) -> (tensor<14xf64>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.001, 10.0, -7.0, 0x7FF0000000000000, 0xFFF0000000000000, 0x7FF8000000000000]> : tensor<14xf64>],
    conformance.expected = [dense<[0x7FF0000000000000, 0xFFF0000000000000, 1.0, 0xFFF8000000000000, 1.414213562373095, 0.7071067811865475, 0xFFF8000000000000, 0.5345224838248488, 31.622776601683796, 0.31622776601683794, 0xFFF8000000000000, 0.0, 0xFFF8000000000000, 0x7FF8000000000000]> : tensor<14xf64>],
    conformance.tolerance = 0.00000000000010000} {
  %r = graph.rsqrt %0 : (tensor<14xf64>) -> tensor<14xf64>
  return %r : tensor<14xf64>
}

func.func @rsqrt_f16(%0: tensor<14xf16>) -> (tensor<14xf16>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.0010004043579101562, 10.0, -7.0, 0x7C00, 0xFC00, 0x7E00]> : tensor<14xf16>],
    conformance.expected = [dense<[0x7C00, 0xFC00, 1.0, 0xFE00, 1.4140625, 0.70703125, 0xFE00, 0.53466796875, 31.609375, 0.316162109375, 0xFE00, 0.0, 0xFE00, 0x7E00]> : tensor<14xf16>],
    conformance.tolerance = 0.00100000000000000} {
  %r = graph.rsqrt %0 : (tensor<14xf16>) -> tensor<14xf16>
  return %r : tensor<14xf16>
}

func.func @rsqrt_bf16(%0: tensor<14xbf16>) -> (tensor<14xbf16>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.00099945068359375, 10.0, -7.0, 0x7F80, 0xFF80, 0x7FC0]> : tensor<14xbf16>],
    conformance.expected = [dense<[0x7F80, 0xFF80, 1.0, 0xFFFF, 1.4140625, 0.70703125, 0xFFFF, 0.53515625, 31.625, 0.31640625, 0xFFFF, 0.0, 0xFFFF, 0xFFFF]> : tensor<14xbf16>],
    conformance.tolerance = 0.00800000000000000} {
  %r = graph.rsqrt %0 : (tensor<14xbf16>) -> tensor<14xbf16>
  return %r : tensor<14xbf16>
}

func.func @reciprocal_f32(%0: tensor<14xf32>) -> (tensor<14xf32>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.0010000000474974513, 10.0, -7.0, 0x7F800000, 0xFF800000, 0x7FC00000]> : tensor<14xf32>],
    conformance.expected = [dense<[0x7F800000, 0xFF800000, 1.0, -1.0, 2.0, 0.5, -0.4000000059604645, 0.2857142984867096, 999.9999389648438, 0.10000000149011612, -0.1428571492433548, 0.0, -0.0, 0x7FC00000]> : tensor<14xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.reciprocal %0 : (tensor<14xf32>) -> tensor<14xf32>
  return %r : tensor<14xf32>
}

func.func @reciprocal_f64(%0: tensor<14xf64>) -> (tensor<14xf64>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.001, 10.0, -7.0, 0x7FF0000000000000, 0xFFF0000000000000, 0x7FF8000000000000]> : tensor<14xf64>],
    conformance.expected = [dense<[0x7FF0000000000000, 0xFFF0000000000000, 1.0, -1.0, 2.0, 0.5, -0.4, 0.2857142857142857, 1000.0, 0.1, -0.14285714285714285, 0.0, -0.0, 0x7FF8000000000000]> : tensor<14xf64>],
    conformance.tolerance = 0.00000000000010000} {
  %r = graph.reciprocal %0 : (tensor<14xf64>) -> tensor<14xf64>
  return %r : tensor<14xf64>
}

func.func @reciprocal_f16(%0: tensor<14xf16>) -> (tensor<14xf16>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.0010004043579101562, 10.0, -7.0, 0x7C00, 0xFC00, 0x7E00]> : tensor<14xf16>],
    conformance.expected = [dense<[0x7C00, 0xFC00, 1.0, -1.0, 2.0, 0.5, -0.39990234375, 0.28564453125, 999.5, 0.0999755859375, -0.142822265625, 0.0, -0.0, 0x7E00]> : tensor<14xf16>],
    conformance.tolerance = 0.00100000000000000} {
  %r = graph.reciprocal %0 : (tensor<14xf16>) -> tensor<14xf16>
  return %r : tensor<14xf16>
}

func.func @reciprocal_bf16(%0: tensor<14xbf16>) -> (tensor<14xbf16>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.00099945068359375, 10.0, -7.0, 0x7F80, 0xFF80, 0x7FC0]> : tensor<14xbf16>],
    conformance.expected = [dense<[0x7F80, 0xFF80, 1.0, -1.0, 2.0, 0.5, -0.400390625, 0.28515625, 1000.0, 0.10009765625, -0.142578125, 0.0, -0.0, 0xFFFF]> : tensor<14xbf16>],
    conformance.tolerance = 0.00800000000000000} {
  %r = graph.reciprocal %0 : (tensor<14xbf16>) -> tensor<14xbf16>
  return %r : tensor<14xbf16>
}

func.func @sin_f32(%0: tensor<14xf32>) -> (tensor<14xf32>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.0010000000474974513, 10.0, -7.0, 0x7F800000, 0xFF800000, 0x7FC00000]> : tensor<14xf32>],
    conformance.expected = [dense<[0.0, -0.0, 0.8414709568023682, -0.8414709568023682, 0.4794255495071411, 0.9092974066734314, -0.5984721183776855, -0.35078322887420654, 0.0009999999310821295, -0.5440211296081543, -0.6569865942001343, 0xFFC00000, 0xFFC00000, 0x7FC00000]> : tensor<14xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.sin %0 : (tensor<14xf32>) -> tensor<14xf32>
  return %r : tensor<14xf32>
}

func.func @sin_f64(%0: tensor<14xf64>) -> (tensor<14xf64>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.001, 10.0, -7.0, 0x7FF0000000000000, 0xFFF0000000000000, 0x7FF8000000000000]> : tensor<14xf64>],
    conformance.expected = [dense<[0.0, -0.0, 0.8414709848078965, -0.8414709848078965, 0.479425538604203, 0.9092974268256817, -0.5984721441039565, -0.35078322768961984, 0.0009999998333333417, -0.5440211108893698, -0.6569865987187891, 0xFFF8000000000000, 0xFFF8000000000000, 0x7FF8000000000000]> : tensor<14xf64>],
    conformance.tolerance = 0.00000000000010000} {
  %r = graph.sin %0 : (tensor<14xf64>) -> tensor<14xf64>
  return %r : tensor<14xf64>
}

func.func @sin_f16(%0: tensor<14xf16>) -> (tensor<14xf16>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.0010004043579101562, 10.0, -7.0, 0x7C00, 0xFC00, 0x7E00]> : tensor<14xf16>],
    conformance.expected = [dense<[0.0, -0.0, 0.84130859375, -0.84130859375, 0.4794921875, 0.9091796875, -0.5986328125, -0.350830078125, 0.0010004043579101562, -0.5439453125, -0.6572265625, 0xFE00, 0xFE00, 0x7E00]> : tensor<14xf16>],
    conformance.tolerance = 0.00100000000000000} {
  %r = graph.sin %0 : (tensor<14xf16>) -> tensor<14xf16>
  return %r : tensor<14xf16>
}

func.func @sin_bf16(%0: tensor<14xbf16>) -> (tensor<14xbf16>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.00099945068359375, 10.0, -7.0, 0x7F80, 0xFF80, 0x7FC0]> : tensor<14xbf16>],
    conformance.expected = [dense<[0.0, -0.0, 0.83984375, -0.83984375, 0.478515625, 0.91015625, -0.59765625, -0.3515625, 0.00099945068359375, -0.54296875, -0.65625, 0xFFFF, 0xFFFF, 0xFFFF]> : tensor<14xbf16>],
    conformance.tolerance = 0.00800000000000000} {
  %r = graph.sin %0 : (tensor<14xbf16>) -> tensor<14xbf16>
  return %r : tensor<14xbf16>
}

func.func @cos_f32(%0: tensor<14xf32>) -> (tensor<14xf32>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.0010000000474974513, 10.0, -7.0, 0x7F800000, 0xFF800000, 0x7FC00000]> : tensor<14xf32>],
    conformance.expected = [dense<[1.0, 1.0, 0.5403022766113281, 0.5403022766113281, 0.8775825500488281, -0.416146844625473, -0.8011435866355896, -0.9364566802978516, 0.9999995231628418, -0.83907151222229, 0.7539022564888, 0xFFC00000, 0xFFC00000, 0x7FC00000]> : tensor<14xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.cos %0 : (tensor<14xf32>) -> tensor<14xf32>
  return %r : tensor<14xf32>
}

func.func @cos_f64(%0: tensor<14xf64>) -> (tensor<14xf64>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.001, 10.0, -7.0, 0x7FF0000000000000, 0xFFF0000000000000, 0x7FF8000000000000]> : tensor<14xf64>],
    conformance.expected = [dense<[1.0, 1.0, 0.5403023058681398, 0.5403023058681398, 0.8775825618903728, -0.4161468365471424, -0.8011436155469337, -0.9364566872907963, 0.9999995000000417, -0.8390715290764524, 0.7539022543433046, 0xFFF8000000000000, 0xFFF8000000000000, 0x7FF8000000000000]> : tensor<14xf64>],
    conformance.tolerance = 0.00000000000010000} {
  %r = graph.cos %0 : (tensor<14xf64>) -> tensor<14xf64>
  return %r : tensor<14xf64>
}

func.func @cos_f16(%0: tensor<14xf16>) -> (tensor<14xf16>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.0010004043579101562, 10.0, -7.0, 0x7C00, 0xFC00, 0x7E00]> : tensor<14xf16>],
    conformance.expected = [dense<[1.0, 1.0, 0.54052734375, 0.54052734375, 0.87744140625, -0.416259765625, -0.80126953125, -0.9365234375, 1.0, -0.8388671875, 0.75390625, 0xFE00, 0xFE00, 0x7E00]> : tensor<14xf16>],
    conformance.tolerance = 0.00100000000000000} {
  %r = graph.cos %0 : (tensor<14xf16>) -> tensor<14xf16>
  return %r : tensor<14xf16>
}

func.func @cos_bf16(%0: tensor<14xbf16>) -> (tensor<14xbf16>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.00099945068359375, 10.0, -7.0, 0x7F80, 0xFF80, 0x7FC0]> : tensor<14xbf16>],
    conformance.expected = [dense<[1.0, 1.0, 0.5390625, 0.5390625, 0.87890625, -0.416015625, -0.80078125, -0.9375, 1.0, -0.83984375, 0.75390625, 0xFFFF, 0xFFFF, 0xFFFF]> : tensor<14xbf16>],
    conformance.tolerance = 0.00800000000000000} {
  %r = graph.cos %0 : (tensor<14xbf16>) -> tensor<14xbf16>
  return %r : tensor<14xbf16>
}

func.func @tan_f32(%0: tensor<14xf32>) -> (tensor<14xf32>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.0010000000474974513, 10.0, -7.0, 0x7F800000, 0xFF800000, 0x7FC00000]> : tensor<14xf32>],
    conformance.expected = [dense<[0.0, -0.0, 1.5574077367782593, -1.5574077367782593, 0.5463024973869324, -2.185039758682251, 0.747022271156311, 0.3745856285095215, 0.0010000003967434168, 0.6483608484268188, -0.8714479804039001, 0xFFC00000, 0xFFC00000, 0x7FC00000]> : tensor<14xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.tan %0 : (tensor<14xf32>) -> tensor<14xf32>
  return %r : tensor<14xf32>
}

func.func @tan_f64(%0: tensor<14xf64>) -> (tensor<14xf64>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.001, 10.0, -7.0, 0x7FF0000000000000, 0xFFF0000000000000, 0x7FF8000000000000]> : tensor<14xf64>],
    conformance.expected = [dense<[0.0, -0.0, 1.5574077246549023, -1.5574077246549023, 0.5463024898437905, -2.185039863261519, 0.7470222972386603, 0.3745856401585947, 0.0010000003333334668, 0.6483608274590866, -0.8714479827243188, 0xFFF8000000000000, 0xFFF8000000000000, 0x7FF8000000000000]> : tensor<14xf64>],
    conformance.tolerance = 0.00000000000010000} {
  %r = graph.tan %0 : (tensor<14xf64>) -> tensor<14xf64>
  return %r : tensor<14xf64>
}

func.func @tan_f16(%0: tensor<14xf16>) -> (tensor<14xf16>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.0010004043579101562, 10.0, -7.0, 0x7C00, 0xFC00, 0x7E00]> : tensor<14xf16>],
    conformance.expected = [dense<[0.0, -0.0, 1.5576171875, -1.5576171875, 0.54638671875, -2.185546875, 0.7470703125, 0.37451171875, 0.0010004043579101562, 0.6484375, -0.87158203125, 0xFE00, 0xFE00, 0x7E00]> : tensor<14xf16>],
    conformance.tolerance = 0.00100000000000000} {
  %r = graph.tan %0 : (tensor<14xf16>) -> tensor<14xf16>
  return %r : tensor<14xf16>
}

func.func @tan_bf16(%0: tensor<14xbf16>) -> (tensor<14xbf16>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.00099945068359375, 10.0, -7.0, 0x7F80, 0xFF80, 0x7FC0]> : tensor<14xbf16>],
    conformance.expected = [dense<[0.0, -0.0, 1.5546875, -1.5546875, 0.546875, -2.1875, 0.74609375, 0.375, 0.00099945068359375, 0.6484375, -0.87109375, 0xFFFF, 0xFFFF, 0xFFFF]> : tensor<14xbf16>],
    conformance.tolerance = 0.00800000000000000} {
  %r = graph.tan %0 : (tensor<14xbf16>) -> tensor<14xbf16>
  return %r : tensor<14xbf16>
}

func.func @tanh_f32(%0: tensor<14xf32>) -> (tensor<14xf32>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.0010000000474974513, 10.0, -7.0, 0x7F800000, 0xFF800000, 0x7FC00000]> : tensor<14xf32>],
    conformance.expected = [dense<[0.0, -0.0, 0.7615941762924194, -0.7615941762924194, 0.46211716532707214, 0.9640275835990906, -0.9866142868995667, 0.9981778860092163, 0.0009999996982514858, 1.0, -0.9999983310699463, 1.0, -1.0, 0x7FC00000]> : tensor<14xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.tanh %0 : (tensor<14xf32>) -> tensor<14xf32>
  return %r : tensor<14xf32>
}

func.func @tanh_f64(%0: tensor<14xf64>) -> (tensor<14xf64>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.001, 10.0, -7.0, 0x7FF0000000000000, 0xFFF0000000000000, 0x7FF8000000000000]> : tensor<14xf64>],
    conformance.expected = [dense<[0.0, -0.0, 0.7615941559557649, -0.7615941559557649, 0.46211715726000974, 0.9640275800758169, -0.9866142981514303, 0.9981778976111987, 0.0009999996666668, 0.9999999958776927, -0.9999983369439447, 1.0, -1.0, 0x7FF8000000000000]> : tensor<14xf64>],
    conformance.tolerance = 0.00000000000010000} {
  %r = graph.tanh %0 : (tensor<14xf64>) -> tensor<14xf64>
  return %r : tensor<14xf64>
}

func.func @tanh_f16(%0: tensor<14xf16>) -> (tensor<14xf16>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.0010004043579101562, 10.0, -7.0, 0x7C00, 0xFC00, 0x7E00]> : tensor<14xf16>],
    conformance.expected = [dense<[0.0, -0.0, 0.76171875, -0.76171875, 0.462158203125, 0.9638671875, -0.98681640625, 0.998046875, 0.0010004043579101562, 1.0, -1.0, 1.0, -1.0, 0x7E00]> : tensor<14xf16>],
    conformance.tolerance = 0.00100000000000000} {
  %r = graph.tanh %0 : (tensor<14xf16>) -> tensor<14xf16>
  return %r : tensor<14xf16>
}

func.func @tanh_bf16(%0: tensor<14xbf16>) -> (tensor<14xbf16>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.00099945068359375, 10.0, -7.0, 0x7F80, 0xFF80, 0x7FC0]> : tensor<14xbf16>],
    conformance.expected = [dense<[0.0, -0.0, 0.76171875, -0.76171875, 0.462890625, 0.96484375, -0.98828125, 1.0, 0.00099945068359375, 1.0, -1.0, 1.0, -1.0, 0xFFFF]> : tensor<14xbf16>],
    conformance.tolerance = 0.00800000000000000} {
  %r = graph.tanh %0 : (tensor<14xbf16>) -> tensor<14xbf16>
  return %r : tensor<14xbf16>
}

func.func @atan_f32(%0: tensor<14xf32>) -> (tensor<14xf32>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.0010000000474974513, 10.0, -7.0, 0x7F800000, 0xFF800000, 0x7FC00000]> : tensor<14xf32>],
    conformance.expected = [dense<[0.0, -0.0, 0.7853981852531433, -0.7853981852531433, 0.46364760398864746, 1.1071487665176392, -1.1902899742126465, 1.292496681213379, 0.0009999996982514858, 1.4711276292800903, -1.4288992881774902, 1.5707963705062866, -1.5707963705062866, 0x7FC00000]> : tensor<14xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.atan %0 : (tensor<14xf32>) -> tensor<14xf32>
  return %r : tensor<14xf32>
}

func.func @atan_f64(%0: tensor<14xf64>) -> (tensor<14xf64>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.001, 10.0, -7.0, 0x7FF0000000000000, 0xFFF0000000000000, 0x7FF8000000000000]> : tensor<14xf64>],
    conformance.expected = [dense<[0.0, -0.0, 0.7853981633974483, -0.7853981633974483, 0.4636476090008061, 1.1071487177940904, -1.1902899496825317, 1.2924966677897853, 0.0009999996666668668, 1.4711276743037347, -1.4288992721907328, 1.5707963267948966, -1.5707963267948966, 0x7FF8000000000000]> : tensor<14xf64>],
    conformance.tolerance = 0.00000000000010000} {
  %r = graph.atan %0 : (tensor<14xf64>) -> tensor<14xf64>
  return %r : tensor<14xf64>
}

func.func @atan_f16(%0: tensor<14xf16>) -> (tensor<14xf16>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.0010004043579101562, 10.0, -7.0, 0x7C00, 0xFC00, 0x7E00]> : tensor<14xf16>],
    conformance.expected = [dense<[0.0, -0.0, 0.78515625, -0.78515625, 0.463623046875, 1.107421875, -1.1904296875, 1.29296875, 0.0010004043579101562, 1.470703125, -1.4287109375, 1.5703125, -1.5703125, 0x7E00]> : tensor<14xf16>],
    conformance.tolerance = 0.00100000000000000} {
  %r = graph.atan %0 : (tensor<14xf16>) -> tensor<14xf16>
  return %r : tensor<14xf16>
}

func.func @atan_bf16(%0: tensor<14xbf16>) -> (tensor<14xbf16>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.00099945068359375, 10.0, -7.0, 0x7F80, 0xFF80, 0x7FC0]> : tensor<14xbf16>],
    conformance.expected = [dense<[0.0, -0.0, 0.78515625, -0.78515625, 0.462890625, 1.109375, -1.1875, 1.2890625, 0.00099945068359375, 1.46875, -1.4296875, 1.5703125, -1.5703125, 0xFFFF]> : tensor<14xbf16>],
    conformance.tolerance = 0.00800000000000000} {
  %r = graph.atan %0 : (tensor<14xbf16>) -> tensor<14xbf16>
  return %r : tensor<14xbf16>
}

func.func @erf_f32(%0: tensor<14xf32>) -> (tensor<14xf32>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.0010000000474974513, 10.0, -7.0, 0x7F800000, 0xFF800000, 0x7FC00000]> : tensor<14xf32>],
    conformance.expected = [dense<[0.0, -0.0, 0.8427007794380188, -0.8427007794380188, 0.5204998850822449, 0.9953222870826721, -0.9995930194854736, 0.9999992847442627, 0.001128378789871931, 1.0, -1.0, 1.0, -1.0, 0x7FC00000]> : tensor<14xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.erf %0 : (tensor<14xf32>) -> tensor<14xf32>
  return %r : tensor<14xf32>
}

func.func @erf_f64(%0: tensor<14xf64>) -> (tensor<14xf64>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.001, 10.0, -7.0, 0x7FF0000000000000, 0xFFF0000000000000, 0x7FF8000000000000]> : tensor<14xf64>],
    conformance.expected = [dense<[0.0, -0.0, 0.8427007929497149, -0.8427007929497149, 0.5204998778130465, 0.9953222650189527, -0.999593047982555, 0.9999992569016276, 0.0011283787909692365, 1.0, -1.0, 1.0, -1.0, 0x7FF8000000000000]> : tensor<14xf64>],
    conformance.tolerance = 0.00000000000010000} {
  %r = graph.erf %0 : (tensor<14xf64>) -> tensor<14xf64>
  return %r : tensor<14xf64>
}

func.func @erf_f16(%0: tensor<14xf16>) -> (tensor<14xf16>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.0010004043579101562, 10.0, -7.0, 0x7C00, 0xFC00, 0x7E00]> : tensor<14xf16>],
    conformance.expected = [dense<[0.0, -0.0, 0.8427734375, -0.8427734375, 0.5205078125, 0.9951171875, -0.99951171875, 1.0, 0.001129150390625, 1.0, -1.0, 1.0, -1.0, 0x7E00]> : tensor<14xf16>],
    conformance.tolerance = 0.00100000000000000} {
  %r = graph.erf %0 : (tensor<14xf16>) -> tensor<14xf16>
  return %r : tensor<14xf16>
}

func.func @erf_bf16(%0: tensor<14xbf16>) -> (tensor<14xbf16>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.00099945068359375, 10.0, -7.0, 0x7F80, 0xFF80, 0x7FC0]> : tensor<14xbf16>],
    conformance.expected = [dense<[0.0, -0.0, 0.84375, -0.84375, 0.51953125, 0.99609375, -1.0, 1.0, 0.001129150390625, 1.0, -1.0, 1.0, -1.0, 0xFFFF]> : tensor<14xbf16>],
    conformance.tolerance = 0.00800000000000000} {
  %r = graph.erf %0 : (tensor<14xbf16>) -> tensor<14xbf16>
  return %r : tensor<14xbf16>
}

func.func @sigmoid_f32(%0: tensor<14xf32>) -> (tensor<14xf32>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.0010000000474974513, 10.0, -7.0, 0x7F800000, 0xFF800000, 0x7FC00000]> : tensor<14xf32>],
    conformance.expected = [dense<[0.5, 0.5, 0.7310585975646973, 0.2689414322376251, 0.622459352016449, 0.8807970881462097, 0.07585818320512772, 0.970687747001648, 0.500249981880188, 0.9999545812606812, 0.0009110511746257544, 1.0, 0.0, 0xFFC00000]> : tensor<14xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.sigmoid %0 : (tensor<14xf32>) -> tensor<14xf32>
  return %r : tensor<14xf32>
}

func.func @sigmoid_f64(%0: tensor<14xf64>) -> (tensor<14xf64>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.001, 10.0, -7.0, 0x7FF0000000000000, 0xFFF0000000000000, 0x7FF8000000000000]> : tensor<14xf64>],
    conformance.expected = [dense<[0.5, 0.5, 0.7310585786300049, 0.2689414213699951, 0.6224593312018546, 0.8807970779778823, 0.07585818002124355, 0.9706877692486436, 0.5002499999791666, 0.9999546021312976, 0.0009110511944006454, 1.0, 0.0, 0xFFF8000000000000]> : tensor<14xf64>],
    conformance.tolerance = 0.00000000000010000} {
  %r = graph.sigmoid %0 : (tensor<14xf64>) -> tensor<14xf64>
  return %r : tensor<14xf64>
}

func.func @sigmoid_f16(%0: tensor<14xf16>) -> (tensor<14xf16>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.0010004043579101562, 10.0, -7.0, 0x7C00, 0xFC00, 0x7E00]> : tensor<14xf16>],
    conformance.expected = [dense<[0.5, 0.5, 0.73095703125, 0.26904296875, 0.62255859375, 0.880859375, 0.07586669921875, 0.970703125, 0.50048828125, 1.0, 0.0009112358093261719, 1.0, 0.0, 0xFE00]> : tensor<14xf16>],
    conformance.tolerance = 0.00100000000000000} {
  %r = graph.sigmoid %0 : (tensor<14xf16>) -> tensor<14xf16>
  return %r : tensor<14xf16>
}

func.func @sigmoid_bf16(%0: tensor<14xbf16>) -> (tensor<14xbf16>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.00099945068359375, 10.0, -7.0, 0x7F80, 0xFF80, 0x7FC0]> : tensor<14xbf16>],
    conformance.expected = [dense<[0.5, 0.5, 0.73046875, 0.26953125, 0.62109375, 0.87890625, 0.07568359375, 0.96875, 0.5, 1.0, 0.000911712646484375, 1.0, 0.0, 0xFFFF]> : tensor<14xbf16>],
    conformance.tolerance = 0.00800000000000000} {
  %r = graph.sigmoid %0 : (tensor<14xbf16>) -> tensor<14xbf16>
  return %r : tensor<14xbf16>
}

func.func @silu_f32(%0: tensor<14xf32>) -> (tensor<14xf32>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.0010000000474974513, 10.0, -7.0, 0x7F800000, 0xFF800000, 0x7FC00000]> : tensor<14xf32>],
    conformance.expected = [dense<[0.0, -0.0, 0.7310585975646973, -0.2689414322376251, 0.3112296760082245, 1.7615941762924194, -0.189645454287529, 3.397407293319702, 0.000500250025652349, 9.99954605102539, -0.006377358455210924, 0x7F800000, 0xFFC00000, 0x7FC00000]> : tensor<14xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.silu %0 : (tensor<14xf32>) -> tensor<14xf32>
  return %r : tensor<14xf32>
}

func.func @silu_f64(%0: tensor<14xf64>) -> (tensor<14xf64>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.001, 10.0, -7.0, 0x7FF0000000000000, 0xFFF0000000000000, 0x7FF8000000000000]> : tensor<14xf64>],
    conformance.expected = [dense<[0.0, -0.0, 0.7310585786300049, -0.2689414213699951, 0.3112296656009273, 1.7615941559557646, -0.18964545005310887, 3.3974071923702525, 0.0005002499999791667, 9.999546021312975, -0.006377358360804518, 0x7FF0000000000000, 0xFFF8000000000000, 0x7FF8000000000000]> : tensor<14xf64>],
    conformance.tolerance = 0.00000000000010000} {
  %r = graph.silu %0 : (tensor<14xf64>) -> tensor<14xf64>
  return %r : tensor<14xf64>
}

func.func @silu_f16(%0: tensor<14xf16>) -> (tensor<14xf16>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.0010004043579101562, 10.0, -7.0, 0x7C00, 0xFC00, 0x7E00]> : tensor<14xf16>],
    conformance.expected = [dense<[0.0, -0.0, 0.73095703125, -0.26904296875, 0.311279296875, 1.76171875, -0.189697265625, 3.396484375, 0.0005006790161132812, 10.0, -0.006378173828125, 0x7C00, 0xFE00, 0x7E00]> : tensor<14xf16>],
    conformance.tolerance = 0.00100000000000000} {
  %r = graph.silu %0 : (tensor<14xf16>) -> tensor<14xf16>
  return %r : tensor<14xf16>
}

func.func @silu_bf16(%0: tensor<14xbf16>) -> (tensor<14xbf16>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.00099945068359375, 10.0, -7.0, 0x7F80, 0xFF80, 0x7FC0]> : tensor<14xbf16>],
    conformance.expected = [dense<[0.0, -0.0, 0.73046875, -0.26953125, 0.310546875, 1.7578125, -0.189453125, 3.390625, 0.000499725341796875, 10.0, -0.006378173828125, 0x7F80, 0xFFFF, 0xFFFF]> : tensor<14xbf16>],
    conformance.tolerance = 0.00800000000000000} {
  %r = graph.silu %0 : (tensor<14xbf16>) -> tensor<14xbf16>
  return %r : tensor<14xbf16>
}

func.func @hardsigmoid_f32(%0: tensor<14xf32>) -> (tensor<14xf32>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.0010000000474974513, 10.0, -7.0, 0x7F800000, 0xFF800000, 0x7FC00000]> : tensor<14xf32>],
    conformance.expected = [dense<[0.5, 0.5, 0.6666666865348816, 0.3333333432674408, 0.5833333134651184, 0.8333333134651184, 0.0833333358168602, 1.0, 0.500166654586792, 1.0, 0.0, 1.0, 0.0, 0x7FC00000]> : tensor<14xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.hardsigmoid %0 : (tensor<14xf32>) -> tensor<14xf32>
  return %r : tensor<14xf32>
}

func.func @hardsigmoid_f64(%0: tensor<14xf64>) -> (tensor<14xf64>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.001, 10.0, -7.0, 0x7FF0000000000000, 0xFFF0000000000000, 0x7FF8000000000000]> : tensor<14xf64>],
    conformance.expected = [dense<[0.5, 0.5, 0.6666666666666666, 0.3333333333333333, 0.5833333333333334, 0.8333333333333334, 0.08333333333333333, 1.0, 0.5001666666666666, 1.0, 0.0, 1.0, 0.0, 0x7FF8000000000000]> : tensor<14xf64>],
    conformance.tolerance = 0.00000000000010000} {
  %r = graph.hardsigmoid %0 : (tensor<14xf64>) -> tensor<14xf64>
  return %r : tensor<14xf64>
}

func.func @hardsigmoid_f16(%0: tensor<14xf16>) -> (tensor<14xf16>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.0010004043579101562, 10.0, -7.0, 0x7C00, 0xFC00, 0x7E00]> : tensor<14xf16>],
    conformance.expected = [dense<[0.5, 0.5, 0.66650390625, 0.333251953125, 0.58349609375, 0.83349609375, 0.08331298828125, 1.0, 0.5, 1.0, 0.0, 1.0, 0.0, 0x7E00]> : tensor<14xf16>],
    conformance.tolerance = 0.00100000000000000} {
  %r = graph.hardsigmoid %0 : (tensor<14xf16>) -> tensor<14xf16>
  return %r : tensor<14xf16>
}

func.func @hardsigmoid_bf16(%0: tensor<14xbf16>) -> (tensor<14xbf16>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.00099945068359375, 10.0, -7.0, 0x7F80, 0xFF80, 0x7FC0]> : tensor<14xbf16>],
    conformance.expected = [dense<[0.5, 0.5, 0.66796875, 0.333984375, 0.58203125, 0.83203125, 0.08349609375, 1.0, 0.5, 1.0, 0.0, 1.0, 0.0, 0xFFFF]> : tensor<14xbf16>],
    conformance.tolerance = 0.00800000000000000} {
  %r = graph.hardsigmoid %0 : (tensor<14xbf16>) -> tensor<14xbf16>
  return %r : tensor<14xbf16>
}

func.func @hardswish_f32(%0: tensor<14xf32>) -> (tensor<14xf32>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.0010000000474974513, 10.0, -7.0, 0x7F800000, 0xFF800000, 0x7FC00000]> : tensor<14xf32>],
    conformance.expected = [dense<[0.0, -0.0, 0.6666666865348816, -0.3333333432674408, 0.2916666567325592, 1.6666666269302368, -0.2083333283662796, 3.5, 0.0005001666722819209, 10.0, -0.0, 0x7F800000, 0xFFC00000, 0x7FC00000]> : tensor<14xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.hardswish %0 : (tensor<14xf32>) -> tensor<14xf32>
  return %r : tensor<14xf32>
}

func.func @hardswish_f64(%0: tensor<14xf64>) -> (tensor<14xf64>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.001, 10.0, -7.0, 0x7FF0000000000000, 0xFFF0000000000000, 0x7FF8000000000000]> : tensor<14xf64>],
    conformance.expected = [dense<[0.0, -0.0, 0.6666666666666666, -0.3333333333333333, 0.2916666666666667, 1.6666666666666667, -0.20833333333333334, 3.5, 0.0005001666666666667, 10.0, -0.0, 0x7FF0000000000000, 0xFFF8000000000000, 0x7FF8000000000000]> : tensor<14xf64>],
    conformance.tolerance = 0.00000000000010000} {
  %r = graph.hardswish %0 : (tensor<14xf64>) -> tensor<14xf64>
  return %r : tensor<14xf64>
}

func.func @hardswish_f16(%0: tensor<14xf16>) -> (tensor<14xf16>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.0010004043579101562, 10.0, -7.0, 0x7C00, 0xFC00, 0x7E00]> : tensor<14xf16>],
    conformance.expected = [dense<[0.0, -0.0, 0.66650390625, -0.333251953125, 0.291748046875, 1.6669921875, -0.2083740234375, 3.5, 0.0005002021789550781, 10.0, -0.0, 0x7C00, 0xFE00, 0x7E00]> : tensor<14xf16>],
    conformance.tolerance = 0.00100000000000000} {
  %r = graph.hardswish %0 : (tensor<14xf16>) -> tensor<14xf16>
  return %r : tensor<14xf16>
}

func.func @hardswish_bf16(%0: tensor<14xbf16>) -> (tensor<14xbf16>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.00099945068359375, 10.0, -7.0, 0x7F80, 0xFF80, 0x7FC0]> : tensor<14xbf16>],
    conformance.expected = [dense<[0.0, -0.0, 0.66796875, -0.333984375, 0.291015625, 1.6640625, -0.2080078125, 3.5, 0.000499725341796875, 10.0, -0.0, 0x7F80, 0xFFFF, 0xFFFF]> : tensor<14xbf16>],
    conformance.tolerance = 0.00800000000000000} {
  %r = graph.hardswish %0 : (tensor<14xbf16>) -> tensor<14xbf16>
  return %r : tensor<14xbf16>
}

func.func @relu_f32(%0: tensor<14xf32>) -> (tensor<14xf32>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.0010000000474974513, 10.0, -7.0, 0x7F800000, 0xFF800000, 0x7FC00000]> : tensor<14xf32>],
    conformance.expected = [dense<[0.0, -0.0, 1.0, 0.0, 0.5, 2.0, 0.0, 3.5, 0.0010000000474974513, 10.0, 0.0, 0x7F800000, 0.0, 0x7FC00000]> : tensor<14xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.relu %0 : (tensor<14xf32>) -> tensor<14xf32>
  return %r : tensor<14xf32>
}

func.func @relu_f64(%0: tensor<14xf64>) -> (tensor<14xf64>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.001, 10.0, -7.0, 0x7FF0000000000000, 0xFFF0000000000000, 0x7FF8000000000000]> : tensor<14xf64>],
    conformance.expected = [dense<[0.0, -0.0, 1.0, 0.0, 0.5, 2.0, 0.0, 3.5, 0.001, 10.0, 0.0, 0x7FF0000000000000, 0.0, 0x7FF8000000000000]> : tensor<14xf64>],
    conformance.tolerance = 0.00000000000010000} {
  %r = graph.relu %0 : (tensor<14xf64>) -> tensor<14xf64>
  return %r : tensor<14xf64>
}

func.func @relu_f16(%0: tensor<14xf16>) -> (tensor<14xf16>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.0010004043579101562, 10.0, -7.0, 0x7C00, 0xFC00, 0x7E00]> : tensor<14xf16>],
    conformance.expected = [dense<[0.0, -0.0, 1.0, 0.0, 0.5, 2.0, 0.0, 3.5, 0.0010004043579101562, 10.0, 0.0, 0x7C00, 0.0, 0x7E00]> : tensor<14xf16>],
    conformance.tolerance = 0.00100000000000000} {
  %r = graph.relu %0 : (tensor<14xf16>) -> tensor<14xf16>
  return %r : tensor<14xf16>
}

func.func @relu_bf16(%0: tensor<14xbf16>) -> (tensor<14xbf16>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.00099945068359375, 10.0, -7.0, 0x7F80, 0xFF80, 0x7FC0]> : tensor<14xbf16>],
    conformance.expected = [dense<[0.0, -0.0, 1.0, 0.0, 0.5, 2.0, 0.0, 3.5, 0.00099945068359375, 10.0, 0.0, 0x7F80, 0.0, 0xFFFF]> : tensor<14xbf16>],
    conformance.tolerance = 0.00800000000000000} {
  %r = graph.relu %0 : (tensor<14xbf16>) -> tensor<14xbf16>
  return %r : tensor<14xbf16>
}

func.func @floor_f32(%0: tensor<14xf32>) -> (tensor<14xf32>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.0010000000474974513, 10.0, -7.0, 0x7F800000, 0xFF800000, 0x7FC00000]> : tensor<14xf32>],
    conformance.expected = [dense<[0.0, -0.0, 1.0, -1.0, 0.0, 2.0, -3.0, 3.0, 0.0, 10.0, -7.0, 0x7F800000, 0xFF800000, 0x7FC00000]> : tensor<14xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.floor %0 : (tensor<14xf32>) -> tensor<14xf32>
  return %r : tensor<14xf32>
}

func.func @floor_f64(%0: tensor<14xf64>) -> (tensor<14xf64>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.001, 10.0, -7.0, 0x7FF0000000000000, 0xFFF0000000000000, 0x7FF8000000000000]> : tensor<14xf64>],
    conformance.expected = [dense<[0.0, -0.0, 1.0, -1.0, 0.0, 2.0, -3.0, 3.0, 0.0, 10.0, -7.0, 0x7FF0000000000000, 0xFFF0000000000000, 0x7FF8000000000000]> : tensor<14xf64>],
    conformance.tolerance = 0.00000000000010000} {
  %r = graph.floor %0 : (tensor<14xf64>) -> tensor<14xf64>
  return %r : tensor<14xf64>
}

func.func @floor_f16(%0: tensor<14xf16>) -> (tensor<14xf16>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.0010004043579101562, 10.0, -7.0, 0x7C00, 0xFC00, 0x7E00]> : tensor<14xf16>],
    conformance.expected = [dense<[0.0, -0.0, 1.0, -1.0, 0.0, 2.0, -3.0, 3.0, 0.0, 10.0, -7.0, 0x7C00, 0xFC00, 0x7E00]> : tensor<14xf16>],
    conformance.tolerance = 0.00100000000000000} {
  %r = graph.floor %0 : (tensor<14xf16>) -> tensor<14xf16>
  return %r : tensor<14xf16>
}

func.func @floor_bf16(%0: tensor<14xbf16>) -> (tensor<14xbf16>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.00099945068359375, 10.0, -7.0, 0x7F80, 0xFF80, 0x7FC0]> : tensor<14xbf16>],
    conformance.expected = [dense<[0.0, -0.0, 1.0, -1.0, 0.0, 2.0, -3.0, 3.0, 0.0, 10.0, -7.0, 0x7F80, 0xFF80, 0xFFFF]> : tensor<14xbf16>],
    conformance.tolerance = 0.00800000000000000} {
  %r = graph.floor %0 : (tensor<14xbf16>) -> tensor<14xbf16>
  return %r : tensor<14xbf16>
}

func.func @ceil_f32(%0: tensor<14xf32>) -> (tensor<14xf32>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.0010000000474974513, 10.0, -7.0, 0x7F800000, 0xFF800000, 0x7FC00000]> : tensor<14xf32>],
    conformance.expected = [dense<[0.0, -0.0, 1.0, -1.0, 1.0, 2.0, -2.0, 4.0, 1.0, 10.0, -7.0, 0x7F800000, 0xFF800000, 0x7FC00000]> : tensor<14xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.ceil %0 : (tensor<14xf32>) -> tensor<14xf32>
  return %r : tensor<14xf32>
}

func.func @ceil_f64(%0: tensor<14xf64>) -> (tensor<14xf64>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.001, 10.0, -7.0, 0x7FF0000000000000, 0xFFF0000000000000, 0x7FF8000000000000]> : tensor<14xf64>],
    conformance.expected = [dense<[0.0, -0.0, 1.0, -1.0, 1.0, 2.0, -2.0, 4.0, 1.0, 10.0, -7.0, 0x7FF0000000000000, 0xFFF0000000000000, 0x7FF8000000000000]> : tensor<14xf64>],
    conformance.tolerance = 0.00000000000010000} {
  %r = graph.ceil %0 : (tensor<14xf64>) -> tensor<14xf64>
  return %r : tensor<14xf64>
}

func.func @ceil_f16(%0: tensor<14xf16>) -> (tensor<14xf16>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.0010004043579101562, 10.0, -7.0, 0x7C00, 0xFC00, 0x7E00]> : tensor<14xf16>],
    conformance.expected = [dense<[0.0, -0.0, 1.0, -1.0, 1.0, 2.0, -2.0, 4.0, 1.0, 10.0, -7.0, 0x7C00, 0xFC00, 0x7E00]> : tensor<14xf16>],
    conformance.tolerance = 0.00100000000000000} {
  %r = graph.ceil %0 : (tensor<14xf16>) -> tensor<14xf16>
  return %r : tensor<14xf16>
}

func.func @ceil_bf16(%0: tensor<14xbf16>) -> (tensor<14xbf16>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.00099945068359375, 10.0, -7.0, 0x7F80, 0xFF80, 0x7FC0]> : tensor<14xbf16>],
    conformance.expected = [dense<[0.0, -0.0, 1.0, -1.0, 1.0, 2.0, -2.0, 4.0, 1.0, 10.0, -7.0, 0x7F80, 0xFF80, 0xFFFF]> : tensor<14xbf16>],
    conformance.tolerance = 0.00800000000000000} {
  %r = graph.ceil %0 : (tensor<14xbf16>) -> tensor<14xbf16>
  return %r : tensor<14xbf16>
}

func.func @trunc_f32(%0: tensor<14xf32>) -> (tensor<14xf32>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.0010000000474974513, 10.0, -7.0, 0x7F800000, 0xFF800000, 0x7FC00000]> : tensor<14xf32>],
    conformance.expected = [dense<[0.0, -0.0, 1.0, -1.0, 0.0, 2.0, -2.0, 3.0, 0.0, 10.0, -7.0, 0x7F800000, 0xFF800000, 0x7FC00000]> : tensor<14xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.trunc %0 : (tensor<14xf32>) -> tensor<14xf32>
  return %r : tensor<14xf32>
}

func.func @trunc_f64(%0: tensor<14xf64>) -> (tensor<14xf64>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.001, 10.0, -7.0, 0x7FF0000000000000, 0xFFF0000000000000, 0x7FF8000000000000]> : tensor<14xf64>],
    conformance.expected = [dense<[0.0, -0.0, 1.0, -1.0, 0.0, 2.0, -2.0, 3.0, 0.0, 10.0, -7.0, 0x7FF0000000000000, 0xFFF0000000000000, 0x7FF8000000000000]> : tensor<14xf64>],
    conformance.tolerance = 0.00000000000010000} {
  %r = graph.trunc %0 : (tensor<14xf64>) -> tensor<14xf64>
  return %r : tensor<14xf64>
}

func.func @trunc_f16(%0: tensor<14xf16>) -> (tensor<14xf16>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.0010004043579101562, 10.0, -7.0, 0x7C00, 0xFC00, 0x7E00]> : tensor<14xf16>],
    conformance.expected = [dense<[0.0, -0.0, 1.0, -1.0, 0.0, 2.0, -2.0, 3.0, 0.0, 10.0, -7.0, 0x7C00, 0xFC00, 0x7E00]> : tensor<14xf16>],
    conformance.tolerance = 0.00100000000000000} {
  %r = graph.trunc %0 : (tensor<14xf16>) -> tensor<14xf16>
  return %r : tensor<14xf16>
}

func.func @trunc_bf16(%0: tensor<14xbf16>) -> (tensor<14xbf16>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.00099945068359375, 10.0, -7.0, 0x7F80, 0xFF80, 0x7FC0]> : tensor<14xbf16>],
    conformance.expected = [dense<[0.0, -0.0, 1.0, -1.0, 0.0, 2.0, -2.0, 3.0, 0.0, 10.0, -7.0, 0x7F80, 0xFF80, 0xFFFF]> : tensor<14xbf16>],
    conformance.tolerance = 0.00800000000000000} {
  %r = graph.trunc %0 : (tensor<14xbf16>) -> tensor<14xbf16>
  return %r : tensor<14xbf16>
}

func.func @round_f32(%0: tensor<14xf32>) -> (tensor<14xf32>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.0010000000474974513, 10.0, -7.0, 0x7F800000, 0xFF800000, 0x7FC00000]> : tensor<14xf32>],
    conformance.expected = [dense<[0.0, -0.0, 1.0, -1.0, 0.0, 2.0, -2.0, 4.0, 0.0, 10.0, -7.0, 0x7F800000, 0xFF800000, 0x7FC00000]> : tensor<14xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.round %0 : (tensor<14xf32>) -> tensor<14xf32>
  return %r : tensor<14xf32>
}

func.func @round_f64(%0: tensor<14xf64>) -> (tensor<14xf64>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.001, 10.0, -7.0, 0x7FF0000000000000, 0xFFF0000000000000, 0x7FF8000000000000]> : tensor<14xf64>],
    conformance.expected = [dense<[0.0, -0.0, 1.0, -1.0, 0.0, 2.0, -2.0, 4.0, 0.0, 10.0, -7.0, 0x7FF0000000000000, 0xFFF0000000000000, 0x7FF8000000000000]> : tensor<14xf64>],
    conformance.tolerance = 0.00000000000010000} {
  %r = graph.round %0 : (tensor<14xf64>) -> tensor<14xf64>
  return %r : tensor<14xf64>
}

func.func @round_f16(%0: tensor<14xf16>) -> (tensor<14xf16>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.0010004043579101562, 10.0, -7.0, 0x7C00, 0xFC00, 0x7E00]> : tensor<14xf16>],
    conformance.expected = [dense<[0.0, -0.0, 1.0, -1.0, 0.0, 2.0, -2.0, 4.0, 0.0, 10.0, -7.0, 0x7C00, 0xFC00, 0x7E00]> : tensor<14xf16>],
    conformance.tolerance = 0.00100000000000000} {
  %r = graph.round %0 : (tensor<14xf16>) -> tensor<14xf16>
  return %r : tensor<14xf16>
}

func.func @round_bf16(%0: tensor<14xbf16>) -> (tensor<14xbf16>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.00099945068359375, 10.0, -7.0, 0x7F80, 0xFF80, 0x7FC0]> : tensor<14xbf16>],
    conformance.expected = [dense<[0.0, -0.0, 1.0, -1.0, 0.0, 2.0, -2.0, 4.0, 0.0, 10.0, -7.0, 0x7F80, 0xFF80, 0xFFFF]> : tensor<14xbf16>],
    conformance.tolerance = 0.00800000000000000} {
  %r = graph.round %0 : (tensor<14xbf16>) -> tensor<14xbf16>
  return %r : tensor<14xbf16>
}

func.func @gelu_f32(%0: tensor<14xf32>) -> (tensor<14xf32>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.0010000000474974513, 10.0, -7.0, 0x7F800000, 0xFF800000, 0x7FC00000]> : tensor<14xf32>],
    conformance.expected = [dense<[0.0, -0.0, 0.8413447737693787, -0.15865525603294373, 0.3457312285900116, 1.9544997215270996, -0.015524162910878658, 3.499185800552368, 0.0005003989790566266, 10.0, -8.958667141456544e-12, 0x7F800000, 0xFFC00000, 0x7FC00000]> : tensor<14xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.gelu %0 : (tensor<14xf32>) -> tensor<14xf32>
  return %r : tensor<14xf32>
}

func.func @gelu_f64(%0: tensor<14xf64>) -> (tensor<14xf64>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.001, 10.0, -7.0, 0x7FF0000000000000, 0xFFF0000000000000, 0x7FF8000000000000]> : tensor<14xf64>],
    conformance.expected = [dense<[0.0, -0.0, 0.841344746068543, -0.15865525393145702, 0.34573123063700656, 1.9544997361036416, -0.015524163314440398, 3.4991857982233756, 0.000500398942213911, 10.0, -8.958667141456544e-12, 0x7FF0000000000000, 0xFFF8000000000000, 0x7FF8000000000000]> : tensor<14xf64>],
    conformance.tolerance = 0.00000000000010000} {
  %r = graph.gelu %0 : (tensor<14xf64>) -> tensor<14xf64>
  return %r : tensor<14xf64>
}

func.func @gelu_f16(%0: tensor<14xf16>) -> (tensor<14xf16>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.0010004043579101562, 10.0, -7.0, 0x7C00, 0xFC00, 0x7E00]> : tensor<14xf16>],
    conformance.expected = [dense<[0.0, -0.0, 0.84130859375, -0.15869140625, 0.345703125, 1.9541015625, -0.01552581787109375, 3.5, 0.0005006790161132812, 10.0, -0.0, 0x7C00, 0xFE00, 0x7E00]> : tensor<14xf16>],
    conformance.tolerance = 0.00100000000000000} {
  %r = graph.gelu %0 : (tensor<14xf16>) -> tensor<14xf16>
  return %r : tensor<14xf16>
}

func.func @gelu_bf16(%0: tensor<14xbf16>) -> (tensor<14xbf16>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.00099945068359375, 10.0, -7.0, 0x7F80, 0xFF80, 0x7FC0]> : tensor<14xbf16>],
    conformance.expected = [dense<[0.0, -0.0, 0.83984375, -0.158203125, 0.345703125, 1.953125, -0.0155029296875, 3.5, 0.000499725341796875, 10.0, -8.981260180007666e-12, 0x7F80, 0xFFFF, 0xFFFF]> : tensor<14xbf16>],
    conformance.tolerance = 0.00800000000000000} {
  %r = graph.gelu %0 : (tensor<14xbf16>) -> tensor<14xbf16>
  return %r : tensor<14xbf16>
}

func.func @tanh_empty(%0: tensor<0x3xf32>) -> (tensor<0x3xf32>) attributes {
    conformance.inputs = [dense<> : tensor<0x3xf32>],
    conformance.expected = [dense<> : tensor<0x3xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.tanh %0 : (tensor<0x3xf32>) -> tensor<0x3xf32>
  return %r : tensor<0x3xf32>
}

func.func @tanh_rank0(%0: tensor<f32>) -> (tensor<f32>) attributes {
    conformance.inputs = [dense<0.75> : tensor<f32>],
    conformance.expected = [dense<0.6351489424705505> : tensor<f32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.tanh %0 : (tensor<f32>) -> tensor<f32>
  return %r : tensor<f32>
}

func.func @tanh_odd(%0: tensor<3x5x7xf32>) -> (tensor<3x5x7xf32>) attributes {
    conformance.inputs = [dense<[[[0.75, -1.4375, -0.8125, -1.1875, 0.4375, -2.9375, -0.125], [-1.25, -0.75, 2.125, 0.4375, 1.1875, -2.25, 2.6875], [-0.5625, -2.25, -1.3125, 0.375, -0.25, -2.125, 0.125], [1.8125, -1.75, 0.375, -0.5, -2.0625, 0.6875, -1.6875], [-0.9375, -2.25, -1.4375, 0.875, 1.25, 0.9375, 0.875]], [[-2.75, 1.0625, -2.6875, -2.25, 2.875, 0.6875, 2.125], [1.9375, -0.25, -1.5625, 0.125, -2.5, -0.25, -1.0625], [2.9375, 1.9375, 3.0, 0.25, 2.25, -1.4375, 0.3125], [1.375, -2.5625, 0.25, 0.4375, 0.25, 2.3125, 2.1875], [2.125, 0.0, -1.75, 1.875, -2.375, -2.75, -1.5625]], [[-0.25, -2.125, -2.3125, 1.125, 1.375, 0.0, 1.3125], [1.375, 2.375, 2.6875, -0.3125, -0.3125, 1.75, 1.9375], [2.0625, -0.6875, 1.9375, 1.375, 1.5, 2.375, -0.1875], [1.0625, 2.375, 0.4375, 2.8125, 0.125, -0.0625, 1.8125], [1.375, -2.4375, -0.3125, 0.3125, 1.1875, -0.5, -1.0]]]> : tensor<3x5x7xf32>],
    conformance.expected = [dense<[[[0.6351489424705505, -0.8931933641433716, -0.6709671020507812, -0.8298019170761108, 0.4115700423717499, -0.9943981170654297, -0.12435299903154373], [-0.8482836484909058, -0.6351489424705505, 0.9718727469444275, 0.4115700423717499, 0.8298019170761108, -0.9780260920524597, 0.9907808303833008], [-0.5098299980163574, -0.9780260920524597, -0.8649066090583801, 0.35835739970207214, -0.24491865932941437, -0.9718727469444275, 0.12435299903154373], [0.9480853080749512, -0.9413755536079407, 0.35835739970207214, -0.46211716532707214, -0.9681872129440308, 0.5963735580444336, -0.9338280558586121], [-0.7340714931488037, -0.9780260920524597, -0.8931933641433716, 0.7039055824279785, 0.8482836484909058, 0.7340714931488037, 0.7039055824279785]], [[-0.9918597340583801, 0.7866188287734985, -0.9907808303833008, -0.9780260920524597, 0.9936546087265015, 0.5963735580444336, 0.9718727469444275], [0.9593352675437927, -0.24491865932941437, -0.9158245325088501, 0.12435299903154373, -0.9866142868995667, -0.24491865932941437, -0.7866188287734985], [0.9943981170654297, 0.9593352675437927, 0.9950547814369202, 0.24491865932941437, 0.9780260920524597, -0.8931933641433716, 0.3027097284793854], [0.8798267245292664, -0.9881778359413147, 0.24491865932941437, 0.4115700423717499, 0.24491865932941437, 0.9805830717086792, 0.9751366972923279], [0.9718727469444275, 0.0, -0.9413755536079407, 0.9540452361106873, -0.9828450083732605, -0.9918597340583801, -0.9158245325088501]], [[-0.24491865932941437, -0.9718727469444275, -0.9805830717086792, 0.8093010783195496, 0.8798267245292664, 0.0, 0.8649066090583801], [0.8798267245292664, 0.9828450083732605, 0.9907808303833008, -0.3027097284793854, -0.3027097284793854, 0.9413755536079407, 0.9593352675437927], [0.9681872129440308, -0.5963735580444336, 0.9593352675437927, 0.8798267245292664, 0.9051482677459717, 0.9828450083732605, -0.18533320724964142], [0.7866188287734985, 0.9828450083732605, 0.4115700423717499, 0.9928128123283386, 0.12435299903154373, -0.06241874769330025, 0.9480853080749512], [0.8798267245292664, -0.9848455190658569, -0.3027097284793854, 0.3027097284793854, 0.8298019170761108, -0.46211716532707214, -0.7615941762924194]]]> : tensor<3x5x7xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.tanh %0 : (tensor<3x5x7xf32>) -> tensor<3x5x7xf32>
  return %r : tensor<3x5x7xf32>
}

func.func @gelu_tanh(%0: tensor<14xf32>) -> (tensor<14xf32>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.0010000000474974513, 10.0, -7.0, 0x7F800000, 0xFF800000, 0x7FC00000]> : tensor<14xf32>],
    conformance.expected = [dense<[0.0, -0.0, 0.8411920070648193, -0.15880800783634186, 0.3457140028476715, 1.9545977115631104, -0.015084265731275082, 3.4993836879730225, 0.0005003989790566266, 10.0, -2.3314683517128287e-15, 0x7F800000, 0xFFC00000, 0x7FC00000]> : tensor<14xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.gelu %0 {tanh} : (tensor<14xf32>) -> tensor<14xf32>
  return %r : tensor<14xf32>
}

func.func @elu(%0: tensor<14xf32>) -> (tensor<14xf32>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.0010000000474974513, 10.0, -7.0, 0x7F800000, 0xFF800000, 0x7FC00000]> : tensor<14xf32>],
    conformance.expected = [dense<[0.0, -0.0, 1.0, -0.31606027483940125, 0.5, 2.0, -0.4589574933052063, 3.5, 0.0010000000474974513, 10.0, -0.49954405426979065, 0x7F800000, -0.5, 0x7FC00000]> : tensor<14xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.elu %0 {alpha = 0.5 : f64, scale = 1.0 : f64, input_scale = 1.0 : f64} : (tensor<14xf32>) -> tensor<14xf32>
  return %r : tensor<14xf32>
}

func.func @selu(%0: tensor<14xf32>) -> (tensor<14xf32>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.0010000000474974513, 10.0, -7.0, 0x7F800000, 0xFF800000, 0x7FC00000]> : tensor<14xf32>],
    conformance.expected = [dense<[0.0, -0.0, 1.0507010221481323, -1.1113307476043701, 0.5253505110740662, 2.1014020442962646, -1.613785743713379, 3.6774535179138184, 0.0010507010156288743, 10.507009506225586, -1.7564961910247803, 0x7F800000, -1.7580993175506592, 0x7FC00000]> : tensor<14xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.elu %0 {alpha = 1.6732632423543772 : f64, scale = 1.0507009873554805 : f64, input_scale = 1.0 : f64} : (tensor<14xf32>) -> tensor<14xf32>
  return %r : tensor<14xf32>
}

func.func @leaky_relu(%0: tensor<14xf32>) -> (tensor<14xf32>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.0010000000474974513, 10.0, -7.0, 0x7F800000, 0xFF800000, 0x7FC00000]> : tensor<14xf32>],
    conformance.expected = [dense<[0.0, -0.0, 1.0, -0.10000000149011612, 0.5, 2.0, -0.25, 3.5, 0.0010000000474974513, 10.0, -0.699999988079071, 0x7F800000, 0xFF800000, 0x7FC00000]> : tensor<14xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.leaky_relu %0 {slope = 0.1 : f64} : (tensor<14xf32>) -> tensor<14xf32>
  return %r : tensor<14xf32>
}

func.func @clamp_f32(%0: tensor<14xf32>) -> (tensor<14xf32>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.0010000000474974513, 10.0, -7.0, 0x7F800000, 0xFF800000, 0x7FC00000]> : tensor<14xf32>],
    conformance.expected = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -1.5, 2.0, 0.0010000000474974513, 2.0, -1.5, 2.0, -1.5, 0x7FC00000]> : tensor<14xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.clamp %0 {low = -1.5 : f64, high = 2.0 : f64} : (tensor<14xf32>) -> tensor<14xf32>
  return %r : tensor<14xf32>
}

func.func @clamp_low(%0: tensor<14xf32>) -> (tensor<14xf32>) attributes {
    conformance.inputs = [dense<[0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.0010000000474974513, 10.0, -7.0, 0x7F800000, 0xFF800000, 0x7FC00000]> : tensor<14xf32>],
    conformance.expected = [dense<[0.25, 0.25, 1.0, 0.25, 0.5, 2.0, 0.25, 3.5, 0.25, 10.0, 0.25, 0x7F800000, 0.25, 0x7FC00000]> : tensor<14xf32>],
    conformance.tolerance = 0.00000025000000000} {
  %r = graph.clamp %0 {low = 0.25 : f64} : (tensor<14xf32>) -> tensor<14xf32>
  return %r : tensor<14xf32>
}

func.func @abs_i8(%0: tensor<6xi8>) -> (tensor<6xi8>) attributes {
    conformance.inputs = [dense<[0, 1, 5, 100, 127, -128]> : tensor<6xi8>],
    conformance.expected = [dense<[0, 1, 5, 100, 127, -128]> : tensor<6xi8>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.abs %0 : (tensor<6xi8>) -> tensor<6xi8>
  return %r : tensor<6xi8>
}

func.func @neg_i8(%0: tensor<6xi8>) -> (tensor<6xi8>) attributes {
    conformance.inputs = [dense<[0, 1, 5, 100, 127, -128]> : tensor<6xi8>],
    conformance.expected = [dense<[0, -1, -5, -100, -127, -128]> : tensor<6xi8>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.neg %0 : (tensor<6xi8>) -> tensor<6xi8>
  return %r : tensor<6xi8>
}

func.func @sign_i8(%0: tensor<6xi8>) -> (tensor<6xi8>) attributes {
    conformance.inputs = [dense<[0, 1, 5, 100, 127, -128]> : tensor<6xi8>],
    conformance.expected = [dense<[0, 1, 1, 1, 1, -1]> : tensor<6xi8>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.sign %0 : (tensor<6xi8>) -> tensor<6xi8>
  return %r : tensor<6xi8>
}

func.func @relu_i8(%0: tensor<6xi8>) -> (tensor<6xi8>) attributes {
    conformance.inputs = [dense<[0, 1, 5, 100, 127, -128]> : tensor<6xi8>],
    conformance.expected = [dense<[0, 1, 5, 100, 127, 0]> : tensor<6xi8>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.relu %0 : (tensor<6xi8>) -> tensor<6xi8>
  return %r : tensor<6xi8>
}

func.func @not_i8(%0: tensor<6xi8>) -> (tensor<6xi8>) attributes {
    conformance.inputs = [dense<[0, 1, 5, 100, 127, -128]> : tensor<6xi8>],
    conformance.expected = [dense<[-1, -2, -6, -101, -128, 127]> : tensor<6xi8>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.not %0 : (tensor<6xi8>) -> tensor<6xi8>
  return %r : tensor<6xi8>
}

func.func @clamp_i8(%0: tensor<6xi8>) -> (tensor<6xi8>) attributes {
    conformance.inputs = [dense<[0, 1, 5, 100, 127, -128]> : tensor<6xi8>],
    conformance.expected = [dense<[1, 1, 5, 7, 7, 1]> : tensor<6xi8>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.clamp %0 {low = 1 : i64, high = 7 : i64} : (tensor<6xi8>) -> tensor<6xi8>
  return %r : tensor<6xi8>
}

func.func @abs_i16(%0: tensor<6xi16>) -> (tensor<6xi16>) attributes {
    conformance.inputs = [dense<[0, 1, 5, 100, 32767, -32768]> : tensor<6xi16>],
    conformance.expected = [dense<[0, 1, 5, 100, 32767, -32768]> : tensor<6xi16>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.abs %0 : (tensor<6xi16>) -> tensor<6xi16>
  return %r : tensor<6xi16>
}

func.func @neg_i16(%0: tensor<6xi16>) -> (tensor<6xi16>) attributes {
    conformance.inputs = [dense<[0, 1, 5, 100, 32767, -32768]> : tensor<6xi16>],
    conformance.expected = [dense<[0, -1, -5, -100, -32767, -32768]> : tensor<6xi16>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.neg %0 : (tensor<6xi16>) -> tensor<6xi16>
  return %r : tensor<6xi16>
}

func.func @sign_i16(%0: tensor<6xi16>) -> (tensor<6xi16>) attributes {
    conformance.inputs = [dense<[0, 1, 5, 100, 32767, -32768]> : tensor<6xi16>],
    conformance.expected = [dense<[0, 1, 1, 1, 1, -1]> : tensor<6xi16>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.sign %0 : (tensor<6xi16>) -> tensor<6xi16>
  return %r : tensor<6xi16>
}

func.func @relu_i16(%0: tensor<6xi16>) -> (tensor<6xi16>) attributes {
    conformance.inputs = [dense<[0, 1, 5, 100, 32767, -32768]> : tensor<6xi16>],
    conformance.expected = [dense<[0, 1, 5, 100, 32767, 0]> : tensor<6xi16>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.relu %0 : (tensor<6xi16>) -> tensor<6xi16>
  return %r : tensor<6xi16>
}

func.func @not_i16(%0: tensor<6xi16>) -> (tensor<6xi16>) attributes {
    conformance.inputs = [dense<[0, 1, 5, 100, 32767, -32768]> : tensor<6xi16>],
    conformance.expected = [dense<[-1, -2, -6, -101, -32768, 32767]> : tensor<6xi16>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.not %0 : (tensor<6xi16>) -> tensor<6xi16>
  return %r : tensor<6xi16>
}

func.func @clamp_i16(%0: tensor<6xi16>) -> (tensor<6xi16>) attributes {
    conformance.inputs = [dense<[0, 1, 5, 100, 32767, -32768]> : tensor<6xi16>],
    conformance.expected = [dense<[1, 1, 5, 7, 7, 1]> : tensor<6xi16>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.clamp %0 {low = 1 : i64, high = 7 : i64} : (tensor<6xi16>) -> tensor<6xi16>
  return %r : tensor<6xi16>
}

func.func @abs_i32(%0: tensor<6xi32>) -> (tensor<6xi32>) attributes {
    conformance.inputs = [dense<[0, 1, 5, 100, 2147483647, -2147483648]> : tensor<6xi32>],
    conformance.expected = [dense<[0, 1, 5, 100, 2147483647, -2147483648]> : tensor<6xi32>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.abs %0 : (tensor<6xi32>) -> tensor<6xi32>
  return %r : tensor<6xi32>
}

func.func @neg_i32(%0: tensor<6xi32>) -> (tensor<6xi32>) attributes {
    conformance.inputs = [dense<[0, 1, 5, 100, 2147483647, -2147483648]> : tensor<6xi32>],
    conformance.expected = [dense<[0, -1, -5, -100, -2147483647, -2147483648]> : tensor<6xi32>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.neg %0 : (tensor<6xi32>) -> tensor<6xi32>
  return %r : tensor<6xi32>
}

func.func @sign_i32(%0: tensor<6xi32>) -> (tensor<6xi32>) attributes {
    conformance.inputs = [dense<[0, 1, 5, 100, 2147483647, -2147483648]> : tensor<6xi32>],
    conformance.expected = [dense<[0, 1, 1, 1, 1, -1]> : tensor<6xi32>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.sign %0 : (tensor<6xi32>) -> tensor<6xi32>
  return %r : tensor<6xi32>
}

func.func @relu_i32(%0: tensor<6xi32>) -> (tensor<6xi32>) attributes {
    conformance.inputs = [dense<[0, 1, 5, 100, 2147483647, -2147483648]> : tensor<6xi32>],
    conformance.expected = [dense<[0, 1, 5, 100, 2147483647, 0]> : tensor<6xi32>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.relu %0 : (tensor<6xi32>) -> tensor<6xi32>
  return %r : tensor<6xi32>
}

func.func @not_i32(%0: tensor<6xi32>) -> (tensor<6xi32>) attributes {
    conformance.inputs = [dense<[0, 1, 5, 100, 2147483647, -2147483648]> : tensor<6xi32>],
    conformance.expected = [dense<[-1, -2, -6, -101, -2147483648, 2147483647]> : tensor<6xi32>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.not %0 : (tensor<6xi32>) -> tensor<6xi32>
  return %r : tensor<6xi32>
}

func.func @clamp_i32(%0: tensor<6xi32>) -> (tensor<6xi32>) attributes {
    conformance.inputs = [dense<[0, 1, 5, 100, 2147483647, -2147483648]> : tensor<6xi32>],
    conformance.expected = [dense<[1, 1, 5, 7, 7, 1]> : tensor<6xi32>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.clamp %0 {low = 1 : i64, high = 7 : i64} : (tensor<6xi32>) -> tensor<6xi32>
  return %r : tensor<6xi32>
}

func.func @abs_i64(%0: tensor<6xi64>) -> (tensor<6xi64>) attributes {
    conformance.inputs = [dense<[0, 1, 5, 100, 9223372036854775807, -9223372036854775808]> : tensor<6xi64>],
    conformance.expected = [dense<[0, 1, 5, 100, 9223372036854775807, -9223372036854775808]> : tensor<6xi64>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.abs %0 : (tensor<6xi64>) -> tensor<6xi64>
  return %r : tensor<6xi64>
}

func.func @neg_i64(%0: tensor<6xi64>) -> (tensor<6xi64>) attributes {
    conformance.inputs = [dense<[0, 1, 5, 100, 9223372036854775807, -9223372036854775808]> : tensor<6xi64>],
    conformance.expected = [dense<[0, -1, -5, -100, -9223372036854775807, -9223372036854775808]> : tensor<6xi64>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.neg %0 : (tensor<6xi64>) -> tensor<6xi64>
  return %r : tensor<6xi64>
}

func.func @sign_i64(%0: tensor<6xi64>) -> (tensor<6xi64>) attributes {
    conformance.inputs = [dense<[0, 1, 5, 100, 9223372036854775807, -9223372036854775808]> : tensor<6xi64>],
    conformance.expected = [dense<[0, 1, 1, 1, 1, -1]> : tensor<6xi64>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.sign %0 : (tensor<6xi64>) -> tensor<6xi64>
  return %r : tensor<6xi64>
}

func.func @relu_i64(%0: tensor<6xi64>) -> (tensor<6xi64>) attributes {
    conformance.inputs = [dense<[0, 1, 5, 100, 9223372036854775807, -9223372036854775808]> : tensor<6xi64>],
    conformance.expected = [dense<[0, 1, 5, 100, 9223372036854775807, 0]> : tensor<6xi64>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.relu %0 : (tensor<6xi64>) -> tensor<6xi64>
  return %r : tensor<6xi64>
}

func.func @not_i64(%0: tensor<6xi64>) -> (tensor<6xi64>) attributes {
    conformance.inputs = [dense<[0, 1, 5, 100, 9223372036854775807, -9223372036854775808]> : tensor<6xi64>],
    conformance.expected = [dense<[-1, -2, -6, -101, -9223372036854775808, 9223372036854775807]> : tensor<6xi64>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.not %0 : (tensor<6xi64>) -> tensor<6xi64>
  return %r : tensor<6xi64>
}

func.func @clamp_i64(%0: tensor<6xi64>) -> (tensor<6xi64>) attributes {
    conformance.inputs = [dense<[0, 1, 5, 100, 9223372036854775807, -9223372036854775808]> : tensor<6xi64>],
    conformance.expected = [dense<[1, 1, 5, 7, 7, 1]> : tensor<6xi64>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.clamp %0 {low = 1 : i64, high = 7 : i64} : (tensor<6xi64>) -> tensor<6xi64>
  return %r : tensor<6xi64>
}

func.func @abs_ui8(%0: tensor<6xui8>) -> (tensor<6xui8>) attributes {
    conformance.inputs = [dense<[0, 1, 5, 100, 255, 0]> : tensor<6xui8>],
    conformance.expected = [dense<[0, 1, 5, 100, 255, 0]> : tensor<6xui8>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.abs %0 : (tensor<6xui8>) -> tensor<6xui8>
  return %r : tensor<6xui8>
}

func.func @neg_ui8(%0: tensor<6xui8>) -> (tensor<6xui8>) attributes {
    conformance.inputs = [dense<[0, 1, 5, 100, 255, 0]> : tensor<6xui8>],
    conformance.expected = [dense<[0, 255, 251, 156, 1, 0]> : tensor<6xui8>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.neg %0 : (tensor<6xui8>) -> tensor<6xui8>
  return %r : tensor<6xui8>
}

func.func @sign_ui8(%0: tensor<6xui8>) -> (tensor<6xui8>) attributes {
    conformance.inputs = [dense<[0, 1, 5, 100, 255, 0]> : tensor<6xui8>],
    conformance.expected = [dense<[0, 1, 1, 1, 1, 0]> : tensor<6xui8>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.sign %0 : (tensor<6xui8>) -> tensor<6xui8>
  return %r : tensor<6xui8>
}

func.func @relu_ui8(%0: tensor<6xui8>) -> (tensor<6xui8>) attributes {
    conformance.inputs = [dense<[0, 1, 5, 100, 255, 0]> : tensor<6xui8>],
    conformance.expected = [dense<[0, 1, 5, 100, 255, 0]> : tensor<6xui8>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.relu %0 : (tensor<6xui8>) -> tensor<6xui8>
  return %r : tensor<6xui8>
}

func.func @not_ui8(%0: tensor<6xui8>) -> (tensor<6xui8>) attributes {
    conformance.inputs = [dense<[0, 1, 5, 100, 255, 0]> : tensor<6xui8>],
    conformance.expected = [dense<[255, 254, 250, 155, 0, 255]> : tensor<6xui8>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.not %0 : (tensor<6xui8>) -> tensor<6xui8>
  return %r : tensor<6xui8>
}

func.func @clamp_ui8(%0: tensor<6xui8>) -> (tensor<6xui8>) attributes {
    conformance.inputs = [dense<[0, 1, 5, 100, 255, 0]> : tensor<6xui8>],
    conformance.expected = [dense<[1, 1, 5, 7, 7, 1]> : tensor<6xui8>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.clamp %0 {low = 1 : i64, high = 7 : i64} : (tensor<6xui8>) -> tensor<6xui8>
  return %r : tensor<6xui8>
}

func.func @not_i1(%0: tensor<3xi1>) -> (tensor<3xi1>) attributes {
    conformance.inputs = [dense<[true, false, true]> : tensor<3xi1>],
    conformance.expected = [dense<[false, true, false]> : tensor<3xi1>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.not %0 : (tensor<3xi1>) -> tensor<3xi1>
  return %r : tensor<3xi1>
}
