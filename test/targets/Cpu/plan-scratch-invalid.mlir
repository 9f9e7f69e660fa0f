// RUN: lathe-opt --lathe-cpu-plan-scratch --verify-diagnostics %s

func.func @old_value_is_read_too_late(%out: memref<16xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c8 = arith.constant 8 : index
  %first = memref.alloc() : memref<16xf32>
  %last = scf.for %i = %c0 to %c8 step %c1 iter_args(%state = %first) -> (memref<16xf32>) {
    %next = memref.alloc() : memref<16xf32>
    memref.copy %out, %next : memref<16xf32> to memref<16xf32>
    // expected-error@+1 {{reads what a loop carries after its next value is begun}}
    memref.copy %state, %out : memref<16xf32> to memref<16xf32>
    scf.yield %next : memref<16xf32>
  }
  memref.copy %last, %out : memref<16xf32> to memref<16xf32>
  return
}

// Nothing says how many tiles there are.
func.func @grows_with_the_tile(%out: memref<?xf32>, %begin: index {lathe.tile_begin}, %end: index {lathe.tile_end}) {
  %c1 = arith.constant 1 : index
  scf.for %tile = %begin to %end step %c1 {
    %size = affine.max affine_map<(d0) -> (d0 * 6 + 1, 0)>(%tile)
    // expected-error@+1 {{has no bound: dimension 0 of its dynamic ones does not follow from 'lathe.size_max'}}
    %a = memref.alloc(%size) : memref<?xf32>
    memref.copy %a, %out : memref<?xf32> to memref<?xf32>
  }
  return
}

// A part of what has no bound has none either.
func.func @part_of_the_tile(%out: memref<?xf32>, %begin: index {lathe.tile_begin}, %end: index {lathe.tile_end}) {
  %c1 = arith.constant 1 : index
  scf.for %tile = %begin to %end step %c1 {
    %size = affine.apply affine_map<(d0) -> ((d0 * 2 - 5) floordiv 8)>(%tile)
    // expected-error@+1 {{has no bound: dimension 0 of its dynamic ones does not follow from 'lathe.size_max'}}
    %a = memref.alloc(%size) : memref<?xf32>
    memref.copy %a, %out : memref<?xf32> to memref<?xf32>
  }
  return
}
