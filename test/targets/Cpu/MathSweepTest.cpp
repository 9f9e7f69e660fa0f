// SPDX-License-Identifier: Apache-2.0
//
// Every function that ExpandMath writes out, over wide ranges, against the C
// library in the next wider type: relative errors, also below one and near
// zeros. A result below the normal numbers is held to a unit of theirs. A table
// of special values is compared too: NaN, infinities, signs of zero.
#include "test/targets/Cpu/KernelRunner.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <functional>
#include <limits>
#include <random>
#include <sstream>

namespace lathe::test {
namespace {

constexpr size_t kCount = 1 << 15;

/// `body` is the right side of %r, or several lines that end in it, of %a and %b.
struct Function {
  std::string name, body;
  std::function<long double(long double, long double)> reference;
  double low, high; ///< of %a
  double bound;     ///< of the relative error
  double low2 = 0, high2 = 0;
};

std::string bodyText(const std::string &body, const std::string &type) {
  return body.find("%r = ") == std::string::npos ? "%r = " + body + " : " + type : body;
}

std::string kernelText(const Function &function, const std::string &type) {
  std::string tensor = "tensor<" + std::to_string(kCount) + "x" + type + ">";
  return "func.func @" + function.name + "(%x: " + tensor + " {lathe.access = \"read\"}, %y: " + tensor +
         " {lathe.access = \"read\"}, %out: " + tensor +
         " {lathe.access = \"write\", lathe.output}) -> " + tensor +
         " {\n%res = linalg.generic {indexing_maps = [#id, #id, #id], iterator_types = [\"parallel\"]} "
         "ins(%x, %y : " + tensor + ", " + tensor + ") outs(%out : " + tensor + ") {\n^bb0(%a: " + type +
         ", %b: " + type + ", %o: " + type + "):\n" + bodyText(function.body, type) +
         "\nlinalg.yield %r : " + type + "\n} -> " + tensor + "\nreturn %res : " + tensor + "\n}\n";
}

// Half of the numbers evenly spread, half with evenly spread exponents.
template <typename T> std::vector<T> spread(double low, double high, unsigned seed) {
  std::mt19937_64 generator(seed);
  std::uniform_real_distribution<double> even(0, 1);
  std::vector<T> values(kCount);
  double largest = std::log2(std::max(std::fabs(low), std::fabs(high)));
  double smallest = std::max<double>(std::numeric_limits<T>::min_exponent, -60);
  if (low > 0)
    smallest = std::log2(low);
  for (size_t i = 0; i < kCount; ++i) {
    double value = low + (high - low) * even(generator);
    if (i % 2 == 0)
      value = std::copysign(std::exp2(smallest + (largest - smallest) * even(generator)), value);
    values[i] = T(std::min(std::max(value, low), high));
  }
  return values;
}

template <typename T> long double relativeError(T got, long double expected) {
  T rounded = T(expected);
  if (rounded == got || (std::isnan(rounded) && std::isnan(got)))
    return 0;
  long double unit = std::numeric_limits<T>::epsilon();
  long double scale = std::max<long double>(std::fabs(expected), std::numeric_limits<T>::min());
  // The largest number and infinity are neighbours.
  bool isNeighbour = std::isinf(got) && std::fabs(expected) > std::numeric_limits<T>::max() * (1 - unit);
  return isNeighbour ? unit : std::fabs((long double)(got) - expected) / scale;
}

template <typename T> struct Worst {
  long double relative = 0;
  T at = 0, at2 = 0;
};

template <typename T>
Worst<T> worstOf(const Function &function, const std::vector<T> &a, const std::vector<T> &b,
                 const std::vector<T> &out) {
  Worst<T> worst;
  for (size_t i = 0; i < kCount; ++i) {
    long double expected = function.reference(a[i], b[i]);
    long double error = relativeError(out[i], expected);
    if (!(error <= worst.relative))
      worst = {error, a[i], b[i]};
  }
  return worst;
}

// Where a type ends: zeros, the smallest numbers, the largest, beyond them.
template <typename T> std::vector<T> specialValues() {
  using Limits = std::numeric_limits<T>;
  std::vector<T> values;
  for (T value : {T(0), Limits::denorm_min(), T(Limits::min() / 4), Limits::min(), T(0.5), T(1), T(2),
                  T(3), Limits::max(), Limits::infinity(), Limits::quiet_NaN()})
    values.insert(values.end(), {value, T(-value)});
  return values;
}

// How a result of a special value differs from the C library's: by more than
// the bound, or in its sign, also of zero.
template <typename T> std::string differs(T got, long double expected, double bound) {
  if (std::isnan(got) && std::isnan(expected))
    return "";
  bool hasSign = std::isnan(expected) || std::signbit(got) == std::signbit(expected);
  if (hasSign && relativeError(got, expected) <= bound)
    return "";
  std::ostringstream text;
  text << got << " for " << T(expected);
  return text.str();
}

template <typename T>
void checkSpecialValues(const KernelRunner &runner, size_t level, size_t index, const Function &function) {
  std::vector<T> values = specialValues<T>();
  bool isBinary = function.high2 != 0;
  std::vector<T> a(kCount, T(1)), b(kCount, T(1)), out(kCount);
  size_t count = isBinary ? values.size() * values.size() : values.size();
  for (size_t i = 0; i < count; ++i) {
    a[i] = values[i % values.size()];
    b[i] = values[i / values.size()];
  }
  runner.run(level, {a.data(), b.data(), out.data()}, {}, index, 1 << 20);
  for (size_t i = 0; i < count; ++i)
    EXPECT_EQ(differs(out[i], function.reference(a[i], b[i]), function.bound), "")
        << function.name << " of " << a[i] << (isBinary ? ", " + std::to_string(b[i]) : "") << " on "
        << runner.level(level);
}

template <typename T>
void sweep(const std::vector<Function> &functions, const std::string &type) {
  std::string text = "#id = affine_map<(i) -> (i)>\n";
  for (const Function &function : functions)
    text += kernelText(function, type);
  KernelRunner runner(text);
  for (size_t level = 0; level < runner.levelCount(); ++level) {
    std::printf("%s %s, largest relative error (in units of the last place):", type.c_str(),
                runner.level(level).c_str());
    for (const Function &function : functions) {
      std::vector<T> a = spread<T>(function.low, function.high, 1);
      std::vector<T> b = spread<T>(function.low2, function.high2, 2), out(kCount);
      size_t index = 0;
      while (runner.kernels().kernels[index].name != function.name)
        ++index;
      checkSpecialValues<T>(runner, level, index, function);
      runner.run(level, {a.data(), b.data(), out.data()}, {}, index, 1 << 20);
      Worst<T> worst = worstOf(function, a, b, out);
      std::printf(" %s %.1Le (%.1Lf)", function.name.c_str(), worst.relative,
                  worst.relative / std::numeric_limits<T>::epsilon());
      EXPECT_LE(worst.relative, function.bound)
          << function.name << " of " << worst.at << ", " << worst.at2 << " on " << runner.level(level);
    }
    std::printf("\n");
  }
}

using L = long double;
#define LATHE_UNARY(f) [](L x, L) -> L { return f(x); }

/// What sigmoid, and gelu with `erf`, are lowered to: parts of the functions
/// become one where they meet.
const char *const kLogistic = R"(%one = arith.constant 1.0 : f32
%n = arith.negf %a : f32
%e = math.exp %n fastmath<afn> : f32
%d = arith.addf %one, %e : f32
%r = arith.divf %one, %d : f32)";
const char *const kScaledErf = R"(%c = arith.constant 0.5 : f32
%p = arith.mulf %a, %c : f32
%r = math.erf %p : f32)";

