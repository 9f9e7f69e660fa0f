// SPDX-License-Identifier: Apache-2.0
// Importer rows of matrix products, convolutions, attention and recurrent
// networks.
#include "compiler/Frontends/ExportedProgram/OperatorCall.h"

#include <cmath>

using namespace mlir;
using lathe::graph::ExprAttr;

namespace lathe::pt2 {

Value emitLinear(GraphEmitter &e, Value input, Value weight, Value bias) {
  llvm::SmallVector<Value, 3> operands{input, weight};
  if (bias)
    operands.push_back(bias);
  return e.emit<graph::LinearOp>(operands);
}

namespace {

//===-- Matrix products -----------------------------------------------------===//

/// The matrix whose transpose `value` is, if it is one: a product with it is a
/// linear layer.
Value untransposed(Value value) {
  auto permute = value ? value.getDefiningOp<graph::PermuteOp>() : nullptr;
  if (permute && permute.getPermutation() == llvm::ArrayRef<int64_t>{1, 0})
    return permute.getInput();
  return {};
}

Value emitProduct(GraphEmitter &e, Value lhs, Value rhs) {
  if (Value weight = untransposed(rhs))
    return emitLinear(e, lhs, weight, {});
  return e.binary<graph::MatmulOp>(lhs, rhs);
}

void linear(OperatorCall &call) {
  GraphEmitter &e = call.emitter;
  Value input = call.tensor("input"), weight = call.tensor("weight");
  Value bias = call.optionalTensor("bias");
  if (e.rankOf(weight) != 1) {
    call.result(emitLinear(e, input, weight, bias));
    return;
  }
  // A rank-1 weight has one output, which has no dimension.
  weight = e.reshape(weight, {e.sizeConstant(1), e.dimOf(weight, 0)});
  Value output = emitLinear(e, input, weight, {});
  Dims dims = e.dimsOf(output);
  if (e.hasFault())
    return;
  dims.pop_back();
  output = e.reshape(output, dims);
  call.result(bias ? e.binary<graph::AddOp>(output, bias) : output);
}

/// torch.matmul: rank-1 operands are a row and a column that vanish again.
Value emitMatmul(OperatorCall &call, Value lhs, Value rhs) {
  GraphEmitter &e = call.emitter;
  bool isRow = e.rankOf(lhs) == 1, isColumn = e.rankOf(rhs) == 1;
  if (!e.hasFault() && (e.rankOf(lhs) == 0 || e.rankOf(rhs) == 0))
    call.failValue("a matrix product needs tensors of rank 1 or more");
  if (e.hasFault())
    return {};
  if (isRow)
    lhs = e.reshape(lhs, {e.sizeConstant(1), e.dimOf(lhs, 0)});
  if (isColumn)
    rhs = e.reshape(rhs, {e.dimOf(rhs, 0), e.sizeConstant(1)});
  Value product = emitProduct(e, lhs, rhs);
  Dims dims = e.dimsOf(product);
  if (e.hasFault())
    return {};
  if (isColumn)
    dims.erase(dims.end() - 1);
  if (isRow)
    dims.erase(dims.end() - (isColumn ? 1 : 2));
  return e.reshape(product, dims);
}

void matmul(OperatorCall &call, llvm::StringRef lhs, llvm::StringRef rhs) {
  call.result(emitMatmul(call, call.tensor(lhs), call.tensor(rhs)));
}

Value scaledBy(OperatorCall &call, Value value, llvm::StringRef factor) {
  const Argument &number = call.argument(factor);
  bool isOne = (number.kind == Argument::Kind::Int && number.integer == 1) ||
               (number.kind == Argument::Kind::Float && number.real == 1);
  if (isOne || !value)
    return value;
  GraphEmitter &e = call.emitter;
  return e.binary<graph::MulOp>(
      value, materialize(e, call.operand(factor), e.elementTypeOf(value)));
}

/// beta * self + alpha * (first x second)
void addProduct(OperatorCall &call, llvm::StringRef first,
                llvm::StringRef second) {
  GraphEmitter &e = call.emitter;
  Value self = call.tensor("self");
  Value lhs = call.tensor(first), rhs = call.tensor(second);
  bool isPlain = call.real("beta") == 1 && call.real("alpha") == 1;
  Value weight = untransposed(rhs);
  if (isPlain && weight && e.rankOf(self) == 1 && e.rankOf(lhs) == 2 &&
      e.dimOf(self, 0) == e.dimOf(weight, 0))
    return call.result(emitLinear(e, lhs, weight, self));
  Value product = scaledBy(call, emitMatmul(call, lhs, rhs), "alpha");
  call.result(e.binary<graph::AddOp>(scaledBy(call, self, "beta"), product));
}

void outer(OperatorCall &call) {
  GraphEmitter &e = call.emitter;
  Value self = call.tensor("self"), other = call.tensor("vec2");
  Value column = e.reshape(self, {e.dimOf(self, 0), e.sizeConstant(1)});
  call.result(e.binary<graph::MulOp>(column, other));
}

//===-- Convolutions --------------------------------------------------------===//

struct ConvOptions {
  llvm::SmallVector<int64_t, 4> strides, low, high, dilations, outputPadding;
  int64_t groups = 1;
  bool isTransposed = false;
};

Value emitConv(OperatorCall &call, const ConvOptions &options) {
  GraphEmitter &e = call.emitter;
  Value input = call.tensor("input"), weight = call.tensor("weight");
  Value bias = call.optionalTensor("bias");
  int64_t rank = e.rankOf(weight);
  bool isUnbatched = e.rankOf(input) + 1 == rank;
  Dims dims = e.dimsOf(input);
  if (isUnbatched) {
    dims.insert(dims.begin(), e.sizeConstant(1));
    input = e.reshape(input, dims);
  }
  llvm::SmallVector<Value, 3> operands{input, weight};
  if (bias)
    operands.push_back(bias);
  llvm::SmallVector<NamedAttribute, 7> attributes{
      e.named("strides", options.strides),
      e.named("padding_low", options.low),
      e.named("padding_high", options.high),
      e.named("dilations", options.dilations),
      e.named("groups", options.groups)};
  if (options.isTransposed) {
    attributes.push_back(e.named("transposed", e.builder.getUnitAttr()));
    attributes.push_back(e.named("output_padding", options.outputPadding));
  }
  Value output = e.emit<graph::ConvOp>(operands, attributes);
  if (!isUnbatched || e.hasFault())
    return output;
  dims = e.dimsOf(output);
  dims.erase(dims.begin());
  return e.reshape(output, dims);
}

/// Spatial dimensions of the weight.
size_t spatialOf(OperatorCall &call) {
  int64_t rank = call.emitter.rankOf(call.tensor("weight"));
  if (rank > 2)
    return rank - 2;
  call.failValue("a convolution's weight has rank 3 or more");
  return 1;
}

void conv(OperatorCall &call) {
  ConvOptions options;
  size_t spatial = spatialOf(call);
  options.strides = call.integers("stride", spatial);
  options.dilations = call.integers("dilation", spatial);
  options.low = options.high = call.integers("padding", spatial);
  options.outputPadding.assign(spatial, 0);
  options.groups = call.integer("groups");
  options.isTransposed = call.flag("transposed");
  if (call.argument("output_padding").kind == Argument::Kind::List)
    options.outputPadding = call.integers("output_padding", spatial);
  call.result(emitConv(call, options));
}

void convTransposed(OperatorCall &call) {
  ConvOptions options;
  size_t spatial = spatialOf(call);
  options.strides = call.integers("stride", spatial);
  options.dilations = call.integers("dilation", spatial);
  options.low = options.high = call.integers("padding", spatial);
  options.outputPadding = call.integers("output_padding", spatial);
  options.groups = call.integer("groups");
  options.isTransposed = true;
  call.result(emitConv(call, options));
}

/// padding="same" puts the odd element at the end; "valid" pads nothing.
void convNamedPadding(OperatorCall &call) {
  GraphEmitter &e = call.emitter;
  ConvOptions options;
  size_t spatial = spatialOf(call);
  options.strides = call.integers("stride", spatial);
  options.dilations = call.integers("dilation", spatial);
  options.groups = call.integer("groups");
  options.low.assign(spatial, 0);
  options.high.assign(spatial, 0);
  llvm::StringRef padding = call.string("padding");
  if (padding != "same" && padding != "valid")
    return call.failValue("a convolution has an unknown padding");
  for (size_t i = 0; i < spatial && padding == "same"; ++i) {
    std::optional<int64_t> kernel =
        e.dimOf(call.tensor("weight"), i + 2).getConstant();
    int64_t total = options.dilations[i] * (kernel.value_or(1) - 1);
    options.low[i] = total / 2;
    options.high[i] = total - total / 2;
  }
  call.result(emitConv(call, options));
}

//===-- Attention -----------------------------------------------------------===//

void attention(OperatorCall &call) {
  GraphEmitter &e = call.emitter;
  llvm::SmallVector<Value, 4> operands{
      call.tensor("query"), call.tensor("key"), call.tensor("value")};
  if (Value mask = call.optionalTensor("attn_mask")) {
    Type type = e.elementTypeOf(mask);
    operands.push_back(type.isInteger(1)
                           ? mask
                           : e.cast(mask, e.elementTypeOf(operands[0])));
  }
  if (call.real("dropout_p") != 0)
    call.failForm("attention has dropout", kEvaluationRemedy);
  double scale = 0;
  if (call.has("scale")) {
    scale = call.real("scale");
  } else {
    std::optional<int64_t> width =
        e.dimOf(operands[0], e.rankOf(operands[0]) - 1).getConstant();
    if (!width || *width < 1)
      return call.failForm("attention needs a constant head size");
    scale = 1 / std::sqrt(static_cast<double>(*width));
  }
  llvm::SmallVector<NamedAttribute, 3> attributes{e.named("scale", scale)};
  if (call.flag("is_causal"))
    attributes.push_back(e.named("is_causal", e.builder.getUnitAttr()));
  if (call.flag("enable_gqa"))
    attributes.push_back(e.named("enable_gqa", e.builder.getUnitAttr()));
  call.result(e.emit<graph::SdpaOp>(operands, attributes));
}

//===-- Recurrent networks --------------------------------------------------===//

template <typename OpT>
Operation *emitRnn(GraphEmitter &e, llvm::ArrayRef<Value> operands,
                   int64_t layers, bool hasBiases, bool isBidirectional,
                   bool isBatchFirst) {
  llvm::SmallVector<NamedAttribute, 4> attributes{e.named("layers", layers)};
  auto set = [&](llvm::StringRef name, bool isSet) {
    if (isSet)
      attributes.push_back(e.named(name, e.builder.getUnitAttr()));
  };
  set("has_biases", hasBiases);
  set("bidirectional", isBidirectional);
  set("batch_first", isBatchFirst);
  return e.emitOp<OpT>(operands, attributes);
}

template <typename OpT> void rnn(OperatorCall &call) {
  GraphEmitter &e = call.emitter;
  llvm::SmallVector<Value, 8> operands{call.tensor("input")};
  const Argument &state = call.argument("hx");
  if (state.kind == Argument::Kind::List)
    operands.append(call.tensors("hx"));
  else
    operands.push_back(call.tensor("hx"));
  operands.append(call.tensors("params"));
  if (call.flag("train") && call.real("dropout") != 0)
    call.failForm("a recurrent layer has dropout", kEvaluationRemedy);
  Operation *op = emitRnn<OpT>(e, operands, call.integer("num_layers"),
                               call.flag("has_biases"),
                               call.flag("bidirectional"),
                               call.flag("batch_first"));
  if (!op)
    return;
  for (Value result : op->getResults())
    call.result(result);
}

/// One step of a recurrent layer, as a sequence of length 1.
template <typename OpT> void rnnCell(OperatorCall &call) {
  GraphEmitter &e = call.emitter;
  Value input = call.tensor("input");
  llvm::SmallVector<Value, 8> operands{input};
  if (call.argument("hx").kind == Argument::Kind::List)
    operands.append(call.tensors("hx"));
  else
    operands.push_back(call.tensor("hx"));
  size_t stateEnd = operands.size();
  bool hasBiases = call.has("b_ih");
  for (const char *name : {"w_ih", "w_hh", "b_ih", "b_hh"})
    if (call.has(name))
      operands.push_back(call.tensor(name));
  bool isUnbatched = e.rankOf(input) == 1;
  for (size_t i = 0; i < stateEnd && !e.hasFault(); ++i) {
    Dims dims = e.dimsOf(operands[i]);
    dims.insert(dims.begin(), isUnbatched ? 2 : 1, e.sizeConstant(1));
    operands[i] = e.reshape(operands[i], dims);
  }
  Operation *op = emitRnn<OpT>(e, operands, 1, hasBiases, false, false);
  if (!op)
    return;
  // The sequence's outputs equal the final hidden state: take the latter.
  for (Value state : llvm::drop_begin(op->getResults())) {
    Dims dims = e.dimsOf(state);
    dims.erase(dims.begin(), dims.begin() + (isUnbatched ? 2 : 1));
    call.result(e.reshape(state, dims));
  }
}

} // namespace

void addContractionRows(RowTable &table) {
  table["aten.linear.default"] = linear;
  auto product = [&](const char *name, const char *lhs, const char *rhs) {
    table[name] = [=](OperatorCall &call) { matmul(call, lhs, rhs); };
  };
  product("aten.matmul.default", "self", "other");
  product("aten.mm.default", "self", "mat2");
  product("aten.bmm.default", "self", "mat2");
  product("aten.mv.default", "self", "vec");
  product("aten.dot.default", "self", "tensor");
  auto sum = [&](const char *name, const char *lhs, const char *rhs) {
    table[name] = [=](OperatorCall &call) { addProduct(call, lhs, rhs); };
  };
  sum("aten.addmm.default", "mat1", "mat2");
  sum("aten.baddbmm.default", "batch1", "batch2");
  sum("aten.addmv.default", "mat", "vec");
  table["aten.outer.default"] = outer;
  for (const char *rank : {"1d", "2d", "3d"}) {
    std::string base = "aten.conv" + std::string(rank);
    table[base + ".default"] = conv;
    table[base + ".padding"] = convNamedPadding;
  }
  table["aten.convolution.default"] = conv;
  table["aten.conv_transpose1d.default"] = convTransposed;
  table["aten.conv_transpose2d.input"] = convTransposed;
  table["aten.conv_transpose3d.input"] = convTransposed;
  table["aten.scaled_dot_product_attention.default"] = attention;
  table["aten.lstm.input"] = rnn<graph::LstmOp>;
  table["aten.gru.input"] = rnn<graph::GruOp>;
  table["aten.lstm_cell.default"] = rnnCell<graph::LstmOp>;
  table["aten.gru_cell.default"] = rnnCell<graph::GruOp>;
}

} // namespace lathe::pt2
