// RUN: lathe-opt --lathe-verify-graph-contract --split-input-file --verify-diagnostics %s

// G1
module {
  // expected-error@+1 {{cannot stand in the module of a model}}
  memref.global @m : memref<4xf32>
}

// -----

// G1
// expected-error@+1 {{must be public and have a body}}
func.func private @hidden()

// -----

// G1
module {
  // expected-error@+1 {{stands before outlining}}
  module @kernels {
  }
}

// -----

// G2
// expected-error@+1 {{argument 0 has no graph.name}}
func.func @nameless(%x: tensor<4xf32>) {
  return
}

// -----

// G2
// expected-error@+1 {{argument 1 repeats the name "x"}}
func.func @same_name(%x: tensor<4xf32> {graph.name = "x"}, %y: tensor<4xf32> {graph.name = "x"}) {
  return
}

// -----

// G2: names that the loader of a program takes
// expected-error@+1 {{argument 0 has a name that is not UTF-8 without control characters: "a\0Ab"}}
func.func @control(%x: tensor<4xf32> {graph.name = "a\0Ab"}) {
  return
}

// -----

// G2
// expected-error@+1 {{result 0 has a name that is not UTF-8 without control characters: "\FFb"}}
func.func @not_utf8(%x: tensor<4xf32> {graph.name = "x"}) -> (tensor<4xf32> {graph.name = "\FFb"}) {
  return %x : tensor<4xf32>
}

// -----

// G2
module {
  // expected-error@+1 {{symbol has a name that is not UTF-8 without control characters: "s\7F"}}
  graph.symbol @"s\7F" [1, 8]
}

// -----

// G2
func.func @foreign(%x: tensor<4xf32> {graph.name = "x"}) {
  // expected-error@+1 {{is no graph operator}}
  %0 = math.exp %x : tensor<4xf32>
  return
}

// -----

// G3
// expected-error@+1 {{whose sizes are not stated}}
func.func @no_sizes(%x: tensor<?xf32> {graph.name = "x"}) {
  return
}

// -----

// G3
// expected-error@+1 {{has a size of 's', which no graph.symbol defines}}
func.func @no_symbol(%x: tensor<?xf32, #graph.info<[s]>> {graph.name = "x"}) {
  return
}

// -----

// G3
// expected-error@+1 {{has no upper bound: pass --dim s=2..<max>}}
graph.symbol @s [2, 9223372036854775807]

// -----

// G4
graph.symbol @n [0, 8] {data_dependent}
// expected-error@+1 {{uses the data-dependent size 'n' and never binds it}}
func.func @unbound() {
  %0 = graph.size <n> : tensor<i64>
  return
}

// -----

// G5
// expected-error@+1 {{which the weight store lacks}}
graph.weight @w : tensor<4xf32> key "00"

// -----

// G5
// expected-error@+1 {{depends on itself}}
graph.weight @w : tensor<4xf32> {
  %0 = graph.use_weight @w : tensor<4xf32>
  graph.yield %0 : tensor<4xf32>
}

// -----

// G6
graph.weight @w : tensor<2xf32> {
  %0 = graph.constant dense<1.0> : tensor<2xf32>
  graph.yield %0 : tensor<2xf32>
}
// expected-error@+1 {{which is no weight of type}}
graph.state @h : tensor<4xf32> initial @w

// -----

// G7
// expected-error@+1 {{layouts are chosen after this stage}}
func.func @layout(%x: tensor<2x4xf32, #graph.info<[2, 4], #graph.layout<[1, 0]>>> {graph.name = "x"}) {
  return
}

// -----

// G7
func.func @group(%x: tensor<4xf32> {graph.name = "x"}) {
  // expected-error@+1 {{groups become kernels}}
  %0 = graph.group "relu" on "cpu"(%x) : (tensor<4xf32>) -> tensor<4xf32> {
  ^bb0(%a: tensor<4xf32>):
    %1 = graph.relu %a : (tensor<4xf32>) -> tensor<4xf32>
    graph.yield %1 : tensor<4xf32>
  }
  return
}

// -----

