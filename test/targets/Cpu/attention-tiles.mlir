// RUN: lathe-opt %s --lathe-graph-to-linalg | lathe-opt --pass-pipeline="builtin.module(builtin.module(func.func(lathe-cpu-normalize-kernel,lathe-cpu-fuse-elementwise),cse,func.func(lathe-cpu-partition-tiles),cse))" | FileCheck %s

// A tile of an attention is some queries of one head, and all that is done with their scores: nothing is
// computed twice, and no tile has all scores.

module {
  // Heads lie between rows; reshapes and permutes become views. 197 keys: blocks of 48 queries.
  graph.kernel @heads_between_rows(%q: tensor<197x3x64xf32>, %k: tensor<197x3x64xf32>, %v: tensor<197x3x64xf32>)
      -> tensor<197x1x3x64xf32> attributes {symbols = [], device = "cpu"} {
    %0 = graph.permute %q {permutation = array<i64: 1, 0, 2>} : (tensor<197x3x64xf32>) -> tensor<3x197x64xf32>
    %1 = graph.permute %k {permutation = array<i64: 1, 0, 2>} : (tensor<197x3x64xf32>) -> tensor<3x197x64xf32>
    %2 = graph.permute %v {permutation = array<i64: 1, 0, 2>} : (tensor<197x3x64xf32>) -> tensor<3x197x64xf32>
    %3 = graph.reshape %0 {dims = #graph.dims<[1, 3, 197, 64]>} : (tensor<3x197x64xf32>) -> tensor<1x3x197x64xf32>
    %4 = graph.reshape %1 {dims = #graph.dims<[1, 3, 197, 64]>} : (tensor<3x197x64xf32>) -> tensor<1x3x197x64xf32>
    %5 = graph.reshape %2 {dims = #graph.dims<[1, 3, 197, 64]>} : (tensor<3x197x64xf32>) -> tensor<1x3x197x64xf32>
    %6 = graph.sdpa %3, %4, %5 {scale = 1.250000e-01 : f64} : (tensor<1x3x197x64xf32>, tensor<1x3x197x64xf32>, tensor<1x3x197x64xf32>) -> tensor<1x3x197x64xf32>
    %7 = graph.permute %6 {permutation = array<i64: 2, 0, 1, 3>} : (tensor<1x3x197x64xf32>) -> tensor<197x1x3x64xf32>
    graph.yield %7 : tensor<197x1x3x64xf32>
  }

  // 4096 keys: sixteen queries have a quarter of a megabyte of scores.
  graph.kernel @many_keys(%q: tensor<4x4096x64xf32>, %k: tensor<4x4096x64xf32>, %v: tensor<4x4096x64xf32>)
      -> tensor<4x4096x64xf32> attributes {symbols = [], device = "cpu"} {
    %0 = graph.sdpa %q, %k, %v {scale = 1.250000e-01 : f64} : (tensor<4x4096x64xf32>, tensor<4x4096x64xf32>, tensor<4x4096x64xf32>) -> tensor<4x4096x64xf32>
    graph.yield %0 : tensor<4x4096x64xf32>
  }

  // Little work stays one tile.
  graph.kernel @small(%q: tensor<2x16x8xf32>, %k: tensor<2x5x8xf32>, %v: tensor<2x5x8xf32>)
      -> tensor<2x16x8xf32> attributes {symbols = [], device = "cpu"} {
    %0 = graph.sdpa %q, %k, %v {scale = 0.5} : (tensor<2x16x8xf32>, tensor<2x5x8xf32>, tensor<2x5x8xf32>) -> tensor<2x16x8xf32>
    graph.yield %0 : tensor<2x16x8xf32>
  }
}

// CHECK-LABEL: func.func @heads_between_rows
// CHECK-NOT: linalg.generic
// CHECK: scf.for
// CHECK-NOT: tensor<1x1x197x197xf32>
// CHECK: linalg.generic {{.+}} outs(%{{.+}} : tensor<1x1x64x?xf32>)
// CHECK: tensor<1x1x197x?xf32>
// CHECK: math.exp
// CHECK: -> tensor<?x1x1x64xf32>
// CHECK: scf.yield
// CHECK-LABEL: func.func @many_keys
// CHECK: scf.for
// CHECK: tensor<1x?x64xf32>
// CHECK-LABEL: func.func @small
// CHECK-NOT: scf.for
