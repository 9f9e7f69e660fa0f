// RUN: lathe-opt --lathe-cpu-expand-math %s | FileCheck %s --check-prefixes=CHECK,PLAIN
// RUN: lathe-opt --lathe-cpu-expand-math="fma=true half-conversion=true" %s | FileCheck %s --check-prefixes=CHECK,FUSED

// CHECK-LABEL: func.func @division_has_a_result_everywhere
func.func @division_has_a_result_everywhere(%a: vector<8xi32>, %b: vector<8xi32>) -> vector<8xi32> {
  // CHECK: %[[SAFE:.+]] = arith.select
  // CHECK: arith.divsi %{{.+}}, %[[SAFE]]
  %r = arith.divsi %a, %b : vector<8xi32>
  return %r : vector<8xi32>
}

// CHECK-LABEL: func.func @division_by_constant_stays
func.func @division_by_constant_stays(%a: i32) -> i32 {
  // CHECK-NOT: arith.select
  %c = arith.constant 7 : i32
  %r = arith.divsi %a, %c : i32
  return %r : i32
}

// CHECK-LABEL: func.func @fused_only_where_it_exists
func.func @fused_only_where_it_exists(%a: f32) -> f32 {
  // PLAIN: arith.mulf
  // PLAIN-NEXT: arith.addf
  // FUSED: math.fma
  %r = math.fma %a, %a, %a : f32
  return %r : f32
}

// CHECK-LABEL: func.func @half_conversion
func.func @half_conversion(%a: f16) -> f32 {
  // PLAIN-NOT: arith.extf
  // FUSED: arith.extf
  %r = arith.extf %a : f16 to f32
  return %r : f32
}

// Upstream joins a conversion to f32 and one to bf16.
// CHECK-LABEL: func.func @integer_to_bfloat_goes_through_single
func.func @integer_to_bfloat_goes_through_single(%a: vector<8xi32>) -> vector<8xbf16> {
  // CHECK: arith.sitofp %{{.+}} : vector<8xi32> to vector<8xf32>
  // CHECK-NOT: to vector<8xbf16>
  // CHECK: arith.bitcast %{{.+}} : vector<8xi16> to vector<8xbf16>
  %r = arith.sitofp %a : vector<8xi32> to vector<8xbf16>
  return %r : vector<8xbf16>
}

// CHECK-LABEL: func.func @integer_to_single_stays
func.func @integer_to_single_stays(%a: i32) -> f32 {
  // CHECK: %[[R:.+]] = arith.sitofp %{{.+}} : i32 to f32
  // CHECK-NEXT: return %[[R]]
  %r = arith.sitofp %a : i32 to f32
  return %r : f32
}

// CHECK-LABEL: func.func @sine_of_far_arguments_is_a_branch
func.func @sine_of_far_arguments_is_a_branch(%a: vector<8xf32>) -> vector<8xf32> {
  // CHECK: %[[WIDE:.+]] = arith.extf %{{.+}} : vector<8xf32> to vector<8xf64>
  // CHECK: %[[ANY:.+]] = vector.reduction <or>
  // CHECK: scf.if %[[ANY]]
  // CHECK-NOT: math.sin
  %r = math.sin %a : vector<8xf32>
  return %r : vector<8xf32>
}

// CHECK-LABEL: func.func @sine_of_far_doubles_is_a_branch
func.func @sine_of_far_doubles_is_a_branch(%a: f64) -> f64 {
  // CHECK: scf.if
  // CHECK-COUNT-11: arith.muli
  // CHECK: scf.yield
  // CHECK-NOT: math.sin
  %r = math.sin %a : f64
  return %r : f64
}

// CHECK-LABEL: func.func @functions_of_doubles
func.func @functions_of_doubles(%a: vector<4xf64>) -> vector<4xf64> {
  // CHECK-NOT: math.{{exp|log|tanh|erf|atan|pow}}
  %0 = math.exp %a : vector<4xf64>
  %1 = math.log1p %0 : vector<4xf64>
  %2 = math.tanh %1 : vector<4xf64>
  %3 = math.erf %2 : vector<4xf64>
  %4 = math.atan2 %3, %a : vector<4xf64>
  %5 = math.powf %4, %a : vector<4xf64>
  return %5 : vector<4xf64>
}

// CHECK-LABEL: func.func @remainder_is_a_long_division
func.func @remainder_is_a_long_division(%a: f32, %b: f32) -> f32 {
  // CHECK: scf.while
  // CHECK: arith.divf
  // CHECK: arith.subf
  // CHECK-NOT: arith.remf
  %r = arith.remf %a, %b : f32
  return %r : f32
}

