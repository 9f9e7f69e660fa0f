// SPDX-License-Identifier: Apache-2.0
#ifndef LATHE_PASSES_IMPORT_REMOVEUNUSEDWEIGHTS_TD
#define LATHE_PASSES_IMPORT_REMOVEUNUSEDWEIGHTS_TD

include "mlir/Pass/PassBase.td"

def RemoveUnusedWeights : Pass<"lathe-remove-unused-weights", "::mlir::ModuleOp"> {
  let summary = "drops weights and states that no method reads";
  let description = [{
    A weight stays when a method, a state's initial value or the initializer of
    a weight that stays reads it. A state stays when a method names it. Pure
    operators without users go first.
  }];
}

#endif // LATHE_PASSES_IMPORT_REMOVEUNUSEDWEIGHTS_TD
