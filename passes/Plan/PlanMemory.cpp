// SPDX-License-Identifier: Apache-2.0
#include "passes/Passes.h"
#include "passes/Plan/StorageLifetimes.h"
#include "runtime/include/lathe/kernel_abi.h"
#include "runtime/include/lathe/limits.h"

#include "llvm/ADT/StringSet.h"
#include "llvm/Support/MathExtras.h"

namespace lathe {
#define GEN_PASS_DEF_PLANMEMORY
#include "passes/Passes.h.inc"
} // namespace lathe

using namespace mlir;
using namespace lathe;

namespace {

/// Offsets of storages, and the end of the last.
struct ArenaPlan {
  std::vector<int64_t> offsets;
  int64_t bytes = 0;
};

/// Packs storages that never live together into the same bytes.
class ArenaPacker {
public:
  explicit ArenaPacker(const StorageLifetimes &lifetimes) : storages(lifetimes.storages) {
    for (const Storage &storage : storages)
      sizes.push_back(llvm::alignTo(storage.bytes, LATHE_REGION_ALIGNMENT));
    findConflicts();
  }

  ArenaPlan pack(int64_t lowerBound) const;

private:
  void findConflicts();
  ArenaPlan packInOrder(ArrayRef<unsigned> order) const;
  /// Offset of the smallest gap between the placed storages that live together
  /// with this one, else behind them.
  int64_t bestFit(unsigned storage, const llvm::BitVector &placed, const ArenaPlan &plan) const;
  ArenaPlan improve(std::vector<unsigned> order, ArenaPlan best, int64_t lowerBound) const;

