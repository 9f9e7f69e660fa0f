// SPDX-License-Identifier: Apache-2.0
// The Python notation of size expressions: guards ("L['x'].size()[0] == 4")
// and keys of range constraints ("2*s65").
#include "compiler/Frontends/ExportedProgram/SizeExpression.h"

#include "compiler/Frontends/Fault.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"

namespace lathe::pt2 {
namespace {

using Result = llvm::Expected<const SizeExpression *>;

/// Recursive descent with Python's precedence: or, and, not, comparison
/// chains, shifts, sums, products, unary minus, power, postfix.
class PythonParser {
public:
  PythonParser(SizeExpressionPool &pool, llvm::StringRef text)
      : pool(pool), text(text), rest(text) {}

  Result parse() {
    Result root = disjunction();
    if (!root)
      return root;
    skipSpace();
    if (!rest.empty())
      return fail("text follows the expression");
    // Chains such as a % b % c nest without recursion of the parser.
    if ((*root)->depth > kExpressionDepthMax)
      return tooDeep();
    return root;
  }

private:
  llvm::Error fail(const llvm::Twine &why) {
    return makeFault(FaultCode::SizeExpressionInvalid,
                     "the expression '" + text.substr(0, 120) +
                         "' cannot be understood",
                     why + " (at character " +
                         llvm::Twine(text.size() - rest.size() + 1) + ")",
                     "export the model with named dimensions "
                     "(torch.export.Dim)");
  }
  llvm::Error tooDeep() {
    return fail("it is nested deeper than " +
                llvm::Twine(kExpressionDepthMax) + " levels");
  }
  void skipSpace() { rest = rest.ltrim(" "); }
  bool consume(llvm::StringRef token) {
    skipSpace();
    return rest.consume_front(token);
  }
  /// A word operator must not be the beginning of a name.
  bool consumeWord(llvm::StringRef word) {
    skipSpace();
    if (!rest.starts_with(word) ||
        (rest.size() > word.size() &&
         (llvm::isAlnum(rest[word.size()]) || rest[word.size()] == '_')))
      return false;
    rest = rest.drop_front(word.size());
    return true;
  }

  Result disjunction() {
    if (++depth > kExpressionDepthMax)
      return tooDeep();
    Result left = wordChain("or", SizeFunction::Or, &PythonParser::conjunction);
    --depth;
    return left;
  }
  Result conjunction() {
    return wordChain("and", SizeFunction::And, &PythonParser::negation);
  }
  Result wordChain(llvm::StringRef word, SizeFunction function,
                   Result (PythonParser::*next)()) {
    Result first = (this->*next)();
    if (!first)
      return first;
    llvm::SmallVector<const SizeExpression *, 4> operands{*first};
    while (consumeWord(word)) {
      Result operand = (this->*next)();
      if (!operand)
        return operand;
      operands.push_back(*operand);
    }
    return operands.size() == 1 ? *first : pool.call(function, operands);
  }
  Result negation() {
    unsigned count = 0;
    while (consumeWord("not"))
      ++count;
    Result operand = comparison();
    if (!operand || count % 2 == 0)
      return operand;
    return pool.call(SizeFunction::Not, {*operand});
  }

  bool relation(SizeFunction &function) {
    static constexpr std::pair<llvm::StringLiteral, SizeFunction> kRows[] = {
        {"==", SizeFunction::Equal},      {"!=", SizeFunction::NotEqual},
        {"<=", SizeFunction::LessEqual},  {">=", SizeFunction::GreaterEqual},
        {"<", SizeFunction::Less},        {">", SizeFunction::Greater}};
    skipSpace();
    if (rest.starts_with("<<") || rest.starts_with(">>"))
      return false;
    for (const auto &[token, meaning] : kRows)
      if (rest.consume_front(token)) {
        function = meaning;
        return true;
      }
    return false;
  }
  Result comparison() {
    Result left = shift();
    if (!left)
      return left;
    llvm::SmallVector<const SizeExpression *, 2> relations;
    SizeFunction function;
    while (relation(function)) {
      Result right = shift();
      if (!right)
        return right;
      relations.push_back(pool.call(function, {*left, *right}));
      left = *right;
    }
    if (relations.empty())
      return left;
    return relations.size() == 1 ? relations.front()
                                 : pool.call(SizeFunction::And, relations);
  }

