// SPDX-License-Identifier: Apache-2.0
#include "dialects/Graph/SizeExpr.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"
#include <functional>
#include <limits>
#include <map>

using namespace mlir;
using namespace lathe;
using namespace lathe::graph;

//===----------------------------------------------------------------------===//
// Canonical form
//===----------------------------------------------------------------------===//

// A total order that does not depend on addresses, so that printed IR is the
// same in every run.
static int compare(ExprAttr lhs, ExprAttr rhs) {
  if (lhs == rhs)
    return 0;
  if (lhs.getKind() != rhs.getKind())
    return lhs.getKind() < rhs.getKind() ? -1 : 1;
  if (lhs.getKind() == ExprKind::Symbol)
    return lhs.getSymbol().getValue().compare(rhs.getSymbol().getValue());
  if (lhs.getKind() == ExprKind::Constant)
    return lhs.getValue() < rhs.getValue() ? -1 : 1;
  if (lhs.getOperands().size() != rhs.getOperands().size())
    return lhs.getOperands().size() < rhs.getOperands().size() ? -1 : 1;
  for (unsigned i = 0; i < lhs.getOperands().size(); ++i)
    if (int order = compare(lhs.getOperand(i), rhs.getOperand(i)))
      return order;
  return 0;
}

namespace {
struct ExprLess {
  bool operator()(ExprAttr lhs, ExprAttr rhs) const { return compare(lhs, rhs) < 0; }
};

/// Product of atoms (symbols and non-polynomial nodes), sorted; empty for the
/// constant term.
using Monomial = SmallVector<ExprAttr, 2>;
struct MonomialLess {
  bool operator()(const Monomial &lhs, const Monomial &rhs) const {
    // Longer products first, the constant term last.
    if (lhs.size() != rhs.size())
      return lhs.size() > rhs.size();
    for (auto [l, r] : llvm::zip(lhs, rhs))
      if (int order = compare(l, r))
        return order < 0;
    return false;
  }
};
using Polynomial = std::map<Monomial, int64_t, MonomialLess>;
} // namespace

static ExprAttr makeNode(ExprKind kind, ArrayRef<ExprAttr> operands) {
  SmallVector<Attribute> attrs(operands.begin(), operands.end());
  return ExprAttr::get(operands.front().getContext(), kind, 0, StringAttr(), attrs);
}

static unsigned countNodes(ExprAttr expr) {
  unsigned count = 1;
  for (unsigned i = 0; i < expr.getOperands().size(); ++i)
    count += countNodes(expr.getOperand(i));
  return count;
}

static ExprAttr limited(ExprAttr expr) {
  return countNodes(expr) <= kSizeExprNodesMax ? expr : ExprAttr();
}

// Splits one canonical term into its coefficient and its atoms.
static std::pair<int64_t, Monomial> splitTerm(ExprAttr term) {
  if (term.getKind() == ExprKind::Constant)
    return {term.getValue(), {}};
  if (term.getKind() != ExprKind::Mul)
    return {1, {term}};
  int64_t coefficient = 1;
  Monomial atoms;
  for (unsigned i = 0; i < term.getOperands().size(); ++i) {
    ExprAttr factor = term.getOperand(i);
    if (auto value = factor.getConstant())
      coefficient = *value;
    else
      atoms.push_back(factor);
  }
  return {coefficient, atoms};
}

static Polynomial toPolynomial(ExprAttr expr) {
  Polynomial result;
  auto addTerm = [&](ExprAttr term) {
    auto [coefficient, atoms] = splitTerm(term);
    if (coefficient != 0)
      result[atoms] = coefficient;
  };
  if (expr.getKind() == ExprKind::Add) {
    for (unsigned i = 0; i < expr.getOperands().size(); ++i)
      addTerm(expr.getOperand(i));
  } else {
    addTerm(expr);
  }
  return result;
}

