// SPDX-License-Identifier: Apache-2.0
#include "passes/Plan/StorageLifetimes.h"

#include "runtime/include/lathe/kernel_abi.h"
#include "runtime/include/lathe/limits.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/MathExtras.h"
#include <map>
#include <set>

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
  LogicalResult collectStorages();
  LogicalResult collectNodes();
  LogicalResult collectAccess(Operation &op, Node &node);
  void access(Value buffer, bool reads, bool writes, Node &node);
  void solve();

  program::VariantOp variant;
  ArrayRef<int64_t> symbolMax; // of each symbol; empty: their own
  ArrayRef<int64_t> offsets;   // of each arena buffer; empty: not planned
  StorageLifetimes result;
  llvm::DenseMap<Value, unsigned> storageOf;
  llvm::DenseMap<Value, bool> coversStorage;
  std::vector<Node> nodes;
};

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
  // The sizes of the buffers that start where a plan's offset says.
  std::map<int64_t, std::set<int64_t>> roots;
  size_t position = 0;
  for (auto buffer : variant.getBody().getOps<program::BufferOp>()) {
    if (buffer.getRegion() != program::Region::Arena || buffer.getStorage())
      continue;
    if (position < offsets.size() && !buffer.getViewOffsetBytesAttr())
      roots[offsets[position]].insert(maxOf(buffer.getBytesAttr()));
    ++position;
  }
  std::map<std::pair<int64_t, int64_t>, unsigned> numbers;
  for (auto buffer : variant.getBody().getOps<program::BufferOp>()) {
    if (buffer.getRegion() != program::Region::Arena)
      continue;
    size_t ordinal = result.storageOfBuffer.size();
    std::optional<uint64_t> named = buffer.getStorage();
    if (!named && ordinal >= offsets.size())
      return buffer.emitOpError("has neither a storage nor a place in a plan");
    ExprAttr view = buffer.getViewOffsetBytesAttr();
    ExprAttr end = view ? graph::makeAdd(view, buffer.getBytesAttr()) : buffer.getBytesAttr();
    int64_t bytes = end ? maxOf(end) : INT64_MAX;
    if (bytes > static_cast<int64_t>(LATHE_MAX_REGION_BYTES))
      return buffer.emitOpError("has no bound that fits a program: give a smaller --dim");
    int64_t id = named ? static_cast<int64_t>(*named) : offsets[ordinal];
    auto root = roots[id].lower_bound(bytes);
    auto [number, isNew] =
        numbers.try_emplace({id, root == roots[id].end() ? -1 : *root}, result.storages.size());
    if (isNew)
      result.storages.emplace_back();
    Storage &storage = result.storages[number->second];
    storage.bytes = std::max({storage.bytes, bytes, int64_t(0)});
    result.storageOfBuffer.push_back(number->second);
    storageOf[buffer] = number->second;
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

LogicalResult LifetimeAnalysis::collectAccess(Operation &op, Node &node) {
  if (auto call = llvm::dyn_cast<program::CallKernelOp>(op)) {
    auto kernel = SymbolTable::lookupNearestSymbolFrom<program::KernelOp>(
        variant->getParentOfType<ModuleOp>(), call.getKernelAttr().getAttr());
    if (!kernel || kernel.getKernelArguments().size() != call.getBuffers().size())
      return call.emitOpError("does not fit its kernel");
    for (auto [attr, buffer] : llvm::zip(kernel.getKernelArguments(), call.getBuffers())) {
      program::Access how = llvm::cast<program::ArgumentAttr>(attr).getAccess();
      access(buffer, how != program::Access::Write, how != program::Access::Read, node);
    }
  } else if (auto call = llvm::dyn_cast<program::CallMethodOp>(op)) {
    for (Value input : call.getInputs())
      access(input, true, false, node);
    for (Value output : call.getOutputs())
      access(output, false, true, node);
    access(call.getArena(), false, true, node);
  } else if (auto copy = llvm::dyn_cast<program::CopyOp>(op)) {
    access(copy.getSource(), true, false, node);
    access(copy.getDestination(), false, true, node);
  } else if (auto fill = llvm::dyn_cast<program::FillOp>(op)) {
    access(fill.getDestination(), false, true, node);
  } else if (auto branch = llvm::dyn_cast<program::BranchIfOp>(op)) {
    access(branch.getBuffer(), true, false, node);
  } else if (auto bind = llvm::dyn_cast<program::BindSymbolOp>(op)) {
    access(bind.getBuffer(), true, false, node);
  }
  // What an instruction reads and writes at once is not overwritten by it.
  node.overwrites.reset(node.reads);
  return success();
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
  for (unsigned storage : needed[0].set_bits())
    result.storages[storage].readBeforeWritten = true;
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
