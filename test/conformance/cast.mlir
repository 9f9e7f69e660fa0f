// SPDX-License-Identifier: Apache-2.0
// Written by test/python/make_conformance.py; do not edit.
// RUN: lathe-opt %s -o /dev/null

func.func @cast_f32_i8(%0: tensor<6xf32>) -> (tensor<6xi8>) attributes {
    conformance.inputs = [dense<[0.0, 1.5, -1.5, 2.5, 100.25, -3.75]> : tensor<6xf32>],
    conformance.expected = [dense<[0, 1, -1, 2, 100, -3]> : tensor<6xi8>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.cast %0 {to = i8} : (tensor<6xf32>) -> tensor<6xi8>
  return %r : tensor<6xi8>
}

func.func @cast_f32_i16(%0: tensor<6xf32>) -> (tensor<6xi16>) attributes {
    conformance.inputs = [dense<[0.0, 1.5, -1.5, 2.5, 100.25, -3.75]> : tensor<6xf32>],
    conformance.expected = [dense<[0, 1, -1, 2, 100, -3]> : tensor<6xi16>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.cast %0 {to = i16} : (tensor<6xf32>) -> tensor<6xi16>
  return %r : tensor<6xi16>
}

func.func @cast_f32_i32(%0: tensor<6xf32>) -> (tensor<6xi32>) attributes {
    conformance.inputs = [dense<[0.0, 1.5, -1.5, 2.5, 100.25, -3.75]> : tensor<6xf32>],
    conformance.expected = [dense<[0, 1, -1, 2, 100, -3]> : tensor<6xi32>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.cast %0 {to = i32} : (tensor<6xf32>) -> tensor<6xi32>
  return %r : tensor<6xi32>
}

func.func @cast_f32_i64(%0: tensor<6xf32>) -> (tensor<6xi64>) attributes {
    conformance.inputs = [dense<[0.0, 1.5, -1.5, 2.5, 100.25, -3.75]> : tensor<6xf32>],
    conformance.expected = [dense<[0, 1, -1, 2, 100, -3]> : tensor<6xi64>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.cast %0 {to = i64} : (tensor<6xf32>) -> tensor<6xi64>
  return %r : tensor<6xi64>
}

func.func @cast_f32_ui8(%0: tensor<6xf32>) -> (tensor<6xui8>) attributes {
    conformance.inputs = [dense<[0.0, 1.5, 1.5, 2.5, 100.25, 3.75]> : tensor<6xf32>],
    conformance.expected = [dense<[0, 1, 1, 2, 100, 3]> : tensor<6xui8>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.cast %0 {to = ui8} : (tensor<6xf32>) -> tensor<6xui8>
  return %r : tensor<6xui8>
}

func.func @cast_f32_f64(%0: tensor<6xf32>) -> (tensor<6xf64>) attributes {
    conformance.inputs = [dense<[0.0, 1.5, -1.5, 2.5, 100.25, -3.75]> : tensor<6xf32>],
    conformance.expected = [dense<[0.0, 1.5, -1.5, 2.5, 100.25, -3.75]> : tensor<6xf64>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.cast %0 {to = f64} : (tensor<6xf32>) -> tensor<6xf64>
  return %r : tensor<6xf64>
}

func.func @cast_f32_f16(%0: tensor<6xf32>) -> (tensor<6xf16>) attributes {
    conformance.inputs = [dense<[0.0, 1.5, -1.5, 2.5, 100.25, -3.75]> : tensor<6xf32>],
    conformance.expected = [dense<[0.0, 1.5, -1.5, 2.5, 100.25, -3.75]> : tensor<6xf16>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.cast %0 {to = f16} : (tensor<6xf32>) -> tensor<6xf16>
  return %r : tensor<6xf16>
}

func.func @cast_f32_bf16(%0: tensor<6xf32>) -> (tensor<6xbf16>) attributes {
    conformance.inputs = [dense<[0.0, 1.5, -1.5, 2.5, 100.25, -3.75]> : tensor<6xf32>],
    conformance.expected = [dense<[0.0, 1.5, -1.5, 2.5, 100.0, -3.75]> : tensor<6xbf16>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.cast %0 {to = bf16} : (tensor<6xf32>) -> tensor<6xbf16>
  return %r : tensor<6xbf16>
}

func.func @cast_f32_i1(%0: tensor<6xf32>) -> (tensor<6xi1>) attributes {
    conformance.inputs = [dense<[0.0, 1.5, -1.5, 2.5, 100.25, -3.75]> : tensor<6xf32>],
    conformance.expected = [dense<[false, true, true, true, true, true]> : tensor<6xi1>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.cast %0 {to = i1} : (tensor<6xf32>) -> tensor<6xi1>
  return %r : tensor<6xi1>
}

func.func @cast_f64_i8(%0: tensor<6xf64>) -> (tensor<6xi8>) attributes {
    conformance.inputs = [dense<[0.0, 1.5, -1.5, 2.5, 100.25, -3.75]> : tensor<6xf64>],
    conformance.expected = [dense<[0, 1, -1, 2, 100, -3]> : tensor<6xi8>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.cast %0 {to = i8} : (tensor<6xf64>) -> tensor<6xi8>
  return %r : tensor<6xi8>
}

func.func @cast_f64_i16(%0: tensor<6xf64>) -> (tensor<6xi16>) attributes {
    conformance.inputs = [dense<[0.0, 1.5, -1.5, 2.5, 100.25, -3.75]> : tensor<6xf64>],
    conformance.expected = [dense<[0, 1, -1, 2, 100, -3]> : tensor<6xi16>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.cast %0 {to = i16} : (tensor<6xf64>) -> tensor<6xi16>
  return %r : tensor<6xi16>
}

func.func @cast_f64_i32(%0: tensor<6xf64>) -> (tensor<6xi32>) attributes {
    conformance.inputs = [dense<[0.0, 1.5, -1.5, 2.5, 100.25, -3.75]> : tensor<6xf64>],
    conformance.expected = [dense<[0, 1, -1, 2, 100, -3]> : tensor<6xi32>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.cast %0 {to = i32} : (tensor<6xf64>) -> tensor<6xi32>
  return %r : tensor<6xi32>
}

func.func @cast_f64_i64(%0: tensor<6xf64>) -> (tensor<6xi64>) attributes {
    conformance.inputs = [dense<[0.0, 1.5, -1.5, 2.5, 100.25, -3.75]> : tensor<6xf64>],
    conformance.expected = [dense<[0, 1, -1, 2, 100, -3]> : tensor<6xi64>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.cast %0 {to = i64} : (tensor<6xf64>) -> tensor<6xi64>
  return %r : tensor<6xi64>
}

func.func @cast_f64_ui8(%0: tensor<6xf64>) -> (tensor<6xui8>) attributes {
    conformance.inputs = [dense<[0.0, 1.5, 1.5, 2.5, 100.25, 3.75]> : tensor<6xf64>],
    conformance.expected = [dense<[0, 1, 1, 2, 100, 3]> : tensor<6xui8>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.cast %0 {to = ui8} : (tensor<6xf64>) -> tensor<6xui8>
  return %r : tensor<6xui8>
}

func.func @cast_f64_f32(%0: tensor<6xf64>) -> (tensor<6xf32>) attributes {
    conformance.inputs = [dense<[0.0, 1.5, -1.5, 2.5, 100.25, -3.75]> : tensor<6xf64>],
    conformance.expected = [dense<[0.0, 1.5, -1.5, 2.5, 100.25, -3.75]> : tensor<6xf32>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.cast %0 {to = f32} : (tensor<6xf64>) -> tensor<6xf32>
  return %r : tensor<6xf32>
}

func.func @cast_f64_f16(%0: tensor<6xf64>) -> (tensor<6xf16>) attributes {
    conformance.inputs = [dense<[0.0, 1.5, -1.5, 2.5, 100.25, -3.75]> : tensor<6xf64>],
    conformance.expected = [dense<[0.0, 1.5, -1.5, 2.5, 100.25, -3.75]> : tensor<6xf16>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.cast %0 {to = f16} : (tensor<6xf64>) -> tensor<6xf16>
  return %r : tensor<6xf16>
}

func.func @cast_f64_bf16(%0: tensor<6xf64>) -> (tensor<6xbf16>) attributes {
    conformance.inputs = [dense<[0.0, 1.5, -1.5, 2.5, 100.25, -3.75]> : tensor<6xf64>],
    conformance.expected = [dense<[0.0, 1.5, -1.5, 2.5, 100.0, -3.75]> : tensor<6xbf16>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.cast %0 {to = bf16} : (tensor<6xf64>) -> tensor<6xbf16>
  return %r : tensor<6xbf16>
}

func.func @cast_f64_i1(%0: tensor<6xf64>) -> (tensor<6xi1>) attributes {
    conformance.inputs = [dense<[0.0, 1.5, -1.5, 2.5, 100.25, -3.75]> : tensor<6xf64>],
    conformance.expected = [dense<[false, true, true, true, true, true]> : tensor<6xi1>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.cast %0 {to = i1} : (tensor<6xf64>) -> tensor<6xi1>
  return %r : tensor<6xi1>
}

func.func @cast_f16_i8(%0: tensor<6xf16>) -> (tensor<6xi8>) attributes {
    conformance.inputs = [dense<[0.0, 1.5, -1.5, 2.5, 100.25, -3.75]> : tensor<6xf16>],
    conformance.expected = [dense<[0, 1, -1, 2, 100, -3]> : tensor<6xi8>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.cast %0 {to = i8} : (tensor<6xf16>) -> tensor<6xi8>
  return %r : tensor<6xi8>
}

func.func @cast_f16_i16(%0: tensor<6xf16>) -> (tensor<6xi16>) attributes {
    conformance.inputs = [dense<[0.0, 1.5, -1.5, 2.5, 100.25, -3.75]> : tensor<6xf16>],
    conformance.expected = [dense<[0, 1, -1, 2, 100, -3]> : tensor<6xi16>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.cast %0 {to = i16} : (tensor<6xf16>) -> tensor<6xi16>
  return %r : tensor<6xi16>
}

func.func @cast_f16_i32(%0: tensor<6xf16>) -> (tensor<6xi32>) attributes {
    conformance.inputs = [dense<[0.0, 1.5, -1.5, 2.5, 100.25, -3.75]> : tensor<6xf16>],
    conformance.expected = [dense<[0, 1, -1, 2, 100, -3]> : tensor<6xi32>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.cast %0 {to = i32} : (tensor<6xf16>) -> tensor<6xi32>
  return %r : tensor<6xi32>
}

func.func @cast_f16_i64(%0: tensor<6xf16>) -> (tensor<6xi64>) attributes {
    conformance.inputs = [dense<[0.0, 1.5, -1.5, 2.5, 100.25, -3.75]> : tensor<6xf16>],
    conformance.expected = [dense<[0, 1, -1, 2, 100, -3]> : tensor<6xi64>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.cast %0 {to = i64} : (tensor<6xf16>) -> tensor<6xi64>
  return %r : tensor<6xi64>
}

func.func @cast_f16_ui8(%0: tensor<6xf16>) -> (tensor<6xui8>) attributes {
    conformance.inputs = [dense<[0.0, 1.5, 1.5, 2.5, 100.25, 3.75]> : tensor<6xf16>],
    conformance.expected = [dense<[0, 1, 1, 2, 100, 3]> : tensor<6xui8>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.cast %0 {to = ui8} : (tensor<6xf16>) -> tensor<6xui8>
  return %r : tensor<6xui8>
}

func.func @cast_f16_f32(%0: tensor<6xf16>) -> (tensor<6xf32>) attributes {
    conformance.inputs = [dense<[0.0, 1.5, -1.5, 2.5, 100.25, -3.75]> : tensor<6xf16>],
    conformance.expected = [dense<[0.0, 1.5, -1.5, 2.5, 100.25, -3.75]> : tensor<6xf32>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.cast %0 {to = f32} : (tensor<6xf16>) -> tensor<6xf32>
  return %r : tensor<6xf32>
}

func.func @cast_f16_f64(%0: tensor<6xf16>) -> (tensor<6xf64>) attributes {
    conformance.inputs = [dense<[0.0, 1.5, -1.5, 2.5, 100.25, -3.75]> : tensor<6xf16>],
    conformance.expected = [dense<[0.0, 1.5, -1.5, 2.5, 100.25, -3.75]> : tensor<6xf64>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.cast %0 {to = f64} : (tensor<6xf16>) -> tensor<6xf64>
  return %r : tensor<6xf64>
}

func.func @cast_f16_bf16(%0: tensor<6xf16>) -> (tensor<6xbf16>) attributes {
    conformance.inputs = [dense<[0.0, 1.5, -1.5, 2.5, 100.25, -3.75]> : tensor<6xf16>],
    conformance.expected = [dense<[0.0, 1.5, -1.5, 2.5, 100.0, -3.75]> : tensor<6xbf16>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.cast %0 {to = bf16} : (tensor<6xf16>) -> tensor<6xbf16>
  return %r : tensor<6xbf16>
}

func.func @cast_f16_i1(%0: tensor<6xf16>) -> (tensor<6xi1>) attributes {
    conformance.inputs = [dense<[0.0, 1.5, -1.5, 2.5, 100.25, -3.75]> : tensor<6xf16>],
    conformance.expected = [dense<[false, true, true, true, true, true]> : tensor<6xi1>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.cast %0 {to = i1} : (tensor<6xf16>) -> tensor<6xi1>
  return %r : tensor<6xi1>
}

func.func @cast_bf16_i8(%0: tensor<6xbf16>) -> (tensor<6xi8>) attributes {
    conformance.inputs = [dense<[0.0, 1.5, -1.5, 2.5, 100.0, -3.75]> : tensor<6xbf16>],
    conformance.expected = [dense<[0, 1, -1, 2, 100, -3]> : tensor<6xi8>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.cast %0 {to = i8} : (tensor<6xbf16>) -> tensor<6xi8>
  return %r : tensor<6xi8>
}

func.func @cast_bf16_i16(%0: tensor<6xbf16>) -> (tensor<6xi16>) attributes {
    conformance.inputs = [dense<[0.0, 1.5, -1.5, 2.5, 100.0, -3.75]> : tensor<6xbf16>],
    conformance.expected = [dense<[0, 1, -1, 2, 100, -3]> : tensor<6xi16>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.cast %0 {to = i16} : (tensor<6xbf16>) -> tensor<6xi16>
  return %r : tensor<6xi16>
}

func.func @cast_bf16_i32(%0: tensor<6xbf16>) -> (tensor<6xi32>) attributes {
    conformance.inputs = [dense<[0.0, 1.5, -1.5, 2.5, 100.0, -3.75]> : tensor<6xbf16>],
    conformance.expected = [dense<[0, 1, -1, 2, 100, -3]> : tensor<6xi32>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.cast %0 {to = i32} : (tensor<6xbf16>) -> tensor<6xi32>
  return %r : tensor<6xi32>
}

func.func @cast_bf16_i64(%0: tensor<6xbf16>) -> (tensor<6xi64>) attributes {
    conformance.inputs = [dense<[0.0, 1.5, -1.5, 2.5, 100.0, -3.75]> : tensor<6xbf16>],
    conformance.expected = [dense<[0, 1, -1, 2, 100, -3]> : tensor<6xi64>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.cast %0 {to = i64} : (tensor<6xbf16>) -> tensor<6xi64>
  return %r : tensor<6xi64>
}

func.func @cast_bf16_ui8(%0: tensor<6xbf16>) -> (tensor<6xui8>) attributes {
    conformance.inputs = [dense<[0.0, 1.5, 1.5, 2.5, 100.0, 3.75]> : tensor<6xbf16>],
    conformance.expected = [dense<[0, 1, 1, 2, 100, 3]> : tensor<6xui8>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.cast %0 {to = ui8} : (tensor<6xbf16>) -> tensor<6xui8>
  return %r : tensor<6xui8>
}

func.func @cast_bf16_f32(%0: tensor<6xbf16>) -> (tensor<6xf32>) attributes {
    conformance.inputs = [dense<[0.0, 1.5, -1.5, 2.5, 100.0, -3.75]> : tensor<6xbf16>],
    conformance.expected = [dense<[0.0, 1.5, -1.5, 2.5, 100.0, -3.75]> : tensor<6xf32>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.cast %0 {to = f32} : (tensor<6xbf16>) -> tensor<6xf32>
  return %r : tensor<6xf32>
}

func.func @cast_bf16_f64(%0: tensor<6xbf16>) -> (tensor<6xf64>) attributes {
    conformance.inputs = [dense<[0.0, 1.5, -1.5, 2.5, 100.0, -3.75]> : tensor<6xbf16>],
    conformance.expected = [dense<[0.0, 1.5, -1.5, 2.5, 100.0, -3.75]> : tensor<6xf64>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.cast %0 {to = f64} : (tensor<6xbf16>) -> tensor<6xf64>
  return %r : tensor<6xf64>
}

func.func @cast_bf16_f16(%0: tensor<6xbf16>) -> (tensor<6xf16>) attributes {
    conformance.inputs = [dense<[0.0, 1.5, -1.5, 2.5, 100.0, -3.75]> : tensor<6xbf16>],
    conformance.expected = [dense<[0.0, 1.5, -1.5, 2.5, 100.0, -3.75]> : tensor<6xf16>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.cast %0 {to = f16} : (tensor<6xbf16>) -> tensor<6xf16>
  return %r : tensor<6xf16>
}

func.func @cast_bf16_i1(%0: tensor<6xbf16>) -> (tensor<6xi1>) attributes {
    conformance.inputs = [dense<[0.0, 1.5, -1.5, 2.5, 100.0, -3.75]> : tensor<6xbf16>],
    conformance.expected = [dense<[false, true, true, true, true, true]> : tensor<6xi1>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.cast %0 {to = i1} : (tensor<6xbf16>) -> tensor<6xi1>
  return %r : tensor<6xi1>
}

func.func @cast_i8_i16(%0: tensor<5xi8>) -> (tensor<5xi16>) attributes {
    conformance.inputs = [dense<[0, 1, 77, 127, -128]> : tensor<5xi8>],
    conformance.expected = [dense<[0, 1, 77, 127, -128]> : tensor<5xi16>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.cast %0 {to = i16} : (tensor<5xi8>) -> tensor<5xi16>
  return %r : tensor<5xi16>
}

func.func @cast_i8_i32(%0: tensor<5xi8>) -> (tensor<5xi32>) attributes {
    conformance.inputs = [dense<[0, 1, 77, 127, -128]> : tensor<5xi8>],
    conformance.expected = [dense<[0, 1, 77, 127, -128]> : tensor<5xi32>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.cast %0 {to = i32} : (tensor<5xi8>) -> tensor<5xi32>
  return %r : tensor<5xi32>
}

func.func @cast_i8_i64(%0: tensor<5xi8>) -> (tensor<5xi64>) attributes {
    conformance.inputs = [dense<[0, 1, 77, 127, -128]> : tensor<5xi8>],
    conformance.expected = [dense<[0, 1, 77, 127, -128]> : tensor<5xi64>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.cast %0 {to = i64} : (tensor<5xi8>) -> tensor<5xi64>
  return %r : tensor<5xi64>
}

func.func @cast_i8_ui8(%0: tensor<5xi8>) -> (tensor<5xui8>) attributes {
    conformance.inputs = [dense<[0, 1, 77, 127, -128]> : tensor<5xi8>],
    conformance.expected = [dense<[0, 1, 77, 127, 128]> : tensor<5xui8>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.cast %0 {to = ui8} : (tensor<5xi8>) -> tensor<5xui8>
  return %r : tensor<5xui8>
}

func.func @cast_i8_f32(%0: tensor<5xi8>) -> (tensor<5xf32>) attributes {
    conformance.inputs = [dense<[0, 1, 77, 127, -128]> : tensor<5xi8>],
    conformance.expected = [dense<[0.0, 1.0, 77.0, 127.0, -128.0]> : tensor<5xf32>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.cast %0 {to = f32} : (tensor<5xi8>) -> tensor<5xf32>
  return %r : tensor<5xf32>
}

func.func @cast_i8_f64(%0: tensor<5xi8>) -> (tensor<5xf64>) attributes {
    conformance.inputs = [dense<[0, 1, 77, 127, -128]> : tensor<5xi8>],
    conformance.expected = [dense<[0.0, 1.0, 77.0, 127.0, -128.0]> : tensor<5xf64>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.cast %0 {to = f64} : (tensor<5xi8>) -> tensor<5xf64>
  return %r : tensor<5xf64>
}

func.func @cast_i8_i1(%0: tensor<5xi8>) -> (tensor<5xi1>) attributes {
    conformance.inputs = [dense<[0, 1, 77, 127, -128]> : tensor<5xi8>],
    conformance.expected = [dense<[false, true, true, true, true]> : tensor<5xi1>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.cast %0 {to = i1} : (tensor<5xi8>) -> tensor<5xi1>
  return %r : tensor<5xi1>
}

func.func @cast_i16_i8(%0: tensor<5xi16>) -> (tensor<5xi8>) attributes {
    conformance.inputs = [dense<[0, 1, 77, 32767, -32768]> : tensor<5xi16>],
    conformance.expected = [dense<[0, 1, 77, -1, 0]> : tensor<5xi8>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.cast %0 {to = i8} : (tensor<5xi16>) -> tensor<5xi8>
  return %r : tensor<5xi8>
}

func.func @cast_i16_i32(%0: tensor<5xi16>) -> (tensor<5xi32>) attributes {
    conformance.inputs = [dense<[0, 1, 77, 32767, -32768]> : tensor<5xi16>],
    conformance.expected = [dense<[0, 1, 77, 32767, -32768]> : tensor<5xi32>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.cast %0 {to = i32} : (tensor<5xi16>) -> tensor<5xi32>
  return %r : tensor<5xi32>
}

func.func @cast_i16_i64(%0: tensor<5xi16>) -> (tensor<5xi64>) attributes {
    conformance.inputs = [dense<[0, 1, 77, 32767, -32768]> : tensor<5xi16>],
    conformance.expected = [dense<[0, 1, 77, 32767, -32768]> : tensor<5xi64>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.cast %0 {to = i64} : (tensor<5xi16>) -> tensor<5xi64>
  return %r : tensor<5xi64>
}

func.func @cast_i16_ui8(%0: tensor<5xi16>) -> (tensor<5xui8>) attributes {
    conformance.inputs = [dense<[0, 1, 77, 32767, -32768]> : tensor<5xi16>],
    conformance.expected = [dense<[0, 1, 77, 255, 0]> : tensor<5xui8>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.cast %0 {to = ui8} : (tensor<5xi16>) -> tensor<5xui8>
  return %r : tensor<5xui8>
}

func.func @cast_i16_f32(%0: tensor<5xi16>) -> (tensor<5xf32>) attributes {
    conformance.inputs = [dense<[0, 1, 77, 32767, -32768]> : tensor<5xi16>],
    conformance.expected = [dense<[0.0, 1.0, 77.0, 32767.0, -32768.0]> : tensor<5xf32>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.cast %0 {to = f32} : (tensor<5xi16>) -> tensor<5xf32>
  return %r : tensor<5xf32>
}

func.func @cast_i16_f64(%0: tensor<5xi16>) -> (tensor<5xf64>) attributes {
    conformance.inputs = [dense<[0, 1, 77, 32767, -32768]> : tensor<5xi16>],
    conformance.expected = [dense<[0.0, 1.0, 77.0, 32767.0, -32768.0]> : tensor<5xf64>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.cast %0 {to = f64} : (tensor<5xi16>) -> tensor<5xf64>
  return %r : tensor<5xf64>
}

func.func @cast_i16_i1(%0: tensor<5xi16>) -> (tensor<5xi1>) attributes {
    conformance.inputs = [dense<[0, 1, 77, 32767, -32768]> : tensor<5xi16>],
    conformance.expected = [dense<[false, true, true, true, true]> : tensor<5xi1>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.cast %0 {to = i1} : (tensor<5xi16>) -> tensor<5xi1>
  return %r : tensor<5xi1>
}

func.func @cast_i32_i8(%0: tensor<5xi32>) -> (tensor<5xi8>) attributes {
    conformance.inputs = [dense<[0, 1, 77, 2147483647, -2147483648]> : tensor<5xi32>],
    conformance.expected = [dense<[0, 1, 77, -1, 0]> : tensor<5xi8>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.cast %0 {to = i8} : (tensor<5xi32>) -> tensor<5xi8>
  return %r : tensor<5xi8>
}

func.func @cast_i32_i16(%0: tensor<5xi32>) -> (tensor<5xi16>) attributes {
    conformance.inputs = [dense<[0, 1, 77, 2147483647, -2147483648]> : tensor<5xi32>],
    conformance.expected = [dense<[0, 1, 77, -1, 0]> : tensor<5xi16>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.cast %0 {to = i16} : (tensor<5xi32>) -> tensor<5xi16>
  return %r : tensor<5xi16>
}

func.func @cast_i32_i64(%0: tensor<5xi32>) -> (tensor<5xi64>) attributes {
    conformance.inputs = [dense<[0, 1, 77, 2147483647, -2147483648]> : tensor<5xi32>],
    conformance.expected = [dense<[0, 1, 77, 2147483647, -2147483648]> : tensor<5xi64>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.cast %0 {to = i64} : (tensor<5xi32>) -> tensor<5xi64>
  return %r : tensor<5xi64>
}

func.func @cast_i32_ui8(%0: tensor<5xi32>) -> (tensor<5xui8>) attributes {
    conformance.inputs = [dense<[0, 1, 77, 2147483647, -2147483648]> : tensor<5xi32>],
    conformance.expected = [dense<[0, 1, 77, 255, 0]> : tensor<5xui8>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.cast %0 {to = ui8} : (tensor<5xi32>) -> tensor<5xui8>
  return %r : tensor<5xui8>
}

func.func @cast_i32_f32(%0: tensor<5xi32>) -> (tensor<5xf32>) attributes {
    conformance.inputs = [dense<[0, 1, 77, 2147483647, -2147483648]> : tensor<5xi32>],
    conformance.expected = [dense<[0.0, 1.0, 77.0, 2147483648.0, -2147483648.0]> : tensor<5xf32>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.cast %0 {to = f32} : (tensor<5xi32>) -> tensor<5xf32>
  return %r : tensor<5xf32>
}

func.func @cast_i32_f64(%0: tensor<5xi32>) -> (tensor<5xf64>) attributes {
    conformance.inputs = [dense<[0, 1, 77, 2147483647, -2147483648]> : tensor<5xi32>],
    conformance.expected = [dense<[0.0, 1.0, 77.0, 2147483647.0, -2147483648.0]> : tensor<5xf64>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.cast %0 {to = f64} : (tensor<5xi32>) -> tensor<5xf64>
  return %r : tensor<5xf64>
}

func.func @cast_i32_i1(%0: tensor<5xi32>) -> (tensor<5xi1>) attributes {
    conformance.inputs = [dense<[0, 1, 77, 2147483647, -2147483648]> : tensor<5xi32>],
    conformance.expected = [dense<[false, true, true, true, true]> : tensor<5xi1>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.cast %0 {to = i1} : (tensor<5xi32>) -> tensor<5xi1>
  return %r : tensor<5xi1>
}

func.func @cast_i64_i8(%0: tensor<5xi64>) -> (tensor<5xi8>) attributes {
    conformance.inputs = [dense<[0, 1, 77, 9223372036854775807, -9223372036854775808]> : tensor<5xi64>],
    conformance.expected = [dense<[0, 1, 77, -1, 0]> : tensor<5xi8>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.cast %0 {to = i8} : (tensor<5xi64>) -> tensor<5xi8>
  return %r : tensor<5xi8>
}

func.func @cast_i64_i16(%0: tensor<5xi64>) -> (tensor<5xi16>) attributes {
    conformance.inputs = [dense<[0, 1, 77, 9223372036854775807, -9223372036854775808]> : tensor<5xi64>],
    conformance.expected = [dense<[0, 1, 77, -1, 0]> : tensor<5xi16>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.cast %0 {to = i16} : (tensor<5xi64>) -> tensor<5xi16>
  return %r : tensor<5xi16>
}

func.func @cast_i64_i32(%0: tensor<5xi64>) -> (tensor<5xi32>) attributes {
    conformance.inputs = [dense<[0, 1, 77, 9223372036854775807, -9223372036854775808]> : tensor<5xi64>],
    conformance.expected = [dense<[0, 1, 77, -1, 0]> : tensor<5xi32>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.cast %0 {to = i32} : (tensor<5xi64>) -> tensor<5xi32>
  return %r : tensor<5xi32>
}

func.func @cast_i64_ui8(%0: tensor<5xi64>) -> (tensor<5xui8>) attributes {
    conformance.inputs = [dense<[0, 1, 77, 9223372036854775807, -9223372036854775808]> : tensor<5xi64>],
    conformance.expected = [dense<[0, 1, 77, 255, 0]> : tensor<5xui8>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.cast %0 {to = ui8} : (tensor<5xi64>) -> tensor<5xui8>
  return %r : tensor<5xui8>
}

func.func @cast_i64_f32(%0: tensor<5xi64>) -> (tensor<5xf32>) attributes {
    conformance.inputs = [dense<[0, 1, 77, 9223372036854775807, -9223372036854775808]> : tensor<5xi64>],
    conformance.expected = [dense<[0.0, 1.0, 77.0, 9.223372036854776e+18, -9.223372036854776e+18]> : tensor<5xf32>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.cast %0 {to = f32} : (tensor<5xi64>) -> tensor<5xf32>
  return %r : tensor<5xf32>
}

func.func @cast_i64_f64(%0: tensor<5xi64>) -> (tensor<5xf64>) attributes {
    conformance.inputs = [dense<[0, 1, 77, 9223372036854775807, -9223372036854775808]> : tensor<5xi64>],
    conformance.expected = [dense<[0.0, 1.0, 77.0, 9.223372036854776e+18, -9.223372036854776e+18]> : tensor<5xf64>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.cast %0 {to = f64} : (tensor<5xi64>) -> tensor<5xf64>
  return %r : tensor<5xf64>
}

func.func @cast_i64_i1(%0: tensor<5xi64>) -> (tensor<5xi1>) attributes {
    conformance.inputs = [dense<[0, 1, 77, 9223372036854775807, -9223372036854775808]> : tensor<5xi64>],
    conformance.expected = [dense<[false, true, true, true, true]> : tensor<5xi1>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.cast %0 {to = i1} : (tensor<5xi64>) -> tensor<5xi1>
  return %r : tensor<5xi1>
}

func.func @cast_ui8_i8(%0: tensor<5xui8>) -> (tensor<5xi8>) attributes {
    conformance.inputs = [dense<[0, 1, 77, 255, 0]> : tensor<5xui8>],
    conformance.expected = [dense<[0, 1, 77, -1, 0]> : tensor<5xi8>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.cast %0 {to = i8} : (tensor<5xui8>) -> tensor<5xi8>
  return %r : tensor<5xi8>
}

func.func @cast_ui8_i16(%0: tensor<5xui8>) -> (tensor<5xi16>) attributes {
    conformance.inputs = [dense<[0, 1, 77, 255, 0]> : tensor<5xui8>],
    conformance.expected = [dense<[0, 1, 77, 255, 0]> : tensor<5xi16>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.cast %0 {to = i16} : (tensor<5xui8>) -> tensor<5xi16>
  return %r : tensor<5xi16>
}

func.func @cast_ui8_i32(%0: tensor<5xui8>) -> (tensor<5xi32>) attributes {
    conformance.inputs = [dense<[0, 1, 77, 255, 0]> : tensor<5xui8>],
    conformance.expected = [dense<[0, 1, 77, 255, 0]> : tensor<5xi32>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.cast %0 {to = i32} : (tensor<5xui8>) -> tensor<5xi32>
  return %r : tensor<5xi32>
}

func.func @cast_ui8_i64(%0: tensor<5xui8>) -> (tensor<5xi64>) attributes {
    conformance.inputs = [dense<[0, 1, 77, 255, 0]> : tensor<5xui8>],
    conformance.expected = [dense<[0, 1, 77, 255, 0]> : tensor<5xi64>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.cast %0 {to = i64} : (tensor<5xui8>) -> tensor<5xi64>
  return %r : tensor<5xi64>
}

func.func @cast_ui8_f32(%0: tensor<5xui8>) -> (tensor<5xf32>) attributes {
    conformance.inputs = [dense<[0, 1, 77, 255, 0]> : tensor<5xui8>],
    conformance.expected = [dense<[0.0, 1.0, 77.0, 255.0, 0.0]> : tensor<5xf32>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.cast %0 {to = f32} : (tensor<5xui8>) -> tensor<5xf32>
  return %r : tensor<5xf32>
}

func.func @cast_ui8_f64(%0: tensor<5xui8>) -> (tensor<5xf64>) attributes {
    conformance.inputs = [dense<[0, 1, 77, 255, 0]> : tensor<5xui8>],
    conformance.expected = [dense<[0.0, 1.0, 77.0, 255.0, 0.0]> : tensor<5xf64>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.cast %0 {to = f64} : (tensor<5xui8>) -> tensor<5xf64>
  return %r : tensor<5xf64>
}

func.func @cast_ui8_i1(%0: tensor<5xui8>) -> (tensor<5xi1>) attributes {
    conformance.inputs = [dense<[0, 1, 77, 255, 0]> : tensor<5xui8>],
    conformance.expected = [dense<[false, true, true, true, false]> : tensor<5xi1>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.cast %0 {to = i1} : (tensor<5xui8>) -> tensor<5xi1>
  return %r : tensor<5xi1>
}

func.func @cast_i1_i8(%0: tensor<6xi1>) -> (tensor<6xi8>) attributes {
    conformance.inputs = [dense<[true, true, false, false, true, true]> : tensor<6xi1>],
    conformance.expected = [dense<[1, 1, 0, 0, 1, 1]> : tensor<6xi8>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.cast %0 {to = i8} : (tensor<6xi1>) -> tensor<6xi8>
  return %r : tensor<6xi8>
}

func.func @cast_i1_i16(%0: tensor<6xi1>) -> (tensor<6xi16>) attributes {
    conformance.inputs = [dense<[true, true, false, false, true, true]> : tensor<6xi1>],
    conformance.expected = [dense<[1, 1, 0, 0, 1, 1]> : tensor<6xi16>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.cast %0 {to = i16} : (tensor<6xi1>) -> tensor<6xi16>
  return %r : tensor<6xi16>
}

func.func @cast_i1_i32(%0: tensor<6xi1>) -> (tensor<6xi32>) attributes {
    conformance.inputs = [dense<[true, true, false, false, true, true]> : tensor<6xi1>],
    conformance.expected = [dense<[1, 1, 0, 0, 1, 1]> : tensor<6xi32>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.cast %0 {to = i32} : (tensor<6xi1>) -> tensor<6xi32>
  return %r : tensor<6xi32>
}

func.func @cast_i1_i64(%0: tensor<6xi1>) -> (tensor<6xi64>) attributes {
    conformance.inputs = [dense<[true, true, false, false, true, true]> : tensor<6xi1>],
    conformance.expected = [dense<[1, 1, 0, 0, 1, 1]> : tensor<6xi64>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.cast %0 {to = i64} : (tensor<6xi1>) -> tensor<6xi64>
  return %r : tensor<6xi64>
}

func.func @cast_i1_ui8(%0: tensor<6xi1>) -> (tensor<6xui8>) attributes {
    conformance.inputs = [dense<[true, true, false, false, true, true]> : tensor<6xi1>],
    conformance.expected = [dense<[1, 1, 0, 0, 1, 1]> : tensor<6xui8>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.cast %0 {to = ui8} : (tensor<6xi1>) -> tensor<6xui8>
  return %r : tensor<6xui8>
}

func.func @cast_i1_f32(%0: tensor<6xi1>) -> (tensor<6xf32>) attributes {
    conformance.inputs = [dense<[true, true, false, false, true, true]> : tensor<6xi1>],
    conformance.expected = [dense<[1.0, 1.0, 0.0, 0.0, 1.0, 1.0]> : tensor<6xf32>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.cast %0 {to = f32} : (tensor<6xi1>) -> tensor<6xf32>
  return %r : tensor<6xf32>
}

func.func @cast_i1_f64(%0: tensor<6xi1>) -> (tensor<6xf64>) attributes {
    conformance.inputs = [dense<[true, true, false, false, true, true]> : tensor<6xi1>],
    conformance.expected = [dense<[1.0, 1.0, 0.0, 0.0, 1.0, 1.0]> : tensor<6xf64>],
    conformance.tolerance = 0.00000000000000000} {
  %r = graph.cast %0 {to = f64} : (tensor<6xi1>) -> tensor<6xf64>
  return %r : tensor<6xf64>
}
