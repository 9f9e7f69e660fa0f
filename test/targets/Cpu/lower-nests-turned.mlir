// RUN: lathe-opt %s --lathe-cpu-lower-nests="vector-bits=256 registers=16 masks=true" --cse | FileCheck %s

// Rows become columns in registers: eight vectors are loaded along the rows and change places.

#row = affine_map<(i, j) -> (j, i)>
#same = affine_map<(i, j) -> (i, j)>

// CHECK-LABEL: func.func @turned
// CHECK-COUNT-8: vector.load {{.+}} : memref<40x20xf32>, vector<8xf32>
// CHECK-COUNT-24: vector.shuffle
// CHECK-COUNT-8: arith.mulf {{.+}} : vector<8xf32>
// CHECK-COUNT-8: vector.store {{.+}} : memref<20x40xf32>, vector<8xf32>
// The last four columns are gathered.
// CHECK-COUNT-8: memref.load
// CHECK: vector.from_elements
// CHECK: return
func.func @turned(%x: memref<40x20xf32>, %out: memref<20x40xf32>) {
  %two = arith.constant 2.0 : f32
  linalg.generic {indexing_maps = [#row, #same], iterator_types = ["parallel", "parallel"]} ins(%x : memref<40x20xf32>) outs(%out : memref<20x40xf32>) {
    ^bb0(%a: f32, %o: f32):
      %r = arith.mulf %a, %two : f32
      linalg.yield %r : f32
  }
  return
}

// Five lanes of the last vector exist: the others read the last row again.
// CHECK-LABEL: func.func @masked_lanes
// CHECK: arith.minsi
// CHECK: vector.maskedstore
// CHECK: return
func.func @masked_lanes(%x: memref<?x16xf32>, %out: memref<16x?xf32>) {
  linalg.generic {indexing_maps = [#row, #same], iterator_types = ["parallel", "parallel"]} ins(%x : memref<?x16xf32>) outs(%out : memref<16x?xf32>) {
    ^bb0(%a: f32, %o: f32):
      linalg.yield %a : f32
  }
  return
}

// Rows shorter than a vector, and functions, which need the registers, are gathered.
// CHECK-LABEL: func.func @short_rows
// CHECK-NOT: vector.shuffle
// CHECK: return
func.func @short_rows(%x: memref<40x4xf32>, %out: memref<4x40xf32>) {
  linalg.generic {indexing_maps = [#row, #same], iterator_types = ["parallel", "parallel"]} ins(%x : memref<40x4xf32>) outs(%out : memref<4x40xf32>) {
    ^bb0(%a: f32, %o: f32):
      linalg.yield %a : f32
  }
  return
}

// CHECK-LABEL: func.func @function
// CHECK-NOT: vector.shuffle
// CHECK: return
func.func @function(%x: memref<40x16xf32>, %out: memref<16x40xf32>) {
  linalg.generic {indexing_maps = [#row, #same], iterator_types = ["parallel", "parallel"]} ins(%x : memref<40x16xf32>) outs(%out : memref<16x40xf32>) {
    ^bb0(%a: f32, %o: f32):
      %r = math.tanh %a : f32
      linalg.yield %r : f32
  }
  return
}
