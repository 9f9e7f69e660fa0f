// SPDX-License-Identifier: Apache-2.0
//
// Result types of operators that move, join or index data.
#include "dialects/Graph/Inference.h"

#include "mlir/IR/Builders.h"

using namespace mlir;
using namespace lathe;
using namespace lathe::graph;

static LogicalResult checkRank(std::optional<Location> location, size_t rank) {
  if (rank > kRankMax)
    return emitOptionalError(location, "rank ", rank, " exceeds ", kRankMax);
  return success();
}

LATHE_INFER(ConstantOp) {
  results.push_back(adaptor.getValue().getShapedType());
  return success();
}

LATHE_INFER(FullOp) {
  ArrayRef<ExprAttr> dims = adaptor.getDims().getDims();
  if (failed(checkRank(location, dims.size())))
    return failure();
  results.push_back(getTensorType(dims, typeOf(adaptor.getValue()).getElementType()));
  return success();
}

LATHE_INFER(IotaOp) {
  results.push_back(getTensorType({adaptor.getSize()}, adaptor.getElementType()));
  return success();
}

LATHE_INFER(SizeOp) {
  results.push_back(RankedTensorType::get({}, IntegerType::get(context, 64)));
  return success();
}

LATHE_INFER(ReshapeOp) {
  SmallVector<ExprAttr> from;
  ArrayRef<ExprAttr> dims = adaptor.getDims().getDims();
  if (failed(dimsOf(location, adaptor.getInput(), from)) || failed(checkRank(location, dims.size())))
    return failure();
  ExprAttr before = makeProduct(context, from), after = makeProduct(context, dims);
  if (!before || before != after)
    return emitOptionalError(location, "cannot reshape ", adaptor.getInput().getType(), " to ",
                             adaptor.getDims(), ": the element counts differ");
  results.push_back(getTensorType(dims, typeOf(adaptor.getInput()).getElementType()));
  return success();
}

LATHE_INFER(PermuteOp) {
  SmallVector<ExprAttr> from, to;
  if (failed(dimsOf(location, adaptor.getInput(), from)))
    return failure();
  if (adaptor.getPermutation().size() != from.size())
    return emitOptionalError(location, "permutation of ", adaptor.getPermutation().size(),
                             " dimensions on rank ", from.size());
  SmallVector<bool> seen(from.size());
  for (int64_t dim : adaptor.getPermutation()) {
    if (dim < 0 || dim >= static_cast<int64_t>(from.size()) || seen[dim])
      return emitOptionalError(location, "permutation must hold each dimension once");
    seen[dim] = true;
    to.push_back(from[dim]);
  }
  results.push_back(getTensorType(to, typeOf(adaptor.getInput()).getElementType()));
  return success();
}

LATHE_INFER(BroadcastOp) {
  SmallVector<ExprAttr> from;
  ArrayRef<ExprAttr> to = adaptor.getDims().getDims();
  if (failed(dimsOf(location, adaptor.getInput(), from)) || failed(checkRank(location, to.size())))
    return failure();
  bool fits = from.size() <= to.size();
  for (size_t i = 0; fits && i < from.size(); ++i)
    fits = from[i].isConstant(1) || from[i] == to[to.size() - from.size() + i];
  if (!fits)
    return emitOptionalError(location, "cannot broadcast ", adaptor.getInput().getType(), " to ",
                             adaptor.getDims());
  results.push_back(getTensorType(to, typeOf(adaptor.getInput()).getElementType()));
  return success();
}

// Whether the range of a dimension stays inside it, as far as constants say.
// An empty range reads and writes nothing: it stays inside wherever it starts.
static LogicalResult checkSliceRange(std::optional<Location> location, StringRef what, size_t dim,
                                     ExprAttr startExpr, ExprAttr sizeExpr, int64_t step,
                                     ExprAttr extentExpr) {
  std::optional<int64_t> start = startExpr.getConstant(), size = sizeExpr.getConstant(),
                         extent = extentExpr.getConstant();
  if (!start || !size || *size == 0)
    return success();
  int64_t last, end = extent.value_or(INT64_MAX);
  bool leaves = llvm::MulOverflow(*size - 1, step, last) || llvm::AddOverflow(last, *start, last) ||
                *start < 0 || *start >= end || last < 0 || last >= end;
  if (leaves && !extent)
    return emitOptionalError(location, what, " of dimension ", dim, " begins or ends before its first element");
  if (leaves)
    return emitOptionalError(location, what, " of dimension ", dim, " leaves its ", *extent,
                             " elements");
  return success();
}

