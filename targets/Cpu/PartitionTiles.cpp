// SPDX-License-Identifier: Apache-2.0
#include "targets/Cpu/GenericBody.h"
#include "targets/Cpu/KernelSizes.h"
#include "targets/Cpu/Padding.h"
#include "targets/Cpu/Passes.h"
#include "targets/Cpu/TileCost.h"
#include "targets/Cpu/WholeLoops.h"
#include "targets/Tuning.h"

#include "mlir/Dialect/Affine/Utils.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Dialect/SCF/Transforms/TileUsingInterface.h"
#include "mlir/Dialect/SCF/Transforms/Transforms.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "llvm/Support/FormatVariadic.h"

namespace lathe::cpu {
#define GEN_PASS_DEF_PARTITIONTILES
#include "targets/Cpu/Passes.h.inc"
} // namespace lathe::cpu

using namespace mlir;

namespace lathe::cpu {
namespace {

/// `value` without the reshapes that only rename its elements.
Value stripReshapes(Value value) {
  while (Operation *op = value.getDefiningOp()) {
    if (!isa<tensor::CastOp, tensor::ExpandShapeOp, tensor::CollapseShapeOp>(op))
      return value;
    value = op->getOperand(0);
  }
  return value;
}

/// Where `init` comes from: behind reshapes, and the fill that a sum starts
/// from, which every tile makes for itself.
Value destinationOf(Value init) {
  Value source = stripReshapes(init);
  auto fill = source.getDefiningOp<linalg::GenericOp>();
  return fill && isFill(fill) ? stripReshapes(fill.getDpsInits()[0]) : source;
}

/// The number of tiles along one dimension as a map of the index arguments, or
/// null if it depends on anything else.
AffineMap countMap(func::FuncOp func, OpFoldResult extent, int64_t tileSize) {
  MLIRContext *context = func.getContext();
  SmallVector<Value> sizes;
  for (BlockArgument argument : func.getArguments())
    if (argument.getType().isIndex() &&
        !func.getArgAttr(argument.getArgNumber(), "lathe.tile_begin") &&
        !func.getArgAttr(argument.getArgNumber(), "lathe.tile_end"))
      sizes.push_back(argument);
  if (std::optional<int64_t> constant = getConstantIntValue(extent))
    return AffineMap::get(
        sizes.size(), 0,
        getAffineConstantExpr(llvm::divideCeil(*constant, tileSize), context));
  AffineMap map = AffineMap::get(
      0, 1, getAffineSymbolExpr(0, context).ceilDiv(tileSize));
  SmallVector<Value> operands = {cast<Value>(extent)};
  affine::fullyComposeAffineMapAndOperands(&map, &operands);
  affine::canonicalizeMapAndOperands(&map, &operands);
  SmallVector<AffineExpr> positions;
  for (Value operand : operands) {
    auto at = llvm::find(sizes, operand);
    if (at == sizes.end())
      return {};
    positions.push_back(getAffineDimExpr(at - sizes.begin(), context));
  }
  ArrayRef<AffineExpr> all(positions);
  AffineExpr expr = map.getResult(0).replaceDimsAndSymbols(
      all.take_front(map.getNumDims()), all.drop_front(map.getNumDims()));
  return AffineMap::get(sizes.size(), 0, expr);
}

struct PartitionTilesPass : impl::PartitionTilesBase<PartitionTilesPass> {
  void runOnOperation() override {
    func::FuncOp func = getOperation();
    OpBuilder builder(&getContext());
    AffineMap one = AffineMap::getConstantMap(1, &getContext());
    // Estimated before tiles hide the loops.
    func->setAttr("lathe.cost_ps", estimateCost(func));
    setTileCount(func, {one});
    DenseI64ArrayAttr asked;
    if (!func->hasAttr("lathe.has_range"))
      asked = func->getAttrOfType<DenseI64ArrayAttr>(kTileSizesAttr);
    std::string reason = "results come from operations that are not tiled";
    linalg::GenericOp root = findRoot(func, reason);
    if (std::string why = !asked ? "" : root ? findMisfit(root, asked) : reason; !why.empty())
      return refuse(func, why);
    if (root) {
      recordExtents(func, root);
      SmallVector<int64_t> tileSizes = asked ? SmallVector<int64_t>(asked.asArrayRef()) : chooseTileSizes(func, root);
      if (llvm::all_of(tileSizes, [](int64_t size) { return size == 0; }))
        reason = asked ? "a tuner found it faster" : "the work is small";
      else if (tryPartition(func, tileSizes))
        return;
      else
        reason = "part of the work would repeat in every tile";
      if (asked && llvm::any_of(asked.asArrayRef(), [](int64_t size) { return size != 0; }))
        return refuse(func, reason);
      func->setAttr(kTileSizesAttr, builder.getDenseI64ArrayAttr(SmallVector<int64_t>(root.getNumLoops(), 0)));
    }
    func->setAttr("lathe.one_tile_reason", builder.getStringAttr(reason));
    addRangeArguments(func);
  }

private:
  void refuse(func::FuncOp func, StringRef why) {
    marked(func.emitError("'"), kTuningMark)
        << func.getName() << "' cannot have the tile sizes that it was tuned for: " << why;
    signalPassFailure();
  }

