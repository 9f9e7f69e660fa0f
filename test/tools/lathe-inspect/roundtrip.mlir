// SPDX-License-Identifier: Apache-2.0
// RUN: rm -rf %t && mkdir %t
// RUN: lathe-inspect --assemble %s -o %t/a.lathe
// RUN: lathe-inspect --verify %t/a.lathe
// RUN: lathe-inspect %t/a.lathe | FileCheck %s
// RUN: lathe-inspect --text-out %t/a.mlir %t/a.lathe
// RUN: lathe-inspect --assemble %t/a.mlir -o %t/b.lathe --weights %t/a.lathe
// RUN: cmp %t/a.lathe %t/b.lathe
// RUN: lathe-inspect --sizes %t/a.lathe | FileCheck %s --check-prefix=SIZES
// RUN: lathe-inspect --json %t/a.lathe | FileCheck %s --check-prefix=JSON
// RUN: not lathe-inspect %t/missing.lathe 2>&1 | FileCheck %s --check-prefix=MISSING
// RUN: not lathe-inspect 2>&1 | FileCheck %s --check-prefix=USAGE

// CHECK: program.info producer "test" state_bytes 16 slots []
// CHECK: program.state "total" : tensor<4xf32> at 0 bytes 16
// CHECK: program.image @linked linked features 0x0 abi 1
// CHECK: program.kernel @f on cpu entries [0]
// CHECK: program.method @forward
// CHECK: program.plan arena_bytes 128 offsets [0, 64]
// CHECK: program.branch_if not size n + -1 to "[[END:.+]]"
// CHECK: program.label "[[END]]"
// SIZES: state 16
// SIZES: arena of forward 128 (lower bound 128)
// SIZES: f 3 256
// JSON: "arena_bytes": 128
// JSON: "schema": 1
// MISSING: error: cannot inspect
// USAGE: error: no program was given
program.info producer "test" state_bytes 16 slots []
program.state "total" : tensor<4xf32> at 0 bytes 16
program.image @linked linked features 0x0 abi 1
program.kernel @f on cpu entries [0] arguments [<input, read, 4>, <output, write, 4>] sizes 1 scratch_bytes 256
program.method @forward {
  program.symbol "n" [1, 16]
  program.assume n * 2, le, 32 text "small"
  program.bind "n" from input 0 axis 0
  program.input "x" : tensor<?xf32, #graph.info<[n]>> min [1] max [16]
  program.output "y" : tensor<?xf32, #graph.info<[n]>> min [1] max [16]
  program.variant [cpu] {
    %x = program.buffer input bytes n * 4
    %a = program.buffer arena bytes n * 4
    %b = program.buffer arena bytes n * 4
    %y = program.buffer output bytes n * 4
    program.plan arena_bytes 128 offsets [0, 64]
    program.call_kernel @f(%x, %a) sizes [n] tiles n floordiv 4
    program.branch_if not size n + -1 to "done"
    program.call_kernel @f(%a, %b) sizes [n] tiles n ceildiv 4
    program.label "done"
    program.fill %b with 0x3f800000 value_bytes 4
    program.call_kernel @f(%b, %y) sizes [n] tiles n
  }
}
