// SPDX-License-Identifier: Apache-2.0
#include "targets/Cpu/GenericBody.h"
#include "targets/Cpu/NestPlan.h"
#include "targets/Cpu/Passes.h"

#include "mlir/Dialect/Linalg/Utils/Utils.h"
#include "mlir/Interfaces/ViewLikeInterface.h"

namespace lathe::cpu {
#define GEN_PASS_DEF_INTERLEAVEROWS
#include "targets/Cpu/Passes.h.inc"
} // namespace lathe::cpu

using namespace mlir;

namespace lathe::cpu {
namespace {

/// Results of the maps over [picture, row, column, panel, lane].
constexpr int64_t pictureRank = 5, rowPosition = 1, panelPosition = 3;

/// Nests in their order, and the buffer that all of them see point by point:
/// what they write, or read at the place that they write.
struct Stage {
  SmallVector<linalg::GenericOp> nests;
  Value rows;
};

/// Two stages, the second of which sums over windows of what the first makes.
struct Pair {
  Stage producer, consumer;
  memref::AllocOp padded;
  memref::SubViewOp inner;
  /// Rows from one window to the next, and those of one.
  int64_t stride = 1, reach = 1;
};

Value baseOf(Value value) {
  while (auto view = value.getDefiningOp<ViewLikeOpInterface>())
    value = view.getViewSource();
  return value;
}

/// The loop of `nest` over dimension `position` of `memref`, if all of its
/// operands that are `memref` have it there plainly.
std::optional<unsigned> loopOver(linalg::GenericOp nest, Value memref, int64_t position) {
  std::optional<unsigned> loop;
  for (OpOperand &operand : nest->getOpOperands()) {
    if (operand.get() != memref)
      continue;
    auto dim = dyn_cast<AffineDimExpr>(nest.getMatchingIndexingMap(&operand).getResult(position));
    if (!dim || (loop && *loop != dim.getPosition()))
      return std::nullopt;
    loop = dim.getPosition();
  }
  return loop;
}

/// Whether `nest` may be cut along the rows and panels of `memref`, which it
/// writes or reads.
bool followsRows(linalg::GenericOp nest, Value memref) {
  if (nest.getNumDpsInits() != 1 || nest.hasIndexSemantics())
    return false;
  for (int64_t position : {rowPosition, panelPosition}) {
    std::optional<unsigned> loop = loopOver(nest, memref, position);
    if (!loop || nest.getIteratorTypesArray()[*loop] != utils::IteratorType::parallel)
      return false;
    // What is written, each round writes its own part of.
    AffineMap written = nest.getMatchingIndexingMap(nest.getDpsInitOperand(0));
    if (!llvm::is_contained(written.getResults(), getAffineDimExpr(*loop, nest.getContext())))
      return false;
    for (AffineMap map : nest.getIndexingMapsArray())
      for (AffineExpr expr : map.getResults())
        if (expr.isFunctionOfDim(*loop) && !coefficientOf(expr, *loop))
          return false;
  }
  return true;
}

bool uses(linalg::GenericOp nest, Value memref) {
  return llvm::is_contained(nest->getOperands(), memref);
}

bool isPictures(Value value) {
  auto type = dyn_cast<MemRefType>(value.getType());
  return type && type.getRank() == pictureRank && !type.isDynamicDim(panelPosition);
}

/// The windows of rows of `sum`, if its input is a whole buffer of rows.
std::optional<Pair> matchConsumer(linalg::GenericOp sum) {
  if (sum.getNumReductionLoops() == 0 || sum.getNumDpsInits() != 1 ||
      !isPictures(sum.getDpsInits()[0]))
    return std::nullopt;
  Pair pair;
  pair.consumer = {{sum}, sum.getDpsInits()[0]};
  if (!followsRows(sum, pair.consumer.rows))
    return std::nullopt;
  unsigned row = *loopOver(sum, pair.consumer.rows, rowPosition);
  unsigned panel = *loopOver(sum, pair.consumer.rows, panelPosition);
  SmallVector<int64_t> extents = sum.getStaticLoopRanges();
  for (OpOperand *input : sum.getDpsInputOperands()) {
    auto padded = input->get().getDefiningOp<memref::AllocOp>();
    if (!padded || !isPictures(padded))
      continue;
    AffineMap map = sum.getMatchingIndexingMap(input);
    AffineExpr window = map.getResult(rowPosition);
    std::optional<int64_t> stride = coefficientOf(window, row);
    if (!stride || *stride < 1 || map.getResult(panelPosition) != getAffineDimExpr(panel, sum.getContext()))
      continue;
    pair.padded = padded;
    pair.stride = *stride;
    for (unsigned dim = 0; dim < sum.getNumLoops(); ++dim) {
      if (dim == row || !window.isFunctionOfDim(dim))
        continue;
      std::optional<int64_t> dilation = coefficientOf(window, dim);
      if (!dilation || *dilation < 1 || ShapedType::isDynamic(extents[dim]) ||
          sum.getIteratorTypesArray()[dim] != utils::IteratorType::reduction)
        return std::nullopt;
      pair.reach += *dilation * (extents[dim] - 1);
    }
    return pair;
  }
  return std::nullopt;
}

/// Finds who writes the rows between the margins of `pair.padded`: one view of
/// all of it but the margins, which are filled.
bool matchProducer(Pair &pair) {
  Operation *sum = pair.consumer.nests.front();
  for (Operation *user : pair.padded->getUsers()) {
    if (user == sum)
      continue;
    auto view = dyn_cast<memref::SubViewOp>(user);
    if (!view || view->getBlock() != sum->getBlock() || !view.hasUnitStride())
      return false;
    bool isMargin = llvm::all_of(view->getUsers(), [&](Operation *writer) {
      auto fill = dyn_cast<linalg::GenericOp>(writer);
      return fill && isFill(fill) && fill->getBlock() == sum->getBlock() && fill->isBeforeInBlock(sum);
    });
    if (isMargin)
      continue;
    if (pair.inner || !isPictures(view))
      return false;
    pair.inner = view;
  }
  if (!pair.inner || pair.inner.getType().getDimSize(panelPosition) != pair.padded.getType().getDimSize(panelPosition))
    return false;
  pair.producer.rows = pair.inner;
  for (Operation *user : pair.inner->getUsers()) {
    auto nest = dyn_cast<linalg::GenericOp>(user);
    if (!nest || nest->getBlock() != sum->getBlock() || !nest->isBeforeInBlock(sum) ||
        nest.getNumDpsInits() != 1 || nest.getDpsInits()[0] != pair.inner.getResult() ||
        !followsRows(nest, pair.inner))
      return false;
    pair.producer.nests.push_back(nest);
  }
  llvm::sort(pair.producer.nests, [](Operation *a, Operation *b) { return a->isBeforeInBlock(b); });
  pair.producer.nests.erase(llvm::unique(pair.producer.nests), pair.producer.nests.end());
  return !pair.producer.nests.empty();
}

/// Takes the fill that the sums start from, and what is made of each of them.
void growConsumer(Pair &pair) {
  linalg::GenericOp sum = pair.consumer.nests.front();
  Value rows = pair.consumer.rows;
  for (Operation *op = sum->getPrevNode(); op; op = op->getPrevNode()) {
    auto fill = dyn_cast<linalg::GenericOp>(op);
    if (!fill || !uses(fill, rows))
      continue;
    if (isFill(fill) && fill.getDpsInits()[0] == rows && followsRows(fill, rows))
      pair.consumer.nests.insert(pair.consumer.nests.begin(), fill);
    break;
  }
  for (Operation *op = sum->getNextNode(); op; op = op->getNextNode()) {
    if (isMemoryEffectFree(op))
      continue;
    auto nest = dyn_cast<linalg::GenericOp>(op);
    if (!nest || !uses(nest, rows) || nest.getNumReductionLoops() != 0 || !followsRows(nest, rows))
      break;
    pair.consumer.nests.push_back(nest);
  }
}

/// Whether the nests of both stages may take turns: nothing but them touches
/// memory meanwhile, and no early round writes what a late one reads.
bool mayTakeTurns(Pair &pair) {
  if (pair.padded->getParentOfType<func::FuncOp>()->hasAttr("lathe.in_place"))
    return false;
  DenseSet<Operation *> members;
  for (Stage *stage : {&pair.producer, &pair.consumer})
    for (linalg::GenericOp nest : stage->nests)
      members.insert(nest);
  Operation *last = pair.consumer.nests.back();
  for (Operation *op = pair.producer.nests.front(); op != last; op = op->getNextNode()) {
    auto nest = dyn_cast<linalg::GenericOp>(op);
    bool isMargin = nest && isFill(nest) && baseOf(nest.getDpsInits()[0]) == pair.padded.getResult();
    if (!members.contains(op) && !isMargin && !isMemoryEffectFree(op) && !isa<memref::AllocOp>(op))
      return false;
  }
  for (linalg::GenericOp late : pair.consumer.nests) {
    Value written = baseOf(late.getDpsInits()[0]);
    for (linalg::GenericOp early : pair.producer.nests)
      for (Value read : early->getOperands())
        if (baseOf(read) == written)
          return false;
    // Its own windows are in the padded buffer, the rest it reads in place.
    if (written == pair.padded.getResult())
      return false;
  }
  return true;
}

struct InterleaveRowsPass : impl::InterleaveRowsBase<InterleaveRowsPass> {
  using InterleaveRowsBase::InterleaveRowsBase;

