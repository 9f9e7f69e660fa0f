// SPDX-License-Identifier: Apache-2.0
//
// Result types of contractions, recurrent networks, reductions and norms.
#include "dialects/Graph/Inference.h"
#include "dialects/Graph/Winograd.h"

#include "mlir/IR/Builders.h"

using namespace mlir;
using namespace lathe;
using namespace lathe::graph;

// A contraction's result has the operands' type unless the op names another
// (a quantized one).
static Type contractionResult(Value input, std::optional<Type> named) {
  return named ? *named : typeOf(input).getElementType();
}

LATHE_INFER(LinearOp) {
  SmallVector<ExprAttr> input, weight;
  if (failed(dimsOf(location, adaptor.getInput(), input)) ||
      failed(dimsOf(location, adaptor.getWeight(), weight)))
    return failure();
  if (weight.size() != 2 || input.empty())
    return emitOptionalError(location, "expects a rank-2 weight and an input of rank 1 or more, got ",
                             adaptor.getWeight().getType(), " and ", adaptor.getInput().getType());
  if (input.back() != weight[1])
    return emitOptionalError(location, "the input's last size ", toString(input.back()),
                             " is not the weight's ", toString(weight[1]));
  if (Value bias = adaptor.getBias())
    if (getDims(typeOf(bias)) != ArrayRef<ExprAttr>{weight[0]})
      return emitOptionalError(location, "bias ", bias.getType(), " does not fit weight ",
                               adaptor.getWeight().getType());
  input.back() = weight[0];
  results.push_back(getTensorType(
      input, contractionResult(adaptor.getInput(), adaptor.getResultElementType())));
  return success();
}

LATHE_INFER(MatmulOp) {
  SmallVector<ExprAttr> lhs, rhs;
  if (failed(dimsOf(location, adaptor.getLhs(), lhs)) ||
      failed(dimsOf(location, adaptor.getRhs(), rhs)))
    return failure();
  if (lhs.size() < 2 || rhs.size() < 2)
    return emitOptionalError(location, "expects operands of rank 2 or more");
  if (typeOf(adaptor.getLhs()).getElementType() != typeOf(adaptor.getRhs()).getElementType())
    return emitOptionalError(location, "operands have different element types");
  ArrayRef<ExprAttr> left(lhs), right(rhs);
  if (left.back() != right[right.size() - 2])
    return emitOptionalError(location, "inner sizes ", toString(left.back()), " and ",
                             toString(right[right.size() - 2]), " differ");
  FailureOr<SmallVector<ExprAttr>> dims = broadcastDims(left.drop_back(2), right.drop_back(2));
  if (failed(dims))
    return emitOptionalError(location, "batch sizes do not broadcast");
  dims->push_back(left[left.size() - 2]);
  dims->push_back(right.back());
  results.push_back(getTensorType(*dims, typeOf(adaptor.getLhs()).getElementType()));
  return success();
}

// o = (s - 1) * stride - low - high + dilation * (k - 1) + output_padding + 1.
static ExprAttr transposedOutput(ExprAttr input, int64_t kernel, int64_t stride, int64_t low,
                                 int64_t high, int64_t dilation, int64_t extra) {
  MLIRContext *context = input.getContext();
  int64_t reach, margin;
  if (llvm::MulOverflow(dilation, kernel - 1, reach) || llvm::AddOverflow(reach, extra, margin) ||
      llvm::SubOverflow(margin, low, margin) || llvm::SubOverflow(margin, high, margin) ||
      llvm::AddOverflow<int64_t>(margin, 1, margin))
    return {};
  ExprAttr span = makeMul(makeAdd(input, makeConstant(context, -1)), makeConstant(context, stride));
  return makeAdd(span, makeConstant(context, margin));
}

