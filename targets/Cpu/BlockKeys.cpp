// SPDX-License-Identifier: Apache-2.0
#include "targets/Cpu/AttentionNests.h"
#include "targets/Cpu/KernelSizes.h"
#include "targets/Cpu/Passes.h"
#include "targets/Cpu/TileCost.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Interfaces/TilingInterface.h"
#include "mlir/Transforms/RegionUtils.h"

namespace lathe::cpu {
#define GEN_PASS_DEF_BLOCKKEYS
#include "targets/Cpu/Passes.h.inc"
} // namespace lathe::cpu

using namespace mlir;
using linalg::GenericOp;

namespace lathe::cpu {
namespace {

/// Keys that the first and the last query of the tile see.
struct CausalEnds {
  OpFoldResult first, last;
};

/// The ends of a causal attention, which its last mask says; nothing of others.
std::optional<CausalEnds> findCausalEnds(OpBuilder &builder, func::FuncOp func, const AttentionNests &nests) {
  GenericOp mask = nests.masks.empty() ? GenericOp() : nests.masks.back();
  auto choice = mask ? findCausalChoice(mask) : arith::SelectOp();
  auto compare = choice ? choice.getCondition().getDefiningOp<arith::CmpIOp>() : arith::CmpIOp();
  auto key = compare ? compare.getLhs().getDefiningOp<linalg::IndexOp>() : linalg::IndexOp();
  if (!key || key.getDim() != scoreLoop(mask, nests.keyPlace))
    return std::nullopt;
  // The query is a loop's index, of all of them or from the tile's first one on.
  Value query = compare.getRhs();
  auto moved = query.getDefiningOp<affine::AffineApplyOp>();
  SmallVector<Value> operands = moved ? SmallVector<Value>(moved.getMapOperands()) : SmallVector<Value>{query};
  AffineMap map = moved ? moved.getAffineMap() : AffineMap::getMultiDimIdentityMap(1, builder.getContext());
  map = AffineMap::get(map.getNumDims(), map.getNumSymbols(), map.getResult(0) + 1);
  SmallVector<OpFoldResult> first, last;
  Location loc = mask.getLoc();
  for (Value operand : operands) {
    auto index = operand.getDefiningOp<linalg::IndexOp>();
    if (!index && operand.getParentBlock() == mask.getBody())
      return std::nullopt;
    if (!index) {
      first.push_back(operand);
      last.push_back(operand);
      continue;
    }
    OpFoldResult extent = cast<TilingInterface>(*mask).getIterationDomain(builder)[index.getDim()].size;
    first.push_back(builder.getIndexAttr(0));
    last.push_back(affine::makeComposedFoldedAffineApply(builder, loc, builder.getAffineDimExpr(0) - 1,
                                                         {resolveExtent(func, extent)}));
  }
  return CausalEnds{affine::makeComposedFoldedAffineApply(builder, loc, map, first),
                    affine::makeComposedFoldedAffineApply(builder, loc, map, last)};
}

/// Rewrites one attention.
class Blocker {
public:
  Blocker(IRRewriter &rewriter, func::FuncOp func, AttentionNests nests)
      : rewriter(rewriter), func(func), nests(std::move(nests)), loc(this->nests.terms.getLoc()) {}

  void run() {
    GenericOp first = nests.sums, second = nests.weighted;
    if (second->isBeforeInBlock(first))
      std::swap(first, second);
    rewriter.setInsertionPoint(first);
    OpFoldResult keys = resolveExtent(
        func, cast<TilingInterface>(*nests.product)
                  .getIterationDomain(rewriter)[scoreLoop(nests.product, nests.keyPlace)]
                  .size);
    int64_t block = chooseKeyBlock(nests.terms.getDpsInits()[0], nests.keyPlace);
    if (block == 0 || failed(moveOperationDependencies(rewriter, second, first)))
      return;
    rewriter.setInsertionPoint(first);
    OpFoldResult whole = affine::makeComposedFoldedAffineApply(
        rewriter, loc, rewriter.getAffineDimExpr(0).floorDiv(block) * block, {keys});
    std::optional<CausalEnds> ends = findCausalEnds(rewriter, func, nests);
    SmallVector<Value> carried = {nests.most.getDpsInits()[0], nests.sums.getDpsInits()[0],
                                  nests.weighted.getDpsInits()[0]};
    OpFoldResult from = rewriter.getIndexAttr(0), full = rewriter.getIndexAttr(block);
    if (ends) {
      // Blocks that each query of the tile sees whole need no mask.
      OpFoldResult seen = affine::makeComposedFoldedAffineApply(
          rewriter, loc, rewriter.getAffineDimExpr(0).floorDiv(block) * block, {ends->first});
      seen = asMinimum(seen, whole);
      carried = emitLoop(from, seen, block, {full, true}, carried);
      from = seen;
    }
    carried = emitLoop(from, ends ? asMinimum(ends->last, whole) : whole, block, {full, false}, carried);
    // What is left is a loop of one round: a causal tile may not reach it.
    OpFoldResult rest = affine::makeComposedFoldedAffineApply(rewriter, loc, rewriter.getAffineDimExpr(0) % block,
                                                              {keys});
    if (!isConstantIntValue(rest, 0))
      carried = emitLoop(whole, ends ? asMinimum(ends->last, keys) : keys, block, {rest, false}, carried);
    // What nobody uses any more, and who asked for its sizes, is dead code.
    rewriter.replaceAllUsesWith(nests.sums.getResults(), carried[1]);
    rewriter.replaceAllUsesWith(nests.weighted.getResults(), carried[2]);
  }

private:
  /// What a loop's blocks have in common.
  struct BlockKind {
    OpFoldResult keys;
    /// Each query of the tile sees all keys of the block.
    bool seesAll;
  };

