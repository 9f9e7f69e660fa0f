// SPDX-License-Identifier: Apache-2.0
//
// Groups of a convolution as a dimension of its operands, whatever their
// layouts.
#ifndef LATHE_PASSES_LOWER_GROUPEDCONVOLUTION_H
#define LATHE_PASSES_LOWER_GROUPEDCONVOLUTION_H

#include "passes/Lower/KernelLowering.h"

namespace lathe::lower {

/// Features and channels in blocks: a block is a group, or the groups that lie
/// side by side in one panel of the weight.
struct GroupBlocks {
  explicit GroupBlocks(graph::ConvOp op);

  int64_t blocks, groupsInBlock, featuresInGroup, channelsInGroup;

  /// Factors of the dimension of features: blocks, features of a block.
  llvm::SmallVector<int64_t> ofFeatures() const { return {blocks, groupsInBlock * featuresInGroup}; }
  /// Factors of the dimension of channels: blocks, groups of a block unless it
  /// is one, channels of a group.
  llvm::SmallVector<int64_t> ofChannels() const;
};

/// A tensor one of whose dimensions became several.
struct SplitDim {
  mlir::Value tensor;
  Dims dims;
  /// What it was, in memory, and where its dimensions went.
  mlir::RankedTensorType wholeType;
  mlir::AffineMap wholeLayout;
  llvm::SmallVector<mlir::ReassociationIndices> places;
};

/// `tensor`, of logical sizes `dims`, with dimension `dim` as `factors`. A layout
/// may have that dimension in panels only if a panel divides the last factor,
/// and there are two. A fill stays one.
SplitDim splitDim(KernelLowering &lowering, mlir::Value tensor, llvm::ArrayRef<graph::ExprAttr> dims,
                  unsigned dim, llvm::ArrayRef<int64_t> factors);

/// `tensor`, which has the shape of `split`, with the factors as one dimension.
mlir::Value joinDim(KernelLowering &lowering, mlir::Value tensor, const SplitDim &split);

} // namespace lathe::lower

#endif // LATHE_PASSES_LOWER_GROUPEDCONVOLUTION_H
