// RUN: lathe-opt --lathe-cpu-replace-bfloat %s | FileCheck %s

// CHECK-LABEL: llvm.func @bfloat_moves_as_integers
llvm.func @bfloat_moves_as_integers(%p: !llvm.ptr, %c: i1) {
  // CHECK: %[[SPLAT:.+]] = llvm.mlir.constant(dense<-128> : vector<8xi16>) : vector<8xi16>
  // CHECK: %[[ONE:.+]] = llvm.mlir.constant(16256 : i16) : i16
  // CHECK: llvm.getelementptr %{{.+}}[3] : (!llvm.ptr) -> !llvm.ptr, i16
  // CHECK: %[[LOADED:.+]] = llvm.load %{{.+}} -> i16
  // CHECK: llvm.select %{{.+}}, %[[ONE]], %[[LOADED]] : i1, i16
  // CHECK: llvm.store %[[SPLAT]], %{{.+}} : vector<8xi16>, !llvm.ptr
  %s = llvm.mlir.constant(dense<0xFF80> : vector<8xbf16>) : vector<8xbf16>
  %one = llvm.mlir.constant(1.0 : bf16) : bf16
  %q = llvm.getelementptr %p[3] : (!llvm.ptr) -> !llvm.ptr, bf16
  %x = llvm.load %q : !llvm.ptr -> bf16
  %y = llvm.select %c, %one, %x : i1, bf16
  llvm.store %y, %q : bf16, !llvm.ptr
  llvm.store %s, %p : vector<8xbf16>, !llvm.ptr
  llvm.return
}

// CHECK-LABEL: llvm.func @half_stays
llvm.func @half_stays(%p: !llvm.ptr) {
  // CHECK: llvm.load %{{.+}} -> f16
  %x = llvm.load %p : !llvm.ptr -> f16
  llvm.store %x, %p : f16, !llvm.ptr
  llvm.return
}
