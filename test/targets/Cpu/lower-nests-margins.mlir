// RUN: lathe-opt --lathe-cpu-lower-nests="vector-bits=256 registers=16 masks=true" --cse %s | FileCheck %s
// RUN: lathe-opt --lathe-cpu-lower-nests="vector-bits=0" --cse %s | FileCheck %s --check-prefix=SCALAR

#window = affine_map<(h, w, c, y, x) -> (h + y, w + x, c)>
#taps = affine_map<(h, w, c, y, x) -> (y, x, c)>
#sum = affine_map<(h, w, c, y, x) -> (h, w, c)>

// Three blocks of eight columns. The first and the last leave one product of each row of the window out; the
// one between reads from the column to the left of it on, the eighth in memory.
// CHECK-LABEL: func.func @blocks_at_margins
// CHECK-SAME: (%[[X:.+]]: memref<18x26x8xf32>
// CHECK-NOT: scf.if
// CHECK-NOT: memref.prefetch
// CHECK-NOT: scf.for {{.*}}iter_args
// CHECK-COUNT-69: arith.mulf
// CHECK-NOT: arith.mulf
// CHECK-COUNT-8: vector.store
// CHECK: vector.load %[[X]][%{{.+}}, %c7, %c0]
// CHECK-COUNT-72: arith.mulf
// CHECK-NOT: arith.mulf
// CHECK-COUNT-8: vector.store
// CHECK-COUNT-69: arith.mulf
// CHECK-NOT: arith.mulf
// CHECK-COUNT-8: vector.store
// SCALAR-LABEL: func.func @blocks_at_margins
// SCALAR: %[[INSIDE:.+]] = arith.cmpi ult, %{{.+}}, %c24
// SCALAR: scf.if %[[INSIDE]] -> (f32) {
// SCALAR: memref.load
// SCALAR: } else {
// SCALAR: scf.yield %cst
func.func @blocks_at_margins(%x: memref<18x26x8xf32>, %w: memref<3x3x8xf32>, %out: memref<16x24x8xf32>) {
  linalg.generic {indexing_maps = [#window, #taps, #sum], iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction"]} ins(%x, %w : memref<18x26x8xf32>, memref<3x3x8xf32>) outs(%out : memref<16x24x8xf32>) attrs = {lathe.margins = array<i64: 0, 1, 1, 1>} {
    ^bb0(%p: f32, %q: f32, %o: f32):
      %t = arith.mulf %p, %q : f32
      %s = arith.addf %o, %t : f32
      linalg.yield %s : f32
  }
  return
}

// The same without margins: one loop over all blocks.
// CHECK-LABEL: func.func @all_exists
// CHECK-SAME: (%[[X:.+]]: memref<18x26x8xf32>
// CHECK: scf.for {{.*}} step %c8
// CHECK-COUNT-72: arith.mulf
// CHECK-NOT: arith.mulf
// SCALAR-LABEL: func.func @all_exists
// SCALAR-NOT: scf.if
// SCALAR: return
func.func @all_exists(%x: memref<18x26x8xf32>, %w: memref<3x3x8xf32>, %out: memref<16x24x8xf32>) {
  linalg.generic {indexing_maps = [#window, #taps, #sum], iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction"]} ins(%x, %w : memref<18x26x8xf32>, memref<3x3x8xf32>) outs(%out : memref<16x24x8xf32>) {
    ^bb0(%p: f32, %q: f32, %o: f32):
      %t = arith.mulf %p, %q : f32
      %s = arith.addf %o, %t : f32
      linalg.yield %s : f32
  }
  return
}

// A map of a quarter of a megabyte: while a block of eight columns is summed, those of the next row are
// fetched, one column of 16 features a line, once for its two vectors.
// CHECK-LABEL: func.func @next_row_is_fetched
// CHECK-SAME: (%[[X:.+]]: memref<66x66x16xf32>
// CHECK-COUNT-8: memref.prefetch %[[X]]{{.*}}read, locality<3>, data
// CHECK-NOT: memref.prefetch
// CHECK: scf.for {{.*}} step %c8
// CHECK: vector.store
func.func @next_row_is_fetched(%x: memref<66x66x16xf32>, %w: memref<3x3x16xf32>, %out: memref<64x64x16xf32>) {
  linalg.generic {indexing_maps = [#window, #taps, #sum], iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction"]} ins(%x, %w : memref<66x66x16xf32>, memref<3x3x16xf32>) outs(%out : memref<64x64x16xf32>) attrs = {lathe.margins = array<i64: 0, 1, 1, 1>} {
    ^bb0(%p: f32, %q: f32, %o: f32):
      %t = arith.mulf %p, %q : f32
      %s = arith.addf %o, %t : f32
      linalg.yield %s : f32
  }
  return
}

// Pixels of 4096 bytes fall on the same few lines of the first cache: what is fetched would displace what
// is read next.
// CHECK-LABEL: func.func @pixels_on_the_same_lines
// CHECK-NOT: memref.prefetch
// CHECK: return
func.func @pixels_on_the_same_lines(%x: memref<66x66x16xf32, strided<[67584, 1024, 1]>>, %w: memref<3x3x16xf32>, %out: memref<64x64x16xf32>) {
  linalg.generic {indexing_maps = [#window, #taps, #sum], iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction"]} ins(%x, %w : memref<66x66x16xf32, strided<[67584, 1024, 1]>>, memref<3x3x16xf32>) outs(%out : memref<64x64x16xf32>) attrs = {lathe.margins = array<i64: 0, 1, 1, 1>} {
    ^bb0(%p: f32, %q: f32, %o: f32):
      %t = arith.mulf %p, %q : f32
      %s = arith.addf %o, %t : f32
      linalg.yield %s : f32
  }
  return
}
