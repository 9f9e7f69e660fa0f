// SPDX-License-Identifier: Apache-2.0
#include "test/targets/Cpu/KernelRunner.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace lathe::test {
namespace {

constexpr const char *chain = R"mlir(
#id = affine_map<(i, j) -> (i, j)>
#col = affine_map<(i, j) -> (j)>
func.func @chain(
    %x: tensor<?x?xf32> {lathe.access = "read", lathe.dim_args = array<i64: 3, 4>},
    %b: tensor<?xf32> {lathe.access = "read", lathe.dim_args = array<i64: 4>},
    %out: tensor<?x?xf32> {lathe.access = "write", lathe.output, lathe.dim_args = array<i64: 3, 4>},
    %m: index {lathe.size, lathe.size_max = 512 : i64},
    %n: index {lathe.size, lathe.size_max = 512 : i64}) -> tensor<?x?xf32> {
  %empty = tensor.empty(%m, %n) : tensor<?x?xf32>
  %zero = arith.constant 0.0 : f32
  %sum = linalg.generic {indexing_maps = [#id, #col, #id], iterator_types = ["parallel", "parallel"]}
      ins(%x, %b : tensor<?x?xf32>, tensor<?xf32>) outs(%empty : tensor<?x?xf32>) {
    ^bb0(%a: f32, %c: f32, %o: f32):
      %s = arith.addf %a, %c : f32
      linalg.yield %s : f32
  } -> tensor<?x?xf32>
  %res = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]}
      ins(%sum : tensor<?x?xf32>) outs(%out : tensor<?x?xf32>) {
    ^bb0(%a: f32, %o: f32):
      %r = arith.maximumf %a, %zero : f32
      %e = math.exp %r : f32
      linalg.yield %e : f32
  } -> tensor<?x?xf32>
  return %res : tensor<?x?xf32>
})mlir";

TEST(Elementwise, ChainWithBroadcastOfAnySize) {
  KernelRunner runner(chain);
  for (size_t level = 0; level < runner.levelCount(); ++level)
    for (int64_t m : {0, 1, 7, 64})
      for (int64_t n : {0, 1, 5, 8, 31, 64, 129}) {
        auto x = randomFloats(m * n, 1), b = randomFloats(n, 2);
        std::vector<float> out(m * n, -7), expected(m * n);
        if (m * n > 3)
          x[3] = std::numeric_limits<float>::quiet_NaN();
        for (int64_t i = 0; i < m * n; ++i) {
          float sum = x[i] + b[i % n];
          expected[i] = std::exp(sum < 0 ? 0 : sum);
        }
        runner.run(level, {x.data(), b.data(), out.data()}, {m, n});
        expectClose(out, expected, 1e-6, runner.level(level));
      }
}

std::string unary(const std::string &body) {
  return R"mlir(
#id = affine_map<(i) -> (i)>
func.func @unary(
    %x: tensor<1003xf32> {lathe.access = "read"},
    %out: tensor<1003xf32> {lathe.access = "write", lathe.output}) -> tensor<1003xf32> {
  %res = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]}
      ins(%x : tensor<1003xf32>) outs(%out : tensor<1003xf32>) {
    ^bb0(%a: f32, %o: f32):
      )mlir" + body + R"mlir(
      linalg.yield %r : f32
  } -> tensor<1003xf32>
  return %res : tensor<1003xf32>
})mlir";
}

struct Function {
  const char *name;
  const char *body;
  double (*reference)(double);
  float low, high, tolerance;
};

class UnaryTest : public testing::TestWithParam<Function> {};

TEST_P(UnaryTest, MatchesTheReference) {
  Function function = GetParam();
  KernelRunner runner(unary(function.body));
  auto x = randomFloats(1003, 5, function.low, function.high);
  std::vector<float> expected;
  for (float value : x)
    expected.push_back(function.reference(value));
  for (size_t level = 0; level < runner.levelCount(); ++level) {
    std::vector<float> out(1003, -7);
    runner.run(level, {x.data(), out.data()});
    expectClose(out, expected, function.tolerance, runner.level(level));
  }
}

