// RUN: lathe-opt --lathe-fold-batch-norm %s | FileCheck %s
// RUN: lathe-opt --lathe-fold-batch-norm %s | lathe-opt --lathe-fold-batch-norm | FileCheck %s

graph.weight @w : tensor<4x3x1x1xf32> key "00"
graph.weight @mean : tensor<4xf32> key "01"
graph.weight @var : tensor<4xf32> key "02"

// CHECK: graph.weight @w.bn : tensor<4x3x1x1xf32> {
// CHECK-DAG: graph.use_weight @w
// CHECK-DAG: graph.use_weight @var
// CHECK: graph.sqrt
// CHECK: graph.yield
// CHECK: graph.weight @w.bn.bias : tensor<4xf32> {
// CHECK: graph.weight @var.bn.scale : tensor<4x1x1xf32> {
// CHECK: graph.weight @var.bn.shift : tensor<4x1x1xf32> {

// CHECK-LABEL: func.func @norm_after_a_convolution_folds
func.func @norm_after_a_convolution_folds(%x: tensor<1x3x8x8xf32>) -> tensor<1x4x8x8xf32> {
  // CHECK-DAG: %[[W:.+]] = graph.use_weight @w.bn :
  // CHECK-DAG: %[[B:.+]] = graph.use_weight @w.bn.bias
  // CHECK: %[[C:.+]] = graph.conv %arg0, %[[W]], %[[B]]
  // CHECK-NOT: graph.batch_norm
  // CHECK: return %[[C]]
  %w = graph.use_weight @w : tensor<4x3x1x1xf32>
  %m = graph.use_weight @mean : tensor<4xf32>
  %v = graph.use_weight @var : tensor<4xf32>
  %0 = graph.conv %x, %w {strides = array<i64: 1, 1>, padding_low = array<i64: 0, 0>, padding_high = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x3x8x8xf32>, tensor<4x3x1x1xf32>) -> tensor<1x4x8x8xf32>
  %1 = "graph.batch_norm"(%0, %m, %v) <{epsilon = 1.0e-5 : f64, operandSegmentSizes = array<i32: 1, 1, 1, 0, 0>}> : (tensor<1x4x8x8xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<1x4x8x8xf32>
  return %1 : tensor<1x4x8x8xf32>
}

// CHECK-LABEL: func.func @norm_of_an_argument_becomes_scale_and_shift
func.func @norm_of_an_argument_becomes_scale_and_shift(%x: tensor<1x4x8x8xf32>) -> tensor<1x4x8x8xf32> {
  // CHECK-DAG: %[[A:.+]] = graph.use_weight @var.bn.scale
  // CHECK-DAG: %[[B:.+]] = graph.use_weight @var.bn.shift
  // CHECK: %[[M:.+]] = graph.mul %arg0, %[[A]]
  // CHECK: graph.add %[[M]], %[[B]]
  %m = graph.use_weight @mean : tensor<4xf32>
  %v = graph.use_weight @var : tensor<4xf32>
  %1 = "graph.batch_norm"(%x, %m, %v) <{epsilon = 1.0e-5 : f64, operandSegmentSizes = array<i32: 1, 1, 1, 0, 0>}> : (tensor<1x4x8x8xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<1x4x8x8xf32>
  return %1 : tensor<1x4x8x8xf32>
}

// CHECK-LABEL: func.func @norm_by_data_stays
func.func @norm_by_data_stays(%x: tensor<1x4x8x8xf32>, %m: tensor<4xf32>, %v: tensor<4xf32>) -> tensor<1x4x8x8xf32> {
  // CHECK: graph.batch_norm
  %1 = "graph.batch_norm"(%x, %m, %v) <{epsilon = 1.0e-5 : f64, operandSegmentSizes = array<i32: 1, 1, 1, 0, 0>}> : (tensor<1x4x8x8xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<1x4x8x8xf32>
  return %1 : tensor<1x4x8x8xf32>
}

// CHECK-LABEL: func.func @convolution_with_two_users_stays
func.func @convolution_with_two_users_stays(%x: tensor<1x3x8x8xf32>) -> (tensor<1x4x8x8xf32>, tensor<1x4x8x8xf32>) {
  // CHECK: %[[W:.+]] = graph.use_weight @w :
  // CHECK: graph.conv %arg0, %[[W]] {
  // CHECK: graph.mul
  %w = graph.use_weight @w : tensor<4x3x1x1xf32>
  %m = graph.use_weight @mean : tensor<4xf32>
  %v = graph.use_weight @var : tensor<4xf32>
  %0 = graph.conv %x, %w {strides = array<i64: 1, 1>, padding_low = array<i64: 0, 0>, padding_high = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x3x8x8xf32>, tensor<4x3x1x1xf32>) -> tensor<1x4x8x8xf32>
  %1 = "graph.batch_norm"(%0, %m, %v) <{epsilon = 1.0e-5 : f64, operandSegmentSizes = array<i32: 1, 1, 1, 0, 0>}> : (tensor<1x4x8x8xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<1x4x8x8xf32>
  return %0, %1 : tensor<1x4x8x8xf32>, tensor<1x4x8x8xf32>
}
