// SPDX-License-Identifier: Apache-2.0
//
// Elementwise operators of two and three operands. Floats are computed in f32
// (f64 for f64); every integer division is guarded, so that no data traps.
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

//===-- Binary ------------------------------------------------------------===//

/// One operation for floats and one for integers, signed or not.
template <typename OpTy, typename RealOp, typename SignedOp, typename UnsignedOp>
LogicalResult lowerBinary(KernelLowering &lowering, OpTy op) {
  bool isUnsigned = isUnsignedElement(elementOf(op.getLhs()));
  lowering.elementwise(op, {op.getLhs(), op.getRhs()},
                       [&](const Scalars &at, ValueRange x) -> Value {
                         if (isReal(x[0]))
                           return at.make<RealOp>(x[0], x[1]);
                         return isUnsigned ? at.make<UnsignedOp>(x[0], x[1])
                                           : at.make<SignedOp>(x[0], x[1]);
                       });
  return success();
}

LogicalResult lowerAdd(KernelLowering &lowering, AddOp op) {
  bool logical = elementOf(op.getLhs()).isInteger(1);
  lowering.elementwise(op, {op.getLhs(), op.getRhs()},
                       [&](const Scalars &at, ValueRange x) -> Value {
                         if (logical)
                           return at.make<arith::OrIOp>(x[0], x[1]);
                         return isReal(x[0]) ? at.make<arith::AddFOp>(x[0], x[1])
                                             : at.make<arith::AddIOp>(x[0], x[1]);
                       });
  return success();
}

template <typename OpTy, typename IntOp>
LogicalResult lowerBitwise(KernelLowering &lowering, OpTy op) {
  lowering.elementwise(op, {op.getLhs(), op.getRhs()}, [](const Scalars &at, ValueRange x) {
    return at.make<IntOp>(x[0], x[1]);
  });
  return success();
}

template <typename OpTy, typename RealOp>
LogicalResult lowerReal(KernelLowering &lowering, OpTy op) {
  lowering.elementwise(op, {op.getLhs(), op.getRhs()}, [](const Scalars &at, ValueRange x) {
    return at.make<RealOp>(x[0], x[1]);
  });
  return success();
}

//===-- Division ----------------------------------------------------------===//

/// Integer quotient and remainder (rounded to zero) that never trap: a divisor
/// of 0, and the -1 that overflows, become 1. `isZero` tells the caller.
struct Division {
  Value quotient, remainder, isZero;
};
Division divide(const Scalars &at, Value lhs, Value rhs, bool isUnsigned) {
  Type type = lhs.getType();
  Value zero = at.integer(type, 0), one = at.integer(type, 1);
  Value isZero = at.compare(IntPredicate::eq, rhs, zero);
  Value unsafe = isZero;
  if (!isUnsigned) {
    unsigned bits = type.getIntOrFloatBitWidth();
    Value least = at.make<arith::ConstantOp>(
        at.builder.getIntegerAttr(type, APInt::getSignedMinValue(bits)));
    Value overflows = at.make<arith::AndIOp>(
        at.compare(IntPredicate::eq, lhs, least),
        at.compare(IntPredicate::eq, rhs, at.integer(type, -1)));
    unsafe = at.make<arith::OrIOp>(isZero, overflows);
  }
  Value divisor = at.select(unsafe, one, rhs);
  Value quotient = isUnsigned ? at.make<arith::DivUIOp>(lhs, divisor)
                              : at.make<arith::DivSIOp>(lhs, divisor);
  Value remainder = at.make<arith::SubIOp>(lhs, at.make<arith::MulIOp>(quotient, divisor));
  return {quotient, remainder, isZero};
}

