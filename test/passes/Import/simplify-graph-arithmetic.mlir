// RUN: lathe-opt --lathe-simplify-graph %s | FileCheck %s
// RUN: lathe-opt --lathe-simplify-graph %s | lathe-opt --lathe-simplify-graph | FileCheck %s

// CHECK-LABEL: func.func @neutral_elements_go
func.func @neutral_elements_go(%x: tensor<4xf32>, %i: tensor<4xi64>) -> (tensor<4xf32>, tensor<4xi64>) {
  // CHECK-NOT: graph.
  // CHECK: return %arg0, %arg1
  %one = graph.constant dense<1.0> : tensor<f32>
  %zero = graph.constant dense<0.0> : tensor<f32>
  %izero = graph.constant dense<0> : tensor<4xi64>
  %0 = graph.mul %one, %x : (tensor<f32>, tensor<4xf32>) -> tensor<4xf32>
  %1 = graph.sub %0, %zero : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  %2 = graph.div %1, %one : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  %3 = graph.add %i, %izero : (tensor<4xi64>, tensor<4xi64>) -> tensor<4xi64>
  return %2, %3 : tensor<4xf32>, tensor<4xi64>
}

// CHECK-LABEL: func.func @float_plus_zero_stays
func.func @float_plus_zero_stays(%x: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK: graph.add
  %zero = graph.constant dense<0.0> : tensor<f32>
  %0 = graph.add %x, %zero : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: func.func @neutral_that_repeats_is_a_broadcast
func.func @neutral_that_repeats_is_a_broadcast(%x: tensor<1xf32>) -> tensor<4xf32> {
  // CHECK: %[[B:.+]] = graph.broadcast %arg0
  // CHECK: return %[[B]]
  %one = graph.constant dense<1.0> : tensor<4xf32>
  %0 = graph.mul %x, %one : (tensor<1xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: func.func @square_is_a_product
func.func @square_is_a_product(%x: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  // CHECK: graph.mul %arg0, %arg0
  // CHECK: graph.pow
  %two = graph.constant dense<2.0> : tensor<f32>
  %three = graph.constant dense<3.0> : tensor<f32>
  %0 = graph.pow %x, %two : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  %1 = graph.pow %x, %three : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  return %0, %1 : tensor<4xf32>, tensor<4xf32>
}

// CHECK-LABEL: func.func @lossless_casts_merge
func.func @lossless_casts_merge(%x: tensor<4xi8>) -> tensor<4xf32> {
  // CHECK: %[[C:.+]] = graph.cast %arg0 {to = f32} : (tensor<4xi8>)
  // CHECK-NEXT: return %[[C]]
  %0 = graph.cast %x {to = i64} : (tensor<4xi8>) -> tensor<4xi64>
  %1 = graph.cast %0 {to = f32} : (tensor<4xi64>) -> tensor<4xf32>
  return %1 : tensor<4xf32>
}

// CHECK-LABEL: func.func @rounding_cast_stays
func.func @rounding_cast_stays(%x: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK: graph.cast %arg0 {to = f16}
  // CHECK: graph.cast
  %0 = graph.cast %x {to = f16} : (tensor<4xf32>) -> tensor<4xf16>
  %1 = graph.cast %0 {to = f32} : (tensor<4xf16>) -> tensor<4xf32>
  return %1 : tensor<4xf32>
}

// CHECK-LABEL: func.func @constant_conditions_choose
func.func @constant_conditions_choose(%c: tensor<4xi1>, %x: tensor<4xf32>, %y: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  // CHECK: %[[W:.+]] = graph.where %arg0, %arg2, %arg1
  // CHECK: return %arg1, %[[W]]
  %true = graph.constant dense<true> : tensor<4xi1>
  %0 = graph.where %true, %x, %y : (tensor<4xi1>, tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %n = graph.not %c : (tensor<4xi1>) -> tensor<4xi1>
  %1 = graph.where %n, %x, %y : (tensor<4xi1>, tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %0, %1 : tensor<4xf32>, tensor<4xf32>
}

// CHECK-LABEL: func.func @clamp_below_is_relu
func.func @clamp_below_is_relu(%x: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  // CHECK: graph.relu
  // CHECK: graph.clamp
  %0 = graph.clamp %x {low = 0.0 : f64} : (tensor<4xf32>) -> tensor<4xf32>
  %1 = graph.clamp %x {low = 0.0 : f64, high = 6.0 : f64} : (tensor<4xf32>) -> tensor<4xf32>
  return %0, %1 : tensor<4xf32>, tensor<4xf32>
}

// CHECK-LABEL: func.func @common_subexpressions_are_one
func.func @common_subexpressions_are_one(%x: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK: %[[E:.+]] = graph.exp
  // CHECK-NOT: graph.exp
  // CHECK: graph.add %[[E]], %[[E]]
  %0 = graph.exp %x : (tensor<4xf32>) -> tensor<4xf32>
  %1 = graph.exp %x : (tensor<4xf32>) -> tensor<4xf32>
  %2 = graph.add %0, %1 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %2 : tensor<4xf32>
}
