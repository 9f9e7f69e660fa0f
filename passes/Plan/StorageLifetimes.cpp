// SPDX-License-Identifier: Apache-2.0
#include "passes/Plan/StorageLifetimes.h"

#include "dialects/Graph/LimitError.h"
#include "runtime/include/lathe/kernel_abi.h"
#include "runtime/include/lathe/limits.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/MathExtras.h"
#include <map>

using namespace mlir;
using namespace lathe;
using graph::ExprAttr;
using llvm::BitVector;

namespace {

/// What one instruction does to storages, and where it goes.
struct Node {
  BitVector reads, writes, overwrites; // overwrites: all bytes
  SmallVector<size_t, 2> successors;
};

class LifetimeAnalysis {
public:
  LifetimeAnalysis(program::VariantOp variant, ArrayRef<int64_t> symbolMax, ArrayRef<int64_t> offsets)
      : variant(variant), symbolMax(symbolMax), offsets(offsets) {}
  FailureOr<StorageLifetimes> run();

private:
  /// A buffer of the arena.
  struct Place {
    program::BufferOp buffer;
    int64_t id;  // of its storage; of a plan: where that starts
    int64_t end; // largest, from there
    bool is_named; // the id is a storage's number
  };

  LogicalResult collectStorages();
  LogicalResult measureBuffers(llvm::function_ref<int64_t(ExprAttr)> maxOf);
  SmallVector<int64_t> findRoots();
  LogicalResult collectNodes();
  LogicalResult collectAccess(Operation &op, Node &node);
  LogicalResult forEachAccess(Operation &op,
                              llvm::function_ref<void(Value, bool reads, bool writes)> access);
  void access(Value buffer, bool reads, bool writes, Node &node);
  void solve();
  void markUnwritten();

