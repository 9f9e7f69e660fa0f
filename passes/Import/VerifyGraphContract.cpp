// SPDX-License-Identifier: Apache-2.0
#include "dialects/Graph/FreeViews.h"
#include "passes/Import/GraphContract.h"
#include "passes/Passes.h"

#include "llvm/ADT/StringSet.h"

namespace lathe {
#define GEN_PASS_DEF_VERIFYGRAPHCONTRACT
#include "passes/Passes.h.inc"

using namespace mlir;
using namespace lathe::graph;

namespace {
struct VerifyGraphContract : impl::VerifyGraphContractBase<VerifyGraphContract> {
  using VerifyGraphContractBase::VerifyGraphContractBase;

  void runOnOperation() override {
    ModuleOp module = getOperation();
    auto mark = module->getAttrOfType<StringAttr>(kStageAttr);
    std::string name = !stage.empty() ? stage.getValue() : mark ? mark.str() : "imported";
    std::optional<Stage> wanted = parseStage(name);
    if (!wanted) {
      module.emitError("unknown stage '") << name << "'";
      return signalPassFailure();
    }
    SymbolTable symbols(module);
    if (failed(verifyNames(module)) || failed(verifyModule(module, symbols, *wanted)))
      return signalPassFailure();
    if (!stage.empty())
      module->setAttr(kStageAttr, StringAttr::get(&getContext(), name));
    markAllAnalysesPreserved();
  }

private:
  LogicalResult verifyModule(ModuleOp module, SymbolTable &symbols, Stage stage) {
    llvm::StringSet<> defined;
    for (auto symbol : module.getOps<SymbolOp>()) {
      if (symbol.getMax() == std::numeric_limits<int64_t>::max())
        return symbol.emitOpError("has no upper bound: pass --dim ")
               << symbol.getSymName() << "=" << symbol.getMin() << "..<max>";
      defined.insert(symbol.getSymName());
    }
    for (Operation &op : *module.getBody()) {
      if (auto method = llvm::dyn_cast<func::FuncOp>(op)) {
        if (failed(verifyMethod(method, symbols, defined, stage)))
          return failure();
        continue;
      }
      if (auto nested = llvm::dyn_cast<ModuleOp>(op)) {
        if (failed(verifyKernels(nested, stage)))
          return failure();
        continue;
      }
      if (!llvm::isa<SymbolOp, AssumeOp, WeightOp, StateOp>(op) && op.getDialect() &&
          !(stage == Stage::Planned && op.getName().getDialectNamespace() == "program"))
        return op.emitOpError("cannot stand in the module of a model");
      if (failed(verifySizes(&op, defined, stage)))
        return failure();
    }
    if (stage >= Stage::Simplified && failed(verifyUses(module)))
      return failure();
    return verifyWeights(module, symbols, checkWeights);
  }

  LogicalResult verifyMethod(func::FuncOp method, SymbolTable &symbols,
                             const llvm::StringSet<> &defined, Stage stage) {
    if (!method.isPublic() || method.isExternal())
      return method.emitOpError("must be public and have a body: it is a method of the program");
    llvm::StringSet<> names[2];
    auto checkName = [&](StringAttr name, bool isResult, unsigned index) -> LogicalResult {
      StringRef what = isResult ? "result " : "argument ";
      if (!name || name.empty())
        return method.emitOpError() << what << index << " has no " << kNameAttr;
      if (!names[isResult].insert(name.getValue()).second)
        return method.emitOpError() << what << index << " repeats the name " << name;
      return success();
    };
    for (unsigned i = 0; i < method.getNumArguments(); ++i)
      if (failed(checkName(method.getArgAttrOfType<StringAttr>(i, kNameAttr), false, i)))
        return failure();
    for (unsigned i = 0; i < method.getNumResults(); ++i)
      if (failed(checkName(method.getResultAttrOfType<StringAttr>(i, kNameAttr), true, i)))
        return failure();
    if (failed(verifySignature(method)))
      return failure();
    WalkResult result = method.walk([&](Operation *op) {
      return op == method ? WalkResult::advance() : WalkResult(verifyOperator(op, stage));
    });
    if (result.wasInterrupted() || failed(verifySizes(method, defined, stage)))
      return failure();
    return verifyBindings(method, symbols);
  }

