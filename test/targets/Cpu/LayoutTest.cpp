// SPDX-License-Identifier: Apache-2.0
//
// Convolutions and linears whose weights are constants: passes/Layout puts
// channels last around them and weights in panels, which the conformance cases
// with weights as arguments never see. The interpreter, with the weights as
// arguments, says what is right.
#include "test/targets/Cpu/CaseRunner.h"

#include "compiler/Compiler.h"
#include "compiler/Reference/Interpreter.h"
#include "dialects/Graph/GraphOps.h"
#include "passes/Import/ComputedWeights.h"
#include "mlir/Parser/Parser.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/Path.h"
#include <gtest/gtest.h>

#include <random>

using namespace mlir;

namespace lathe::test {
namespace {

bool isWeightOrBias(BlockArgument argument) {
  auto type = llvm::cast<RankedTensorType>(argument.getType());
  auto isContraction = [](OpOperand &use) {
    return use.getOperandNumber() > 0 && llvm::isa<graph::ConvOp, graph::LinearOp>(use.getOwner());
  };
  auto isPicked = [](OpOperand &use) {
    return use.getOperandNumber() == 0 && llvm::isa<graph::GatherOp>(use.getOwner());
  };
  return llvm::isa<FloatType>(type.getElementType()) &&
         llvm::any_of(argument.getUses(), isContraction) &&
         llvm::all_of(argument.getUses(),
                      [&](OpOperand &use) { return isContraction(use) || isPicked(use); });
}

// The value of a weight: constants as large as the contract lets them be, one
// after another.
Value buildValue(OpBuilder &builder, Location loc, RankedTensorType type, const Tensor &value) {
  constexpr size_t kConstantElementsMax = 64;
  size_t pieceBytes = kConstantElementsMax * value.getElementBytes();
  SmallVector<Value> pieces;
  if (value.getBytes().empty())
    return graph::ConstantOp::create(builder, loc, type,
                                     DenseElementsAttr::getFromRawBuffer(type, {}));
  for (ArrayRef<char> rest = value.getBytes(); !rest.empty();) {
    ArrayRef<char> bytes = rest.take_front(pieceBytes);
    rest = rest.drop_front(bytes.size());
    auto piece = RankedTensorType::get({int64_t(bytes.size() / value.getElementBytes())},
                                       type.getElementType());
    pieces.push_back(graph::ConstantOp::create(
        builder, loc, piece, DenseElementsAttr::getFromRawBuffer(piece, bytes)));
  }
  Value flat = graph::ConcatOp::create(builder, loc, pieces, builder.getI64IntegerAttr(0));
  return graph::ReshapeOp::create(builder, loc, flat,
                                  graph::DimsAttr::get(builder.getContext(), graph::getDims(type)));
}

/// Makes constant weights of the arguments that are weights or biases, and
/// drops their inputs; false if there are none.
bool makeWeightsConstant(conformance::Case &item) {
  func::FuncOp method = item.method;
  ComputedWeights weights(method->getParentOfType<ModuleOp>());
  OpBuilder builder(method.getBody());
  std::vector<Tensor> inputs;
  llvm::BitVector isConstant(method.getNumArguments());
  for (BlockArgument argument : method.getArguments()) {
    unsigned index = argument.getArgNumber();
    const Tensor &value = item.inputs[index];
    if (!isWeightOrBias(argument)) {
      inputs.push_back(value);
      continue;
    }
    isConstant.set(index);
    auto type = llvm::cast<RankedTensorType>(argument.getType());
    std::string name = llvm::formatv("{0}.{1}", method.getName(), index);
    graph::WeightOp weight = weights.create(
        name, method.getLoc(), {}, [&](OpBuilder &inner, ArrayRef<Value>) -> Value {
          return buildValue(inner, method.getLoc(), type, value);
        });
    argument.replaceAllUsesWith(
        graph::UseWeightOp::create(builder, method.getLoc(), type, weight.getSymName()));
  }
  item.inputs = std::move(inputs);
  return isConstant.any() && succeeded(method.eraseArguments(isConstant));
}

class Layouts : public testing::Test {
protected:
  Layouts() : context(makeRegistry(), MLIRContext::Threading::DISABLED) {
    context.loadAllAvailableDialects();
  }
  static DialectRegistry makeRegistry() {
    DialectRegistry registry;
    registerCompilerDialects(registry);
    return registry;
  }
  /// Fails the test where a case with constant weights differs from the
  /// interpreter. An empty `expected` of a case becomes the interpreter's
  /// results. Returns how many cases have constant weights.
  size_t check(ModuleOp module, std::vector<conformance::Case> items) {
    auto interpreter = Interpreter::create(module);
    EXPECT_TRUE(bool(interpreter)) << llvm::toString(interpreter.takeError());
    std::vector<conformance::Case> chosen;
    std::vector<std::vector<Tensor>> references;
    SmallVector<func::FuncOp> methods;
    for (conformance::Case &item : items) {
      auto reference = (*interpreter)->run(item.method.getName(), item.inputs);
      EXPECT_TRUE(bool(reference)) << llvm::toString(reference.takeError());
      if (item.expected.empty())
        item.expected = *reference;
      if (!makeWeightsConstant(item))
        continue;
      references.push_back(std::move(*reference));
      methods.push_back(item.method);
      chosen.push_back(std::move(item));
    }
    if (!chosen.empty())
      compareCompiled(methods, chosen, references);
    return chosen.size();
  }

