// RUN: lathe-opt --lathe-narrow-weights %s | FileCheck %s
// RUN: lathe-opt --lathe-narrow-weights %s | lathe-opt --lathe-narrow-weights | FileCheck %s

graph.weight @w : tensor<4x3xf32> key "00"
graph.weight @filters : tensor<8x4x1x1xf32> key "01"
graph.weight @table : tensor<16x3xf32> key "02"
graph.weight @shared : tensor<16x3xf32> key "03"
graph.weight @double : tensor<4x3xf64> key "04"

// CHECK: graph.weight @w.bf16 : tensor<4x3xbf16> {
// CHECK-NEXT: %[[W:.+]] = graph.use_weight @w : tensor<4x3xf32>
// CHECK-NEXT: %[[R:.+]] = graph.cast %[[W]] {to = bf16}
// CHECK-NEXT: graph.yield %[[R]]

// CHECK-LABEL: func.func @weights_of_contractions_are_rounded
func.func @weights_of_contractions_are_rounded(%x: tensor<2x3xf32>, %i: tensor<1x4x2x2xf32>) -> (tensor<2x4xf32>, tensor<2x4xf32>, tensor<1x8x2x2xf32>) {
  // CHECK-DAG: %[[W:.+]] = graph.use_weight @w.bf16 : tensor<4x3xbf16>
  // CHECK: %[[Y:.+]] = graph.linear %arg0, %[[W]] : (tensor<2x3xf32>, tensor<4x3xbf16>) -> tensor<2x4xf32>
  // CHECK: %[[F:.+]] = graph.use_weight @filters.bf16
  // CHECK: graph.conv %arg1, %[[F]] {{.*}} -> tensor<1x8x2x2xf32>
  %w = graph.use_weight @w : tensor<4x3xf32>
  %f = graph.use_weight @filters : tensor<8x4x1x1xf32>
  %0 = graph.linear %x, %w : (tensor<2x3xf32>, tensor<4x3xf32>) -> tensor<2x4xf32>
  %1 = graph.linear %x, %w : (tensor<2x3xf32>, tensor<4x3xf32>) -> tensor<2x4xf32>
  %2 = graph.conv %i, %f {strides = array<i64: 1, 1>, padding_low = array<i64: 0, 0>, padding_high = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x4x2x2xf32>, tensor<8x4x1x1xf32>) -> tensor<1x8x2x2xf32>
  return %0, %1, %2 : tensor<2x4xf32>, tensor<2x4xf32>, tensor<1x8x2x2xf32>
}

// CHECK-LABEL: func.func @a_table_of_both_is_one
func.func @a_table_of_both_is_one(%i: tensor<2xi64>) -> tensor<2x16xf32> {
  // CHECK: %[[T:.+]] = graph.use_weight @table.bf16
  // CHECK: %[[G:.+]] = graph.gather %[[T]], %arg0 {{.*}} -> tensor<2x3xbf16>
  // CHECK: %[[X:.+]] = graph.cast %[[G]] {to = f32}
  // CHECK: graph.linear %[[X]]
  // CHECK-NOT: graph.use_weight @table :
  %t = graph.use_weight @table : tensor<16x3xf32>
  %0 = graph.gather %t, %i {dim = 0 : i64} : (tensor<16x3xf32>, tensor<2xi64>) -> tensor<2x3xf32>
  %1 = graph.linear %0, %t : (tensor<2x3xf32>, tensor<16x3xf32>) -> tensor<2x16xf32>
  return %1 : tensor<2x16xf32>
}

// CHECK-LABEL: func.func @a_table_that_others_read_stays
func.func @a_table_that_others_read_stays(%i: tensor<2xi64>, %x: tensor<16x3xf32>) -> (tensor<2x16xf32>, tensor<16x3xf32>) {
  // CHECK: %[[T:.+]] = graph.use_weight @shared :
  // CHECK: graph.gather %[[T]], %arg0 {{.*}} -> tensor<2x3xf32>
  // CHECK: graph.use_weight @shared.bf16
  %t = graph.use_weight @shared : tensor<16x3xf32>
  %0 = graph.gather %t, %i {dim = 0 : i64} : (tensor<16x3xf32>, tensor<2xi64>) -> tensor<2x3xf32>
  %1 = graph.linear %0, %t : (tensor<2x3xf32>, tensor<16x3xf32>) -> tensor<2x16xf32>
  %2 = graph.add %x, %t : (tensor<16x3xf32>, tensor<16x3xf32>) -> tensor<16x3xf32>
  return %1, %2 : tensor<2x16xf32>, tensor<16x3xf32>
}

// CHECK-LABEL: func.func @other_types_and_arguments_stay
func.func @other_types_and_arguments_stay(%x: tensor<2x3xf64>, %y: tensor<2x3xf32>, %w: tensor<4x3xf32>) -> (tensor<2x4xf64>, tensor<2x4xf32>) {
  // CHECK: %[[D:.+]] = graph.use_weight @double : tensor<4x3xf64>
  // CHECK: graph.linear %arg0, %[[D]]
  // CHECK: graph.linear %arg1, %arg2
  %d = graph.use_weight @double : tensor<4x3xf64>
  %0 = graph.linear %x, %d : (tensor<2x3xf64>, tensor<4x3xf64>) -> tensor<2x4xf64>
  %1 = graph.linear %y, %w : (tensor<2x3xf32>, tensor<4x3xf32>) -> tensor<2x4xf32>
  return %0, %1 : tensor<2x4xf64>, tensor<2x4xf32>
}
