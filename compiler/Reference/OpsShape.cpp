// SPDX-License-Identifier: Apache-2.0
//
// Operators that make, reorder, join or cut data.
#include "compiler/Reference/Operators.h"

#include <cstring>

using namespace mlir;
using namespace lathe;
using namespace lathe::graph;
using namespace lathe::reference;

//===----------------------------------------------------------------------===//
// Sources
//===----------------------------------------------------------------------===//

static llvm::Expected<Tensor> evaluateConstant(ConstantOp op, const Call &call) {
  auto dense = llvm::dyn_cast<DenseElementsAttr>(op.getValue());
  if (!dense)
    return call.fail("expects a dense value");
  return Tensor::create(dense);
}

static llvm::Expected<Tensor> evaluateFull(FullOp op, const Call &call) {
  llvm::Expected<Sizes> sizes = call.evaluate(op.getDims().getDims());
  if (!sizes)
    return sizes.takeError();
  return takeElements(call.operands[0], *sizes, std::vector<int64_t>(product(*sizes), 0));
}

static llvm::Expected<Tensor> evaluateIota(IotaOp op, const Call &call) {
  ExprAttr size = op.getSize();
  llvm::Expected<Sizes> sizes = call.evaluate(ArrayRef<ExprAttr>(size));
  if (!sizes)
    return sizes.takeError();
  int64_t count = sizes->front();
  if (auto start = llvm::dyn_cast<FloatAttr>(op.getStart())) {
    auto step = llvm::dyn_cast<FloatAttr>(op.getStep());
    std::vector<double> reals(count);
    for (int64_t i = 0; i < count; ++i)
      reals[i] = start.getValueAsDouble() + static_cast<double>(i) * step.getValueAsDouble();
    return Tensor::fromReals(op.getElementType(), *sizes, reals);
  }
  uint64_t start = llvm::cast<IntegerAttr>(op.getStart()).getInt();
  uint64_t step = llvm::cast<IntegerAttr>(op.getStep()).getInt();
  std::vector<int64_t> integers(count);
  for (int64_t i = 0; i < count; ++i)
    integers[i] = static_cast<int64_t>(start + static_cast<uint64_t>(i) * step);
  return Tensor::fromIntegers(op.getElementType(), *sizes, integers);
}

static llvm::Expected<Tensor> evaluateSize(SizeOp op, const Call &call) {
  llvm::Expected<int64_t> value = call.evaluate(op.getExpr());
  if (!value)
    return value.takeError();
  return Tensor::fromIntegers(call.resultElementType(), {}, {*value});
}

//===----------------------------------------------------------------------===//
// Views
//===----------------------------------------------------------------------===//

static llvm::Expected<Tensor> evaluateReshape(ReshapeOp op, const Call &call) {
  llvm::Expected<Sizes> sizes = call.evaluate(op.getDims().getDims());
  if (!sizes)
    return sizes.takeError();
  if (countElements(*sizes) != call.operands[0].getNumElements())
    return call.fail("the element counts differ");
  return call.operands[0].withSizes(*sizes);
}

static llvm::Expected<Tensor> evaluatePermute(PermuteOp op, const Call &call) {
  const Tensor &input = call.operands[0];
  Sizes own = rowMajorStrides(input.getSizes()), sizes, strides;
  for (int64_t dim : op.getPermutation()) {
    sizes.push_back(input.getSize(dim));
    strides.push_back(own[dim]);
  }
  return takeStrided(input.isQuantized() ? input.withElementType(call.resultElementType()) : input,
                     sizes, strides);
}

static llvm::Expected<Tensor> evaluateBroadcast(BroadcastOp op, const Call &call) {
  llvm::Expected<Sizes> sizes = call.evaluate(op.getDims().getDims());
  if (!sizes)
    return sizes.takeError();
  const Tensor &input = call.operands[0];
  std::optional<Sizes> joined = broadcastSizes(input.getSizes(), *sizes);
  if (!joined || *joined != *sizes)
    return call.fail("the input does not broadcast to the given sizes");
  return takeStrided(input, *sizes, broadcastStrides(input.getSizes(), *sizes));
}

