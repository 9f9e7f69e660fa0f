// RUN: lathe-opt %s --lathe-graph-to-linalg | lathe-opt --pass-pipeline="builtin.module(builtin.module(func.func(lathe-cpu-normalize-kernel,lathe-cpu-fuse-elementwise),cse,func.func(lathe-cpu-partition-tiles),canonicalize,cse,func.func(lathe-cpu-block-keys),canonicalize,cse))" | FileCheck %s

// An attention with more keys than fit is a loop over blocks of them, which carries maxima, sums and weighted values.

module {
  // 1000 keys: five blocks of 168 and one of 160.
  graph.kernel @many_keys(%q: tensor<2x96x64xf32>, %k: tensor<2x1000x64xf32>, %v: tensor<2x1000x64xf32>)
      -> tensor<2x96x64xf32> attributes {symbols = [], device = "cpu"} {
    %0 = graph.sdpa %q, %k, %v {scale = 0.125 : f64} : (tensor<2x96x64xf32>, tensor<2x1000x64xf32>, tensor<2x1000x64xf32>) -> tensor<2x96x64xf32>
    graph.yield %0 : tensor<2x96x64xf32>
  }

  // The mask is cut as the scores are.
  graph.kernel @masked(%q: tensor<2x96x64xf32>, %k: tensor<2x384x64xf32>, %v: tensor<2x384x64xf32>, %m: tensor<96x384xf32>)
      -> tensor<2x96x64xf32> attributes {symbols = [], device = "cpu"} {
    %0 = graph.sdpa %q, %k, %v, %m {scale = 0.125 : f64} : (tensor<2x96x64xf32>, tensor<2x384x64xf32>, tensor<2x384x64xf32>, tensor<96x384xf32>) -> tensor<2x96x64xf32>
    graph.yield %0 : tensor<2x96x64xf32>
  }

  // Blocks before the first query's key have no choice, blocks behind the last query's are left out.
  graph.kernel @causal(%q: tensor<2x256x64xf32>, %k: tensor<2x256x64xf32>, %v: tensor<2x256x64xf32>)
      -> tensor<2x256x64xf32> attributes {symbols = [], device = "cpu"} {
    %0 = graph.sdpa %q, %k, %v {scale = 0.125 : f64, is_causal} : (tensor<2x256x64xf32>, tensor<2x256x64xf32>, tensor<2x256x64xf32>) -> tensor<2x256x64xf32>
    graph.yield %0 : tensor<2x256x64xf32>
  }

  graph.symbol @n [1, 4096]
  graph.kernel @unknown_length(%q: tensor<2x96x64xf32>, %k: tensor<2x?x64xf32, #graph.info<[2, n, 64]>>, %v: tensor<2x?x64xf32, #graph.info<[2, n, 64]>>)
      -> tensor<2x96x64xf32> attributes {symbols = ["n"], device = "cpu"} {
    %0 = graph.sdpa %q, %k, %v {scale = 0.125 : f64} : (tensor<2x96x64xf32>, tensor<2x?x64xf32, #graph.info<[2, n, 64]>>, tensor<2x?x64xf32, #graph.info<[2, n, 64]>>) -> tensor<2x96x64xf32>
    graph.yield %0 : tensor<2x96x64xf32>
  }

  // What fits is one block.
  graph.kernel @few_keys(%q: tensor<2x96x64xf32>, %k: tensor<2x256x64xf32>, %v: tensor<2x256x64xf32>)
      -> tensor<2x96x64xf32> attributes {symbols = [], device = "cpu"} {
    %0 = graph.sdpa %q, %k, %v {scale = 0.125 : f64} : (tensor<2x96x64xf32>, tensor<2x256x64xf32>, tensor<2x256x64xf32>) -> tensor<2x96x64xf32>
    graph.yield %0 : tensor<2x96x64xf32>
  }

  // One query has few scores, and its lanes are keys.
  graph.kernel @one_query(%q: tensor<2x1x64xf32>, %k: tensor<2x1000x64xf32>, %v: tensor<2x1000x64xf32>)
      -> tensor<2x1x64xf32> attributes {symbols = [], device = "cpu"} {
    %0 = graph.sdpa %q, %k, %v {scale = 0.125 : f64} : (tensor<2x1x64xf32>, tensor<2x1000x64xf32>, tensor<2x1000x64xf32>) -> tensor<2x1x64xf32>
    graph.yield %0 : tensor<2x1x64xf32>
  }

  // A softmax on its own is none.
  graph.kernel @softmax(%x: tensor<1000x96xf32>) -> tensor<1000x96xf32> attributes {symbols = [], device = "cpu"} {
    %0 = graph.softmax %x {dim = 0 : i64} : (tensor<1000x96xf32>) -> tensor<1000x96xf32>
    graph.yield %0 : tensor<1000x96xf32>
  }
}

// CHECK-LABEL: func.func @many_keys
// CHECK: scf.for
// CHECK-NOT: x1000x{{[0-9?]+}}xf32>) outs
// CHECK: scf.for %[[KEY:.+]] = %c0{{.*}} to %c840{{.*}} step %c168{{.*}} iter_args(%[[MOST:.+]] = %{{.+}}, %[[SUMS:.+]] = %{{.+}}, %[[WEIGHTED:.+]] = %{{.+}}) -> (tensor<1x96xf32>, tensor<1x96xf32>, tensor<1x96x64xf32>)
// CHECK: extract_slice %{{.+}}[0, %[[KEY]], 0] [1, 168, 64]
// CHECK: %[[FACTOR:.+]] = linalg.generic {{.+}} ins(%[[MOST]], %{{.+}} : tensor<1x96xf32>, tensor<1x96xf32>)
// CHECK: math.exp
// CHECK: linalg.generic {{.+}} outs(%[[MOST]] : tensor<1x96xf32>)
// CHECK: linalg.generic {{.+}} outs(%{{.+}} : tensor<1x168x96xf32>)
// CHECK: math.exp
// CHECK: linalg.generic {{.+}} ins(%[[FACTOR]] : tensor<1x96xf32>) outs(%[[SUMS]] : tensor<1x96xf32>)
// CHECK: linalg.generic {{.+}} ins(%[[FACTOR]] : tensor<1x96xf32>) outs(%[[WEIGHTED]] : tensor<1x96x64xf32>)
// CHECK: scf.yield
// CHECK: tensor<1x160x96xf32>

// CHECK-LABEL: func.func @masked
// CHECK: scf.for %[[KEY:.+]] = %c0{{.*}} to %c384{{.*}} step %c192
// CHECK: extract_slice %{{.+}}[0, %[[KEY]]] [96, 192]

// CHECK-LABEL: func.func @causal
// CHECK: %[[SEEN:.+]] = affine.min
// CHECK: scf.for %{{.+}} = %c0{{.*}} to %[[SEEN]] step %c64
// CHECK-NOT: arith.cmpi
// CHECK: scf.yield
// CHECK: %[[LAST:.+]] = affine.min
// CHECK: scf.for %{{.+}} = %[[SEEN]] to %[[LAST]] step %c64
// CHECK: arith.cmpi sle

// CHECK-LABEL: func.func @unknown_length
// CHECK: scf.for %{{.+}} to %[[FULL:.+]] step %c192
// CHECK: tensor<1x192x96xf32>
// CHECK: scf.yield
// CHECK: scf.for %{{.+}} = %[[FULL]] to %{{.+}} step %c192
// CHECK: tensor<1x?x96xf32>

// CHECK-LABEL: func.func @few_keys
// CHECK-NOT: iter_args({{.+}}, {{.+}})
// CHECK: tensor<1x256x96xf32>
// CHECK-LABEL: func.func @one_query
// CHECK-NOT: iter_args({{.+}}, {{.+}})
// CHECK: tensor<2x1x1000xf32>
// CHECK-LABEL: func.func @softmax
// CHECK-NOT: iter_args({{.+}}, {{.+}})
// CHECK: return
