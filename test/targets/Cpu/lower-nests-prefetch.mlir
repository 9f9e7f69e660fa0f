// RUN: lathe-opt --lathe-cpu-lower-nests="vector-bits=256 registers=16 masks=true" --cse %s | FileCheck %s

#rows = affine_map<(m, n, l, k) -> (m, k)>
#panels = affine_map<(m, n, l, k) -> (n, k, l)>
#sums = affine_map<(m, n, l, k) -> (m, n, l)>

// While the rows of one panel pass, the next one is fetched: each block of a sum fetches the share of
// its rows and points, 6 * 256 of 128 * 768 in a panel of 768 lines.
// CHECK-LABEL: func.func @next_panel_is_fetched
func.func @next_panel_is_fetched(%x: memref<128x768xf32>, %w: memref<48x768x16xf32>, %out: memref<128x48x16xf32>) {
  // CHECK: scf.for %[[PANEL:.+]] = %c0{{.*}} to %c48
  // CHECK: scf.for %[[ROW:.+]] = %c0{{.*}} to %c108
  // CHECK: scf.for %[[POINT:.+]] = %c0{{.*}} to %c768
  // CHECK-DAG: %[[ROWS:.+]] = arith.muli %[[ROW]], %c768
  // CHECK-DAG: %[[POINTS:.+]] = arith.muli %[[POINT]], %c6
  // CHECK: %[[SUM:.+]] = arith.addi %[[ROWS]], %[[POINTS]]
  // CHECK: %[[PLACE:.+]] = arith.divui %[[SUM]], %c128
  // CHECK: %[[NEXT:.+]] = arith.addi %[[PANEL]], %c1
  // CHECK: memref.prefetch %arg1[%[[NEXT]], %{{.+}}, %c0{{.*}}], read, locality<2>, data
  // CHECK-COUNT-12: memref.prefetch
  // CHECK-NOT: memref.prefetch
  // CHECK: scf.for
  linalg.generic {indexing_maps = [#rows, #panels, #sums], iterator_types = ["parallel", "parallel", "parallel", "reduction"]} ins(%x, %w : memref<128x768xf32>, memref<48x768x16xf32>) outs(%out : memref<128x48x16xf32>) {
    ^bb0(%a: f32, %b: f32, %s: f32):
      %p = arith.mulf %a, %b : f32
      %v = arith.addf %s, %p : f32
      linalg.yield %v : f32
  }
  return
}

// The weight of a layer from 192 to 192 features, 147 kilobytes, has left a private cache since the last call.
// CHECK-LABEL: func.func @weights_of_one_layer_are_fetched
// CHECK: memref.prefetch
func.func @weights_of_one_layer_are_fetched(%x: memref<197x192xf32>, %w: memref<12x192x16xf32>, %out: memref<197x12x16xf32>) {
  linalg.generic {indexing_maps = [#rows, #panels, #sums], iterator_types = ["parallel", "parallel", "parallel", "reduction"]} ins(%x, %w : memref<197x192xf32>, memref<12x192x16xf32>) outs(%out : memref<197x12x16xf32>) {
    ^bb0(%a: f32, %b: f32, %s: f32):
      %p = arith.mulf %a, %b : f32
      %v = arith.addf %s, %p : f32
      linalg.yield %v : f32
  }
  return
}

// Less than 128 kilobytes of weights stay in the cache.
// CHECK-LABEL: func.func @small_weights_are_not_fetched
// CHECK-NOT: memref.prefetch
func.func @small_weights_are_not_fetched(%x: memref<128x32xf32>, %w: memref<48x32x16xf32>, %out: memref<128x48x16xf32>) {
  linalg.generic {indexing_maps = [#rows, #panels, #sums], iterator_types = ["parallel", "parallel", "parallel", "reduction"]} ins(%x, %w : memref<128x32xf32>, memref<48x32x16xf32>) outs(%out : memref<128x48x16xf32>) {
    ^bb0(%a: f32, %b: f32, %s: f32):
      %p = arith.mulf %a, %b : f32
      %v = arith.addf %s, %p : f32
      linalg.yield %v : f32
  }
  return
}

// Two rows are over before a panel is there.
// CHECK-LABEL: func.func @few_rows_do_not_fetch
// CHECK-NOT: memref.prefetch
func.func @few_rows_do_not_fetch(%x: memref<2x768xf32>, %w: memref<48x768x16xf32>, %out: memref<2x48x16xf32>) {
  linalg.generic {indexing_maps = [#rows, #panels, #sums], iterator_types = ["parallel", "parallel", "parallel", "reduction"]} ins(%x, %w : memref<2x768xf32>, memref<48x768x16xf32>) outs(%out : memref<2x48x16xf32>) {
    ^bb0(%a: f32, %b: f32, %s: f32):
      %p = arith.mulf %a, %b : f32
      %v = arith.addf %s, %p : f32
      linalg.yield %v : f32
  }
  return
}

// Each panel is read again for the second image: it is near by then.
// CHECK-LABEL: func.func @panels_of_images_are_not_fetched
// CHECK-NOT: memref.prefetch
func.func @panels_of_images_are_not_fetched(%x: memref<2x128x768xf32, strided<[200000, 768, 1]>>, %w: memref<48x768x16xf32>, %out: memref<2x128x48x16xf32, strided<[200000, 768, 16, 1]>>) {
  linalg.generic {indexing_maps = [affine_map<(b, m, n, l, k) -> (b, m, k)>, affine_map<(b, m, n, l, k) -> (n, k, l)>, affine_map<(b, m, n, l, k) -> (b, m, n, l)>], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction"]} ins(%x, %w : memref<2x128x768xf32, strided<[200000, 768, 1]>>, memref<48x768x16xf32>) outs(%out : memref<2x128x48x16xf32, strided<[200000, 768, 16, 1]>>) {
    ^bb0(%a: f32, %b: f32, %s: f32):
      %p = arith.mulf %a, %b : f32
      %v = arith.addf %s, %p : f32
      linalg.yield %v : f32
  }
  return
}

// A 1x1 convolution: the loops over its window have one round.
// CHECK-LABEL: func.func @window_of_one_place
func.func @window_of_one_place(%x: memref<49x768xf32>, %w: memref<20x1x1x768x16xf32>, %out: memref<49x20x16xf32>) {
  // CHECK: memref.prefetch %{{.+}}[%{{.+}}, %c0{{.*}}, %{{.+}}, %c0{{.*}}], read, locality<2>, data
  linalg.generic {indexing_maps = [affine_map<(m, n, l, y, x, k) -> (m, k)>, affine_map<(m, n, l, y, x, k) -> (n, y, x, k, l)>, affine_map<(m, n, l, y, x, k) -> (m, n, l)>], iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]} ins(%x, %w : memref<49x768xf32>, memref<20x1x1x768x16xf32>) outs(%out : memref<49x20x16xf32>) {
    ^bb0(%a: f32, %b: f32, %s: f32):
      %p = arith.mulf %a, %b : f32
      %v = arith.addf %s, %p : f32
      linalg.yield %v : f32
  }
  return
}

// A window of two places.
// CHECK-LABEL: func.func @window_of_two_places
// CHECK-NOT: memref.prefetch
func.func @window_of_two_places(%x: memref<50x768xf32>, %w: memref<20x2x768x16xf32>, %out: memref<49x20x16xf32>) {
  linalg.generic {indexing_maps = [affine_map<(m, n, l, y, k) -> (m + y, k)>, affine_map<(m, n, l, y, k) -> (n, y, k, l)>, affine_map<(m, n, l, y, k) -> (m, n, l)>], iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction"]} ins(%x, %w : memref<50x768xf32>, memref<20x2x768x16xf32>) outs(%out : memref<49x20x16xf32>) {
    ^bb0(%a: f32, %b: f32, %s: f32):
      %p = arith.mulf %a, %b : f32
      %v = arith.addf %s, %p : f32
      linalg.yield %v : f32
  }
  return
}
