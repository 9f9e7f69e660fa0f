// SPDX-License-Identifier: Apache-2.0
//
// Scaled dot-product attention: scores, softmax and the weighted sum of the
// values, all in f32 (f64 for f64). With grouped queries the heads are two
// dimensions, [key heads, queries a key head], so that index maps stay linear.
#include "passes/Lower/KernelLowering.h"

#include <limits>

using namespace mlir;
using namespace lathe;
using namespace lathe::graph;
using namespace lathe::lower;

namespace {
using utils::IteratorType;

/// The operands with split heads: query [b..., l, e], key [b..., s, e], value
/// [b..., s, v]. `keyBatch` are the loops of b that key and value have.
struct Attention {
  Value query, key, value, mask;
  Dims queryDims, keyDims, valueDims, maskDims, resultDims;
  SmallVector<int64_t> keyBatch;
  unsigned batch;
  Type compute;
};

// Splits dimension `dim` of sizes into [outer, size / outer].
Dims splitDim(KernelLowering &lowering, ArrayRef<ExprAttr> dims, unsigned dim, int64_t outer) {
  Dims split(dims.take_front(dim));
  bool isOne = dims[dim].isConstant(1);
  split.push_back(lowering.constantExpr(isOne ? 1 : outer));
  split.push_back(lowering.constantExpr(isOne ? 1 : *dims[dim].getConstant() / outer));
  split.append(dims.begin() + dim + 1, dims.end());
  return split;
}

Attention describe(KernelLowering &lowering, SdpaOp op) {
  Attention a;
  a.query = lowering.value(op.getQuery());
  a.key = lowering.value(op.getKey());
  a.value = lowering.value(op.getValue());
  a.queryDims = dimsOf(op.getQuery());
  a.keyDims = dimsOf(op.getKey());
  a.valueDims = dimsOf(op.getValue());
  a.resultDims = dimsOf(op.getResult());
  a.compute = getComputeType(getStorageType(elementOf(op.getResult())));
  if (op.getMask()) {
    a.mask = lowering.value(op.getMask());
    a.maskDims = dimsOf(op.getMask());
  }
  a.batch = a.queryDims.size() - 2;
  a.keyBatch = llvm::to_vector(llvm::seq<int64_t>(0, a.batch));
  if (!op.getEnableGqa() || a.batch == 0 || a.queryDims[a.batch - 1] == a.keyDims[a.batch - 1])
    return a;
  unsigned head = a.batch - 1;
  int64_t keyHeads = *a.keyDims[head].getConstant();
  auto split = [&](Value &tensor, Dims &dims, unsigned dim) {
    Dims wider = splitDim(lowering, dims, dim, keyHeads);
    if (tensor)
      tensor = lowering.reshape(tensor, dims, wider);
    dims = wider;
  };
  Value none;
  split(a.query, a.queryDims, head);
  split(none, a.resultDims, head);
  // A mask has heads only if its rank reaches them.
  if (a.mask && a.maskDims.size() >= 3)
    split(a.mask, a.maskDims, a.maskDims.size() - 3);
  ++a.batch;
  return a;
}

// Loops b..., then three more; a tensor of [b..., x, y] along these two.
AffineMap tensorMap(KernelLowering &lowering, ArrayRef<int64_t> batch, unsigned loops, unsigned x,
                    unsigned y) {
  SmallVector<int64_t> dims(batch);
  dims.push_back(x);
  dims.push_back(y);
  return lowering.select(loops, dims);
}

// Sum of products over the third extra loop into [b..., first, second].
Value contract(KernelLowering &lowering, const Attention &a, NestInput lhs, NestInput rhs,
               ArrayRef<ExprAttr> dims) {
  SmallVector<int64_t> all = llvm::to_vector(llvm::seq<int64_t>(0, a.batch));
  SmallVector<IteratorType> iterators(a.batch + 2, IteratorType::parallel);
  iterators.push_back(IteratorType::reduction);
  AffineMap out = tensorMap(lowering, all, a.batch + 3, a.batch, a.batch + 1);
  return lowering
      .nest({lhs, rhs}, {{lowering.filled(dims, a.compute, 0), out}}, iterators,
            [](const Scalars &at, ValueRange x) {
              Value product = at.make<arith::MulFOp>(x[0], x[1]);
              return SmallVector<Value>{at.make<arith::AddFOp>(x[2], product)};
            })
      .front();
}

/// Scaled scores with what the mask forbids at minus infinity.
Value maskScores(KernelLowering &lowering, SdpaOp op, const Attention &a, Value scores,
                 ArrayRef<ExprAttr> dims) {
  unsigned rank = dims.size();
  SmallVector<NestInput> inputs{{scores, lowering.identity(rank)}};
  if (a.mask)
    inputs.push_back({a.mask, lowering.broadcastMap(a.maskDims, dims)});
  double scale = op.getScale().convertToDouble();
  bool isCausal = op.getIsCausal();
  return lowering.map(inputs, lowering.empty(dims, a.compute), [&](const Scalars &at, ValueRange x) {
    Value forbidden = at.real(a.compute, -std::numeric_limits<double>::infinity());
    Value score = at.make<arith::MulFOp>(x[0], at.real(a.compute, scale));
    if (a.mask && x[1].getType().isInteger(1)) {
      score = at.select(x[1], score, forbidden);
    } else if (a.mask) {
      Value added = x[1];
      if (added.getType().isF64() && a.compute.isF32())
        added = at.make<arith::TruncFOp>(a.compute, added);
      else if (added.getType() != a.compute)
        added = at.make<arith::ExtFOp>(a.compute, added);
      score = at.make<arith::AddFOp>(score, added);
    }
    if (!isCausal)
      return score;
    auto index = [&](unsigned dim) -> Value {
      return at.make<linalg::IndexOp>(at.builder.getIndexType(), at.builder.getI64IntegerAttr(dim));
    };
    Value kept = at.compare(arith::CmpIPredicate::sle, index(rank - 1), index(rank - 2));
    return at.select(kept, score, forbidden);
  });
}

/// exp(score - max) and its sums over the last dimension. A row with nothing
/// kept has no finite maximum; 0 stands in for it, and all terms are 0.
std::pair<Value, Value> exponentials(KernelLowering &lowering, const Attention &a, Value scores,
                                     ArrayRef<ExprAttr> dims) {
  unsigned rank = dims.size();
  double inf = std::numeric_limits<double>::infinity();
  ArrayRef<ExprAttr> rows = dims.drop_back();
  AffineMap all = lowering.identity(rank);
  AffineMap row = lowering.select(rank, llvm::to_vector(llvm::seq<int64_t>(0, rank - 1)));
  Value most = lowering.reduce({scores, all}, rank, {rank - 1}, lowering.filled(rows, a.compute, -inf),
                               [](const Scalars &at, ValueRange x) {
                                 return at.make<arith::MaximumFOp>(x[1], x[0]);
                               });
  Value terms = lowering.map(
      {{scores, all}, {most, row}}, lowering.empty(dims, a.compute),
      [&](const Scalars &at, ValueRange x) {
        Value nothing = at.compare(arith::CmpFPredicate::OEQ, x[1], at.real(a.compute, -inf));
        Value shift = at.select(nothing, at.real(a.compute, 0), x[1]);
        return at.expInSum(at.make<arith::SubFOp>(x[0], shift));
      });
  Value sums = lowering.reduce({terms, all}, rank, {rank - 1}, lowering.filled(rows, a.compute, 0),
                               [](const Scalars &at, ValueRange x) {
                                 return at.make<arith::AddFOp>(x[1], x[0]);
                               });
  return {terms, sums};
}

LogicalResult lowerSdpa(KernelLowering &lowering, SdpaOp op) {
  Attention a = describe(lowering, op);
  Value result = op.getResult();
  if (a.mask && !elementOf(a.mask).isInteger(1) && !llvm::isa<FloatType>(elementOf(a.mask)))
    return unsupported(op) << "an attention mask is i1 or a float, got " << op.getMask().getType();
  unsigned loops = a.batch + 3, batch = a.batch;
  SmallVector<int64_t> all = llvm::to_vector(llvm::seq<int64_t>(0, batch));
  // With split heads, the key's batch loops leave out the queries a key head.
  SmallVector<int64_t> keyBatch(all);
  if (a.keyBatch.size() != batch)
    keyBatch.pop_back();
  Dims scoreDims(a.queryDims);
  scoreDims.back() = a.keyDims[a.keyDims.size() - 2];
  // Loops b..., l, s, e.
  Value scores = contract(
      lowering, a, {a.query, tensorMap(lowering, all, loops, batch, batch + 2)},
      {a.key, tensorMap(lowering, keyBatch, loops, batch + 1, batch + 2)}, scoreDims);
  scores = maskScores(lowering, op, a, scores, scoreDims);
  auto [terms, sums] = exponentials(lowering, a, scores, scoreDims);
  // Loops b..., l, v, s.
  Value weighted = contract(
      lowering, a, {terms, tensorMap(lowering, all, loops, batch, batch + 2)},
      {a.value, tensorMap(lowering, keyBatch, loops, batch + 2, batch + 1)}, a.resultDims);
  unsigned rank = a.resultDims.size();
  AffineMap row = lowering.select(rank, llvm::to_vector(llvm::seq<int64_t>(0, rank - 1)));
  Dims dims = dimsOf(result);
  Value out = lowering.reshape(lowering.destination(result), dims, a.resultDims);
  Value normal = lowering.map({{weighted, lowering.identity(rank)}, {sums, row}}, out,
                              [&](const Scalars &at, ValueRange x) {
                                Value zero = at.real(a.compute, 0);
                                Value nothing = at.compare(arith::CmpFPredicate::OEQ, x[1], zero);
                                return at.select(nothing, zero, at.make<arith::DivFOp>(x[0], x[1]));
                              });
  lowering.setValue(result, lowering.reshape(normal, a.resultDims, dims));
  return success();
}
} // namespace

void lower::addAttentionLowerings(LoweringTable &table) { addLowering<SdpaOp, lowerSdpa>(table); }
