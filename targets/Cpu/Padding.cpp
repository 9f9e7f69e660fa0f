// SPDX-License-Identifier: Apache-2.0
#include "targets/Cpu/Padding.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Transforms/RegionUtils.h"

using namespace mlir;

namespace lathe::cpu {
namespace {

/// The scalar that `op` puts everywhere, as a constant, or null.
Attribute constantOf(Value scalar) {
  Attribute value;
  return scalar && matchPattern(scalar, m_Constant(&value)) ? value : Attribute();
}

/// Whether `condition` is true only where one of `sizes` is 0.
bool asksForNoElements(Value condition, ArrayRef<OpFoldResult> sizes) {
  if (auto either = condition.getDefiningOp<arith::OrIOp>())
    return asksForNoElements(either.getLhs(), sizes) && asksForNoElements(either.getRhs(), sizes);
  auto compare = condition.getDefiningOp<arith::CmpIOp>();
  return compare && compare.getPredicate() == arith::CmpIPredicate::eq &&
         isZeroInteger(getAsOpFoldResult(compare.getRhs())) &&
         llvm::is_contained(sizes, OpFoldResult(compare.getLhs()));
}

/// The sizes that `value` was made with, or nothing if it has them from further.
std::optional<SmallVector<OpFoldResult>> sizesOf(Value value) {
  while (auto result = dyn_cast<OpResult>(value)) {
    if (auto slice = dyn_cast<tensor::ExtractSliceOp>(result.getOwner()))
      return slice.getMixedSizes();
    if (auto empty = dyn_cast<tensor::EmptyOp>(result.getOwner()))
      return empty.getMixedSizes();
    auto nest = dyn_cast<linalg::LinalgOp>(result.getOwner());
    if (!nest)
      return std::nullopt;
    value = nest.getDpsInits()[result.getResultNumber()];
  }
  return std::nullopt;
}

struct DropPadGuard : OpRewritePattern<scf::IfOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(scf::IfOp branch, PatternRewriter &rewriter) const override {
    if (branch.getNumResults() != 1 || branch.getElseRegion().empty())
      return rewriter.notifyMatchFailure(branch, "not a choice between two tensors");
    auto margins = branch.thenYield().getOperand(0).getDefiningOp<tensor::GenerateOp>();
    auto pad = branch.elseYield().getOperand(0).getDefiningOp<tensor::PadOp>();
    if (!margins || !pad || pad.getType() != branch.getResult(0).getType() ||
        margins.getType() != pad.getType())
      return rewriter.notifyMatchFailure(branch, "not margins or a padded slice");
    std::optional<SmallVector<OpFoldResult>> sizes = sizesOf(pad.getSource());
    if (!sizes || int64_t(sizes->size()) != pad.getResultType().getRank() ||
        !asksForNoElements(branch.getCondition(), *sizes))
      return rewriter.notifyMatchFailure(branch, "not the guard of a padded slice");
    Attribute margin = constantOf(pad.getConstantPaddingValue());
    auto filled = cast<tensor::YieldOp>(margins.getBody().front().getTerminator()).getValue();
    if (!margin || constantOf(filled) != margin)
      return rewriter.notifyMatchFailure(branch, "the margins are not constant");

