// SPDX-License-Identifier: Apache-2.0
//
// The cases of test/conformance/empty.mlir with sizes that are known when the
// program runs: each empty dimension becomes a symbol whose range begins at 0.
// The compiled case runs empty, against PyTorch, and with elements, against
// the interpreter.
#include "test/targets/Cpu/CaseRunner.h"

#include "compiler/Compiler.h"
#include "compiler/Reference/Interpreter.h"
#include "dialects/Graph/GraphOps.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Parser/Parser.h"
#include "llvm/Support/Path.h"
#include <gtest/gtest.h>

using namespace mlir;

namespace lathe::test {
namespace {

constexpr const char *kSymbol = "z";
constexpr int64_t kSizeMax = 3;

graph::ExprAttr symbol(MLIRContext *context) { return graph::makeSymbol(context, kSymbol); }

SmallVector<graph::ExprAttr> withSymbol(MLIRContext *context, ArrayRef<graph::ExprAttr> dims) {
  SmallVector<graph::ExprAttr> sizes(dims);
  for (graph::ExprAttr &size : sizes)
    if (size.isConstant(0))
      size = symbol(context);
  return sizes;
}

// The last element of an empty dimension is that before the first.
SmallVector<graph::ExprAttr> withLast(MLIRContext *context, ArrayRef<graph::ExprAttr> starts) {
  SmallVector<graph::ExprAttr> moved(starts);
  for (graph::ExprAttr &start : moved)
    if (start.isConstant(-1))
      start = graph::makeAdd(symbol(context), start);
  return moved;
}

RankedTensorType withSymbol(Type type) {
  auto tensor = llvm::cast<RankedTensorType>(type);
  return graph::getTensorType(withSymbol(type.getContext(), graph::getDims(tensor)),
                              tensor.getElementType());
}

/// Gives `method` the symbol in place of each empty dimension; false where an
/// operator has no such form, or no input has an empty dimension.
bool makeDynamic(func::FuncOp method) {
  if (llvm::none_of(method.getArgumentTypes(), [](Type type) {
        return llvm::is_contained(llvm::cast<ShapedType>(type).getShape(), 0);
      }))
    return false;
  for (BlockArgument argument : method.getArguments())
    argument.setType(withSymbol(argument.getType()));
  for (Operation &op : method.getBody().front().without_terminator()) {
    for (StringRef name : {"dims", "sizes"})
      if (auto dims = op.getAttrOfType<graph::DimsAttr>(name))
        op.setAttr(name, graph::DimsAttr::get(op.getContext(),
                                              withSymbol(op.getContext(), dims.getDims())));
    if (auto starts = op.getAttrOfType<graph::DimsAttr>("starts"))
      op.setAttr("starts", graph::DimsAttr::get(op.getContext(),
                                                withLast(op.getContext(), starts.getDims())));
    SmallVector<Type> types;
    auto inferred = llvm::dyn_cast<InferTypeOpInterface>(&op);
    if (!inferred || failed(inferred.inferReturnTypes(
                         op.getContext(), std::nullopt, op.getOperands(), op.getAttrDictionary(),
                         op.getPropertiesStorage(), op.getRegions(), types)))
      return false;
    for (auto [result, type] : llvm::zip_equal(op.getResults(), types))
      result.setType(type);
  }
  method.setFunctionType(FunctionType::get(
      method.getContext(), method.getBody().getArgumentTypes(),
      method.getBody().front().getTerminator()->getOperandTypes()));
  ScopedDiagnosticHandler silent(method.getContext(), [](Diagnostic &) { return success(); });
  return succeeded(verify(method));
}

/// An input with `size` elements along the symbol: small numbers that are valid
/// indices of dimensions of that size.
Tensor filled(RankedTensorType type, int64_t size) {
  SmallVector<int64_t> sizes(type.getShape());
  int64_t count = 1;
  for (int64_t &each : sizes) {
    each = ShapedType::isDynamic(each) ? size : each;
    count *= each;
  }
  std::vector<int64_t> numbers(count);
  for (int64_t i = 0; i < count; ++i)
    numbers[i] = i % 2;
  if (llvm::isa<FloatType>(type.getElementType()))
    return llvm::cantFail(Tensor::fromReals(
        type.getElementType(), sizes, std::vector<double>(numbers.begin(), numbers.end())));
  return llvm::cantFail(Tensor::fromIntegers(type.getElementType(), sizes, numbers));
}

class Empty : public testing::Test {
protected:
  Empty() : context(makeRegistry(), MLIRContext::Threading::DISABLED) {
    context.loadAllAvailableDialects();
  }
  static DialectRegistry makeRegistry() {
    DialectRegistry registry;
    registerCompilerDialects(registry);
    return registry;
  }
  /// The cases of which every empty dimension became the symbol.
  std::vector<conformance::Case> dynamicCases(ModuleOp module) {
    OpBuilder builder = OpBuilder::atBlockBegin(module.getBody());
    graph::SymbolOp::create(builder, module.getLoc(), kSymbol, 0, kSizeMax);
    std::vector<conformance::Case> items;
    for (auto method : llvm::make_early_inc_range(module.getOps<func::FuncOp>())) {
      auto item = conformance::readCase(method);
      EXPECT_TRUE(bool(item)) << llvm::toString(item.takeError());
      if (makeDynamic(method))
        items.push_back(std::move(*item));
      else
        method.erase();
    }
    return items;
  }
  void checkCase(CompiledCases &program, Interpreter &interpreter, conformance::Case item) {
    std::string name = func::FuncOp(item.method).getName().str();
    checkRun(program, interpreter, item, name + " without elements");
    auto types = func::FuncOp(item.method).getArgumentTypes();
    for (auto [input, type] : llvm::zip_equal(item.inputs, types))
      input = filled(llvm::cast<RankedTensorType>(type), kSizeMax - 1);
    auto results = interpreter.run(name, item.inputs);
    // At the end of the data there is room for nothing only.
    if (name == "insert_slice_end") {
      EXPECT_FALSE(bool(results));
      llvm::consumeError(results.takeError());
      return;
    }
    ASSERT_TRUE(bool(results)) << name << ": " << llvm::toString(results.takeError());
    item.expected = *results;
    checkRun(program, interpreter, item, name + " with elements");
  }
  void checkRun(CompiledCases &program, Interpreter &interpreter, const conformance::Case &item,
                const std::string &what) {
    auto reference = interpreter.run(func::FuncOp(item.method).getName(), item.inputs);
    ASSERT_TRUE(bool(reference)) << what << ": " << llvm::toString(reference.takeError());
    for (const std::string &level : caseLevels())
      EXPECT_EQ(runCase(program, item, level, *reference), "") << what << " on " << level;
  }

