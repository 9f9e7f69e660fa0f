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
