// SPDX-License-Identifier: Apache-2.0
//
// exp, log and their relatives of f32 and f64, with results and arguments below
// the normal numbers; atan, erf, pow, atan2 of f64. Coefficients are series, or
// interpolate at Chebyshev nodes, computed with 60 digits. Errors are what
// test/targets/Cpu/MathSweepTest.cpp finds: below 3.3 units of the last place but
// for pow, and 7 of the logistic function.
#include "targets/Cpu/Arithmetic.h"

#include <cmath>
#include <limits>

using namespace mlir;

namespace lathe::cpu {
namespace {

using Predicate = Arithmetic::Predicate;

constexpr double kInfinity = std::numeric_limits<double>::infinity();
/// What the format decides in an exponential and in a logarithm.
struct Format {
  double ln2High, ln2Low;       ///< products of ln2High with exponents are exact
  double expLow, expHigh;       ///< beyond them exp is 0 or infinite
  double expZero;               ///< its power of two, halved, has exponent bits of 0
  unsigned logTerms;            ///< of the series
  double minNormal, toNormal;   ///< toNormal makes any number normal
  double toNormalExponent;
  int mantissaBits;
  double bias;
  int64_t one, rootHalf;        ///< bits of 1 and of sqrt(1 / 2)
  int64_t wholeMask, mantissaMask;
};

constexpr Format kSingle = {0x1.62e4p-1, 1.4286068203094173e-06, -110, 89, -87.4, 5, 0x1p-126, 0x1p25, 25,
                            23, 127, 0x3f800000, 0x3f3504f3, 0x4b000000, 0x007fffff};
constexpr Format kDouble = {0x1.62e42fefap-1, 0x1.cf79abc9e3b3ap-40, -750, 709.9, -708.5, 10, 0x1p-1022, 0x1p54,
                            54, 52, 1023, 0x3ff0000000000000, 0x3fe6a09e667f3bcd, 0x4330000000000000,
                            0x000fffffffffffff};

const Format &formatOf(const Arithmetic &at) { return at.isDouble() ? kDouble : kSingle; }

/// exp(x) = 2^whole * (1 + rest), for x within the format's bounds.
struct SplitExponential {
  Value whole, rest;
};

/// (exp(r) - 1 - r) / r^2 for |r| up to log(2) / 2: interpolated for f32, the
/// series of 12 terms for f64.
SmallVector<double> exponentialTerms(bool isDouble) {
  if (!isDouble)
    return {0.5, 0.16666576305560638, 0.041666553762567636, 0.008363292753030603,
            0.0013926325618133463};
  SmallVector<double> terms;
  double factorial = 1;
  for (unsigned i = 2; i < 14; ++i)
    terms.push_back(1 / (factorial *= i));
  return terms;
}

SplitExponential splitExponential(const Arithmetic &at, Value x) {
  const Format &format = formatOf(at);
  Value whole = at.round(at.mul(x, 1.4426950408889634));
  Value r = at.fma(whole, -format.ln2Low, at.fma(whole, -format.ln2High, x));
  Value tail = at.polynomial(r, exponentialTerms(at.isDouble()));
  return {whole, at.fma(at.mul(r, r), tail, r)};
}

Value clampTo(const Arithmetic &at, Value x, double low, double high) {
  // Unordered operands compare false: NaN stays.
  x = at.select(at.compare(Predicate::OLT, x, low), at.real(low), x);
  return at.select(at.compare(Predicate::OGT, x, high), at.real(high), x);
}

Value buildExp(const Arithmetic &at, Value x) {
  const Format &format = formatOf(at);
  SplitExponential split = splitExponential(at, clampTo(at, x, format.expLow, format.expHigh));
  return at.scale(at.add(split.rest, 1), split.whole);
}

/// sign * value.
struct Signed {
  Value value;
  double sign;
};

/// x between expZero and expHigh. Of -y it is y that is bounded: signs of
/// constants cost nothing.
Signed clampToExponents(const Arithmetic &at, Value x) {
  const Format &format = formatOf(at);
  if (auto negated = x.getDefiningOp<arith::NegFOp>())
    return {clampTo(at, negated.getOperand(), -format.expHigh, -format.expZero), -1};
  return {clampTo(at, x, format.expZero, format.expHigh), 1};
}

/// exp(sign * x) of f32 = power * exp(sign * rest), power = 2^n * scale.
struct SplitSingle {
  Value power, rest;
};

/// One sum rounds the exponent and puts it, biased, at the mantissa's end.
SplitSingle splitSingle(const Arithmetic &at, const Signed &x, double scaleExponent, bool hasFma) {
  double end = 0x1.8p23 + kSingle.bias + scaleExponent;
  Value shifted = at.fma(x.value, x.sign * 1.4426950408889634, at.real(end));
  Value power =
      at.fromBits(at.make<arith::ShLIOp>(at.bits(shifted), at.integer(kSingle.mantissaBits)));
  Value whole = at.sub(shifted, end);
  // log(2) as f32 is 1.9e-9 too large. A product that is rounded needs two parts.
  if (hasFma)
    return {power, at.fma(whole, -x.sign * 0.6931471805599453, x.value)};
  Value rest = at.fma(whole, -x.sign * kSingle.ln2High, x.value);
  return {power, at.fma(whole, -x.sign * kSingle.ln2Low, rest)};
}

/// exp(x) / 2 as a product: 2^n, within the normal numbers or 0, and a factor.
/// The largest power has no place among the exponents, its half has one; the
/// half of the smallest is 0 by the bits.
struct ExpFactors {
  Value power, factor;
};

ExpFactors buildExpFactors(const Arithmetic &at, Value x, bool hasFma) {
  const Format &format = formatOf(at);
  if (at.isDouble()) {
    SplitExponential split = splitExponential(at, clampTo(at, x, format.expZero, format.expHigh));
    return {at.powerOfTwo(split.whole, -1), at.fma(split.rest, 2, at.real(2))};
  }
  Signed y = clampToExponents(at, x);
  SplitSingle split = splitSingle(at, y, -1, hasFma);
  // 2 exp(r) = 2 + r * (...), the largest error relative to exp(r) the least: 9.2e-8.
  Value ratio = at.polynomial(split.rest, {y.sign * 1.9999994140219724, 0.9999829838371139,
                                           y.sign * 0.33335273193153193, 0.08379595086375754,
                                           y.sign * 0.01658061001647046});
  return {split.power, at.fma(ratio, split.rest, at.real(2))};
}

Value buildExpOrZero(const Arithmetic &at, Value x, bool hasFma) {
  ExpFactors factors = buildExpFactors(at, x, hasFma);
  return at.mul(factors.power, factors.factor);
}

/// 1 / (1 + exp(x)) of f32, 0 from 88 on. With Q = r / tanh(r / 2), an even
/// function, exp(r) is (Q + r) / (Q - r), whose divisor joins the other one: one
/// division and few steps, each waiting for the last. 4.4e-7 from exp; another
/// term of Q would make it 3e-10, and silu a tenth slower.
Value buildLogistic(const Arithmetic &at, Value x, bool hasFma) {
  Signed y = clampToExponents(at, x);
  SplitSingle split = splitSingle(at, y, 0, hasFma);
  Value r = split.rest;
  Value even = at.polynomial(at.mul(r, r), {2.0000125132124677, 0.16625037496163598});
  Value sum = at.add(even, r), difference = at.sub(even, r);
  if (y.sign < 0)
    std::swap(sum, difference);
  return at.div(difference, at.fma(split.power, sum, difference));
}

// exp(x) - 1 up to 50, where the 1 no longer counts.
Value buildBoundedExpM1(const Arithmetic &at, Value x) {
  SplitExponential split = splitExponential(at, clampTo(at, x, -50, 50));
  Value power = at.powerOfTwo(split.whole);
  Value sum = at.add(at.mul(power, split.rest), at.sub(power, 1));
  return at.select(at.compare(Predicate::OEQ, x, 0), x, sum); // -0 keeps its sign
}

Value buildExpM1(const Arithmetic &at, Value x) {
  Value isLarge = at.compare(Predicate::OGT, x, 50);
  return at.select(isLarge, buildExp(at, x), buildBoundedExpM1(at, x));
}

/// x = 2^exponent * mantissa with the mantissa's logarithm, for x > 0.
struct SplitLogarithm {
  Value exponent, ofMantissa;
};

SplitLogarithm splitLogarithm(const Arithmetic &at, Value x) {
  const Format &format = formatOf(at);
  Value isSmall = at.compare(Predicate::OLT, x, format.minNormal);
  Value normal = at.select(isSmall, at.mul(x, format.toNormal), x);
  // The mantissa in [sqrt(1/2), sqrt(2)): the exponent changes at sqrt(2).
  Value shifted =
      at.make<arith::AddIOp>(at.bits(normal), at.integer(format.one - format.rootHalf));
  Value field = at.make<arith::ShRUIOp>(shifted, at.integer(format.mantissaBits));
  // A whole number as the low bits of 2^mantissaBits.
  Value biased = at.fromBits(at.make<arith::OrIOp>(field, at.integer(format.wholeMask)));
  Value exponent = at.sub(biased, std::ldexp(1.0, format.mantissaBits) + format.bias);
  exponent = at.select(isSmall, at.sub(exponent, format.toNormalExponent), exponent);
  Value low = at.make<arith::AndIOp>(shifted, at.integer(format.mantissaMask));
  Value mantissa = at.fromBits(at.make<arith::AddIOp>(low, at.integer(format.rootHalf)));
  // log((1 + s) / (1 - s)) = 2 s + 2/3 s^3 + ...; with f = mantissa - 1 and
  // h = f^2 / 2 it is f - (h - s (h + z (2/3 + ...))), which rounds once.
  Value f = at.sub(mantissa, 1);
  Value s = at.div(f, at.add(f, 2));
  Value z = at.mul(s, s), half = at.mul(at.mul(f, 0.5), f);
  SmallVector<double> series;
  for (unsigned i = 0; i < format.logTerms; ++i)
    series.push_back(2.0 / (2 * i + 3));
  Value tail = at.mul(z, at.polynomial(z, series));
  Value ofMantissa = at.sub(f, at.sub(half, at.mul(s, at.add(half, tail))));
  return {exponent, ofMantissa};
}

// What a logarithm is outside of (0, infinity).
Value withLogarithmCorners(const Arithmetic &at, Value x, Value result) {
  result = at.select(at.compare(Predicate::OEQ, x, kInfinity), x, result);
  result = at.select(at.compare(Predicate::OEQ, x, 0), at.real(-kInfinity), result);
  Value isOutside = at.compare(Predicate::ULT, x, 0);
  return at.select(isOutside, at.real(std::nan("")), result);
}

Value buildLog(const Arithmetic &at, Value x) {
  SplitLogarithm split = splitLogarithm(at, x);
  Value low = at.add(at.mul(split.exponent, formatOf(at).ln2Low), split.ofMantissa);
  return withLogarithmCorners(at, x, at.add(at.mul(split.exponent, formatOf(at).ln2High), low));
}

Value buildLog2(const Arithmetic &at, Value x) {
  SplitLogarithm split = splitLogarithm(at, x);
  Value fraction = at.mul(split.ofMantissa, 1.4426950408889634);
  return withLogarithmCorners(at, x, at.add(split.exponent, fraction));
}

Value buildLog1p(const Arithmetic &at, Value x) {
  // log(u) + (what u lost) / u.
  Value u = at.add(x, 1);
  Value lost = at.sub(x, at.sub(u, 1));
  Value result = at.add(buildLog(at, u), at.div(lost, u));
  Value isPlain = at.both(at.compare(Predicate::OGT, u, 0), at.compare(Predicate::OLT, u, kInfinity));
  result = at.select(isPlain, result, buildLog(at, u));
  return at.select(at.compare(Predicate::OEQ, x, 0), x, result);
}

/// x * numerator(x^2) / denominator(x^2) for |x| up to `bound`, from where the
/// function is 1. Beyond it the ratio stays and x grows, to be cut at 1: no more
/// than the square has to be bounded before.
Value oddRatio(const Arithmetic &at, Value x, double bound, ArrayRef<double> numerator,
               ArrayRef<double> denominator) {
  Value square = at.mul(x, x), last = at.real(bound * bound);
  square = at.select(at.compare(Predicate::OGT, square, last), last, square);
  Value top = at.mul(x, at.polynomial(square, numerator));
  return clampTo(at, at.div(top, at.polynomial(square, denominator)), -1, 1);
}

/// tanh(x) of f32. As a ratio it keeps its digits near 0; 2.1e-8 from tanh,
/// the largest relative error the least.
Value buildTanhSingle(const Arithmetic &at, Value x) {
  return oddRatio(at, x, 9.02,
                  {0.9999999790155041, 0.13379722018184562, 0.0034940393220618416,
                   2.0583555900008313e-05, 1.3319167515929367e-08},
                  {1.0, 0.467130372606356, 0.025871091533054502, 0.000328310047250632,
                   7.762060259723371e-07});
}

Value buildTanh(const Arithmetic &at, Value x) {
  if (!at.isDouble())
    return buildTanhSingle(at, x);
  Value t = buildBoundedExpM1(at, at.mul(at.magnitude(x), -2));
  return at.withSign(at.div(at.negate(t), at.add(t, 2)), x);
}

/// atan(numerator / denominator), 0 <= numerator <= denominator.
Value atanOfRatio(const Arithmetic &at, Value numerator, Value denominator) {
  // Beyond tan(pi / 8): pi / 4 + atan((n - d) / (n + d)).
  Value isFar = at.compare(Predicate::OGT, numerator, at.mul(denominator, 0.41421356237309503));
  Value top = at.select(isFar, at.sub(numerator, denominator), numerator);
  Value bottom = at.select(isFar, at.add(numerator, denominator), denominator);
  Value q = at.div(top, bottom), z = at.mul(q, q);
  static const double series[] = {
      -0.33333333333333326, 0.19999999999997015, -0.1428571428532971, 0.11111111085322109,
      -0.09090908059031191, 0.07692281099937744, -0.06666205259976526, 0.05876834004614161,
      -0.05217312574061591, 0.04499500728984032, -0.03338782450121195, 0.015113765096600925};
  Value angle = at.add(at.mul(at.mul(q, z), at.polynomial(z, series)), q);
  return at.select(isFar, at.add(angle, M_PI_4), angle);
}

Value buildAtan(const Arithmetic &at, Value x) {
  Value size = at.magnitude(x);
  Value isLarge = at.compare(Predicate::OGT, size, 1.0);
  // Infinity over itself is no number: 2^600 has the same arc tangent.
  Value finite = at.select(at.compare(Predicate::OGT, size, 0x1p600), at.real(0x1p600), size);
  Value angle = atanOfRatio(at, at.select(isLarge, at.real(1), finite),
                            at.select(isLarge, finite, at.real(1)));
  angle = at.select(isLarge, at.sub(at.real(M_PI_2), angle), angle);
  return at.withSign(angle, x);
}

Value buildAtan2(const Arithmetic &at, Value y, Value x) {
  Value sizeX = at.magnitude(x), sizeY = at.magnitude(y);
  Value isSteep = at.compare(Predicate::OGT, sizeY, sizeX);
  Value small = at.select(isSteep, sizeX, sizeY), large = at.select(isSteep, sizeY, sizeX);
  // Equal infinities are at 45 degrees, zeros at 0; sums must not overflow.
  Value bothInfinite = at.compare(Predicate::OEQ, small, kInfinity);
  small = at.select(bothInfinite, at.real(1), small);
  large = at.select(bothInfinite, at.real(1), large);
  Value shrink = at.select(at.compare(Predicate::OGT, large, 0x1p1000), at.real(0x1p-4), at.real(1));
  large = at.select(at.compare(Predicate::OEQ, large, 0), at.real(1), large);
  small = at.select(at.compare(Predicate::OEQ, large, kInfinity), at.real(0), small);
  large = at.select(at.compare(Predicate::OEQ, large, kInfinity), at.real(1), large);
  Value angle = atanOfRatio(at, at.mul(small, shrink), at.mul(large, shrink));
  angle = at.select(isSteep, at.sub(at.real(M_PI_2), angle), angle);
  angle = at.select(at.isNegative(x), at.sub(at.real(M_PI), angle), angle);
  angle = at.withSign(angle, y);
  return at.select(at.compare(Predicate::UNO, x, y), at.add(x, y), angle);
}

/// erf(x) of f32, from 3.68 on 1: 1.4e-7 from erf, the largest relative error
/// the least. A constant factor of x becomes one of the coefficients.
Value buildErfSingle(const Arithmetic &at, Value x) {
  static const double numerator[] = {1.1283790144535526, 0.2683492681399425, 0.060707447894291694,
                                     0.00654569970979509, 0.00024406930194671158};
  static const double denominator[] = {1.0, 0.5711473676371494, 0.1442052857164484, 0.02051944932728523,
                                       0.001651881983639852, 1.4992417896349337e-05};
  double factor = 1;
  auto product = x.getDefiningOp<arith::MulFOp>();
  APFloat constant(0.0f);
  // Its powers stay far from where numbers end.
  if (product && matchPattern(product.getRhs(), m_ConstantFloat(&constant)) &&
      std::fabs(std::log2(std::fabs(constant.convertToFloat()))) < 4) {
    x = product.getLhs();
    factor = constant.convertToFloat();
  }
  auto scaled = [&](ArrayRef<double> coefficients, double power) {
    SmallVector<double> result;
    for (double coefficient : coefficients) {
      result.push_back(coefficient * power);
      power *= factor * factor;
    }
    return result;
  };
  return oddRatio(at, x, 3.68 / std::fabs(factor), scaled(numerator, factor), scaled(denominator, 1));
}

Value buildErf(const Arithmetic &at, Value x) {
  if (!at.isDouble())
    return buildErfSingle(at, x);
  Value size = at.magnitude(x);
  static const double inner[] = {
      1.1283791670955126, -0.3761263890318375, 0.11283791670954879, -0.026866170645076792,
      0.0052239776248180145, -0.000854832698083379, 0.0001205533111164271, -1.4925595266831182e-05,
      1.6461000484121368e-06, -1.6350312701054695e-07, 1.4659775274047436e-08,
      -1.1372848856791674e-09, 5.957176147748911e-11};
  Value nearZero = at.mul(size, at.polynomial(at.mul(size, size), inner));
  // From 1 on: 1 - exp(-x^2) times a polynomial of (x - 2.5) / (x + 2.5).
  static const double outer[] = {
      0.2108063640611436, -0.37173673394897333, 0.2517131932174492, -0.12503305237882892,
      0.03992253907559317, -0.003993701165892015, -0.0026423659647912615, 0.0008759154514255455,
      0.00022838039345391708, -0.00012887719743195293, -3.4182479158407944e-05,
      1.8614755740620222e-05, 7.554944060575972e-06, -2.300044945205947e-06,
      -1.8153747236957426e-06, 8.437733695417705e-08, 3.852788842266889e-07,
      6.023739069612537e-08, -5.268754358611536e-08};
  // Beyond 6 the result is 1; the largest argument is cut before it overflows.
  Value cut = clampTo(at, size, 0, 6.5);
  Value t = at.div(at.sub(cut, 2.5), at.add(cut, 2.5));
  Value rest = at.mul(buildExp(at, at.negate(at.mul(cut, cut))), at.polynomial(t, outer));
  Value far = at.sub(at.real(1), rest);
  return at.withSign(at.select(at.compare(Predicate::OLT, size, 1.0), nearZero, far), x);
}

/// x**y as exp(y * log|x|), with the sign and the corners of IEEE 754. The
/// error grows with the logarithm of the result: 2e-13 at its largest.
Value buildPow(const Arithmetic &at, Value x, Value y) {
  Value size = at.magnitude(x);
  Value result = buildExp(at, at.mul(y, buildLog(at, size)));
  // 1 has every power, also the infinite ones.
  result = at.select(at.compare(Predicate::OEQ, size, 1.0), at.real(1), result);
  Value isWhole = at.compare(Predicate::OEQ, at.floor(y), y);
  Value half = at.mul(y, 0.5);
  Value isEven = at.compare(Predicate::OEQ, at.floor(half), half);
  Value negated = at.select(isEven, result, at.negate(result));
  // Zero and infinity have powers that are not whole; other negatives none.
  Value isFinite = at.both(at.compare(Predicate::OGT, size, 0), at.compare(Predicate::OLT, size, kInfinity));
  Value ofBroken = at.select(isFinite, at.real(std::nan("")), result);
  Value ofNegative = at.select(isWhole, negated, ofBroken);
  result = at.select(at.isNegative(x), ofNegative, result);
  result = at.select(at.compare(Predicate::UNO, x, y), at.add(x, y), result);
  // 1**y and x**0 are one, even where the other operand is NaN.
  result = at.select(at.compare(Predicate::OEQ, x, 1.0), at.real(1), result);
  return at.select(at.compare(Predicate::OEQ, y, 0), at.real(1), result);
}

/// One function; of f64 alone where upstream has a good one of f32.
template <typename Op, Value (*build)(const Arithmetic &, Value), bool hasSingle>
struct ExpandUnary : OpRewritePattern<Op> {
  using OpRewritePattern<Op>::OpRewritePattern;
  LogicalResult matchAndRewrite(Op op, PatternRewriter &rewriter) const override {
    Arithmetic at(rewriter, op.getLoc(), op.getType());
    Type element = getElementTypeOrSelf(op.getType());
    if (!element.isF64() && !(hasSingle && element.isF32()))
      return rewriter.notifyMatchFailure(op, "no function of this type");
    rewriter.replaceOp(op, build(at, op.getOperand()));
    return success();
  }
};

/// Who takes approximations adds 1 to the result, or a sum that is larger.
bool mayBeZero(math::ExpOp op) {
  return bitEnumContainsAll(op.getFastmath(), arith::FastMathFlags::afn);
}

/// The sum 1 + exp(x) that takes approximations of `power`, its only user.
arith::AddFOp onePlus(math::ExpOp power) {
  if (!mayBeZero(power) || !power->hasOneUse())
    return {};
  auto sum = dyn_cast<arith::AddFOp>(*power->user_begin());
  if (!sum)
    return {};
  Value other = sum.getLhs() == power.getResult() ? sum.getRhs() : sum.getLhs();
  return matchPattern(other, m_OneFloat()) ? sum : arith::AddFOp();
}

/// The division by `onePlus` if that is its divisor alone, of f32.
arith::DivFOp divisionBy(arith::AddFOp onePlus) {
  if (!onePlus || !onePlus->hasOneUse() || !getElementTypeOrSelf(onePlus.getType()).isF32())
    return {};
  auto division = dyn_cast<arith::DivFOp>(*onePlus->user_begin());
  return division && division.getRhs() == onePlus.getResult()
             ? division
             : arith::DivFOp();
}

struct ExpandExp : OpRewritePattern<math::ExpOp> {
  ExpandExp(MLIRContext *context, bool hasFma, PatternBenefit benefit)
      : OpRewritePattern(context, benefit), hasFma(hasFma) {}
  LogicalResult matchAndRewrite(math::ExpOp op, PatternRewriter &rewriter) const override {
    Arithmetic at(rewriter, op.getLoc(), op.getType());
    Type element = getElementTypeOrSelf(op.getType());
    if (!element.isF32() && !element.isF64())
      return rewriter.notifyMatchFailure(op, "neither f32 nor f64");
    Value x = op.getOperand();
    arith::AddFOp sum = onePlus(op);
    if (arith::DivFOp division = divisionBy(sum)) {
      Value dividend = division.getLhs(), result = buildLogistic(at, x, hasFma);
      rewriter.setInsertionPoint(division);
      if (!matchPattern(dividend, m_OneFloat()))
        result = at.mul(dividend, result);
      rewriter.replaceOp(division, result);
      rewriter.eraseOp(sum);
      rewriter.eraseOp(op);
      return success();
    }
    // Power, factor and sum are one instruction.
    if (sum) {
      ExpFactors factors = buildExpFactors(at, x, hasFma);
      rewriter.replaceOp(sum, at.fma(factors.power, factors.factor, at.real(1)));
      rewriter.eraseOp(op);
      return success();
    }
    rewriter.replaceOp(op, mayBeZero(op) ? buildExpOrZero(at, x, hasFma) : buildExp(at, x));
    return success();
  }

