// SPDX-License-Identifier: Apache-2.0
//
// Convolutions. A transposed one becomes a plain one over the input with gaps
// of stride - 1 and the weight reversed. Groups are a loop of their own, so
// that index maps stay linear; only where a panel holds several of them does a
// feature's place in it say which.
#include "passes/Lower/GroupedConvolution.h"
#include "passes/Lower/KernelLowering.h"

using namespace mlir;
using namespace lathe;
using namespace lathe::graph;
using namespace lathe::lower;

namespace {
using utils::IteratorType;

/// What a plain convolution reads: the input with its margins, the weight
/// [f, c / groups, k...], and how a window walks.
struct Window {
  Value input, weight;
  Dims inputDims, weightDims, outDims;
  SmallVector<int64_t> strides, dilations;
  /// How features and channels fall into groups; null: one filter for all.
  std::optional<GroupBlocks> blocks;
  bool depthwise = false;
};

// Positions in the input with gaps, for one output point and tap: reads the
// input where the stride divides, else the margin.
Value readSpread(KernelLowering &lowering, const Scalars &at, ConvOp op, Value input,
                 ArrayRef<Value> extents, ArrayRef<int64_t> reach, Value margin) {
  auto index = [&](unsigned dim) -> Value {
    return at.make<linalg::IndexOp>(at.builder.getIndexType(), at.builder.getI64IntegerAttr(dim));
  };
  SmallVector<Value> position{index(0), index(1)};
  Value inside;
  for (unsigned i = 0; i < reach.size(); ++i) {
    // Exact multiples of the stride inside the input hold its elements.
    Value raw = at.make<arith::AddIOp>(index(i + 2),
                                       at.index(op.getPaddingLow()[i] - reach[i]));
    Value zero = at.index(0), stride = at.index(op.getStrides()[i]);
    Value step = at.make<arith::DivSIOp>(raw, stride);
    Value exact = at.compare(arith::CmpIPredicate::eq, at.make<arith::MulIOp>(step, stride), raw);
    Value valid = at.make<arith::AndIOp>(
        exact, at.make<arith::AndIOp>(at.compare(arith::CmpIPredicate::sge, raw, zero),
                                      at.compare(arith::CmpIPredicate::slt, step, extents[i])));
    inside = inside ? at.make<arith::AndIOp>(inside, valid) : valid;
    position.push_back(step);
  }
  return readIf(at, inside, input, position, margin);
}

// weight [c, f / groups, k...] -> [f, c / groups, reversed k...]
Value reverseWeight(KernelLowering &lowering, Value weight, ArrayRef<int64_t> shape, int64_t groups,
                    Dims &result) {
  int64_t channels = shape[0] / groups, filters = shape[1];
  Dims split{lowering.constantExpr(groups), lowering.constantExpr(filters),
             lowering.constantExpr(channels)};
  result = {lowering.constantExpr(groups * filters), lowering.constantExpr(channels)};
  for (int64_t size : shape.drop_front(2)) {
    split.push_back(lowering.constantExpr(size));
    result.push_back(split.back());
  }
  Value reversed = lowering.map(
      {}, lowering.empty(split, elementOf(weight)), [&](const Scalars &at, ValueRange) {
        auto index = [&](unsigned dim) -> Value {
          return at.make<linalg::IndexOp>(at.builder.getIndexType(),
                                          at.builder.getI64IntegerAttr(dim));
        };
        Value channel = at.make<arith::AddIOp>(
            at.make<arith::MulIOp>(index(0), at.index(channels)), index(2));
        SmallVector<Value> position{channel, index(1)};
        for (unsigned i = 2; i < shape.size(); ++i)
          position.push_back(at.make<arith::SubIOp>(at.index(shape[i] - 1), index(i + 1)));
        return at.load(at.make<tensor::ExtractOp>(weight, position));
      });
  return lowering.reshape(reversed, split, result);
}

Window spreadInput(KernelLowering &lowering, ConvOp op, Window window, Value margin) {
  Dims dims = dimsOf(op.getInput());
  Dims out = dimsOf(op.getResult());
  ArrayRef<int64_t> shape = llvm::cast<RankedTensorType>(op.getWeight().getType()).getShape();
  unsigned spatial = op.getStrides().size();
  SmallVector<int64_t> reach;
  SmallVector<Value> extents;
  window.inputDims = {dims[0], dims[1]};
  for (unsigned i = 0; i < spatial; ++i) {
    reach.push_back(op.getDilations()[i] * (shape[i + 2] - 1));
    extents.push_back(lowering.size(dims[i + 2]));
    window.inputDims.push_back(makeAdd(out[i + 2], lowering.constantExpr(reach[i])));
  }
  Value input = lowering.value(op.getInput());
  window.input = lowering.map(
      {}, lowering.empty(window.inputDims, elementOf(input)), [&](const Scalars &at, ValueRange) {
        return at.load(readSpread(lowering, at, op, input, extents, reach, margin));
      });
  window.weight = reverseWeight(lowering, lowering.value(op.getWeight()), shape, op.getGroups(),
                                window.weightDims);
  window.strides.assign(spatial, 1);
  if (window.blocks)
    window.input = splitDim(lowering, window.input, window.inputDims, 1, window.blocks->ofChannels()).tensor;
  return window;
}

FailureOr<Window> padInput(KernelLowering &lowering, ConvOp op, Window window, Value margin) {
  Value input = lowering.value(op.getInput());
  Dims dims = dimsOf(op.getInput());
  if (window.blocks) {
    // Before margins are added: tiles of some groups then need those of theirs.
    SplitDim split = splitDim(lowering, input, dims, 1, window.blocks->ofChannels());
    input = split.tensor;
    dims = split.dims;
  }
  SmallVector<int64_t> low(dims.size() - op.getStrides().size(), 0), high = low;
  llvm::append_range(low, op.getPaddingLow());
  llvm::append_range(high, op.getPaddingHigh());
  FailureOr<Value> cropped = cropMargins(lowering, op, input, dims, low, high);
  if (failed(cropped))
    return failure();
  window.input = padConstant(lowering, *cropped, dims, low, high, margin);
  for (unsigned i = 0; i < dims.size(); ++i)
    window.inputDims.push_back(makeAdd(dims[i], lowering.constantExpr(low[i] + high[i])));
  window.weight = lowering.value(op.getWeight());
  window.weightDims = dimsOf(op.getWeight());
  window.strides.assign(op.getStrides().begin(), op.getStrides().end());
  return window;
}

// Loops n, [g,] f, o..., [c,] k...; depthwise has neither g nor c.
Value sumNest(KernelLowering &lowering, const Window &window, Value out, ScalarBody body) {
  unsigned spatial = window.strides.size();
  bool depthwise = window.depthwise, grouped = window.blocks.has_value();
  Value weight = window.weight;
  SplitDim whole;
  if (grouped) {
    weight = splitDim(lowering, weight, window.weightDims, 0, window.blocks->ofFeatures()).tensor;
    whole = splitDim(lowering, out, window.outDims, 1, window.blocks->ofFeatures());
    out = whole.tensor;
  }
  unsigned outer = 2 + grouped + spatial, channel = outer, tap = outer + !depthwise;
  unsigned loops = tap + spatial;
  auto loop = [&](unsigned index) { return lowering.dim(index); };
  SmallVector<AffineExpr> x{loop(0), loop(1)}, w, y;
  for (unsigned i = 0; i < outer; ++i)
    y.push_back(loop(i));
  w.push_back(loop(1));
  if (grouped)
    w.push_back(loop(2));
  if (grouped && window.blocks->groupsInBlock > 1)
    x.push_back(loop(2).floorDiv(window.blocks->featuresInGroup));
  if (grouped || !depthwise)
    (grouped ? x.emplace_back(loop(channel)) : x[1] = loop(channel));
  w.push_back(depthwise ? getAffineConstantExpr(0, lowering.builder.getContext()) : loop(channel));
  for (unsigned i = 0; i < spatial; ++i) {
    x.push_back(loop(2 + grouped + i) * window.strides[i] + loop(tap + i) * window.dilations[i]);
    w.push_back(loop(tap + i));
  }
  auto mapOf = [&](ArrayRef<AffineExpr> results) {
    return AffineMap::get(loops, 0, results, lowering.builder.getContext());
  };
  SmallVector<IteratorType> iterators(outer, IteratorType::parallel);
  iterators.append(loops - outer, IteratorType::reduction);
  Value sum = lowering
                  .nest({{window.input, mapOf(x)}, {weight, mapOf(w)}}, {{out, mapOf(y)}}, iterators,
                        [&](const Scalars &at, ValueRange v) {
                          return SmallVector<Value>{body(at, v)};
                        })
                  .front();
  return grouped ? joinDim(lowering, sum, whole) : sum;
}

LogicalResult lowerConv(KernelLowering &lowering, ConvOp op) {
  if (isQuantizedElement(elementOf(op.getInput())))
    return lowerQuantizedConv(lowering, op);
  Value result = op.getResult();
  Type storage = getStorageType(elementOf(result)), compute = getComputeType(storage);
  Scalars at{lowering.builder, lowering.loc};
  bool isReal = llvm::isa<FloatType>(storage);
  Dims dims = dimsOf(result);
  bool isLast = !op.getBias() && storage == compute;
  Value out = lowering.fill(isReal ? at.real(compute, 0) : at.integer(compute, 0),
                            isLast ? lowering.destination(result)
                                   : lowering.emptyLike(result, compute));
  FailureOr<Value> sum = sumConvolution(
      lowering, op, isReal ? at.real(storage, 0) : at.integer(storage, 0), out,
      [&](const Scalars &in, ValueRange x) -> Value {
        return isReal ? in.make<arith::AddFOp>(x[2], in.make<arith::MulFOp>(x[0], x[1]))
                      : in.make<arith::AddIOp>(x[2], in.make<arith::MulIOp>(x[0], x[1]));
      },
      /*preferNamed=*/isReal);
  if (failed(sum))
    return failure();
  if (isLast) {
    lowering.setValue(result, *sum);
    return success();
  }
  SmallVector<NestInput> inputs{{*sum, lowering.identity(dims.size())}};
  if (op.getBias())
    inputs.push_back({lowering.value(op.getBias()), lowering.select(dims.size(), {1})});
  lowering.setValue(result, lowering.map(inputs, lowering.destination(result),
                                         [&](const Scalars &in, ValueRange x) -> Value {
                                           if (x.size() == 2) // No bias: element and output.
                                             return x[0];
                                           return isReal ? in.make<arith::AddFOp>(x[0], x[1])
                                                         : in.make<arith::AddIOp>(x[0], x[1]);
                                         }));
  return success();
}
} // namespace

