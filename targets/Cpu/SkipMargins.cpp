// SPDX-License-Identifier: Apache-2.0
#include "targets/Cpu/GenericBody.h"
#include "targets/Cpu/NestPlan.h"
#include "targets/Cpu/Passes.h"
#include "targets/Cpu/RowStages.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

namespace lathe::cpu {
#define GEN_PASS_DEF_SKIPMARGINS
#include "targets/Cpu/Passes.h.inc"
} // namespace lathe::cpu

using namespace mlir;

namespace lathe::cpu {
namespace {

/// A window along one dimension of a map.
struct Window {
  unsigned parallel = 0;
  /// The loop over its places; none: it has one.
  std::optional<unsigned> places;
  int64_t extent = 1, dilation = 1;
};

/// The windows that `expr` describes: the place of the result and one in the window.
std::optional<Window> findWindow(linalg::GenericOp sum, AffineExpr expr) {
  SmallVector<int64_t> extents = sum.getStaticLoopRanges();
  SmallVector<utils::IteratorType> kinds = sum.getIteratorTypesArray();
  Window window;
  unsigned parallels = 0;
  for (unsigned dim = 0; dim < sum.getNumLoops(); ++dim) {
    if (!expr.isFunctionOfDim(dim))
      continue;
    std::optional<int64_t> coefficient = coefficientOf(expr, dim);
    if (!coefficient || *coefficient < 1)
      return std::nullopt;
    if (kinds[dim] == utils::IteratorType::parallel) {
      window.parallel = dim;
      ++parallels;
      continue;
    }
    if (window.places || ShapedType::isDynamic(extents[dim]))
      return std::nullopt;
    window = {window.parallel, dim, extents[dim], *coefficient};
  }
  return parallels == 1 ? std::optional(window) : std::nullopt;
}

/// Whether `sum` adds up products of its operand `input`: zeros change nothing.
bool addsProductsOf(linalg::GenericOp sum, unsigned input) {
  Block *body = sum.getBody();
  Value yielded = body->getTerminator()->getOperand(0);
  Operation *add = yielded.getDefiningOp();
  if (!isa_and_nonnull<arith::AddFOp, arith::AddIOp>(add) || add->getBlock() != body)
    return false;
  BlockArgument accumulator = sum.getRegionOutputArgs()[0];
  if (!accumulator.hasOneUse() || *accumulator.user_begin() != add)
    return false;
  Value term = add->getOperand(add->getOperand(0) == accumulator ? 1 : 0);
  Operation *product = term.getDefiningOp();
  return isa_and_nonnull<arith::MulFOp, arith::MulIOp>(product) &&
         llvm::is_contained(product->getOperands(), body->getArgument(input));
}

/// Whether `fill` writes zeros.
bool fillsZeros(linalg::GenericOp fill) {
  Value written = fill.getBody()->getTerminator()->getOperand(0);
  if (auto argument = dyn_cast<BlockArgument>(written); argument && argument.getOwner() == fill.getBody())
    written = fill.getMatchingOpOperand(argument)->get();
  return matchPattern(written, m_AnyZeroFloat()) || matchPattern(written, m_Zero());
}

/// Windows over rows that a copy made, and where the copy read them.
struct CopiedRows {
  RowStages stages;
  Value source;
  Window rows;
  int64_t left = 0, right = 0;
};

std::optional<CopiedRows> findCopiedRows(linalg::GenericOp sum) {
  std::optional<RowStages> stages = findRowStages(sum);
  if (!stages || stages->producer.nests.size() != 1 || !addsProductsOf(sum, stages->input))
    return std::nullopt;
  linalg::GenericOp copy = stages->producer.nests.front();
  if (!onlyMovesData(copy) || copy.getNumDpsInputs() != 1 || isFill(copy) ||
      !llvm::all_of(copy.getIndexingMapsArray(), [](AffineMap map) { return map.isIdentity(); }))
    return std::nullopt;
  CopiedRows copied{*stages, copy.getDpsInputs()[0], {}};
  memref::AllocOp padded = stages->padded;
  for (Operation *user : padded->getUsers())
    if (auto view = dyn_cast<memref::SubViewOp>(user); view && view != stages->inner)
      for (Operation *writer : view->getUsers())
        if (!fillsZeros(cast<linalg::GenericOp>(writer)))
          return std::nullopt;
  AffineMap map = sum.getMatchingIndexingMap(&sum->getOpOperand(stages->input));
  std::optional<Window> rows = findWindow(sum, map.getResult(rowPosition));
  std::optional<Window> columns = findWindow(sum, map.getResult(columnPosition));
  if (!rows || !columns || sum.getStaticLoopRanges()[columns->parallel] == ShapedType::kDynamic)
    return std::nullopt;
  copied.rows = *rows;
  // Rows and columns alone have margins; those of columns are known.
  MemRefType outer = padded.getType(), inner = stages->inner.getType();
  for (int64_t dim = 0; dim < outer.getRank(); ++dim) {
    if (dim == rowPosition)
      continue;
    std::optional<int64_t> before = getConstantIntValue(stages->inner.getMixedOffsets()[dim]);
    if (!before || outer.isDynamicDim(dim) || inner.isDynamicDim(dim))
      return std::nullopt;
    int64_t behind = outer.getDimSize(dim) - inner.getDimSize(dim) - *before;
    if (dim == columnPosition)
      std::tie(copied.left, copied.right) = std::pair(*before, behind);
    else if (*before != 0 || behind != 0)
      return std::nullopt;
  }
  return copied;
}

struct SkipMarginsPass : impl::SkipMarginsBase<SkipMarginsPass> {
  void runOnOperation() override {
    SmallVector<linalg::GenericOp> sums;
    getOperation().walk([&](linalg::GenericOp nest) { sums.push_back(nest); });
    for (linalg::GenericOp sum : sums)
      if (sum.getNumReductionLoops() != 0)
        if (std::optional<CopiedRows> copied = findCopiedRows(sum))
          readInPlace(*copied);
  }

private:
  /// Rows of the result, and the places of their windows that exist.
  struct Part {
    OpFoldResult row, rows, place, places;
  };

