// SPDX-License-Identifier: Apache-2.0
//
// What a tuner may choose from, and what it finds of the kernels of a module.
#include "targets/Cpu/CpuTarget.h"
#include "targets/Cpu/KernelTuner.h"

#include "mlir/Parser/Parser.h"
#include <gmock/gmock.h>

using namespace lathe;
using testing::Contains;
using testing::IsEmpty;
using testing::Not;
using Sizes = std::vector<int64_t>;

TEST(ListTileSizes, half_and_twice_the_size_and_no_split) {
  std::vector<Sizes> found = cpu::listTileSizes({8, 0}, {32, 1}, 1);
  EXPECT_THAT(found, Contains(Sizes{4, 0}));
  EXPECT_THAT(found, Contains(Sizes{16, 0}));
  EXPECT_THAT(found, Contains(Sizes{0, 0}));
  EXPECT_THAT(found, Not(Contains(Sizes{8, 0}))) << "the default is no other choice";
  EXPECT_THAT(found, Not(Contains(Sizes{32, 0}))) << "all of a loop is no split";
}

TEST(ListTileSizes, parts_of_one_size_and_one_row_less) {
  std::vector<Sizes> found = cpu::listTileSizes({8, 0}, {28, 1}, 1);
  EXPECT_THAT(found, Contains(Sizes{7, 0}));
  EXPECT_THAT(cpu::listTileSizes({6, 0}, {28, 1}, 1), Contains(Sizes{5, 0}));
}

TEST(ListTileSizes, another_loop_instead) {
  EXPECT_THAT(cpu::listTileSizes({8, 0, 0}, {32, 6, 64}, 1), Contains(Sizes{0, 2, 0}));
}

TEST(ListTileSizes, threads_keep_their_tiles) {
  std::vector<Sizes> found = cpu::listTileSizes({8, 0}, {32, 1}, 4);
  EXPECT_FALSE(found.empty());
  for (const Sizes &sizes : found)
    EXPECT_TRUE(sizes[0] > 0 && sizes[0] < 8 && sizes[1] == 0) << sizes[0] << ", " << sizes[1];
}

TEST(ListTileSizes, the_last_loop_keeps_whole_vectors) {
  for (const Sizes &sizes : cpu::listTileSizes({0, 0}, {1, 100}, 1))
    EXPECT_EQ(sizes[1] % 16, 0);
  EXPECT_THAT(cpu::listTileSizes({0}, {16}, 1), IsEmpty());
}

TEST(ListTileSizes, sums_and_sizes_that_vary_are_not_split) {
  EXPECT_THAT(cpu::listTileSizes({0, 0, 0}, {0, -1, 1}, 1), IsEmpty());
}

TEST(TuneKernels, kernels_of_varying_sizes_are_told) {
  mlir::MLIRContext context;
  cpu::CpuTarget target;
  mlir::DialectRegistry registry;
  target.getDependentDialects(registry);
  context.appendDialectRegistry(registry);
  context.loadAllAvailableDialects();
  auto module = mlir::parseSourceString<mlir::ModuleOp>(R"(
    func.func @fixed(%x: tensor<128x256xf32>, %out: tensor<128x256xf32> {lathe.output, lathe.access = "write"}) -> tensor<128x256xf32> {
      %r = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]} ins(%x : tensor<128x256xf32>) outs(%out : tensor<128x256xf32>) {
      ^bb0(%p: f32, %o: f32):
        %v = math.exp %p : f32
        linalg.yield %v : f32
      } -> tensor<128x256xf32>
      return %r : tensor<128x256xf32>
    }
    func.func @varies(%x: tensor<?xf32> {lathe.dim_args = array<i64: 2>}, %out: tensor<?xf32> {lathe.output, lathe.access = "write", lathe.dim_args = array<i64: 2>}, %n: index {lathe.size, lathe.size_max = 512 : i64}) -> tensor<?xf32> {
      %r = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]} ins(%x : tensor<?xf32>) outs(%out : tensor<?xf32>) {
      ^bb0(%p: f32, %o: f32):
        linalg.yield %p : f32
      } -> tensor<?xf32>
      return %r : tensor<?xf32>
    })", &context);
  ASSERT_TRUE(module);
  CompileOptions options;
  options.levels = {target.hostLevel()};
  unsigned shown = 0;
  options.progress = [&](unsigned, unsigned total) { shown += total == 2; };
  Tuning tuning;
  auto tuned = target.tune(*module, options, tuning);
  ASSERT_TRUE(mlir::succeeded(tuned));
  ASSERT_EQ(tuned->size(), 2u);
  EXPECT_EQ(shown, 2u);
  EXPECT_EQ((*tuned)[0].kernel, "fixed");
  EXPECT_EQ((*tuned)[0].skipped, "");
  EXPECT_FALSE((*tuned)[0].candidates.empty());
  EXPECT_GT((*tuned)[0].default_us, 0);
  EXPECT_EQ((*tuned)[0].different, 0u);
  EXPECT_EQ((*tuned)[1].skipped, "its sizes vary");
  // What was measured is remembered, and not measured again.
  ASSERT_EQ(tuning.decisions.size(), 1u);
  EXPECT_EQ(tuning.decisions[0].kernel, "fixed");
  EXPECT_EQ(tuning.decisions[0].hash.size(), 64u);
  tuned = target.tune(*module, options, tuning);
  ASSERT_TRUE(mlir::succeeded(tuned));
  EXPECT_EQ(tuned->size(), 1u);
  EXPECT_EQ(tuning.decisions.size(), 1u);
}
