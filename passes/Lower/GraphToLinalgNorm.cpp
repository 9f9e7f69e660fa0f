// SPDX-License-Identifier: Apache-2.0
//
// Normalisations: statistics in f32 (f64 for f64), one pass for the mean and
// one for the variance around it, then one elementwise nest.
#include "passes/Lower/KernelLowering.h"

using namespace mlir;
using namespace lathe;
using namespace lathe::graph;
using namespace lathe::lower;

namespace {
/// Sums of a term over the trailing dimensions from `leading` on, divided by
/// their count; the body gets one scalar for each input.
Value meanOf(KernelLowering &lowering, ArrayRef<NestInput> inputs, ArrayRef<ExprAttr> dims,
             unsigned leading, Value count, Type compute, ScalarBody term) {
  ArrayRef<ExprAttr> kept = dims.take_front(leading);
  SmallVector<utils::IteratorType> iterators(leading, utils::IteratorType::parallel);
  iterators.append(dims.size() - leading, utils::IteratorType::reduction);
  AffineMap row = lowering.select(dims.size(), llvm::to_vector(llvm::seq<int64_t>(0, leading)));
  Value sum = lowering
                  .nest(inputs, {{lowering.filled(kept, compute, 0), row}}, iterators,
                        [&](const Scalars &at, ValueRange x) {
                          return SmallVector<Value>{
                              at.make<arith::AddFOp>(x.back(), term(at, x.drop_back()))};
                        })
                  .front();
  return lowering.map({{sum, lowering.identity(leading)}}, lowering.empty(kept, compute),
                      [&](const Scalars &at, ValueRange x) {
                        return at.make<arith::DivFOp>(x[0], at.fromIndex(count, compute));
                      });
}

// Statistics and parameters may have another float type than the input.
Value converted(const Scalars &at, Value value, Type type) {
  unsigned from = value.getType().getIntOrFloatBitWidth(), to = type.getIntOrFloatBitWidth();
  if (from == to)
    return value;
  return from < to ? at.make<arith::ExtFOp>(type, value) : at.make<arith::TruncFOp>(type, value);
}

/// 1 / sqrt(variance + epsilon), in nests of their own: a root and a division for
/// each row, not for each vector of it.
Value inverseDeviations(KernelLowering &lowering, Value variance, ArrayRef<ExprAttr> dims,
                        Type compute, const APFloat &epsilon) {
  return lowering.map({{variance, lowering.identity(dims.size())}}, lowering.empty(dims, compute),
                      [&](const Scalars &at, ValueRange x) {
                        Value shifted = at.make<arith::AddFOp>(
                            converted(at, x[0], compute), at.real(compute, epsilon.convertToDouble()));
                        return at.make<arith::DivFOp>(at.real(compute, 1),
                                                      at.make<math::SqrtOp>(shifted));
                      });
}

// x * weight + bias with whichever of them exists; `next` walks the inputs.
Value scaleAndShift(const Scalars &at, Value x, ValueRange inputs, unsigned next, bool hasWeight,
                    bool hasBias) {
  if (hasWeight)
    x = at.make<arith::MulFOp>(x, converted(at, inputs[next++], x.getType()));
  if (hasBias)
    x = at.make<arith::AddFOp>(x, converted(at, inputs[next], x.getType()));
  return x;
}

/// Mean and inverse deviation of `input` over trailing dimensions, as tensors of
/// the leading ones.
struct Moments {
  Value mean, inverse;
};
FailureOr<Moments> momentsOf(KernelLowering &lowering, Operation *op, Value input,
                             ArrayRef<ExprAttr> dims, unsigned leading, Type compute,
                             const APFloat &epsilon) {
  ExprAttr elements = makeProduct(lowering.builder.getContext(), dims.drop_front(leading));
  if (!elements)
    return op->emitError("the number of normalised elements leaves 64 bits");
  Value count = lowering.size(elements);
  NestInput all{input, lowering.identity(dims.size())};
  Value mean = meanOf(lowering, {all}, dims, leading, count, compute,
                      [](const Scalars &, ValueRange x) { return x[0]; });
  AffineMap row = lowering.select(dims.size(), llvm::to_vector(llvm::seq<int64_t>(0, leading)));
  Value variance = meanOf(lowering, {all, {mean, row}}, dims, leading, count, compute,
                          [](const Scalars &at, ValueRange x) {
                            Value centered = at.make<arith::SubFOp>(x[0], x[1]);
                            return at.make<arith::MulFOp>(centered, centered);
                          });
  return Moments{mean, inverseDeviations(lowering, variance, dims.take_front(leading), compute, epsilon)};
}

SmallVector<int64_t> sequence(unsigned from, unsigned to) {
  return llvm::to_vector(llvm::seq<int64_t>(from, to));
}

LogicalResult lowerLayerNorm(KernelLowering &lowering, LayerNormOp op) {
  Value result = op.getResult(), input = lowering.value(op.getInput());
  Dims dims = dimsOf(result);
  unsigned rank = dims.size(), leading = rank - op.getNormalizedRank();
  Type compute = getComputeType(getStorageType(elementOf(result)));
  FailureOr<Moments> moments = momentsOf(lowering, op, input, dims, leading, compute, op.getEpsilon());
  if (failed(moments))
    return failure();
  AffineMap row = lowering.select(rank, sequence(0, leading));
  AffineMap parameter = lowering.select(rank, sequence(leading, rank));
  SmallVector<NestInput> inputs{
      {input, lowering.identity(rank)}, {moments->mean, row}, {moments->inverse, row}};
  for (Value value : {op.getWeight(), op.getBias()})
    if (value)
      inputs.push_back({lowering.value(value), parameter});
  bool hasWeight = !!op.getWeight(), hasBias = !!op.getBias();
  lowering.setValue(
      result, lowering.map(inputs, lowering.destination(result),
                           [&](const Scalars &at, ValueRange x) {
                             Value centered = at.make<arith::SubFOp>(x[0], x[1]);
                             Value scaled = at.make<arith::MulFOp>(centered, x[2]);
                             return scaleAndShift(at, scaled, x, 3, hasWeight, hasBias);
                           }));
  return success();
}

LogicalResult lowerRmsNorm(KernelLowering &lowering, RmsNormOp op) {
  Value result = op.getResult(), input = lowering.value(op.getInput());
  Dims dims = dimsOf(result);
  unsigned rank = dims.size(), leading = rank - op.getNormalizedRank();
  Type compute = getComputeType(getStorageType(elementOf(result)));
  ExprAttr elements = makeProduct(op.getContext(), ArrayRef(dims).drop_front(leading));
  if (!elements)
    return op.emitError("the number of normalised elements leaves 64 bits");
  Value mean = meanOf(lowering, {{input, lowering.identity(rank)}}, dims, leading,
                      lowering.size(elements), compute, [](const Scalars &at, ValueRange x) {
                        return at.make<arith::MulFOp>(x[0], x[0]);
                      });
  Value inverse = inverseDeviations(lowering, mean, ArrayRef(dims).take_front(leading), compute,
                                    op.getEpsilon());
  SmallVector<NestInput> inputs{{input, lowering.identity(rank)},
                                {inverse, lowering.select(rank, sequence(0, leading))}};
  if (op.getWeight())
    inputs.push_back(
        {lowering.value(op.getWeight()), lowering.select(rank, sequence(leading, rank))});
  bool hasWeight = !!op.getWeight();
  lowering.setValue(result, lowering.map(inputs, lowering.destination(result),
                                         [&](const Scalars &at, ValueRange x) {
                                           Value scaled = at.make<arith::MulFOp>(x[0], x[1]);
                                           return scaleAndShift(at, scaled, x, 2, hasWeight, false);
                                         }));
  return success();
}

LogicalResult lowerGroupNorm(KernelLowering &lowering, GroupNormOp op) {
  Value result = op.getResult();
  Dims dims = dimsOf(result), split{dims[0]};
  int64_t groups = op.getGroups(), channels = *dims[1].getConstant() / groups;
  split.push_back(lowering.constantExpr(groups));
  split.push_back(lowering.constantExpr(channels));
  split.append(dims.begin() + 2, dims.end());
  unsigned rank = split.size();
  Value input = lowering.reshape(lowering.value(op.getInput()), dims, split);
  Type compute = getComputeType(getStorageType(elementOf(result)));
  FailureOr<Moments> moments = momentsOf(lowering, op, input, split, 2, compute, op.getEpsilon());
  if (failed(moments))
    return failure();
  AffineMap row = lowering.select(rank, {0, 1}), parameter = lowering.select(rank, {1, 2});
  SmallVector<NestInput> inputs{
      {input, lowering.identity(rank)}, {moments->mean, row}, {moments->inverse, row}};
  for (Value value : {op.getWeight(), op.getBias()})
    if (value)
      inputs.push_back(
          {lowering.reshape(lowering.value(value), dimsOf(value), {split[1], split[2]}), parameter});
  bool hasWeight = !!op.getWeight(), hasBias = !!op.getBias();
  Value out = lowering.reshape(lowering.destination(result), dims, split);
  Value normal = lowering.map(inputs, out, [&](const Scalars &at, ValueRange x) {
    Value centered = at.make<arith::SubFOp>(x[0], x[1]);
    Value scaled = at.make<arith::MulFOp>(centered, x[2]);
    return scaleAndShift(at, scaled, x, 3, hasWeight, hasBias);
  });
  lowering.setValue(result, lowering.reshape(normal, split, dims));
  return success();
}

LogicalResult lowerBatchNorm(KernelLowering &lowering, BatchNormOp op) {
  Value result = op.getResult();
  unsigned rank = dimsOf(result).size();
  if (rank < 2)
    return op.emitError("batch_norm expects channels in dimension 1, got ") << result.getType();
  AffineMap channel = lowering.select(rank, {1});
  Type compute = getComputeType(getStorageType(elementOf(result)));
  Value inverse = inverseDeviations(lowering, lowering.value(op.getVariance()),
                                    dimsOf(op.getVariance()), compute, op.getEpsilon());
  SmallVector<NestInput> inputs{{lowering.value(op.getInput()), lowering.identity(rank)},
                                {lowering.value(op.getMean()), channel},
                                {inverse, channel}};
  for (Value value : {op.getWeight(), op.getBias()})
    if (value)
      inputs.push_back({lowering.value(value), channel});
  bool hasWeight = !!op.getWeight(), hasBias = !!op.getBias();
  lowering.setValue(
      result, lowering.map(inputs, lowering.destination(result),
                           [&](const Scalars &at, ValueRange x) {
                             Type type = x[0].getType();
                             Value centered =
                                 at.make<arith::SubFOp>(x[0], converted(at, x[1], type));
                             Value scaled = at.make<arith::MulFOp>(centered, x[2]);
                             return scaleAndShift(at, scaled, x, 3, hasWeight, hasBias);
                           }));
  return success();
}
} // namespace

void lower::addNormLowerings(LoweringTable &table) {
  addLowering<LayerNormOp, lowerLayerNorm>(table);
  addLowering<RmsNormOp, lowerRmsNorm>(table);
  addLowering<GroupNormOp, lowerGroupNorm>(table);
  addLowering<BatchNormOp, lowerBatchNorm>(table);
}
