// RUN: lathe-opt --lathe-decompose-ops %s | FileCheck %s
// RUN: lathe-opt --lathe-decompose-ops %s | lathe-opt --lathe-decompose-ops | FileCheck %s

// CHECK-LABEL: func.func @global_pool_is_a_mean
func.func @global_pool_is_a_mean(%x: tensor<1x2x4x6xf32>) -> tensor<1x2x1x1xf32> {
  // CHECK: graph.reduce %arg0 {dims = array<i64: 2, 3>, keep_dims, kind = #graph.reduce_kind<mean>}
  %0 = graph.adaptive_avg_pool %x {output_size = array<i64: 1, 1>} : (tensor<1x2x4x6xf32>) -> tensor<1x2x1x1xf32>
  return %0 : tensor<1x2x1x1xf32>
}

// CHECK-LABEL: func.func @equal_windows_are_a_pool
func.func @equal_windows_are_a_pool(%x: tensor<1x2x4x6xf32>) -> tensor<1x2x2x3xf32> {
  // CHECK: graph.avg_pool %arg0 {kernel = array<i64: 2, 2>, {{.*}}strides = array<i64: 2, 2>}
  %0 = graph.adaptive_avg_pool %x {output_size = array<i64: 2, 3>} : (tensor<1x2x4x6xf32>) -> tensor<1x2x2x3xf32>
  return %0 : tensor<1x2x2x3xf32>
}

// CHECK-LABEL: func.func @unequal_windows_are_means
func.func @unequal_windows_are_means(%x: tensor<1x2x5xf32>) -> tensor<1x2x2xf32> {
  // CHECK: graph.slice %arg0 {sizes = #graph.dims<[1, 2, 3]>, starts = #graph.dims<[0, 0, 0]>
  // CHECK: graph.reduce
  // CHECK: graph.slice %arg0 {sizes = #graph.dims<[1, 2, 3]>, starts = #graph.dims<[0, 0, 2]>
  // CHECK: graph.reduce
  // CHECK: graph.concat
  %0 = graph.adaptive_avg_pool %x {output_size = array<i64: 2>} : (tensor<1x2x5xf32>) -> tensor<1x2x2xf32>
  return %0 : tensor<1x2x2xf32>
}

// CHECK-LABEL: func.func @norm_by_data_is_arithmetic
func.func @norm_by_data_is_arithmetic(%x: tensor<1x4x8xf32>, %m: tensor<4xf32>, %v: tensor<4xf32>) -> tensor<1x4x8xf32> {
  // CHECK: graph.sqrt
  // CHECK: graph.sub
  // CHECK: graph.mul
  %1 = "graph.batch_norm"(%x, %m, %v) <{epsilon = 1.0e-5 : f64, operandSegmentSizes = array<i32: 1, 1, 1, 0, 0>}> : (tensor<1x4x8xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<1x4x8xf32>
  return %1 : tensor<1x4x8xf32>
}

// CHECK-LABEL: func.func @norm_of_halves_is_rounded_once
func.func @norm_of_halves_is_rounded_once(%x: tensor<1x4x8xf16>, %m: tensor<4xf16>, %v: tensor<4xf16>) -> tensor<1x4x8xf16> {
  // CHECK: graph.cast %{{.+}} {to = f32} : (tensor<1x4x8xf16>) -> tensor<1x4x8xf32>
  // CHECK: graph.sub {{.+}} -> tensor<1x4x8xf32>
  // CHECK: %[[WIDE:.+]] = graph.mul {{.+}} -> tensor<1x4x8xf32>
  // CHECK: graph.cast %[[WIDE]] {to = f16} : (tensor<1x4x8xf32>) -> tensor<1x4x8xf16>
  %1 = "graph.batch_norm"(%x, %m, %v) <{epsilon = 1.0e-5 : f64, operandSegmentSizes = array<i32: 1, 1, 1, 0, 0>}> : (tensor<1x4x8xf16>, tensor<4xf16>, tensor<4xf16>) -> tensor<1x4x8xf16>
  return %1 : tensor<1x4x8xf16>
}

// CHECK-LABEL: func.func @norm_of_two_types_is_computed_in_the_wider
func.func @norm_of_two_types_is_computed_in_the_wider(%x: tensor<1x4x8xf64>, %m: tensor<4xf32>, %v: tensor<4xf32>) -> tensor<1x4x8xf64> {
  // CHECK: graph.cast %{{.+}} {to = f64} : (tensor<4xf32>) -> tensor<4xf64>
  // CHECK: graph.sub {{.+}} -> tensor<1x4x8xf64>
  // CHECK: graph.mul {{.+}} -> tensor<1x4x8xf64>
  %1 = "graph.batch_norm"(%x, %m, %v) <{epsilon = 1.0e-5 : f64, operandSegmentSizes = array<i32: 1, 1, 1, 0, 0>}> : (tensor<1x4x8xf64>, tensor<4xf32>, tensor<4xf32>) -> tensor<1x4x8xf64>
  return %1 : tensor<1x4x8xf64>
}

// CHECK-LABEL: func.func @norm_by_constants_stays
func.func @norm_by_constants_stays(%x: tensor<1x4x8xf32>) -> tensor<1x4x8xf32> {
  // CHECK: graph.batch_norm
  %c = graph.constant dense<1.0> : tensor<4xf32>
  %1 = "graph.batch_norm"(%x, %c, %c) <{epsilon = 1.0e-5 : f64, operandSegmentSizes = array<i32: 1, 1, 1, 0, 0>}> : (tensor<1x4x8xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<1x4x8xf32>
  return %1 : tensor<1x4x8xf32>
}

// CHECK-LABEL: func.func @softmax_stays
func.func @softmax_stays(%x: tensor<2x4xf32>) -> tensor<2x4xf32> {
  // CHECK: graph.softmax
  %0 = graph.softmax %x {dim = 1 : i64} : (tensor<2x4xf32>) -> tensor<2x4xf32>
  return %0 : tensor<2x4xf32>
}
