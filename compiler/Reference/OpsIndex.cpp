// SPDX-License-Identifier: Apache-2.0
//
// Operators that read or write elements at indices held in tensors. An index
// outside its dimension is an error of the run (ir-contract C21).
#include "compiler/Reference/Operators.h"

#include <cstring>

using namespace mlir;
using namespace lathe;
using namespace lathe::graph;
using namespace lathe::reference;

// Indices from the end, as positions; fails on one outside the range.
static llvm::Expected<std::vector<int64_t>> positions(const Call &call, const Tensor &indices,
                                                      int64_t size) {
  std::vector<int64_t> result = indices.getIntegers();
  for (int64_t &index : result) {
    if (index < -size || index >= size)
      return call.fail("index " + Twine(index) + " is out of range for a dimension of " +
                       Twine(size) + " elements");
    index += index < 0 ? size : 0;
  }
  return result;
}

static llvm::Expected<Tensor> evaluateGather(GatherOp op, const Call &call) {
  const Tensor &data = call.operands[0], &indices = call.operands[1];
  size_t dim = op.getDim();
  AxisView view(data.getSizes(), dim);
  llvm::Expected<std::vector<int64_t>> at = positions(call, indices, view.size);
  if (!at)
    return at.takeError();
  Sizes sizes(data.getSizes().take_front(dim));
  sizes.append(indices.getSizes().begin(), indices.getSizes().end());
  sizes.append(data.getSizes().begin() + dim + 1, data.getSizes().end());
  llvm::Expected<Tensor> result = Tensor::create(data.getElementType(), sizes);
  if (!result)
    return call.fail(llvm::toString(result.takeError()));
  size_t run = view.inner * data.getElementBytes();
  char *out = result->getMutableBytes();
  for (int64_t o = 0; run > 0 && o < view.outer; ++o)
    for (int64_t position : *at) {
      std::memcpy(out, data.getBytes().data() + view.at(o, position, 0) * data.getElementBytes(), run);
      out += run;
    }
  return result;
}

static llvm::Expected<Tensor> evaluateGatherElements(GatherElementsOp op, const Call &call) {
  const Tensor &data = call.operands[0], &indices = call.operands[1];
  size_t dim = op.getDim();
  llvm::Expected<std::vector<int64_t>> at = positions(call, indices, data.getSize(dim));
  if (!at)
    return at.takeError();
  Sizes sizes(indices.getSizes()), strides = rowMajorStrides(data.getSizes());
  for (size_t k = 0; k < sizes.size(); ++k)
    if (k != dim && sizes[k] > data.getSize(k))
      return call.fail("indices exceed the data in dimension " + Twine(k));
  Sizes index(sizes.size(), 0);
  for (int64_t &offset : *at) {
    int64_t flat = offset * strides[dim];
    for (size_t k = 0; k < sizes.size(); ++k)
      flat += k == dim ? 0 : index[k] * strides[k];
    offset = flat;
    advance(index, sizes);
  }
  return takeElements(data, sizes, *at);
}

namespace {
/// The elements of a tensor that advanced indexing selects.
struct Selection {
  Sizes sizes;
  std::vector<int64_t> offsets; ///< flat, one for each selected element
};
} // namespace

