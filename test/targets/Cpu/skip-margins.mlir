// RUN: lathe-opt %s --lathe-cpu-skip-margins --canonicalize --cse | FileCheck %s
//
// Windows read in place what was only copied between margins for them.

#id = affine_map<(n, h, w, c, l) -> (n, h, w, c, l)>
#window = affine_map<(n, h, w, c, l, a, b) -> (n, h * 2 + a, w * 2 + b, c, l)>
#taps = affine_map<(n, h, w, c, l, a, b) -> (c, a, b, l)>
#found = affine_map<(n, h, w, c, l, a, b) -> (n, h, w, c, l)>
#none = affine_map<(n, h, w, c, l) -> ()>

// Rows 0 and 6 of seven miss a row of their windows: row 0 sums over places 1 and 2, row 6 over 0 and 1.
// Columns are seen one wider on each side.
// CHECK-DAG: #[[FIRST:.+]] = affine_map<(d0) -> (d0 * -2 + 1, 0)>
// CHECK-DAG: #[[PAST:.+]] = affine_map<(d0) -> (d0 * -2 + 14, 3)>
// CHECK-LABEL: func.func @copy_is_not_made
// CHECK-SAME: (%[[X:.+]]: memref<1x13x13x2x16xf32>
// CHECK-NOT: memref.alloc
// CHECK: scf.for %[[EDGE:.+]] = %c0 to %c2 step %c1 {
// CHECK: %[[FROM:.+]] = affine.max #[[FIRST]]
// CHECK: affine.min #[[PAST]]
// CHECK: memref.subview %{{.+}}[0, %{{.+}}, 0, 0] [2, %[[PLACES:.+]], 3, 16]
// CHECK: memref.subview %[[X]]
// CHECK: memref.reinterpret_cast {{.*}} sizes: [1, %{{.+}}, 15, 2, 16]
// CHECK: linalg.generic {{.*}}lathe.margins = array<i64: 0, 2, 1, 1>
// CHECK: }
// CHECK: memref.subview %[[X]][0, 1, 0, 0, 0] [1, 11, 13, 2, 16]
// CHECK: memref.reinterpret_cast {{.*}} sizes: [1, 11, 15, 2, 16]
// CHECK: linalg.generic {{.*}}lathe.margins = array<i64: 0, 2, 1, 1>
func.func @copy_is_not_made(%x: memref<1x13x13x2x16xf32>, %d: memref<2x3x3x16xf32>, %out: memref<1x7x7x2x16xf32>) {
  %margin = arith.constant 0.0 : f32
  %padded = memref.alloc() : memref<1x15x15x2x16xf32>
  %top = memref.subview %padded[0, 0, 0, 0, 0] [1, 1, 15, 2, 16] [1, 1, 1, 1, 1] : memref<1x15x15x2x16xf32> to memref<1x1x15x2x16xf32, strided<[7200, 480, 32, 16, 1]>>
  linalg.generic {indexing_maps = [#none, #id], iterator_types = ["parallel", "parallel", "parallel", "parallel", "parallel"]} ins(%margin : f32) outs(%top : memref<1x1x15x2x16xf32, strided<[7200, 480, 32, 16, 1]>>) {
    ^bb0(%a: f32, %o: f32):
      linalg.yield %a : f32
  }
  %inner = memref.subview %padded[0, 1, 1, 0, 0] [1, 13, 13, 2, 16] [1, 1, 1, 1, 1] : memref<1x15x15x2x16xf32> to memref<1x13x13x2x16xf32, strided<[7200, 480, 32, 16, 1], offset: 512>>
  linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel", "parallel", "parallel", "parallel"]} ins(%x : memref<1x13x13x2x16xf32>) outs(%inner : memref<1x13x13x2x16xf32, strided<[7200, 480, 32, 16, 1], offset: 512>>) {
    ^bb0(%a: f32, %o: f32):
      linalg.yield %a : f32
  }
  linalg.generic {indexing_maps = [#window, #taps, #found], iterator_types = ["parallel", "parallel", "parallel", "parallel", "parallel", "reduction", "reduction"]} ins(%padded, %d : memref<1x15x15x2x16xf32>, memref<2x3x3x16xf32>) outs(%out : memref<1x7x7x2x16xf32>) {
    ^bb0(%a: f32, %b: f32, %o: f32):
      %m = arith.mulf %a, %b : f32
      %s = arith.addf %o, %m : f32
      linalg.yield %s : f32
  }
  return
}

// Products with a margin of ones count.
// CHECK-LABEL: func.func @margin_of_ones_stays
// CHECK: memref.alloc
// CHECK-NOT: lathe.margins
// CHECK: return
func.func @margin_of_ones_stays(%x: memref<1x13x13x2x16xf32>, %d: memref<2x3x3x16xf32>, %out: memref<1x7x7x2x16xf32>) {
  %margin = arith.constant 1.0 : f32
  %padded = memref.alloc() : memref<1x15x15x2x16xf32>
  %top = memref.subview %padded[0, 0, 0, 0, 0] [1, 1, 15, 2, 16] [1, 1, 1, 1, 1] : memref<1x15x15x2x16xf32> to memref<1x1x15x2x16xf32, strided<[7200, 480, 32, 16, 1]>>
  linalg.generic {indexing_maps = [#none, #id], iterator_types = ["parallel", "parallel", "parallel", "parallel", "parallel"]} ins(%margin : f32) outs(%top : memref<1x1x15x2x16xf32, strided<[7200, 480, 32, 16, 1]>>) {
    ^bb0(%a: f32, %o: f32):
      linalg.yield %a : f32
  }
  %inner = memref.subview %padded[0, 1, 1, 0, 0] [1, 13, 13, 2, 16] [1, 1, 1, 1, 1] : memref<1x15x15x2x16xf32> to memref<1x13x13x2x16xf32, strided<[7200, 480, 32, 16, 1], offset: 512>>
  linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel", "parallel", "parallel", "parallel"]} ins(%x : memref<1x13x13x2x16xf32>) outs(%inner : memref<1x13x13x2x16xf32, strided<[7200, 480, 32, 16, 1], offset: 512>>) {
    ^bb0(%a: f32, %o: f32):
      linalg.yield %a : f32
  }
  linalg.generic {indexing_maps = [#window, #taps, #found], iterator_types = ["parallel", "parallel", "parallel", "parallel", "parallel", "reduction", "reduction"]} ins(%padded, %d : memref<1x15x15x2x16xf32>, memref<2x3x3x16xf32>) outs(%out : memref<1x7x7x2x16xf32>) {
    ^bb0(%a: f32, %b: f32, %o: f32):
      %m = arith.mulf %a, %b : f32
      %s = arith.addf %o, %m : f32
      linalg.yield %s : f32
  }
  return
}

// What is computed on the way is not in memory yet.
// CHECK-LABEL: func.func @computed_rows_stay
// CHECK: memref.alloc
// CHECK-NOT: lathe.margins
// CHECK: return
func.func @computed_rows_stay(%x: memref<1x13x13x2x16xf32>, %d: memref<2x3x3x16xf32>, %out: memref<1x7x7x2x16xf32>) {
  %margin = arith.constant 0.0 : f32
  %padded = memref.alloc() : memref<1x15x15x2x16xf32>
  %top = memref.subview %padded[0, 0, 0, 0, 0] [1, 1, 15, 2, 16] [1, 1, 1, 1, 1] : memref<1x15x15x2x16xf32> to memref<1x1x15x2x16xf32, strided<[7200, 480, 32, 16, 1]>>
  linalg.generic {indexing_maps = [#none, #id], iterator_types = ["parallel", "parallel", "parallel", "parallel", "parallel"]} ins(%margin : f32) outs(%top : memref<1x1x15x2x16xf32, strided<[7200, 480, 32, 16, 1]>>) {
    ^bb0(%a: f32, %o: f32):
      linalg.yield %a : f32
  }
  %inner = memref.subview %padded[0, 1, 1, 0, 0] [1, 13, 13, 2, 16] [1, 1, 1, 1, 1] : memref<1x15x15x2x16xf32> to memref<1x13x13x2x16xf32, strided<[7200, 480, 32, 16, 1], offset: 512>>
  linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel", "parallel", "parallel", "parallel"]} ins(%x : memref<1x13x13x2x16xf32>) outs(%inner : memref<1x13x13x2x16xf32, strided<[7200, 480, 32, 16, 1], offset: 512>>) {
    ^bb0(%a: f32, %o: f32):
      %n = arith.negf %a : f32
      linalg.yield %n : f32
  }
  linalg.generic {indexing_maps = [#window, #taps, #found], iterator_types = ["parallel", "parallel", "parallel", "parallel", "parallel", "reduction", "reduction"]} ins(%padded, %d : memref<1x15x15x2x16xf32>, memref<2x3x3x16xf32>) outs(%out : memref<1x7x7x2x16xf32>) {
    ^bb0(%a: f32, %b: f32, %o: f32):
      %m = arith.mulf %a, %b : f32
      %s = arith.addf %o, %m : f32
      linalg.yield %s : f32
  }
  return
}

// Zeros may be the largest.
// CHECK-LABEL: func.func @maximum_stays
// CHECK: memref.alloc
// CHECK-NOT: lathe.margins
// CHECK: return
func.func @maximum_stays(%x: memref<1x13x13x2x16xf32>, %d: memref<2x3x3x16xf32>, %out: memref<1x7x7x2x16xf32>) {
  %margin = arith.constant 0.0 : f32
  %padded = memref.alloc() : memref<1x15x15x2x16xf32>
  %top = memref.subview %padded[0, 0, 0, 0, 0] [1, 1, 15, 2, 16] [1, 1, 1, 1, 1] : memref<1x15x15x2x16xf32> to memref<1x1x15x2x16xf32, strided<[7200, 480, 32, 16, 1]>>
  linalg.generic {indexing_maps = [#none, #id], iterator_types = ["parallel", "parallel", "parallel", "parallel", "parallel"]} ins(%margin : f32) outs(%top : memref<1x1x15x2x16xf32, strided<[7200, 480, 32, 16, 1]>>) {
    ^bb0(%a: f32, %o: f32):
      linalg.yield %a : f32
  }
  %inner = memref.subview %padded[0, 1, 1, 0, 0] [1, 13, 13, 2, 16] [1, 1, 1, 1, 1] : memref<1x15x15x2x16xf32> to memref<1x13x13x2x16xf32, strided<[7200, 480, 32, 16, 1], offset: 512>>
  linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel", "parallel", "parallel", "parallel"]} ins(%x : memref<1x13x13x2x16xf32>) outs(%inner : memref<1x13x13x2x16xf32, strided<[7200, 480, 32, 16, 1], offset: 512>>) {
    ^bb0(%a: f32, %o: f32):
      linalg.yield %a : f32
  }
  linalg.generic {indexing_maps = [#window, #taps, #found], iterator_types = ["parallel", "parallel", "parallel", "parallel", "parallel", "reduction", "reduction"]} ins(%padded, %d : memref<1x15x15x2x16xf32>, memref<2x3x3x16xf32>) outs(%out : memref<1x7x7x2x16xf32>) {
    ^bb0(%a: f32, %b: f32, %o: f32):
      %m = arith.mulf %a, %b : f32
      %s = arith.maximumf %o, %m : f32
      linalg.yield %s : f32
  }
  return
}
