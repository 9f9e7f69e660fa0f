// SPDX-License-Identifier: Apache-2.0
// RUN: lathe-opt %s --lathe-lower-to-program="producer=test" | FileCheck %s
// RUN: lathe-opt %s --lathe-lower-to-program --lathe-plan-memory | FileCheck %s --check-prefix=PLAN

// CHECK: program.info producer "test" state_bytes 0 slots [@weights]
// CHECK: program.segment @x86.code code in program bytes 64
// CHECK: program.segment @weights weights in program bytes 128
// CHECK-NEXT: program.chunk at 0 bytes 16 key "aa"
// CHECK: program.weight "bias" : tensor<4xf32> slot 0 at 0 bytes 16
// CHECK: program.kernel @add on cpu entries [16]
// CHECK-SAME: [<input, read, 4>, <input, read, 4>, <output, write, 4>] in_place [0, 2]
// CHECK: program.kernel @relu on cpu entries [0] arguments [<input, read, 4>, <output, write, 4>] sizes 1
program.image @x86 raw_x86_64 features 0x0 abi 1 text 0 text_bytes 64 key "cc" bytes 64
graph.weight @bias : tensor<4xf32> key "aa"
graph.symbol @n [1, 16]
module @kernels {
  graph.kernel @add(%a: tensor<4xf32>, %b: tensor<4xf32>) -> tensor<4xf32>
      attributes {symbols = [], device = "cpu", inplace = array<i64: 0, 0>,
                  graph.codegen = {scratch_bytes = 0 : i64, tiles = #graph.expr<1>, sizes = #graph.dims<[]>,
                                   may_fail = false, entries = array<i64: 16>}} {
    %0 = graph.add %a, %b : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    graph.yield %0 : tensor<4xf32>
  }
  graph.kernel @relu(%a: tensor<?xf32, #graph.info<[d0]>>) -> tensor<?xf32, #graph.info<[d0]>>
      attributes {symbols = ["d0"], device = "cpu",
                  graph.codegen = {scratch_bytes = 0 : i64, tiles = #graph.expr<d0 ceildiv 4>,
                                   sizes = #graph.dims<[d0]>, may_fail = false, entries = array<i64: 0>}} {
    %0 = graph.relu %a : (tensor<?xf32, #graph.info<[d0]>>) -> tensor<?xf32, #graph.info<[d0]>>
    graph.yield %0 : tensor<?xf32, #graph.info<[d0]>>
  }
}

// The second sum takes the first one's buffer, the last result the output.
// CHECK-LABEL: program.method @in_place
// CHECK: %[[X:.+]] = program.buffer input bytes 16
// CHECK: %[[W:.+]] = program.buffer weights bytes 16
// CHECK: %[[Y:.+]] = program.buffer output bytes 16
// CHECK-NOT: program.buffer
// CHECK: program.call_kernel @add(%[[X]], %[[W]], %[[Y]]) tiles 1
// CHECK: program.call_kernel @add(%[[Y]], %[[X]], %[[Y]]) tiles 1
func.func @in_place(%x: tensor<4xf32> {graph.name = "x"}) -> (tensor<4xf32> {graph.name = "y"}) {
  %w = graph.use_weight @bias : tensor<4xf32>
  %0 = graph.dispatch @kernels::@add(%x, %w) symbols <[]> : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %1 = graph.dispatch @kernels::@add(%0, %x) symbols <[]> : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %1 : tensor<4xf32>
}

// CHECK-LABEL: program.method @dynamic
// CHECK: program.symbol "n"[1, 16]
// CHECK: program.bind "n" from input 0 axis 0
// CHECK: program.input "x" : tensor<?xf32, #graph.info<[n]>> min [1] max [16]
// CHECK: %[[X:.+]] = program.buffer input bytes n * 4
// CHECK: %[[T:.+]] = program.buffer arena bytes n * 4 storage 0
// CHECK: %[[Y:.+]] = program.buffer output bytes n * 4
// CHECK: program.call_kernel @relu(%[[X]], %[[T]]) sizes [n] tiles n ceildiv 4
// CHECK: program.call_kernel @relu(%[[T]], %[[Y]]) sizes [n] tiles n ceildiv 4
// PLAN-LABEL: program.method @dynamic
// PLAN: program.plan arena_bytes 64 offsets [0] {lower_bound_bytes = 64 : i64}
func.func @dynamic(%x: tensor<?xf32, #graph.info<[n]>> {graph.name = "x"})
    -> (tensor<?xf32, #graph.info<[n]>> {graph.name = "y"}) {
  %0 = graph.dispatch @kernels::@relu(%x) symbols <[n]>
      : (tensor<?xf32, #graph.info<[n]>>) -> tensor<?xf32, #graph.info<[n]>>
  %1 = graph.dispatch @kernels::@relu(%0) symbols <[n]>
      : (tensor<?xf32, #graph.info<[n]>>) -> tensor<?xf32, #graph.info<[n]>>
  return %1 : tensor<?xf32, #graph.info<[n]>>
}

// Bytes of the input from row [1, 2] on, whatever the steps of its one element.
// CHECK-LABEL: program.method @row_of_plane
// CHECK: program.buffer input at 384 bytes 64
// CHECK: program.copy
func.func @row_of_plane(%x: tensor<4x4x16xf32>) -> tensor<1x1x16xf32> {
  %0 = graph.slice %x {starts = #graph.dims<[1, 2, 0]>, sizes = #graph.dims<[1, 1, 16]>, steps = array<i64: 1, 3, 1>} : (tensor<4x4x16xf32>) -> tensor<1x1x16xf32>
  return %0 : tensor<1x1x16xf32>
}
