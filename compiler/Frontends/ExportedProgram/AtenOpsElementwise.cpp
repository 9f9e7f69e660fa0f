// SPDX-License-Identifier: Apache-2.0
// Importer rows of elementwise operators.
#include "compiler/Frontends/ExportedProgram/OperatorCall.h"

using namespace mlir;
using lathe::graph::CompareKind;

namespace lathe::pt2 {
namespace {

//===-- Unary ---------------------------------------------------------------===//

template <typename OpT> void unary(OperatorCall &call) {
  call.result(call.emitter.emit<OpT>({call.tensor("self")}));
}

/// Integer inputs become float32 first.
template <typename OpT> void floatUnary(OperatorCall &call) {
  Value input = toFloat(call.emitter, call.tensor("self"));
  call.result(call.emitter.emit<OpT>({input}));
}

/// floor, ceil, round, trunc: integers stay as they are.
template <typename OpT> void rounding(OperatorCall &call) {
  Value input = call.tensor("self");
  call.result(call.emitter.isFloat(input) ? call.emitter.emit<OpT>({input})
                                          : input);
}

void gelu(OperatorCall &call) {
  llvm::SmallVector<NamedAttribute, 1> attributes;
  if (call.string("approximate") == "tanh")
    attributes.push_back(
        call.emitter.named("tanh", call.emitter.builder.getUnitAttr()));
  else if (call.string("approximate") != "none")
    call.failValue("gelu has an unknown approximation");
  call.result(call.emitter.emit<graph::GeluOp>({call.tensor("self")},
                                               attributes));
}

Value emitElu(OperatorCall &call, double alpha, double scale,
              double inputScale) {
  GraphEmitter &e = call.emitter;
  return e.emit<graph::EluOp>({call.tensor("self")},
                              {e.named("alpha", alpha), e.named("scale", scale),
                               e.named("input_scale", inputScale)});
}

void elu(OperatorCall &call) {
  call.result(emitElu(call, call.real("alpha"), call.real("scale"),
                      call.real("input_scale")));
}

void leakyRelu(OperatorCall &call) {
  GraphEmitter &e = call.emitter;
  call.result(e.emit<graph::LeakyReluOp>(
      {call.tensor("self")}, {e.named("slope", call.real("negative_slope"))}));
}

void prelu(OperatorCall &call) {
  GraphEmitter &e = call.emitter;
  Value input = call.tensor("self"), weight = call.tensor("weight");
  if (!input || !weight)
    return;
  // One slope, or one for each channel (dimension 1).
  int64_t rank = e.rankOf(input);
  Dims dims(rank, e.sizeConstant(1));
  if (e.rankOf(weight) == 1 && rank > 1)
    dims[1] = e.dimOf(weight, 0);
  weight = e.reshape(weight, dims);
  Value zero = e.constant(e.elementTypeOf(input), int64_t(0));
  Value isPositive = e.compare(CompareKind::Gt, input, zero);
  Value scaled = e.binary<graph::MulOp>(input, weight);
  call.result(e.emit<graph::WhereOp>({isPositive, input, scaled}));
}

void square(OperatorCall &call) {
  Value input = call.tensor("self");
  call.result(call.emitter.binary<graph::MulOp>(input, input));
}

void isNan(OperatorCall &call) {
  Value input = call.tensor("self");
  call.result(call.emitter.compare(CompareKind::Ne, input, input));
}

void isInf(OperatorCall &call) {
  GraphEmitter &e = call.emitter;
  Value input = toFloat(e, call.tensor("self"));
  Value infinity = e.constant(e.elementTypeOf(input),
                              std::numeric_limits<double>::infinity());
  call.result(e.compare(CompareKind::Eq, e.emit<graph::AbsOp>({input}),
                        infinity));
}

/// x - x is NaN exactly for infinities and NaN.
void isFinite(OperatorCall &call) {
  GraphEmitter &e = call.emitter;
  Value input = toFloat(e, call.tensor("self"));
  Value difference = e.binary<graph::SubOp>(input, input);
  call.result(e.compare(CompareKind::Eq, difference, difference));
}

/// log(1 + exp(x)) as max(x, 0) + log1p(exp(-|x|)): does not overflow where x is
/// of f16, of which exp(x) is infinite above 11.
Value softPositive(GraphEmitter &e, Value x) {
  Value high = e.binary<graph::MaximumOp>(x, e.constant(e.elementTypeOf(x), 0.0));
  Value tail = e.emit<graph::ExpOp>({e.emit<graph::NegOp>({e.emit<graph::AbsOp>({x})})});
  return e.binary<graph::AddOp>(high, e.emit<graph::Log1pOp>({tail}));
}

/// log(1 + exp(beta x)) / beta, and x above the threshold.
void softplus(OperatorCall &call) {
  GraphEmitter &e = call.emitter;
  Value input = call.tensor("self");
  Type type = e.elementTypeOf(input);
  Value beta = e.constant(type, call.real("beta"));
  Value scaled = e.binary<graph::MulOp>(input, beta);
  Value isLinear = e.compare(CompareKind::Gt, scaled,
                             e.constant(type, call.real("threshold")));
  call.result(e.emit<graph::WhereOp>(
      {isLinear, input, e.binary<graph::DivOp>(softPositive(e, scaled), beta)}));
}

/// x * tanh(softplus(x)); the softplus is linear above 20 as in ATen.
void mish(OperatorCall &call) {
  GraphEmitter &e = call.emitter;
  Value input = call.tensor("self");
  Value soft = e.emit<graph::Log1pOp>({e.emit<graph::ExpOp>({input})});
  Value isLinear = e.compare(CompareKind::Gt, input,
                             e.constant(e.elementTypeOf(input), 20.0));
  soft = e.emit<graph::WhereOp>({isLinear, input, soft});
  call.result(e.binary<graph::MulOp>(input, e.emit<graph::TanhOp>({soft})));
}

/// min(x, 0) - log1p(exp(-|x|)): does not overflow.
void logSigmoid(OperatorCall &call) {
  GraphEmitter &e = call.emitter;
  Value input = call.tensor("self");
  Value low = e.binary<graph::MinimumOp>(
      input, e.constant(e.elementTypeOf(input), 0.0));
  Value tail = e.emit<graph::ExpOp>(
      {e.emit<graph::NegOp>({e.emit<graph::AbsOp>({input})})});
  call.result(
      e.binary<graph::SubOp>(low, e.emit<graph::Log1pOp>({tail})));
}

/// (exp(x) +- exp(-x)) / 2
template <typename OpT> void hyperbolic(OperatorCall &call) {
  GraphEmitter &e = call.emitter;
  Value input = toFloat(e, call.tensor("self"));
  Value up = e.emit<graph::ExpOp>({input});
  Value down = e.emit<graph::ExpOp>({e.emit<graph::NegOp>({input})});
  Value half = e.constant(e.elementTypeOf(input), 0.5);
  call.result(e.binary<graph::MulOp>(e.binary<OpT>(up, down), half));
}

/// First half times sigmoid of the second.
void glu(OperatorCall &call) {
  GraphEmitter &e = call.emitter;
  Value input = call.tensor("self");
  Dims dims = e.dimsOf(input);
  int64_t dim = call.dim("dim", e.rankOf(input));
  if (e.hasFault() || dims.empty())
    return;
  graph::ExprAttr half =
      e.checked(graph::makeFloorDiv(dims[dim], e.sizeConstant(2)));
  Dims starts(dims.size(), e.sizeConstant(0));
  llvm::SmallVector<int64_t> steps(dims.size(), 1);
  dims[dim] = half;
  Value first = e.slice(input, starts, dims, steps);
  starts[dim] = half;
  Value second = e.slice(input, starts, dims, steps);
  call.result(
      e.binary<graph::MulOp>(first, e.emit<graph::SigmoidOp>({second})));
}

//===-- Clamps --------------------------------------------------------------===//

Value emitClamp(GraphEmitter &e, Value input, std::optional<double> low,
                std::optional<double> high) {
  bool isFloat = e.isFloat(input);
  llvm::SmallVector<NamedAttribute, 2> attributes;
  auto bound = [&](llvm::StringRef name, double value) {
    attributes.push_back(isFloat
                             ? e.named(name, value)
                             : e.named(name, static_cast<int64_t>(value)));
  };
  if (low)
    bound("low", *low);
  if (high)
    bound("high", *high);
  return e.emit<graph::ClampOp>({input}, attributes);
}

/// Bounds by number; a float bound makes an integer tensor float.
void clampBetween(OperatorCall &call, llvm::StringRef lowName,
                  llvm::StringRef highName) {
  GraphEmitter &e = call.emitter;
  llvm::SmallVector<Operand, 3> operands{call.operand("self")};
  std::optional<double> bounds[2];
  llvm::StringRef names[2] = {lowName, highName};
  for (size_t i = 0; i < 2; ++i) {
    if (names[i].empty() || !call.has(names[i]))
      continue;
    bounds[i] = call.real(names[i]);
    operands.push_back(call.operand(names[i]));
  }
  Type type = promote(e, operands);
  Value input = materialize(e, operands.front(), type);
  // Beyond 2^53 a double no longer holds every integer bound.
  for (std::optional<double> &bound : bounds)
    if (bound && !e.isFloat(input) && std::abs(*bound) > 9007199254740992.0)
      bound.reset();
  call.result(bounds[0] || bounds[1] ? emitClamp(e, input, bounds[0], bounds[1])
                                     : input);
}

void clamp(OperatorCall &call) { clampBetween(call, "min", "max"); }
void clampMin(OperatorCall &call) { clampBetween(call, "min", ""); }
void clampMax(OperatorCall &call) { clampBetween(call, "", "max"); }
void hardtanh(OperatorCall &call) { clampBetween(call, "min_val", "max_val"); }
void relu6(OperatorCall &call) {
  call.result(emitClamp(call.emitter, call.tensor("self"), 0.0, 6.0));
}

void clampTensor(OperatorCall &call) {
  GraphEmitter &e = call.emitter;
  llvm::SmallVector<Operand, 3> operands{call.operand("self")};
  for (llvm::StringRef name : {"min", "max"})
    if (call.has(name))
      operands.push_back(call.operand(name));
  Type type = promote(e, operands);
  Value value = materialize(e, operands.front(), type);
  if (call.has("min"))
    value = e.binary<graph::MaximumOp>(
        value, materialize(e, call.operand("min"), type));
  if (call.has("max"))
    value = e.binary<graph::MinimumOp>(
        value, materialize(e, call.operand("max"), type));
  call.result(value);
}

//===-- Binary --------------------------------------------------------------===//

/// Both operands in their promoted type, `self` and `other`.
std::pair<Value, Value> promoted(OperatorCall &call, bool toFloatType = false,
                                 llvm::StringRef first = "self",
                                 llvm::StringRef second = "other") {
  GraphEmitter &e = call.emitter;
  Operand lhs = call.operand(first), rhs = call.operand(second);
  if (e.hasFault())
    return {};
  Type type = promote(e, {lhs, rhs});
  if (toFloatType && !llvm::isa<FloatType>(type))
    type = e.builder.getF32Type();
  return {materialize(e, lhs, type), materialize(e, rhs, type)};
}

template <typename OpT> void binaryRow(OperatorCall &call) {
  auto [lhs, rhs] = promoted(call);
  call.result(call.emitter.binary<OpT>(lhs, rhs));
}

template <typename OpT> void floatBinaryRow(OperatorCall &call) {
  auto [lhs, rhs] = promoted(call, /*toFloatType=*/true);
  call.result(call.emitter.binary<OpT>(lhs, rhs));
}

/// value * alpha, where alpha is not the default of 1.
Value timesAlpha(OperatorCall &call, Value value) {
  GraphEmitter &e = call.emitter;
  const Argument &alpha = call.argument("alpha");
  bool isOne = alpha.kind == Argument::Kind::None ||
               (alpha.kind == Argument::Kind::Int && alpha.integer == 1) ||
               (alpha.kind == Argument::Kind::Float && alpha.real == 1);
  if (isOne || !value)
    return value;
  return e.binary<graph::MulOp>(
      value, materialize(e, call.operand("alpha"), e.elementTypeOf(value)));
}

/// self +- alpha * other
template <typename OpT> void scaledSum(OperatorCall &call) {
  auto [lhs, rhs] = promoted(call);
  call.result(call.emitter.binary<OpT>(lhs, timesAlpha(call, rhs)));
}

void reverseSub(OperatorCall &call) {
  auto [lhs, rhs] = promoted(call);
  call.result(
      call.emitter.binary<graph::SubOp>(rhs, timesAlpha(call, lhs)));
}

Value floorDivide(GraphEmitter &e, Value lhs, Value rhs) {
  return e.binary<graph::FloorDivOp>(lhs, rhs);
}

void divMode(OperatorCall &call) {
  GraphEmitter &e = call.emitter;
  llvm::StringRef mode = call.string("rounding_mode");
  auto [lhs, rhs] = promoted(call, /*toFloatType=*/mode.empty());
  if (mode.empty())
    call.result(e.binary<graph::DivOp>(lhs, rhs));
  else if (mode == "floor")
    call.result(floorDivide(e, lhs, rhs));
  else if (mode == "trunc")
    call.result(e.binary<graph::TruncDivOp>(lhs, rhs));
  else
    call.failValue("division has an unknown rounding mode");
}

template <CompareKind kind> void comparison(OperatorCall &call) {
  auto [lhs, rhs] = promoted(call);
  call.result(call.emitter.compare(kind, lhs, rhs));
}

/// Operands as booleans: whether they are not zero.
template <typename OpT> void logical(OperatorCall &call) {
  GraphEmitter &e = call.emitter;
  Type i1 = e.builder.getI1Type();
  call.result(e.binary<OpT>(e.cast(call.tensor("self"), i1),
                            e.cast(call.tensor("other"), i1)));
}

void logicalNot(OperatorCall &call) {
  GraphEmitter &e = call.emitter;
  call.result(e.emit<graph::NotOp>(
      {e.cast(call.tensor("self"), e.builder.getI1Type())}));
}

/// PyTorch's own special cases of a constant exponent; others as graph.pow.
Value emitPower(GraphEmitter &e, Value base, double exponent) {
  auto times = [&](Value a, Value b) { return e.binary<graph::MulOp>(a, b); };
  if (exponent == 1)
    return base;
  if (exponent == 2)
    return times(base, base);
  if (exponent == 3)
    return times(times(base, base), base);
  if (e.isFloat(base)) {
    if (exponent == 0.5)
      return e.emit<graph::SqrtOp>({base});
    if (exponent == -0.5)
      return e.emit<graph::RsqrtOp>({base});
    if (exponent == -1)
      return e.emit<graph::ReciprocalOp>({base});
    if (exponent == -2)
      return e.emit<graph::ReciprocalOp>({times(base, base)});
  }
  return e.binary<graph::PowOp>(base,
                                e.constant(e.elementTypeOf(base), exponent));
}

void power(OperatorCall &call) {
  GraphEmitter &e = call.emitter;
  auto [base, exponent] = promoted(call, false, "self", "exponent");
  const Argument &number = call.argument("exponent");
  if (number.kind == Argument::Kind::Int || number.kind == Argument::Kind::Float)
    call.result(emitPower(e, base, call.real("exponent")));
  else
    call.result(e.binary<graph::PowOp>(base, exponent));
}

void where(OperatorCall &call) {
  GraphEmitter &e = call.emitter;
  auto [lhs, rhs] = promoted(call);
  Value condition = e.cast(call.tensor("condition"), e.builder.getI1Type());
  call.result(e.emit<graph::WhereOp>({condition, lhs, rhs}));
}

void maskedFill(OperatorCall &call) {
  GraphEmitter &e = call.emitter;
  Value input = call.tensor("self"), mask = call.tensor("mask");
  Value value = materialize(e, call.operand("value"), e.elementTypeOf(input));
  call.result(e.emit<graph::WhereOp>(
      {e.cast(mask, e.builder.getI1Type()), value, input}));
}

/// self + value * tensor1 (op) tensor2
template <typename OpT> void addScaled(OperatorCall &call) {
  GraphEmitter &e = call.emitter;
  Operand self = call.operand("self"), first = call.operand("tensor1");
  Operand second = call.operand("tensor2"), scale = call.operand("value");
  if (e.hasFault())
    return;
  Type type = promote(e, {self, first, second});
  Value term = e.binary<OpT>(materialize(e, first, type),
                             materialize(e, second, type));
  const Argument &number = call.argument("value");
  if (number.kind != Argument::Kind::Int || number.integer != 1)
    term = e.binary<graph::MulOp>(term, materialize(e, scale, type));
  call.result(e.binary<graph::AddOp>(materialize(e, self, type), term));
}

/// self + weight * (end - self)
void lerp(OperatorCall &call) {
  GraphEmitter &e = call.emitter;
  Value self = call.tensor("self"), end = call.tensor("end");
  Value weight =
      materialize(e, call.operand("weight"), e.elementTypeOf(self));
  Value step =
      e.binary<graph::MulOp>(weight, e.binary<graph::SubOp>(end, self));
  call.result(e.binary<graph::AddOp>(self, step));
}

void addUnaryRows(RowTable &table) {
  table["aten.abs.default"] = unary<graph::AbsOp>;
  table["aten.neg.default"] = unary<graph::NegOp>;
  table["aten.sign.default"] = unary<graph::SignOp>;
  table["aten.relu.default"] = unary<graph::ReluOp>;
  table["aten.bitwise_not.default"] = unary<graph::NotOp>;
  table["aten.silu.default"] = unary<graph::SiluOp>;
  table["aten.hardswish.default"] = unary<graph::HardswishOp>;
  table["aten.hardsigmoid.default"] = unary<graph::HardsigmoidOp>;
  table["aten.floor.default"] = rounding<graph::FloorOp>;
  table["aten.ceil.default"] = rounding<graph::CeilOp>;
  table["aten.round.default"] = rounding<graph::RoundOp>;
  table["aten.trunc.default"] = rounding<graph::TruncOp>;
  table["aten.fix.default"] = rounding<graph::TruncOp>;
  table["aten.exp.default"] = floatUnary<graph::ExpOp>;
  table["aten.exp2.default"] = floatUnary<graph::Exp2Op>;
  table["aten.expm1.default"] = floatUnary<graph::Expm1Op>;
  table["aten.log.default"] = floatUnary<graph::LogOp>;
  table["aten.log2.default"] = floatUnary<graph::Log2Op>;
  table["aten.log10.default"] = floatUnary<graph::Log10Op>;
  table["aten.log1p.default"] = floatUnary<graph::Log1pOp>;
  table["aten.sqrt.default"] = floatUnary<graph::SqrtOp>;
  table["aten.rsqrt.default"] = floatUnary<graph::RsqrtOp>;
  table["aten.reciprocal.default"] = floatUnary<graph::ReciprocalOp>;
  table["aten.sin.default"] = floatUnary<graph::SinOp>;
  table["aten.cos.default"] = floatUnary<graph::CosOp>;
  table["aten.tan.default"] = floatUnary<graph::TanOp>;
  table["aten.tanh.default"] = floatUnary<graph::TanhOp>;
  table["aten.atan.default"] = floatUnary<graph::AtanOp>;
  table["aten.erf.default"] = floatUnary<graph::ErfOp>;
  table["aten.sigmoid.default"] = floatUnary<graph::SigmoidOp>;
  table["aten.sinh.default"] = hyperbolic<graph::SubOp>;
  table["aten.cosh.default"] = hyperbolic<graph::AddOp>;
  table["aten.gelu.default"] = gelu;
  table["aten.elu.default"] = elu;
  table["aten.celu.default"] = [](OperatorCall &call) {
    double alpha = call.real("alpha");
    call.result(emitElu(call, alpha, 1, 1 / alpha));
  };
  table["aten.selu.default"] = [](OperatorCall &call) {
    call.result(emitElu(call, 1.6732632423543772, 1.0507009873554805, 1));
  };
  table["aten.leaky_relu.default"] = leakyRelu;
  table["aten.prelu.default"] = prelu;
  table["aten._prelu_kernel.default"] = prelu;
  table["aten.square.default"] = square;
  table["aten.isnan.default"] = isNan;
  table["aten.isinf.default"] = isInf;
  table["aten.isfinite.default"] = isFinite;
  table["aten.softplus.default"] = softplus;
  table["aten.mish.default"] = mish;
  table["aten.log_sigmoid.default"] = logSigmoid;
  table["aten.glu.default"] = glu;
  table["aten.logical_not.default"] = logicalNot;
  table["aten.positive.default"] = [](OperatorCall &call) {
    call.result(call.tensor("self"));
  };
}

void addClampRows(RowTable &table) {
  table["aten.clamp.default"] = clamp;
  table["aten.clip.default"] = clamp;
  table["aten.clamp.Tensor"] = clampTensor;
  table["aten.clip.Tensor"] = clampTensor;
  table["aten.clamp_min.default"] = clampMin;
  table["aten.clamp_max.default"] = clampMax;
  table["aten.clamp_min.Tensor"] = clampTensor;
  table["aten.clamp_max.Tensor"] = clampTensor;
  table["aten.hardtanh.default"] = hardtanh;
  table["aten.relu6.default"] = relu6;
}

} // namespace

void addElementwiseRows(RowTable &table) {
  addUnaryRows(table);
  addClampRows(table);
  auto both = [&](llvm::StringRef name, const ImportRow &row,
                  llvm::StringRef prefix = "aten.") {
    table[(prefix + name + ".Tensor").str()] = row;
    table[(prefix + name + ".Scalar").str()] = row;
  };
  both("add", scaledSum<graph::AddOp>);
  both("sub", scaledSum<graph::SubOp>);
  both("rsub", reverseSub);
  both("mul", binaryRow<graph::MulOp>);
  both("div", floatBinaryRow<graph::DivOp>);
  both("true_divide", floatBinaryRow<graph::DivOp>);
  both("remainder", binaryRow<graph::RemainderOp>);
  both("fmod", binaryRow<graph::FmodOp>);
  both("bitwise_and", binaryRow<graph::AndOp>);
  both("bitwise_or", binaryRow<graph::OrOp>);
  both("bitwise_xor", binaryRow<graph::XorOp>);
  both("__and__", binaryRow<graph::AndOp>);
  both("__or__", binaryRow<graph::OrOp>);
  both("__xor__", binaryRow<graph::XorOp>);
  both("eq", comparison<CompareKind::Eq>);
  both("ne", comparison<CompareKind::Ne>);
  both("lt", comparison<CompareKind::Lt>);
  both("le", comparison<CompareKind::Le>);
  both("gt", comparison<CompareKind::Gt>);
  both("ge", comparison<CompareKind::Ge>);
  both("masked_fill", maskedFill);
  table["aten.div.Tensor_mode"] = divMode;
  table["aten.div.Scalar_mode"] = divMode;
  table["aten.floor_divide.default"] = binaryRow<graph::FloorDivOp>;
  table["aten.floor_divide.Scalar"] = binaryRow<graph::FloorDivOp>;
  table["aten.maximum.default"] = binaryRow<graph::MaximumOp>;
  table["aten.minimum.default"] = binaryRow<graph::MinimumOp>;
  table["aten.max.other"] = binaryRow<graph::MaximumOp>;
  table["aten.min.other"] = binaryRow<graph::MinimumOp>;
  table["aten.atan2.default"] = floatBinaryRow<graph::Atan2Op>;
  table["aten.logical_and.default"] = logical<graph::AndOp>;
  table["aten.logical_or.default"] = logical<graph::OrOp>;
  table["aten.logical_xor.default"] = logical<graph::XorOp>;
  table["aten.pow.Tensor_Scalar"] = power;
  table["aten.pow.Tensor_Tensor"] = power;
  table["aten.pow.Scalar"] = power;
  for (const char *name : {"aten.where.self", "aten.where.Scalar",
                           "aten.where.ScalarSelf", "aten.where.ScalarOther"})
    table[name] = where;
  table["aten.addcmul.default"] = addScaled<graph::MulOp>;
  table["aten.addcdiv.default"] = addScaled<graph::DivOp>;
  table["aten.lerp.Scalar"] = lerp;
  table["aten.lerp.Tensor"] = lerp;
}

} // namespace lathe::pt2
