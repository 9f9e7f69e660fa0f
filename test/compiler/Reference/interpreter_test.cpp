// SPDX-License-Identifier: Apache-2.0
//
// What no operator case can show: symbols, state, control flow, kernels,
// weights, errors and limits.
#include "compiler/Reference/Interpreter.h"
#include "compiler/Reference/Math.h"
#include "dialects/Graph/WeightStore.h"

#include "mlir/Dialect/Quant/IR/Quant.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Parser/Parser.h"
#include <cstring>
#include <gtest/gtest.h>

using namespace mlir;
using namespace lathe;
using namespace lathe::graph;

namespace {
class InterpreterTest : public testing::Test {
protected:
  InterpreterTest() : context(MLIRContext::Threading::DISABLED) {
    context.loadDialect<GraphDialect, quant::QuantDialect, func::FuncDialect>();
  }
  void load(StringRef text, InterpreterLimits limits = {}) {
    module = parseSourceString<ModuleOp>(text, &context);
    ASSERT_TRUE(module);
    auto created = Interpreter::create(*module, limits);
    ASSERT_TRUE(bool(created)) << llvm::toString(created.takeError());
    interpreter = std::move(*created);
  }
  Tensor floats(ArrayRef<int64_t> sizes, ArrayRef<double> values) {
    return llvm::cantFail(Tensor::fromReals(Float32Type::get(&context), sizes, values));
  }
  Tensor longs(ArrayRef<int64_t> sizes, ArrayRef<int64_t> values, unsigned width = 64) {
    return llvm::cantFail(Tensor::fromIntegers(IntegerType::get(&context, width), sizes, values));
  }
  std::vector<double> run(ArrayRef<Tensor> inputs) {
    auto results = interpreter->run("main", inputs);
    if (!results) {
      ADD_FAILURE() << llvm::toString(results.takeError());
      return {};
    }
    const Tensor &first = results->front();
    if (first.isReal())
      return first.getReals();
    std::vector<int64_t> integers = first.getIntegers();
    return std::vector<double>(integers.begin(), integers.end());
  }
  std::string errorOf(ArrayRef<Tensor> inputs) {
    auto results = interpreter->run("main", inputs);
    return results ? std::string() : llvm::toString(results.takeError());
  }
  using Reals = std::vector<double>;

  MLIRContext context;
  OwningOpRef<ModuleOp> module;
  std::unique_ptr<Interpreter> interpreter;
};

const char *const kDynamic = R"(
  graph.symbol @n[2, 4]
  graph.assume <n> <ne> <3>
  func.func @main(%x: tensor<?x?xf32, #graph.info<[n, n * 2]>> {graph.name = "x"}) -> tensor<i64> {
    %0 = graph.size <n * 2 + 1> : tensor<i64>
    return %0 : tensor<i64>
  })";
} // namespace

TEST_F(InterpreterTest, SizesBindSymbols) {
  load(kDynamic);
  EXPECT_EQ(run({floats({2, 4}, Reals(8))}), Reals{5});
}
TEST_F(InterpreterTest, SizesOutsideTheRangeAreNamed) {
  load(kDynamic);
  EXPECT_NE(errorOf({floats({5, 10}, Reals(50))}).find("size n = 5 is outside its range [2, 4]"),
            std::string::npos);
}
TEST_F(InterpreterTest, SizesThatDisagreeAreNamed) {
  load(kDynamic);
  EXPECT_NE(errorOf({floats({2, 5}, Reals(10))}).find("input 'x', dimension 1 has size 5, expects n * 2 = 4"),
            std::string::npos);
}
TEST_F(InterpreterTest, AssumptionsAreChecked) {
  load(kDynamic);
  EXPECT_NE(errorOf({floats({3, 6}, Reals(18))}).find("assumes"), std::string::npos);
}
TEST_F(InterpreterTest, WrongInputsAreRefused) {
  load(kDynamic);
  EXPECT_NE(errorOf({}).find("takes 1 inputs"), std::string::npos);
  EXPECT_NE(errorOf({longs({2, 4}, std::vector<int64_t>(8))}).find("expects tensor"), std::string::npos);
  auto missing = interpreter->run("other", {});
  ASSERT_FALSE(bool(missing));
  llvm::consumeError(missing.takeError());
}

