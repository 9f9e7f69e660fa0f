// SPDX-License-Identifier: Apache-2.0
#include "targets/Cpu/Arithmetic.h"
#include "targets/Cpu/Passes.h"

#include "mlir/Dialect/Arith/Transforms/Passes.h"
#include "mlir/Dialect/Math/Transforms/Passes.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace lathe::cpu {
#define GEN_PASS_DEF_EXPANDMATH
#include "targets/Cpu/Passes.h.inc"
} // namespace lathe::cpu

using namespace mlir;

namespace lathe::cpu {
namespace {

/// `element`, or a vector of it if `like` is a vector.
Type shapedLike(Type like, Type element) {
  auto vector = dyn_cast<VectorType>(like);
  return vector ? Type(VectorType::get(vector.getShape(), element)) : element;
}

Value constantOf(OpBuilder &builder, Location loc, Type type, int64_t value) {
  Type element = getElementTypeOrSelf(type);
  TypedAttr scalar =
      isa<FloatType>(element)
          ? TypedAttr(builder.getFloatAttr(element, double(value)))
          : TypedAttr(builder.getIntegerAttr(element, value));
  if (auto vector = dyn_cast<VectorType>(type))
    scalar = DenseElementsAttr::get(vector, scalar);
  return arith::ConstantOp::create(builder, loc, scalar);
}

/// fma without the instruction is a product and a sum; the x86 floor has none.
template <typename FmaOp> struct SplitFma : OpRewritePattern<FmaOp> {
  using OpRewritePattern<FmaOp>::OpRewritePattern;

  LogicalResult matchAndRewrite(FmaOp op,
                                PatternRewriter &rewriter) const override {
    Value product = arith::MulFOp::create(rewriter, op.getLoc(),
                                          op->getOperand(0), op->getOperand(1));
    rewriter.replaceOpWithNewOp<arith::AddFOp>(op, product, op->getOperand(2));
    return success();
  }
};

/// Division never traps: where the divisor is zero, or -1 under the smallest
/// dividend, one is divided by instead.
template <typename DivideOp, bool isSigned>
struct GuardDivisor : OpRewritePattern<DivideOp> {
  using OpRewritePattern<DivideOp>::OpRewritePattern;

  LogicalResult matchAndRewrite(DivideOp op,
                                PatternRewriter &rewriter) const override {
    Type type = op.getType();
    if (getElementTypeOrSelf(type).isIndex())
      return rewriter.notifyMatchFailure(op, "index arithmetic is our own");
    if (op->hasAttr("lathe.guarded") || isSafeConstant(op.getRhs()))
      return rewriter.notifyMatchFailure(op, "the divisor is safe");
    Location loc = op.getLoc();
    using Predicate = arith::CmpIPredicate;
    Value zero = constantOf(rewriter, loc, type, 0);
    Value one = constantOf(rewriter, loc, type, 1);
    Value bad = arith::CmpIOp::create(rewriter, loc, Predicate::eq,
                                      op.getRhs(), zero);
    if (isSigned) {
      unsigned bits = getElementTypeOrSelf(type).getIntOrFloatBitWidth();
      Value least = constantOf(rewriter, loc, type,
                               llvm::minIntN(bits));
      Value minusOne = constantOf(rewriter, loc, type, -1);
      Value isLeast = arith::CmpIOp::create(rewriter, loc, Predicate::eq,
                                            op.getLhs(), least);
      Value isMinusOne = arith::CmpIOp::create(rewriter, loc, Predicate::eq,
                                               op.getRhs(), minusOne);
      Value overflows =
          arith::AndIOp::create(rewriter, loc, isLeast, isMinusOne);
      bad = arith::OrIOp::create(rewriter, loc, bad, overflows);
    }
    Value divisor =
        arith::SelectOp::create(rewriter, loc, bad, one, op.getRhs());
    auto guarded =
        DivideOp::create(rewriter, loc, op.getLhs(), divisor);
    guarded->setAttr("lathe.guarded", rewriter.getUnitAttr());
    rewriter.replaceOp(op, guarded);
    return success();
  }

