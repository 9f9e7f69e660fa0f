// RUN: lathe-opt %s --lathe-cpu-interleave-rows="cache-bytes=8192" --canonicalize --cse | FileCheck %s
//
// Rows are made shortly before the windows of another nest read them.

#id = affine_map<(n, h, w, c, l) -> (n, h, w, c, l)>
#pixels = affine_map<(n, h, w, c, l, k) -> (n, h, w, k)>
#features = affine_map<(n, h, w, c, l, k) -> (c, k, l)>
#sums = affine_map<(n, h, w, c, l, k) -> (n, h, w, c, l)>
#window = affine_map<(n, h, w, c, l, a, b) -> (n, h + a, w + b, c, l)>
#taps = affine_map<(n, h, w, c, l, a, b) -> (c, a, b, l)>
#found = affine_map<(n, h, w, c, l, a, b) -> (n, h, w, c, l)>

// CHECK-DAG: #[[NEEDED:.+]] = affine_map<(d0, d1) -> (d1, d0 + 3)>
// CHECK-DAG: #[[NEXT:.+]] = affine_map<(d0) -> (28, d0)>
// CHECK-DAG: #[[LEFT:.+]] = affine_map<(d0, d1) -> (d0 - d1)>

// Four rows of 30 pixels and 16 features are 7680 bytes: windows of three rows read them for two rows
// of the result, of which the first is a margin at the beginning.
// CHECK-LABEL: func.func @rows_of_a_chain
// CHECK: %[[PADDED:.+]] = memref.alloc() : memref<1x30x30x2x16xf32>
// CHECK: scf.for %[[PANEL:.+]] = %c0 to %c2 step %c1 {
// CHECK: scf.for %[[ROW:.+]] = %c0 to %c28 step %c2{{.*}} iter_args(%[[DONE:.+]] = %c0)
// CHECK: %[[NEED:.+]] = affine.max #[[NEEDED]](%[[ROW]], %[[DONE]])
// CHECK: %[[END:.+]] = affine.min #[[NEXT]](%[[NEED]])
// CHECK: %[[COUNT:.+]] = affine.apply #[[LEFT]](%[[END]], %[[DONE]])
// CHECK: memref.subview %{{.+}}[0, %[[DONE]], 0, 0] [1, %[[COUNT]], 28, 8]
// CHECK: linalg.generic {{.*}}"reduction"
// CHECK: memref.subview %[[PADDED]][0, %[[ROW]], 0, %[[PANEL]], 0] [1, 4, 30, 1, 16]
// CHECK: linalg.generic {{.*}}"reduction", "reduction"
// CHECK: scf.yield %[[END]]
func.func @rows_of_a_chain(%x: memref<1x28x28x8xf32>, %p: memref<2x8x16xf32>, %d: memref<2x3x3x16xf32>, %out: memref<1x28x28x2x16xf32>) {
  %padded = memref.alloc() : memref<1x30x30x2x16xf32>
  %inner = memref.subview %padded[0, 1, 1, 0, 0] [1, 28, 28, 2, 16] [1, 1, 1, 1, 1] : memref<1x30x30x2x16xf32> to memref<1x28x28x2x16xf32, strided<[28800, 960, 32, 16, 1], offset: 992>>
  linalg.generic {indexing_maps = [#pixels, #features, #sums], iterator_types = ["parallel", "parallel", "parallel", "parallel", "parallel", "reduction"]} ins(%x, %p : memref<1x28x28x8xf32>, memref<2x8x16xf32>) outs(%inner : memref<1x28x28x2x16xf32, strided<[28800, 960, 32, 16, 1], offset: 992>>) {
    ^bb0(%a: f32, %b: f32, %o: f32):
      %m = arith.mulf %a, %b : f32
      %s = arith.addf %o, %m : f32
      linalg.yield %s : f32
  }
  linalg.generic {indexing_maps = [#window, #taps, #found], iterator_types = ["parallel", "parallel", "parallel", "parallel", "parallel", "reduction", "reduction"]} ins(%padded, %d : memref<1x30x30x2x16xf32>, memref<2x3x3x16xf32>) outs(%out : memref<1x28x28x2x16xf32>) {
    ^bb0(%a: f32, %b: f32, %o: f32):
      %m = arith.mulf %a, %b : f32
      %s = arith.addf %o, %m : f32
      linalg.yield %s : f32
  }
  return
}

// What fits the cache whole, in one panel, stays two nests.
// CHECK-LABEL: func.func @small_picture_stays
// CHECK-NOT: scf.for
// CHECK: return
func.func @small_picture_stays(%x: memref<1x4x4x8xf32>, %p: memref<1x8x16xf32>, %d: memref<1x3x3x16xf32>, %out: memref<1x4x4x1x16xf32>) {
  %padded = memref.alloc() : memref<1x6x6x1x16xf32>
  %inner = memref.subview %padded[0, 1, 1, 0, 0] [1, 4, 4, 1, 16] [1, 1, 1, 1, 1] : memref<1x6x6x1x16xf32> to memref<1x4x4x1x16xf32, strided<[576, 96, 16, 16, 1], offset: 112>>
  linalg.generic {indexing_maps = [#pixels, #features, #sums], iterator_types = ["parallel", "parallel", "parallel", "parallel", "parallel", "reduction"]} ins(%x, %p : memref<1x4x4x8xf32>, memref<1x8x16xf32>) outs(%inner : memref<1x4x4x1x16xf32, strided<[576, 96, 16, 16, 1], offset: 112>>) {
    ^bb0(%a: f32, %b: f32, %o: f32):
      %m = arith.mulf %a, %b : f32
      %s = arith.addf %o, %m : f32
      linalg.yield %s : f32
  }
  linalg.generic {indexing_maps = [#window, #taps, #found], iterator_types = ["parallel", "parallel", "parallel", "parallel", "parallel", "reduction", "reduction"]} ins(%padded, %d : memref<1x6x6x1x16xf32>, memref<1x3x3x16xf32>) outs(%out : memref<1x4x4x1x16xf32>) {
    ^bb0(%a: f32, %b: f32, %o: f32):
      %m = arith.mulf %a, %b : f32
      %s = arith.addf %o, %m : f32
      linalg.yield %s : f32
  }
  return
}

// The windows' sums are written where the first nest still reads: taking turns would change it.
// CHECK-LABEL: func.func @result_over_the_input_stays
// CHECK-NOT: scf.for
// CHECK: return
func.func @result_over_the_input_stays(%x: memref<1x28x28x32xf32>, %p: memref<2x32x16xf32>, %d: memref<2x3x3x16xf32>) {
  %out = memref.expand_shape %x [[0], [1], [2], [3, 4]] output_shape [1, 28, 28, 2, 16] : memref<1x28x28x32xf32> into memref<1x28x28x2x16xf32>
  %padded = memref.alloc() : memref<1x30x30x2x16xf32>
  %inner = memref.subview %padded[0, 1, 1, 0, 0] [1, 28, 28, 2, 16] [1, 1, 1, 1, 1] : memref<1x30x30x2x16xf32> to memref<1x28x28x2x16xf32, strided<[28800, 960, 32, 16, 1], offset: 992>>
  linalg.generic {indexing_maps = [#pixels, #features, #sums], iterator_types = ["parallel", "parallel", "parallel", "parallel", "parallel", "reduction"]} ins(%x, %p : memref<1x28x28x32xf32>, memref<2x32x16xf32>) outs(%inner : memref<1x28x28x2x16xf32, strided<[28800, 960, 32, 16, 1], offset: 992>>) {
    ^bb0(%a: f32, %b: f32, %o: f32):
      %m = arith.mulf %a, %b : f32
      %s = arith.addf %o, %m : f32
      linalg.yield %s : f32
  }
  linalg.generic {indexing_maps = [#window, #taps, #found], iterator_types = ["parallel", "parallel", "parallel", "parallel", "parallel", "reduction", "reduction"]} ins(%padded, %d : memref<1x30x30x2x16xf32>, memref<2x3x3x16xf32>) outs(%out : memref<1x28x28x2x16xf32>) {
    ^bb0(%a: f32, %b: f32, %o: f32):
      %m = arith.mulf %a, %b : f32
      %s = arith.addf %o, %m : f32
      linalg.yield %s : f32
  }
  return
}

// A third reader of the rows needs all of them.
// CHECK-LABEL: func.func @other_reader_stays
// CHECK-NOT: scf.for
// CHECK: return
func.func @other_reader_stays(%x: memref<1x28x28x8xf32>, %p: memref<2x8x16xf32>, %d: memref<2x3x3x16xf32>, %out: memref<1x28x28x2x16xf32>, %all: memref<1x28x28x2x16xf32>) {
  %padded = memref.alloc() : memref<1x30x30x2x16xf32>
  %inner = memref.subview %padded[0, 1, 1, 0, 0] [1, 28, 28, 2, 16] [1, 1, 1, 1, 1] : memref<1x30x30x2x16xf32> to memref<1x28x28x2x16xf32, strided<[28800, 960, 32, 16, 1], offset: 992>>
  linalg.generic {indexing_maps = [#pixels, #features, #sums], iterator_types = ["parallel", "parallel", "parallel", "parallel", "parallel", "reduction"]} ins(%x, %p : memref<1x28x28x8xf32>, memref<2x8x16xf32>) outs(%inner : memref<1x28x28x2x16xf32, strided<[28800, 960, 32, 16, 1], offset: 992>>) {
    ^bb0(%a: f32, %b: f32, %o: f32):
      %m = arith.mulf %a, %b : f32
      %s = arith.addf %o, %m : f32
      linalg.yield %s : f32
  }
  linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel", "parallel", "parallel", "parallel"]} ins(%inner : memref<1x28x28x2x16xf32, strided<[28800, 960, 32, 16, 1], offset: 992>>) outs(%all : memref<1x28x28x2x16xf32>) {
    ^bb0(%a: f32, %o: f32):
      linalg.yield %a : f32
  }
  linalg.generic {indexing_maps = [#window, #taps, #found], iterator_types = ["parallel", "parallel", "parallel", "parallel", "parallel", "reduction", "reduction"]} ins(%padded, %d : memref<1x30x30x2x16xf32>, memref<2x3x3x16xf32>) outs(%out : memref<1x28x28x2x16xf32>) {
    ^bb0(%a: f32, %b: f32, %o: f32):
      %m = arith.mulf %a, %b : f32
      %s = arith.addf %o, %m : f32
      linalg.yield %s : f32
  }
  return
}
