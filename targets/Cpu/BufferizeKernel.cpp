// SPDX-License-Identifier: Apache-2.0
#include "targets/Cpu/GenericBody.h"
#include "targets/Cpu/Padding.h"
#include "targets/Cpu/Passes.h"

#include "mlir/Dialect/Bufferization/Transforms/OneShotAnalysis.h"
#include "mlir/Dialect/Bufferization/Transforms/OneShotModuleBufferize.h"
#include "mlir/Dialect/Bufferization/Transforms/Passes.h"
#include "mlir/Dialect/Bufferization/Transforms/Transforms.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace lathe::cpu {
#define GEN_PASS_DEF_BUFFERIZEKERNEL
#include "targets/Cpu/Passes.h.inc"
} // namespace lathe::cpu

using namespace mlir;

namespace lathe::cpu {
namespace {

/// A copy becomes a loop of ours; memref.copy would call the runtime.
struct CopyToGeneric : OpRewritePattern<memref::CopyOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(memref::CopyOp copy,
                                PatternRewriter &rewriter) const override {
    if (copy.getSource() == copy.getTarget() || areSameView(copy.getSource(), copy.getTarget())) {
      rewriter.eraseOp(copy);
      return success();
    }
    auto type = dyn_cast<MemRefType>(copy.getTarget().getType());
    if (!type)
      return rewriter.notifyMatchFailure(copy, "the target has no rank");
    linalg::makeMemRefCopyOp(rewriter, copy.getLoc(), copy.getSource(),
                             copy.getTarget());
    rewriter.eraseOp(copy);
    return success();
  }

  /// Two slices of one buffer at one place.
  static bool areSameView(Value source, Value target) {
    auto from = source.getDefiningOp<memref::SubViewOp>();
    auto to = target.getDefiningOp<memref::SubViewOp>();
    return from && to &&
           OperationEquivalence::isEquivalentTo(from, to, OperationEquivalence::IgnoreLocations);
  }
};

/// `%r = linalg(ins(%t, ..) outs(%d))` with %t a temporary that dies here and
/// is read point by point: compute in place of %t, so that %t can itself be
/// placed in %d.
struct ComputeInPlace : OpRewritePattern<linalg::GenericOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(linalg::GenericOp op,
                                PatternRewriter &rewriter) const override {
    if (op.getNumDpsInits() != 1 || op.getNumReductionLoops() != 0)
      return rewriter.notifyMatchFailure(op, "not one elementwise result");
    OpOperand *init = op.getDpsInitOperand(0);
    if (op.payloadUsesValueFromOperand(init))
      return rewriter.notifyMatchFailure(op, "the destination is read");
    AffineMap map = op.getMatchingIndexingMap(init);
    for (OpOperand *input : op.getDpsInputOperands()) {
      auto producer = input->get().getDefiningOp<linalg::GenericOp>();
      if (!producer || !input->get().hasOneUse() ||
          input->get().getType() != init->get().getType() ||
          op.getMatchingIndexingMap(input) != map ||
          producer->getBlock() != op->getBlock())
        continue;
      unsigned result = cast<OpResult>(input->get()).getResultNumber();
      OpOperand *start = producer.getDpsInitOperand(result);
      // Only a temporary moves: a fill or an empty tensor before the producer.
      Operation *origin = start->get().getDefiningOp();
      auto fill = dyn_cast_or_null<linalg::LinalgOp>(origin);
      OpOperand *seed = start;
      if (fill && origin->hasOneUse() && fill.getNumDpsInits() == 1 &&
          fill.getNumDpsInputs() <= 1)
        seed = fill.getDpsInitOperand(0);
      if (!seed->get().getDefiningOp<tensor::EmptyOp>() ||
          !destinationDominates(init->get(), seed->getOwner()))
        continue;
      rewriter.modifyOpInPlace(seed->getOwner(),
                               [&] { seed->set(init->get()); });
      rewriter.modifyOpInPlace(op, [&] { init->set(input->get()); });
      return success();
    }
    return rewriter.notifyMatchFailure(op, "no temporary to reuse");
  }

  static bool destinationDominates(Value destination, Operation *user) {
    Operation *producer = destination.getDefiningOp();
    if (!producer)
      return true;
    if (producer->getBlock() != user->getBlock())
      return producer->getBlock()->findAncestorOpInBlock(*user) != nullptr;
    if (producer->isBeforeInBlock(user))
      return true;
    // A slice of a loop argument may move up to where it is needed first.
    auto slice = dyn_cast<tensor::ExtractSliceOp>(producer);
    if (!slice)
      return false;
    for (Value operand : slice->getOperands())
      if (Operation *op = operand.getDefiningOp())
        if (op->getBlock() == user->getBlock() && !op->isBeforeInBlock(user))
          return false;
    slice->moveBefore(user);
    return true;
  }
};

