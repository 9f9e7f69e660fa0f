// RUN: lathe-opt --lathe-cpu-lower-nests="vector-bits=256 registers=16 masks=true" --cse %s | FileCheck %s

#a = affine_map<(i, j, k) -> (i, k)>
#b = affine_map<(i, j, k) -> (k, j)>
#c = affine_map<(i, j, k) -> (i, j)>
#row = affine_map<(i, j) -> (j)>
#point = affine_map<(i, j) -> (i, j)>
#turned = affine_map<(i, j) -> (j, i)>

// Bias and activation are computed on the accumulators; only they are stored.
// CHECK-LABEL: func.func @bias_and_relu_on_accumulators
func.func @bias_and_relu_on_accumulators(%x: memref<12x32xf32>, %w: memref<32x16xf32>, %bias: memref<16xf32>, %out: memref<12x16xf32>) {
  // CHECK-COUNT-2: scf.for
  // CHECK-NOT: vector.store
  // CHECK-COUNT-12: arith.maximumf
  // CHECK-COUNT-12: vector.store
  // CHECK-NOT: vector.load
  // CHECK-NOT: scf.for
  // CHECK: return
  %zero = arith.constant 0.0 : f32
  linalg.generic {indexing_maps = [#a, #b, #c], iterator_types = ["parallel", "parallel", "reduction"]} ins(%x, %w : memref<12x32xf32>, memref<32x16xf32>) outs(%out : memref<12x16xf32>) {
    ^bb0(%p: f32, %q: f32, %o: f32):
      %t = arith.mulf %p, %q : f32
      %s = arith.addf %o, %t : f32
      linalg.yield %s : f32
  }
  linalg.generic {indexing_maps = [#point, #row, #point], iterator_types = ["parallel", "parallel"]} ins(%out, %bias : memref<12x16xf32>, memref<16xf32>) outs(%out : memref<12x16xf32>) {
    ^bb0(%p: f32, %q: f32, %o: f32):
      %s = arith.addf %p, %q : f32
      %m = arith.maximumf %s, %zero : f32
      linalg.yield %m : f32
  }
  return
}

// A temporary that nobody else reads is never written.
// CHECK-LABEL: func.func @temporary_stays_in_registers
func.func @temporary_stays_in_registers(%x: memref<12x32xf32>, %w: memref<32x16xf32>, %out: memref<12x16xf32>, %scratch: memref<768xi8>) {
  // CHECK-NOT: memref.view
  // CHECK-COUNT-12: vector.store %{{.*}}, %arg2
  // CHECK-NOT: vector.store
  // CHECK: return
  %begin = arith.constant 0 : index
  %zero = arith.constant 0.0 : f32
  %sum = memref.view %scratch[%begin][] : memref<768xi8> to memref<12x16xf32>
  linalg.generic {indexing_maps = [affine_map<(i, j) -> ()>, #point], iterator_types = ["parallel", "parallel"]} ins(%zero : f32) outs(%sum : memref<12x16xf32>) {
    ^bb0(%p: f32, %o: f32):
      linalg.yield %p : f32
  }
  linalg.generic {indexing_maps = [#a, #b, #c], iterator_types = ["parallel", "parallel", "reduction"]} ins(%x, %w : memref<12x32xf32>, memref<32x16xf32>) outs(%sum : memref<12x16xf32>) {
    ^bb0(%p: f32, %q: f32, %o: f32):
      %t = arith.mulf %p, %q : f32
      %s = arith.addf %o, %t : f32
      linalg.yield %s : f32
  }
  linalg.generic {indexing_maps = [#point, #point], iterator_types = ["parallel", "parallel"]} ins(%sum : memref<12x16xf32>) outs(%out : memref<12x16xf32>) {
    ^bb0(%p: f32, %o: f32):
      %m = arith.negf %p : f32
      linalg.yield %m : f32
  }
  return
}

// What the sum reads is not overwritten before the sum is done.
// CHECK-LABEL: func.func @operand_of_the_sum_is_overwritten
func.func @operand_of_the_sum_is_overwritten(%x: memref<16x16xf32>, %w: memref<16x16xf32>, %out: memref<16x16xf32>) {
  // CHECK: vector.store %{{.*}}, %arg2
  // CHECK-NOT: arith.negf
  // CHECK: scf.for
  // CHECK: arith.negf
  // CHECK: return
  linalg.generic {indexing_maps = [#a, #b, #c], iterator_types = ["parallel", "parallel", "reduction"]} ins(%x, %w : memref<16x16xf32>, memref<16x16xf32>) outs(%out : memref<16x16xf32>) {
    ^bb0(%p: f32, %q: f32, %o: f32):
      %t = arith.mulf %p, %q : f32
      %s = arith.addf %o, %t : f32
      linalg.yield %s : f32
  }
  linalg.generic {indexing_maps = [#point, #point], iterator_types = ["parallel", "parallel"]} ins(%out : memref<16x16xf32>) outs(%x : memref<16x16xf32>) {
    ^bb0(%p: f32, %o: f32):
      %m = arith.negf %p : f32
      linalg.yield %m : f32
  }
  return
}

// Another point of the sum than the one that is complete.
// CHECK-LABEL: func.func @transposed_reader_waits
func.func @transposed_reader_waits(%x: memref<16x16xf32>, %w: memref<16x16xf32>, %sum: memref<16x16xf32>, %out: memref<16x16xf32>) {
  // CHECK: vector.store %{{.*}}, %arg2
  // CHECK-NOT: arith.negf
  // CHECK: scf.for
  // CHECK: arith.negf
  // CHECK: return
  linalg.generic {indexing_maps = [#a, #b, #c], iterator_types = ["parallel", "parallel", "reduction"]} ins(%x, %w : memref<16x16xf32>, memref<16x16xf32>) outs(%sum : memref<16x16xf32>) {
    ^bb0(%p: f32, %q: f32, %o: f32):
      %t = arith.mulf %p, %q : f32
      %s = arith.addf %o, %t : f32
      linalg.yield %s : f32
  }
  linalg.generic {indexing_maps = [#turned, #point], iterator_types = ["parallel", "parallel"]} ins(%sum : memref<16x16xf32>) outs(%out : memref<16x16xf32>) {
    ^bb0(%p: f32, %o: f32):
      %m = arith.negf %p : f32
      linalg.yield %m : f32
  }
  return
}

// Some after the others: a function needs the registers of sums that are done.
// CHECK-LABEL: func.func @short_function_on_accumulators
func.func @short_function_on_accumulators(%x: memref<12x32xf32>, %w: memref<32x16xf32>, %out: memref<12x16xf32>) {
  // CHECK: scf.for
  // CHECK: %[[SUM:.*]]:12 = scf.for
  // CHECK: vector.insert %[[SUM]]#5
  // CHECK-NOT: vector.insert
  // CHECK: %[[FIRST:.*]] = math.exp {{.*}} : vector<6x8xf32>
  // CHECK: %[[ROW:.*]] = vector.extract %[[FIRST]][5]
  // CHECK: vector.store %[[ROW]]
  // CHECK: vector.insert %[[SUM]]#6
  // CHECK: math.exp {{.*}} : vector<6x8xf32>
  // CHECK-COUNT-6: vector.store
  // CHECK-NOT: math.exp
  // CHECK: return
  linalg.generic {indexing_maps = [#a, #b, #c], iterator_types = ["parallel", "parallel", "reduction"]} ins(%x, %w : memref<12x32xf32>, memref<32x16xf32>) outs(%out : memref<12x16xf32>) {
    ^bb0(%p: f32, %q: f32, %o: f32):
      %t = arith.mulf %p, %q : f32
      %s = arith.addf %o, %t : f32
      linalg.yield %s : f32
  }
  linalg.generic {indexing_maps = [#point, #point], iterator_types = ["parallel", "parallel"]} ins(%out : memref<12x16xf32>) outs(%out : memref<12x16xf32>) {
    ^bb0(%p: f32, %o: f32):
      %m = math.exp %p : f32
      linalg.yield %m : f32
  }
  return
}

// Hundreds of instructions are not written out for each accumulator.
// CHECK-LABEL: func.func @long_function_has_a_loop_of_its_own
func.func @long_function_has_a_loop_of_its_own(%x: memref<12x32xf32>, %w: memref<32x16xf32>, %out: memref<12x16xf32>) {
  // CHECK-COUNT-12: vector.store
  // CHECK: scf.for
  // CHECK: math.sin
  // CHECK: return
  linalg.generic {indexing_maps = [#a, #b, #c], iterator_types = ["parallel", "parallel", "reduction"]} ins(%x, %w : memref<12x32xf32>, memref<32x16xf32>) outs(%out : memref<12x16xf32>) {
    ^bb0(%p: f32, %q: f32, %o: f32):
      %t = arith.mulf %p, %q : f32
      %s = arith.addf %o, %t : f32
      linalg.yield %s : f32
  }
  linalg.generic {indexing_maps = [#point, #point], iterator_types = ["parallel", "parallel"]} ins(%out : memref<12x16xf32>) outs(%out : memref<12x16xf32>) {
    ^bb0(%p: f32, %o: f32):
      %m = math.sin %p : f32
      linalg.yield %m : f32
  }
  return
}

#lone_row = affine_map<(i, j, l) -> (0, j, l)>
#lone_column = affine_map<(i, j, l) -> (i, 0, l)>
#three = affine_map<(i, j, l) -> (i, j, l)>
#x3 = affine_map<(i, j, l, k) -> (i, j, k)>
#w3 = affine_map<(i, j, l, k) -> (k, l)>
#sum3 = affine_map<(i, j, l, k) -> (i, j, l)>

// A partner that is broadcast along a dimension of one has its own rows: the
// loops of the sum are not joined over it.
// CHECK-LABEL: func.func @broadcast_partner_keeps_its_rows
func.func @broadcast_partner_keeps_its_rows(%x: memref<4x4x8xf32>, %w: memref<8x16xf32>, %r: memref<1x4x16xf32>, %q: memref<4x1x16xf32>, %out: memref<4x4x16xf32>) {
  // CHECK-NOT: memref.collapse_shape
  // CHECK-DAG: vector.load %arg2[%c0{{[_0-9]*}}, %{{.+}}, %{{.+}}]
  // CHECK-DAG: vector.load %arg3[%{{.+}}, %c0{{[_0-9]*}}, %{{.+}}]
  // CHECK: return
  linalg.generic {indexing_maps = [#x3, #w3, #sum3], iterator_types = ["parallel", "parallel", "parallel", "reduction"]} ins(%x, %w : memref<4x4x8xf32>, memref<8x16xf32>) outs(%out : memref<4x4x16xf32>) {
    ^bb0(%p: f32, %m: f32, %o: f32):
      %t = arith.mulf %p, %m : f32
      %s = arith.addf %o, %t : f32
      linalg.yield %s : f32
  }
  linalg.generic {indexing_maps = [#three, #lone_row, #lone_column, #three], iterator_types = ["parallel", "parallel", "parallel"]} ins(%out, %r, %q : memref<4x4x16xf32>, memref<1x4x16xf32>, memref<4x1x16xf32>) outs(%out : memref<4x4x16xf32>) {
    ^bb0(%p: f32, %a: f32, %b: f32, %o: f32):
      %s = arith.addf %p, %a : f32
      %t = arith.addf %s, %b : f32
      linalg.yield %t : f32
  }
  return
}

// What a loop carries may be the buffer that the sum reads.
// CHECK-LABEL: func.func @carried_buffers_may_be_one
func.func @carried_buffers_may_be_one(%x: memref<16x16xf32>, %w: memref<16x16xf32>, %out: memref<16x16xf32>) {
  // CHECK: vector.store %{{.*}}, %arg2
  // CHECK-NOT: arith.negf
  // CHECK: scf.for
  // CHECK: arith.negf
  // CHECK: return
  %begin = arith.constant 0 : index
  %one = arith.constant 1 : index
  %end = arith.constant 2 : index
  %last:2 = scf.for %i = %begin to %end step %one iter_args(%m = %x, %n = %x) -> (memref<16x16xf32>, memref<16x16xf32>) {
    linalg.generic {indexing_maps = [#a, #b, #c], iterator_types = ["parallel", "parallel", "reduction"]} ins(%m, %w : memref<16x16xf32>, memref<16x16xf32>) outs(%out : memref<16x16xf32>) {
      ^bb0(%p: f32, %q: f32, %o: f32):
        %t = arith.mulf %p, %q : f32
        %s = arith.addf %o, %t : f32
        linalg.yield %s : f32
    }
    linalg.generic {indexing_maps = [#point, #point], iterator_types = ["parallel", "parallel"]} ins(%out : memref<16x16xf32>) outs(%n : memref<16x16xf32>) {
      ^bb0(%p: f32, %o: f32):
        %v = arith.negf %p : f32
        linalg.yield %v : f32
    }
    scf.yield %m, %n : memref<16x16xf32>, memref<16x16xf32>
  }
  return
}
