// RUN: lathe-opt --lathe-cpu-lower-nests="vector-bits=256 registers=16 masks=true" --cse %s | FileCheck %s

#rows = affine_map<(m, n, l, k) -> (m, k)>
#panels = affine_map<(m, n, l, k) -> (n, k, l)>
#sums = affine_map<(m, n, l, k) -> (m, n, l)>

// bf16 becomes f32 by a shift in place: six rows of two accumulators stay.
// CHECK-LABEL: func.func @bf16_weights_keep_six_rows
func.func @bf16_weights_keep_six_rows(%x: memref<12x192xf32>, %w: memref<48x192x16xbf16>, %out: memref<12x48x16xf32>) {
  // CHECK: scf.for {{.*}} iter_args
  // CHECK-COUNT-2: arith.extf {{.*}} : vector<8xbf16> to vector<8xf32>
  // CHECK-NOT: arith.extf
  // CHECK-COUNT-10: arith.mulf {{.*}} : vector<8xf32>
  // CHECK-NOT: scf.for
  // CHECK: scf.yield {{.*}} : vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>
  linalg.generic {indexing_maps = [#rows, #panels, #sums], iterator_types = ["parallel", "parallel", "parallel", "reduction"]} ins(%x, %w : memref<12x192xf32>, memref<48x192x16xbf16>) outs(%out : memref<12x48x16xf32>) {
    ^bb0(%a: f32, %b: bf16, %s: f32):
      %e = arith.extf %b : bf16 to f32
      %p = arith.mulf %a, %e : f32
      %v = arith.addf %s, %p : f32
      linalg.yield %v : f32
  }
  return
}

// f16 without the machine's conversion takes a dozen instructions and their registers: two rows.
// CHECK-LABEL: func.func @f16_weights_keep_two_rows
func.func @f16_weights_keep_two_rows(%x: memref<12x192xf32>, %w: memref<48x192x16xf16>, %out: memref<12x48x16xf32>) {
  // CHECK: scf.for {{.*}} iter_args
  // CHECK: scf.yield %{{[^,]+}}, %{{[^,]+}}, %{{[^,]+}}, %{{[^,]+}} : vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>{{$}}
  linalg.generic {indexing_maps = [#rows, #panels, #sums], iterator_types = ["parallel", "parallel", "parallel", "reduction"]} ins(%x, %w : memref<12x192xf32>, memref<48x192x16xf16>) outs(%out : memref<12x48x16xf32>) {
    ^bb0(%a: f32, %b: f16, %s: f32):
      %e = arith.extf %b : f16 to f32
      %p = arith.mulf %a, %e : f32
      %v = arith.addf %s, %p : f32
      linalg.yield %v : f32
  }
  return
}