LATHE_INFER(ConvOp) {
  SmallVector<ExprAttr> input, weight;
  if (failed(dimsOf(location, adaptor.getInput(), input)) ||
      failed(dimsOf(location, adaptor.getWeight(), weight)))
    return failure();
  size_t spatial = adaptor.getStrides().size();
  if (input.size() != spatial + 2 || weight.size() != spatial + 2 ||
      adaptor.getPaddingLow().size() != spatial || adaptor.getPaddingHigh().size() != spatial ||
      adaptor.getDilations().size() != spatial)
    return emitOptionalError(location, "expects input and weight of rank ", spatial + 2,
                             " and one stride, padding and dilation for each spatial dimension");
  int64_t groups = adaptor.getGroups();
  std::optional<int64_t> channels = input[1].getConstant(), first = weight[0].getConstant(),
                         second = weight[1].getConstant();
  if (groups < 1 || !channels || !first || !second)
    return emitOptionalError(location, "expects constant channels and a positive group count");
  int64_t expected = adaptor.getTransposed() ? *first : *second * groups;
  if (*channels != expected || *first % groups != 0)
    return emitOptionalError(location, *channels, " input channels do not fit weight ",
                             adaptor.getWeight().getType(), " in ", groups, " groups");
  int64_t filters = adaptor.getTransposed() ? *second * groups : *first;
  SmallVector<ExprAttr> dims{input[0], makeConstant(input[0].getContext(), filters)};
  for (size_t i = 0; i < spatial; ++i) {
    std::optional<int64_t> kernel = weight[i + 2].getConstant();
    int64_t stride = adaptor.getStrides()[i], dilation = adaptor.getDilations()[i];
    if (!kernel || *kernel < 1 || stride < 1 || dilation < 1)
      return emitOptionalError(location, "expects positive kernel sizes, strides and dilations");
    int64_t low = adaptor.getPaddingLow()[i], high = adaptor.getPaddingHigh()[i];
    int64_t extra = adaptor.getOutputPadding() ? (*adaptor.getOutputPadding())[i] : 0;
    ExprAttr size = adaptor.getTransposed()
                        ? transposedOutput(input[i + 2], *kernel, stride, low, high, dilation, extra)
                        : windowOutput(input[i + 2], *kernel, stride, low, high, dilation);
    if (!size || size.getConstant().value_or(0) < 0)
      return emitOptionalError(location, "a window does not fit spatial dimension ", i);
    dims.push_back(size);
  }
  results.push_back(getTensorType(
      dims, contractionResult(adaptor.getInput(), adaptor.getResultElementType())));
  return success();
}

LATHE_INFER(SdpaOp) {
  SmallVector<ExprAttr> query, key, value;
  if (failed(dimsOf(location, adaptor.getQuery(), query)) ||
      failed(dimsOf(location, adaptor.getKey(), key)) ||
      failed(dimsOf(location, adaptor.getValue(), value)))
    return failure();
  size_t rank = query.size();
  if (rank < 2 || key.size() != rank || value.size() != rank)
    return emitOptionalError(location, "expects query, key and value of one rank, 2 or more");
  if (query[rank - 1] != key[rank - 1] || key[rank - 2] != value[rank - 2])
    return emitOptionalError(location, "query, key and value sizes do not fit: ",
                             adaptor.getQuery().getType(), ", ", adaptor.getKey().getType(), ", ",
                             adaptor.getValue().getType());
  for (size_t i = 0; i + 2 < rank; ++i) {
    bool heads = adaptor.getEnableGqa() && i + 3 == rank;
    if (!heads && (query[i] != key[i] || key[i] != value[i]))
      return emitOptionalError(location, "batch sizes of query, key and value differ");
    if (!heads)
      continue;
    std::optional<int64_t> many = query[i].getConstant(), few = key[i].getConstant();
    if (!many || !few || *few < 1 || *many % *few != 0 || key[i] != value[i])
      return emitOptionalError(location, "query heads are no multiple of key heads");
  }
  SmallVector<ExprAttr> dims(query);
  dims[rank - 1] = value[rank - 1];
  if (Value mask = adaptor.getMask()) {
    SmallVector<ExprAttr> scores(query);
    scores[rank - 1] = key[rank - 2];
    FailureOr<SmallVector<ExprAttr>> joined = broadcastDims(scores, getDims(typeOf(mask)));
    if (failed(joined) || *joined != scores)
      return emitOptionalError(location, "mask ", mask.getType(), " does not broadcast to the scores");
  }
  results.push_back(getTensorType(dims, typeOf(adaptor.getQuery()).getElementType()));
  return success();
}

namespace {
/// Sizes of a recurrent layer stack and the weights it asks for.
struct RnnShape {
  SmallVector<ExprAttr> input, state;
  int64_t directions;
};
} // namespace