  bool hasFma;
};

/// A function of two numbers in f64, also where they are f32.
template <typename Op, Value (*build)(const Arithmetic &, Value, Value)>
struct ExpandBinary : OpRewritePattern<Op> {
  using OpRewritePattern<Op>::OpRewritePattern;
  LogicalResult matchAndRewrite(Op op, PatternRewriter &rewriter) const override {
    Arithmetic given(rewriter, op.getLoc(), op.getType());
    Type element = getElementTypeOrSelf(op.getType());
    if (!element.isF32() && !element.isF64())
      return rewriter.notifyMatchFailure(op, "neither f32 nor f64");
    Arithmetic at(rewriter, op.getLoc(), given.shaped(rewriter.getF64Type()));
    Value lhs = op.getLhs(), rhs = op.getRhs();
    if (element.isF32()) {
      lhs = at.make<arith::ExtFOp>(at.type, lhs);
      rhs = at.make<arith::ExtFOp>(at.type, rhs);
    }
    Value result = build(at, lhs, rhs);
    if (element.isF32())
      result = at.make<arith::TruncFOp>(op.getType(), result);
    rewriter.replaceOp(op, result);
    return success();
  }
};

/// 2^x as 2^n * exp((x - n) * log(2)): the difference is exact.
struct ExpandExp2 : OpRewritePattern<math::Exp2Op> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(math::Exp2Op op, PatternRewriter &rewriter) const override {
    Arithmetic at(rewriter, op.getLoc(), op.getType());
    Type element = getElementTypeOrSelf(op.getType());
    if (!element.isF32() && !element.isF64())
      return rewriter.notifyMatchFailure(op, "neither f32 nor f64");
    double bound = at.isDouble() ? 1100 : 160;
    Value x = clampTo(at, op.getOperand(), -bound, bound);
    Value whole = at.round(x);
    Value fraction = at.make<math::ExpOp>(at.mul(at.sub(x, whole), M_LN2));
    rewriter.replaceOp(op, at.scale(fraction, whole));
    return success();
  }
};

struct ExpandLog10 : OpRewritePattern<math::Log10Op> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(math::Log10Op op, PatternRewriter &rewriter) const override {
    Type element = getElementTypeOrSelf(op.getType());
    if (!element.isF32() && !element.isF64())
      return rewriter.notifyMatchFailure(op, "neither f32 nor f64");
    Arithmetic at(rewriter, op.getLoc(), op.getType());
    Value binary = at.make<math::Log2Op>(op.getOperand());
    rewriter.replaceOp(op, at.mul(binary, 0.30102999566398120));
    return success();
  }
};

} // namespace

void populateFunctionPatterns(RewritePatternSet &patterns, bool hasFma) {
  patterns.add<ExpandExp>(patterns.getContext(), hasFma, /*benefit=*/10);
  patterns.add<ExpandUnary<math::ExpM1Op, buildExpM1, true>,
               ExpandUnary<math::LogOp, buildLog, true>, ExpandUnary<math::Log2Op, buildLog2, true>,
               ExpandUnary<math::Log1pOp, buildLog1p, true>, ExpandUnary<math::TanhOp, buildTanh, true>,
               ExpandUnary<math::AtanOp, buildAtan, false>, ExpandUnary<math::ErfOp, buildErf, true>,
               ExpandBinary<math::Atan2Op, buildAtan2>, ExpandBinary<math::PowFOp, buildPow>,
               ExpandExp2, ExpandLog10>(patterns.getContext(), /*benefit=*/10);
}

} // namespace lathe::cpu
