// SPDX-License-Identifier: Apache-2.0
//
// Quantized convolutions and linears, compiled and interpreted: every code of
// every result is equal, on each level, also where accumulators and results
// are at their limits.
#include "test/targets/Cpu/CaseRunner.h"

#include "compiler/Compiler.h"
#include "compiler/Reference/Interpreter.h"
#include "targets/Cpu/IsaLevel.h"
#include "mlir/Parser/Parser.h"
#include <gtest/gtest.h>

#include <random>

using namespace mlir;

namespace lathe::test {
namespace {

constexpr const char *kMethods = R"mlir(
!x = !quant.uniform<i8:f32, 0.0625:-5>
!u = !quant.uniform<u8:f32, 0.02:131>
!w = !quant.uniform<i8<-127:127>:f32:0, {0.01, 0.02, 0.005, 0.013, 0.03}>
!z = !quant.uniform<i8:f32, 0.013:-9>
!y = !quant.uniform<i8:f32, 0.3:7>
!v = !quant.uniform<u8:f32, 0.11:200>

func.func @conv(%x: tensor<2x3x9x7x!x>, %w: tensor<5x3x3x3x!w>, %b: tensor<5xi32>) -> tensor<2x5x5x7x!y> {
  %r = graph.conv %x, %w, %b {strides = array<i64: 2, 1>, padding_low = array<i64: 1, 1>, padding_high = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64, result_element_type = !y, rounding = #graph.rounding<fp32_rne>} : (tensor<2x3x9x7x!x>, tensor<5x3x3x3x!w>, tensor<5xi32>) -> tensor<2x5x5x7x!y>
  return %r : tensor<2x5x5x7x!y>
}
func.func @conv_weight_zero_point(%x: tensor<1x16x8x8x!u>, %w: tensor<5x16x1x1x!z>, %b: tensor<5xi32>) -> tensor<1x5x8x8x!v> {
  %r = graph.conv %x, %w, %b {strides = array<i64: 1, 1>, padding_low = array<i64: 0, 0>, padding_high = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64, result_element_type = !v, rounding = #graph.rounding<fp32_rne>} : (tensor<1x16x8x8x!u>, tensor<5x16x1x1x!z>, tensor<5xi32>) -> tensor<1x5x8x8x!v>
  return %r : tensor<1x5x8x8x!v>
}
func.func @conv_depthwise(%x: tensor<1x5x11x6x!x>, %w: tensor<5x1x3x3x!w>, %b: tensor<5xi32>) -> tensor<1x5x11x6x!y> {
  %r = graph.conv %x, %w, %b {strides = array<i64: 1, 1>, padding_low = array<i64: 1, 1>, padding_high = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 5 : i64, result_element_type = !y, rounding = #graph.rounding<fp32_rne>} : (tensor<1x5x11x6x!x>, tensor<5x1x3x3x!w>, tensor<5xi32>) -> tensor<1x5x11x6x!y>
  return %r : tensor<1x5x11x6x!y>
}
func.func @linear(%x: tensor<7x33x!x>, %w: tensor<5x33x!w>, %b: tensor<5xi32>) -> tensor<7x5x!y> {
  %r = graph.linear %x, %w, %b {result_element_type = !y, rounding = #graph.rounding<fp32_rne>} : (tensor<7x33x!x>, tensor<5x33x!w>, tensor<5xi32>) -> tensor<7x5x!y>
  return %r : tensor<7x5x!y>
}
func.func @linear_weight_zero_point(%x: tensor<7x33x!u>, %w: tensor<5x33x!z>, %b: tensor<5xi32>) -> tensor<7x5x!v> {
  %r = graph.linear %x, %w, %b {result_element_type = !v, rounding = #graph.rounding<fp32_rne>} : (tensor<7x33x!u>, tensor<5x33x!z>, tensor<5xi32>) -> tensor<7x5x!v>
  return %r : tensor<7x5x!v>
}
func.func @conv_relu_linear(%x: tensor<4x3x5x5x!x>, %w: tensor<5x3x3x3x!w>, %b: tensor<5xi32>, %m: tensor<5x45x!w>, %c: tensor<5xi32>) -> tensor<4x5x!y> {
  %0 = graph.conv %x, %w, %b {strides = array<i64: 1, 1>, padding_low = array<i64: 0, 0>, padding_high = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64, result_element_type = !y, rounding = #graph.rounding<fp32_rne>} : (tensor<4x3x5x5x!x>, tensor<5x3x3x3x!w>, tensor<5xi32>) -> tensor<4x5x3x3x!y>
  %1 = graph.relu %0 : (tensor<4x5x3x3x!y>) -> tensor<4x5x3x3x!y>
  %2 = graph.reshape %1 {dims = #graph.dims<[4, 45]>} : (tensor<4x5x3x3x!y>) -> tensor<4x45x!y>
  %3 = graph.linear %2, %m, %c {result_element_type = !y, rounding = #graph.rounding<fp32_rne>} : (tensor<4x45x!y>, tensor<5x45x!w>, tensor<5xi32>) -> tensor<4x5x!y>
  return %3 : tensor<4x5x!y>
}
)mlir";

enum class Data { Random, Small, Extreme };

// Codes within the type's own range. Extreme: its ends alone.
std::vector<Tensor> makeInputs(func::FuncOp method, Data data, unsigned seed) {
  std::mt19937_64 generator(seed);
  std::vector<Tensor> inputs;
  for (Type type : method.getArgumentTypes()) {
    auto tensor = llvm::cast<RankedTensorType>(type);
    auto quantized = QuantParameters::of(tensor.getElementType());
    int64_t low = quantized ? quantized->codeMin : data == Data::Random ? -100000 : -2000;
    int64_t high = quantized ? quantized->codeMax : -low;
    if (!quantized && data == Data::Extreme)
      low = INT32_MIN, high = INT32_MAX;
    std::vector<int64_t> values(tensor.getNumElements());
    for (int64_t &value : values)
      value = data == Data::Extreme ? (generator() % 2 ? low : high)
                                    : low + int64_t(generator() % uint64_t(high - low + 1));
    inputs.push_back(
        llvm::cantFail(Tensor::fromIntegers(tensor.getElementType(), tensor.getShape(), values)));
  }
  return inputs;
}

TEST(Quantized, CompiledCodeAndInterpreterAreBitEqual) {
  DialectRegistry registry;
  registerCompilerDialects(registry);
  MLIRContext context(registry, MLIRContext::Threading::DISABLED);
  context.loadAllAvailableDialects();
  auto module = parseSourceString<ModuleOp>(kMethods, &context);
  ASSERT_TRUE(module);
  SmallVector<func::FuncOp> methods(module->getOps<func::FuncOp>());
  std::vector<std::string> levels{cpu::findIsaLevel("host")->name.str()};
  for (const char *lower : {"x86-64-v3", "x86-64-v2"})
    if (StringRef(levels.front()).starts_with("x86-64-v") && levels.back() > lower)
      levels.push_back(lower);
  auto interpreter = Interpreter::create(*module);
  ASSERT_TRUE(bool(interpreter)) << llvm::toString(interpreter.takeError());
  auto program = CompiledCases::compile(methods, levels);
  ASSERT_TRUE(bool(program)) << llvm::toString(program.takeError());
  for (func::FuncOp method : methods)
    for (unsigned seed = 0; seed < 60; ++seed) {
      std::vector<Tensor> inputs = makeInputs(method, Data(seed % 3), seed);
      auto expected = (*interpreter)->run(method.getName(), inputs);
      ASSERT_TRUE(bool(expected)) << llvm::toString(expected.takeError());
      for (const std::string &level : levels) {
        auto got = (*program)->run(level, method.getName(), inputs, *expected, seed % 2);
        ASSERT_TRUE(bool(got)) << llvm::toString(got.takeError());
        EXPECT_EQ(conformance::compare(got->front(), expected->front(), 0), "")
            << method.getName().str() << " on " << level << ", seed " << seed;
      }
    }
}

} // namespace
} // namespace lathe::test
