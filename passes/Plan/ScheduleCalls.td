// SPDX-License-Identifier: Apache-2.0
def ScheduleCalls : Pass<"lathe-schedule-calls", "::mlir::func::FuncOp"> {
  let summary = "Order of operations that lowers peak memory";
  let description = [{
    In each block, repeatedly takes the ready operation that grows live memory
    least (the earliest of equals), and keeps that order when its peak is below
    the present one. Effects on one state keep their order, and whoever reads a
    buffer comes before the dispatch that must overwrite it. Deterministic.
  }];
}