  OpFoldResult asMinimum(OpFoldResult a, OpFoldResult b) {
    return affine::makeComposedFoldedAffineMin(
        rewriter, loc, AffineMap::getMultiDimIdentityMap(2, rewriter.getContext()), {a, b});
  }

  SmallVector<Value> emitLoop(OpFoldResult from, OpFoldResult to, int64_t step, BlockKind kind,
                              ValueRange carried) {
    Value lower = getValueOrCreateConstantIndexOp(rewriter, loc, from);
    Value upper = getValueOrCreateConstantIndexOp(rewriter, loc, to);
    Value width = arith::ConstantIndexOp::create(rewriter, loc, step);
    auto loop = scf::ForOp::create(rewriter, loc, lower, upper, width, carried);
    OpBuilder::InsertionGuard guard(rewriter);
    rewriter.setInsertionPointToStart(loop.getBody());
    SmallVector<Value> next = emitBlock(loop.getInductionVar(), kind, loop.getRegionIterArgs());
    scf::YieldOp::create(rewriter, loc, next);
    return SmallVector<Value>(loop.getResults());
  }

  /// `op` for the keys of a block, with the same operands but for those slices.
  GenericOp cut(GenericOp op, unsigned loop, OpFoldResult offset, OpFoldResult size) {
    auto tiled = cast<TilingInterface>(*op);
    SmallVector<OpFoldResult> offsets, sizes;
    for (Range range : tiled.getIterationDomain(rewriter)) {
      offsets.push_back(range.offset);
      sizes.push_back(resolveExtent(func, range.size));
    }
    offsets[loop] = offset;
    sizes[loop] = size;
    FailureOr<TilingResult> result = tiled.getTiledImplementation(rewriter, offsets, sizes);
    return cast<GenericOp>(result->tiledOps.front());
  }

  /// A tensor of its own in the place of the output of `op`: of nothing, or of
  /// what `fill` writes.
  void setFresh(GenericOp op, GenericOp fill) {
    OpOperand *init = op.getDpsInitOperand(0);
    rewriter.setInsertionPoint(op);
    auto type = cast<RankedTensorType>(init->get().getType());
    Value fresh = tensor::EmptyOp::create(
        rewriter, loc, tensor::getMixedSizes(rewriter, loc, init->get()), type.getElementType());
    if (fresh.getType() != type)
      fresh = tensor::CastOp::create(rewriter, loc, type, fresh);
    if (fill)
      fresh = mapPoints({}, {}, fresh, [&](OpBuilder &, Location, ValueRange) { return filledValue(fill); });
    init->set(fresh);
    rewriter.setInsertionPointAfter(op);
  }

  /// One block: what the loop carries next, from the maxima, sums and weighted
  /// values that it carries.
  SmallVector<Value> emitBlock(Value offset, BlockKind kind, ValueRange carried) {
    OpFoldResult size = kind.keys;
    unsigned place = nests.keyPlace;
    GenericOp scores = cut(nests.product, scoreLoop(nests.product, place), offset, size);
    setFresh(scores, nests.product.getDpsInits()[0].getDefiningOp<GenericOp>());
    for (GenericOp mask : nests.masks) {
      Value whole = wholeScores(mask);
      unsigned input = 0;
      for (OpOperand &operand : mask->getOpOperands())
        if (operand.get() == whole)
          input = operand.getOperandNumber();
      GenericOp masked = cut(mask, scoreLoop(mask, place), offset, size);
      masked->setOperand(input, scores.getResult(0));
      setFresh(masked, {});
      if (auto choice = findCausalChoice(masked); choice && kind.seesAll && mask == nests.masks.back())
        rewriter.replaceAllUsesWith(choice.getResult(), choice.getTrueValue());
      scores = masked;
    }
    Value block = scores.getResult(0);
    GenericOp most = cut(nests.most, foldedLoop(nests.most), offset, size);
    most->setOperand(0, block);
    setFresh(most, nests.most.getDpsInits()[0].getDefiningOp<GenericOp>());
    auto [factor, newMost] = emitMaximum(carried[0], most.getResult(0));
    GenericOp terms = cut(nests.terms, place, offset, size);
    terms->setOperands({newMost, block});
    GenericOp sums = cut(nests.sums, foldedLoop(nests.sums), offset, size);
    sums->setOperands({terms.getResult(0), scale(nests.sums, carried[1], factor, sums)});
    GenericOp weighted = cut(nests.weighted, foldedLoop(nests.weighted), offset, size);
    for (OpOperand &operand : nests.weighted->getOpOperands())
      if (operand.get() == nests.terms.getResult(0))
        weighted->setOperand(operand.getOperandNumber(), terms.getResult(0));
    weighted->setOperand(2, scale(nests.weighted, carried[2], factor, weighted));
    return {newMost, sums.getResult(0), weighted.getResult(0)};
  }

