// SPDX-License-Identifier: Apache-2.0
#include "compiler/MergeModules.h"

#include "compiler/Frontends/Fault.h"
#include "dialects/Graph/GraphOps.h"
#include "mlir/IR/AttrTypeSubElements.h"

using namespace mlir;
using namespace lathe;

namespace {
/// Moves one module into another and keeps every reference right.
class Merger {
public:
  Merger(ModuleOp into, bool joinStates) : into(into), joinStates(joinStates) { indexWeights(); }

  llvm::Error merge(ModuleOp from) {
    std::string method;
    for (auto function : from.getOps<func::FuncOp>())
      if (function.isPublic())
        method = function.getName().str();
    // Weights first: a state's initial value is compared under its new name.
    for (auto weight : llvm::make_early_inc_range(from.getOps<graph::WeightOp>()))
      mergeWeight(weight, from, method);
    for (auto symbol : llvm::make_early_inc_range(from.getOps<graph::SymbolOp>()))
      renameSizeSymbol(symbol, from, method);
    for (auto state : llvm::make_early_inc_range(from.getOps<graph::StateOp>()))
      if (llvm::Error error = mergeState(state, from, method))
        return error;
    for (auto function : from.getOps<func::FuncOp>())
      renameIfTaken(function, from, method);
    into.getBody()->getOperations().splice(into.getBody()->end(), from.getBody()->getOperations());
    indexWeights();
    return llvm::Error::success();
  }

private:
  void indexWeights() {
    byContent.clear();
    for (auto weight : into.getOps<graph::WeightOp>())
      if (weight.getKey())
        byContent.try_emplace({weight.getKeyAttr(), weight.getTypeAttr()}, weight.getSymNameAttr());
  }

  std::string freeName(StringRef name, ModuleOp from, StringRef method) {
    std::string candidate = (method + "." + name).str();
    while (into.lookupSymbol(candidate) || from.lookupSymbol(candidate))
      candidate += "_";
    return candidate;
  }

  void rename(Operation *op, StringRef name, ModuleOp from) {
    StringAttr renamed = StringAttr::get(op->getContext(), name);
    // Fails only if a use cannot be resolved, which the verifier excludes.
    (void)SymbolTable::replaceAllSymbolUses(op, renamed, from);
    SymbolTable::setSymbolName(op, renamed);
  }

  void renameIfTaken(Operation *op, ModuleOp from, StringRef method) {
    StringRef name = SymbolTable::getSymbolName(op).getValue();
    if (into.lookupSymbol(name))
      rename(op, freeName(name, from, method), from);
  }

  void mergeWeight(graph::WeightOp weight, ModuleOp from, StringRef method) {
    if (weight.getKey()) {
      auto it = byContent.find({weight.getKeyAttr(), weight.getTypeAttr()});
      if (it != byContent.end()) {
        (void)SymbolTable::replaceAllSymbolUses(weight, it->second, from);
        weight.erase();
        return;
      }
    }
    renameIfTaken(weight, from, method);
  }

  llvm::Error mergeState(graph::StateOp state, ModuleOp from, StringRef method) {
    auto other = into.lookupSymbol<graph::StateOp>(state.getSymName());
    if (!other || !joinStates) {
      renameIfTaken(state, from, method);
      return llvm::Error::success();
    }
    if (other.getType() != state.getType() || other.getInitialAttr() != state.getInitialAttr())
      return makeFault(FaultCode::StateMismatch,
                       "methods disagree about state '" + state.getSymName() + "'",
                       "its type or initial value differs between the models",
                       "export both from one module, or leave out --join-states");
    state.erase();
    return llvm::Error::success();
  }

  // Size symbols stand inside types, where symbol uses are not tracked.
  void renameSizeSymbol(graph::SymbolOp symbol, ModuleOp from, StringRef method) {
    if (!into.lookupSymbol(symbol.getSymName()))
      return;
    StringAttr oldName = symbol.getSymNameAttr();
    std::string name = freeName(oldName.getValue(), from, method);
    for (char &c : name)
      if (c == '.')
        c = '_';
    StringAttr newName = StringAttr::get(symbol.getContext(), name);
    AttrTypeReplacer replacer;
    replacer.addReplacement([&](graph::ExprAttr expr) -> std::optional<Attribute> {
      return graph::substitute(expr, [&](StringRef used) {
        return used == oldName.getValue() ? graph::makeSymbol(expr.getContext(), newName)
                                          : graph::ExprAttr();
      });
    });
    replacer.recursivelyReplaceElementsIn(from, /*replaceAttrs=*/true, /*replaceLocs=*/false,
                                          /*replaceTypes=*/true);
    rename(symbol, newName.getValue(), from);
  }

  ModuleOp into;
  bool joinStates;
  llvm::DenseMap<std::pair<Attribute, Attribute>, StringAttr> byContent;
};
} // namespace

llvm::Expected<OwningOpRef<ModuleOp>>
lathe::mergeModules(std::vector<OwningOpRef<ModuleOp>> models, bool joinStates) {
  OwningOpRef<ModuleOp> first = std::move(models.front());
  Merger merger(*first, joinStates);
  for (auto &model : llvm::drop_begin(models))
    if (llvm::Error error = merger.merge(*model))
      return error;
  return first;
}
