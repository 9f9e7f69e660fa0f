// RUN: lathe-opt --lathe-cpu-lower-nests="vector-bits=256 registers=16 masks=true" --cse %s | FileCheck %s

#window = affine_map<(h, w, c, y, x) -> (h + y, w + x, c)>
#strided = affine_map<(h, w, c, y, x) -> (h * 3 + y, w * 3 + x, c)>
#taps = affine_map<(h, w, c, y, x) -> (y, x, c)>
#sum = affine_map<(h, w, c, y, x) -> (h, w, c)>

// Eight sums in a row read ten inputs and three weights for each row of the window, whose three rows
// are written out.
// CHECK-LABEL: func.func @neighbours_share_inputs
func.func @neighbours_share_inputs(%x: memref<18x18x8xf32>, %w: memref<3x3x8xf32>, %out: memref<16x16x8xf32>) {
  // CHECK-NOT: iter_args
  // CHECK-COUNT-8: vector.load %arg2
  // CHECK-COUNT-39: vector.load
  // CHECK-NOT: vector.load
  // CHECK: vector.store
  linalg.generic {indexing_maps = [#window, #taps, #sum], iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction"]} ins(%x, %w : memref<18x18x8xf32>, memref<3x3x8xf32>) outs(%out : memref<16x16x8xf32>) {
    ^bb0(%p: f32, %q: f32, %o: f32):
      %t = arith.mulf %p, %q : f32
      %s = arith.addf %o, %t : f32
      linalg.yield %s : f32
  }
  return
}

// Windows that do not overlap share nothing: one column of the window at a time, its three places written out.
// CHECK-LABEL: func.func @windows_apart
func.func @windows_apart(%x: memref<48x48x8xf32>, %w: memref<3x3x8xf32>, %out: memref<16x16x8xf32>) {
  // CHECK: scf.for %[[COLUMN:.+]] = {{.*}} iter_args
  // CHECK-NOT: iter_args
  // CHECK-COUNT-27: vector.load
  // CHECK-NOT: vector.load
  // CHECK: scf.yield
  linalg.generic {indexing_maps = [#strided, #taps, #sum], iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction"]} ins(%x, %w : memref<48x48x8xf32>, memref<3x3x8xf32>) outs(%out : memref<16x16x8xf32>) {
    ^bb0(%p: f32, %q: f32, %o: f32):
      %t = arith.mulf %p, %q : f32
      %s = arith.addf %o, %t : f32
      linalg.yield %s : f32
  }
  return
}

#pixels = affine_map<(w, f, k) -> (w, k)>
#features = affine_map<(w, f, k) -> (k, f)>
#products = affine_map<(w, f, k) -> (w, f)>

// A plain product stays a loop, as short as it may be.
// CHECK-LABEL: func.func @short_product
// CHECK: scf.for {{.*}} iter_args
func.func @short_product(%x: memref<16x4xf32>, %w: memref<4x16xf32>, %out: memref<16x16xf32>) {
  linalg.generic {indexing_maps = [#pixels, #features, #products], iterator_types = ["parallel", "parallel", "reduction"]} ins(%x, %w : memref<16x4xf32>, memref<4x16xf32>) outs(%out : memref<16x16xf32>) {
    ^bb0(%p: f32, %q: f32, %o: f32):
      %t = arith.mulf %p, %q : f32
      %s = arith.addf %o, %t : f32
      linalg.yield %s : f32
  }
  return
}
