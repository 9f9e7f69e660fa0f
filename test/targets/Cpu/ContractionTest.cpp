// SPDX-License-Identifier: Apache-2.0
#include "test/targets/Cpu/KernelRunner.h"

#include <gtest/gtest.h>

#include <cmath>

namespace lathe::test {
namespace {

/// A matrix product with bias and relu; `weight` is "k, j" or "j, k".
std::string linear(int64_t n, int64_t k, bool transposed) {
  std::string N = std::to_string(n), K = std::to_string(k);
  std::string weight = transposed ? N + "x" + K : K + "x" + N;
  std::string map = transposed ? "j, k" : "k, j";
  return R"mlir(
#a = affine_map<(i, j, k) -> (i, k)>
#b = affine_map<(i, j, k) -> ()mlir" + map + R"mlir()>
#c = affine_map<(i, j, k) -> (i, j)>
#id = affine_map<(i, j) -> (i, j)>
#col = affine_map<(i, j) -> (j)>
func.func @linear(
    %x: tensor<?x)mlir" + K + R"mlir(xf32> {lathe.access = "read", lathe.dim_args = array<i64: 4, -1>},
    %w: tensor<)mlir" + weight + R"mlir(xf32> {lathe.access = "read"},
    %b: tensor<)mlir" + N + R"mlir(xf32> {lathe.access = "read"},
    %out: tensor<?x)mlir" + N + R"mlir(xf32> {lathe.access = "write", lathe.output, lathe.dim_args = array<i64: 4, -1>},
    %m: index {lathe.size, lathe.size_max = 256 : i64}) -> tensor<?x)mlir" + N + R"mlir(xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty(%m) : tensor<?x)mlir" + N + R"mlir(xf32>
  %fill = linalg.fill ins(%zero : f32) outs(%empty : tensor<?x)mlir" + N + R"mlir(xf32>) -> tensor<?x)mlir" + N + R"mlir(xf32>
  %mm = linalg.generic {indexing_maps = [#a, #b, #c], iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%x, %w : tensor<?x)mlir" + K + R"mlir(xf32>, tensor<)mlir" + weight + R"mlir(xf32>) outs(%fill : tensor<?x)mlir" + N + R"mlir(xf32>) {
    ^bb0(%p: f32, %q: f32, %o: f32):
      %t = arith.mulf %p, %q : f32
      %s = arith.addf %o, %t : f32
      linalg.yield %s : f32
  } -> tensor<?x)mlir" + N + R"mlir(xf32>
  %res = linalg.generic {indexing_maps = [#id, #col, #id], iterator_types = ["parallel", "parallel"]}
      ins(%mm, %b : tensor<?x)mlir" + N + R"mlir(xf32>, tensor<)mlir" + N + R"mlir(xf32>) outs(%out : tensor<?x)mlir" + N + R"mlir(xf32>) {
    ^bb0(%p: f32, %q: f32, %o: f32):
      %s = arith.addf %p, %q : f32
      %r = arith.maximumf %s, %zero : f32
      linalg.yield %r : f32
  } -> tensor<?x)mlir" + N + R"mlir(xf32>
  return %res : tensor<?x)mlir" + N + R"mlir(xf32>
})mlir";
}

void checkLinear(int64_t n, int64_t k, bool transposed) {
  KernelRunner runner(linear(n, k, transposed));
  auto w = randomFloats(n * k, 2), b = randomFloats(n, 3);
  for (size_t level = 0; level < runner.levelCount(); ++level)
    for (int64_t m : {0, 1, 7, 64, 131}) {
      auto x = randomFloats(m * k, 1);
      std::vector<float> out(m * n, -7), expected(m * n);
      for (int64_t i = 0; i < m; ++i)
        for (int64_t j = 0; j < n; ++j) {
          double sum = b[j];
          for (int64_t p = 0; p < k; ++p)
            sum += double(x[i * k + p]) *
                   (transposed ? w[j * k + p] : w[p * n + j]);
          expected[i * n + j] = std::max(sum, 0.0);
        }
      runner.run(level, {x.data(), w.data(), b.data(), out.data()}, {m});
      expectClose(out, expected, 1e-5, runner.level(level));
      std::vector<float> again(m * n, -7);
      runner.run(level, {x.data(), w.data(), b.data(), again.data()}, {m}, 0, 5);
      EXPECT_EQ(out, again) << "another partition into calls, other bytes";
    }
}

TEST(Contraction, LinearWithOddSizes) { checkLinear(61, 45, false); }
TEST(Contraction, LinearOfTiles) { checkLinear(384, 256, false); }
TEST(Contraction, LinearWithTransposedWeight) { checkLinear(70, 83, true); }
TEST(Contraction, LinearToOneColumn) { checkLinear(1, 64, true); }

struct Conv {
  int64_t channels, height, width, filters, kernel, stride, padding;
};

std::string conv(const Conv &c, int64_t oh, int64_t ow) {
  auto text = [](int64_t value) { return std::to_string(value); };
  std::string in = "tensor<1x" + text(c.channels) + "x" + text(c.height) + "x" + text(c.width) + "xf32>";
  std::string padded = "tensor<1x" + text(c.channels) + "x" + text(c.height + 2 * c.padding) + "x" + text(c.width + 2 * c.padding) + "xf32>";
  std::string weight = "tensor<" + text(c.filters) + "x" + text(c.channels) + "x" + text(c.kernel) + "x" + text(c.kernel) + "xf32>";
  std::string out = "tensor<1x" + text(c.filters) + "x" + text(oh) + "x" + text(ow) + "xf32>";
  std::string p = text(c.padding), s = text(c.stride);
  return "#id = affine_map<(n, f, h, w) -> (n, f, h, w)>\n"
         "#ch = affine_map<(n, f, h, w) -> (f)>\n"
         "func.func @conv(%x: " + in + " {lathe.access = \"read\"}, %w: " + weight +
         " {lathe.access = \"read\"}, %b: tensor<" + text(c.filters) +
         "xf32> {lathe.access = \"read\"}, %out: " + out +
         " {lathe.access = \"write\", lathe.output}) -> " + out + " {\n"
         "%zero = arith.constant 0.0 : f32\n"
         "%pad = tensor.pad %x low[0, 0, " + p + ", " + p + "] high[0, 0, " + p + ", " + p + "] {\n"
         "^bb0(%i: index, %j: index, %k: index, %l: index):\n tensor.yield %zero : f32\n} : " + in + " to " + padded + "\n"
         "%empty = tensor.empty() : " + out + "\n"
         "%fill = linalg.fill ins(%zero : f32) outs(%empty : " + out + ") -> " + out + "\n"
         "%conv = linalg.conv_2d_nchw_fchw {strides = dense<" + s + "> : tensor<2xi64>, dilations = dense<1> : tensor<2xi64>}\n"
         " ins(%pad, %w : " + padded + ", " + weight + ") outs(%fill : " + out + ") -> " + out + "\n"
         "%res = linalg.generic {indexing_maps = [#id, #ch, #id], iterator_types = [\"parallel\", \"parallel\", \"parallel\", \"parallel\"]}\n"
         " ins(%conv, %b : " + out + ", tensor<" + text(c.filters) + "xf32>) outs(%out : " + out + ") {\n"
         "^bb0(%p: f32, %q: f32, %o: f32):\n %s = arith.addf %p, %q : f32\n %r = arith.maximumf %s, %zero : f32\n linalg.yield %r : f32\n} -> " + out + "\n"
         "return %res : " + out + "\n}\n";
}

class ConvTest : public testing::TestWithParam<Conv> {};

TEST_P(ConvTest, MatchesTheSum) {
  Conv c = GetParam();
  int64_t oh = (c.height + 2 * c.padding - c.kernel) / c.stride + 1;
  int64_t ow = (c.width + 2 * c.padding - c.kernel) / c.stride + 1;
  KernelRunner runner(conv(c, oh, ow));
  auto x = randomFloats(c.channels * c.height * c.width, 1);
  auto w = randomFloats(c.filters * c.channels * c.kernel * c.kernel, 2);
  auto b = randomFloats(c.filters, 3);
  std::vector<float> expected;
  for (int64_t f = 0; f < c.filters; ++f)
    for (int64_t h = 0; h < oh; ++h)
      for (int64_t v = 0; v < ow; ++v) {
        double sum = b[f];
        for (int64_t ch = 0; ch < c.channels; ++ch)
          for (int64_t i = 0; i < c.kernel; ++i)
            for (int64_t j = 0; j < c.kernel; ++j) {
              int64_t y = h * c.stride + i - c.padding;
              int64_t z = v * c.stride + j - c.padding;
              if (y < 0 || z < 0 || y >= c.height || z >= c.width)
                continue;
              sum += double(x[(ch * c.height + y) * c.width + z]) *
                     w[((f * c.channels + ch) * c.kernel + i) * c.kernel + j];
            }
        expected.push_back(std::max(sum, 0.0));
      }
  for (size_t level = 0; level < runner.levelCount(); ++level) {
    std::vector<float> out(expected.size(), -7);
    runner.run(level, {x.data(), w.data(), b.data(), out.data()});
    expectClose(out, expected, 1e-5, runner.level(level));
  }
}

INSTANTIATE_TEST_SUITE_P(
    Shapes, ConvTest,
    testing::Values(Conv{3, 17, 19, 10, 3, 2, 1}, Conv{16, 28, 28, 32, 3, 1, 1},
                    Conv{8, 14, 14, 24, 1, 1, 0}, Conv{64, 7, 7, 64, 3, 1, 1},
                    Conv{3, 56, 56, 16, 7, 2, 3}));

} // namespace
} // namespace lathe::test
