// SPDX-License-Identifier: Apache-2.0
//
// Every operator case of test/conformance, compiled as a user's model is and
// run by the runtime, against PyTorch's values and against the interpreter.
#include "test/targets/Cpu/CaseRunner.h"
#include "test/targets/Cpu/OperatorTable.h"

#include "compiler/Compiler.h"
#include "compiler/Reference/Interpreter.h"
#include "dialects/Graph/GraphDialect.h"
#include "llvm/Support/Path.h"
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <map>
#include <sstream>

using namespace mlir;

namespace lathe::test {
namespace {

/// What became of the cases, for the figures and for the table of operators.
struct Outcome {
  std::map<std::string, size_t> passed; ///< by level
  size_t cases = 0, refused = 0;
  OperatorTable table;
};
Outcome outcome;

class ConformanceFile : public testing::TestWithParam<std::string> {
protected:
  void checkCase(CompiledCases &program, const conformance::Case &item, Interpreter &interpreter);
  std::vector<std::string> levels = caseLevels();
};

void ConformanceFile::checkCase(CompiledCases &program, const conformance::Case &item,
                                Interpreter &interpreter) {
  func::FuncOp method = item.method;
  auto reference = interpreter.run(method.getName(), item.inputs);
  ASSERT_TRUE(bool(reference)) << llvm::toString(reference.takeError());
  bool isRight = true;
  for (const std::string &level : levels) {
    std::string why = runCase(program, item, level, *reference);
    outcome.passed[level] += why.empty();
    isRight &= why.empty();
    EXPECT_EQ(why, "") << method.getName().str() << " on " << level;
  }
  outcome.table.addCase(method, compareAll(item, *reference, item.expected, "PyTorch").empty(),
                        isRight);
}

TEST_P(ConformanceFile, CompiledCodeAgreesWithPyTorchAndTheInterpreter) {
  DialectRegistry registry;
  registerCompilerDialects(registry);
  MLIRContext context(registry, MLIRContext::Threading::DISABLED);
  context.loadAllAvailableDialects();
  auto module = conformance::parseCases(GetParam(), context);
  ASSERT_TRUE(bool(module)) << llvm::toString(module.takeError());
  auto interpreter = Interpreter::create(**module);
  ASSERT_TRUE(bool(interpreter)) << llvm::toString(interpreter.takeError());
  SmallVector<func::FuncOp> methods((**module).getOps<func::FuncOp>());
  EXPECT_FALSE(methods.empty());
  outcome.cases += methods.size();
  outcome.table.addModule(**module);
  compileAll(
      methods, levels,
      [&](CompiledCases &program, ArrayRef<func::FuncOp> compiled) {
        for (func::FuncOp method : compiled) {
          auto item = conformance::readCase(method);
          ASSERT_TRUE(bool(item)) << llvm::toString(item.takeError());
          checkCase(program, *item, **interpreter);
        }
      },
      [&](func::FuncOp method, const std::string &why) {
        ++outcome.refused;
        outcome.table.addCase(method, true, false);
        ADD_FAILURE() << method.getName().str() << " does not compile: " << why;
      });
}

INSTANTIATE_TEST_SUITE_P(Files, ConformanceFile, testing::ValuesIn(conformance::caseFiles()),
                         [](const testing::TestParamInfo<std::string> &info) {
                           return llvm::sys::path::stem(info.param).str();
                         });

/// At the end of the program: the figures, and the page that is made of them.
class Figures : public testing::Environment {
  void TearDown() override {
    print();
    // A part of the files tells nothing about the page.
    if (testing::GTEST_FLAG(filter) == "*")
      checkPage();
  }

  void checkPage() {
    MLIRContext context(MLIRContext::Threading::DISABLED);
    context.loadDialect<graph::GraphDialect>();
    std::string page = outcome.table.page(context);
    if (getenv("LATHE_WRITE_PAGE"))
      std::ofstream(LATHE_OPERATORS_PAGE) << page;
    std::stringstream current;
    current << std::ifstream(LATHE_OPERATORS_PAGE).rdbuf();
    EXPECT_TRUE(current.str() == page)
        << "docs/operators.md is not current: LATHE_WRITE_PAGE=1 cpu_conformance_test writes it";
  }

  void print() {
    std::cout << outcome.cases << " cases, " << outcome.refused << " do not compile";
    for (const auto &[level, passed] : outcome.passed)
      std::cout << ", " << passed << " agree on " << level;
    std::cout << '\n';
  }
};
const auto *figures = testing::AddGlobalTestEnvironment(new Figures);

} // namespace
} // namespace lathe::test
