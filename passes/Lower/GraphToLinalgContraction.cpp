// SPDX-License-Identifier: Apache-2.0
//
// Matrix products. Sums of f16 and bf16 are kept in f32 and rounded once.
#include "passes/Lower/KernelLowering.h"

using namespace mlir;
using namespace lathe;
using namespace lathe::graph;
using namespace lathe::lower;

namespace {
using utils::IteratorType;

/// A tensor of zeros for sums of the elements of `result`: its destination if
/// nothing follows the sum and the types agree, else a temporary.
Value accumulator(KernelLowering &lowering, Value result, bool isLast) {
  Type storage = getStorageType(elementOf(result)), compute = getComputeType(storage);
  Scalars at{lowering.builder, lowering.loc};
  Value zero = llvm::isa<FloatType>(compute) ? at.real(compute, 0) : at.integer(compute, 0);
  return lowering.fill(zero, isLast && storage == compute
                                 ? lowering.destination(result)
                                 : lowering.emptyLike(result, compute));
}

Value multiplyAdd(const Scalars &at, ValueRange x) {
  if (llvm::isa<FloatType>(x[2].getType()))
    return at.make<arith::AddFOp>(x[2], at.make<arith::MulFOp>(x[0], x[1]));
  return at.make<arith::AddIOp>(x[2], at.make<arith::MulIOp>(x[0], x[1]));
}

/// Adds `bias` (along the last dimension) if there is one, rounds to the
/// result's type, and names the result.
void finish(KernelLowering &lowering, Value result, Value sum, Value bias) {
  Type storage = getStorageType(elementOf(result));
  if (!bias && elementOf(sum) == storage)
    return lowering.setValue(result, sum);
  Dims dims = dimsOf(result);
  unsigned rank = dims.size();
  SmallVector<NestInput> inputs{{sum, lowering.identity(rank)}};
  if (bias)
    inputs.push_back({lowering.value(bias), lowering.select(rank, {rank - 1})});
  lowering.setValue(result, lowering.map(inputs, lowering.destination(result),
                                         [&](const Scalars &at, ValueRange x) -> Value {
                                           if (!bias)
                                             return x[0];
                                           return llvm::isa<FloatType>(x[0].getType())
                                                      ? at.make<arith::AddFOp>(x[0], x[1])
                                                      : at.make<arith::AddIOp>(x[0], x[1]);
                                         }));
}

LogicalResult lowerPlainLinear(KernelLowering &lowering, LinearOp op) {
  Value result = op.getResult();
  unsigned rank = dimsOf(result).size();
  Value out = accumulator(lowering, result, !op.getBias());
  Value input = lowering.value(op.getInput()), weight = lowering.value(op.getWeight());
  Value sum;
  if (rank == 2 && !lowering.layoutOf(weight)) {
    sum = linalg::MatmulTransposeBOp::create(lowering.builder, lowering.loc, TypeRange{out.getType()},
                                             ValueRange{input, weight}, ValueRange{out})
              ->getResult(0);
  } else {
    // Loops: the leading dimensions, n, k. All ranks stay, so that what
    // follows fuses.
    SmallVector<int64_t> outer, x;
    for (unsigned i = 0; i + 1 < rank; ++i)
      outer.push_back(i);
    x = outer;
    x.push_back(rank);
    outer.push_back(rank - 1);
    SmallVector<IteratorType> iterators(rank, IteratorType::parallel);
    iterators.push_back(IteratorType::reduction);
    sum = lowering
              .nest({{input, lowering.select(rank + 1, x)},
                     {weight, lowering.select(rank + 1, {rank - 1, rank})}},
                    {{out, lowering.select(rank + 1, outer)}}, iterators,
                    [](const Scalars &at, ValueRange v) {
                      return SmallVector<Value>{multiplyAdd(at, v)};
                    })
              .front();
  }
  finish(lowering, result, sum, op.getBias());
  return success();
}

LogicalResult lowerMatmul(KernelLowering &lowering, MatmulOp op) {
  Value result = op.getResult();
  Dims dims = dimsOf(result), left = dimsOf(op.getLhs()), right = dimsOf(op.getRhs());
  Value out = accumulator(lowering, result, true);
  Value lhs = lowering.value(op.getLhs()), rhs = lowering.value(op.getRhs());
  unsigned rank = dims.size(), batch = rank - 2;
  bool sameBatch = left.size() == rank && right.size() == rank;
  for (unsigned i = 0; sameBatch && i < batch; ++i)
    sameBatch = left[i] == dims[i] && right[i] == dims[i];
  Value sum;
  if (rank == 2) {
    sum = linalg::MatmulOp::create(lowering.builder, lowering.loc, TypeRange{out.getType()},
                                   ValueRange{lhs, rhs}, ValueRange{out})
              .getResult(0);
  } else if (rank == 3 && sameBatch) {
    sum = linalg::BatchMatmulOp::create(lowering.builder, lowering.loc, TypeRange{out.getType()},
                                        ValueRange{lhs, rhs}, ValueRange{out})
              .getResult(0);
  } else {
    // Loops: batch dimensions, m, n, k.
    auto mapOf = [&](ArrayRef<ExprAttr> from, unsigned row, unsigned column) {
      AffineMap head = lowering.broadcastMap(from.drop_back(2), ArrayRef(dims).drop_back(2));
      SmallVector<AffineExpr> results(head.getResults());
      results.push_back(lowering.dim(row));
      results.push_back(lowering.dim(column));
      return AffineMap::get(rank + 1, 0, results, lowering.builder.getContext());
    };
    SmallVector<IteratorType> iterators(rank, IteratorType::parallel);
    iterators.push_back(IteratorType::reduction);
    sum = lowering
              .nest({{lhs, mapOf(left, batch, rank)}, {rhs, mapOf(right, rank, batch + 1)}},
                    {{out, mapOf(dims, batch, batch + 1)}}, iterators,
                    [](const Scalars &at, ValueRange v) {
                      return SmallVector<Value>{multiplyAdd(at, v)};
                    })
              .front();
  }
  finish(lowering, result, sum, Value());
  return success();
}

LogicalResult lowerLinear(KernelLowering &lowering, LinearOp op) {
  return isQuantizedElement(elementOf(op.getInput())) ? lowerQuantizedLinear(lowering, op)
                                                      : lowerPlainLinear(lowering, op);
}
} // namespace

void lower::addContractionLowerings(LoweringTable &table) {
  addLowering<LinearOp, lowerLinear>(table);
  addLowering<MatmulOp, lowerMatmul>(table);
}
