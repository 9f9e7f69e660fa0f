// SPDX-License-Identifier: Apache-2.0
//
// Elementwise operators.
#include "compiler/Reference/Math.h"
#include "compiler/Reference/Operators.h"

#include <cmath>

using namespace mlir;
using namespace lathe;
using namespace lathe::graph;
using namespace lathe::reference;

using RealUnary = double (*)(double);
using IntegerUnary = int64_t (*)(int64_t);

//===----------------------------------------------------------------------===//
// One operand
//===----------------------------------------------------------------------===//

static llvm::Expected<Tensor> mapReals(const Tensor &input,
                                       llvm::function_ref<double(double)> function) {
  std::vector<double> reals = input.getReals();
  for (double &real : reals)
    real = function(real);
  return Tensor::fromReals(input.getElementType(), input.getSizes(), reals);
}

static llvm::Expected<Tensor> mapIntegers(const Tensor &input,
                                          llvm::function_ref<int64_t(int64_t)> function) {
  std::vector<int64_t> integers = input.getIntegers();
  for (int64_t &integer : integers)
    integer = function(integer);
  return Tensor::fromIntegers(input.getElementType(), input.getSizes(), integers);
}

template <typename Op> static void addReal(EvaluatorTable &table, RealUnary function) {
  table.add<Op>([function](Op op, const Call &call) {
    return mapReals(call.operands[0], function);
  });
}

// Operators that have an integer meaning too; unsigned (and bool) types may
// have another than signed ones.
template <typename Op>
static void addAny(EvaluatorTable &table, RealUnary real, IntegerUnary forSigned,
                   IntegerUnary forUnsigned) {
  table.add<Op>([=](Op op, const Call &call) {
    const Tensor &input = call.operands[0];
    if (input.isReal())
      return mapReals(input, real);
    return mapIntegers(input, isUnsignedKind(input.getKind()) ? forUnsigned : forSigned);
  });
}

static int64_t wrapNegate(int64_t x) { return static_cast<int64_t>(0 - static_cast<uint64_t>(x)); }
static int64_t same(int64_t x) { return x; }

static double gelu(double x) { return 0.5 * x * (1 + math::erf(x * 0.70710678118654752)); }
static double geluTanh(double x) {
  return 0.5 * x * (1 + math::tanh(0.79788456080286536 * (x + 0.044715 * x * x * x)));
}
static double hardsigmoid(double x) {
  return std::isnan(x) ? x : std::min(std::max(x + 3, 0.0), 6.0) / 6;
}

static void addExponentialOps(EvaluatorTable &table) {
  addReal<ExpOp>(table, math::exp);
  addReal<Exp2Op>(table, math::exp2);
  addReal<Expm1Op>(table, math::expm1);
  addReal<LogOp>(table, math::log);
  addReal<Log2Op>(table, math::log2);
  addReal<Log10Op>(table, math::log10);
  addReal<Log1pOp>(table, math::log1p);
  addReal<SqrtOp>(table, [](double x) { return std::sqrt(x); });
  addReal<RsqrtOp>(table, [](double x) { return 1 / std::sqrt(x); });
  addReal<ReciprocalOp>(table, [](double x) { return 1 / x; });
  addReal<SinOp>(table, math::sin);
  addReal<CosOp>(table, math::cos);
  addReal<TanOp>(table, math::tan);
  addReal<TanhOp>(table, math::tanh);
  addReal<AtanOp>(table, math::atan);
  addReal<ErfOp>(table, math::erf);
}

static void addActivations(EvaluatorTable &table) {
  addReal<SigmoidOp>(table, math::sigmoid);
  addReal<SiluOp>(table, [](double x) { return x * math::sigmoid(x); });
  addReal<HardsigmoidOp>(table, hardsigmoid);
  addReal<HardswishOp>(table, [](double x) { return x * hardsigmoid(x); });
  table.add<GeluOp>([](GeluOp op, const Call &call) {
    return mapReals(call.operands[0], op.getTanh() ? geluTanh : gelu);
  });
  table.add<EluOp>([](EluOp op, const Call &call) {
    double alpha = op.getAlpha().convertToDouble(), scale = op.getScale().convertToDouble(),
           inner = op.getInputScale().convertToDouble();
    return mapReals(call.operands[0], [&](double x) {
      return x > 0 ? scale * x : scale * alpha * math::expm1(inner * x);
    });
  });
  table.add<LeakyReluOp>([](LeakyReluOp op, const Call &call) {
    double slope = op.getSlope().convertToDouble();
    return mapReals(call.operands[0], [&](double x) { return x > 0 ? x : slope * x; });
  });
}