// Whether a remainder has to move by one divisor for the quotient to be the
// floor: it is not 0 and its sign is not the divisor's.
Value needsFloor(const Scalars &at, Value remainder, Value divisor) {
  Value zero = zeroOf(at, remainder.getType());
  if (isReal(remainder)) {
    Value differs = at.make<arith::XOrIOp>(at.compare(RealPredicate::OLT, remainder, zero),
                                           at.compare(RealPredicate::OLT, divisor, zero));
    return at.make<arith::AndIOp>(at.compare(RealPredicate::UNE, remainder, zero), differs);
  }
  Value differs = at.make<arith::XOrIOp>(at.compare(IntPredicate::slt, remainder, zero),
                                         at.compare(IntPredicate::slt, divisor, zero));
  return at.make<arith::AndIOp>(at.compare(IntPredicate::ne, remainder, zero), differs);
}

// ATen's div_floor_floating: the exact remainder decides, since a / b may have
// been rounded up to an integer.
Value floorDivReal(const Scalars &at, Value lhs, Value rhs) {
  Type type = lhs.getType();
  Value zero = at.real(type, 0), one = at.real(type, 1), plain = at.make<arith::DivFOp>(lhs, rhs);
  Value rest = at.make<arith::RemFOp>(lhs, rhs);
  Value quotient = at.make<arith::DivFOp>(at.make<arith::SubFOp>(lhs, rest), rhs);
  quotient = at.select(needsFloor(at, rest, rhs), at.make<arith::SubFOp>(quotient, one), quotient);
  Value down = at.make<math::FloorOp>(quotient);
  Value above = at.compare(RealPredicate::OGT, at.make<arith::SubFOp>(quotient, down),
                           at.real(type, 0.5));
  Value result = at.select(above, at.make<arith::AddFOp>(down, one), down);
  Value signedZero = at.make<math::CopySignOp>(zero, plain);
  result = at.select(at.compare(RealPredicate::OEQ, quotient, zero), signedZero, result);
  return at.select(at.compare(RealPredicate::OEQ, rhs, zero), plain, result);
}

LogicalResult lowerFloorDiv(KernelLowering &lowering, FloorDivOp op) {
  bool isUnsigned = isUnsignedElement(elementOf(op.getLhs()));
  lowering.elementwise(op, {op.getLhs(), op.getRhs()}, [&](const Scalars &at, ValueRange x) {
    if (isReal(x[0]))
      return floorDivReal(at, x[0], x[1]);
    Type type = x[0].getType();
    Division division = divide(at, x[0], x[1], isUnsigned);
    Value quotient = division.quotient;
    if (!isUnsigned) {
      Value down = at.make<arith::SubIOp>(quotient, at.integer(type, 1));
      quotient = at.select(needsFloor(at, division.remainder, x[1]), down, quotient);
    }
    return at.select(division.isZero, at.integer(type, 0), quotient);
  });
  return success();
}

LogicalResult lowerTruncDiv(KernelLowering &lowering, TruncDivOp op) {
  bool isUnsigned = isUnsignedElement(elementOf(op.getLhs()));
  lowering.elementwise(op, {op.getLhs(), op.getRhs()}, [&](const Scalars &at, ValueRange x) {
    if (isReal(x[0]))
      return at.make<math::TruncOp>(at.make<arith::DivFOp>(x[0], x[1]));
    Division division = divide(at, x[0], x[1], isUnsigned);
    return at.select(division.isZero, at.integer(x[0].getType(), 0), division.quotient);
  });
  return success();
}

/// Both remainders; `floored` gives Python's sign.
template <typename OpTy, bool floored>
LogicalResult lowerRemainder(KernelLowering &lowering, OpTy op) {
  bool isUnsigned = isUnsignedElement(elementOf(op.getLhs()));
  lowering.elementwise(op, {op.getLhs(), op.getRhs()}, [&](const Scalars &at, ValueRange x) {
    if (isReal(x[0])) {
      Value rest = at.make<arith::RemFOp>(x[0], x[1]);
      if (!floored)
        return rest;
      return at.select(needsFloor(at, rest, x[1]), at.make<arith::AddFOp>(rest, x[1]), rest);
    }
    Division division = divide(at, x[0], x[1], isUnsigned);
    Value rest = division.remainder;
    if (floored && !isUnsigned)
      rest = at.select(needsFloor(at, rest, x[1]), at.make<arith::AddIOp>(rest, x[1]), rest);
    return at.select(division.isZero, at.integer(x[0].getType(), 0), rest);
  });
  return success();
}

