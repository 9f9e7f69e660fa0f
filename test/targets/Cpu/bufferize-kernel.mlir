// RUN: lathe-opt --lathe-cpu-bufferize-kernel %s | FileCheck %s

#id = affine_map<(i) -> (i)>

// The temporary between the two steps is the destination itself.
// CHECK-LABEL: func.func @epilogue_works_in_place
// CHECK-SAME: %[[OUT:[a-z0-9]+]]: memref<8xf32> {{{.*}}lathe.output}
func.func @epilogue_works_in_place(%x: tensor<8x4xf32>, %out: tensor<8xf32> {lathe.output}) -> tensor<8xf32> {
  // CHECK-NOT: memref.alloc
  // CHECK: outs(%[[OUT]] : memref<8xf32>)
  // CHECK: outs(%[[OUT]] : memref<8xf32>)
  // CHECK: return{{$}}
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<8xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<8xf32>) -> tensor<8xf32>
  %s = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i)>], iterator_types = ["parallel", "reduction"]} ins(%x : tensor<8x4xf32>) outs(%f : tensor<8xf32>) {
    ^bb0(%p: f32, %o: f32):
      %v = arith.addf %p, %o : f32
      linalg.yield %v : f32
  } -> tensor<8xf32>
  %r = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]} ins(%s : tensor<8xf32>) outs(%out : tensor<8xf32>) {
    ^bb0(%p: f32, %o: f32):
      %v = math.exp %p : f32
      linalg.yield %v : f32
  } -> tensor<8xf32>
  return %r : tensor<8xf32>
}

// Two sums that start from one fill: each has its own, in its own place, so
// that none is copied from the other.
// CHECK-LABEL: func.func @sums_have_their_own_start
// CHECK-SAME: %[[A:[a-z0-9]+]]: memref<8xf32> {{{.*}}lathe.output}, %[[B:[a-z0-9]+]]: memref<8xf32> {{{.*}}lathe.output}
func.func @sums_have_their_own_start(%x: tensor<8x4xf32>, %a: tensor<8xf32> {lathe.output}, %b: tensor<8xf32> {lathe.output}) -> (tensor<8xf32>, tensor<8xf32>) {
  // CHECK-NOT: memref.alloc
  // CHECK-DAG: linalg.generic {indexing_maps = [#{{.+}}], iterator_types = ["parallel"]} outs(%[[A]] : memref<8xf32>)
  // CHECK-DAG: linalg.generic {indexing_maps = [#{{.+}}], iterator_types = ["parallel"]} outs(%[[B]] : memref<8xf32>)
  // CHECK: linalg.generic {{.*}}"reduction"]} {{.*}} outs(%[[A]] : memref<8xf32>)
  // CHECK-NOT: linalg.generic
  // CHECK: linalg.generic {{.*}}"reduction"]} {{.*}} outs(%[[B]] : memref<8xf32>)
  // CHECK-NOT: linalg.generic
  // CHECK: return{{$}}
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<8xf32>
  %f = linalg.generic {indexing_maps = [#id], iterator_types = ["parallel"]} outs(%e : tensor<8xf32>) {
    ^bb0(%o: f32):
      linalg.yield %zero : f32
  } -> tensor<8xf32>
  %s = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i)>], iterator_types = ["parallel", "reduction"]} ins(%x : tensor<8x4xf32>) outs(%f : tensor<8xf32>) {
    ^bb0(%p: f32, %o: f32):
      %v = arith.addf %p, %o : f32
      linalg.yield %v : f32
  } -> tensor<8xf32>
  %t = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i)>], iterator_types = ["parallel", "reduction"]} ins(%x : tensor<8x4xf32>) outs(%f : tensor<8xf32>) {
    ^bb0(%p: f32, %o: f32):
      %v = arith.subf %o, %p : f32
      linalg.yield %v : f32
  } -> tensor<8xf32>
  return %s, %t : tensor<8xf32>, tensor<8xf32>
}

