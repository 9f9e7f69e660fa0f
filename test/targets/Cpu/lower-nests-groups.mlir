// SPDX-License-Identifier: Apache-2.0
// RUN: lathe-opt --lathe-cpu-lower-nests="vector-bits=256 registers=16" %s | FileCheck %s
// RUN: lathe-opt --lathe-cpu-lower-nests="vector-bits=128 registers=16" %s | FileCheck %s --check-prefix=SSE

// Groups of one vector of features: an element is loaded once for the three
// places of a window that it is in. Eight pixels read ten elements, not 24.
// CHECK-LABEL: @group_of_a_vector
// CHECK-COUNT-2: iter_args
// CHECK-COUNT-10: memref.load %arg0
// CHECK-NOT: memref.load
// CHECK: scf.yield
func.func @group_of_a_vector(%x: memref<3x10x2x16xf32>, %w: memref<2x3x3x16x8xf32>, %y: memref<8x2x8xf32>) {
  linalg.generic {indexing_maps = [affine_map<(o, g, f, u, v, c) -> (u, o + v, g, c)>, affine_map<(o, g, f, u, v, c) -> (g, u, v, c, f)>,
                                   affine_map<(o, g, f, u, v, c) -> (o, g, f)>],
                  iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]}
      ins(%x, %w : memref<3x10x2x16xf32>, memref<2x3x3x16x8xf32>) outs(%y : memref<8x2x8xf32>) {
  ^bb0(%a: f32, %b: f32, %sum: f32):
    %0 = arith.mulf %a, %b : f32
    %1 = arith.addf %sum, %0 : f32
    linalg.yield %1 : f32
  }
  return
}

// Two vectors of features share each element already: rows, as in any product.
// CHECK-LABEL: @group_of_two_vectors
// CHECK-COUNT-3: iter_args
// CHECK-COUNT-4: memref.load %arg0
// CHECK-NOT: memref.load
// CHECK: scf.yield
func.func @group_of_two_vectors(%x: memref<3x10x2x16xf32>, %w: memref<2x3x3x16x16xf32>, %y: memref<8x2x16xf32>) {
  linalg.generic {indexing_maps = [affine_map<(o, g, f, u, v, c) -> (u, o + v, g, c)>, affine_map<(o, g, f, u, v, c) -> (g, u, v, c, f)>,
                                   affine_map<(o, g, f, u, v, c) -> (o, g, f)>],
                  iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]}
      ins(%x, %w : memref<3x10x2x16xf32>, memref<2x3x3x16x16xf32>) outs(%y : memref<8x2x16xf32>) {
  ^bb0(%a: f32, %b: f32, %sum: f32):
    %0 = arith.mulf %a, %b : f32
    %1 = arith.addf %sum, %0 : f32
    linalg.yield %1 : f32
  }
  return
}

// Two groups of four in one vector: their channels are one vector too, of which
// each half repeats one element. Channels are written out, outside of the window.
// A vector of SSE has one group: one element for all lanes.
// CHECK-LABEL: @two_groups_in_a_vector
// CHECK: vector.shuffle %{{.+}} [0, 0, 0, 0, 4, 4, 4, 4] : vector<8xf32>, vector<8xf32>
// CHECK: scf.for {{.*}} iter_args
// CHECK: vector.shuffle %{{.+}} [1, 1, 1, 1, 5, 5, 5, 5] : vector<8xf32>, vector<8xf32>
// CHECK-NOT: vector.from_elements
// CHECK: return
// SSE-LABEL: @two_groups_in_a_vector
// SSE-NOT: vector.shuffle
// SSE: return
func.func @two_groups_in_a_vector(%x: memref<3x10x3x2x4xf32>, %w: memref<3x3x3x4x8xf32>, %y: memref<8x3x8xf32>) {
  linalg.generic {indexing_maps = [affine_map<(o, g, f, u, v, c) -> (u, o + v, g, f floordiv 4, c)>, affine_map<(o, g, f, u, v, c) -> (g, u, v, c, f)>,
                                   affine_map<(o, g, f, u, v, c) -> (o, g, f)>],
                  iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]}
      ins(%x, %w : memref<3x10x3x2x4xf32>, memref<3x3x3x4x8xf32>) outs(%y : memref<8x3x8xf32>) {
  ^bb0(%a: f32, %b: f32, %sum: f32):
    %0 = arith.mulf %a, %b : f32
    %1 = arith.addf %sum, %0 : f32
    linalg.yield %1 : f32
  }
  return
}

// Two features a channel: half a vector is enough to read.
// CHECK-LABEL: @features_of_a_channel
// CHECK: vector.load %arg0{{.*}} vector<4xf32>
// CHECK: vector.shuffle %{{.+}} [0, 0, 1, 1, 2, 2, 3, 3] : vector<4xf32>, vector<4xf32>
func.func @features_of_a_channel(%x: memref<3x10x3x4x1xf32>, %w: memref<3x3x3x1x8xf32>, %y: memref<8x3x8xf32>) {
  linalg.generic {indexing_maps = [affine_map<(o, g, f, u, v, c) -> (u, o + v, g, f floordiv 2, c)>, affine_map<(o, g, f, u, v, c) -> (g, u, v, c, f)>,
                                   affine_map<(o, g, f, u, v, c) -> (o, g, f)>],
                  iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]}
      ins(%x, %w : memref<3x10x3x4x1xf32>, memref<3x3x3x1x8xf32>) outs(%y : memref<8x3x8xf32>) {
  ^bb0(%a: f32, %b: f32, %sum: f32):
    %0 = arith.mulf %a, %b : f32
    %1 = arith.addf %sum, %0 : f32
    linalg.yield %1 : f32
  }
  return
}

// Channels of a group that lie in more than a vector are read one by one.
// CHECK-LABEL: @channels_beyond_a_vector
// CHECK-NOT: vector.shuffle
// CHECK: vector.from_elements
// CHECK: return
func.func @channels_beyond_a_vector(%x: memref<3x10x3x2x9xf32>, %w: memref<3x3x3x9x8xf32>, %y: memref<8x3x8xf32>) {
  linalg.generic {indexing_maps = [affine_map<(o, g, f, u, v, c) -> (u, o + v, g, f floordiv 4, c)>, affine_map<(o, g, f, u, v, c) -> (g, u, v, c, f)>,
                                   affine_map<(o, g, f, u, v, c) -> (o, g, f)>],
                  iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]}
      ins(%x, %w : memref<3x10x3x2x9xf32>, memref<3x3x3x9x8xf32>) outs(%y : memref<8x3x8xf32>) {
  ^bb0(%a: f32, %b: f32, %sum: f32):
    %0 = arith.mulf %a, %b : f32
    %1 = arith.addf %sum, %0 : f32
    linalg.yield %1 : f32
  }
  return
}
