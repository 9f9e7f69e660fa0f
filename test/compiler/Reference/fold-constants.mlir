// RUN: lathe-opt --lathe-fold-constants --split-input-file %s | FileCheck %s

// CHECK-LABEL: @small_result_becomes_a_constant
func.func @small_result_becomes_a_constant() -> tensor<3x2xf32> {
  // CHECK-NEXT: %[[X:.+]] = graph.constant dense<{{\[\[}}1.000000e+00, 4.000000e+00], [2.000000e+00, 5.000000e+00], [3.000000e+00, 6.000000e+00]]>
  // CHECK-NEXT: return %[[X]]
  %0 = graph.constant dense<[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]> : tensor<2x3xf32>
  %1 = graph.permute %0 {permutation = array<i64: 1, 0>} : (tensor<2x3xf32>) -> tensor<3x2xf32>
  return %1 : tensor<3x2xf32>
}

// -----

// CHECK-LABEL: @chain_folds
func.func @chain_folds() -> tensor<2xf32> {
  // CHECK-NEXT: graph.constant dense<[5.000000e-01, 2.500000e-01]>
  // CHECK-NEXT: return
  %0 = graph.constant dense<[4.0, 16.0]> : tensor<2xf32>
  %1 = graph.rsqrt %0 : (tensor<2xf32>) -> tensor<2xf32>
  return %1 : tensor<2xf32>
}

// -----

// The source goes with its only user, although it is an operand twice.
// CHECK-LABEL: @operand_twice
func.func @operand_twice() -> tensor<4xf32> {
  // CHECK-NEXT: %[[X:.+]] = graph.constant dense<[1.000000e+00, 2.000000e+00, 1.000000e+00, 2.000000e+00]>
  // CHECK-NEXT: return %[[X]]
  %0 = graph.constant dense<[1.0, 2.0]> : tensor<2xf32>
  %1 = graph.concat %0, %0 {dim = 0 : i64} : (tensor<2xf32>, tensor<2xf32>) -> tensor<4xf32>
  return %1 : tensor<4xf32>
}

// -----

// A value known only at run time keeps its operators.
// CHECK-LABEL: @argument_stays
func.func @argument_stays(%x: tensor<2xf32>) -> tensor<2xf32> {
  // CHECK: graph.add
  %0 = graph.constant dense<[4.0, 16.0]> : tensor<2xf32>
  %1 = graph.add %0, %x : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  return %1 : tensor<2xf32>
}

// -----

// Sizes that are not constant are not folded.
graph.symbol @n[1, 4]
// CHECK-LABEL: @dynamic_size_stays
func.func @dynamic_size_stays(%x: tensor<?xf32, #graph.info<[n]>>) -> tensor<i64> {
  // CHECK: graph.size
  %0 = graph.size <n> : tensor<i64>
  return %0 : tensor<i64>
}

// -----

