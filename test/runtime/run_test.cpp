// SPDX-License-Identifier: Apache-2.0
// What a program computes, on loaded and linked code alike.
#include "test/runtime/program_builder.h"

#include "runtime/include/lathe/limits.h"

#include <gtest/gtest.h>

#include <cstring>
#include <numeric>

namespace lathe::test {
namespace {

std::vector<int32_t> counting(size_t count) {
  std::vector<int32_t> values(count);
  std::iota(values.begin(), values.end(), 1);
  return values;
}

TEST(Run, StaticProgramComputes) {
  opened program = open_program(static_program());
  ASSERT_EQ(program.status, LATHE_OK) << program.error.text;
  instance_ptr instance = new_instance(program.program.get());
  ASSERT_TRUE(instance);
  std::vector<int32_t> x = counting(8), z(8);
  lathe_error error = {};
  ASSERT_EQ(bind_vector(instance.get(), LATHE_INPUT, 0, x), LATHE_OK);
  ASSERT_EQ(bind_vector(instance.get(), LATHE_OUTPUT, 0, z), LATHE_OK);
  ASSERT_EQ(lathe_run(instance.get(), 0, &error), LATHE_OK) << error.text;
  EXPECT_EQ(z, (std::vector<int32_t>{6, 20, 42, 88, 30, 60, 98, 176}));
}

TEST(Run, LinkedProgramComputesTheSame) {
  auto program = open_linked(static_program(true));
  ASSERT_EQ(program->status, LATHE_OK) << program->error.text;
  instance_ptr instance = new_instance(program->program.get());
  std::vector<int32_t> x = counting(8), z(8);
  bind_vector(instance.get(), LATHE_INPUT, 0, x);
  bind_vector(instance.get(), LATHE_OUTPUT, 0, z);
  ASSERT_EQ(lathe_run(instance.get(), 0, nullptr), LATHE_OK);
  EXPECT_EQ(z, (std::vector<int32_t>{6, 20, 42, 88, 30, 60, 98, 176}));
}

TEST(Run, RebindingPointersIsSeen) {
  opened program = open_program(static_program());
  instance_ptr instance = new_instance(program.program.get());
  std::vector<int32_t> x = counting(8), other(8, 1), z(8), y(8);
  bind_vector(instance.get(), LATHE_INPUT, 0, x);
  bind_vector(instance.get(), LATHE_OUTPUT, 0, z);
  ASSERT_EQ(lathe_run(instance.get(), 0, nullptr), LATHE_OK);
  bind_vector(instance.get(), LATHE_INPUT, 0, other);
  bind_vector(instance.get(), LATHE_OUTPUT, 0, y);
  ASSERT_EQ(lathe_run(instance.get(), 0, nullptr), LATHE_OK);
  EXPECT_EQ(z[7], 176);
  EXPECT_EQ(y, (std::vector<int32_t>{6, 10, 14, 22, 6, 10, 14, 22}));
}

} // namespace
} // namespace lathe::test
