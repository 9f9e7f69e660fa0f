// SPDX-License-Identifier: Apache-2.0
//
// Arithmetic on f32 or f64, scalars or vectors, while a function is expanded.
#ifndef LATHE_TARGETS_CPU_ARITHMETIC_H
#define LATHE_TARGETS_CPU_ARITHMETIC_H

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/IR/TypeUtilities.h"

namespace lathe::cpu {

/// Builds operations on one type. Nothing is contracted but what is written as
/// fma: differences that are exact stay so on every machine.
class Arithmetic {
public:
  using Value = mlir::Value;
  using Predicate = mlir::arith::CmpFPredicate;

  /// `type` is f32 or f64, or a vector of them.
  Arithmetic(mlir::OpBuilder &builder, mlir::Location loc, mlir::Type type)
      : builder(builder), loc(loc), type(type) {}

  template <typename Op, typename... Args> Value make(Args &&...args) const {
    return Op::create(builder, loc, std::forward<Args>(args)...)->getResult(0);
  }
  /// The shape of the type with another element.
  mlir::Type shaped(mlir::Type element) const {
    auto vector = llvm::dyn_cast<mlir::VectorType>(type);
    return vector ? mlir::Type(vector.cloneWith(std::nullopt, element)) : element;
  }
  bool isDouble() const { return mlir::getElementTypeOrSelf(type).isF64(); }
  mlir::Type bitsType() const { return shaped(builder.getIntegerType(isDouble() ? 64 : 32)); }

  Value real(double value) const {
    mlir::Type element = mlir::getElementTypeOrSelf(type);
    return splat(type, builder.getFloatAttr(element, value));
  }
  Value integer(int64_t value) const {
    mlir::Type element = mlir::getElementTypeOrSelf(bitsType());
    return splat(bitsType(), builder.getIntegerAttr(element, value));
  }
  Value add(Value a, Value b) const { return make<mlir::arith::AddFOp>(a, b); }
  Value sub(Value a, Value b) const { return make<mlir::arith::SubFOp>(a, b); }
  Value mul(Value a, Value b) const { return make<mlir::arith::MulFOp>(a, b); }
  Value div(Value a, Value b) const { return make<mlir::arith::DivFOp>(a, b); }
  Value add(Value a, double b) const { return add(a, real(b)); }
  Value sub(Value a, double b) const { return sub(a, real(b)); }
  Value mul(Value a, double b) const { return mul(a, real(b)); }
  /// a * b + c: two roundings on a machine that has no such instruction.
  Value fma(Value a, Value b, Value c) const { return make<mlir::math::FmaOp>(a, b, c); }
  Value fma(Value a, double b, Value c) const { return fma(a, real(b), c); }
  Value negate(Value a) const { return make<mlir::arith::NegFOp>(a); }
  Value magnitude(Value a) const { return make<mlir::math::AbsFOp>(a); }
  Value round(Value a) const { return make<mlir::math::RoundEvenOp>(a); }
  Value floor(Value a) const { return make<mlir::math::FloorOp>(a); }
  Value withSign(Value a, Value sign) const { return make<mlir::math::CopySignOp>(a, sign); }
  Value compare(Predicate predicate, Value a, Value b) const {
    return make<mlir::arith::CmpFOp>(predicate, a, b);
  }
  Value compare(Predicate predicate, Value a, double b) const {
    return compare(predicate, a, real(b));
  }
  Value select(Value condition, Value yes, Value no) const {
    return make<mlir::arith::SelectOp>(condition, yes, no);
  }
  Value both(Value a, Value b) const { return make<mlir::arith::AndIOp>(a, b); }
  Value either(Value a, Value b) const { return make<mlir::arith::OrIOp>(a, b); }
  Value bits(Value a) const { return make<mlir::arith::BitcastOp>(bitsType(), a); }
  Value fromBits(Value a) const { return make<mlir::arith::BitcastOp>(type, a); }
  /// Whether the sign is set, also of zeros and infinities.
  Value isNegative(Value a) const {
    return make<mlir::arith::CmpIOp>(mlir::arith::CmpIPredicate::slt, bits(a), integer(0));
  }
  /// coefficients[0] + x * (coefficients[1] + x * ...).
  Value polynomial(Value x, llvm::ArrayRef<double> coefficients) const {
    Value sum = real(coefficients.back());
    for (double next : llvm::reverse(coefficients.drop_back()))
      sum = fma(sum, x, real(next));
    return sum;
  }
  /// The lowest bits of a whole number below 2^20 in magnitude, as they stand
  /// in two's complement: adding 1.5 * 2^p puts them at the mantissa's end.
  Value wholeBits(Value whole, double offset = 0) const {
    return bits(add(whole, (isDouble() ? 0x1.8p52 : 0x1.8p23) + offset));
  }
  /// 2^(whole + offset) within the exponents of normal numbers.
  Value powerOfTwo(Value whole, double offset = 0) const {
    Value biased = wholeBits(whole, (isDouble() ? 1023 : 127) + offset);
    return fromBits(make<mlir::arith::ShLIOp>(biased, integer(isDouble() ? 52 : 23)));
  }
  /// x * 2^whole where 2^whole itself may leave the exponents' range.
  Value scale(Value x, Value whole) const {
    Value half = floor(mul(whole, 0.5));
    return mul(mul(x, powerOfTwo(half)), powerOfTwo(sub(whole, half)));
  }

  /// Whether any lane of a truth value is true.
  Value anyOf(Value mask) const;

  mlir::OpBuilder &builder;
  mlir::Location loc;
  mlir::Type type;

private:
  Value splat(mlir::Type of, mlir::TypedAttr scalar) const {
    mlir::TypedAttr value = scalar;
    if (auto vector = llvm::dyn_cast<mlir::VectorType>(of))
      value = mlir::DenseElementsAttr::get(vector, mlir::Attribute(scalar));
    return make<mlir::arith::ConstantOp>(value);
  }
};

/// exp, log, tanh and their relatives of f32 and f64; atan and erf of f64; pow
/// and atan2, in f64 inside. With `hasFma` some lean on products that are not
/// rounded.
void populateFunctionPatterns(mlir::RewritePatternSet &patterns, bool hasFma);
/// sin and cos of f32 and f64.
void populateTrigonometryPatterns(mlir::RewritePatternSet &patterns);

/// arith.remf of f32 and f64.
void populateRemainderPatterns(mlir::RewritePatternSet &patterns);

} // namespace lathe::cpu

#endif // LATHE_TARGETS_CPU_ARITHMETIC_H