struct BufferizeKernelPass : impl::BufferizeKernelBase<BufferizeKernelPass> {
  void runOnOperation() override {
    ModuleOp module = getOperation();
    for (auto func : module.getOps<func::FuncOp>())
      if (failed(tieResults(func)))
        return signalPassFailure();
    giveOwnStarts(module);
    RewritePatternSet inPlace(&getContext()), margins(&getContext());
    inPlace.add<ComputeInPlace>(&getContext());
    populatePadToMarginsPatterns(margins);
    if (failed(applyPatternsGreedily(module, std::move(inPlace))) ||
        failed(applyPatternsGreedily(module, std::move(margins))))
      return signalPassFailure();
    IRRewriter rewriter(&getContext());
    if (failed(bufferization::eliminateEmptyTensors(rewriter, module)))
      return signalPassFailure();
    if (failed(bufferize(module)))
      return signalPassFailure();
    RewritePatternSet loops(&getContext());
    scf::ForOp::getCanonicalizationPatterns(loops, &getContext());
    memref::CastOp::getCanonicalizationPatterns(loops, &getContext());
    if (failed(applyPatternsGreedily(module, std::move(loops))))
      return signalPassFailure();
    for (auto func : module.getOps<func::FuncOp>())
      if (failed(dropResults(func)))
        return signalPassFailure();
    RewritePatternSet patterns(&getContext());
    patterns.add<CopyToGeneric>(&getContext());
    linalg::populateLinalgNamedOpsGeneralizationPatterns(patterns);
    memref::SubViewOp::getCanonicalizationPatterns(patterns, &getContext());
    memref::CastOp::getCanonicalizationPatterns(patterns, &getContext());
    memref::DimOp::getCanonicalizationPatterns(patterns, &getContext());
    if (failed(applyPatternsGreedily(module, std::move(patterns))))
      return signalPassFailure();
    for (auto func : module.getOps<func::FuncOp>())
      bindDims(func);
  }

private:
  /// Sums that start from one and the same fill would each need a copy of it,
  /// and could not be placed apart: each gets a fill and an empty tensor.
  static void giveOwnStarts(ModuleOp module) {
    SmallVector<Operation *> starts;
    module.walk<WalkOrder::PostOrder>([&](Operation *op) {
      auto nest = dyn_cast<linalg::GenericOp>(op);
      if ((nest && nest.hasPureTensorSemantics() && isFill(nest)) || isa<tensor::EmptyOp>(op))
        starts.push_back(op);
    });
    // Fills before what they fill: a copied fill is one more use. A sum in a loop
    // starts in its rounds: what lies outside would be copied for each.
    for (Operation *start : llvm::reverse(starts))
      for (OpOperand &use : llvm::make_early_inc_range(start->getUses())) {
        // A gather's body reads a table of equal elements, and starts nothing.
        if (isa<tensor::ExtractOp>(use.getOwner()))
          continue;
        bool isInLoop = use.getOwner()->getBlock() != start->getBlock();
        if (!start->hasOneUse() || isInLoop)
          use.set(OpBuilder(isInLoop ? use.getOwner() : start).clone(*start)->getResult(0));
      }
  }

  /// Each result must end in its destination argument.
  LogicalResult tieResults(func::FuncOp func) {
    SmallVector<BlockArgument> outputs;
    for (BlockArgument argument : func.getArguments()) {
      unsigned number = argument.getArgNumber();
      if (!isa<TensorType>(argument.getType()))
        continue;
      if (func.getArgAttr(number, "lathe.output"))
        outputs.push_back(argument);
      auto access =
          func.getArgAttrOfType<StringAttr>(number, "lathe.access");
      bool writable = func.getArgAttr(number, "lathe.output") ||
                      (access && access.getValue() != "read");
      func.setArgAttr(number, "bufferization.writable",
                      BoolAttr::get(&getContext(), writable));
    }
    auto ret = cast<func::ReturnOp>(func.front().getTerminator());
    if (outputs.size() != ret.getNumOperands())
      return func.emitError("has ")
             << ret.getNumOperands() << " results and " << outputs.size()
             << " arguments with 'lathe.output'";
    OpBuilder builder(ret);
    for (auto [operand, output] : llvm::zip(ret->getOpOperands(), outputs)) {
      if (operand.get().getType() != output.getType())
        return func.emitError("result ")
               << operand.getOperandNumber() << " is " << operand.get().getType()
               << " but its destination is " << output.getType();
      // Tying again what is there already would be a copy of all of it.
      if (isComputedIn(operand.get(), output))
        continue;
      if (OpOperand *start = findEmptyStart(operand.get()); start && output.use_empty()) {
        start->set(output);
        continue;
      }
      auto tied = bufferization::MaterializeInDestinationOp::create(
          builder, ret.getLoc(), output.getType(), operand.get(), output);
      operand.set(tied.getResult());
    }
    return success();
  }

