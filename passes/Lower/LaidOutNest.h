// SPDX-License-Identifier: Apache-2.0
//
// Index maps over tensors with layouts, in the form that linalg and its tiling
// understand: a tiled dimension is two loops, never a division.
#ifndef LATHE_PASSES_LOWER_LAIDOUTNEST_H
#define LATHE_PASSES_LOWER_LAIDOUTNEST_H

#include "mlir/Dialect/Linalg/IR/Linalg.h"

namespace lathe::lower {

class LaidOutNest {
public:
  LaidOutNest(mlir::OpBuilder &builder, mlir::Location loc,
              llvm::ArrayRef<mlir::utils::IteratorType> iterators)
      : builder(builder), loc(loc), kinds(iterators) {}

  /// The next operand; `map` leads from the loops to its physical place.
  void add(mlir::Value tensor, mlir::AffineMap map) {
    operands.push_back(tensor);
    indexing.push_back(map);
    expanded.push_back({});
  }

  /// Loops that a map divides by a tile become two; operands that have the
  /// whole dimension are read as [.., tiles, tile, ..]. Only features are tiled:
  /// static, a multiple of the tile, in no window (GraphToLinalg refuses other
  /// layouts).
  void splitTiles();

  llvm::ArrayRef<mlir::Value> tensors() const { return operands; }
  llvm::ArrayRef<mlir::AffineMap> maps() const { return indexing; }
  llvm::ArrayRef<mlir::utils::IteratorType> iterators() const { return kinds; }

  /// Brings the loops of the finished nest into the order in which memory lies:
  /// as the first output has them, then as the first input has the rest.
  static void orderLoops(mlir::linalg::GenericOp &nest);

  /// The results with the dimensions that splitTiles() split in one again.
  llvm::SmallVector<mlir::Value> join(mlir::ValueRange results, unsigned firstOutput);

private:
  using Reassociation = llvm::SmallVector<mlir::ReassociationIndices>;

  bool findTile(unsigned &loop, int64_t &tile) const;
  void splitLoop(unsigned loop, int64_t tile);
  /// The map with `loop` split, and the positions whose dimension it splits.
  mlir::AffineMap splitMap(mlir::AffineMap map, unsigned loop, int64_t tile,
                           llvm::SmallVectorImpl<int64_t> &positions) const;
  void expandOperand(unsigned operand, llvm::ArrayRef<int64_t> positions, int64_t tile);

  mlir::OpBuilder &builder;
  mlir::Location loc;
  llvm::SmallVector<mlir::utils::IteratorType> kinds;
  llvm::SmallVector<mlir::Value> operands;
  llvm::SmallVector<mlir::AffineMap> indexing;
  /// Of each operand that was expanded: the shapes to go back through.
  llvm::SmallVector<llvm::SmallVector<std::pair<mlir::RankedTensorType, Reassociation>, 1>> expanded;
};

} // namespace lathe::lower

#endif // LATHE_PASSES_LOWER_LAIDOUTNEST_H