  /// Why `sizes`, which come from elsewhere, are no tile sizes of `root`; empty
  /// if they are.
  static std::string findMisfit(linalg::GenericOp root, DenseI64ArrayAttr sizes) {
    constexpr int64_t sizeMax = int64_t(1) << 30;
    if (sizes.size() != int64_t(root.getNumLoops()))
      return llvm::formatv("{0} sizes for {1} loops", sizes.size(), root.getNumLoops());
    auto kinds = root.getIteratorTypesArray();
    SmallVector<int64_t> mayBeSplit = findSplitExtents(root);
    for (auto [dim, size] : llvm::enumerate(sizes.asArrayRef())) {
      int64_t extent = root.getStaticLoopRanges()[dim];
      if (size < 0 || size > sizeMax)
        return llvm::formatv("{0} is no size", size);
      if (size != 0 && kinds[dim] != utils::IteratorType::parallel)
        return llvm::formatv("loop {0} is a sum, which is not split", dim);
      if (size != 0 && mayBeSplit[dim] == 0)
        return llvm::formatv("loop {0} enters a quotient, which has no parts", dim);
      if (size != 0 && !ShapedType::isDynamic(extent) && size >= extent)
        return llvm::formatv("a tile of {0} does not split loop {1} of {2} rounds", size, dim, extent);
    }
    return "";
  }

  /// Rounds of the loops that may be split, for whoever looks for better sizes:
  /// 0 of the others, -1 where they are not known.
  static void recordExtents(func::FuncOp func, linalg::GenericOp root) {
    func->setAttr(kTileExtentsAttr, Builder(func.getContext()).getDenseI64ArrayAttr(findSplitExtents(root)));
  }

  static void setTileCount(func::FuncOp func, ArrayRef<AffineMap> factors) {
    Builder builder(func.getContext());
    func->setAttr("lathe.tile_count",
                  builder.getArrayAttr({builder.getAffineMapArrayAttr(factors)}));
  }

  /// The kernel's loop range, as trailing arguments unless they exist.
  static void addRangeArguments(func::FuncOp func) {
    if (func->hasAttr("lathe.has_range"))
      return;
    Builder builder(func.getContext());
    for (StringRef name : {"lathe.tile_begin", "lathe.tile_end"}) {
      unsigned position = func.getNumArguments();
      (void)func.insertArgument(position, builder.getIndexType(),
                                builder.getDictionaryAttr({builder.getNamedAttr(
                                    name, builder.getUnitAttr())}),
                                func.getLoc());
    }
    func->setAttr("lathe.has_range", builder.getUnitAttr());
  }

  /// The operation whose results are all results of the kernel, if each of its
  /// tiles can be computed alone.
  static linalg::GenericOp findRoot(func::FuncOp func, std::string &reason) {
    auto ret = cast<func::ReturnOp>(func.front().getTerminator());
    linalg::GenericOp root;
    for (Value returned : ret.getOperands()) {
      auto producer = stripReshapes(returned).getDefiningOp<linalg::GenericOp>();
      if (!producer || (root && producer != root)) {
        reason = "results come from several operations";
        return {};
      }
      root = producer;
    }
    if (!root || root.getNumResults() != ret.getNumOperands())
      return {};
    for (OpOperand &init : root.getDpsInitsMutable()) {
      auto argument = dyn_cast<BlockArgument>(destinationOf(init.get()));
      if (!argument || argument.getOwner() != &func.front() ||
          !func.getArgAttr(argument.getArgNumber(), "lathe.output")) {
        reason = "a result is not computed in its destination";
        return {};
      }
      for (OpOperand &use : argument.getUses())
        if (!readsOwnPointOnly(root, init, use)) {
          reason = "a destination is read where another tile writes";
          return {};
        }
    }
    return root;
  }