  void runOnOperation() override {
    SmallVector<linalg::GenericOp> sums;
    getOperation().walk([&](linalg::GenericOp nest) { sums.push_back(nest); });
    for (linalg::GenericOp sum : sums) {
      std::optional<Pair> pair = matchConsumer(sum);
      if (!pair || !matchProducer(*pair))
        continue;
      growConsumer(*pair);
      if (mayTakeTurns(*pair))
        interleave(*pair);
    }
  }

private:
  /// Rows of the result that a round computes: as many as keep the rows that
  /// their windows read in the cache.
  int64_t chooseBlock(Pair &pair) {
    MemRefType type = pair.padded.getType();
    int64_t rowBytes = llvm::divideCeil(type.getElementTypeBitWidth(), 8);
    for (int64_t position : {2, 4})
      rowBytes *= type.isDynamicDim(position) ? 1 : type.getDimSize(position);
    int64_t fit = (cacheBytes / rowBytes - pair.reach) / pair.stride + 1;
    int64_t all = cast<MemRefType>(pair.consumer.rows.getType()).getDimSize(rowPosition);
    int64_t block = std::max<int64_t>(fit, 1);
    if (ShapedType::isDynamic(all))
      return block;
    // Rounds of one size have it as a constant.
    for (int64_t even = std::min(block, all); 2 * even > block; --even)
      if (all % even == 0)
        return even;
    return std::min(block, all);
  }

