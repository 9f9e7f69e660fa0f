// SPDX-License-Identifier: Apache-2.0
//
// Constraints of compute and data operators that do not follow from their
// result types. Each is tested once failing in test/dialects/Graph/invalid.mlir.
#include "dialects/Graph/GraphOps.h"

using namespace mlir;
using namespace lathe;
using namespace lathe::graph;

static bool isQuantized(Type type) {
  return llvm::isa<quant::QuantizedType>(getElementTypeOrSelf(type));
}

// The weight's element is the input's; beside f32 it may be bf16, which is
// extended as it is read.
static bool fitsInput(Type weight, Type input) {
  return weight == input || (input.isF32() && weight.isBF16());
}

// A quantized contraction has quantized data, an i32 bias and a rounding.
template <typename Contraction>
static LogicalResult verifyContraction(Contraction op) {
  Type bias = op.getBias() ? getElementTypeOrSelf(op.getBias().getType()) : Type();
  Type input = getElementTypeOrSelf(op.getInput().getType());
  if (!isQuantized(input)) {
    if (op.getRounding() || op.getResultElementType())
      return op.emitOpError("`rounding` and `result_element_type` are for quantized operands");
    if (!fitsInput(getElementTypeOrSelf(op.getWeight().getType()), input) || (bias && bias != input))
      return op.emitOpError("expects input, weight and bias of one element type, or a bf16 weight beside f32");
    return success();
  }
  if (!isQuantized(op.getWeight().getType()) || (bias && !bias.isInteger(32)))
    return op.emitOpError("expects a quantized weight and an i32 bias with a quantized input");
  if (!op.getRounding() || !op.getResultElementType() || !isQuantized(*op.getResultElementType()))
    return op.emitOpError("expects `rounding` and a quantized `result_element_type`");
  return success();
}

LogicalResult LinearOp::verify() { return verifyContraction(*this); }

LogicalResult ConvOp::verify() {
  if (getOutputPadding() && (!getTransposed() || getOutputPadding()->size() != getStrides().size()))
    return emitOpError("`output_padding` needs `transposed` and one entry a spatial dimension");
  if (getBias()) {
    auto bias = llvm::cast<RankedTensorType>(getBias().getType());
    if (getDims(bias) != ArrayRef<ExprAttr>{getDims(llvm::cast<RankedTensorType>(getType()))[1]})
      return emitOpError("expects one bias element a filter, got ") << bias;
  }
  return verifyContraction(*this);
}

/// What convolutions in a form of their own have in common: one float type, and
/// a bias for each filter.
template <typename Op> static LogicalResult verifyConvolutionForm(Op op) {
  auto type = llvm::cast<RankedTensorType>(op.getType());
  if (!llvm::isa<FloatType>(type.getElementType()) ||
      getElementTypeOrSelf(op.getWeight().getType()) != type.getElementType() ||
      getElementTypeOrSelf(op.getInput().getType()) != type.getElementType())
    return op.emitOpError("expects one float element type, got ") << type;
  if (op.getBias() && getDims(llvm::cast<RankedTensorType>(op.getBias().getType())) !=
                          ArrayRef<ExprAttr>{getDims(type)[1]})
    return op.emitOpError("expects one bias element a filter, got ") << op.getBias().getType();
  return success();
}

LogicalResult WinogradConvOp::verify() {
  for (ArrayRef<int64_t> margins : {getPaddingLow(), getPaddingHigh()})
    if (llvm::any_of(margins, [](int64_t elements) { return elements < 0; }))
      return emitOpError("padding must not be negative");
  return verifyConvolutionForm(*this);
}

LogicalResult PhaseConvOp::verify() { return verifyConvolutionForm(*this); }

LogicalResult ReduceOp::verify() {
  Type type = getElementTypeOrSelf(getType());
  bool logical = getKind() == ReduceKind::Any || getKind() == ReduceKind::All;
  if (logical != type.isInteger(1))
    return emitOpError("any and all reduce i1, the other kinds do not; got ") << type;
  if (getKind() == ReduceKind::Mean && !llvm::isa<FloatType>(type))
    return emitOpError("mean needs a float element type, got ") << type;
  return success();
}

LogicalResult ArgReduceOp::verify() {
  if (getKind() != ReduceKind::Max && getKind() != ReduceKind::Min)
    return emitOpError("expects kind max or min");
  return success();
}

