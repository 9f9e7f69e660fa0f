// SPDX-License-Identifier: Apache-2.0
#include "mlir/Analysis/FlatLinearValueConstraints.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "llvm/ADT/TypeSwitch.h"

#include "targets/Cpu/SizeBounds.h"

using namespace mlir;

namespace lathe::cpu {
namespace {

using Interval = std::optional<IndexInterval>;

/// Wider than any index, so that sums and products of bounds never wrap.
using Wide = __int128;

bool isOpen(int64_t end) { return end <= -indexLimit || end >= indexLimit; }

/// Ends beyond half the limit count as the limit, which stands for "no bound":
/// what is added to an open end, or taken from it, leaves it open.
Interval make(Wide low, Wide high) {
  if (low > high)
    return std::nullopt;
  auto clamp = [](Wide value) -> int64_t {
    if (value >= indexLimit / 2)
      return indexLimit;
    return value <= -indexLimit / 2 ? -indexLimit : int64_t(value);
  };
  return IndexInterval{clamp(low), clamp(high)};
}

Interval add(IndexInterval a, IndexInterval b) {
  return make(Wide(a.low) + b.low, Wide(a.high) + b.high);
}

Interval subtract(IndexInterval a, IndexInterval b) {
  return make(Wide(a.low) - b.high, Wide(a.high) - b.low);
}

Interval multiply(IndexInterval a, IndexInterval b) {
  Wide corners[] = {Wide(a.low) * b.low, Wide(a.low) * b.high,
                    Wide(a.high) * b.low, Wide(a.high) * b.high};
  return make(*std::min_element(corners, corners + 4),
              *std::max_element(corners, corners + 4));
}

/// The divisors of `b`: zero, as the number of tiles of an empty result may be,
/// divides nothing.
Interval boundDivisor(IndexInterval b) {
  return b.low < 0 ? std::nullopt : make(std::max<int64_t>(b.low, 1), b.high);
}

template <typename Divide>
Interval divide(IndexInterval a, IndexInterval divisor, Divide divideOne) {
  Interval positive = boundDivisor(divisor);
  if (!positive)
    return std::nullopt;
  IndexInterval b = *positive;
  auto corner = [&](int64_t dividend, int64_t divisor) {
    return isOpen(dividend) ? dividend : divideOne(dividend, divisor);
  };
  int64_t corners[] = {corner(a.low, b.low), corner(a.low, b.high),
                       corner(a.high, b.low), corner(a.high, b.high)};
  return make(*std::min_element(corners, corners + 4),
              *std::max_element(corners, corners + 4));
}

Interval remainder(IndexInterval a, IndexInterval divisor) {
  Interval positive = boundDivisor(divisor);
  if (!positive)
    return std::nullopt;
  int64_t high = positive->high - 1;
  if (a.low >= 0)
    high = std::min(high, a.high);
  return make(0, high);
}

int64_t truncated(int64_t a, int64_t b) { return a / b; }
int64_t floored(int64_t a, int64_t b) { return llvm::divideFloorSigned(a, b); }
int64_t ceiled(int64_t a, int64_t b) { return llvm::divideCeilSigned(a, b); }

/// The bound of `expr` from those of its parts, whose values count as
/// independent; `operands` are the bounds of the dimensions.
Interval boundParts(AffineExpr expr, ArrayRef<Interval> operands) {
  if (auto constant = dyn_cast<AffineConstantExpr>(expr))
    return make(constant.getValue(), constant.getValue());
  if (auto dim = dyn_cast<AffineDimExpr>(expr))
    return operands[dim.getPosition()];
  auto binary = cast<AffineBinaryOpExpr>(expr);
  Interval lhs = boundParts(binary.getLHS(), operands);
  Interval rhs = boundParts(binary.getRHS(), operands);
  if (!lhs || !rhs)
    return std::nullopt;
  switch (binary.getKind()) {
  case AffineExprKind::Add:
    return add(*lhs, *rhs);
  case AffineExprKind::Mul:
    return multiply(*lhs, *rhs);
  case AffineExprKind::Mod:
    return remainder(*lhs, *rhs);
  case AffineExprKind::FloorDiv:
    return divide(*lhs, *rhs, floored);
  case AffineExprKind::CeilDiv:
    return divide(*lhs, *rhs, ceiled);
  default:
    return std::nullopt;
  }
}

/// The bound of `expr` as a whole, in which one part may take away what another
/// adds: d0 - d0 floordiv 7 * 7 is at most 6. Nothing if it is not linear but
/// for divisions by constants.
Interval boundWhole(AffineExpr expr, ArrayRef<Interval> operands) {
  FlatLinearConstraints constraints(operands.size() + 1);
  for (auto [position, operand] : llvm::enumerate(operands)) {
    if (operand && !isOpen(operand->low))
      constraints.addBound(presburger::BoundType::LB, position, operand->low);
    if (operand && !isOpen(operand->high))
      constraints.addBound(presburger::BoundType::UB, position, operand->high);
  }
  if (failed(constraints.addBound(presburger::BoundType::EQ, operands.size(),
                                  AffineMap::get(operands.size() + 1, 0, expr))))
    return std::nullopt;
  auto end = [&](presburger::BoundType type, int64_t open) {
    std::optional<llvm::DynamicAPInt> bound = constraints.getConstantBound(type, operands.size());
    bool isUseful = bound && *bound < indexLimit && *bound > -indexLimit;
    return isUseful ? int64_t(*bound) : open;
  };
  return make(end(presburger::BoundType::LB, -indexLimit),
              end(presburger::BoundType::UB, indexLimit));
}

/// The bounds of the results of `map`.
SmallVector<Interval> boundMap(AffineMap map, ValueRange values) {
  SmallVector<Interval> operands = llvm::map_to_vector(values, boundIndex);
  // Symbols become the dimensions behind the others.
  SmallVector<AffineExpr> symbols;
  for (unsigned dim = map.getNumDims(); dim < operands.size(); ++dim)
    symbols.push_back(getAffineDimExpr(dim, map.getContext()));
  SmallVector<Interval> results;
  for (AffineExpr expr : map.getResults()) {
    expr = expr.replaceSymbols(symbols);
    Interval parts = boundParts(expr, operands);
    Interval whole = boundWhole(expr, operands);
    results.push_back(parts && whole ? make(std::max(parts->low, whole->low),
                                            std::min(parts->high, whole->high))
                                     : parts ? parts : whole);
  }
  return results;
}

/// The bound of a minimum needs only one bounded part for its high end; a
/// maximum needs all of them.
Interval boundMinMax(AffineMap map, ValueRange operands, bool isMin) {
  Interval result;
  for (Interval part : boundMap(map, operands)) {
    if (!part && !isMin)
      return std::nullopt;
    if (!part)
      part = IndexInterval{-indexLimit, indexLimit};
    if (!result)
      result = part;
    else if (isMin)
      result = make(std::min(result->low, part->low),
                    std::min(result->high, part->high));
    else
      result = make(std::max(result->low, part->low),
                    std::max(result->high, part->high));
  }
  return result;
}

Interval boundArgument(BlockArgument argument) {
  Operation *parent = argument.getOwner()->getParentOp();
  if (auto func = dyn_cast<func::FuncOp>(parent)) {
    unsigned number = argument.getArgNumber();
    // Tiles count from zero: the padding in front of one, what its begin lacks
    // of the low padding, has a bound for that reason alone.
    if (func.getArgAttr(number, "lathe.tile_begin") || func.getArgAttr(number, "lathe.tile_end"))
      return make(0, indexLimit);
    auto bound = func.getArgAttrOfType<IntegerAttr>(number, "lathe.size_max");
    if (!bound)
      return std::nullopt;
    return make(0, bound.getInt());
  }
  auto loop = dyn_cast<scf::ForOp>(parent);
  if (!loop || argument != loop.getInductionVar())
    return std::nullopt;
  Interval from = boundIndex(loop.getLowerBound());
  Interval to = boundIndex(loop.getUpperBound());
  if (!from || !to)
    return std::nullopt;
  return make(from->low, std::max(from->low, to->high - 1));
}

Interval boundArith(Operation *op) {
  if (op->getNumOperands() != 2 || !isa<arith::ArithDialect>(op->getDialect()))
    return std::nullopt;
  Interval lhs = boundIndex(op->getOperand(0));
  Interval rhs = boundIndex(op->getOperand(1));
  if (isa<arith::MinSIOp>(op) && (lhs || rhs)) {
    int64_t high = std::min(lhs ? lhs->high : indexLimit,
                            rhs ? rhs->high : indexLimit);
    int64_t low = lhs && rhs ? std::min(lhs->low, rhs->low) : -indexLimit;
    return make(low, high);
  }
  if (!lhs || !rhs)
    return std::nullopt;
  return llvm::TypeSwitch<Operation *, Interval>(op)
      .Case<arith::AddIOp>([&](auto) { return add(*lhs, *rhs); })
      .Case<arith::SubIOp>([&](auto) { return subtract(*lhs, *rhs); })
      .Case<arith::MulIOp>([&](auto) { return multiply(*lhs, *rhs); })
      .Case<arith::DivSIOp, arith::DivUIOp>(
          [&](auto) { return divide(*lhs, *rhs, truncated); })
      .Case<arith::FloorDivSIOp>(
          [&](auto) { return divide(*lhs, *rhs, floored); })
      .Case<arith::CeilDivSIOp, arith::CeilDivUIOp>(
          [&](auto) { return divide(*lhs, *rhs, ceiled); })
      .Case<arith::RemSIOp, arith::RemUIOp>(
          [&](auto) { return remainder(*lhs, *rhs); })
      .Case<arith::MaxSIOp, arith::MaxUIOp>([&](auto) {
        return make(std::max(lhs->low, rhs->low),
                    std::max(lhs->high, rhs->high));
      })
      .Default([](auto) { return std::nullopt; });
}

Interval boundFolded(OpFoldResult size) {
  if (std::optional<int64_t> constant = getConstantIntValue(size))
    return make(*constant, *constant);
  return boundIndex(cast<Value>(size));
}

/// The bound of one dimension of a memref, through the operations that only
/// rename or select elements.
Interval boundDim(Value memref, int64_t dim) {
  auto type = cast<MemRefType>(memref.getType());
  if (!type.isDynamicDim(dim))
    return make(type.getDimSize(dim), type.getDimSize(dim));
  if (auto argument = dyn_cast<BlockArgument>(memref)) {
    auto func = dyn_cast<func::FuncOp>(argument.getOwner()->getParentOp());
    auto positions = func ? func.getArgAttrOfType<DenseI64ArrayAttr>(argument.getArgNumber(),
                                                                     "lathe.dim_args")
                          : DenseI64ArrayAttr();
    if (!positions || positions[dim] < 0)
      return std::nullopt;
    return boundArgument(func.getArgument(positions[dim]));
  }
  Operation *op = memref.getDefiningOp();
  if (auto alloc = dyn_cast<memref::AllocOp>(op))
    return boundIndex(alloc.getDynamicSizes()[type.getDynamicDimIndex(dim)]);
  if (auto cast = dyn_cast<memref::CastOp>(op))
    return boundDim(cast.getSource(), dim);
  if (auto expand = dyn_cast<memref::ExpandShapeOp>(op))
    return boundFolded(expand.getMixedOutputShape()[dim]);
  if (auto collapse = dyn_cast<memref::CollapseShapeOp>(op)) {
    Interval product = make(1, 1);
    // Named: C++17's range-for would not keep the outer vector alive.
    SmallVector<ReassociationIndices> groups = collapse.getReassociationIndices();
    for (int64_t source : groups[dim]) {
      Interval part = boundDim(collapse.getSrc(), source);
      if (!part || !product)
        return std::nullopt;
      product = multiply(*product, *part);
    }
    return product;
  }
  auto subview = dyn_cast<memref::SubViewOp>(op);
  if (!subview)
    return std::nullopt;
  llvm::SmallBitVector dropped = subview.getDroppedDims();
  int64_t kept = 0;
  for (auto [index, size] : llvm::enumerate(subview.getMixedSizes()))
    if (!dropped.test(index) && kept++ == dim)
      return boundFolded(size);
  return std::nullopt;
}

} // namespace

std::optional<IndexInterval> boundIndex(Value value) {
  if (std::optional<int64_t> constant = getConstantIntValue(value))
    return make(*constant, *constant);
  if (auto argument = dyn_cast<BlockArgument>(value))
    return boundArgument(argument);
  Operation *op = value.getDefiningOp();
  if (auto apply = dyn_cast<affine::AffineApplyOp>(op))
    return boundMap(apply.getAffineMap(), apply.getOperands()).front();
  if (auto min = dyn_cast<affine::AffineMinOp>(op))
    return boundMinMax(min.getMap(), min.getOperands(), true);
  if (auto max = dyn_cast<affine::AffineMaxOp>(op))
    return boundMinMax(max.getMap(), max.getOperands(), false);
  if (auto dim = dyn_cast<memref::DimOp>(op))
    if (std::optional<int64_t> index = dim.getConstantIndex())
      return boundDim(dim.getSource(), *index);
  return boundArith(op);
}

} // namespace lathe::cpu
