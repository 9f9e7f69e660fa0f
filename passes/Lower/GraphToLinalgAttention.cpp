// SPDX-License-Identifier: Apache-2.0
//
// Scaled dot-product attention: scores, softmax and the weighted sum of the
// values, all in f32 (f64 for f64). With grouped queries the heads are two
// dimensions, [key heads, queries a key head], so that index maps stay linear.
// docs/rationale/Attention.md says why scores are transposed.
#include "passes/Lower/KernelLowering.h"

#include "dialects/Graph/KeyParts.h"

#include <limits>

using namespace mlir;
using namespace lathe;
using namespace lathe::graph;
using namespace lathe::lower;

namespace {
using utils::IteratorType;

/// Neighbouring keys, from `offset` on, and their values: [b..., s, e] and
/// [b..., s, v].
struct Part {
  Value key, value;
  ExprAttr offset;
  /// Of the scores of these keys.
  Dims scoreDims;
};

/// The operands with split heads: query [b..., l, e], and all keys as one part, or
/// as those that they are joined from. `keyBatch` are the loops of b that key and
/// value have.
struct Attention {
  Value query, mask;
  SmallVector<Part> parts;
  Dims queryDims, keyDims, maskDims, resultDims;
  SmallVector<int64_t> keyBatch;
  unsigned batch;
  Type compute;
  /// Scores are [b..., s, l]: queries are neighbours in memory and lanes of all
  /// that is done with scores. Else they are [b..., l, s].
  bool queriesAreLanes;

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

// The keys and values of `op`: those that it reads, or what they are joined from.
void addParts(KernelLowering &lowering, SdpaOp op, Attention &a) {
  SmallVector<Value> keys{op.getKey()}, values{op.getValue()};
  if (std::optional<KeyParts> joined = findKeyParts(op)) {
    keys = llvm::to_vector(joined->keys.getInputs());
    values = llvm::to_vector(joined->values.getInputs());
  }
  ExprAttr offset = lowering.constantExpr(0);
  for (auto [key, value] : llvm::zip_equal(keys, values)) {
    Dims dims = dimsOf(key);
    ExprAttr length = dims[dims.size() - 2], queries = a.queryDims[a.batch];
    Part part{lowering.value(key), lowering.value(value), offset, {}};
    part.scoreDims = Dims(ArrayRef(a.queryDims).take_front(a.batch));
    part.scoreDims.push_back(a.queriesAreLanes ? length : queries);
    part.scoreDims.push_back(a.queriesAreLanes ? queries : length);
    a.parts.push_back(part);
    offset = makeAdd(offset, length);
  }
}

Attention describe(KernelLowering &lowering, SdpaOp op) {
  Attention a;
  a.query = lowering.value(op.getQuery());
  a.queryDims = dimsOf(op.getQuery());
  a.keyDims = dimsOf(op.getKey());
  a.resultDims = dimsOf(op.getResult());
  a.compute = getComputeType(getStorageType(elementOf(op.getResult())));
  if (op.getMask()) {
    a.mask = lowering.value(op.getMask());
    a.maskDims = dimsOf(op.getMask());
  }
  a.batch = a.queryDims.size() - 2;
  a.keyBatch = llvm::to_vector(llvm::seq<int64_t>(0, a.batch));
  splitHeads(lowering, op, a);
  a.queriesAreLanes = !hasFewQueries(op);
  addParts(lowering, op, a);
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

// Adds products, over the third extra loop, to `sums` of [b..., first, second].
Value contract(KernelLowering &lowering, const Attention &a, NestInput lhs, NestInput rhs,
               Value sums) {
  SmallVector<int64_t> all = llvm::to_vector(llvm::seq<int64_t>(0, a.batch));
  SmallVector<IteratorType> iterators(a.batch + 2, IteratorType::parallel);
  iterators.push_back(IteratorType::reduction);
  AffineMap out = tensorMap(lowering, all, a.batch + 3, a.batch, a.batch + 1);
  return lowering
      .nest({lhs, rhs}, {{sums, out}}, iterators,
            [](const Scalars &at, ValueRange x) {
              Value product = at.make<arith::MulFOp>(x[0], x[1]);
              return SmallVector<Value>{at.make<arith::AddFOp>(x[2], product)};
            })
      .front();
}

/// What the mask says of the keys of `part`, and its sizes.
std::pair<Value, Dims> maskOf(KernelLowering &lowering, const Attention &a, const Part &part) {
  Dims dims(a.maskDims);
  if (a.parts.size() == 1 || dims.empty() || dims.back().isConstant(1))
    return {a.mask, dims};
  dims.back() = part.scoreDims[a.keyLoop()];
  SmallVector<OpFoldResult> offsets(dims.size(), lowering.builder.getIndexAttr(0));
  offsets.back() = lowering.foldedSize(part.offset);
  Value slice = lowering.slice(a.mask, lowering.tensorType(dims, elementOf(a.mask)), offsets,
                               lowering.foldedSizes(dims));
  return {slice, dims};
}

/// Scores with what the mask forbids at minus infinity.
Value maskScores(KernelLowering &lowering, SdpaOp op, const Attention &a, const Part &part,
                 Value scores) {
  bool isCausal = op.getIsCausal();
  if (!a.mask && !isCausal)
    return scores;
  unsigned rank = part.scoreDims.size();
  SmallVector<NestInput> inputs{{scores, lowering.identity(rank)}};
  if (a.mask) {
    // A mask is [..., l, s] whatever the order of the scores is.
    SmallVector<int64_t> order = llvm::to_vector(llvm::seq<int64_t>(0, rank));
    order[rank - 2] = a.queryLoop();
    order[rank - 1] = a.keyLoop();
    Dims dims = llvm::map_to_vector(order, [&](int64_t loop) { return part.scoreDims[loop]; });
    auto [mask, maskDims] = maskOf(lowering, a, part);
    inputs.push_back(
        {mask, lowering.broadcastMap(maskDims, dims).compose(lowering.select(rank, order))});
  }
  Value out = lowering.empty(part.scoreDims, a.compute);
  Value offset = isCausal && !part.offset.isConstant(0) ? lowering.size(part.offset) : Value();
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
    Value key = index(a.keyLoop());
    if (!part.offset.isConstant(0))
      key = at.make<arith::AddIOp>(key, offset);
    Value kept = at.compare(arith::CmpIPredicate::sle, key, index(a.queryLoop()));
    return at.select(kept, score, forbidden);
  });
}

/// exp(score - max) in place of the scores of each part, and 1 / their sums over
/// all keys. The maximum starts at the lowest finite number: so all terms of a row
/// with nothing kept are exp(-inf), which is 0, and 0 stands for the inverse of their sum.
Value exponentials(KernelLowering &lowering, const Attention &a, MutableArrayRef<Value> scores) {
  unsigned rank = a.queryDims.size();
  double lowest = a.compute.isF64() ? std::numeric_limits<double>::lowest()
                                    : double(std::numeric_limits<float>::lowest());
  SmallVector<int64_t> rowLoops = llvm::to_vector(llvm::seq<int64_t>(0, rank));
  llvm::erase(rowLoops, a.keyLoop());
  Dims rows = llvm::map_to_vector(rowLoops, [&](int64_t loop) { return a.parts[0].scoreDims[loop]; });
  AffineMap all = lowering.identity(rank);
  AffineMap row = lowering.select(rank, rowLoops);
  Value most = lowering.filled(rows, a.compute, lowest);
  for (Value part : scores)
    most = lowering.reduce({part, all}, rank, {a.keyLoop()}, most, [&](const Scalars &at, ValueRange x) {
      if (!a.queriesAreLanes)
        return at.make<arith::MaximumFOp>(x[1], x[0]);
      // One instruction. Who passes over a NaN here meets it in the sum.
      Value isMore = at.compare(arith::CmpFPredicate::OGT, x[0], x[1]);
      return at.select(isMore, x[0], x[1]);
    });
  AffineMap same = lowering.identity(rank - 1);
  for (Value &part : scores)
    part = lowering.map({{most, row}}, part, [&](const Scalars &at, ValueRange x) {
      return at.expInSum(at.make<arith::SubFOp>(x[1], x[0]));
    });
  Value sums = lowering.filled(rows, a.compute, 0);
  for (Value terms : scores)
    sums = lowering.reduce({terms, all}, rank, {a.keyLoop()}, sums, [](const Scalars &at, ValueRange x) {
      return at.make<arith::AddFOp>(x[1], x[0]);
    });
  return lowering.map({{sums, same}}, lowering.empty(rows, a.compute),
                      [&](const Scalars &at, ValueRange x) {
                        Value zero = at.real(a.compute, 0);
                        Value nothing = at.compare(arith::CmpFPredicate::OEQ, x[0], zero);
                        Value one = at.real(a.compute, 1);
                        return at.select(nothing, zero, at.make<arith::DivFOp>(one, x[0]));
                      });
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
Value scoresOf(KernelLowering &lowering, const Attention &a, const Part &part, Value query,
               ArrayRef<int64_t> keyBatch) {
  unsigned loops = a.batch + 3, batch = a.batch;
  SmallVector<int64_t> all = llvm::to_vector(llvm::seq<int64_t>(0, batch));
  Value zeros = lowering.filled(part.scoreDims, a.compute, 0);
  // Loops b..., s, l, e or b..., l, s, e.
  if (a.queriesAreLanes)
    return contract(lowering, a,
                    {part.key, tensorMap(lowering, keyBatch, loops, batch, batch + 2)},
                    {query, tensorMap(lowering, all, loops, batch + 2, batch + 1)}, zeros);
  return contract(lowering, a, {query, tensorMap(lowering, all, loops, batch, batch + 2)},
                  {part.key, tensorMap(lowering, keyBatch, loops, batch + 1, batch + 2)}, zeros);
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
  Value query = scaleQueries(lowering, op, a);
  SmallVector<Value> terms;
  for (const Part &part : a.parts)
    terms.push_back(maskScores(lowering, op, a, part, scoresOf(lowering, a, part, query, keyBatch)));
  Value inverse = exponentials(lowering, a, terms);
  // Loops b..., l, v, s.
  AffineMap termMap = a.queriesAreLanes ? tensorMap(lowering, all, loops, batch + 2, batch)
                                        : tensorMap(lowering, all, loops, batch, batch + 2);
  AffineMap valueMap = tensorMap(lowering, keyBatch, loops, batch + 2, batch + 1);
  Value weighted = lowering.filled(a.resultDims, a.compute, 0);
  for (auto [part, factors] : llvm::zip_equal(a.parts, terms))
    weighted = contract(lowering, a, {factors, termMap}, {part.value, valueMap}, weighted);
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
