// SPDX-License-Identifier: Apache-2.0
#ifndef LATHE_TARGETS_CPU_PARTITIONTILES_TD
#define LATHE_TARGETS_CPU_PARTITIONTILES_TD

include "mlir/Pass/PassBase.td"

def PartitionTiles : Pass<"lathe-cpu-partition-tiles", "::mlir::func::FuncOp"> {
  let summary = "Split a kernel into tiles that can run on any thread";
  let description = [{
    Adds two index arguments, the first and the end of a range of tiles, and
    computes only those. Each tile writes its own part of the outputs and
    recomputes what it needs from the inputs; no reduction is split. The
    attribute `lathe.tile_count` of the function holds the number of tiles: a
    sum of products of affine expressions of the kernel sizes. `lathe.cost_ps`
    estimates the work of all tiles on one core, in picoseconds and in the same
    form: the runtime shares a call among threads only where that pays.

    ```mlir
    func.func @k(%x: tensor<512x64xf32>, %out: tensor<512x64xf32>)
    // becomes
    func.func @k(%x, %out, %begin: index, %end: index)
        attributes {lathe.tile_count = [[affine_map<() -> (32)>]]} {
      scf.for %t = %begin to %end step %c1 iter_args(%o = %out)
        // rows [16 * %t, 16 * %t + 16)
    ```
    `lathe.tile_sizes` holds the size of a tile along each loop of the operation
    that is tiled, 0 where a loop is not split; `lathe.tile_extents` the rounds of
    its loops, 0 of those that cannot be split, -1 where that is not known. A
    kernel that comes with `lathe.tile_sizes` gets these, whatever the cost model
    says; it is an error if they do not fit.

    A kernel whose outputs do not all come from tileable operations is one tile.

    Tiles of a pointwise convolution chained with a depthwise one are panels of
    features, which depend on no others; rows are split only where there are few
    panels, or where the input is large. Slices of padded tensors have no branch for
    tiles that lie in the margins alone: sizes are clamped to 0 instead.
  }];
  let dependentDialects = ["::mlir::affine::AffineDialect",
                           "::mlir::arith::ArithDialect",
                           "::mlir::linalg::LinalgDialect",
                           "::mlir::scf::SCFDialect",
                           "::mlir::tensor::TensorDialect"];
}

#endif
