// SPDX-License-Identifier: Apache-2.0
//
// Every operator case of test/conformance, compiled as a user's model is and
// run by the runtime, against PyTorch's values and against the interpreter.
#include "test/targets/Cpu/CaseRunner.h"

#include "compiler/Compiler.h"
#include "compiler/Reference/Interpreter.h"
#include "targets/Cpu/IsaLevel.h"
#include "llvm/Support/Path.h"
#include <gtest/gtest.h>

#include <iostream>
#include <map>

using namespace mlir;

namespace lathe::test {
namespace {

/// The machine's own level, and the lowest of x86: without fused multiply-add
/// and without conversions of f16.
std::vector<std::string> conformanceLevels() {
  std::vector<std::string> levels{cpu::findIsaLevel("host")->name.str()};
  if (StringRef(levels.front()).starts_with("x86-64-v") && levels.front() != "x86-64-v2")
    levels.push_back("x86-64-v2");
  return levels;
}

/// What became of the cases, for the figures and for the table of operators.
struct Outcome {
  std::map<std::string, size_t> passed; ///< by level
  size_t cases = 0, refused = 0;
};
Outcome outcome;

class ConformanceFile : public testing::TestWithParam<std::string> {
protected:
  void checkCase(CompiledCases &program, const conformance::Case &item, Interpreter &interpreter);
  std::vector<std::string> levels = conformanceLevels();
};

// Why the results are wrong; empty if they are right.
std::string compareAll(ArrayRef<Tensor> got, ArrayRef<Tensor> expected, double tolerance,
                       StringRef with) {
  for (size_t i = 0; i < expected.size(); ++i) {
    std::string why = conformance::compare(got[i], expected[i], tolerance);
    if (!why.empty())
      return "result " + std::to_string(i) + " against " + with.str() + ": " + why;
  }
  return "";
}

// What is wrong with a case on one level.
std::string runCase(CompiledCases &program, const conformance::Case &item, const std::string &level,
                    ArrayRef<Tensor> reference) {
  func::FuncOp method = item.method;
  for (bool atStart : {false, true}) {
    auto got = program.run(level, method.getName(), item.inputs, item.expected, atStart);
    if (!got)
      return llvm::toString(got.takeError());
    std::string why = compareAll(*got, item.expected, item.tolerance, "PyTorch");
    if (why.empty())
      why = compareAll(*got, reference, item.tolerance, "the interpreter");
    if (!why.empty())
      return why;
  }
  return "";
}

void ConformanceFile::checkCase(CompiledCases &program, const conformance::Case &item,
                                Interpreter &interpreter) {
  func::FuncOp method = item.method;
  auto reference = interpreter.run(method.getName(), item.inputs);
  ASSERT_TRUE(bool(reference)) << llvm::toString(reference.takeError());
  for (const std::string &level : levels) {
    std::string why = runCase(program, item, level, *reference);
    outcome.passed[level] += why.empty();
    EXPECT_EQ(why, "") << method.getName().str() << " on " << level;
  }
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
        ADD_FAILURE() << method.getName().str() << " does not compile: " << why;
      });
}

INSTANTIATE_TEST_SUITE_P(Files, ConformanceFile, testing::ValuesIn(conformance::caseFiles()),
                         [](const testing::TestParamInfo<std::string> &info) {
                           return llvm::sys::path::stem(info.param).str();
                         });

/// Prints the figures at the end of the program.
class Figures : public testing::Environment {
  void TearDown() override {
    std::cout << outcome.cases << " cases, " << outcome.refused << " do not compile";
    for (const auto &[level, passed] : outcome.passed)
      std::cout << ", " << passed << " agree on " << level;
    std::cout << '\n';
  }
};
const auto *figures = testing::AddGlobalTestEnvironment(new Figures);

} // namespace
} // namespace lathe::test
