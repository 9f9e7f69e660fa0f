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


/// The dynamic program on x = 1..n, `count` times round its loop.
struct dynamic_run {
  opened program = open_program(dynamic_program());
  instance_ptr instance = new_instance(program.program.get());
  std::vector<int32_t> x, count, z, total;
  lathe_error error = {};

  int32_t run(size_t n, int32_t times) {
    x = counting(n);
    count = {times};
    z.assign(n, 0);
    total.assign(n, 0);
    int32_t status = bind_vector(instance.get(), LATHE_INPUT, 0, x, {}, 0, &error);
    if (status != LATHE_OK)
      return status;
    lathe_tensor scalar = {};
    scalar.struct_bytes = sizeof(scalar);
    scalar.data = count.data();
    scalar.bytes = 4;
    lathe_bind(instance.get(), 0, LATHE_INPUT, 1, &scalar, nullptr);
    bind_vector(instance.get(), LATHE_OUTPUT, 0, z);
    bind_vector(instance.get(), LATHE_OUTPUT, 1, total);
    return lathe_run(instance.get(), 0, &error);
  }
};

TEST(RunDynamic, SizesLoopsAndStateWork) {
  dynamic_run r;
  ASSERT_EQ(r.program.status, LATHE_OK) << r.program.error.text;
  int64_t sum = 0; // rounds so far: the state is x times that
  for (size_t n : {1, 8, 9, 64, 3}) {
    lathe_state_reset(r.instance.get());
    sum = 0;
    for (int32_t times : {1, 3}) {
      ASSERT_EQ(r.run(n, times), LATHE_OK) << r.error.text;
      sum += times;
      for (size_t i = 0; i < n; ++i) {
        EXPECT_EQ(r.total[i], static_cast<int32_t>(sum * (static_cast<int64_t>(i) + 1)));
        EXPECT_EQ(r.z[i], r.total[i] + static_cast<int32_t>(i) + 1);
      }
    }
  }
}

TEST(RunDynamic, SizesOutOfRangeAreRefused) {
  dynamic_run r;
  EXPECT_EQ(r.run(65, 1), LATHE_ERR_SHAPE);
  EXPECT_STREQ(r.error.text, "input 'x': dimension 0 is 65: symbol 'n' would be 65, "
                             "allowed are multiples of 1 from 1 to 64");
  EXPECT_EQ(r.run(13, 1), LATHE_ERR_ASSUMPTION);
  EXPECT_NE(std::string(r.error.text).find("n != 13"), std::string::npos);
  EXPECT_EQ(r.run(12, 1), LATHE_OK);
}

TEST(RunDynamic, ShapesAreChecked) {
  dynamic_run r;
  std::vector<int32_t> x = counting(8);
  EXPECT_EQ(bind_vector(r.instance.get(), LATHE_INPUT, 0, x, {2, 4}), LATHE_ERR_SHAPE);
  EXPECT_EQ(bind_vector(r.instance.get(), LATHE_INPUT, 0, x, {-1}), LATHE_ERR_SHAPE);
  EXPECT_EQ(bind_vector(r.instance.get(), LATHE_INPUT, 2, x), LATHE_ERR_NOT_FOUND);
  EXPECT_EQ(bind_vector(r.instance.get(), LATHE_STATE, 0, x), LATHE_ERR_NOT_FOUND);
  EXPECT_EQ(bind_vector(r.instance.get(), LATHE_INPUT, 0, x, {9}), LATHE_OK);
  EXPECT_EQ(lathe_prepare(r.instance.get(), 0, &r.error), LATHE_ERR_UNBOUND);
  std::vector<int32_t> one = {1};
  EXPECT_EQ(bind_vector(r.instance.get(), LATHE_INPUT, 1, one, {1}), LATHE_ERR_SHAPE) << "a scalar has rank 0";
}

