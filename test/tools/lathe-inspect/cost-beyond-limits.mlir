// SPDX-License-Identifier: Apache-2.0
// RUN: rm -rf %t && mkdir %t
// RUN: lathe-inspect --assemble %s -o %t/a.lathe
// RUN: lathe-inspect %t/a.lathe | FileCheck %s
// RUN: sed 's/tiles n cost_ns/tiles/' %s > %t/tiles.mlir
// RUN: not lathe-inspect --assemble %t/tiles.mlir -o %t/b.lathe 2>&1 | FileCheck %s --check-prefix=TILES

// A cost is a hint: one that a file cannot hold is left out. Other sizes are refused.
// CHECK-LABEL: program.method @forward
// CHECK: program.call_kernel @f(%{{.*}}, %{{.*}}) tiles n cost_ns n * 1000
// CHECK: program.call_kernel @f(%{{.*}}, %{{.*}}) tiles n{{$}}
// TILES: has a size beyond the limits of a program file
program.info producer "test" state_bytes 0 slots []
program.image @linked linked features 0x0 abi 1
program.kernel @f on cpu entries [0] arguments [<input, read, 4>, <output, write, 4>]
program.method @forward {
  program.symbol "n" [1, 2]
  program.bind "n" from input 0 axis 0
  program.input "x" : tensor<?xf32, #graph.info<[n]>> min [1] max [2]
  program.output "y" : tensor<?xf32, #graph.info<[n]>> min [1] max [2]
  program.variant [cpu] {
    %x = program.buffer input bytes n * 4
    %y = program.buffer output bytes n * 4
    program.plan arena_bytes 0 offsets []
    program.call_kernel @f(%x, %y) tiles n cost_ns n * 1000
    program.call_kernel @f(%x, %y) tiles n cost_ns n * n * n * n * n * n * n * n * n * n * n * n * n * n * n * n * n * n * n * n * n * n * n * n * n * n * n * n * n * n * n * n * n * n * n * n * n * n * n * n
  }
}
