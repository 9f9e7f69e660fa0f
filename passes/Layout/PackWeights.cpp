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
    PackedWeights packed;
    for (auto method : getOperation().getOps<func::FuncOp>())
      method.walk([&](Operation *op) {
        const TargetDescription *target = description->find(op);
        if (!target)
          return;
        if (auto linear = llvm::dyn_cast<LinearOp>(op))
          pack(linear, chooseWeightLayout(linear, target->weightPanels), target, weights, packed);
        // Convolutions whose channels are not last read rows of pixels.
        if (auto conv = llvm::dyn_cast<ConvOp>(op); conv && getLayout(conv.getResult().getType()))
          pack(conv, chooseWeightLayout(conv, target->weightPanels), target, weights, packed);
      });
    readPanelsByGathers(*description, packed);
  }

private:
  /// What contractions of a target read instead of a weight, by its name.
  using PackedWeights = llvm::DenseMap<std::pair<StringAttr, const TargetDescription *>, WeightOp>;

  template <typename Op>
  static void pack(Op op, LayoutAttr layout, const TargetDescription *target,
                   ComputedWeights &weights, PackedWeights &known) {
    Value weight = op.getWeight();
    auto use = weight.getDefiningOp<UseWeightOp>();
    auto type = llvm::cast<RankedTensorType>(weight.getType());
    bool isPacked = llvm::isa<FloatType, quant::QuantizedType>(type.getElementType());
    if (!layout || !use || !isPacked || getLayout(type))
      return;
    RankedTensorType packed = getTensorType(getDims(type), type.getElementType(), layout);
    WeightOp made = weights.create((weightName(weight) + ".packed").str(), weight.getLoc(), weight,
                                   [&](OpBuilder &builder, ArrayRef<Value> copies) -> Value {
                                     return RelayoutOp::create(builder, weight.getLoc(), packed,
                                                               copies[0]);
                                   });
    known[{use.getWeightAttr().getAttr(), target}] = made;
    readInstead(op.getWeightMutable(), made);
  }

  static void readInstead(OpOperand &operand, WeightOp packed) {
    Value weight = operand.get();
    OpBuilder builder(operand.getOwner());
    operand.set(UseWeightOp::create(builder, weight.getLoc(), packed.getType(), packed.getSymName()));
    if (weight.use_empty())
      weight.getDefiningOp()->erase();
  }

  /// What `use` of a weight may read instead: a gather along the features, of a
  /// weight that a contraction of the same target reads in panels. Else null.
  static WeightOp findPanels(OpOperand &use, StringAttr weight, const VariantDescription &description,
                             const PackedWeights &packed) {
    auto gather = llvm::dyn_cast<GatherOp>(use.getOwner());
    if (!gather || use.getOperandNumber() != 0)
      return {};
    WeightOp panels = packed.lookup({weight, description.find(gather)});
    LayoutAttr layout = panels ? getLayout(llvm::cast<RankedTensorType>(panels.getType())) : LayoutAttr();
    bool isAlong = layout && !layout.getTiles().empty() &&
                   layout.getTiles()[0] == static_cast<int64_t>(gather.getDim());
    return isAlong ? panels : WeightOp();
  }

  /// Tables of embeddings that also score words are stored once. A weight that
  /// anybody reads as it is stays: its gathers then cost no memory.
  void readPanelsByGathers(const VariantDescription &description, const PackedWeights &packed) {
    llvm::MapVector<StringAttr, SmallVector<UseWeightOp>> uses;
    for (auto method : getOperation().getOps<func::FuncOp>())
      method.walk([&](UseWeightOp use) { uses[use.getWeightAttr().getAttr()].push_back(use); });
    for (auto &[weight, readers] : uses) {
      SmallVector<std::pair<OpOperand *, WeightOp>> gathers;
      for (UseWeightOp reader : readers)
        for (OpOperand &use : reader->getUses())
          gathers.emplace_back(&use, findPanels(use, weight, description, packed));
      if (llvm::any_of(gathers, [](const auto &gather) { return !gather.second; }))
        continue;
      for (auto [use, panels] : gathers)
        readInstead(*use, panels);
    }
  }
};
} // namespace
} // namespace lathe
