// SPDX-License-Identifier: Apache-2.0
//
// Indexing by tensors (ir-contract C21): negative indices count from the end,
// an index outside sets the status word, and the access is clamped. Nothing is
// read from a dimension without elements.
#include "passes/Lower/KernelLowering.h"

#include "mlir/Dialect/Affine/Utils.h"

using namespace mlir;
using namespace lathe;
using namespace lathe::graph;
using namespace lathe::lower;

namespace {
Value indexOf(const Scalars &at, unsigned dim) {
  return at.make<linalg::IndexOp>(at.builder.getIndexType(), at.builder.getI64IntegerAttr(dim));
}

/// Reads `data` at `position`, or gives 0 where one of `extents` is 0.
Value readGuarded(const Scalars &at, Value data, ValueRange position, ArrayRef<Value> extents) {
  Value some;
  for (Value extent : extents) {
    Value next = at.compare(arith::CmpIPredicate::sgt, extent, at.index(0));
    some = some ? at.make<arith::AndIOp>(some, next) : next;
  }
  if (!some)
    return at.load(at.make<tensor::ExtractOp>(data, position));
  Type type = elementOf(data);
  Value zero = llvm::isa<FloatType>(type) ? at.real(type, 0) : at.integer(type, 0);
  return at.load(readIf(at, some, data, position, zero));
}

/// The place in memory of `position`, which is counted as the model has it.
SmallVector<Value> placeOf(const Scalars &at, AffineMap layout, ArrayRef<Value> position) {
  if (!layout)
    return llvm::to_vector(position);
  std::optional<SmallVector<Value, 8>> place =
      affine::expandAffineMap(at.builder, at.loc, layout, position);
  assert(place && "a layout divides by constants only");
  return llvm::to_vector_of<Value>(*place);
}

LogicalResult lowerGather(KernelLowering &lowering, GatherOp op) {
  Value result = op.getResult();
  Value data = lowering.value(op.getData()), indices = lowering.value(op.getIndices());
  Dims dims = dimsOf(op.getData());
  unsigned dim = op.getDim(), width = dimsOf(op.getIndices()).size();
  unsigned rank = dimsOf(result).size();
  lowering.checkIndices(indices, width, dims[dim]);
  Value extent = lowering.size(dims[dim]);
  SmallVector<Value> guards;
  if (lowering.mayBeZero(dims[dim]))
    guards.push_back(extent);
  SmallVector<int64_t> loops = llvm::to_vector(llvm::seq<int64_t>(dim, dim + width));
  lowering.setValue(
      result,
      lowering.map({{indices, lowering.select(rank, loops)}}, lowering.destination(result),
                   [&](const Scalars &at, ValueRange x) {
                     SmallVector<Value> position;
                     for (unsigned i = 0; i < dims.size(); ++i)
                       position.push_back(i == dim  ? lowering.clampIndex(at, x[0], extent)
                                          : i < dim ? indexOf(at, i)
                                                    : indexOf(at, i + width - 1));
                     return readGuarded(at, data, placeOf(at, lowering.layoutOf(data), position),
                                        guards);
                   }));
  return success();
}

LogicalResult lowerGatherElements(KernelLowering &lowering, GatherElementsOp op) {
  Value result = op.getResult();
  Value data = lowering.value(op.getData()), indices = lowering.value(op.getIndices());
  Dims dims = dimsOf(op.getData()), shape = dimsOf(op.getIndices());
  unsigned dim = op.getDim();
  lowering.checkIndices(indices, shape.size(), dims[dim]);
  SmallVector<Value> extents, guards;
  for (unsigned i = 0; i < dims.size(); ++i) {
    // The other sizes may be smaller than the data's; larger ones must not
    // read outside.
    bool isFixed = i != dim && (dims[i] == shape[i] ||
                                lowering.rangeOf(shape[i]).max <= lowering.rangeOf(dims[i]).min);
    extents.push_back(isFixed ? Value() : lowering.size(dims[i]));
    if (!isFixed && lowering.mayBeZero(dims[i]))
      guards.push_back(extents.back());
  }
  lowering.setValue(
      result, lowering.map({{indices, lowering.identity(shape.size())}},
                           lowering.destination(result), [&](const Scalars &at, ValueRange x) {
                             SmallVector<Value> position;
                             for (unsigned i = 0; i < dims.size(); ++i) {
                               Value here = indexOf(at, i);
                               if (i == dim)
                                 here = lowering.clampIndex(at, x[0], extents[i]);
                               else if (extents[i])
                                 here = at.make<arith::MinSIOp>(
                                     here, at.make<arith::SubIOp>(extents[i], at.index(1)));
                               position.push_back(here);
                             }
                             return readGuarded(at, data, position, guards);
                           }));
  return success();
}

/// Advanced indexing: which dimensions of the indexed shape are the joint
/// shape of the indices, and which the rest of the data.
struct Indexing {
  Dims data, joint, rest, result;
  unsigned jointAt = 0;
  SmallVector<int64_t> dims;