  Result shift() {
    Result left = sum();
    while (left) {
      SizeFunction function = SizeFunction::LShift;
      if (!consume("<<")) {
        if (!consume(">>"))
          return left;
        function = SizeFunction::RShift;
      }
      Result right = sum();
      if (!right)
        return right;
      left = pool.call(function, {*left, *right});
    }
    return left;
  }
  const SizeExpression *negate(const SizeExpression *operand) {
    return pool.call(SizeFunction::Mul, {pool.integer(-1), operand});
  }
  Result sum() {
    Result left = product();
    while (left) {
      bool isMinus = false;
      if (!consume("+")) {
        if (!consume("-"))
          return left;
        isMinus = true;
      }
      Result right = product();
      if (!right)
        return right;
      left = pool.call(SizeFunction::Add,
                       {*left, isMinus ? negate(*right) : *right});
    }
    return left;
  }
  bool productOperator(SizeFunction &function) {
    skipSpace();
    if (rest.starts_with("**"))
      return false;
    static constexpr std::pair<llvm::StringLiteral, SizeFunction> kRows[] = {
        {"*", SizeFunction::Mul},
        {"//", SizeFunction::FloorDiv},
        {"/", SizeFunction::IntTrueDiv},
        {"%", SizeFunction::PythonMod}};
    for (const auto &[token, meaning] : kRows)
      if (rest.consume_front(token)) {
        function = meaning;
        return true;
      }
    return false;
  }
  Result product() {
    Result left = unary();
    SizeFunction function;
    while (left && productOperator(function)) {
      Result right = unary();
      if (!right)
        return right;
      left = pool.call(function, {*left, *right});
    }
    return left;
  }
  Result unary() {
    bool isNegative = false;
    while (true) {
      if (consume("-"))
        isNegative = !isNegative;
      else if (!consume("+"))
        break;
    }
    Result operand = power();
    if (!operand || !isNegative)
      return operand;
    return negate(*operand);
  }
  Result power() {
    Result base = atom();
    if (!base || !consume("**"))
      return base;
    Result exponent = atom();
    if (!exponent)
      return exponent;
    return pool.call(SizeFunction::PowByNatural, {*base, *exponent});
  }

  Result atom() {
    skipSpace();
    if (consume("(")) {
      Result inner = disjunction();
      if (inner && !consume(")"))
        return fail("')' is expected");
      return inner;
    }
    if (!rest.empty() && llvm::isDigit(rest.front()))
      return number();
    llvm::StringRef name = rest.take_while(
        [](char c) { return llvm::isAlnum(c) || c == '_' || c == '.'; });
    if (name.empty())
      return fail("a number, a name or '(' is expected");
    rest = rest.drop_front(name.size());
    if (name == "L")
      return inputSize();
    if (name == "True" || name == "False") {
      SizeExpression leaf;
      leaf.function = SizeFunction::Boolean;
      leaf.value = name == "True";
      return pool.leaf(leaf);
    }
    if (consume("("))
      return arguments(name);
    SizeExpression leaf;
    leaf.function = SizeFunction::Symbol;
    leaf.name = pool.save(name);
    return pool.leaf(leaf);
  }
  Result number() {
    llvm::StringRef digits = rest.take_while(
        [](char c) { return llvm::isDigit(c) || c == '.' || c == 'e'; });
    SizeExpression leaf;
    if (digits.getAsInteger(10, leaf.value)) {
      leaf.function = SizeFunction::Real;
      if (digits.getAsDouble(leaf.real))
        return fail("'" + digits.substr(0, 40) + "' is no number of 64 bits");
    }
    rest = rest.drop_front(digits.size());
    return pool.leaf(leaf);
  }
  Result arguments(llvm::StringRef name) {
    llvm::SmallVector<const SizeExpression *, 4> operands;
    while (!consume(")")) {
      if (!operands.empty() && !consume(","))
        return fail("',' or ')' is expected");
      Result operand = disjunction();
      if (!operand)
        return operand;
      operands.push_back(*operand);
    }
    // Guards call torch's and Python's own names for the same functions.
    name.consume_front("math.");
    name.consume_front("torch.sym_");
    llvm::StringRef sympy = llvm::StringSwitch<llvm::StringRef>(name)
                                .Case("max", "Max")
                                .Case("min", "Min")
                                .Case("ceil", "CeilToInt")
                                .Case("floor", "FloorToInt")
                                .Case("trunc", "TruncToInt")
                                .Case("round", "RoundToInt")
                                .Case("float", "ToFloat")
                                .Case("sym_float", "ToFloat")
                                .Case("abs", "Abs")
                                .Case("not", "Not")
                                .Default(name);
    llvm::Expected<SizeFunction> function =
        findSizeFunction(sympy, operands.size());
    if (!function)
      return fail(takeFault(function.takeError()).what);
    return pool.call(*function, operands);
  }

  /// L['x'].size()[0] or L['args'][0]['y'].size()[1], after the "L". The name
  /// of an input inside containers is the path, joined by underscores, which
  /// is how torch names the placeholder.
  Result inputSize() {
    std::string name;
    while (consume("[")) {
      llvm::StringRef item = rest.take_until([](char c) { return c == ']'; });
      rest = rest.drop_front(item.size());
      if (!consume("]"))
        return fail("']' is expected");
      name += (name.empty() ? "" : "_") + item.trim(" '\"").str();
    }
    SizeExpression leaf;
    leaf.function = SizeFunction::Size;
    leaf.name = pool.save(name);
    if (name.empty() || !consume(".size()["))
      return fail("only sizes of inputs can be guarded, as in "
                  "L['x'].size()[0]");
    if (rest.consumeInteger(10, leaf.value) || leaf.value < 0 || !consume("]"))
      return fail("a dimension number is expected");
    return pool.leaf(leaf);
  }

  SizeExpressionPool &pool;
  llvm::StringRef text;
  llvm::StringRef rest;
  unsigned depth = 0;
};

} // namespace

llvm::Expected<const SizeExpression *>
SizeExpressionPool::parsePython(llvm::StringRef text) {
  if (text.size() > kExpressionBytesMax)
    return makeFault(FaultCode::SizeExpressionInvalid,
                     "an expression has " + llvm::Twine(text.size()) +
                         " characters; at most " +
                         llvm::Twine(kExpressionBytesMax) + " are read");
  return PythonParser(*this, text).parse();
}

} // namespace lathe::pt2
