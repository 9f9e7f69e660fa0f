// SPDX-License-Identifier: Apache-2.0
#include "compiler/Frontends/GraphText.h"

#include "compiler/Frontends/Fault.h"
#include "compiler/Frontends/GraphWeights.h"
#include "compiler/Frontends/ModuleText.h"
#include "dialects/Graph/GraphOps.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Quant/IR/Quant.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/Parser/Parser.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/SourceMgr.h"

using namespace mlir;
using namespace lathe;

bool lathe::isGraphText(llvm::StringRef path) { return path.ends_with(".mlir"); }

// The module, or the parser's first error as a fault with its place.
static llvm::Expected<OwningOpRef<ModuleOp>>
parse(std::unique_ptr<llvm::MemoryBuffer> text, MLIRContext &context) {
  Fault fault;
  fault.code = FaultCode::GraphTextInvalid;
  ScopedDiagnosticHandler handler(&context, [&](Diagnostic &diagnostic) {
    if (diagnostic.getSeverity() != DiagnosticSeverity::Error || !fault.what.empty())
      return success();
    fault.what = diagnostic.str();
    if (auto place = diagnostic.getLocation()->findInstanceOf<FileLineColLoc>())
      fault.source = (place.getFilename().getValue() + ":" + Twine(place.getLine())).str();
    return success();
  });
  llvm::SourceMgr sources;
  sources.AddNewSourceBuffer(std::move(text), llvm::SMLoc());
  OwningOpRef<ModuleOp> module = parseSourceFile<ModuleOp>(sources, &context);
  if (module)
    return module;
  if (fault.what.empty())
    fault.what = "the text is no module";
  return makeFault(std::move(fault));
}

// The dimensions of all methods' arguments: those that are a symbol go to its
// row, the others are listed.
static void collectDims(ModuleOp module, std::vector<DimSymbol> &symbols,
                        std::vector<DimOther> &others) {
  for (func::FuncOp method : module.getOps<func::FuncOp>())
    for (unsigned i = 0; i < method.getNumArguments(); ++i) {
      auto type = llvm::dyn_cast<RankedTensorType>(method.getArgumentTypes()[i]);
      auto name = method.getArgAttrOfType<StringAttr>(i, graph::kNameAttr);
      if (!type || !name)
        continue;
      for (auto [axis, size] : llvm::enumerate(graph::getDims(type))) {
        std::string place = (name.getValue() + "[" + Twine(axis) + "]").str();
        std::string text = size ? graph::toString(size) : "?";
        auto row = llvm::find_if(symbols, [&](const DimSymbol &symbol) { return symbol.name == text; });
        if (row == symbols.end())
          others.push_back({place, text});
        else if (!llvm::is_contained(row->places, place))
          row->places.push_back(place);
      }
    }
}

static llvm::Error applyBounds(ModuleOp module, const FrontendOptions &options) {
  constexpr int64_t kUnbounded = std::numeric_limits<int64_t>::max();
  std::vector<DimSymbol> symbols;
  std::vector<DimOther> others;
  for (auto symbol : module.getOps<graph::SymbolOp>()) {
    DimSymbol row{symbol.getSymName().str(), static_cast<int64_t>(symbol.getMin()), std::nullopt, {}};
    if (symbol.getMax() != kUnbounded)
      row.upper = symbol.getMax();
    symbols.push_back(std::move(row));
  }
  collectDims(module, symbols, others);
  std::vector<std::string> warnings;
  if (llvm::Error error = applyDimBounds(options.dimBounds, symbols, others, warnings))
    return error;
  for (auto [symbol, row] : llvm::zip_equal(module.getOps<graph::SymbolOp>(), symbols)) {
    symbol.setMin(row.lower);
    symbol.setMax(row.upper.value_or(kUnbounded));
  }
  if (options.warnings)
    llvm::append_range(*options.warnings, warnings);
  return llvm::Error::success();
}

// The bytes of weights lie in a file beside the text.
static llvm::Error loadWeights(ModuleOp module, llvm::StringRef path) {
  WeightStore &store =
      module.getContext()->getLoadedDialect<graph::GraphDialect>()->getWeightStore();
  auto isMissing = [&](graph::WeightOp weight) {
    return weight.getKey() && !store.find(*weight.getKey());
  };
  auto weights = module.getOps<graph::WeightOp>();
  if (llvm::none_of(weights, isMissing))
    return llvm::Error::success();
  std::string place = graphWeightsPath(path);
  if (llvm::sys::fs::exists(place))
    if (llvm::Error error = readGraphWeights(place, store))
      return error;
  auto missing = llvm::find_if(weights, isMissing);
  if (missing == weights.end())
    return llvm::Error::success();
  return makeFault(FaultCode::WeightMissing,
                   "weight '" + (*missing).getSymName() + "' has no bytes",
                   (llvm::sys::fs::exists(place) ? "no weight in " + Twine(place) + " has its key"
                                                 : "there is no " + Twine(place))
                       .str(),
                   "lathec MODEL --emit=graph -o FILE.mlir writes FILE.mlir and "
                   "FILE.mlir.weights, which belong together");
}

static void nameTensors(func::FuncOp method) {
  Builder builder(method.getContext());
  for (unsigned i = 0; i < method.getNumArguments(); ++i)
    if (!method.getArgAttr(i, graph::kNameAttr))
      method.setArgAttr(i, graph::kNameAttr, builder.getStringAttr("input" + Twine(i)));
  for (unsigned i = 0; i < method.getNumResults(); ++i)
    if (!method.getResultAttr(i, graph::kNameAttr))
      method.setResultAttr(i, graph::kNameAttr, builder.getStringAttr("output" + Twine(i)));
}

llvm::Expected<OwningOpRef<ModuleOp>>
lathe::importGraphText(llvm::StringRef path, const FrontendOptions &options,
                       MLIRContext &context) {
  context.loadDialect<func::FuncDialect, graph::GraphDialect, quant::QuantDialect>();
  llvm::Expected<std::unique_ptr<llvm::MemoryBuffer>> text = readModuleText(path);
  if (!text)
    return text.takeError();
  llvm::Expected<OwningOpRef<ModuleOp>> module = parse(std::move(*text), context);
  if (!module)
    return withFile(module.takeError(), path);
  if (llvm::Error error = loadWeights(**module, path))
    return withFile(std::move(error), path);
  SmallVector<func::FuncOp> methods((*module)->getOps<func::FuncOp>());
  if (methods.empty())
    return withFile(makeFault(FaultCode::GraphTextInvalid, "the module has no function",
                              "each public func.func is a method"),
                    path);
  for (func::FuncOp method : methods)
    nameTensors(method);
  if (llvm::Error error = applyBounds(**module, options))
    return withFile(std::move(error), path);
  if (methods.size() == 1) {
    Operation *named = SymbolTable::lookupSymbolIn(**module, options.methodName);
    if (named && named != methods.front())
      return withFile(makeFault(FaultCode::GraphTextInvalid,
                                "the method '" + options.methodName + "' has the name of a " +
                                    named->getName().getStringRef(),
                                "", "METHOD=" + path + " gives the method another name"),
                      path);
    methods.front().setName(options.methodName);
  }
  return module;
}