// A loop that starts from nothing starts from the destination: a step after it
// that was an identity is gone, and its destination with it.
// CHECK-LABEL: func.func @loop_starts_from_destination
// CHECK-SAME: %[[IN:[a-z0-9]+]]: memref<8x4xf32>, %[[OUT:[a-z0-9]+]]: memref<8x4xf32> {{{.*}}lathe.output}
func.func @loop_starts_from_destination(%x: tensor<8x4xf32>, %out: tensor<8x4xf32> {lathe.output}) -> tensor<8x4xf32> {
  // CHECK: %[[SUM:.+]] = memref.alloc{{.*}} : memref<4xf32>
  // CHECK-NOT: memref.alloc
  // CHECK: scf.for
  // CHECK: memref.subview %[[OUT]]
  // CHECK: return{{$}}
  %zero = arith.constant 0.0 : f32
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c8 = arith.constant 8 : index
  %e = tensor.empty() : tensor<8x4xf32>
  %t = tensor.empty() : tensor<4xf32>
  %f = linalg.fill ins(%zero : f32) outs(%t : tensor<4xf32>) -> tensor<4xf32>
  %r:2 = scf.for %i = %c0 to %c8 step %c1 iter_args(%all = %e, %sum = %f) -> (tensor<8x4xf32>, tensor<4xf32>) {
    %row = tensor.extract_slice %x[%i, 0] [1, 4] [1, 1] : tensor<8x4xf32> to tensor<4xf32>
    %next = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]} ins(%row : tensor<4xf32>) outs(%sum : tensor<4xf32>) {
      ^bb0(%p: f32, %o: f32):
        %v = arith.addf %p, %o : f32
        linalg.yield %v : f32
    } -> tensor<4xf32>
    %inserted = tensor.insert_slice %next into %all[%i, 0] [1, 4] [1, 1] : tensor<4xf32> into tensor<8x4xf32>
    scf.yield %inserted, %next : tensor<8x4xf32>, tensor<4xf32>
  }
  return %r#0 : tensor<8x4xf32>
}

// One loop for two results: the second is a copy of the first.
// CHECK-LABEL: func.func @loop_starts_from_one_destination
// CHECK-SAME: %[[A:[a-z0-9]+]]: memref<8x4xf32> {{{.*}}lathe.output}, %[[B:[a-z0-9]+]]: memref<8x4xf32> {{{.*}}lathe.output}
func.func @loop_starts_from_one_destination(%x: tensor<8x4xf32>, %a: tensor<8x4xf32> {lathe.output}, %b: tensor<8x4xf32> {lathe.output}) -> (tensor<8x4xf32>, tensor<8x4xf32>) {
  // CHECK-NOT: memref.alloc
  // CHECK: scf.for
  // CHECK: memref.subview %[[A]]
  // CHECK: linalg.generic {{.*}}ins(%[[A]] : memref<8x4xf32>) outs(%[[B]] : memref<8x4xf32>)
  // CHECK: return{{$}}
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c8 = arith.constant 8 : index
  %e = tensor.empty() : tensor<8x4xf32>
  %r = scf.for %i = %c0 to %c8 step %c1 iter_args(%all = %e) -> (tensor<8x4xf32>) {
    %row = tensor.extract_slice %x[%i, 0] [1, 4] [1, 1] : tensor<8x4xf32> to tensor<1x4xf32>
    %inserted = tensor.insert_slice %row into %all[%i, 0] [1, 4] [1, 1] : tensor<1x4xf32> into tensor<8x4xf32>
    scf.yield %inserted : tensor<8x4xf32>
  }
  return %r, %r : tensor<8x4xf32>, tensor<8x4xf32>
}

// A table of equal elements that a body reads is filled once, outside it.
// CHECK-LABEL: func.func @table_stays_outside
func.func @table_stays_outside(%i: tensor<3xindex>, %out: tensor<3xf32> {lathe.output}) -> tensor<3xf32> {
  // CHECK: %[[TABLE:.+]] = memref.alloc{{.*}} : memref<2xf32>
  // CHECK: linalg.generic {{.*}}outs(%[[TABLE]] : memref<2xf32>)
  // CHECK: linalg.generic {{.*}}ins(%{{.+}} : memref<3xindex>)
  // CHECK-NOT: linalg.generic
  // CHECK: memref.load %[[TABLE]]
  // CHECK: return{{$}}
  %two = arith.constant 2.0 : f32
  %e = tensor.empty() : tensor<2xf32>
  %table = linalg.fill ins(%two : f32) outs(%e : tensor<2xf32>) -> tensor<2xf32>
  %r = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]} ins(%i : tensor<3xindex>) outs(%out : tensor<3xf32>) {
    ^bb0(%at: index, %o: f32):
      %v = tensor.extract %table[%at] : tensor<2xf32>
      linalg.yield %v : f32
  } -> tensor<3xf32>
  return %r : tensor<3xf32>
}
