// SPDX-License-Identifier: Apache-2.0
// Importer rows of normalisations and softmax.
#include "compiler/Frontends/ExportedProgram/OperatorCall.h"

using namespace mlir;

namespace lathe::pt2 {
namespace {

/// Operands with absent ones left out, and the segment sizes that say so.
struct OptionalOperands {
  llvm::SmallVector<Value, 5> values;
  llvm::SmallVector<int32_t, 5> segments;
  void add(Value value) {
    segments.push_back(value ? 1 : 0);
    if (value)
      values.push_back(value);
  }
  NamedAttribute attribute(GraphEmitter &e) const {
    return e.named("operandSegmentSizes",
                   e.builder.getDenseI32ArrayAttr(segments));
  }
};

/// Adds an operand that must be there: a null value is a fault of its own.
bool addRequired(OperatorCall &call, OptionalOperands &operands,
                 llvm::StringRef name) {
  Value value = call.tensor(name);
  operands.add(value);
  return value != nullptr;
}

void batchNorm(OperatorCall &call) {
  GraphEmitter &e = call.emitter;
  OptionalOperands operands;
  if (call.flag("training"))
    return call.failForm("batch norm is in training mode", kEvaluationRemedy);
  bool isComplete = addRequired(call, operands, "input") &&
                    addRequired(call, operands, "running_mean") &&
                    addRequired(call, operands, "running_var");
  if (!isComplete)
    return call.failValue("batch norm lacks its running statistics");
  operands.add(call.optionalTensor("weight"));
  operands.add(call.optionalTensor("bias"));
  call.result(e.emit<graph::BatchNormOp>(
      operands.values,
      {e.named("epsilon", call.real("eps")), operands.attribute(e)}));
}

void layerNorm(OperatorCall &call) {
  GraphEmitter &e = call.emitter;
  OptionalOperands operands;
  if (!addRequired(call, operands, "input"))
    return;
  operands.add(call.optionalTensor("weight"));
  operands.add(call.optionalTensor("bias"));
  int64_t rank = call.sizes("normalized_shape").size();
  call.result(e.emit<graph::LayerNormOp>(
      operands.values,
      {e.named("normalized_rank", rank), e.named("epsilon", call.real("eps")),
       operands.attribute(e)}));
}

void rmsNorm(OperatorCall &call) {
  GraphEmitter &e = call.emitter;
  llvm::SmallVector<Value, 2> operands{call.tensor("input")};
  if (Value weight = call.optionalTensor("weight"))
    operands.push_back(weight);
  int64_t rank = call.sizes("normalized_shape").size();
  // PyTorch's default is the machine epsilon of the computation, which is
  // float32 for narrower types.
  bool isDouble = operands[0] && e.elementTypeOf(operands[0]).isF64();
  double epsilon = isDouble ? std::numeric_limits<double>::epsilon()
                            : std::numeric_limits<float>::epsilon();
  if (call.has("eps"))
    epsilon = call.real("eps");
  call.result(e.emit<graph::RmsNormOp>(
      operands,
      {e.named("normalized_rank", rank), e.named("epsilon", epsilon)}));
}

Value emitGroupNorm(OperatorCall &call, int64_t groups, double epsilon) {
  GraphEmitter &e = call.emitter;
  OptionalOperands operands;
  if (!addRequired(call, operands, "input"))
    return {};
  operands.add(call.optionalTensor("weight"));
  operands.add(call.optionalTensor("bias"));
  return e.emit<graph::GroupNormOp>(
      operands.values,
      {e.named("groups", groups), e.named("epsilon", epsilon),
       operands.attribute(e)});
}

void groupNorm(OperatorCall &call) {
  call.result(
      emitGroupNorm(call, call.integer("num_groups"), call.real("eps")));
}

void nativeGroupNorm(OperatorCall &call) {
  call.result(emitGroupNorm(call, call.integer("group"), call.real("eps")));
  call.noResult();
  call.noResult();
}

/// One group a channel; with running statistics it is a batch norm.
void instanceNorm(OperatorCall &call) {
  GraphEmitter &e = call.emitter;
  if (!call.flag("use_input_stats"))
    return batchNorm(call);
  std::optional<int64_t> channels =
      e.dimOf(call.tensor("input"), 1).getConstant();
  if (!channels)
    return call.failForm("instance norm needs a constant channel count");
  call.result(emitGroupNorm(call, *channels, call.real("eps")));
}

void softmax(OperatorCall &call, bool isLog) {
  GraphEmitter &e = call.emitter;
  Value input = call.tensor("self");
  Type type = call.elementType("dtype", e.elementTypeOf(input));
  if (input && !llvm::isa<FloatType>(type))
    type = e.builder.getF32Type();
  input = e.cast(input, type);
  int64_t dim = call.dim("dim", e.rankOf(input));
  llvm::SmallVector<NamedAttribute, 2> attributes{e.named("dim", dim)};
  if (isLog)
    attributes.push_back(e.named("log", e.builder.getUnitAttr()));
  call.result(e.emit<graph::SoftmaxOp>({input}, attributes));
}

/// v * g / |v|, the norm over all dimensions but `dim`.
void weightNorm(OperatorCall &call) {
  GraphEmitter &e = call.emitter;
  Value v = call.tensor("v"), g = call.tensor("g");
  int64_t rank = e.rankOf(v), kept = call.dim("dim", rank);
  llvm::SmallVector<int64_t, 6> dims;
  for (int64_t dim = 0; dim < rank; ++dim)
    if (dim != kept)
      dims.push_back(dim);
  Value squares = e.reduce(graph::ReduceKind::Sum,
                           e.binary<graph::MulOp>(v, v), dims, true);
  Value factor =
      e.binary<graph::DivOp>(g, e.emit<graph::SqrtOp>({squares}));
  call.result(e.binary<graph::MulOp>(v, factor));
}

} // namespace

void addNormRows(RowTable &table) {
  table["aten.batch_norm.default"] = batchNorm;
  table["aten._native_batch_norm_legit_no_training.default"] =
      [](OperatorCall &call) {
        batchNorm(call);
        call.noResult();
        call.noResult();
      };
  table["aten.layer_norm.default"] = layerNorm;
  table["aten.native_layer_norm.default"] = [](OperatorCall &call) {
    layerNorm(call);
    call.noResult();
    call.noResult();
  };
  table["aten.rms_norm.default"] = rmsNorm;
  table["aten.group_norm.default"] = groupNorm;
  table["aten.native_group_norm.default"] = nativeGroupNorm;
  table["aten.instance_norm.default"] = instanceNorm;
  for (const char *name : {"aten.softmax.int", "aten._softmax.default",
                           "aten._safe_softmax.default"})
    table[name] = [](OperatorCall &call) { softmax(call, false); };
  for (const char *name :
       {"aten.log_softmax.int", "aten._log_softmax.default"})
    table[name] = [](OperatorCall &call) { softmax(call, true); };
  table["aten._weight_norm.default"] = weightNorm;
}

} // namespace lathe::pt2