  static void readInPlace(CopiedRows &copied) {
    RowStages &stages = copied.stages;
    Location loc = stages.sum.getLoc();
    OpBuilder builder(stages.consumer.nests.back());
    auto sizeOf = [&](Value memref) { return memref::getMixedSize(builder, loc, memref, rowPosition); };
    OpFoldResult all = sizeOf(stages.consumer.rows), made = sizeOf(stages.inner.getResult());
    OpFoldResult top = stages.inner.getMixedOffsets()[rowPosition];
    AffineExpr d0, d1, d2, d3;
    bindDims(builder.getContext(), d0, d1, d2, d3);
    auto zero = getAffineConstantExpr(0, builder.getContext());
    auto least = [&](ArrayRef<AffineExpr> of, ArrayRef<OpFoldResult> operands) {
      return affine::makeComposedFoldedAffineMin(
          builder, loc, AffineMap::get(operands.size(), 0, of, builder.getContext()), operands);
    };
    auto largest = [&](ArrayRef<AffineExpr> of, ArrayRef<OpFoldResult> operands) {
      return affine::makeComposedFoldedAffineMax(
          builder, loc, AffineMap::get(operands.size(), 0, of, builder.getContext()), operands);
    };
    auto apply = [&](AffineExpr expr, ArrayRef<OpFoldResult> operands) {
      return affine::makeComposedFoldedAffineApply(builder, loc, expr, operands);
    };
    // Rows [first, end) have windows that lie inside.
    int64_t stride = stages.stride;
    OpFoldResult first = least({d0.ceilDiv(stride), d1}, {top, all});
    OpFoldResult end = least({(d0 + d1 - stages.reach).floorDiv(stride) + 1, d2}, {top, made, all});
    end = largest({d0, d1}, {first, end});
    OpFoldResult edges = apply(d0 + d1 - d2, {first, all, end});
    auto value = [&](OpFoldResult number) { return getValueOrCreateConstantIndexOp(builder, loc, number); };
    if (!isZeroInteger(edges)) {
      Value before = value(first), behind = value(apply(d0 - d1, {end, first}));
      auto loop = scf::ForOp::create(builder, loc, value(builder.getIndexAttr(0)), value(edges),
                                     value(builder.getIndexAttr(1)));
      OpBuilder::InsertionGuard guard(builder);
      builder.setInsertionPointToStart(loop.getBody());
      Value edge = loop.getInductionVar();
      Value isBefore = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::ult, edge, before);
      Value last = arith::AddIOp::create(builder, loc, edge, behind);
      OpFoldResult row = arith::SelectOp::create(builder, loc, isBefore, edge, last).getResult();
      // Place k of the window is row stride * row + dilation * k - top.
      int64_t extent = copied.rows.extent, dilation = copied.rows.dilation;
      AffineExpr most = getAffineConstantExpr(extent, builder.getContext());
      OpFoldResult begin = largest({(d0 - d1 * stride).ceilDiv(dilation), zero}, {top, row});
      begin = least({d0, most}, {begin});
      OpFoldResult past = least({(d0 + d1 - d2 * stride).ceilDiv(dilation), most}, {top, made, row});
      past = largest({d0, d1}, {begin, past});
      emitPart(builder, copied, {row, builder.getIndexAttr(1), begin, apply(d0 - d1, {past, begin})});
    }
    OpFoldResult inside = apply(d0 - d1, {end, first});
    if (!isZeroInteger(inside))
      emitPart(builder, copied, {first, inside, {}, {}});
    erase(stages);
  }