  /// Whether `use` of a destination lets tiles run in any order.
  static bool readsOwnPointOnly(linalg::GenericOp root, OpOperand &init,
                                OpOperand &use) {
    if (isa<tensor::ExpandShapeOp, tensor::CollapseShapeOp, tensor::CastOp>(
            use.getOwner()))
      return llvm::all_of(use.getOwner()->getUses(), [&](OpOperand &next) {
        return readsOwnPointOnly(root, init, next);
      });
    if (isa<tensor::DimOp>(use.getOwner()))
      return true;
    if (use.getOwner() != root) {
      auto fill = dyn_cast<linalg::GenericOp>(use.getOwner());
      return fill && isFill(fill) && fill.isDpsInit(&use) &&
             llvm::all_of(fill->getUses(), [&](OpOperand &next) {
               return readsOwnPointOnly(root, init, next);
             });
    }
    return root.getMatchingIndexingMap(&use) ==
           root.getMatchingIndexingMap(&init);
  }

  /// Partitions a copy of the kernel, and keeps it only if all work moved into
  /// the loop over tiles: what stays outside every caller would repeat.
  static bool tryPartition(func::FuncOp func, ArrayRef<int64_t> tileSizes) {
    OpBuilder builder(func);
    auto copy = cast<func::FuncOp>(builder.clone(*func));
    addRangeArguments(copy);
    std::string reason;
    linalg::GenericOp root = findRoot(copy, reason);
    SmallVector<AffineMap> factors;
    if (failed(partition(copy, root, tileSizes, factors)) ||
        repeatsWork(copy)) {
      copy.erase();
      return false;
    }
    setTileCount(copy, factors);
    copy->setAttr(kTileSizesAttr, builder.getDenseI64ArrayAttr(tileSizes));
    func.getBody().takeBody(copy.getBody());
    func.setFunctionType(copy.getFunctionType());
    func->setAttrs(copy->getAttrs());
    copy.erase();
    return true;
  }

  static bool repeatsWork(func::FuncOp func) {
    return llvm::any_of(func.front(), [](Operation &op) {
      if (isa<tensor::PadOp, tensor::InsertSliceOp, tensor::GenerateOp>(op))
        return true;
      // The loop over tiles begins where the caller says.
      if (auto loop = dyn_cast<scf::ForOp>(op))
        return loop.getLowerBound() != loop->getParentOfType<func::FuncOp>().getArguments().drop_back().back();
      auto nest = dyn_cast<linalg::LinalgOp>(op);
      if (!nest)
        return op.getNumRegions() != 0;
      double points = 1;
      for (int64_t extent : nest.getStaticLoopRanges())
        points *= ShapedType::isDynamic(extent) ? 1e9 : double(extent);
      return points > 4096;
    });
  }

  static LogicalResult partition(func::FuncOp func, linalg::GenericOp root,
                                 ArrayRef<int64_t> tileSizes,
                                 SmallVectorImpl<AffineMap> &factors) {
    IRRewriter rewriter(func.getContext());
    rewriter.setInsertionPoint(root);
    auto domain = cast<TilingInterface>(*root).getIterationDomain(rewriter);
    for (auto [range, size] : llvm::zip(domain, tileSizes))
      if (size != 0 && !countMap(func, resolveExtent(func, range.size), size))
        return failure();
    SmallVector<OpFoldResult> sizes;
    for (int64_t size : tileSizes)
      sizes.push_back(rewriter.getIndexAttr(size));
    scf::SCFTilingOptions tiling;
    tiling.setTileSizes(sizes);
    tiling.setLoopType(scf::SCFTilingOptions::LoopType::CustomOp);
    tiling.setCustomLoopGenerationFns(
        [&](RewriterBase &rewriter, Location loc, ArrayRef<Range> given,
            ArrayRef<OpFoldResult> sizes, ValueRange destinations) {
          SmallVector<Range> ranges(given);
          for (Range &range : ranges)
            range.size = resolveExtent(func, range.size);
          return openLoop(func, rewriter, loc, ranges, tileSizes, destinations,
                          factors);
        },
        closeLoop);
    scf::SCFTileAndFuseOptions options;
    options.setTilingOptions(tiling);
    FailureOr<scf::SCFTileAndFuseResult> result =
        scf::tileConsumerAndFuseProducersUsingSCF(
            rewriter, cast<TilingInterface>(*root), options);
    if (failed(result))
      return failure();
    for (auto [from, to] : result->replacements)
      rewriter.replaceAllUsesWith(from, to);
    return cleanUp(func);
  }

