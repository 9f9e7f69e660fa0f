// SPDX-License-Identifier: Apache-2.0
//
// Operators that move data. Permutations and broadcasts are nests with index
// maps, so that they fuse; reshapes are views; slices are views where the step
// is positive.
#include "passes/Lower/KernelLowering.h"

#include "dialects/Graph/KeyParts.h"

using namespace mlir;
using namespace lathe;
using namespace lathe::graph;
using namespace lathe::lower;

namespace {
Value indexOf(const Scalars &at, unsigned dim) {
  return at.make<linalg::IndexOp>(at.builder.getIndexType(), at.builder.getI64IntegerAttr(dim));
}

LogicalResult lowerReshape(KernelLowering &lowering, ReshapeOp op) {
  if (Value scalar = lowering.splat(op.getInput())) {
    lowering.setSplat(op.getResult(), scalar);
    return success();
  }
  lowering.setValue(op.getResult(),
                    lowering.reshape(lowering.value(op.getInput()), dimsOf(op.getInput()),
                                     dimsOf(op.getResult())));
  return success();
}

LogicalResult lowerRelayout(KernelLowering &lowering, RelayoutOp op) {
  Value input = lowering.value(op.getInput());
  auto type = llvm::cast<RankedTensorType>(op.getType());
  if (lowering.layoutOf(input) == (getLayout(type) ? getPhysicalMap(type) : AffineMap())) {
    lowering.setValue(op.getResult(), input);
    return success();
  }
  lowering.elementwise(op, op.getInput(), [](const Scalars &, ValueRange x) { return x[0]; });
  return success();
}

LogicalResult lowerPermute(KernelLowering &lowering, PermuteOp op) {
  if (Value scalar = lowering.splat(op.getInput())) {
    lowering.setSplat(op.getResult(), scalar);
    return success();
  }
  // Result loop i runs along input dimension permutation[i].
  ArrayRef<int64_t> permutation = op.getPermutation();
  SmallVector<int64_t> loops(permutation.size());
  for (auto [index, dim] : llvm::enumerate(permutation))
    loops[dim] = index;
  lowering.setValue(
      op.getResult(),
      lowering.map({{lowering.value(op.getInput()), lowering.select(loops.size(), loops)}},
                   lowering.destination(op.getResult()),
                   [](const Scalars &, ValueRange x) { return x[0]; }));
  return success();
}

LogicalResult lowerBroadcast(KernelLowering &lowering, BroadcastOp op) {
  if (Value scalar = lowering.splat(op.getInput())) {
    lowering.setSplat(op.getResult(), scalar);
    return success();
  }
  lowering.elementwise(op, op.getInput(), [](const Scalars &, ValueRange x) { return x[0]; });
  return success();
}

/// Where a slice begins and what its steps are, as offsets of a subset.
struct Range {
  SmallVector<OpFoldResult> offsets, sizes, strides;
};
Range rangeOf(KernelLowering &lowering, ArrayRef<ExprAttr> starts, ArrayRef<ExprAttr> sizes,
              ArrayRef<int64_t> steps) {
  Range range{lowering.foldedSizes(starts), lowering.foldedSizes(sizes), {}};
  for (int64_t step : steps)
    range.strides.push_back(lowering.builder.getIndexAttr(step));
  return range;
}

LogicalResult lowerSlice(KernelLowering &lowering, SliceOp op) {
  Value result = op.getResult(), input = lowering.value(op.getInput());
  ArrayRef<ExprAttr> starts = op.getStarts().getDims(), sizes = op.getSizes().getDims();
  ArrayRef<int64_t> steps = op.getSteps();
  if (llvm::is_contained(steps, 0))
    return op.emitError("a slice with step 0 has no lowering to linalg");
  if (llvm::none_of(steps, [](int64_t step) { return step < 0; })) {
    // A layout only permutes: the dimensions are cut where they lie.
    AffineMap layout = lowering.layoutOf(input);
    auto place = [&](auto values) {
      llvm::SmallVector<typename decltype(values)::value_type> placed;
      for (unsigned i = 0; i < values.size(); ++i)
        placed.push_back(values[layout ? layout.getDimPosition(i) : i]);
      return placed;
    };
    Range range = rangeOf(lowering, starts, sizes, steps);
    Value part = lowering.slice(
        input, lowering.tensorType(place(Dims(sizes)), elementOf(input)), place(range.offsets),
        place(range.sizes), place(range.strides));
    lowering.setValue(result, lowering.withLayout(part, layout));
    return success();
  }
  SmallVector<Value> first = llvm::map_to_vector(
      starts, [&](ExprAttr start) { return lowering.size(start); });
  lowering.setValue(
      result, lowering.map({}, lowering.destination(result), [&](const Scalars &at, ValueRange) {
        SmallVector<Value> position;
        for (unsigned i = 0; i < steps.size(); ++i)
          position.push_back(at.make<arith::AddIOp>(
              first[i], at.make<arith::MulIOp>(indexOf(at, i), at.index(steps[i]))));
        return at.load(at.make<tensor::ExtractOp>(input, position));
      }));
  return success();
}

LogicalResult lowerInsertSlice(KernelLowering &lowering, InsertSliceOp op) {
  Value result = op.getResult(), data = lowering.value(op.getData());
  Value values = lowering.value(op.getValues());
  Dims sizes = dimsOf(op.getValues()), starts(op.getStarts().getDims());
  SmallVector<int64_t> steps(op.getSteps());
  if (!lowering.isOwned(data))
    data = lowering.copy(data, lowering.destination(result));
  else if (lowering.isReturned(result))
    (void)lowering.destination(result);
  // A negative step inserts the reversed values from the other end.
  Dims reversedFrom(sizes.size());
  for (unsigned i = 0; i < steps.size(); ++i) {
    if (steps[i] > 0)
      continue;
    ExprAttr last = makeAdd(sizes[i], lowering.constantExpr(-1));
    starts[i] = makeAdd(starts[i], makeMul(last, lowering.constantExpr(steps[i])));
    if (!last || !starts[i])
      return op.emitError("the start of dimension ") << i << " leaves 64 bits";
    steps[i] = -steps[i];
    reversedFrom[i] = last;
  }
  if (llvm::any_of(reversedFrom, [](ExprAttr last) { return !!last; })) {
    SmallVector<Value> ends = llvm::map_to_vector(
        reversedFrom, [&](ExprAttr last) { return last ? lowering.size(last) : Value(); });
    values = lowering.map({}, lowering.empty(sizes, elementOf(values)),
                          [&](const Scalars &at, ValueRange) {
                            SmallVector<Value> position;
                            for (auto [i, end] : llvm::enumerate(ends)) {
                              Value here = indexOf(at, i);
                              position.push_back(end ? at.make<arith::SubIOp>(end, here) : here);
                            }
                            return at.load(at.make<tensor::ExtractOp>(values, position));
                          });
  }
  Range range = rangeOf(lowering, starts, sizes, steps);
  lowering.setValue(result,
                    lowering.insert(values, data, range.offsets, range.sizes, range.strides));
  return success();
}

LogicalResult lowerConcat(KernelLowering &lowering, ConcatOp op) {
  if (isReadInParts(op))
    return success();
  Value result = op.getResult(), joined = lowering.destination(result);
  int64_t dim = op.getDim();
  Dims dims = dimsOf(result);
  ExprAttr offset = lowering.constantExpr(0);
  // A layout only permutes: the parts follow each other where `dim` lies.
  AffineMap layout = lowering.layoutOf(joined);
  unsigned place = layout ? *layout.getResultPosition(lowering.dim(dim)) : dim;
  for (Value input : op.getInputs()) {
    SmallVector<OpFoldResult> offsets(dims.size(), lowering.builder.getIndexAttr(0));
    offsets[place] = lowering.foldedSize(offset);
    Dims sizes = getPhysicalDims(llvm::cast<RankedTensorType>(input.getType()));
    joined = lowering.insert(lowering.value(input), joined, offsets, lowering.foldedSizes(sizes));
    offset = makeAdd(offset, sizes[place]);
  }
  lowering.setValue(result, lowering.withLayout(joined, layout));
  return success();
}

//===-- Pad ---------------------------------------------------------------===//

// The value of a constant margin as a scalar of the storage type.
Value marginOf(KernelLowering &lowering, PadOp op) {
  Scalars at{lowering.builder, lowering.loc};
  Type storage = getStorageType(elementOf(op.getResult()));
  if (auto real = llvm::dyn_cast<FloatAttr>(*op.getValue()))
    return llvm::isa<FloatType>(storage)
               ? at.make<arith::ConstantOp>(lowering.builder.getFloatAttr(storage, real.getValue()))
               : Value();
  auto integer = llvm::dyn_cast<IntegerAttr>(*op.getValue());
  if (!integer || !llvm::isa<IntegerType>(storage))
    return Value();
  return at.make<arith::ConstantOp>(lowering.builder.getIntegerAttr(
      storage, integer.getValue().sextOrTrunc(storage.getIntOrFloatBitWidth())));
}

LogicalResult lowerConstantPad(KernelLowering &lowering, PadOp op) {
  Value result = op.getResult(), margin = marginOf(lowering, op);
  if (!margin)
    return unsupported(op) << "the margin's value does not fit " << result.getType();
  SmallVector<int64_t> low(op.getLow()), high(op.getHigh());
  Dims dims = dimsOf(op.getInput());
  FailureOr<Value> cropped =
      cropMargins(lowering, op, lowering.value(op.getInput()), dims, low, high);
  if (failed(cropped))
    return failure();
  Value input = *cropped;
  if (!lowering.isReturned(result)) {
    lowering.setValue(result, padConstant(lowering, input, dims, low, high, margin));
    return success();
  }
  Dims sizes = inMemory<ExprAttr>(lowering.layoutOf(input), dims);
  SmallVector<OpFoldResult> offsets = marginsInMemory(lowering, input, low);
  Value out = lowering.fill(margin, lowering.destination(result));
  Value padded = lowering.insert(input, out, offsets, lowering.foldedSizes(sizes));
  lowering.setValue(result, lowering.withLayout(padded, lowering.layoutOf(input)));
  return success();
}

// The input position that a result position shows.
Value mirrored(const Scalars &at, PadMode mode, Value position, Value extent) {
  Value zero = at.index(0), one = at.index(1);
  Value last = at.make<arith::SubIOp>(extent, one);
  Value before = at.compare(arith::CmpIPredicate::slt, position, zero);
  Value after = at.compare(arith::CmpIPredicate::sgt, position, last);
  if (mode == PadMode::Reflect) {
    Value fromFront = at.make<arith::SubIOp>(zero, position);
    Value fromBack = at.make<arith::SubIOp>(at.make<arith::AddIOp>(last, last), position);
    position = at.select(before, fromFront, at.select(after, fromBack, position));
  } else if (mode == PadMode::Circular) {
    Value up = at.make<arith::AddIOp>(position, extent);
    Value down = at.make<arith::SubIOp>(position, extent);
    position = at.select(before, up, at.select(after, down, position));
  }
  // Margins wider than the input have no meaning; they must not read outside.
  return at.make<arith::MaxSIOp>(at.make<arith::MinSIOp>(position, last), zero);
}

LogicalResult lowerPad(KernelLowering &lowering, PadOp op) {
  if (op.getMode() == PadMode::Constant)
    return lowerConstantPad(lowering, op);
  Value result = op.getResult(), input = lowering.value(op.getInput());
  Dims dims = dimsOf(op.getInput());
  SmallVector<Value> extents =
      llvm::map_to_vector(dims, [&](ExprAttr dim) { return lowering.size(dim); });
  ArrayRef<int64_t> low = op.getLow(), high = op.getHigh();
  PadMode mode = op.getMode();
  SmallVector<bool> moves(dims.size()), maybeEmpty(dims.size());
  for (unsigned i = 0; i < dims.size(); ++i) {
    moves[i] = low[i] != 0 || high[i] != 0;
    maybeEmpty[i] = moves[i] && lowering.mayBeZero(dims[i]);
  }
  Type storage = elementOf(input);
  lowering.setValue(
      result, lowering.map({}, lowering.destination(result), [&](const Scalars &at, ValueRange) {
        SmallVector<Value> position;
        Value inside;
        for (unsigned i = 0; i < dims.size(); ++i) {
          Value here = indexOf(at, i);
          if (moves[i])
            here = mirrored(at, mode, at.make<arith::SubIOp>(here, at.index(low[i])), extents[i]);
          position.push_back(here);
          if (!maybeEmpty[i])
            continue;
          Value some = at.compare(arith::CmpIPredicate::sgt, extents[i], at.index(0));
          inside = inside ? at.make<arith::AndIOp>(inside, some) : some;
        }
        if (!inside)
          return at.load(at.make<tensor::ExtractOp>(input, position));
        Value zero = llvm::isa<FloatType>(storage) ? at.real(storage, 0) : at.integer(storage, 0);
        return at.load(readIf(at, inside, input, position, zero));
      }));
  return success();
}
} // namespace

void lower::addShapeLowerings(LoweringTable &table) {
  addLowering<ReshapeOp, lowerReshape>(table);
  addLowering<RelayoutOp, lowerRelayout>(table);
  addLowering<PermuteOp, lowerPermute>(table);
  addLowering<BroadcastOp, lowerBroadcast>(table);
  addLowering<SliceOp, lowerSlice>(table);
  addLowering<InsertSliceOp, lowerInsertSlice>(table);
  addLowering<ConcatOp, lowerConcat>(table);
  addLowering<PadOp, lowerPad>(table);
}
