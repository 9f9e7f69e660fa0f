// SPDX-License-Identifier: Apache-2.0
//
// Whole models: the front end, then the interpreter, against the outputs that
// PyTorch stored beside each model in test/models.
#include "compiler/Frontends/Frontend.h"
#include "compiler/Reference/Interpreter.h"
#include "tools/lathe-run/npy.h"

#include "mlir/Dialect/Quant/IR/Quant.h"
#include "mlir/IR/MLIRContext.h"
#include "llvm/Support/FileSystem.h"
#include <cmath>
#include <gtest/gtest.h>

using namespace mlir;
using namespace lathe;

namespace {
struct Model {
  const char *file, *cases; ///< below test/models
  int count;
};

// Calls in order: a model with state sees them as one sequence.
const Model kModels[] = {{"digits_cnn", "digits_cnn", 3},
                         {"digits_cnn.aten", "digits_cnn", 3},
                         {"digits_gru", "digits_gru", 4},
                         {"digits_lstm", "digits_lstm", 3},
                         {"digits_vit", "digits_vit", 3},
                         {"mlperf_ad_autoencoder", "mlperf_ad_autoencoder", 4},
                         {"mlperf_ic_resnet8", "mlperf_ic_resnet8", 5},
                         {"mlperf_kws_dscnn", "mlperf_kws_dscnn", 4},
                         {"mlperf_sww", "mlperf_sww", 4},
                         {"mlperf_vww_mobilenet", "mlperf_vww_mobilenet", 3},
                         {"shakespeare_lm", "shakespeare_lm", 4},
                         {"shakespeare_lm.aten", "shakespeare_lm", 4},
                         {"shakespeare_lm_kv", "shakespeare_lm_kv", 29},
                         {"silero_vad_16k", "silero_vad_16k", 8}};

class ModelTest : public testing::TestWithParam<Model> {};

std::vector<run::array> readArrays(const std::string &folder, const char *stem) {
  std::vector<run::array> arrays;
  while (true) {
    std::string path = folder + "/" + stem + std::to_string(arrays.size()) + ".npy", reason;
    if (!llvm::sys::fs::exists(path))
      return arrays;
    run::array array;
    if (!run::read_npy(path, &array, &reason)) {
      ADD_FAILURE() << path << ": " << reason;
      return arrays;
    }
    arrays.push_back(array);
  }
}

Tensor toTensor(const run::array &array, Type type) {
  return llvm::cantFail(Tensor::create(llvm::cast<RankedTensorType>(type).getElementType(), array.dims,
                                       std::vector<char>(array.data.begin(), array.data.end())));
}

// Largest difference, as a share of the largest expected magnitude.
double relativeError(const Tensor &got, const Tensor &expected) {
  std::vector<double> a = got.getReals(), b = expected.getReals();
  double worst = 0, scale = 1e-30;
  for (size_t i = 0; i < b.size(); ++i) {
    worst = std::isnan(a[i]) ? INFINITY : std::max(worst, std::fabs(a[i] - b[i]));
    scale = std::max(scale, std::fabs(b[i]));
  }
  return worst / scale;
}
} // namespace

TEST_P(ModelTest, InterpreterAgreesWithPyTorch) {
  std::string folder = std::string(LATHE_MODELS_DIR) + "/";
  MLIRContext context(MLIRContext::Threading::DISABLED);
  context.loadDialect<graph::GraphDialect, quant::QuantDialect, func::FuncDialect>();
  auto module = importModelFile(folder + GetParam().file + ".pt2", {}, context);
  ASSERT_TRUE(bool(module)) << llvm::toString(module.takeError());
  auto method = (**module).lookupSymbol<func::FuncOp>("main");
  auto interpreter = Interpreter::create(**module);
  ASSERT_TRUE(bool(interpreter));
  for (int k = 0; k < GetParam().count; ++k) {
    std::string where = folder + GetParam().cases + "/case" + std::to_string(k);
    std::vector<run::array> in = readArrays(where, "in"), out = readArrays(where, "out");
    ASSERT_EQ(in.size(), method.getNumArguments());
    std::vector<Tensor> inputs;
    for (auto [array, type] : llvm::zip_equal(in, method.getArgumentTypes()))
      inputs.push_back(toTensor(array, type));
    auto results = (*interpreter)->run("main", inputs);
    ASSERT_TRUE(bool(results)) << llvm::toString(results.takeError());
    ASSERT_EQ(results->size(), out.size());
    for (size_t i = 0; i < out.size(); ++i) {
      Tensor expected = toTensor(out[i], method.getResultTypes()[i]);
      ASSERT_EQ((*results)[i].getSizes(), expected.getSizes());
      // A few times what PyTorch's own float32 and float64 runs differ by.
      EXPECT_LT(relativeError((*results)[i], expected), 4e-6) << where << ", result " << i;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Models, ModelTest, testing::ValuesIn(kModels),
                         [](const testing::TestParamInfo<Model> &info) {
                           std::string name = info.param.file;
                           std::replace(name.begin(), name.end(), '.', '_');
                           return name;
                         });
