// RUN: lathe-opt --lathe-form-groups --lathe-outline-kernels %s | FileCheck %s
// RUN: lathe-opt --lathe-form-groups --lathe-outline-kernels %s | lathe-opt --lathe-outline-kernels | FileCheck %s

graph.symbol @s [1, 64]
graph.symbol @t [1, 64]

// CHECK-LABEL: func.func @groups_that_differ_in_symbols_share_a_kernel
func.func @groups_that_differ_in_symbols_share_a_kernel(
    %x: tensor<?x4xf32, #graph.info<[s, 4]>>, %y: tensor<?x4xf32, #graph.info<[t * 2, 4]>>)
    -> (tensor<?x4xf32, #graph.info<[s, 4]>>, tensor<?x4xf32, #graph.info<[t * 2, 4]>>) {
  // CHECK: graph.dispatch @kernels::@[[RELU:relu_f32_f32__[0-9a-f]+]](%arg0) symbols <[s]>
  // CHECK: graph.dispatch @kernels::@[[RELU]](%arg1) symbols <[t * 2]>
  %0 = graph.relu %x : (tensor<?x4xf32, #graph.info<[s, 4]>>) -> tensor<?x4xf32, #graph.info<[s, 4]>>
  %1 = graph.relu %y : (tensor<?x4xf32, #graph.info<[t * 2, 4]>>) -> tensor<?x4xf32, #graph.info<[t * 2, 4]>>
  return %0, %1 : tensor<?x4xf32, #graph.info<[s, 4]>>, tensor<?x4xf32, #graph.info<[t * 2, 4]>>
}

// The sum below holds for the parts of the size, not for any size.
// CHECK-LABEL: func.func @body_that_needs_the_parts_keeps_them
func.func @body_that_needs_the_parts_keeps_them(%x: tensor<?xi64, #graph.info<[s * 2]>>)
    -> tensor<?xi64, #graph.info<[s * 2]>> {
  // CHECK: graph.dispatch @kernels::@[[SUM:add_i64_i64__[0-9a-f]+]](%arg0) symbols <[s]>
  %0 = graph.size <s> : tensor<i64>
  %1 = graph.add %x, %0 : (tensor<?xi64, #graph.info<[s * 2]>>, tensor<i64>) -> tensor<?xi64, #graph.info<[s * 2]>>
  return %1 : tensor<?xi64, #graph.info<[s * 2]>>
}

// CHECK-LABEL: func.func @update_is_obliged_to_be_in_place
func.func @update_is_obliged_to_be_in_place(%x: tensor<8xf32>, %v: tensor<1xf32>, %i: tensor<1xi64>) -> tensor<8xf32> {
  // CHECK: graph.dispatch @kernels::@[[PUT:index_put_f32_f32_f32__[0-9a-f]+]](%arg0, %arg1, %arg2) symbols <[]>
  %0 = graph.index_put %x, %v, %i {dims = array<i64: 0>} : (tensor<8xf32>, tensor<1xf32>, tensor<1xi64>) -> tensor<8xf32>
  return %0 : tensor<8xf32>
}

// CHECK-LABEL: func.func @operand_read_elsewhere_is_not_in_place
func.func @operand_read_elsewhere_is_not_in_place(%x: tensor<4x4xf32>, %y: tensor<4xf32>) -> tensor<4x4xf32> {
  // CHECK: graph.dispatch @kernels::@[[MUL:mul_f32_f32__[0-9a-f]+]]
  // CHECK: graph.dispatch @kernels::@[[PERMUTE:permute_f32_f32__[0-9a-f]+]]
  %0 = graph.mul %x, %y : (tensor<4x4xf32>, tensor<4xf32>) -> tensor<4x4xf32>
  %1 = graph.reshape %0 {dims = #graph.dims<[2, 8]>} : (tensor<4x4xf32>) -> tensor<2x8xf32>
  %2 = graph.permute %1 {permutation = array<i64: 1, 0>} : (tensor<2x8xf32>) -> tensor<8x2xf32>
  %3 = graph.reshape %2 {dims = #graph.dims<[4, 4]>} : (tensor<8x2xf32>) -> tensor<4x4xf32>
  return %3 : tensor<4x4xf32>
}

// CHECK-LABEL: module @kernels
// CHECK: graph.kernel @[[SUM]](%{{.+}}: tensor<?xi64, #graph.info<[d0 * 2]>>) {{.*}}inplace = array<i64: 0, 0>, symbols = ["d0"]
// CHECK: graph.kernel @[[PUT]]({{.+}}) {{.*}}{device = "cpu", inplace_required = array<i64: 0, 0>, symbols = []}
// CHECK: graph.kernel @[[MUL]]({{.+}}) {{.*}}inplace = array<i64: 0, 0>, symbols = []
// CHECK: graph.kernel @[[PERMUTE]]({{.+}}) {{.*}}{device = "cpu", symbols = []}
// CHECK: graph.kernel @[[RELU]](%{{.+}}: tensor<?x4xf32, #graph.info<[d0, 4]>>) {{.*}}inplace = array<i64: 0, 0>, symbols = ["d0"]
// CHECK-NOT: graph.kernel
