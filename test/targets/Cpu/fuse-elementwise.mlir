// RUN: lathe-opt --lathe-cpu-fuse-elementwise %s | FileCheck %s

#id = affine_map<(i, j) -> (i, j)>
#row = affine_map<(i, j) -> (i)>
#vec = affine_map<(i) -> (i)>

// CHECK-LABEL: func.func @chain_is_one_loop
// CHECK-SAME: %[[OUT:[a-z0-9]+]]: tensor<4x8xf32> {lathe.output}
func.func @chain_is_one_loop(%x: tensor<4x8xf32>, %out: tensor<4x8xf32> {lathe.output}) -> tensor<4x8xf32> {
  // CHECK: linalg.generic
  // CHECK-SAME: outs(%[[OUT]]
  // CHECK: math.exp
  // CHECK-NEXT: arith.negf
  // CHECK-NOT: linalg.generic
  %e = tensor.empty() : tensor<4x8xf32>
  %a = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]} ins(%x : tensor<4x8xf32>) outs(%e : tensor<4x8xf32>) {
    ^bb0(%p: f32, %o: f32):
      %v = math.exp %p : f32
      linalg.yield %v : f32
  } -> tensor<4x8xf32>
  %b = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]} ins(%a : tensor<4x8xf32>) outs(%out : tensor<4x8xf32>) {
    ^bb0(%p: f32, %o: f32):
      %v = arith.negf %p : f32
      linalg.yield %v : f32
  } -> tensor<4x8xf32>
  return %b : tensor<4x8xf32>
}

