// SPDX-License-Identifier: Apache-2.0
//
// Which operators of a block become one group. Greedy, in program order: an
// operator first takes the producer that was defined last, so that an anchor
// gets its epilogue before anybody reads it from memory. A producer joins only
// when all its users do: its group then has no path to the consumer through
// other operators, and no merge can create a cycle.
#ifndef LATHE_PASSES_FUSE_FUSIONPLAN_H
#define LATHE_PASSES_FUSE_FUSIONPLAN_H

#include "passes/Fuse/FusionRules.h"
#include "passes/Partition/TargetDescription.h"
#include "llvm/ADT/DenseMap.h"

namespace lathe {

class FusionPlan {
public:
  /// Plans `block` for `targets`; with `report`, remarks at each producer that
  /// stays apart.
  FusionPlan(mlir::Block &block, const VariantDescription &targets, bool report);

  /// Groups in the order of their roots. Free views at the edge of a group
  /// have left it and stand between groups.
  std::vector<FusionGroup> takeGroups();

private:
  void collect();
  void mergeProducers(mlir::Operation *op);
  bool tryMerge(unsigned producer, unsigned consumer);
  std::optional<llvm::StringRef> refusal(const FusionGroup &producer,
                                         const FusionGroup &consumer) const;
  bool allUsersIn(const FusionGroup &producer, const FusionGroup &consumer) const;
  bool crossesStateWrite(const FusionGroup &producer, mlir::Operation *position) const;
  void repeatCheapProducers();
  bool repeatIntoReaders(unsigned producer);
  void releaseFreeViews();
  void sortOperators(FusionGroup &group) const;

  /// Whether the target of `group` runs chains of two convolutions.
  bool chainsDepthwise(const FusionGroup &group) const;

  mlir::Block &block;
  const VariantDescription &targets;
  bool report;
  std::vector<FusionGroup> groups; ///< merged ones are empty
  llvm::DenseMap<mlir::Operation *, unsigned> groupOf;
  /// Position in the block, for program order.
  llvm::DenseMap<mlir::Operation *, unsigned> position;
  /// Writes of each state, by position; control flow counts for all states
  /// that its regions write.
  std::vector<std::pair<unsigned, mlir::StringAttr>> stateWrites;
};

} // namespace lathe

#endif // LATHE_PASSES_FUSE_FUSIONPLAN_H
