// SPDX-License-Identifier: Apache-2.0
//
// Elementwise operators of one operand. Floats are computed in f32 (f64 for
// f64).
#include "passes/Lower/KernelLowering.h"

#include <cmath>

using namespace mlir;
using namespace lathe;
using namespace lathe::graph;
using namespace lathe::lower;

namespace {
using IntPredicate = arith::CmpIPredicate;
using RealPredicate = arith::CmpFPredicate;

bool isReal(Value value) { return llvm::isa<FloatType>(value.getType()); }
Value zeroOf(const Scalars &at, Type type) {
  return llvm::isa<FloatType>(type) ? at.real(type, 0.0) : at.integer(type, 0);
}

//===-- Unary -------------------------------------------------------------===//

/// A unary operator that is one operation of the math dialect.
template <typename OpTy, typename MathOp>
LogicalResult lowerMath(KernelLowering &lowering, OpTy op) {
  lowering.elementwise(op, op.getInput(), [](const Scalars &at, ValueRange x) {
    return at.make<MathOp>(x[0]);
  });
  return success();
}

LogicalResult lowerAbs(KernelLowering &lowering, AbsOp op) {
  bool isUnsigned = isUnsignedElement(elementOf(op.getInput()));
  lowering.elementwise(op, op.getInput(), [&](const Scalars &at, ValueRange x) {
    if (isReal(x[0]))
      return at.make<math::AbsFOp>(x[0]);
    if (isUnsigned)
      return x[0];
    // math.absi leaves the least integer undefined on some targets.
    Value negative = at.compare(IntPredicate::slt, x[0], zeroOf(at, x[0].getType()));
    Value negated = at.make<arith::SubIOp>(zeroOf(at, x[0].getType()), x[0]);
    return at.select(negative, negated, x[0]);
  });
  return success();
}

LogicalResult lowerNeg(KernelLowering &lowering, NegOp op) {
  lowering.elementwise(op, op.getInput(), [](const Scalars &at, ValueRange x) {
    return isReal(x[0]) ? at.make<arith::NegFOp>(x[0])
                        : at.make<arith::SubIOp>(zeroOf(at, x[0].getType()), x[0]);
  });
  return success();
}

LogicalResult lowerSign(KernelLowering &lowering, SignOp op) {
  bool isUnsigned = isUnsignedElement(elementOf(op.getInput()));
  lowering.elementwise(op, op.getInput(), [&](const Scalars &at, ValueRange x) {
    Type type = x[0].getType();
    Value zero = zeroOf(at, type);
    if (isReal(x[0])) {
      Value below = at.select(at.compare(RealPredicate::OLT, x[0], zero), at.real(type, -1), zero);
      return at.select(at.compare(RealPredicate::OGT, x[0], zero), at.real(type, 1), below);
    }
    if (isUnsigned)
      return at.select(at.compare(IntPredicate::ne, x[0], zero), at.integer(type, 1), zero);
    Value below = at.select(at.compare(IntPredicate::slt, x[0], zero), at.integer(type, -1), zero);
    return at.select(at.compare(IntPredicate::sgt, x[0], zero), at.integer(type, 1), below);
  });
  return success();
}

LogicalResult lowerLog10(KernelLowering &lowering, Log10Op op) {
  lowering.elementwise(op, op.getInput(), [](const Scalars &at, ValueRange x) {
    // log2(x) * log10(2): exact powers of two stay close, and every target has log2.
    return at.make<arith::MulFOp>(at.make<math::Log2Op>(x[0]),
                                  at.real(x[0].getType(), 0.30102999566398119521));
  });
  return success();
}

LogicalResult lowerRsqrt(KernelLowering &lowering, RsqrtOp op) {
  lowering.elementwise(op, op.getInput(), [](const Scalars &at, ValueRange x) {
    return at.make<arith::DivFOp>(at.real(x[0].getType(), 1), at.make<math::SqrtOp>(x[0]));
  });
  return success();
}

LogicalResult lowerReciprocal(KernelLowering &lowering, ReciprocalOp op) {
  lowering.elementwise(op, op.getInput(), [](const Scalars &at, ValueRange x) {
    return at.make<arith::DivFOp>(at.real(x[0].getType(), 1), x[0]);
  });
  return success();
}

// 1 + exp(-x), the divisor of sigmoid and silu.
Value onePlusExpNeg(const Scalars &at, Value x) {
  Value power = at.expInSum(at.make<arith::NegFOp>(x));
  return at.make<arith::AddFOp>(at.real(x.getType(), 1), power);
}

LogicalResult lowerSigmoid(KernelLowering &lowering, SigmoidOp op) {
  lowering.elementwise(op, op.getInput(), [](const Scalars &at, ValueRange x) {
    return at.make<arith::DivFOp>(at.real(x[0].getType(), 1), onePlusExpNeg(at, x[0]));
  });
  return success();
}

LogicalResult lowerSilu(KernelLowering &lowering, SiluOp op) {
  lowering.elementwise(op, op.getInput(), [](const Scalars &at, ValueRange x) {
    return at.make<arith::DivFOp>(x[0], onePlusExpNeg(at, x[0]));
  });
  return success();
}

// clamp(x + 3, 0, 6), to be divided by 6: by a product, since a division takes
// as long as all else. Near -3 its sum is exact, the one of x / 6 + 1 / 2 is not.
Value hardGate(const Scalars &at, Value x) {
  Value shifted = at.make<arith::AddFOp>(x, at.real(x.getType(), 3));
  Value above = at.make<arith::MaximumFOp>(shifted, at.real(x.getType(), 0));
  return at.make<arith::MinimumFOp>(above, at.real(x.getType(), 6));
}

LogicalResult lowerHardsigmoid(KernelLowering &lowering, HardsigmoidOp op) {
  lowering.elementwise(op, op.getInput(), [](const Scalars &at, ValueRange x) {
    return at.make<arith::MulFOp>(hardGate(at, x[0]), at.real(x[0].getType(), 1.0 / 6));
  });
  return success();
}

LogicalResult lowerHardswish(KernelLowering &lowering, HardswishOp op) {
  lowering.elementwise(op, op.getInput(), [](const Scalars &at, ValueRange x) {
    // The gate first: x times 6 would leave the range of large x.
    Value gate = at.make<arith::MulFOp>(hardGate(at, x[0]), at.real(x[0].getType(), 1.0 / 6));
    return at.make<arith::MulFOp>(x[0], gate);
  });
  return success();
}

// The code that stands for the real 0.
int64_t zeroCode(Type element) {
  auto quantized = llvm::dyn_cast<quant::UniformQuantizedType>(element);
  return quantized ? quantized.getZeroPoint() : 0;
}

LogicalResult lowerRelu(KernelLowering &lowering, ReluOp op) {
  Type element = elementOf(op.getInput());
  if (llvm::isa<quant::UniformQuantizedPerAxisType>(element))
    return unsupported(op) << "relu has no lowering to linalg on per-axis quantized type " << element;
  lowering.elementwise(op, op.getInput(), [&](const Scalars &at, ValueRange x) -> Value {
    Type type = x[0].getType();
    if (isReal(x[0]))
      return at.make<arith::MaximumFOp>(x[0], at.real(type, 0));
    Value zero = at.integer(type, zeroCode(element));
    return isUnsignedElement(element) ? at.make<arith::MaxUIOp>(x[0], zero)
                                      : at.make<arith::MaxSIOp>(x[0], zero);
  });
  return success();
}

LogicalResult lowerNot(KernelLowering &lowering, NotOp op) {
  lowering.elementwise(op, op.getInput(), [](const Scalars &at, ValueRange x) {
    return at.make<arith::XOrIOp>(x[0], at.integer(x[0].getType(), -1));
  });
  return success();
}

LogicalResult lowerGelu(KernelLowering &lowering, GeluOp op) {
  bool tanh = op.getTanh();
  lowering.elementwise(op, op.getInput(), [&](const Scalars &at, ValueRange values) {
    Value x = values[0];
    Type type = x.getType();
    Value phi;
    if (tanh) {
      Value cube = at.make<arith::MulFOp>(at.make<arith::MulFOp>(x, x), x);
      Value inner = at.make<arith::AddFOp>(
          x, at.make<arith::MulFOp>(cube, at.real(type, 0.044715)));
      phi = at.make<math::TanhOp>(
          at.make<arith::MulFOp>(inner, at.real(type, 0.79788456080286535588)));
    } else {
      phi = at.make<math::ErfOp>(
          at.make<arith::MulFOp>(x, at.real(type, 0.70710678118654752440)));
    }
    Value half = at.make<arith::MulFOp>(x, at.real(type, 0.5));
    return at.make<arith::MulFOp>(half, at.make<arith::AddFOp>(phi, at.real(type, 1)));
  });
  return success();
}

LogicalResult lowerElu(KernelLowering &lowering, EluOp op) {
  double alpha = op.getAlpha().convertToDouble(), scale = op.getScale().convertToDouble(),
         inner = op.getInputScale().convertToDouble();
  lowering.elementwise(op, op.getInput(), [&](const Scalars &at, ValueRange values) {
    Value x = values[0];
    Type type = x.getType();
    Value power = at.make<math::ExpM1Op>(at.make<arith::MulFOp>(x, at.real(type, inner)));
    Value below = at.make<arith::MulFOp>(power, at.real(type, scale * alpha));
    Value above = at.make<arith::MulFOp>(x, at.real(type, scale));
    return at.select(at.compare(RealPredicate::OGT, x, at.real(type, 0)), above, below);
  });
  return success();
}

LogicalResult lowerLeakyRelu(KernelLowering &lowering, LeakyReluOp op) {
  double slope = op.getSlope().convertToDouble();
  lowering.elementwise(op, op.getInput(), [&](const Scalars &at, ValueRange x) {
    Type type = x[0].getType();
    Value below = at.make<arith::MulFOp>(x[0], at.real(type, slope));
    return at.select(at.compare(RealPredicate::OGT, x[0], at.real(type, 0)), x[0], below);
  });
  return success();
}

//===-- Clamp -------------------------------------------------------------===//

// A bound as a value of `element`: integers saturate into its range.
Value boundOf(const Scalars &at, Type element, Type compute, Attribute bound) {
  if (llvm::isa<FloatType>(compute))
    return at.real(compute, llvm::cast<FloatAttr>(bound).getValueAsDouble());
  unsigned bits = compute.getIntOrFloatBitWidth();
  int64_t value = llvm::cast<IntegerAttr>(bound).getInt();
  bool isUnsigned = isUnsignedElement(element);
  if (isUnsigned)
    value = std::max<int64_t>(value, 0);
  if (bits < 64) {
    int64_t least = isUnsigned ? 0 : -(int64_t(1) << (bits - 1));
    int64_t most = isUnsigned ? (int64_t(1) << bits) - 1 : (int64_t(1) << (bits - 1)) - 1;
    value = std::min(std::max(value, least), most);
  }
  return at.integer(compute, value);
}

LogicalResult lowerClamp(KernelLowering &lowering, ClampOp op) {
  Type element = elementOf(op.getInput());
  for (std::optional<Attribute> bound : {op.getLow(), op.getHigh()})
    if (bound && isQuantizedElement(element))
      return unsupported(op) << "clamp has no lowering to linalg on quantized type " << element;
  bool isUnsigned = isUnsignedElement(element);
  lowering.elementwise(op, op.getInput(), [&](const Scalars &at, ValueRange values) {
    Value x = values[0];
    Type type = x.getType();
    if (op.getLow()) {
      Value low = boundOf(at, element, type, *op.getLow());
      x = isReal(x)    ? at.make<arith::MaximumFOp>(x, low)
          : isUnsigned ? at.make<arith::MaxUIOp>(x, low)
                       : at.make<arith::MaxSIOp>(x, low);
    }
    if (op.getHigh()) {
      Value high = boundOf(at, element, type, *op.getHigh());
      x = isReal(x)    ? at.make<arith::MinimumFOp>(x, high)
          : isUnsigned ? at.make<arith::MinUIOp>(x, high)
                       : at.make<arith::MinSIOp>(x, high);
    }
    return x;
  });
  return success();
}

} // namespace