static LogicalResult verifyPadding(Operation *op, ArrayRef<int64_t> low, ArrayRef<int64_t> high) {
  for (ArrayRef<int64_t> margins : {low, high})
    if (llvm::any_of(margins, [](int64_t elements) { return elements < 0; }))
      return op->emitOpError("padding must not be negative");
  return success();
}
LogicalResult MaxPoolOp::verify() {
  return verifyPadding(*this, getPaddingLow(), getPaddingHigh());
}
LogicalResult AvgPoolOp::verify() {
  if (getDivisor() == 0)
    return emitOpError("divisor must not be 0");
  return verifyPadding(*this, getPaddingLow(), getPaddingHigh());
}

LogicalResult ClampOp::verify() {
  Type type = getElementTypeOrSelf(getType());
  for (std::optional<Attribute> bound : {getLow(), getHigh()})
    if (bound && !isQuantized(type) && llvm::isa<FloatAttr>(*bound) != llvm::isa<FloatType>(type))
      return emitOpError("bounds must be floats for floats and integers for integers");
  return success();
}

LogicalResult QuantizeOp::verify() {
  if (!isQuantized(getTo()))
    return emitOpError("expects a quantized target type, got ") << getTo();
  return success();
}
LogicalResult DequantizeOp::verify() {
  if (!isQuantized(getInput().getType()))
    return emitOpError("expects a quantized input, got ") << getInput().getType();
  return success();
}
LogicalResult RequantizeOp::verify() {
  Type input = getElementTypeOrSelf(getInput().getType());
  if (!isQuantized(getTo()))
    return emitOpError("expects a quantized target type, got ") << getTo();
  bool accumulator = input.isInteger(32) || input.isInteger(64);
  if (accumulator != getInputScale().has_value())
    return emitOpError("`input_scale` belongs to an i32 or i64 input");
  if (!accumulator && !isQuantized(input))
    return emitOpError("expects an i32, i64 or quantized input");
  if (accumulator && getInputScale()->size() != 1) {
    auto type = llvm::cast<RankedTensorType>(getInput().getType());
    if (!getAxis() || *getAxis() >= static_cast<uint64_t>(type.getRank()) ||
        type.getDimSize(*getAxis()) != static_cast<int64_t>(getInputScale()->size()))
      return emitOpError("expects `axis` with one input scale for each of its indices");
  }
  return success();
}

//===----------------------------------------------------------------------===//
// Data operators
//===----------------------------------------------------------------------===//

LogicalResult ConstantOp::verify() {
  auto dense = llvm::dyn_cast<DenseElementsAttr>(getValue());
  if (!dense)
    return emitOpError("expects a dense value");
  if (!dense.isSplat() && dense.getNumElements() > 64)
    return emitOpError("holds ") << dense.getNumElements()
                                 << " elements; more than 64 belong in a graph.weight";
  return success();
}

LogicalResult FullOp::verify() {
  if (llvm::cast<RankedTensorType>(getValue().getType()).getRank() != 0)
    return emitOpError("expects a rank-0 value, got ") << getValue().getType();
  return success();
}

LogicalResult IotaOp::verify() {
  bool isFloat = llvm::isa<FloatType>(getElementType());
  if (llvm::isa<FloatAttr>(getStart()) != isFloat || llvm::isa<FloatAttr>(getStep()) != isFloat)
    return emitOpError("expects start and step of the kind of ") << getElementType();
  return success();
}


LogicalResult PadOp::verify() {
  if ((getMode() == PadMode::Constant) != getValue().has_value())
    return emitOpError("a value belongs to mode constant, and only there");
  if (getValue() && !isQuantized(getType()) &&
      getValue()->getType() != getElementTypeOrSelf(getType()))
    return emitOpError("pads ") << getElementTypeOrSelf(getType()) << " with " << *getValue();
  return success();
}


LogicalResult IndexPutOp::verify() {
  if (getElementTypeOrSelf(getValues().getType()) != getElementTypeOrSelf(getData().getType()))
    return emitOpError("expects data and values of one element type");
  return success();
}

LogicalResult InsertSliceOp::verify() {
  if (getElementTypeOrSelf(getValues().getType()) != getElementTypeOrSelf(getData().getType()))
    return emitOpError("expects data and values of one element type");
  if (llvm::any_of(getSteps(), [](int64_t step) { return step == 0; }))
    return emitOpError("steps must not be 0");
  return success();
}
