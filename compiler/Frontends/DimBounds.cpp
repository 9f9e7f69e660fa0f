// SPDX-License-Identifier: Apache-2.0
#include "compiler/Frontends/DimBounds.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"

namespace lathe {

// "x.0" and "x[0]" are the dimension "x[0]"; brackets have to be quoted in most
// shells, dots not.
static std::string placeOf(llvm::StringRef name) {
  unsigned axis = 0;
  auto [input, dotted] = name.rsplit('.');
  if (!input.empty() && !dotted.getAsInteger(10, axis))
    return (input + "[" + llvm::Twine(axis) + "]").str();
  if (name.consume_back("]")) {
    auto [array, bracketed] = name.rsplit('[');
    if (!array.empty() && !bracketed.getAsInteger(10, axis))
      return (array + "[" + llvm::Twine(axis) + "]").str();
  }
  return "";
}

// "x[0]" as it is written in a shell.
static std::string shellName(llvm::StringRef place) {
  auto [input, axis] = place.drop_back().rsplit('[');
  return (input + "." + axis).str();
}

static std::string textOf(const DimBound &bound) {
  return llvm::formatv("{0}={1}..{2}", bound.name, bound.lower, bound.upper);
}

// "s27=1..64 is the size of ids[1], mask[1]"
static std::string describe(const DimSymbol &symbol) {
  std::string range =
      symbol.upper ? llvm::formatv("={0}..{1}", symbol.lower, *symbol.upper).str() : "";
  return symbol.name + range +
         (symbol.places.empty() ? " is the size of no input alone"
                                : " is the size of " + llvm::join(symbol.places, ", "));
}

static std::string describeAll(llvm::ArrayRef<DimSymbol> symbols) {
  if (symbols.empty())
    return "all sizes of the model are constants";
  std::vector<std::string> lines;
  for (const DimSymbol &symbol : symbols)
    lines.push_back(describe(symbol));
  return llvm::join(lines, "\n");
}

// "--dim ids.1=1..512": a bound that the model takes.
static std::string suggest(llvm::ArrayRef<DimSymbol> symbols) {
  if (symbols.empty())
    return "leave --dim out";
  const DimSymbol &symbol = symbols.front();
  return llvm::formatv("--dim {0}={1}..{2}",
                       symbol.places.empty() ? symbol.name : shellName(symbol.places.front()),
                       symbol.lower, symbol.upper.value_or(std::max<int64_t>(512, symbol.lower)));
}

llvm::Expected<DimBound> parseDimBound(llvm::StringRef text) {
  DimBound bound;
  auto [name, range] = text.rsplit('=');
  auto [lower, upper] = range.split("..");
  bound.name = name.trim().str();
  bool isBad = bound.name.empty() || lower.trim().getAsInteger(10, bound.lower) ||
               upper.trim().getAsInteger(10, bound.upper);
  const char *remedy = "NAME=lo..hi, as in --dim x.0=1..512 (dimension 0 of the input x) or --dim s27=1..512";
  if (isBad)
    return makeFault(FaultCode::SymbolUnknown, "cannot read the bound '" + text + "'", "", remedy);
  if (bound.lower < 0 || bound.lower > bound.upper)
    return makeFault(FaultCode::RangeEmpty, "the bound '" + text + "' is empty or negative", "",
                     remedy);
  bound.place = placeOf(bound.name);
  return bound;
}

// "s27 >= 1 and <= 64"
static std::string rangeOf(const DimSymbol &symbol) {
  std::string most = symbol.upper ? " and <= " + std::to_string(*symbol.upper) : "";
  return symbol.name + " >= " + std::to_string(symbol.lower) + most;
}

// What of `bound` the model takes, or all of its own range where that is nothing.
static std::string within(const DimBound &bound, const DimSymbol &exported) {
  DimBound taken = bound;
  taken.lower = std::max(bound.lower, exported.lower);
  taken.upper = std::min(bound.upper, exported.upper.value_or(bound.upper));
  if (taken.lower > taken.upper) {
    taken.lower = exported.lower;
    taken.upper = exported.upper.value_or(std::max<int64_t>(512, exported.lower));
  }
  return "--dim " + (taken.name == "*" ? "'" + textOf(taken) + "'" : textOf(taken));
}

// Narrows `symbol`, which other bounds may have narrowed before; `exported` is
// as the model has it. A "*" takes the model's own lower bound where that is
// higher: it is meant for several sizes.
static llvm::Error narrow(const DimBound &bound, const DimSymbol &exported, DimSymbol &symbol) {
  bool isNamed = bound.name != "*";
  bool isBeyond = exported.upper && bound.upper > *exported.upper;
  if (bound.upper < exported.lower || (isNamed && (bound.lower < exported.lower || isBeyond)))
    return makeFault(FaultCode::RangeEmpty,
                     "the bound " + textOf(bound) + " leaves the model's own range",
                     "the model was exported for " + rangeOf(exported),
                     within(bound, exported) + ", or export the model for a wider range");
  int64_t lower = std::max(symbol.lower, bound.lower);
  int64_t upper = std::min(symbol.upper.value_or(bound.upper), bound.upper);
  if (lower > upper)
    return makeFault(FaultCode::RangeEmpty,
                     "the bound " + textOf(bound) + " leaves nothing of other bounds",
                     "the others leave " + rangeOf(symbol) + "; the model was exported for " +
                         rangeOf(exported),
                     "one bound for each size");
  symbol.lower = lower;
  symbol.upper = upper;
  return llvm::Error::success();
}

// The fault of a bound that meets no symbol.
static llvm::Error refuse(const DimBound &bound, llvm::ArrayRef<DimSymbol> symbols,
                          llvm::ArrayRef<DimOther> others) {
  for (const DimOther &other : others) {
    if (other.place != bound.place)
      continue;
    bool isConstant = llvm::all_of(other.size, llvm::isDigit);
    return makeFault(FaultCode::SymbolUnknown,
                     "the dimension " + other.place + " cannot be bounded",
                     isConstant ? "it is " + other.size + " in every run"
                                : "it is " + other.size + "; " + describeAll(symbols),
                     isConstant ? "leave it out, or export the model with this dimension dynamic"
                                : "bound the symbol: " + suggest(symbols));
  }
  llvm::SmallVector<llvm::StringRef> names;
  for (const DimSymbol &symbol : symbols) {
    names.push_back(symbol.name);
    names.append(symbol.places.begin(), symbol.places.end());
  }
  std::string nearest = nearestName(bound.name, names);
  return makeFault(FaultCode::SymbolUnknown,
                   "the model has no symbol or dimension '" + bound.name + "'",
                   describeAll(symbols),
                   (nearest.empty() ? "" : "did you mean '" + nearest + "'? ") + suggest(symbols));
}

llvm::Error applyDimBounds(llvm::ArrayRef<DimBound> bounds, std::vector<DimSymbol> &symbols,
                           llvm::ArrayRef<DimOther> others, std::vector<std::string> &warnings) {
  const std::vector<DimSymbol> exported = symbols;
  for (const DimBound &bound : bounds) {
    if (bound.name == "*")
      continue;
    bool isFound = false;
    for (auto [index, symbol] : llvm::enumerate(symbols)) {
      if (symbol.name != bound.name &&
          (bound.place.empty() || !llvm::is_contained(symbol.places, bound.place)))
        continue;
      isFound = true;
      if (llvm::Error error = narrow(bound, exported[index], symbol))
        return error;
    }
    if (!isFound)
      return refuse(bound, exported, others);
  }
  for (const DimBound &bound : bounds) {
    if (bound.name != "*")
      continue;
    bool isFound = false;
    for (auto [index, symbol] : llvm::enumerate(symbols)) {
      if (symbol.upper)
        continue;
      isFound = true;
      if (llvm::Error error = narrow(bound, exported[index], symbol))
        return error;
    }
    if (!isFound)
      warnings.push_back(
          "--dim '" + textOf(bound) + "' bounds nothing: '*' means sizes without an upper bound" +
          (symbols.empty() ? ", and all sizes of the model are constants"
                           : "; " + describeAll(symbols) + "; " + suggest(symbols) +
                                 " would narrow one"));
  }
  return llvm::Error::success();
}

} // namespace lathe
