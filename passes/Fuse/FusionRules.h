// SPDX-License-Identifier: Apache-2.0
//
// What may stand in one group (ir-contract C12). A group is a set of operators
// of one block with one root: the only operator whose results are used outside.
#ifndef LATHE_PASSES_FUSE_FUSIONRULES_H
#define LATHE_PASSES_FUSE_FUSIONRULES_H

#include "dialects/Graph/GraphOps.h"

namespace lathe {

/// Most operators of a group, and most tensors that it reads.
constexpr size_t kGroupOperatorsMax = 64;
constexpr size_t kGroupInputsMax = 24;

struct FusionGroup {
  llvm::SmallVector<mlir::Operation *> operators; ///< in program order
  mlir::Operation *anchor = nullptr;

  mlir::Operation *root() const { return operators.back(); }
  bool contains(mlir::Operation *op) const { return llvm::is_contained(operators, op); }
};

/// Operators that every reader repeats instead of reading them from memory:
/// constants, sizes, iota, and full or reshape of one of these.
bool isGenerator(mlir::Operation *op);

/// Contractions, reductions, scans: what a kernel is built around.
bool isAnchor(mlir::Operation *op);

/// Operators that grouping places: fusable ones that are no generators.
bool isGroupable(mlir::Operation *op);

/// Generators are copied to this operand's group; the data of an in-place
/// update is not, since it must be a buffer.
bool takesGenerator(mlir::OpOperand &use);

/// Values that the group reads from outside, in order of first use, without
/// generators that will be copied in.
llvm::SmallVector<mlir::Value> groupInputs(const FusionGroup &group);

/// Why `producer` must not join `consumer`, or nothing when it may. Asks only
/// about the operators' roles; users and order are the plan's concern.
/// `chainsDepthwise`: their target runs a pointwise and a depthwise convolution
/// as one kernel.
std::optional<llvm::StringRef> fusionRefusal(const FusionGroup &producer,
                                             const FusionGroup &consumer, bool chainsDepthwise);

/// True when repeating the group in each reader costs less than a tensor in
/// memory: few cheap operators that read at most half of what they write.
bool isWorthRepeating(const FusionGroup &group);

} // namespace lathe

#endif // LATHE_PASSES_FUSE_FUSIONRULES_H
