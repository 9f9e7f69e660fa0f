// SPDX-License-Identifier: Apache-2.0
#ifndef LATHE_TARGETS_CPU_INTERLEAVEROWS_TD
#define LATHE_TARGETS_CPU_INTERLEAVEROWS_TD

include "mlir/Pass/PassBase.td"

def InterleaveRows : Pass<"lathe-cpu-interleave-rows", "::mlir::func::FuncOp"> {
  let summary = "Compute rows shortly before a window reads them";
  let description = [{
    Where a nest sums over windows of rows that another nest has just made (a
    depthwise convolution behind a pointwise one, over the same panels), all
    rows of a tile would leave the first cache before they are read. Both are
    put into one loop over blocks of rows instead, inside one over the panels:
    each round makes the rows that its windows need and that are not there yet,
    then reads them. No row is made twice, and the buffer between both stays as
    it is, margins included.

    ```mlir
    linalg.generic ... ins(%x, %w) outs(%inner)   // rows of %padded
    linalg.generic ... ins(%padded, %v) outs(%y)  // windows over %padded
    // becomes
    scf.for %panel = %c0 to %panels step %c1
      scf.for %row = %c0 to %rows step %block iter_args(%done = %c0)
        // rows [%done, %next) of %inner, from these rows of %x
        // rows [%row, %row + %block) of %y
        scf.yield %next
    ```
    Buffers of which the windows of one panel fit the cache whole are left alone
    but for the loop over panels. A copy between margins, that a convolution on
    its own needs, counts as a nest that makes rows.
  }];
  let options = [
    Option<"cacheBytes", "cache-bytes", "int64_t", "24 * 1024",
           "what the rows between two nests may take of the first cache">
  ];
  let dependentDialects = ["::mlir::affine::AffineDialect",
                           "::mlir::arith::ArithDialect",
                           "::mlir::memref::MemRefDialect",
                           "::mlir::scf::SCFDialect"];
}

#endif // LATHE_TARGETS_CPU_INTERLEAVEROWS_TD