// CHECK-LABEL: func.func @double_to_half_through_single
func.func @double_to_half_through_single(%a: f64) -> f16 {
  // CHECK: %[[SINGLE:.+]] = arith.truncf %{{.+}} : f64 to f32
  // FUSED: arith.truncf %[[SINGLE]] : f32 to f16
  // PLAIN-NOT: arith.truncf
  %r = arith.truncf %a : f64 to f16
  return %r : f16
}

// CHECK-LABEL: func.func @conversion_saturates
func.func @conversion_saturates(%a: vector<8xf32>) -> vector<8xi32> {
  // CHECK-NOT: arith.fptosi
  // CHECK: "llvm.fptosi.sat"
  %r = arith.fptosi %a : vector<8xf32> to vector<8xi32>
  return %r : vector<8xi32>
}

// The intrinsic takes one row of vectors that are stacked.
// CHECK-LABEL: func.func @conversion_of_rows
func.func @conversion_of_rows(%a: vector<2x8xf32>) -> vector<2x8xi32> {
  // CHECK-COUNT-2: "llvm.fptosi.sat"({{.*}}) : (vector<8xf32>) -> vector<8xi32>
  // CHECK-NOT: fptosi
  %r = arith.fptosi %a : vector<2x8xf32> to vector<2x8xi32>
  return %r : vector<2x8xi32>
}

// Saturation takes a vector apart: what functions become does not convert.
// CHECK-LABEL: func.func @functions_do_not_convert
func.func @functions_do_not_convert(%a: vector<8xf32>) -> vector<8xf32> {
  // CHECK-NOT: fptosi
  // CHECK: return
  %0 = math.exp %a : vector<8xf32>
  %1 = math.erf %0 : vector<8xf32>
  %2 = math.atan %1 : vector<8xf32>
  %3 = math.tan %2 : vector<8xf32>
  %4 = math.log %3 : vector<8xf32>
  %5 = math.tanh %4 : vector<8xf32>
  return %5 : vector<8xf32>
}

// The divisor of exp's ratio joins that of the logistic function.
// CHECK-LABEL: func.func @logistic_divides_once
func.func @logistic_divides_once(%a: vector<8xf32>) -> vector<8xf32> {
  // CHECK: %[[Q:.+]] = arith.divf
  // CHECK-NEXT: %[[R:.+]] = arith.mulf %arg0, %[[Q]]
  // CHECK-NEXT: return %[[R]]
  %one = arith.constant dense<1.0> : vector<8xf32>
  %n = arith.negf %a : vector<8xf32>
  %e = math.exp %n fastmath<afn> : vector<8xf32>
  %d = arith.addf %e, %one : vector<8xf32>
  %r = arith.divf %a, %d : vector<8xf32>
  return %r : vector<8xf32>
}

// CHECK-LABEL: func.func @divisor_that_others_need_stays
func.func @divisor_that_others_need_stays(%a: vector<8xf32>) -> (vector<8xf32>, vector<8xf32>) {
  // CHECK: arith.divf %arg0, %[[D:.+]] :
  // CHECK: return %{{.+}}, %[[D]]
  %one = arith.constant dense<1.0> : vector<8xf32>
  %e = math.exp %a fastmath<afn> : vector<8xf32>
  %d = arith.addf %e, %one : vector<8xf32>
  %r = arith.divf %a, %d : vector<8xf32>
  return %r, %d : vector<8xf32>, vector<8xf32>
}

// A factor of erf's argument becomes one of its coefficients: the first product is the square.
// CHECK-LABEL: func.func @factor_of_error_function_is_folded
func.func @factor_of_error_function_is_folded(%a: vector<8xf32>) -> vector<8xf32> {
  // CHECK: arith.mulf %arg0, %arg0
  // CHECK: return
  %half = arith.constant dense<0.70710678> : vector<8xf32>
  %x = arith.mulf %a, %half : vector<8xf32>
  %r = math.erf %x : vector<8xf32>
  return %r : vector<8xf32>
}

// CHECK-LABEL: func.func @large_factor_of_error_function_stays
func.func @large_factor_of_error_function_stays(%a: vector<8xf32>) -> vector<8xf32> {
  // CHECK-NOT: arith.mulf %arg0, %arg0
  // CHECK: return
  %large = arith.constant dense<1.0e3> : vector<8xf32>
  %x = arith.mulf %a, %large : vector<8xf32>
  %r = math.erf %x : vector<8xf32>
  return %r : vector<8xf32>
}