template <typename Adaptor>
static FailureOr<RnnShape> inferRnn(std::optional<Location> location, Adaptor adaptor, int64_t gates) {
  RnnShape shape;
  if (failed(dimsOf(location, adaptor.getInput(), shape.input)) ||
      failed(dimsOf(location, adaptor.getH0(), shape.state)))
    return failure();
  shape.directions = adaptor.getBidirectional() ? 2 : 1;
  auto fail = [&](const Twine &why) {
    (void)emitOptionalError(location, why);
    return failure();
  };
  int64_t layers = adaptor.getLayers();
  if (layers < 1 || layers > 1024)
    return fail("expects 1 to 1024 layers");
  if (shape.input.size() != 3 || shape.state.size() != 3 ||
      !shape.state[0].isConstant(layers * shape.directions) ||
      shape.input[adaptor.getBatchFirst() ? 0 : 1] != shape.state[1])
    return fail("the initial state does not fit the input");
  std::optional<int64_t> hidden = shape.state[2].getConstant(), width = shape.input[2].getConstant();
  if (!hidden || !width)
    return fail("expects constant feature sizes");
  size_t perCell = adaptor.getHasBiases() ? 4 : 2;
  if (adaptor.getWeights().size() != perCell * layers * shape.directions)
    return fail("expects " + Twine(perCell * layers * shape.directions) + " weights, got " +
                Twine(adaptor.getWeights().size()));
  for (auto [index, weight] : llvm::enumerate(adaptor.getWeights())) {
    int64_t layer = index / (perCell * shape.directions);
    int64_t in = layer == 0 ? *width : *hidden * shape.directions;
    ArrayRef<int64_t> sizes = typeOf(weight).getShape();
    size_t role = index % perCell;
    bool fits = role < 2 ? sizes == ArrayRef<int64_t>{gates * *hidden, role == 0 ? in : *hidden}
                         : sizes == ArrayRef<int64_t>{gates * *hidden};
    if (!fits)
      return fail("weight " + Twine(index) + " has the wrong sizes");
  }
  return shape;
}

static Type rnnOutput(const RnnShape &shape, Type elementType) {
  SmallVector<ExprAttr> dims(shape.input);
  dims[2] = makeMul(shape.state[2], makeConstant(shape.state[2].getContext(), shape.directions));
  return getTensorType(dims, elementType);
}

LATHE_INFER(LstmOp) {
  FailureOr<RnnShape> shape = inferRnn(location, adaptor, 4);
  if (failed(shape))
    return failure();
  if (adaptor.getC0().getType() != adaptor.getH0().getType())
    return emitOptionalError(location, "h0 and c0 have different types");
  Type elementType = typeOf(adaptor.getInput()).getElementType();
  Type state = getTensorType(shape->state, elementType);
  results.append({rnnOutput(*shape, elementType), state, state});
  return success();
}

LATHE_INFER(GruOp) {
  FailureOr<RnnShape> shape = inferRnn(location, adaptor, 3);
  if (failed(shape))
    return failure();
  Type elementType = typeOf(adaptor.getInput()).getElementType();
  results.append({rnnOutput(*shape, elementType), getTensorType(shape->state, elementType)});
  return success();
}

//===----------------------------------------------------------------------===//
// Reductions, norms, pools
//===----------------------------------------------------------------------===//

static LogicalResult reduceDims(std::optional<Location> location, Value input,
                                ArrayRef<int64_t> reduced, bool keep,
                                SmallVectorImpl<ExprAttr> &dims) {
  SmallVector<ExprAttr> from;
  if (failed(dimsOf(location, input, from)))
    return failure();
  for (auto [index, dim] : llvm::enumerate(reduced))
    if (dim < 0 || dim >= static_cast<int64_t>(from.size()) ||
        (index > 0 && dim <= reduced[index - 1]))
      return emitOptionalError(location, "`dims` must be sorted, distinct dimensions of ",
                               input.getType());
  for (auto [index, dim] : llvm::enumerate(from)) {
    if (!llvm::is_contained(reduced, static_cast<int64_t>(index)))
      dims.push_back(dim);
    else if (keep)
      dims.push_back(makeConstant(dim.getContext(), 1));
  }
  return success();
}

// A dimension that is surely empty has no largest and no smallest element.
static LogicalResult checkExtreme(std::optional<Location> location, Value input,
                                  ArrayRef<int64_t> dims) {
  for (int64_t dim : dims)
    if (typeOf(input).getShape()[dim] == 0)
      return emitOptionalError(location, "there is no largest or smallest element along dimension ",
                               dim, ", which is empty");
  return success();
}

LATHE_INFER(ReduceOp) {
  SmallVector<ExprAttr> dims;
  if (failed(reduceDims(location, adaptor.getInput(), adaptor.getDims(), adaptor.getKeepDims(), dims)))
    return failure();
  bool isExtreme = adaptor.getKind() == ReduceKind::Max || adaptor.getKind() == ReduceKind::Min;
  if (isExtreme && failed(checkExtreme(location, adaptor.getInput(), adaptor.getDims())))
    return failure();
  results.push_back(getTensorType(dims, typeOf(adaptor.getInput()).getElementType()));
  return success();
}

