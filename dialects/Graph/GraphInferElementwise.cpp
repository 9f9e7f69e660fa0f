// SPDX-License-Identifier: Apache-2.0
//
// Result types of elementwise operators.
#include "dialects/Graph/Inference.h"

#include "mlir/IR/Builders.h"

using namespace mlir;
using namespace lathe;
using namespace lathe::graph;

static LogicalResult inferLike(std::optional<Location> location, Value input, Type elementType,
                               SmallVectorImpl<Type> &results) {
  SmallVector<ExprAttr> dims;
  if (failed(dimsOf(location, input, dims)))
    return failure();
  results.push_back(getTensorType(dims, elementType));
  return success();
}

static LogicalResult inferBroadcast(std::optional<Location> location, ValueRange operands,
                                    Type elementType, SmallVectorImpl<Type> &results) {
  SmallVector<ExprAttr> dims;
  for (Value operand : operands) {
    SmallVector<ExprAttr> next;
    if (failed(dimsOf(location, operand, next)))
      return failure();
    FailureOr<SmallVector<ExprAttr>> joined = broadcastDims(dims, next);
    if (failed(joined))
      return emitOptionalError(location, "operand sizes do not broadcast: ",
                               operands.front().getType(), " and ", operand.getType());
    dims = *joined;
  }
  results.push_back(getTensorType(dims, elementType));
  return success();
}

static LogicalResult inferBinary(std::optional<Location> location, Value lhs, Value rhs,
                                 Type elementType, SmallVectorImpl<Type> &results) {
  if (typeOf(lhs).getElementType() != typeOf(rhs).getElementType())
    return emitOptionalError(location, "operands have different element types: ",
                             typeOf(lhs).getElementType(), " and ", typeOf(rhs).getElementType());
  return inferBroadcast(location, {lhs, rhs}, elementType, results);
}

#define LATHE_INFER_UNARY(OP)                                                                      \
  LogicalResult OP::inferReturnTypes(MLIRContext *, std::optional<Location> location,              \
                                     Adaptor adaptor, SmallVectorImpl<Type> &results) {            \
    return inferLike(location, adaptor.getInput(), typeOf(adaptor.getInput()).getElementType(),    \
                     results);                                                                     \
  }
LATHE_INFER_UNARY(AbsOp)
LATHE_INFER_UNARY(NegOp)
LATHE_INFER_UNARY(SignOp)
LATHE_INFER_UNARY(ExpOp)
LATHE_INFER_UNARY(Exp2Op)
LATHE_INFER_UNARY(Expm1Op)
LATHE_INFER_UNARY(LogOp)
LATHE_INFER_UNARY(Log2Op)
LATHE_INFER_UNARY(Log10Op)
LATHE_INFER_UNARY(Log1pOp)
LATHE_INFER_UNARY(SqrtOp)
LATHE_INFER_UNARY(RsqrtOp)
LATHE_INFER_UNARY(ReciprocalOp)
LATHE_INFER_UNARY(SinOp)
LATHE_INFER_UNARY(CosOp)
LATHE_INFER_UNARY(TanOp)
LATHE_INFER_UNARY(TanhOp)
LATHE_INFER_UNARY(AtanOp)
LATHE_INFER_UNARY(ErfOp)
LATHE_INFER_UNARY(SigmoidOp)
LATHE_INFER_UNARY(SiluOp)
LATHE_INFER_UNARY(HardsigmoidOp)
LATHE_INFER_UNARY(HardswishOp)
LATHE_INFER_UNARY(ReluOp)
LATHE_INFER_UNARY(FloorOp)
LATHE_INFER_UNARY(CeilOp)
LATHE_INFER_UNARY(TruncOp)
LATHE_INFER_UNARY(RoundOp)
LATHE_INFER_UNARY(GeluOp)
LATHE_INFER_UNARY(EluOp)
LATHE_INFER_UNARY(LeakyReluOp)
LATHE_INFER_UNARY(ClampOp)
LATHE_INFER_UNARY(BatchNormOp)
#undef LATHE_INFER_UNARY

#define LATHE_INFER_BINARY(OP)                                                                     \
  LogicalResult OP::inferReturnTypes(MLIRContext *, std::optional<Location> location,              \
                                     Adaptor adaptor, SmallVectorImpl<Type> &results) {            \
    return inferBinary(location, adaptor.getLhs(), adaptor.getRhs(),                               \
                       typeOf(adaptor.getLhs()).getElementType(), results);                        \
  }