void lower::addElementwiseLowerings(LoweringTable &table) {
  addLowering<AbsOp, lowerAbs>(table);
  addLowering<NegOp, lowerNeg>(table);
  addLowering<SignOp, lowerSign>(table);
  addLowering<ExpOp, lowerMath<ExpOp, math::ExpOp>>(table);
  addLowering<Exp2Op, lowerMath<Exp2Op, math::Exp2Op>>(table);
  addLowering<Expm1Op, lowerMath<Expm1Op, math::ExpM1Op>>(table);
  addLowering<LogOp, lowerMath<LogOp, math::LogOp>>(table);
  addLowering<Log2Op, lowerMath<Log2Op, math::Log2Op>>(table);
  addLowering<Log10Op, lowerLog10>(table);
  addLowering<Log1pOp, lowerMath<Log1pOp, math::Log1pOp>>(table);
  addLowering<SqrtOp, lowerMath<SqrtOp, math::SqrtOp>>(table);
  addLowering<RsqrtOp, lowerRsqrt>(table);
  addLowering<ReciprocalOp, lowerReciprocal>(table);
  addLowering<SinOp, lowerMath<SinOp, math::SinOp>>(table);
  addLowering<CosOp, lowerMath<CosOp, math::CosOp>>(table);
  addLowering<TanOp, lowerMath<TanOp, math::TanOp>>(table);
  addLowering<TanhOp, lowerMath<TanhOp, math::TanhOp>>(table);
  addLowering<AtanOp, lowerMath<AtanOp, math::AtanOp>>(table);
  addLowering<ErfOp, lowerMath<ErfOp, math::ErfOp>>(table);
  addLowering<FloorOp, lowerMath<FloorOp, math::FloorOp>>(table);
  addLowering<CeilOp, lowerMath<CeilOp, math::CeilOp>>(table);
  addLowering<TruncOp, lowerMath<TruncOp, math::TruncOp>>(table);
  addLowering<RoundOp, lowerMath<RoundOp, math::RoundEvenOp>>(table);
  addLowering<SigmoidOp, lowerSigmoid>(table);
  addLowering<SiluOp, lowerSilu>(table);
  addLowering<HardsigmoidOp, lowerHardsigmoid>(table);
  addLowering<HardswishOp, lowerHardswish>(table);
  addLowering<ReluOp, lowerRelu>(table);
  addLowering<NotOp, lowerNot>(table);
  addLowering<GeluOp, lowerGelu>(table);
  addLowering<EluOp, lowerElu>(table);
  addLowering<LeakyReluOp, lowerLeakyRelu>(table);
  addLowering<ClampOp, lowerClamp>(table);
}
