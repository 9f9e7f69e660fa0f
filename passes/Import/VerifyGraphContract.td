// SPDX-License-Identifier: Apache-2.0
#ifndef LATHE_PASSES_IMPORT_VERIFYGRAPHCONTRACT_TD
#define LATHE_PASSES_IMPORT_VERIFYGRAPHCONTRACT_TD

include "mlir/Pass/PassBase.td"

def VerifyGraphContract : Pass<"lathe-verify-graph-contract", "::mlir::ModuleOp"> {
  let summary = "checks a module against the contract of its stage";
  let description = [{
    What every front end must meet, and what each later stage may rely on:

    - G1: the module holds graph.symbol, assume, weight, state and public
      functions; kernels in `module @kernels` from stage outlined on.
    - G2: functions have a body of graph operators; each argument and result
      has a distinct `graph.name`. Names are UTF-8 without control characters,
      of at most LATHE_MAX_NAME_BYTES (limits.h).
    - G3: every tensor with a `?` has its sizes; every symbol in a type or an
      attribute is defined; every symbol has an upper bound.
    - G4: a data-dependent symbol is bound in the method that uses it.
    - G5: weights resolve in the WeightStore, with the type's bytes; no
      initializer depends on itself.
    - G6: a state's initial value is a weight of its type.
    - G7: no layouts before stage assigned; no groups in any stage; transfers
      from stage assigned on.
    - G8 (simplified on): no composite operators, no unused weights.
    - G9 (assigned): each operator has a device.
    - G10 (outlined on): no operators in methods but free views; every kernel
      is dispatched.
    - G11 (planned): every kernel has its code.

    With `stage` the module is checked against that stage and, if it holds,
    marked with `graph.stage`; without, the mark says what to check.
  }];
  let options = [
    Option<"stage", "stage", "std::string", "\"\"",
           "imported, simplified, assigned, outlined or planned; empty: as marked">,
    Option<"checkWeights", "check-weights", "bool", "true",
           "weights must resolve in the WeightStore (text tests have none)">
  ];
}

#endif // LATHE_PASSES_IMPORT_VERIFYGRAPHCONTRACT_TD
