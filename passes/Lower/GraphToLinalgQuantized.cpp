// SPDX-License-Identifier: Apache-2.0
//
// Quantized arithmetic on storage integers (design section 8): exact sums,
// then fp32_rne: clamp(rne(fp32(sum) * m) + zero point). The clamp is done in
// floats before the conversion, where the bounds are exact.
#include "passes/Lower/KernelLowering.h"

#include <cmath>

using namespace mlir;
using namespace lathe;
using namespace lathe::graph;
using namespace lathe::lower;

namespace {
using utils::IteratorType;

/// A quantized type's numbers, per tensor or per index of `axis`.
struct Scheme {
  SmallVector<double> scales;
  SmallVector<int64_t> zeroPoints;
  int64_t axis = -1;
  int64_t least, most;
  Type storage;
};

Scheme schemeOf(Type element) {
  Scheme scheme;
  auto quantized = llvm::cast<quant::QuantizedType>(element);
  scheme.least = quantized.getStorageTypeMin();
  scheme.most = quantized.getStorageTypeMax();
  scheme.storage = getStorageType(element);
  if (auto axis = llvm::dyn_cast<quant::UniformQuantizedPerAxisType>(element)) {
    scheme.scales.assign(axis.getScales().begin(), axis.getScales().end());
    scheme.zeroPoints.assign(axis.getZeroPoints().begin(), axis.getZeroPoints().end());
    scheme.axis = axis.getQuantizedDimension();
    return scheme;
  }
  auto uniform = llvm::cast<quant::UniformQuantizedType>(element);
  scheme.scales = {uniform.getScale()};
  scheme.zeroPoints = {uniform.getZeroPoint()};
  return scheme;
}

/// Numbers of a nest that are one constant, or one for each index of a loop.
class Table {
public:
  Table(KernelLowering &lowering, ArrayRef<float> values, unsigned rank, int64_t axis,
        SmallVectorImpl<NestInput> &inputs)
      : value(values.empty() ? 0.0f : values[0]) {
    if (llvm::all_of(values, [&](float other) { return other == values[0]; }))
      return;
    auto type = RankedTensorType::get({static_cast<int64_t>(values.size())},
                                      lowering.builder.getF32Type());
    Value tensor = arith::ConstantOp::create(lowering.builder, lowering.loc,
                                             DenseElementsAttr::get(type, values));
    input = inputs.size();
    inputs.push_back({tensor, lowering.select(rank, {axis})});
  }