TEST(RunDynamic, PrepareTellsOutputSizesBeforeTheyAreBound) {
  dynamic_run r;
  std::vector<int32_t> x = counting(5), count = {1};
  lathe_tensor got = {};
  got.struct_bytes = sizeof(got);
  EXPECT_EQ(lathe_tensor_get(r.instance.get(), 0, LATHE_OUTPUT, 0, &got), LATHE_ERR_UNBOUND);
  bind_vector(r.instance.get(), LATHE_INPUT, 0, x);
  lathe_tensor scalar = {};
  scalar.struct_bytes = sizeof(scalar);
  scalar.data = count.data();
  scalar.bytes = 4;
  lathe_bind(r.instance.get(), 0, LATHE_INPUT, 1, &scalar, nullptr);
  ASSERT_EQ(lathe_prepare(r.instance.get(), 0, &r.error), LATHE_OK) << r.error.text;
  ASSERT_EQ(lathe_tensor_get(r.instance.get(), 0, LATHE_OUTPUT, 0, &got), LATHE_OK);
  EXPECT_EQ(got.rank, 1u);
  EXPECT_EQ(got.dims[0], 5);
  EXPECT_EQ(lathe_run(r.instance.get(), 0, &r.error), LATHE_ERR_UNBOUND);
  std::vector<int32_t> small(4), z(5), total(5);
  bind_vector(r.instance.get(), LATHE_OUTPUT, 0, small);
  bind_vector(r.instance.get(), LATHE_OUTPUT, 1, total);
  EXPECT_EQ(lathe_run(r.instance.get(), 0, &r.error), LATHE_ERR_SIZE);
  bind_vector(r.instance.get(), LATHE_OUTPUT, 0, z);
  EXPECT_EQ(lathe_run(r.instance.get(), 0, &r.error), LATHE_OK);
}

TEST(RunDynamic, APromisedMaximumShrinksTheArena) {
  opened program = open_program(dynamic_program());
  lathe_memory_needs needs = {};
  needs.struct_bytes = sizeof(needs);
  ASSERT_EQ(lathe_memory_needed(program.program.get(), nullptr, &needs, nullptr), LATHE_OK);
  uint64_t full = needs.bytes[LATHE_MEMORY_ARENA];
  lathe_symbol_max most = {"n", 8};
  lathe_instance_options options = {};
  options.struct_bytes = sizeof(options);
  options.symbol_max = &most;
  options.symbol_max_count = 1;
  ASSERT_EQ(lathe_memory_needed(program.program.get(), &options, &needs, nullptr), LATHE_OK);
  EXPECT_EQ(full - needs.bytes[LATHE_MEMORY_ARENA], 192u);
  dynamic_run r;
  r.instance = new_instance(r.program.program.get(), options);
  EXPECT_EQ(r.run(8, 1), LATHE_OK);
  EXPECT_EQ(r.run(9, 1), LATHE_ERR_SHAPE);
  most.max = 0;
  EXPECT_EQ(lathe_memory_needed(program.program.get(), &options, &needs, nullptr), LATHE_ERR_ARGUMENT);
}

TEST(RunDynamic, TheArenasContentsDoNotMatter) {
  std::vector<std::vector<int32_t>> results;
  for (int poison : {0x00, 0xff, 0x7f}) {
    dynamic_run r;
    lathe_memory_needs needs = {};
    needs.struct_bytes = sizeof(needs);
    lathe_memory_needed(r.program.program.get(), nullptr, &needs, nullptr);
    aligned_bytes arena(needs.bytes[LATHE_MEMORY_ARENA]);
    memset(arena.data(), poison, arena.size());
    lathe_instance_options options = {};
    options.memory[LATHE_MEMORY_ARENA] = {arena.data(), arena.size()};
    r.instance = new_instance(r.program.program.get(), options);
    ASSERT_EQ(r.run(64, 2), LATHE_OK);
    results.push_back(r.z);
  }
  EXPECT_EQ(results[0], results[1]);
  EXPECT_EQ(results[0], results[2]);
}

