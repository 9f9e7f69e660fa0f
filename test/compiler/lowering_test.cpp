// SPDX-License-Identifier: Apache-2.0
//
// Every operator of the graph dialect, lowered by GraphToLinalg and run,
// against the reference interpreter: element types, odd shapes, sizes 0, 1, 7.
#include "test/compiler/lowered_kernel.h"

#include <gtest/gtest.h>

using namespace lathe;
using namespace lathe::test;

namespace {
constexpr double kSingle = 1e-5, kHalf = 2e-3, kBfloat = 1.6e-2;

double toleranceOf(const std::string &element) {
  return element == "f16" ? kHalf : element == "bf16" ? kBfloat : kSingle;
}

void checkRun(KernelPair &pair, const std::vector<Tensor> &inputs, double tolerance,
              const std::string &what) {
  auto expected = pair.interpret(inputs);
  ASSERT_TRUE(static_cast<bool>(expected)) << what << llvm::toString(expected.takeError());
  auto actual = pair.execute(inputs);
  ASSERT_TRUE(static_cast<bool>(actual)) << what << llvm::toString(actual.takeError());
  EXPECT_EQ(actual->status, 0) << what;
  ASSERT_EQ(expected->size(), actual->results.size());
  for (size_t i = 0; i < expected->size(); ++i)
    EXPECT_EQ(compare((*expected)[i], actual->results[i], tolerance), "")
        << what << ", result " << i;
}

/// Compiles and compares on generated inputs, some with NaN, infinities and
/// extreme integers.
void check(const KernelText &text, double tolerance = kSingle, bool withSpecials = false) {
  auto pair = KernelPair::create(text);
  ASSERT_TRUE(static_cast<bool>(pair)) << text.body << ": " << llvm::toString(pair.takeError());
  for (uint32_t seed = 1; seed <= (withSpecials ? 2u : 1u); ++seed)
    checkRun(**pair, (*pair)->makeInputs(seed, withSpecials && seed == 2), tolerance, text.body);
}

std::string tensor(const std::string &sizes, const std::string &element) {
  return "tensor<" + sizes + (sizes.empty() ? "" : "x") + element + ">";
}

/// `op` with `attributes` on arguments of the given types, in one result.
KernelText single(const std::string &op, const std::vector<std::string> &arguments,
                  const std::string &result, const std::string &attributes = "",
                  std::map<std::string, int64_t> sizes = {}) {
  KernelText text;
  std::string names, types;
  for (size_t i = 0; i < arguments.size(); ++i) {
    std::string name = "%a" + std::to_string(i), comma = i ? ", " : "";
    text.arguments += comma + name + ": " + arguments[i];
    names += comma + name;
    types += comma + arguments[i];
  }
  text.results = {result};
  text.body = "%r = graph." + op + " " + names + " " + attributes + " : (" + types + ") -> " + result;
  text.sizes = std::move(sizes);
  return text;
}
} // namespace

TEST(Lowering, UnaryFloats) {
  for (const char *op :
       {"abs", "neg", "sign", "exp", "exp2", "expm1", "log", "log2", "log10", "log1p", "sqrt", "rsqrt",
        "reciprocal", "sin", "cos", "tan", "tanh", "atan", "erf", "sigmoid", "silu", "hardsigmoid",
        "hardswish", "relu", "floor", "ceil", "trunc", "round", "gelu"})
    for (const char *element : {"f32", "f16"})
      // 1e30 has no period in f32: trigonometry is compared on plain data.
      check(single(op, {tensor("3x7", element)}, tensor("3x7", element)), toleranceOf(element) * 3,
            std::string("sin cos tan").find(op) == std::string::npos);
  check(single("exp", {tensor("5", "f64")}, tensor("5", "f64")), 1e-12, true);
  check(single("relu", {tensor("5", "bf16")}, tensor("5", "bf16")), kBfloat, true);
  check(single("gelu", {tensor("3x7", "f32")}, tensor("3x7", "f32"), "{tanh}"), kSingle, true);
  check(single("elu", {tensor("7", "f32")}, tensor("7", "f32"),
               "{alpha = 1.5, scale = 1.25, input_scale = 0.5}"), kSingle, true);
  check(single("leaky_relu", {tensor("7", "f32")}, tensor("7", "f32"), "{slope = 0.1}"), kSingle, true);
  check(single("clamp", {tensor("7", "f32")}, tensor("7", "f32"), "{low = 0.0, high = 1.5}"), kSingle, true);
}