namespace {
/// A range of each dimension: element index * step + start.
struct Ranges {
  Sizes starts, sizes;
  ArrayRef<int64_t> steps;
};
} // namespace

// Checks that the ranges lie inside `extents`, and gives the flat offset of
// each of their elements in row-major order.
static llvm::Expected<std::vector<int64_t>> rangeOffsets(const Call &call, const Ranges &ranges,
                                                         ArrayRef<int64_t> extents) {
  std::vector<int64_t> offsets(product(ranges.sizes));
  if (offsets.empty())
    return offsets;
  for (size_t k = 0; k < extents.size(); ++k) {
    int64_t last;
    if (llvm::MulOverflow(ranges.sizes[k] - 1, ranges.steps[k], last) ||
        llvm::AddOverflow(last, ranges.starts[k], last) || ranges.starts[k] < 0 ||
        ranges.starts[k] >= extents[k] || last < 0 || last >= extents[k])
      return call.fail("range of dimension " + Twine(k) + " leaves its " + Twine(extents[k]) +
                       " elements");
  }
  Sizes strides = rowMajorStrides(extents), index(extents.size(), 0), at(extents.size(), 0);
  for (int64_t &offset : offsets) {
    for (size_t k = 0; k < extents.size(); ++k)
      at[k] = ranges.starts[k] + index[k] * ranges.steps[k];
    offset = flatten(at, strides);
    advance(index, ranges.sizes);
  }
  return offsets;
}

// Starts may be any integers; rangeOffsets checks them.
static llvm::Expected<Sizes> evaluateStarts(const Call &call, DimsAttr starts) {
  Sizes values;
  for (ExprAttr start : starts.getDims()) {
    llvm::Expected<int64_t> value = call.evaluate(start);
    if (!value)
      return value.takeError();
    values.push_back(*value);
  }
  return values;
}

static llvm::Expected<Tensor> evaluateSlice(SliceOp op, const Call &call) {
  llvm::Expected<Sizes> starts = evaluateStarts(call, op.getStarts());
  if (!starts)
    return starts.takeError();
  llvm::Expected<Sizes> sizes = call.evaluate(op.getSizes().getDims());
  if (!sizes)
    return sizes.takeError();
  llvm::Expected<std::vector<int64_t>> offsets =
      rangeOffsets(call, {*starts, *sizes, op.getSteps()}, call.operands[0].getSizes());
  if (!offsets)
    return offsets.takeError();
  return takeElements(call.operands[0], *sizes, *offsets);
}

static llvm::Expected<Tensor> evaluateInsertSlice(InsertSliceOp op, const Call &call) {
  Tensor result = call.operands[0];
  const Tensor &values = call.operands[1];
  llvm::Expected<Sizes> starts = evaluateStarts(call, op.getStarts());
  if (!starts)
    return starts.takeError();
  Sizes sizes(values.getSizes());
  llvm::Expected<std::vector<int64_t>> offsets =
      rangeOffsets(call, {*starts, sizes, op.getSteps()}, result.getSizes());
  if (!offsets)
    return offsets.takeError();
  uint32_t width = result.getElementBytes();
  char *out = result.getMutableBytes();
  const char *in = values.getBytes().data();
  for (size_t i = 0; i < offsets->size(); ++i)
    std::memcpy(out + (*offsets)[i] * width, in + i * width, width);
  return result;
}

