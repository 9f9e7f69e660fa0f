// SPDX-License-Identifier: Apache-2.0
#include "runtime/include/lathe/kernel_abi.h"
#include "targets/Cpu/Passes.h"
#include "targets/Cpu/SizeBounds.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Interfaces/LoopLikeInterface.h"
#include "mlir/Interfaces/ViewLikeInterface.h"

namespace lathe::cpu {
#define GEN_PASS_DEF_PLANSCRATCH
#include "targets/Cpu/Passes.h.inc"
} // namespace lathe::cpu

using namespace mlir;

namespace lathe::cpu {
namespace {

/// A temporary, its size, and when it is live in the pre-order of operations.
struct Temporary {
  memref::AllocOp alloc;
  int64_t bytes;
  unsigned first;
  unsigned last;
  int64_t offset = 0;
};

struct PlanScratchPass : impl::PlanScratchBase<PlanScratchPass> {
  void runOnOperation() override {
    func::FuncOp func = getOperation();
    number(func);
    SmallVector<Temporary> temporaries;
    WalkResult walked = func.walk([&](memref::AllocOp alloc) {
      FailureOr<int64_t> bytes = boundBytes(alloc);
      if (failed(bytes))
        return WalkResult::interrupt();
      auto [first, last] = life(alloc);
      temporaries.push_back({alloc, *bytes, first, last});
      return WalkResult::advance();
    });
    walked = walked.wasInterrupted() ? walked : func.walk([&](scf::ForOp loop) {
      return failed(checkCarried(loop)) ? WalkResult::interrupt() : WalkResult::advance();
    });
    if (walked.wasInterrupted())
      return signalPassFailure();
    int64_t total = assignOffsets(temporaries);
    Builder builder(&getContext());
    func->setAttr("lathe.scratch_bytes", builder.getI64IntegerAttr(total));
    unsigned position = func.getNumArguments();
    auto type = MemRefType::get({ShapedType::kDynamic}, builder.getI8Type());
    (void)func.insertArgument(position, type,
                              builder.getDictionaryAttr({builder.getNamedAttr(
                                  "lathe.scratch", builder.getUnitAttr())}),
                              func.getLoc());
    for (Temporary &temporary : temporaries)
      replace(temporary, func.getArgument(position));
  }

private:
  /// Numbers operations in pre-order; an operation ends where the next one
  /// outside it begins.
  void number(func::FuncOp func) {
    unsigned next = 0;
    func.walk<WalkOrder::PreOrder>([&](Operation *op) {
      positions[op] = next++;
    });
    func.walk<WalkOrder::PostOrder>([&](Operation *op) {
      unsigned end = positions[op];
      for (Region &region : op->getRegions())
        for (Block &block : region)
          for (Operation &inner : block)
            end = std::max(end, ends[&inner]);
      ends[op] = end;
    });
  }

  FailureOr<int64_t> boundBytes(memref::AllocOp alloc) {
    MemRefType type = alloc.getType();
    Type element = type.getElementType();
    int64_t elementBytes =
        element.isIndex() ? 8
                          : llvm::divideCeil(element.getIntOrFloatBitWidth(), 8u);
    __int128 bytes = elementBytes;
    unsigned dynamic = 0;
    for (int64_t extent : type.getShape()) {
      if (ShapedType::isDynamic(extent)) {
        std::optional<IndexInterval> bound =
            boundIndex(alloc.getDynamicSizes()[dynamic++]);
        if (!bound || bound->high >= indexLimit / 2) {
          alloc.emitError("a temporary of type ")
              << type << " has no bound: dimension " << dynamic - 1
              << " of its dynamic ones does not follow from 'lathe.size_max'";
          return failure();
        }
        extent = std::max<int64_t>(bound->high, 0);
      }
      bytes *= extent;
      if (bytes > indexLimit) {
        alloc.emitError("a temporary of type ")
            << type << " may need more than 2^48 bytes";
        return failure();
      }
    }
    return int64_t(bytes);
  }

  /// The positions from which and to which `alloc`, or anything that aliases
  /// it, is in use. What a loop's body yields is read in the next round and
  /// behind the loop: it lives for the whole of it.
  std::pair<unsigned, unsigned> life(memref::AllocOp alloc) {
    unsigned first = positions[alloc], last = first;
    SmallVector<Value> worklist = {alloc.getResult()};
    DenseSet<Value> seen;
    while (!worklist.empty()) {
      Value value = worklist.pop_back_val();
      if (!seen.insert(value).second)
        continue;
      for (OpOperand &use : value.getUses()) {
        Operation *user = use.getOwner();
        // The innermost block around the allocation that holds the use.
        for (Block *home = alloc->getBlock(); home;
             home = home->getParentOp()->getBlock())
          if (Operation *ancestor = home->findAncestorOpInBlock(*user)) {
            last = std::max(last, ends[ancestor]);
            break;
          }
        Operation *parent = user->getParentOp();
        if (user->hasTrait<OpTrait::IsTerminator>() && isa<LoopLikeOpInterface>(parent)) {
          first = std::min(first, positions[parent]);
          last = std::max(last, ends[parent]);
        }
        followAliases(use, worklist);
      }
    }
    return {first, last};
  }

