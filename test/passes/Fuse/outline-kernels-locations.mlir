// RUN: lathe-opt --lathe-form-groups --lathe-outline-kernels --mlir-print-debuginfo --mlir-print-local-scope %s | FileCheck %s

// CHECK: graph.dispatch {{.*}} loc(fused["first", "second"])
func.func @a_dispatch_keeps_all_locations(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = graph.relu %x : (tensor<4xf32>) -> tensor<4xf32> loc("first")
  %1 = graph.exp %0 : (tensor<4xf32>) -> tensor<4xf32> loc("second")
  return %1 : tensor<4xf32>
}

// CHECK: graph.dispatch {{.*}} loc(fused[fused<{op = "aten.relu.default"}>["first", "m.py":3:0], fused<{op = "aten.exp.default"}>["second", "m.py":3:0]])
func.func @nodes_of_one_line_both_keep_it(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = graph.relu %x : (tensor<4xf32>) -> tensor<4xf32> loc(fused<{op = "aten.relu.default"}>["first", "m.py":3:0])
  %1 = graph.exp %0 : (tensor<4xf32>) -> tensor<4xf32> loc(fused<{op = "aten.exp.default"}>["second", "m.py":3:0])
  return %1 : tensor<4xf32>
}

// CHECK: graph.dispatch {{.*}} loc(fused["index", "add", "relu"])
func.func @what_can_fail_comes_first(%x: tensor<6x4xf32>, %i: tensor<2xi64>) -> tensor<2x4xf32> {
  %0 = graph.add %x, %x : (tensor<6x4xf32>, tensor<6x4xf32>) -> tensor<6x4xf32> loc("add")
  %1 = graph.gather %0, %i {dim = 0 : i64} : (tensor<6x4xf32>, tensor<2xi64>) -> tensor<2x4xf32> loc("index")
  %2 = graph.relu %1 : (tensor<2x4xf32>) -> tensor<2x4xf32> loc("relu")
  return %2 : tensor<2x4xf32>
}
