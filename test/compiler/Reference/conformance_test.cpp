// SPDX-License-Identifier: Apache-2.0
//
// The reference interpreter against what PyTorch computed.
#include "compiler/Reference/Interpreter.h"
#include "test/conformance/Cases.h"

#include "mlir/Dialect/Quant/IR/Quant.h"
#include "mlir/IR/MLIRContext.h"
#include "llvm/Support/Path.h"
#include <gtest/gtest.h>

using namespace mlir;
using namespace lathe;

class ConformanceFile : public testing::TestWithParam<std::string> {};

TEST_P(ConformanceFile, InterpreterAgreesWithPyTorch) {
  MLIRContext context(MLIRContext::Threading::DISABLED);
  context.loadDialect<graph::GraphDialect, quant::QuantDialect, func::FuncDialect>();
  auto module = conformance::parseCases(GetParam(), context);
  ASSERT_TRUE(bool(module)) << llvm::toString(module.takeError());
  auto interpreter = Interpreter::create(**module);
  ASSERT_TRUE(bool(interpreter)) << llvm::toString(interpreter.takeError());
  size_t count = 0;
  for (auto method : (**module).getOps<func::FuncOp>()) {
    SCOPED_TRACE(method.getName().str());
    auto item = conformance::readCase(method);
    ASSERT_TRUE(bool(item)) << llvm::toString(item.takeError());
    auto results = (*interpreter)->run(method.getName(), item->inputs);
    ++count;
    if (!results) {
      ADD_FAILURE() << llvm::toString(results.takeError());
      continue;
    }
    ASSERT_EQ(results->size(), item->expected.size());
    for (size_t i = 0; i < results->size(); ++i)
      EXPECT_EQ(conformance::compare((*results)[i], item->expected[i], item->tolerance), "")
          << "result " << i;
  }
  EXPECT_GT(count, 0u);
}

INSTANTIATE_TEST_SUITE_P(Files, ConformanceFile, testing::ValuesIn(conformance::caseFiles()),
                         [](const testing::TestParamInfo<std::string> &info) {
                           return llvm::sys::path::stem(info.param).str();
                         });
