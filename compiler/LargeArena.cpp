// SPDX-License-Identifier: Apache-2.0
#include "compiler/LargeArena.h"

#include "dialects/Graph/ModelLocation.h"
#include "dialects/Graph/SizeExpr.h"
#include "dialects/Program/ProgramDialect.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace lathe;

static std::string formatGiB(uint64_t bytes) {
  return llvm::formatv("{0:F1} GiB", static_cast<double>(bytes) / (1u << 30));
}

using Ranges = llvm::MapVector<StringRef, graph::SizeRange>;

static Ranges rangesOf(program::MethodOp method) {
  Ranges ranges;
  for (auto symbol : method.getOps<program::SymbolOp>())
    ranges[symbol.getName()] = {static_cast<int64_t>(symbol.getMin()),
                                static_cast<int64_t>(symbol.getMax())};
  return ranges;
}

// Bytes at the largest sizes.
static uint64_t bytesOf(program::BufferOp buffer, const Ranges &ranges) {
  graph::SizeRange range = graph::rangeOf(buffer.getBytes(), [&](StringRef name) {
    auto known = ranges.find(name);
    return known == ranges.end() ? graph::SizeRange{0, INT64_MAX} : known->second;
  });
  return std::max<int64_t>(range.max, 0);
}

// " s27=0..1000000 (--dim ids.1=0..N)" for each symbol of the buffer's size.
static std::string describeSymbols(program::MethodOp method, program::BufferOp buffer,
                                   const Ranges &ranges) {
  SmallVector<program::InputOp> inputs(method.getOps<program::InputOp>());
  SmallVector<StringRef> names;
  graph::visitSymbols(buffer.getBytes(), [&](StringRef name) {
    if (!llvm::is_contained(names, name))
      names.push_back(name);
  });
  std::vector<std::string> texts;
  for (StringRef name : names) {
    auto range = ranges.find(name);
    if (range == ranges.end())
      continue;
    std::string option = name.str();
    for (auto bind : method.getOps<program::BindOp>())
      if (bind.getSymbol() == name && bind.getDivisor() == 1 && bind.getAddend() == 0 &&
          static_cast<uint64_t>(bind.getInput()) < inputs.size())
        option = (inputs[bind.getInput()].getName() + "." + Twine(bind.getAxis())).str();
    texts.push_back(llvm::formatv("{0}={1}..{2} (--dim {3}={1}..N bounds it)", name,
                                  range->second.min, range->second.max, option));
  }
  return llvm::join(texts, ", ");
}

// ", made at node 'linear' (aten.linear.default), model.py:41 in forward" of the
// first instruction that has the buffer: a value is written before it is read.
static std::string placeOf(program::BufferOp buffer) {
  for (Operation &op : *buffer->getBlock()) {
    if (!llvm::is_contained(op.getOperands(), buffer.getResult()))
      continue;
    auto nodes = graph::modelNodesOf(op.getLoc());
    if (nodes.empty() || nodes.back().name.empty())
      return "";
    return ", made at " + nodes.back().words();
  }
  return "";
}

std::optional<std::string> lathe::describeLargeArena(ModuleOp module) {
  program::PlanOp plan;
  module.walk([&](program::PlanOp other) {
    if (!plan || other.getArenaBytes() > plan.getArenaBytes())
      plan = other;
  });
  if (!plan || static_cast<uint64_t>(plan.getArenaBytes()) < kArenaBytesUnusual)
    return std::nullopt;
  auto method = plan->getParentOfType<program::MethodOp>();
  Ranges ranges = rangesOf(method);
  program::BufferOp largest;
  for (auto buffer : plan->getBlock()->getOps<program::BufferOp>())
    if (buffer.getRegion() == program::Region::Arena &&
        (!largest || bytesOf(buffer, ranges) > bytesOf(largest, ranges)))
      largest = buffer;
  std::string text = "the arena of method '" + method.getSymName().str() + "' takes " +
                     formatGiB(plan.getArenaBytes()) + " of memory at the largest sizes";
  if (!largest)
    return text;
  text += "; the largest tensor has " + formatGiB(bytesOf(largest, ranges)) + placeOf(largest);
  std::string symbols = describeSymbols(method, largest, ranges);
  return symbols.empty() ? text : text + "; it grows with " + symbols;
}
