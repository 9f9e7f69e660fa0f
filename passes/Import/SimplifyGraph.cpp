// SPDX-License-Identifier: Apache-2.0
#include "passes/Import/SimplifyPatterns.h"
#include "passes/Passes.h"

#include "mlir/IR/Dominance.h"
#include "mlir/Transforms/CSE.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace lathe {
#define GEN_PASS_DEF_SIMPLIFYGRAPH
#include "passes/Passes.h.inc"

using namespace mlir;
using namespace lathe::graph;

// Common subexpressions give patterns new matches; models need two rounds.
static constexpr unsigned kRoundsMax = 8;

namespace {
struct SimplifyGraph : impl::SimplifyGraphBase<SimplifyGraph> {
  void runOnOperation() override {
    ComputedWeights weights(getOperation());
    RewritePatternSet patterns(&getContext());
    addArithmeticPatterns(patterns);
    addViewPatterns(patterns);
    addContractionPatterns(patterns, weights);
    for (RegisteredOperationName name : getContext().getRegisteredOperations())
      if (llvm::isa<GraphDialect>(name.getDialect()))
        name.getCanonicalizationPatterns(patterns, &getContext());
    FrozenRewritePatternSet frozen(std::move(patterns));

    SmallVector<func::FuncOp> methods(getOperation().getOps<func::FuncOp>());
    for (func::FuncOp method : methods) {
      bool changed = true;
      for (unsigned round = 0; changed && round < kRoundsMax; ++round)
        changed = simplify(method, frozen);
    }
  }

private:
  static bool simplify(func::FuncOp method, const FrozenRewritePatternSet &patterns) {
    bool patternsChanged = false, merged = false;
    // A fixed point that is not reached is no error: the IR is valid.
    (void)applyPatternsGreedily(method, patterns, GreedyRewriteConfig(), &patternsChanged);
    DominanceInfo dominance(method);
    IRRewriter rewriter(method.getContext());
    eliminateCommonSubExpressions(rewriter, dominance, method, &merged);
    return patternsChanged || merged;
  }
};
} // namespace
} // namespace lathe