  /// Rows of one round: from where, and how many.
  struct Part {
    OpFoldResult row, rows, panel;
  };

  static void emitPart(OpBuilder &builder, Stage &stage, const Part &part) {
    for (linalg::GenericOp nest : stage.nests) {
      unsigned row = *loopOver(nest, stage.rows, rowPosition);
      unsigned panel = *loopOver(nest, stage.rows, panelPosition);
      SmallVector<OpFoldResult> offsets, sizes, bounds;
      auto op = cast<linalg::LinalgOp>(*nest);
      for (auto [dim, range] : llvm::enumerate(op.createLoopRanges(builder, nest.getLoc()))) {
        bounds.push_back(range.size);
        bool isRow = dim == row && part.rows;
        if (!isRow && dim != panel) {
          sizes.push_back(builder.getIndexAttr(0));
          continue;
        }
        offsets.push_back(isRow ? part.row : part.panel);
        sizes.push_back(isRow ? part.rows : builder.getIndexAttr(1));
      }
      SmallVector<Value> operands(nest->getOperands());
      SmallVector<Value> tiled = linalg::makeTiledShapes(builder, nest.getLoc(), op, operands, offsets,
                                                         sizes, bounds, /*omitPartialTileCheck=*/true);
      mlir::clone(builder, nest, TypeRange(), tiled);
    }
  }