  Value at(const Scalars &scalars, ValueRange inputs) const {
    return input < 0 ? scalars.real(scalars.builder.getF32Type(), value) : inputs[input];
  }

private:
  float value;
  int64_t input = -1;
};

Value widen(const Scalars &at, Value value, Type to, bool isUnsigned) {
  if (value.getType() == to)
    return value;
  return isUnsigned ? at.make<arith::ExtUIOp>(to, value) : at.make<arith::ExtSIOp>(to, value);
}

/// clamp(rne(value) + zero point) as a code; `value` is no NaN. The bounds are
/// exact in f32, and integers: what is clamped first rounds to the same. It is
/// less than 2^22 then, so that the sum with 1.5 * 2^23 has no bits behind the
/// point and is rounded to the nearest even integer, which its last bits hold. A
/// conversion would saturate, lane by lane on x86.
Value encode(const Scalars &at, Value value, Value zeroPoint, const Scheme &to) {
  constexpr double rounder = 12582912.0;
  constexpr int64_t rounderBits = 0x4B400000;
  Type f32 = at.builder.getF32Type(), i32 = at.builder.getI32Type();
  Value least = at.make<arith::SubFOp>(at.real(f32, static_cast<double>(to.least)), zeroPoint);
  Value most = at.make<arith::SubFOp>(at.real(f32, static_cast<double>(to.most)), zeroPoint);
  Value clamped = at.make<arith::MinimumFOp>(at.make<arith::MaximumFOp>(value, least), most);
  Value rounded = at.make<arith::AddFOp>(clamped, at.real(f32, rounder));
  Value bits = at.make<arith::BitcastOp>(i32, at.make<arith::AddFOp>(rounded, zeroPoint));
  Value code = at.make<arith::SubIOp>(bits, at.integer(i32, rounderBits));
  return to.storage == i32 ? code : at.make<arith::TruncIOp>(to.storage, code);
}

// Bounds and zero points have to be exact in f32, and codes fit i32.
LogicalResult checkTarget(Operation *op, Type element) {
  Scheme scheme = schemeOf(element);
  constexpr int64_t limit = int64_t(1) << 20;
  auto tooLarge = [&](int64_t value) { return value < -limit || value > limit; };
  if (tooLarge(scheme.least) || tooLarge(scheme.most) || llvm::any_of(scheme.zeroPoints, tooLarge))
    return unsupported(op) << "quantized type " << element << " is too wide for fp32_rne";
  return success();
}

SmallVector<float> toFloats(ArrayRef<int64_t> values) {
  return llvm::map_to_vector(values, [](int64_t value) { return static_cast<float>(value); });
}

/// fp32(input scale / output scale) for each channel.
FailureOr<SmallVector<float>> multipliers(Operation *op, ArrayRef<double> inputScales,
                                          double outputScale) {
  SmallVector<float> result;
  for (double scale : inputScales) {
    result.push_back(static_cast<float>(scale / outputScale));
    if (!std::isfinite(result.back()))
      return unsupported(op) << "a requantization multiplier is not finite";
  }
  return result;
}

/// fp32(sum + bias), rounded once. 32 bits need not hold it: f64 does, and
/// converts by vectors where 64-bit integers do not.
Value addBias(const Scalars &at, Value sum, Value bias) {
  Type f32 = at.builder.getF32Type(), f64 = at.builder.getF64Type();
  if (!sum.getType().isInteger(32)) {
    Value total = at.make<arith::AddIOp>(sum, widen(at, bias, sum.getType(), false));
    return at.make<arith::SIToFPOp>(f32, total);
  }
  Value total = at.make<arith::AddFOp>(at.make<arith::SIToFPOp>(f64, sum),
                                       at.make<arith::SIToFPOp>(f64, bias));
  return at.make<arith::TruncFOp>(f32, total);
}

/// Adds a bias (one for each index of `axis`) and requantizes exact sums.
LogicalResult requantize(KernelLowering &lowering, Operation *op, Value sum, Value bias,
                         ArrayRef<double> scales, int64_t axis, RoundingKind rounding) {
  Value result = op->getResult(0);
  if (rounding != RoundingKind::Fp32Rne)
    return unsupported(op) << "rounding " << stringifyRoundingKind(rounding)
                                      << " has no lowering to linalg";
  Scheme to = schemeOf(elementOf(result));
  if (to.axis >= 0)
    return unsupported(op) << "a per-axis quantized result has no lowering to linalg";
  FailureOr<SmallVector<float>> factors = multipliers(op, scales, to.scales[0]);
  if (failed(factors) || failed(checkTarget(op, elementOf(result))))
    return failure();
  unsigned rank = dimsOf(result).size();
  SmallVector<NestInput> inputs{{sum, lowering.identity(rank)}};
  if (bias)
    inputs.push_back({bias, lowering.select(rank, {axis})});
  Table factor(lowering, *factors, rank, axis, inputs);
  lowering.setValue(
      result, lowering.map(inputs, lowering.destination(result), [&](const Scalars &at, ValueRange x) {
        Type f32 = at.builder.getF32Type();
        Value total = bias ? addBias(at, x[0], x[1]) : at.make<arith::SIToFPOp>(f32, x[0]);
        Value scaled = at.make<arith::MulFOp>(total, factor.at(at, x));
        return encode(at, scaled, at.real(f32, static_cast<double>(to.zeroPoints[0])), to);
      }));
  return success();
}

/// What a quantized contraction computes with.
struct Contraction {
  Scheme input, weight;
  SmallVector<double> scales;
  Type sum;
  bool inputUnsigned, weightUnsigned;
};

FailureOr<Contraction> describe(KernelLowering &lowering, Operation *op, int64_t channelAxis,
                                ArrayRef<ExprAttr> summed) {
  Type input = elementOf(op->getOperand(0)), weight = elementOf(op->getOperand(1));
  Contraction contraction{schemeOf(input), schemeOf(weight), {}, {}, isUnsignedElement(input),
                          isUnsignedElement(weight)};
  if (contraction.input.axis >= 0)
    return unsupported(op) << "a per-axis quantized input has no lowering to linalg";
  if (contraction.weight.axis >= 0 && contraction.weight.axis != channelAxis)
    return unsupported(op) << "a weight quantized along dimension "
           << contraction.weight.axis << " has no lowering to linalg here";
  if (!llvm::all_equal(contraction.weight.zeroPoints))
    return unsupported(op) << "a weight with several zero points has no lowering to linalg";
  for (double scale : contraction.weight.scales)
    contraction.scales.push_back(contraction.input.scales[0] * scale);
  // Products of 8-bit codes are at most 2^16, so 32 bits hold 2^14 of them;
  // what is wider or longer is summed in 64 bits.
  ExprAttr terms = makeProduct(op->getContext(), summed);
  bool isNarrow = terms && lowering.rangeOf(terms).max <= (1 << 14) &&
                  contraction.input.storage.getIntOrFloatBitWidth() <= 8 &&
                  contraction.weight.storage.getIntOrFloatBitWidth() <= 8;
  contraction.sum = IntegerType::get(op->getContext(), isNarrow ? 32 : 64);
  return contraction;
}

/// sum + (x - x0) * (w - w0), exact.
Value accumulate(const Scalars &at, const Contraction &contraction, ValueRange x) {
  auto centered = [&](Value code, const Scheme &scheme, bool isUnsigned) {
    Value wide = widen(at, code, contraction.sum, isUnsigned);
    if (scheme.zeroPoints[0] == 0)
      return wide;
    return at.make<arith::SubIOp>(wide, at.integer(contraction.sum, scheme.zeroPoints[0]));
  };
  Value product =
      at.make<arith::MulIOp>(centered(x[0], contraction.input, contraction.inputUnsigned),
                             centered(x[1], contraction.weight, contraction.weightUnsigned));
  return at.make<arith::AddIOp>(x[2], product);
}

//===-- Conversions -------------------------------------------------------===//

LogicalResult lowerQuantize(KernelLowering &lowering, QuantizeOp op) {
  Value result = op.getResult();
  if (failed(checkTarget(op, op.getTo())))
    return failure();
  Scheme to = schemeOf(op.getTo());
  bool reciprocal = op.getScaling() == ScalingKind::Reciprocal;
  SmallVector<float> scales;
  for (double scale : to.scales) {
    scales.push_back(static_cast<float>(reciprocal ? 1 / scale : scale));
  }
  unsigned rank = dimsOf(result).size();
  SmallVector<NestInput> inputs{{lowering.value(op.getInput()), lowering.identity(rank)}};
  Table scale(lowering, scales, rank, to.axis, inputs);
  Table zeroPoint(lowering, toFloats(to.zeroPoints), rank, to.axis, inputs);
  lowering.setValue(
      result, lowering.map(inputs, lowering.destination(result), [&](const Scalars &at, ValueRange x) {
        Type f32 = at.builder.getF32Type();
        Value real = x[0].getType().isF64() ? at.make<arith::TruncFOp>(f32, x[0]) : x[0];
        Value scaled = reciprocal ? at.make<arith::MulFOp>(real, scale.at(at, x))
                                  : at.make<arith::DivFOp>(real, scale.at(at, x));
        // NaN has no code; it becomes the code of 0.
        Value isNan = at.compare(arith::CmpFPredicate::UNO, scaled, scaled);
        return encode(at, at.select(isNan, at.real(f32, 0), scaled), zeroPoint.at(at, x), to);
      }));
  return success();
}

LogicalResult lowerDequantize(KernelLowering &lowering, DequantizeOp op) {
  Value result = op.getResult();
  Type element = elementOf(op.getInput());
  Scheme from = schemeOf(element);
  if (failed(checkTarget(op, element)))
    return failure();
  SmallVector<float> scales;
  for (double scale : from.scales)
    scales.push_back(static_cast<float>(scale));
  unsigned rank = dimsOf(result).size();
  SmallVector<NestInput> inputs{{lowering.value(op.getInput()), lowering.identity(rank)}};
  Table scale(lowering, scales, rank, from.axis, inputs);
  Table zeroPoint(lowering, toFloats(from.zeroPoints), rank, from.axis, inputs);
  bool isUnsigned = isUnsignedElement(element);
  lowering.setValue(
      result, lowering.map(inputs, lowering.destination(result), [&](const Scalars &at, ValueRange x) {
        Type f32 = at.builder.getF32Type();
        // Codes and zero points are exact in f32, and so is their difference.
        Value code = isUnsigned ? at.make<arith::UIToFPOp>(f32, x[0])
                                : at.make<arith::SIToFPOp>(f32, x[0]);
        Value centered = at.make<arith::SubFOp>(code, zeroPoint.at(at, x));
        return at.make<arith::MulFOp>(centered, scale.at(at, x));
      }));
  return success();
}

LogicalResult lowerRequantize(KernelLowering &lowering, RequantizeOp op) {
  Value input = lowering.value(op.getInput());
  Type element = elementOf(op.getInput());
  if (!isQuantizedElement(element)) {
    SmallVector<double> scales(*op.getInputScale());
    return requantize(lowering, op, input, Value(), scales, op.getAxis().value_or(0),
                      op.getRounding());
  }
  Scheme from = schemeOf(element);
  if (!llvm::all_equal(from.zeroPoints))
    return unsupported(op) << "an input with several zero points has no lowering to linalg";
  Dims dims = dimsOf(op.getInput());
  Type i32 = lowering.builder.getI32Type();
  bool isUnsigned = isUnsignedElement(element);
  Value centered = lowering.map(
      {{input, lowering.identity(dims.size())}}, lowering.emptyLike(op.getInput(), i32),
      [&](const Scalars &at, ValueRange x) {
        return at.make<arith::SubIOp>(widen(at, x[0], i32, isUnsigned),
                                      at.integer(i32, from.zeroPoints[0]));
      });
  return requantize(lowering, op, centered, Value(), from.scales, std::max<int64_t>(from.axis, 0),
                    op.getRounding());
}
} // namespace