LATHE_INFER(SliceOp) {
  SmallVector<ExprAttr> from;
  if (failed(dimsOf(location, adaptor.getInput(), from)))
    return failure();
  ArrayRef<ExprAttr> starts = adaptor.getStarts().getDims(), sizes = adaptor.getSizes().getDims();
  if (starts.size() != from.size() || sizes.size() != from.size() ||
      adaptor.getSteps().size() != from.size())
    return emitOptionalError(location, "slice needs a start, a size and a step for each of ",
                             from.size(), " dimensions");
  for (size_t i = 0; i < from.size(); ++i) {
    int64_t step = adaptor.getSteps()[i];
    if (step == 0)
      return emitOptionalError(location, "slice step must not be 0");
    std::optional<int64_t> size = sizes[i].getConstant();
    if (size && *size < 0)
      return emitOptionalError(location, "slice size ", *size, " is negative");
    if (failed(checkSliceRange(location, "slice", i, starts[i], sizes[i], step, from[i])))
      return failure();
  }
  results.push_back(getTensorType(sizes, typeOf(adaptor.getInput()).getElementType()));
  return success();
}

LATHE_INFER(ConcatOp) {
  if (adaptor.getInputs().empty())
    return emitOptionalError(location, "concat needs an input");
  SmallVector<ExprAttr> dims;
  if (failed(dimsOf(location, adaptor.getInputs().front(), dims)))
    return failure();
  int64_t dim = adaptor.getDim();
  if (dim < 0 || dim >= static_cast<int64_t>(dims.size()))
    return emitOptionalError(location, "dim ", dim, " is no dimension of ",
                             adaptor.getInputs().front().getType());
  for (Value input : adaptor.getInputs().drop_front()) {
    SmallVector<ExprAttr> next;
    if (failed(dimsOf(location, input, next)))
      return failure();
    bool equal = next.size() == dims.size() &&
                 typeOf(input).getElementType() ==
                     typeOf(adaptor.getInputs().front()).getElementType();
    for (size_t i = 0; equal && i < dims.size(); ++i)
      equal = static_cast<int64_t>(i) == dim || next[i] == dims[i];
    if (!equal)
      return emitOptionalError(location, "cannot join ", adaptor.getInputs().front().getType(),
                               " and ", input.getType(), " along dimension ", dim);
    dims[dim] = makeAdd(dims[dim], next[dim]);
    if (!dims[dim])
      return emitOptionalError(location, "the joined size leaves 64 bits");
  }
  results.push_back(
      getTensorType(dims, typeOf(adaptor.getInputs().front()).getElementType()));
  return success();
}

LATHE_INFER(PadOp) {
  SmallVector<ExprAttr> dims;
  if (failed(dimsOf(location, adaptor.getInput(), dims)))
    return failure();
  if (adaptor.getLow().size() != dims.size() || adaptor.getHigh().size() != dims.size())
    return emitOptionalError(location, "pad needs two margins for each of ", dims.size(),
                             " dimensions");
  for (size_t i = 0; i < dims.size(); ++i) {
    int64_t margin;
    ExprAttr padded;
    if (!llvm::AddOverflow(adaptor.getLow()[i], adaptor.getHigh()[i], margin))
      padded = makeAdd(dims[i], makeConstant(context, margin));
    if (!padded || padded.getConstant().value_or(0) < 0)
      return emitOptionalError(location, "margins of dimension ", i, " give no size");
    // What one side adds is no source for the other side to crop.
    int64_t crop, front = std::min<int64_t>(adaptor.getLow()[i], 0),
                  back = std::min<int64_t>(adaptor.getHigh()[i], 0);
    std::optional<int64_t> extent = dims[i].getConstant();
    if (adaptor.getMode() == PadMode::Constant && extent &&
        (llvm::AddOverflow(front, back, crop) || *extent < -crop))
      return emitOptionalError(location, "negative margins crop more than the ", *extent,
                               " elements of dimension ", i);
    dims[i] = padded;
  }
  results.push_back(getTensorType(dims, typeOf(adaptor.getInput()).getElementType()));
  return success();
}

LATHE_INFER(GatherOp) {
  SmallVector<ExprAttr> data, indices;
  if (failed(dimsOf(location, adaptor.getData(), data)) ||
      failed(dimsOf(location, adaptor.getIndices(), indices)))
    return failure();
  int64_t dim = adaptor.getDim();
  if (dim < 0 || dim >= static_cast<int64_t>(data.size()))
    return emitOptionalError(location, "dim ", dim, " is no dimension of ",
                             adaptor.getData().getType());
  SmallVector<ExprAttr> dims(data.begin(), data.begin() + dim);
  dims.append(indices);
  dims.append(data.begin() + dim + 1, data.end());
  if (failed(checkRank(location, dims.size())))
    return failure();
  results.push_back(getTensorType(dims, typeOf(adaptor.getData()).getElementType()));
  return success();
}

