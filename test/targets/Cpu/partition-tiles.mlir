// RUN: lathe-opt --lathe-cpu-partition-tiles %s | FileCheck %s

#id = affine_map<(i, j) -> (i, j)>

// CHECK-DAG: #[[WORK:.+]] = affine_map<(d0) -> ({{[1-9][0-9]+}})>
// CHECK-DAG: #[[ROWS:.+]] = affine_map<(d0) -> (d0)>
// CHECK-DAG: #[[COUNT:.+]] = affine_map<(d0) -> (d0 ceildiv {{[0-9]+}})>
// CHECK-DAG: #[[ONE:.+]] = affine_map<() -> (1)>

// CHECK-LABEL: func.func @rows_are_tiles
// CHECK-SAME: %[[OUT:[a-z0-9]+]]: tensor<?x1024xf32> {lathe.dim_args = array<i64: 2, -1>, lathe.output}
// CHECK-SAME: %[[BEGIN:[a-z0-9]+]]: index {lathe.tile_begin}, %[[END:[a-z0-9]+]]: index {lathe.tile_end}
// CHECK-SAME: lathe.cost_ps = {{\[\[}}#[[WORK]], #[[ROWS]]]]
// CHECK-SAME: lathe.tile_count = {{\[\[}}#[[COUNT]]]]
func.func @rows_are_tiles(%x: tensor<?x1024xf32> {lathe.dim_args = array<i64: 2, -1>}, %out: tensor<?x1024xf32> {lathe.output, lathe.dim_args = array<i64: 2, -1>}, %n: index {lathe.size_max = 4096 : i64}) -> tensor<?x1024xf32> {
  // CHECK: scf.for %{{.+}} = %[[BEGIN]] to %[[END]] step %{{.+}} iter_args(%{{.+}} = %[[OUT]])
  %r = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]} ins(%x : tensor<?x1024xf32>) outs(%out : tensor<?x1024xf32>) {
    ^bb0(%p: f32, %o: f32):
      %v = math.exp %p : f32
      linalg.yield %v : f32
  } -> tensor<?x1024xf32>
  return %r : tensor<?x1024xf32>
}

// A destination that is read across tiles cannot be written in any order.
// CHECK-LABEL: func.func @transpose_in_place_stays
// CHECK-SAME: lathe.one_tile_reason = "a destination is read where another tile writes"
// CHECK-SAME: lathe.tile_count = {{\[\[}}#[[ONE]]]]
func.func @transpose_in_place_stays(%out: tensor<1024x1024xf32> {lathe.output, lathe.access = "readwrite"}) -> tensor<1024x1024xf32> {
  // CHECK-NOT: scf.for
  %r = linalg.generic {indexing_maps = [affine_map<(i, j) -> (j, i)>, #id], iterator_types = ["parallel", "parallel"]} ins(%out : tensor<1024x1024xf32>) outs(%out : tensor<1024x1024xf32>) {
    ^bb0(%p: f32, %o: f32):
      %v = math.exp %p : f32
      linalg.yield %v : f32
  } -> tensor<1024x1024xf32>
  return %r : tensor<1024x1024xf32>
}

#rows = affine_map<(m, n, l, k) -> (m, k)>
#panels = affine_map<(m, n, l, k) -> (n, k, l)>
#sums = affine_map<(m, n, l, k) -> (m, n, l)>

// A product with features enough for all threads keeps its rows whole: each part of them would read
// all the weights again, and their number is known when compiling.
// CHECK-LABEL: func.func @features_are_tiles
// CHECK: tensor.extract_slice %{{.+}} : tensor<197x48x16xf32> to tensor<197x2x16xf32>
func.func @features_are_tiles(%x: tensor<197x192xf32>, %w: tensor<48x192x16xf32>, %out: tensor<197x48x16xf32> {lathe.output}) -> tensor<197x48x16xf32> {
  %r = linalg.generic {indexing_maps = [#rows, #panels, #sums], iterator_types = ["parallel", "parallel", "parallel", "reduction"]} ins(%x, %w : tensor<197x192xf32>, tensor<48x192x16xf32>) outs(%out : tensor<197x48x16xf32>) {
    ^bb0(%a: f32, %b: f32, %s: f32):
      %p = arith.mulf %a, %b : f32
      %v = arith.addf %s, %p : f32
      linalg.yield %v : f32
  } -> tensor<197x48x16xf32>
  return %r : tensor<197x48x16xf32>
}

// Three panels do not feed eight threads: rows are split too.
// CHECK-LABEL: func.func @few_features_split_rows
// CHECK: tensor.extract_slice %{{.+}} : tensor<80x3x16xf32> to tensor<?x1x16xf32>
func.func @few_features_split_rows(%x: tensor<80x3072xf32>, %w: tensor<3x3072x16xf32>, %out: tensor<80x3x16xf32> {lathe.output}) -> tensor<80x3x16xf32> {
  %r = linalg.generic {indexing_maps = [#rows, #panels, #sums], iterator_types = ["parallel", "parallel", "parallel", "reduction"]} ins(%x, %w : tensor<80x3072xf32>, tensor<3x3072x16xf32>) outs(%out : tensor<80x3x16xf32>) {
    ^bb0(%a: f32, %b: f32, %s: f32):
      %p = arith.mulf %a, %b : f32
      %v = arith.addf %s, %p : f32
      linalg.yield %v : f32
  } -> tensor<80x3x16xf32>
  return %r : tensor<80x3x16xf32>
}
