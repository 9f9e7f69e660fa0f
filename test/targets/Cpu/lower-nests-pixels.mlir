// SPDX-License-Identifier: Apache-2.0
// RUN: lathe-opt %s --lathe-cpu-lower-nests="vector-bits=256 registers=16 masks=true" --cse | FileCheck %s
//
// Rows of 7 pixels would leave register tiles of 4 and 3. Under a window only the input keeps rows
// and columns; all else is one run of 49 pixels, in tiles of 6 and 5.

#x = affine_map<(h, w, l, kh, kw, c) -> (h + kh, w + kw, c)>
#w = affine_map<(h, w, l, kh, kw, c) -> (kh, kw, c, l)>
#sum = affine_map<(h, w, l, kh, kw, c) -> (h, w, l)>
#point = affine_map<(h, w, l) -> (h, w, l)>
#row = affine_map<(h, w, l) -> (l)>
#turned = affine_map<(h, w, l) -> (w, h, l)>

// CHECK-LABEL: func.func @narrow_map
// CHECK: memref.collapse_shape %arg3 {{\[}}[0, 1], [2]] : memref<7x7x16xf32> into memref<49x16xf32>
// CHECK: %[[C24:.+]] = arith.constant 24
// CHECK: scf.for %[[PIXEL:.+]] = %{{.+}} to %[[C24]]
// CHECK: scf.for {{.*}} -> (vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>)
// CHECK: arith.divui %[[PIXEL]], %c7
// CHECK: arith.remui %[[PIXEL]], %c7
// CHECK: arith.maximumf
// CHECK: return
func.func @narrow_map(%x: memref<9x9x64xf32>, %w: memref<3x3x64x16xf32>, %bias: memref<16xf32>, %out: memref<7x7x16xf32>) {
  linalg.generic {indexing_maps = [#x, #w, #sum], iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]} ins(%x, %w : memref<9x9x64xf32>, memref<3x3x64x16xf32>) outs(%out : memref<7x7x16xf32>) {
    ^bb0(%p: f32, %q: f32, %o: f32):
      %t = arith.mulf %p, %q : f32
      %s = arith.addf %o, %t : f32
      linalg.yield %s : f32
  }
  linalg.generic {indexing_maps = [#row, #point], iterator_types = ["parallel", "parallel", "parallel"]} ins(%bias : memref<16xf32>) outs(%out : memref<7x7x16xf32>) {
    ^bb0(%b: f32, %o: f32):
      %zero = arith.constant 0.0 : f32
      %s = arith.addf %o, %b : f32
      %r = arith.maximumf %s, %zero : f32
      linalg.yield %r : f32
  }
  return
}

// Rows of 12 pixels are two whole register tiles.
// CHECK-LABEL: func.func @wide_map
// CHECK-NOT: memref.collapse_shape
// CHECK-NOT: arith.divui
// CHECK: return
func.func @wide_map(%x: memref<14x14x64xf32>, %w: memref<3x3x64x16xf32>, %out: memref<12x12x16xf32>) {
  linalg.generic {indexing_maps = [#x, #w, #sum], iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]} ins(%x, %w : memref<14x14x64xf32>, memref<3x3x64x16xf32>) outs(%out : memref<12x12x16xf32>) {
    ^bb0(%p: f32, %q: f32, %o: f32):
      %t = arith.mulf %p, %q : f32
      %s = arith.addf %o, %t : f32
      linalg.yield %s : f32
  }
  return
}

// A part of wider rows is no run of pixels, and under a window nothing else counts them.
// CHECK-LABEL: func.func @part_of_rows
// CHECK-NOT: memref.collapse_shape
// CHECK-NOT: arith.divui
// CHECK: return
func.func @part_of_rows(%x: memref<9x9x64xf32>, %w: memref<3x3x64x16xf32>, %out: memref<7x7x16xf32, strided<[256, 16, 1]>>) {
  linalg.generic {indexing_maps = [#x, #w, #sum], iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]} ins(%x, %w : memref<9x9x64xf32>, memref<3x3x64x16xf32>) outs(%out : memref<7x7x16xf32, strided<[256, 16, 1]>>) {
    ^bb0(%p: f32, %q: f32, %o: f32):
      %t = arith.mulf %p, %q : f32
      %s = arith.addf %o, %t : f32
      linalg.yield %s : f32
  }
  return
}

// The epilogue reads its partner the other way round: by rows and columns, while the sum is one run.
// CHECK-LABEL: func.func @partner_of_columns
// CHECK: memref.collapse_shape %arg3
// CHECK: arith.divui
// CHECK: vector.load %arg2[%{{.+}}, %{{.+}}, %{{.+}}] : memref<7x7x16xf32>
// CHECK: return
func.func @partner_of_columns(%x: memref<9x9x64xf32>, %w: memref<3x3x64x16xf32>, %partner: memref<7x7x16xf32>, %out: memref<7x7x16xf32>) {
  linalg.generic {indexing_maps = [#x, #w, #sum], iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]} ins(%x, %w : memref<9x9x64xf32>, memref<3x3x64x16xf32>) outs(%out : memref<7x7x16xf32>) {
    ^bb0(%p: f32, %q: f32, %o: f32):
      %t = arith.mulf %p, %q : f32
      %s = arith.addf %o, %t : f32
      linalg.yield %s : f32
  }
  linalg.generic {indexing_maps = [#turned, #point], iterator_types = ["parallel", "parallel", "parallel"]} ins(%partner : memref<7x7x16xf32>) outs(%out : memref<7x7x16xf32>) {
    ^bb0(%b: f32, %o: f32):
      %s = arith.addf %o, %b : f32
      linalg.yield %s : f32
  }
  return
}

#pixel = affine_map<(h, w, l, c) -> (h, w, c)>
#features = affine_map<(h, w, l, c) -> (c, l)>
#plain = affine_map<(h, w, l, c) -> (h, w, l)>

// Without a window the input counts them, and what is written between margins keeps rows and columns.
// CHECK-LABEL: func.func @between_margins
// CHECK: memref.collapse_shape %arg0 {{\[}}[0, 1], [2]] : memref<7x7x64xf32> into memref<49x64xf32>
// CHECK: arith.divui %{{.+}}, %c7
// CHECK: arith.maximumf
// CHECK: vector.store %{{.+}}, %arg3[%{{.+}}, %{{.+}}, %{{.+}}] : memref<7x7x16xf32, strided<[144, 16, 1]>>
// CHECK: return
func.func @between_margins(%x: memref<7x7x64xf32>, %w: memref<64x16xf32>, %bias: memref<16xf32>, %out: memref<7x7x16xf32, strided<[144, 16, 1]>>) {
  linalg.generic {indexing_maps = [#pixel, #features, #plain], iterator_types = ["parallel", "parallel", "parallel", "reduction"]} ins(%x, %w : memref<7x7x64xf32>, memref<64x16xf32>) outs(%out : memref<7x7x16xf32, strided<[144, 16, 1]>>) {
    ^bb0(%p: f32, %q: f32, %o: f32):
      %t = arith.mulf %p, %q : f32
      %s = arith.addf %o, %t : f32
      linalg.yield %s : f32
  }
  linalg.generic {indexing_maps = [#row, #point], iterator_types = ["parallel", "parallel", "parallel"]} ins(%bias : memref<16xf32>) outs(%out : memref<7x7x16xf32, strided<[144, 16, 1]>>) {
    ^bb0(%b: f32, %o: f32):
      %zero = arith.constant 0.0 : f32
      %s = arith.addf %o, %b : f32
      %r = arith.maximumf %s, %zero : f32
      linalg.yield %r : f32
  }
  return
}