  /// What the loop that makes `value` starts from, where that is nothing: the
  /// step that had a destination is gone, it was an identity. A copy of the
  /// result to the destination would conflict with a loop placed there.
  static OpOperand *findEmptyStart(Value value) {
    auto loop = value.getDefiningOp<scf::ForOp>();
    if (!loop)
      return nullptr;
    OpOperand *start = loop.getTiedLoopInit(cast<OpResult>(value));
    return start->get().getDefiningOp<tensor::EmptyOp>() ? start : nullptr;
  }

  /// `value` without what only gives its elements another shape.
  static Value stripReshapes(Value value) {
    while (isa_and_nonnull<tensor::ExpandShapeOp, tensor::CollapseShapeOp, memref::ExpandShapeOp,
                           memref::CollapseShapeOp>(value.getDefiningOp()))
      value = value.getDefiningOp()->getOperand(0);
    return value;
  }

  /// Whether `value` is what a loop over tiles or a nest makes of the
  /// destination `output`.
  static bool isComputedIn(Value value, Value output) {
    auto result = dyn_cast<OpResult>(stripReshapes(value));
    if (!result)
      return false;
    Value start;
    if (auto loop = dyn_cast<scf::ForOp>(result.getOwner()))
      start = loop.getInitArgs()[result.getResultNumber()];
    else if (auto nest = dyn_cast<linalg::LinalgOp>(result.getOwner()))
      start = nest.getDpsInits()[result.getResultNumber()];
    return start && stripReshapes(start) == output;
  }

  static LogicalResult bufferize(ModuleOp module) {
    bufferization::OneShotBufferizationOptions options;
    options.bufferizeFunctionBoundaries = true;
    options.setFunctionBoundaryTypeConversion(
        bufferization::LayoutMapOption::IdentityLayoutMap);
    options.bufferAlignment = 64;
    // Values carried by a loop are allocated in this frame: nothing escapes it.
    options.allowReturnAllocsFromLoops = true;
    options.memCpyFn = [](OpBuilder &builder, Location loc, Value from,
                          Value to) {
      memref::CopyOp::create(builder, loc, from, to);
      return success();
    };
    bufferization::BufferizationState state;
    return bufferization::runOneShotModuleBufferize(module, options, state);
  }

  /// The results are the destinations by now.
  static LogicalResult dropResults(func::FuncOp func) {
    auto ret = cast<func::ReturnOp>(func.front().getTerminator());
    OpBuilder builder(ret);
    SmallVector<Value> outputs;
    for (BlockArgument argument : func.getArguments())
      if (func.getArgAttr(argument.getArgNumber(), "lathe.output"))
        outputs.push_back(argument);
    for (auto [value, output] : llvm::zip(ret.getOperands(), outputs))
      if (stripReshapes(value) != output)
        return func.emitError("a result is not computed in its destination, "
                              "but in ")
               << value;
    if (failed(checkTiles(func, outputs)))
      return failure();
    ret.getOperandsMutable().clear();
    func.setFunctionType(FunctionType::get(
        func.getContext(), func.getFunctionType().getInputs(), {}));
    func.removeResAttrsAttr();
    return success();
  }

  /// Several callers run a kernel of several tiles at once: each may write its
  /// own tiles of the outputs only, and nothing outside of the loop over tiles.
  static LogicalResult checkTiles(func::FuncOp func, ArrayRef<Value> outputs) {
    if (!llvm::any_of(func.front(), [](Operation &op) { return isa<scf::ForOp>(op); }) ||
        func->hasAttr("lathe.one_tile_reason"))
      return success();
    for (auto nest : func.front().getOps<linalg::LinalgOp>())
      for (Value written : nest.getDpsInits())
        if (llvm::is_contained(outputs, stripReshapes(written)))
          return nest->emitError("writes a whole output in a kernel of several tiles");
    return success();
  }

  static void bindDims(func::FuncOp func) {
    func.walk([&](memref::DimOp dimOp) {
      auto argument = dyn_cast<BlockArgument>(dimOp.getSource());
      std::optional<int64_t> dim = dimOp.getConstantIndex();
      if (!argument || !dim || argument.getOwner() != &func.front())
        return;
      auto positions = func.getArgAttrOfType<DenseI64ArrayAttr>(
          argument.getArgNumber(), "lathe.dim_args");
      if (!positions || positions[*dim] < 0)
        return;
      dimOp.replaceAllUsesWith(func.getArgument(positions[*dim]));
    });
  }
};

} // namespace
} // namespace lathe::cpu
