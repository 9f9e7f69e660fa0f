// SPDX-License-Identifier: Apache-2.0
//
// Quantized arithmetic as defined once for all targets (design.md section 8):
// exact accumulators, then one requantization.
#include "compiler/Reference/Operators.h"

#include <cmath>

using namespace mlir;
using namespace lathe;
using namespace lathe::graph;
using namespace lathe::reference;

//===----------------------------------------------------------------------===//
// Requantization
//===----------------------------------------------------------------------===//

namespace {
/// A positive real as q31 * 2^(shift - 31), as TensorFlow Lite keeps it.
struct FixedMultiplier {
  int32_t q31;
  int shift;
};
} // namespace

// TensorFlow Lite's QuantizeMultiplier.
static FixedMultiplier quantizeMultiplier(double real, bool isSingle) {
  if (real == 0 || !std::isfinite(real))
    return {0, 0};
  int shift;
  double fraction = std::frexp(real, &shift);
  // Half away from zero, exactly: the product has no more than 53 bits.
  int64_t q31 = static_cast<int64_t>(std::floor(fraction * 2147483648.0 + 0.5));
  if (q31 == int64_t(1) << 31) {
    q31 /= 2;
    ++shift;
  }
  if (shift < -31)
    return {0, 0};
  if (isSingle && shift > 30)
    return {std::numeric_limits<int32_t>::max(), 30};
  return {static_cast<int32_t>(q31), std::min(shift, 31)};
}

static int32_t saturate32(int64_t value) {
  return static_cast<int32_t>(std::min<int64_t>(
      std::max<int64_t>(value, std::numeric_limits<int32_t>::min()), std::numeric_limits<int32_t>::max()));
}

// gemmlowp's SaturatingRoundingDoublingHighMul.
static int32_t doublingHighMultiply(int32_t a, int32_t b) {
  if (a == b && a == std::numeric_limits<int32_t>::min())
    return std::numeric_limits<int32_t>::max();
  int64_t product = static_cast<int64_t>(a) * b;
  int64_t nudge = product >= 0 ? (1 << 30) : 1 - (1 << 30);
  return static_cast<int32_t>((product + nudge) / (int64_t(1) << 31));
}

// gemmlowp's RoundingDivideByPOT: half away from zero.
static int32_t roundingShift(int32_t value, int exponent) {
  int64_t mask = (int64_t(1) << exponent) - 1, rest = value & mask;
  int64_t threshold = (mask >> 1) + (value < 0 ? 1 : 0);
  return static_cast<int32_t>((int64_t(value) >> exponent) + (rest > threshold ? 1 : 0));
}

// TensorFlow Lite's MultiplyByQuantizedMultiplier in its three forms.
static int64_t multiplyDouble(int64_t accumulator, FixedMultiplier m) {
  int left = std::max(m.shift, 0), right = std::max(-m.shift, 0);
  // The reference shifts within 32 bits; the bits that leave are lost there.
  int32_t shifted = static_cast<int32_t>(static_cast<uint32_t>(accumulator) << (left & 31));
  return roundingShift(doublingHighMultiply(shifted, m.q31), right);
}
static int64_t multiplySingle(int64_t accumulator, FixedMultiplier m) {
  int shift = 31 - m.shift;
  int64_t round = int64_t(1) << (shift - 1);
  return saturate32((int64_t(static_cast<int32_t>(accumulator)) * m.q31 + round) >> shift);
}
static int64_t multiplyWide(int64_t accumulator, FixedMultiplier m) {
  // 16-bit activations: a 48-bit accumulator times a 16-bit multiplier.
  int64_t reduced = m.q31 < 0x7FFF0000 ? (int64_t(m.q31) + (1 << 15)) >> 16 : 0x7FFF;
  int shift = std::min(15 - m.shift, 62);
  if (shift < 1)
    return saturate32(static_cast<int64_t>(static_cast<uint64_t>(accumulator * reduced) << -shift));
  uint64_t product = static_cast<uint64_t>(accumulator) * static_cast<uint64_t>(reduced) +
                     (uint64_t(1) << (shift - 1));
  return saturate32(static_cast<int64_t>(product) >> shift);
}

int64_t reference::requantize(int64_t accumulator, double accumulatorScale,
                              const QuantParameters &target, size_t channel, RoundingKind rounding,
                              bool wide) {
  double ratio = accumulatorScale / target.scales[channel];
  int64_t zeroPoint = target.zeroPoints[channel];
  if (rounding == RoundingKind::Fp32Rne) {
    // Two roundings to f32, then one to the nearest even integer.
    float scaled = static_cast<float>(accumulator) * static_cast<float>(ratio);
    double code = std::nearbyint(scaled) + static_cast<double>(zeroPoint);
    if (std::isnan(code))
      return zeroPoint;
    return static_cast<int64_t>(std::min(std::max(code, static_cast<double>(target.codeMin)),
                                         static_cast<double>(target.codeMax)));
  }
  bool isSingle = rounding == RoundingKind::TfliteSingle;
  FixedMultiplier multiplier = quantizeMultiplier(ratio, isSingle);
  int64_t scaled = wide       ? multiplyWide(accumulator, multiplier)
                   : isSingle ? multiplySingle(accumulator, multiplier)
                              : multiplyDouble(accumulator, multiplier);
  return std::min(std::max(scaled + zeroPoint, target.codeMin), target.codeMax);
}

