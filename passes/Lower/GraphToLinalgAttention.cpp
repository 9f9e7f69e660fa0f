// SPDX-License-Identifier: Apache-2.0
//
// Scaled dot-product attention: scores, softmax and the weighted sum of the
// values, all in f32 (f64 for f64). With grouped queries the heads are two
// dimensions, [key heads, queries a key head], so that index maps stay linear.
// docs/rationale/Attention.md says why scores are transposed.
#include "passes/Lower/KernelLowering.h"

#include <limits>

using namespace mlir;
using namespace lathe;
using namespace lathe::graph;
using namespace lathe::lower;

namespace {
using utils::IteratorType;

/// Fewer queries do not fill vectors: then keys or features are the lanes.
constexpr int64_t fewQueries = 16;

/// The operands with split heads: query [b..., l, e], key [b..., s, e], value
/// [b..., s, v]. `keyBatch` are the loops of b that key and value have.
struct Attention {
  Value query, key, value, mask;
  Dims queryDims, keyDims, valueDims, maskDims, resultDims;
  SmallVector<int64_t> keyBatch;
  unsigned batch;
  Type compute;
  /// Scores are [b..., s, l]: queries are neighbours in memory and lanes of all
  /// that is done with scores. Else they are [b..., l, s].
  bool queriesAreLanes;
  Dims scoreDims;