  static bool isSafeConstant(Value divisor) {
    Attribute attribute;
    if (!matchPattern(divisor, m_Constant(&attribute)))
      return false;
    if (auto splat = dyn_cast<SplatElementsAttr>(attribute))
      attribute = splat.getSplatValue<Attribute>();
    auto integer = dyn_cast<IntegerAttr>(attribute);
    return integer && !integer.getValue().isZero() &&
           !integer.getValue().isAllOnes();
  }
};

/// Float to integer saturates and maps NaN to zero, as the intrinsic does.
template <typename ConvertOp> struct SaturateToInt : OpRewritePattern<ConvertOp> {
  SaturateToInt(MLIRContext *context, StringRef intrinsic)
      : OpRewritePattern<ConvertOp>(context), intrinsic(intrinsic) {}

  LogicalResult matchAndRewrite(ConvertOp op,
                                PatternRewriter &rewriter) const override {
    // f16 and bf16 go through f32, for which every machine has the conversion.
    Value input = op.getIn();
    if (getElementTypeOrSelf(input.getType()).getIntOrFloatBitWidth() < 32)
      input = arith::ExtFOp::create(
          rewriter, op.getLoc(),
          shapedLike(input.getType(), rewriter.getF32Type()), input);
    rewriter.replaceOp(op, convert(rewriter, op.getLoc(), input, op.getType()));
    return success();
  }

  /// `input` as `type`. Intrinsics take one row of vectors that are stacked.
  Value convert(PatternRewriter &rewriter, Location loc, Value input, Type type) const {
    auto rows = dyn_cast<VectorType>(type);
    if (!rows || rows.getRank() < 2)
      return LLVM::CallIntrinsicOp::create(rewriter, loc, type, rewriter.getStringAttr(intrinsic), ValueRange{input})
          .getResult(0);
    Value result = constantOf(rewriter, loc, type, 0);
    for (int64_t row = 0; row < rows.getDimSize(0); ++row) {
      Value one = vector::ExtractOp::create(rewriter, loc, input, row);
      Value codes = convert(rewriter, loc, one, VectorType::get(rows.getShape().drop_front(), rows.getElementType()));
      result = vector::InsertOp::create(rewriter, loc, codes, result, row);
    }
    return result;
  }

  StringRef intrinsic;
};

/// f64 to f16 or bf16 is rounded to f32 first, as the reference does: their
/// arithmetic is f32.
struct NarrowDouble : OpRewritePattern<arith::TruncFOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(arith::TruncFOp op,
                                PatternRewriter &rewriter) const override {
    if (!getElementTypeOrSelf(op.getIn().getType()).isF64() ||
        getElementTypeOrSelf(op.getType()).isF32())
      return rewriter.notifyMatchFailure(op, "not f64 to less than f32");
    Type single = shapedLike(op.getType(), rewriter.getF32Type());
    Value narrow = arith::TruncFOp::create(rewriter, op.getLoc(), single, op.getIn());
    rewriter.replaceOpWithNewOp<arith::TruncFOp>(op, op.getType(), narrow);
    return success();
  }
};

/// Integer to f16 or bf16 goes through f32, as it was written: upstream joins
/// the two conversions into one, which not every machine has.
template <typename ConvertOp> struct ConvertThroughSingle : OpRewritePattern<ConvertOp> {
  using OpRewritePattern<ConvertOp>::OpRewritePattern;

  LogicalResult matchAndRewrite(ConvertOp op, PatternRewriter &rewriter) const override {
    if (getElementTypeOrSelf(op.getType()).getIntOrFloatBitWidth() >= 32)
      return rewriter.notifyMatchFailure(op, "the result is f32 or wider");
    Type single = shapedLike(op.getType(), rewriter.getF32Type());
    Value wide = ConvertOp::create(rewriter, op.getLoc(), single, op.getIn());
    rewriter.replaceOpWithNewOp<arith::TruncFOp>(op, op.getType(), wide);
    return success();
  }
};

/// Integer arithmetic on values or vectors, for bit-level conversions.
class Bits {
public:
  Bits(PatternRewriter &rewriter, Location loc, Type shape)
      : rewriter(rewriter), loc(loc), shape(shape) {}

