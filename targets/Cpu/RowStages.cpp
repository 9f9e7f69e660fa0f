// SPDX-License-Identifier: Apache-2.0
#include "targets/Cpu/RowStages.h"

#include "targets/Cpu/GenericBody.h"
#include "targets/Cpu/NestPlan.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/Utils/Utils.h"
#include "mlir/Interfaces/ViewLikeInterface.h"

using namespace mlir;

namespace lathe::cpu {

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

namespace {

/// Dimensions of a map: picture, row, column, panel, lane.
constexpr int64_t pictureRank = 5;

Value baseOf(Value value) {
  while (auto view = value.getDefiningOp<ViewLikeOpInterface>())
    value = view.getViewSource();
  return value;
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
std::optional<RowStages> matchConsumer(linalg::GenericOp sum) {
  if (sum.getNumReductionLoops() == 0 || sum.getNumDpsInits() != 1 ||
      !isPictures(sum.getDpsInits()[0]))
    return std::nullopt;
  RowStages pair;
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
    pair.sum = sum;
    pair.input = input->getOperandNumber();
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
bool matchProducer(RowStages &pair) {
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
void growConsumer(RowStages &pair) {
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
bool mayTakeTurns(RowStages &pair) {
  if (pair.padded->getParentOfType<func::FuncOp>()->hasAttr("lathe.in_place"))
    return false;
  DenseSet<Operation *> members;
  for (RowStage *stage : {&pair.producer, &pair.consumer})
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

} // namespace

std::optional<RowStages> findRowStages(linalg::GenericOp sum) {
  std::optional<RowStages> pair = matchConsumer(sum);
  if (!pair || !matchProducer(*pair))
    return std::nullopt;
  growConsumer(*pair);
  return mayTakeTurns(*pair) ? pair : std::nullopt;
}

SmallVector<Value> cutOperands(OpBuilder &builder, linalg::GenericOp nest, ArrayRef<LoopPart> parts) {
  SmallVector<OpFoldResult> offsets, sizes, bounds;
  auto op = cast<linalg::LinalgOp>(*nest);
  for (const Range &range : op.createLoopRanges(builder, nest.getLoc())) {
    unsigned dim = bounds.size();
    bounds.push_back(range.size);
    const LoopPart *part = llvm::find_if(parts, [&](const LoopPart &each) { return each.dim == dim; });
    sizes.push_back(part == parts.end() ? builder.getIndexAttr(0) : part->size);
    if (part != parts.end())
      offsets.push_back(part->offset);
  }
  SmallVector<Value> operands(nest->getOperands());
  return linalg::makeTiledShapes(builder, nest.getLoc(), op, operands, offsets, sizes, bounds,
                                 /*omitPartialTileCheck=*/true);
}

} // namespace lathe::cpu