  /// The operations of `body`, at its top level, that use the memory of
  /// `memref`; views of it are followed, not counted.
  static void collectTouches(Value memref, Block *body, SmallVectorImpl<Operation *> &touches) {
    SmallVector<Value> worklist = {memref};
    while (!worklist.empty())
      for (Operation *user : worklist.pop_back_val().getUsers()) {
        if (auto view = dyn_cast<ViewLikeOpInterface>(user))
          llvm::append_range(worklist, view->getResults());
        else if (!user->hasTrait<OpTrait::IsTerminator>())
          if (Operation *ancestor = body->findAncestorOpInBlock(*user))
            touches.push_back(ancestor);
      }
  }

  /// Whether `op` reads and writes each element at its own place only.
  static bool isPointwise(Operation *op) {
    auto generic = dyn_cast<linalg::GenericOp>(op);
    return generic && generic.getNumReductionLoops() == 0 &&
           llvm::all_of(generic.getIndexingMapsArray(),
                        [](AffineMap map) { return map.isIdentity(); });
  }

  /// A buffer that a loop's body makes and carries has one place: the old value
  /// is gone where the new one is begun, and must not be read from there on.
  LogicalResult checkCarried(scf::ForOp loop) {
    for (auto [argument, carried] :
         llvm::zip(loop.getRegionIterArgs(), loop.getYieldedValues())) {
      Value made = carried;
      while (auto view = made.getDefiningOp<ViewLikeOpInterface>())
        made = view.getViewSource();
      if (!made.getDefiningOp<memref::AllocOp>() ||
          !loop->isProperAncestor(made.getDefiningOp()))
        continue;
      SmallVector<Operation *> reads, writes;
      collectTouches(argument, loop.getBody(), reads);
      collectTouches(made, loop.getBody(), writes);
      for (Operation *read : reads)
        for (Operation *write : writes)
          if (positions[read] > positions[write] || (read == write && !isPointwise(read)))
            return read->emitError("reads what a loop carries after its next value is begun");
    }
    return success();
  }

  /// Whatever memref a user returns or passes on may be the same memory.
  static void followAliases(OpOperand &use, SmallVectorImpl<Value> &worklist) {
    Operation *user = use.getOwner();
    for (Value result : user->getResults())
      if (isa<MemRefType>(result.getType()))
        worklist.push_back(result);
    if (auto loop = dyn_cast<LoopLikeOpInterface>(user))
      if (BlockArgument argument = loop.getTiedLoopRegionIterArg(&use))
        worklist.push_back(argument);
    if (user->hasTrait<OpTrait::IsTerminator>())
      for (Value result : user->getParentOp()->getResults())
        if (isa<MemRefType>(result.getType()))
          worklist.push_back(result);
  }

  /// First fit, the largest first; returns the total.
  static int64_t assignOffsets(MutableArrayRef<Temporary> temporaries) {
    SmallVector<Temporary *> order;
    for (Temporary &temporary : temporaries)
      order.push_back(&temporary);
    llvm::sort(order, [](Temporary *a, Temporary *b) {
      return a->bytes != b->bytes ? a->bytes > b->bytes : a->first < b->first;
    });
    int64_t total = 0;
    SmallVector<Temporary *> placed;
    for (Temporary *temporary : order) {
      SmallVector<std::pair<int64_t, int64_t>> taken;
      for (Temporary *other : placed)
        if (other->first <= temporary->last && temporary->first <= other->last)
          taken.push_back({other->offset, other->offset + other->bytes});
      llvm::sort(taken);
      int64_t offset = 0;
      for (auto [begin, end] : taken) {
        if (offset + temporary->bytes <= begin)
          break;
        offset = std::max<int64_t>(
            offset, llvm::alignTo(end, LATHE_REGION_ALIGNMENT));
      }
      temporary->offset = offset;
      total = std::max(total, offset + temporary->bytes);
      placed.push_back(temporary);
    }
    return llvm::alignTo(total, LATHE_REGION_ALIGNMENT);
  }

  static void replace(Temporary &temporary, Value scratch) {
    OpBuilder builder(temporary.alloc);
    Location loc = temporary.alloc.getLoc();
    Value offset =
        arith::ConstantIndexOp::create(builder, loc, temporary.offset);
    Value view = memref::ViewOp::create(builder, loc, temporary.alloc.getType(),
                                        scratch, offset,
                                        temporary.alloc.getDynamicSizes());
    temporary.alloc.replaceAllUsesWith(view);
    temporary.alloc.erase();
  }

  DenseMap<Operation *, unsigned> positions;
  DenseMap<Operation *, unsigned> ends;
};

} // namespace
} // namespace lathe::cpu
