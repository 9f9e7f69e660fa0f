// SPDX-License-Identifier: Apache-2.0
//
// sin and cos. An argument is n quarter turns and a rest within an eighth, which
// has the relative precision of the type for every finite argument. For f32 it
// is computed in f64; for f64 in integers beyond 2^20 quarter turns (Payne and
// Hanek), since an argument then needs digits of 2 / pi far behind the point.
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

// For the digits of an f32: exact arithmetic on fractions of a turn. Multiples of four quarters go, then
// whole quarters, so that what is left stays short enough for f64.
Reduced reduceFarSingle(const Arithmetic &at, Value x) {
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

// 64 zeros, then the binary digits of 2 / pi.
constexpr uint64_t kTurnWords[] = {
    0,                  0xa2f9836e4e441529, 0xfc2757d1f534ddc0, 0xdb6295993c439041,
    0xfe5163abdebbc561, 0xb7246e3a424dd2e0, 0x06492eea09d1921c, 0xfe1deb1cb129a73e,
    0xe88235f52ebb4484, 0xe99c7026b45f7e41, 0x3991d639835339f4, 0x9c845f8bbdf9283b,
    0x1ff897ffde05980f, 0xef2f118b5a0a6d1f, 0x6d367ecf27cb09b7, 0x4f463f669e5fea2d,
    0x7527bac7ebe5f17b, 0x3d0739f78a5292ea, 0x6bfb5fb11f8d5d08, 0x56033046fc7b6bab};
constexpr unsigned kWindowWords = 3;
constexpr uint64_t kLow32 = 0xffffffff;

/// Integers as wide as the reals, lane by lane.
struct Words {
  const Arithmetic &at;
  Value both(Value a, uint64_t b) const { return at.make<arith::AndIOp>(a, at.integer(b)); }
  Value add(Value a, Value b) const { return at.make<arith::AddIOp>(a, b); }
  Value mul(Value a, Value b) const { return at.make<arith::MulIOp>(a, b); }
  Value left(Value a, Value by) const { return at.make<arith::ShLIOp>(a, by); }
  Value right(Value a, Value by) const { return at.make<arith::ShRUIOp>(a, by); }
  Value right(Value a, unsigned by) const { return right(a, at.integer(by)); }
  /// A number below 2^52 as a real.
  Value real(Value a) const {
    Value whole = at.make<arith::OrIOp>(a, at.integer(0x4330000000000000));
    return at.sub(at.fromBits(whole), 0x1p52);
  }
};

// 192 digits of kTurnWords from the digit `start` on, highest first, as six
// numbers of 32 bits, lowest first.
SmallVector<Value> windowOf(const Words &words, Value start) {
  const Arithmetic &at = words.at;
  Value first = words.right(start, 6);
  SmallVector<Value> window;
  for (uint64_t word : kTurnWords)
    window.push_back(at.integer(word));
  // One bit of the number of the first word at a time.
  for (size_t bit = 16; bit > 0; bit /= 2) {
    Value isSet = at.make<arith::CmpIOp>(arith::CmpIPredicate::ne, words.both(first, bit), at.integer(0));
    SmallVector<Value> next;
    for (size_t i = 0; i + bit < window.size() && i <= kWindowWords + bit - 1; ++i)
      next.push_back(at.select(isSet, window[i + bit], window[i]));
    for (size_t i = next.size(); i <= kWindowWords + bit - 1; ++i)
      next.push_back(window[i]); // behind the table for every finite argument
    window = std::move(next);
  }
  Value shift = words.both(start, 63);
  Value rest = at.make<arith::SubIOp>(at.integer(63), shift);
  SmallVector<Value> digits;
  for (unsigned i = kWindowWords; i-- > 0;) {
    Value word = at.make<arith::OrIOp>(words.left(window[i], shift),
                                       words.right(words.right(window[i + 1], 1), rest));
    digits.append({words.both(word, kLow32), words.right(word, 32)});
  }
  return digits;
}

// The lowest 192 bits of the product of `factor`, below 2^64, and `digits`.
SmallVector<Value> multiply(const Words &words, Value factor, ArrayRef<Value> digits) {
  Value parts[] = {words.both(factor, kLow32), words.right(factor, 32)};
  SmallVector<Value> columns(digits.size() + 1, words.at.integer(0));
  for (size_t part = 0; part < 2; ++part)
    for (size_t i = 0; i + part < digits.size(); ++i) {
      Value product = words.mul(parts[part], digits[i]);
      columns[i + part] = words.add(columns[i + part], words.both(product, kLow32));
      columns[i + part + 1] = words.add(columns[i + part + 1], words.right(product, 32));
    }
  for (size_t i = 0; i < digits.size(); ++i) {
    columns[i + 1] = words.add(columns[i + 1], words.right(columns[i], 32));
    columns[i] = words.both(columns[i], kLow32);
  }
  columns.pop_back();
  return columns;
}

// `x` is mantissa * 2^exponent: digits of 2 / pi whose product with it is a
// multiple of four quarters go, and 192 of those behind them are multiplied.
Reduced reduceFarDouble(const Arithmetic &at, Value x) {
  Words words{at};
  Value all = words.both(at.bits(x), 0x7fffffffffffffff);
  Value mantissa = words.add(words.both(all, 0xfffffffffffff), at.integer(0x10000000000000));
  // The field is the mantissa's exponent and 1075. Behind the point, the first
  // digit that counts is the one before the exponent's; 64 zeros precede all.
  Value start = at.make<arith::SubIOp>(words.right(all, 52), at.integer(1075 - 64 + 2));
  SmallVector<Value> product = multiply(words, mantissa, windowOf(words, start));
  // Quarters are the two highest bits; the rest is rounded to the nearest.
  Value top = product[5];
  Value quarters = words.right(words.add(top, at.integer(0x20000000)), 30);
  Value rest = at.sub(words.real(top), at.mul(words.real(quarters), 0x1p30));
  rest = at.add(at.mul(rest, 0x1p-30), at.mul(words.real(product[4]), 0x1p-62));
  Value tail = at.add(at.mul(words.real(product[3]), 0x1p-94), at.mul(words.real(product[2]), 0x1p-126));
  rest = at.add(rest, tail);
  // An infinity has no sine.
  rest = at.add(rest, at.mul(x, 0.0));
  Value isNegative = at.isNegative(x);
  Value turns = words.real(quarters);
  return {at.select(isNegative, at.negate(turns), turns),
          at.mul(at.select(isNegative, at.negate(rest), rest), M_PI_2)};
}

// Far arguments are rare: they branch. `digits` is the type that x has, or had
// before it was extended.
Reduced reduce(const Arithmetic &at, Value x, Type digits) {
  Reduced near = reduceNear(at, x);
  Value isFar = at.compare(Predicate::OGT, at.magnitude(x), kNearMax);
  auto branch = scf::IfOp::create(at.builder, at.loc, TypeRange{at.type, at.type}, at.anyOf(isFar),
                                  /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(at.builder);
  at.builder.setInsertionPointToEnd(branch.thenBlock());
  Reduced far = digits.isF64() ? reduceFarDouble(at, x) : reduceFarSingle(at, x);
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
      Reduced reduced = reduce(at, x, element);
      result = evaluate(at, reduced.turns, reduced.rest, isCosine);
    } else {
      Reduced reduced = reduce(at, at.make<arith::ExtFOp>(at.type, x), element);
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