const Function functions[] = {
    {"exp", "%r = math.exp %a : f32", std::exp, -80, 80, 1e-6},
    {"exp2", "%r = math.exp2 %a : f32", std::exp2, -100, 100, 1e-5},
    {"expm1", "%r = math.expm1 %a : f32", std::expm1, -5, 5, 1e-6},
    {"log", "%r = math.log %a : f32", std::log, 1e-6, 1e6, 1e-6},
    {"log2", "%r = math.log2 %a : f32", std::log2, 1e-6, 1e6, 1e-6},
    {"log1p", "%r = math.log1p %a : f32", std::log1p, -0.9, 10, 1e-6},
    {"tanh", "%r = math.tanh %a : f32", std::tanh, -10, 10, 1e-6},
    {"erf", "%r = math.erf %a : f32", std::erf, -5, 5, 1e-6},
    {"sin", "%r = math.sin %a : f32", std::sin, -50, 50, 1e-5},
    {"cos", "%r = math.cos %a : f32", std::cos, -50, 50, 1e-5},
    {"tan", "%r = math.tan %a : f32", std::tan, -1.5, 1.5, 1e-5},
    {"atan", "%r = math.atan %a : f32", std::atan, -50, 50, 5e-6},
    {"sqrt", "%r = math.sqrt %a : f32", std::sqrt, 0, 1e6, 1e-7},
    {"rsqrt", "%r = math.rsqrt %a : f32",
     [](double x) { return 1 / std::sqrt(x); }, 1e-3, 1e6, 1e-6},
    {"floor", "%r = math.floor %a : f32", std::floor, -50, 50, 0},
    {"ceil", "%r = math.ceil %a : f32", std::ceil, -50, 50, 0},
    {"trunc", "%r = math.trunc %a : f32", std::trunc, -50, 50, 0},
    {"roundeven", "%r = math.roundeven %a : f32", std::nearbyint, -50, 50, 0},
    {"pow", "%c = arith.constant 2.5 : f32\n%r = math.powf %a, %c : f32",
     [](double x) { return std::pow(x, 2.5); }, 0, 50, 1e-5},
    {"powOdd", "%c = arith.constant 3.0 : f32\n%r = math.powf %a, %c : f32",
     [](double x) { return x * x * x; }, -20, 20, 1e-5},
    {"fma", "%r = math.fma %a, %a, %a : f32",
     [](double x) { return x * x + x; }, -5, 5, 1e-6},
    {"rem", "%c = arith.constant 0.75 : f32\n%r = arith.remf %a, %c : f32",
     [](double x) { return std::fmod(x, 0.75); }, -50, 50, 1e-6},
    {"toInt", "%i = arith.fptosi %a : f32 to i32\n%r = arith.sitofp %i : i32 to f32",
     [](double x) { return x >= 2147483647.0 ? 2147483648.0 : x <= -2147483648.0 ? -2147483648.0 : std::trunc(x); },
     -1e10, 1e10, 0},
    {"toByte", "%i = arith.fptoui %a : f32 to i8\n%r = arith.uitofp %i : i8 to f32",
     [](double x) { return x < 0 ? 0 : x > 255 ? 255 : std::trunc(x); }, -300,
     300, 0},
    {"bf16", "%t = arith.truncf %a : f32 to bf16\n%r = arith.extf %t : bf16 to f32",
     [](double x) { return x; }, -5, 5, 4e-3},
    {"f16", "%t = arith.truncf %a : f32 to f16\n%r = arith.extf %t : f16 to f32",
     [](double x) { return x; }, -5, 5, 5e-4},
    {"divideByZero",
     "%i = arith.fptosi %a : f32 to i32\n%z = arith.subi %i, %i : i32\n"
     "%d = arith.divsi %i, %z : i32\n%r = arith.sitofp %d : i32 to f32",
     std::trunc, -50, 50, 0},
};

INSTANTIATE_TEST_SUITE_P(Functions, UnaryTest, testing::ValuesIn(functions),
                         [](const auto &info) { return info.param.name; });