Value lower::readIf(const Scalars &at, Value inside, Value tensor, ValueRange position,
                    Value otherwise) {
  auto branch = scf::IfOp::create(
      at.builder, at.loc, inside,
      [&](OpBuilder &nested, Location loc) {
        Value element = tensor::ExtractOp::create(nested, loc, tensor, position);
        scf::YieldOp::create(nested, loc, element);
      },
      [&](OpBuilder &nested, Location loc) { scf::YieldOp::create(nested, loc, otherwise); });
  return branch.getResult(0);
}

SmallVector<OpFoldResult> lower::marginsInMemory(KernelLowering &lowering, Value tensor,
                                                 ArrayRef<int64_t> margins) {
  return llvm::map_to_vector(inMemory<int64_t>(lowering.layoutOf(tensor), margins), [&](int64_t margin) {
    return OpFoldResult(lowering.builder.getIndexAttr(margin));
  });
}

FailureOr<Value> lower::cropMargins(KernelLowering &lowering, Operation *op, Value tensor,
                                    Dims &dims, SmallVectorImpl<int64_t> &low,
                                    SmallVectorImpl<int64_t> &high) {
  bool crops = false;
  SmallVector<int64_t> fronts;
  for (unsigned i = 0; i < dims.size(); ++i) {
    int64_t front = std::min<int64_t>(low[i], 0), back = std::min<int64_t>(high[i], 0);
    // A margin that crops more than there is would leave no source to read.
    if (lowering.rangeOf(dims[i]).min < -front - back)
      return unsupported(op, "bound the size that varies from below, as in --dim n=2..512; "
                             "lathec --interpret runs the model as it is")
             << "margins crop more than dimension " << i << " surely has";
    crops |= front < 0 || back < 0;
    fronts.push_back(-front);
    dims[i] = makeAdd(dims[i], lowering.constantExpr(front + back));
    low[i] -= front;
    high[i] -= back;
  }
  if (!crops)
    return tensor;
  Dims sizes = inMemory<ExprAttr>(lowering.layoutOf(tensor), dims);
  SmallVector<OpFoldResult> offsets = marginsInMemory(lowering, tensor, fronts);
  Value inner = lowering.slice(tensor, lowering.tensorType(sizes, elementOf(tensor)), offsets,
                               lowering.foldedSizes(sizes));
  return lowering.withLayout(inner, lowering.layoutOf(tensor));
}

