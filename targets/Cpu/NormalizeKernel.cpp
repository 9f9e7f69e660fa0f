// SPDX-License-Identifier: Apache-2.0
#include "targets/Cpu/Passes.h"

#include "mlir/Dialect/Linalg/Passes.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Dialect/MemRef/Transforms/Transforms.h"
#include "mlir/Dialect/Tensor/Transforms/Transforms.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace lathe::cpu {
#define GEN_PASS_DEF_NORMALIZEKERNEL
#include "targets/Cpu/Passes.h.inc"
} // namespace lathe::cpu

using namespace mlir;

namespace lathe::cpu {
namespace {

/// `type` with elements of i8 if it is a tensor of i1, else `type` itself.
Type withByteElements(Type type) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  if (!tensor || !tensor.getElementType().isInteger(1))
    return type;
  return tensor.clone(IntegerType::get(type.getContext(), 8));
}

/// The truth value that the byte `value` stands for.
Value truthOf(OpBuilder &builder, Location loc, Value value) {
  Value zero = arith::ConstantIntOp::create(builder, loc, value.getType(), 0);
  return arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::ne, value,
                               zero);
}

/// The byte that stands for the truth value `value`.
Value byteOf(OpBuilder &builder, Location loc, Value value) {
  return arith::ExtUIOp::create(builder, loc, builder.getI8Type(), value);
}

/// A nest without points leaves its destinations as they are. Upstream's tiling
/// takes a loop of no iterations for one that is not there.
struct DropEmptyNest : OpInterfaceRewritePattern<linalg::LinalgOp> {
  using OpInterfaceRewritePattern::OpInterfaceRewritePattern;

  LogicalResult matchAndRewrite(linalg::LinalgOp op, PatternRewriter &rewriter) const override {
    if (!op.hasPureTensorSemantics())
      return rewriter.notifyMatchFailure(op, "its destinations are not values");
    if (!llvm::is_contained(op.getStaticLoopRanges(), 0))
      return rewriter.notifyMatchFailure(op, "every loop may have iterations");
    rewriter.replaceOp(op, op.getDpsInits());
    return success();
  }
};

struct NormalizeKernelPass : impl::NormalizeKernelBase<NormalizeKernelPass> {
  void runOnOperation() override {
    if (failed(bindDims()) || failed(applyForms()))
      return signalPassFailure();
    storeTruthAsBytes();
    if (failed(resolveDims()))
      return signalPassFailure();
  }

private:
  /// Replaces the sizes of arguments by the index arguments that hold them.
  LogicalResult bindDims() {
    func::FuncOp func = getOperation();
    for (BlockArgument argument : func.getArguments()) {
      auto type = dyn_cast<RankedTensorType>(argument.getType());
      if (!type || type.hasStaticShape())
        continue;
      auto positions = func.getArgAttrOfType<DenseI64ArrayAttr>(
          argument.getArgNumber(), "lathe.dim_args");
      if (!positions || positions.size() != type.getRank())
        return func.emitError("argument ")
               << argument.getArgNumber()
               << " has dynamic dimensions and no 'lathe.dim_args' of its rank";
      for (int64_t dim = 0; dim < type.getRank(); ++dim) {
        int64_t position = positions[dim];
        if (type.isDynamicDim(dim) &&
            (position < 0 || position >= func.getNumArguments() ||
             !func.getArgument(position).getType().isIndex()))
          return func.emitError("'lathe.dim_args' of argument ")
                 << argument.getArgNumber() << " does not name an index "
                 << "argument for dimension " << dim;
      }
      for (Operation *user : llvm::make_early_inc_range(argument.getUsers())) {
        auto dimOp = dyn_cast<tensor::DimOp>(user);
        std::optional<int64_t> dim =
            dimOp ? dimOp.getConstantIndex() : std::nullopt;
        if (dim && type.isDynamicDim(*dim))
          dimOp.replaceAllUsesWith(func.getArgument(positions[*dim]));
      }
    }
    return success();
  }

  /// Everything that computes becomes linalg.generic or tensor.pad.
  LogicalResult applyForms() {
    RewritePatternSet patterns(&getContext());
    linalg::populateElementwiseToLinalgConversionPatterns(patterns);
    linalg::populateLinalgNamedOpsGeneralizationPatterns(patterns);
    tensor::populateDecomposeTensorConcatPatterns(patterns);
    linalg::populateDecomposePackUnpackPatterns(patterns);
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      return failure();
    // A softmax and its like are sequences of generic operations.
    SmallVector<linalg::AggregatedOpInterface> aggregates;
    getOperation().walk([&](linalg::AggregatedOpInterface op) {
      aggregates.push_back(op);
    });
    IRRewriter rewriter(&getContext());
    for (linalg::AggregatedOpInterface op : aggregates) {
      rewriter.setInsertionPoint(op);
      FailureOr<SmallVector<Value>> values = op.decomposeOperation(rewriter);
      if (succeeded(values))
        rewriter.replaceOp(op, *values);
    }
    RewritePatternSet again(&getContext());
    linalg::populateLinalgNamedOpsGeneralizationPatterns(again);
    return applyPatternsGreedily(getOperation(), std::move(again));
  }

