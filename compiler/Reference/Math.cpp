// SPDX-License-Identifier: Apache-2.0
#include "compiler/Reference/Math.h"

#include "llvm/ADT/APInt.h"
#include "llvm/ADT/ArrayRef.h"
#include <cmath>
#include <cstring>
#include <limits>

using namespace lathe;

// ln 2 in two parts; the high part has 32 bits, so that its product with an
// exponent is exact.
static constexpr double kLn2High = 0x1.62e42fee00000p-1;
static constexpr double kLn2Low = 0x1.a39ef35793c76p-33;
static constexpr double kLog2E = 0x1.71547652b82fep+0;
static constexpr double kLog10Of2 = 0x1.34413509f79ffp-2;
static constexpr double kLog10E = 0x1.bcb7b1526e50ep-2;
static constexpr double kHalfPi = 0x1.921fb54442d18p+0;
static constexpr double kHalfPiLow = 0x1.1a62633145c07p-54;
static constexpr double kPi = 0x1.921fb54442d18p+1;
static constexpr double kInfinity = std::numeric_limits<double>::infinity();
static constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

//===----------------------------------------------------------------------===//
// Exponentials
//===----------------------------------------------------------------------===//

// exp(r) - 1 for |r| <= 0.36: Horner's form of the Taylor series; the first
// term left out is below 2^-57.
static double expm1Reduced(double r) {
  double sum = 0;
  for (int n = 15; n >= 1; --n)
    sum = r / n * (1 + sum);
  return sum;
}

double math::exp(double x) {
  if (std::isnan(x))
    return x;
  if (x > 710)
    return kInfinity;
  if (x < -746)
    return 0;
  double k = std::nearbyint(x * kLog2E);
  double r = (x - k * kLn2High) - k * kLn2Low;
  return std::ldexp(1 + expm1Reduced(r), static_cast<int>(k));
}

double math::exp2(double x) {
  if (std::isnan(x))
    return x;
  if (x > 1025)
    return kInfinity;
  if (x < -1080)
    return 0;
  double k = std::nearbyint(x);
  return std::ldexp(1 + expm1Reduced((x - k) * (kLn2High + kLn2Low)), static_cast<int>(k));
}

double math::expm1(double x) {
  if (std::isnan(x) || x == 0)
    return x;
  return std::fabs(x) <= 0.36 ? expm1Reduced(x) : exp(x) - 1;
}

double math::sigmoid(double x) {
  // exp of a negative argument only: it cannot overflow.
  double decay = exp(-std::fabs(x));
  return x >= 0 ? 1 / (1 + decay) : (std::isnan(x) ? x : decay / (1 + decay));
}

double math::tanh(double x) {
  if (std::isnan(x) || x == 0)
    return x;
  double t = expm1(2 * std::fabs(x));
  double magnitude = std::fabs(x) > 20 ? 1 : t / (t + 2);
  return std::copysign(magnitude, x);
}

//===----------------------------------------------------------------------===//
// Logarithms
//===----------------------------------------------------------------------===//

// log((1 + s) / (1 - s)) = 2 (s + s^3/3 + s^5/5 + ...), |s| <= 0.26.
static double logSeries(double s) {
  double square = s * s, sum = 0;
  for (int n = 33; n >= 1; n -= 2)
    sum = sum * square + 1.0 / n;
  return 2 * s * sum;
}

// x = 2^exponent * m with m in [sqrt(1/2), sqrt(2)); returns log(m).
static double splitLog(double x, int &exponent) {
  double m = std::frexp(x, &exponent);
  if (m < 0.70710678118654752) {
    m *= 2;
    --exponent;
  }
  return logSeries((m - 1) / (m + 1));
}

static bool logSpecial(double x, double &result) {
  if (x > 0 && x < kInfinity)
    return false;
  result = x == 0 ? -kInfinity : (x < 0 ? kNan : x);
  return true;
}

double math::log(double x) {
  double special;
  if (logSpecial(x, special))
    return special;
  int exponent;
  double fraction = splitLog(x, exponent);
  return exponent * kLn2High + (fraction + exponent * kLn2Low);
}

double math::log2(double x) {
  double special;
  if (logSpecial(x, special))
    return special;
  int exponent;
  double fraction = splitLog(x, exponent);
  return exponent + fraction * kLog2E;
}

