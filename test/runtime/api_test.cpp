// SPDX-License-Identifier: Apache-2.0
// Calls that are wrong: a missing argument, a structure of another version, a
// call at the wrong time. Each is answered with a status.
#include "test/runtime/program_builder.h"

#include <gtest/gtest.h>

#include <cstring>

namespace lathe::test {
namespace {

struct fixture {
  opened program = open_program(static_program());
  instance_ptr instance;
  lathe_program *p = program.program.get();
  lathe_instance *i;

  fixture() {
    lathe_instance_options options = {};
    options.flags = LATHE_OWN_IO;
    instance = new_instance(p, options);
    i = instance.get();
  }
};

TEST(Misuse, MissingArgumentsAreRefused) {
  fixture f;
  lathe_program *program = nullptr;
  lathe_instance *instance = nullptr;
  lathe_instance_options options = {};
  options.struct_bytes = sizeof(options);
  const void *data = nullptr;
  size_t bytes = 0;
  uint64_t ticket = 0;
  uint8_t state[256] = {};
  const int32_t statuses[] = {
      lathe_program_open_file(nullptr, nullptr, &program, nullptr),
      lathe_program_open_file("x", nullptr, nullptr, nullptr),
      lathe_program_open_memory(nullptr, 0, nullptr, &program, nullptr),
      lathe_program_open_memory(state, 0, nullptr, nullptr, nullptr),
      lathe_program_open_static(nullptr, state, sizeof(state), nullptr, &program, nullptr),
      static_cast<int32_t>(lathe_static_memory_needed(nullptr, nullptr)),
      lathe_program_verify_weights(nullptr, nullptr),
      lathe_program_data(f.p, nullptr, &data, &bytes),
      lathe_program_data(f.p, "x", nullptr, &bytes),
      lathe_method(f.p, 0, nullptr),
      lathe_tensor_describe(f.p, 0, LATHE_INPUT, 0, nullptr),
      lathe_tensor_describe(f.p, 0, 99, 0, nullptr),
      lathe_pool_create(1, nullptr, nullptr, nullptr),
      lathe_memory_needed(nullptr, &options, nullptr, nullptr),
      lathe_memory_needed(f.p, &options, nullptr, nullptr),
      lathe_instance_create(nullptr, &options, &instance, nullptr),
      lathe_instance_create(f.p, &options, nullptr, nullptr),
      lathe_bind(f.i, 0, LATHE_INPUT, 0, nullptr, nullptr),
      lathe_prepare(nullptr, 0, nullptr),
      lathe_run(nullptr, 0, nullptr),
      lathe_tensor_get(f.i, 0, LATHE_INPUT, 0, nullptr),
      lathe_submit(nullptr, 0, &ticket, nullptr),
      lathe_submit(f.i, 0, nullptr, nullptr),
      lathe_wait(nullptr, 0, 0, nullptr),
      lathe_state_reset(nullptr),
      lathe_state_save(nullptr, state, sizeof(state)),
      lathe_state_save(f.i, nullptr, 0),
      lathe_state_load(nullptr, state, sizeof(state), nullptr),
      lathe_state_load(f.i, nullptr, 0, nullptr),
      lathe_profile_set(nullptr, nullptr, nullptr),
  };
  for (size_t k = 0; k < sizeof(statuses) / sizeof(statuses[0]); ++k)
    EXPECT_EQ(statuses[k], LATHE_ERR_ARGUMENT) << "call " << k;
  lathe_program_close(nullptr);
  lathe_instance_destroy(nullptr);
  lathe_pool_destroy(nullptr);
}

TEST(Misuse, WhatIsNotThereIsNotFound) {
  fixture f;
  lathe_method_info method = {};
  method.struct_bytes = sizeof(method);
  lathe_tensor_info info = {};
  info.struct_bytes = sizeof(info);
  lathe_tensor tensor = {};
  tensor.struct_bytes = sizeof(tensor);
  lathe_device_info device = {};
  device.struct_bytes = sizeof(device);
  const void *data = nullptr;
  size_t bytes = 0;
  EXPECT_EQ(lathe_method(f.p, 1, &method), LATHE_ERR_NOT_FOUND);
  EXPECT_EQ(lathe_find_method(f.p, "backward"), LATHE_NONE);
  EXPECT_EQ(lathe_find_method(f.p, nullptr), LATHE_NONE);
  EXPECT_EQ(lathe_program_data(f.p, "x", &data, &bytes), LATHE_ERR_NOT_FOUND);
  EXPECT_EQ(lathe_tensor_describe(f.p, 1, LATHE_INPUT, 0, &info), LATHE_ERR_NOT_FOUND);
  for (uint32_t kind : {LATHE_INPUT, LATHE_OUTPUT, LATHE_STATE})
    EXPECT_EQ(lathe_tensor_describe(f.p, 0, kind, 1, &info), LATHE_ERR_NOT_FOUND);
  EXPECT_EQ(lathe_bind(f.i, 1, LATHE_INPUT, 0, &tensor, nullptr), LATHE_ERR_NOT_FOUND);
  EXPECT_EQ(lathe_bind(f.i, 0, LATHE_STATE, 0, &tensor, nullptr), LATHE_ERR_NOT_FOUND);
  EXPECT_EQ(lathe_tensor_get(f.i, 0, LATHE_OUTPUT, 1, &tensor), LATHE_ERR_NOT_FOUND);
  EXPECT_EQ(lathe_run(f.i, 1, nullptr), LATHE_ERR_NOT_FOUND);
  ASSERT_EQ(lathe_device_count(), 1u);
  EXPECT_EQ(lathe_device(1, &device), LATHE_ERR_NOT_FOUND);
  EXPECT_EQ(lathe_device(0, &device), LATHE_OK);
}

TEST(Misuse, InternalMethodsAreNotRun) {
  opened program = open_program(two_method_program());
  instance_ptr instance = new_instance(program.program.get());
  std::vector<int32_t> x(1);
  uint32_t layer = lathe_find_method(program.program.get(), "layer");
  ASSERT_NE(layer, LATHE_NONE);
  EXPECT_EQ(bind_vector(instance.get(), LATHE_INPUT, 0, x, {}, layer), LATHE_ERR_NOT_FOUND);
  EXPECT_EQ(lathe_run(instance.get(), layer, nullptr), LATHE_ERR_NOT_FOUND);
}

TEST(Misuse, IncompleteOptionsAreRefused) {
  fixture f;
  lathe_allocator allocator = {sizeof(allocator), nullptr, nullptr, nullptr};
  lathe_options open_options = {};
  open_options.struct_bytes = sizeof(open_options);
  open_options.allocator = &allocator;
  lathe_program *program = nullptr;
  EXPECT_EQ(lathe_program_open_memory(f.program.file.data(), f.program.file.size(), &open_options, &program, nullptr),
            LATHE_ERR_ARGUMENT);
  open_options.allocator = nullptr;
  open_options.struct_bytes = 2; // less than its own first field
  EXPECT_EQ(lathe_program_open_memory(f.program.file.data(), f.program.file.size(), &open_options, &program, nullptr),
            LATHE_ERR_ARGUMENT);
  lathe_pool *pool = nullptr;
  EXPECT_EQ(lathe_pool_create(1, &allocator, &pool, nullptr), LATHE_ERR_ARGUMENT);

  auto create = [&](auto change) {
    lathe_instance_options options = {};
    options.struct_bytes = sizeof(options);
    change(options);
    lathe_instance *instance = nullptr;
    return lathe_instance_create(f.p, &options, &instance, nullptr);
  };
  lathe_executor executor = {};
  executor.struct_bytes = sizeof(executor);
  EXPECT_EQ(create([&](lathe_instance_options &o) { o.executor = &executor; }), LATHE_ERR_ARGUMENT);
  EXPECT_EQ(create([&](lathe_instance_options &o) { o.symbol_max_count = 1; }), LATHE_ERR_ARGUMENT);
  lathe_allocator unsized = {};
  EXPECT_EQ(create([&](lathe_instance_options &o) { o.allocator = &unsized; }), LATHE_ERR_ARGUMENT);
}

TEST(Misuse, ASubmittedRunKeepsOthersOut) {
  fixture f;
  uint64_t ticket = 0;
  std::vector<int32_t> x(8);
  std::vector<uint8_t> state(lathe_state_bytes(f.i));
  ASSERT_EQ(lathe_state_save(f.i, state.data(), state.size()), LATHE_OK);
  ASSERT_EQ(lathe_submit(f.i, 0, &ticket, nullptr), LATHE_OK);
  EXPECT_EQ(bind_vector(f.i, LATHE_INPUT, 0, x), LATHE_ERR_BUSY);
  EXPECT_EQ(lathe_prepare(f.i, 0, nullptr), LATHE_ERR_BUSY);
  EXPECT_EQ(lathe_state_load(f.i, state.data(), state.size(), nullptr), LATHE_ERR_BUSY);
  EXPECT_EQ(lathe_wait(f.i, ticket, 0, nullptr), LATHE_OK);
  EXPECT_EQ(lathe_state_load(f.i, state.data(), state.size(), nullptr), LATHE_OK);
}

TEST(Misuse, TheErrorOfASubmittedRunComesWithWait) {
  opened program = open_program(static_program());
  instance_ptr instance = new_instance(program.program.get());
  uint64_t ticket = 0;
  lathe_error error = {};
  ASSERT_EQ(lathe_submit(instance.get(), 0, &ticket, nullptr), LATHE_OK);
  EXPECT_EQ(lathe_wait(instance.get(), ticket, 0, &error), LATHE_ERR_UNBOUND);
  EXPECT_STREQ(error.text, "output 'z' is not bound");
}

TEST(Misuse, TensorsOfImpossibleSizesAreNotBound) {
  fixture f;
  int32_t word = 0;
  lathe_tensor tensor = {};
  tensor.struct_bytes = sizeof(tensor);
  tensor.rank = 1;
  tensor.data = &word;
  tensor.dims[0] = 8;
  tensor.bytes = (size_t{1} << 48) + 1;
  EXPECT_EQ(lathe_bind(f.i, 0, LATHE_INPUT, 0, &tensor, nullptr), LATHE_ERR_ARGUMENT);
  tensor.bytes = 32;
  tensor.data = reinterpret_cast<void *>(UINTPTR_MAX - 15); // its end wraps
  EXPECT_EQ(lathe_bind(f.i, 0, LATHE_INPUT, 0, &tensor, nullptr), LATHE_ERR_ARGUMENT);
  tensor.data = &word;
  for (int64_t dim : {int64_t{-1}, (int64_t{1} << 40) + 1, INT64_MIN}) {
    tensor.dims[0] = dim;
    EXPECT_EQ(lathe_bind(f.i, 0, LATHE_INPUT, 0, &tensor, nullptr), LATHE_ERR_SHAPE);
  }
}

TEST(Misuse, LibrariesTellWhatTheyAre) {
  EXPECT_STREQ(lathe_version_text(), "0.1.0 (format 1.0, kernel abi 1)");
  fixture f;
  EXPECT_EQ(std::string(lathe_program_code_name(f.p)).substr(0, 4), "raw_");
  EXPECT_EQ(memcmp(lathe_program_digest(f.p), f.program.file.data() + 32, 32), 0);
}

} // namespace
} // namespace lathe::test