// NumPy's rule: the broadcast index shape replaces consecutive `dims` in place,
// otherwise it comes first.
static llvm::Expected<Selection> select(const Call &call, const Tensor &data,
                                        ArrayRef<Tensor> indices, ArrayRef<int64_t> dims) {
  Sizes shape;
  for (const Tensor &index : indices) {
    std::optional<Sizes> joined = broadcastSizes(shape, index.getSizes());
    if (!joined)
      return call.fail("index tensors do not broadcast");
    shape = *joined;
  }
  // For each element of the index shape, its offset in the indexed dimensions.
  Sizes strides = rowMajorStrides(data.getSizes());
  std::vector<int64_t> indexed(product(shape), 0);
  for (size_t i = 0; i < dims.size(); ++i) {
    auto at = positions(call, indices[i], data.getSize(dims[i]));
    if (!at)
      return at.takeError();
    std::vector<int64_t> spread = broadcastOffsets(indices[i].getSizes(), shape);
    for (size_t k = 0; k < indexed.size(); ++k)
      indexed[k] += (*at)[spread[k]] * strides[dims[i]];
  }
  bool consecutive = dims.back() - dims.front() + 1 == static_cast<int64_t>(dims.size());
  size_t before = consecutive ? dims.front() : 0; // kept dimensions ahead of the index shape
  Sizes kept, keptStrides;
  for (size_t k = 0; k < data.getRank(); ++k)
    if (!llvm::is_contained(dims, static_cast<int64_t>(k))) {
      kept.push_back(data.getSize(k));
      keptStrides.push_back(strides[k]);
    }
  Selection result;
  result.sizes.append(kept.begin(), kept.begin() + before);
  result.sizes.append(shape);
  result.sizes.append(kept.begin() + before, kept.end());
  std::optional<int64_t> count = countElements(result.sizes);
  if (!count || *count > kElementsMax)
    return call.fail("the selection is too large");
  result.offsets.resize(*count);
  Sizes index(result.sizes.size(), 0), shapeStrides = rowMajorStrides(shape);
  for (int64_t &offset : result.offsets) {
    ArrayRef<int64_t> all(index);
    offset = indexed[flatten(all.slice(before, shape.size()), shapeStrides)];
    for (size_t k = 0; k < kept.size(); ++k)
      offset += index[k < before ? k : k + shape.size()] * keptStrides[k];
    advance(index, result.sizes);
  }
  return result;
}

static llvm::Expected<Tensor> evaluateIndex(IndexOp op, const Call &call) {
  llvm::Expected<Selection> selection =
      select(call, call.operands[0], call.operands.drop_front(), op.getDims());
  if (!selection)
    return selection.takeError();
  return takeElements(call.operands[0], selection->sizes, selection->offsets);
}

llvm::Expected<Tensor> reference::putElements(const Call &call, const Tensor &data,
                                              const Tensor &values, ArrayRef<Tensor> indices,
                                              ArrayRef<int64_t> dims, bool accumulate) {
  llvm::Expected<Selection> selection = select(call, data, indices, dims);
  if (!selection)
    return selection.takeError();
  std::optional<Sizes> joined = broadcastSizes(values.getSizes(), selection->sizes);
  if (!joined || *joined != selection->sizes)
    return call.fail("values do not broadcast to the indexed elements");
  std::vector<int64_t> from = broadcastOffsets(values.getSizes(), selection->sizes);
  if (!accumulate) {
    Tensor result = data;
    uint32_t width = data.getElementBytes();
    char *out = result.getMutableBytes();
    for (size_t i = 0; i < from.size(); ++i)
      std::memcpy(out + selection->offsets[i] * width, values.getBytes().data() + from[i] * width,
                  width);
    return result;
  }
  if (data.isReal()) {
    std::vector<double> sums = data.getReals(), added = values.getReals();
    for (size_t i = 0; i < from.size(); ++i)
      sums[selection->offsets[i]] += added[from[i]];
    return Tensor::fromReals(data.getElementType(), data.getSizes(), sums);
  }
  std::vector<int64_t> sums = data.getIntegers(), added = values.getIntegers();
  bool logical = data.getKind() == StorageKind::Bool;
  for (size_t i = 0; i < from.size(); ++i) {
    int64_t &sum = sums[selection->offsets[i]];
    sum = logical ? sum | added[from[i]]
                  : static_cast<int64_t>(static_cast<uint64_t>(sum) +
                                         static_cast<uint64_t>(added[from[i]]));
  }
  return Tensor::fromIntegers(data.getElementType(), data.getSizes(), sums);
}

static llvm::Expected<Tensor> evaluateIndexPut(IndexPutOp op, const Call &call) {
  return putElements(call, call.operands[0], call.operands[1], call.operands.drop_front(2),
                     op.getDims(), op.getAccumulate());
}

void reference::addIndexOps(EvaluatorTable &table) {
  table.add<GatherOp>(evaluateGather);
  table.add<GatherElementsOp>(evaluateGatherElements);
  table.add<IndexOp>(evaluateIndex);
  table.add<IndexPutOp>(evaluateIndexPut);
}
