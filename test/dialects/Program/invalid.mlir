// SPDX-License-Identifier: Apache-2.0
// RUN: lathe-opt %s --split-input-file --verify-diagnostics

program.segment @s weights in program bytes 64 {
  program.chunk at 0 bytes 16 key "aa"
  // expected-error@+1 {{starts before the end of the chunk before it}}
  program.chunk at 8 bytes 16 key "bb"
}

// -----

program.segment @s weights in program bytes 16 {
  // expected-error@+1 {{leaves its segment of 16 bytes}}
  program.chunk at 8 bytes 16 key "bb"
}

// -----

// expected-error@+1 {{has 8 bytes, its type needs 16}}
program.weight "w" : tensor<4xf32> slot 0 at 0 bytes 8

// -----

// expected-error@+1 {{needs either a segment or a key}}
program.image @v3 raw_x86_64 features 0x0 abi 1

// -----

program.method @f {
  program.symbol "n" [1, 2]
  // expected-error@+1 {{is the second of its name}}
  program.symbol "n" [1, 2]
}

// -----

program.method @f {
  program.variant [cpu] {
    // expected-error@+1 {{uses symbol "n", which the method lacks}}
    %0 = program.buffer arena bytes n * 4
  }
}

// -----

program.method @f {
  // expected-error@+1 {{needs bounds of its dynamic sizes}}
  program.input "x" : tensor<?xf32, #graph.info<[n]>>
  program.symbol "n" [1, 2]
}

// -----

program.method @f {
  program.variant [cpu] {
    // expected-error@+1 {{branches to label 'nowhere', which the variant lacks}}
    program.branch "nowhere"
  }
}

// -----

program.method @f {
  program.variant [cpu] {
    program.wait 0
    // expected-error@+1 {{stands behind a later part of its variant}}
    %0 = program.buffer arena bytes 4
  }
}

// -----

program.method @f {
  program.variant [cpu] {
    %0 = program.buffer arena bytes 4
    // expected-error@+1 {{needs either a buffer or a size}}
    program.branch_if to "end"
    program.label "end"
  }
}

// -----

program.method @f {
  program.variant [cpu] {
    %0 = program.buffer arena bytes 64
    // expected-error@+1 {{has 2 offsets for 1 buffers}}
    program.plan arena_bytes 128 offsets [0, 64]
  }
}

// -----

program.method @f {
  program.symbol "n" [1, 2]
  program.variant [cpu] {
    %0 = program.buffer arena bytes n * 32
    // expected-error@+1 {{places a buffer at -64, outside its arena of 64 bytes}}
    program.plan arena_bytes 64 offsets [-64]
  }
}

// -----

program.method @f {
  program.symbol "n" [1, 2]
  program.variant [cpu] {
    %0 = program.buffer arena bytes n * 32
    // expected-error@+1 {{places a buffer at 128, outside its arena of 64 bytes}}
    program.plan arena_bytes 64 offsets [128]
  }
}

// -----
// The end of the arena, and a size that only a run knows.
program.method @f {
  program.symbol "n" [0, 2]
  program.variant [cpu] {
    %0 = program.buffer arena plus 64 bytes 64
    %1 = program.buffer arena bytes n * 32
    program.plan arena_bytes 128 offsets [0, 128]
  }
}