    SmallVector<OpFoldResult> extents =
        getMixedValues(pad.getResultType().getShape(), margins.getDynamicExtents(), rewriter);
    rewriter.inlineBlockBefore(branch.elseBlock(), branch);
    // The terminator came along.
    Operation *yield = branch->getPrevNode();
    rewriter.setInsertionPoint(pad);
    SmallVector<OpFoldResult> lows, highs;
    AffineExpr d0, d1, d2;
    bindDims(rewriter.getContext(), d0, d1, d2);
    for (auto [low, high, size, extent] :
         llvm::zip(pad.getMixedLowPad(), pad.getMixedHighPad(), *sizes, extents)) {
      bool isStatic = getConstantIntValue(low) && getConstantIntValue(high);
      lows.push_back(isStatic ? low
                              : affine::makeComposedFoldedAffineMin(
                                    rewriter, pad.getLoc(),
                                    AffineMap::get(2, 0, {d0, d1}, rewriter.getContext()),
                                    {low, extent}));
      highs.push_back(isStatic ? high
                               : affine::makeComposedFoldedAffineApply(
                                     rewriter, pad.getLoc(), d0 - d1 - d2,
                                     {extent, lows.back(), size}));
    }
    auto unguarded = tensor::PadOp::create(rewriter, pad.getLoc(), pad.getType(),
                                           pad.getSource(), lows, highs, pad.getConstantPaddingValue());
    rewriter.eraseOp(yield);
    rewriter.replaceOp(pad, unguarded);
    rewriter.replaceOp(branch, unguarded);
    return success();
  }
};

/// The empty tensor that `value` is computed in, or null.
Operation *findStart(Value value) {
  Operation *op = value.getDefiningOp();
  while (op && op->getBlock() == value.getParentBlock()) {
    if (isa<tensor::EmptyOp>(op))
      return op;
    auto nest = dyn_cast<linalg::LinalgOp>(op);
    if (nest) {
      unsigned result = cast<OpResult>(value).getResultNumber();
      value = nest.getDpsInits()[result];
    } else if (isa<tensor::CollapseShapeOp, tensor::ExpandShapeOp, tensor::CastOp>(op)) {
      value = op->getOperand(0);
    } else {
      return nullptr;
    }
    op = value.getDefiningOp();
  }
  return nullptr;
}

struct PadToMargins : OpRewritePattern<tensor::PadOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(tensor::PadOp pad, PatternRewriter &rewriter) const override {
    Value scalar = pad.getConstantPaddingValue();
    if (!scalar)
      return rewriter.notifyMatchFailure(pad, "the margins are not constant");
    Location loc = pad.getLoc();
    SmallVector<OpFoldResult> lows = pad.getMixedLowPad(), highs = pad.getMixedHighPad();
    std::optional<SmallVector<OpFoldResult>> made = sizesOf(pad.getSource());
    SmallVector<OpFoldResult> inner =
        made ? *made : tensor::getMixedSizes(rewriter, loc, pad.getSource());
    SmallVector<OpFoldResult> extents;
    AffineExpr d0, d1, d2;
    bindDims(rewriter.getContext(), d0, d1, d2);
    for (auto [dim, low, high, size] : llvm::enumerate(lows, highs, inner)) {
      int64_t known = pad.getResultType().getDimSize(dim);
      extents.push_back(ShapedType::isDynamic(known)
                            ? affine::makeComposedFoldedAffineApply(rewriter, loc, d0 + d1 + d2,
                                                                    {low, high, size})
                            : rewriter.getIndexAttr(known));
    }
    // Before what computes the input, if all sizes are known there.
    Operation *start = findStart(pad.getSource());
    SmallVector<Value> needed{scalar};
    for (OpFoldResult value : llvm::concat<OpFoldResult>(lows, highs, inner, extents))
      if (auto known = dyn_cast<Value>(value))
        needed.push_back(known);
    if (start && succeeded(moveValueDefinitions(rewriter, needed, start)))
      rewriter.setInsertionPoint(start);
    Value padded = tensor::EmptyOp::create(rewriter, loc, extents,
                                           pad.getResultType().getElementType());
    SmallVector<OpFoldResult> offsets(lows.size(), rewriter.getIndexAttr(0)), sizes(extents);
    for (auto [dim, low, high] : llvm::enumerate(lows, highs)) {
      OpFoldResult behind = affine::makeComposedFoldedAffineApply(rewriter, loc, d0 + d1,
                                                                  {low, inner[dim]});
      for (auto [offset, width] : {std::pair(OpFoldResult(rewriter.getIndexAttr(0)), low),
                                   std::pair(behind, high)}) {
        if (isZeroInteger(width))
          continue;
        offsets[dim] = offset;
        sizes[dim] = width;
        padded = fillPart(rewriter, loc, padded, offsets, sizes, scalar);
      }
      offsets[dim] = low;
      sizes[dim] = inner[dim];
    }
    rewriter.setInsertionPoint(pad);
    SmallVector<OpFoldResult> strides(lows.size(), rewriter.getIndexAttr(1));
    Value whole = tensor::InsertSliceOp::create(rewriter, loc, pad.getSource(), padded, lows, inner,
                                                strides);
    if (whole.getType() != pad.getType())
      whole = tensor::CastOp::create(rewriter, loc, pad.getType(), whole);
    rewriter.replaceOp(pad, whole);
    return success();
  }

private:
  static Value fillPart(OpBuilder &builder, Location loc, Value tensor,
                        ArrayRef<OpFoldResult> offsets, ArrayRef<OpFoldResult> sizes,
                        Value scalar) {
    SmallVector<OpFoldResult> strides(offsets.size(), builder.getIndexAttr(1));
    Value part = tensor::ExtractSliceOp::create(builder, loc, tensor, offsets, sizes, strides);
    Value filled = linalg::FillOp::create(builder, loc, scalar, part).getResult(0);
    return tensor::InsertSliceOp::create(builder, loc, filled, tensor, offsets, sizes, strides);
  }
};

} // namespace

void populateDropPadGuardPatterns(RewritePatternSet &patterns) {
  patterns.add<DropPadGuard>(patterns.getContext());
}

void populatePadToMarginsPatterns(RewritePatternSet &patterns) {
  patterns.add<PadToMargins>(patterns.getContext());
}

} // namespace lathe::cpu
