// SPDX-License-Identifier: Apache-2.0
#include "passes/Fuse/FusionPlan.h"

#include "dialects/Graph/FreeViews.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/IRMapping.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;
using namespace lathe;
using namespace lathe::graph;

FusionPlan::FusionPlan(Block &block, const VariantDescription &targets, bool report)
    : block(block), targets(targets), report(report) {
  collect();
  SmallVector<Operation *> order;
  for (Operation &op : block)
    if (groupOf.contains(&op))
      order.push_back(&op);
  for (Operation *op : order)
    mergeProducers(op);
  repeatCheapProducers();
  releaseFreeViews();
}

// A reshape that moves sizes other than 1 would need a division in index maps;
// it is free between groups, so it always stays there. So does a permutation
// that moves nothing: it changes the layout, which operators of a group share.
static bool staysOutside(Operation *op) {
  if (llvm::isa<PermuteOp>(op))
    return isFreeView(op);
  auto reshape = llvm::dyn_cast<ReshapeOp>(op);
  if (!reshape || !isFreeView(op))
    return false;
  auto significant = [](Value value) {
    SmallVector<ExprAttr> dims = getDims(llvm::cast<RankedTensorType>(value.getType()));
    llvm::erase_if(dims, [](ExprAttr dim) { return dim.isConstant(1); });
    return dims;
  };
  return significant(reshape.getInput()) != significant(reshape.getResult());
}

void FusionPlan::collect() {
  for (auto [index, op] : llvm::enumerate(block)) {
    position[&op] = index;
    op.walk([&, at = index](Operation *nested) {
      if (auto write = llvm::dyn_cast<StateWriteOp>(nested))
        stateWrites.push_back({at, write.getStateAttr().getAttr()});
      if (auto update = llvm::dyn_cast<StateUpdateOp>(nested))
        stateWrites.push_back({at, update.getStateAttr().getAttr()});
    });
    if (!isGroupable(&op) || staysOutside(&op))
      continue;
    groupOf[&op] = groups.size();
    FusionGroup group;
    group.operators.push_back(&op);
    if (isAnchor(&op))
      group.anchor = &op;
    groups.push_back(std::move(group));
  }
}

//===----------------------------------------------------------------------===//
// Merging
//===----------------------------------------------------------------------===//

void FusionPlan::mergeProducers(Operation *op) {
  unsigned consumer = groupOf[op];
  // A merge brings new operands, so the list is read again after each.
  for (bool merged = true; merged;) {
    merged = false;
    llvm::SetVector<unsigned> producers;
    for (Value input : groupInputs(groups[consumer]))
      if (Operation *definition = input.getDefiningOp())
        if (auto found = groupOf.find(definition); found != groupOf.end())
          producers.insert(found->second);
    SmallVector<unsigned> latestFirst(producers.begin(), producers.end());
    llvm::sort(latestFirst, [&](unsigned x, unsigned y) {
      return position.lookup(groups[x].root()) > position.lookup(groups[y].root());
    });
    for (unsigned producer : latestFirst)
      if (tryMerge(producer, consumer)) {
        merged = true;
        break;
      }
  }
}

bool FusionPlan::tryMerge(unsigned producer, unsigned consumer) {
  FusionGroup &from = groups[producer], &into = groups[consumer];
  if (std::optional<StringRef> why = refusal(from, into)) {
    if (report)
      from.root()->emitRemark("stays apart from ") << into.root()->getName() << ": " << *why;
    return false;
  }
  for (Operation *op : from.operators)
    groupOf[op] = consumer;
  into.operators.append(from.operators);
  sortOperators(into);
  // Of a chain, the last is what its epilogue follows.
  if (!into.anchor)
    into.anchor = from.anchor;
  from.operators.clear();
  return true;
}

std::optional<StringRef> FusionPlan::refusal(const FusionGroup &producer,
                                             const FusionGroup &consumer) const {
  if (!allUsersIn(producer, consumer))
    return StringRef("it has other users");
  if (crossesStateWrite(producer, consumer.root()))
    return StringRef("it reads a state that is written in between");
  FusionGroup joined;
  joined.operators = producer.operators;
  joined.operators.append(consumer.operators);
  if (groupInputs(joined).size() > kGroupInputsMax)
    return StringRef("the group would read too many tensors");
  return fusionRefusal(producer, consumer, chainsDepthwise(consumer));
}

