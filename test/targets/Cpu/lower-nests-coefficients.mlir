// RUN: lathe-opt --lathe-cpu-lower-nests="vector-bits=256 registers=16 masks=true" --canonicalize --cse %s | FileCheck %s

#in = affine_map<(t, x, i, c, a) -> (t * 4 + a, x, c)>
#length = affine_map<(t, x, i, c, a) -> (a)>
#out = affine_map<(t, x, i, c, a) -> (t, i, x, c)>

// The matrix [[4, 0, -5], [0, 1, 0]]: its entries are constants of unrolled loops, a
// zero costs nothing and a one is no multiplication.
// CHECK-LABEL: func.func @transform
// CHECK-COUNT-3: vector.load
// CHECK-NOT: vector.load
// CHECK-NOT: arith.select
// CHECK-COUNT-2: vector.store
// CHECK-NOT: vector.store
// CHECK: return
func.func @transform(%x: memref<30x30x128xf32>, %length: memref<3xf32>, %out: memref<7x2x30x128xf32>) {
  %zero = arith.constant 0.0 : f32
  linalg.generic {indexing_maps = [affine_map<(i, j, k, l) -> (i, j, k, l)>], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} outs(%out : memref<7x2x30x128xf32>) {
    ^bb0(%o: f32):
      linalg.yield %zero : f32
  }
  linalg.generic {indexing_maps = [#in, #length, #out], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction"]} ins(%x, %length : memref<30x30x128xf32>, memref<3xf32>) outs(%out : memref<7x2x30x128xf32>) {
    ^bb0(%p: f32, %unused: f32, %o: f32):
      %i = linalg.index 2 : index
      %a = linalg.index 4 : index
      %three = arith.constant 3 : index
      %row = arith.muli %i, %three : index
      %place = arith.addi %row, %a : index
      %c0 = arith.constant 0 : index
      %c2 = arith.constant 2 : index
      %c4 = arith.constant 4 : index
      %four = arith.constant 4.0 : f32
      %five = arith.constant -5.0 : f32
      %one = arith.constant 1.0 : f32
      %is0 = arith.cmpi eq, %place, %c0 : index
      %is2 = arith.cmpi eq, %place, %c2 : index
      %is4 = arith.cmpi eq, %place, %c4 : index
      %k0 = arith.select %is0, %four, %zero : f32
      %k1 = arith.select %is2, %five, %k0 : f32
      %k = arith.select %is4, %one, %k1 : f32
      %t = arith.mulf %p, %k fastmath<nnan,nsz> : f32
      %s = arith.addf %o, %t fastmath<nsz> : f32
      linalg.yield %s : f32
  }
  return
}

// Without the flags a factor of zero might be met by an infinity: it stays.
// CHECK-LABEL: func.func @strict_zero_stays
// CHECK: arith.mulf %{{.+}}, %{{.+}} fastmath<contract>
// CHECK: return
func.func @strict_zero_stays(%x: memref<2x128xf32>, %length: memref<2xf32>, %out: memref<2x128xf32>) {
  linalg.generic {indexing_maps = [affine_map<(i, c, a) -> (a, c)>, affine_map<(i, c, a) -> (a)>, affine_map<(i, c, a) -> (i, c)>], iterator_types = ["parallel", "parallel", "reduction"]} ins(%x, %length : memref<2x128xf32>, memref<2xf32>) outs(%out : memref<2x128xf32>) {
    ^bb0(%p: f32, %unused: f32, %o: f32):
      %zero = arith.constant 0.0 : f32
      %two = arith.constant 2.0 : f32
      %i = linalg.index 0 : index
      %a = linalg.index 2 : index
      %same = arith.cmpi eq, %i, %a : index
      %k = arith.select %same, %two, %zero : f32
      %t = arith.mulf %p, %k : f32
      %s = arith.addf %o, %t : f32
      linalg.yield %s : f32
  }
  return
}