static ExprAttr fromPolynomial(MLIRContext *context, const Polynomial &polynomial) {
  SmallVector<ExprAttr> terms;
  for (const auto &[atoms, coefficient] : polynomial) {
    if (coefficient == 0)
      continue;
    SmallVector<ExprAttr> factors(atoms.begin(), atoms.end());
    if (factors.empty() || coefficient != 1)
      factors.push_back(makeConstant(context, coefficient));
    terms.push_back(factors.size() == 1 ? factors[0] : makeNode(ExprKind::Mul, factors));
  }
  if (terms.empty())
    return makeConstant(context, 0);
  return limited(terms.size() == 1 ? terms[0] : makeNode(ExprKind::Add, terms));
}

//===----------------------------------------------------------------------===//
// Factories
//===----------------------------------------------------------------------===//

ExprAttr graph::makeConstant(MLIRContext *context, int64_t value) {
  return ExprAttr::get(context, ExprKind::Constant, value, StringAttr(), {});
}

ExprAttr graph::makeSymbol(MLIRContext *context, StringRef name) {
  return ExprAttr::get(context, ExprKind::Symbol, 0, StringAttr::get(context, name), {});
}

ExprAttr graph::makeAdd(ExprAttr lhs, ExprAttr rhs) {
  if (!lhs || !rhs)
    return {};
  Polynomial sum = toPolynomial(lhs);
  for (const auto &[atoms, coefficient] : toPolynomial(rhs)) {
    int64_t &slot = sum[atoms];
    if (llvm::AddOverflow(slot, coefficient, slot))
      return {};
  }
  return fromPolynomial(lhs.getContext(), sum);
}

ExprAttr graph::makeSub(ExprAttr lhs, ExprAttr rhs) {
  if (!lhs || !rhs)
    return {};
  return makeAdd(lhs, makeMul(rhs, makeConstant(rhs.getContext(), -1)));
}

ExprAttr graph::makeMul(ExprAttr lhs, ExprAttr rhs) {
  if (!lhs || !rhs)
    return {};
  Polynomial product;
  for (const auto &[leftAtoms, leftValue] : toPolynomial(lhs)) {
    for (const auto &[rightAtoms, rightValue] : toPolynomial(rhs)) {
      Monomial atoms(leftAtoms);
      atoms.append(rightAtoms.begin(), rightAtoms.end());
      if (atoms.size() > kSizeExprNodesMax)
        return {};
      llvm::sort(atoms, ExprLess());
      int64_t value;
      int64_t &slot = product[atoms];
      if (llvm::MulOverflow(leftValue, rightValue, value) ||
          llvm::AddOverflow(slot, value, slot))
        return {};
    }
  }
  return fromPolynomial(lhs.getContext(), product);
}

ExprAttr graph::makeProduct(MLIRContext *context, ArrayRef<ExprAttr> dims) {
  ExprAttr product = makeConstant(context, 1);
  for (ExprAttr dim : dims)
    product = makeMul(product, dim);
  return product;
}

// Divides each term by `divisor` (one term); null if one does not divide.
static ExprAttr divideByTerm(ExprAttr lhs, int64_t divisor, const Monomial &divisorAtoms) {
  Polynomial quotient;
  for (const auto &[atoms, coefficient] : toPolynomial(lhs)) {
    Monomial remaining(atoms);
    if (divisor == 0 || coefficient % divisor != 0)
      return {};
    for (ExprAttr atom : divisorAtoms) {
      const auto *it = llvm::find(remaining, atom);
      if (it == remaining.end())
        return {};
      remaining.erase(it);
    }
    quotient[remaining] = coefficient / divisor;
  }
  return fromPolynomial(lhs.getContext(), quotient);
}

