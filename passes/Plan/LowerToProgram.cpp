// SPDX-License-Identifier: Apache-2.0
#include "passes/Passes.h"
#include "passes/Plan/MethodLowering.h"
#include "passes/Plan/ProgramTables.h"

#include "llvm/ADT/StringSet.h"

namespace lathe {
#define GEN_PASS_DEF_LOWERTOPROGRAM
#include "passes/Passes.h.inc"
} // namespace lathe

using namespace mlir;
using namespace lathe;

namespace {
struct LowerToProgram : lathe::impl::LowerToProgramBase<LowerToProgram> {
  using LowerToProgramBase::LowerToProgramBase;

  void runOnOperation() override {
    ModuleOp module = getOperation();
    ProgramTables tables(module, sidecar);
    OpBuilder builder(&getContext());
    builder.setInsertionPointToEnd(module.getBody());
    if (failed(tables.addStates()))
      return signalPassFailure();
    SmallVector<func::FuncOp> methods;
    for (auto function : module.getOps<func::FuncOp>())
      if (function.isPublic())
        methods.push_back(function);
    for (func::FuncOp method : methods)
      if (failed(lowerMethod(method, tables, builder)))
        return signalPassFailure();
    // Module-level operations stand before the methods that name them.
    Operation *firstMethod = nullptr;
    for (auto method : module.getOps<program::MethodOp>())
      if (!firstMethod)
        firstMethod = method;
    if (firstMethod)
      builder.setInsertionPoint(firstMethod);
    if (failed(tables.emit(builder, producer)))
      return signalPassFailure();
    removeGraph(module);
    module->setAttr("graph.stage", builder.getStringAttr("planned"));
  }

  /// Removes what the program replaces. Initializers of weights that chunks
  /// name stay, with the weights that they read.
  static void removeGraph(ModuleOp module) {
    llvm::StringSet<> kept;
    module.walk([&](program::ChunkOp chunk) {
      if (std::optional<StringRef> weight = chunk.getWeight())
        kept.insert(*weight);
    });
    for (bool grew = true; grew;) {
      grew = false;
      for (auto weight : module.getOps<graph::WeightOp>())
        if (kept.contains(weight.getSymName()))
          weight.walk([&](graph::UseWeightOp use) { grew |= kept.insert(use.getWeight()).second; });
    }
    for (Operation &op : llvm::make_early_inc_range(*module.getBody())) {
      auto weight = llvm::dyn_cast<graph::WeightOp>(op);
      bool replaced = llvm::isa<func::FuncOp, ModuleOp, graph::SymbolOp, graph::AssumeOp, graph::StateOp>(op);
      if (replaced || (weight && !kept.contains(weight.getSymName())))
        op.erase();
    }
  }
};
} // namespace