TEST(RunMethods, PrefillAndStepShareWeightsAndState) {
  for (bool is_linked : {false, true}) {
    opened loaded;
    std::unique_ptr<linked> table;
    lathe_program *program = nullptr;
    if (is_linked) {
      table = open_linked(two_method_program(true));
      program = table->program.get();
    } else {
      loaded = open_program(two_method_program());
      program = loaded.program.get();
    }
    ASSERT_NE(program, nullptr);
    EXPECT_EQ(lathe_find_method(program, "step"), 2u);
    EXPECT_EQ(lathe_find_method(program, "none"), LATHE_NONE);
    instance_ptr instance = new_instance(program);
    std::vector<int32_t> x = counting(5), y(5), one = {10}, out(1);
    bind_vector(instance.get(), LATHE_INPUT, 0, x, {}, 1);
    bind_vector(instance.get(), LATHE_OUTPUT, 0, y, {}, 1);
    bind_vector(instance.get(), LATHE_INPUT, 0, one, {}, 2);
    bind_vector(instance.get(), LATHE_OUTPUT, 0, out, {}, 2);
    ASSERT_EQ(lathe_run(instance.get(), 1, nullptr), LATHE_OK);
    EXPECT_EQ(y, (std::vector<int32_t>{3, 10, 21, 44, 15}));
    ASSERT_EQ(lathe_run(instance.get(), 2, nullptr), LATHE_OK);
    EXPECT_EQ(out[0], 33);
    ASSERT_EQ(lathe_run(instance.get(), 2, nullptr), LATHE_OK);
    EXPECT_EQ(out[0], 63);
    ASSERT_EQ(lathe_run(instance.get(), 1, nullptr), LATHE_OK);
    EXPECT_EQ(y[0], 66);
    EXPECT_EQ(lathe_run(instance.get(), 0, nullptr), LATHE_ERR_NOT_FOUND) << "internal";
  }
}

TEST(RunMethods, ACallThatPassesTooFewBytesFails) {
  program_source source = two_method_program();
  auto &step = *source.method(2).variants[0];
  static_cast<f::CallMethodT *>(step.instructions[0]->body.value)->symbols = {2};
  opened program = open_program(std::move(source));
  ASSERT_EQ(program.status, LATHE_OK) << program.error.text;
  instance_ptr instance = new_instance(program.program.get());
  std::vector<int32_t> x = {1}, y = {0};
  bind_vector(instance.get(), LATHE_INPUT, 0, x, {}, 2);
  bind_vector(instance.get(), LATHE_OUTPUT, 0, y, {}, 2);
  lathe_error error = {};
  EXPECT_EQ(lathe_run(instance.get(), 2, &error), LATHE_ERR_SIZE);
  EXPECT_EQ(lathe_run(instance.get(), 2, &error), LATHE_ERR_STATE_DIRTY);
}

// ------------------------------------------------------------- control flow

TEST(RunControl, SymbolsFromDataMoveBuffers) {
  // y[i] = x[i] for i = 0 .. count - 1, one element a round; then the output's
  // size is the count.
  program_source source = new_program();
  f::MethodT &method = source.add_method("forward");
  method_builder b(method);
  uint32_t i = b.symbol("i", 0, 8), n = b.symbol("n", 0, 8);
  int64_t i4 = b.times(i, 4), count = b.symbol_size(n), count4 = b.times(n, 4);
  int64_t next = b.expression({f::ExpressionOp::symbol, f::ExpressionOp::constant, f::ExpressionOp::add}, {i, 1});
  // max(n - i, 0): not 0 while there are rounds left.
  int64_t left = b.expression({f::ExpressionOp::symbol, f::ExpressionOp::symbol, f::ExpressionOp::constant,
                               f::ExpressionOp::mul, f::ExpressionOp::add, f::ExpressionOp::constant,
                               f::ExpressionOp::max},
                              {n, i, -1, 0});
  method.inputs.push_back(tensor("x", f::DType::i32, {8}));
  method.inputs.push_back(tensor("count", f::DType::i64, {1}));
  method.outputs.push_back(tensor("y", f::DType::i32, {count}, {0}, {8}));
  uint32_t from = b.buffer(f::Region::input, 0, 4, 0, i4);
  uint32_t to = b.buffer(f::Region::output, 0, 4, 0, i4);
  uint32_t whole = b.buffer(f::Region::output, 0, count4);
  uint32_t bound = b.buffer(f::Region::input, 1, 8);
  b.bind_symbol(n, bound, f::DType::i64);             // 0
  b.fill(whole, 0x01020304, 4);                       // 1
  b.branch_if(6, LATHE_NONE, left, true);             // 2
  b.copy(from, to);                                   // 3
  b.set_symbol(i, next);                              // 4
  b.branch(2);                                        // 5
  opened program = open_program(std::move(source));
  ASSERT_EQ(program.status, LATHE_OK) << program.error.text;
  instance_ptr instance = new_instance(program.program.get());
  lathe_error error = {};
  for (int64_t wanted : {0, 3, 8, 1}) {
    std::vector<int32_t> x = counting(8), y(8, -1);
    std::vector<int64_t> size = {wanted};
    bind_vector(instance.get(), LATHE_INPUT, 0, x);
    bind_vector(instance.get(), LATHE_INPUT, 1, size);
    bind_vector(instance.get(), LATHE_OUTPUT, 0, y);
    ASSERT_EQ(lathe_run(instance.get(), 0, &error), LATHE_OK) << error.text;
    for (int64_t k = 0; k < 8; ++k)
      EXPECT_EQ(y[static_cast<size_t>(k)], k < wanted ? k + 1 : -1);
    lathe_tensor got = {};
    got.struct_bytes = sizeof(got);
    ASSERT_EQ(lathe_tensor_get(instance.get(), 0, LATHE_OUTPUT, 0, &got), LATHE_OK);
    EXPECT_EQ(got.dims[0], wanted);
  }
  std::vector<int64_t> size = {9};
  bind_vector(instance.get(), LATHE_INPUT, 1, size);
  EXPECT_EQ(lathe_run(instance.get(), 0, &error), LATHE_ERR_SHAPE);
  std::vector<int32_t> narrow(2);
  size = {3};
  bind_vector(instance.get(), LATHE_OUTPUT, 0, narrow);
  EXPECT_EQ(lathe_run(instance.get(), 0, &error), LATHE_ERR_SIZE) << error.text;
  EXPECT_EQ(error.instruction, 1u);
}

