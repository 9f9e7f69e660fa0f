// Bytes whose weight lies in panels of features, four channels of each side by side, are summed four at a
// time: by vpdpbusd, by two products of 16 bits, or one by one.
// RUN: lathe-opt --lathe-cpu-lower-nests="vector-bits=512 registers=32 masks=true byte-masks=true dot-product=bytes" --cse %s | FileCheck %s
// RUN: lathe-opt --lathe-cpu-lower-nests="vector-bits=256 registers=16 masks=true dot-product=words" --cse %s | FileCheck %s --check-prefix=WORDS
// RUN: lathe-opt --lathe-cpu-lower-nests="vector-bits=128 registers=32" --cse %s | FileCheck %s --check-prefix=PLAIN

#x = affine_map<(i, p, f, c, q) -> (i, c, q)>
#w = affine_map<(i, p, f, c, q) -> (p, c, f, q)>
#sum = affine_map<(i, p, f, c, q) -> (i, p, f)>
#kinds = ["parallel", "parallel", "parallel", "reduction", "reduction"]

// Signed codes are made unsigned; what they are too large by then, 128 less -5, is counted beside the sums.
// CHECK-LABEL: func.func @signed_codes
// CHECK: %[[SUMS:.+]]:7 = scf.for {{.*}} -> (vector<16xi32>
// CHECK: %[[CODES:.+]] = vector.load %arg0{{.*}} vector<4xi8>
// CHECK: %[[FLIP:.+]] = arith.constant dense<-2139062144> : vector<16xi32>
// CHECK: arith.xori {{.*}}, %[[FLIP]] : vector<16xi32>
// CHECK: %[[WEIGHTS:.+]] = vector.load {{.*}} : memref<3x8x64xi8>, vector<64xi8>
// CHECK: llvm.call_intrinsic "llvm.x86.avx512.vpdpbusd.512"
// CHECK: %[[EXCESS:.+]] = arith.constant dense<123> : vector<64xi8>
// CHECK-NEXT: llvm.call_intrinsic "llvm.x86.avx512.vpdpbusd.512"(%{{.+}}, %[[EXCESS]], %[[WEIGHTS]])
// CHECK: scf.yield
// CHECK-COUNT-6: arith.subi {{.*}}, %[[SUMS]]#6 : vector<16xi32>
// WORDS-LABEL: func.func @signed_codes
// WORDS-NOT: vpdpbusd
// WORDS: scf.for {{.*}} -> (vector<8xi32>
// WORDS-COUNT-2: llvm.call_intrinsic "llvm.x86.avx2.pmadd.wd"
// PLAIN-LABEL: func.func @signed_codes
// PLAIN-NOT: llvm.call_intrinsic
// PLAIN: scf.for {{.*}} -> (vector<4xi32>
func.func @signed_codes(%x: memref<6x8x4xi8>, %w: memref<3x8x16x4xi8>, %out: memref<6x3x16xi32>) {
  %zero = arith.constant -5 : i32
  linalg.generic {indexing_maps = [#x, #w, #sum], iterator_types = #kinds} ins(%x, %w : memref<6x8x4xi8>, memref<3x8x16x4xi8>) outs(%out : memref<6x3x16xi32>) {
    ^bb0(%a: i8, %b: i8, %o: i32):
      %0 = arith.extsi %a : i8 to i32
      %1 = arith.subi %0, %zero : i32
      %2 = arith.extsi %b : i8 to i32
      %3 = arith.muli %1, %2 : i32
      %4 = arith.addi %o, %3 : i32
      linalg.yield %4 : i32
  }
  return
}

// Unsigned codes whose zero is 0 are not too large.
// CHECK-LABEL: func.func @unsigned_codes
// CHECK: %[[SUMS:.+]]:6 = scf.for {{.*}} -> (vector<16xi32>
// CHECK-NOT: arith.xori
// CHECK-COUNT-6: llvm.call_intrinsic "llvm.x86.avx512.vpdpbusd.512"
// CHECK-NOT: llvm.call_intrinsic
// CHECK: scf.yield
func.func @unsigned_codes(%x: memref<6x8x4xi8>, %w: memref<3x8x16x4xi8>, %out: memref<6x3x16xi32>) {
  linalg.generic {indexing_maps = [#x, #w, #sum], iterator_types = #kinds} ins(%x, %w : memref<6x8x4xi8>, memref<3x8x16x4xi8>) outs(%out : memref<6x3x16xi32>) {
    ^bb0(%a: i8, %b: i8, %o: i32):
      %0 = arith.extui %a : i8 to i32
      %1 = arith.extsi %b : i8 to i32
      %2 = arith.muli %0, %1 : i32
      %3 = arith.addi %o, %2 : i32
      linalg.yield %3 : i32
  }
  return
}

// The weight has a zero of its own: two products of 16 bits at a time.
// CHECK-LABEL: func.func @weight_with_zero
// CHECK-NOT: vpdpbusd
// CHECK: llvm.call_intrinsic "llvm.x86.avx512.pmaddw.d.512"
func.func @weight_with_zero(%x: memref<6x8x4xi8>, %w: memref<3x8x16x4xi8>, %out: memref<6x3x16xi32>) {
  %zero = arith.constant 3 : i32
  linalg.generic {indexing_maps = [#x, #w, #sum], iterator_types = #kinds} ins(%x, %w : memref<6x8x4xi8>, memref<3x8x16x4xi8>) outs(%out : memref<6x3x16xi32>) {
    ^bb0(%a: i8, %b: i8, %o: i32):
      %0 = arith.extui %a : i8 to i32
      %1 = arith.extsi %b : i8 to i32
      %2 = arith.subi %1, %zero : i32
      %3 = arith.muli %0, %2 : i32
      %4 = arith.addi %o, %3 : i32
      linalg.yield %4 : i32
  }
  return
}

// Sums in 64 bits, and groups of eight, are no such sums.
// CHECK-LABEL: func.func @wide_sums_stay
// CHECK-NOT: llvm.call_intrinsic
// CHECK: return
func.func @wide_sums_stay(%x: memref<6x8x4xi8>, %w: memref<3x8x16x4xi8>, %out: memref<6x3x16xi64>) {
  linalg.generic {indexing_maps = [#x, #w, #sum], iterator_types = #kinds} ins(%x, %w : memref<6x8x4xi8>, memref<3x8x16x4xi8>) outs(%out : memref<6x3x16xi64>) {
    ^bb0(%a: i8, %b: i8, %o: i64):
      %0 = arith.extui %a : i8 to i64
      %1 = arith.extsi %b : i8 to i64
      %2 = arith.muli %0, %1 : i64
      %3 = arith.addi %o, %2 : i64
      linalg.yield %3 : i64
  }
  return
}
// CHECK-LABEL: func.func @eights_stay
// CHECK-NOT: llvm.call_intrinsic
// CHECK: return
func.func @eights_stay(%x: memref<6x8x8xi8>, %w: memref<3x8x16x8xi8>, %out: memref<6x3x16xi32>) {
  linalg.generic {indexing_maps = [#x, #w, #sum], iterator_types = #kinds} ins(%x, %w : memref<6x8x8xi8>, memref<3x8x16x8xi8>) outs(%out : memref<6x3x16xi32>) {
    ^bb0(%a: i8, %b: i8, %o: i32):
      %0 = arith.extui %a : i8 to i32
      %1 = arith.extsi %b : i8 to i32
      %2 = arith.muli %0, %1 : i32
      %3 = arith.addi %o, %2 : i32
      linalg.yield %3 : i32
  }
  return
}