LATHE_INFER_BINARY(AddOp)
LATHE_INFER_BINARY(SubOp)
LATHE_INFER_BINARY(MulOp)
LATHE_INFER_BINARY(DivOp)
LATHE_INFER_BINARY(FloorDivOp)
LATHE_INFER_BINARY(TruncDivOp)
LATHE_INFER_BINARY(RemainderOp)
LATHE_INFER_BINARY(FmodOp)
LATHE_INFER_BINARY(PowOp)
LATHE_INFER_BINARY(MaximumOp)
LATHE_INFER_BINARY(MinimumOp)
LATHE_INFER_BINARY(Atan2Op)
#undef LATHE_INFER_BINARY

static LogicalResult verifyBits(std::optional<Location> location, Value value) {
  Type element = typeOf(value).getElementType();
  if (!llvm::isa<FloatType>(element))
    return success();
  return emitOptionalError(location, "bits of ", element, " elements have no meaning");
}

#define LATHE_INFER_BITS(OP)                                                                       \
  LogicalResult OP::inferReturnTypes(MLIRContext *, std::optional<Location> location,              \
                                     Adaptor adaptor, SmallVectorImpl<Type> &results) {            \
    if (failed(verifyBits(location, adaptor.getLhs())))                                            \
      return failure();                                                                            \
    return inferBinary(location, adaptor.getLhs(), adaptor.getRhs(),                               \
                       typeOf(adaptor.getLhs()).getElementType(), results);                        \
  }
LATHE_INFER_BITS(AndOp)
LATHE_INFER_BITS(OrOp)
LATHE_INFER_BITS(XorOp)
#undef LATHE_INFER_BITS

LogicalResult NotOp::inferReturnTypes(MLIRContext *, std::optional<Location> location,
                                      Adaptor adaptor, SmallVectorImpl<Type> &results) {
  if (failed(verifyBits(location, adaptor.getInput())))
    return failure();
  return inferLike(location, adaptor.getInput(), typeOf(adaptor.getInput()).getElementType(),
                   results);
}

LogicalResult CompareOp::inferReturnTypes(MLIRContext *context, std::optional<Location> location,
                                          Adaptor adaptor, SmallVectorImpl<Type> &results) {
  return inferBinary(location, adaptor.getLhs(), adaptor.getRhs(), IntegerType::get(context, 1),
                     results);
}

LogicalResult WhereOp::inferReturnTypes(MLIRContext *, std::optional<Location> location,
                                        Adaptor adaptor, SmallVectorImpl<Type> &results) {
  Type elementType = typeOf(adaptor.getLhs()).getElementType();
  if (typeOf(adaptor.getRhs()).getElementType() != elementType)
    return emitOptionalError(location, "both values need one element type");
  return inferBroadcast(location, {adaptor.getCondition(), adaptor.getLhs(), adaptor.getRhs()},
                        elementType, results);
}

LogicalResult CastOp::inferReturnTypes(MLIRContext *, std::optional<Location> location,
                                       Adaptor adaptor, SmallVectorImpl<Type> &results) {
  return inferLike(location, adaptor.getInput(), adaptor.getTo(), results);
}
LogicalResult QuantizeOp::inferReturnTypes(MLIRContext *, std::optional<Location> location,
                                           Adaptor adaptor, SmallVectorImpl<Type> &results) {
  return inferLike(location, adaptor.getInput(), adaptor.getTo(), results);
}
LogicalResult RequantizeOp::inferReturnTypes(MLIRContext *, std::optional<Location> location,
                                             Adaptor adaptor, SmallVectorImpl<Type> &results) {
  return inferLike(location, adaptor.getInput(), adaptor.getTo(), results);
}
LogicalResult DequantizeOp::inferReturnTypes(MLIRContext *context, std::optional<Location> location,
                                             Adaptor adaptor, SmallVectorImpl<Type> &results) {
  return inferLike(location, adaptor.getInput(), Float32Type::get(context), results);
}

// Element-wise along a dimension: the input's sizes stay.
LogicalResult CumsumOp::inferReturnTypes(MLIRContext *, std::optional<Location> location,
                                         Adaptor adaptor, SmallVectorImpl<Type> &results) {
  int64_t dim = adaptor.getDim();
  if (dim < 0 || dim >= typeOf(adaptor.getInput()).getRank())
    return emitOptionalError(location, "dim ", dim, " is no dimension of ",
                             adaptor.getInput().getType());
  return inferLike(location, adaptor.getInput(), typeOf(adaptor.getInput()).getElementType(), results);
}
LogicalResult SoftmaxOp::inferReturnTypes(MLIRContext *, std::optional<Location> location,
                                          Adaptor adaptor, SmallVectorImpl<Type> &results) {
  RankedTensorType type = typeOf(adaptor.getInput());
  int64_t dim = adaptor.getDim();
  if (dim < 0 || (dim >= type.getRank() && dim != 0))
    return emitOptionalError(location, "dim ", dim, " is no dimension of ", type);
  return inferLike(location, adaptor.getInput(), type.getElementType(), results);
}