TEST(MathSweep, SinglesAreWithin1e5) {
  std::vector<Function> functions = {
      {"exp", "math.exp %a", LATHE_UNARY(std::exp), -104, 89, 1e-5},
      {"exp_in_sum", "math.exp %a fastmath<afn>", LATHE_UNARY(std::exp), -86.9, 89, 1e-6},
      {"logistic", kLogistic, [](L x, L) -> L { return 1 / (1 + std::exp(-x)); }, -87, 100, 1e-6},
      {"exp2", "math.exp2 %a", LATHE_UNARY(std::exp2), -150, 128, 1e-5},
      {"expm1", "math.expm1 %a", LATHE_UNARY(std::expm1), -100, 89, 1e-5},
      {"log", "math.log %a", LATHE_UNARY(std::log), 1e-45, 3.4e38, 1e-5},
      {"log_near_one", "math.log %a", LATHE_UNARY(std::log), 0.5, 2, 1e-5},
      {"log2", "math.log2 %a", LATHE_UNARY(std::log2), 1e-45, 3.4e38, 1e-5},
      {"log2_near_one", "math.log2 %a", LATHE_UNARY(std::log2), 0.5, 2, 1e-5},
      {"log10", "math.log10 %a", LATHE_UNARY(std::log10), 1e-45, 3.4e38, 1e-5},
      {"log1p", "math.log1p %a", LATHE_UNARY(std::log1p), -0.999, 1e30, 1e-5},
      {"log1p_near_zero", "math.log1p %a", LATHE_UNARY(std::log1p), -0.5, 0.5, 1e-5},
      {"tanh", "math.tanh %a", LATHE_UNARY(std::tanh), -100, 100, 1e-5},
      {"tanh_near_zero", "math.tanh %a", LATHE_UNARY(std::tanh), -1, 1, 1e-5},
      {"erf", "math.erf %a", LATHE_UNARY(std::erf), -20, 20, 1e-5},
      {"erf_near_zero", "math.erf %a", LATHE_UNARY(std::erf), -1, 1, 1e-5},
      {"erf_of_product", kScaledErf, [](L x, L) -> L { return std::erf(x / 2); }, -40, 40, 1e-6},
      {"sin", "math.sin %a", LATHE_UNARY(std::sin), -100, 100, 1e-5},
      {"sin_far", "math.sin %a", LATHE_UNARY(std::sin), -1e5, 1e5, 1e-5},
      {"sin_everywhere", "math.sin %a", LATHE_UNARY(std::sin), -3.4e38, 3.4e38, 1e-5},
      {"cos", "math.cos %a", LATHE_UNARY(std::cos), -100, 100, 1e-5},
      {"cos_far", "math.cos %a", LATHE_UNARY(std::cos), -1e5, 1e5, 1e-5},
      {"cos_everywhere", "math.cos %a", LATHE_UNARY(std::cos), -3.4e38, 3.4e38, 1e-5},
      {"tan", "math.tan %a", LATHE_UNARY(std::tan), -1e5, 1e5, 1e-5},
      {"atan", "math.atan %a", LATHE_UNARY(std::atan), -1e6, 1e6, 1e-5},
      {"atan_near_zero", "math.atan %a", LATHE_UNARY(std::atan), -3, 3, 1e-5},
      {"sqrt", "math.sqrt %a", LATHE_UNARY(std::sqrt), 1e-45, 3.4e38, 1e-7},
      {"rsqrt", "math.rsqrt %a", [](L x, L) -> L { return 1 / std::sqrt(x); }, 1e-38, 3.4e38, 2e-7},
      {"pow", "math.powf %a, %b", [](L x, L y) -> L { return std::pow(x, y); }, 1e-10, 1e10, 1e-5, -5, 5},
      {"atan2", "math.atan2 %a, %b", [](L y, L x) -> L { return std::atan2(y, x); }, -1e30, 1e30, 1e-5,
       -1e30, 1e30},
      // Exact: no rounding happens in a remainder.
      {"fmod", "arith.remf %a, %b", [](L x, L y) -> L { return std::fmod(x, y); }, -3.4e38, 3.4e38, 0,
       -1e3, 1e3},
  };
  sweep<float>(functions, "f32");
}