// Up to the largest numbers: no product of them may leave the range where the result does not.
TEST(Lowering, UnaryAtTheEndsOfTheRange) {
  const std::pair<const char *, std::vector<double>> ends[] = {
      {"f16", {65504, 20000, 10921, -65504, -20000, 6.2e-5, -6.2e-5}},
      {"bf16", {3.38e38, 1e38, 5.7e37, -3.38e38, -1e38, 1.2e-38, -1.2e-38}},
      {"f32", {3.4e38, 1e38, 5.7e37, -3.4e38, -1e38, 1.2e-38, -1.2e-38}},
      {"f64", {1.79e308, 1e308, 3e307, -1.79e308, -1e308, 2.3e-308, -2.3e-308}}};
  for (const char *op : {"hardswish", "hardsigmoid", "silu", "gelu", "relu", "sigmoid", "tanh"})
    for (const auto &[element, values] : ends) {
      auto pair = KernelPair::create(single(op, {tensor("7", element)}, tensor("7", element)));
      ASSERT_TRUE(static_cast<bool>(pair)) << op << ": " << llvm::toString(pair.takeError());
      std::vector<Tensor> inputs = (*pair)->makeInputs(1, false);
      auto input = Tensor::fromReals(inputs[0].getElementType(), {7}, values);
      ASSERT_TRUE(static_cast<bool>(input));
      checkRun(**pair, {std::move(*input)}, toleranceOf(element) * 3, std::string(op) + " of " + element);
    }
}

TEST(Lowering, UnaryIntegers) {
  for (const char *element : {"i8", "i16", "i32", "i64", "ui8", "ui32"}) {
    for (const char *op : {"abs", "neg", "sign", "relu", "not"})
      check(single(op, {tensor("15", element)}, tensor("15", element)), 0, true);
    check(single("clamp", {tensor("15", element)}, tensor("15", element), "{low = 1 : i64, high = 5 : i64}"),
          0, true);
  }
  check(single("not", {tensor("9", "i1")}, tensor("9", "i1")));
  // A bound beyond the type is the type's own.
  for (const char *element : {"i1", "i8", "ui8", "ui32", "i64"})
    check(single("clamp", {tensor("29", element)}, tensor("29", element),
                 "{low = -200 : i64, high = 1000 : i64}"), 0, true);
}

TEST(Lowering, BinaryFloats) {
  for (const char *op : {"add", "sub", "mul", "div", "floor_div", "trunc_div", "remainder", "fmod",
                         "maximum", "minimum"})
    for (const char *element : {"f32", "bf16"})
      check(single(op, {tensor("3x7", element), tensor("3x7", element)}, tensor("3x7", element)),
            toleranceOf(element), false);
  for (const char *op : {"maximum", "minimum", "add", "div"})
    check(single(op, {tensor("3x7", "f32"), tensor("7", "f32")}, tensor("3x7", "f32")), kSingle, true);
  check(single("atan2", {tensor("3x7", "f32"), tensor("3x1", "f32")}, tensor("3x7", "f32")));
  check(single("pow", {tensor("3x7", "f32"), tensor("7", "f32")}, tensor("3x7", "f32")), 1e-4);
  check(single("add", {tensor("4x1x3", "f32"), tensor("5x1", "f32")}, tensor("4x5x3", "f32")));
}

TEST(Lowering, BinaryIntegers) {
  for (const char *element : {"i8", "i32", "i64", "ui8"})
    for (const char *op : {"add", "sub", "mul", "floor_div", "trunc_div", "remainder", "fmod", "pow",
                           "maximum", "minimum", "and", "or", "xor"})
      check(single(op, {tensor("31", element), tensor("31", element)}, tensor("31", element)), 0, true);
  for (const char *op : {"add", "mul", "and", "or", "xor", "maximum"})
    check(single(op, {tensor("9", "i1"), tensor("9", "i1")}, tensor("9", "i1")));
}

TEST(Lowering, CompareAndWhere) {
  for (const char *kind : {"eq", "ne", "lt", "le", "gt", "ge"})
    for (const char *element : {"f32", "i32", "ui8", "i1"})
      check(single("compare", {tensor("3x7", element), tensor("7", element)}, tensor("3x7", "i1"),
                   std::string("{kind = #graph.compare_kind<") + kind + ">}"), 0, true);
  check(single("where", {tensor("3x1", "i1"), tensor("3x7", "f32"), tensor("", "f32")}, tensor("3x7", "f32")));
}

TEST(Lowering, Casts) {
  const char *types[] = {"i1", "i8", "ui8", "i16", "i32", "i64", "f16", "bf16", "f32", "f64"};
  for (std::string from : types)
    for (std::string to : types)
      check(single("cast", {tensor("29", from)}, tensor("29", to), "{to = " + to + "}"), 0, true);
}

