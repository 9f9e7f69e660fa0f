// RUN: lathe-opt --lathe-assign-targets --split-input-file %s | FileCheck %s
// RUN: lathe-opt --lathe-assign-targets --split-input-file %s | lathe-opt --lathe-assign-targets --split-input-file | FileCheck %s

// CHECK-LABEL: func.func @one_device_takes_all
module attributes {graph.targets = [{name = "cpu"}]} {
  graph.weight @w : tensor<8x4xf32> key "00"
  func.func @one_device_takes_all(%x: tensor<2x4xf32>) -> tensor<2x8xf32> {
    // CHECK: graph.use_weight @w : tensor
    %w = graph.use_weight @w : tensor<8x4xf32>
    // CHECK: graph.linear {{.*}} {graph.device = "cpu"}
    // CHECK: graph.relu {{.*}} {graph.device = "cpu"}
    // CHECK-NOT: graph.transfer
    %0 = graph.linear %x, %w : (tensor<2x4xf32>, tensor<8x4xf32>) -> tensor<2x8xf32>
    %1 = graph.relu %0 : (tensor<2x8xf32>) -> tensor<2x8xf32>
    return %1 : tensor<2x8xf32>
  }
}

// -----

// CHECK-LABEL: func.func @values_cross_between_devices
module attributes {graph.targets = [
    {name = "gpu", operators = ["linear", "relu"], element_types = [f32]}, {name = "cpu", host}]} {
  graph.weight @w : tensor<8x4xf32> key "00"
  func.func @values_cross_between_devices(%x: tensor<2x4xf32>) -> (tensor<2x8xf32>, tensor<2x8xf32>) {
    // CHECK: %[[X:.+]] = graph.transfer %arg0 from "cpu" to "gpu"
    // CHECK: %[[W:.+]] = graph.use_weight
    %w = graph.use_weight @w : tensor<8x4xf32>
    // CHECK: %[[L:.+]] = graph.linear %[[X]], %[[W]] {graph.device = "gpu"}
    // CHECK: %[[R:.+]] = graph.relu %[[L]] {graph.device = "gpu"}
    // CHECK: %[[T:.+]] = graph.transfer %[[R]] from "gpu" to "cpu"
    // CHECK: %[[E:.+]] = graph.exp %[[T]] {graph.device = "cpu"}
    // CHECK: return %[[E]], %[[T]]
    %0 = graph.linear %x, %w : (tensor<2x4xf32>, tensor<8x4xf32>) -> tensor<2x8xf32>
    %1 = graph.relu %0 : (tensor<2x8xf32>) -> tensor<2x8xf32>
    %2 = graph.exp %1 : (tensor<2x8xf32>) -> tensor<2x8xf32>
    return %2, %1 : tensor<2x8xf32>, tensor<2x8xf32>
  }
}

// -----

// CHECK-LABEL: func.func @other_element_types_go_elsewhere
module attributes {graph.targets = [{name = "gpu", element_types = [f32]}, {name = "cpu"}]} {
  func.func @other_element_types_go_elsewhere(%x: tensor<2xf64>) -> tensor<2xf64> {
    // CHECK: graph.relu {{.*}} {graph.device = "cpu"}
    %0 = graph.relu %x : (tensor<2xf64>) -> tensor<2xf64>
    return %0 : tensor<2xf64>
  }
}