// An exponential of each row is not repeated for each column.
// CHECK-LABEL: func.func @expensive_row_stays
func.func @expensive_row_stays(%r: tensor<4xf32>, %x: tensor<4x8xf32>, %out: tensor<4x8xf32> {lathe.output}) -> tensor<4x8xf32> {
  // CHECK-COUNT-2: linalg.generic
  %e = tensor.empty() : tensor<4xf32>
  %a = linalg.generic {indexing_maps = [#vec, #vec], iterator_types = ["parallel"]} ins(%r : tensor<4xf32>) outs(%e : tensor<4xf32>) {
    ^bb0(%p: f32, %o: f32):
      %v = math.exp %p : f32
      linalg.yield %v : f32
  } -> tensor<4xf32>
  %b = linalg.generic {indexing_maps = [#id, #row, #id], iterator_types = ["parallel", "parallel"]} ins(%x, %a : tensor<4x8xf32>, tensor<4xf32>) outs(%out : tensor<4x8xf32>) {
    ^bb0(%p: f32, %q: f32, %o: f32):
      %v = arith.mulf %p, %q : f32
      linalg.yield %v : f32
  } -> tensor<4x8xf32>
  return %b : tensor<4x8xf32>
}

#mkn_x = affine_map<(m, n, k) -> (m, k)>
#mkn_w = affine_map<(m, n, k) -> (k, n)>
#mkn_y = affine_map<(m, n, k) -> (m, n)>
#id3 = affine_map<(i, j, k) -> (i, j, k)>

// A dimension of one point between two nests goes to the arguments: nothing parts them then.
// CHECK-LABEL: func.func @unit_dimension_goes_up
// CHECK-SAME: (%[[X:[a-z0-9]+]]: tensor<8x16xf32>
func.func @unit_dimension_goes_up(%x: tensor<8x16xf32>, %w: tensor<16x32xf32>, %r: tensor<1x8x32xf32>, %out: tensor<1x8x32xf32> {lathe.output}) -> tensor<1x8x32xf32> {
  // CHECK: %[[WIDE:.+]] = tensor.expand_shape %[[X]]
  // CHECK: %[[SUM:.+]] = linalg.generic {{.+}} ins(%[[WIDE]], %{{.+}} : tensor<1x8x16xf32>, tensor<16x32xf32>)
  // CHECK-NOT: tensor.expand_shape
  // CHECK: linalg.generic {{.+}} ins(%{{.+}}, %[[SUM]]
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<8x32xf32>
  %f = linalg.generic {indexing_maps = [#id], iterator_types = ["parallel", "parallel"]} outs(%e : tensor<8x32xf32>) {
    ^bb0(%o: f32):
      linalg.yield %zero : f32
  } -> tensor<8x32xf32>
  %s = linalg.generic {indexing_maps = [#mkn_x, #mkn_w, #mkn_y], iterator_types = ["parallel", "parallel", "reduction"]} ins(%x, %w : tensor<8x16xf32>, tensor<16x32xf32>) outs(%f : tensor<8x32xf32>) {
    ^bb0(%a: f32, %b: f32, %o: f32):
      %p = arith.mulf %a, %b : f32
      %q = arith.addf %o, %p : f32
      linalg.yield %q : f32
  } -> tensor<8x32xf32>
  %u = tensor.expand_shape %s [[0, 1], [2]] output_shape [1, 8, 32] : tensor<8x32xf32> into tensor<1x8x32xf32>
  %y = linalg.generic {indexing_maps = [#id3, #id3, #id3], iterator_types = ["parallel", "parallel", "parallel"]} ins(%r, %u : tensor<1x8x32xf32>, tensor<1x8x32xf32>) outs(%out : tensor<1x8x32xf32>) {
    ^bb0(%a: f32, %b: f32, %o: f32):
      %q = arith.addf %a, %b : f32
      linalg.yield %q : f32
  } -> tensor<1x8x32xf32>
  return %y : tensor<1x8x32xf32>
}

// What is returned keeps its reshape: its destination has that shape.
// CHECK-LABEL: func.func @unit_dimension_of_result_stays
func.func @unit_dimension_of_result_stays(%x: tensor<4x8xf32>, %out: tensor<1x4x8xf32> {lathe.output}) -> tensor<1x4x8xf32> {
  // CHECK: %[[Y:.+]] = linalg.generic
  // CHECK: tensor.expand_shape %[[Y]]
  %d = tensor.collapse_shape %out [[0, 1], [2]] : tensor<1x4x8xf32> into tensor<4x8xf32>
  %y = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]} ins(%x : tensor<4x8xf32>) outs(%d : tensor<4x8xf32>) {
    ^bb0(%a: f32, %o: f32):
      %q = arith.negf %a : f32
      linalg.yield %q : f32
  } -> tensor<4x8xf32>
  %u = tensor.expand_shape %y [[0, 1], [2]] output_shape [1, 4, 8] : tensor<4x8xf32> into tensor<1x4x8xf32>
  return %u : tensor<1x4x8xf32>
}

// Two readers, one with a dimension more: what one is given the other loses, without end.
// CHECK-LABEL: func.func @unit_dimension_for_one_of_two_readers_stays
func.func @unit_dimension_for_one_of_two_readers_stays(%x: tensor<4x8xf32>, %out: tensor<1x4x8xf32> {lathe.output}) -> tensor<1x4x8xf32> {
  // CHECK: %[[E:.+]] = linalg.generic
  // CHECK: math.exp
  // CHECK: tensor.expand_shape %[[E]]
  %e = tensor.empty() : tensor<4x8xf32>
  %y = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]} ins(%x : tensor<4x8xf32>) outs(%e : tensor<4x8xf32>) {
    ^bb0(%a: f32, %o: f32):
      %q = math.exp %a : f32
      linalg.yield %q : f32
  } -> tensor<4x8xf32>
  %u = tensor.expand_shape %y [[0, 1], [2]] output_shape [1, 4, 8] : tensor<4x8xf32> into tensor<1x4x8xf32>
  %z = linalg.generic {indexing_maps = [affine_map<(i, j, k) -> (j, k)>, #id3, #id3], iterator_types = ["parallel", "parallel", "parallel"]} ins(%y, %u : tensor<4x8xf32>, tensor<1x4x8xf32>) outs(%out : tensor<1x4x8xf32>) {
    ^bb0(%a: f32, %b: f32, %o: f32):
      %q = arith.addf %a, %b : f32
      linalg.yield %q : f32
  } -> tensor<1x4x8xf32>
  return %z : tensor<1x4x8xf32>
}