  void interleave(Pair &pair) {
    linalg::GenericOp last = pair.consumer.nests.back();
    Location loc = last.getLoc();
    OpBuilder builder(last);
    auto constant = [&](int64_t value) -> Value {
      return arith::ConstantIndexOp::create(builder, loc, value);
    };
    Value zero = constant(0), one = constant(1);
    int64_t panels = pair.padded.getType().getDimSize(panelPosition), block = chooseBlock(pair);
    int64_t all = cast<MemRefType>(pair.consumer.rows.getType()).getDimSize(rowPosition);
    if (panels == 1 && block == all)
      return;
    auto overPanels = scf::ForOp::create(builder, loc, zero, constant(panels), one);
    builder.setInsertionPointToStart(overPanels.getBody());
    Part part{{}, {}, OpFoldResult(overPanels.getInductionVar())};
    if (block == all) {
      emitPart(builder, pair.producer, part);
      emitPart(builder, pair.consumer, part);
    } else {
      emitRounds(builder, pair, part, block);
    }
    for (Stage *stage : {&pair.consumer, &pair.producer})
      for (linalg::GenericOp nest : llvm::reverse(stage->nests))
        nest->erase();
  }

  static void emitRounds(OpBuilder &builder, Pair &pair, Part part, int64_t block) {
    Location loc = pair.inner.getLoc();
    auto sizeOf = [&](Value memref) {
      return memref::getMixedSize(builder, loc, memref, rowPosition);
    };
    OpFoldResult all = sizeOf(pair.consumer.rows), made = sizeOf(pair.inner.getResult());
    OpFoldResult top = pair.inner.getMixedOffsets()[rowPosition];
    Value zero = arith::ConstantIndexOp::create(builder, loc, 0);
    auto rounds = scf::ForOp::create(
        builder, loc, zero, getValueOrCreateConstantIndexOp(builder, loc, all),
        arith::ConstantIndexOp::create(builder, loc, block), ValueRange{zero});
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToStart(rounds.getBody());
    Value row = rounds.getInductionVar(), done = rounds.getRegionIterArg(0);
    MLIRContext *context = builder.getContext();
    AffineExpr d0, d1, d2;
    bindDims(context, d0, d1, d2);
    std::optional<int64_t> known = mlir::getConstantIntValue(all);
    OpFoldResult count = builder.getIndexAttr(block);
    if (block != 1 && (!known || *known % block != 0))
      count = affine::makeComposedFoldedAffineMin(
          builder, loc, AffineMap::get(2, 0, {getAffineConstantExpr(block, context), d1 - d0}, context),
          {row, all});
    // The rows that the last window of the round reads, but for those made
    // before and the margin at the end.
    OpFoldResult needed = affine::makeComposedFoldedAffineMax(
        builder, loc,
        AffineMap::get(4, 0, {(d0 + d1 - 1) * pair.stride + pair.reach - d2, getAffineDimExpr(3, context)}, context),
        {row, count, top, done});
    OpFoldResult next = affine::makeComposedFoldedAffineMin(
        builder, loc, AffineMap::get(2, 0, {d0, d1}, context), {needed, made});
    part.row = done;
    part.rows = affine::makeComposedFoldedAffineApply(builder, loc, d0 - d1, {next, OpFoldResult(done)});
    emitPart(builder, pair.producer, part);
    part.row = row;
    part.rows = count;
    emitPart(builder, pair.consumer, part);
    scf::YieldOp::create(builder, loc, getValueOrCreateConstantIndexOp(builder, loc, next));
  }
};

} // namespace
} // namespace lathe::cpu