// G7
func.func @transfer(%x: tensor<4xf32> {graph.name = "x"}) {
  // expected-error@+1 {{stands before assignment}}
  %0 = graph.transfer %x from "a" to "b" : (tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

// G8
module attributes {graph.stage = "simplified"} {
  func.func @composite(%x: tensor<1x2x4x4xf32> {graph.name = "x"}) {
    // expected-error@+1 {{is a composite operator, which must be decomposed}}
    %0 = graph.adaptive_avg_pool %x {output_size = array<i64: 1, 1>} : (tensor<1x2x4x4xf32>) -> tensor<1x2x1x1xf32>
    return
  }
}

// -----

// G8
module attributes {graph.stage = "simplified"} {
  // expected-error@+1 {{is not used}}
  graph.weight @w : tensor<4xf32> {
    %0 = graph.constant dense<1.0> : tensor<4xf32>
    graph.yield %0 : tensor<4xf32>
  }
}

// -----

// G9
module attributes {graph.stage = "assigned"} {
  func.func @homeless(%x: tensor<4xf32> {graph.name = "x"}) {
    // expected-error@+1 {{has no graph.device}}
    %0 = graph.relu %x : (tensor<4xf32>) -> tensor<4xf32>
    return
  }
}

// -----

// G10
module attributes {graph.stage = "outlined"} {
  func.func @loose(%x: tensor<4xf32> {graph.name = "x"}) {
    // expected-error@+1 {{is in no kernel}}
    %0 = graph.relu %x : (tensor<4xf32>) -> tensor<4xf32>
    return
  }
}

// -----

// G10: the first permutation is a view, the second one moves elements.
module attributes {graph.stage = "outlined"} {
  func.func @permuted(%x: tensor<2x3x4xf32> {graph.name = "x"}) {
    %0 = graph.permute %x {permutation = array<i64: 0, 2, 1>} : (tensor<2x3x4xf32>) -> tensor<2x4x3xf32, #graph.info<[2, 4, 3], #graph.layout<[0, 2, 1]>>>
    // expected-error@+1 {{is in no kernel}}
    %1 = graph.permute %x {permutation = array<i64: 0, 2, 1>} : (tensor<2x3x4xf32>) -> tensor<2x4x3xf32>
    return
  }
}

// -----

// G10
module attributes {graph.stage = "outlined"} {
  module @kernels {
    // expected-error@+1 {{is never dispatched}}
    graph.kernel @relu(%x: tensor<4xf32>) -> tensor<4xf32> attributes {symbols = [], device = "cpu"} {
      %0 = graph.relu %x : (tensor<4xf32>) -> tensor<4xf32>
      graph.yield %0 : tensor<4xf32>
    }
  }
}

// -----

// G11
module attributes {graph.stage = "planned"} {
  module @kernels {
    // expected-error@+1 {{has no code}}
    graph.kernel @relu(%x: tensor<4xf32>) -> tensor<4xf32> attributes {symbols = [], device = "cpu"} {
      %0 = graph.relu %x : (tensor<4xf32>) -> tensor<4xf32>
      graph.yield %0 : tensor<4xf32>
    }
  }
  func.func @f(%x: tensor<4xf32> {graph.name = "x"}) {
    %0 = graph.dispatch @kernels::@relu(%x) symbols <[]> : (tensor<4xf32>) -> tensor<4xf32>
    return
  }
}

// -----

// C1
// expected-error@+1 {{argument "x" has type 'tensor<4xindex>': a method takes and gives ranked tensors}}
func.func @f(%x: tensor<4xindex> {graph.name = "x"}) {
  return
}

// -----

// expected-error@+1 {{unknown stage 'finished'}}
module attributes {graph.stage = "finished"} {
}

// -----

graph.symbol @n[7, 50]
func.func @f(%x: tensor<?xf32, #graph.info<[n]>> {graph.name = "x"}) -> (tensor<?xf32, #graph.info<[n]>> {graph.name = "y"}) {
  // expected-error@+1 {{crops 8 elements of dimension 0, which may have only 7}}
  %0 = graph.pad %x {low = array<i64: 8>, high = array<i64: -8>, mode = #graph.pad_mode<constant>, value = 0.0 : f32} : (tensor<?xf32, #graph.info<[n]>>) -> tensor<?xf32, #graph.info<[n]>>
  return %0 : tensor<?xf32, #graph.info<[n]>>
}

// -----

graph.symbol @n[8, 50]
func.func @f(%x: tensor<?xf32, #graph.info<[n]>> {graph.name = "x"}) -> (tensor<?xf32, #graph.info<[n]>> {graph.name = "y"}) {
  %0 = graph.pad %x {low = array<i64: 8>, high = array<i64: -8>, mode = #graph.pad_mode<constant>, value = 0.0 : f32} : (tensor<?xf32, #graph.info<[n]>>) -> tensor<?xf32, #graph.info<[n]>>
  return %0 : tensor<?xf32, #graph.info<[n]>>
}