LogicalResult lower::lowerQuantizedLinear(KernelLowering &lowering, LinearOp op) {
  FailureOr<Contraction> contraction =
      describe(lowering, op, 0, ArrayRef(dimsOf(op.getWeight())).drop_front());
  if (failed(contraction))
    return failure();
  Dims dims = dimsOf(op.getResult());
  unsigned rank = dims.size();
  SmallVector<int64_t> outer = llvm::to_vector(llvm::seq<int64_t>(0, rank)), x(outer);
  x.back() = rank;
  SmallVector<IteratorType> iterators(rank, IteratorType::parallel);
  iterators.push_back(IteratorType::reduction);
  Value sum = lowering
                  .nest({{lowering.value(op.getInput()), lowering.select(rank + 1, x)},
                         {lowering.value(op.getWeight()), lowering.select(rank + 1, {rank - 1, rank})}},
                        {{lowering.filled(dims, contraction->sum, 0), lowering.select(rank + 1, outer)}},
                        iterators,
                        [&](const Scalars &at, ValueRange v) {
                          return SmallVector<Value>{accumulate(at, *contraction, v)};
                        })
                  .front();
  return requantize(lowering, op, sum, op.getBias() ? lowering.value(op.getBias()) : Value(),
                    contraction->scales, rank - 1, *op.getRounding());
}

