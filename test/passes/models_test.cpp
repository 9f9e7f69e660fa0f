// SPDX-License-Identifier: Apache-2.0
//
// Every target-neutral pass keeps a real model's numbers: the interpreter runs
// each shipped model's cases after each pass and compares them with what it
// gave for the imported graph, and with PyTorch's outputs.
#include "compiler/Frontends/Frontend.h"
#include "compiler/Reference/Interpreter.h"
#include "passes/Passes.h"
#include "tools/lathe-run/npy.h"

#include "mlir/Pass/PassManager.h"
#include "gtest/gtest.h"
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>

using namespace lathe;
namespace fs = std::filesystem;

namespace {

// Cases of a model to run; the first of a sequence keep its state.
constexpr unsigned kCasesMax = 3;
// Largest difference from the imported graph, relative to the largest output:
// folding batch norms rounds weights once more.
constexpr double kToleranceOfPass = 5e-6;
constexpr double kToleranceOfTorch = 1e-5;

using Outputs = std::vector<std::vector<Tensor>>; // case, output

struct Case {
  std::vector<run::array> inputs, outputs;
};

std::vector<Case> readCases(const fs::path &folder) {
  std::vector<Case> cases;
  for (unsigned i = 0; i < kCasesMax; ++i) {
    fs::path path = folder / ("case" + std::to_string(i));
    if (!fs::exists(path))
      break;
    Case &next = cases.emplace_back();
    auto read = [&](const char *prefix, std::vector<run::array> &arrays) {
      for (unsigned j = 0;; ++j) {
        fs::path file = path / (prefix + std::to_string(j) + ".npy");
        if (!fs::exists(file))
          break;
        std::string reason;
        EXPECT_TRUE(run::read_npy(file.string(), &arrays.emplace_back(), &reason)) << reason;
      }
    };
    read("in", next.inputs);
    read("out", next.outputs);
  }
  return cases;
}

Tensor toTensor(const run::array &array, mlir::Type elementType) {
  auto tensor = Tensor::create(elementType, array.dims,
                               std::vector<char>(array.data.begin(), array.data.end()));
  if (!tensor) {
    ADD_FAILURE() << llvm::toString(tensor.takeError());
    return {};
  }
  return *tensor;
}

Outputs interpret(mlir::ModuleOp module, const std::vector<Case> &cases) {
  auto interpreter = Interpreter::create(module);
  Outputs outputs;
  if (!interpreter) {
    ADD_FAILURE() << llvm::toString(interpreter.takeError());
    return outputs;
  }
  auto method = module.lookupSymbol<mlir::func::FuncOp>("main");
  for (const Case &next : cases) {
    std::vector<Tensor> inputs;
    for (auto [array, type] : llvm::zip(next.inputs, method.getArgumentTypes()))
      inputs.push_back(toTensor(array, mlir::getElementTypeOrSelf(type)));
    auto results = (*interpreter)->run("main", inputs);
    if (!results) {
      ADD_FAILURE() << llvm::toString(results.takeError());
      return outputs;
    }
    outputs.push_back(*results);
  }
  return outputs;
}

// Largest difference relative to the largest reference value.
double difference(const Tensor &reference, const Tensor &actual) {
  std::vector<double> expected = reference.isReal() ? reference.getReals() : std::vector<double>();
  std::vector<double> got = actual.isReal() ? actual.getReals() : std::vector<double>();
  if (!reference.isReal())
    return reference == actual ? 0 : 1;
  EXPECT_EQ(expected.size(), got.size());
  double largest = 0, error = 0;
  for (size_t i = 0; i < std::min(expected.size(), got.size()); ++i) {
    largest = std::max(largest, std::fabs(expected[i]));
    error = std::max(error, std::isnan(expected[i]) == std::isnan(got[i])
                                ? std::fabs(expected[i] - got[i])
                                : HUGE_VAL);
  }
  return largest == 0 ? error : error / largest;
}

struct Step {
  const char *name;
  std::unique_ptr<mlir::Pass> (*create)();
};
template <std::unique_ptr<mlir::Pass> (*Create)()> std::unique_ptr<mlir::Pass> make() {
  return Create();
}

class Models : public testing::TestWithParam<const char *> {};

TEST_P(Models, keep_their_numbers_through_every_pass) {
  const char *other = std::getenv("LATHE_MODELS");
  fs::path folder = other ? other : LATHE_TEST_MODELS;
  std::string name = GetParam();
  mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
  auto module = importModelFile((folder / (name + ".pt2")).string(), {}, context);
  ASSERT_TRUE(static_cast<bool>(module)) << takeFault(module.takeError()).str();
  fs::path casesFolder = folder / name;
  if (!fs::exists(casesFolder)) // The ATen form has the cases of the other one.
    casesFolder = folder / name.substr(0, name.find('.'));
  std::vector<Case> cases = readCases(casesFolder);
  ASSERT_FALSE(cases.empty());
  Outputs imported = interpret(**module, cases);
  ASSERT_EQ(imported.size(), cases.size());
  for (auto [outputs, next] : llvm::zip(imported, cases))
    for (auto [actual, array] : llvm::zip(outputs, next.outputs))
      EXPECT_LE(difference(toTensor(array, actual.getElementType()), actual), kToleranceOfTorch);

  mlir::Builder builder(&context);
  (*module)->getOperation()->setAttr(
      "graph.targets", builder.getArrayAttr(builder.getDictionaryAttr(
                           builder.getNamedAttr("name", builder.getStringAttr("cpu")))));
  const Step steps[] = {
      {"verify", make<createVerifyGraphContract>},
      {"decompose", make<createDecomposeOps>},
      {"simplify", make<createSimplifyGraph>},
      {"batch norm", make<createFoldBatchNorm>},
      {"simplify again", make<createSimplifyGraph>},
      {"unused weights", make<createRemoveUnusedWeights>},
      {"assign", make<createAssignTargets>},
      {"state updates", make<createLowerStateUpdates>},
      {"form groups", make<createFormGroups>},
      {"outline", make<createOutlineKernels>},
  };
  for (const Step &step : steps) {
    SCOPED_TRACE(step.name);
    mlir::PassManager manager(&context);
    manager.addPass(step.create());
    ASSERT_TRUE(mlir::succeeded(manager.run(**module)));
    Outputs outputs = interpret(**module, cases);
    ASSERT_EQ(outputs.size(), imported.size());
    double worst = 0;
    for (auto [expected, got] : llvm::zip(imported, outputs)) {
      ASSERT_EQ(expected.size(), got.size());
      for (auto [x, y] : llvm::zip(expected, got))
        worst = std::max(worst, difference(x, y));
    }
    EXPECT_LE(worst, kToleranceOfPass);
    RecordProperty(std::string("difference after ") + step.name, std::to_string(worst));
    if (std::getenv("LATHE_TEST_VERBOSE"))
      llvm::errs() << name << ": " << step.name << " " << worst << "\n";
  }
}

INSTANTIATE_TEST_SUITE_P(
    Shipped, Models,
    testing::Values("digits_cnn", "digits_cnn.aten", "digits_gru", "digits_lstm", "digits_vit",
                    "mlperf_ad_autoencoder", "mlperf_ic_resnet8", "mlperf_kws_dscnn", "mlperf_sww",
                    "mlperf_vww_mobilenet", "shakespeare_lm", "shakespeare_lm.aten",
                    "shakespeare_lm_kv", "silero_vad_16k"),
    [](const testing::TestParamInfo<const char *> &info) {
      std::string name = info.param;
      std::replace(name.begin(), name.end(), '.', '_');
      return name;
    });

} // namespace
