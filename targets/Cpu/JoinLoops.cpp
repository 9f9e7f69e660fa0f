// SPDX-License-Identifier: Apache-2.0
#include "targets/Cpu/JoinLoops.h"

#include "targets/Cpu/GenericBody.h"

#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

using namespace mlir;

namespace lathe::cpu {
namespace {

/// The first elements of dimension `position` of `memref`, as many as the loop
/// over `dim` of `op` has rounds.
Value keepFirst(IRRewriter &rewriter, linalg::GenericOp op, Value memref, int64_t position,
                unsigned dim) {
  Location loc = op.getLoc();
  OpFoldResult extent = rewriter.getIndexAttr(op.getStaticLoopRanges()[dim]);
  if (ShapedType::isDynamic(op.getStaticLoopRanges()[dim]))
    // linalg's verifier makes sure that some operand has the dimension plainly.
    for (OpOperand &operand : op->getOpOperands())
      if (std::optional<unsigned> place = op.getMatchingIndexingMap(&operand).getResultPosition(
              rewriter.getAffineDimExpr(dim)))
        extent = memref::DimOp::create(rewriter, loc, operand.get(), *place).getResult();
  SmallVector<OpFoldResult> sizes = memref::getMixedSizes(rewriter, loc, memref);
  SmallVector<OpFoldResult> offsets(sizes.size(), rewriter.getIndexAttr(0));
  SmallVector<OpFoldResult> strides(sizes.size(), rewriter.getIndexAttr(1));
  sizes[position] = extent;
  return memref::SubViewOp::create(rewriter, loc, memref, offsets, sizes, strides);
}

/// Removes dimensions of one point from sums: the windows of a 1x1 convolution.
/// A window at a single place may leave elements of its operand unread; the
/// operand is cut to those that the loop visits, since a plain dimension means
/// that it has as many elements as the loop has rounds.
void dropUnitTerms(IRRewriter &rewriter, linalg::GenericOp op) {
  SmallVector<int64_t> extents = op.getStaticLoopRanges();
  MLIRContext *context = op.getContext();
  SmallVector<AffineExpr> dims;
  for (auto [dim, extent] : llvm::enumerate(extents))
    dims.push_back(extent == 1 ? getAffineConstantExpr(0, context)
                               : getAffineDimExpr(dim, context));
  rewriter.setInsertionPoint(op);
  SmallVector<AffineMap> maps;
  for (OpOperand &operand : op->getOpOperands()) {
    AffineMap map = op.getMatchingIndexingMap(&operand);
    SmallVector<AffineExpr> results(map.getResults());
    for (auto [position, expr] : llvm::enumerate(results)) {
      if (isa<AffineDimExpr>(expr))
        continue;
      AffineExpr shorter = expr.replaceDims(dims);
      auto type = dyn_cast<MemRefType>(operand.get().getType());
      if (auto at = dyn_cast<AffineDimExpr>(shorter)) {
        int64_t extent = extents[at.getPosition()];
        if (!type)
          continue;
        if (ShapedType::isDynamic(extent) || type.getDimSize(position) != extent)
          operand.set(keepFirst(rewriter, op, operand.get(), position, at.getPosition()));
      }
      expr = shorter;
    }
    maps.push_back(AffineMap::get(map.getNumDims(), map.getNumSymbols(), results, context));
  }
  op.setIndexingMapsAttr(rewriter.getAffineMapArrayAttr(maps));
}

/// Whether each index is one loop. A broadcast epilogue has maps with constants:
/// its loops cannot be joined.
bool isPlain(linalg::GenericOp nest) {
  return llvm::all_of(nest.getIndexingMapsArray(),
                      [](AffineMap map) { return map.isProjectedPermutation(); });
}

/// Whether loops `joined` of `op`, neighbours, lie contiguously in `operand`.
bool isContiguous(linalg::GenericOp op, OpOperand &operand, ArrayRef<int64_t> joined) {
  AffineMap map = op.getMatchingIndexingMap(&operand);
  // Upstream's question is about plain dimensions only.
  if (!map.isProjectedPermutation() || !linalg::isDimSequencePreserved(map, joined))
    return false;
  auto type = dyn_cast<MemRefType>(operand.get().getType());
  if (!type || !map.isFunctionOfDim(joined.back()))
    return true;
  SmallVector<ReassociationIndices> groups;
  for (auto [position, expr] : llvm::enumerate(map.getResults())) {
    auto at = dyn_cast<AffineDimExpr>(expr);
    if (at && llvm::is_contained(joined.drop_front(), int64_t(at.getPosition())))
      groups.back().push_back(position);
    else
      groups.push_back({int64_t(position)});
  }
  return memref::CollapseShapeOp::isGuaranteedCollapsible(type, groups);
}

bool isContiguous(linalg::GenericOp op, ArrayRef<int64_t> joined) {
  return llvm::all_of(op->getOpOperands(), [&](OpOperand &operand) {
    return isContiguous(op, operand, joined);
  });
}

/// `loops` of a sum as loops of its epilogue, which has the parallel ones only.
ReassociationIndices loopsOfEpilogue(linalg::GenericOp sum, ArrayRef<int64_t> loops) {
  SmallVector<unsigned> parallel;
  sum.getParallelDims(parallel);
  ReassociationIndices result;
  for (int64_t loop : loops)
    if (const unsigned *at = llvm::find(parallel, unsigned(loop)); at != parallel.end())
      result.push_back(at - parallel.begin());
  return result;
}

/// The loops of `op` in groups that lie contiguously in all operands, also in
/// those of its epilogue.
SmallVector<ReassociationIndices> findContiguousLoops(linalg::GenericOp op,
                                                      const std::optional<NestEpilogue> &epilogue) {
  SmallVector<utils::IteratorType> kinds = op.getIteratorTypesArray();
  SmallVector<ReassociationIndices> groups;
  for (int64_t dim = 0; dim < int64_t(op.getNumLoops()); ++dim) {
    if (!groups.empty() && kinds[dim] == kinds[dim - 1]) {
      ReassociationIndices joined = groups.back();
      joined.push_back(dim);
      bool isParallel = kinds[dim] == utils::IteratorType::parallel;
      if (isContiguous(op, joined) &&
          (!epilogue || !isParallel || isContiguous(epilogue->op, loopsOfEpilogue(op, joined)))) {
        groups.back() = joined;
        continue;
      }
    }
    groups.push_back({dim});
  }
  return groups;
}

linalg::GenericOp collapseLoops(IRRewriter &rewriter, linalg::GenericOp op,
                                ArrayRef<ReassociationIndices> groups) {
  rewriter.setInsertionPoint(op);
  FailureOr<linalg::CollapseResult> collapsed =
      linalg::collapseOpIterationDims(cast<linalg::LinalgOp>(*op), groups, rewriter);
  if (failed(collapsed))
    return {};
  rewriter.eraseOp(op);
  return cast<linalg::GenericOp>(*collapsed->collapsedOp);
}

//===----------------------------------------------------------------------===//
// Pixels under a window
//===----------------------------------------------------------------------===//

/// Rows of a register tile; fewer than `leastRows` wait for their weights.
constexpr int64_t mostRows = 6, leastRows = 4;

/// Whether the points of a loop leave register tiles of few rows.
bool wastesRows(int64_t points) {
  return points / llvm::divideCeil(points, mostRows) < leastRows;
}

/// How `op` sees pixels: the loop over rows, the next one over columns.
struct Pixels {
  int64_t rows;
  int64_t width;
  int64_t columns() const { return rows + 1; }
};

/// Whether rows or columns of `operand` depend on more than the loops over them.
bool hasWindow(linalg::GenericOp op, OpOperand &operand, Pixels pixels) {
  return llvm::any_of(op.getMatchingIndexingMap(&operand).getResults(), [&](AffineExpr expr) {
    return !isa<AffineDimExpr>(expr) &&
           (expr.isFunctionOfDim(pixels.rows) || expr.isFunctionOfDim(pixels.columns()));
  });
}

/// Whether rows and columns of `operand` keep an index each when they are one
/// loop: under a window, or between margins.
bool staysApart(linalg::GenericOp op, OpOperand &operand, Pixels pixels) {
  return hasWindow(op, operand, pixels) || !isContiguous(op, operand, {pixels.rows, pixels.columns()});
}

/// Whether row and column of `operand` are one result each, and linear.
bool hasSeparateIndices(linalg::GenericOp op, OpOperand &operand, Pixels pixels) {
  unsigned ofRow = 0, ofColumn = 0;
  for (AffineExpr expr : op.getMatchingIndexingMap(&operand).getResults()) {
    bool hasRow = expr.isFunctionOfDim(pixels.rows), hasColumn = expr.isFunctionOfDim(pixels.columns());
    if ((hasRow && hasColumn) || !coefficientOf(expr, pixels.rows) || !coefficientOf(expr, pixels.columns()))
      return false;
    ofRow += hasRow;
    ofColumn += hasColumn;
  }
  return ofRow == 1 && ofColumn == 1;
}

/// Whether each operand of `nest` has its pixels one after another, or by
/// separate indices.
bool mayJoin(linalg::GenericOp nest, Pixels pixels) {
  return llvm::all_of(nest->getOpOperands(), [&](OpOperand &operand) {
    return !staysApart(nest, operand, pixels) || hasSeparateIndices(nest, operand, pixels);
  });
}

/// Whether an operand of `nest` counts its pixels: it says how many there are.
bool countsPixels(linalg::GenericOp nest, Pixels pixels) {
  return llvm::any_of(nest->getOpOperands(), [&](OpOperand &operand) {
    return !staysApart(nest, operand, pixels) &&
           nest.getMatchingIndexingMap(&operand).isFunctionOfDim(pixels.rows);
  });
}

/// Whether the results of `op` are panels along which its weights lie too: those
/// are its lanes, so that an epilogue is computed with it, and needs no count of
/// its own.
bool hasPanel(linalg::GenericOp op) {
  constexpr int64_t panelMin = 8;
  AffineExpr last = op.getMatchingIndexingMap(op.getDpsInitOperand(0)).getResults().back();
  auto lane = dyn_cast<AffineDimExpr>(last);
  if (!lane || op.getStaticLoopRanges()[lane.getPosition()] % panelMin != 0)
    return false;
  return hasVectorForm(op) && llvm::any_of(op.getDpsInputOperands(), [&](OpOperand *input) {
    return classifyAccess(op, *input, lane.getPosition()) == LaneAccess::Contiguous;
  });
}

/// Two neighbouring loops over pixels of a product that are not contiguous under
/// its window alone, and of which the inner one fills no register tiles.
std::optional<Pixels> findPixels(linalg::GenericOp op, const std::optional<NestEpilogue> &epilogue) {
  SmallVector<int64_t> extents = op.getStaticLoopRanges();
  SmallVector<utils::IteratorType> kinds = op.getIteratorTypesArray();
  auto isParallel = [&](int64_t dim) { return kinds[dim] == utils::IteratorType::parallel; };
  for (int64_t dim = 0; dim + 1 < int64_t(op.getNumLoops()); ++dim) {
    Pixels pixels{dim, extents[dim + 1]};
    if (!isParallel(dim) || !isParallel(dim + 1) || ShapedType::isDynamic(extents[dim]) ||
        ShapedType::isDynamic(pixels.width) || extents[dim] < 2 || pixels.width < 2 ||
        !wastesRows(pixels.width))
      continue;
    bool isApart = llvm::any_of(op->getOpOperands(), [&](OpOperand &operand) {
      return staysApart(op, operand, pixels);
    });
    if (!isApart || !mayJoin(op, pixels) || !countsPixels(op, pixels))
      continue;
    if (!epilogue)
      return pixels;
    Pixels behind{loopsOfEpilogue(op, {dim, dim + 1}).front(), pixels.width};
    if (mayJoin(epilogue->op, behind) && (countsPixels(epilogue->op, behind) || hasPanel(op)))
      return pixels;
  }
  return std::nullopt;
}

/// `operand` of `op` with rows and columns as one dimension.
Value joinPixelsOf(IRRewriter &rewriter, linalg::GenericOp op, OpOperand &operand, Pixels pixels) {
  AffineMap map = op.getMatchingIndexingMap(&operand);
  auto type = dyn_cast<MemRefType>(operand.get().getType());
  if (!type || !map.isFunctionOfDim(pixels.columns()))
    return operand.get();
  SmallVector<ReassociationIndices> groups;
  for (auto [position, expr] : llvm::enumerate(map.getResults())) {
    if (expr == rewriter.getAffineDimExpr(pixels.columns()))
      groups.back().push_back(position);
    else
      groups.push_back({int64_t(position)});
  }
  return memref::CollapseShapeOp::create(rewriter, op.getLoc(), operand.get(), groups);
}

/// The map of `operand` over loops of which one counts the pixels.
AffineMap mapOfPixels(linalg::GenericOp op, OpOperand &operand, Pixels pixels, bool apart) {
  MLIRContext *context = op.getContext();
  AffineMap map = op.getMatchingIndexingMap(&operand);
  AffineExpr pixel = getAffineDimExpr(pixels.rows, context);
  SmallVector<AffineExpr> dims, results;
  for (int64_t dim = 0; dim < int64_t(op.getNumLoops()); ++dim)
    dims.push_back(getAffineDimExpr(dim > pixels.rows ? dim - 1 : dim, context));
  if (apart) {
    dims[pixels.rows] = pixel.floorDiv(pixels.width);
    dims[pixels.columns()] = pixel % pixels.width;
  }
  for (AffineExpr expr : map.getResults())
    if (apart || expr != getAffineDimExpr(pixels.columns(), context))
      results.push_back(expr.replaceDims(dims));
  return AffineMap::get(op.getNumLoops() - 1, 0, results, context);
}

linalg::GenericOp joinPixels(IRRewriter &rewriter, linalg::GenericOp op, Pixels pixels) {
  rewriter.setInsertionPoint(op);
  SmallVector<Value> inputs, outputs;
  SmallVector<AffineMap> maps;
  for (OpOperand &operand : op->getOpOperands()) {
    bool apart = staysApart(op, operand, pixels);
    (op.isDpsInit(&operand) ? outputs : inputs)
        .push_back(apart ? operand.get() : joinPixelsOf(rewriter, op, operand, pixels));
    maps.push_back(mapOfPixels(op, operand, pixels, apart));
  }
  SmallVector<utils::IteratorType> kinds = op.getIteratorTypesArray();
  kinds.erase(kinds.begin() + pixels.columns());
  auto joined = linalg::GenericOp::create(rewriter, op.getLoc(), inputs, outputs, maps, kinds);
  rewriter.inlineRegionBefore(op.getRegion(), joined.getRegion(), joined.getRegion().begin());
  rewriter.eraseOp(op);
  return joined;
}

} // namespace

LogicalResult joinLoops(IRRewriter &rewriter, linalg::GenericOp &op,
                        std::optional<NestEpilogue> &epilogue) {
  if (op.hasIndexSemantics() || op.getNumLoops() < 2 || findMargins(op))
    return success();
  dropUnitTerms(rewriter, op);
  if (std::optional<Pixels> pixels = findPixels(op, epilogue)) {
    if (epilogue) {
      ReassociationIndices loops = loopsOfEpilogue(op, {pixels->rows, pixels->columns()});
      epilogue->op = joinPixels(rewriter, epilogue->op, {loops.front(), pixels->width});
    }
    op = joinPixels(rewriter, op, *pixels);
    return success();
  }
  if (!isPlain(op) || (epilogue && !isPlain(epilogue->op)))
    return success();
  SmallVector<ReassociationIndices> groups = findContiguousLoops(op, epilogue);
  if (groups.size() == op.getNumLoops())
    return success();
  SmallVector<ReassociationIndices> ofEpilogue;
  for (const ReassociationIndices &group : groups)
    if (ReassociationIndices loops = loopsOfEpilogue(op, group); epilogue && !loops.empty())
      ofEpilogue.push_back(loops);
  op = collapseLoops(rewriter, op, groups);
  if (op && epilogue && ofEpilogue.size() != epilogue->op.getNumLoops())
    epilogue->op = collapseLoops(rewriter, epilogue->op, ofEpilogue);
  return success(op && (!epilogue || epilogue->op));
}

} // namespace lathe::cpu
