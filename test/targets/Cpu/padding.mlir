// RUN: lathe-opt --lathe-cpu-partition-tiles %s | FileCheck %s --check-prefix=TILES
// RUN: lathe-opt --lathe-cpu-bufferize-kernel %s | FileCheck %s

#id = affine_map<(n, h, w, c) -> (n, h, w, c)>
#window = affine_map<(n, h, w, c, y, x) -> (n, h + y, w + x, c)>
#taps = affine_map<(n, h, w, c, y, x) -> (y, x, c)>
#sum = affine_map<(n, h, w, c, y, x) -> (n, h, w, c)>

// What computes the input writes it between the margins: one buffer, no copy.
// CHECK-LABEL: func.func @computed_between_margins
// CHECK: %[[PADDED:.+]] = memref.alloc() {{.*}}: memref<1x10x10x32xf32>
// CHECK-NOT: memref.alloc
// CHECK-COUNT-4: linalg.yield %{{in|arg}}
// CHECK: %[[INNER:.+]] = memref.subview %[[PADDED]][0, 1, 1, 0] [1, 8, 8, 32]
// CHECK: linalg.generic {{.*}} ins(%arg0 : {{.*}}) outs(%[[INNER]]
// CHECK: math.exp
// CHECK: linalg.generic {{.*}} ins(%[[PADDED]], %arg1
func.func @computed_between_margins(%x: tensor<1x8x8x32xf32>, %w: tensor<3x3x32xf32>, %out: tensor<1x8x8x32xf32> {lathe.output}) -> tensor<1x8x8x32xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<1x8x8x32xf32>
  %e = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%x : tensor<1x8x8x32xf32>) outs(%empty : tensor<1x8x8x32xf32>) {
    ^bb0(%p: f32, %o: f32):
      %v = math.exp %p : f32
      linalg.yield %v : f32
  } -> tensor<1x8x8x32xf32>
  %pad = tensor.pad %e low[0, 1, 1, 0] high[0, 1, 1, 0] {
    ^bb0(%n: index, %h: index, %j: index, %c: index):
      tensor.yield %zero : f32
  } : tensor<1x8x8x32xf32> to tensor<1x10x10x32xf32>
  %s = linalg.generic {indexing_maps = [#window, #taps, #sum], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction"]} ins(%pad, %w : tensor<1x10x10x32xf32>, tensor<3x3x32xf32>) outs(%out : tensor<1x8x8x32xf32>) {
    ^bb0(%p: f32, %q: f32, %o: f32):
      %t = arith.mulf %p, %q : f32
      %a = arith.addf %o, %t : f32
      linalg.yield %a : f32
  } -> tensor<1x8x8x32xf32>
  return %s : tensor<1x8x8x32xf32>
}

// Rows of a tile may reach beyond the input: margins of the right size, no branch.
// TILES-LABEL: func.func @tiles_of_rows
// TILES: scf.for
// TILES-NOT: scf.if
// TILES: tensor.pad %{{.+}} low[0, %{{.+}}, 1, 0] high[0, %{{.+}}, 1, 0]
// TILES-NOT: scf.if
// TILES: return
//
// An argument has its place: it is copied between the margins.
// CHECK-LABEL: func.func @tiles_of_rows
// CHECK: linalg.generic {{.*}} ins(%arg0 : {{.*}}) outs(%{{.+}} : memref<1x112x112x32xf32, strided
func.func @tiles_of_rows(%x: tensor<1x112x112x32xf32>, %w: tensor<3x3x32xf32>, %out: tensor<1x112x112x32xf32> {lathe.output}) -> tensor<1x112x112x32xf32> {
  %zero = arith.constant 0.0 : f32
  %pad = tensor.pad %x low[0, 1, 1, 0] high[0, 1, 1, 0] {
    ^bb0(%n: index, %h: index, %j: index, %c: index):
      tensor.yield %zero : f32
  } : tensor<1x112x112x32xf32> to tensor<1x114x114x32xf32>
  %s = linalg.generic {indexing_maps = [#window, #taps, #sum], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction"]} ins(%pad, %w : tensor<1x114x114x32xf32>, tensor<3x3x32xf32>) outs(%out : tensor<1x112x112x32xf32>) {
    ^bb0(%p: f32, %q: f32, %o: f32):
      %t = arith.mulf %p, %q : f32
      %a = arith.addf %o, %t : f32
      linalg.yield %a : f32
  } -> tensor<1x112x112x32xf32>
  return %s : tensor<1x112x112x32xf32>
}
