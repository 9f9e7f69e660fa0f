// SPDX-License-Identifier: Apache-2.0
#ifndef LATHE_TARGETS_CPU_SKIPMARGINS_TD
#define LATHE_TARGETS_CPU_SKIPMARGINS_TD

include "mlir/Pass/PassBase.td"

def SkipMargins : Pass<"lathe-cpu-skip-margins", "::mlir::func::FuncOp"> {
  let summary = "Read windows in place instead of copying their input between margins";
  let description = [{
    A depthwise convolution on its own copies its input between margins of
    zeros, only for its windows to read them without a question. Where nothing
    but a copy makes the rows, the windows read the rows themselves instead, and
    products with a margin are left out:

    - Rows of the result whose windows lie inside are one nest. The others are a
      loop, each round of which sums over the rows of its window that exist.
    - Columns have no copy and no branch either: the input is seen with columns
      that do not exist, and `lathe.margins` of the nest says so: operand,
      dimension, and how many are missing before and behind. The nest emitter
      blocks columns so that it knows in which block a product is missing.

    ```mlir
    linalg.generic ins(%x) outs(%inner)                   // a copy
    linalg.generic ins(%padded, %w) outs(%y)              // windows
    // becomes
    scf.for %edge = %c0 to %edges step %c1
      linalg.generic ins(%rows, %part_of_w) outs(%row) attrs = {lathe.margins = array<i64: 0, 2, 1, 1>}
    linalg.generic ins(%x_seen_wider, %w) outs(%inner_rows_of_y) attrs = {lathe.margins = ..}
    ```
    Only sums of products whose margins are zeros are rewritten, and only if the
    number of columns is known.
  }];
  let dependentDialects = ["::mlir::affine::AffineDialect",
                           "::mlir::arith::ArithDialect",
                           "::mlir::memref::MemRefDialect",
                           "::mlir::scf::SCFDialect"];
}

#endif // LATHE_TARGETS_CPU_SKIPMARGINS_TD
