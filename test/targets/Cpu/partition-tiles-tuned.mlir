// Tile sizes that were measured (lathe.tile_sizes), in place of those that the cost model chooses.
// RUN: lathe-opt --split-input-file --verify-diagnostics --lathe-cpu-partition-tiles %s | FileCheck %s

// CHECK-DAG: #[[TILES:.+]] = affine_map<() -> (8)>
// CHECK-LABEL: func.func @sizes_are_taken
// CHECK-SAME: lathe.tile_count = {{\[\[}}#[[TILES]], #{{.+}}]]
// CHECK-SAME: lathe.tile_extents = array<i64: 512, 1024>
// CHECK-SAME: lathe.tile_sizes = array<i64: 64, 256>
func.func @sizes_are_taken(%x: tensor<512x1024xf32>, %out: tensor<512x1024xf32> {lathe.output}) -> tensor<512x1024xf32> attributes {lathe.tile_sizes = array<i64: 64, 256>} {
  // CHECK: tensor.extract_slice %{{.+}}[%{{.+}}, %{{.+}}] [64, 256] [1, 1]
  %r = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]} ins(%x : tensor<512x1024xf32>) outs(%out : tensor<512x1024xf32>) {
    ^bb0(%p: f32, %o: f32):
      %v = math.exp %p : f32
      linalg.yield %v : f32
  } -> tensor<512x1024xf32>
  return %r : tensor<512x1024xf32>
}

// -----

// CHECK-LABEL: func.func @without_sizes_the_cost_model_chooses
// CHECK-SAME: lathe.tile_sizes = array<i64: {{[1-9][0-9]*}}, 0>
func.func @without_sizes_the_cost_model_chooses(%x: tensor<512x1024xf32>, %out: tensor<512x1024xf32> {lathe.output}) -> tensor<512x1024xf32> {
  %r = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]} ins(%x : tensor<512x1024xf32>) outs(%out : tensor<512x1024xf32>) {
    ^bb0(%p: f32, %o: f32):
      %v = math.exp %p : f32
      linalg.yield %v : f32
  } -> tensor<512x1024xf32>
  return %r : tensor<512x1024xf32>
}

// -----

// CHECK-LABEL: func.func @one_tile_is_a_choice
// CHECK-SAME: lathe.one_tile_reason = "a tuner found it faster"
// CHECK-SAME: lathe.tile_sizes = array<i64: 0, 0>
func.func @one_tile_is_a_choice(%x: tensor<512x1024xf32>, %out: tensor<512x1024xf32> {lathe.output}) -> tensor<512x1024xf32> attributes {lathe.tile_sizes = array<i64: 0, 0>} {
  // CHECK-NOT: scf.for
  %r = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]} ins(%x : tensor<512x1024xf32>) outs(%out : tensor<512x1024xf32>) {
    ^bb0(%p: f32, %o: f32):
      %v = math.exp %p : f32
      linalg.yield %v : f32
  } -> tensor<512x1024xf32>
  return %r : tensor<512x1024xf32>
}

// -----

// expected-error@+1 {{'too_few' cannot have the tile sizes that it was tuned for: 1 sizes for 2 loops}}
func.func @too_few(%x: tensor<8x16xf32>, %out: tensor<8x16xf32> {lathe.output}) -> tensor<8x16xf32> attributes {lathe.tile_sizes = array<i64: 4>} {
  %r = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]} ins(%x : tensor<8x16xf32>) outs(%out : tensor<8x16xf32>) {
    ^bb0(%p: f32, %o: f32):
      linalg.yield %p : f32
  } -> tensor<8x16xf32>
  return %r : tensor<8x16xf32>
}

// -----

// expected-error@+1 {{a tile of 16 does not split loop 1 of 16 rounds}}
func.func @too_large(%x: tensor<8x16xf32>, %out: tensor<8x16xf32> {lathe.output}) -> tensor<8x16xf32> attributes {lathe.tile_sizes = array<i64: 4, 16>} {
  %r = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]} ins(%x : tensor<8x16xf32>) outs(%out : tensor<8x16xf32>) {
    ^bb0(%p: f32, %o: f32):
      linalg.yield %p : f32
  } -> tensor<8x16xf32>
  return %r : tensor<8x16xf32>
}

// -----

// expected-error@+1 {{: -1 is no size}}
func.func @negative(%x: tensor<?xf32> {lathe.dim_args = array<i64: 2>}, %out: tensor<?xf32> {lathe.output, lathe.dim_args = array<i64: 2>}, %n: index {lathe.size_max = 8 : i64}) -> tensor<?xf32> attributes {lathe.tile_sizes = array<i64: -1>} {
  %r = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]} ins(%x : tensor<?xf32>) outs(%out : tensor<?xf32>) {
    ^bb0(%p: f32, %o: f32):
      linalg.yield %p : f32
  } -> tensor<?xf32>
  return %r : tensor<?xf32>
}

// -----

// expected-error@+1 {{loop 1 is a sum, which is not split}}
func.func @sum(%x: tensor<8x16xf32>, %out: tensor<8xf32> {lathe.output}) -> tensor<8xf32> attributes {lathe.tile_sizes = array<i64: 4, 4>} {
  %r = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i)>], iterator_types = ["parallel", "reduction"]} ins(%x : tensor<8x16xf32>) outs(%out : tensor<8xf32>) {
    ^bb0(%p: f32, %o: f32):
      %v = arith.addf %o, %p : f32
      linalg.yield %v : f32
  } -> tensor<8xf32>
  return %r : tensor<8xf32>
}

// -----

// expected-error@+1 {{results come from}}
func.func @nothing_is_tiled(%x: tensor<8xf32>, %out: tensor<8xf32> {lathe.output}) -> tensor<8xf32> attributes {lathe.tile_sizes = array<i64: 4>} {
  %r = tensor.insert_slice %x into %out[0] [8] [1] : tensor<8xf32> into tensor<8xf32>
  return %r : tensor<8xf32>
}
