// RUN: lathe-opt --lathe-cpu-lower-nests %s | FileCheck %s

// A window at a single place reads three of four elements of a row. The rows
// must not be joined as if they lay behind each other: the fourth would be read
// as the next row's first, and the last rows would be read beyond their end.

// CHECK-LABEL: @single_window_is_cut
// CHECK: memref.subview %{{.+}}[0, 0] [64, 3] [1, 1] : memref<64x4xf32> to memref<64x3xf32, strided<[4, 1]>>
// CHECK-NOT: memref<256xf32>
func.func @single_window_is_cut(%x: memref<64x4xf32>, %w: memref<64x3xf32>, %y: memref<1xf32>) {
  linalg.generic {indexing_maps = [affine_map<(o, c, k) -> (c, o * 2 + k)>, affine_map<(o, c, k) -> (c, k)>,
                                   affine_map<(o, c, k) -> (o)>],
                  iterator_types = ["parallel", "reduction", "reduction"]}
      ins(%x, %w : memref<64x4xf32>, memref<64x3xf32>) outs(%y : memref<1xf32>) {
  ^bb0(%a: f32, %b: f32, %sum: f32):
    %0 = arith.mulf %a, %b : f32
    %1 = arith.addf %sum, %0 : f32
    linalg.yield %1 : f32
  }
  return
}

// A row that the window covers whole stays joined with its neighbours.
// CHECK-LABEL: @whole_row_stays_joined
// CHECK-NOT: memref.subview
// CHECK: memref.collapse_shape %{{.+}} {{\[}}[0, 1]] : memref<64x3xf32> into memref<192xf32>
func.func @whole_row_stays_joined(%x: memref<64x3xf32>, %w: memref<64x3xf32>, %y: memref<1xf32>) {
  linalg.generic {indexing_maps = [affine_map<(o, c, k) -> (c, o * 2 + k)>, affine_map<(o, c, k) -> (c, k)>,
                                   affine_map<(o, c, k) -> (o)>],
                  iterator_types = ["parallel", "reduction", "reduction"]}
      ins(%x, %w : memref<64x3xf32>, memref<64x3xf32>) outs(%y : memref<1xf32>) {
  ^bb0(%a: f32, %b: f32, %sum: f32):
    %0 = arith.mulf %a, %b : f32
    %1 = arith.addf %sum, %0 : f32
    linalg.yield %1 : f32
  }
  return
}

// Rows that only run time counts: the window's term goes all the same, and the pixels of all rows
// are one loop.
// CHECK-LABEL: @rows_of_a_tile
// CHECK: memref.collapse_shape %{{.+}} {{\[}}[0, 1], [2]] : memref<?x7x64xf32
// CHECK: memref.collapse_shape %{{.+}} {{\[}}[0, 1], [2]] : memref<?x7x16xf32
func.func @rows_of_a_tile(%x: memref<?x7x64xf32>, %w: memref<1x64x16xf32>, %y: memref<?x7x16xf32>) {
  linalg.generic {indexing_maps = [affine_map<(h, w, f, u, k) -> (h + u, w, k)>, affine_map<(h, w, f, u, k) -> (u, k, f)>,
                                   affine_map<(h, w, f, u, k) -> (h, w, f)>],
                  iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction"]}
      ins(%x, %w : memref<?x7x64xf32>, memref<1x64x16xf32>) outs(%y : memref<?x7x16xf32>) {
  ^bb0(%a: f32, %b: f32, %sum: f32):
    %0 = arith.mulf %a, %b : f32
    %1 = arith.addf %sum, %0 : f32
    linalg.yield %1 : f32
  }
  return
}

// The columns that only run time counts may be fewer than a row has: rows stay apart.
// CHECK-LABEL: @columns_of_a_tile
// CHECK: memref.subview %{{.+}}[0, 0, 0] [7, %{{.+}}, 64] [1, 1, 1]
// CHECK-NOT: memref.collapse_shape %{{.+}} {{\[}}[0, 1], [2]]
// CHECK: return
func.func @columns_of_a_tile(%x: memref<7x?x64xf32>, %w: memref<1x64x16xf32>, %y: memref<7x?x16xf32>) {
  linalg.generic {indexing_maps = [affine_map<(h, w, f, u, k) -> (h, w + u, k)>, affine_map<(h, w, f, u, k) -> (u, k, f)>,
                                   affine_map<(h, w, f, u, k) -> (h, w, f)>],
                  iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction"]}
      ins(%x, %w : memref<7x?x64xf32>, memref<1x64x16xf32>) outs(%y : memref<7x?x16xf32>) {
  ^bb0(%a: f32, %b: f32, %sum: f32):
    %0 = arith.mulf %a, %b : f32
    %1 = arith.addf %sum, %0 : f32
    linalg.yield %1 : f32
  }
  return
}