TEST(MathSweep, DoublesAreWithin1e13) {
  std::vector<Function> functions = {
      {"exp", "math.exp %a", LATHE_UNARY(std::exp), -745, 709, 1e-13},
      {"exp_in_sum", "math.exp %a fastmath<afn>", LATHE_UNARY(std::exp), -708, 709.7, 1e-14},
      {"exp2", "math.exp2 %a", LATHE_UNARY(std::exp2), -1074, 1023, 1e-13},
      {"expm1", "math.expm1 %a", LATHE_UNARY(std::expm1), -100, 709, 1e-13},
      {"log", "math.log %a", LATHE_UNARY(std::log), 5e-324, 1.7e308, 1e-13},
      {"log_near_one", "math.log %a", LATHE_UNARY(std::log), 0.5, 2, 1e-13},
      {"log2", "math.log2 %a", LATHE_UNARY(std::log2), 5e-324, 1.7e308, 1e-13},
      {"log2_near_one", "math.log2 %a", LATHE_UNARY(std::log2), 0.5, 2, 1e-13},
      {"log1p", "math.log1p %a", LATHE_UNARY(std::log1p), -0.999, 1e300, 1e-13},
      {"log1p_near_zero", "math.log1p %a", LATHE_UNARY(std::log1p), -0.5, 0.5, 1e-13},
      {"tanh", "math.tanh %a", LATHE_UNARY(std::tanh), -30, 30, 1e-13},
      {"tanh_near_zero", "math.tanh %a", LATHE_UNARY(std::tanh), -1, 1, 1e-13},
      {"erf", "math.erf %a", LATHE_UNARY(std::erf), -20, 20, 1e-13},
      {"sin", "math.sin %a", LATHE_UNARY(std::sin), -1.6e6, 1.6e6, 1e-13},
      {"cos", "math.cos %a", LATHE_UNARY(std::cos), -1.6e6, 1.6e6, 1e-13},
      {"sin_far", "math.sin %a", LATHE_UNARY(std::sin), -1e30, 1e30, 1e-13},
      {"sin_everywhere", "math.sin %a", LATHE_UNARY(std::sin), -1.7e308, 1.7e308, 1e-13},
      {"cos_far", "math.cos %a", LATHE_UNARY(std::cos), -1e30, 1e30, 1e-13},
      {"cos_everywhere", "math.cos %a", LATHE_UNARY(std::cos), -1.7e308, 1.7e308, 1e-13},
      {"tan", "math.tan %a", LATHE_UNARY(std::tan), -1.6e6, 1.6e6, 1e-13},
      {"tan_everywhere", "math.tan %a", LATHE_UNARY(std::tan), -1.7e308, 1.7e308, 1e-13},
      {"atan", "math.atan %a", LATHE_UNARY(std::atan), -1e200, 1e200, 1e-13},
      {"atan_near_zero", "math.atan %a", LATHE_UNARY(std::atan), -3, 3, 1e-13},
      {"pow", "math.powf %a, %b", [](L x, L y) -> L { return std::pow(x, y); }, 1e-60, 1e60, 2e-13, -5, 5},
      {"atan2", "math.atan2 %a, %b", [](L y, L x) -> L { return std::atan2(y, x); }, -1e300, 1e300, 1e-13,
       -1e300, 1e300},
      {"fmod", "arith.remf %a, %b", [](L x, L y) -> L { return std::fmod(x, y); }, -1e300, 1e300, 0, -1e3, 1e3},
  };
  sweep<double>(functions, "f64");
}

} // namespace
} // namespace lathe::test
