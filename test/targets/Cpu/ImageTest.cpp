// SPDX-License-Identifier: Apache-2.0
#include "test/targets/Cpu/KernelRunner.h"

#include "runtime/include/lathe/kernel_abi.h"
#include "targets/Cpu/CpuTarget.h"

#include "mlir/Parser/Parser.h"
#include <gtest/gtest.h>

namespace lathe::test {
namespace {

std::string kernelText(const std::string &name, const std::string &op,
                       const std::string &type) {
  return "func.func @" + name + "(%x: tensor<100x" + type +
         "> {lathe.access = \"read\"}, %out: tensor<100x" + type +
         "> {lathe.access = \"write\", lathe.output}) -> tensor<100x" + type +
         "> {\n%r = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, "
         "affine_map<(i) -> (i)>], iterator_types = [\"parallel\"]} ins(%x : "
         "tensor<100x" + type + ">) outs(%out : tensor<100x" + type +
         ">) {\n^bb0(%a: " + type + ", %o: " + type + "):\n%v = " + op +
         " %a : " + type + "\nlinalg.yield %v : " + type +
         "\n} -> tensor<100x" + type + ">\nreturn %r : tensor<100x" + type +
         ">\n}\n";
}

std::string someKernels() {
  std::string text;
  for (const char *op : {"exp", "tanh", "erf", "log", "sin"})
    text += kernelText(std::string("k_") + op, std::string("math.") + op, "f32");
  return text;
}

TEST(Image, SameBytesForAnyNumberOfThreads) {
  CompileOptions one, many;
  one.threads = 1;
  one.levels = many.levels = {"x86-64-v4", "x86-64-v3", "x86-64-v2", "aarch64",
                              "riscv64"};
  KernelRunner first(someKernels(), one), second(someKernels(), many);
  ASSERT_EQ(first.levelCount(), 5u);
  ASSERT_EQ(second.levelCount(), 5u);
  for (size_t level = 0; level < 5; ++level) {
    EXPECT_EQ(first.kernels().images[level].bytes,
              second.kernels().images[level].bytes);
    EXPECT_EQ(first.kernels().images[level].debug_elf,
              second.kernels().images[level].debug_elf);
  }
}

TEST(Image, EntriesLieInText) {
  CompileOptions options;
  options.levels = {"x86-64-v3"};
  options.keepObject = options.keepLlvm = options.keepAssembly = true;
  KernelRunner runner(someKernels(), options);
  ASSERT_EQ(runner.levelCount(), 1u);
  const KernelImage &image = runner.kernels().images[0];
  EXPECT_EQ(image.text_offset_bytes + image.text_bytes, image.bytes.size());
  ASSERT_EQ(image.entries.size(), 5u);
  for (uint64_t entry : image.entries) {
    EXPECT_GE(entry, image.text_offset_bytes);
    EXPECT_LT(entry, image.bytes.size());
  }
  EXPECT_FALSE(image.object.empty());
  for (const KernelInfo &info : runner.kernels().kernels) {
    EXPECT_LE(info.stack_bytes, uint64_t(LATHE_KERNEL_STACK_BYTES));
    EXPECT_NE(info.llvm_ir.find("define void @" + info.name), std::string::npos);
    EXPECT_NE(info.assembly.find(info.name + ":"), std::string::npos);
  }
}

/// Compiles `text` and returns the messages of its errors.
std::string errorsOf(const std::string &text, const std::string &level) {
  cpu::CpuTarget target;
  mlir::DialectRegistry registry;
  target.getDependentDialects(registry);
  mlir::MLIRContext context(registry);
  context.loadAllAvailableDialects();
  std::string messages;
  mlir::ScopedDiagnosticHandler handler(&context, [&](mlir::Diagnostic &d) {
    messages += d.str() + "\n";
    return mlir::success();
  });
  auto module = mlir::parseSourceString<mlir::ModuleOp>(text, &context);
  if (!module)
    return "does not parse: " + messages;
  CompileOptions options;
  options.levels = {level};
  if (mlir::succeeded(target.compile(*module, options)))
    return "";
  return messages;
}

TEST(Image, RefusesAKernelThatImports) {
  std::string errors = errorsOf(kernelText("wide", "math.asin", "f64"), "x86-64-v3");
  EXPECT_NE(errors.find("kernel 'wide' needs the symbol 'asin'"),
            std::string::npos)
      << errors;
}

TEST(Image, RefusesAnUnknownLevel) {
  std::string errors = errorsOf(kernelText("k", "math.exp", "f32"), "pdp-11");
  EXPECT_NE(errors.find("no level 'pdp-11'"), std::string::npos) << errors;
}

TEST(Image, RefusesATemporaryWithoutBound) {
  std::string errors = errorsOf(R"mlir(
func.func @k(%x: tensor<?xf32> {lathe.dim_args = array<i64: 2>},
             %out: tensor<f32> {lathe.output}, %n: index {lathe.size}) -> tensor<f32> {
  %e = tensor.empty(%n) : tensor<?xf32>
  %s = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]}
      ins(%x : tensor<?xf32>) outs(%e : tensor<?xf32>) {
    ^bb0(%a: f32, %o: f32):
      %v = math.exp %a : f32
      linalg.yield %v : f32
  } -> tensor<?xf32>
  %r = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>, affine_map<(i) -> ()>], iterator_types = ["reduction"]}
      ins(%s, %s : tensor<?xf32>, tensor<?xf32>) outs(%out : tensor<f32>) {
    ^bb0(%a: f32, %b: f32, %o: f32):
      %j = linalg.index 0 : index
      %v = tensor.extract %s[%j] : tensor<?xf32>
      %w = arith.addf %v, %o : f32
      linalg.yield %w : f32
  } -> tensor<f32>
  return %r : tensor<f32>
})mlir", "x86-64-v3");
  EXPECT_NE(errors.find("has no bound"), std::string::npos) << errors;
}

} // namespace
} // namespace lathe::test