TEST(RunControl, EndlessLoopsEndAtTheLimit) {
  program_source source = new_program();
  method_builder(source.add_method("forward")).branch(0);
  opened program = open_program(std::move(source));
  lathe_instance_options options = {};
  options.instructions_max = 1000;
  instance_ptr instance = new_instance(program.program.get(), options);
  lathe_error error = {};
  EXPECT_EQ(lathe_run(instance.get(), 0, &error), LATHE_ERR_INSTRUCTION_LIMIT);
  EXPECT_STREQ(error.text, "the limit of 1000 instructions");
}

// ------------------------------------------------------------------- errors

program_source gather_program(const location &place = {"embedding", "aten.embedding.default",
                                                            "model.py", "Net.forward", 41}) {
  program_source source = new_program();
  uint32_t slot = source.add_weights("w", {3, 5, 7, 11});
  source.add_state("s", {4});
  source.metadata.locations_segment = source.add_segment(
      f::SegmentKind::locations,
      locations_segment({place}));
  f::MethodT &method = source.add_method("forward");
  method.inputs.push_back(tensor("i", f::DType::i32, {4}));
  method.outputs.push_back(tensor("z", f::DType::i32, {4}));
  method_builder b(method);
  b.call(kernel::gather, {b.buffer(f::Region::input, 0, 16), b.buffer(f::Region::output, 0, 16),
                          b.buffer(f::Region::weights, slot, 16)}, 4, {4});
  b.variant().instructions.back()->location = 0;
  return source;
}

TEST(RunErrors, AnIndexOutOfRangeNamesThePlaceInTheModel) {
  opened program = open_program(gather_program());
  ASSERT_EQ(program.status, LATHE_OK) << program.error.text;
  instance_ptr instance = new_instance(program.program.get());
  std::vector<int32_t> index = {0, 3, 1, 2}, z(4);
  bind_vector(instance.get(), LATHE_INPUT, 0, index);
  bind_vector(instance.get(), LATHE_OUTPUT, 0, z);
  lathe_error error = {};
  ASSERT_EQ(lathe_run(instance.get(), 0, &error), LATHE_OK);
  EXPECT_EQ(z, (std::vector<int32_t>{3, 11, 5, 7}));
  index[1] = 4;
  EXPECT_EQ(lathe_run(instance.get(), 0, &error), LATHE_ERR_INDEX);
  EXPECT_STREQ(error.text, "an index is out of range in gather_i32 at node 'embedding' "
                           "(aten.embedding.default), model.py:41 in Net.forward");
  EXPECT_EQ(error.instruction, 0u);
  index[1] = 0;
  EXPECT_EQ(lathe_run(instance.get(), 0, &error), LATHE_ERR_STATE_DIRTY);
  lathe_state_reset(instance.get());
  EXPECT_EQ(lathe_run(instance.get(), 0, &error), LATHE_OK);
}

