// RUN: lathe-opt --split-input-file --verify-diagnostics --lathe-cpu-normalize-kernel %s | FileCheck %s

// CHECK-LABEL: func.func @truth_is_a_byte
// CHECK-SAME: %{{.+}}: tensor<8xi8>, %{{.+}}: tensor<8xi8>
func.func @truth_is_a_byte(%x: tensor<8xi1>, %out: tensor<8xi1> {lathe.output}) -> tensor<8xi1> {
  // CHECK: ^bb0(%[[IN:.+]]: i8, %{{.+}}: i8):
  // CHECK: %[[TRUTH:.+]] = arith.cmpi ne, %[[IN]]
  // CHECK: %[[NOT:.+]] = arith.xori %[[TRUTH]]
  // CHECK: %[[BYTE:.+]] = arith.extui %[[NOT]] : i1 to i8
  // CHECK: linalg.yield %[[BYTE]] : i8
  %true = arith.constant true
  %r = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]}
      ins(%x : tensor<8xi1>) outs(%out : tensor<8xi1>) {
    ^bb0(%a: i1, %o: i1):
      %n = arith.xori %a, %true : i1
      linalg.yield %n : i1
  } -> tensor<8xi1>
  return %r : tensor<8xi1>
}

// -----

// CHECK-LABEL: func.func @sizes_are_arguments
// CHECK-SAME: %[[N:[a-z0-9]+]]: index
func.func @sizes_are_arguments(%x: tensor<?xf32> {lathe.dim_args = array<i64: 2>}, %out: tensor<?xf32> {lathe.output, lathe.dim_args = array<i64: 2>}, %n: index) -> tensor<?xf32> {
  // CHECK-NOT: tensor.dim
  // CHECK: tensor.empty(%[[N]])
  %c0 = arith.constant 0 : index
  %d = tensor.dim %x, %c0 : tensor<?xf32>
  %e = tensor.empty(%d) : tensor<?xf32>
  %c = linalg.copy ins(%x : tensor<?xf32>) outs(%e : tensor<?xf32>) -> tensor<?xf32>
  %r = linalg.exp ins(%c : tensor<?xf32>) outs(%out : tensor<?xf32>) -> tensor<?xf32>
  return %r : tensor<?xf32>
}

// -----

// expected-error@+1 {{argument 0 has dynamic dimensions and no 'lathe.dim_args' of its rank}}
func.func @no_size(%x: tensor<?xf32>, %out: tensor<?xf32> {lathe.output}) -> tensor<?xf32> {
  %r = linalg.exp ins(%x : tensor<?xf32>) outs(%out : tensor<?xf32>) -> tensor<?xf32>
  return %r : tensor<?xf32>
}

// -----

// A sum over nothing is what it starts from. Tiling would fail on its empty loop.
// CHECK-LABEL: func.func @empty_sum_is_its_fill
// CHECK-SAME: %[[OUT:[a-z0-9]+]]: tensor<65536xf32> {lathe.output}
func.func @empty_sum_is_its_fill(%x: tensor<65536x0xf32>, %out: tensor<65536xf32> {lathe.output}) -> tensor<65536xf32> {
  // CHECK: %[[FILL:.+]] = linalg.generic {{.*}} outs(%[[OUT]] : tensor<65536xf32>)
  // CHECK-NOT: linalg.generic
  // CHECK: return %[[FILL]]
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<65536x0xf32>
  %y = linalg.exp ins(%x : tensor<65536x0xf32>) outs(%e : tensor<65536x0xf32>) -> tensor<65536x0xf32>
  %f = linalg.fill ins(%zero : f32) outs(%out : tensor<65536xf32>) -> tensor<65536xf32>
  %r = linalg.reduce { arith.addf } ins(%y : tensor<65536x0xf32>) outs(%f : tensor<65536xf32>) dimensions = [1]
  return %r : tensor<65536xf32>
}

// -----

// CHECK-LABEL: func.func @a_sum_of_one_stays
func.func @a_sum_of_one_stays(%x: tensor<65536x1xf32>, %out: tensor<65536xf32> {lathe.output}) -> tensor<65536xf32> {
  // CHECK: arith.addf
  %zero = arith.constant 0.0 : f32
  %f = linalg.fill ins(%zero : f32) outs(%out : tensor<65536xf32>) -> tensor<65536xf32>
  %r = linalg.reduce { arith.addf } ins(%x : tensor<65536x1xf32>) outs(%f : tensor<65536xf32>) dimensions = [1]
  return %r : tensor<65536xf32>
}
