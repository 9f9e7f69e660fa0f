// SPDX-License-Identifier: Apache-2.0
#include "dialects/Graph/GraphOps.h"
#include "passes/Import/ComputedWeights.h"
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
      method.walk([&](LinearOp op) {
        for (const TargetDescription &target : description->targets)
          if (target.name == op->getAttrOfType<StringAttr>(kDeviceAttr))
            pack(op, target, weights);
      });
  }

private:
  /// The layout for a weight [features, ...], or null if no panel divides it.
  static LayoutAttr choosePanels(RankedTensorType type, ArrayRef<int64_t> panels) {
    for (int64_t panel : panels)
      if (type.getDimSize(0) % panel == 0)
        return LayoutAttr::get(type.getContext(), llvm::to_vector(llvm::seq<int64_t>(0, type.getRank())),
                               {0, panel}, {}, {}, TypedAttr());
    return {};
  }

  static void pack(LinearOp op, const TargetDescription &target, ComputedWeights &weights) {
    Value weight = op.getWeight();
    auto type = llvm::cast<RankedTensorType>(weight.getType());
    if (!weight.getDefiningOp<UseWeightOp>() || !llvm::isa<FloatType>(type.getElementType()) ||
        getLayout(type))
      return;
    LayoutAttr layout = choosePanels(type, target.weightPanels);
    if (!layout)
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
