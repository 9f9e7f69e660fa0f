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
