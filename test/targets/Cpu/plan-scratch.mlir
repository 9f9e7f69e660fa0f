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
