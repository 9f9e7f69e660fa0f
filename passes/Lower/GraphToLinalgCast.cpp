// SPDX-License-Identifier: Apache-2.0
//
// Conversions of the element type, and operators that make tensors of nothing.
#include "passes/Lower/KernelLowering.h"

using namespace mlir;
using namespace lathe;
using namespace lathe::graph;
using namespace lathe::lower;

namespace {
Value castFloat(const Scalars &at, Value value, Type to, Type element) {
  if (to.isInteger(1))
    return at.compare(arith::CmpFPredicate::UNE, value, at.real(value.getType(), 0));
  if (llvm::isa<IntegerType>(to))
    return at.saturate(value, to, isUnsignedElement(element));
  unsigned from = value.getType().getIntOrFloatBitWidth(), width = to.getIntOrFloatBitWidth();
  if (value.getType() == to)
    return value;
  return from < width ? at.make<arith::ExtFOp>(to, value) : at.make<arith::TruncFOp>(to, value);
}

Value castInteger(const Scalars &at, Value value, Type to, bool isUnsigned) {
  Type type = value.getType();
  if (to.isInteger(1) && !type.isInteger(1))
    return at.compare(arith::CmpIPredicate::ne, value, at.integer(type, 0));
  if (llvm::isa<FloatType>(to)) {
    Type compute = getComputeType(to);
    return isUnsigned ? at.make<arith::UIToFPOp>(compute, value)
                      : at.make<arith::SIToFPOp>(compute, value);
  }
  unsigned from = type.getIntOrFloatBitWidth(), width = to.getIntOrFloatBitWidth();
  if (from == width)
    return value;
  if (from > width)
    return at.make<arith::TruncIOp>(to, value);
  return isUnsigned ? at.make<arith::ExtUIOp>(to, value) : at.make<arith::ExtSIOp>(to, value);
}

LogicalResult lowerCast(KernelLowering &lowering, CastOp op) {
  Type from = elementOf(op.getInput()), to = getStorageType(op.getTo());
  lowering.elementwise(op, op.getInput(), [&](const Scalars &at, ValueRange x) {
    return llvm::isa<FloatType>(from) ? castFloat(at, x[0], to, op.getTo())
                                      : castInteger(at, x[0], to, isUnsignedElement(from));
  });
  return success();
}

// The elements of a dense constant as scalars of its storage type.
SmallVector<Value> constantElements(const Scalars &at, DenseElementsAttr dense) {
  SmallVector<Value> elements;
  if (auto reals = llvm::dyn_cast<DenseFPElementsAttr>(dense)) {
    for (APFloat value : reals)
      elements.push_back(at.make<arith::ConstantOp>(
          at.builder.getFloatAttr(dense.getElementType(), value)));
    return elements;
  }
  Type storage = getStorageType(dense.getElementType());
  for (APInt value : dense.getValues<APInt>())
    elements.push_back(at.make<arith::ConstantOp>(at.builder.getIntegerAttr(storage, value)));
  return elements;
}

LogicalResult lowerConstant(KernelLowering &lowering, ConstantOp op) {
  auto dense = llvm::dyn_cast<DenseElementsAttr>(op.getValue());
  if (!dense || isQuantizedElement(elementOf(op.getResult())))
    return unsupported(op) << "constant of this form has no lowering to linalg";
  Scalars at{lowering.builder, lowering.loc};
  if (dense.isSplat()) {
    auto element = dense.resizeSplat(RankedTensorType::get({1}, dense.getElementType()));
    lowering.setSplat(op.getResult(), constantElements(at, element).front());
    return success();
  }
  // Stores, not a table: a table would be data that the code has to find.
  Type storage = getStorageType(dense.getElementType());
  lowering.setValue(op.getResult(),
                    at.make<tensor::FromElementsOp>(
                        RankedTensorType::get(dense.getType().getShape(), storage),
                        constantElements(at, dense)));
  return success();
}

LogicalResult lowerFull(KernelLowering &lowering, FullOp op) {
  Scalars at{lowering.builder, lowering.loc};
  Value scalar = lowering.splat(op.getValue());
  if (!scalar)
    scalar = at.make<tensor::ExtractOp>(lowering.value(op.getValue()), ValueRange());
  lowering.setSplat(op.getResult(), scalar);
  return success();
}

LogicalResult lowerSize(KernelLowering &lowering, SizeOp op) {
  Scalars at{lowering.builder, lowering.loc};
  lowering.setSplat(op.getResult(),
                    at.fromIndex(lowering.size(op.getExpr()), lowering.builder.getI64Type()));
  return success();
}

LogicalResult lowerIota(KernelLowering &lowering, IotaOp op) {
  Value result = op.getResult();
  Type storage = getStorageType(op.getElementType()), type = getComputeType(storage);
  lowering.setValue(
      result, lowering.map({}, lowering.destination(result), [&](const Scalars &at, ValueRange) {
        Value index = at.make<linalg::IndexOp>(at.builder.getIndexType(), at.builder.getI64IntegerAttr(0));
        if (auto start = llvm::dyn_cast<FloatAttr>(op.getStart())) {
          double step = llvm::cast<FloatAttr>(op.getStep()).getValueAsDouble();
          Value scaled = at.make<arith::MulFOp>(at.fromIndex(index, type), at.real(type, step));
          return at.make<arith::AddFOp>(at.real(type, start.getValueAsDouble()), scaled);
        }
        int64_t start = llvm::cast<IntegerAttr>(op.getStart()).getInt();
        int64_t step = llvm::cast<IntegerAttr>(op.getStep()).getInt();
        Value wide = at.fromIndex(index, at.builder.getI64Type());
        Type i64 = at.builder.getI64Type();
        Value value = at.make<arith::AddIOp>(
            at.integer(i64, start), at.make<arith::MulIOp>(wide, at.integer(i64, step)));
        return storage == i64 ? value : at.make<arith::TruncIOp>(storage, value);
      }));
  return success();
}
} // namespace

void lower::addCastLowerings(LoweringTable &table) {
  addLowering<CastOp, lowerCast>(table);
  addLowering<ConstantOp, lowerConstant>(table);
  addLowering<FullOp, lowerFull>(table);
  addLowering<SizeOp, lowerSize>(table);
  addLowering<IotaOp, lowerIota>(table);
}