  MLIRContext context;
};

TEST_F(Empty, DimensionsThatAreEmptyAtRunTime) {
  size_t count = 0;
  for (const std::string &path : conformance::caseFiles()) {
    if (llvm::sys::path::stem(path) != "empty")
      continue;
    auto module = conformance::parseCases(path, context);
    ASSERT_TRUE(bool(module)) << llvm::toString(module.takeError());
    std::vector<conformance::Case> items = dynamicCases(**module);
    auto interpreter = Interpreter::create(**module);
    ASSERT_TRUE(bool(interpreter)) << llvm::toString(interpreter.takeError());
    count += items.size();
    SmallVector<func::FuncOp> methods;
    for (const conformance::Case &item : items)
      methods.push_back(item.method);
    compileAll(
        methods, caseLevels(),
        [&](CompiledCases &program, ArrayRef<func::FuncOp> compiled) {
          for (const conformance::Case &item : items)
            if (llvm::is_contained(compiled, item.method))
              checkCase(program, **interpreter, item);
        },
        [&](func::FuncOp method, const std::string &why) {
          ADD_FAILURE() << method.getName().str() << " does not compile: " << why;
        });
  }
  EXPECT_GE(count, 150u);
}

// No index is right for a dimension without elements.
constexpr const char *kIndexed = R"mlir(
graph.symbol @z [0, 3]
!d = tensor<?x3xf32, #graph.info<[z, 3]>>
func.func @gather(%x: !d, %i: tensor<2xi64>) -> tensor<2x3xf32> {
  %0 = graph.gather %x, %i {dim = 0 : i64} : (!d, tensor<2xi64>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}
func.func @gather_elements(%x: !d, %i: tensor<2x3xi64>) -> tensor<2x3xf32> {
  %0 = graph.gather_elements %x, %i {dim = 0 : i64} : (!d, tensor<2x3xi64>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}
func.func @index(%x: !d, %i: tensor<2xi64>) -> tensor<2x3xf32> {
  %0 = graph.index %x, %i {dims = array<i64: 0>} : (!d, tensor<2xi64>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}
func.func @index_put(%x: !d, %i: tensor<2xi64>, %v: tensor<3xf32>) -> !d {
  %0 = graph.index_put %x, %v, %i {dims = array<i64: 0>} : (!d, tensor<3xf32>, tensor<2xi64>) -> !d
  return %0 : !d
}
func.func @index_put_scalar(%x: !d, %i: tensor<i64>, %v: tensor<3xf32>) -> !d {
  %0 = graph.index_put %x, %v, %i {dims = array<i64: 0>} : (!d, tensor<3xf32>, tensor<i64>) -> !d
  return %0 : !d
}
func.func @static_gather(%x: tensor<0x3xf32>, %i: tensor<2xi64>) -> tensor<2x3xf32> {
  %0 = graph.gather %x, %i {dim = 0 : i64} : (tensor<0x3xf32>, tensor<2xi64>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}
func.func @static_index_put(%x: tensor<0x3xf32>, %i: tensor<i64>, %v: tensor<3xf32>) -> tensor<0x3xf32> {
  %0 = graph.index_put %x, %v, %i {dims = array<i64: 0>} : (tensor<0x3xf32>, tensor<3xf32>, tensor<i64>) -> tensor<0x3xf32>
  return %0 : tensor<0x3xf32>
}
)mlir";

TEST_F(Empty, IndicesIntoNothingAreErrors) {
  auto module = parseSourceString<ModuleOp>(kIndexed, &context);
  ASSERT_TRUE(module);
  SmallVector<func::FuncOp> methods(module->getOps<func::FuncOp>());
  auto program = CompiledCases::compile(methods, caseLevels());
  ASSERT_TRUE(bool(program)) << llvm::toString(program.takeError());
  for (func::FuncOp method : methods) {
    std::string name = method.getName().str();
    for (int64_t size : {0, 2}) {
      std::vector<Tensor> inputs, results;
      for (Type type : method.getArgumentTypes())
        inputs.push_back(filled(llvm::cast<RankedTensorType>(type), size));
      for (Type type : method.getResultTypes())
        results.push_back(filled(llvm::cast<RankedTensorType>(type), size));
      // With two elements the same indices are right.
      bool isRight = size > 0 && !StringRef(name).starts_with("static");
      for (const std::string &level : caseLevels()) {
        auto got = (*program)->run(level, name, inputs, results, /*atStart=*/false);
        EXPECT_EQ(bool(got), isRight) << name << " of size " << size << " on " << level;
        std::string why = got ? "" : llvm::toString(got.takeError());
        EXPECT_EQ(StringRef(why).contains("index"), !isRight) << why;
      }
    }
  }
}

} // namespace
} // namespace lathe::test
