// SPDX-License-Identifier: Apache-2.0
//
// Reductions, running sums and softmax. Sums of f16 and bf16 are kept in f32.
#include "passes/Lower/KernelLowering.h"

#include <limits>

using namespace mlir;
using namespace lathe;
using namespace lathe::graph;
using namespace lathe::lower;

namespace {
using utils::IteratorType;

/// The start of a reduction as a scalar of the compute type.
Value identityOf(const Scalars &at, ReduceKind kind, Type compute, bool isUnsigned) {
  double inf = std::numeric_limits<double>::infinity();
  unsigned bits = compute.getIntOrFloatBitWidth();
  auto limit = [&](double real, const APInt &integer) -> Value {
    if (llvm::isa<FloatType>(compute))
      return at.real(compute, real);
    return at.make<arith::ConstantOp>(at.builder.getIntegerAttr(compute, integer));
  };
  switch (kind) {
  case ReduceKind::Sum:
  case ReduceKind::Mean:
  case ReduceKind::Any:
    return limit(0.0, APInt(bits, 0));
  case ReduceKind::Prod:
  case ReduceKind::All:
    return limit(1.0, APInt(bits, 1));
  case ReduceKind::Max:
    return limit(-inf, isUnsigned ? APInt::getMinValue(bits) : APInt::getSignedMinValue(bits));
  case ReduceKind::Min:
    return limit(inf, isUnsigned ? APInt::getMaxValue(bits) : APInt::getSignedMaxValue(bits));
  }
  return {};
}

Value combine(const Scalars &at, ReduceKind kind, bool isUnsigned, Value element, Value sum) {
  bool isReal = llvm::isa<FloatType>(sum.getType());
  switch (kind) {
  case ReduceKind::Sum:
  case ReduceKind::Mean:
    return isReal ? at.make<arith::AddFOp>(sum, element) : at.make<arith::AddIOp>(sum, element);
  case ReduceKind::Prod:
    return isReal ? at.make<arith::MulFOp>(sum, element) : at.make<arith::MulIOp>(sum, element);
  case ReduceKind::Max:
    return isReal       ? at.make<arith::MaximumFOp>(sum, element)
           : isUnsigned ? at.make<arith::MaxUIOp>(sum, element)
                        : at.make<arith::MaxSIOp>(sum, element);
  case ReduceKind::Min:
    return isReal       ? at.make<arith::MinimumFOp>(sum, element)
           : isUnsigned ? at.make<arith::MinUIOp>(sum, element)
                        : at.make<arith::MinSIOp>(sum, element);
  case ReduceKind::Any:
    return at.make<arith::OrIOp>(sum, element);
  case ReduceKind::All:
    return at.make<arith::AndIOp>(sum, element);
  }
  return {};
}

// Sizes that a reduction without kept dimensions leaves.
Dims keptDims(ArrayRef<ExprAttr> dims, ArrayRef<int64_t> reduced) {
  Dims kept;
  for (auto [index, dim] : llvm::enumerate(dims))
    if (!llvm::is_contained(reduced, static_cast<int64_t>(index)))
      kept.push_back(dim);
  return kept;
}

/// The destination of `result`, seen without its kept dimensions of size 1.
Value narrowDestination(KernelLowering &lowering, Value result, ArrayRef<ExprAttr> kept) {
  return lowering.reshape(lowering.destination(result), dimsOf(result), kept);
}

LogicalResult lowerReduce(KernelLowering &lowering, ReduceOp op) {
  Value result = op.getResult();
  Dims dims = dimsOf(op.getInput()), kept = keptDims(dims, op.getDims());
  bool isUnsigned = isUnsignedElement(elementOf(op.getInput()));
  ReduceKind kind = op.getKind();
  Type storage = getStorageType(elementOf(result)), compute = getComputeType(storage);
  bool needsEpilogue = kind == ReduceKind::Mean || storage != compute;
  Scalars at{lowering.builder, lowering.loc};
  Value init = lowering.fill(identityOf(at, kind, compute, isUnsigned),
                             needsEpilogue ? lowering.empty(kept, compute)
                                           : narrowDestination(lowering, result, kept));
  Value reduced = lowering.reduce(
      {lowering.value(op.getInput()), lowering.identity(dims.size())}, dims.size(), op.getDims(),
      init, [&](const Scalars &in, ValueRange x) {
        return combine(in, kind, isUnsigned, x[0], x[1]);
      });
  if (needsEpilogue) {
    Dims counted;
    for (int64_t dim : op.getDims())
      counted.push_back(dims[dim]);
    ExprAttr count = makeProduct(op.getContext(), counted);
    if (!count)
      return op.emitError("the number of reduced elements leaves 64 bits");
    Value elements = lowering.size(count);
    reduced = lowering.map({{reduced, lowering.identity(kept.size())}},
                           narrowDestination(lowering, result, kept),
                           [&](const Scalars &in, ValueRange x) -> Value {
                             if (kind != ReduceKind::Mean)
                               return x[0];
                             return in.make<arith::DivFOp>(x[0], in.fromIndex(elements, compute));
                           });
  }
  lowering.setValue(result, lowering.reshape(reduced, kept, dimsOf(result)));
  return success();
}

// Whether `x` wins over the best so far: larger (or smaller), or the first NaN.
Value wins(const Scalars &at, bool isMax, bool isUnsigned, Value x, Value best) {
  if (llvm::isa<FloatType>(x.getType())) {
    Value better = at.compare(isMax ? arith::CmpFPredicate::OGT : arith::CmpFPredicate::OLT, x, best);
    Value firstNan = at.make<arith::AndIOp>(at.compare(arith::CmpFPredicate::UNO, x, x),
                                            at.compare(arith::CmpFPredicate::ORD, best, best));
    return at.make<arith::OrIOp>(better, firstNan);
  }
  if (isUnsigned)
    return at.compare(isMax ? arith::CmpIPredicate::ugt : arith::CmpIPredicate::ult, x, best);
  return at.compare(isMax ? arith::CmpIPredicate::sgt : arith::CmpIPredicate::slt, x, best);
}

LogicalResult lowerArgReduce(KernelLowering &lowering, ArgReduceOp op) {
  Value result = op.getResult();
  int64_t dim = op.getDim();
  Dims dims = dimsOf(op.getInput()), kept = keptDims(dims, {dim});
  bool isUnsigned = isUnsignedElement(elementOf(op.getInput()));
  bool isMax = op.getKind() == ReduceKind::Max;
  Type compute = getComputeType(getStorageType(elementOf(op.getInput())));
  Scalars at{lowering.builder, lowering.loc};
  Value best = lowering.fill(identityOf(at, op.getKind(), compute, isUnsigned),
                             lowering.empty(kept, compute));
  Value position = lowering.fill(at.integer(lowering.builder.getI64Type(), 0),
                                 narrowDestination(lowering, result, kept));
  SmallVector<IteratorType> iterators(dims.size(), IteratorType::parallel);
  iterators[dim] = IteratorType::reduction;
  SmallVector<int64_t> loops;
  for (unsigned i = 0; i < dims.size(); ++i)
    if (static_cast<int64_t>(i) != dim)
      loops.push_back(i);
  AffineMap out = lowering.select(dims.size(), loops);
  SmallVector<Value> results = lowering.nest(
      {{lowering.value(op.getInput()), lowering.identity(dims.size())}},
      {{best, out}, {position, out}}, iterators, [&](const Scalars &in, ValueRange x) {
        Value index = in.make<linalg::IndexOp>(in.builder.getIndexType(),
                                               in.builder.getI64IntegerAttr(dim));
        Value here = in.fromIndex(index, in.builder.getI64Type());
        Value won = wins(in, isMax, isUnsigned, x[0], x[1]);
        return SmallVector<Value>{in.select(won, x[0], x[1]), in.select(won, here, x[2])};
      });
  lowering.setValue(result, lowering.reshape(results[1], kept, dimsOf(result)));
  return success();
}

LogicalResult lowerCumsum(KernelLowering &lowering, CumsumOp op) {
  lowering.setSingleTile();
  Value result = op.getResult(), input = lowering.value(op.getInput());
  int64_t dim = op.getDim();
  Dims dims = dimsOf(result), rest = keptDims(dims, {dim});
  Type storage = getStorageType(elementOf(result)), compute = getComputeType(storage);
  SmallVector<OpFoldResult> sizes = lowering.foldedSizes(dims);
  sizes[dim] = lowering.builder.getIndexAttr(1);
  SmallVector<Value> carried{lowering.destination(result), lowering.filled(rest, compute, 0)};
  SmallVector<Value> results = lowering.loop(
      lowering.size(dims[dim]), carried, [&](Value step, ValueRange state) {
        SmallVector<OpFoldResult> offsets(dims.size(), lowering.builder.getIndexAttr(0));
        offsets[dim] = step;
        RankedTensorType type = lowering.tensorType(rest, storage);
        Value row = lowering.slice(input, type, offsets, sizes);
        AffineMap map = lowering.identity(rest.size());
        SmallVector<IteratorType> iterators(rest.size(), IteratorType::parallel);
        Value sum = lowering
                        .nest({{row, map}}, {{state[1], map}}, iterators,
                              [](const Scalars &at, ValueRange x) {
                                return SmallVector<Value>{
                                    combine(at, ReduceKind::Sum, false, x[0], x[1])};
                              })
                        .front();
        Value out = lowering.slice(state[0], type, offsets, sizes);
        Value rounded = lowering.map({{sum, map}}, out,
                                     [](const Scalars &, ValueRange x) { return x[0]; });
        return SmallVector<Value>{lowering.insert(rounded, state[0], offsets, sizes), sum};
      });
  lowering.setValue(result, results[0]);
  return success();
}

LogicalResult lowerSoftmax(KernelLowering &lowering, SoftmaxOp op) {
  Value result = op.getResult(), input = lowering.value(op.getInput());
  Dims dims = dimsOf(result);
  unsigned rank = dims.size();
  SmallVector<int64_t> reduced, loops;
  for (unsigned i = 0; i < rank; ++i)
    (static_cast<int64_t>(i) == static_cast<int64_t>(op.getDim()) ? reduced : loops).push_back(i);
  Dims kept = keptDims(dims, reduced);
  Type compute = getComputeType(getStorageType(elementOf(result)));
  AffineMap all = lowering.identity(rank), row = lowering.select(rank, loops);
  Value most = lowering.reduce({input, all}, rank, reduced,
                               lowering.filled(kept, compute, -std::numeric_limits<double>::infinity()),
                               [](const Scalars &at, ValueRange x) {
                                 return at.make<arith::MaximumFOp>(x[1], x[0]);
                               });
  // For log softmax the shifted values stay; their exponentials are summed on
  // the fly.
  bool log = op.getLog();
  Value terms = lowering.map({{input, all}, {most, row}}, lowering.empty(dims, compute),
                             [&](const Scalars &at, ValueRange x) -> Value {
                               Value shifted = at.make<arith::SubFOp>(x[0], x[1]);
                               return log ? shifted : at.make<math::ExpOp>(shifted);
                             });
  Value sum = lowering.reduce({terms, all}, rank, reduced, lowering.filled(kept, compute, 0),
                              [&](const Scalars &at, ValueRange x) {
                                Value term = log ? at.expInSum(x[0]) : x[0];
                                return at.make<arith::AddFOp>(x[1], term);
                              });
  lowering.setValue(result,
                    lowering.map({{terms, all}, {sum, row}}, lowering.destination(result),
                                 [&](const Scalars &at, ValueRange x) -> Value {
                                   if (log)
                                     return at.make<arith::SubFOp>(x[0], at.make<math::LogOp>(x[1]));
                                   return at.make<arith::DivFOp>(x[0], x[1]);
                                 }));
  return success();
}
} // namespace

void lower::addReductionLowerings(LoweringTable &table) {
  addLowering<ReduceOp, lowerReduce>(table);
  addLowering<ArgReduceOp, lowerArgReduce>(table);
  addLowering<CumsumOp, lowerCumsum>(table);
  addLowering<SoftmaxOp, lowerSoftmax>(table);
}