static void addRoundings(EvaluatorTable &table) {
  addReal<FloorOp>(table, [](double x) { return std::floor(x); });
  addReal<CeilOp>(table, [](double x) { return std::ceil(x); });
  addReal<TruncOp>(table, [](double x) { return std::trunc(x); });
  addReal<RoundOp>(table, [](double x) { return std::nearbyint(x); });
  addAny<AbsOp>(
      table, [](double x) { return std::fabs(x); },
      [](int64_t x) { return x < 0 ? wrapNegate(x) : x; }, same);
  addAny<NegOp>(table, [](double x) { return -x; }, wrapNegate, wrapNegate);
  addAny<SignOp>(
      table, [](double x) { return x > 0 ? 1.0 : x < 0 ? -1.0 : 0.0; },
      [](int64_t x) { return int64_t(x > 0) - int64_t(x < 0); },
      [](int64_t x) { return int64_t(x != 0); });
  addAny<ReluOp>(
      table, [](double x) { return x < 0 ? 0 : x; }, [](int64_t x) { return std::max<int64_t>(x, 0); },
      same);
}

//===----------------------------------------------------------------------===//
// Clamp, cast, not
//===----------------------------------------------------------------------===//

static bool lessInteger(bool isUnsigned, int64_t a, int64_t b) {
  return isUnsigned ? static_cast<uint64_t>(a) < static_cast<uint64_t>(b) : a < b;
}

// A bound beyond the element type is that type's own: it must not wrap.
static IntegerAttr saturatedBound(IntegerAttr bound, const Tensor &input) {
  if (input.isReal() || bound.getType().getIntOrFloatBitWidth() > 64)
    return bound;
  bool isUnsigned = isUnsignedKind(input.getKind());
  unsigned bits = input.getKind() == StorageKind::Bool ? 1 : input.getElementBytes() * 8;
  int64_t value = bound.getInt();
  if (isUnsigned)
    value = std::max<int64_t>(value, 0);
  if (bits < 64)
    value = std::clamp<int64_t>(value, isUnsigned ? 0 : llvm::minIntN(bits),
                                isUnsigned ? llvm::maxUIntN(bits) : llvm::maxIntN(bits));
  return IntegerAttr::get(IntegerType::get(bound.getContext(), 64), value);
}

static llvm::Expected<Tensor> evaluateClamp(ClampOp op, const Call &call) {
  const Tensor &input = call.operands[0];
  std::optional<Tensor> bounds[2];
  std::optional<Attribute> attributes[2] = {op.getLow(), op.getHigh()};
  for (int i = 0; i < 2; ++i) {
    if (!attributes[i])
      continue;
    Attribute value = *attributes[i];
    if (auto integer = llvm::dyn_cast<IntegerAttr>(value))
      value = saturatedBound(integer, input);
    llvm::Expected<Tensor> bound = scalarOf(value, input.getElementType());
    if (!bound)
      return bound.takeError();
    bounds[i] = *bound;
  }
  if (!input.isReal()) {
    bool isUnsigned = isUnsignedKind(input.getKind());
    return mapIntegers(input, [&](int64_t x) {
      if (bounds[0] && lessInteger(isUnsigned, x, bounds[0]->getIntegers()[0]))
        x = bounds[0]->getIntegers()[0];
      if (bounds[1] && lessInteger(isUnsigned, bounds[1]->getIntegers()[0], x))
        x = bounds[1]->getIntegers()[0];
      return x;
    });
  }
  double low = bounds[0] ? bounds[0]->getReals()[0] : -std::numeric_limits<double>::infinity();
  double high = bounds[1] ? bounds[1]->getReals()[0] : std::numeric_limits<double>::infinity();
  // A NaN compares false twice and stays; a NaN bound makes all NaN.
  if (std::isnan(low) || std::isnan(high))
    return mapReals(input, [](double) { return std::numeric_limits<double>::quiet_NaN(); });
  return mapReals(input, [&](double x) {
    x = x < low ? low : x;
    return x > high ? high : x;
  });
}

