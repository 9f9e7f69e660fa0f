// SPDX-License-Identifier: Apache-2.0
// What sizes decide when they become known: each rule has a program that only
// this rule refuses, and a size with which it runs.
#include "test/runtime/program_builder.h"

#include <gtest/gtest.h>

namespace lathe::test {
namespace {

using op = f::ExpressionOp;

/// forward(x[n]) -> y[n] of i32, n in 1..64, without instructions.
struct sized_method {
  program_source source = new_program();
  f::MethodT &method = source.add_method("forward");
  method_builder b{method};
  uint32_t n = b.symbol("n", 1, 64);
  int64_t size = b.symbol_size(n), bytes = b.times(n, 4);
  uint32_t x = 0, y = 0;

  sized_method() {
    b.bind(n, 0, 0);
    method.inputs.push_back(tensor("x", f::DType::i32, {size}, {1}, {64}));
    method.outputs.push_back(tensor("y", f::DType::i32, {size}, {1}, {64}));
    x = b.buffer(f::Region::input, 0, bytes);
    y = b.buffer(f::Region::output, 0, bytes);
  }
  /// n * factor + addend
  int64_t linear(int64_t factor, int64_t addend) {
    return b.expression({op::symbol, op::constant, op::mul, op::constant, op::add}, {n, factor, addend});
  }
  /// n * 2^62 / 2^62: overflows for n >= 2
  int64_t overflowing() {
    constexpr int64_t large = int64_t{1} << 62;
    return b.expression({op::symbol, op::constant, op::mul, op::constant, op::floor_div}, {n, large, large});
  }
  void assume(f::Relation relation, int64_t right) {
    auto made = std::make_unique<f::AssumptionT>();
    made->relation = relation;
    made->left = size;
    made->right = right;
    made->text = "as the user wrote it";
    method.assumptions.push_back(std::move(made));
  }
};

struct size_rule {
  const char *name;
  std::function<void(sized_method &)> add;
  int64_t refused; // n
  const char *message;
  int32_t status = LATHE_ERR_SIZE;
  int64_t accepted = 1; // n
};

int32_t run_with(lathe_instance *instance, int64_t n, lathe_error *error) {
  std::vector<int32_t> x(static_cast<size_t>(n)), y(64);
  bind_vector(instance, LATHE_INPUT, 0, x);
  bind_vector(instance, LATHE_OUTPUT, 0, y);
  return lathe_run(instance, 0, error);
}

class Prepare : public testing::TestWithParam<size_rule> {};

TEST_P(Prepare, Refuses) {
  const size_rule &rule = GetParam();
  sized_method made;
  rule.add(made);
  opened program = open_program(std::move(made.source));
  ASSERT_EQ(program.status, LATHE_OK) << program.error.text;
  instance_ptr instance = new_instance(program.program.get());
  lathe_error error = {};
  EXPECT_EQ(run_with(instance.get(), rule.accepted, &error), LATHE_OK) << error.text;
  EXPECT_EQ(run_with(instance.get(), rule.refused, &error), rule.status);
  EXPECT_NE(std::string(error.text).find(rule.message), std::string::npos) << error.text;
  EXPECT_EQ(run_with(instance.get(), rule.accepted, &error), LATHE_OK) << error.text;
}

const size_rule rules[] = {
    {"assumption_equal", [](sized_method &m) { m.assume(f::Relation::equal, 1); }, 2,
     "as the user wrote it (2, 1)", LATHE_ERR_ASSUMPTION},
    {"assumption_not_equal", [](sized_method &m) { m.assume(f::Relation::not_equal, 3); }, 3,
     "as the user wrote it (3, 3)", LATHE_ERR_ASSUMPTION},
    {"assumption_less", [](sized_method &m) { m.assume(f::Relation::less, 3); }, 3,
     "as the user wrote it (3, 3)", LATHE_ERR_ASSUMPTION, 2},
    {"assumption_less_equal", [](sized_method &m) { m.assume(f::Relation::less_equal, 3); }, 4,
     "as the user wrote it (4, 3)", LATHE_ERR_ASSUMPTION, 3},
    {"assumption_overflow", [](sized_method &m) { m.assume(f::Relation::less_equal, m.overflowing()); }, 2,
     "as the user wrote it", LATHE_ERR_ASSUMPTION},
    {"divisor", [](sized_method &m) {
       m.method.bindings[0]->divisor = 2;
       m.method.inputs[0]->dims[0] = m.linear(2, 0);
     }, 3,
     "dimension 0 is 3, which the model cannot have", LATHE_ERR_SHAPE, 2},
    {"symbol_range", [](sized_method &m) { m.method.symbols[0]->max = 8; }, 9,
     "symbol 'n' would be 9, allowed are multiples of 1 from 1 to 8", LATHE_ERR_SHAPE},
    {"symbol_multiple", [](sized_method &m) { m.method.symbols[0]->multiple = 4; }, 6,
     "allowed are multiples of 4", LATHE_ERR_SHAPE, 8},
    {"dimension", [](sized_method &m) { m.method.inputs[0]->dims[0] = m.linear(2, -1); }, 2,
     "dimension 0 is 2, expected 3", LATHE_ERR_SHAPE},
    {"dimension_overflow", [](sized_method &m) { m.method.inputs[0]->dims[0] = m.overflowing(); }, 2,
     "a dimension of input 'x' overflows"},
    {"output_size", [](sized_method &m) { m.method.outputs[0]->dims[0] = m.linear(int64_t{1} << 50, 1 - (int64_t{1} << 50)); }, 2,
     "output 'y' is too large"},
    {"buffer_size", [](sized_method &m) { m.b.buffer(f::Region::input, 0, m.overflowing()); }, 2,
     "the size of buffer 2 overflows"},
    {"buffer_negative", [](sized_method &m) { m.b.buffer(f::Region::input, 0, m.linear(-1, 1)); }, 2,
     "the size of buffer 2 overflows"},
    {"buffer_range", [](sized_method &m) { m.b.buffer(f::Region::input, 0, m.linear(8, -4)); }, 2,
     "buffer 2 at 0 with 12 bytes leaves its region of 8"},
    {"view_range", [](sized_method &m) { m.b.buffer(f::Region::input, 0, 4, 0, m.linear(8, -8)); }, 2,
     "buffer 2 at 8 with 4 bytes leaves its region of 8"},
    {"alignment", [](sized_method &m) {
       uint32_t part = m.b.buffer(f::Region::input, 0, 4, 0, m.linear(1, -1));
       m.b.call(kernel::add, {part, part, m.y}, 1);
     }, 3, "is not aligned to 4"},
    {"kernel_size", [](sized_method &m) {
       uint32_t slot = m.source.add_weights("w", {1});
       uint32_t w = m.b.buffer(f::Region::weights, slot, 4);
       m.b.call(kernel::scale, {m.x, m.y, w}, 1, {m.overflowing()});
     }, 2, "size 0 of kernel"},
    {"tiles", [](sized_method &m) { m.b.call(kernel::add, {m.x, m.x, m.y}, m.linear(-1, 1)); }, 2,
     "the tile count of kernel"},
    {"tiles_range", [](sized_method &m) { m.b.call(kernel::add, {m.x, m.x, m.y}, m.linear(int64_t{1} << 32, -(int64_t{1} << 32))); }, 2,
     "exceed the limit of 16777216", LATHE_ERR_LIMIT},
    {"copy", [](sized_method &m) { m.b.copy(m.b.buffer(f::Region::input, 0, 4), m.y); }, 2, "copies 4 bytes to 8"},
    {"fill", [](sized_method &m) { m.b.fill(m.y, 1, 8); }, 3, "fills 12 bytes with values of 8", LATHE_ERR_SIZE, 2},
    {"branch", [](sized_method &m) { m.b.branch_if(1, m.b.buffer(f::Region::input, 0, m.linear(-1, 2))); }, 2,
     "branches on a buffer of 0 bytes"},
    {"bind_symbol", [](sized_method &m) {
       uint32_t s = m.b.symbol("s", 0, 9);
       m.b.bind_symbol(s, m.b.buffer(f::Region::input, 0, m.linear(-4, 16)), f::DType::i64);
     }, 3, "binds a symbol to a buffer of 4 bytes", LATHE_ERR_SIZE, 2},
    {"condition", [](sized_method &m) { m.b.branch_if(1, LATHE_NONE, m.overflowing()); }, 2, "a condition overflows"},
    {"set_symbol", [](sized_method &m) { m.b.set_symbol(m.b.symbol("s", 0, 9), m.overflowing()); }, 2,
     "a symbol's value overflows"},
    {"set_symbol_range", [](sized_method &m) { m.b.set_symbol(m.b.symbol("s", 0, 5), m.size); }, 6,
     "symbol 's' would be 6", LATHE_ERR_SHAPE},
};

INSTANTIATE_TEST_SUITE_P(, Prepare, testing::ValuesIn(rules),
                         [](const auto &info) { return std::string(info.param.name); });

TEST(PrepareBinding, InputsMustHoldTheirDimensions) {
  sized_method made;
  opened program = open_program(std::move(made.source));
  instance_ptr instance = new_instance(program.program.get());
  std::vector<int32_t> x(4), y(4);
  bind_vector(instance.get(), LATHE_INPUT, 0, x, {5});
  bind_vector(instance.get(), LATHE_OUTPUT, 0, y);
  lathe_error error = {};
  EXPECT_EQ(lathe_run(instance.get(), 0, &error), LATHE_ERR_SHAPE);
  EXPECT_STREQ(error.text, "input 'x' has 16 bytes, its dimensions need 20");
}

TEST(PrepareBinding, OutputsMayNotShareMemory) {
  sized_method made;
  made.method.outputs.push_back(tensor("z", f::DType::i32, {made.size}, {1}, {64}));
  opened program = open_program(std::move(made.source));
  instance_ptr instance = new_instance(program.program.get());
  std::vector<int32_t> x(4), y(4);
  bind_vector(instance.get(), LATHE_INPUT, 0, x);
  bind_vector(instance.get(), LATHE_OUTPUT, 0, y);
  bind_vector(instance.get(), LATHE_OUTPUT, 1, y);
  lathe_error error = {};
  EXPECT_EQ(lathe_run(instance.get(), 0, &error), LATHE_ERR_ARGUMENT);
  EXPECT_STREQ(error.text, "output 1 overlaps output 0");
}

/// The cost of a tile is a hint: without a value it stops no run.
TEST(PrepareHint, ACostWithoutAValueIsNotKnown) {
  using make_cost = int64_t (*)(sized_method &);
  for (make_cost cost : {make_cost([](sized_method &m) { return m.overflowing(); }),
                         make_cost([](sized_method &m) { return m.linear(-1, 1); })}) {
    sized_method made;
    made.b.call(kernel::add, {made.x, made.x, made.y}, made.size, {}, cost(made));
    opened program = open_program(std::move(made.source));
    ASSERT_EQ(program.status, LATHE_OK) << program.error.text;
    instance_ptr instance = new_instance(program.program.get());
    std::vector<int32_t> x = {3, 4}, y(2);
    bind_vector(instance.get(), LATHE_INPUT, 0, x);
    bind_vector(instance.get(), LATHE_OUTPUT, 0, y);
    lathe_error error = {};
    EXPECT_EQ(lathe_run(instance.get(), 0, &error), LATHE_OK) << error.text;
    EXPECT_EQ(y, (std::vector<int32_t>{6, 8}));
  }
}

/// Symbols that instructions set reach every kind of instruction: y[0 .. s) =
/// 2 * x[0 .. s) with s = x[0], read as i32; the last element is filled with 7.
TEST(PrepareRuntime, InstructionsFollowSymbolsFromData) {
  program_source source = new_program();
  f::MethodT &method = source.add_method("forward");
  method_builder b(method);
  uint32_t s = b.symbol("s", 0, 8);
  int64_t size = b.symbol_size(s), bytes = b.times(s, 4);
  method.inputs.push_back(tensor("x", f::DType::i32, {8}));
  method.outputs.push_back(tensor("y", f::DType::i32, {8}));
  uint32_t first = b.buffer(f::Region::input, 0, 4);
  uint32_t from = b.buffer(f::Region::input, 0, bytes), to = b.buffer(f::Region::output, 0, bytes);
  uint32_t last = b.buffer(f::Region::output, 0, 4, 28);
  uint32_t flag = b.buffer(f::Region::input, 0, 1, 4, bytes); // x[s + 1]
  b.bind_symbol(s, first, f::DType::i32);     // 0
  b.call(kernel::add, {from, from, to}, size); // 1
  b.wait();                                   // 2
  b.branch_if(5, flag);                       // 3
  b.fill(last, 7, 1);                         // 4
  opened program = open_program(std::move(source));
  ASSERT_EQ(program.status, LATHE_OK) << program.error.text;
  instance_ptr instance = new_instance(program.program.get());
  for (int32_t count : {3, 0, 6, 5}) {
    std::vector<int32_t> x = {count, 0, 5, 0, 9, 0, 0, 0}, y(8, -1);
    bind_vector(instance.get(), LATHE_INPUT, 0, x);
    bind_vector(instance.get(), LATHE_OUTPUT, 0, y);
    lathe_error error = {};
    ASSERT_EQ(lathe_run(instance.get(), 0, &error), LATHE_OK) << error.text;
    auto k = static_cast<size_t>(count);
    for (size_t i = 0; i < 7; ++i)
      EXPECT_EQ(y[i], i < k ? 2 * x[i] : -1) << count;
    EXPECT_EQ(y[7], x[k + 1] ? -1 : 0x07070707) << count;
  }
  std::vector<int32_t> x = {7, 0, 0, 0, 0, 0, 0, 0}, y(8); // x[8] is no element
  bind_vector(instance.get(), LATHE_INPUT, 0, x);
  bind_vector(instance.get(), LATHE_OUTPUT, 0, y);
  lathe_error error = {};
  EXPECT_EQ(lathe_run(instance.get(), 0, &error), LATHE_ERR_SIZE);
  EXPECT_EQ(error.instruction, 3u);
}

} // namespace
} // namespace lathe::test