LATHE_INFER(GatherElementsOp) {
  SmallVector<ExprAttr> data, indices;
  if (failed(dimsOf(location, adaptor.getData(), data)) ||
      failed(dimsOf(location, adaptor.getIndices(), indices)))
    return failure();
  int64_t dim = adaptor.getDim();
  if (data.size() != indices.size() || dim < 0 || dim >= static_cast<int64_t>(data.size()))
    return emitOptionalError(location, "data and indices need one rank, and dim must be within it");
  results.push_back(getTensorType(indices, typeOf(adaptor.getData()).getElementType()));
  return success();
}

// Sizes that advanced indexing of `data` at `dims` gives.
static LogicalResult inferIndexed(std::optional<Location> location, Value data, ValueRange indices,
                                  ArrayRef<int64_t> dims, SmallVectorImpl<ExprAttr> &result) {
  SmallVector<ExprAttr> from, shape;
  if (failed(dimsOf(location, data, from)))
    return failure();
  if (indices.empty() || indices.size() != dims.size())
    return emitOptionalError(location, "needs one index tensor for each of `dims`");
  for (Value index : indices) {
    SmallVector<ExprAttr> next;
    if (failed(dimsOf(location, index, next)))
      return failure();
    FailureOr<SmallVector<ExprAttr>> joined = broadcastDims(shape, next);
    if (failed(joined))
      return emitOptionalError(location, "index tensors do not broadcast");
    shape = *joined;
  }
  bool consecutive = true;
  for (size_t i = 0; i < dims.size(); ++i) {
    if (dims[i] < 0 || dims[i] >= static_cast<int64_t>(from.size()) ||
        (i > 0 && dims[i] <= dims[i - 1]))
      return emitOptionalError(location, "`dims` must be sorted dimensions of the data");
    consecutive &= i == 0 || dims[i] == dims[i - 1] + 1;
  }
  for (size_t i = 0; i < from.size(); ++i) {
    if (!llvm::is_contained(dims, static_cast<int64_t>(i)))
      result.push_back(from[i]);
    else if (consecutive && static_cast<int64_t>(i) == dims.front())
      result.append(shape);
  }
  if (!consecutive)
    result.insert(result.begin(), shape.begin(), shape.end());
  return checkRank(location, result.size());
}

LATHE_INFER(IndexOp) {
  SmallVector<ExprAttr> dims;
  if (failed(inferIndexed(location, adaptor.getData(), adaptor.getIndices(), adaptor.getDims(), dims)))
    return failure();
  results.push_back(getTensorType(dims, typeOf(adaptor.getData()).getElementType()));
  return success();
}

LATHE_INFER(IndexPutOp) {
  SmallVector<ExprAttr> target, values, data;
  if (failed(inferIndexed(location, adaptor.getData(), adaptor.getIndices(), adaptor.getDims(),
                          target)) ||
      failed(dimsOf(location, adaptor.getValues(), values)) ||
      failed(dimsOf(location, adaptor.getData(), data)))
    return failure();
  FailureOr<SmallVector<ExprAttr>> joined = broadcastDims(target, values);
  if (failed(joined) || *joined != target)
    return emitOptionalError(location, "values ", adaptor.getValues().getType(),
                             " do not broadcast to the indexed elements");
  results.push_back(getTensorType(data, typeOf(adaptor.getData()).getElementType()));
  return success();
}

LATHE_INFER(InsertSliceOp) {
  SmallVector<ExprAttr> data, values;
  if (failed(dimsOf(location, adaptor.getData(), data)) ||
      failed(dimsOf(location, adaptor.getValues(), values)))
    return failure();
  size_t rank = data.size();
  if (values.size() != rank || adaptor.getStarts().getDims().size() != rank ||
      adaptor.getSteps().size() != rank)
    return emitOptionalError(location, "values, starts and steps need the data's rank ", rank);
  for (size_t i = 0; i < rank; ++i)
    if (failed(checkSliceRange(location, "range", i, adaptor.getStarts().getDims()[i], values[i],
                               adaptor.getSteps()[i], data[i])))
      return failure();
  results.push_back(getTensorType(data, typeOf(adaptor.getData()).getElementType()));
  return success();
}