Value lower::padConstant(KernelLowering &lowering, Value tensor, ArrayRef<ExprAttr> dims,
                         ArrayRef<int64_t> low, ArrayRef<int64_t> high, Value scalar) {
  auto isZero = [](int64_t margin) { return margin == 0; };
  if (llvm::all_of(low, isZero) && llvm::all_of(high, isZero))
    return tensor;
  Dims padded;
  for (auto [dim, front, back] : llvm::zip(dims, low, high))
    padded.push_back(makeAdd(dim, lowering.constantExpr(front + back)));
  padded = inMemory<ExprAttr>(lowering.layoutOf(tensor), padded);
  SmallVector<OpFoldResult> lows = marginsInMemory(lowering, tensor, low);
  SmallVector<OpFoldResult> highs = marginsInMemory(lowering, tensor, high);
  RankedTensorType type = lowering.tensorType(padded, elementOf(tensor));
  // Upstream refuses to insert what has no elements at the end of a dimension.
  Value pad = llvm::is_contained(llvm::cast<ShapedType>(tensor.getType()).getShape(), 0)
                  ? lowering.fill(scalar, lowering.empty(padded, elementOf(tensor)))
                  : tensor::PadOp::create(lowering.builder, lowering.loc, type, tensor, lows, highs,
                                          scalar);
  return lowering.withLayout(pad, lowering.layoutOf(tensor));
}