  /// The loops of the scores over queries and over keys.
  int64_t queryLoop() const { return batch + (queriesAreLanes ? 1 : 0); }
  int64_t keyLoop() const { return batch + (queriesAreLanes ? 0 : 1); }
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

// With grouped queries: heads as [key heads, queries a key head].
void splitHeads(KernelLowering &lowering, SdpaOp op, Attention &a) {
  if (!op.getEnableGqa() || a.batch == 0 || a.queryDims[a.batch - 1] == a.keyDims[a.batch - 1])
    return;
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
  splitHeads(lowering, op, a);
  ExprAttr queries = a.queryDims[a.batch], keys = a.keyDims[a.keyDims.size() - 2];
  a.queriesAreLanes = !queries.getConstant() || *queries.getConstant() >= fewQueries;
  a.scoreDims = Dims(ArrayRef(a.queryDims).take_front(a.batch));
  a.scoreDims.push_back(a.queriesAreLanes ? keys : queries);
  a.scoreDims.push_back(a.queriesAreLanes ? queries : keys);
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

/// Scores with what the mask forbids at minus infinity.
Value maskScores(KernelLowering &lowering, SdpaOp op, const Attention &a, Value scores) {
  bool isCausal = op.getIsCausal();
  if (!a.mask && !isCausal)
    return scores;
  unsigned rank = a.scoreDims.size();
  SmallVector<NestInput> inputs{{scores, lowering.identity(rank)}};
  if (a.mask) {
    // A mask is [..., l, s] whatever the order of the scores is.
    SmallVector<int64_t> order = llvm::to_vector(llvm::seq<int64_t>(0, rank));
    order[rank - 2] = a.queryLoop();
    order[rank - 1] = a.keyLoop();
    Dims dims = llvm::map_to_vector(order, [&](int64_t loop) { return a.scoreDims[loop]; });
    inputs.push_back(
        {a.mask, lowering.broadcastMap(a.maskDims, dims).compose(lowering.select(rank, order))});
  }
  Value out = lowering.empty(a.scoreDims, a.compute);
  return lowering.map(inputs, out, [&](const Scalars &at, ValueRange x) {
    Value forbidden = at.real(a.compute, -std::numeric_limits<double>::infinity());
    Value score = x[0];
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
    Value kept =
        at.compare(arith::CmpIPredicate::sle, index(a.keyLoop()), index(a.queryLoop()));
    return at.select(kept, score, forbidden);
  });
}

/// exp(score - max) in place of the scores, and 1 / its sums over the keys. The
/// maximum starts at the lowest finite number: so all terms of a row with nothing
/// kept are exp(-inf), which is 0, and 0 stands for the inverse of their sum.
std::pair<Value, Value> exponentials(KernelLowering &lowering, const Attention &a, Value scores) {
  unsigned rank = a.scoreDims.size();
  double lowest = a.compute.isF64() ? std::numeric_limits<double>::lowest()
                                    : double(std::numeric_limits<float>::lowest());
  SmallVector<int64_t> rowLoops = llvm::to_vector(llvm::seq<int64_t>(0, rank));
  llvm::erase(rowLoops, a.keyLoop());
  Dims rows = llvm::map_to_vector(rowLoops, [&](int64_t loop) { return a.scoreDims[loop]; });
  AffineMap all = lowering.identity(rank);
  AffineMap row = lowering.select(rank, rowLoops);
  Value most = lowering.reduce({scores, all}, rank, {a.keyLoop()},
                               lowering.filled(rows, a.compute, lowest),
                               [&](const Scalars &at, ValueRange x) {
                                 if (!a.queriesAreLanes)
                                   return at.make<arith::MaximumFOp>(x[1], x[0]);
                                 // One instruction. Who passes over a NaN here meets it in the sum.
                                 Value isMore = at.compare(arith::CmpFPredicate::OGT, x[0], x[1]);
                                 return at.select(isMore, x[0], x[1]);
                               });
  AffineMap same = lowering.identity(rank - 1);
  Value terms = lowering.map({{most, row}}, scores, [&](const Scalars &at, ValueRange x) {
    return at.expInSum(at.make<arith::SubFOp>(x[1], x[0]));
  });
  Value sums = lowering.reduce({terms, all}, rank, {a.keyLoop()},
                               lowering.filled(rows, a.compute, 0),
                               [](const Scalars &at, ValueRange x) {
                                 return at.make<arith::AddFOp>(x[1], x[0]);
                               });
  Value inverse = lowering.map({{sums, same}}, lowering.empty(rows, a.compute),
                               [&](const Scalars &at, ValueRange x) {
                                 Value zero = at.real(a.compute, 0);
                                 Value nothing = at.compare(arith::CmpFPredicate::OEQ, x[0], zero);
                                 Value one = at.real(a.compute, 1);
                                 return at.select(nothing, zero, at.make<arith::DivFOp>(one, x[0]));
                               });
  return {terms, inverse};
}

/// The scaled queries, [b..., e, l] where queries are lanes.
Value scaleQueries(KernelLowering &lowering, SdpaOp op, const Attention &a) {
  unsigned rank = a.queryDims.size();
  SmallVector<int64_t> order = llvm::to_vector(llvm::seq<int64_t>(0, rank));
  Dims dims(a.queryDims);
  if (a.queriesAreLanes) {
    std::swap(order[rank - 2], order[rank - 1]);
    std::swap(dims[rank - 2], dims[rank - 1]);
  }
  double scale = op.getScale().convertToDouble();
  return lowering.map({{a.query, lowering.select(rank, order)}}, lowering.empty(dims, a.compute),
                      [&](const Scalars &at, ValueRange x) {
                        return at.make<arith::MulFOp>(x[0], at.real(a.compute, scale));
                      });
}

/// Sums of products of queries and keys.
Value scoresOf(KernelLowering &lowering, const Attention &a, Value query,
               ArrayRef<int64_t> keyBatch) {
  unsigned loops = a.batch + 3, batch = a.batch;
  SmallVector<int64_t> all = llvm::to_vector(llvm::seq<int64_t>(0, batch));
  // Loops b..., s, l, e or b..., l, s, e.
  if (a.queriesAreLanes)
    return contract(lowering, a,
                    {a.key, tensorMap(lowering, keyBatch, loops, batch, batch + 2)},
                    {query, tensorMap(lowering, all, loops, batch + 2, batch + 1)}, a.scoreDims);
  return contract(lowering, a, {query, tensorMap(lowering, all, loops, batch, batch + 2)},
                  {a.key, tensorMap(lowering, keyBatch, loops, batch + 1, batch + 2)},
                  a.scoreDims);
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
  Value scores = scoresOf(lowering, a, scaleQueries(lowering, op, a), keyBatch);
  auto [terms, inverse] = exponentials(lowering, a, maskScores(lowering, op, a, scores));
  // Loops b..., l, v, s.
  AffineMap termMap = a.queriesAreLanes ? tensorMap(lowering, all, loops, batch + 2, batch)
                                        : tensorMap(lowering, all, loops, batch, batch + 2);
  Value weighted = contract(
      lowering, a, {terms, termMap},
      {a.value, tensorMap(lowering, keyBatch, loops, batch + 2, batch + 1)}, a.resultDims);
  unsigned rank = a.resultDims.size();
  AffineMap row = lowering.select(rank, llvm::to_vector(llvm::seq<int64_t>(0, rank - 1)));
  Dims dims = dimsOf(result);
  Value out = lowering.reshape(lowering.destination(result), dims, a.resultDims);
  // The inverse stands first: tiles then compute it before the weighted values,
  // which are still in registers when they are scaled.
  Value normal = lowering.map({{inverse, row}, {weighted, lowering.identity(rank)}}, out,
                              [&](const Scalars &at, ValueRange x) {
                                Value zero = at.real(a.compute, 0);
                                Value nothing = at.compare(arith::CmpFPredicate::OEQ, x[0], zero);
                                return at.select(nothing, zero, at.make<arith::MulFOp>(x[1], x[0]));
                              });
  lowering.setValue(result, lowering.reshape(normal, a.resultDims, dims));
  return success();
}
} // namespace

void lower::addAttentionLowerings(LoweringTable &table) { addLowering<SdpaOp, lowerSdpa>(table); }