TEST(Elementwise, TruthValuesAreBytes) {
  KernelRunner runner(R"mlir(
#id = affine_map<(i) -> (i)>
func.func @where(
    %x: tensor<37xf32> {lathe.access = "read"},
    %mask: tensor<37xi1> {lathe.access = "read"},
    %out: tensor<37xi1> {lathe.access = "write", lathe.output}) -> tensor<37xi1> {
  %zero = arith.constant 0.0 : f32
  %res = linalg.generic {indexing_maps = [#id, #id, #id], iterator_types = ["parallel"]}
      ins(%x, %mask : tensor<37xf32>, tensor<37xi1>) outs(%out : tensor<37xi1>) {
    ^bb0(%a: f32, %m: i1, %o: i1):
      %p = arith.cmpf ogt, %a, %zero : f32
      %r = arith.andi %p, %m : i1
      linalg.yield %r : i1
  } -> tensor<37xi1>
  return %res : tensor<37xi1>
})mlir");
  auto x = randomFloats(37, 3);
  std::vector<uint8_t> mask(37), expected(37);
  for (int i = 0; i < 37; ++i) {
    mask[i] = i % 3 != 0;
    expected[i] = x[i] > 0 && mask[i];
  }
  for (size_t level = 0; level < runner.levelCount(); ++level) {
    std::vector<uint8_t> out(37, 9);
    runner.run(level, {x.data(), mask.data(), out.data()});
    EXPECT_EQ(out, expected) << runner.level(level);
  }
}

TEST(Elementwise, TransposeAndGather) {
  KernelRunner runner(R"mlir(
#out = affine_map<(i, j) -> (i, j)>
#in = affine_map<(i, j) -> (j, i)>
#row = affine_map<(i, j) -> (i)>
func.func @gather(
    %table: tensor<20x33xf32> {lathe.access = "read"},
    %index: tensor<13xi64> {lathe.access = "read"},
    %out: tensor<13x33xf32> {lathe.access = "write", lathe.output}) -> tensor<13x33xf32> {
  %res = linalg.generic {indexing_maps = [#row, #out], iterator_types = ["parallel", "parallel"]}
      ins(%index : tensor<13xi64>) outs(%out : tensor<13x33xf32>) {
    ^bb0(%i: i64, %o: f32):
      %at = arith.index_cast %i : i64 to index
      %j = linalg.index 1 : index
      %v = tensor.extract %table[%at, %j] : tensor<20x33xf32>
      linalg.yield %v : f32
  } -> tensor<13x33xf32>
  return %res : tensor<13x33xf32>
}
func.func @transpose(
    %x: tensor<19x37xf32> {lathe.access = "read"},
    %out: tensor<37x19xf32> {lathe.access = "write", lathe.output}) -> tensor<37x19xf32> {
  %res = linalg.transpose ins(%x : tensor<19x37xf32>) outs(%out : tensor<37x19xf32>) permutation = [1, 0]
  return %res : tensor<37x19xf32>
})mlir");
  auto table = randomFloats(20 * 33, 4), x = randomFloats(19 * 37, 6);
  std::vector<int64_t> index;
  std::vector<float> gathered, transposed;
  for (int i = 0; i < 13; ++i) {
    index.push_back((i * 7) % 20);
    for (int j = 0; j < 33; ++j)
      gathered.push_back(table[index.back() * 33 + j]);
  }
  for (int i = 0; i < 37; ++i)
    for (int j = 0; j < 19; ++j)
      transposed.push_back(x[j * 37 + i]);
  for (size_t level = 0; level < runner.levelCount(); ++level) {
    std::vector<float> out(13 * 33), out2(37 * 19);
    runner.run(level, {table.data(), index.data(), out.data()}, {}, 0);
    expectClose(out, gathered, 0, runner.level(level));
    runner.run(level, {x.data(), out2.data()}, {}, 1);
    expectClose(out2, transposed, 0, runner.level(level));
  }
}

TEST(Elementwise, AssertionSetsTheStatusWord) {
  KernelRunner runner(R"mlir(
#id = affine_map<(i) -> (i)>
func.func @checked(
    %index: tensor<9xi64> {lathe.access = "read"},
    %out: tensor<9xi64> {lathe.access = "write", lathe.output}) -> tensor<9xi64> {
  %limit = arith.constant 5 : i64
  %res = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]}
      ins(%index : tensor<9xi64>) outs(%out : tensor<9xi64>) {
    ^bb0(%i: i64, %o: i64):
      %ok = arith.cmpi ult, %i, %limit : i64
      cf.assert %ok, "index out of range"
      %zero = arith.constant 0 : i64
      %v = arith.select %ok, %i, %zero : i64
      linalg.yield %v : i64
  } -> tensor<9xi64>
  return %res : tensor<9xi64>
})mlir");
  ASSERT_EQ(runner.kernels().kernels.size(), 1u);
  EXPECT_TRUE(runner.kernels().kernels[0].may_fail);
  for (size_t level = 0; level < runner.levelCount(); ++level) {
    std::vector<int64_t> good(9, 4), bad(9, 4), out(9);
    bad[8] = -1;
    EXPECT_EQ(runner.run(level, {good.data(), out.data()}), 0u);
    EXPECT_EQ(out, good);
    EXPECT_EQ(runner.run(level, {bad.data(), out.data()}), 1u);
    EXPECT_EQ(out[8], 0);
  }
}

} // namespace
} // namespace lathe::test