// Powers of integers by repeated squaring, one step for each bit of the type.
Value integerPower(const Scalars &at, Value base, Value exponent, bool isUnsigned) {
  Type type = base.getType();
  Value zero = at.integer(type, 0), one = at.integer(type, 1);
  auto loop = scf::ForOp::create(
      at.builder, at.loc, at.index(0), at.index(type.getIntOrFloatBitWidth()), at.index(1),
      ValueRange{one, base, exponent},
      [&](OpBuilder &nested, Location loc, Value, ValueRange carried) {
        Scalars in{nested, loc};
        Value odd = in.compare(IntPredicate::ne, in.make<arith::AndIOp>(carried[2], one), zero);
        Value product = in.make<arith::MulIOp>(carried[0], carried[1]);
        Value result = in.select(odd, product, carried[0]);
        Value square = in.make<arith::MulIOp>(carried[1], carried[1]);
        // A shift by one of an i1 would be out of range: its only bit is done.
        Value rest = type.isInteger(1) ? zero : in.make<arith::ShRUIOp>(carried[2], one);
        scf::YieldOp::create(nested, loc, ValueRange{result, square, rest});
      });
  Value power = loop.getResult(0);
  if (isUnsigned)
    return power;
  // A negative exponent: 1 and -1 stay units, all else is a fraction below 1.
  Value minusOne = at.integer(type, -1);
  Value odd = at.compare(IntPredicate::ne, at.make<arith::AndIOp>(exponent, one), zero);
  Value unit = at.select(at.compare(IntPredicate::eq, base, minusOne),
                         at.select(odd, minusOne, one), zero);
  Value fraction = at.select(at.compare(IntPredicate::eq, base, one), one, unit);
  return at.select(at.compare(IntPredicate::slt, exponent, zero), fraction, power);
}

// The exponent, if it is one constant.
std::optional<double> constantExponent(Value exponent) {
  auto constant = exponent.getDefiningOp<ConstantOp>();
  auto dense = constant ? llvm::dyn_cast<DenseFPElementsAttr>(constant.getValue())
                        : DenseFPElementsAttr();
  if (!dense || !dense.isSplat())
    return std::nullopt;
  APFloat value = dense.getSplatValue<APFloat>();
  bool loses;
  value.convert(APFloat::IEEEdouble(), APFloat::rmNearestTiesToEven, &loses);
  return value.convertToDouble();
}

LogicalResult lowerPow(KernelLowering &lowering, PowOp op) {
  bool isUnsigned = isUnsignedElement(elementOf(op.getLhs()));
  std::optional<double> exponent = constantExponent(op.getRhs());
  lowering.elementwise(op, {op.getLhs(), op.getRhs()}, [&](const Scalars &at, ValueRange x) {
    if (!isReal(x[0]))
      return integerPower(at, x[0], x[1], isUnsigned);
    // What ATen computes without pow as well.
    if (exponent == 1.0)
      return x[0];
    if (exponent == 2.0)
      return at.make<arith::MulFOp>(x[0], x[0]);
    if (exponent == 3.0)
      return at.make<arith::MulFOp>(at.make<arith::MulFOp>(x[0], x[0]), x[0]);
    if (exponent == 0.5)
      return at.make<math::SqrtOp>(x[0]);
    if (exponent == -1.0)
      return at.make<arith::DivFOp>(at.real(x[0].getType(), 1), x[0]);
    return at.make<math::PowFOp>(x[0], x[1]);
  });
  return success();
}

