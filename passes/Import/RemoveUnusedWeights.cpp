// SPDX-License-Identifier: Apache-2.0
#include "passes/Passes.h"

#include "mlir/IR/PatternMatch.h"
#include "mlir/Transforms/RegionUtils.h"
#include "llvm/ADT/SetVector.h"

namespace lathe {
#define GEN_PASS_DEF_REMOVEUNUSEDWEIGHTS
#include "passes/Passes.h.inc"

using namespace mlir;
using namespace lathe::graph;

namespace {
struct RemoveUnusedWeights : impl::RemoveUnusedWeightsBase<RemoveUnusedWeights> {
  void runOnOperation() override {
    IRRewriter rewriter(&getContext());
    for (auto method : getOperation().getOps<func::FuncOp>())
      (void)runRegionDCE(rewriter, method->getRegions());

    llvm::SetVector<Operation *> live;
    SymbolTable symbols(getOperation());
    auto markUses = [&](Operation *root) {
      root->walk([&](Operation *op) {
        for (NamedAttribute attribute : op->getAttrs())
          if (auto name = llvm::dyn_cast<FlatSymbolRefAttr>(attribute.getValue()))
            if (Operation *symbol = symbols.lookup(name.getValue()))
              live.insert(symbol);
      });
    };
    for (Operation &op : *getOperation().getBody())
      if (!llvm::isa<WeightOp, StateOp>(op))
        markUses(&op);
    for (size_t i = 0; i < live.size(); ++i)
      if (llvm::isa<WeightOp, StateOp>(live[i]))
        markUses(live[i]);
    for (Operation &op : llvm::make_early_inc_range(*getOperation().getBody()))
      if (llvm::isa<WeightOp, StateOp>(op) && !live.contains(&op))
        op.erase();
  }
};
} // namespace
} // namespace lathe
