// SPDX-License-Identifier: Apache-2.0
def PlanMemory : Pass<"lathe-plan-memory", "::mlir::ModuleOp"> {
  let summary = "Offsets of the arena's buffers from exact lifetimes";
  let description = [{
    For each program.variant: a storage lives from where it may have been
    written to where it may still be read, along every path of the
    instructions. Storages that never live at one instruction may overlap.
    Several greedy orders are tried and the smallest arena is kept. The plan
    carries `lower_bound_bytes`, the largest sum of live sizes at an
    instruction, which no arena can go below.

    Sizes are taken at the upper bound of their symbols. A method with symbols
    that its inputs bind gets up to three more plans, for a quarter, a sixteenth
    and a sixty-fourth of the ranges, each where it halves the arena:

    ```mlir
    program.symbol "n" [1, 4096]
    // becomes
    program.plan max [64] arena_bytes 32768 offsets [0, 16384]
    program.plan max [1024] arena_bytes 524288 offsets [0, 262144]
    program.plan arena_bytes 2097152 offsets [0, 1048576]
    ```
  }];
  let dependentDialects = ["::lathe::program::ProgramDialect"];
}
