// SPDX-License-Identifier: Apache-2.0
#include "compiler/Frontends/ExportedProgram/SizeExpression.h"

#include "compiler/Frontends/Fault.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"

namespace lathe::pt2 {
namespace {

struct FunctionRow {
  llvm::StringLiteral name; ///< In srepr; the first row of a function prints.
  SizeFunction function;
  unsigned operandsMin, operandsMax;
  llvm::StringLiteral infix; ///< Empty where calls are printed as calls.
};

constexpr unsigned kMany = 1u << 16;
using F = SizeFunction;

// sympy's GreaterThan and LessThan mean >= and <=, StrictGreaterThan means >.
constexpr FunctionRow kFunctions[] = {
    {"Add", F::Add, 0, kMany, " + "},
    {"Mul", F::Mul, 0, kMany, "*"},
    {"Pow", F::Pow, 2, 2, "**"},
    {"Max", F::Max, 1, kMany, ""},
    {"Min", F::Min, 1, kMany, ""},
    {"Mod", F::Mod, 2, 2, " % "},
    {"PythonMod", F::PythonMod, 2, 2, " % "},
    {"FloorDiv", F::FloorDiv, 2, 2, " // "},
    {"CleanDiv", F::CleanDiv, 2, 2, " // "},
    {"CeilDiv", F::CeilDiv, 2, 2, ""},
    {"ModularIndexing", F::ModularIndexing, 3, 3, ""},
    {"Where", F::Where, 3, 3, ""},
    {"IntTrueDiv", F::IntTrueDiv, 2, 2, " / "},
    {"FloatTrueDiv", F::FloatTrueDiv, 2, 2, " / "},
    {"PowByNatural", F::PowByNatural, 2, 2, "**"},
    {"FloatPow", F::FloatPow, 2, 2, "**"},
    {"LShift", F::LShift, 2, 2, " << "},
    {"RShift", F::RShift, 2, 2, " >> "},
    {"Identity", F::Identity, 1, 1, ""},
    {"CeilToInt", F::CeilToInt, 1, 1, ""},
    {"ceiling", F::CeilToInt, 1, 1, ""},
    {"FloorToInt", F::FloorToInt, 1, 1, ""},
    {"floor", F::FloorToInt, 1, 1, ""},
    {"TruncToInt", F::TruncToInt, 1, 1, ""},
    {"TruncToFloat", F::TruncToFloat, 1, 1, ""},
    {"RoundToInt", F::RoundToInt, 1, 1, ""},
    {"RoundDecimal", F::RoundDecimal, 2, 2, ""},
    {"ToFloat", F::ToFloat, 1, 1, ""},
    {"Abs", F::Abs, 1, 1, ""},
    {"Equality", F::Equal, 2, 2, " == "},
    {"Eq", F::Equal, 2, 2, " == "},
    {"Unequality", F::NotEqual, 2, 2, " != "},
    {"Ne", F::NotEqual, 2, 2, " != "},
    {"StrictLessThan", F::Less, 2, 2, " < "},
    {"Lt", F::Less, 2, 2, " < "},
    {"LessThan", F::LessEqual, 2, 2, " <= "},
    {"Le", F::LessEqual, 2, 2, " <= "},
    {"StrictGreaterThan", F::Greater, 2, 2, " > "},
    {"Gt", F::Greater, 2, 2, " > "},
    {"GreaterThan", F::GreaterEqual, 2, 2, " >= "},
    {"Ge", F::GreaterEqual, 2, 2, " >= "},
    {"And", F::And, 0, kMany, " and "},
    {"Or", F::Or, 0, kMany, " or "},
    {"Not", F::Not, 1, 1, ""},
};

const FunctionRow &rowOf(SizeFunction function) {
  return *llvm::find_if(kFunctions, [&](const FunctionRow &row) {
    return row.function == function;
  });
}

llvm::Error invalid(llvm::StringRef text, const llvm::Twine &why) {
  llvm::StringRef shown = text.substr(0, 120);
  return makeFault(FaultCode::SizeExpressionInvalid,
                   "the size expression '" + shown +
                       (shown.size() < text.size() ? "...'" : "'") +
                       " cannot be understood",
                   why, "export the model with torch 2.9 to 2.13");
}

/// Name(argument, ..., keyword=Name): what sympy's srepr prints.
class SreprParser {
public:
  SreprParser(SizeExpressionPool &pool, llvm::StringRef text)
      : pool(pool), text(text), rest(text) {}