  const std::vector<Storage> &storages;
  std::vector<int64_t> sizes;
  std::vector<std::vector<unsigned>> conflicts; // storages that live together
};

/// Sweeps over the instructions, so that only lives whose spans meet are
/// compared.
void ArenaPacker::findConflicts() {
  conflicts.resize(storages.size());
  std::vector<unsigned> order;
  for (unsigned i = 0; i < storages.size(); ++i)
    if (storages[i].live.any())
      order.push_back(i);
  llvm::sort(order, [&](unsigned lhs, unsigned rhs) {
    int left = storages[lhs].live.find_first(), right = storages[rhs].live.find_first();
    return left != right ? left < right : lhs < rhs;
  });
  std::vector<unsigned> open;
  for (unsigned storage : order) {
    int begin = storages[storage].live.find_first();
    llvm::erase_if(open, [&](unsigned other) { return storages[other].live.find_last() < begin; });
    for (unsigned other : open)
      if (storages[other].live.anyCommon(storages[storage].live)) {
        conflicts[storage].push_back(other);
        conflicts[other].push_back(storage);
      }
    open.push_back(storage);
  }
}

int64_t ArenaPacker::bestFit(unsigned storage, const llvm::BitVector &placed,
                             const ArenaPlan &plan) const {
  SmallVector<std::pair<int64_t, int64_t>> taken;
  for (unsigned other : conflicts[storage])
    if (placed.test(other))
      taken.push_back({plan.offsets[other], plan.offsets[other] + sizes[other]});
  llvm::sort(taken);
  int64_t end = 0, bestOffset = -1, bestGap = INT64_MAX;
  for (auto [from, to] : taken) {
    int64_t gap = from - end;
    if (gap >= sizes[storage] && gap < bestGap) {
      bestGap = gap;
      bestOffset = end;
    }
    end = std::max(end, to);
  }
  return bestOffset >= 0 ? bestOffset : end;
}

ArenaPlan ArenaPacker::packInOrder(ArrayRef<unsigned> order) const {
  ArenaPlan plan{std::vector<int64_t>(storages.size(), 0), 0};
  llvm::BitVector placed(storages.size());
  for (unsigned storage : order) {
    plan.offsets[storage] = bestFit(storage, placed, plan);
    placed.set(storage);
    plan.bytes = std::max(plan.bytes, plan.offsets[storage] + sizes[storage]);
  }
  return plan;
}

/// Places what ends at the top first, until that no longer helps.
ArenaPlan ArenaPacker::improve(std::vector<unsigned> order, ArenaPlan best,
                               int64_t lowerBound) const {
  constexpr unsigned kRoundsMax = 64, kStoragesMax = 1024;
  if (storages.size() > kStoragesMax)
    return best;
  ArenaPlan current = best;
  for (unsigned round = 0; round < kRoundsMax && best.bytes > lowerBound; ++round) {
    std::vector<unsigned> top, rest;
    for (unsigned storage : order)
      (current.offsets[storage] + sizes[storage] == current.bytes ? top : rest).push_back(storage);
    order = std::move(top);
    order.insert(order.end(), rest.begin(), rest.end());
    current = packInOrder(order);
    if (current.bytes < best.bytes)
      best = current;
  }
  return best;
}

ArenaPlan ArenaPacker::pack(int64_t lowerBound) const {
  std::vector<unsigned> inOrder(storages.size());
  for (unsigned i = 0; i < inOrder.size(); ++i)
    inOrder[i] = i;
  auto sorted = [&](auto key) {
    std::vector<unsigned> order = inOrder;
    llvm::sort(order, [&](unsigned lhs, unsigned rhs) {
      return key(lhs) != key(rhs) ? key(lhs) > key(rhs) : lhs < rhs;
    });
    return order;
  };
  std::vector<std::vector<unsigned>> orders = {
      sorted([&](unsigned i) { return sizes[i]; }),
      sorted([&](unsigned i) { return double(sizes[i]) * storages[i].live.count(); }),
      sorted([&](unsigned i) { return storages[i].live.count(); }), inOrder};
  ArenaPlan best;
  for (const std::vector<unsigned> &order : orders) {
    ArenaPlan plan = packInOrder(order);
    plan = improve(order, plan, lowerBound);
    if (best.offsets.empty() || plan.bytes < best.bytes)
      best = plan;
    if (best.bytes == lowerBound)
      break;
  }
  return best;
}

/// A plan as it stands in the program.
struct BoundedPlan {
  std::vector<int64_t> symbolMax; ///< of each symbol; empty: their own
  SmallVector<int64_t> offsets;   ///< of each arena buffer
  int64_t arenaBytes = 0;
  int64_t lowerBound = 0;
};

FailureOr<BoundedPlan> planFor(program::VariantOp variant, std::vector<int64_t> symbolMax) {
  FailureOr<StorageLifetimes> lifetimes = StorageLifetimes::compute(variant, symbolMax);
  if (failed(lifetimes))
    return failure();
  BoundedPlan plan;
  plan.symbolMax = std::move(symbolMax);
  plan.lowerBound = lifetimes->lowerBoundBytes();
  ArenaPlan arena = ArenaPacker(*lifetimes).pack(plan.lowerBound);
  plan.arenaBytes = arena.bytes;
  for (unsigned storage : lifetimes->storageOfBuffer)
    plan.offsets.push_back(arena.offsets[storage]);
  return plan;
}

/// Symbols that instructions set: their sizes are not known when a plan is
/// chosen.
llvm::StringSet<> findRuntimeSymbols(program::MethodOp method) {
  llvm::StringSet<> names;
  method.walk([&](Operation *op) {
    if (auto bind = llvm::dyn_cast<program::BindSymbolOp>(op))
      names.insert(bind.getSymbol());
    else if (auto set = llvm::dyn_cast<program::SetSymbolOp>(op))
      names.insert(set.getSymbol());
  });
  return names;
}

/// Bounds for which a method is planned, the widest first: all sizes, then a
/// quarter of each range, a sixteenth, and so on.
std::vector<std::vector<int64_t>> listBounds(program::VariantOp variant) {
  constexpr unsigned kQuarter = 2; // as a shift
  auto method = variant->getParentOfType<program::MethodOp>();
  llvm::StringSet<> runtimeSymbols = findRuntimeSymbols(method);
  std::vector<std::vector<int64_t>> all = {{}};
  for (unsigned shift = kQuarter; all.size() < LATHE_MAX_PLANS; shift += kQuarter) {
    std::vector<int64_t> bounds;
    bool isNarrower = false;
    for (auto symbol : method.getBody().getOps<program::SymbolOp>()) {
      auto min = static_cast<int64_t>(symbol.getMin()), max = static_cast<int64_t>(symbol.getMax());
      bool isFixed = runtimeSymbols.contains(symbol.getName());
      bounds.push_back(isFixed ? max : min + ((max - min) >> shift));
      isNarrower |= !isFixed && (max - min) >> (shift - kQuarter) > 0;
    }
    if (!isNarrower)
      break;
    all.push_back(std::move(bounds));
  }
  return all;
}

/// Another plan costs an offset per buffer in the file: it must halve the
/// memory, and save a page.
bool isWorthKeeping(const BoundedPlan &plan, const BoundedPlan &wider) {
  constexpr int64_t kPageBytes = 4096;
  return plan.arenaBytes <= wider.arenaBytes / 2 && wider.arenaBytes - plan.arenaBytes >= kPageBytes;
}

struct PlanMemory : lathe::impl::PlanMemoryBase<PlanMemory> {
  void runOnOperation() override {
    WalkResult result = getOperation().walk([&](program::VariantOp variant) {
      return failed(plan(variant)) ? WalkResult::interrupt() : WalkResult::advance();
    });
    if (result.wasInterrupted())
      signalPassFailure();
  }

  static LogicalResult plan(program::VariantOp variant) {
    if (!variant.getBody().getOps<program::PlanOp>().empty())
      return success(); // planned before
    // The plan for all sizes first: others must be worth their place beside it.
    std::vector<BoundedPlan> plans;
    for (std::vector<int64_t> &bounds : listBounds(variant)) {
      FailureOr<BoundedPlan> made = planFor(variant, std::move(bounds));
      if (failed(made))
        return failure();
      if (plans.empty() || isWorthKeeping(*made, plans.back()))
        plans.push_back(std::move(*made));
    }
    OpBuilder builder(variant.getContext());
    builder.setInsertionPointToStart(&variant.getBody().front());
    for (auto buffer : variant.getBody().getOps<program::BufferOp>()) {
      buffer.removeStorageAttr();
      builder.setInsertionPointAfter(buffer);
    }
    // The runtime takes the first that covers the sizes.
    for (const BoundedPlan &plan : llvm::reverse(plans)) {
      auto made = program::PlanOp::create(
          builder, variant.getLoc(),
          plan.symbolMax.empty() ? DenseI64ArrayAttr() : builder.getDenseI64ArrayAttr(plan.symbolMax),
          plan.arenaBytes, builder.getDenseI64ArrayAttr(plan.offsets));
      made->setDiscardableAttr("lower_bound_bytes", builder.getI64IntegerAttr(plan.lowerBound));
    }
    return success();
  }
};
} // namespace
