// SPDX-License-Identifier: Apache-2.0
#include "targets/Cpu/NestEmitter.h"
#include "targets/Cpu/Passes.h"

#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Dialect/MemRef/Transforms/Transforms.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace lathe::cpu {
#define GEN_PASS_DEF_LOWERNESTS
#include "targets/Cpu/Passes.h.inc"
} // namespace lathe::cpu

using namespace mlir;

namespace lathe::cpu {
namespace {

/// The scalar that `op` stores everywhere, or null if it is not such a fill.
Value filledScalar(linalg::GenericOp op) {
  if (op.getNumDpsInits() != 1 || op.getNumReductionLoops() != 0)
    return {};
  Value yielded = op.getBody()->getTerminator()->getOperand(0);
  if (auto argument = dyn_cast<BlockArgument>(yielded)) {
    if (argument.getOwner() != op.getBody())
      return yielded;
    OpOperand *operand = op.getMatchingOpOperand(argument);
    return isa<ShapedType>(operand->get().getType()) ? Value()
                                                     : operand->get();
  }
  if (yielded.getParentBlock() == op.getBody())
    return {};
  return yielded;
}

/// Takes the fills that directly precede `op` and set its outputs: their
/// scalars start the accumulators, the memory need not be written twice.
SmallVector<Value>
takeInitialValues(linalg::GenericOp op,
                  SmallVectorImpl<linalg::GenericOp> &taken) {
  SmallVector<Value> values(op.getNumDpsInits());
  if (op.getNumReductionLoops() == 0)
    return values;
  for (Operation *before = op->getPrevNode(); before;
       before = before->getPrevNode()) {
    if (isMemoryEffectFree(before) || isa<memref::AllocOp>(before))
      continue;
    auto fill = dyn_cast<linalg::GenericOp>(before);
    Value scalar = fill ? filledScalar(fill) : Value();
    if (!scalar)
      break;
    for (auto [index, output] : llvm::enumerate(op.getDpsInits())) {
      AffineMap map =
          op.getMatchingIndexingMap(op.getDpsInitOperand(index));
      if (values[index] || output != fill.getDpsInits()[0] ||
          !map.isProjectedPermutation() ||
          llvm::is_contained(op.getDpsInputs(), output))
        continue;
      values[index] = scalar;
      taken.push_back(fill);
      break;
    }
  }
  return values;
}

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

/// Whether loops `joined` of `op`, neighbours, lie contiguously in `operand`.
bool isContiguous(linalg::GenericOp op, OpOperand &operand, ArrayRef<int64_t> joined) {
  AffineMap map = op.getMatchingIndexingMap(&operand);
  if (!linalg::isDimSequencePreserved(map, joined))
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

/// Joins neighbouring dimensions that lie contiguously in every operand, so
/// that short rows still fill vectors.
LogicalResult joinDims(IRRewriter &rewriter, linalg::GenericOp &op,
                       std::optional<NestEpilogue> &epilogue) {
  if (op.hasIndexSemantics() || op.getNumLoops() < 2)
    return success();
  dropUnitTerms(rewriter, op);
  // A broadcast epilogue has maps with constants: its loops cannot be joined.
  auto isPlain = [](linalg::GenericOp nest) {
    return llvm::all_of(nest.getIndexingMapsArray(),
                        [](AffineMap map) { return map.isProjectedPermutation(); });
  };
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

struct LowerNestsPass : impl::LowerNestsBase<LowerNestsPass> {
  using LowerNestsBase::LowerNestsBase;

  void runOnOperation() override {
    VectorIsa machine;
    machine.vectorBits = vectorBits;
    machine.registers = registers;
    machine.hasMasks = hasMasks;
    machine.hasByteMasks = hasByteMasks;
    SmallVector<linalg::GenericOp> nests;
    WalkResult result = getOperation().walk([&](linalg::LinalgOp op) {
      auto generic = dyn_cast<linalg::GenericOp>(*op);
      if (!generic || !op.hasPureBufferSemantics()) {
        op.emitOpError("must be a linalg.generic on memrefs before "
                       "lathe-cpu-lower-nests");
        return WalkResult::interrupt();
      }
      nests.push_back(generic);
      return WalkResult::advance();
    });
    if (result.wasInterrupted())
      return signalPassFailure();
    IRRewriter rewriter(&getContext());
    DenseSet<Operation *> done;
    // Consumers first: a nest takes the fill before it, which is then gone.
    for (linalg::GenericOp nest : llvm::reverse(nests)) {
      if (done.contains(nest))
        continue;
      // An epilogue is emitted when its sum is.
      if (isEpilogue(nest))
        continue;
      if (failed(lowerNest(rewriter, nest, machine, done))) {
        getOperation().emitError("loops that were found contiguous cannot be joined");
        return signalPassFailure();
      }
    }
  }

  static LogicalResult lowerNest(IRRewriter &rewriter, linalg::GenericOp nest,
                                 const VectorIsa &machine, DenseSet<Operation *> &done) {
    std::optional<NestEpilogue> epilogue = findEpilogue(nest);
    SmallVector<linalg::GenericOp> fills;
    SmallVector<Value> initialValues = takeInitialValues(nest, fills);
    for (linalg::GenericOp fill : fills) {
      done.insert(fill);
      rewriter.eraseOp(fill);
    }
    // What the epilogue reads may be made between the two.
    if (epilogue)
      rewriter.moveOpBefore(nest, epilogue->op);
    if (failed(joinDims(rewriter, nest, epilogue)))
      return failure();
    NestPlan plan = planNest(nest, machine);
    linalg::GenericOp next = epilogue ? epilogue->op : linalg::GenericOp();
    // Sums of lanes end in scalars, one by one: vectors serve the rest better.
    if (plan.vectorizesReduction() || plan.chainDim)
      epilogue.reset();
    rewriter.setInsertionPoint(next ? next : nest);
    emitNest(rewriter, nest, plan, initialValues, epilogue);
    rewriter.eraseOp(nest);
    if (next && !epilogue)
      return lowerNest(rewriter, next, machine, done);
    if (next)
      rewriter.eraseOp(next);
    return success();
  }
};

} // namespace
} // namespace lathe::cpu