//===-- Compare, select ---------------------------------------------------===//

RealPredicate realPredicate(CompareKind kind) {
  switch (kind) {
  case CompareKind::Eq:
    return RealPredicate::OEQ;
  case CompareKind::Ne:
    return RealPredicate::UNE;
  case CompareKind::Lt:
    return RealPredicate::OLT;
  case CompareKind::Le:
    return RealPredicate::OLE;
  case CompareKind::Gt:
    return RealPredicate::OGT;
  case CompareKind::Ge:
    return RealPredicate::OGE;
  }
  return RealPredicate::AlwaysFalse;
}

IntPredicate intPredicate(CompareKind kind, bool isUnsigned) {
  switch (kind) {
  case CompareKind::Eq:
    return IntPredicate::eq;
  case CompareKind::Ne:
    return IntPredicate::ne;
  case CompareKind::Lt:
    return isUnsigned ? IntPredicate::ult : IntPredicate::slt;
  case CompareKind::Le:
    return isUnsigned ? IntPredicate::ule : IntPredicate::sle;
  case CompareKind::Gt:
    return isUnsigned ? IntPredicate::ugt : IntPredicate::sgt;
  case CompareKind::Ge:
    return isUnsigned ? IntPredicate::uge : IntPredicate::sge;
  }
  return IntPredicate::eq;
}

LogicalResult lowerCompare(KernelLowering &lowering, CompareOp op) {
  bool isUnsigned = isUnsignedElement(elementOf(op.getLhs()));
  CompareKind kind = op.getKind();
  lowering.elementwise(op, {op.getLhs(), op.getRhs()}, [&](const Scalars &at, ValueRange x) {
    return isReal(x[0]) ? at.compare(realPredicate(kind), x[0], x[1])
                        : at.compare(intPredicate(kind, isUnsigned), x[0], x[1]);
  });
  return success();
}

LogicalResult lowerWhere(KernelLowering &lowering, WhereOp op) {
  lowering.elementwise(
      op, {op.getCondition(), op.getLhs(), op.getRhs()},
      [](const Scalars &at, ValueRange x) { return at.select(x[0], x[1], x[2]); });
  return success();
}
} // namespace

void lower::addBinaryLowerings(LoweringTable &table) {
  addLowering<AddOp, lowerAdd>(table);
  addLowering<SubOp, lowerBinary<SubOp, arith::SubFOp, arith::SubIOp, arith::SubIOp>>(table);
  addLowering<MulOp, lowerBinary<MulOp, arith::MulFOp, arith::MulIOp, arith::MulIOp>>(table);
  addLowering<MaximumOp,
              lowerBinary<MaximumOp, arith::MaximumFOp, arith::MaxSIOp, arith::MaxUIOp>>(table);
  addLowering<MinimumOp,
              lowerBinary<MinimumOp, arith::MinimumFOp, arith::MinSIOp, arith::MinUIOp>>(table);
  addLowering<DivOp, lowerReal<DivOp, arith::DivFOp>>(table);
  addLowering<Atan2Op, lowerReal<Atan2Op, math::Atan2Op>>(table);
  addLowering<FloorDivOp, lowerFloorDiv>(table);
  addLowering<TruncDivOp, lowerTruncDiv>(table);
  addLowering<RemainderOp, lowerRemainder<RemainderOp, true>>(table);
  addLowering<FmodOp, lowerRemainder<FmodOp, false>>(table);
  addLowering<PowOp, lowerPow>(table);
  addLowering<AndOp, lowerBitwise<AndOp, arith::AndIOp>>(table);
  addLowering<OrOp, lowerBitwise<OrOp, arith::OrIOp>>(table);
  addLowering<XorOp, lowerBitwise<XorOp, arith::XOrIOp>>(table);
  addLowering<CompareOp, lowerCompare>(table);
  addLowering<WhereOp, lowerWhere>(table);
}
