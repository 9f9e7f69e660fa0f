// SPDX-License-Identifier: Apache-2.0
#include "dialects/Graph/GraphOps.h"
#include "passes/Partition/TargetDescription.h"
#include "passes/Passes.h"

#include "mlir/IR/PatternMatch.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace lathe {
#define GEN_PASS_DEF_SCALEWEIGHTS
#include "passes/Passes.h.inc"

using namespace mlir;
using namespace lathe::graph;

/// Whether `scale` has one number for each channel, the same for all images.
static bool isPerChannel(Value scale, int64_t channels) {
  ArrayRef<int64_t> shape = typeOf(scale).getShape();
  return shape.size() >= 2 && shape[1] == channels &&
         llvm::all_of(llvm::enumerate(shape), [](auto size) { return size.index() == 1 || size.value() == 1; });
}

namespace {
struct ScaleWeight : OpRewritePattern<ConvOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(ConvOp op, PatternRewriter &rewriter) const override {
    auto product = op.getInput().getDefiningOp<MulOp>();
    if (!product || !product->hasOneUse())
      return rewriter.notifyMatchFailure(op, "its input is no product that it alone reads");
    RankedTensorType type = typeOf(product.getResult()), weight = typeOf(op.getWeight());
    LayoutAttr layout = getLayout(weight);
    if (!layout || layout.getTiles().empty() || op.getGroups() != 1 || op.getTransposed())
      return rewriter.notifyMatchFailure(op, "its weight does not lie in panels over all channels");
    Type element = weight.getElementType();
    if (!llvm::isa<Float32Type, Float64Type>(element) || element != type.getElementType())
      return rewriter.notifyMatchFailure(op, "other elements than f32 and f64 would round too coarsely in another order");
    if (!type.hasStaticShape() || weight.getNumElements() >= type.getNumElements())
      return rewriter.notifyMatchFailure(op, "the weight is not known to be smaller");
    Value map = product.getLhs(), scale = product.getRhs();
    if (typeOf(map) != type)
      std::swap(map, scale);
    if (typeOf(map) != type || !isPerChannel(scale, type.getDimSize(1)))
      return rewriter.notifyMatchFailure(op, "the product is no map times numbers of its channels");
    auto scaled = MulOp::create(rewriter, product.getLoc(), weight, op.getWeight(), scale);
    if (Attribute device = product->getAttr(kDeviceAttr))
      scaled->setAttr(kDeviceAttr, device);
    rewriter.modifyOpInPlace(op, [&] {
      op.getInputMutable().assign(map);
      op.getWeightMutable().assign(scaled);
    });
    rewriter.eraseOp(product);
    return success();
  }
};

struct ScaleWeights : impl::ScaleWeightsBase<ScaleWeights> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<ScaleWeight>(&getContext());
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};
} // namespace
} // namespace lathe