LATHE_INFER(ArgReduceOp) {
  SmallVector<ExprAttr> dims;
  if (failed(reduceDims(location, adaptor.getInput(), {static_cast<int64_t>(adaptor.getDim())},
                        adaptor.getKeepDim(), dims)) ||
      failed(checkExtreme(location, adaptor.getInput(), {static_cast<int64_t>(adaptor.getDim())})))
    return failure();
  results.push_back(getTensorType(dims, IntegerType::get(context, 64)));
  return success();
}

// Norm over the last dimensions: weight and bias have those sizes.
static LogicalResult inferLastDims(std::optional<Location> location, Value input, int64_t rank,
                                   ArrayRef<Value> parameters, SmallVectorImpl<Type> &results) {
  SmallVector<ExprAttr> dims;
  if (failed(dimsOf(location, input, dims)))
    return failure();
  if (rank < 1 || rank > static_cast<int64_t>(dims.size()))
    return emitOptionalError(location, "normalized_rank ", rank, " does not fit ", input.getType());
  ArrayRef<ExprAttr> normalized = ArrayRef<ExprAttr>(dims).take_back(rank);
  for (Value parameter : parameters)
    if (parameter && getDims(typeOf(parameter)) != normalized)
      return emitOptionalError(location, "parameter ", parameter.getType(),
                               " does not have the normalized sizes of ", input.getType());
  results.push_back(getTensorType(dims, typeOf(input).getElementType()));
  return success();
}

LATHE_INFER(LayerNormOp) {
  return inferLastDims(location, adaptor.getInput(), adaptor.getNormalizedRank(),
                       {adaptor.getWeight(), adaptor.getBias()}, results);
}

LATHE_INFER(RmsNormOp) {
  return inferLastDims(location, adaptor.getInput(), adaptor.getNormalizedRank(),
                       {adaptor.getWeight()}, results);
}

LATHE_INFER(GroupNormOp) {
  SmallVector<ExprAttr> dims;
  if (failed(dimsOf(location, adaptor.getInput(), dims)))
    return failure();
  std::optional<int64_t> channels =
      dims.size() < 2 ? std::nullopt : dims[1].getConstant();
  int64_t groups = adaptor.getGroups();
  if (!channels || groups < 1 || *channels % groups != 0)
    return emitOptionalError(location, "channels of ", adaptor.getInput().getType(),
                             " do not divide into ", groups, " groups");
  for (Value parameter : {adaptor.getWeight(), adaptor.getBias()})
    if (parameter && getDims(typeOf(parameter)) != ArrayRef<ExprAttr>{dims[1]})
      return emitOptionalError(location, "parameter ", parameter.getType(), " is not one per channel");
  results.push_back(getTensorType(dims, typeOf(adaptor.getInput()).getElementType()));
  return success();
}

template <typename Adaptor>
static LogicalResult inferPool(std::optional<Location> location, Adaptor adaptor,
                               ArrayRef<int64_t> dilations, SmallVectorImpl<Type> &results) {
  SmallVector<ExprAttr> dims;
  if (failed(dimsOf(location, adaptor.getInput(), dims)))
    return failure();
  size_t spatial = adaptor.getKernel().size();
  if (dims.size() != spatial + 2 || adaptor.getStrides().size() != spatial ||
      adaptor.getPaddingLow().size() != spatial || adaptor.getPaddingHigh().size() != spatial ||
      dilations.size() != spatial)
    return emitOptionalError(location, "expects an input of rank ", spatial + 2,
                             " and one stride and padding for each kernel dimension");
  for (size_t i = 0; i < spatial; ++i) {
    int64_t kernel = adaptor.getKernel()[i], stride = adaptor.getStrides()[i];
    if (kernel < 1 || stride < 1 || dilations[i] < 1)
      return emitOptionalError(location, "expects positive kernel sizes, strides and dilations");
    ExprAttr size = windowOutput(dims[i + 2], kernel, stride, adaptor.getPaddingLow()[i],
                                 adaptor.getPaddingHigh()[i], dilations[i]);
    if (!size || size.getConstant().value_or(0) < 0)
      return emitOptionalError(location, "a window does not fit spatial dimension ", i);
    if (dims[i + 2].isConstant(0))
      return emitOptionalError(location, "spatial dimension ", i, " is empty");
    dims[i + 2] = size;
  }
  results.push_back(getTensorType(dims, typeOf(adaptor.getInput()).getElementType()));
  return success();
}

