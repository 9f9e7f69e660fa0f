// SPDX-License-Identifier: Apache-2.0
#include "targets/Cpu/Passes.h"
#include "targets/Cpu/RowStages.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

namespace lathe::cpu {
#define GEN_PASS_DEF_INTERLEAVEROWS
#include "targets/Cpu/Passes.h.inc"
} // namespace lathe::cpu

using namespace mlir;

namespace lathe::cpu {
namespace {

struct InterleaveRowsPass : impl::InterleaveRowsBase<InterleaveRowsPass> {
  using InterleaveRowsBase::InterleaveRowsBase;

  void runOnOperation() override {
    SmallVector<linalg::GenericOp> sums;
    getOperation().walk([&](linalg::GenericOp nest) { sums.push_back(nest); });
    for (linalg::GenericOp sum : sums) {
      if (std::optional<RowStages> pair = findRowStages(sum))
        interleave(*pair);
    }
  }

private:
  /// Rows of the result that a round computes: as many as keep the rows that
  /// their windows read in the cache.
  int64_t chooseBlock(RowStages &pair) {
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

  static void emitPart(OpBuilder &builder, RowStage &stage, const Part &part) {
    for (linalg::GenericOp nest : stage.nests) {
      SmallVector<LoopPart> parts = {{*loopOver(nest, stage.rows, panelPosition), part.panel, builder.getIndexAttr(1)}};
      if (part.rows)
        parts.push_back({*loopOver(nest, stage.rows, rowPosition), part.row, part.rows});
      SmallVector<Value> tiled = cutOperands(builder, nest, parts);
      mlir::clone(builder, nest, TypeRange(), tiled);
    }
  }

  void interleave(RowStages &pair) {
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
    for (RowStage *stage : {&pair.consumer, &pair.producer})
      for (linalg::GenericOp nest : llvm::reverse(stage->nests))
        nest->erase();
  }

  static void emitRounds(OpBuilder &builder, RowStages &pair, Part part, int64_t block) {
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
