// RUN: lathe-opt --lathe-lower-state-updates %s | FileCheck %s
// RUN: lathe-opt --lathe-lower-state-updates %s | lathe-opt --lathe-lower-state-updates | FileCheck %s

graph.state @cache : tensor<1x4x8x2xf32>

// CHECK-LABEL: func.func @update_becomes_read_put_write
func.func @update_becomes_read_put_write(%i: tensor<1xi64>, %k: tensor<1x4x1x2xf32>) {
  // CHECK: %[[R:.+]] = graph.state_read @cache
  // CHECK-NEXT: %[[P:.+]] = graph.index_put %[[R]], %arg1, %arg0 {dims = array<i64: 2>}
  // CHECK-NEXT: graph.state_write @cache = %[[P]]
  // CHECK-NOT: graph.state_update
  graph.state_update @cache[%i] = %k {dims = array<i64: 2>} : (tensor<1xi64>), tensor<1x4x1x2xf32>
  return
}

// CHECK-LABEL: func.func @write_stays
func.func @write_stays(%k: tensor<1x4x8x2xf32>) {
  // CHECK-NOT: graph.state_read
  // CHECK: graph.state_write @cache = %arg0
  graph.state_write @cache = %k : tensor<1x4x8x2xf32>
  return
}
