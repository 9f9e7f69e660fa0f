// RUN: lathe-opt --lathe-remove-unused-weights %s | FileCheck %s
// RUN: lathe-opt --lathe-remove-unused-weights %s | lathe-opt --lathe-remove-unused-weights | FileCheck %s

// CHECK: graph.weight @source
graph.weight @source : tensor<4xf32> key "00"
// CHECK-NOT: @unread
graph.weight @unread : tensor<4xf32> key "01"
// CHECK-NOT: @only_for_unread
graph.weight @only_for_unread : tensor<4xf32> {
  %0 = graph.use_weight @unread : tensor<4xf32>
  graph.yield %0 : tensor<4xf32>
}
// CHECK: graph.weight @computed
graph.weight @computed : tensor<4xf32> {
  %0 = graph.use_weight @source : tensor<4xf32>
  graph.yield %0 : tensor<4xf32>
}
// CHECK: graph.weight @start
graph.weight @start : tensor<4xf32> key "02"
// CHECK: graph.state @kept
graph.state @kept : tensor<4xf32> initial @start
// CHECK-NOT: @forgotten
graph.state @forgotten : tensor<4xf32>

// CHECK-LABEL: func.func @weight_behind_a_dead_operator_goes
func.func @weight_behind_a_dead_operator_goes() -> tensor<4xf32> {
  // CHECK-NOT: graph.relu
  %dead = graph.use_weight @unread : tensor<4xf32>
  %0 = graph.relu %dead : (tensor<4xf32>) -> tensor<4xf32>
  %1 = graph.use_weight @computed : tensor<4xf32>
  graph.state_write @kept = %1 : tensor<4xf32>
  return %1 : tensor<4xf32>
}