// f64 to a half type with one rounding.
static llvm::Expected<Tensor> narrowDoubles(const Tensor &input, Type to) {
  std::vector<int64_t> bits;
  for (double real : input.getReals()) {
    APFloat value(real);
    bool lost;
    value.convert(llvm::cast<FloatType>(to).getFloatSemantics(), APFloat::rmNearestTiesToEven, &lost);
    bits.push_back(static_cast<int64_t>(value.bitcastToAPInt().getZExtValue()));
  }
  llvm::Expected<Tensor> words =
      Tensor::fromIntegers(IntegerType::get(to.getContext(), 16), input.getSizes(), bits);
  if (!words)
    return words.takeError();
  return words->withElementType(to);
}

static llvm::Expected<Tensor> evaluateCast(CastOp op, const Call &call) {
  const Tensor &input = call.operands[0];
  Type to = op.getTo();
  std::optional<StorageKind> kind = getStorageKind(to);
  if (!kind || input.isQuantized() || QuantParameters::of(to))
    return call.fail("casts between quantized types are graph.quantize, dequantize, requantize");
  if (isFloatKind(input.getKind())) {
    if (input.getKind() == StorageKind::F64 &&
        (*kind == StorageKind::F16 || *kind == StorageKind::BF16))
      return narrowDoubles(input, to);
    return Tensor::fromReals(to, input.getSizes(), input.getReals());
  }
  std::vector<int64_t> integers = input.getIntegers();
  if (*kind == StorageKind::Bool)
    for (int64_t &integer : integers)
      integer = integer != 0;
  if (!isFloatKind(*kind))
    return Tensor::fromIntegers(to, input.getSizes(), integers);
  // 64-bit integers round once: to f32 directly, not by way of a double.
  std::vector<double> reals;
  bool isUnsigned = input.getKind() == StorageKind::U64;
  for (int64_t integer : integers) {
    if (*kind == StorageKind::F64)
      reals.push_back(isUnsigned ? static_cast<double>(static_cast<uint64_t>(integer))
                                 : static_cast<double>(integer));
    else
      reals.push_back(isUnsigned ? static_cast<float>(static_cast<uint64_t>(integer))
                                 : static_cast<float>(integer));
  }
  return Tensor::fromReals(to, input.getSizes(), reals);
}

static llvm::Expected<Tensor> evaluateNot(NotOp op, const Call &call) {
  if (call.operands[0].isReal())
    return call.fail("has no meaning on " + Twine("floats and quantized types"));
  // fromIntegers keeps the lowest bit of a bool: its complement is logical.
  return mapIntegers(call.operands[0], [](int64_t x) { return ~x; });
}

//===----------------------------------------------------------------------===//
// Two operands
//===----------------------------------------------------------------------===//

namespace {
/// What a binary operator means on each class of element types.
struct BinaryMeaning {
  double (*real)(double, double) = nullptr; ///< exact to a double
  /// For operators whose f32 result differs from a rounded double one:
  /// computed step by step in f32 for f16, bf16 and f32.
  double (*narrow)(double, double) = nullptr;
  int64_t (*forSigned)(int64_t, int64_t) = nullptr;
  uint64_t (*forUnsigned)(uint64_t, uint64_t) = nullptr;
  uint64_t (*forBool)(uint64_t, uint64_t) = nullptr; ///< null: as unsigned
  /// f32 in f32, where that gives the bits of the rounded double (+ - * /); null:
  /// as `real`. Factors are rows of elements at a step each.
  void (*single)(const float *, int64_t, const float *, int64_t, float *, int64_t) = nullptr;
};
} // namespace

template <float (*function)(float, float)>
static void mapRow(const float *a, int64_t aStep, const float *b, int64_t bStep, float *out, int64_t count) {
  // The steps as constants let the compiler use vectors.
  if (aStep == 1 && bStep == 1)
    for (int64_t i = 0; i < count; ++i)
      out[i] = function(a[i], b[i]);
  else if (aStep == 1 && bStep == 0)
    for (int64_t i = 0; i < count; ++i)
      out[i] = function(a[i], *b);
  else
    for (int64_t i = 0; i < count; ++i)
      out[i] = function(a[i * aStep], b[i * bStep]);
}