  llvm::Expected<const SizeExpression *> parse() {
    llvm::Expected<const SizeExpression *> root = expression(0);
    if (!root)
      return root;
    if (!skipSpace().empty())
      return fail("text follows the expression");
    return root;
  }

private:
  using Result = llvm::Expected<const SizeExpression *>;

  llvm::Error fail(const llvm::Twine &why) {
    return invalid(text, why + " (at character " +
                             llvm::Twine(text.size() - rest.size() + 1) + ")");
  }
  llvm::StringRef skipSpace() { return rest = rest.ltrim(" "); }
  bool consume(char c) {
    skipSpace();
    return rest.consume_front(llvm::StringRef(&c, 1));
  }
  llvm::StringRef identifier() {
    skipSpace();
    llvm::StringRef name = rest.take_while(
        [](char c) { return llvm::isAlnum(c) || c == '_' || c == '.'; });
    rest = rest.drop_front(name.size());
    return name;
  }

  Result expression(unsigned depth) {
    if (depth == kExpressionDepthMax)
      return fail("it is nested deeper than " +
                  llvm::Twine(kExpressionDepthMax) + " levels");
    llvm::StringRef name = identifier();
    SizeExpression leaf;
    if (name == "true" || name == "false" || name == "True" ||
        name == "False") {
      leaf.function = SizeFunction::Boolean;
      leaf.value = name.lower() == "true";
      return pool.leaf(leaf);
    }
    if (name.empty())
      return fail("a name is expected");
    if (!consume('('))
      return fail("'(' is expected after '" + name + "'");
    if (name == "Symbol")
      return symbol();
    if (name == "Integer" || name == "Rational" || name == "Float")
      return number(name);
    llvm::SmallVector<const SizeExpression *, 4> operands;
    while (!consume(')')) {
      if (!operands.empty() && !consume(','))
        return fail("',' or ')' is expected");
      Result operand = expression(depth + 1);
      if (!operand)
        return operand;
      operands.push_back(*operand);
    }
    llvm::Expected<SizeFunction> function =
        findSizeFunction(name, operands.size());
    if (!function)
      return fail(takeFault(function.takeError()).what);
    return pool.call(*function, operands);
  }

  /// Symbol('s0', positive=True, integer=True), after the parenthesis.
  Result symbol() {
    llvm::StringRef open = skipSpace().take_front(1);
    if (open != "'" && open != "\"")
      return fail("a quoted symbol name is expected");
    rest = rest.drop_front(1);
    size_t end = rest.find(open);
    if (end == llvm::StringRef::npos || end == 0)
      return fail("the symbol name does not end");
    SizeExpression leaf;
    leaf.function = SizeFunction::Symbol;
    leaf.name = pool.save(rest.take_front(end));
    rest = rest.drop_front(end + 1);
    while (!consume(')')) {
      // Assumptions of sympy; the ranges are what counts.
      if (!consume(',') || identifier().empty() || !consume('=') ||
          identifier().empty())
        return fail("an assumption such as 'integer=True' is expected");
    }
    return pool.leaf(leaf);
  }