//===----------------------------------------------------------------------===//
// Contractions
//===----------------------------------------------------------------------===//

static std::vector<int64_t> centred(const Tensor &tensor, const QuantParameters &quant) {
  std::vector<int64_t> codes = tensor.getIntegers();
  for (size_t i = 0; i < codes.size(); ++i)
    codes[i] -= quant.zeroPoints[quant.channelOf(i, tensor.getSizes())];
  return codes;
}

llvm::Expected<ContractionScales> ContractionScales::of(const Call &call, const Tensor &input,
                                                        const Tensor &weight,
                                                        ArrayRef<size_t> channelDims) {
  auto from = QuantParameters::of(input.getElementType());
  auto by = QuantParameters::of(weight.getElementType());
  auto to = QuantParameters::of(call.resultElementType());
  if (!from || !by || !to)
    return call.fail("expects uniform quantized input, weight and result");
  if (from->isPerAxis() || to->isPerAxis())
    return call.fail("activations must be quantized per tensor");
  if (by->isPerAxis() && !llvm::is_contained(channelDims, by->axis))
    return call.fail("the weight is quantized along dimension " + Twine(by->axis) +
                     ", which is not its output channel");
  ContractionScales result;
  result.centredInput = centred(input, *from);
  result.centredWeight = centred(weight, *by);
  for (double scale : by->scales)
    result.accumulatorScales.push_back(from->scales[0] * scale);
  result.target = *to;
  result.wide = input.getElementBytes() > 1;
  return result;
}

int64_t ContractionScales::finish(int64_t accumulator, size_t channel, RoundingKind rounding) const {
  double scale = accumulatorScales[accumulatorScales.size() > 1 ? channel : 0];
  return requantize(accumulator, scale, target, 0, rounding, wide);
}

//===----------------------------------------------------------------------===//
// Operators
//===----------------------------------------------------------------------===//

static llvm::Expected<Tensor> evaluateQuantize(QuantizeOp op, const Call &call) {
  const Tensor &input = call.operands[0];
  auto quant = QuantParameters::of(op.getTo());
  if (!quant)
    return call.fail("expects a uniform quantized target type");
  if (op.getScaling() == ScalingKind::Divide)
    return Tensor::fromReals(op.getTo(), input.getSizes(), input.getReals());
  llvm::Expected<Tensor> result = Tensor::create(op.getTo(), input.getSizes());
  if (!result)
    return call.fail(llvm::toString(result.takeError()));
  std::vector<double> reals = input.getReals();
  std::vector<int64_t> codes(reals.size());
  for (size_t i = 0; i < codes.size(); ++i) {
    size_t channel = quant->channelOf(i, input.getSizes());
    float inverse = static_cast<float>(1 / quant->scales[channel]);
    double zeroPoint = static_cast<double>(quant->zeroPoints[channel]);
    double code = std::nearbyint(static_cast<float>(reals[i]) * inverse) + zeroPoint;
    code = std::isnan(code) ? zeroPoint : code; // a NaN becomes the code of 0
    codes[i] = static_cast<int64_t>(std::min(std::max(code, static_cast<double>(quant->codeMin)),
                                             static_cast<double>(quant->codeMax)));
  }
  return Tensor::fromIntegers(op.getTo(), input.getSizes(), codes);
}

static llvm::Expected<Tensor> evaluateDequantize(DequantizeOp op, const Call &call) {
  const Tensor &input = call.operands[0];
  return Tensor::fromReals(call.resultElementType(), input.getSizes(), input.getReals());
}

static llvm::Expected<Tensor> evaluateRequantize(RequantizeOp op, const Call &call) {
  const Tensor &input = call.operands[0];
  auto target = QuantParameters::of(op.getTo()), own = QuantParameters::of(input.getElementType());
  if (!target || (!own && !op.getInputScale()))
    return call.fail("expects uniform quantized types");
  std::vector<int64_t> codes = input.getIntegers();
  QuantParameters scales;
  if (own) {
    scales = *own;
    for (size_t i = 0; i < codes.size(); ++i)
      codes[i] -= own->zeroPoints[own->channelOf(i, input.getSizes())];
  } else {
    scales.scales.assign(op.getInputScale()->begin(), op.getInputScale()->end());
    scales.axis = op.getAxis().value_or(0);
  }
  bool wide = input.getElementBytes() > 4 || (own && input.getElementBytes() > 2);
  for (size_t i = 0; i < codes.size(); ++i)
    codes[i] = requantize(codes[i], scales.scales[scales.channelOf(i, input.getSizes())], *target,
                          target->channelOf(i, input.getSizes()), op.getRounding(), wide);
  return Tensor::fromIntegers(op.getTo(), input.getSizes(), codes);
}

void reference::addQuantizationOps(EvaluatorTable &table) {
  table.add<QuantizeOp>(evaluateQuantize);
  table.add<DequantizeOp>(evaluateDequantize);
  table.add<RequantizeOp>(evaluateRequantize);
}
