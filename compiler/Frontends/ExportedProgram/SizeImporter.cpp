// SPDX-License-Identifier: Apache-2.0
#include "compiler/Frontends/ExportedProgram/SizeImporter.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"

using lathe::graph::ExprAttr;

namespace lathe::pt2 {

using F = SizeFunction;

//===----------------------------------------------------------------------===//
// Symbols and ranges
//===----------------------------------------------------------------------===//

void SizeImporter::collectFromInputs() {
  for (const InputSpec &spec : program.inputSpecs) {
    if (spec.kind != InputSpec::Kind::User ||
        spec.argument.kind != Argument::Kind::Tensor)
      continue;
    const TensorMeta &meta =
        program.graph.tensors.find(spec.argument.text)->second;
    for (auto [index, size] : llvm::enumerate(meta.sizes)) {
      std::string place = llvm::formatv("{0}[{1}]", spec.argument.text, index);
      bool isSymbol = !size.isConstant() && size.expression->function == F::Symbol;
      if (!isSymbol)
        otherDims.push_back({place, size.str()});
      if (size.isConstant())
        continue;
      std::set<llvm::StringRef> names;
      size.expression->collectSymbols(names);
      for (llvm::StringRef name : names) {
        Symbol &symbol = symbols[name.str()];
        symbol.isDataDependent = false;
        (isSymbol ? symbol.places : symbol.expressionPlaces).push_back(place);
      }
    }
  }
}

void SizeImporter::collectFromValues(const Graph &graph) {
  std::set<llvm::StringRef> names;
  for (const auto &entry : graph.tensors)
    for (const SymInt &size : entry.second.sizes)
      if (!size.isConstant())
        size.expression->collectSymbols(names);
  for (const auto &entry : graph.symInts)
    if (!entry.second.isConstant())
      entry.second.expression->collectSymbols(names);
  for (llvm::StringRef name : names)
    symbols[name.str()];
  for (const Node &node : graph.nodes)
    for (const NamedArgument &input : node.inputs)
      if (input.value.graph)
        collectFromValues(*input.value.graph);
}

llvm::Error SizeImporter::applyRanges() {
  for (const SymbolRange &range : program.ranges) {
    if (range.expression->function != F::Symbol)
      continue; // Becomes a graph.assume.
    auto it = symbols.find(range.expression->name.str());
    if (it == symbols.end())
      continue;
    it->second.lower = std::max<int64_t>(range.lower.value_or(0), 0);
    it->second.upper = range.upper;
  }
  return llvm::Error::success();
}

llvm::Error SizeImporter::applyBounds(llvm::ArrayRef<DimBound> bounds,
                                      std::vector<std::string> &warnings) {
  std::vector<DimSymbol> table;
  for (const auto &[name, symbol] : symbols)
    table.push_back({name, symbol.lower, symbol.upper, symbol.places});
  if (llvm::Error error = applyDimBounds(bounds, table, otherDims, warnings))
    return error;
  for (const DimSymbol &row : table) {
    symbols[row.name].lower = row.lower;
    symbols[row.name].upper = row.upper;
  }
  return llvm::Error::success();
}

llvm::Error SizeImporter::refuseUnbounded() const {
  std::string why, remedy;
  unsigned count = 0;
  for (const auto &[name, symbol] : symbols) {
    if (symbol.upper)
      continue;
    ++count;
    why += (why.empty() ? "" : "\n") + name;
    if (!symbol.places.empty())
      why += " is the size of " + llvm::join(symbol.places, ", ");
    else if (!symbol.expressionPlaces.empty())
      why += " is part of the size of " + llvm::join(symbol.expressionPlaces, ", ");
    else
      why += " depends on data";
    remedy += (remedy.empty() ? "" : " ") +
              llvm::formatv("--dim {0}={1}..{2}", name, symbol.lower,
                            std::max<int64_t>(512, symbol.lower))
                  .str();
  }
  if (count == 0)
    return llvm::Error::success();
  return makeFault(FaultCode::RangeUnbounded,
                   llvm::Twine(count) + (count == 1 ? " size has" : " sizes have") +
                       " no upper bound",
                   why, remedy + " (choose the bounds), or export with "
                                 "Dim(..., max=...)");
}

llvm::Error SizeImporter::resolve(llvm::ArrayRef<DimBound> bounds,
                                  std::vector<std::string> &warnings) {
  collectFromInputs();
  collectFromValues(program.graph);
  if (llvm::Error error = applyRanges())
    return error;
  if (llvm::Error error = applyBounds(bounds, warnings))
    return error;
  if (llvm::Error error = refuseUnbounded())
    return error;
  for (const auto &[name, symbol] : symbols)
    if (symbol.lower > *symbol.upper)
      return makeFault(FaultCode::RangeEmpty,
                       llvm::formatv("the range of '{0}' is empty: {1}..{2}",
                                     name, symbol.lower, *symbol.upper)
                           .str());
  return llvm::Error::success();
}

graph::SizeRange SizeImporter::rangeOf(llvm::StringRef symbol) const {
  auto it = symbols.find(symbol.str());
  if (it == symbols.end())
    return {0, INT64_MAX};
  return {it->second.lower, it->second.upper.value_or(INT64_MAX)};
}

//===----------------------------------------------------------------------===//
// Conversion
//===----------------------------------------------------------------------===//

llvm::Expected<ExprAttr> SizeImporter::convert(const SymInt &size) const {
  if (size.isConstant())
    return graph::makeConstant(context, size.value);
  return convert(*size.expression);
}

/// Rounded quotients: floor(a / b), ceil(a / b), floor(a * p/q).
ExprAttr
SizeImporter::convertRounded(const SizeExpression &expression) const {
  const SizeExpression *inner = expression.operands[0];
  while (inner->function == F::ToFloat || inner->function == F::Identity)
    inner = inner->operands[0];
  auto converted = [&](const SizeExpression &part) -> ExprAttr {
    llvm::Expected<ExprAttr> result = convert(part);
    if (result)
      return *result;
    llvm::consumeError(result.takeError());
    return {};
  };
  ExprAttr above, below = graph::makeConstant(context, 1);
  if (inner->function == F::IntTrueDiv || inner->function == F::FloatTrueDiv) {
    above = converted(*inner->operands[0]);
    below = converted(*inner->operands[1]);
  } else if (inner->function == F::Mul) {
    above = graph::makeConstant(context, 1);
    for (const SizeExpression *factor : inner->operands) {
      bool isRatio = factor->function == F::Rational;
      ExprAttr part = isRatio ? graph::makeConstant(context, factor->value)
                              : converted(*factor);
      if (isRatio)
        below = graph::makeConstant(context, factor->denominator);
      above = above && part ? graph::makeMul(above, part) : ExprAttr();
    }
  } else {
    return converted(*inner);
  }
  if (!above || !below)
    return {};
  return expression.function == F::CeilToInt
             ? graph::makeCeilDiv(above, below)
             : graph::makeFloorDiv(above, below);
}

ExprAttr
SizeImporter::convertCall(const SizeExpression &expression,
                          llvm::ArrayRef<ExprAttr> operands) const {
  auto fold = [&](ExprAttr (*join)(ExprAttr, ExprAttr), ExprAttr start) {
    for (ExprAttr operand : operands)
      start = !start ? operand : join(start, operand);
    return start;
  };
  switch (expression.function) {
  case F::Add:
    return fold(graph::makeAdd, graph::makeConstant(context, 0));
  case F::Mul:
    return fold(graph::makeMul, graph::makeConstant(context, 1));
  case F::Max:
    return fold(graph::makeMax, {});
  case F::Min:
    return fold(graph::makeMin, {});
  case F::FloorDiv:
  case F::CleanDiv:
    return graph::makeFloorDiv(operands[0], operands[1]);
  case F::CeilDiv:
    return graph::makeCeilDiv(operands[0], operands[1]);
  case F::Mod:
  case F::PythonMod:
    return graph::makeMod(operands[0], operands[1]);
  case F::ModularIndexing: {
    ExprAttr quotient = graph::makeFloorDiv(operands[0], operands[1]);
    return quotient ? graph::makeMod(quotient, operands[2]) : ExprAttr();
  }
  case F::Identity:
    return operands[0];
  case F::Pow:
  case F::PowByNatural:
  case F::LShift:
  case F::RShift:
    break;
  default:
    return {};
  }
  std::optional<int64_t> amount = operands[1].getConstant();
  bool isPower = expression.function == F::Pow ||
                 expression.function == F::PowByNatural;
  if (!amount || *amount < 0 || *amount > (isPower ? 8 : 62))
    return {};
  if (!isPower) {
    ExprAttr factor = graph::makeConstant(context, int64_t(1) << *amount);
    return expression.function == F::LShift
               ? graph::makeMul(operands[0], factor)
               : graph::makeFloorDiv(operands[0], factor);
  }
  ExprAttr power = graph::makeConstant(context, 1);
  for (int64_t i = 0; i < *amount && power; ++i)
    power = graph::makeMul(power, operands[0]);
  return power;
}

llvm::Expected<ExprAttr>
SizeImporter::convert(const SizeExpression &expression) const {
  auto refuse = [&]() -> llvm::Expected<ExprAttr> {
    return makeFault(FaultCode::SizeExpressionInvalid,
                     "the size '" + expression.str() +
                         "' cannot be expressed in integers of 64 bits");
  };
  ExprAttr result;
  switch (expression.function) {
  case F::Integer:
    return graph::makeConstant(context, expression.value);
  case F::Symbol:
    return graph::makeSymbol(context, expression.name);
  case F::Size: {
    auto it = program.graph.tensors.find(expression.name);
    if (it == program.graph.tensors.end() ||
        static_cast<uint64_t>(expression.value) >= it->second.sizes.size())
      return makeFault(FaultCode::SizeExpressionInvalid,
                       "a guard names '" + expression.str() +
                           "', which is no dimension of an input");
    return convert(it->second.sizes[expression.value]);
  }
  case F::CeilToInt:
  case F::FloorToInt:
  case F::TruncToInt:
    result = convertRounded(expression);
    break;
  default: {
    llvm::SmallVector<ExprAttr, 4> operands;
    for (const SizeExpression *operand : expression.operands) {
      llvm::Expected<ExprAttr> converted = convert(*operand);
      if (!converted)
        return converted;
      operands.push_back(*converted);
    }
    if (operands.empty() && expression.function != F::Add &&
        expression.function != F::Mul)
      return refuse();
    result = convertCall(expression, operands);
  }
  }
  return result ? llvm::Expected<ExprAttr>(result) : refuse();
}

//===----------------------------------------------------------------------===//
// Symbols and assumptions as operators
//===----------------------------------------------------------------------===//

static std::optional<graph::CompareKind> compareKindOf(SizeFunction function) {
  switch (function) {
  case F::Equal:
    return graph::CompareKind::Eq;
  case F::NotEqual:
    return graph::CompareKind::Ne;
  case F::Less:
    return graph::CompareKind::Lt;
  case F::LessEqual:
    return graph::CompareKind::Le;
  case F::Greater:
    return graph::CompareKind::Gt;
  case F::GreaterEqual:
    return graph::CompareKind::Ge;
  default:
    return std::nullopt;
  }
}

/// Whether the relation holds for all values of difference = lhs - rhs.
static bool alwaysHolds(graph::CompareKind kind, graph::SizeRange difference) {
  switch (kind) {
  case graph::CompareKind::Eq:
    return difference.min == 0 && difference.max == 0;
  case graph::CompareKind::Ne:
    return difference.min > 0 || difference.max < 0;
  case graph::CompareKind::Lt:
    return difference.max < 0;
  case graph::CompareKind::Le:
    return difference.max <= 0;
  case graph::CompareKind::Gt:
    return difference.min > 0;
  case graph::CompareKind::Ge:
    return difference.min >= 0;
  }
  return false;
}

llvm::Error SizeImporter::emitRelation(const SizeExpression &relation,
                                       mlir::OpBuilder &builder) const {
  if (relation.function == F::And) {
    for (const SizeExpression *part : relation.operands)
      if (llvm::Error error = emitRelation(*part, builder))
        return error;
    return llvm::Error::success();
  }
  if (relation.function == F::Boolean && relation.value)
    return llvm::Error::success();
  std::optional<graph::CompareKind> kind = compareKindOf(relation.function);
  if (!kind)
    return makeFault(FaultCode::SizeExpressionInvalid,
                     "the guard '" + relation.str() + "' is no plain relation",
                     "the model's sizes must satisfy it, and it cannot be "
                     "checked at run time",
                     "export the model with named dimensions "
                     "(torch.export.Dim)");
  llvm::Expected<ExprAttr> lhs = convert(*relation.operands[0]);
  if (!lhs)
    return lhs.takeError();
  llvm::Expected<ExprAttr> rhs = convert(*relation.operands[1]);
  if (!rhs)
    return rhs.takeError();
  ExprAttr difference = graph::makeSub(*lhs, *rhs);
  auto ranges = [&](llvm::StringRef name) { return rangeOf(name); };
  if (difference && alwaysHolds(*kind, graph::rangeOf(difference, ranges)))
    return llvm::Error::success();
  graph::AssumeOp::create(builder, builder.getUnknownLoc(), *kind, *lhs, *rhs);
  return llvm::Error::success();
}

llvm::Error SizeImporter::emit(mlir::OpBuilder &builder) const {
  for (const auto &[name, symbol] : symbols)
    graph::SymbolOp::create(builder, builder.getUnknownLoc(), name,
                            symbol.lower, *symbol.upper, symbol.multiple,
                            symbol.isDataDependent);
  for (const SymbolRange &range : program.ranges) {
    if (range.expression->function == F::Symbol)
      continue;
    SizeExpression bound, relation;
    const SizeExpression *operands[2] = {range.expression, &bound};
    relation.operands = operands;
    for (auto [function, value] :
         {std::pair(F::GreaterEqual, range.lower),
          std::pair(F::LessEqual, range.upper)}) {
      if (!value)
        continue;
      bound.value = *value;
      relation.function = function;
      if (llvm::Error error = emitRelation(relation, builder))
        return error;
    }
  }
  for (const SizeExpression *guard : program.guards)
    if (llvm::Error error = emitRelation(*guard, builder))
      return error;
  return llvm::Error::success();
}

} // namespace lathe::pt2
