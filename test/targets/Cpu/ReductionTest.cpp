// SPDX-License-Identifier: Apache-2.0
#include "test/targets/Cpu/KernelRunner.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace lathe::test {
namespace {

constexpr const char *softmax = R"mlir(
#id = affine_map<(i, j) -> (i, j)>
#row = affine_map<(i, j) -> (i)>
func.func @softmax(
    %x: tensor<?x?xf32> {lathe.access = "read", lathe.dim_args = array<i64: 2, 3>},
    %out: tensor<?x?xf32> {lathe.access = "write", lathe.output, lathe.dim_args = array<i64: 2, 3>},
    %m: index {lathe.size, lathe.size_max = 512 : i64},
    %n: index {lathe.size, lathe.size_max = 1024 : i64}) -> tensor<?x?xf32> {
  %inf = arith.constant 0xFF800000 : f32
  %zero = arith.constant 0.0 : f32
  %rows = tensor.empty(%m) : tensor<?xf32>
  %full = tensor.empty(%m, %n) : tensor<?x?xf32>
  %start = linalg.fill ins(%inf : f32) outs(%rows : tensor<?xf32>) -> tensor<?xf32>
  %max = linalg.generic {indexing_maps = [#id, #row], iterator_types = ["parallel", "reduction"]}
      ins(%x : tensor<?x?xf32>) outs(%start : tensor<?xf32>) {
    ^bb0(%a: f32, %o: f32):
      %r = arith.maximumf %a, %o : f32
      linalg.yield %r : f32
  } -> tensor<?xf32>
  %e = linalg.generic {indexing_maps = [#id, #row, #id], iterator_types = ["parallel", "parallel"]}
      ins(%x, %max : tensor<?x?xf32>, tensor<?xf32>) outs(%full : tensor<?x?xf32>) {
    ^bb0(%a: f32, %b: f32, %o: f32):
      %d = arith.subf %a, %b : f32
      %r = math.exp %d : f32
      linalg.yield %r : f32
  } -> tensor<?x?xf32>
  %startSum = linalg.fill ins(%zero : f32) outs(%rows : tensor<?xf32>) -> tensor<?xf32>
  %sum = linalg.generic {indexing_maps = [#id, #row], iterator_types = ["parallel", "reduction"]}
      ins(%e : tensor<?x?xf32>) outs(%startSum : tensor<?xf32>) {
    ^bb0(%a: f32, %o: f32):
      %r = arith.addf %a, %o : f32
      linalg.yield %r : f32
  } -> tensor<?xf32>
  %res = linalg.generic {indexing_maps = [#id, #row, #id], iterator_types = ["parallel", "parallel"]}
      ins(%e, %sum : tensor<?x?xf32>, tensor<?xf32>) outs(%out : tensor<?x?xf32>) {
    ^bb0(%a: f32, %b: f32, %o: f32):
      %r = arith.divf %a, %b : f32
      linalg.yield %r : f32
  } -> tensor<?x?xf32>
  return %res : tensor<?x?xf32>
})mlir";

TEST(Reduction, SoftmaxOfRowsOfAnySize) {
  KernelRunner runner(softmax);
  ASSERT_GT(runner.levelCount(), 0u);
  EXPECT_GT(runner.kernels().tileCount(0, {512, 1024}), 1);
  for (size_t level = 0; level < runner.levelCount(); ++level)
    for (int64_t m : {0, 1, 7, 64})
      for (int64_t n : {1, 7, 64, 133}) {
        auto x = randomFloats(m * n, 1, -5, 5);
        std::vector<float> out(m * n, -7), expected(m * n);
        for (int64_t i = 0; i < m; ++i) {
          double sum = 0;
          float max = -std::numeric_limits<float>::infinity();
          for (int64_t j = 0; j < n; ++j)
            max = std::max(max, x[i * n + j]);
          for (int64_t j = 0; j < n; ++j)
            sum += std::exp(double(x[i * n + j]) - max);
          for (int64_t j = 0; j < n; ++j)
            expected[i * n + j] = std::exp(double(x[i * n + j]) - max) / sum;
        }
        runner.run(level, {x.data(), out.data()}, {m, n});
        expectClose(out, expected, 2e-6, runner.level(level));
      }
}

constexpr const char *layerNorm = R"mlir(
#id = affine_map<(i, j) -> (i, j)>
#row = affine_map<(i, j) -> (i)>
#col = affine_map<(i, j) -> (j)>
#vec = affine_map<(i) -> (i)>
func.func @layer_norm(
    %x: tensor<50x200xf32> {lathe.access = "read"},
    %w: tensor<200xf32> {lathe.access = "read"},
    %b: tensor<200xf32> {lathe.access = "read"},
    %out: tensor<50x200xf32> {lathe.access = "write", lathe.output}) -> tensor<50x200xf32> {
  %zero = arith.constant 0.0 : f32
  %n = arith.constant 200.0 : f32
  %eps = arith.constant 1.0e-5 : f32
  %rows = tensor.empty() : tensor<50xf32>
  %fill = linalg.fill ins(%zero : f32) outs(%rows : tensor<50xf32>) -> tensor<50xf32>
  %sum = linalg.generic {indexing_maps = [#id, #row], iterator_types = ["parallel", "reduction"]}
      ins(%x : tensor<50x200xf32>) outs(%fill : tensor<50xf32>) {
    ^bb0(%a: f32, %o: f32):
      %r = arith.addf %a, %o : f32
      linalg.yield %r : f32
  } -> tensor<50xf32>
  %mean = linalg.generic {indexing_maps = [#vec, #vec], iterator_types = ["parallel"]}
      ins(%sum : tensor<50xf32>) outs(%rows : tensor<50xf32>) {
    ^bb0(%a: f32, %o: f32):
      %r = arith.divf %a, %n : f32
      linalg.yield %r : f32
  } -> tensor<50xf32>
  %squares = linalg.generic {indexing_maps = [#id, #row, #row], iterator_types = ["parallel", "reduction"]}
      ins(%x, %mean : tensor<50x200xf32>, tensor<50xf32>) outs(%fill : tensor<50xf32>) {
    ^bb0(%a: f32, %m: f32, %o: f32):
      %d = arith.subf %a, %m : f32
      %q = arith.mulf %d, %d : f32
      %r = arith.addf %q, %o : f32
      linalg.yield %r : f32
  } -> tensor<50xf32>
  %scale = linalg.generic {indexing_maps = [#vec, #vec], iterator_types = ["parallel"]}
      ins(%squares : tensor<50xf32>) outs(%rows : tensor<50xf32>) {
    ^bb0(%a: f32, %o: f32):
      %v = arith.divf %a, %n : f32
      %e = arith.addf %v, %eps : f32
      %r = math.rsqrt %e : f32
      linalg.yield %r : f32
  } -> tensor<50xf32>
  %res = linalg.generic {indexing_maps = [#id, #row, #row, #col, #col, #id], iterator_types = ["parallel", "parallel"]}
      ins(%x, %mean, %scale, %w, %b : tensor<50x200xf32>, tensor<50xf32>, tensor<50xf32>, tensor<200xf32>, tensor<200xf32>)
      outs(%out : tensor<50x200xf32>) {
    ^bb0(%a: f32, %m: f32, %s: f32, %g: f32, %h: f32, %o: f32):
      %d = arith.subf %a, %m : f32
      %n1 = arith.mulf %d, %s : f32
      %n2 = arith.mulf %n1, %g : f32
      %r = arith.addf %n2, %h : f32
      linalg.yield %r : f32
  } -> tensor<50x200xf32>
  return %res : tensor<50x200xf32>
})mlir";

TEST(Reduction, LayerNorm) {
  KernelRunner runner(layerNorm);
  auto x = randomFloats(50 * 200, 1, -3, 5), w = randomFloats(200, 2),
       b = randomFloats(200, 3);
  std::vector<float> expected(50 * 200);
  for (int i = 0; i < 50; ++i) {
    double mean = 0, variance = 0;
    for (int j = 0; j < 200; ++j)
      mean += x[i * 200 + j] / 200.0;
    for (int j = 0; j < 200; ++j)
      variance += (x[i * 200 + j] - mean) * (x[i * 200 + j] - mean) / 200.0;
    for (int j = 0; j < 200; ++j)
      expected[i * 200 + j] =
          (x[i * 200 + j] - mean) / std::sqrt(variance + 1e-5) * w[j] + b[j];
  }
  for (size_t level = 0; level < runner.levelCount(); ++level) {
    std::vector<float> out(50 * 200, -7);
    runner.run(level, {x.data(), w.data(), b.data(), out.data()});
    expectClose(out, expected, 1e-5, runner.level(level));
  }
}

TEST(Reduction, ColumnsAndArgmax) {
  KernelRunner runner(R"mlir(
#id = affine_map<(i, j) -> (i, j)>
#row = affine_map<(i, j) -> (i)>
#col = affine_map<(i, j) -> (j)>
func.func @argmax(
    %x: tensor<11x53xf32> {lathe.access = "read"},
    %value: tensor<11xf32> {lathe.access = "write", lathe.output},
    %index: tensor<11xi64> {lathe.access = "write", lathe.output}) -> (tensor<11xf32>, tensor<11xi64>) {
  %inf = arith.constant 0xFF800000 : f32
  %zero = arith.constant 0 : i64
  %v0 = linalg.fill ins(%inf : f32) outs(%value : tensor<11xf32>) -> tensor<11xf32>
  %i0 = linalg.fill ins(%zero : i64) outs(%index : tensor<11xi64>) -> tensor<11xi64>
  %res:2 = linalg.generic {indexing_maps = [#id, #row, #row], iterator_types = ["parallel", "reduction"]}
      ins(%x : tensor<11x53xf32>) outs(%v0, %i0 : tensor<11xf32>, tensor<11xi64>) {
    ^bb0(%a: f32, %v: f32, %i: i64):
      %j = linalg.index 1 : index
      %at = arith.index_cast %j : index to i64
      %more = arith.cmpf ogt, %a, %v : f32
      %v1 = arith.select %more, %a, %v : f32
      %i1 = arith.select %more, %at, %i : i64
      linalg.yield %v1, %i1 : f32, i64
  } -> (tensor<11xf32>, tensor<11xi64>)
  return %res#0, %res#1 : tensor<11xf32>, tensor<11xi64>
}
func.func @columns(
    %x: tensor<11x53xf32> {lathe.access = "read"},
    %out: tensor<53xf32> {lathe.access = "write", lathe.output}) -> tensor<53xf32> {
  %zero = arith.constant 0.0 : f32
  %v0 = linalg.fill ins(%zero : f32) outs(%out : tensor<53xf32>) -> tensor<53xf32>
  %res = linalg.generic {indexing_maps = [#id, #col], iterator_types = ["reduction", "parallel"]}
      ins(%x : tensor<11x53xf32>) outs(%v0 : tensor<53xf32>) {
    ^bb0(%a: f32, %o: f32):
      %s = arith.addf %a, %o : f32
      linalg.yield %s : f32
  } -> tensor<53xf32>
  return %res : tensor<53xf32>
})mlir");
  auto x = randomFloats(11 * 53, 9);
  std::vector<float> maxima(11, -2), sums(53, 0);
  std::vector<int64_t> places(11);
  for (int i = 0; i < 11; ++i)
    for (int j = 0; j < 53; ++j) {
      sums[j] += x[i * 53 + j];
      if (x[i * 53 + j] > maxima[i]) {
        maxima[i] = x[i * 53 + j];
        places[i] = j;
      }
    }
  for (size_t level = 0; level < runner.levelCount(); ++level) {
    std::vector<float> value(11), columns(53);
    std::vector<int64_t> index(11);
    runner.run(level, {x.data(), value.data(), index.data()}, {}, 0);
    expectClose(value, maxima, 0, runner.level(level));
    EXPECT_EQ(index, places) << runner.level(level);
    runner.run(level, {x.data(), columns.data()}, {}, 1);
    expectClose(columns, sums, 1e-6, runner.level(level));
  }
}

TEST(Reduction, TotalAndFullOfNan) {
  KernelRunner runner(R"mlir(
#id = affine_map<(i) -> (i)>
#none = affine_map<(i) -> ()>
func.func @max(
    %x: tensor<?xf32> {lathe.access = "read", lathe.dim_args = array<i64: 2>},
    %out: tensor<f32> {lathe.access = "write", lathe.output},
    %n: index {lathe.size, lathe.size_max = 4096 : i64}) -> tensor<f32> {
  %inf = arith.constant 0xFF800000 : f32
  %v0 = linalg.fill ins(%inf : f32) outs(%out : tensor<f32>) -> tensor<f32>
  %res = linalg.generic {indexing_maps = [#id, #none], iterator_types = ["reduction"]}
      ins(%x : tensor<?xf32>) outs(%v0 : tensor<f32>) {
    ^bb0(%a: f32, %o: f32):
      %s = arith.maximumf %o, %a : f32
      linalg.yield %s : f32
  } -> tensor<f32>
  return %res : tensor<f32>
})mlir");
  for (size_t level = 0; level < runner.levelCount(); ++level)
    for (int64_t n : {0, 1, 7, 64, 1001}) {
      auto x = randomFloats(n, 7);
      std::vector<float> out(1),
          expected(1, -std::numeric_limits<float>::infinity());
      for (float value : x)
        expected[0] = std::max(expected[0], value);
      runner.run(level, {x.data(), out.data()}, {n});
      expectClose(out, expected, 0, runner.level(level));
      if (n == 0)
        continue;
      x[n / 2] = std::numeric_limits<float>::quiet_NaN();
      runner.run(level, {x.data(), out.data()}, {n});
      EXPECT_TRUE(std::isnan(out[0])) << runner.level(level);
    }
}

} // namespace
} // namespace lathe::test