TEST_F(InterpreterTest, SymbolIsSolvedFromAMultiple) {
  load(R"(
  graph.symbol @n[1, 8]
  func.func @main(%x: tensor<?xf32, #graph.info<[n * 2 + 1]>>) -> tensor<i64> {
    %0 = graph.size <n> : tensor<i64>
    return %0 : tensor<i64>
  })");
  EXPECT_EQ(run({floats({7}, Reals(7))}), Reals{3});
  EXPECT_NE(errorOf({floats({6}, Reals(6))}), "");
}

TEST_F(InterpreterTest, StateLivesAcrossRunsUntilReset) {
  load(R"(
  graph.state @sum : tensor<2xf32>
  func.func @main(%x: tensor<2xf32>) -> tensor<2xf32> {
    %0 = graph.state_read @sum : tensor<2xf32>
    %1 = graph.add %0, %x : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
    graph.state_write @sum = %1 : tensor<2xf32>
    return %1 : tensor<2xf32>
  })");
  Tensor x = floats({2}, {1, 2});
  EXPECT_EQ(run({x}), (Reals{1, 2}));
  EXPECT_EQ(run({x}), (Reals{2, 4}));
  interpreter->resetState();
  EXPECT_EQ(run({x}), (Reals{1, 2}));
}

TEST_F(InterpreterTest, StateUpdateKeepsEarlierReads) {
  load(R"(
  graph.state @cache : tensor<1x3xf32>
  func.func @main(%i: tensor<1xi64>, %v: tensor<1x1xf32>) -> (tensor<1x3xf32>, tensor<1x3xf32>) {
    %0 = graph.state_read @cache : tensor<1x3xf32>
    graph.state_update @cache[%i] = %v {dims = array<i64: 1>} : (tensor<1xi64>), tensor<1x1xf32>
    %1 = graph.state_read @cache : tensor<1x3xf32>
    return %0, %1 : tensor<1x3xf32>, tensor<1x3xf32>
  })");
  auto results = interpreter->run("main", {longs({1}, {-1}), floats({1, 1}, {7})});
  ASSERT_TRUE(bool(results)) << llvm::toString(results.takeError());
  EXPECT_EQ((*results)[0].getReals(), (Reals{0, 0, 0}));
  EXPECT_EQ((*results)[1].getReals(), (Reals{0, 0, 7}));
}

TEST_F(InterpreterTest, WhileRepeatsAndHasALimit) {
  const char *text = R"(
  func.func @main(%n: tensor<i64>, %one: tensor<i64>) -> tensor<i64> {
    %0 = graph.while (%n)(%one) : (tensor<i64>, tensor<i64>) -> (tensor<i64>) {
    ^bb0(%a: tensor<i64>, %b: tensor<i64>):
      %c = graph.constant dense<100> : tensor<i64>
      %1 = graph.compare %a, %c {kind = #graph.compare_kind<lt>} : (tensor<i64>, tensor<i64>) -> tensor<i1>
      graph.yield %1 : tensor<i1>
    } do {
    ^bb0(%a: tensor<i64>, %b: tensor<i64>):
      %1 = graph.add %a, %b : (tensor<i64>, tensor<i64>) -> tensor<i64>
      graph.yield %1 : tensor<i64>
    }
    return %0 : tensor<i64>
  })";
  load(text);
  EXPECT_EQ(run({longs({}, {3}), longs({}, {10})}), Reals{103});
  InterpreterLimits limits;
  limits.stepsMax = 1000;
  load(text, limits);
  EXPECT_NE(errorOf({longs({}, {3}), longs({}, {0})}).find("1000 steps"), std::string::npos);
}

