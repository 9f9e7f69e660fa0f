// SPDX-License-Identifier: Apache-2.0
// RUN: lathe-opt %s --lathe-graph-to-linalg | FileCheck %s

module @kernels {
  graph.kernel @linear_sums_exactly(%x: tensor<3x7x!quant.uniform<i8:f32, 0.05:3>>,
      %w: tensor<5x7x!quant.uniform<i8:f32, 0.02>>, %b: tensor<5xi32>) -> tensor<3x5x!quant.uniform<i8:f32, 0.1:-7>>
      attributes {symbols = [], device = "cpu"} {
    %0 = graph.linear %x, %w, %b {result_element_type = !quant.uniform<i8:f32, 0.1:-7>, rounding = #graph.rounding<fp32_rne>}
        : (tensor<3x7x!quant.uniform<i8:f32, 0.05:3>>, tensor<5x7x!quant.uniform<i8:f32, 0.02>>, tensor<5xi32>)
        -> tensor<3x5x!quant.uniform<i8:f32, 0.1:-7>>
    graph.yield %0 : tensor<3x5x!quant.uniform<i8:f32, 0.1:-7>>
  }
}

// CHECK: func.func @linear_sums_exactly(%{{.+}}: tensor<3x7xi8> {{.+}}, %{{.+}}: tensor<5x7xi8> {{.+}}, %{{.+}}: tensor<5xi32> {{.+}}, %[[OUT:.+]]: tensor<3x5xi8>
// CHECK: %[[SUM:.+]] = linalg.generic {{.+}} outs(%{{.+}} : tensor<3x5xi32>)
// CHECK: linalg.generic {{.+}} ins(%[[SUM]], %{{.+}} : tensor<3x5xi32>, tensor<5xi32>) outs(%[[OUT]] : tensor<3x5xi8>)
// CHECK: arith.sitofp
// CHECK: arith.mulf
// CHECK: arith.maximumf
// CHECK: arith.minimumf
// Rounded by a sum, whose last bits are the code: no conversion, which would saturate.
// CHECK: arith.addf {{.+}}, %{{.+}} : f32
// CHECK: arith.bitcast
// CHECK-NOT: arith.fptosi
// CHECK: arith.trunci
