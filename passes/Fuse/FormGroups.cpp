// SPDX-License-Identifier: Apache-2.0
#include "dialects/Graph/FreeViews.h"
#include "dialects/Graph/IndexChecks.h"
#include "passes/Fuse/FusionPlan.h"
#include "passes/Fuse/KernelNames.h"
#include "passes/Passes.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/IRMapping.h"

namespace lathe {
#define GEN_PASS_DEF_FORMGROUPS
#include "passes/Passes.h.inc"

using namespace mlir;
using namespace lathe::graph;

// The device of operators that passes/Partition has not seen.
static const StringRef kDefaultDevice = "cpu";

static StringRef deviceOf(const FusionGroup &group) {
  auto device = group.root()->getAttrOfType<StringAttr>("graph.device");
  return device ? device.getValue() : kDefaultDevice;
}

// Copies a generator, and what it reads, into the group's body.
static Value cloneGenerator(OpBuilder &builder, IRMapping &mapping, Operation *op) {
  if (Value known = mapping.lookupOrNull(op->getResult(0)))
    return known;
  for (Value operand : op->getOperands())
    cloneGenerator(builder, mapping, operand.getDefiningOp());
  Operation *copy = builder.clone(*op, mapping);
  copy->removeDiscardableAttr("graph.device");
  return copy->getResult(0);
}

static void createGroup(const FusionGroup &plan) {
  Operation *root = plan.root();
  MLIRContext *context = root->getContext();
  SmallVector<Value> inputs = groupInputs(plan);
  // An error of a run names the first: operators that can fail come first.
  SmallVector<Location> locations;
  for (bool fails : {true, false})
    for (Operation *op : plan.operators)
      if (checksIndices(op) == fails)
        locations.push_back(op->getLoc());
  Location location = FusedLoc::get(context, locations);

  OpBuilder builder(root);
  auto group = GroupOp::create(builder, location, root->getResultTypes(),
                               kernelName(plan.operators), deviceOf(plan), inputs);
  if (llvm::count_if(plan.operators, isAnchor) > 1)
    group->setAttr("chain", builder.getUnitAttr());
  Block *body = builder.createBlock(&group.getBody());
  IRMapping mapping;
  for (Value input : inputs)
    mapping.map(input, body->addArgument(input.getType(), input.getLoc()));
  for (Operation *op : plan.operators) {
    for (OpOperand &use : op->getOpOperands())
      if (!mapping.contains(use.get()) && isGenerator(use.get().getDefiningOp()))
        cloneGenerator(builder, mapping, use.get().getDefiningOp());
    builder.clone(*op, mapping)->removeDiscardableAttr("graph.device");
  }
  SmallVector<Value> results;
  for (Value result : root->getResults())
    results.push_back(mapping.lookup(result));
  YieldOp::create(builder, location, results);
  root->replaceAllUsesWith(group.getResults());
  for (Operation *op : llvm::reverse(plan.operators))
    op->erase();
}

// Generators that something outside of groups reads become groups; the others
// have been copied and are dead.
static void groupLiveGenerators(Block &block) {
  for (Operation &op : llvm::make_early_inc_range(llvm::reverse(block)))
    if (isGenerator(&op) && op.use_empty())
      op.erase();
  SmallVector<Operation *> live;
  for (Operation &op : block)
    if (isGenerator(&op) && !isFreeView(&op))
      live.push_back(&op);
  for (Operation *op : live) {
    // One that only feeds other generators goes when those are grouped.
    FusionGroup group;
    group.operators.push_back(op);
    if (llvm::any_of(op->getUsers(), [](Operation *user) {
          return isFreeView(user) || !isGenerator(user);
        }))
      createGroup(group);
  }
  for (Operation &op : llvm::make_early_inc_range(llvm::reverse(block)))
    if (isGenerator(&op) && op.use_empty())
      op.erase();
}

namespace {
struct FormGroups : impl::FormGroupsBase<FormGroups> {
  using FormGroupsBase::FormGroupsBase;

  void runOnOperation() override {
    // Text without targets has groups that any target runs.
    if (getOperation()->hasAttr(kTargetsAttr)) {
      FailureOr<VariantDescription> description = readTargets(getOperation());
      if (failed(description))
        return signalPassFailure();
      targets = std::move(*description);
    }
    for (auto function : getOperation().getOps<func::FuncOp>()) {
      SmallVector<Block *> blocks;
      function.walk<WalkOrder::PreOrder>([&](Operation *op) {
        if (llvm::isa<GroupOp>(op))
          return WalkResult::skip();
        for (Region &region : op->getRegions())
          for (Block &block : region)
            blocks.push_back(&block);
        return WalkResult::advance();
      });
      for (Block *block : blocks)
        formGroups(*block);
    }
  }

private:
  void formGroups(Block &block) {
    FusionPlan plan(block, targets, report);
    for (const FusionGroup &group : plan.takeGroups())
      createGroup(group);
    groupLiveGenerators(block);
  }

  VariantDescription targets;
};
} // namespace
} // namespace lathe