static llvm::Expected<Tensor> evaluateSingle(const BinaryMeaning &meaning, const Tensor &lhs,
                                             const Tensor &rhs, const RowWalk &walk, ArrayRef<int64_t> sizes) {
  llvm::Expected<Tensor> result = Tensor::create(lhs.getElementType(), sizes);
  if (!result)
    return result.takeError();
  const float *a = lhs.getData<float>(), *b = rhs.getData<float>();
  float *out = reinterpret_cast<float *>(result->getMutableBytes());
  walk.forEachRow([&](ArrayRef<int64_t> offsets) {
    meaning.single(a + offsets[0], walk.step(0), b + offsets[1], walk.step(1), out, walk.count());
    out += walk.count();
  });
  return result;
}

// out[i] = function(a[i], b[i]), in row-major order.
template <typename T, typename Function>
static std::vector<T> mapPairs(const RowWalk &walk, const std::vector<T> &a, const std::vector<T> &b,
                               int64_t elements, Function function) {
  std::vector<T> result(elements);
  T *out = result.data();
  walk.forEachRow([&](ArrayRef<int64_t> offsets) {
    for (int64_t i = 0; i < walk.count(); ++i)
      *out++ = function(a[offsets[0] + i * walk.step(0)], b[offsets[1] + i * walk.step(1)]);
  });
  return result;
}

static llvm::Expected<Tensor> evaluateBinary(const BinaryMeaning &meaning, const Call &call) {
  const Tensor &lhs = call.operands[0], &rhs = call.operands[1];
  std::optional<Sizes> sizes = broadcastSizes(lhs.getSizes(), rhs.getSizes());
  if (!sizes)
    return call.fail("operand sizes do not broadcast, or the result is too large");
  RowWalk walk(*sizes, {broadcastStrides(lhs.getSizes(), *sizes), broadcastStrides(rhs.getSizes(), *sizes)});
  int64_t elements = product(*sizes);
  StorageKind kind = lhs.getKind();
  if (kind == StorageKind::F32 && meaning.single)
    return evaluateSingle(meaning, lhs, rhs, walk, *sizes);
  if (lhs.isReal()) {
    auto function = meaning.narrow && kind != StorageKind::F64 ? meaning.narrow : meaning.real;
    if (!function)
      return call.fail("has no meaning on floats and quantized types");
    return Tensor::fromReals(lhs.getElementType(), *sizes,
                             mapPairs(walk, lhs.getReals(), rhs.getReals(), elements, function));
  }
  auto forUnsigned =
      kind == StorageKind::Bool && meaning.forBool ? meaning.forBool : meaning.forUnsigned;
  auto apply = [&](int64_t x, int64_t y) {
    return isUnsignedKind(kind) ? static_cast<int64_t>(forUnsigned(x, y)) : meaning.forSigned(x, y);
  };
  return Tensor::fromIntegers(lhs.getElementType(), *sizes,
                              mapPairs(walk, lhs.getIntegers(), rhs.getIntegers(), elements, apply));
}

template <typename Op> static void addBinary(EvaluatorTable &table, BinaryMeaning meaning) {
  table.add<Op>([meaning](Op op, const Call &call) { return evaluateBinary(meaning, call); });
}

// Signed arithmetic that wraps: by way of unsigned words.
static int64_t addSigned(int64_t a, int64_t b) { return int64_t(uint64_t(a) + uint64_t(b)); }
static int64_t subSigned(int64_t a, int64_t b) { return int64_t(uint64_t(a) - uint64_t(b)); }
static int64_t mulSigned(int64_t a, int64_t b) { return int64_t(uint64_t(a) * uint64_t(b)); }
static int64_t truncDivSigned(int64_t a, int64_t b) {
  return b == 0 ? 0 : b == -1 ? wrapNegate(a) : a / b;
}
static int64_t fmodSigned(int64_t a, int64_t b) { return b == 0 || b == -1 ? 0 : a % b; }
static int64_t remainderSigned(int64_t a, int64_t b) {
  int64_t rest = fmodSigned(a, b);
  return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
}
static int64_t floorDivSigned(int64_t a, int64_t b) {
  int64_t quotient = truncDivSigned(a, b), rest = fmodSigned(a, b);
  return rest != 0 && (rest < 0) != (b < 0) ? quotient - 1 : quotient;
}
static uint64_t divUnsigned(uint64_t a, uint64_t b) { return b == 0 ? 0 : a / b; }
static uint64_t remUnsigned(uint64_t a, uint64_t b) { return b == 0 ? 0 : a % b; }