TEST(Lowering, Contractions) {
  for (const char *element : {"f32", "f16", "f64"}) {
    double tolerance = toleranceOf(element);
    check(single("linear", {tensor("5x7", element), tensor("3x7", element), tensor("3", element)},
                 tensor("5x3", element)), tolerance);
    check(single("linear", {tensor("2x5x7", element), tensor("3x7", element)}, tensor("2x5x3", element)),
          tolerance);
    check(single("linear", {tensor("7", element), tensor("3x7", element)}, tensor("3", element)), tolerance);
    check(single("matmul", {tensor("5x7", element), tensor("7x3", element)}, tensor("5x3", element)), tolerance);
    check(single("matmul", {tensor("2x5x7", element), tensor("2x7x3", element)}, tensor("2x5x3", element)),
          tolerance);
    check(single("matmul", {tensor("2x1x5x7", element), tensor("4x7x3", element)},
                 tensor("2x4x5x3", element)), tolerance);
  }
  check(single("matmul", {tensor("5x7", "i32"), tensor("7x3", "i32")}, tensor("5x3", "i32")));
  for (int64_t size : {0, 1, 7})
    check(single("linear", {"tensor<?x7xf32, #graph.info<[s, 7]>>", tensor("3x7", "f32"), tensor("3", "f32")},
                 "tensor<?x3xf32, #graph.info<[s, 3]>>", "", {{"s", size}}));
}

TEST(Lowering, Convolutions) {
  auto attributes = [](const char *strides, const char *low, const char *high, const char *dilations,
                       int groups, const char *more = "") {
    return std::string("{strides = array<i64: ") + strides + ">, padding_low = array<i64: " + low +
           ">, padding_high = array<i64: " + high + ">, dilations = array<i64: " + dilations +
           ">, groups = " + std::to_string(groups) + " : i64" + more + "}";
  };
  check(single("conv", {tensor("2x3x8x9", "f32"), tensor("4x3x3x3", "f32"), tensor("4", "f32")},
               tensor("2x4x4x5", "f32"), attributes("2, 2", "1, 1", "1, 1", "1, 1", 1)));
  check(single("conv", {tensor("1x3x8x9", "f16"), tensor("4x3x3x3", "f16")},
               tensor("1x4x6x7", "f16"), attributes("1, 1", "0, 0", "0, 0", "1, 1", 1)), kHalf);
  check(single("conv", {tensor("1x6x8x9", "f32"), tensor("6x1x3x3", "f32"), tensor("6", "f32")},
               tensor("1x6x8x9", "f32"), attributes("1, 1", "1, 1", "1, 1", "1, 1", 6)));
  check(single("conv", {tensor("1x6x8x9", "f32"), tensor("4x3x3x3", "f32"), tensor("4", "f32")},
               tensor("1x4x6x5", "f32"), attributes("1, 2", "1, 1", "1, 2", "2, 1", 2)));
  check(single("conv", {tensor("2x3x11", "f32"), tensor("5x3x4", "f32")}, tensor("2x5x10", "f32"),
               attributes("1", "2", "0", "1", 1)));
  check(single("conv", {tensor("1x2x4x5x6", "f32"), tensor("3x2x2x2x2", "f32")},
               tensor("1x3x3x4x5", "f32"), attributes("1, 1, 1", "0, 0, 0", "0, 0, 0", "1, 1, 1", 1)));
  check(single("conv", {tensor("1x4x5x6", "f32"), tensor("4x3x3x3", "f32"), tensor("6", "f32")},
               tensor("1x6x10x12", "f32"),
               attributes("2, 2", "1, 1", "1, 1", "1, 1", 2,
                          ", transposed, output_padding = array<i64: 1, 1>")));
  check(single("conv", {tensor("1x2x5", "f32"), tensor("2x3x4", "f32")}, tensor("1x3x13", "f32"),
               attributes("2", "1", "1", "2", 1, ", transposed")));
  // Negative margins crop; the last dimension is cropped on one side, filled on
  // the other.
  for (const char *element : {"f32", "i8"})
    check(single("conv", {tensor("1x3x6x7", element), tensor("4x3x3x3", element)},
                 tensor("1x4x3x6", element), attributes("1, 1", "-1, -2", "0, 3", "1, 1", 1)));
}

TEST(Lowering, Attention) {
  auto q = tensor("2x4x3x8", "f32"), k = tensor("2x4x5x8", "f32"), v = tensor("2x4x5x6", "f32"),
       r = tensor("2x4x3x6", "f32");
  check(single("sdpa", {q, k, v}, r, "{scale = 0.3}"));
  check(single("sdpa", {q, k, v}, r, "{scale = 0.3, is_causal}"));
  check(single("sdpa", {q, k, v, tensor("3x5", "i1")}, r, "{scale = 0.3}"));
  check(single("sdpa", {q, k, v, tensor("2x1x3x5", "f32")}, r, "{scale = 0.3}"));
  check(single("sdpa", {q, tensor("2x2x5x8", "f32"), tensor("2x2x5x6", "f32"), tensor("4x3x5", "f32")}, r,
               "{scale = 0.3, enable_gqa}"));
  check(single("sdpa", {tensor("3x8", "f16"), tensor("5x8", "f16"), tensor("5x6", "f16")},
               tensor("3x6", "f16"), "{scale = 0.3}"), kHalf);
  for (const char *mask : {"f16", "f64"})
    check(single("sdpa", {q, k, v, tensor("3x5", mask)}, r, "{scale = 0.3}"));
  for (int64_t size : {1, 7})
    check(single("sdpa", {"tensor<2x?x4xf32, #graph.info<[2, s, 4]>>", "tensor<2x?x4xf32, #graph.info<[2, s, 4]>>",
                          "tensor<2x?x4xf32, #graph.info<[2, s, 4]>>"},
                 "tensor<2x?x4xf32, #graph.info<[2, s, 4]>>", "{scale = 0.5, is_causal}", {{"s", size}}));
}