bool FusionPlan::chainsDepthwise(const FusionGroup &group) const {
  const TargetDescription *target = targets.find(group.root());
  return target && target->chainsDepthwise;
}

bool FusionPlan::allUsersIn(const FusionGroup &producer, const FusionGroup &consumer) const {
  return llvm::all_of(producer.root()->getUsers(),
                      [&](Operation *user) { return consumer.contains(user); });
}

bool FusionPlan::crossesStateWrite(const FusionGroup &producer, Operation *to) const {
  for (Value input : groupInputs(producer)) {
    auto read = viewSource(input).getDefiningOp<StateReadOp>();
    if (!read)
      continue;
    for (auto [at, state] : stateWrites)
      if (state == read.getStateAttr().getAttr() && at > position.lookup(producer.root()) &&
          at < position.lookup(to))
        return true;
  }
  return false;
}

void FusionPlan::sortOperators(FusionGroup &group) const {
  llvm::sort(group.operators, [&](Operation *x, Operation *y) {
    return position.lookup(x) < position.lookup(y);
  });
}

//===----------------------------------------------------------------------===//
// Repeating cheap producers
//===----------------------------------------------------------------------===//

void FusionPlan::repeatCheapProducers() {
  // Readers before their producers: a copy's own producer may then follow.
  SmallVector<unsigned> order;
  for (unsigned i = 0; i < groups.size(); ++i)
    if (!groups[i].operators.empty())
      order.push_back(i);
  llvm::sort(order, [&](unsigned x, unsigned y) {
    return position.lookup(groups[x].root()) > position.lookup(groups[y].root());
  });
  for (unsigned index : order)
    repeatIntoReaders(index);
}

bool FusionPlan::repeatIntoReaders(unsigned producer) {
  if (!isWorthRepeating(groups[producer]))
    return false;
  Operation *root = groups[producer].root();
  llvm::SetVector<unsigned> readers;
  for (Operation *user : root->getUsers()) {
    auto found = groupOf.find(user);
    if (found == groupOf.end())
      return false;
    readers.insert(found->second);
  }
  if (readers.empty() || llvm::any_of(readers, [&](unsigned reader) {
        return crossesStateWrite(groups[producer], groups[reader].root()) ||
               fusionRefusal(groups[producer], groups[reader], /*chainsDepthwise=*/false)
                   .has_value();
      }))
    return false;
  for (unsigned reader : readers) {
    FusionGroup &into = groups[reader];
    OpBuilder builder(into.operators.front());
    IRMapping mapping;
    SmallVector<Operation *> copies;
    for (Operation *op : groups[producer].operators) {
      // The copies stand where the originals did and precede all readers.
      builder.setInsertionPoint(op);
      Operation *copy = builder.clone(*op, mapping);
      position[copy] = position.lookup(op);
      groupOf[copy] = reader;
      copies.push_back(copy);
    }
    root->getResult(0).replaceUsesWithIf(
        copies.back()->getResult(0),
        [&](OpOperand &use) { return into.contains(use.getOwner()); });
    into.operators.append(copies);
    sortOperators(into);
  }
  for (Operation *op : llvm::reverse(groups[producer].operators)) {
    groupOf.erase(op);
    position.erase(op);
    op->erase();
  }
  groups[producer].operators.clear();
  return true;
}

//===----------------------------------------------------------------------===//
// Free views
//===----------------------------------------------------------------------===//

void FusionPlan::releaseFreeViews() {
  for (FusionGroup &group : groups)
    for (bool changed = true; changed && !group.operators.empty();) {
      changed = false;
      for (Operation *op : group.operators) {
        if (!isFreeView(op))
          continue;
        Operation *definition = op->getOperand(0).getDefiningOp();
        bool readsOutside = !definition || !group.contains(definition);
        if (op != group.root() && !readsOutside)
          continue;
        llvm::erase(group.operators, op);
        changed = true;
        break;
      }
    }
}

std::vector<FusionGroup> FusionPlan::takeGroups() {
  llvm::erase_if(groups, [](const FusionGroup &group) { return group.operators.empty(); });
  llvm::sort(groups, [&](const FusionGroup &x, const FusionGroup &y) {
    return position.lookup(x.root()) < position.lookup(y.root());
  });
  return std::move(groups);
}