static uint64_t powUnsigned(uint64_t base, uint64_t exponent) {
  uint64_t result = 1;
  for (; exponent > 0; exponent >>= 1, base *= base)
    if (exponent & 1)
      result *= base;
  return result;
}
static int64_t powSigned(int64_t base, int64_t exponent) {
  if (exponent < 0)
    return base == 1 ? 1 : base == -1 ? (exponent & 1 ? -1 : 1) : 0;
  return static_cast<int64_t>(powUnsigned(base, exponent));
}

// ATen's floating-point floor division (div_floor_floating).
template <typename T> static double floorDivReal(double left, double right) {
  T a = static_cast<T>(left), b = static_cast<T>(right);
  if (b == 0)
    return a / b;
  T rest = std::fmod(a, b), quotient = (a - rest) / b;
  if (rest != 0 && (b < 0) != (rest < 0))
    quotient -= 1;
  if (quotient == 0)
    return std::copysign(T(0), a / b);
  T down = std::floor(quotient);
  return quotient - down > T(0.5) ? down + 1 : down;
}
template <typename T> static double truncDivReal(double a, double b) {
  return std::trunc(static_cast<T>(a) / static_cast<T>(b));
}
template <typename T> static double remainderReal(double left, double right) {
  T a = static_cast<T>(left), b = static_cast<T>(right), rest = std::fmod(a, b);
  return rest != 0 && (b < 0) != (rest < 0) ? rest + b : rest;
}

static double maximumReal(double a, double b) {
  return std::isnan(a) ? a : std::isnan(b) ? b : std::max(a, b);
}
static double minimumReal(double a, double b) {
  return std::isnan(a) ? a : std::isnan(b) ? b : std::min(a, b);
}

static void addArithmetic(EvaluatorTable &table) {
  constexpr auto addSingle = [](float a, float b) { return a + b; };
  constexpr auto subSingle = [](float a, float b) { return a - b; };
  constexpr auto mulSingle = [](float a, float b) { return a * b; };
  constexpr auto divSingle = [](float a, float b) { return a / b; };
  auto orBits = [](uint64_t a, uint64_t b) { return a | b; };
  auto andBits = [](uint64_t a, uint64_t b) { return a & b; };
  addBinary<AddOp>(table, {[](double a, double b) { return a + b; }, nullptr, addSigned,
                           [](uint64_t a, uint64_t b) { return a + b; }, orBits, mapRow<addSingle>});
  addBinary<SubOp>(table, {[](double a, double b) { return a - b; }, nullptr, subSigned,
                           [](uint64_t a, uint64_t b) { return a - b; }, nullptr, mapRow<subSingle>});
  addBinary<MulOp>(table, {[](double a, double b) { return a * b; }, nullptr, mulSigned,
                           [](uint64_t a, uint64_t b) { return a * b; }, andBits, mapRow<mulSingle>});
  addBinary<DivOp>(table, {[](double a, double b) { return a / b; }, nullptr, truncDivSigned,
                           divUnsigned, nullptr, mapRow<divSingle>});
  addBinary<FloorDivOp>(table, {floorDivReal<double>, floorDivReal<float>, floorDivSigned,
                                divUnsigned, nullptr});
  addBinary<TruncDivOp>(table, {truncDivReal<double>, truncDivReal<float>, truncDivSigned,
                                divUnsigned, nullptr});
  addBinary<RemainderOp>(table, {remainderReal<double>, remainderReal<float>, remainderSigned,
                                 remUnsigned, nullptr});
  addBinary<FmodOp>(table, {[](double a, double b) { return std::fmod(a, b); }, nullptr, fmodSigned,
                            remUnsigned, nullptr});
  addBinary<PowOp>(table, {math::pow, nullptr, powSigned, powUnsigned, nullptr});
  addBinary<MaximumOp>(table, {maximumReal, nullptr,
                               [](int64_t a, int64_t b) { return std::max(a, b); },
                               [](uint64_t a, uint64_t b) { return std::max(a, b); }, nullptr});
  addBinary<MinimumOp>(table, {minimumReal, nullptr,
                               [](int64_t a, int64_t b) { return std::min(a, b); },
                               [](uint64_t a, uint64_t b) { return std::min(a, b); }, nullptr});
  addBinary<Atan2Op>(table, {math::atan2, nullptr, nullptr, nullptr, nullptr});
  addBinary<AndOp>(table, {nullptr, nullptr, [](int64_t a, int64_t b) { return a & b; }, andBits, nullptr});
  addBinary<OrOp>(table, {nullptr, nullptr, [](int64_t a, int64_t b) { return a | b; }, orBits, nullptr});
  addBinary<XorOp>(table, {nullptr, nullptr, [](int64_t a, int64_t b) { return a ^ b; },
                           [](uint64_t a, uint64_t b) { return a ^ b; }, nullptr});
}

