// SPDX-License-Identifier: Apache-2.0
// RUN: rm -rf %t && mkdir %t
// RUN: split-file %s %t
// RUN: lathe-inspect --assemble %t/overlap.mlir -o %t/overlap.lathe
// RUN: not lathe-inspect --verify %t/overlap.lathe 2>&1 | FileCheck %s --check-prefix=OVERLAP
// RUN: lathe-inspect --assemble %t/unwritten.mlir -o %t/unwritten.lathe
// RUN: not lathe-inspect --verify %t/unwritten.lathe 2>&1 | FileCheck %s --check-prefix=UNWRITTEN

// RUN: lathe-inspect --assemble %t/outside.mlir -o %t/outside.lathe
// RUN: not lathe-inspect --verify %t/outside.lathe 2>&1 | FileCheck %s --check-prefix=OUTSIDE
// RUN: lathe-inspect --assemble %t/follow.mlir -o %t/follow.lathe
// RUN: lathe-inspect --verify %t/follow.lathe
// RUN: sed -e 's/@f(%%x, %%whole)/@f(%%x, %%other)/' %t/follow.mlir > %t/nothing.mlir
// RUN: lathe-inspect --assemble %t/nothing.mlir -o %t/nothing.lathe
// RUN: not lathe-inspect --verify %t/nothing.lathe 2>&1 | FileCheck %s --check-prefix=UNWRITTEN
// RUN: lathe-inspect --assemble %t/parts.mlir -o %t/parts.lathe
// RUN: lathe-inspect --verify %t/parts.lathe

// The runtime loads all of them: none leaves its memory before a size is bound.
// OVERLAP: lets storages at 0 and 64 overlap while both are live
// UNWRITTEN: reads an arena buffer that nothing wrote
// UNWRITTEN-NOT: see current operation
// OUTSIDE: places 128 bytes at 64, outside its arena of 128

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
//--- outside.mlir
program.info producer "test" state_bytes 0 slots []
program.image @linked linked features 0x0 abi 1
program.kernel @f on cpu entries [0] arguments [<input, read, 4>, <output, write, 4>]
program.method @forward {
  program.symbol "n" [1, 32]
  program.bind "n" from input 0 axis 0
  program.input "x" : tensor<?xf32, #graph.info<[n]>> min [1] max [32]
  program.output "y" : tensor<?xf32, #graph.info<[n]>> min [1] max [32]
  program.variant [cpu] {
    %x = program.buffer input bytes n * 4
    %a = program.buffer arena bytes n * 4
    %y = program.buffer output bytes n * 4
    program.plan arena_bytes 128 offsets [64]
    program.call_kernel @f(%x, %a) tiles 1
    program.call_kernel @f(%a, %y) tiles 1
  }
}
//--- follow.mlir
// Storages of several sizes follow one another at one offset: the parts of the
// first, at its start and inside, belong to none of the others.
program.info producer "test" state_bytes 0 slots []
program.image @linked linked features 0x0 abi 1
program.kernel @f on cpu entries [0] arguments [<input, read, 4>, <output, write, 4>]
program.method @forward {
  program.input "x" : tensor<64xf32>
  program.output "y" : tensor<64xf32>
  program.variant [cpu] {
    %x = program.buffer input bytes 256
    %before = program.buffer arena bytes 64
    %whole = program.buffer arena bytes 256
    %first = program.buffer arena bytes 64
    %inner = program.buffer arena plus 64 bytes 64
    %after = program.buffer arena bytes 128
    %other = program.buffer arena bytes 64
    %y = program.buffer output bytes 256
    program.plan arena_bytes 320 offsets [0, 0, 0, 0, 0, 256]
    program.call_kernel @f(%x, %whole) tiles 1
    program.call_kernel @f(%first, %y) tiles 1
    program.call_kernel @f(%inner, %y) tiles 1
    program.call_kernel @f(%x, %after) tiles 1
    program.call_kernel @f(%after, %y) tiles 1
    program.call_kernel @f(%x, %before) tiles 1
    program.call_kernel @f(%before, %y) tiles 1
    program.call_kernel @f(%x, %other) tiles 1
    program.call_kernel @f(%other, %y) tiles 1
  }
}
//--- parts.mlir
// A storage that is written in parts only, and then read whole.
program.info producer "test" state_bytes 0 slots []
program.image @linked linked features 0x0 abi 1
program.kernel @f on cpu entries [0] arguments [<input, read, 4>, <output, write, 4>]
program.method @forward {
  program.input "x" : tensor<64xf32>
  program.output "y" : tensor<64xf32>
  program.variant [cpu] {
    %x = program.buffer input bytes 256
    %low = program.buffer arena bytes 64
    %high = program.buffer arena plus 64 bytes 64
    %whole = program.buffer arena bytes 128
    %y = program.buffer output bytes 256
    program.plan arena_bytes 128 offsets [0, 0, 0]
    program.call_kernel @f(%x, %low) tiles 1
    program.call_kernel @f(%x, %high) tiles 1
    program.call_kernel @f(%whole, %y) tiles 1
  }
}
