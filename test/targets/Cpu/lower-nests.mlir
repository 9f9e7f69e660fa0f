// RUN: lathe-opt --lathe-cpu-lower-nests="vector-bits=256 registers=16 masks=true" --cse %s | FileCheck %s
// RUN: lathe-opt --lathe-cpu-lower-nests="vector-bits=0" %s | FileCheck %s --check-prefix=SCALAR

#a = affine_map<(i, j, k) -> (i, k)>
#b = affine_map<(i, j, k) -> (k, j)>
#c = affine_map<(i, j, k) -> (i, j)>

// Twelve accumulators of eight lanes, started from the fill.
// CHECK-LABEL: func.func @product_keeps_accumulators_in_registers
// SCALAR-LABEL: func.func @product_keeps_accumulators_in_registers
func.func @product_keeps_accumulators_in_registers(%x: memref<12x32xf32>, %w: memref<32x16xf32>, %out: memref<12x16xf32>) {
  // CHECK: scf.for
  // CHECK: scf.for {{.*}} -> (vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>)
  // CHECK-COUNT-2: vector.load
  // CHECK-NOT: vector.load
  // CHECK: scf.yield
  // CHECK-COUNT-12: vector.store
  // CHECK-NOT: linalg
  // SCALAR-NOT: vector
  %zero = arith.constant 0.0 : f32
  linalg.generic {indexing_maps = [affine_map<(i, j) -> ()>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]} ins(%zero : f32) outs(%out : memref<12x16xf32>) {
    ^bb0(%p: f32, %o: f32):
      linalg.yield %p : f32
  }
  linalg.generic {indexing_maps = [#a, #b, #c], iterator_types = ["parallel", "parallel", "reduction"]} ins(%x, %w : memref<12x32xf32>, memref<32x16xf32>) outs(%out : memref<12x16xf32>) {
    ^bb0(%p: f32, %q: f32, %o: f32):
      %t = arith.mulf %p, %q : f32
      %s = arith.addf %o, %t : f32
      linalg.yield %s : f32
  }
  return
}

// CHECK-LABEL: func.func @tail_is_masked
func.func @tail_is_masked(%x: memref<13xf32>, %out: memref<13xf32>) {
  // CHECK: vector.load %{{.+}} : memref<13xf32>, vector<8xf32>
  // CHECK: vector.maskedload
  // CHECK: vector.maskedstore
  linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]} ins(%x : memref<13xf32>) outs(%out : memref<13xf32>) {
    ^bb0(%p: f32, %o: f32):
      %v = arith.negf %p : f32
      linalg.yield %v : f32
  }
  return
}

// An assertion has no vector form.
// CHECK-LABEL: func.func @checked_body_stays_scalar
func.func @checked_body_stays_scalar(%x: memref<13xi64>, %out: memref<13xi64>) {
  // CHECK-NOT: vector
  // CHECK: cf.assert
  %zero = arith.constant 0 : i64
  linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]} ins(%x : memref<13xi64>) outs(%out : memref<13xi64>) {
    ^bb0(%p: i64, %o: i64):
      %ok = arith.cmpi sge, %p, %zero : i64
      cf.assert %ok, "index is negative"
      linalg.yield %p : i64
  }
  return
}

// Without vectors a long sum goes to four partial sums, and what is left over
// to the first of them; the start enters at the end.
// SCALAR-LABEL: func.func @scalar_sum_has_four_chains
// SCALAR: %[[SUMS:.+]]:4 = scf.for {{.*}} -> (f32, f32, f32, f32)
// SCALAR-COUNT-4: arith.addf
// SCALAR: scf.yield
// SCALAR: %[[A:.+]] = arith.addf %{{.+}}, %[[SUMS]]#1
// SCALAR: %[[B:.+]] = arith.addf %[[SUMS]]#2, %[[SUMS]]#3
// SCALAR: %[[ALL:.+]] = arith.addf %[[A]], %[[B]]
// SCALAR: %[[RESULT:.+]] = arith.addf %{{.+}}, %[[ALL]]
// SCALAR: memref.store %[[RESULT]]
func.func @scalar_sum_has_four_chains(%x: memref<13xf32>, %out: memref<f32>) {
  linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> ()>], iterator_types = ["reduction"]} ins(%x : memref<13xf32>) outs(%out : memref<f32>) {
    ^bb0(%p: f32, %o: f32):
      %s = arith.addf %o, %p : f32
      linalg.yield %s : f32
  }
  return
}

// A maximum does not round: one chain. So has a sum that is short.
// SCALAR-LABEL: func.func @scalar_maximum_has_one_chain
// SCALAR: scf.for {{.*}} -> (f32) {
func.func @scalar_maximum_has_one_chain(%x: memref<13xf32>, %out: memref<f32>) {
  linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> ()>], iterator_types = ["reduction"]} ins(%x : memref<13xf32>) outs(%out : memref<f32>) {
    ^bb0(%p: f32, %o: f32):
      %s = arith.maximumf %o, %p : f32
      linalg.yield %s : f32
  }
  return
}