  Value wholeScores(GenericOp mask) {
    auto *at = llvm::find(nests.masks, mask);
    return at == nests.masks.begin() ? nests.product.getResult(0) : (*std::prev(at)).getResult(0);
  }

  using Body = function_ref<Value(OpBuilder &, Location, ValueRange)>;

  /// `body` of `inputs` at each point of `out`, whose place it takes; `map` says
  /// where inputs are read.
  Value mapPoints(ValueRange inputs, AffineMap map, Value out, Body body) {
    auto type = cast<RankedTensorType>(out.getType());
    SmallVector<AffineMap> maps(inputs.size(), map);
    maps.push_back(AffineMap::getMultiDimIdentityMap(type.getRank(), rewriter.getContext()));
    SmallVector<utils::IteratorType> loops(type.getRank(), utils::IteratorType::parallel);
    return GenericOp::create(rewriter, loc, type, inputs, out, maps, loops,
                             [&](OpBuilder &builder, Location loc, ValueRange at) {
                               linalg::YieldOp::create(builder, loc, body(builder, loc, at));
                             })
        .getResult(0);
  }

  /// exp(old maximum - new maximum), which scales what the loop carries, and the
  /// new maximum of the carried one and that of a block.
  std::pair<Value, Value> emitMaximum(Value carried, Value block) {
    auto type = cast<RankedTensorType>(carried.getType());
    auto same = AffineMap::getMultiDimIdentityMap(type.getRank(), rewriter.getContext());
    Value empty = tensor::EmptyOp::create(rewriter, loc, tensor::getMixedSizes(rewriter, loc, block),
                                          type.getElementType());
    auto larger = [](OpBuilder &builder, Location loc, Value a, Value b) -> Value {
      Value isMore = arith::CmpFOp::create(builder, loc, arith::CmpFPredicate::OGT, b, a);
      return arith::SelectOp::create(builder, loc, isMore, b, a);
    };
    Value factor = mapPoints({carried, block}, same, empty, [&](OpBuilder &builder, Location loc, ValueRange at) {
      Value fall = arith::SubFOp::create(builder, loc, at[0], larger(builder, loc, at[0], at[1]));
      return math::ExpOp::create(builder, loc, fall, arith::FastMathFlags::afn);
    });
    Value most = mapPoints(block, same, carried, [&](OpBuilder &builder, Location loc, ValueRange at) {
      return larger(builder, loc, at[1], at[0]);
    });
    return {factor, most};
  }

  /// `carried`, the result of `fold` so far, times the factor of each query.
  Value scale(GenericOp fold, Value carried, Value factor, Operation *before) {
    OpBuilder::InsertionGuard guard(rewriter);
    rewriter.setInsertionPoint(before);
    // Loops of the result, and among them those of the scores without keys.
    AffineMap result = fold.getIndexingMapsArray().back();
    OpOperand *terms = llvm::find_if(fold->getOpOperands(), [&](OpOperand &operand) {
      return operand.get() == nests.terms.getResult(0);
    });
    SmallVector<AffineExpr> rows;
    for (AffineExpr loop : fold.getMatchingIndexingMap(terms).getResults())
      if (std::optional<unsigned> at = result.getResultPosition(loop))
        rows.push_back(rewriter.getAffineDimExpr(*at));
    auto row = AffineMap::get(result.getNumResults(), 0, rows, rewriter.getContext());
    return mapPoints(factor, row, carried, [](OpBuilder &builder, Location loc, ValueRange at) {
      return arith::MulFOp::create(builder, loc, at[1], at[0]);
    });
  }

  IRRewriter &rewriter;
  func::FuncOp func;
  AttentionNests nests;
  Location loc;
};

struct BlockKeysPass : impl::BlockKeysBase<BlockKeysPass> {
  void runOnOperation() override {
    SmallVector<AttentionNests> found;
    getOperation().walk([&](GenericOp op) {
      if (std::optional<AttentionNests> nests = findAttention(op))
        found.push_back(*nests);
    });
    IRRewriter rewriter(&getContext());
    for (AttentionNests &nests : found)
      Blocker(rewriter, getOperation(), nests).run();
  }
};

} // namespace
} // namespace lathe::cpu