  static void emitPart(OpBuilder &builder, CopiedRows &copied, const Part &part) {
    RowStages &stages = copied.stages;
    for (linalg::GenericOp nest : stages.consumer.nests) {
      SmallVector<LoopPart> parts = {
          {*loopOver(nest, stages.consumer.rows, rowPosition), part.row, part.rows}};
      bool isSum = nest == stages.sum;
      if (isSum && part.place && copied.rows.places)
        parts.push_back({*copied.rows.places, part.place, part.places});
      SmallVector<Value> operands = cutOperands(builder, nest, parts);
      if (isSum)
        operands[stages.input] = seeWindows(builder, copied, part);
      Operation *clone = mlir::clone(builder, nest, TypeRange(), operands);
      if (isSum && copied.left + copied.right != 0)
        setMargins(cast<linalg::GenericOp>(clone), {stages.input, columnPosition, copied.left, copied.right});
    }
  }

  /// The rows of the source that the windows of `part` read, with columns on both
  /// sides that do not exist.
  static Value seeWindows(OpBuilder &builder, CopiedRows &copied, const Part &part) {
    Location loc = copied.source.getLoc();
    RowStages &stages = copied.stages;
    AffineExpr d0, d1, d2;
    bindDims(builder.getContext(), d0, d1, d2);
    int64_t dilation = copied.rows.dilation;
    OpFoldResult place = part.place ? part.place : builder.getIndexAttr(0);
    OpFoldResult places = part.place ? part.places : builder.getIndexAttr(copied.rows.extent);
    OpFoldResult top = stages.inner.getMixedOffsets()[rowPosition];
    SmallVector<OpFoldResult> sizes = memref::getMixedSizes(builder, loc, copied.source);
    SmallVector<OpFoldResult> offsets(sizes.size(), builder.getIndexAttr(0));
    SmallVector<OpFoldResult> strides(sizes.size(), builder.getIndexAttr(1));
    offsets[rowPosition] = affine::makeComposedFoldedAffineApply(
        builder, loc, d0 * stages.stride + d1 * dilation - d2, {part.row, place, top});
    sizes[rowPosition] = affine::makeComposedFoldedAffineApply(
        builder, loc, (d0 - 1) * stages.stride + (d1 - 1) * dilation + 1, {part.rows, places});
    Value rows = memref::SubViewOp::create(builder, loc, copied.source, offsets, sizes, strides);
    if (copied.left + copied.right == 0)
      return rows;
    auto known = memref::ExtractStridedMetadataOp::create(builder, loc, rows);
    auto type = cast<MemRefType>(rows.getType());
    SmallVector<int64_t> shape(type.getShape());
    shape[columnPosition] += copied.left + copied.right;
    sizes[columnPosition] = builder.getIndexAttr(shape[columnPosition]);
    return memref::ReinterpretCastOp::create(
        builder, loc, MemRefType::get(shape, type.getElementType(), type.getLayout(), type.getMemorySpace()),
        rows, known.getConstifiedMixedOffset(), sizes, known.getConstifiedMixedStrides());
  }

  static void erase(RowStages &stages) {
    for (RowStage *stage : {&stages.consumer, &stages.producer})
      for (linalg::GenericOp nest : llvm::reverse(stage->nests))
        nest->erase();
    // What is left are margins, and views that nobody reads.
    SmallVector<Operation *> views(stages.padded->getUsers());
    for (Operation *view : views) {
      for (Operation *user : llvm::make_early_inc_range(view->getUsers()))
        user->erase();
      view->erase();
    }
    stages.padded->erase();
  }
};

} // namespace
} // namespace lathe::cpu