TEST_F(InterpreterTest, IfTakesOneRegion) {
  load(R"(
  func.func @main(%c: tensor<i1>, %x: tensor<f32>) -> tensor<f32> {
    %0 = graph.if %c(%x) : tensor<i1>, (tensor<f32>) -> (tensor<f32>) {
    ^bb0(%a: tensor<f32>):
      %1 = graph.neg %a : (tensor<f32>) -> tensor<f32>
      graph.yield %1 : tensor<f32>
    } else {
    ^bb0(%a: tensor<f32>):
      graph.yield %a : tensor<f32>
    }
    return %0 : tensor<f32>
  })");
  EXPECT_EQ(run({longs({}, {1}, 1), floats({}, {2})}), Reals{-2});
  EXPECT_EQ(run({longs({}, {0}, 1), floats({}, {2})}), Reals{2});
}

TEST_F(InterpreterTest, ScanCarriesAndStacks) {
  load(R"(
  func.func @main(%x: tensor<3x2xf32>, %start: tensor<2xf32>) -> (tensor<3x2xf32>, tensor<2xf32>) {
    %0:2 = graph.scan (%start)(%x)() : (tensor<2xf32>, tensor<3x2xf32>) -> (tensor<2xf32>, tensor<3x2xf32>) {
    ^bb0(%a: tensor<2xf32>, %b: tensor<2xf32>):
      %1 = graph.add %a, %b : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
      graph.yield %1, %1 : tensor<2xf32>, tensor<2xf32>
    }
    return %0#1, %0#0 : tensor<3x2xf32>, tensor<2xf32>
  })");
  EXPECT_EQ(run({floats({3, 2}, {1, 2, 3, 4, 5, 6}), floats({2}, {0, 10})}), (Reals{1, 12, 4, 16, 9, 22}));
}

