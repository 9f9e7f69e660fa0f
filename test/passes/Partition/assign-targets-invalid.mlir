// RUN: lathe-opt --lathe-assign-targets --split-input-file --verify-diagnostics %s

// expected-error@+1 {{no target takes 2 operators; targets are "gpu"}}
module attributes {graph.targets = [{name = "gpu", operators = ["relu"]}]} {
  func.func @two_operators_nobody_takes(%x: tensor<2xf32>) -> tensor<2xf32> {
    // expected-note@+1 {{graph.exp}}
    %0 = graph.exp %x : (tensor<2xf32>) -> tensor<2xf32>
    %1 = graph.relu %0 : (tensor<2xf32>) -> tensor<2xf32>
    // expected-note@+1 {{graph.neg}}
    %2 = graph.neg %1 : (tensor<2xf32>) -> tensor<2xf32>
    return %2 : tensor<2xf32>
  }
}

// -----

// expected-error@+1 {{needs graph.targets}}
module {
}

// -----

// expected-error@+1 {{graph.targets names "cpu" twice}}
module attributes {graph.targets = [{name = "cpu"}, {name = "cpu"}]} {
}

// -----

// expected-error@+1 {{graph.targets has a target without a name}}
module attributes {graph.targets = [{operators = ["relu"]}]} {
}

// -----

// expected-error@+1 {{graph.targets has two hosts}}
module attributes {graph.targets = [{name = "a", host}, {name = "b", host}]} {
}