LATHE_INFER(WinogradConvOp) {
  SmallVector<ExprAttr> input, weight;
  if (failed(dimsOf(location, adaptor.getInput(), input)) ||
      failed(dimsOf(location, adaptor.getWeight(), weight)))
    return failure();
  if (input.size() != 4 || weight.size() != 4 || adaptor.getPaddingLow().size() != 2 ||
      adaptor.getPaddingHigh().size() != 2)
    return emitOptionalError(location, "expects input and weight of rank 4 and two paddings");
  const WinogradMatrices *matrices = findWinogradMatrices(adaptor.getOutputs());
  if (!matrices)
    return emitOptionalError(location, "expects 2 or 4 outputs, got ", adaptor.getOutputs());
  if (!weight[0].isConstant(matrices->points()) || !weight[1].isConstant(matrices->points()) ||
      weight[3] != input[1])
    return emitOptionalError(location, "weight ", adaptor.getWeight().getType(),
                             " is not [t, t, filters, channels] with t = outputs + 2");
  SmallVector<ExprAttr> dims{input[0], weight[2]};
  for (size_t i = 0; i < 2; ++i) {
    ExprAttr size = windowOutput(input[i + 2], 3, 1, adaptor.getPaddingLow()[i],
                                 adaptor.getPaddingHigh()[i], 1);
    std::optional<int64_t> known = size ? size.getConstant() : std::nullopt;
    if (!known || *known < 1 || *known % adaptor.getOutputs() != 0)
      return emitOptionalError(location, "spatial dimension ", i,
                               " of the result is not a multiple of ", adaptor.getOutputs());
    dims.push_back(size);
  }
  results.push_back(getTensorType(dims, typeOf(adaptor.getInput()).getElementType()));
  return success();
}

LATHE_INFER(MaxPoolOp) {
  return inferPool(location, adaptor, adaptor.getDilations(), results);
}

LATHE_INFER(AvgPoolOp) {
  SmallVector<int64_t> dilations(adaptor.getKernel().size(), 1);
  return inferPool(location, adaptor, dilations, results);
}

LATHE_INFER(AdaptiveAvgPoolOp) {
  SmallVector<ExprAttr> dims;
  if (failed(dimsOf(location, adaptor.getInput(), dims)))
    return failure();
  ArrayRef<int64_t> sizes = adaptor.getOutputSize();
  if (dims.size() < sizes.size() + 1)
    return emitOptionalError(location, "output_size has more dimensions than ",
                             adaptor.getInput().getType());
  for (size_t i = 0; i < sizes.size(); ++i) {
    if (sizes[i] < 0)
      return emitOptionalError(location, "expects output sizes of at least 0");
    if (dims[dims.size() - sizes.size() + i].isConstant(0))
      return emitOptionalError(location, "spatial dimension ", i, " is empty");
    dims[dims.size() - sizes.size() + i] = makeConstant(context, sizes[i]);
  }
  results.push_back(getTensorType(dims, typeOf(adaptor.getInput()).getElementType()));
  return success();
}

LATHE_INFER(PhaseConvOp) {
  SmallVector<ExprAttr> input, weight;
  if (failed(dimsOf(location, adaptor.getInput(), input)) ||
      failed(dimsOf(location, adaptor.getWeight(), weight)))
    return failure();
  ArrayRef<int64_t> strides = adaptor.getStrides(), shifts = adaptor.getShifts();
  size_t spatial = strides.size();
  if (spatial == 0 || input.size() != spatial + 2 || shifts.size() != spatial ||
      weight.size() != 2 * spatial + 2 || weight[1] != input[1])
    return emitOptionalError(location, "expects an input [n, c, s...], a weight [f, c, stride..., k...] "
                                       "and one shift for each stride");
  SmallVector<ExprAttr> dims{input[0], weight[0]};
  for (size_t i = 0; i < spatial; ++i) {
    if (strides[i] < 1 || shifts[i] < 0 || shifts[i] >= strides[i] || !weight[i + 2].isConstant(strides[i]))
      return emitOptionalError(location, "expects 0 <= shift < stride and as many phases in the weight, got ",
                               shifts[i], " and ", strides[i]);
    std::optional<int64_t> size = input[i + 2].getConstant(), taps = weight[spatial + i + 2].getConstant();
    int64_t positions = size && taps ? *size - *taps + 1 - (shifts[i] > 0) : 0;
    if (positions < 1 || *taps < 1)
      return emitOptionalError(location, "a window does not fit spatial dimension ", i);
    dims.push_back(makeConstant(input[0].getContext(), positions * strides[i]));
  }
  results.push_back(getTensorType(dims, typeOf(adaptor.getInput()).getElementType()));
  return success();
}