TEST_F(InterpreterTest, DispatchPassesSizes) {
  load(R"(
  graph.symbol @n[1, 8]
  module @kernels {
    graph.kernel @twice(%x: tensor<?xf32, #graph.info<[d]>>) -> tensor<?xf32, #graph.info<[d]>>
        attributes {symbols = ["d"], device = "cpu"} {
      %0 = graph.add %x, %x : (tensor<?xf32, #graph.info<[d]>>, tensor<?xf32, #graph.info<[d]>>) -> tensor<?xf32, #graph.info<[d]>>
      graph.yield %0 : tensor<?xf32, #graph.info<[d]>>
    }
  }
  func.func @main(%x: tensor<?xf32, #graph.info<[n]>>) -> tensor<?xf32, #graph.info<[n]>> {
    %0 = graph.dispatch @kernels::@twice(%x) symbols <[n]> : (tensor<?xf32, #graph.info<[n]>>) -> tensor<?xf32, #graph.info<[n]>>
    return %0 : tensor<?xf32, #graph.info<[n]>>
  })");
  EXPECT_EQ(run({floats({2}, {1, 2})}), (Reals{2, 4}));
}

TEST_F(InterpreterTest, DataDependentSizesAreBound) {
  load(R"(
  graph.symbol @u0[1, 4] {data_dependent}
  func.func @main(%n: tensor<i64>, %v: tensor<f32>) -> tensor<?xf32, #graph.info<[u0]>> {
    graph.bind_symbol @u0 = %n : tensor<i64>
    %0 = graph.full %v {dims = #graph.dims<[u0]>} : (tensor<f32>) -> tensor<?xf32, #graph.info<[u0]>>
    return %0 : tensor<?xf32, #graph.info<[u0]>>
  })");
  EXPECT_EQ(run({longs({}, {3}), floats({}, {2})}), (Reals{2, 2, 2}));
  EXPECT_NE(errorOf({longs({}, {5}), floats({}, {2})}).find("outside its range"), std::string::npos);
}

TEST_F(InterpreterTest, WeightsAreReadAndComputed) {
  WeightStore &store = context.getLoadedDialect<GraphDialect>()->getWeightStore();
  std::vector<char> bytes(8);
  float values[2] = {3, 4};
  std::memcpy(bytes.data(), values, 8);
  std::string key = store.addOwned(bytes, {2}, 4);
  load(R"(
  graph.weight @w : tensor<2xf32> key ")" + key + R"("
  graph.weight @doubled : tensor<2xf32> {
    %0 = graph.use_weight @w : tensor<2xf32>
    %1 = graph.add %0, %0 : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
    graph.yield %1 : tensor<2xf32>
  }
  graph.weight @loop : tensor<2xf32> {
    %0 = graph.use_weight @loop : tensor<2xf32>
    graph.yield %0 : tensor<2xf32>
  }
  func.func @main() -> tensor<2xf32> {
    %0 = graph.use_weight @doubled : tensor<2xf32>
    return %0 : tensor<2xf32>
  }
  func.func @endless() -> tensor<2xf32> {
    %0 = graph.use_weight @loop : tensor<2xf32>
    return %0 : tensor<2xf32>
  })");
  EXPECT_EQ(run({}), (Reals{6, 8}));
  auto endless = interpreter->run("endless", {});
  ASSERT_FALSE(bool(endless));
  EXPECT_NE(llvm::toString(endless.takeError()).find("depends on itself"), std::string::npos);
}

TEST_F(InterpreterTest, MissingWeightBytesAreNamed) {
  load(R"(
  graph.weight @w : tensor<2xf32> key "00"
  func.func @main() -> tensor<2xf32> {
    %0 = graph.use_weight @w : tensor<2xf32>
    return %0 : tensor<2xf32>
  })");
  EXPECT_NE(errorOf({}).find("weight 'w'"), std::string::npos);
}

TEST_F(InterpreterTest, IndexOutOfRangeIsAnError) {
  load(R"(
  func.func @main(%x: tensor<3xf32>, %i: tensor<1xi64>) -> tensor<1xf32> {
    %0 = graph.gather %x, %i {dim = 0 : i64} : (tensor<3xf32>, tensor<1xi64>) -> tensor<1xf32>
    return %0 : tensor<1xf32>
  })");
  Tensor x = floats({3}, {1, 2, 3});
  EXPECT_EQ(run({x, longs({1}, {-3})}), Reals{1});
  EXPECT_NE(errorOf({x, longs({1}, {3})}).find("index 3 is out of range"), std::string::npos);
  EXPECT_NE(errorOf({x, longs({1}, {-4})}).find("'graph.gather'"), std::string::npos);
}

TEST_F(InterpreterTest, HugeResultsAreRefused) {
  load(R"(
  graph.symbol @n[0, 9223372036854775807]
  func.func @main(%x: tensor<?x0xf32, #graph.info<[n, 0]>>, %v: tensor<f32>) -> tensor<?x2xf32, #graph.info<[n, 2]>> {
    %0 = graph.full %v {dims = #graph.dims<[n, 2]>} : (tensor<f32>) -> tensor<?x2xf32, #graph.info<[n, 2]>>
    return %0 : tensor<?x2xf32, #graph.info<[n, 2]>>
  })");
  EXPECT_NE(errorOf({floats({int64_t(1) << 62, 0}, {}), floats({}, {1})}).find("exceeds"), std::string::npos);
  EXPECT_EQ(run({floats({1, 0}, {}), floats({}, {1})}), (Reals{1, 1}));
}

// Corners that PyTorch's own division refuses or leaves to the machine.
TEST_F(InterpreterTest, IntegerDivisionNeverTraps) {
  const int64_t least = std::numeric_limits<int64_t>::min();
  struct {
    const char *op;
    double byZero, leastByMinusOne;
  } rows[] = {{"floor_div", 0, double(least)}, {"trunc_div", 0, double(least)}, {"remainder", 0, 0}, {"fmod", 0, 0}};
  for (auto &row : rows) {
    load(std::string("func.func @main(%a: tensor<2xi64>, %b: tensor<2xi64>) -> tensor<2xi64> {\n  %0 = graph.") +
         row.op + " %a, %b : (tensor<2xi64>, tensor<2xi64>) -> tensor<2xi64>\n  return %0 : tensor<2xi64>\n}");
    EXPECT_EQ(run({longs({2}, {7, least}), longs({2}, {0, -1})}), (Reals{row.byZero, row.leastByMinusOne})) << row.op;
  }
}

// TensorFlow Lite's own arithmetic, worked by hand: 0.75 = 1610612736 * 2^-31.
TEST_F(InterpreterTest, RequantizationRounds) {
  auto target = *QuantParameters::of(
      quant::UniformQuantizedType::get(quant::QuantizationFlags::Signed, IntegerType::get(&context, 8),
                                       Float32Type::get(&context), 1.0, 0, -128, 127));
  auto code = [&](int64_t accumulator, double scale, RoundingKind rounding) {
    return reference::requantize(accumulator, scale, target, 0, rounding, false);
  };
  // Halfway cases: ties to even; away from zero; upwards.
  EXPECT_EQ(code(5, 0.5, RoundingKind::Fp32Rne), 2);
  EXPECT_EQ(code(-5, 0.5, RoundingKind::Fp32Rne), -2);
  EXPECT_EQ(code(5, 0.5, RoundingKind::TfliteDouble), 3);
  EXPECT_EQ(code(-5, 0.5, RoundingKind::TfliteSingle), -2);
  EXPECT_EQ(code(5, 0.5, RoundingKind::TfliteSingle), 3);
  EXPECT_EQ(code(6, 0.75, RoundingKind::TfliteDouble), 5);
  EXPECT_EQ(code(1000, 0.75, RoundingKind::TfliteDouble), 127);
  EXPECT_EQ(code(-1000, 0.75, RoundingKind::Fp32Rne), -128);
  EXPECT_EQ(code(100, 1e-12, RoundingKind::TfliteSingle), 0);
}

// The same bytes on every host: a change here changes folded constants.
TEST(Math, ResultsAreFixed) {
  EXPECT_EQ(math::exp(1.0), 0x1.5bf0a8b14576ap+1);
  EXPECT_EQ(math::log(10.0), 0x1.26bb1bbb55516p+1);
  EXPECT_NEAR(math::sin(1e22), -0.8522008497671888, 1e-15);
  EXPECT_EQ(math::pow(3.0, 5.0), 243.0);
  EXPECT_EQ(math::log2(8.0), 3.0);
  EXPECT_TRUE(std::isnan(math::log(-1.0)));
  EXPECT_EQ(math::exp(-1e9), 0.0);
}

// + - * / of f32 are computed in f32: the bits of a rounded double, also for
// infinities, NaN, denormals, and every way of broadcasting.
TEST_F(InterpreterTest, single_arithmetic_rounds_as_a_double_would) {
  std::vector<double> values;
  for (uint32_t bits : {0u, 1u, 0x7FFFFFu, 0x800000u, 0x33800001u, 0x3F7FFFFFu, 0x3F800001u, 0x4B800001u, 0x7F7FFFFFu,
                        0x7F800000u, 0x7FC00001u, 0x80000000u, 0x80000003u, 0xBF812345u, 0xFF7FFFFFu, 0xFF800000u}) {
    float value;
    std::memcpy(&value, &bits, sizeof(value));
    values.push_back(value);
  }
  auto apply = [](StringRef name, double a, double b) -> float {
    return name == "add" ? a + b : name == "sub" ? a - b : name == "mul" ? a * b : a / b;
  };
  int64_t n = values.size();
  for (StringRef name : {"add", "sub", "mul", "div"})
    for (bool isColumn : {false, true}) {
      std::string lhs = isColumn ? "16x1" : "16", rhs = isColumn ? "16" : "16x1";
      load(("func.func @main(%a: tensor<" + lhs + "xf32> {graph.name = \"a\"}, %b: tensor<" + rhs +
            "xf32> {graph.name = \"b\"}) -> (tensor<16x16xf32> {graph.name = \"y\"}) {\n %0 = graph." + name +
            " %a, %b : (tensor<" + lhs + "xf32>, tensor<" + rhs + "xf32>) -> tensor<16x16xf32>\n return %0 : "
            "tensor<16x16xf32>\n}").str());
      SmallVector<int64_t> column{n, 1}, row{n};
      auto results = interpreter->run("main", {floats(isColumn ? column : row, values), floats(isColumn ? row : column, values)});
      ASSERT_TRUE(bool(results)) << llvm::toString(results.takeError());
      for (int64_t i = 0; i < n * n; ++i) {
        double a = values[isColumn ? i / n : i % n], b = values[isColumn ? i % n : i / n];
        float wanted = apply(name, a, b), found = results->front().getData<float>()[i];
        EXPECT_EQ(std::memcmp(&found, &wanted, sizeof(float)), 0) << name.str() << " " << a << " " << b;
      }
    }
}
