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

// A model's conversion saturates; that of an expanded function is one
// instruction for a whole vector.
// CHECK-LABEL: func.func @conversion_saturates
func.func @conversion_saturates(%a: vector<8xf32>) -> vector<8xi32> {
  // CHECK-NOT: arith.fptosi
  // CHECK: "llvm.fptosi.sat"
  %r = arith.fptosi %a : vector<8xf32> to vector<8xi32>
  return %r : vector<8xi32>
}

// CHECK-LABEL: func.func @exponential_converts_plainly
func.func @exponential_converts_plainly(%a: vector<8xf32>) -> vector<8xf32> {
  // CHECK-NOT: fptosi.sat
  // CHECK: arith.fptosi
  // CHECK-NOT: fptosi.sat
  // CHECK: return
  %r = math.exp %a : vector<8xf32>
  return %r : vector<8xf32>
}
