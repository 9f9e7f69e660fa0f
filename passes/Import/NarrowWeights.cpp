// SPDX-License-Identifier: Apache-2.0
#include "dialects/Graph/GraphOps.h"
#include "passes/Import/ComputedWeights.h"
#include "passes/Passes.h"

namespace lathe {
#define GEN_PASS_DEF_NARROWWEIGHTS
#include "passes/Passes.h.inc"

using namespace mlir;
using namespace lathe::graph;

/// The weight that `op` reads once for each few rows or pixels, if it is such a
/// contraction; else null.
static OpOperand *findWeight(Operation *op) {
  if (auto linear = llvm::dyn_cast<LinearOp>(op))
    return &linear.getWeightMutable();
  auto conv = llvm::dyn_cast<ConvOp>(op);
  return conv && !conv.getTransposed() && conv.getGroups() == 1 ? &conv.getWeightMutable() : nullptr;
}

namespace {
struct NarrowWeights : impl::NarrowWeightsBase<NarrowWeights> {
  void runOnOperation() override {
    ComputedWeights weights(getOperation());
    // What is read instead of a weight, by its name, in the order of the model.
    llvm::MapVector<StringAttr, WeightOp> narrowed;
    forEach([&](Operation *op) {
      OpOperand *weight = findWeight(op);
      auto use = weight ? weight->get().getDefiningOp<UseWeightOp>() : UseWeightOp();
      if (!use || !getElementTypeOrSelf(use.getResult().getType()).isF32())
        return;
      WeightOp &made = narrowed[use.getWeightAttr().getAttr()];
      if (!made)
        made = narrow(use, weights);
      OpBuilder builder(op);
      weight->set(UseWeightOp::create(builder, use.getLoc(), made.getType(), made.getSymName()));
      if (use->use_empty())
        use.erase();
    });
    gatherNarrowed(narrowed);
  }

private:
  void forEach(llvm::function_ref<void(Operation *)> visit) {
    for (auto method : getOperation().getOps<func::FuncOp>())
      method.walk(visit);
  }

  static WeightOp narrow(UseWeightOp use, ComputedWeights &weights) {
    return weights.create((use.getWeight() + ".bf16").str(), use.getLoc(), use.getResult(),
                          [&](OpBuilder &builder, ArrayRef<Value> copies) -> Value {
                            return CastOp::create(builder, use.getLoc(), copies[0], builder.getBF16Type());
                          });
  }

  /// A weight that anybody else reads as it was is stored as it was, too: its
  /// gathers then cost no memory.
  void gatherNarrowed(const llvm::MapVector<StringAttr, WeightOp> &narrowed) {
    llvm::MapVector<StringAttr, SmallVector<OpOperand *>> uses;
    forEach([&](Operation *op) {
      if (auto use = llvm::dyn_cast<UseWeightOp>(op); use && narrowed.contains(use.getWeightAttr().getAttr()))
        for (OpOperand &operand : use->getUses())
          uses[use.getWeightAttr().getAttr()].push_back(&operand);
    });
    for (auto &[weight, operands] : uses)
      if (llvm::all_of(operands, [](OpOperand *operand) {
            return llvm::isa<GatherOp>(operand->getOwner()) && operand->getOperandNumber() == 0;
          }))
        for (OpOperand *operand : operands)
          gatherFrom(narrowed.lookup(weight), llvm::cast<GatherOp>(operand->getOwner()));
  }

  static void gatherFrom(WeightOp narrowed, GatherOp gather) {
    OpBuilder builder(gather);
    Location location = gather.getLoc();
    Value read = gather.getData();
    Value data = UseWeightOp::create(builder, read.getLoc(), narrowed.getType(), narrowed.getSymName());
    Value rows = GatherOp::create(builder, location, data, gather.getIndices(), gather.getDim());
    Value wide = CastOp::create(builder, location, rows, builder.getF32Type());
    gather.getResult().replaceAllUsesWith(wide);
    gather.erase();
    if (read.use_empty())
      read.getDefiningOp()->erase();
  }
};
} // namespace
} // namespace lathe
