// SPDX-License-Identifier: Apache-2.0
#include "compiler/ProgramRefusal.h"

#include "compiler/DiagnosticCollector.h"
#include "compiler/Reproducer.h"
#include "dialects/Graph/SizeExpr.h"
#include "dialects/Program/ProgramDialect.h"
#include "runtime/include/lathe/limits.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace lathe;

static program::MethodOp findMethod(ModuleOp module, uint32_t index) {
  for (auto method : module.getOps<program::MethodOp>())
    if (index-- == 0)
      return method;
  return {};
}

// The operation of an instruction of the method's first variant.
static Operation *findInstruction(program::MethodOp method, uint32_t index) {
  for (auto variant : method.getBody().getOps<program::VariantOp>()) {
    for (Operation &op : variant.getBody().front()) {
      if (llvm::isa<program::BufferOp, program::PlanOp, program::LabelOp>(op))
        continue;
      if (index-- == 0)
        return &op;
    }
    break;
  }
  return nullptr;
}

// What to do about a program that is too large. The loader's words name the limit.
static std::string remedyFor(StringRef reason, ModuleOp module) {
  bool hasSymbols = false;
  module.walk([&](program::SymbolOp) { hasSymbols = true; });
  if (reason.contains("symbol") || reason.contains("dimension") || reason.contains("bytes") ||
      reason.contains("tiles"))
    return hasSymbols ? "bound the model's dynamic sizes lower: --dim NAME=lo..hi"
                      : "make the model's tensors smaller";
  if (reason.contains("rank"))
    return "join dimensions of the model's tensors";
  if (reason.contains("inputs") || reason.contains("arguments"))
    return "give the model fewer inputs and outputs: concatenate some";
  return "make the model smaller, or compile its parts into several programs";
}

// The fault of `verdict` at its place in the model, without its remedy.
static Fault locateFault(ModuleOp module, const LoaderVerdict &verdict, StringRef file) {
  Fault fault;
  fault.file = file.str();
  if (program::MethodOp method = findMethod(module, verdict.method)) {
    ModelPlace place;
    if (Operation *op = findInstruction(method, verdict.instruction))
      place = describeLocation(op->getLoc());
    fault.node = place.nodes.empty() ? "" : place.nodes.front();
    fault.op = place.op;
    fault.source = place.source;
    if (fault.node.empty())
      fault.source = "method '" + method.getSymName().str() + "'" + (fault.source.empty() ? "" : ", ") + fault.source;
  }
  return fault;
}

static llvm::Error makeLimitFault(ModuleOp module, const LoaderVerdict &verdict, StringRef file) {
  Fault fault = locateFault(module, verdict, file);
  fault.code = FaultCode::LimitExceeded;
  fault.what = "the model needs a program beyond the limits of the format: " + verdict.reason;
  fault.why = "no program was written: every reader would refuse it";
  fault.remedy = remedyFor(verdict.reason, module);
  return makeFault(std::move(fault));
}

llvm::Error lathe::makeRefusal(ModuleOp module, const LoaderVerdict &verdict, StringRef file,
                               StringRef reproducerFolder) {
  if (verdict.exceeds_limit)
    return makeLimitFault(module, verdict, file);
  Fault fault = locateFault(module, verdict, file);
  fault.code = FaultCode::CompilerFailed;
  fault.what = "the loader refuses the program that was made: " + verdict.reason;
  fault.why = "no program was written";
  std::string text;
  llvm::raw_string_ostream(text) << module;
  std::string reproducer = writeReproducer(reproducerFolder, text);
  fault.remedy = "report this model" + (reproducer.empty() ? std::string() : " and " + reproducer);
  return makeFault(std::move(fault));
}

llvm::Error lathe::checkTileCounts(ModuleOp module, StringRef file) {
  uint32_t index = 0;
  for (auto method : module.getOps<program::MethodOp>()) {
    llvm::StringMap<graph::SizeRange> ranges;
    for (auto symbol : method.getBody().getOps<program::SymbolOp>())
      ranges[symbol.getName()] = {static_cast<int64_t>(symbol.getMin()), static_cast<int64_t>(symbol.getMax())};
    auto rangeOf = [&](StringRef name) {
      auto it = ranges.find(name);
      return it == ranges.end() ? graph::SizeRange{0, LATHE_MAX_DIMENSION} : it->second;
    };
    for (auto variant : method.getBody().getOps<program::VariantOp>()) {
      uint32_t instruction = 0;
      for (Operation &op : variant.getBody().front()) {
        if (llvm::isa<program::BufferOp, program::PlanOp, program::LabelOp>(op))
          continue;
        auto call = llvm::dyn_cast<program::CallKernelOp>(op);
        int64_t most = call ? graph::rangeOf(call.getTilesAttr(), rangeOf).max : 0;
        if (most > LATHE_MAX_TILES) {
          LoaderVerdict verdict{false, true, "", index, instruction};
          verdict.reason = "tiles of a call: up to " + std::to_string(most) + " exceed the limit of " +
                           std::to_string(LATHE_MAX_TILES);
          return makeLimitFault(module, verdict, file);
        }
        ++instruction;
      }
    }
    ++index;
  }
  return llvm::Error::success();
}