double math::log10(double x) {
  double special;
  if (logSpecial(x, special))
    return special;
  int exponent;
  double fraction = splitLog(x, exponent);
  return exponent * kLog10Of2 + fraction * kLog10E;
}

double math::log1p(double x) {
  if (std::isnan(x) || x == 0)
    return x;
  if (x < -0.4 || x > 0.7)
    return log(1 + x);
  return logSeries(x / (2 + x));
}

//===----------------------------------------------------------------------===//
// Trigonometry
//===----------------------------------------------------------------------===//

// 2 / pi * 2^1216, lowest word first: enough for every double's reduction.
static constexpr uint64_t kTwoOverPi[19] = {
    0x56033046fc7b6babULL, 0x6bfb5fb11f8d5d08ULL, 0x3d0739f78a5292eaULL, 0x7527bac7ebe5f17bULL,
    0x4f463f669e5fea2dULL, 0x6d367ecf27cb09b7ULL, 0xef2f118b5a0a6d1fULL, 0x1ff897ffde05980fULL,
    0x9c845f8bbdf9283bULL, 0x3991d639835339f4ULL, 0xe99c7026b45f7e41ULL, 0xe88235f52ebb4484ULL,
    0xfe1deb1cb129a73eULL, 0x06492eea09d1921cULL, 0xb7246e3a424dd2e0ULL, 0xfe5163abdebbc561ULL,
    0xdb6295993c439041ULL, 0xfc2757d1f534ddc0ULL, 0xa2f9836e4e441529ULL};
static constexpr int kTwoOverPiBits = 1216;

// A finite |x| as quadrant * pi/2 + r with |r| <= pi/4, by exact integer
// arithmetic: the product with 2/pi keeps all its bits.
static double reduce(double x, unsigned &quadrant) {
  quadrant = 0;
  if (x <= 0.78)
    return x;
  int exponent;
  double fraction = std::frexp(x, &exponent);
  uint64_t mantissa = static_cast<uint64_t>(std::ldexp(fraction, 53));
  llvm::APInt product(kTwoOverPiBits + 64, llvm::ArrayRef<uint64_t>(kTwoOverPi));
  product *= llvm::APInt(kTwoOverPiBits + 64, mantissa);
  // x * 2/pi = product * 2^-point, exponent <= 1024.
  unsigned point = kTwoOverPiBits + 53 - exponent;
  quadrant = product.lshr(point).trunc(64).getZExtValue() & 3;
  llvm::APInt part = product & llvm::APInt::getLowBitsSet(product.getBitWidth(), point);
  bool above = part[point - 1];
  if (above) {
    part = llvm::APInt::getOneBitSet(product.getBitWidth(), point) - part;
    quadrant = (quadrant + 1) & 3;
  }
  unsigned active = part.getActiveBits();
  if (active == 0)
    return 0;
  unsigned drop = active > 62 ? active - 62 : 0;
  double turn = std::ldexp(static_cast<double>(part.lshr(drop).trunc(64).getZExtValue()),
                           static_cast<int>(drop) - static_cast<int>(point));
  double r = turn * kHalfPi;
  return above ? -r : r;
}

static double sinSeries(double r) {
  double square = r * r, sum = 0;
  for (int n = 19; n >= 3; n -= 2)
    sum = -square / (n * (n - 1)) * (1 + sum);
  return r + r * sum;
}
static double cosSeries(double r) {
  double square = r * r, sum = 0;
  for (int n = 20; n >= 2; n -= 2)
    sum = -square / (n * (n - 1)) * (1 + sum);
  return 1 + sum;
}

double math::sin(double x) {
  if (std::isnan(x) || std::isinf(x) || x == 0)
    return std::isinf(x) ? kNan : x;
  unsigned quadrant;
  double r = reduce(std::fabs(x), quadrant);
  double value = quadrant & 1 ? cosSeries(r) : sinSeries(r);
  return (quadrant & 2) != 0 ? (x < 0 ? value : -value) : (x < 0 ? -value : value);
}

double math::cos(double x) {
  if (std::isnan(x) || std::isinf(x))
    return kNan;
  unsigned quadrant;
  double r = reduce(std::fabs(x), quadrant);
  double value = quadrant & 1 ? sinSeries(r) : cosSeries(r);
  return quadrant == 1 || quadrant == 2 ? -value : value;
}

