// SPDX-License-Identifier: Apache-2.0
#include "dialects/Graph/FreeViews.h"
#include "passes/Passes.h"
#include "passes/Plan/MethodLowering.h"

#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/StringSet.h"

namespace lathe {
#define GEN_PASS_DEF_SCHEDULECALLS
#include "passes/Passes.h.inc"
} // namespace lathe

using namespace mlir;
using namespace lathe;

namespace {

/// One block: what must precede what, and the bytes that each value holds.
class BlockSchedule {
public:
  explicit BlockSchedule(Block &block, ModuleOp module) : block(block), module(module) {}
  /// Reorders the block when that lowers its peak.
  void run();

private:
  void number();
  void addDependences();
  void addEffectDependences();
  void addOverwriteDependences();
  void before(size_t first, size_t second) {
    if (first != second && successors[first].insert(second))
      ++waits[second];
  }
  /// The value whose bytes a value is part of.
  Value storageOf(Value value) const;
  int64_t bytesOf(Value value) const { return bytes.lookup(value); }
  int64_t computeBytes(Value value) const;
  std::vector<size_t> greedyOrder() const;
  int64_t peakOf(ArrayRef<size_t> order) const;

  /// Live bytes while operations are taken in some order.
  struct Tracker {
    const BlockSchedule &schedule;
    llvm::DenseMap<Value, unsigned> left; // operations that still use a storage
    int64_t live = 0;
    explicit Tracker(const BlockSchedule &schedule);
    /// Change of live bytes behind the operation.
    int64_t growth(size_t op) const;
    int64_t made(size_t op) const;
    void take(size_t op);
  };

