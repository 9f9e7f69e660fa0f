// SPDX-License-Identifier: Apache-2.0
//
// The remainder of a division that rounds to zero, exactly: long division in
// floating point. What is subtracted is the divisor times a power of two, and
// at most half of what it is subtracted from remains: no step rounds.
#include "targets/Cpu/Arithmetic.h"

#include "mlir/Dialect/SCF/IR/SCF.h"

#include <cmath>
#include <limits>

using namespace mlir;

namespace lathe::cpu {
namespace {

using Predicate = Arithmetic::Predicate;

// `rest` without the largest product of `divisor` and a power of two in it.
Value subtractLargest(const Arithmetic &at, Value rest, Value divisor) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  Value scaled = divisor, quotient = at.div(rest, scaled);
  // A quotient beyond the exponents' range: two steps cover all of it.
  for (int step = 0; step < 2; ++step) {
    Value isHuge = at.compare(Predicate::OEQ, quotient, infinity);
    Value larger = at.mul(scaled, at.isDouble() ? 0x1p1000 : 0x1p100);
    scaled = at.select(isHuge, larger, scaled);
    quotient = at.div(rest, scaled);
  }
  Value exponent = at.integer(at.isDouble() ? 0x7ff0000000000000 : 0x7f800000);
  Value power = at.fromBits(at.make<arith::AndIOp>(at.bits(quotient), exponent));
  Value product = at.mul(power, scaled);
  // The quotient may have been rounded up to a power of two.
  Value isTooLarge = at.compare(Predicate::OGT, product, rest);
  product = at.select(isTooLarge, at.mul(at.mul(power, 0.5), scaled), product);
  return at.sub(rest, product);
}

Value buildRemainder(const Arithmetic &at, Value dividend, Value divisor) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  Value size = at.magnitude(dividend), by = at.magnitude(divisor);
  Value hasNone = at.either(at.compare(Predicate::OEQ, size, infinity),
                            at.compare(Predicate::UEQ, by, 0));
  Value start = at.select(hasNone, at.real(0), size);
  auto isOpen = [&](Value rest) {
    return at.both(at.compare(Predicate::OGE, rest, by), at.compare(Predicate::OGT, by, 0));
  };
  auto loop = scf::WhileOp::create(
      at.builder, at.loc, TypeRange{at.type}, ValueRange{start},
      [&](OpBuilder &builder, Location loc, ValueRange rest) {
        scf::ConditionOp::create(builder, loc, at.anyOf(isOpen(rest[0])), rest);
      },
      [&](OpBuilder &builder, Location loc, ValueRange rest) {
        Value next = at.select(isOpen(rest[0]), subtractLargest(at, rest[0], by), rest[0]);
        scf::YieldOp::create(builder, loc, next);
      });
  Value result = at.withSign(loop.getResult(0), dividend);
  return at.select(hasNone, at.real(std::nan("")), result);
}

struct ExpandRemainder : OpRewritePattern<arith::RemFOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(arith::RemFOp op, PatternRewriter &rewriter) const override {
    Type element = getElementTypeOrSelf(op.getType());
    if (!element.isF32() && !element.isF64())
      return rewriter.notifyMatchFailure(op, "neither f32 nor f64");
    Arithmetic at(rewriter, op.getLoc(), op.getType());
    rewriter.replaceOp(op, buildRemainder(at, op.getLhs(), op.getRhs()));
    return success();
  }
};

} // namespace

void populateRemainderPatterns(RewritePatternSet &patterns) {
  patterns.add<ExpandRemainder>(patterns.getContext(), /*benefit=*/10);
}

} // namespace lathe::cpu
