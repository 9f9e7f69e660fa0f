// Panels of three and of five registers are a row of a tile each: fewer rows, but no lane that
// computes nothing. Without a fused multiply-add the products need registers too, and two vectors
// are a row.
// RUN: lathe-opt --lathe-cpu-lower-nests="vector-bits=256 registers=16 masks=true" --cse %s | FileCheck %s
// RUN: lathe-opt --lathe-cpu-lower-nests="vector-bits=128 registers=16" --cse %s | FileCheck %s --check-prefix=SSE

#x = affine_map<(p, i, j, k) -> (i, k)>
#w = affine_map<(p, i, j, k) -> (p, k, j)>
#sum = affine_map<(p, i, j, k) -> (i, p, j)>

// CHECK-LABEL: func.func @panels_of_24
func.func @panels_of_24(%x: memref<8x32xf32>, %w: memref<3x32x24xf32>, %out: memref<8x3x24xf32>) {
  // CHECK: %[[SUMS:.*]]:12 = scf.for {{.*}} -> (vector<8xf32>
  // CHECK-COUNT-3: vector.load %arg1
  // CHECK-NOT: vector.load %arg1
  // CHECK: scf.yield
  // CHECK-COUNT-12: vector.store
  // CHECK-NOT: vector.store
  linalg.generic {indexing_maps = [#x, #w, #sum], iterator_types = ["parallel", "parallel", "parallel", "reduction"]} ins(%x, %w : memref<8x32xf32>, memref<3x32x24xf32>) outs(%out : memref<8x3x24xf32>) {
    ^bb0(%p: f32, %q: f32, %o: f32):
      %t = arith.mulf %p, %q : f32
      %s = arith.addf %o, %t : f32
      linalg.yield %s : f32
  }
  return
}

// CHECK-LABEL: func.func @panels_of_40
func.func @panels_of_40(%x: memref<8x32xf32>, %w: memref<3x32x40xf32>, %out: memref<8x3x40xf32>) {
  // CHECK: %[[SUMS:.*]]:10 = scf.for {{.*}} -> (vector<8xf32>
  // CHECK-COUNT-5: vector.load %arg1
  // CHECK-NOT: vector.load %arg1
  // CHECK: scf.yield
  linalg.generic {indexing_maps = [#x, #w, #sum], iterator_types = ["parallel", "parallel", "parallel", "reduction"]} ins(%x, %w : memref<8x32xf32>, memref<3x32x40xf32>) outs(%out : memref<8x3x40xf32>) {
    ^bb0(%p: f32, %q: f32, %o: f32):
      %t = arith.mulf %p, %q : f32
      %s = arith.addf %o, %t : f32
      linalg.yield %s : f32
  }
  return
}

// SSE-LABEL: func.func @panels_of_12
func.func @panels_of_12(%x: memref<12x32xf32>, %w: memref<3x32x12xf32>, %out: memref<12x3x12xf32>) {
  // SSE: %[[SUMS:.*]]:12 = scf.for {{.*}} -> (vector<4xf32>
  // SSE-COUNT-2: vector.load %arg1
  // SSE-NOT: vector.load %arg1
  // SSE: scf.yield
  linalg.generic {indexing_maps = [#x, #w, #sum], iterator_types = ["parallel", "parallel", "parallel", "reduction"]} ins(%x, %w : memref<12x32xf32>, memref<3x32x12xf32>) outs(%out : memref<12x3x12xf32>) {
    ^bb0(%p: f32, %q: f32, %o: f32):
      %t = arith.mulf %p, %q : f32
      %s = arith.addf %o, %t : f32
      linalg.yield %s : f32
  }
  return
}