  // All arguments and results have names.
  static LogicalResult verifySignature(func::FuncOp method) {
    auto check = [&](StringRef what, StringAttr name, Type type) -> LogicalResult {
      StringRef why = !isModelTensor(type)
                          ? "a method takes and gives ranked tensors of i1, i8 to i64, ui8 to ui64, "
                            "f16, bf16, f32, f64 or uniform quantized elements"
                      : !fitsMemory(llvm::cast<RankedTensorType>(type)) ? "no memory has so many bytes"
                                                                        : "";
      if (why.empty())
        return success();
      return method.emitOpError() << what << " " << name << " has type " << type << ": " << why;
    };
    for (auto [index, type] : llvm::enumerate(method.getArgumentTypes()))
      if (failed(check("argument", method.getArgAttrOfType<StringAttr>(index, kNameAttr), type)))
        return failure();
    for (auto [index, type] : llvm::enumerate(method.getResultTypes()))
      if (failed(check("result", method.getResultAttrOfType<StringAttr>(index, kNameAttr), type)))
        return failure();
    return success();
  }

  static LogicalResult verifyOperator(Operation *op, Stage stage) {
    if (llvm::isa<func::ReturnOp>(op))
      return success();
    if (!llvm::isa_and_nonnull<GraphDialect>(op->getDialect()))
      return op->emitOpError("is no graph operator");
    if (llvm::isa<GroupOp>(op))
      return op->emitOpError("is left: groups become kernels");
    if (llvm::isa<DispatchOp>(op))
      return stage >= Stage::Outlined ? success() : op->emitOpError("stands before outlining");
    if (llvm::isa<TransferOp>(op))
      return stage >= Stage::Assigned ? success() : op->emitOpError("stands before assignment");
    if (!llvm::isa<FusionOpInterface>(op))
      return success();
    if (stage >= Stage::Outlined && !isFreeView(op))
      return op->emitOpError("is in no kernel");
    if (stage >= Stage::Simplified && llvm::isa<AdaptiveAvgPoolOp, BatchNormOp>(op))
      return op->emitOpError("is a composite operator, which must be decomposed");
    if (stage == Stage::Assigned && !llvm::isa<ConstantOp, SizeOp>(op) &&
        !op->getAttrOfType<StringAttr>("graph.device"))
      return op->emitOpError("has no graph.device");
    return success();
  }

  static LogicalResult verifyUses(ModuleOp module) {
    // All users in one walk: asking for each weight takes time by the square.
    SymbolTableCollection tables;
    SymbolUserMap users(tables, module);
    for (auto weight : module.getOps<WeightOp>())
      if (users.useEmpty(weight))
        return weight.emitOpError("is not used");
    return success();
  }

  static LogicalResult verifyKernels(ModuleOp kernels, Stage stage) {
    if (stage < Stage::Outlined)
      return kernels.emitOpError("stands before outlining");
    auto parent = kernels->getParentOfType<ModuleOp>();
    llvm::StringSet<> dispatched;
    parent.walk([&](DispatchOp op) { dispatched.insert(op.getKernelAttr().getLeafReference()); });
    for (Operation &op : *kernels.getBody()) {
      auto kernel = llvm::dyn_cast<KernelOp>(op);
      if (!kernel)
        return op.emitOpError("is no kernel");
      if (!dispatched.contains(kernel.getSymName()))
        return kernel.emitOpError("is never dispatched");
      if (stage == Stage::Planned && !kernel->hasAttr("graph.codegen"))
        return kernel.emitOpError("has no code");
      llvm::StringSet<> symbols;
      for (Attribute symbol : kernel.getSymbols())
        symbols.insert(llvm::cast<StringAttr>(symbol).getValue());
      if (failed(verifySizes(kernel, symbols, stage)))
        return failure();
    }
    return success();
  }
};
} // namespace
} // namespace lathe