// SCALAR-LABEL: func.func @short_scalar_sum_has_one_chain
// SCALAR: scf.for {{.*}} -> (f32) {
func.func @short_scalar_sum_has_one_chain(%x: memref<7xf32>, %out: memref<f32>) {
  linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> ()>], iterator_types = ["reduction"]} ins(%x : memref<7xf32>) outs(%out : memref<f32>) {
    ^bb0(%p: f32, %o: f32):
      %s = arith.addf %o, %p : f32
      linalg.yield %s : f32
  }
  return
}

// Rows become columns: the loop along the rows that are read is the innermost, and as many rows as a
// vector has lanes are read, so that their cache lines stay until they are used up.
// CHECK-LABEL: func.func @turned_rows_are_read_along
func.func @turned_rows_are_read_along(%x: memref<32x64xf32>, %out: memref<64x32xf32>) {
  // CHECK: scf.for %[[ROW:.+]] = %c0{{.*}} to %c32{{.*}} step %c8
  // CHECK: scf.for %[[COLUMN:.+]] = %c0{{.*}} to %c64{{.*}} step %c8
  // CHECK-COUNT-8: vector.load %arg0
  // CHECK-NOT: memref.load
  // CHECK: vector.store %{{.+}}, %arg1[%[[COLUMN]], %[[ROW]]]
  linalg.generic {indexing_maps = [affine_map<(c, r) -> (r, c)>, affine_map<(c, r) -> (c, r)>], iterator_types = ["parallel", "parallel"]} ins(%x : memref<32x64xf32>) outs(%out : memref<64x32xf32>) {
    ^bb0(%a: f32, %o: f32):
      linalg.yield %a : f32
  }
  return
}

// Rows that stay rows are read in vectors, some at a time.
// CHECK-LABEL: func.func @rows_are_read_in_vectors
func.func @rows_are_read_in_vectors(%x: memref<32x64xf32>, %out: memref<32x64xf32>) {
  // CHECK-COUNT-4: vector.load
  linalg.generic {indexing_maps = [affine_map<(c, r) -> (c, r)>, affine_map<(c, r) -> (c, r)>], iterator_types = ["parallel", "parallel"]} ins(%x : memref<32x64xf32>) outs(%out : memref<32x64xf32>) {
    ^bb0(%a: f32, %o: f32):
      linalg.yield %a : f32
  }
  return
}

// Chains of dependent instructions run side by side, and share what their constants cost.
// CHECK-LABEL: func.func @short_functions_come_by_four
func.func @short_functions_come_by_four(%x: memref<64xf32>, %out: memref<64xf32>) {
  // CHECK: scf.for
  // CHECK-COUNT-4: vector.insert {{.+}} : vector<8xf32> into vector<4x8xf32>
  // CHECK: %[[ALL:.+]] = math.exp {{.+}} : vector<4x8xf32>
  // CHECK: %[[LAST:.+]] = vector.extract %[[ALL]][3]
  // CHECK: vector.store %[[LAST]]
  // CHECK: return
  linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]} ins(%x : memref<64xf32>) outs(%out : memref<64xf32>) {
    ^bb0(%a: f32, %o: f32):
      %e = math.exp %a : f32
      linalg.yield %e : f32
  }
  return
}

// What all vectors share is one constant, not rows of it.
// CHECK-LABEL: func.func @constants_are_shared_by_rows
func.func @constants_are_shared_by_rows(%x: memref<64xf32>, %out: memref<64xf32>) {
  // CHECK: %[[ONE:.+]] = arith.constant dense<1.000000e+00> : vector<4x8xf32>
  // CHECK: arith.addf %{{.+}}, %[[ONE]]
  // CHECK-NOT: vector.broadcast
  // CHECK: return
  linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]} ins(%x : memref<64xf32>) outs(%out : memref<64xf32>) {
    ^bb0(%a: f32, %o: f32):
      %one = arith.constant 1.0 : f32
      %e = math.exp %a : f32
      %s = arith.addf %e, %one : f32
      linalg.yield %s : f32
  }
  return
}

// CHECK-LABEL: func.func @long_functions_come_alone
func.func @long_functions_come_alone(%x: memref<64xf32>, %out: memref<64xf32>) {
  // CHECK: math.log {{.+}} : vector<8xf32>
  // CHECK-NOT: math.log
  // CHECK: return
  linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]} ins(%x : memref<64xf32>) outs(%out : memref<64xf32>) {
    ^bb0(%a: f32, %o: f32):
      %e = math.log %a : f32
      linalg.yield %e : f32
  }
  return
}
