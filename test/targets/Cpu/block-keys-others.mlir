// RUN: lathe-opt %s --pass-pipeline="builtin.module(func.func(lathe-cpu-block-keys),canonicalize,cse)" | FileCheck %s

// What a loop over blocks of keys carries is scaled: that is right for sums of exponentials of differences from a
// maximum, and for nothing that only looks alike.

#all = affine_map<(s, l) -> (s, l)>
#row = affine_map<(s, l) -> (l)>
#query = affine_map<(l) -> (l)>
#result = affine_map<(l, v) -> (l, v)>
#key = affine_map<(s, l, e) -> (s, e)>
#turned = affine_map<(s, l, e) -> (e, l)>
#score = affine_map<(s, l, e) -> (s, l)>
#term = affine_map<(l, v, s) -> (s, l)>
#value = affine_map<(l, v, s) -> (s, v)>
#weighted = affine_map<(l, v, s) -> (l, v)>

// CHECK-LABEL: func.func @attention
// CHECK: scf.for
// CHECK: return
func.func @attention(%q: tensor<8x16xf32>, %k: tensor<1000x8xf32>, %v: tensor<1000x8xf32>) -> (tensor<16xf32>, tensor<16x8xf32>) {
  %zero = arith.constant 0.0 : f32
  %least = arith.constant 0xFF7FFFFF : f32
  %e0 = tensor.empty() : tensor<1000x16xf32>
  %e1 = tensor.empty() : tensor<16xf32>
  %e2 = tensor.empty() : tensor<16x8xf32>
  %f0 = linalg.generic {indexing_maps = [#all], iterator_types = ["parallel", "parallel"]} outs(%e0 : tensor<1000x16xf32>) {
    ^bb0(%o: f32):
      linalg.yield %zero : f32
  } -> tensor<1000x16xf32>
  %scores = linalg.generic {indexing_maps = [#key, #turned, #score], iterator_types = ["parallel", "parallel", "reduction"]} ins(%k, %q : tensor<1000x8xf32>, tensor<8x16xf32>) outs(%f0 : tensor<1000x16xf32>) {
    ^bb0(%i: f32, %j: f32, %o: f32):
      %x = arith.mulf %i, %j : f32
      %y = arith.addf %o, %x : f32
      linalg.yield %y : f32
  } -> tensor<1000x16xf32>
  %f1 = linalg.generic {indexing_maps = [#query], iterator_types = ["parallel"]} outs(%e1 : tensor<16xf32>) {
    ^bb0(%o: f32):
      linalg.yield %least : f32
  } -> tensor<16xf32>
  %most = linalg.generic {indexing_maps = [#all, #row], iterator_types = ["reduction", "parallel"]} ins(%scores : tensor<1000x16xf32>) outs(%f1 : tensor<16xf32>) {
    ^bb0(%i: f32, %o: f32):
      %x = arith.cmpf ogt, %i, %o : f32
      %y = arith.select %x, %i, %o : f32
      linalg.yield %y : f32
  } -> tensor<16xf32>
  %terms = linalg.generic {indexing_maps = [#row, #all], iterator_types = ["parallel", "parallel"]} ins(%most : tensor<16xf32>) outs(%scores : tensor<1000x16xf32>) {
    ^bb0(%i: f32, %o: f32):
      %x = arith.subf %o, %i : f32
      %y = math.exp %x fastmath<afn> : f32
      linalg.yield %y : f32
  } -> tensor<1000x16xf32>
  %f2 = linalg.generic {indexing_maps = [#query], iterator_types = ["parallel"]} outs(%e1 : tensor<16xf32>) {
    ^bb0(%o: f32):
      linalg.yield %zero : f32
  } -> tensor<16xf32>
  %sums = linalg.generic {indexing_maps = [#all, #row], iterator_types = ["reduction", "parallel"]} ins(%terms : tensor<1000x16xf32>) outs(%f2 : tensor<16xf32>) {
    ^bb0(%i: f32, %o: f32):
      %x = arith.addf %o, %i : f32
      linalg.yield %x : f32
  } -> tensor<16xf32>
  %f3 = linalg.generic {indexing_maps = [#result], iterator_types = ["parallel", "parallel"]} outs(%e2 : tensor<16x8xf32>) {
    ^bb0(%o: f32):
      linalg.yield %zero : f32
  } -> tensor<16x8xf32>
  %w = linalg.generic {indexing_maps = [#term, #value, #weighted], iterator_types = ["parallel", "parallel", "reduction"]} ins(%terms, %v : tensor<1000x16xf32>, tensor<1000x8xf32>) outs(%f3 : tensor<16x8xf32>) {
    ^bb0(%i: f32, %j: f32, %o: f32):
      %x = arith.mulf %i, %j : f32
      %y = arith.addf %o, %x : f32
      linalg.yield %y : f32
  } -> tensor<16x8xf32>
  return %sums, %w : tensor<16xf32>, tensor<16x8xf32>
}

// exp(2 (x - most)) would be scaled by another factor.
// CHECK-LABEL: func.func @other_exponential
// CHECK-NOT: scf.for
// CHECK: return
func.func @other_exponential(%q: tensor<8x16xf32>, %k: tensor<1000x8xf32>, %v: tensor<1000x8xf32>) -> (tensor<16xf32>, tensor<16x8xf32>) {
  %zero = arith.constant 0.0 : f32
  %least = arith.constant 0xFF7FFFFF : f32
  %e0 = tensor.empty() : tensor<1000x16xf32>
  %e1 = tensor.empty() : tensor<16xf32>
  %e2 = tensor.empty() : tensor<16x8xf32>
  %f0 = linalg.generic {indexing_maps = [#all], iterator_types = ["parallel", "parallel"]} outs(%e0 : tensor<1000x16xf32>) {
    ^bb0(%o: f32):
      linalg.yield %zero : f32
  } -> tensor<1000x16xf32>
  %scores = linalg.generic {indexing_maps = [#key, #turned, #score], iterator_types = ["parallel", "parallel", "reduction"]} ins(%k, %q : tensor<1000x8xf32>, tensor<8x16xf32>) outs(%f0 : tensor<1000x16xf32>) {
    ^bb0(%i: f32, %j: f32, %o: f32):
      %x = arith.mulf %i, %j : f32
      %y = arith.addf %o, %x : f32
      linalg.yield %y : f32
  } -> tensor<1000x16xf32>
  %f1 = linalg.generic {indexing_maps = [#query], iterator_types = ["parallel"]} outs(%e1 : tensor<16xf32>) {
    ^bb0(%o: f32):
      linalg.yield %least : f32
  } -> tensor<16xf32>
  %most = linalg.generic {indexing_maps = [#all, #row], iterator_types = ["reduction", "parallel"]} ins(%scores : tensor<1000x16xf32>) outs(%f1 : tensor<16xf32>) {
    ^bb0(%i: f32, %o: f32):
      %x = arith.cmpf ogt, %i, %o : f32
      %y = arith.select %x, %i, %o : f32
      linalg.yield %y : f32
  } -> tensor<16xf32>
  %terms = linalg.generic {indexing_maps = [#row, #all], iterator_types = ["parallel", "parallel"]} ins(%most : tensor<16xf32>) outs(%scores : tensor<1000x16xf32>) {
    ^bb0(%i: f32, %o: f32):
      %d = arith.subf %o, %i : f32
      %x = arith.addf %d, %d : f32
      %y = math.exp %x : f32
      linalg.yield %y : f32
  } -> tensor<1000x16xf32>
  %f2 = linalg.generic {indexing_maps = [#query], iterator_types = ["parallel"]} outs(%e1 : tensor<16xf32>) {
    ^bb0(%o: f32):
      linalg.yield %zero : f32
  } -> tensor<16xf32>
  %sums = linalg.generic {indexing_maps = [#all, #row], iterator_types = ["reduction", "parallel"]} ins(%terms : tensor<1000x16xf32>) outs(%f2 : tensor<16xf32>) {
    ^bb0(%i: f32, %o: f32):
      %x = arith.addf %o, %i : f32
      linalg.yield %x : f32
  } -> tensor<16xf32>
  %f3 = linalg.generic {indexing_maps = [#result], iterator_types = ["parallel", "parallel"]} outs(%e2 : tensor<16x8xf32>) {
    ^bb0(%o: f32):
      linalg.yield %zero : f32
  } -> tensor<16x8xf32>
  %w = linalg.generic {indexing_maps = [#term, #value, #weighted], iterator_types = ["parallel", "parallel", "reduction"]} ins(%terms, %v : tensor<1000x16xf32>, tensor<1000x8xf32>) outs(%f3 : tensor<16x8xf32>) {
    ^bb0(%i: f32, %j: f32, %o: f32):
      %x = arith.mulf %i, %j : f32
      %y = arith.addf %o, %x : f32
      linalg.yield %y : f32
  } -> tensor<16x8xf32>
  return %sums, %w : tensor<16xf32>, tensor<16x8xf32>
}

// From minus infinity on, two maxima may have no difference.
// CHECK-LABEL: func.func @maximum_of_nothing
// CHECK-NOT: scf.for
// CHECK: return
func.func @maximum_of_nothing(%q: tensor<8x16xf32>, %k: tensor<1000x8xf32>, %v: tensor<1000x8xf32>) -> (tensor<16xf32>, tensor<16x8xf32>) {
  %zero = arith.constant 0.0 : f32
  %least = arith.constant 0xFF800000 : f32
  %e0 = tensor.empty() : tensor<1000x16xf32>
  %e1 = tensor.empty() : tensor<16xf32>
  %e2 = tensor.empty() : tensor<16x8xf32>
  %f0 = linalg.generic {indexing_maps = [#all], iterator_types = ["parallel", "parallel"]} outs(%e0 : tensor<1000x16xf32>) {
    ^bb0(%o: f32):
      linalg.yield %zero : f32
  } -> tensor<1000x16xf32>
  %scores = linalg.generic {indexing_maps = [#key, #turned, #score], iterator_types = ["parallel", "parallel", "reduction"]} ins(%k, %q : tensor<1000x8xf32>, tensor<8x16xf32>) outs(%f0 : tensor<1000x16xf32>) {
    ^bb0(%i: f32, %j: f32, %o: f32):
      %x = arith.mulf %i, %j : f32
      %y = arith.addf %o, %x : f32
      linalg.yield %y : f32
  } -> tensor<1000x16xf32>
  %f1 = linalg.generic {indexing_maps = [#query], iterator_types = ["parallel"]} outs(%e1 : tensor<16xf32>) {
    ^bb0(%o: f32):
      linalg.yield %least : f32
  } -> tensor<16xf32>
  %most = linalg.generic {indexing_maps = [#all, #row], iterator_types = ["reduction", "parallel"]} ins(%scores : tensor<1000x16xf32>) outs(%f1 : tensor<16xf32>) {
    ^bb0(%i: f32, %o: f32):
      %x = arith.cmpf ogt, %i, %o : f32
      %y = arith.select %x, %i, %o : f32
      linalg.yield %y : f32
  } -> tensor<16xf32>
  %terms = linalg.generic {indexing_maps = [#row, #all], iterator_types = ["parallel", "parallel"]} ins(%most : tensor<16xf32>) outs(%scores : tensor<1000x16xf32>) {
    ^bb0(%i: f32, %o: f32):
      %x = arith.subf %o, %i : f32
      %y = math.exp %x fastmath<afn> : f32
      linalg.yield %y : f32
  } -> tensor<1000x16xf32>
  %f2 = linalg.generic {indexing_maps = [#query], iterator_types = ["parallel"]} outs(%e1 : tensor<16xf32>) {
    ^bb0(%o: f32):
      linalg.yield %zero : f32
  } -> tensor<16xf32>
  %sums = linalg.generic {indexing_maps = [#all, #row], iterator_types = ["reduction", "parallel"]} ins(%terms : tensor<1000x16xf32>) outs(%f2 : tensor<16xf32>) {
    ^bb0(%i: f32, %o: f32):
      %x = arith.addf %o, %i : f32
      linalg.yield %x : f32
  } -> tensor<16xf32>
  %f3 = linalg.generic {indexing_maps = [#result], iterator_types = ["parallel", "parallel"]} outs(%e2 : tensor<16x8xf32>) {
    ^bb0(%o: f32):
      linalg.yield %zero : f32
  } -> tensor<16x8xf32>
  %w = linalg.generic {indexing_maps = [#term, #value, #weighted], iterator_types = ["parallel", "parallel", "reduction"]} ins(%terms, %v : tensor<1000x16xf32>, tensor<1000x8xf32>) outs(%f3 : tensor<16x8xf32>) {
    ^bb0(%i: f32, %j: f32, %o: f32):
      %x = arith.mulf %i, %j : f32
      %y = arith.addf %o, %x : f32
      linalg.yield %y : f32
  } -> tensor<16x8xf32>
  return %sums, %w : tensor<16xf32>, tensor<16x8xf32>
}

// A maximum of the terms is no sum of them.
// CHECK-LABEL: func.func @other_sum
// CHECK-NOT: scf.for
// CHECK: return
func.func @other_sum(%q: tensor<8x16xf32>, %k: tensor<1000x8xf32>, %v: tensor<1000x8xf32>) -> (tensor<16xf32>, tensor<16x8xf32>) {
  %zero = arith.constant 0.0 : f32
  %least = arith.constant 0xFF7FFFFF : f32
  %e0 = tensor.empty() : tensor<1000x16xf32>
  %e1 = tensor.empty() : tensor<16xf32>
  %e2 = tensor.empty() : tensor<16x8xf32>
  %f0 = linalg.generic {indexing_maps = [#all], iterator_types = ["parallel", "parallel"]} outs(%e0 : tensor<1000x16xf32>) {
    ^bb0(%o: f32):
      linalg.yield %zero : f32
  } -> tensor<1000x16xf32>
  %scores = linalg.generic {indexing_maps = [#key, #turned, #score], iterator_types = ["parallel", "parallel", "reduction"]} ins(%k, %q : tensor<1000x8xf32>, tensor<8x16xf32>) outs(%f0 : tensor<1000x16xf32>) {
    ^bb0(%i: f32, %j: f32, %o: f32):
      %x = arith.mulf %i, %j : f32
      %y = arith.addf %o, %x : f32
      linalg.yield %y : f32
  } -> tensor<1000x16xf32>
  %f1 = linalg.generic {indexing_maps = [#query], iterator_types = ["parallel"]} outs(%e1 : tensor<16xf32>) {
    ^bb0(%o: f32):
      linalg.yield %least : f32
  } -> tensor<16xf32>
  %most = linalg.generic {indexing_maps = [#all, #row], iterator_types = ["reduction", "parallel"]} ins(%scores : tensor<1000x16xf32>) outs(%f1 : tensor<16xf32>) {
    ^bb0(%i: f32, %o: f32):
      %x = arith.cmpf ogt, %i, %o : f32
      %y = arith.select %x, %i, %o : f32
      linalg.yield %y : f32
  } -> tensor<16xf32>
  %terms = linalg.generic {indexing_maps = [#row, #all], iterator_types = ["parallel", "parallel"]} ins(%most : tensor<16xf32>) outs(%scores : tensor<1000x16xf32>) {
    ^bb0(%i: f32, %o: f32):
      %x = arith.subf %o, %i : f32
      %y = math.exp %x fastmath<afn> : f32
      linalg.yield %y : f32
  } -> tensor<1000x16xf32>
  %f2 = linalg.generic {indexing_maps = [#query], iterator_types = ["parallel"]} outs(%e1 : tensor<16xf32>) {
    ^bb0(%o: f32):
      linalg.yield %zero : f32
  } -> tensor<16xf32>
  %sums = linalg.generic {indexing_maps = [#all, #row], iterator_types = ["reduction", "parallel"]} ins(%terms : tensor<1000x16xf32>) outs(%f2 : tensor<16xf32>) {
    ^bb0(%i: f32, %o: f32):
      %x = arith.maximumf %o, %i : f32
      linalg.yield %x : f32
  } -> tensor<16xf32>
  %f3 = linalg.generic {indexing_maps = [#result], iterator_types = ["parallel", "parallel"]} outs(%e2 : tensor<16x8xf32>) {
    ^bb0(%o: f32):
      linalg.yield %zero : f32
  } -> tensor<16x8xf32>
  %w = linalg.generic {indexing_maps = [#term, #value, #weighted], iterator_types = ["parallel", "parallel", "reduction"]} ins(%terms, %v : tensor<1000x16xf32>, tensor<1000x8xf32>) outs(%f3 : tensor<16x8xf32>) {
    ^bb0(%i: f32, %j: f32, %o: f32):
      %x = arith.mulf %i, %j : f32
      %y = arith.addf %o, %x : f32
      linalg.yield %y : f32
  } -> tensor<16x8xf32>
  return %sums, %w : tensor<16xf32>, tensor<16x8xf32>
}