TEST(Lowering, AttentionRowWithNothingKeptIsZero) {
  auto pair = KernelPair::create(single(
      "sdpa", {tensor("2x4", "f32"), tensor("3x4", "f32"), tensor("3x4", "f32"), tensor("2x3", "i1")},
      tensor("2x4", "f32"), "{scale = 0.5}"));
  ASSERT_TRUE(static_cast<bool>(pair)) << llvm::toString(pair.takeError());
  std::vector<Tensor> inputs = (*pair)->makeInputs(1, false);
  inputs[3] = (*pair)->makeInput(3, {0, 0, 0, 1, 0, 1});
  checkRun(**pair, inputs, kSingle, "empty row");
}

TEST(Lowering, Recurrent) {
  KernelText lstm;
  lstm.arguments = "%x: tensor<5x2x3xf32>, %h: tensor<2x2x4xf32>, %c: tensor<2x2x4xf32>, "
                   "%w0: tensor<16x3xf32>, %w1: tensor<16x4xf32>, %b0: tensor<16xf32>, %b1: tensor<16xf32>, "
                   "%w2: tensor<16x3xf32>, %w3: tensor<16x4xf32>, %b2: tensor<16xf32>, %b3: tensor<16xf32>";
  lstm.results = {"tensor<5x2x8xf32>", "tensor<2x2x4xf32>", "tensor<2x2x4xf32>"};
  lstm.body = "%r, %r1, %r2 = graph.lstm %x, %h, %c, %w0, %w1, %b0, %b1, %w2, %w3, %b2, %b3 "
              "{layers = 1 : i64, has_biases, bidirectional} : (tensor<5x2x3xf32>, tensor<2x2x4xf32>, "
              "tensor<2x2x4xf32>, tensor<16x3xf32>, tensor<16x4xf32>, tensor<16xf32>, tensor<16xf32>, "
              "tensor<16x3xf32>, tensor<16x4xf32>, tensor<16xf32>, tensor<16xf32>) -> "
              "(tensor<5x2x8xf32>, tensor<2x2x4xf32>, tensor<2x2x4xf32>)";
  check(lstm, 3e-5);
  for (int64_t size : {0, 1, 7}) {
    KernelText gru;
    gru.arguments = "%x: tensor<2x?x3xf32, #graph.info<[2, s, 3]>>, %h: tensor<2x2x4xf32>, "
                    "%w0: tensor<12x3xf32>, %w1: tensor<12x4xf32>, %w2: tensor<12x4xf32>, %w3: tensor<12x4xf32>";
    gru.results = {"tensor<2x?x4xf32, #graph.info<[2, s, 4]>>", "tensor<2x2x4xf32>"};
    gru.body = "%r, %r1 = graph.gru %x, %h, %w0, %w1, %w2, %w3 {layers = 2 : i64, batch_first} : "
               "(tensor<2x?x3xf32, #graph.info<[2, s, 3]>>, tensor<2x2x4xf32>, tensor<12x3xf32>, "
               "tensor<12x4xf32>, tensor<12x4xf32>, tensor<12x4xf32>) -> "
               "(tensor<2x?x4xf32, #graph.info<[2, s, 4]>>, tensor<2x2x4xf32>)";
    gru.sizes = {{"s", size}};
    check(gru, 3e-5);
  }
}

TEST(Lowering, Reductions) {
  auto kind = [](const std::string &name, const char *rest) {
    return "{kind = #graph.reduce_kind<" + name + ">, " + rest + "}";
  };
  for (const char *name : {"sum", "mean", "prod", "max", "min"})
    for (const char *element : {"f32", "f16"}) {
      check(single("reduce", {tensor("3x5x7", element)}, tensor("3x7", element),
                   kind(name, "dims = array<i64: 1>")), toleranceOf(element), std::string(name) == "max");
      check(single("reduce", {tensor("3x5x7", element)}, tensor("1x5x1", element),
                   kind(name, "dims = array<i64: 0, 2>, keep_dims")), toleranceOf(element) * 5);
    }
  for (const char *name : {"sum", "prod", "max", "min"})
    for (const char *element : {"i32", "i64", "ui8"})
      check(single("reduce", {tensor("3x5", element)}, tensor("", element),
                   kind(name, "dims = array<i64: 0, 1>")), 0, true);
  for (const char *name : {"any", "all"})
    check(single("reduce", {tensor("3x5", "i1")}, tensor("3", "i1"), kind(name, "dims = array<i64: 1>")));
  for (const char *name : {"max", "min"})
    for (const char *element : {"f32", "i32", "ui8", "f16"})
      check(single("arg_reduce", {tensor("3x9", element)}, tensor("3x1", "i64"),
                   kind(name, "dim = 1 : i64, keep_dim")), 0, true);
  for (const char *element : {"f32", "f16", "i64"})
    check(single("cumsum", {tensor("3x5x2", element)}, tensor("3x5x2", element), "{dim = 1 : i64}"),
          toleranceOf(element));
  for (int64_t size : {0, 1, 7})
    for (const char *name : {"sum", "mean"})
      check(single("reduce", {"tensor<3x?xf32, #graph.info<[3, s]>>"}, tensor("3", "f32"),
                   kind(name, "dims = array<i64: 1>"), {{"s", size}}));
}