/// What a run of `source`, a gather_program, says of an index that is out of range.
lathe_error index_error(program_source source) {
  lathe_error error = {};
  opened program = open_program(std::move(source));
  EXPECT_EQ(program.status, LATHE_OK) << program.error.text;
  if (program.status != LATHE_OK)
    return error;
  instance_ptr instance = new_instance(program.program.get());
  std::vector<int32_t> index = {0, 4, 1, 2}, z(4);
  bind_vector(instance.get(), LATHE_INPUT, 0, index);
  bind_vector(instance.get(), LATHE_OUTPUT, 0, z);
  EXPECT_EQ(lathe_run(instance.get(), 0, &error), LATHE_ERR_INDEX);
  return error;
}

TEST(RunErrors, NamesThatAreUnknownLeaveNoEmptyWords) {
  for (auto [place, words] : {std::pair<location, const char *>{
                                  {"embedding", "", "model.py", "", 41}, " at node 'embedding', model.py:41"},
                              {{"embedding", "", "", "", 0}, " at node 'embedding'"}}) {
    EXPECT_EQ(index_error(gather_program(place)).text, std::string("an index is out of range in gather_i32") + words);
  }
}

TEST(RunErrors, OfALongPathTheEndIsShown) {
  // 63 bytes are kept; the first of them would be the second half of a character.
  std::string end = std::string(54, 'e') + "/model.py";
  for (std::string path : {end, "x" + end, "\xc3\xbc" + end.substr(1)}) {
    std::string shown = path[0] == '\xc3' ? end.substr(1) : end;
    std::string text = index_error(gather_program({"embedding", "", path, "", 41})).text;
    EXPECT_EQ(text, "an index is out of range in gather_i32 at node 'embedding', " + shown + ":41");
  }
}

TEST(RunErrors, TheNameOfAKernelHidesNoPlace) {
  std::string name(130, 'k'), start = "an index is out of range in ";
  program_source source = gather_program();
  source.metadata.kernels[kernel::gather]->name = name;
  lathe_error error = index_error(std::move(source));
  EXPECT_EQ(error.text, start + name + " at node 'embedding' (aten.embedding.default), model.py:41 in Net.forward");
  EXPECT_EQ(error.instruction, 0u);
}

TEST(RunErrors, DamagedLocationsOnlyCostTheWords) {
  for (size_t at = 0; at < 120; ++at)
    for (uint8_t value : {uint8_t{0}, uint8_t{0xff}}) {
      program_source source = gather_program();
      bytes &locations = source.segments.back();
      if (at >= locations.size())
        return;
      locations[at] = value;
      lathe_error error = index_error(std::move(source));
      EXPECT_LT(strlen(error.text), sizeof(error.text));
    }
}

TEST(RunErrors, OtherFailuresOfKernelsAreReported) {
  program_source source = new_program();
  method_builder(source.add_method("forward")).call(kernel::fail_always, {}, 1);
  opened program = open_program(std::move(source));
  instance_ptr instance = new_instance(program.program.get());
  lathe_error error = {};
  EXPECT_EQ(lathe_run(instance.get(), 0, &error), LATHE_ERR_KERNEL);
  EXPECT_STREQ(error.text, "failure 7 in fail");
  EXPECT_EQ(lathe_run(instance.get(), 0, nullptr), LATHE_ERR_KERNEL) << "there is no state to be dirty";
}

TEST(RunErrors, OutputsMayNotOverlapUnlessDeclared) {
  for (bool declared : {false, true}) {
    program_source source = static_program();
    if (declared)
      source.method().aliases.push_back(std::make_unique<f::OutputAliasT>());
    opened program = open_program(std::move(source));
    instance_ptr instance = new_instance(program.program.get());
    std::vector<int32_t> x = counting(16);
    std::vector<int32_t> half(x.begin(), x.begin() + 8);
    bind_vector(instance.get(), LATHE_INPUT, 0, half);
    bind_vector(instance.get(), LATHE_OUTPUT, 0, half);
    EXPECT_EQ(lathe_run(instance.get(), 0, nullptr), declared ? LATHE_OK : LATHE_ERR_ARGUMENT);
  }
}

