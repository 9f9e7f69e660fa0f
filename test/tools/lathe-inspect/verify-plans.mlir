// SPDX-License-Identifier: Apache-2.0
// RUN: rm -rf %t && mkdir %t
// RUN: split-file %s %t
// RUN: lathe-inspect --assemble %t/overlap.mlir -o %t/overlap.lathe
// RUN: not lathe-inspect --verify %t/overlap.lathe 2>&1 | FileCheck %s --check-prefix=OVERLAP
// RUN: lathe-inspect --assemble %t/unwritten.mlir -o %t/unwritten.lathe
// RUN: not lathe-inspect --verify %t/unwritten.lathe 2>&1 | FileCheck %s --check-prefix=UNWRITTEN

// The runtime accepts both: neither leaves its memory.
// OVERLAP: lets storages at 0 and 64 overlap while both are live
// UNWRITTEN: reads an arena buffer that nothing wrote

//--- overlap.mlir
program.info producer "test" state_bytes 0 slots []
program.image @linked linked features 0x0 abi 1
program.kernel @f on cpu entries [0] arguments [<input, read, 4>, <output, write, 4>]
program.method @forward {
  program.input "x" : tensor<32xf32>
  program.variant [cpu] {
    %x = program.buffer input bytes 128
    %a = program.buffer arena bytes 128
    %b = program.buffer arena bytes 128
    program.plan arena_bytes 192 offsets [0, 64]
    program.call_kernel @f(%x, %a) tiles 1
    program.call_kernel @f(%a, %b) tiles 1
  }
}
//--- unwritten.mlir
program.info producer "test" state_bytes 0 slots []
program.image @linked linked features 0x0 abi 1
program.kernel @f on cpu entries [0] arguments [<input, read, 4>, <output, write, 4>]
program.method @forward {
  program.variant [cpu] {
    %a = program.buffer arena bytes 64
    %b = program.buffer arena bytes 64
    program.plan arena_bytes 128 offsets [0, 64]
    program.call_kernel @f(%a, %b) tiles 1
  }
}
