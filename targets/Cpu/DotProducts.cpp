// SPDX-License-Identifier: Apache-2.0
#include "targets/Cpu/DotProducts.h"

#include "targets/Cpu/NestPlan.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;

namespace lathe::cpu {

/// Products of a lane.
static constexpr int64_t kProducts = 4;

int64_t DotNest::excess() const {
  if (!sumsBytes())
    return 0;
  return form == DotProduct::Sdot ? codes.zero - (codes.isSigned ? 0 : 128) : codes.zero + (codes.isSigned ? 128 : 0);
}

//===----------------------------------------------------------------------===//
// Which nests are such sums
//===----------------------------------------------------------------------===//

/// `value` as an argument of i8, extended, and less a constant.
static std::optional<DotFactor> readFactor(linalg::GenericOp op, Value value) {
  DotFactor factor;
  APInt constant;
  if (auto less = value.getDefiningOp<arith::SubIOp>(); less && matchPattern(less.getRhs(), m_ConstantInt(&constant))) {
    factor.zero = constant.getSExtValue();
    value = less.getLhs();
  } else if (auto more = value.getDefiningOp<arith::AddIOp>();
             more && matchPattern(more.getRhs(), m_ConstantInt(&constant))) {
    factor.zero = -constant.getSExtValue();
    value = more.getLhs();
  }
  Operation *extension = value.getDefiningOp();
  if (!extension || !isa<arith::ExtSIOp, arith::ExtUIOp>(extension))
    return std::nullopt;
  factor.isSigned = isa<arith::ExtSIOp>(extension);
  auto argument = dyn_cast<BlockArgument>(extension->getOperand(0));
  if (!argument || argument.getOwner() != op.getBody() || !argument.getType().isInteger(8) ||
      argument.getArgNumber() >= op.getNumDpsInputs())
    return std::nullopt;
  factor.operand = &op->getOpOperand(argument.getArgNumber());
  // What 16 bits hold, whatever the code is.
  return factor.zero < -128 || factor.zero > 255 ? std::nullopt : std::optional(factor);
}

/// The two factors of `op`, in the order of the product.
static std::optional<std::pair<DotFactor, DotFactor>> readFactors(linalg::GenericOp op) {
  Value accumulator = op.getRegionOutputArgs()[0];
  auto sum = op.getBody()->getTerminator()->getOperand(0).getDefiningOp<arith::AddIOp>();
  if (!sum || !sum.getType().isInteger(32) || (sum.getLhs() != accumulator && sum.getRhs() != accumulator))
    return std::nullopt;
  auto product = (sum.getLhs() == accumulator ? sum.getRhs() : sum.getLhs()).getDefiningOp<arith::MulIOp>();
  if (!product)
    return std::nullopt;
  std::optional<DotFactor> first = readFactor(op, product.getLhs()), second = readFactor(op, product.getRhs());
  if (!first || !second)
    return std::nullopt;
  return std::pair(*first, *second);
}

static std::optional<unsigned> plainDim(AffineExpr expr) {
  auto dim = dyn_cast<AffineDimExpr>(expr);
  return dim ? std::optional(dim.getPosition()) : std::nullopt;
}

static SmallVector<ReassociationIndices> lastTwoAsOne(int64_t rank) {
  SmallVector<ReassociationIndices> groups;
  for (int64_t dim = 0; dim + 1 < rank; ++dim)
    groups.push_back({dim});
  groups.back().push_back(rank - 1);
  return groups;
}

/// Whether the factors lie as DotNest says, with the loops that it names.
static bool liesInLanes(linalg::GenericOp op, const DotNest &dot) {
  auto weightType = cast<MemRefType>(dot.weight.operand->get().getType());
  AffineMap codes = op.getMatchingIndexingMap(dot.codes.operand);
  AffineMap output = op.getMatchingIndexingMap(op.getDpsInitOperand(0));
  if (codes.getNumResults() == 0 || plainDim(codes.getResults().back()) != dot.sumDim ||
      codes.isFunctionOfDim(dot.laneDim) || output.isFunctionOfDim(dot.sumDim) ||
      classifyAccess(op, *op.getDpsInitOperand(0), dot.laneDim) != LaneAccess::Contiguous ||
      classifyAccess(op, *dot.codes.operand, dot.sumDim) != LaneAccess::Contiguous ||
      classifyAccess(op, *dot.weight.operand, dot.sumDim) != LaneAccess::Contiguous)
    return false;
  SmallVector<int64_t> extents = op.getStaticLoopRanges();
  SmallVector<utils::IteratorType> kinds = op.getIteratorTypesArray();
  return extents[dot.sumDim] == kProducts && !ShapedType::isDynamic(extents[dot.laneDim]) &&
         kinds[dot.sumDim] == utils::IteratorType::reduction && kinds[dot.laneDim] == utils::IteratorType::parallel &&
         memref::CollapseShapeOp::isGuaranteedCollapsible(weightType, lastTwoAsOne(weightType.getRank()));
}

std::optional<DotNest> findDotNest(linalg::GenericOp op) {
  if (op.getNumDpsInits() != 1 || op.getNumReductionLoops() == 0 || op.getNumDpsInputs() != 2 ||
      op.hasIndexSemantics())
    return std::nullopt;
  auto factors = readFactors(op);
  if (!factors || factors->first.operand == factors->second.operand)
    return std::nullopt;
  for (auto [codes, weight] : {std::pair(factors->first, factors->second), std::pair(factors->second, factors->first)}) {
    AffineMap map = op.getMatchingIndexingMap(weight.operand);
    if (!isa<MemRefType>(weight.operand->get().getType()) || !isa<MemRefType>(codes.operand->get().getType()) ||
        map.getNumResults() < 2)
      continue;
    std::optional<unsigned> sum = plainDim(map.getResults().back());
    std::optional<unsigned> lane = plainDim(map.getResults().drop_back().back());
    if (!sum || !lane)
      continue;
    DotNest dot{codes, weight, *lane, *sum};
    if (liesInLanes(op, dot))
      return dot;
  }
  return std::nullopt;
}

//===----------------------------------------------------------------------===//
// Plan
//===----------------------------------------------------------------------===//

/// The form in which `machine` sums `dot`.
static DotProduct chooseForm(const DotNest &dot, const VectorIsa &machine) {
  DotNest wanted = dot;
  wanted.form = machine.dotProduct;
  if (!wanted.sumsBytes())
    return wanted.form;
  int64_t least = wanted.form == DotProduct::Sdot ? -128 : 0, excess = wanted.excess();
  if (dot.weight.isSigned && dot.weight.zero == 0 && excess >= least && excess <= least + 255)
    return wanted.form;
  return wanted.form == DotProduct::Bytes ? DotProduct::Words : DotProduct::None;
}

/// Rows that are computed together: their sums, and what one step needs, fit the
/// registers.
static unsigned chooseRows(const DotNest &dot, const VectorIsa &machine, unsigned vectors) {
  // Codes, their sign and excess; weights and their sum or their two halves. SSE overwrites what it reads.
  int64_t shared = machine.vectorBits > 128 ? 3 : 5, ofVector = 2;
  if (dot.form == DotProduct::None)
    shared = 8, ofVector = 4; // A byte of each for every product.
  int64_t rows = (int64_t(machine.registers) - shared - ofVector * vectors) / vectors;
  // Two chains for each unit hide the latency; beyond, the loop only grows.
  return std::clamp<int64_t>(rows, 1, vectors == 1 && machine.registers >= 32 ? 12 : 8);
}

bool planDotNest(linalg::GenericOp op, const VectorIsa &machine, NestPlan &plan) {
  std::optional<DotNest> dot = machine.vectorBits ? findDotNest(op) : std::nullopt;
  if (!dot)
    return false;
  dot->form = chooseForm(*dot, machine);
  SmallVector<int64_t> extents = op.getStaticLoopRanges();
  int64_t features = extents[dot->laneDim];
  unsigned lanes = machine.vectorBits / 32;
  while (lanes >= 4 && features % lanes != 0)
    lanes /= 2;
  if (lanes < 4)
    return false;
  plan.dot = dot;
  plan.vectorDim = dot->laneDim;
  plan.lanes = lanes;
  for (unsigned vectors : {1u, 3u, 2u})
    if (features / lanes % vectors == 0 && (vectors != 3 || features / lanes == 3))
      plan.vectors = vectors;
  AffineMap codes = op.getMatchingIndexingMap(dot->codes.operand);
  AffineMap weight = op.getMatchingIndexingMap(dot->weight.operand);
  std::optional<unsigned> rows;
  for (unsigned dim : plan.parallelOrder)
    if (extents[dim] != 1 && codes.isFunctionOfDim(dim) && !weight.isFunctionOfDim(dim))
      rows = dim;
  llvm::erase(plan.parallelOrder, dot->laneDim);
  plan.parallelOrder.push_back(dot->laneDim);
  if (rows) {
    plan.blocks.push_back({*rows, chooseRows(*dot, machine, plan.vectors)});
    llvm::erase(plan.parallelOrder, *rows);
    plan.parallelOrder.push_back(*rows);
  }
  // The four channels of a lane are no loop.
  llvm::erase(plan.reductionOrder, dot->sumDim);
  return true;
}

//===----------------------------------------------------------------------===//
// Code
//===----------------------------------------------------------------------===//

static VectorType bytesOf(OpBuilder &builder, unsigned lanes) {
  return VectorType::get({kProducts * int64_t(lanes)}, builder.getI8Type());
}

static Value splat(OpBuilder &builder, Location loc, VectorType type, int64_t value) {
  APInt number(type.getElementTypeBitWidth(), value, /*isSigned=*/true, /*implicitTrunc=*/true);
  return arith::ConstantOp::create(builder, loc, DenseElementsAttr::get(type, number));
}

Value loadCodes(OpBuilder &builder, Location loc, const DotNest &dot, ValueRange indices, unsigned lanes) {
  auto four = VectorType::get({kProducts}, builder.getI8Type());
  auto one = VectorType::get({1}, builder.getI32Type());
  auto all = VectorType::get({int64_t(lanes)}, builder.getI32Type());
  Value codes = vector::LoadOp::create(builder, loc, four, dot.codes.operand->get(), indices);
  Value word = vector::ExtractOp::create(builder, loc, vector::BitCastOp::create(builder, loc, one, codes), 0);
  Value words = vector::BroadcastOp::create(builder, loc, all, word);
  if (dot.sumsBytes() && dot.codes.isSigned != (dot.form == DotProduct::Sdot))
    words = arith::XOrIOp::create(builder, loc, words, splat(builder, loc, all, 0x80808080));
  return vector::BitCastOp::create(builder, loc, bytesOf(builder, lanes), words);
}

Value loadDotWeights(OpBuilder &builder, Location loc, const DotNest &dot, ValueRange indices, unsigned lanes) {
  Value weight = dot.weight.operand->get();
  int64_t rank = cast<MemRefType>(weight.getType()).getRank();
  Value rows = memref::CollapseShapeOp::create(builder, loc, weight, lastTwoAsOne(rank));
  SmallVector<Value> place(indices.drop_back());
  place.back() = arith::MulIOp::create(builder, loc, place.back(),
                                       arith::ConstantIndexOp::create(builder, loc, kProducts),
                                       arith::IntegerOverflowFlags::nsw);
  return vector::LoadOp::create(builder, loc, bytesOf(builder, lanes), rows, place);
}

static Value callIntrinsic(OpBuilder &builder, Location loc, StringRef name, Type result, ValueRange operands) {
  return LLVM::CallIntrinsicOp::create(builder, loc, result, builder.getStringAttr(name), operands).getResult(0);
}

static Value addBytes(OpBuilder &builder, Location loc, const DotNest &dot, Value sum, Value codes, Value weights) {
  unsigned bits = cast<VectorType>(sum.getType()).getNumElements() * 32;
  std::string name = dot.form == DotProduct::Usdot  ? "llvm.aarch64.neon.usdot.v4i32.v16i8"
                     : dot.form == DotProduct::Sdot ? "llvm.aarch64.neon.sdot.v4i32.v16i8"
                                                    : "llvm.x86.avx512.vpdpbusd." + std::to_string(bits);
  return callIntrinsic(builder, loc, name, sum.getType(), {sum, codes, weights});
}

/// Every second byte of `bytes`, less factor.zero, in 16 bits: the `odd` ones or
/// the even ones.
static Value halfOf(OpBuilder &builder, Location loc, const DotFactor &factor, Value bytes, bool odd) {
  auto type = VectorType::get({cast<VectorType>(bytes.getType()).getNumElements() / 2}, builder.getI16Type());
  Value words = vector::BitCastOp::create(builder, loc, type, bytes), eight = splat(builder, loc, type, 8);
  if (factor.isSigned) {
    if (!odd)
      words = arith::ShLIOp::create(builder, loc, words, eight);
    words = arith::ShRSIOp::create(builder, loc, words, eight);
  } else if (odd) {
    words = arith::ShRUIOp::create(builder, loc, words, eight);
  } else {
    words = arith::AndIOp::create(builder, loc, words, splat(builder, loc, type, 0xff));
  }
  return factor.zero == 0 ? words
                          : Value(arith::SubIOp::create(builder, loc, words, splat(builder, loc, type, factor.zero)));
}

static Value addWords(OpBuilder &builder, Location loc, const DotNest &dot, Value sum, Value codes, Value weights) {
  unsigned bits = cast<VectorType>(sum.getType()).getNumElements() * 32;
  StringRef name = bits == 512   ? "llvm.x86.avx512.pmaddw.d.512"
                   : bits == 256 ? "llvm.x86.avx2.pmadd.wd"
                                 : "llvm.x86.sse2.pmadd.wd";
  for (bool odd : {false, true}) {
    Value products = callIntrinsic(builder, loc, name, sum.getType(),
                                   {halfOf(builder, loc, dot.codes, codes, odd),
                                    halfOf(builder, loc, dot.weight, weights, odd)});
    sum = arith::AddIOp::create(builder, loc, sum, products);
  }
  return sum;
}

/// Byte `place` of each lane of `bytes`, less factor.zero.
static Value byteOf(OpBuilder &builder, Location loc, const DotFactor &factor, Value bytes, int64_t place) {
  auto type = VectorType::get({cast<VectorType>(bytes.getType()).getNumElements() / kProducts}, builder.getI32Type());
  Value lanes = vector::BitCastOp::create(builder, loc, type, bytes);
  lanes = arith::ShLIOp::create(builder, loc, lanes, splat(builder, loc, type, 24 - 8 * place));
  Value most = splat(builder, loc, type, 24);
  lanes = factor.isSigned ? Value(arith::ShRSIOp::create(builder, loc, lanes, most))
                          : Value(arith::ShRUIOp::create(builder, loc, lanes, most));
  return factor.zero == 0 ? lanes
                          : Value(arith::SubIOp::create(builder, loc, lanes, splat(builder, loc, type, factor.zero)));
}

Value addDotProducts(OpBuilder &builder, Location loc, const DotNest &dot, Value sum, Value codes, Value weights) {
  if (dot.sumsBytes())
    return addBytes(builder, loc, dot, sum, codes, weights);
  if (dot.form == DotProduct::Words)
    return addWords(builder, loc, dot, sum, codes, weights);
  for (int64_t place = 0; place < kProducts; ++place)
    sum = arith::AddIOp::create(builder, loc, sum,
                                arith::MulIOp::create(builder, loc, byteOf(builder, loc, dot.codes, codes, place),
                                                      byteOf(builder, loc, dot.weight, weights, place)));
  return sum;
}

Value addExcess(OpBuilder &builder, Location loc, const DotNest &dot, Value sum, Value weights) {
  Value codes = splat(builder, loc, cast<VectorType>(weights.getType()), dot.excess());
  return addBytes(builder, loc, dot, sum, codes, weights);
}

} // namespace lathe::cpu
