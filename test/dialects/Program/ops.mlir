// SPDX-License-Identifier: Apache-2.0
// RUN: lathe-opt %s | lathe-opt | FileCheck %s
// RUN: lathe-opt --mlir-print-op-generic %s | lathe-opt | FileCheck %s

// CHECK: program.info producer "lathec 0.1" state_bytes 64 slots [@weights] locations @locations
program.info producer "lathec 0.1" state_bytes 64 slots [@weights] locations @locations
// CHECK: program.segment @weights weights in program bytes 192 {
program.segment @weights weights in program bytes 192 {
  // CHECK: program.chunk at 0 bytes 16 key "9c2f"
  program.chunk at 0 bytes 16 key "9c2f"
  // CHECK: program.chunk at 64 bytes 64 weight @folded
  program.chunk at 64 bytes 64 weight @folded
}
// CHECK: program.segment @code code in program bytes 4096 {
program.segment @code code in program bytes 4096 {
  program.chunk at 0 bytes 4096 key "77"
}
// CHECK: program.segment @locations locations in program bytes 16
program.segment @locations locations in program bytes 16 {
}
graph.weight @folded : tensor<16xf32> {
  %0 = graph.constant dense<2.0> : tensor<16xf32>
  graph.yield %0 : tensor<16xf32>
}
// CHECK: program.weight "fc.bias" : tensor<4xf32> slot 0 at 0 bytes 16
program.weight "fc.bias" : tensor<4xf32> slot 0 at 0 bytes 16
// CHECK: program.weight "packed" : tensor<64xi8> slot 0 at 64 bytes 64 format "int4"
program.weight "packed" : tensor<64xi8> slot 0 at 64 bytes 64 format "int4"
// CHECK: program.state "cache" : tensor<4xf32> at 0 bytes 16 initial 0
program.state "cache" : tensor<4xf32> at 0 bytes 16 initial 0
// CHECK: program.image @v3 raw_x86_64 features 0x7fff abi 1 text 64 text_bytes 4032 in @code
program.image @v3 raw_x86_64 features 0x7fff abi 1 text 64 text_bytes 4032 in @code
// CHECK: program.image @generated raw_x86_64 features 0x0 abi 1 key "aa" bytes 128
program.image @generated raw_x86_64 features 0x0 abi 1 key "aa" bytes 128
// CHECK: program.kernel @add on cpu entries [64, 0] arguments
// CHECK-SAME: [<input, read, 4>, <output, write, 64>] sizes 1 scratch_bytes 128 may_fail in_place [0, 1] parallel_min_ns 5
program.kernel @add on cpu entries [64, 0] arguments [<input, read, 4>, <output, write, 64>] sizes 1
    scratch_bytes 128 may_fail in_place [0, 1] parallel_min_ns 5
// CHECK: program.kernel @shader on vulkan entries [] arguments []
// CHECK-SAME: shaders [#program.shader<@code, "main", 64 x 1 x 1, push 16, features 0>]
program.kernel @shader on vulkan entries [] arguments []
    shaders [#program.shader<@code, "main", 64 x 1 x 1, push 16, features 0>]
// CHECK: program.data "labels" in @code at 0 bytes 4
program.data "labels" in @code at 0 bytes 4

// CHECK: program.method @callee internal {
program.method @callee internal {
}
// CHECK-LABEL: program.method @forward {
program.method @forward {
  // CHECK: program.symbol "s27"[1, 256] multiple 2
  program.symbol "s27" [1, 256] multiple 2
  program.symbol "i" [0, 9]
  // CHECK: program.assume s27 * 2, le, 512 text "seq <= 256"
  program.assume s27 * 2, le, 512 text "seq <= 256"
  // CHECK: program.bind "s27" from input 0 axis 1 divisor 2 addend 1
  program.bind "s27" from input 0 axis 1 divisor 2 addend 1
  // CHECK: program.input "x" : tensor<1x?xf32, #graph.info<[1, s27 * 2 + 1]>> min [1, 3] max [1, 513]
  program.input "x" : tensor<1x?xf32, #graph.info<[1, s27 * 2 + 1]>> min [1, 3] max [1, 513]
  // CHECK: program.output "y" : tensor<4xi8> scales [5.000000e-01] zero_points [3]
  program.output "y" : tensor<4xi8> scales [0.5] zero_points [3]
  // CHECK: program.alias output 0 input 0
  program.alias output 0 input 0
  // CHECK: program.variant [cpu, vulkan] {
  program.variant [cpu, vulkan] {
    // CHECK: %[[X:.+]] = program.buffer input bytes s27 * 8 + 4
    %x = program.buffer input bytes s27 * 8 + 4
    // CHECK: %[[T:.+]] = program.buffer arena plus i * 4 bytes s27 * 4 storage 2
    %t = program.buffer arena plus i * 4 bytes s27 * 4 storage 2
    // CHECK: %[[W:.+]] = program.buffer weights at 64 bytes 64
    %w = program.buffer weights at 64 bytes 64
    // CHECK: program.plan max [16, 9] arena_bytes 128 offsets [0]
    program.plan max [16, 9] arena_bytes 128 offsets [0]
    // CHECK: program.label "loop"
    program.label "loop"
    // CHECK: program.call_kernel @add(%[[X]], %[[T]]) sizes [s27] tiles s27 floordiv 4 cost_ns 100 location 7
    program.call_kernel @add(%x, %t) sizes [s27] tiles s27 floordiv 4 cost_ns 100 location 7
    // CHECK: program.call_method @callee(%[[X]]) to(%[[T]]) arena %[[T]] symbols [s27]
    program.call_method @callee(%x) to (%t) arena %t symbols [s27]
    // CHECK: program.copy %[[W]] to %[[T]]
    program.copy %w to %t
    // CHECK: program.fill %[[T]] with 0x3f800000 value_bytes 4
    program.fill %t with 0x3f800000 value_bytes 4
    // CHECK: program.bind_symbol "i" from %[[T]] as i64
    program.bind_symbol "i" from %t as i64
    // CHECK: program.set_symbol "i" to i + 1
    program.set_symbol "i" to i + 1
    // CHECK: program.branch_if not buffer %[[T]] to "loop"
    program.branch_if not buffer %t to "loop"
    // CHECK: program.branch_if size i to "end"
    program.branch_if size i to "end"
    // CHECK: program.branch "loop"
    program.branch "loop"
    // CHECK: program.wait 1
    program.wait 1
    program.label "end"
  }
}