  static FailureOr<scf::SCFTilingOptions::CustomLoopHeaderInfo>
  openLoop(func::FuncOp func, RewriterBase &rewriter, Location loc,
           ArrayRef<Range> ranges, ArrayRef<int64_t> tileSizes,
           ValueRange destinations, SmallVectorImpl<AffineMap> &factors) {
    unsigned arguments = func.getNumArguments();
    Value step = arith::ConstantIndexOp::create(rewriter, loc, 1);
    SmallVector<OpFoldResult> counts;
    for (auto [range, size] : llvm::zip(ranges, tileSizes)) {
      if (size == 0)
        continue;
      factors.push_back(countMap(func, range.size, size));
      counts.push_back(affine::makeComposedFoldedAffineApply(
          rewriter, loc, rewriter.getAffineSymbolExpr(0).ceilDiv(size),
          {range.size}));
    }
    auto loop = scf::ForOp::create(
        rewriter, loc, func.getArgument(arguments - 2),
        func.getArgument(arguments - 1), step, destinations);
    rewriter.setInsertionPointToStart(loop.getBody());
    scf::SCFTilingOptions::CustomLoopHeaderInfo info;
    info.loops.push_back(cast<LoopLikeOpInterface>(*loop));
    llvm::append_range(info.destinationTensors, loop.getRegionIterArgs());
    // The last split dimension varies fastest.
    SmallVector<OpFoldResult> positions(counts.size());
    OpFoldResult rest = loop.getInductionVar();
    AffineExpr d0 = rewriter.getAffineDimExpr(0);
    AffineExpr s0 = rewriter.getAffineSymbolExpr(0);
    for (unsigned index = counts.size(); index-- > 0;) {
      if (index == 0) {
        positions[0] = rest;
        break;
      }
      positions[index] = affine::makeComposedFoldedAffineApply(
          rewriter, loc, d0 % s0, {rest, counts[index]});
      rest = affine::makeComposedFoldedAffineApply(
          rewriter, loc, d0.floorDiv(s0), {rest, counts[index]});
    }
    unsigned next = 0;
    for (auto [range, size] : llvm::zip(ranges, tileSizes)) {
      if (size == 0) {
        info.tileOffset.push_back(range.offset);
        info.tileSizes.push_back(range.size);
        continue;
      }
      OpFoldResult offset = affine::makeComposedFoldedAffineApply(
          rewriter, loc, d0 * size, {positions[next++]});
      info.tileOffset.push_back(offset);
      std::optional<int64_t> extent = getConstantIntValue(range.size);
      if (extent && *extent % size == 0)
        info.tileSizes.push_back(rewriter.getIndexAttr(size));
      else
        info.tileSizes.push_back(affine::makeComposedFoldedAffineMin(
            rewriter, loc,
            AffineMap::get(1, 1, {rewriter.getAffineConstantExpr(size), s0 - d0},
                           rewriter.getContext()),
            {offset, range.size}));
    }
    return info;
  }

  static LogicalResult
  closeLoop(RewriterBase &rewriter, Location loc,
            ArrayRef<LoopLikeOpInterface> loops, ValueRange tiledResults,
            ArrayRef<SmallVector<OpFoldResult>> offsets,
            ArrayRef<SmallVector<OpFoldResult>> sizes,
            ValueRange destinations) {
    SmallVector<Value> yielded;
    for (auto [result, offset, size, destination] :
         llvm::zip(tiledResults, offsets, sizes, destinations)) {
      SmallVector<OpFoldResult> strides(offset.size(),
                                        rewriter.getIndexAttr(1));
      yielded.push_back(tensor::InsertSliceOp::create(
          rewriter, loc, result, destination, offset, size, strides));
    }
    scf::YieldOp::create(rewriter, loc, yielded);
    return success();
  }

  static LogicalResult cleanUp(func::FuncOp func) {
    // Sizes asked of the operations that were tiled would keep those alive,
    // and make equal tiles look different.
    func.walk([&](tensor::DimOp dimOp) {
      OpFoldResult size = resolveExtent(func, dimOp.getResult());
      if (size == OpFoldResult(dimOp.getResult()))
        return;
      OpBuilder builder(dimOp);
      dimOp.replaceAllUsesWith(
          getValueOrCreateConstantIndexOp(builder, dimOp.getLoc(), size));
    });
    MLIRContext *context = func.getContext();
    RewritePatternSet patterns(context);
    populateDropPadGuardPatterns(patterns);
    linalg::populateLinalgTilingCanonicalizationPatterns(patterns);
    // A slice of an empty tensor is an empty tensor of the tile's size: only
    // so do intermediates shrink to the tile.
    tensor::populateFoldTensorEmptyPatterns(patterns);
    tensor::ExtractSliceOp::getCanonicalizationPatterns(patterns, context);
    tensor::EmptyOp::getCanonicalizationPatterns(patterns, context);
    linalg::GenericOp::getCanonicalizationPatterns(patterns, context);
    scf::ForOp::getCanonicalizationPatterns(patterns, context);
    scf::IfOp::getCanonicalizationPatterns(patterns, context);
    return applyPatternsGreedily(func, std::move(patterns));
  }
};

} // namespace
} // namespace lathe::cpu