  void storeTruthAsBytes() {
    func::FuncOp func = getOperation();
    auto retype = [](Value value) {
      value.setType(withByteElements(value.getType()));
    };
    func.walk([&](Operation *op) { convertScalars(op); });
    func.walk([&](Operation *op) {
      llvm::for_each(op->getResults(), retype);
      for (Region &region : op->getRegions())
        for (Block &block : region)
          llvm::for_each(block.getArguments(), retype);
    });
    func.setFunctionType(FunctionType::get(
        &getContext(), func.getBody().getArgumentTypes(),
        llvm::map_to_vector(func.getResultTypes(), withByteElements)));
  }

  /// Converts where scalars leave or enter tensors of truth values.
  void convertScalars(Operation *op) {
    OpBuilder builder(op);
    auto isTruth = [](Type type) {
      auto tensor = dyn_cast<RankedTensorType>(type);
      return tensor && tensor.getElementType().isInteger(1);
    };
    auto widenOperand = [&](OpOperand &operand) {
      operand.set(byteOf(builder, op->getLoc(), operand.get()));
    };
    if (auto generic = dyn_cast<linalg::GenericOp>(op)) {
      OpBuilder inner = OpBuilder::atBlockBegin(generic.getBody());
      for (OpOperand &operand : generic->getOpOperands()) {
        if (!isTruth(operand.get().getType()))
          continue;
        BlockArgument argument =
            generic.getBody()->getArgument(operand.getOperandNumber());
        argument.setType(builder.getI8Type());
        if (argument.use_empty())
          continue;
        Value truth = truthOf(inner, op->getLoc(), argument);
        argument.replaceAllUsesExcept(truth, truth.getDefiningOp());
      }
      builder.setInsertionPoint(generic.getBody()->getTerminator());
      for (auto [output, yielded] :
           llvm::zip(generic.getDpsInits(),
                     generic.getBody()->getTerminator()->getOpOperands()))
        if (isTruth(output.getType()))
          widenOperand(yielded);
    } else if (auto extract = dyn_cast<tensor::ExtractOp>(op)) {
      if (!isTruth(extract.getTensor().getType()))
        return;
      extract.getResult().setType(builder.getI8Type());
      builder.setInsertionPointAfter(op);
      Value truth = truthOf(builder, op->getLoc(), extract);
      extract.getResult().replaceAllUsesExcept(truth, truth.getDefiningOp());
    } else if (auto insert = dyn_cast<tensor::InsertOp>(op)) {
      if (isTruth(insert.getDest().getType()))
        widenOperand(insert.getScalarMutable());
    } else if (isa<tensor::PadOp, tensor::GenerateOp>(op)) {
      if (!isTruth(op->getResult(0).getType()))
        return;
      Operation *yield = op->getRegion(0).front().getTerminator();
      builder.setInsertionPoint(yield);
      widenOperand(yield->getOpOperand(0));
    } else if (isa<tensor::FromElementsOp, tensor::SplatOp>(op)) {
      if (isTruth(op->getResult(0).getType()))
        widenOperand(op->getOpOperand(0));
    } else if (auto constant = dyn_cast<arith::ConstantOp>(op)) {
      auto value = dyn_cast<DenseElementsAttr>(constant.getValue());
      if (!value || !isTruth(value.getType()))
        return;
      constant.setValueAttr(cast<TypedAttr>(
          value.mapValues(builder.getI8Type(), [](const APInt &bit) {
            return bit.zext(8);
          })));
    }
  }

  /// Sizes of intermediate tensors in terms of the index arguments.
  LogicalResult resolveDims() {
    RewritePatternSet patterns(&getContext());
    memref::populateResolveRankedShapedTypeResultDimsPatterns(patterns);
    for (Dialect *dialect : getContext().getLoadedDialects())
      dialect->getCanonicalizationPatterns(patterns);
    tensor::DimOp::getCanonicalizationPatterns(patterns, &getContext());
    patterns.add<DropEmptyNest>(&getContext());
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      return failure();
    return bindDims();
  }
};

} // namespace
} // namespace lathe::cpu
