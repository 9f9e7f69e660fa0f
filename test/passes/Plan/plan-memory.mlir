// SPDX-License-Identifier: Apache-2.0
// RUN: lathe-opt %s --lathe-plan-memory | FileCheck %s

program.info producer "test" state_bytes 0 slots []
program.image @linked linked features 0x0 abi 1
program.kernel @f on cpu entries [0] arguments [<input, read, 4>, <output, write, 4>]
program.kernel @g on cpu entries [1] arguments [<input, read, 4>, <input, read, 4>, <output, write, 4>]

// In a chain, only two neighbours live at once: the third takes the first's place.
// CHECK-LABEL: program.method @chain
// CHECK: program.buffer arena bytes 256
// CHECK-NOT: storage
// CHECK: program.plan arena_bytes 512 offsets [0, 256, 0] {lower_bound_bytes = 512 : i64}
program.method @chain {
  program.input "x" : tensor<64xf32>
  program.output "y" : tensor<64xf32>
  program.variant [cpu] {
    %x = program.buffer input bytes 256
    %a = program.buffer arena bytes 256 storage 0
    %b = program.buffer arena bytes 256 storage 1
    %c = program.buffer arena bytes 256 storage 2
    %y = program.buffer output bytes 256
    program.call_kernel @f(%x, %a) tiles 1
    program.call_kernel @f(%a, %b) tiles 1
    program.call_kernel @f(%b, %c) tiles 1
    program.call_kernel @f(%c, %y) tiles 1
  }
}

// What is read behind the chain keeps its bytes.
// CHECK-LABEL: program.method @kept
// CHECK: program.plan arena_bytes 192 offsets [{{0|64|128}}, {{0|64|128}}, {{0|64|128}}] {lower_bound_bytes = 192 : i64}
program.method @kept {
  program.input "x" : tensor<4xf32>
  program.output "y" : tensor<4xf32>
  program.variant [cpu] {
    %x = program.buffer input bytes 16
    %a = program.buffer arena bytes 16 storage 0
    %b = program.buffer arena bytes 16 storage 1
    %c = program.buffer arena bytes 16 storage 2
    %y = program.buffer output bytes 16
    program.call_kernel @f(%x, %a) tiles 1
    program.call_kernel @f(%a, %b) tiles 1
    program.call_kernel @f(%b, %c) tiles 1
    program.call_kernel @g(%a, %c, %y) tiles 1
  }
}

// A value that a loop carries lives in the whole loop, one made and read in the
// body only there; symbols count at their upper bound.
// CHECK-LABEL: program.method @loop
// CHECK: program.plan arena_bytes 192 offsets [{{0|64|128}}, {{0|64|128}}, {{0|64|128}}] {lower_bound_bytes = 192 : i64}
program.method @loop {
  program.symbol "n" [1, 16]
  program.bind "n" from input 0 axis 0
  program.input "x" : tensor<?xf32, #graph.info<[n]>> min [1] max [16]
  program.output "y" : tensor<?xf32, #graph.info<[n]>> min [1] max [16]
  program.variant [cpu] {
    %x = program.buffer input bytes n * 4
    %carried = program.buffer arena bytes n * 4 storage 0
    %local = program.buffer arena bytes n * 4 storage 1
    %flag = program.buffer arena bytes 1 storage 2
    %y = program.buffer output bytes n * 4
    program.copy %x to %carried
    program.label "head"
    program.call_kernel @f(%carried, %flag) tiles 1
    program.branch_if not buffer %flag to "end"
    program.call_kernel @f(%carried, %local) tiles 1
    program.call_kernel @g(%carried, %local, %flag) tiles 1
    program.call_kernel @f(%flag, %carried) tiles 1
    program.branch "head"
    program.label "end"
    program.copy %carried to %y
  }
}

// Wide ranges get plans for smaller sizes, the smallest first.
// CHECK-LABEL: program.method @wide
// CHECK: program.plan max [64] arena_bytes 8192 offsets
// CHECK-NEXT: program.plan max [256] arena_bytes 32768 offsets
// CHECK-NEXT: program.plan max [1024] arena_bytes 131072 offsets
// CHECK-NEXT: program.plan arena_bytes 524288 offsets
program.method @wide {
  program.symbol "n" [1, 4096]
  program.bind "n" from input 0 axis 0
  program.input "x" : tensor<?x16xf32, #graph.info<[n, 16]>> min [1, 16] max [4096, 16]
  program.output "y" : tensor<?x16xf32, #graph.info<[n, 16]>> min [1, 16] max [4096, 16]
  program.variant [cpu] {
    %x = program.buffer input bytes n * 64
    %a = program.buffer arena bytes n * 64 storage 0
    %b = program.buffer arena bytes n * 64 storage 1
    %y = program.buffer output bytes n * 64
    program.call_kernel @f(%x, %a) tiles 1
    program.call_kernel @f(%a, %b) tiles 1
    program.call_kernel @g(%a, %b, %y) tiles 1
  }
}

// A size that the program sets while it runs is unknown when the plan is taken.
// CHECK-LABEL: program.method @set_while_running
// CHECK-NOT: program.plan max
// CHECK: program.plan arena_bytes
program.method @set_while_running {
  program.symbol "n" [1, 4096]
  program.input "x" : tensor<4096x16xf32>
  program.output "y" : tensor<4096x16xf32>
  program.variant [cpu] {
    %x = program.buffer input bytes 262144
    %a = program.buffer arena bytes n * 64 storage 0
    %y = program.buffer output bytes 262144
    program.set_symbol "n" to 7
    program.call_kernel @f(%x, %a) tiles 1
    program.call_kernel @f(%a, %y) tiles 1
  }
}
