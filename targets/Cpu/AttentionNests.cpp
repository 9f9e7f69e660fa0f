// SPDX-License-Identifier: Apache-2.0
#include "targets/Cpu/AttentionNests.h"

#include "targets/Cpu/GenericBody.h"

#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using linalg::GenericOp;

namespace lathe::cpu {

unsigned foldedLoop(GenericOp fold) {
  SmallVector<unsigned> dims;
  fold.getReductionDims(dims);
  return dims.front();
}

unsigned scoreLoop(GenericOp op, unsigned keyPlace) {
  return op.getIndexingMapsArray().back().getDimPosition(keyPlace);
}

Value filledValue(GenericOp fill) {
  Value yielded = fill.getBody()->getTerminator()->getOperand(0);
  auto argument = dyn_cast<BlockArgument>(yielded);
  return argument && argument.getOwner() == fill.getBody() ? fill.getMatchingOpOperand(argument)->get() : yielded;
}

namespace {

GenericOp producerOf(Value value) { return value.getDefiningOp<GenericOp>(); }

/// Whether `op` folds one dimension into one result that starts from a fill.
bool isFold(GenericOp op) {
  if (!op || op.getNumReductionLoops() != 1 || op.getNumDpsInits() != 1)
    return false;
  GenericOp start = producerOf(op.getDpsInits()[0]);
  return start && isFill(start);
}

/// The loop of `op` along dimension `place` of its operand `value`.
std::optional<unsigned> loopAlong(GenericOp op, Value value, unsigned place) {
  for (OpOperand &operand : op->getOpOperands()) {
    if (operand.get() != value)
      continue;
    auto dim = dyn_cast<AffineDimExpr>(op.getMatchingIndexingMap(&operand).getResult(place));
    return dim ? std::optional(dim.getPosition()) : std::nullopt;
  }
  return std::nullopt;
}

/// Fills in product and masks, the nests that make `scores`.
bool findScores(Value scores, AttentionNests &nests) {
  for (GenericOp nest = producerOf(scores); nest;) {
    if (nest.getNumDpsInits() != 1 || !nest.getIndexingMapsArray().back().isProjectedPermutation())
      return false;
    if (nest.getNumReductionLoops() != 0) {
      nests.product = nest;
      std::reverse(nests.masks.begin(), nests.masks.end());
      return isFold(nest);
    }
    OpOperand *before = llvm::find_if(nest->getOpOperands(), [&](OpOperand &operand) {
      return operand.get().getType() == scores.getType() && producerOf(operand.get()) &&
             nest.getMatchingIndexingMap(&operand).isIdentity();
    });
    if (before == nest->getOpOperands().end() || nest.payloadUsesValueFromOperand(nest.getDpsInitOperand(0)))
      return false;
    nests.masks.push_back(nest);
    nest = producerOf(before->get());
  }
  return false;
}

/// What `op` yields, if that is an `Op`.
template <typename Op> Op yieldedBy(GenericOp op) {
  return op.getBody()->getTerminator()->getOperand(0).getDefiningOp<Op>();
}

/// Whether `a` and `b` are `x` and `y` in either order.
bool arePair(Value a, Value b, Value x, Value y) { return (a == x && b == y) || (a == y && b == x); }

/// Whether `op` computes exp(output - input).
bool isExponential(GenericOp op) {
  auto exp = yieldedBy<math::ExpOp>(op);
  auto fall = exp ? exp.getOperand().getDefiningOp<arith::SubFOp>() : arith::SubFOp();
  return fall && fall.getLhs() == op.getRegionOutputArgs()[0] && fall.getRhs() == op.getRegionInputArgs()[0];
}

/// Whether `fold` takes the larger number, from a finite one on: differences of
/// maxima are then numbers.
bool isMaximum(GenericOp fold) {
  auto choice = yieldedBy<arith::SelectOp>(fold);
  auto compare = choice ? choice.getCondition().getDefiningOp<arith::CmpFOp>() : arith::CmpFOp();
  Value input = fold.getRegionInputArgs()[0], output = fold.getRegionOutputArgs()[0];
  FloatAttr start;
  return compare && compare.getPredicate() == arith::CmpFPredicate::OGT && compare.getLhs() == input &&
         compare.getRhs() == output && choice.getTrueValue() == input && choice.getFalseValue() == output &&
         matchPattern(filledValue(fold.getDpsInits()[0].getDefiningOp<GenericOp>()), m_Constant(&start)) &&
         start.getValue().isFinite();
}

/// Whether `fold` adds its terms, or their products with something, from zero
/// on: a factor of what it has so far is one of its terms.
bool isSumOf(GenericOp fold, Value terms) {
  auto sum = yieldedBy<arith::AddFOp>(fold);
  if (!sum || !matchPattern(filledValue(fold.getDpsInits()[0].getDefiningOp<GenericOp>()), m_AnyZeroFloat()))
    return false;
  Value output = fold.getRegionOutputArgs()[0], term;
  for (OpOperand *input : fold.getDpsInputOperands())
    if (input->get() == terms)
      term = fold.getMatchingBlockArgument(input);
  Value added = sum.getLhs() == output ? sum.getRhs() : sum.getLhs();
  auto product = added.getDefiningOp<arith::MulFOp>();
  return arePair(sum.getLhs(), sum.getRhs(), output, added) && added != output &&
         (added == term || (product && (product.getLhs() == term) != (product.getRhs() == term)));
}

} // namespace

std::optional<AttentionNests> findAttention(GenericOp terms) {
  AttentionNests nests;
  nests.terms = terms;
  if (terms.getNumReductionLoops() != 0 || terms.getNumDpsInputs() != 1 || terms.getNumDpsInits() != 1 ||
      !isExponential(terms) ||
      !terms.getMatchingIndexingMap(terms.getDpsInitOperand(0)).isIdentity())
    return std::nullopt;
  Value scores = terms.getDpsInits()[0];
  nests.most = producerOf(terms.getDpsInputs()[0]);
  if (!isFold(nests.most) || nests.most.getNumDpsInputs() != 1 || nests.most.getDpsInputs()[0] != scores ||
      !isMaximum(nests.most))
    return std::nullopt;
  for (Operation *user : terms->getUsers()) {
    auto fold = dyn_cast<GenericOp>(user);
    if (!fold || !isFold(fold) || fold->getBlock() != terms->getBlock() || !isSumOf(fold, terms.getResult(0)))
      return std::nullopt;
    (fold.getNumDpsInputs() == 1 ? nests.sums : nests.weighted) = fold;
  }
  if (!nests.sums || !nests.weighted || nests.weighted.getNumDpsInputs() != 2 || !findScores(scores, nests))
    return std::nullopt;
  AffineMap read = nests.most.getIndexingMapsArray().front();
  std::optional<unsigned> place =
      read.getResultPosition(getAffineDimExpr(foldedLoop(nests.most), terms.getContext()));
  // Where keys are the lanes there are few queries, and few scores.
  if (!place || *place + 1 == read.getNumResults())
    return std::nullopt;
  nests.keyPlace = *place;
  for (GenericOp fold : {nests.sums, nests.weighted})
    if (loopAlong(fold, terms.getResult(0), *place) != foldedLoop(fold))
      return std::nullopt;
  return nests;
}

arith::SelectOp findCausalChoice(GenericOp mask) {
  auto choice = mask.getBody()->getTerminator()->getOperand(0).getDefiningOp<arith::SelectOp>();
  auto compare = choice ? choice.getCondition().getDefiningOp<arith::CmpIOp>() : arith::CmpIOp();
  bool isCausal = compare && compare.getPredicate() == arith::CmpIPredicate::sle &&
                  matchPattern(choice.getFalseValue(), m_NegInfFloat());
  return isCausal ? choice : arith::SelectOp();
}

} // namespace lathe::cpu