ExprAttr graph::divideExactly(ExprAttr lhs, ExprAttr rhs) {
  if (!lhs || !rhs)
    return {};
  if (lhs == rhs)
    return makeConstant(lhs.getContext(), 1);
  Polynomial divisor = toPolynomial(rhs);
  if (divisor.size() != 1) {
    // (a * (s + 1)) / (s + 1): try the quotient that the leading terms give.
    Polynomial dividend = toPolynomial(lhs);
    if (divisor.empty() || dividend.empty())
      return {};
    Polynomial leading;
    leading.insert(*dividend.begin());
    ExprAttr first = divideByTerm(fromPolynomial(lhs.getContext(), leading),
                                  divisor.begin()->second, divisor.begin()->first);
    return first && makeMul(first, rhs) == lhs ? first : ExprAttr();
  }
  return divideByTerm(lhs, divisor.begin()->second, divisor.begin()->first);
}

static int64_t ceilDiv(int64_t lhs, int64_t rhs) {
  return -llvm::divideFloorSigned(-lhs, rhs);
}

// What divides a sum without rest leaves the division: (2 * n + 3) floordiv 2 is n + 1 + 1 floordiv 2,
// exactly, as the rounded rest does not change. So windows and pools that give one size for all n give
// one expression. Multiples of the divisor leave `rest`, and are the result, divided.
static Polynomial takeMultiples(Polynomial &rest, int64_t divisor) {
  Polynomial whole;
  for (auto &[atoms, coefficient] : rest) {
    // Of other terms none is split: bounds of n floordiv 2 - n are wider than those of both together.
    int64_t kept = coefficient % divisor, taken;
    if (atoms.empty() && kept < 0)
      kept += divisor;
    if ((kept != 0 && !atoms.empty()) || llvm::SubOverflow(coefficient, kept, taken) || taken == 0)
      continue;
    whole[atoms] = taken / divisor;
    coefficient = kept;
  }
  return whole;
}

// A division is kept as a node unless it can be computed.
static ExprAttr makeDivision(ExprKind kind, ExprAttr lhs, ExprAttr rhs) {
  if (!lhs || !rhs || rhs.isConstant(0))
    return {};
  auto left = lhs.getConstant(), right = rhs.getConstant();
  constexpr int64_t least = std::numeric_limits<int64_t>::min();
  if (left && right) {
    if (*left == least || *right == least)
      return {};
    return makeConstant(lhs.getContext(), kind == ExprKind::FloorDiv
                                              ? llvm::divideFloorSigned(*left, *right)
                                              : ceilDiv(*left, *right));
  }
  if (ExprAttr exact = divideExactly(lhs, rhs))
    return exact;
  if (right && *right > 0) {
    Polynomial rest = toPolynomial(lhs);
    Polynomial whole = takeMultiples(rest, *right);
    MLIRContext *context = lhs.getContext();
    if (!whole.empty())
      return makeAdd(fromPolynomial(context, whole),
                     makeDivision(kind, fromPolynomial(context, rest), rhs));
  }
  return limited(makeNode(kind, {lhs, rhs}));
}

ExprAttr graph::makeFloorDiv(ExprAttr lhs, ExprAttr rhs) {
  return makeDivision(ExprKind::FloorDiv, lhs, rhs);
}
ExprAttr graph::makeCeilDiv(ExprAttr lhs, ExprAttr rhs) {
  return makeDivision(ExprKind::CeilDiv, lhs, rhs);
}

ExprAttr graph::makeMod(ExprAttr lhs, ExprAttr rhs) {
  if (!lhs || !rhs || rhs.isConstant(0))
    return {};
  auto left = lhs.getConstant(), right = rhs.getConstant();
  constexpr int64_t least = std::numeric_limits<int64_t>::min();
  if (left && right) {
    if (*left == least || *right == least)
      return {};
    return makeConstant(lhs.getContext(),
                        *left - *right * llvm::divideFloorSigned(*left, *right));
  }
  if (divideExactly(lhs, rhs))
    return makeConstant(lhs.getContext(), 0);
  return limited(makeNode(ExprKind::Mod, {lhs, rhs}));
}