TEST(Lowering, SoftmaxAndNorms) {
  for (const char *element : {"f32", "f16"})
    for (const char *attributes : {"{dim = 1 : i64}", "{dim = 0 : i64, log}"})
      check(single("softmax", {tensor("5x7", element)}, tensor("5x7", element), attributes),
            toleranceOf(element));
  check(single("softmax", {tensor("", "f32")}, tensor("", "f32"), "{dim = 0 : i64}"));
  for (int64_t size : {0, 1, 7})
    check(single("softmax", {"tensor<3x?xf32, #graph.info<[3, s]>>"}, "tensor<3x?xf32, #graph.info<[3, s]>>",
                 "{dim = 1 : i64}", {{"s", size}}));
  std::string x = tensor("2x6x5", "f32"), w = tensor("6x5", "f32"), c = tensor("6", "f32");
  check(single("layer_norm", {x, w, w}, x,
               "{normalized_rank = 2 : i64, epsilon = 1.0e-5, operandSegmentSizes = array<i32: 1, 1, 1>}"), 3e-5);
  check(single("layer_norm", {x}, x,
               "{normalized_rank = 1 : i64, epsilon = 1.0e-5, operandSegmentSizes = array<i32: 1, 0, 0>}"), 3e-5);
  check(single("rms_norm", {x, w}, x, "{normalized_rank = 2 : i64, epsilon = 1.0e-5}"));
  check(single("group_norm", {x, c, c}, x,
               "{groups = 3 : i64, epsilon = 1.0e-5, operandSegmentSizes = array<i32: 1, 1, 1>}"), 3e-5);
  KernelText batch = single(
      "batch_norm", {x, c, c, c, c}, x,
      "{epsilon = 10.0, operandSegmentSizes = array<i32: 1, 1, 1, 1, 1>}");
  check(batch);
  // Parameters of another type than the input.
  for (auto [input, parameter] : {std::pair("f64", "f32"), std::pair("f32", "f64"), std::pair("f16", "f32")}) {
    std::string y = tensor("2x6x5", input), p = tensor("5", parameter), d = tensor("6", parameter);
    check(single("layer_norm", {y, p, p}, y,
                 "{normalized_rank = 1 : i64, epsilon = 0.1, operandSegmentSizes = array<i32: 1, 1, 1>}"),
          std::max(3e-5, toleranceOf(input)));
    check(single("rms_norm", {y, p}, y, "{normalized_rank = 1 : i64, epsilon = 0.1}"), toleranceOf(input));
    check(single("batch_norm", {y, d, d, d, d}, y,
                 "{epsilon = 10.0, operandSegmentSizes = array<i32: 1, 1, 1, 1, 1>}"), toleranceOf(input));
  }
}

TEST(Lowering, Pools) {
  std::string x = tensor("1x2x7x8", "f32"), window = "kernel = array<i64: 3, 2>, strides = array<i64: 2, 2>, "
              "padding_low = array<i64: 1, 0>, padding_high = array<i64: 1, 1>";
  check(single("max_pool", {x}, tensor("1x2x4x4", "f32"), "{" + window + ", dilations = array<i64: 1, 1>}"),
        kSingle, true);
  check(single("max_pool", {tensor("1x2x7x8", "i8")}, tensor("1x2x4x4", "i8"),
               "{" + window + ", dilations = array<i64: 1, 1>}"), 0, true);
  for (const char *more : {"", ", count_include_pad", ", divisor = 5 : i64"})
    check(single("avg_pool", {x}, tensor("1x2x4x4", "f32"), "{" + window + more + "}"));
  // Sums of narrow integers do not wrap, means do as conversions do.
  for (const char *element : {"i1", "i8", "i16", "i32", "i64", "ui8", "ui16", "ui32", "ui64"})
    for (const char *more : {"", ", count_include_pad", ", divisor = 3 : i64", ", divisor = -1 : i64"})
      check(single("avg_pool", {tensor("1x2x7x8", element)}, tensor("1x2x4x4", element),
                   "{" + window + more + "}"), 0, true);
  check(single("avg_pool", {tensor("1x2x9", "f16")}, tensor("1x2x4", "f16"),
               "{kernel = array<i64: 3>, strides = array<i64: 2>, padding_low = array<i64: 0>, "
               "padding_high = array<i64: 0>}"), kHalf);
  check(single("adaptive_avg_pool", {x}, tensor("1x2x3x5", "f32"), "{output_size = array<i64: 3, 5>}"));
  check(single("adaptive_avg_pool", {tensor("1x2x6x8", "f32")}, tensor("1x2x3x4", "f32"),
               "{output_size = array<i64: 3, 4>}"));
}

