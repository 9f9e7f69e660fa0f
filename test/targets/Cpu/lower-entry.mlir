// RUN: lathe-opt --lathe-cpu-lower-entry %s | FileCheck %s

// CHECK-LABEL: llvm.func @k(
// CHECK-SAME: %[[ARGS:[a-z0-9]+]]: !llvm.ptr, %[[BEGIN:[a-z0-9]+]]: i32, %[[END:[a-z0-9]+]]: i32, %{{.+}}: !llvm.ptr)
// CHECK-SAME: lathe.may_fail
func.func @k(%x: memref<?xf32> {lathe.dim_args = array<i64: 1>}, %n: index, %begin: index {lathe.tile_begin}, %end: index {lathe.tile_end}, %scratch: memref<?xi8> {lathe.scratch}) attributes {lathe.scratch_bytes = 64 : i64} {
  // CHECK: llvm.getelementptr %[[ARGS]][8]
  // CHECK: arith.index_castui %[[BEGIN]]
  // CHECK: arith.index_castui %[[END]]
  // CHECK: scf.if
  // CHECK: llvm.getelementptr %[[ARGS]][16]
  // CHECK: llvm.store %{{.+}} atomic monotonic
  // CHECK-NOT: cf.assert
  %ok = arith.cmpi ult, %begin, %n : index
  cf.assert %ok, "index out of range"
  return
}