static llvm::Expected<Tensor> evaluateConcat(ConcatOp op, const Call &call) {
  size_t dim = op.getDim();
  Sizes sizes(call.operands[0].getSizes());
  sizes[dim] = 0;
  for (const Tensor &input : call.operands)
    sizes[dim] += input.getSize(dim);
  llvm::Expected<Tensor> result = Tensor::create(call.operands[0].getElementType(), sizes);
  if (!result)
    return call.fail(llvm::toString(result.takeError()));
  uint32_t width = result->getElementBytes();
  char *out = result->getMutableBytes();
  AxisView whole(sizes, dim);
  int64_t before = 0;
  for (const Tensor &input : call.operands) {
    AxisView part(input.getSizes(), dim);
    size_t run = part.size * part.inner * width;
    for (int64_t o = 0; run > 0 && o < part.outer; ++o)
      std::memcpy(out + whole.at(o, before, 0) * width,
                  input.getBytes().data() + part.at(o, 0, 0) * width, run);
    before += part.size;
  }
  return result;
}

//===----------------------------------------------------------------------===//
// Pad
//===----------------------------------------------------------------------===//

// The input index that stands at `at` (relative to the input's first element),
// -1 for the constant, or nothing when the mode cannot reach that far.
static std::optional<int64_t> padSource(PadMode mode, int64_t at, int64_t size) {
  if (at >= 0 && at < size)
    return at;
  if (mode == PadMode::Constant)
    return -1;
  if (size == 0)
    return std::nullopt;
  if (mode == PadMode::Replicate)
    return at < 0 ? 0 : size - 1;
  int64_t source = mode == PadMode::Reflect ? (at < 0 ? -at : 2 * (size - 1) - at)
                                            : ((at % size) + size) % size;
  return source >= 0 && source < size ? std::optional<int64_t>(source) : std::nullopt;
}

static llvm::Expected<Tensor> evaluatePad(PadOp op, const Call &call) {
  const Tensor &input = call.operands[0];
  Sizes sizes(input.getSizes()), strides = rowMajorStrides(sizes);
  for (size_t k = 0; k < sizes.size(); ++k)
    if (llvm::AddOverflow(sizes[k], op.getLow()[k], sizes[k]) ||
        llvm::AddOverflow(sizes[k], op.getHigh()[k], sizes[k]) || sizes[k] < 0)
      return call.fail("margins of dimension " + Twine(k) + " give no size");
  std::optional<int64_t> count = countElements(sizes);
  if (!count || *count > kElementsMax)
    return call.fail("the padded tensor is too large");
  Tensor fill;
  if (op.getValue()) {
    llvm::Expected<Tensor> value = scalarOf(*op.getValue(), input.getElementType());
    if (!value)
      return value.takeError();
    fill = *value;
  }
  std::vector<int64_t> offsets(*count);
  Sizes index(sizes.size(), 0);
  for (int64_t &offset : offsets) {
    for (size_t k = 0; k < sizes.size() && offset >= 0; ++k) {
      auto source = padSource(op.getMode(), index[k] - op.getLow()[k], input.getSize(k));
      if (!source)
        return call.fail("margins of dimension " + Twine(k) + " are too wide for its mode");
      offset = *source < 0 ? -1 : offset + *source * strides[k];
    }
    advance(index, sizes);
  }
  return takeElements(input, sizes, offsets, &fill);
}

void reference::addShapeOps(EvaluatorTable &table) {
  table.add<ConstantOp>(evaluateConstant);
  table.add<FullOp>(evaluateFull);
  table.add<IotaOp>(evaluateIota);
  table.add<SizeOp>(evaluateSize);
  table.add<ReshapeOp>(evaluateReshape);
  table.add<PermuteOp>(evaluatePermute);
  table.add<BroadcastOp>(evaluateBroadcast);
  table.add<SliceOp>(evaluateSlice);
  table.add<InsertSliceOp>(evaluateInsertSlice);
  table.add<ConcatOp>(evaluateConcat);
  table.add<PadOp>(evaluatePad);
  // The same values: layouts and devices do not exist here (ir-contract C19).
  table.add<RelayoutOp>([](RelayoutOp, const Call &call) -> llvm::Expected<Tensor> {
    return call.operands[0];
  });
  table.add<TransferOp>([](TransferOp, const Call &call) -> llvm::Expected<Tensor> {
    return call.operands[0];
  });
}