// More than 64 elements: a weight, named by its content.
// CHECK: graph.weight @[[W:iota]] : tensor<100xi64> key
// CHECK-LABEL: @medium_result_becomes_a_weight
func.func @medium_result_becomes_a_weight() -> (tensor<100xi64>, tensor<100xi64>) {
  // CHECK-NEXT: %[[A:.+]] = graph.use_weight @[[W]]
  // CHECK-NEXT: %[[B:.+]] = graph.use_weight @[[W]]
  // CHECK-NEXT: return %[[A]], %[[B]]
  %0 = graph.iota {size = #graph.expr<100>, element_type = i64, start = 0 : i64, step = 2 : i64} : () -> tensor<100xi64>
  %1 = graph.iota {size = #graph.expr<100>, element_type = i64, start = 0 : i64, step = 2 : i64} : () -> tensor<100xi64>
  return %0, %1 : tensor<100xi64>, tensor<100xi64>
}

// -----

// A splat of any size is a constant.
// CHECK-LABEL: @splat_stays_small
func.func @splat_stays_small() -> tensor<1000x1000xf32> {
  // CHECK-NEXT: graph.constant dense<2.000000e+00> : tensor<1000x1000xf32>
  // CHECK-NEXT: return
  %0 = graph.constant dense<2.0> : tensor<f32>
  %1 = graph.full %0 {dims = #graph.dims<[1000, 1000]>} : (tensor<f32>) -> tensor<1000x1000xf32>
  return %1 : tensor<1000x1000xf32>
}

// -----

// Above 64 KiB a weight is computed when the program is written; a chain is
// one initializer.
graph.weight @w : tensor<200x100xf32> key "00"
// CHECK: graph.weight @w.permute.neg : tensor<100x200xf32> {
// CHECK-NEXT: graph.use_weight @w
// CHECK-NEXT: graph.permute
// CHECK-NEXT: graph.neg
// CHECK-NEXT: graph.yield
// CHECK-NOT: graph.weight
// CHECK-LABEL: @large_result_is_computed_later
func.func @large_result_is_computed_later() -> tensor<100x200xf32> {
  // CHECK-NEXT: graph.use_weight @w.permute.neg
  // CHECK-NEXT: return
  %0 = graph.use_weight @w : tensor<200x100xf32>
  %1 = graph.permute %0 {permutation = array<i64: 1, 0>} : (tensor<200x100xf32>) -> tensor<100x200xf32>
  %2 = graph.neg %1 : (tensor<100x200xf32>) -> tensor<100x200xf32>
  return %2 : tensor<100x200xf32>
}

// -----

// Storing it would cost more than computing it.
graph.weight @row : tensor<1x1000xf32> key "00"
// CHECK-LABEL: @growth_stays
func.func @growth_stays() -> tensor<1000x1000xf32> {
  // CHECK: graph.broadcast
  %0 = graph.use_weight @row : tensor<1x1000xf32>
  %1 = graph.broadcast %0 {dims = #graph.dims<[1000, 1000]>} : (tensor<1x1000xf32>) -> tensor<1000x1000xf32>
  return %1 : tensor<1000x1000xf32>
}

// -----

// An error belongs to the run.
// CHECK-LABEL: @index_out_of_range_stays
func.func @index_out_of_range_stays() -> tensor<1xf32> {
  // CHECK: graph.gather
  %0 = graph.constant dense<[1.0, 2.0]> : tensor<2xf32>
  %1 = graph.constant dense<2> : tensor<1xi64>
  %2 = graph.gather %0, %1 {dim = 0 : i64} : (tensor<2xf32>, tensor<1xi64>) -> tensor<1xf32>
  return %2 : tensor<1xf32>
}

// -----

// The bytes of this weight are not at hand.
graph.weight @absent : tensor<2xf32> key "00"
// CHECK-LABEL: @weight_without_bytes_stays
func.func @weight_without_bytes_stays() -> tensor<2xf32> {
  // CHECK: graph.neg
  %0 = graph.use_weight @absent : tensor<2xf32>
  %1 = graph.neg %0 : (tensor<2xf32>) -> tensor<2xf32>
  return %1 : tensor<2xf32>
}

// -----

// CHECK-LABEL: @groups_are_closed
func.func @groups_are_closed() -> tensor<2xf32> {
  // CHECK: graph.rsqrt
  %0 = graph.group "k" on "cpu"() : () -> tensor<2xf32> {
    %1 = graph.constant dense<[4.0, 16.0]> : tensor<2xf32>
    %2 = graph.rsqrt %1 : (tensor<2xf32>) -> tensor<2xf32>
    graph.yield %2 : tensor<2xf32>
  }
  return %0 : tensor<2xf32>
}

// -----

// What is too large to be computed here is computed when the program runs.
// CHECK-LABEL: @a_tensor_beyond_a_gibibyte_stays
func.func @a_tensor_beyond_a_gibibyte_stays() -> tensor<16384x16385xf32> {
  // CHECK: graph.exp
  %0 = graph.constant dense<0.0> : tensor<16384x16385xf32>
  %1 = graph.exp %0 : (tensor<16384x16385xf32>) -> tensor<16384x16385xf32>
  return %1 : tensor<16384x16385xf32>
}

// -----

// CHECK-LABEL: @a_tensor_of_a_gibibyte_folds
func.func @a_tensor_of_a_gibibyte_folds() -> tensor<16384x16384xf32> {
  // CHECK-NOT: graph.exp
  // CHECK: return
  %0 = graph.constant dense<0.0> : tensor<16384x16384xf32>
  %1 = graph.exp %0 : (tensor<16384x16384xf32>) -> tensor<16384x16384xf32>
  return %1 : tensor<16384x16384xf32>
}
