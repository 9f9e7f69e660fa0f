// RUN: lathe-opt --lathe-cpu-lower-nests="vector-bits=256 registers=16 masks=true" --cse %s | FileCheck %s

#query = affine_map<(s, e) -> (e)>
#keys = affine_map<(s, e) -> (s, e)>
#scores = affine_map<(s, e) -> (s)>
#terms = affine_map<(v, s) -> (s)>
#values = affine_map<(v, s) -> (s, v)>
#sums = affine_map<(v, s) -> (v)>

// Rows that are read once, one behind the other, would be a single stream through memory: four rows at a time are a
// quarter of all apart. The last two of 258 follow alone.
// CHECK-LABEL: func.func @rows_are_four_streams
func.func @rows_are_four_streams(%q: memref<64xf32>, %k: memref<258x64xf32>, %out: memref<258xf32>) {
  // CHECK: scf.for %[[ROW:.+]] = %c0{{.*}} to %c64{{.*}} step %c1
  // CHECK-DAG: %[[SECOND:.+]] = arith.addi %[[ROW]], %c64
  // CHECK-DAG: %[[THIRD:.+]] = arith.addi %[[ROW]], %c128
  // CHECK-DAG: %[[FOURTH:.+]] = arith.addi %[[ROW]], %c192
  // CHECK: vector.load %arg1[%[[ROW]], %{{.+}}]
  // CHECK: vector.load %arg1[%[[SECOND]], %{{.+}}]
  // CHECK: vector.load %arg1[%[[THIRD]], %{{.+}}]
  // CHECK: vector.load %arg1[%[[FOURTH]], %{{.+}}]
  // CHECK: scf.for %{{.+}} = %c256{{.*}} to %c258{{.*}} step %c1
  linalg.generic {indexing_maps = [#query, #keys, #scores], iterator_types = ["parallel", "reduction"]} ins(%q, %k : memref<64xf32>, memref<258x64xf32>) outs(%out : memref<258xf32>) {
    ^bb0(%a: f32, %b: f32, %s: f32):
      %p = arith.mulf %a, %b : f32
      %v = arith.addf %s, %p : f32
      linalg.yield %v : f32
  }
  return
}

// The sum over rows takes four at a time, and all of each: eight vectors.
// CHECK-LABEL: func.func @sum_of_rows_is_four_streams
func.func @sum_of_rows_is_four_streams(%t: memref<256xf32>, %v: memref<256x64xf32>, %out: memref<64xf32>) {
  // CHECK: %{{.+}}:8 = scf.for %[[ROW:.+]] = %c0{{.*}} to %c64{{.*}} step %c1
  // CHECK-COUNT-8: vector.load %arg1[%[[ROW]], %{{.+}}]
  // CHECK: arith.addi %[[ROW]], %c64
  // CHECK-COUNT-24: vector.load %arg1
  // CHECK-NOT: vector.load %arg1
  // CHECK: scf.yield
  linalg.generic {indexing_maps = [#terms, #values, #sums], iterator_types = ["parallel", "reduction"]} ins(%t, %v : memref<256xf32>, memref<256x64xf32>) outs(%out : memref<64xf32>) {
    ^bb0(%a: f32, %b: f32, %s: f32):
      %p = arith.mulf %a, %b : f32
      %r = arith.addf %s, %p : f32
      linalg.yield %r : f32
  }
  return
}

// A long sum starts anew after 256 terms of all streams together, 64 rounds; the last row of 1025 is a block of its own.
// CHECK-LABEL: func.func @long_sum_is_spread_in_blocks
func.func @long_sum_is_spread_in_blocks(%t: memref<1025xf32>, %v: memref<1025x64xf32>, %out: memref<64xf32>) {
  // CHECK: scf.for %[[BLOCK:.+]] = %c0{{.*}} to %c256{{.*}} step %c64
  // CHECK: scf.for %[[ROW:.+]] = %[[BLOCK]] to
  // CHECK: arith.addi %[[ROW]], %c256
  // CHECK: vector.load %arg1[%c1024{{.*}}, %{{.+}}]
  linalg.generic {indexing_maps = [#terms, #values, #sums], iterator_types = ["parallel", "reduction"]} ins(%t, %v : memref<1025xf32>, memref<1025x64xf32>) outs(%out : memref<64xf32>) {
    ^bb0(%a: f32, %b: f32, %s: f32):
      %p = arith.mulf %a, %b : f32
      %r = arith.addf %s, %p : f32
      linalg.yield %r : f32
  }
  return
}

// What fits a few pages is in the cache, or soon over.
// CHECK-LABEL: func.func @few_rows_stay_neighbours
func.func @few_rows_stay_neighbours(%q: memref<64xf32>, %k: memref<64x64xf32>, %out: memref<64xf32>) {
  // CHECK: scf.for %[[ROW:.+]] = %c0{{.*}} to %c64{{.*}} step %c4
  // CHECK: arith.addi %[[ROW]], %c1
  linalg.generic {indexing_maps = [#query, #keys, #scores], iterator_types = ["parallel", "reduction"]} ins(%q, %k : memref<64xf32>, memref<64x64xf32>) outs(%out : memref<64xf32>) {
    ^bb0(%a: f32, %b: f32, %s: f32):
      %p = arith.mulf %a, %b : f32
      %v = arith.addf %s, %p : f32
      linalg.yield %v : f32
  }
  return
}

// Long rows are streams already.
// CHECK-LABEL: func.func @long_rows_stay_neighbours
func.func @long_rows_stay_neighbours(%q: memref<768xf32>, %k: memref<256x768xf32>, %out: memref<256xf32>) {
  // CHECK: scf.for %[[ROW:.+]] = %c0{{.*}} to %c256{{.*}} step %c4
  // CHECK: arith.addi %[[ROW]], %c1
  linalg.generic {indexing_maps = [#query, #keys, #scores], iterator_types = ["parallel", "reduction"]} ins(%q, %k : memref<768xf32>, memref<256x768xf32>) outs(%out : memref<256xf32>) {
    ^bb0(%a: f32, %b: f32, %s: f32):
      %p = arith.mulf %a, %b : f32
      %v = arith.addf %s, %p : f32
      linalg.yield %v : f32
  }
  return
}