FailureOr<Value> lower::sumConvolution(KernelLowering &lowering, ConvOp op, Value margin, Value out,
                                       ScalarBody body, bool preferNamed) {
  Window start;
  auto weight = llvm::cast<RankedTensorType>(op.getWeight().getType());
  auto groups = static_cast<int64_t>(op.getGroups());
  start.depthwise = groups != 1 && weight.getDimSize(0) == groups && weight.getDimSize(1) == 1;
  if (groups != 1 && !start.depthwise)
    start.blocks = GroupBlocks(op);
  FailureOr<Window> found = op.getTransposed() ? spreadInput(lowering, op, std::move(start), margin)
                                               : padInput(lowering, op, std::move(start), margin);
  if (failed(found))
    return failure();
  Window window = std::move(*found);
  window.dilations.assign(op.getDilations().begin(), op.getDilations().end());
  window.outDims = dimsOf(op.getResult());
  bool isPlain = !lowering.layoutOf(window.input) && !lowering.layoutOf(window.weight) &&
                 !lowering.layoutOf(out);
  if (!isPlain || !preferNamed || groups != 1 || window.strides.size() != 2)
    return sumNest(lowering, window, out, body);
  OpBuilder &builder = lowering.builder;
  return linalg::Conv2DNchwFchwOp::create(builder, lowering.loc, TypeRange{out.getType()},
                                          ValueRange{window.input, window.weight}, ValueRange{out},
                                          builder.getI64TensorAttr(window.strides),
                                          builder.getI64TensorAttr(window.dilations))
      .getResult(0);
}

void lower::addConvolutionLowerings(LoweringTable &table) {
  addLowering<ConvOp, lowerConv>(table);
}