  MLIRContext context;

private:
  static void compareCompiled(ArrayRef<func::FuncOp> methods,
                              const std::vector<conformance::Case> &items,
                              const std::vector<std::vector<Tensor>> &references) {
    std::vector<std::string> levels = caseLevels();
    auto program = CompiledCases::compile(methods, levels);
    ASSERT_TRUE(bool(program)) << llvm::toString(program.takeError());
    for (auto [item, reference] : llvm::zip_equal(items, references))
      for (const std::string &level : levels)
        EXPECT_EQ(runCase(**program, item, level, reference), "")
            << func::FuncOp(item.method).getName().str() << " on " << level;
  }
};

TEST_F(Layouts, OperatorCasesWithConstantWeights) {
  size_t count = 0;
  for (const std::string &path : conformance::caseFiles()) {
    auto module = conformance::parseCases(path, context);
    ASSERT_TRUE(bool(module)) << llvm::toString(module.takeError());
    std::vector<conformance::Case> items;
    for (auto method : (**module).getOps<func::FuncOp>()) {
      auto item = conformance::readCase(method);
      ASSERT_TRUE(bool(item)) << llvm::toString(item.takeError());
      if (llvm::any_of(method.getArguments(), isWeightOrBias))
        items.push_back(std::move(*item));
    }
    count += check(**module, std::move(items));
  }
  EXPECT_GE(count, 19u);
}

// Random quarters: short sums of products are exact in f32.
Tensor quarters(RankedTensorType type, ArrayRef<int64_t> sizes, std::mt19937 &generator) {
  int64_t count = 1;
  for (int64_t size : sizes)
    count *= size;
  std::vector<double> values(count);
  for (double &value : values)
    value = (double(generator() % 17) - 8) / 4;
  return llvm::cantFail(Tensor::fromReals(type.getElementType(), sizes, values));
}

double toleranceOf(Type element) {
  return element.isF64() ? 1e-13 : element.isF16() ? 1e-3 : element.isBF16() ? 8e-3 : 1e-5;
}

/// A case of random values; `dynamic` are the sizes of unknown dimensions, in
/// order.
conformance::Case randomCase(func::FuncOp method, ArrayRef<int64_t> dynamic = {}) {
  std::mt19937 generator(7);
  conformance::Case item{method, {}, {}, 0};
  for (Type type : method.getArgumentTypes()) {
    auto tensor = llvm::cast<RankedTensorType>(type);
    SmallVector<int64_t> sizes(tensor.getShape());
    for (int64_t &size : sizes)
      if (ShapedType::isDynamic(size)) {
        size = dynamic.front();
        dynamic = dynamic.drop_front();
      }
    item.inputs.push_back(quarters(tensor, sizes, generator));
    item.tolerance = toleranceOf(tensor.getElementType());
  }
  return item;
}

/// input [batch, channels, sizes], weight [features, channels / groups, window].
struct Convolution {
  const char *name, *element = "f32", *weight = nullptr; ///< null: as the element
  int64_t batch = 1, channels = 16, features = 16, groups = 1;
  std::array<int64_t, 2> sizes{6, 7}, window{3, 3}, strides{1, 1}, low{1, 1}, high{1, 1},
      dilations{1, 1};
};

std::string text(const Convolution &conv) {
  SmallVector<int64_t> results;
  for (size_t i = 0; i < 2; ++i)
    results.push_back((conv.sizes[i] + conv.low[i] + conv.high[i] -
                       conv.dilations[i] * (conv.window[i] - 1) - 1) / conv.strides[i] + 1);
  auto pair = [](ArrayRef<int64_t> values, const char *between) {
    return llvm::formatv("{0}{1}{2}", values[0], between, values[1]).str();
  };
  auto tensor = [&](int64_t a, int64_t b, ArrayRef<int64_t> rest, const char *element) {
    return llvm::formatv("tensor<{0}x{1}x{2}x{3}>", a, b, pair(rest, "x"), element).str();
  };
  std::string x = tensor(conv.batch, conv.channels, conv.sizes, conv.element);
  std::string w = tensor(conv.features, conv.channels / conv.groups, conv.window,
                         conv.weight ? conv.weight : conv.element);
  std::string b = llvm::formatv("tensor<{0}x{1}>", conv.features, conv.element);
  std::string y = tensor(conv.batch, conv.features, results, conv.element);
  std::string attributes;
  for (auto [name, values] : {std::pair{"strides", conv.strides}, {"padding_low", conv.low},
                              {"padding_high", conv.high}, {"dilations", conv.dilations}})
    attributes += llvm::formatv("{0} = array<i64: {1}>, ", name, pair(values, ", "));
  return llvm::formatv("func.func @{0}(%x: {1}, %w: {2}, %b: {3}) -> {4} {{\n"
                       "  %r = graph.conv %x, %w, %b {{{5}groups = {6} : i64} : ({1}, {2}, {3}) -> {4}\n"
                       "  return %r : {4}\n}\n",
                       conv.name, x, w, b, y, attributes, conv.groups);
}

// Features that 16 divides, 8 divides, and neither; few and many channels.
/// Windows that share no element: rows of a linear layer (FlattenPatches).
std::vector<Convolution> patches() {
  Convolution square{"patches"};
  square.channels = 3, square.batch = 2, square.low = square.high = {0, 0};
  square.window = square.strides = {8, 8}, square.sizes = {16, 24}, square.features = 24;
  Convolution rows = square, half = square;
  rows.name = "patches_of_rows", rows.window = rows.strides = {2, 8};
  half.name = "patches_f16", half.element = "f16";
  return {square, rows, half};
}

std::vector<Convolution> convolutions() {
  std::vector<Convolution> all(34);
  auto add = [&, next = all.begin()](const char *name) mutable -> Convolution & {
    next->name = name;
    return *next++;
  };
  add("sixteen");
  add("eight").features = 24;
  add("neither").features = 20;
  add("picture").channels = 3;
  add("five_channels").channels = 5;
  add("batch").batch = 3;
  add("stride").strides = {2, 2};
  add("uneven_stride").strides = {1, 2};
  Convolution &window = add("stride_beyond_window");
  window.strides = {3, 2}, window.window = {1, 1}, window.low = window.high = {0, 0};
  Convolution &dilated = add("dilated");
  dilated.dilations = {2, 3}, dilated.low = dilated.high = {2, 3};
  add("asymmetric").low = {0, 2};
  // Large enough for tiles of some rows, of which only the first, or the last,
  // reaches into the padding.
  for (const char *name : {"low_only", "low_only_stride", "low_only_blocks", "high_only"}) {
    Convolution &tiled = add(name);
    tiled.channels = tiled.features = 32, tiled.sizes = {15, 13};
    (StringRef(name) == "high_only" ? tiled.low : tiled.high) = {0, 0};
    if (StringRef(name) == "low_only_stride")
      tiled.strides = {2, 1}, tiled.sizes = {30, 28}, tiled.low = {2, 1};
    if (StringRef(name) == "low_only_blocks")
      tiled.batch = 2, tiled.channels = tiled.features = 64, tiled.sizes = {20, 15};
  }
  Convolution &point = add("pointwise");
  point.window = {1, 1}, point.low = point.high = {0, 0}, point.features = 40, point.batch = 2;
  Convolution &row = add("row_window");
  row.window = {1, 5}, row.low = row.high = {0, 2}, row.features = 8;
  Convolution &depthwise = add("depthwise");
  depthwise.groups = 16, depthwise.batch = 2;
  Convolution &odd = add("depthwise_odd");
  odd.channels = odd.features = odd.groups = 19, odd.strides = {2, 1}, odd.low = {0, 1};
  add("grouped").groups = 2;
  Convolution &multiplied = add("multiplied");
  multiplied.groups = 16, multiplied.features = 32;
  for (const char *element : {"f16", "bf16", "f64"}) {
    Convolution &typed = add(element);
    typed.element = element, typed.strides = {2, 1}, typed.batch = 2, typed.features = 24;
  }
  Convolution &half = add("depthwise_f16");
  half.element = "f16", half.groups = 16, half.dilations = {2, 1};
  for (const char *name : {"narrow", "narrow_odd", "narrow_grouped", "narrow_depthwise"})
    add(name).weight = "bf16";
  all[25].batch = 2, all[25].features = 24;
  all[26].features = 20, all[26].strides = {2, 1};
  all[27].groups = 2;
  all[28].groups = 16;
  for (const char *name : {"groups_of_4", "groups_of_4_f64", "groups_of_2_dilated"}) {
    Convolution &narrow = add(name);
    narrow.channels = narrow.features = 32, narrow.groups = 8, narrow.batch = 2;
  }
  all[30].element = "f64", all[30].strides = {1, 2};
  all[31].groups = 16, all[31].dilations = {1, 2};
  Convolution &wide = add("groups_of_64");
  wide.channels = 6, wide.features = 128, wide.groups = 2, wide.strides = {2, 2};
  Convolution &vector = add("groups_of_8");
  vector.channels = 12, vector.features = 24, vector.groups = 3, vector.sizes = {20, 15};
  return all;
}

/// A convolution, an activation, and a depthwise convolution of the result: a chain.
std::string chainText(StringRef name, const Convolution &first, const Convolution &second) {
  auto convolve = [](const Convolution &conv, StringRef result, StringRef operands, StringRef types) {
    std::string attributes;
    for (auto [name, values] : {std::pair{"strides", conv.strides}, {"padding_low", conv.low},
                                {"padding_high", conv.high}, {"dilations", conv.dilations}})
      attributes += llvm::formatv("{0} = array<i64: {1}, {2}>, ", name, values[0], values[1]);
    return llvm::formatv("  {0} = graph.conv {1} {{{2}groups = {3} : i64} : {4}\n", result, operands,
                         attributes, conv.groups, types).str();
  };
  auto sizeAfter = [](const Convolution &conv, unsigned i) {
    return (conv.sizes[i] + conv.low[i] + conv.high[i] - conv.dilations[i] * (conv.window[i] - 1) - 1) / conv.strides[i] + 1;
  };
  auto picture = [&](int64_t channels, int64_t height, int64_t width) {
    return llvm::formatv("tensor<{0}x{1}x{2}x{3}xf32>", first.batch, channels, height, width).str();
  };
  std::string x = picture(first.channels, first.sizes[0], first.sizes[1]);
  std::string y = picture(first.features, second.sizes[0], second.sizes[1]);
  std::string z = picture(first.features, sizeAfter(second, 0), sizeAfter(second, 1));
  std::string w = llvm::formatv("tensor<{0}x{1}x{2}x{3}xf32>", first.features, first.channels, first.window[0], first.window[1]);
  std::string v = llvm::formatv("tensor<{0}x1x{1}x{2}xf32>", first.features, second.window[0], second.window[1]);
  std::string b = llvm::formatv("tensor<{0}xf32>", first.features);
  return llvm::formatv("func.func @{0}(%x: {1}, %w: {2}, %b: {3}, %v: {4}) -> {5} {{\n", name, x, w, b, v, z).str() +
         convolve(first, "%0", "%x, %w, %b", llvm::formatv("({0}, {1}, {2}) -> {3}", x, w, b, y).str()) +
         llvm::formatv("  %1 = graph.relu %0 : ({0}) -> {0}\n", y).str() +
         convolve(second, "%2", "%1, %v", llvm::formatv("({0}, {1}) -> {2}", y, v, z).str()) +
         llvm::formatv("  %3 = graph.relu %2 : ({0}) -> {0}\n  return %3 : {0}\n}\n", z).str();
}

// Pictures that one round of rows covers, and larger ones; margins on no side,
// on one and on both; windows that skip the last rows.
TEST_F(Layouts, ChainsOfRandomShapes) {
  std::mt19937 generator(11);
  auto oneOf = [&](ArrayRef<int64_t> values) { return values[generator() % values.size()]; };
  std::string methods;
  constexpr unsigned count = 24;
  for (unsigned number = 0; number < count; ++number) {
    Convolution first, second;
    first.batch = oneOf({1, 1, 2});
    first.channels = oneOf({1, 3, 5, 16, 24});
    first.features = second.groups = second.channels = oneOf({16, 24, 32, 40, 48, 64});
    int64_t window = oneOf({1, 1, 3});
    first.window = {window, window};
    for (unsigned i = 0; i < 2; ++i) {
      first.sizes[i] = oneOf({7, 9, 14, 30, 57, 113});
      first.strides[i] = window == 1 ? 1 : oneOf({1, 2});
      first.low[i] = first.high[i] = window / 2;
      second.sizes[i] = (first.sizes[i] + 2 * (window / 2) - window) / first.strides[i] + 1;
      second.window[i] = oneOf({1, 3, 3, 5});
      second.strides[i] = oneOf({1, 1, 2});
      second.dilations[i] = second.window[i] == 3 && second.sizes[i] > 5 ? oneOf({1, 1, 2}) : 1;
      second.low[i] = oneOf({0, 1, 2, second.window[i] / 2});
      second.high[i] = second.window[i] > second.sizes[i] ? 2 : oneOf({0, 1, 2});
    }
    methods += chainText("chain" + std::to_string(number), first, second);
  }
  auto module = parseSourceString<ModuleOp>(methods, &context);
  ASSERT_TRUE(module);
  std::vector<conformance::Case> items;
  for (auto method : module->getOps<func::FuncOp>())
    items.push_back(randomCase(method));
  EXPECT_EQ(check(*module, std::move(items)), count);
}

std::string linearText(StringRef name, ArrayRef<int64_t> rows, int64_t depth, int64_t features,
                       StringRef element, bool hasBias, StringRef weight = "") {
  std::string dims;
  for (int64_t row : rows)
    dims += std::to_string(row) + "x";
  std::string x = llvm::formatv("tensor<{0}{1}x{2}>", dims, depth, element);
  std::string w = llvm::formatv("tensor<{0}x{1}x{2}>", features, depth, weight.empty() ? element : weight);
  std::string b = llvm::formatv("tensor<{0}x{1}>", features, element);
  std::string y = llvm::formatv("tensor<{0}{1}x{2}>", dims, features, element);
  return llvm::formatv("func.func @{0}(%x: {1}, %w: {2}{3}) -> {4} {{\n"
                       "  %r = graph.linear %x, %w{5} : ({1}, {2}{6}) -> {4}\n  return %r : {4}\n}\n",
                       name, x, w, hasBias ? ", %b: " + b : "", y, hasBias ? ", %b" : "",
                       hasBias ? ", " + b : "");
}

TEST_F(Layouts, ConvolutionsAndLinearsOfEveryPanel) {
  std::string methods;
  for (const std::vector<Convolution> &all : {convolutions(), patches()})
    for (const Convolution &conv : all)
      methods += text(conv);
  unsigned number = 0;
  for (int64_t features : {32, 24, 20, 8, 1})
    for (const SmallVector<int64_t> &rows : std::vector<SmallVector<int64_t>>{{}, {1}, {7}, {2, 9}})
      methods += linearText("linear" + std::to_string(number++), rows, 13, features, "f32", features != 20);
  for (StringRef element : {"f16", "bf16", "f64"})
    for (int64_t features : {16, 8, 6})
      methods += linearText("linear" + std::to_string(number++), {5}, 13, features, element, true);
  // bf16 weights beside f32.
  for (int64_t features : {32, 24, 20, 8})
    for (const SmallVector<int64_t> &rows : std::vector<SmallVector<int64_t>>{{}, {2, 9}})
      methods += linearText("linear" + std::to_string(number++), rows, 13, features, "f32", true, "bf16");
  auto module = parseSourceString<ModuleOp>(methods, &context);
  ASSERT_TRUE(module);
  std::vector<conformance::Case> items;
  for (auto method : module->getOps<func::FuncOp>())
    items.push_back(randomCase(method));
  EXPECT_EQ(check(*module, std::move(items)), 74u);
}

// A table that words are picked from and that scores them: rows of panels by
// indices of each form, negative ones too. Dimension `n` is the number of words.
constexpr const char *kTied = R"mlir(
graph.symbol @n [1, 9]
func.func @tied(%w: tensor<{0}x13x{1}>, %x: tensor<2x13x{1}>, %i: tensor<?xi64, #graph.info<[n]>>,
               %j: tensor<i32>, %k: tensor<2x3xi64>)
    -> (tensor<?x13x{1}, #graph.info<[n, 13]>>, tensor<13x{1}>, tensor<2x3x13x{1}>, tensor<2x{0}x{1}>) {{
  %0 = graph.gather %w, %i {{dim = 0 : i64} : (tensor<{0}x13x{1}>, tensor<?xi64, #graph.info<[n]>>) -> tensor<?x13x{1}, #graph.info<[n, 13]>>
  %1 = graph.gather %w, %j {{dim = 0 : i64} : (tensor<{0}x13x{1}>, tensor<i32>) -> tensor<13x{1}>
  %2 = graph.gather %w, %k {{dim = 0 : i64} : (tensor<{0}x13x{1}>, tensor<2x3xi64>) -> tensor<2x3x13x{1}>
  %3 = graph.linear %x, %w : (tensor<2x13x{1}>, tensor<{0}x13x{1}>) -> tensor<2x{0}x{1}>
  return %0, %1, %2, %3 : tensor<?x13x{1}, #graph.info<[n, 13]>>, tensor<13x{1}>, tensor<2x3x13x{1}>, tensor<2x{0}x{1}>
}
)mlir";

TEST_F(Layouts, GathersFromPanels) {
  for (auto [features, element] : std::vector<std::pair<int64_t, const char *>>{
           {48, "f32"}, {24, "f32"}, {40, "f32"}, {56, "f32"}, {10, "f32"}, {32, "f16"}, {32, "bf16"},
           {24, "f64"}})
    for (int64_t words : {1, 9}) {
      auto module = parseSourceString<ModuleOp>(llvm::formatv(kTied, features, element).str(), &context);
      ASSERT_TRUE(module);
      conformance::Case item = randomCase(*module->getOps<func::FuncOp>().begin(), {words});
      for (Tensor &indices : llvm::MutableArrayRef<Tensor>(item.inputs).drop_front(2)) {
        std::vector<int64_t> rows(*countElements(indices.getSizes()));
        for (size_t place = 0; place < rows.size(); ++place)
          rows[place] = int64_t(place * 7 + words) % features - (place % 2 ? features : 0);
        indices = llvm::cantFail(
            Tensor::fromIntegers(indices.getElementType(), indices.getSizes(), rows));
      }
      item.tolerance = toleranceOf(item.inputs.front().getElementType());
      std::vector<conformance::Case> items;
      items.push_back(std::move(item));
      EXPECT_EQ(check(*module, std::move(items)), 1u);
    }
}

// Channels last through elementwise operators, pools and reductions, with a
// batch and a picture of unknown sizes.
constexpr const char *kDynamic = R"mlir(
graph.symbol @n [1, 4]
graph.symbol @h [3, 12]
graph.symbol @w [3, 12]
!x = tensor<?x8x?x?xf32, #graph.info<[n, 8, h, w]>>
!y = tensor<?x16x?x?xf32, #graph.info<[n, 16, h, w]>>
!m = tensor<?x16xf32, #graph.info<[n, 16]>>

func.func @chain(%x: !x, %a: tensor<16x8x3x3xf32>, %b: tensor<16xf32>, %d: tensor<16x1x3x3xf32>,
                 %c: tensor<16x16x1x1xf32>, %e: tensor<24x16xf32>)
    -> (!y, tensor<?x24xf32, #graph.info<[n, 24]>>) {
  %0 = graph.conv %x, %a, %b {strides = array<i64: 1, 1>, padding_low = array<i64: 1, 1>, padding_high = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (!x, tensor<16x8x3x3xf32>, tensor<16xf32>) -> !y
  %1 = graph.relu %0 : (!y) -> !y
  %2 = graph.conv %1, %d {strides = array<i64: 1, 1>, padding_low = array<i64: 1, 1>, padding_high = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 16 : i64} : (!y, tensor<16x1x3x3xf32>) -> !y
  %3 = graph.add %2, %0 : (!y, !y) -> !y
  %4 = graph.max_pool %3 {kernel = array<i64: 3, 3>, strides = array<i64: 1, 1>, padding_low = array<i64: 1, 1>, padding_high = array<i64: 1, 1>, dilations = array<i64: 1, 1>} : (!y) -> !y
  %5 = graph.conv %4, %c {strides = array<i64: 1, 1>, padding_low = array<i64: 0, 0>, padding_high = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (!y, tensor<16x16x1x1xf32>) -> !y
  %6 = graph.reduce %5 {kind = #graph.reduce_kind<max>, dims = array<i64: 2, 3>} : (!y) -> !m
  %7 = graph.linear %6, %e : (!m, tensor<24x16xf32>) -> tensor<?x24xf32, #graph.info<[n, 24]>>
  return %5, %7 : !y, tensor<?x24xf32, #graph.info<[n, 24]>>
}

!s = tensor<?x16x?x?xf32, #graph.info<[n, 16, (h + -2) floordiv 2 + 1, w + -1]>>
func.func @strided(%x: !x, %a: tensor<16x8x3x3xf32>) -> (!s, !m) {
  %0 = graph.conv %x, %a {strides = array<i64: 2, 1>, padding_low = array<i64: 0, 0>, padding_high = array<i64: 1, 3>, dilations = array<i64: 1, 2>, groups = 1 : i64} : (!x, tensor<16x8x3x3xf32>) -> !s
  %1 = graph.reduce %0 {kind = #graph.reduce_kind<mean>, dims = array<i64: 2, 3>} : (!s) -> !m
  return %0, %1 : !s, !m
}
)mlir";

/// Convolutions along a line, with a second one behind a part of the first.
struct Line {
  int64_t batch, channels, features, groups, length, window, stride, low, high, dilation;
  const char *element;
};

std::string text(StringRef name, const Line &line) {
  int64_t result = (line.length + line.low + line.high - line.dilation * (line.window - 1) - 1) / line.stride + 1;
  auto tensor = [&](ArrayRef<int64_t> sizes) {
    std::string dims;
    for (int64_t size : sizes)
      dims += std::to_string(size) + "x";
    return "tensor<" + dims + line.element + ">";
  };
  std::string x = tensor({line.batch, line.channels, line.length});
  std::string w = tensor({line.features, line.channels / line.groups, line.window});
  std::string y = tensor({line.batch, line.features, result}), b = tensor({line.features});
  std::string half = tensor({line.batch, line.features / 2, result});
  std::string v = tensor({24, line.features / 2, 1}), z = tensor({line.batch, 24, result});
  return llvm::formatv(
      "func.func @{0}(%x: {1}, %w: {2}, %b: {3}, %v: {4}) -> ({5}, {6}) {{\n"
      "  %0 = graph.conv %x, %w, %b {{strides = array<i64: {7}>, padding_low = array<i64: {8}>, "
      "padding_high = array<i64: {9}>, dilations = array<i64: {10}>, groups = {11} : i64} : ({1}, {2}, {3}) -> {5}\n"
      "  %1 = graph.relu %0 : ({5}) -> {5}\n"
      "  %2 = graph.slice %1 {{starts = #graph.dims<[0, 1, 0]>, sizes = #graph.dims<[{12}, {13}, {14}]>, "
      "steps = array<i64: 1, 2, 1>} : ({5}) -> {15}\n"
      "  %3 = graph.conv %2, %v {{strides = array<i64: 1>, padding_low = array<i64: 0>, padding_high = array<i64: 0>, "
      "dilations = array<i64: 1>, groups = 1 : i64} : ({15}, {4}) -> {6}\n"
      "  return %1, %3 : {5}, {6}\n}\n",
      name, x, w, b, v, y, z, line.stride, line.low, line.high, line.dilation, line.groups, line.batch,
      line.features / 2, result, half);
}

TEST_F(Layouts, ConvolutionsAlongLines) {
  std::string methods;
  unsigned number = 0;
  for (const Line &line : std::initializer_list<Line>{
           {1, 40, 128, 1, 6, 3, 1, 0, 0, 1, "f32"}, {2, 8, 16, 1, 37, 3, 2, 1, 1, 1, "f32"},
           {1, 1, 32, 1, 100, 10, 5, 0, 3, 1, "f32"}, {1, 256, 24, 1, 50, 3, 1, 1, 1, 1, "f32"},
           {3, 8, 40, 1, 13, 5, 1, 4, 4, 2, "f32"}, {1, 16, 16, 16, 9, 3, 1, 1, 1, 1, "f32"},
           {1, 16, 20, 1, 12, 3, 2, 1, 1, 1, "f32"}, {1, 8, 16, 2, 12, 3, 2, 1, 1, 1, "f32"},
           {1, 8, 16, 1, 300, 3, 1, 1, 1, 1, "f32"}, {2, 8, 24, 1, 12, 3, 2, 1, 0, 1, "f16"},
           {1, 8, 16, 1, 12, 3, 3, 1, 0, 1, "bf16"}, {1, 8, 16, 1, 12, 3, 1, 2, 0, 1, "f64"}})
    methods += text("line" + std::to_string(number++), line);
  auto module = parseSourceString<ModuleOp>(methods, &context);
  ASSERT_TRUE(module);
  std::vector<conformance::Case> items;
  for (auto method : module->getOps<func::FuncOp>())
    items.push_back(randomCase(method));
  EXPECT_EQ(check(*module, std::move(items)), number);
}

// Joined along channels, a line and the batch; one part has its channels in
// the middle.
constexpr const char *kJoined = R"mlir(
func.func @joined(%x: tensor<2x8x6xf32>, %w: tensor<16x8x3xf32>, %y: tensor<2x16x3xf32>, %v: tensor<24x32x1xf32>)
    -> (tensor<2x24x7xf32>, tensor<4x16x4xf32>) {
  %0 = graph.conv %x, %w {strides = array<i64: 1>, padding_low = array<i64: 0>, padding_high = array<i64: 0>, dilations = array<i64: 1>, groups = 1 : i64} : (tensor<2x8x6xf32>, tensor<16x8x3xf32>) -> tensor<2x16x4xf32>
  %1 = graph.concat %y, %0 {dim = 2 : i64} : (tensor<2x16x3xf32>, tensor<2x16x4xf32>) -> tensor<2x16x7xf32>
  %2 = graph.abs %1 : (tensor<2x16x7xf32>) -> tensor<2x16x7xf32>
  %3 = graph.concat %2, %1 {dim = 1 : i64} : (tensor<2x16x7xf32>, tensor<2x16x7xf32>) -> tensor<2x32x7xf32>
  %4 = graph.conv %3, %v {strides = array<i64: 1>, padding_low = array<i64: 0>, padding_high = array<i64: 0>, dilations = array<i64: 1>, groups = 1 : i64} : (tensor<2x32x7xf32>, tensor<24x32x1xf32>) -> tensor<2x24x7xf32>
  %5 = graph.concat %0, %0 {dim = 0 : i64} : (tensor<2x16x4xf32>, tensor<2x16x4xf32>) -> tensor<4x16x4xf32>
  return %4, %5 : tensor<2x24x7xf32>, tensor<4x16x4xf32>
}
)mlir";

TEST_F(Layouts, JoinedChannelsLast) {
  auto module = parseSourceString<ModuleOp>(kJoined, &context);
  ASSERT_TRUE(module);
  std::vector<conformance::Case> items;
  items.push_back(randomCase(*module->getOps<func::FuncOp>().begin()));
  EXPECT_EQ(check(*module, std::move(items)), 1u);
}

// Channels last in the model: its permutations become views of its input, of a
// convolution's result, of a value that others read as well.
constexpr const char *kPermuted = R"mlir(
graph.symbol @n [1, 4]
graph.symbol @h [3, 12]
graph.symbol @w [3, 12]
!x = tensor<?x?x?x16xf32, #graph.info<[n, h, w, 16]>>
!y = tensor<?x16x?x?xf32, #graph.info<[n, 16, h, w]>>
!t = tensor<?x16x?x?xf32, #graph.info<[n, 16, w, h]>>

func.func @between(%x: !x, %a: tensor<16x1x3x3xf32>, %b: tensor<16x16xf32>, %c: tensor<16x16x1x1xf32>)
    -> (!x, !y) {
  %0 = graph.permute %x {permutation = array<i64: 0, 3, 1, 2>} : (!x) -> !y
  %1 = graph.conv %0, %a {strides = array<i64: 1, 1>, padding_low = array<i64: 1, 1>, padding_high = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 16 : i64} : (!y, tensor<16x1x3x3xf32>) -> !y
  %2 = graph.permute %1 {permutation = array<i64: 0, 2, 3, 1>} : (!y) -> !x
  %3 = graph.linear %2, %b : (!x, tensor<16x16xf32>) -> !x
  %4 = graph.permute %3 {permutation = array<i64: 0, 3, 1, 2>} : (!x) -> !y
  %5 = graph.add %4, %0 : (!y, !y) -> !y
  %6 = graph.conv %5, %c {strides = array<i64: 1, 1>, padding_low = array<i64: 0, 0>, padding_high = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (!y, tensor<16x16x1x1xf32>) -> !y
  %7 = graph.permute %6 {permutation = array<i64: 0, 2, 3, 1>} : (!y) -> !x
  return %7, %4 : !x, !y
}

func.func @transposed(%x: !x, %c: tensor<16x16x1x1xf32>) -> (!x, !y) {
  %0 = graph.permute %x {permutation = array<i64: 0, 3, 2, 1>} : (!x) -> !t
  %1 = graph.conv %0, %c {strides = array<i64: 1, 1>, padding_low = array<i64: 0, 0>, padding_high = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (!t, tensor<16x16x1x1xf32>) -> !t
  %2 = graph.permute %1 {permutation = array<i64: 0, 3, 2, 1>} : (!t) -> !x
  %3 = graph.permute %x {permutation = array<i64: 0, 3, 1, 2>} : (!x) -> !y
  return %2, %3 : !x, !y
}
)mlir";

TEST_F(Layouts, PermutationsOfChannelsLast) {
  for (const std::array<int64_t, 3> &sizes : {std::array<int64_t, 3>{1, 3, 3}, {3, 7, 5}, {1, 12, 11}}) {
    auto module = parseSourceString<ModuleOp>(kPermuted, &context);
    ASSERT_TRUE(module);
    std::vector<conformance::Case> items;
    for (auto method : module->getOps<func::FuncOp>())
      items.push_back(randomCase(method, sizes));
    EXPECT_EQ(check(*module, std::move(items)), 2u);
  }
}

// A first convolution of few products with the depthwise one behind it, in tiles of some rows;
// then channels are scaled, in a weight smaller than the map. All sums are exact.
constexpr const char *kSqueezed = R"mlir(
!x = tensor<1x3x200x160xf32>
!m = tensor<1x32x100x80xf32>
!s = tensor<1x32x1x1xf32>
!y = tensor<1x24x100x80xf32>

func.func @squeezed(%x: !x, %a: tensor<32x3x3x3xf32>, %b: tensor<32xf32>, %d: tensor<32x1x3x3xf32>,
                    %s: !s, %p: tensor<24x32x1x1xf32>) -> !y {
  %0 = graph.conv %x, %a, %b {strides = array<i64: 2, 2>, padding_low = array<i64: 1, 1>, padding_high = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (!x, tensor<32x3x3x3xf32>, tensor<32xf32>) -> !m
  %1 = graph.clamp %0 {low = 0.0 : f64, high = 6.0 : f64} : (!m) -> !m
  %2 = graph.conv %1, %d {strides = array<i64: 1, 1>, padding_low = array<i64: 1, 1>, padding_high = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 32 : i64} : (!m, tensor<32x1x3x3xf32>) -> !m
  %3 = graph.clamp %2 {low = 0.0 : f64, high = 6.0 : f64} : (!m) -> !m
  %4 = graph.mul %s, %3 : (!s, !m) -> !m
  %5 = graph.conv %4, %p {strides = array<i64: 1, 1>, padding_low = array<i64: 0, 0>, padding_high = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (!m, tensor<24x32x1x1xf32>) -> !y
  return %5 : !y
}
)mlir";

TEST_F(Layouts, FirstLayersAndScaledChannels) {
  auto module = parseSourceString<ModuleOp>(kSqueezed, &context);
  ASSERT_TRUE(module);
  std::vector<conformance::Case> items;
  for (auto method : module->getOps<func::FuncOp>())
    items.push_back(randomCase(method));
  EXPECT_EQ(check(*module, std::move(items)), 1u);
}

TEST_F(Layouts, UnknownBatchAndPicture) {
  for (const std::array<int64_t, 3> &sizes :
       {std::array<int64_t, 3>{1, 3, 3}, {3, 7, 5}, {4, 12, 11}, {2, 3, 12}}) {
    auto module = parseSourceString<ModuleOp>(kDynamic, &context);
    ASSERT_TRUE(module);
    std::vector<conformance::Case> items;
    for (auto method : module->getOps<func::FuncOp>())
      items.push_back(randomCase(method, sizes));
    EXPECT_EQ(check(*module, std::move(items)), 2u);
  }
}

} // namespace
} // namespace lathe::test
