// SPDX-License-Identifier: Apache-2.0
//
// Weights come in the order of their requests, whatever thread computes them
// and however long it takes; what is computed ahead is bounded.
#include "compiler/WeightsAhead.h"

#include "mlir/IR/Builders.h"
#include <atomic>
#include <chrono>
#include <gtest/gtest.h>
#include <thread>

using namespace mlir;
using namespace lathe;

namespace {
class WeightsAheadTest : public testing::TestWithParam<unsigned> {
protected:
  WeightsAheadTest() : pool(llvm::hardware_concurrency(GetParam())) {
    context.loadDialect<graph::GraphDialect>();
    OpBuilder builder(&context);
    module = ModuleOp::create(builder.getUnknownLoc());
    builder.setInsertionPointToEnd(module->getBody());
    auto type = RankedTensorType::get({4}, builder.getF32Type());
    for (int i = 0; i < 20; ++i)
      weights.push_back(graph::WeightOp::create(builder, builder.getUnknownLoc(), std::to_string(i), type,
                                                StringAttr(), graph::FormatAttr()));
    if (GetParam() > 0)
      options.pool = &pool;
  }

  std::vector<WeightsAhead::Request> requests(uint64_t bytes) {
    std::vector<WeightsAhead::Request> result;
    for (graph::WeightOp weight : weights)
      result.push_back({weight, bytes});
    return result;
  }

  MLIRContext context;
  OwningOpRef<ModuleOp> module;
  std::vector<graph::WeightOp> weights;
  llvm::DefaultThreadPool pool;
  ProgramWriterOptions options;
};

std::vector<char> nameOf(graph::WeightOp weight) {
  return {weight.getSymName().begin(), weight.getSymName().end()};
}

TEST_P(WeightsAheadTest, come_in_order) {
  options.evaluateInitializer = [](graph::WeightOp weight) {
    // The earlier ones take longer.
    int number = std::stoi(weight.getSymName().str());
    std::this_thread::sleep_for(std::chrono::microseconds(40 * (20 - number)));
    return nameOf(weight);
  };
  WeightsAhead ahead(options, requests(16));
  for (graph::WeightOp weight : weights)
    EXPECT_EQ(llvm::cantFail(ahead.takeNext()), nameOf(weight));
}

TEST_P(WeightsAheadTest, bytes_ahead_are_bounded) {
  std::atomic<int> computed = 0;
  options.evaluateInitializer = [&](graph::WeightOp weight) {
    ++computed;
    return nameOf(weight);
  };
  // Three fit; a fourth would exceed what may wait.
  WeightsAhead ahead(options, requests(WeightsAhead::kBytesAheadMax / 3));
  for (int taken = 1; taken <= 20; ++taken) {
    EXPECT_EQ(llvm::cantFail(ahead.takeNext()), nameOf(weights[taken - 1]));
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    EXPECT_GE(computed, taken);
    EXPECT_LE(computed, taken + 3);
  }
}

TEST_P(WeightsAheadTest, an_error_is_that_of_its_weight_and_the_rest_may_stay) {
  options.evaluateInitializer = [](graph::WeightOp weight) -> llvm::Expected<std::vector<char>> {
    if (weight.getSymName() == "2" || weight.getSymName() == "1")
      return llvm::createStringError("weight " + weight.getSymName().str());
    return nameOf(weight);
  };
  WeightsAhead ahead(options, requests(16));
  EXPECT_EQ(llvm::cantFail(ahead.takeNext()), nameOf(weights[0]));
  llvm::Expected<std::vector<char>> failed = ahead.takeNext();
  ASSERT_FALSE(bool(failed));
  EXPECT_EQ(llvm::toString(failed.takeError()), "weight 1");
}

INSTANTIATE_TEST_SUITE_P(Threads, WeightsAheadTest, testing::Values(0u, 1u, 2u, 4u));
} // namespace