//===----------------------------------------------------------------------===//
// Compare, where
//===----------------------------------------------------------------------===//

template <typename T> static bool holds(CompareKind kind, T a, T b) {
  switch (kind) {
  case CompareKind::Eq:
    return a == b;
  case CompareKind::Ne:
    return a != b;
  case CompareKind::Lt:
    return a < b;
  case CompareKind::Le:
    return a <= b;
  case CompareKind::Gt:
    return a > b;
  case CompareKind::Ge:
    return a >= b;
  }
  llvm_unreachable("all predicates are handled");
}

static llvm::Expected<Tensor> evaluateCompare(CompareOp op, const Call &call) {
  const Tensor &lhs = call.operands[0], &rhs = call.operands[1];
  std::optional<Sizes> sizes = broadcastSizes(lhs.getSizes(), rhs.getSizes());
  if (!sizes)
    return call.fail("operand sizes do not broadcast, or the result is too large");
  llvm::Expected<Tensor> result = Tensor::create(call.resultElementType(), *sizes);
  if (!result)
    return result.takeError();
  std::vector<int64_t> left = broadcastOffsets(lhs.getSizes(), *sizes);
  std::vector<int64_t> right = broadcastOffsets(rhs.getSizes(), *sizes);
  char *out = result->getMutableBytes();
  if (lhs.isReal()) {
    std::vector<double> a = lhs.getReals(), b = rhs.getReals();
    for (size_t i = 0; i < left.size(); ++i)
      out[i] = holds(op.getKind(), a[left[i]], b[right[i]]);
    return result;
  }
  std::vector<int64_t> a = lhs.getIntegers(), b = rhs.getIntegers();
  for (size_t i = 0; i < left.size(); ++i) {
    int64_t x = a[left[i]], y = b[right[i]];
    out[i] = isUnsignedKind(lhs.getKind()) ? holds<uint64_t>(op.getKind(), x, y)
                                           : holds<int64_t>(op.getKind(), x, y);
  }
  return result;
}

static llvm::Expected<Tensor> evaluateWhere(WhereOp op, const Call &call) {
  const Tensor &condition = call.operands[0], &lhs = call.operands[1], &rhs = call.operands[2];
  std::optional<Sizes> sizes = broadcastSizes(lhs.getSizes(), rhs.getSizes());
  if (sizes)
    sizes = broadcastSizes(condition.getSizes(), *sizes);
  if (!sizes)
    return call.fail("operand sizes do not broadcast, or the result is too large");
  llvm::Expected<Tensor> yes = takeElements(lhs, *sizes, broadcastOffsets(lhs.getSizes(), *sizes));
  llvm::Expected<Tensor> no = takeElements(rhs, *sizes, broadcastOffsets(rhs.getSizes(), *sizes));
  if (!yes || !no)
    return llvm::joinErrors(yes.takeError(), no.takeError());
  std::vector<int64_t> choose = broadcastOffsets(condition.getSizes(), *sizes);
  ArrayRef<char> flags = condition.getBytes();
  uint32_t width = lhs.getElementBytes();
  char *out = yes->getMutableBytes();
  for (size_t i = 0; i < choose.size(); ++i)
    if (!flags[choose[i]])
      std::copy_n(no->getBytes().data() + i * width, width, out + i * width);
  return yes;
}

void reference::addElementwiseOps(EvaluatorTable &table) {
  addExponentialOps(table);
  addActivations(table);
  addRoundings(table);
  addArithmetic(table);
  table.add<ClampOp>(evaluateClamp);
  table.add<CastOp>(evaluateCast);
  table.add<NotOp>(evaluateNot);
  table.add<CompareOp>(evaluateCompare);
  table.add<WhereOp>(evaluateWhere);
}
