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
