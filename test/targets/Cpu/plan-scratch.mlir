// RUN: lathe-opt --lathe-cpu-plan-scratch %s | FileCheck %s

// Lifetimes of %a and %c do not meet: they share bytes.
// CHECK-LABEL: func.func @short_lives_share
// CHECK-SAME: %[[SCRATCH:[a-z0-9]+]]: memref<?xi8> {lathe.scratch}
// CHECK-SAME: lathe.scratch_bytes = 128 : i64
func.func @short_lives_share(%out: memref<16xf32>) {
  // CHECK-DAG: memref.view %[[SCRATCH]][%c0{{.*}}][] : memref<?xi8> to memref<16xf32>
  // CHECK-DAG: memref.view %[[SCRATCH]][%c64{{.*}}][] : memref<?xi8> to memref<16xf32>
  // CHECK-DAG: memref.view %[[SCRATCH]][%c0{{.*}}][] : memref<?xi8> to memref<16xf32>
  // CHECK-NOT: memref.alloc
  %a = memref.alloc() : memref<16xf32>
  %b = memref.alloc() : memref<16xf32>
  memref.copy %a, %b : memref<16xf32> to memref<16xf32>
  %c = memref.alloc() : memref<16xf32>
  memref.copy %b, %c : memref<16xf32> to memref<16xf32>
  memref.copy %c, %out : memref<16xf32> to memref<16xf32>
  return
}

// CHECK-LABEL: func.func @dynamic_size_counts_with_its_bound
// CHECK-SAME: lathe.scratch_bytes = 4096 : i64
func.func @dynamic_size_counts_with_its_bound(%out: memref<?xf32>, %n: index {lathe.size_max = 1024 : i64}) {
  %a = memref.alloc(%n) : memref<?xf32>
  memref.copy %a, %out : memref<?xf32> to memref<?xf32>
  return
}

// What a loop carries is read in the next round: %next must not share bytes
// with %work, though %work dies before it is made. Three buffers, three places.
// CHECK-LABEL: func.func @carried_buffer_outlives_its_round
// CHECK-SAME: lathe.scratch_bytes = 192 : i64
func.func @carried_buffer_outlives_its_round(%out: memref<16xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c8 = arith.constant 8 : index
  %first = memref.alloc() : memref<16xf32>
  %last = scf.for %i = %c0 to %c8 step %c1 iter_args(%state = %first) -> (memref<16xf32>) {
    %work = memref.alloc() : memref<16xf32>
    memref.copy %state, %work : memref<16xf32> to memref<16xf32>
    memref.copy %work, %out : memref<16xf32> to memref<16xf32>
    %next = memref.alloc() : memref<16xf32>
    memref.copy %out, %next : memref<16xf32> to memref<16xf32>
    scf.yield %next : memref<16xf32>
  }
  memref.copy %last, %out : memref<16xf32> to memref<16xf32>
  return
}

// A buffer of one round shares with the next one of that round.
// CHECK-LABEL: func.func @buffers_of_one_round_share
// CHECK-SAME: lathe.scratch_bytes = 64 : i64
func.func @buffers_of_one_round_share(%out: memref<16xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c8 = arith.constant 8 : index
  scf.for %i = %c0 to %c8 step %c1 {
    %a = memref.alloc() : memref<16xf32>
    memref.copy %a, %out : memref<16xf32> to memref<16xf32>
    %b = memref.alloc() : memref<16xf32>
    memref.copy %b, %out : memref<16xf32> to memref<16xf32>
  }
  return
}

// Rows of a tile of 6 that a convolution pads by 1 in front. Only the first
// tile lies in front of row 1: 8 rows and at most 1 of padding, of 32 floats.
// CHECK-LABEL: func.func @padding_in_front_of_a_tile
// CHECK-SAME: lathe.scratch_bytes = 1152 : i64
func.func @padding_in_front_of_a_tile(%out: memref<?x32xf32>, %begin: index {lathe.tile_begin}, %end: index {lathe.tile_end}) {
  %c1 = arith.constant 1 : index
  scf.for %tile = %begin to %end step %c1 {
    %rows = affine.min affine_map<(d0) -> (d0 * -6 + 14, 6)>(%tile)
    %low = affine.max affine_map<(d0) -> (d0 * -6 + 1, 0)>(%tile)
    %read = affine.max affine_map<(d0, d1) -> (0, d0 - d1 + 2)>(%rows, %low)
    %size = affine.apply affine_map<(d0, d1) -> (d0 + d1)>(%read, %low)
    %a = memref.alloc(%size) : memref<?x32xf32>
    memref.copy %a, %out : memref<?x32xf32> to memref<?x32xf32>
  }
  return
}

// Seven tiles of rows for each block of features: the tile of rows is
// d0 - d0 floordiv 7 * 7, and never negative, for all that d0 has no bound.
// CHECK-LABEL: func.func @padding_in_front_of_a_tile_of_two_dimensions
// CHECK-SAME: lathe.scratch_bytes = 1920 : i64
func.func @padding_in_front_of_a_tile_of_two_dimensions(%out: memref<?x32xf32>, %begin: index {lathe.tile_begin}, %end: index {lathe.tile_end}) {
  %c1 = arith.constant 1 : index
  scf.for %tile = %begin to %end step %c1 {
    %rows = affine.min affine_map<(d0) -> (6, d0 * -6 + (d0 floordiv 7) * 42 + 37)>(%tile)
    %low = affine.max affine_map<(d0) -> (0, d0 * -6 + (d0 floordiv 7) * 42 + 3)>(%tile)
    %read = affine.max affine_map<(d0, d1) -> (0, d0 - d1 + 6)>(%rows, %low)
    %size = affine.apply affine_map<(d0, d1) -> (d0 + d1)>(%read, %low)
    %a = memref.alloc(%size) : memref<?x32xf32>
    memref.copy %a, %out : memref<?x32xf32> to memref<?x32xf32>
  }
  return
}

// As many tiles of 96 columns for each row as the size wants: no tile lies
// before the first, however many there are.
// CHECK-LABEL: func.func @padding_in_front_of_a_tile_of_unknown_sizes
// CHECK-SAME: lathe.scratch_bytes = 12544 : i64
func.func @padding_in_front_of_a_tile_of_unknown_sizes(%out: memref<?x32xf32>, %n: index {lathe.size_max = 1000 : i64}, %begin: index {lathe.tile_begin}, %end: index {lathe.tile_end}) {
  %c1 = arith.constant 1 : index
  scf.for %tile = %begin to %end step %c1 {
    %row = affine.max affine_map<(d0)[s0] -> (0, (d0 floordiv (s0 ceildiv 96)) * -3 + 1)>(%tile)[%n]
    %low = affine.max affine_map<(d0)[s0] -> (0, (d0 mod (s0 ceildiv 96)) * -96 + 1)>(%tile)[%n]
    %columns = affine.min affine_map<(d0)[s0] -> (96, (d0 mod (s0 ceildiv 96)) * -96 + s0)>(%tile)[%n]
    %size = affine.apply affine_map<(d0, d1, d2) -> (d0 + d1 + d2)>(%columns, %row, %low)
    %a = memref.alloc(%size) : memref<?x32xf32>
    memref.copy %a, %out : memref<?x32xf32> to memref<?x32xf32>
  }
  return
}