static ExprAttr makeExtremum(ExprKind kind, ExprAttr lhs, ExprAttr rhs) {
  if (!lhs || !rhs)
    return {};
  if (lhs == rhs)
    return lhs;
  // A constant difference decides.
  if (ExprAttr difference = makeSub(lhs, rhs))
    if (auto value = difference.getConstant())
      return (*value > 0) == (kind == ExprKind::Max) ? lhs : rhs;
  if (compare(lhs, rhs) > 0)
    std::swap(lhs, rhs);
  return limited(makeNode(kind, {lhs, rhs}));
}
ExprAttr graph::makeMin(ExprAttr lhs, ExprAttr rhs) {
  return makeExtremum(ExprKind::Min, lhs, rhs);
}
ExprAttr graph::makeMax(ExprAttr lhs, ExprAttr rhs) {
  return makeExtremum(ExprKind::Max, lhs, rhs);
}

static ExprAttr makeBinary(ExprKind kind, ExprAttr lhs, ExprAttr rhs) {
  switch (kind) {
  case ExprKind::Add:
    return makeAdd(lhs, rhs);
  case ExprKind::Mul:
    return makeMul(lhs, rhs);
  case ExprKind::FloorDiv:
    return makeFloorDiv(lhs, rhs);
  case ExprKind::CeilDiv:
    return makeCeilDiv(lhs, rhs);
  case ExprKind::Mod:
    return makeMod(lhs, rhs);
  case ExprKind::Min:
    return makeMin(lhs, rhs);
  case ExprKind::Max:
    return makeMax(lhs, rhs);
  case ExprKind::Constant:
  case ExprKind::Symbol:
    break;
  }
  return {};
}

//===----------------------------------------------------------------------===//
// Queries
//===----------------------------------------------------------------------===//

static std::optional<int64_t> evaluateBinary(ExprKind kind, int64_t lhs, int64_t rhs) {
  int64_t result;
  switch (kind) {
  case ExprKind::Add:
    return llvm::AddOverflow(lhs, rhs, result) ? std::nullopt : std::optional(result);
  case ExprKind::Mul:
    return llvm::MulOverflow(lhs, rhs, result) ? std::nullopt : std::optional(result);
  case ExprKind::Min:
    return std::min(lhs, rhs);
  case ExprKind::Max:
    return std::max(lhs, rhs);
  default:
    break;
  }
  if (rhs <= 0 || lhs == std::numeric_limits<int64_t>::min())
    return std::nullopt;
  int64_t floor = llvm::divideFloorSigned(lhs, rhs);
  if (kind == ExprKind::FloorDiv)
    return floor;
  return kind == ExprKind::CeilDiv ? ceilDiv(lhs, rhs) : lhs - rhs * floor;
}

std::optional<int64_t>
graph::evaluate(ExprAttr expr, llvm::function_ref<std::optional<int64_t>(StringRef)> valueOf) {
  if (expr.getKind() == ExprKind::Constant)
    return expr.getValue();
  if (expr.getKind() == ExprKind::Symbol)
    return valueOf(expr.getSymbol().getValue());
  std::optional<int64_t> result = evaluate(expr.getOperand(0), valueOf);
  for (unsigned i = 1; result && i < expr.getOperands().size(); ++i) {
    std::optional<int64_t> operand = evaluate(expr.getOperand(i), valueOf);
    if (!operand)
      return std::nullopt;
    result = evaluateBinary(expr.getKind(), *result, *operand);
  }
  return result;
}

static int64_t saturatingAdd(int64_t lhs, int64_t rhs) {
  int64_t result;
  if (!llvm::AddOverflow(lhs, rhs, result))
    return result;
  return lhs > 0 ? std::numeric_limits<int64_t>::max() : std::numeric_limits<int64_t>::min();
}

static int64_t saturatingMul(int64_t lhs, int64_t rhs) {
  int64_t result;
  if (!llvm::MulOverflow(lhs, rhs, result))
    return result;
  return (lhs < 0) == (rhs < 0) ? std::numeric_limits<int64_t>::max()
                                : std::numeric_limits<int64_t>::min();
}

