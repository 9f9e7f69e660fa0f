// SPDX-License-Identifier: Apache-2.0
#include "targets/Cpu/NestEpilogue.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Interfaces/ViewLikeInterface.h"

using namespace mlir;

namespace lathe::cpu {

/// The buffer that `value` is a view of: an argument, an allocation, or a part
/// of the scratch at an offset of its own.
static Value baseOf(Value value) {
  while (auto view = value.getDefiningOp<ViewLikeOpInterface>()) {
    if (isa<memref::ViewOp>(view))
      return value;
    value = view.getViewSource();
  }
  return value;
}

/// Bytes of the scratch that `view` covers, or nothing if they are not known.
static std::optional<std::pair<int64_t, int64_t>> rangeOf(memref::ViewOp view) {
  std::optional<int64_t> begin = getConstantIntValue(view.getByteShift());
  MemRefType type = view.getType();
  if (!begin || !type.hasStaticShape())
    return std::nullopt;
  int64_t bits = type.getElementTypeBitWidth();
  return std::pair(*begin, *begin + type.getNumElements() * llvm::divideCeil(bits, 8));
}

/// Whether two operands of nests may be parts of the same memory. Arguments of
/// a kernel are distinct but for pairs that it declares to work in place.
static bool mayOverlap(Value a, Value b) {
  a = baseOf(a);
  b = baseOf(b);
  if (a == b)
    return true;
  auto viewA = a.getDefiningOp<memref::ViewOp>();
  auto viewB = b.getDefiningOp<memref::ViewOp>();
  if (viewA && viewB) {
    if (viewA.getSource() != viewB.getSource())
      return false;
    auto rangeA = rangeOf(viewA), rangeB = rangeOf(viewB);
    return !rangeA || !rangeB || (rangeA->first < rangeB->second && rangeB->first < rangeA->second);
  }
  // What loops carry and branches choose is not traced.
  auto isKnown = [](Value value) {
    auto argument = dyn_cast<BlockArgument>(value);
    return (argument && isa<func::FuncOp>(argument.getOwner()->getParentOp())) ||
           isa_and_nonnull<memref::ViewOp, memref::AllocOp, memref::AllocaOp>(value.getDefiningOp());
  };
  return !isKnown(a) || !isKnown(b);
}

static bool isMemory(Value value) { return isa<MemRefType>(value.getType()); }

/// The nest after `nest`, or before it, over steps that neither read nor write.
static linalg::GenericOp neighbourOf(linalg::GenericOp nest, bool after) {
  auto step = [&](Operation *op) { return after ? op->getNextNode() : op->getPrevNode(); };
  Operation *next = step(nest);
  while (next && (isMemoryEffectFree(next) || isa<memref::AllocOp>(next)))
    next = step(next);
  return dyn_cast_or_null<linalg::GenericOp>(next);
}

/// The parallel loops of `op` in their order.
static SmallVector<unsigned> parallelDims(linalg::GenericOp op) {
  SmallVector<unsigned> dims;
  op.getParallelDims(dims);
  return dims;
}

/// Whether the loops of `next` are the parallel loops of `sum`, and where both
/// touch the sum they are at the same point of it.
static bool hasSameLoops(linalg::GenericOp sum, linalg::GenericOp next,
                         const NestEpilogue &epilogue) {
  SmallVector<unsigned> dims = parallelDims(sum);
  if (next.getNumReductionLoops() != 0 || next.getNumLoops() != dims.size() ||
      next->getNumRegions() != 1)
    return false;
  AffineMap written = sum.getMatchingIndexingMap(sum.getDpsInitOperand(0));
  if (written.getNumResults() != dims.size())
    return false;
  SmallVector<AffineExpr> plain;
  for (auto [place, dim] : llvm::enumerate(dims)) {
    if (written.getResult(place) != getAffineDimExpr(dim, sum.getContext()))
      return false;
    plain.push_back(getAffineDimExpr(place, sum.getContext()));
  }
  AffineMap same = AffineMap::get(dims.size(), 0, plain, sum.getContext());
  Value target = sum.getDpsInits()[0];
  for (OpOperand &operand : next->getOpOperands())
    if (operand.get() == target && next.getMatchingIndexingMap(&operand) != same)
      return false;
  return !epilogue.sumOperands.empty();
}

/// Whether each point of `next` may be computed when its sum is there: it must
/// not overwrite what other points of the sum read, nor read what they write.
static bool isFreeOfConflicts(linalg::GenericOp sum, linalg::GenericOp next) {
  Value target = sum.getDpsInits()[0];
  for (OpOperand &operand : next->getOpOperands()) {
    if (!isMemory(operand.get()))
      continue;
    bool isTarget = operand.get() == target;
    if (!isTarget && mayOverlap(operand.get(), target))
      return false;
    if (!next.isDpsInit(&operand) || isTarget)
      continue;
    for (Value input : sum.getDpsInputs())
      if (isMemory(input) && mayOverlap(operand.get(), input))
        return false;
    // Its own inputs are read elsewhere only before it all, or at this point.
    for (OpOperand *input : next.getDpsInputOperands())
      if (isMemory(input->get()) && mayOverlap(operand.get(), input->get()) &&
          (input->get() != operand.get() ||
           next.getMatchingIndexingMap(input) != next.getMatchingIndexingMap(&operand)))
        return false;
  }
  return true;
}

/// Whether somebody but the sum, the fill before it and the epilogue may read
/// the sum: only a temporary of its own is known not to be.
static bool isReadElsewhere(linalg::GenericOp sum, linalg::GenericOp next) {
  Value target = sum.getDpsInits()[0];
  if (llvm::is_contained(next.getDpsInits(), target))
    return false;
  auto view = target.getDefiningOp<memref::ViewOp>();
  // One that outlives the block may be read in the loop's next round.
  if (!view || view->getBlock() != sum->getBlock())
    return true;
  return llvm::any_of(view->getUsers(), [&](Operation *user) {
    // The nests before the sum, its fill among them, have read already.
    return user != sum && user != next &&
           !(user->getBlock() == sum->getBlock() && isa<linalg::GenericOp>(user) &&
             user->isBeforeInBlock(sum));
  });
}

std::optional<NestEpilogue> findEpilogue(linalg::GenericOp sum) {
  if (sum.getNumReductionLoops() == 0 || sum.getNumDpsInits() != 1)
    return std::nullopt;
  linalg::GenericOp next = neighbourOf(sum, /*after=*/true);
  if (!next || next.hasIndexSemantics() || !next.hasPureBufferSemantics() ||
      !isMemory(sum.getDpsInits()[0]) ||
      sum->getParentOfType<func::FuncOp>()->hasAttr("lathe.in_place"))
    return std::nullopt;
  NestEpilogue epilogue{next, {}, false};
  for (OpOperand &operand : next->getOpOperands())
    if (operand.get() == sum.getDpsInits()[0] && next.payloadUsesValueFromOperand(&operand))
      epilogue.sumOperands.push_back(operand.getOperandNumber());
  if (!hasSameLoops(sum, next, epilogue) || !isFreeOfConflicts(sum, next) ||
      !hasVectorForm(next) || !hasShortFunctions(next))
    return std::nullopt;
  epilogue.keepsSum = isReadElsewhere(sum, next);
  return epilogue;
}

bool isEpilogue(linalg::GenericOp nest) {
  linalg::GenericOp sum = neighbourOf(nest, /*after=*/false);
  return sum && findEpilogue(sum);
}

NestPlan planEpilogue(linalg::GenericOp epilogue, linalg::GenericOp sum, const NestPlan &sumPlan) {
  NestPlan plan;
  plan.lanes = sumPlan.lanes;
  plan.maskedTail = sumPlan.maskedTail;
  for (auto [place, dim] : llvm::enumerate(parallelDims(sum)))
    if (sumPlan.vectorDim == dim)
      plan.vectorDim = place;
  return plan;
}

} // namespace lathe::cpu