  bool isIndexed(unsigned dim) const { return llvm::is_contained(dims, int64_t(dim)); }
};

FailureOr<Indexing> describe(Operation *op, Value data, ValueRange indices, ArrayRef<int64_t> dims) {
  Indexing indexing;
  indexing.data = dimsOf(data);
  indexing.dims = llvm::to_vector(dims);
  for (Value index : indices) {
    FailureOr<SmallVector<ExprAttr>> joined = broadcastDims(indexing.joint, dimsOf(index));
    if (failed(joined))
      return op->emitError("index tensors do not broadcast");
    indexing.joint = *joined;
  }
  bool consecutive = dims.back() - dims.front() + 1 == static_cast<int64_t>(dims.size());
  indexing.jointAt = consecutive ? dims.front() : 0;
  for (unsigned i = 0; i < indexing.data.size(); ++i)
    if (!indexing.isIndexed(i))
      indexing.rest.push_back(indexing.data[i]);
  indexing.result = indexing.rest;
  indexing.result.insert(indexing.result.begin() + indexing.jointAt, indexing.joint.begin(),
                         indexing.joint.end());
  return indexing;
}

LogicalResult lowerIndex(KernelLowering &lowering, IndexOp op) {
  FailureOr<Indexing> indexing = describe(op, op.getData(), op.getIndices(), op.getDims());
  if (failed(indexing))
    return failure();
  Value result = op.getResult(), data = lowering.value(op.getData());
  unsigned rank = indexing->result.size(), width = indexing->joint.size();
  SmallVector<NestInput> inputs;
  SmallVector<Value> extents, guards;
  for (auto [graphIndex, dim] : llvm::zip(op.getIndices(), op.getDims())) {
    Value index = lowering.value(graphIndex);
    Dims shape = dimsOf(graphIndex);
    lowering.checkIndices(index, shape.size(), indexing->data[dim]);
    extents.push_back(lowering.size(indexing->data[dim]));
    if (lowering.mayBeZero(indexing->data[dim]))
      guards.push_back(extents.back());
    AffineMap inner = lowering.broadcastMap(shape, indexing->joint);
    inputs.push_back({index, inner.shiftDims(indexing->jointAt)});
    // Loops of the joint shape begin at `jointAt`; the map must know all.
    inputs.back().map = AffineMap::get(rank, 0, inputs.back().map.getResults(),
                                       lowering.builder.getContext());
  }
  lowering.setValue(
      result,
      lowering.map(inputs, lowering.destination(result), [&](const Scalars &at, ValueRange x) {
        SmallVector<Value> position;
        unsigned next = 0, restLoop = 0;
        for (unsigned i = 0; i < indexing->data.size(); ++i) {
          if (indexing->isIndexed(i)) {
            position.push_back(lowering.clampIndex(at, x[next], extents[next]));
            ++next;
            continue;
          }
          position.push_back(
              indexOf(at, restLoop < indexing->jointAt ? restLoop : restLoop + width));
          ++restLoop;
        }
        return readGuarded(at, data, position, guards);
      }));
  return success();
}

//===-- Writes ------------------------------------------------------------===//

/// Loops over `counts` in row-major order that carry one tensor.
Value loopOver(KernelLowering &lowering, ArrayRef<Value> counts, SmallVectorImpl<Value> &position,
               Value carried, llvm::function_ref<Value(Value)> body) {
  if (position.size() == counts.size())
    return body(carried);
  // One step needs no loop: the usual update of a cache is a plain insertion.
  if (getConstantIntValue(counts[position.size()]) == 1) {
    position.push_back(Scalars{lowering.builder, lowering.loc}.index(0));
    Value next = loopOver(lowering, counts, position, carried, body);
    position.pop_back();
    return next;
  }
  return lowering
      .loop(counts[position.size()], carried,
            [&](Value step, ValueRange state) {
              position.push_back(step);
              Value next = loopOver(lowering, counts, position, state[0], body);
              position.pop_back();
              return SmallVector<Value>{next};
            })
      .front();
}

/// Where one tuple of indices writes: element of each index tensor at a point
/// of the joint shape, clamped.
SmallVector<OpFoldResult> readTuple(KernelLowering &lowering, ValueRange indices,
                                    ArrayRef<Dims> shapes, const Indexing &indexing,
                                    ArrayRef<Value> position) {
  Scalars at{lowering.builder, lowering.loc};
  SmallVector<OpFoldResult> offsets(indexing.data.size(), lowering.builder.getIndexAttr(0));
  for (unsigned k = 0; k < indices.size(); ++k) {
    SmallVector<Value> where;
    unsigned skip = indexing.joint.size() - shapes[k].size();
    for (auto [i, size] : llvm::enumerate(shapes[k]))
      where.push_back(size.isConstant(1) ? at.index(0) : position[skip + i]);
    Value raw = at.make<tensor::ExtractOp>(indices[k], where);
    int64_t dim = indexing.dims[k];
    offsets[dim] = lowering.clampIndex(at, raw, lowering.size(indexing.data[dim]));
  }
  return offsets;
}

/// `values` with the sizes of the indexed elements.
Value broadcastValues(KernelLowering &lowering, Value graphValues, const Indexing &indexing) {
  Value values = lowering.value(graphValues);
  Dims shape = dimsOf(graphValues);
  if (shape == indexing.result)
    return values;
  return lowering.map({{values, lowering.broadcastMap(shape, indexing.result)}},
                      lowering.empty(indexing.result, elementOf(values)),
                      [](const Scalars &, ValueRange x) { return x[0]; });
}

Value addRows(KernelLowering &lowering, Value row, Value target, unsigned rank) {
  SmallVector<utils::IteratorType> iterators(rank, utils::IteratorType::parallel);
  AffineMap map = lowering.identity(rank);
  return lowering
      .nest({{row, map}}, {{target, map}}, iterators,
            [](const Scalars &at, ValueRange x) {
              Type type = x[0].getType();
              Value sum = llvm::isa<FloatType>(type) ? at.make<arith::AddFOp>(x[1], x[0])
                          : type.isInteger(1)        ? at.make<arith::OrIOp>(x[1], x[0])
                                                     : at.make<arith::AddIOp>(x[1], x[0]);
              return SmallVector<Value>{sum};
            })
      .front();
}

LogicalResult lowerIndexPut(KernelLowering &lowering, IndexPutOp op) {
  FailureOr<Indexing> indexing = describe(op, op.getData(), op.getIndices(), op.getDims());
  if (failed(indexing))
    return failure();
  if (op.getAccumulate() && isQuantizedElement(elementOf(op.getData())))
    return unsupported(op) << "index_put does not accumulate codes";
  lowering.setSingleTile();
  Value result = op.getResult(), data = lowering.value(op.getData());
  if (!lowering.isOwned(data))
    data = lowering.copy(data, lowering.destination(result));
  else if (lowering.isReturned(result))
    (void)lowering.destination(result);
  Value values = broadcastValues(lowering, op.getValues(), *indexing);
  SmallVector<Value> indices, counts;
  SmallVector<Dims> shapes;
  for (auto [index, dim] : llvm::zip(op.getIndices(), op.getDims())) {
    indices.push_back(lowering.value(index));
    shapes.push_back(dimsOf(index));
    lowering.checkIndices(indices.back(), shapes.back().size(), indexing->data[dim]);
  }
  for (ExprAttr dim : indexing->joint)
    counts.push_back(lowering.size(dim));
  // Data without elements takes nothing.
  if (llvm::any_of(op.getDims(), [&](int64_t dim) { return indexing->data[dim].isConstant(0); })) {
    lowering.setValue(result, data);
    return success();
  }
  Scalars at{lowering.builder, lowering.loc};
  Value some;
  for (int64_t dim : op.getDims()) {
    if (!lowering.mayBeZero(indexing->data[dim]))
      continue;
    Value next = at.compare(arith::CmpIPredicate::sgt, lowering.size(indexing->data[dim]), at.index(0));
    some = some ? at.make<arith::AndIOp>(some, next) : next;
  }
  SmallVector<OpFoldResult> from = lowering.foldedSizes(indexing->result);
  SmallVector<OpFoldResult> to = lowering.foldedSizes(indexing->data);
  for (unsigned i = 0; i < counts.size(); ++i)
    from[indexing->jointAt + i] = lowering.builder.getIndexAttr(1);
  for (int64_t dim : op.getDims())
    to[dim] = lowering.builder.getIndexAttr(1);
  RankedTensorType rowType = lowering.tensorType(indexing->rest, elementOf(values));
  SmallVector<Value> position;
  auto put = [&](Value current) {
    SmallVector<OpFoldResult> source(from.size(), lowering.builder.getIndexAttr(0));
    for (unsigned i = 0; i < position.size(); ++i)
      source[indexing->jointAt + i] = getAsOpFoldResult(position[i]);
    SmallVector<OpFoldResult> target = readTuple(lowering, indices, shapes, *indexing, position);
    Value row = lowering.slice(values, rowType, source, from);
    if (op.getAccumulate())
      row = addRows(lowering, row, lowering.slice(current, rowType, target, to),
                    indexing->rest.size());
    return lowering.insert(row, current, target, to);
  };
  auto putAll = [&](Value current) { return loopOver(lowering, counts, position, current, put); };
  lowering.setValue(result, some ? lowering.loop(at.select(some, at.index(1), at.index(0)), data,
                                                 [&](Value, ValueRange state) {
                                                   return SmallVector<Value>{putAll(state[0])};
                                                 })
                                       .front()
                                 : putAll(data));
  return success();
}
} // namespace

void lower::addGatherLowerings(LoweringTable &table) {
  addLowering<GatherOp, lowerGather>(table);
  addLowering<GatherElementsOp, lowerGatherElements>(table);
  addLowering<IndexOp, lowerIndex>(table);
  addLowering<IndexPutOp, lowerIndexPut>(table);
}