static SizeRange combine(ExprKind kind, SizeRange lhs, SizeRange rhs) {
  auto corners = [&](auto &&apply) {
    int64_t values[] = {apply(lhs.min, rhs.min), apply(lhs.min, rhs.max),
                        apply(lhs.max, rhs.min), apply(lhs.max, rhs.max)};
    return SizeRange{*std::min_element(values, values + 4), *std::max_element(values, values + 4)};
  };
  auto divide = [&](auto &&quotient) {
    // Divisors are positive at run time; the range's lower end says so here.
    rhs.min = std::max<int64_t>(rhs.min, 1);
    rhs.max = std::max<int64_t>(rhs.max, 1);
    lhs.min = std::max(lhs.min, -std::numeric_limits<int64_t>::max());
    return corners(quotient);
  };
  switch (kind) {
  case ExprKind::Add:
    return {saturatingAdd(lhs.min, rhs.min), saturatingAdd(lhs.max, rhs.max)};
  case ExprKind::Mul:
    return corners(saturatingMul);
  case ExprKind::Min:
    return {std::min(lhs.min, rhs.min), std::min(lhs.max, rhs.max)};
  case ExprKind::Max:
    return {std::max(lhs.min, rhs.min), std::max(lhs.max, rhs.max)};
  case ExprKind::FloorDiv:
    return divide([](int64_t l, int64_t r) { return llvm::divideFloorSigned(l, r); });
  case ExprKind::CeilDiv:
    return divide(ceilDiv);
  default:
    return {0, std::max<int64_t>(rhs.max, 1) - 1};
  }
}

SizeRange graph::rangeOf(ExprAttr expr, llvm::function_ref<SizeRange(StringRef)> rangeOfSymbol) {
  if (expr.getKind() == ExprKind::Constant)
    return {expr.getValue(), expr.getValue()};
  if (expr.getKind() == ExprKind::Symbol)
    return rangeOfSymbol(expr.getSymbol().getValue());
  SizeRange result = rangeOf(expr.getOperand(0), rangeOfSymbol);
  for (unsigned i = 1; i < expr.getOperands().size(); ++i)
    result = combine(expr.getKind(), result, rangeOf(expr.getOperand(i), rangeOfSymbol));
  return result;
}

ExprAttr graph::substitute(ExprAttr expr, llvm::function_ref<ExprAttr(StringRef)> replacement) {
  if (expr.getKind() == ExprKind::Constant)
    return expr;
  if (expr.getKind() == ExprKind::Symbol) {
    ExprAttr replaced = replacement(expr.getSymbol().getValue());
    return replaced ? replaced : expr;
  }
  ExprAttr result = substitute(expr.getOperand(0), replacement);
  for (unsigned i = 1; i < expr.getOperands().size(); ++i)
    result = makeBinary(expr.getKind(), result, substitute(expr.getOperand(i), replacement));
  return result;
}

void graph::visitSymbols(ExprAttr expr, llvm::function_ref<void(StringRef)> visit) {
  if (expr.getKind() == ExprKind::Symbol)
    visit(expr.getSymbol().getValue());
  for (unsigned i = 0; i < expr.getOperands().size(); ++i)
    visitSymbols(expr.getOperand(i), visit);
}

//===----------------------------------------------------------------------===//
// Text
//===----------------------------------------------------------------------===//

// Binding strength: 0 sum, 1 product and division, 2 atom.
static int strength(ExprAttr expr) {
  switch (expr.getKind()) {
  case ExprKind::Add:
    return 0;
  case ExprKind::Mul:
  case ExprKind::FloorDiv:
  case ExprKind::CeilDiv:
  case ExprKind::Mod:
    return 1;
  default:
    return 2;
  }
}