  Type of(Type element) const { return shapedLike(shape, element); }
  Type i32() const { return of(rewriter.getI32Type()); }
  Type f32() const { return of(rewriter.getF32Type()); }
  Value constant(uint32_t value) const {
    return constantOf(rewriter, loc, i32(), int32_t(value));
  }
  Value cast(Type type, Value value) const {
    return arith::BitcastOp::create(rewriter, loc, type, value);
  }
  template <typename Op> Value apply(Value lhs, Value rhs) const {
    return Op::create(rewriter, loc, lhs, rhs);
  }
  template <typename Op> Value apply(Value lhs, uint32_t rhs) const {
    return Op::create(rewriter, loc, lhs, constant(rhs));
  }
  Value less(Value lhs, uint32_t rhs) const {
    return arith::CmpIOp::create(rewriter, loc, arith::CmpIPredicate::ult, lhs,
                                 constant(rhs));
  }
  Value select(Value condition, Value yes, Value no) const {
    return arith::SelectOp::create(rewriter, loc, condition, yes, no);
  }

private:
  PatternRewriter &rewriter;
  Location loc;
  Type shape;
};

/// f16 to f32 without the instruction: the exponent is moved by a product with
/// 2**112, which also normalizes what was subnormal.
struct ExpandHalfExtension : OpRewritePattern<arith::ExtFOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(arith::ExtFOp op,
                                PatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    if (!getElementTypeOrSelf(op.getIn().getType()).isF16() ||
        !getElementTypeOrSelf(op.getType()).isF32())
      return rewriter.notifyMatchFailure(op, "not f16 to f32");
    Bits bits(rewriter, loc, op.getType());
    Value half = bits.cast(bits.of(rewriter.getI16Type()), op.getIn());
    Value wide = arith::ExtUIOp::create(rewriter, loc, bits.i32(), half);
    Value magnitude = bits.apply<arith::AndIOp>(wide, 0x7fff);
    Value shifted = bits.apply<arith::ShLIOp>(magnitude, 13);
    Value scale = bits.cast(bits.f32(), bits.constant(0x77800000));
    Value scaled = arith::MulFOp::create(
        rewriter, loc, bits.cast(bits.f32(), shifted), scale);
    Value special = bits.apply<arith::OrIOp>(shifted, 0x7f800000);
    Value value = bits.select(bits.less(magnitude, 0x7c00),
                              bits.cast(bits.i32(), scaled), special);
    Value sign = bits.apply<arith::AndIOp>(wide, 0x8000);
    sign = bits.apply<arith::ShLIOp>(sign, 16);
    value = bits.apply<arith::OrIOp>(value, sign);
    rewriter.replaceOp(op, bits.cast(bits.f32(), value));
    return success();
  }
};

/// f32 to f16, rounded to nearest even, without the instruction.
struct ExpandHalfTruncation : OpRewritePattern<arith::TruncFOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(arith::TruncFOp op,
                                PatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    if (!getElementTypeOrSelf(op.getIn().getType()).isF32() ||
        !getElementTypeOrSelf(op.getType()).isF16())
      return rewriter.notifyMatchFailure(op, "not f32 to f16");
    Bits bits(rewriter, loc, op.getType());
    Value all = bits.cast(bits.i32(), op.getIn());
    Value magnitude = bits.apply<arith::AndIOp>(all, 0x7fffffff);
    // Normal: the new exponent, half a unit of the last place, ties to even.
    Value odd = bits.apply<arith::ShRUIOp>(magnitude, 13);
    odd = bits.apply<arith::AndIOp>(odd, 1);
    Value normal = bits.apply<arith::AddIOp>(magnitude, 0xc8000fff);
    normal = bits.apply<arith::AddIOp>(normal, odd);
    normal = bits.apply<arith::ShRUIOp>(normal, 13);
    // Subnormal: adding 0.5 lines the digits up, and the adder rounds.
    Value half = bits.cast(bits.f32(), bits.constant(0x3f000000));
    Value sum = arith::AddFOp::create(
        rewriter, loc, bits.cast(bits.f32(), magnitude), half);
    Value subnormal = bits.apply<arith::SubIOp>(bits.cast(bits.i32(), sum),
                                                0x3f000000);
    Value special = bits.select(bits.less(magnitude, 0x7f800001),
                                bits.constant(0x7c00), bits.constant(0x7e00));
    Value value = bits.select(bits.less(magnitude, 0x38800000), subnormal,
                              normal);
    value = bits.select(bits.less(magnitude, 0x47800000), value, special);
    Value sign = bits.apply<arith::ShRUIOp>(all, 16);
    sign = bits.apply<arith::AndIOp>(sign, 0x8000);
    value = bits.apply<arith::OrIOp>(value, sign);
    Value narrow = arith::TruncIOp::create(
        rewriter, loc, bits.of(rewriter.getI16Type()), value);
    rewriter.replaceOp(op, bits.cast(op.getType(), narrow));
    return success();
  }
};