double math::tan(double x) {
  if (std::isnan(x) || std::isinf(x) || x == 0)
    return std::isinf(x) ? kNan : x;
  return sin(x) / cos(x);
}

// |x| <= 0.42: x - x^3/3 + x^5/5 - ...
static double atanSeries(double x) {
  double square = x * x, sum = 0;
  for (int n = 45; n >= 3; n -= 2)
    sum = -square * (1.0 / n + sum);
  return x + x * sum;
}

double math::atan(double x) {
  if (std::isnan(x) || x == 0)
    return x;
  double magnitude = std::fabs(x), result;
  if (magnitude <= 0.4142135623730951)
    result = atanSeries(magnitude);
  else if (magnitude <= 2.414213562373095)
    result = kHalfPi / 2 + (atanSeries((magnitude - 1) / (magnitude + 1)) + kHalfPiLow / 2);
  else
    result = kHalfPi - (atanSeries(1 / magnitude) - kHalfPiLow);
  return std::copysign(result, x);
}

double math::atan2(double y, double x) {
  if (std::isnan(x) || std::isnan(y))
    return kNan;
  double ay = std::fabs(y), ax = std::fabs(x), angle;
  if (ay == 0)
    angle = 0;
  else if (ax == 0)
    angle = kHalfPi;
  else if (std::isinf(ay) || std::isinf(ax))
    angle = !std::isinf(ax) ? kHalfPi : (std::isinf(ay) ? kHalfPi / 2 : 0);
  else
    angle = atan(ay / ax);
  if (std::signbit(x))
    angle = kPi - angle;
  return std::copysign(angle, y);
}

//===----------------------------------------------------------------------===//
// Error function, powers
//===----------------------------------------------------------------------===//

double math::erf(double x) {
  if (std::isnan(x) || x == 0)
    return x;
  constexpr double twoOverRootPi = 0x1.20dd750429b6dp+0, oneOverRootPi = 0x1.20dd750429b6dp-1;
  double a = std::fabs(x), result;
  if (a > 6) {
    result = 1;
  } else if (a < 2) {
    // 2/sqrt(pi) exp(-x^2) sum of 2^n x^(2n+1) / (2n+1)!!, all terms positive.
    double term = a, sum = a;
    for (int n = 1; n < 60; ++n) {
      term *= 2 * a * a / (2 * n + 1);
      sum += term;
    }
    result = twoOverRootPi * exp(-a * a) * sum;
  } else {
    // The continued fraction of erfc, from its tail.
    double fraction = a;
    for (int n = 150; n >= 1; --n)
      fraction = a + n * 0.5 / fraction;
    result = 1 - oneOverRootPi * exp(-a * a) / fraction;
  }
  return std::copysign(result, x);
}

// |base|^exponent for a small whole exponent, by squaring.
static double wholePower(double base, int exponent) {
  double result = 1;
  for (int left = std::abs(exponent); left > 0; left >>= 1, base *= base)
    if (left & 1)
      result *= base;
  return exponent < 0 ? 1 / result : result;
}

double math::pow(double base, double exponent) {
  if (exponent == 0 || base == 1)
    return 1;
  if (std::isnan(base) || std::isnan(exponent))
    return kNan;
  double magnitude = std::fabs(base);
  if (std::isinf(exponent)) {
    if (magnitude == 1)
      return 1;
    return (magnitude > 1) == (exponent > 0) ? kInfinity : 0;
  }
  bool whole = std::floor(exponent) == exponent;
  bool odd = whole && std::fmod(exponent, 2) != 0;
  bool negative = std::signbit(base) && odd;
  double result;
  if (magnitude == 0 || std::isinf(magnitude))
    result = (magnitude == 0) == (exponent < 0) ? kInfinity : 0;
  else if (base < 0 && !whole)
    return kNan;
  else if (whole && std::fabs(exponent) <= 16)
    result = wholePower(magnitude, static_cast<int>(exponent));
  else if (exponent == 0.5)
    result = std::sqrt(magnitude);
  else if (exponent == -0.5)
    result = 1 / std::sqrt(magnitude);
  else
    result = exp(exponent * log(magnitude));
  return negative ? -result : result;
}