static void print(raw_ostream &os, ExprAttr expr, int outer) {
  bool parens = strength(expr) < outer;
  if (parens)
    os << '(';
  switch (expr.getKind()) {
  case ExprKind::Constant:
    os << expr.getValue();
    break;
  case ExprKind::Symbol:
    os << expr.getSymbol().getValue();
    break;
  case ExprKind::Min:
  case ExprKind::Max:
    os << stringifyExprKind(expr.getKind()) << '(';
    print(os, expr.getOperand(0), 0);
    os << ", ";
    print(os, expr.getOperand(1), 0);
    os << ')';
    break;
  default: {
    StringRef separator = expr.getKind() == ExprKind::Add   ? "+"
                          : expr.getKind() == ExprKind::Mul ? "*"
                                                            : stringifyExprKind(expr.getKind());
    for (unsigned i = 0; i < expr.getOperands().size(); ++i) {
      if (i)
        os << ' ' << separator << ' ';
      // The right operand of a division needs parentheses, products do not
      // nest in canonical form.
      print(os, expr.getOperand(i), expr.getKind() == ExprKind::Add ? 1 : 2);
    }
  }
  }
  if (parens)
    os << ')';
}

void graph::printSizeExpr(raw_ostream &os, ExprAttr expr) { print(os, expr, 0); }

std::string graph::toString(ExprAttr expr) {
  std::string text;
  llvm::raw_string_ostream os(text);
  printSizeExpr(os, expr);
  return text;
}

namespace {
/// Recursive descent over MLIR's tokens; depth is limited so that hostile text
/// cannot exhaust the stack.
class SizeExprParser {
public:
  explicit SizeExprParser(AsmParser &parser) : parser(parser) {}

  ExprAttr parseSum() {
    if (++depth > kDepthMax)
      return fail("nests too deeply");
    ExprAttr result = parseProduct();
    while (result && succeeded(parser.parseOptionalPlus()))
      result = checked(makeAdd, result, parseProduct());
    --depth;
    return result;
  }

private:
  static constexpr unsigned kDepthMax = kSizeExprNodesMax;

  ExprAttr fail(const Twine &why) {
    if (!reported)
      parser.emitError(parser.getCurrentLocation(), "size expression ") << why;
    reported = true;
    return {};
  }
  ExprAttr checked(ExprAttr (*make)(ExprAttr, ExprAttr), ExprAttr lhs, ExprAttr rhs) {
    if (!lhs || !rhs)
      return {};
    ExprAttr result = make(lhs, rhs);
    return result ? result : fail("divides by zero, leaves 64 bits or has too many nodes");
  }
  ExprAttr parseProduct() {
    ExprAttr result = parseAtom();
    while (result) {
      if (succeeded(parser.parseOptionalStar()))
        result = checked(makeMul, result, parseAtom());
      else if (succeeded(parser.parseOptionalKeyword("floordiv")))
        result = checked(makeFloorDiv, result, parseAtom());
      else if (succeeded(parser.parseOptionalKeyword("ceildiv")))
        result = checked(makeCeilDiv, result, parseAtom());
      else if (succeeded(parser.parseOptionalKeyword("mod")))
        result = checked(makeMod, result, parseAtom());
      else
        break;
    }
    return result;
  }
  ExprAttr parseAtom() {
    int64_t value = 0;
    OptionalParseResult integer = parser.parseOptionalInteger(value);
    if (integer.has_value())
      return succeeded(*integer) ? makeConstant(parser.getContext(), value) : ExprAttr();
    if (succeeded(parser.parseOptionalLParen())) {
      ExprAttr inner = parseSum();
      return inner && succeeded(parser.parseRParen()) ? inner : ExprAttr();
    }
    StringRef keyword;
    if (mlir::failed(parser.parseOptionalKeyword(&keyword)))
      return fail("expects an integer, a symbol or '('");
    if (keyword != "min" && keyword != "max")
      return makeSymbol(parser.getContext(), keyword);
    if (mlir::failed(parser.parseLParen()))
      return {};
    ExprAttr lhs = parseSum();
    if (!lhs || mlir::failed(parser.parseComma()))
      return {};
    ExprAttr rhs = parseSum();
    if (!rhs || mlir::failed(parser.parseRParen()))
      return {};
    return checked(keyword == "min" ? makeMin : makeMax, lhs, rhs);
  }

  AsmParser &parser;
  unsigned depth = 0;
  bool reported = false;
};
} // namespace