TEST(Lowering, Views) {
  check(single("reshape", {tensor("2x3x4", "f32")}, tensor("4x6", "f32"), "{dims = #graph.dims<[4, 6]>}"));
  check(single("reshape", {tensor("1x6x1", "f32")}, tensor("2x3x1x1", "f32"), "{dims = #graph.dims<[2, 3, 1, 1]>}"));
  check(single("reshape", {tensor("1x1", "f32")}, tensor("", "f32"), "{dims = #graph.dims<[]>}"));
  check(single("reshape", {tensor("", "f32")}, tensor("1x1", "f32"), "{dims = #graph.dims<[1, 1]>}"));
  check(single("permute", {tensor("2x3x4", "f32")}, tensor("4x2x3", "f32"), "{permutation = array<i64: 2, 0, 1>}"));
  check(single("broadcast", {tensor("3x1", "i64")}, tensor("2x3x5", "i64"), "{dims = #graph.dims<[2, 3, 5]>}"));
  check(single("slice", {tensor("4x8", "f32")}, tensor("2x3", "f32"),
               "{starts = #graph.dims<[1, 2]>, sizes = #graph.dims<[2, 3]>, steps = array<i64: 1, 2>}"));
  check(single("slice", {tensor("4x8", "f32")}, tensor("4x3", "f32"),
               "{starts = #graph.dims<[3, 6]>, sizes = #graph.dims<[4, 3]>, steps = array<i64: -1, -2>}"));
  check(single("concat", {tensor("2x3", "f32"), tensor("2x1", "f32"), tensor("2x4", "f32")},
               tensor("2x8", "f32"), "{dim = 1 : i64}"));
  for (int64_t size : {0, 1, 7}) {
    check(single("reshape", {"tensor<?x3x4xf32, #graph.info<[s, 3, 4]>>"},
                 "tensor<3x?x2xf32, #graph.info<[3, s * 2, 2]>>", "{dims = #graph.dims<[3, s * 2, 2]>}", {{"s", size}}));
    check(single("concat", {"tensor<?x2xi1, #graph.info<[s, 2]>>", tensor("3x2", "i1")},
                 "tensor<?x2xi1, #graph.info<[s + 3, 2]>>", "{dim = 0 : i64}", {{"s", size}}));
    check(single("slice", {"tensor<?xf32, #graph.info<[s + 4]>>"}, "tensor<?xf32, #graph.info<[s + 1]>>",
                 "{starts = #graph.dims<[2]>, sizes = #graph.dims<[s + 1]>, steps = array<i64: 1>}", {{"s", size}}));
    check(single("insert_slice", {"tensor<?xf32, #graph.info<[s + 4]>>", "tensor<?xf32, #graph.info<[s]>>"},
                 "tensor<?xf32, #graph.info<[s + 4]>>",
                 "{starts = #graph.dims<[s + 2]>, steps = array<i64: -1>}", {{"s", size}}));
  }
  check(single("insert_slice", {tensor("4x8", "f32"), tensor("2x3", "f32")}, tensor("4x8", "f32"),
               "{starts = #graph.dims<[1, 1]>, steps = array<i64: 2, 2>}"));
}

TEST(Lowering, Pads) {
  for (const char *mode : {"reflect", "replicate", "circular"})
    check(single("pad", {tensor("3x4", "f32")}, tensor("5x9", "f32"),
                 std::string("{low = array<i64: 1, 3>, high = array<i64: 1, 2>, mode = #graph.pad_mode<") +
                     mode + ">}"));
  check(single("pad", {tensor("3x4", "f32")}, tensor("6x4", "f32"),
               "{low = array<i64: 1, -1>, high = array<i64: 2, 1>, mode = #graph.pad_mode<constant>, "
               "value = 2.5 : f32}"));
  KernelText inner = single("relu", {tensor("3x4", "f32")}, tensor("5x6", "f32"));
  inner.body = "%p = graph.pad %a0 {low = array<i64: 1, 1>, high = array<i64: 1, 1>, mode = "
               "#graph.pad_mode<constant>, value = 1.0 : f32} : (tensor<3x4xf32>) -> tensor<5x6xf32>\n"
               "%r = graph.relu %p : (tensor<5x6xf32>) -> tensor<5x6xf32>";
  check(inner);
}

