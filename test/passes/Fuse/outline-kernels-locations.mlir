// RUN: lathe-opt --lathe-form-groups --lathe-outline-kernels --mlir-print-debuginfo --mlir-print-local-scope %s | FileCheck %s

// CHECK: graph.dispatch {{.*}} loc(fused["first", "second"])
func.func @a_dispatch_keeps_all_locations(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = graph.relu %x : (tensor<4xf32>) -> tensor<4xf32> loc("first")
  %1 = graph.exp %0 : (tensor<4xf32>) -> tensor<4xf32> loc("second")
  return %1 : tensor<4xf32>
}
