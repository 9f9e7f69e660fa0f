// SPDX-License-Identifier: Apache-2.0
// A quantized convolution and linear over pictures of digits, as text of the
// graph dialect. The weights are made up: sines, quantized for each channel.
!image = !quant.uniform<i8:f32, 0.0078125:-128>
!filter = !quant.uniform<i8<-127:127>:f32:0, {0.008, 0.0081, 0.0079, 0.0083, 0.0077}>
!map = !quant.uniform<i8:f32, 0.02:-3>
!matrix = !quant.uniform<i8<-127:127>:f32:0, {0.0078, 0.0079, 0.008, 0.0081, 0.0082, 0.0083, 0.0084, 0.0085, 0.0086, 0.0087}>
!scores = !quant.uniform<i8:f32, 0.1:5>

graph.weight @filter : tensor<5x1x3x3x!filter> {
  %0 = graph.iota {size = #graph.expr<45>, element_type = f32, start = 1.0 : f64, step = 7.0 : f64} : () -> tensor<45xf32>
  %1 = graph.sin %0 : (tensor<45xf32>) -> tensor<45xf32>
  %2 = graph.reshape %1 {dims = #graph.dims<[5, 1, 3, 3]>} : (tensor<45xf32>) -> tensor<5x1x3x3xf32>
  %3 = graph.quantize %2 {to = !filter, scaling = #graph.scaling<reciprocal>} : (tensor<5x1x3x3xf32>) -> tensor<5x1x3x3x!filter>
  graph.yield %3 : tensor<5x1x3x3x!filter>
}
graph.weight @matrix : tensor<10x180x!matrix> {
  %0 = graph.iota {size = #graph.expr<1800>, element_type = f32, start = 2.0 : f64, step = 5.0 : f64} : () -> tensor<1800xf32>
  %1 = graph.sin %0 : (tensor<1800xf32>) -> tensor<1800xf32>
  %2 = graph.reshape %1 {dims = #graph.dims<[10, 180]>} : (tensor<1800xf32>) -> tensor<10x180xf32>
  %3 = graph.quantize %2 {to = !matrix, scaling = #graph.scaling<reciprocal>} : (tensor<10x180xf32>) -> tensor<10x180x!matrix>
  graph.yield %3 : tensor<10x180x!matrix>
}

func.func @main(%image: tensor<64x1x8x8xf32> {graph.name = "image"}) -> (tensor<64x10xf32> {graph.name = "scores"}) {
  %x = graph.quantize %image {to = !image, scaling = #graph.scaling<reciprocal>} : (tensor<64x1x8x8xf32>) -> tensor<64x1x8x8x!image>
  %w = graph.use_weight @filter : tensor<5x1x3x3x!filter>
  %b = graph.constant dense<[100, -2000, 0, 35, 5000]> : tensor<5xi32>
  %0 = graph.conv %x, %w, %b {strides = array<i64: 1, 1>, padding_low = array<i64: 0, 0>, padding_high = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64, result_element_type = !map, rounding = #graph.rounding<fp32_rne>} : (tensor<64x1x8x8x!image>, tensor<5x1x3x3x!filter>, tensor<5xi32>) -> tensor<64x5x6x6x!map>
  %1 = graph.relu %0 : (tensor<64x5x6x6x!map>) -> tensor<64x5x6x6x!map>
  %2 = graph.reshape %1 {dims = #graph.dims<[64, 180]>} : (tensor<64x5x6x6x!map>) -> tensor<64x180x!map>
  %m = graph.use_weight @matrix : tensor<10x180x!matrix>
  %3 = graph.linear %2, %m {result_element_type = !scores, rounding = #graph.rounding<fp32_rne>} : (tensor<64x180x!map>, tensor<10x180x!matrix>) -> tensor<64x10x!scores>
  %4 = graph.dequantize %3 : (tensor<64x10x!scores>) -> tensor<64x10xf32>
  return %4 : tensor<64x10xf32>
}
