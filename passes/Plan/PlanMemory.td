// SPDX-License-Identifier: Apache-2.0
def PlanMemory : Pass<"lathe-plan-memory", "::mlir::ModuleOp"> {
  let summary = "Offsets of the arena's buffers from exact lifetimes";
  let description = [{
    For each program.variant: a storage lives from where it may have been
    written to where it may still be read, along every path of the
    instructions. Storages that never live at one instruction may overlap.
    Sizes are taken at the upper bound of their symbols. Several greedy orders
    are tried and the smallest arena is kept. The plan carries
    `lower_bound_bytes`, the largest sum of live sizes at an instruction, which
    no arena can go below.
  }];
  let dependentDialects = ["::lathe::program::ProgramDialect"];
}