  Result number(llvm::StringRef name) {
    SizeExpression leaf;
    skipSpace();
    llvm::StringRef inside = rest.take_until([](char c) { return c == ')'; });
    if (inside.size() == rest.size())
      return fail("')' is expected");
    auto [first, second] = inside.split(',');
    first = first.trim(" '\"");
    second = second.trim(" '\"");
    bool isBad = false;
    if (name == "Integer") {
      isBad = first.getAsInteger(10, leaf.value) || !second.empty();
    } else if (name == "Rational") {
      leaf.function = SizeFunction::Rational;
      isBad = first.getAsInteger(10, leaf.value) ||
              second.getAsInteger(10, leaf.denominator) ||
              leaf.denominator <= 0;
    } else {
      // Float('1.5', precision=53): the precision adds nothing here.
      leaf.function = SizeFunction::Real;
      isBad = first.getAsDouble(leaf.real);
    }
    if (isBad)
      return fail("'" + inside.substr(0, 40) + "' is no " + name.lower() +
                  " of 64 bits");
    rest = rest.drop_front(inside.size() + 1);
    return pool.leaf(leaf);
  }

  SizeExpressionPool &pool;
  llvm::StringRef text;
  llvm::StringRef rest;
};

void print(const SizeExpression &node, llvm::raw_ostream &os, bool isNested) {
  switch (node.function) {
  case SizeFunction::Integer:
    os << node.value;
    return;
  case SizeFunction::Rational:
    os << node.value << '/' << node.denominator;
    return;
  case SizeFunction::Real:
    os << node.real;
    return;
  case SizeFunction::Boolean:
    os << (node.value ? "True" : "False");
    return;
  case SizeFunction::Symbol:
    os << node.name;
    return;
  case SizeFunction::Size:
    os << "L['" << node.name << "'].size()[" << node.value << ']';
    return;
  default:
    break;
  }
  const FunctionRow &row = rowOf(node.function);
  bool isInfix = !row.infix.empty();
  os << (isInfix ? llvm::StringRef() : llvm::StringRef(row.name))
     << (isInfix && !isNested ? "" : "(");
  llvm::interleave(
      node.operands, os,
      [&](const SizeExpression *operand) { print(*operand, os, isInfix); },
      isInfix ? llvm::StringRef(row.infix) : llvm::StringRef(", "));
  os << (isInfix && !isNested ? "" : ")");
}

} // namespace

std::string SizeExpression::str() const {
  std::string text;
  llvm::raw_string_ostream os(text);
  print(*this, os, /*isNested=*/false);
  return text;
}

void SizeExpression::collectSymbols(std::set<llvm::StringRef> &names) const {
  if (function == SizeFunction::Symbol)
    names.insert(name);
  for (const SizeExpression *operand : operands)
    operand->collectSymbols(names);
}

llvm::Expected<SizeFunction> findSizeFunction(llvm::StringRef name,
                                              size_t count) {
  for (const FunctionRow &row : kFunctions) {
    if (row.name != name)
      continue;
    if (count >= row.operandsMin && count <= row.operandsMax)
      return row.function;
    return makeFault(FaultCode::SizeExpressionInvalid,
                     "the function '" + name + "' does not take " +
                         llvm::Twine(count) + " operands");
  }
  return makeFault(FaultCode::SizeExpressionInvalid,
                   "the function '" + name + "' is unknown");
}

const SizeExpression *SizeExpressionPool::leaf(SizeExpression node) {
  return new (allocator.Allocate<SizeExpression>()) SizeExpression(node);
}

const SizeExpression *SizeExpressionPool::integer(int64_t value) {
  SizeExpression node;
  node.value = value;
  return leaf(node);
}

const SizeExpression *SizeExpressionPool::call(
    SizeFunction function, llvm::ArrayRef<const SizeExpression *> operands) {
  SizeExpression node;
  node.function = function;
  node.operands = operands.copy(allocator);
  for (const SizeExpression *operand : operands)
    node.depth = std::max(node.depth, operand->depth + 1);
  return leaf(node);
}

llvm::Expected<const SizeExpression *>
SizeExpressionPool::parseSrepr(llvm::StringRef text) {
  if (text.size() > kExpressionBytesMax)
    return invalid(text, "it has " + llvm::Twine(text.size()) + " characters");
  auto found = parsed.find(text);
  if (found != parsed.end())
    return found->second;
  llvm::Expected<const SizeExpression *> root =
      SreprParser(*this, text).parse();
  if (root)
    parsed[text] = *root;
  return root;
}

} // namespace lathe::pt2