  program::VariantOp variant;
  ArrayRef<int64_t> symbolMax; // of each symbol; empty: their own
  ArrayRef<int64_t> offsets;   // of each arena buffer; empty: not planned
  StorageLifetimes result;
  std::vector<Place> places;
  llvm::DenseMap<Value, unsigned> storageOf;
  llvm::DenseMap<Value, bool> coversStorage;
  std::vector<Node> nodes;
};

LogicalResult LifetimeAnalysis::measureBuffers(llvm::function_ref<int64_t(ExprAttr)> maxOf) {
  for (auto buffer : variant.getBody().getOps<program::BufferOp>()) {
    if (buffer.getRegion() != program::Region::Arena)
      continue;
    std::optional<uint64_t> named = buffer.getStorage();
    if (!named && places.size() >= offsets.size())
      return buffer.emitOpError("has neither a storage nor a place in a plan");
    ExprAttr view = buffer.getViewOffsetBytesAttr();
    ExprAttr end = view ? graph::makeAdd(view, buffer.getBytesAttr()) : buffer.getBytesAttr();
    int64_t bytes = end ? maxOf(end) : INT64_MAX;
    if (bytes > static_cast<int64_t>(LATHE_MAX_REGION_BYTES))
      return beyondLimit(buffer.emitOpError("has no bound that fits a program: give a smaller --dim"));
    places.push_back({buffer, named ? static_cast<int64_t>(*named) : offsets[places.size()], bytes,
                      named.has_value()});
  }
  return success();
}

// The bytes of the storage that each buffer is in. A plan says where buffers
// start, not which share a storage, and storages of several sizes may follow
// one another at one offset. What is read there is what was touched there last;
// a part that is written belongs to what reads it next.
SmallVector<int64_t> LifetimeAnalysis::findRoots() {
  constexpr int64_t kUnknown = -1;
  SmallVector<int64_t> roots(places.size(), kUnknown);
  llvm::DenseMap<Value, size_t> ordinals;
  for (auto [ordinal, place] : llvm::enumerate(places))
    if (!place.is_named)
      ordinals[place.buffer] = ordinal;
  struct Touch {
    size_t ordinal;
    bool writes;
  };
  std::vector<Touch> touches;
  for (Operation &op : variant.getBody().front()) {
    SmallVector<Touch> written; // an instruction reads before it writes
    (void)forEachAccess(op, [&](Value buffer, bool reads, bool writes) {
      auto it = ordinals.find(buffer);
      if (it != ordinals.end() && reads)
        touches.push_back({it->second, false});
      if (it != ordinals.end() && writes)
        written.push_back({it->second, true});
    });
    llvm::append_range(touches, written);
  }
  // The next buffer that is read whole, for each touch.
  std::vector<int64_t> readNext(touches.size(), kUnknown);
  std::map<int64_t, int64_t> next, last;
  for (size_t i = touches.size(); i-- > 0;) {
    Place &place = places[touches[i].ordinal];
    if (auto it = next.find(place.id); it != next.end() && it->second >= place.end)
      readNext[i] = it->second;
    if (!touches[i].writes && !place.buffer.getViewOffsetBytesAttr())
      next[place.id] = place.end;
  }
  for (auto [i, touch] : llvm::enumerate(touches)) {
    Place &place = places[touch.ordinal];
    int64_t &root = roots[touch.ordinal];
    auto before = last.find(place.id);
    bool isPart = place.buffer.getViewOffsetBytesAttr() != nullptr;
    if (root == kUnknown && isPart && touch.writes)
      root = readNext[i];
    if (root == kUnknown && (isPart || !touch.writes) && before != last.end() &&
        before->second >= place.end)
      root = before->second;
    if (root == kUnknown)
      root = place.end;
    last[place.id] = root;
  }
  return roots;
}

LogicalResult LifetimeAnalysis::collectStorages() {
  auto method = variant->getParentOfType<program::MethodOp>();
  llvm::StringMap<graph::SizeRange> ranges;
  for (auto [index, symbol] : llvm::enumerate(method.getBody().getOps<program::SymbolOp>()))
    ranges[symbol.getName()] = {
        static_cast<int64_t>(symbol.getMin()),
        index < symbolMax.size() ? symbolMax[index] : static_cast<int64_t>(symbol.getMax())};
  auto maxOf = [&](ExprAttr expr) {
    return graph::rangeOf(expr, [&](StringRef name) {
             auto it = ranges.find(name);
             return it == ranges.end() ? graph::SizeRange{0, INT64_MAX} : it->second;
           }).max;
  };
  if (failed(measureBuffers(maxOf)))
    return failure();
  SmallVector<int64_t> roots = findRoots();
  std::map<std::pair<int64_t, int64_t>, unsigned> numbers;
  for (auto [ordinal, place] : llvm::enumerate(places)) {
    auto [number, isNew] = numbers.try_emplace({place.id, roots[ordinal]}, result.storages.size());
    if (isNew)
      result.storages.emplace_back();
    Storage &storage = result.storages[number->second];
    storage.bytes = std::max({storage.bytes, place.end, int64_t(0)});
    result.storageOfBuffer.push_back(number->second);
    storageOf[place.buffer] = number->second;
  }
  // A buffer covers its storage when it starts there and none reaches further.
  for (auto buffer : variant.getBody().getOps<program::BufferOp>()) {
    auto it = storageOf.find(buffer);
    if (it != storageOf.end())
      coversStorage[buffer] = !buffer.getViewOffsetBytesAttr() &&
                              maxOf(buffer.getBytesAttr()) == result.storages[it->second].bytes;
  }
  return success();
}

void LifetimeAnalysis::access(Value buffer, bool reads, bool writes, Node &node) {
  auto it = storageOf.find(buffer);
  if (!buffer || it == storageOf.end())
    return;
  if (reads)
    node.reads.set(it->second);
  if (writes)
    node.writes.set(it->second);
  if (writes && !reads && coversStorage.lookup(buffer))
    node.overwrites.set(it->second);
}

LogicalResult
LifetimeAnalysis::forEachAccess(Operation &op,
                                llvm::function_ref<void(Value, bool reads, bool writes)> access) {
  if (auto call = llvm::dyn_cast<program::CallKernelOp>(op)) {
    auto kernel = SymbolTable::lookupNearestSymbolFrom<program::KernelOp>(
        variant->getParentOfType<ModuleOp>(), call.getKernelAttr().getAttr());
    if (!kernel || kernel.getKernelArguments().size() != call.getBuffers().size())
      return call.emitOpError("does not fit its kernel");
    for (auto [attr, buffer] : llvm::zip(kernel.getKernelArguments(), call.getBuffers())) {
      program::Access how = llvm::cast<program::ArgumentAttr>(attr).getAccess();
      access(buffer, how != program::Access::Write, how != program::Access::Read);
    }
  } else if (auto call = llvm::dyn_cast<program::CallMethodOp>(op)) {
    for (Value input : call.getInputs())
      access(input, true, false);
    for (Value output : call.getOutputs())
      access(output, false, true);
    access(call.getArena(), false, true);
  } else if (auto copy = llvm::dyn_cast<program::CopyOp>(op)) {
    access(copy.getSource(), true, false);
    access(copy.getDestination(), false, true);
  } else if (auto fill = llvm::dyn_cast<program::FillOp>(op)) {
    access(fill.getDestination(), false, true);
  } else if (auto branch = llvm::dyn_cast<program::BranchIfOp>(op)) {
    access(branch.getBuffer(), true, false);
  } else if (auto bind = llvm::dyn_cast<program::BindSymbolOp>(op)) {
    access(bind.getBuffer(), true, false);
  }
  return success();
}

LogicalResult LifetimeAnalysis::collectAccess(Operation &op, Node &node) {
  LogicalResult result = forEachAccess(op, [&](Value buffer, bool reads, bool writes) {
    access(buffer, reads, writes, node);
  });
  // What an instruction reads and writes at once is not overwritten by it.
  node.overwrites.reset(node.reads);
  return result;
}

LogicalResult LifetimeAnalysis::collectNodes() {
  llvm::StringMap<size_t> labels;
  SmallVector<Operation *> instructions;
  for (Operation &op : variant.getBody().front()) {
    if (auto label = llvm::dyn_cast<program::LabelOp>(op))
      labels[label.getName()] = instructions.size();
    else if (!llvm::isa<program::BufferOp, program::PlanOp>(op))
      instructions.push_back(&op);
  }
  size_t count = result.storages.size();
  if (count != 0 && instructions.size() > kLifetimeBitsMax / count)
    return variant.emitOpError("has ")
           << instructions.size() << " instructions and " << count
           << " storages; their product may be at most " << kLifetimeBitsMax
           << ": divide the model into programs that run one after the other";
  for (auto [index, op] : llvm::enumerate(instructions)) {
    Node node{BitVector(count), BitVector(count), BitVector(count), {}};
    if (failed(collectAccess(*op, node)))
      return failure();
    auto branch = llvm::dyn_cast<program::BranchOp>(op);
    auto branchIf = llvm::dyn_cast<program::BranchIfOp>(op);
    if (!branch)
      node.successors.push_back(index + 1);
    if (branch || branchIf)
      node.successors.push_back(labels.lookup(branch ? branch.getTarget() : branchIf.getTarget()));
    nodes.push_back(std::move(node));
  }
  result.instructionCount = nodes.size();
  return success();
}

// A storage may be written in parts: what counts is that nothing of it was.
void LifetimeAnalysis::markUnwritten() {
  size_t count = result.storages.size(), length = nodes.size();
  std::vector<BitVector> untouched(length + 1, BitVector(count));
  untouched[0].set();
  for (bool changed = true; changed;) {
    changed = false;
    for (size_t i = 0; i < length; ++i) {
      BitVector after = untouched[i];
      after.reset(nodes[i].writes);
      for (size_t next : nodes[i].successors)
        if (after.test(untouched[next])) {
          untouched[next] |= after;
          changed |= next <= i;
        }
    }
  }
  for (size_t i = 0; i < length; ++i) {
    untouched[i] &= nodes[i].reads;
    for (unsigned storage : untouched[i].set_bits())
      result.storages[storage].readBeforeWritten = true;
  }
}

void LifetimeAnalysis::solve() {
  size_t count = result.storages.size(), length = nodes.size();
  // needed[i]: may be read at or behind i. reached[i]: may have been written
  // before i.
  std::vector<BitVector> needed(length + 1, BitVector(count)), reached(length + 1, BitVector(count));
  for (bool changed = true; changed;) {
    changed = false;
    for (size_t i = length; i-- > 0;) {
      BitVector before(count);
      for (size_t next : nodes[i].successors)
        before |= needed[next];
      before.reset(nodes[i].overwrites);
      before |= nodes[i].reads;
      changed |= before != needed[i];
      needed[i] = std::move(before);
    }
  }
  for (bool changed = true; changed;) {
    changed = false;
    for (size_t i = 0; i < length; ++i) {
      BitVector after = reached[i];
      after |= nodes[i].writes;
      for (size_t next : nodes[i].successors)
        if (after.test(reached[next])) {
          reached[next] |= after;
          changed |= next <= i;
        }
    }
  }
  for (Storage &storage : result.storages)
    storage.live.resize(length);
  markUnwritten();
  for (size_t i = 0; i < length; ++i) {
    BitVector after(count);
    for (size_t next : nodes[i].successors)
      after |= needed[next];
    BitVector written = reached[i];
    written |= nodes[i].writes;
    after &= written;
    BitVector before = needed[i];
    before &= reached[i];
    after |= before;
    after |= nodes[i].reads;
    after |= nodes[i].writes;
    for (unsigned storage : after.set_bits())
      result.storages[storage].live.set(i);
  }
}

FailureOr<StorageLifetimes> LifetimeAnalysis::run() {
  if (failed(collectStorages()) || failed(collectNodes()))
    return failure();
  solve();
  return std::move(result);
}

} // namespace

FailureOr<StorageLifetimes> StorageLifetimes::compute(program::VariantOp variant,
                                                      ArrayRef<int64_t> symbolMax) {
  return LifetimeAnalysis(variant, symbolMax, {}).run();
}

FailureOr<StorageLifetimes> StorageLifetimes::compute(program::PlanOp plan) {
  return LifetimeAnalysis(plan->getParentOfType<program::VariantOp>(),
                          plan.getSymbolMax().value_or(ArrayRef<int64_t>()), plan.getOffsets())
      .run();
}

int64_t StorageLifetimes::liveBytes(size_t instruction) const {
  int64_t sum = 0;
  for (const Storage &storage : storages)
    if (storage.live.test(instruction))
      sum += llvm::alignTo(storage.bytes, LATHE_REGION_ALIGNMENT);
  return sum;
}

int64_t StorageLifetimes::lowerBoundBytes() const {
  int64_t bound = 0;
  for (size_t i = 0; i < instructionCount; ++i)
    bound = std::max(bound, liveBytes(i));
  return bound;
}