  Block &block;
  ModuleOp module;
  std::vector<Operation *> ops;
  llvm::DenseMap<Operation *, size_t> numbers;
  std::vector<llvm::SetVector<size_t>> successors;
  std::vector<unsigned> waits;
  /// Per operation: distinct storages that it uses, nested uses included.
  std::vector<llvm::SetVector<Value>> uses;
  llvm::DenseMap<Value, int64_t> bytes; // of the values made in the block
};

Value BlockSchedule::storageOf(Value value) const {
  while (Operation *definition = value.getDefiningOp()) {
    if (!graph::isFreeView(definition))
      break;
    value = definition->getOperand(0);
  }
  return value;
}

// Weights, states and arguments are not in the arena; views take no bytes.
int64_t BlockSchedule::computeBytes(Value value) const {
  Operation *definition = value.getDefiningOp();
  if (!definition || definition->getBlock() != &block || graph::isFreeView(definition) ||
      llvm::isa<graph::UseWeightOp, graph::StateReadOp, graph::ConstantOp>(definition))
    return 0;
  auto type = llvm::dyn_cast<RankedTensorType>(value.getType());
  graph::ExprAttr size = type ? physicalBytes(type) : graph::ExprAttr();
  if (!size)
    return 0;
  int64_t max = graph::rangeOf(size, [&](StringRef name) -> graph::SizeRange {
                  auto symbol = const_cast<ModuleOp &>(module).lookupSymbol<graph::SymbolOp>(name);
                  if (!symbol)
                    return {0, 1};
                  return {static_cast<int64_t>(symbol.getMin()), static_cast<int64_t>(symbol.getMax())};
                }).max;
  return std::min(max, int64_t(1) << 48);
}

void BlockSchedule::number() {
  for (Operation &op : block.without_terminator()) {
    numbers[&op] = ops.size();
    ops.push_back(&op);
    for (Value result : op.getResults())
      bytes[result] = computeBytes(result);
  }
  successors.resize(ops.size());
  waits.resize(ops.size(), 0);
  uses.resize(ops.size());
}

static void visitStateNames(Operation *op, llvm::function_ref<void(StringRef, bool writes)> visit) {
  op->walk([&](Operation *inner) {
    if (auto read = llvm::dyn_cast<graph::StateReadOp>(inner))
      visit(read.getState(), false);
    else if (auto write = llvm::dyn_cast<graph::StateWriteOp>(inner))
      visit(write.getState(), true);
    else if (auto bind = llvm::dyn_cast<graph::BindSymbolOp>(inner))
      visit(bind.getSymbol(), true);
  });
}

// Uses of one state keep their order, unless both only read it; a symbol that
// data sets comes before whoever names it.
void BlockSchedule::addEffectDependences() {
  llvm::StringMap<SmallVector<std::pair<size_t, bool>>> touches;
  llvm::StringSet<> bound;
  for (Operation *op : ops)
    op->walk([&](graph::BindSymbolOp bind) { bound.insert(bind.getSymbol()); });
  for (auto [index, op] : llvm::enumerate(ops)) {
    auto touch = [&, index = index](StringRef name, bool writes) {
      for (auto [earlier, wrote] : touches[name])
        if (writes || wrote)
          before(earlier, index);
      touches[name].push_back({index, writes});
    };
    visitStateNames(op, touch);
    if (bound.empty())
      continue;
    auto touchSymbols = [&](Attribute attr) {
      attr.walk([&](graph::ExprAttr expr) {
        if (expr.getKind() == graph::ExprKind::Symbol && bound.contains(expr.getSymbol().getValue()))
          touch(expr.getSymbol().getValue(), false);
      });
    };
    op->walk([&](Operation *inner) {
      touchSymbols(inner->getAttrDictionary());
      for (Type type : inner->getResultTypes())
        if (auto tensor = llvm::dyn_cast<RankedTensorType>(type); tensor && tensor.getEncoding())
          touchSymbols(tensor.getEncoding());
    });
  }
}

// A dispatch that must overwrite a buffer stays behind its other readers that
// precede it now; otherwise a copy would be needed.
void BlockSchedule::addOverwriteDependences() {
  for (auto [index, op] : llvm::enumerate(ops)) {
    auto dispatch = llvm::dyn_cast<graph::DispatchOp>(op);
    if (!dispatch)
      continue;
    auto kernel = SymbolTable::lookupNearestSymbolFrom<graph::KernelOp>(dispatch, dispatch.getKernelAttr());
    auto pairs = kernel ? kernel->getAttrOfType<DenseI64ArrayAttr>("inplace_required") : nullptr;
    for (int i = 0; pairs && i + 1 < pairs.size(); i += 2) {
      Value overwritten = storageOf(dispatch.getInputs()[pairs[i]]);
      for (size_t earlier = 0; earlier < index; ++earlier)
        if (uses[earlier].contains(overwritten))
          before(earlier, index);
    }
  }
}

void BlockSchedule::addDependences() {
  for (auto [index, op] : llvm::enumerate(ops))
    for (Value operand : op->getOperands()) {
      uses[index].insert(storageOf(operand));
      auto producer = operand.getDefiningOp() ? numbers.find(operand.getDefiningOp()) : numbers.end();
      if (producer != numbers.end())
        before(producer->second, index);
    }
  addEffectDependences();
  addOverwriteDependences();
}

BlockSchedule::Tracker::Tracker(const BlockSchedule &schedule) : schedule(schedule) {
  for (const auto &used : schedule.uses)
    for (Value value : used)
      ++left[value];
  for (Value operand : schedule.block.getTerminator()->getOperands())
    ++left[schedule.storageOf(operand)];
}

int64_t BlockSchedule::Tracker::made(size_t op) const {
  int64_t bytes = 0;
  for (Value result : schedule.ops[op]->getResults())
    bytes += schedule.bytesOf(result);
  return bytes;
}

int64_t BlockSchedule::Tracker::growth(size_t op) const {
  int64_t bytes = 0;
  for (Value result : schedule.ops[op]->getResults())
    if (left.lookup(result) > 0)
      bytes += schedule.bytesOf(result);
  for (Value used : schedule.uses[op])
    if (left.lookup(used) == 1)
      bytes -= schedule.bytesOf(used);
  return bytes;
}

void BlockSchedule::Tracker::take(size_t op) {
  live += growth(op);
  for (Value used : schedule.uses[op])
    --left[used];
}

std::vector<size_t> BlockSchedule::greedyOrder() const {
  Tracker tracker(*this);
  std::vector<unsigned> waiting = waits;
  std::vector<size_t> ready, order;
  for (size_t i = 0; i < ops.size(); ++i)
    if (waiting[i] == 0)
      ready.push_back(i);
  while (!ready.empty()) {
    // Sorted by position: the first of equals is the earliest.
    size_t best = 0;
    int64_t bestGrowth = INT64_MAX;
    for (size_t k = 0; k < ready.size(); ++k) {
      int64_t growth = tracker.growth(ready[k]);
      if (growth < bestGrowth) {
        best = k;
        bestGrowth = growth;
      }
    }
    size_t taken = ready[best];
    ready.erase(ready.begin() + best);
    tracker.take(taken);
    order.push_back(taken);
    for (size_t next : successors[taken])
      if (--waiting[next] == 0)
        ready.insert(llvm::lower_bound(ready, next), next);
  }
  return order;
}

int64_t BlockSchedule::peakOf(ArrayRef<size_t> order) const {
  Tracker tracker(*this);
  int64_t peak = 0;
  for (size_t op : order) {
    peak = std::max(peak, tracker.live + tracker.made(op));
    tracker.take(op);
  }
  return peak;
}

void BlockSchedule::run() {
  number();
  addDependences();
  std::vector<size_t> present(ops.size());
  for (size_t i = 0; i < present.size(); ++i)
    present[i] = i;
  std::vector<size_t> order = greedyOrder();
  if (order.size() != ops.size() || peakOf(order) >= peakOf(present))
    return;
  for (size_t op : order)
    ops[op]->moveBefore(block.getTerminator());
}

struct ScheduleCalls : lathe::impl::ScheduleCallsBase<ScheduleCalls> {
  void runOnOperation() override {
    auto module = getOperation()->getParentOfType<ModuleOp>();
    getOperation().walk([&](Block *block) {
      if (!block->empty() && block->back().hasTrait<OpTrait::IsTerminator>())
        BlockSchedule(*block, module).run();
    });
  }
};
} // namespace