TEST(Lowering, MadeTensors) {
  KernelText text;
  text.sizes = {{"s", 5}};
  text.arguments = "%v: tensor<f32>, %x: tensor<?xf32, #graph.info<[s]>>";
  text.results = {"tensor<?xf32, #graph.info<[s]>>", "tensor<?xi64, #graph.info<[s]>>", "tensor<2x2xf32>",
                  "tensor<i64>", "tensor<?xf32, #graph.info<[s]>>", "tensor<2xui8>", "tensor<3xf32>"};
  text.body = "%r = graph.full %v {dims = #graph.dims<[s]>} : (tensor<f32>) -> tensor<?xf32, #graph.info<[s]>>\n"
              "%r1 = graph.iota {size = #graph.expr<s>, element_type = i64, start = 3 : i64, step = -2 : i64} : () -> tensor<?xi64, #graph.info<[s]>>\n"
              "%r2 = graph.constant dense<[[1.0, 2.0], [3.0, 4.0]]> : tensor<2x2xf32>\n"
              "%r3 = graph.size <s> : tensor<i64>\n"
              "%i = graph.iota {size = #graph.expr<s>, element_type = f32, start = 0.5 : f64, step = 0.25 : f64} : () -> tensor<?xf32, #graph.info<[s]>>\n"
              "%c = graph.constant dense<2.0> : tensor<1xf32>\n"
              "%m = graph.mul %i, %c : (tensor<?xf32, #graph.info<[s]>>, tensor<1xf32>) -> tensor<?xf32, #graph.info<[s]>>\n"
              "%r4 = graph.add %m, %x : (tensor<?xf32, #graph.info<[s]>>, tensor<?xf32, #graph.info<[s]>>) -> tensor<?xf32, #graph.info<[s]>>\n"
              "%r5 = graph.constant dense<[7, 200]> : tensor<2xui8>\n"
              "%r6 = graph.constant dense<1.5> : tensor<3xf32>";
  check(text);
}

TEST(Lowering, Gathers) {
  std::string i = tensor("2x3", "i64"), data = tensor("9x5", "f32");
  check(single("gather", {data, i}, tensor("2x3x5", "f32"), "{dim = 0 : i64}"));
  check(single("gather", {tensor("2x9x3", "f32"), tensor("4", "i32")}, tensor("2x4x3", "f32"), "{dim = 1 : i64}"));
  check(single("gather_elements", {tensor("4x9", "f32"), i}, tensor("2x3", "f32"), "{dim = 1 : i64}"));
  check(single("index", {tensor("9x9x5", "f32"), tensor("2x1", "i64"), tensor("3", "i64")}, tensor("2x3x5", "f32"),
               "{dims = array<i64: 0, 1>}"));
  check(single("index", {tensor("9x4x9x3", "f32"), tensor("6", "i64"), tensor("1", "i64")}, tensor("6x4x3", "f32"),
               "{dims = array<i64: 0, 2>}"));
  check(single("index", {tensor("2x9x9x3", "f32"), tensor("6", "i64"), tensor("", "i64")}, tensor("2x6x3", "f32"),
               "{dims = array<i64: 1, 2>}"));
  check(single("index_put", {tensor("2x9x3", "f32"), tensor("2x5x3", "f32"), tensor("5", "i64")},
               tensor("2x9x3", "f32"), "{dims = array<i64: 1>}"));
  check(single("index_put", {tensor("9x9", "f32"), tensor("", "f32"), tensor("4", "i64"), tensor("4", "i64")},
               tensor("9x9", "f32"), "{dims = array<i64: 0, 1>, accumulate}"));
  KernelText update = single("index_put", {tensor("2x9x3", "f16"), tensor("2x1x3", "f16"), tensor("1", "i64")},
                             tensor("2x9x3", "f16"), "{dims = array<i64: 1>}");
  update.attributes = ", inplace_required = array<i64: 0, 0>";
  check(update, 0);
}

TEST(Lowering, IndexOutsideSetsTheStatus) {
  auto pair = KernelPair::create(single("gather", {tensor("4x2", "f32"), tensor("3", "i64")}, tensor("3x2", "f32"),
                                        "{dim = 0 : i64}"));
  ASSERT_TRUE(static_cast<bool>(pair)) << llvm::toString(pair.takeError());
  std::vector<Tensor> inputs = (*pair)->makeInputs(1, false);
  for (double bad : {4.0, -5.0, 1e18, -9e18}) {
    inputs[1] = (*pair)->makeInput(1, {0, bad, 3});
    auto run = (*pair)->execute(inputs);
    ASSERT_TRUE(static_cast<bool>(run)) << llvm::toString(run.takeError());
    EXPECT_EQ(run->status, 1) << bad;
  }
  inputs[1] = (*pair)->makeInput(1, {-4, 0, 3});
  auto run = (*pair)->execute(inputs);
  ASSERT_TRUE(static_cast<bool>(run));
  EXPECT_EQ(run->status, 0);
}

