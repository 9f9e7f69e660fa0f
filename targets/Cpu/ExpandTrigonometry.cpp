// SPDX-License-Identifier: Apache-2.0
//
// sin and cos. An argument is n quarter turns and a rest within an eighth; for
// f32 the rest is computed in f64, with the relative precision of f32 for every
// finite argument. For f64 it is exact below 2^20 quarter turns; above, each
// digit before the point costs one behind it.
#include "targets/Cpu/Arithmetic.h"

#include "mlir/Dialect/SCF/IR/SCF.h"

#include <cmath>

using namespace mlir;

namespace lathe::cpu {
namespace {

using Predicate = Arithmetic::Predicate;

// A quarter turn in parts of 33 bits: their products with whole numbers below
// 2^20 are exact.
constexpr double kQuarter[] = {0x1.921fb544p+0, 0x1.0b4611a6p-34, 0x1.3198a2e037073p-69};
// Quarter turns of one radian in parts of 29 bits: a product with the 24 bits
// of an f32 is exact. Together they reach 2^-203, beyond what 2^128 can see.
constexpr double kTurns[] = {0x1.45f306dp-1,   0x1.9391054p-30, 0x1.4fe13abp-59, 0x1.d1f534dp-88,
                             0x1.b81b6c5p-117, 0x1.5993c4p-148, 0x1.c820ff3p-175};
// Below this an argument has fewer than 2^20 quarter turns.
constexpr double kNearMax = 1.6e6;

struct Reduced {
  Value turns; ///< a small whole number, of which the last two bits count
  Value rest;  ///< in radians
};

Reduced reduceNear(const Arithmetic &at, Value x) {
  Value turns = at.round(at.mul(x, M_2_PI));
  Value rest = x;
  for (double part : kQuarter)
    rest = at.sub(rest, at.mul(turns, part));
  return {turns, rest};
}

// Exact arithmetic on fractions of a turn: multiples of four quarters go, then
// whole quarters, so that what is left stays short enough for f64.
Reduced reduceFar(const Arithmetic &at, Value x) {
  Value turns = at.real(0), rest = at.real(0);
  for (double part : kTurns) {
    Value product = at.mul(x, part);
    product = at.sub(product, at.mul(at.round(at.mul(product, 0.25)), 4));
    rest = at.add(rest, product);
    Value whole = at.round(rest);
    rest = at.sub(rest, whole);
    turns = at.add(turns, whole);
  }
  return {turns, at.mul(rest, M_PI_2)};
}

// `x` is f64 with the digits of an f32. Far arguments are rare: they branch.
Reduced reduceSingle(const Arithmetic &at, Value x) {
  Reduced near = reduceNear(at, x);
  Value isFar = at.compare(Predicate::OGT, at.magnitude(x), kNearMax);
  auto branch = scf::IfOp::create(at.builder, at.loc, TypeRange{at.type, at.type}, at.anyOf(isFar),
                                  /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(at.builder);
  at.builder.setInsertionPointToEnd(branch.thenBlock());
  Reduced far = reduceFar(at, x);
  scf::YieldOp::create(at.builder, at.loc,
                       ValueRange{at.select(isFar, far.turns, near.turns),
                                  at.select(isFar, far.rest, near.rest)});
  at.builder.setInsertionPointToEnd(branch.elseBlock());
  scf::YieldOp::create(at.builder, at.loc, ValueRange{near.turns, near.rest});
  return {branch.getResult(0), branch.getResult(1)};
}

constexpr double kSinDouble[] = {
    -0.16666666666666666, 0.008333333333333331, -0.00019841269841265003, 2.7557319219291695e-06,
    -2.505210621597886e-08, 1.6058529011958893e-10, -7.586543634004167e-13};
constexpr double kCosDouble[] = {
    0.041666666666666664, -0.0013888888888888887, 2.480158730158461e-05, -2.7557319221376434e-07,
    2.087675578192419e-09, -1.1470459438154734e-11, 4.7457865678108785e-14};
constexpr double kSinSingle[] = {-0.1666666464699665, 0.008332745297359783, -0.00019587249321329232};
constexpr double kCosSingle[] = {0.04166664464415576, -0.0013888300056583542, 2.4547299172071814e-05};

// The sine of `rest`, or its cosine after an odd number of quarters; negative
// in the second half of the circle.
Value evaluate(const Arithmetic &at, Value turns, Value rest, bool isCosine) {
  bool isDouble = at.isDouble();
  Value z = at.mul(rest, rest);
  ArrayRef<double> sines = isDouble ? ArrayRef(kSinDouble) : ArrayRef(kSinSingle);
  ArrayRef<double> cosines = isDouble ? ArrayRef(kCosDouble) : ArrayRef(kCosSingle);
  Value sine = at.add(at.mul(at.mul(rest, z), at.polynomial(z, sines)), rest);
  // 1 - z / 2 rounds; what it lost is added with the small terms.
  Value half = at.mul(z, 0.5), coarse = at.sub(at.real(1), half);
  Value lost = at.sub(at.sub(at.real(1), coarse), half);
  Value cosine = at.add(coarse, at.add(at.mul(at.mul(z, z), at.polynomial(z, cosines)), lost));
  Value quadrant = at.wholeBits(turns, isCosine ? 1 : 0);
  Value isOdd = at.make<arith::CmpIOp>(arith::CmpIPredicate::ne,
                                       at.make<arith::AndIOp>(quadrant, at.integer(1)), at.integer(0));
  Value size = at.select(isOdd, cosine, sine);
  Value sign = at.make<arith::ShLIOp>(at.make<arith::AndIOp>(quadrant, at.integer(2)),
                                      at.integer(isDouble ? 62 : 30));
  return at.fromBits(at.make<arith::XOrIOp>(at.bits(size), sign));
}

template <typename Op, bool isCosine> struct ExpandTrigonometry : OpRewritePattern<Op> {
  using OpRewritePattern<Op>::OpRewritePattern;
  LogicalResult matchAndRewrite(Op op, PatternRewriter &rewriter) const override {
    Type element = getElementTypeOrSelf(op.getType());
    if (!element.isF32() && !element.isF64())
      return rewriter.notifyMatchFailure(op, "neither f32 nor f64");
    Arithmetic given(rewriter, op.getLoc(), op.getType());
    Arithmetic at(rewriter, op.getLoc(), given.shaped(rewriter.getF64Type()));
    Value x = op.getOperand(), result;
    if (element.isF64()) {
      Reduced reduced = reduceNear(at, x);
      result = evaluate(at, reduced.turns, reduced.rest, isCosine);
    } else {
      Reduced reduced = reduceSingle(at, at.make<arith::ExtFOp>(at.type, x));
      Value turns = at.make<arith::TruncFOp>(op.getType(), reduced.turns);
      Value rest = at.make<arith::TruncFOp>(op.getType(), reduced.rest);
      result = evaluate(given, turns, rest, isCosine);
    }
    // The sine of zero keeps its sign.
    if (!isCosine)
      result = given.select(given.compare(Predicate::OEQ, x, 0.0), x, result);
    rewriter.replaceOp(op, result);
    return success();
  }
};

} // namespace

void populateTrigonometryPatterns(RewritePatternSet &patterns) {
  patterns.add<ExpandTrigonometry<math::SinOp, false>, ExpandTrigonometry<math::CosOp, true>>(
      patterns.getContext(), /*benefit=*/10);
}

} // namespace lathe::cpu