// -------------------------------------------------------------------- state

TEST(RunState, SaveAndLoadCarryItOver) {
  dynamic_run first, second;
  ASSERT_EQ(first.run(4, 2), LATHE_OK);
  std::vector<uint8_t> saved(lathe_state_bytes(first.instance.get()));
  EXPECT_EQ(lathe_state_save(first.instance.get(), saved.data(), saved.size() - 1), LATHE_ERR_MEMORY);
  ASSERT_EQ(lathe_state_save(first.instance.get(), saved.data(), saved.size()), LATHE_OK);
  ASSERT_EQ(lathe_state_load(second.instance.get(), saved.data(), saved.size(), nullptr), LATHE_OK);
  ASSERT_EQ(second.run(4, 1), LATHE_OK);
  EXPECT_EQ(second.total, (std::vector<int32_t>{3, 6, 9, 12}));
  for (size_t at : {0, 8, 16}) { // magic, size, digest
    std::vector<uint8_t> damaged = saved;
    damaged[at] ^= 1;
    EXPECT_NE(lathe_state_load(second.instance.get(), damaged.data(), damaged.size(), nullptr), LATHE_OK);
  }
  EXPECT_EQ(lathe_state_load(second.instance.get(), saved.data(), saved.size() - 1, nullptr), LATHE_ERR_FORMAT);
  ASSERT_EQ(second.run(4, 1), LATHE_OK);
  EXPECT_EQ(second.total[0], 4) << "a refused load left the state alone";
}

TEST(RunState, InitialValuesComeFromWeights) {
  program_source source = two_method_program();
  source.metadata.states[0]->dims = {4};
  source.metadata.states[0]->bytes = 16;
  source.metadata.states[0]->initial_weight = 0;
  opened program = open_program(std::move(source));
  ASSERT_EQ(program.status, LATHE_OK) << program.error.text;
  instance_ptr instance = new_instance(program.program.get());
  std::vector<int32_t> x = {1}, y(1);
  bind_vector(instance.get(), LATHE_INPUT, 0, x, {}, 2);
  bind_vector(instance.get(), LATHE_OUTPUT, 0, y, {}, 2);
  ASSERT_EQ(lathe_run(instance.get(), 2, nullptr), LATHE_OK);
  EXPECT_EQ(y[0], 3 + 3);
  lathe_state_reset(instance.get());
  ASSERT_EQ(lathe_run(instance.get(), 2, nullptr), LATHE_OK);
  EXPECT_EQ(y[0], 3 + 3);
}

// ------------------------------------------------------------------- others

TEST(RunOwned, TheRuntimeCanOwnInputsAndOutputs) {
  opened program = open_program(static_program());
  lathe_instance_options options = {};
  options.flags = LATHE_OWN_IO;
  instance_ptr instance = new_instance(program.program.get(), options);
  lathe_tensor x = {}, z = {};
  x.struct_bytes = z.struct_bytes = sizeof(x);
  ASSERT_EQ(lathe_tensor_get(instance.get(), 0, LATHE_INPUT, 0, &x), LATHE_OK);
  ASSERT_EQ(lathe_tensor_get(instance.get(), 0, LATHE_OUTPUT, 0, &z), LATHE_OK);
  ASSERT_EQ(x.bytes, 32u);
  static_cast<int32_t *>(x.data)[0] = 4;
  ASSERT_EQ(lathe_run(instance.get(), 0, nullptr), LATHE_OK);
  EXPECT_EQ(static_cast<int32_t *>(z.data)[0], 24);
  instance_ptr without = new_instance(program.program.get());
  lathe_tensor unbound = {};
  unbound.struct_bytes = sizeof(unbound);
  unbound.rank = 1;
  unbound.dims[0] = 8;
  EXPECT_EQ(lathe_bind(without.get(), 0, LATHE_INPUT, 0, &unbound, nullptr), LATHE_ERR_UNBOUND);
}