TEST(Lowering, GatherFromNothingReadsNothing) {
  auto pair = KernelPair::create(single("gather", {"tensor<?x2xf32, #graph.info<[s, 2]>>", tensor("3", "i64")},
                                        tensor("3x2", "f32"), "{dim = 0 : i64}", {{"s", 0}}));
  ASSERT_TRUE(static_cast<bool>(pair)) << llvm::toString(pair.takeError());
  auto run = (*pair)->execute((*pair)->makeInputs(1, false));
  ASSERT_TRUE(static_cast<bool>(run)) << llvm::toString(run.takeError());
  EXPECT_EQ(run->status, 1);
}

TEST(Lowering, QuantizedIsBitEqual) {
  std::string x = "tensor<3x7x!quant.uniform<i8:f32, 0.05:3>>", r = "tensor<3x5x!quant.uniform<i8:f32, 0.11:-7>>",
              w = "tensor<5x7x!quant.uniform<i8<-127:127>:f32:0, {0.01, 0.02, 0.015, 0.3, 0.007}>>",
              out = "result_element_type = !quant.uniform<i8:f32, 0.11:-7>, rounding = #graph.rounding<fp32_rne>";
  check(single("linear", {x, w, tensor("5", "i32")}, r, "{" + out + "}"));
  check(single("conv", {"tensor<1x2x6x7x!quant.uniform<u8:f32, 0.05:3>>",
                        "tensor<4x2x3x3x!quant.uniform<i8:f32, 0.02:1>>", tensor("4", "i32")},
               "tensor<1x4x6x7x!quant.uniform<i8:f32, 0.11:-7>>",
               "{strides = array<i64: 1, 1>, padding_low = array<i64: 1, 1>, padding_high = array<i64: 1, 1>, "
               "dilations = array<i64: 1, 1>, groups = 1 : i64, " + out + "}"));
  for (const char *scaling : {"reciprocal", "divide"})
    for (const char *to : {"!quant.uniform<i8:f32, 0.05:3>", "!quant.uniform<u8:f32, 0.013:128>",
                           "!quant.uniform<i8:f32:0, {0.1, 0.02, 0.3}>"})
      check(single("quantize", {tensor("3x7", "f32")}, std::string("tensor<3x7x") + to + ">",
                   std::string("{to = ") + to + ", scaling = #graph.scaling<" + scaling + ">}"), 0, true);
  check(single("dequantize", {x}, tensor("3x7", "f32")), 0);
  check(single("dequantize", {"tensor<3x7x!quant.uniform<u8:f32:1, {0.1:1, 0.2:2, 0.3:3, 0.4:4, 0.5:5, 0.6:6, 0.7:7}>>"},
               tensor("3x7", "f32")), 0);
  check(single("requantize", {x}, "tensor<3x7x!quant.uniform<u8:f32, 0.02:100>>",
               "{to = !quant.uniform<u8:f32, 0.02:100>, rounding = #graph.rounding<fp32_rne>}"), 0);
  check(single("requantize", {tensor("3x7", "i32")}, "tensor<3x7x!quant.uniform<i8:f32, 0.02:10>>",
               "{to = !quant.uniform<i8:f32, 0.02:10>, rounding = #graph.rounding<fp32_rne>, "
               "input_scale = array<f64: 0.001, 0.02, 0.3>, axis = 0 : i64}"), 0, true);
  check(single("relu", {x}, x), 0);
}

TEST(Lowering, ChainWithReshapeBeforeTheResult) {
  KernelText text;
  text.sizes = {{"s", 7}};
  text.arguments = "%x: tensor<?x6xf32, #graph.info<[s, 6]>>, %w: tensor<4x6xf32>, %b: tensor<4xf32>";
  text.results = {"tensor<?x2x2xf32, #graph.info<[s, 2, 2]>>", "tensor<?x4xf32, #graph.info<[s, 4]>>"};
  text.body = "%l = graph.linear %x, %w, %b : (tensor<?x6xf32, #graph.info<[s, 6]>>, tensor<4x6xf32>, tensor<4xf32>) -> tensor<?x4xf32, #graph.info<[s, 4]>>\n"
              "%r1 = graph.relu %l : (tensor<?x4xf32, #graph.info<[s, 4]>>) -> tensor<?x4xf32, #graph.info<[s, 4]>>\n"
              "%g = graph.sigmoid %r1 : (tensor<?x4xf32, #graph.info<[s, 4]>>) -> tensor<?x4xf32, #graph.info<[s, 4]>>\n"
              "%r = graph.reshape %g {dims = #graph.dims<[s, 2, 2]>} : (tensor<?x4xf32, #graph.info<[s, 4]>>) -> tensor<?x2x2xf32, #graph.info<[s, 2, 2]>>";
  check(text);
}
