// RUN: lathe-opt --lathe-cpu-partition-tiles %s | FileCheck %s

// A pointwise convolution feeds a depthwise one: what a tile of features needs
// of the first depends on no other features, so nothing is computed twice.

#id = affine_map<(n, h, w, c, l) -> (n, h, w, c, l)>
#pixels = affine_map<(n, h, w, c, l, k) -> (n, h, w, k)>
#features = affine_map<(n, h, w, c, l, k) -> (c, 0, 0, k, l)>
#sums = affine_map<(n, h, w, c, l, k) -> (n, h, w, c, l)>
#window = affine_map<(n, h, w, c, l, a, b) -> (n, h + a, w + b, c, l)>
#taps = affine_map<(n, h, w, c, l, a, b) -> (c, a, b, 0, l)>
#found = affine_map<(n, h, w, c, l, a, b) -> (n, h, w, c, l)>

// CHECK-DAG: #[[SIX:.+]] = affine_map<() -> (6)>
// CHECK-DAG: #[[ROWS:.+]] = affine_map<() -> (4)>
// CHECK-DAG: #[[PANELS:.+]] = affine_map<() -> (3)>

// All rows of both convolutions fit the private cache.
// CHECK-LABEL: func.func @tiles_are_panels
// CHECK-SAME: lathe.tile_count = {{\[\[}}#[[SIX]]]]
// CHECK: scf.for
// CHECK: linalg.generic {{.*}}"reduction"
// CHECK: tensor.pad %{{.+}} low[0, 1, 1, 0, 0] high[0, 1, 1, 0, 0]
// CHECK: tensor<1x28x28x1x16xf32> to tensor<1x30x30x1x16xf32>
// CHECK: linalg.generic {{.*}}"reduction"
// CHECK: tensor.insert_slice %{{.+}} into %{{.+}}[0, 0, 0, %{{.+}}, 0] [1, 28, 28, 1, 16]
func.func @tiles_are_panels(%x: tensor<1x28x28x16xf32>, %p: tensor<6x1x1x16x16xf32>, %d: tensor<6x3x3x1x16xf32>, %out: tensor<1x28x28x6x16xf32> {lathe.output}) -> tensor<1x28x28x6x16xf32> {
  %zero = arith.constant 0.0 : f32
  %e0 = tensor.empty() : tensor<1x28x28x6x16xf32>
  %f0 = linalg.fill ins(%zero : f32) outs(%e0 : tensor<1x28x28x6x16xf32>) -> tensor<1x28x28x6x16xf32>
  %0 = linalg.generic {indexing_maps = [#pixels, #features, #sums], iterator_types = ["parallel", "parallel", "parallel", "parallel", "parallel", "reduction"]} ins(%x, %p : tensor<1x28x28x16xf32>, tensor<6x1x1x16x16xf32>) outs(%f0 : tensor<1x28x28x6x16xf32>) {
    ^bb0(%a: f32, %b: f32, %o: f32):
      %m = arith.mulf %a, %b : f32
      %s = arith.addf %o, %m : f32
      linalg.yield %s : f32
  } -> tensor<1x28x28x6x16xf32>
  %padded = tensor.pad %0 low[0, 1, 1, 0, 0] high[0, 1, 1, 0, 0] {
    ^bb0(%i: index, %j: index, %k: index, %l: index, %m: index):
      tensor.yield %zero : f32
  } : tensor<1x28x28x6x16xf32> to tensor<1x30x30x6x16xf32>
  %e1 = tensor.empty() : tensor<1x28x28x6x16xf32>
  %f1 = linalg.fill ins(%zero : f32) outs(%e1 : tensor<1x28x28x6x16xf32>) -> tensor<1x28x28x6x16xf32>
  %1 = linalg.generic {indexing_maps = [#window, #taps, #found], iterator_types = ["parallel", "parallel", "parallel", "parallel", "parallel", "reduction", "reduction"]} ins(%padded, %d : tensor<1x30x30x6x16xf32>, tensor<6x3x3x1x16xf32>) outs(%f1 : tensor<1x28x28x6x16xf32>) {
    ^bb0(%a: f32, %b: f32, %o: f32):
      %m = arith.mulf %a, %b : f32
      %s = arith.addf %o, %m : f32
      linalg.yield %s : f32
  } -> tensor<1x28x28x6x16xf32>
  %2 = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel", "parallel", "parallel", "parallel"]} ins(%1 : tensor<1x28x28x6x16xf32>) outs(%out : tensor<1x28x28x6x16xf32>) {
    ^bb0(%a: f32, %o: f32):
      %m = arith.maximumf %a, %zero : f32
      linalg.yield %m : f32
  } -> tensor<1x28x28x6x16xf32>
  return %2 : tensor<1x28x28x6x16xf32>
}

// Rows of 112 pixels outgrow it, and three panels are few tiles: those of rows overlap by the window.
// CHECK-LABEL: func.func @rows_of_a_large_picture_are_split
// CHECK-SAME: lathe.tile_count = {{\[\[}}#[[ROWS]], #[[PANELS]]]]
// CHECK: scf.for
// CHECK: tensor.insert_slice %{{.+}} into %{{.+}}[0, %{{.+}}, 0, %{{.+}}, 0] [1, 28, 112, 1, 16]
func.func @rows_of_a_large_picture_are_split(%x: tensor<1x112x112x16xf32>, %p: tensor<3x1x1x16x16xf32>, %d: tensor<3x3x3x1x16xf32>, %out: tensor<1x112x112x3x16xf32> {lathe.output}) -> tensor<1x112x112x3x16xf32> {
  %zero = arith.constant 0.0 : f32
  %e0 = tensor.empty() : tensor<1x112x112x3x16xf32>
  %f0 = linalg.fill ins(%zero : f32) outs(%e0 : tensor<1x112x112x3x16xf32>) -> tensor<1x112x112x3x16xf32>
  %0 = linalg.generic {indexing_maps = [#pixels, #features, #sums], iterator_types = ["parallel", "parallel", "parallel", "parallel", "parallel", "reduction"]} ins(%x, %p : tensor<1x112x112x16xf32>, tensor<3x1x1x16x16xf32>) outs(%f0 : tensor<1x112x112x3x16xf32>) {
    ^bb0(%a: f32, %b: f32, %o: f32):
      %m = arith.mulf %a, %b : f32
      %s = arith.addf %o, %m : f32
      linalg.yield %s : f32
  } -> tensor<1x112x112x3x16xf32>
  %padded = tensor.pad %0 low[0, 1, 1, 0, 0] high[0, 1, 1, 0, 0] {
    ^bb0(%i: index, %j: index, %k: index, %l: index, %m: index):
      tensor.yield %zero : f32
  } : tensor<1x112x112x3x16xf32> to tensor<1x114x114x3x16xf32>
  %e1 = tensor.empty() : tensor<1x112x112x3x16xf32>
  %f1 = linalg.fill ins(%zero : f32) outs(%e1 : tensor<1x112x112x3x16xf32>) -> tensor<1x112x112x3x16xf32>
  %1 = linalg.generic {indexing_maps = [#window, #taps, #found], iterator_types = ["parallel", "parallel", "parallel", "parallel", "parallel", "reduction", "reduction"]} ins(%padded, %d : tensor<1x114x114x3x16xf32>, tensor<3x3x3x1x16xf32>) outs(%f1 : tensor<1x112x112x3x16xf32>) {
    ^bb0(%a: f32, %b: f32, %o: f32):
      %m = arith.mulf %a, %b : f32
      %s = arith.addf %o, %m : f32
      linalg.yield %s : f32
  } -> tensor<1x112x112x3x16xf32>
  %2 = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel", "parallel", "parallel", "parallel"]} ins(%1 : tensor<1x112x112x3x16xf32>) outs(%out : tensor<1x112x112x3x16xf32>) {
    ^bb0(%a: f32, %o: f32):
      %m = arith.maximumf %a, %zero : f32
      linalg.yield %m : f32
  } -> tensor<1x112x112x3x16xf32>
  return %2 : tensor<1x112x112x3x16xf32>
}

// Nine panels are tiles enough: rows stay whole, however many.
// CHECK-LABEL: func.func @many_panels_keep_their_rows
// CHECK-SAME: lathe.tile_sizes = array<i64: 0, 0, 0, 1, 0>
func.func @many_panels_keep_their_rows(%x: tensor<1x112x112x16xf32>, %p: tensor<9x1x1x16x16xf32>, %d: tensor<9x3x3x1x16xf32>, %out: tensor<1x112x112x9x16xf32> {lathe.output}) -> tensor<1x112x112x9x16xf32> {
  %zero = arith.constant 0.0 : f32
  %e0 = tensor.empty() : tensor<1x112x112x9x16xf32>
  %f0 = linalg.fill ins(%zero : f32) outs(%e0 : tensor<1x112x112x9x16xf32>) -> tensor<1x112x112x9x16xf32>
  %0 = linalg.generic {indexing_maps = [#pixels, #features, #sums], iterator_types = ["parallel", "parallel", "parallel", "parallel", "parallel", "reduction"]} ins(%x, %p : tensor<1x112x112x16xf32>, tensor<9x1x1x16x16xf32>) outs(%f0 : tensor<1x112x112x9x16xf32>) {
    ^bb0(%a: f32, %b: f32, %o: f32):
      %m = arith.mulf %a, %b : f32
      %s = arith.addf %o, %m : f32
      linalg.yield %s : f32
  } -> tensor<1x112x112x9x16xf32>
  %padded = tensor.pad %0 low[0, 1, 1, 0, 0] high[0, 1, 1, 0, 0] {
    ^bb0(%i: index, %j: index, %k: index, %l: index, %m: index):
      tensor.yield %zero : f32
  } : tensor<1x112x112x9x16xf32> to tensor<1x114x114x9x16xf32>
  %1 = linalg.generic {indexing_maps = [#window, #taps, #found], iterator_types = ["parallel", "parallel", "parallel", "parallel", "parallel", "reduction", "reduction"]} ins(%padded, %d : tensor<1x114x114x9x16xf32>, tensor<9x3x3x1x16xf32>) outs(%f0 : tensor<1x112x112x9x16xf32>) {
    ^bb0(%a: f32, %b: f32, %o: f32):
      %m = arith.mulf %a, %b : f32
      %s = arith.addf %o, %m : f32
      linalg.yield %s : f32
  } -> tensor<1x112x112x9x16xf32>
  %2 = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel", "parallel", "parallel", "parallel"]} ins(%1 : tensor<1x112x112x9x16xf32>) outs(%out : tensor<1x112x112x9x16xf32>) {
    ^bb0(%a: f32, %o: f32):
      %m = arith.maximumf %a, %zero : f32
      linalg.yield %m : f32
  } -> tensor<1x112x112x9x16xf32>
  return %2 : tensor<1x112x112x9x16xf32>
}