LogicalResult lower::lowerQuantizedConv(KernelLowering &lowering, ConvOp op) {
  bool transposed = op.getTransposed();
  Dims summed = dimsOf(op.getWeight());
  summed.erase(summed.begin() + (transposed ? 1 : 0));
  FailureOr<Contraction> contraction = describe(lowering, op, transposed ? 1 : 0, summed);
  if (failed(contraction))
    return failure();
  if (transposed && op.getGroups() != 1 && contraction->weight.axis >= 0)
    return unsupported(op) << "a transposed grouped conv with a per-axis weight has no lowering to linalg";
  Scalars at{lowering.builder, lowering.loc};
  FailureOr<Value> sum = sumConvolution(
      lowering, op, at.integer(contraction->input.storage, contraction->input.zeroPoints[0]),
      lowering.fill(at.integer(contraction->sum, 0), lowering.emptyLike(op.getResult(), contraction->sum)),
      [&](const Scalars &in, ValueRange x) { return accumulate(in, *contraction, x); },
      /*preferNamed=*/false);
  if (failed(sum))
    return failure();
  return requantize(lowering, op, *sum, op.getBias() ? lowering.value(op.getBias()) : Value(),
                    contraction->scales, 1, *op.getRounding());
}

void lower::addQuantizedLowerings(LoweringTable &table) {
  addLowering<QuantizeOp, lowerQuantize>(table);
  addLowering<DequantizeOp, lowerDequantize>(table);
  addLowering<RequantizeOp, lowerRequantize>(table);
}