ExprAttr graph::parseSizeExpr(AsmParser &parser) { return SizeExprParser(parser).parseSum(); }

//===----------------------------------------------------------------------===//
// Tensor types
//===----------------------------------------------------------------------===//

SmallVector<ExprAttr> graph::getDims(RankedTensorType type) {
  if (auto info = llvm::dyn_cast_or_null<InfoAttr>(type.getEncoding()))
    if (!info.getDims().empty() || type.getRank() == 0)
      return llvm::to_vector(info.getDims());
  SmallVector<ExprAttr> dims;
  for (int64_t size : type.getShape())
    dims.push_back(ShapedType::isDynamic(size) ? ExprAttr()
                                               : makeConstant(type.getContext(), size));
  return dims;
}

RankedTensorType graph::getTensorType(ArrayRef<ExprAttr> dims, Type elementType, LayoutAttr layout) {
  SmallVector<int64_t> shape;
  bool dynamic = false;
  for (ExprAttr dim : dims) {
    shape.push_back(dim.getConstant().value_or(ShapedType::kDynamic));
    dynamic |= !dim.getConstant();
  }
  Attribute encoding;
  if (dynamic || layout)
    encoding = InfoAttr::get(elementType.getContext(), dims, layout);
  return RankedTensorType::get(shape, elementType, encoding);
}

LayoutAttr graph::getLayout(RankedTensorType type) {
  auto info = llvm::dyn_cast_or_null<InfoAttr>(type.getEncoding());
  return info ? info.getLayout() : LayoutAttr();
}

RankedTensorType graph::withoutLayout(RankedTensorType type) {
  return getLayout(type) ? getTensorType(getDims(type), type.getElementType()) : type;
}

static int64_t paddingOf(ArrayRef<int64_t> padding, unsigned dim) {
  return padding.empty() ? 0 : padding[dim];
}

SmallVector<ExprAttr> graph::getPhysicalDims(RankedTensorType type) {
  SmallVector<ExprAttr> dims = getDims(type);
  LayoutAttr layout = getLayout(type);
  if (!layout || llvm::is_contained(dims, ExprAttr()))
    return dims;
  MLIRContext *context = type.getContext();
  for (auto [index, dim] : llvm::enumerate(dims))
    dim = makeAdd(dim, makeConstant(context, paddingOf(layout.getPaddingLow(), index) +
                                                 paddingOf(layout.getPaddingHigh(), index)));
  ArrayRef<int64_t> tiles = layout.getTiles();
  for (size_t i = 0; i + 1 < tiles.size(); i += 2)
    dims[tiles[i]] = makeCeilDiv(dims[tiles[i]], makeConstant(context, tiles[i + 1]));
  SmallVector<ExprAttr> physical;
  for (int64_t dim : layout.getPermutation())
    physical.push_back(dims[dim]);
  for (size_t i = 0; i + 1 < tiles.size(); i += 2)
    physical.push_back(makeConstant(context, tiles[i + 1]));
  return physical;
}

AffineMap graph::getPhysicalMap(RankedTensorType type) {
  MLIRContext *context = type.getContext();
  unsigned rank = type.getRank();
  LayoutAttr layout = getLayout(type);
  if (!layout)
    return AffineMap::getMultiDimIdentityMap(rank, context);
  SmallVector<AffineExpr> dims, inner;
  for (unsigned index = 0; index < rank; ++index)
    dims.push_back(getAffineDimExpr(index, context) + paddingOf(layout.getPaddingLow(), index));
  ArrayRef<int64_t> tiles = layout.getTiles();
  for (size_t i = 0; i + 1 < tiles.size(); i += 2) {
    AffineExpr &dim = dims[tiles[i]];
    inner.push_back(dim % tiles[i + 1]);
    dim = dim.floorDiv(tiles[i + 1]);
  }
  SmallVector<AffineExpr> physical;
  for (int64_t dim : layout.getPermutation())
    physical.push_back(dims[dim]);
  physical.append(inner);
  return AffineMap::get(rank, 0, physical, context);
}
