// SPDX-License-Identifier: Apache-2.0
#include "dialects/Graph/GraphOps.h"
#include "passes/Import/ComputedWeights.h"
#include "passes/Layout/WeightPanels.h"
#include "passes/Partition/TargetDescription.h"
#include "passes/Passes.h"

namespace lathe {
#define GEN_PASS_DEF_PACKWEIGHTS
#include "passes/Passes.h.inc"

using namespace mlir;
using namespace lathe::graph;

namespace {
struct PackWeights : impl::PackWeightsBase<PackWeights> {
  void runOnOperation() override {
    FailureOr<VariantDescription> description = readTargets(getOperation());
    if (failed(description))
      return signalPassFailure();
    ComputedWeights weights(getOperation());
    for (auto method : getOperation().getOps<func::FuncOp>())
      method.walk([&](Operation *op) {
        const TargetDescription *target = description->find(op);
        if (!target)
          return;
        if (auto linear = llvm::dyn_cast<LinearOp>(op))
          pack(linear, chooseWeightLayout(linear, target->weightPanels), weights);
        // Convolutions whose channels are not last read rows of pixels.
        if (auto conv = llvm::dyn_cast<ConvOp>(op); conv && getLayout(conv.getResult().getType()))
          pack(conv, chooseWeightLayout(conv, target->weightPanels), weights);
      });
  }

private:
  template <typename Op>
  static void pack(Op op, LayoutAttr layout, ComputedWeights &weights) {
    Value weight = op.getWeight();
    auto type = llvm::cast<RankedTensorType>(weight.getType());
    if (!layout || !weight.getDefiningOp<UseWeightOp>() || !llvm::isa<FloatType>(type.getElementType()) ||
        getLayout(type))
      return;
    RankedTensorType packed = getTensorType(getDims(type), type.getElementType(), layout);
    WeightOp made = weights.create((weightName(weight) + ".packed").str(), weight.getLoc(), weight,
                                   [&](OpBuilder &builder, ArrayRef<Value> copies) -> Value {
                                     return RelayoutOp::create(builder, weight.getLoc(), packed,
                                                               copies[0]);
                                   });
    OpBuilder builder(op);
    op.getWeightMutable().assign(UseWeightOp::create(
        builder, weight.getLoc(), packed, made.getSymName()));
    if (weight.use_empty())
      weight.getDefiningOp()->erase();
  }
};
} // namespace
} // namespace lathe