/// f32 to bf16, rounded to nearest even; NaN keeps its digits and becomes
/// quiet.
struct ExpandBfloatTruncation : OpRewritePattern<arith::TruncFOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(arith::TruncFOp op,
                                PatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    if (!getElementTypeOrSelf(op.getIn().getType()).isF32() ||
        !getElementTypeOrSelf(op.getType()).isBF16())
      return rewriter.notifyMatchFailure(op, "not f32 to bf16");
    Bits bits(rewriter, loc, op.getType());
    Value all = bits.cast(bits.i32(), op.getIn());
    Value odd = bits.apply<arith::ShRUIOp>(all, 16);
    odd = bits.apply<arith::AndIOp>(odd, 1);
    Value rounded = bits.apply<arith::AddIOp>(all, 0x7fff);
    rounded = bits.apply<arith::AddIOp>(rounded, odd);
    Value magnitude = bits.apply<arith::AndIOp>(all, 0x7fffffff);
    Value quiet = bits.apply<arith::OrIOp>(all, 0x00400000);
    Value value =
        bits.select(bits.less(magnitude, 0x7f800001), rounded, quiet);
    value = bits.apply<arith::ShRUIOp>(value, 16);
    Value narrow = arith::TruncIOp::create(
        rewriter, loc, bits.of(rewriter.getI16Type()), value);
    rewriter.replaceOp(op, bits.cast(op.getType(), narrow));
    return success();
  }
};

struct ExpandMathPass : impl::ExpandMathBase<ExpandMathPass> {
  using ExpandMathBase::ExpandMathBase;

  void runOnOperation() override {
    MLIRContext *context = &getContext();
    if (failed(expandFunctions(context)) || failed(guard(context)))
      signalPassFailure();
  }

private:
  LogicalResult expandFunctions(MLIRContext *context) {
    RewritePatternSet patterns(context);
    auto all = [](StringRef) { return true; };
    populateMathF32ExpansionPatterns(patterns, all);
    // Upstream's functions that are as exact as ours would be. Others of them
    // convert to integers, which guard() would take apart.
    populateMathPolynomialApproximationPatterns(patterns, [](StringRef name) {
      return name == "math.atan";
    });
    static const StringRef expanded[] = {"tan", "rsqrt"};
    math::populateExpansionPatterns(patterns, expanded);
    populateFunctionPatterns(patterns, hasFma);
    populateTrigonometryPatterns(patterns);
    populateRemainderPatterns(patterns);
    patterns.add<NarrowDouble>(context);
    return applyPatternsGreedily(getOperation(), std::move(patterns));
  }

  LogicalResult guard(MLIRContext *context) {
    RewritePatternSet patterns(context);
    patterns.add<SaturateToInt<arith::FPToSIOp>>(context, "llvm.fptosi.sat");
    patterns.add<SaturateToInt<arith::FPToUIOp>>(context, "llvm.fptoui.sat");
    patterns.add<ConvertThroughSingle<arith::SIToFPOp>, ConvertThroughSingle<arith::UIToFPOp>>(
        context);
    arith::populateCeilFloorDivExpandOpsPatterns(patterns);
    patterns.add<GuardDivisor<arith::DivSIOp, true>,
                 GuardDivisor<arith::RemSIOp, true>,
                 GuardDivisor<arith::DivUIOp, false>,
                 GuardDivisor<arith::RemUIOp, false>>(context);
    arith::populateExpandBFloat16Patterns(patterns);
    patterns.add<ExpandBfloatTruncation>(context, /*benefit=*/10);
    if (!hasHalfConversion)
      patterns.add<ExpandHalfExtension, ExpandHalfTruncation>(context);
    if (!hasFma)
      patterns.add<SplitFma<math::FmaOp>, SplitFma<vector::FMAOp>>(context);
    return applyPatternsGreedily(getOperation(), std::move(patterns));
  }
};

} // namespace
} // namespace lathe::cpu