TEST(RunSubmit, OneRunIsInFlight) {
  dynamic_run r;
  ASSERT_EQ(r.run(4, 1), LATHE_OK);
  uint64_t ticket = 0, other = 0;
  ASSERT_EQ(lathe_submit(r.instance.get(), 0, &ticket, nullptr), LATHE_OK);
  EXPECT_EQ(lathe_submit(r.instance.get(), 0, &other, nullptr), LATHE_ERR_BUSY);
  EXPECT_EQ(lathe_run(r.instance.get(), 0, nullptr), LATHE_ERR_BUSY);
  EXPECT_EQ(lathe_state_reset(r.instance.get()), LATHE_ERR_BUSY);
  EXPECT_EQ(lathe_wait(r.instance.get(), ticket + 1, 0, nullptr), LATHE_ERR_ARGUMENT);
  EXPECT_EQ(lathe_wait(r.instance.get(), ticket, 0, nullptr), LATHE_OK);
  EXPECT_EQ(lathe_wait(r.instance.get(), ticket, 0, nullptr), LATHE_ERR_ARGUMENT);
}

TEST(RunProfile, EveryKernelIsReported) {
  dynamic_run r;
  ASSERT_EQ(r.run(4, 1), LATHE_OK);
  std::vector<std::string> names;
  lathe_profile_set(r.instance.get(),
                    [](void *ctx, const lathe_profile_event *event) {
                      EXPECT_LE(event->begin_ns, event->end_ns);
                      static_cast<std::vector<std::string> *>(ctx)->push_back(event->kernel);
                    },
                    &names);
  ASSERT_EQ(r.run(4, 2), LATHE_OK);
  EXPECT_EQ(names, (std::vector<std::string>{"accumulate_i32", "count_down_i32", "accumulate_i32",
                                             "count_down_i32", "add_i32"}));
}

TEST(RunInfo, TensorsAreDescribed) {
  opened program = open_program(dynamic_program());
  lathe_tensor_info info = {};
  info.struct_bytes = sizeof(info);
  ASSERT_EQ(lathe_tensor_describe(program.program.get(), 0, LATHE_INPUT, 0, &info), LATHE_OK);
  EXPECT_STREQ(info.name, "x");
  EXPECT_EQ(info.dtype, LATHE_DTYPE_I32);
  EXPECT_EQ(info.rank, 1u);
  EXPECT_EQ(info.dims[0].min, 1);
  EXPECT_EQ(info.dims[0].max, 64);
  EXPECT_STREQ(info.dims[0].symbol, "n");
  EXPECT_EQ(info.bytes_max, 256u);
  EXPECT_EQ(info.axis, -1);
  ASSERT_EQ(lathe_tensor_describe(program.program.get(), 0, LATHE_STATE, 0, &info), LATHE_OK);
  EXPECT_STREQ(info.name, "total");
  EXPECT_EQ(lathe_tensor_describe(program.program.get(), 0, LATHE_STATE, 1, &info), LATHE_ERR_NOT_FOUND);
  // An older, shorter structure is filled as far as it goes.
  struct { lathe_tensor_info info; } guarded;
  memset(&guarded, 0x5a, sizeof(guarded));
  guarded.info.struct_bytes = offsetof(lathe_tensor_info, dims);
  ASSERT_EQ(lathe_tensor_describe(program.program.get(), 0, LATHE_INPUT, 0, &guarded.info), LATHE_OK);
  EXPECT_EQ(guarded.info.rank, 1u);
  EXPECT_EQ(guarded.info.dims[0].min, 0x5a5a5a5a5a5a5a5a);
}

TEST(RunInfo, StatusesAndTypesHaveNames) {
  EXPECT_STREQ(lathe_status_name(LATHE_OK), "LATHE_OK");
  EXPECT_STREQ(lathe_status_name(LATHE_ERR_SHAPE), "LATHE_ERR_SHAPE");
  EXPECT_STREQ(lathe_status_name(LATHE_ERR_DEVICE), "LATHE_ERR_DEVICE");
  EXPECT_STREQ(lathe_status_name(LATHE_ERR_DEVICE - 1), "LATHE_ERR_?");
  EXPECT_STREQ(lathe_status_name(1), "LATHE_ERR_?");
  EXPECT_STREQ(lathe_dtype_name(LATHE_DTYPE_BF16), "bf16");
  EXPECT_EQ(lathe_dtype_bytes(LATHE_DTYPE_F64), 8u);
  EXPECT_EQ(lathe_dtype_bytes(99), 0u);
  EXPECT_EQ(lathe_version(), 0x000100u);
}

} // namespace
} // namespace lathe::test
