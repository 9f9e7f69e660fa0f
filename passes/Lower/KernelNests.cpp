// SPDX-License-Identifier: Apache-2.0
//
// Builders of linalg.generic and of the scalars in their bodies.
#include "passes/Lower/KernelLowering.h"
#include "passes/Lower/LaidOutNest.h"

#include <cmath>

using namespace mlir;
using namespace lathe;
using namespace lathe::graph;
using namespace lathe::lower;

//===----------------------------------------------------------------------===//
// Scalars
//===----------------------------------------------------------------------===//

Value Scalars::real(Type type, double value) const {
  return arith::ConstantOp::create(builder, loc, builder.getFloatAttr(type, value));
}

Value Scalars::integer(Type type, int64_t value) const {
  return arith::ConstantOp::create(
      builder, loc,
      builder.getIntegerAttr(type, APInt(type.getIntOrFloatBitWidth(), value, /*isSigned=*/true,
                                         /*implicitTrunc=*/true)));
}

Value Scalars::index(int64_t value) const {
  return arith::ConstantIndexOp::create(builder, loc, value);
}

Value Scalars::load(Value value) const {
  Type type = getComputeType(value.getType());
  return type == value.getType() ? value : make<arith::ExtFOp>(type, value);
}

Value Scalars::store(Value value, Type storage) const {
  return storage == value.getType() ? value : make<arith::TruncFOp>(storage, value);
}

Value Scalars::select(Value condition, Value then, Value otherwise) const {
  return make<arith::SelectOp>(condition, then, otherwise);
}

Value Scalars::compare(arith::CmpIPredicate predicate, Value lhs, Value rhs) const {
  return make<arith::CmpIOp>(predicate, lhs, rhs);
}

Value Scalars::compare(arith::CmpFPredicate predicate, Value lhs, Value rhs) const {
  return make<arith::CmpFOp>(predicate, lhs, rhs);
}

Value Scalars::expInSum(Value x) const {
  return make<math::ExpOp>(x, arith::FastMathFlags::afn);
}

Value Scalars::fromIndex(Value index, Type type) const {
  if (auto integer = llvm::dyn_cast<IntegerType>(type))
    return make<arith::IndexCastOp>(integer, index);
  Value wide = make<arith::IndexCastOp>(builder.getI64Type(), index);
  return make<arith::SIToFPOp>(type, wide);
}

Value Scalars::saturate(Value value, Type type, bool isUnsigned) const {
  Type real = value.getType();
  unsigned bits = type.getIntOrFloatBitWidth();
  // 2^bits and 2^(bits - 1) are exact in every float type that computes.
  double above = std::ldexp(1.0, isUnsigned ? bits : bits - 1);
  double below = isUnsigned ? 0.0 : -above;
  Value high = compare(arith::CmpFPredicate::OGE, value, this->real(real, above));
  Value low = compare(arith::CmpFPredicate::OLE, value, this->real(real, below));
  Value inside = make<arith::AndIOp>(
      compare(arith::CmpFPredicate::OLT, value, this->real(real, above)),
      compare(arith::CmpFPredicate::OGT, value, this->real(real, below)));
  Value safe = select(inside, value, this->real(real, 0.0));
  Value whole = isUnsigned ? make<arith::FPToUIOp>(type, safe) : make<arith::FPToSIOp>(type, safe);
  APInt most = isUnsigned ? APInt::getMaxValue(bits) : APInt::getSignedMaxValue(bits);
  APInt least = isUnsigned ? APInt::getMinValue(bits) : APInt::getSignedMinValue(bits);
  whole = select(high, make<arith::ConstantOp>(builder.getIntegerAttr(type, most)), whole);
  return select(low, make<arith::ConstantOp>(builder.getIntegerAttr(type, least)), whole);
}

//===----------------------------------------------------------------------===//
// Maps
//===----------------------------------------------------------------------===//

AffineExpr KernelLowering::dim(unsigned index) const {
  return getAffineDimExpr(index, builder.getContext());
}

AffineMap KernelLowering::identity(unsigned rank) const {
  return AffineMap::getMultiDimIdentityMap(rank, builder.getContext());
}

AffineMap KernelLowering::select(unsigned loops, ArrayRef<int64_t> dims) const {
  SmallVector<AffineExpr> results =
      llvm::map_to_vector(dims, [&](int64_t index) { return dim(index); });
  return AffineMap::get(loops, 0, results, builder.getContext());
}

AffineMap KernelLowering::broadcastMap(ArrayRef<ExprAttr> from, ArrayRef<ExprAttr> to) const {
  SmallVector<AffineExpr> results;
  size_t offset = to.size() - from.size();
  for (auto [index, size] : llvm::enumerate(from))
    results.push_back(size.isConstant(1) && !to[offset + index].isConstant(1)
                          ? getAffineConstantExpr(0, builder.getContext())
                          : dim(offset + index));
  return AffineMap::get(to.size(), 0, results, builder.getContext());
}

//===----------------------------------------------------------------------===//
// Nests
//===----------------------------------------------------------------------===//

SmallVector<Value> KernelLowering::nest(ArrayRef<NestInput> inputs, ArrayRef<NestInput> outputs,
                                        ArrayRef<utils::IteratorType> iterators, NestBody body) {
  LaidOutNest laid(builder, loc, iterators);
  bool hasLayout = false;
  for (const NestInput &operand : llvm::concat<const NestInput>(inputs, outputs)) {
    AffineMap layout = layoutOf(operand.tensor);
    hasLayout |= static_cast<bool>(layout);
    laid.add(operand.tensor, layout ? layout.compose(operand.map) : operand.map);
  }
  laid.splitTiles();
  ArrayRef<Value> ins = laid.tensors().take_front(inputs.size());
  ArrayRef<Value> outs = laid.tensors().drop_front(inputs.size());
  auto generic = linalg::GenericOp::create(
      builder, loc, ValueRange(outs).getTypes(), ins, outs, laid.maps(), laid.iterators(),
      [&](OpBuilder &nested, Location location, ValueRange arguments) {
        Scalars at{nested, location};
        SmallVector<Value> loaded =
            llvm::map_to_vector(arguments, [&](Value value) { return at.load(value); });
        SmallVector<Value> results = body(at, loaded);
        for (auto [result, out] : llvm::zip(results, outs))
          result = at.store(result, elementOf(out));
        linalg::YieldOp::create(nested, location, results);
      });
  // A body that does not need an argument must not seem to read it: fusion
  // asks whether the output is used.
  for (Operation &op : llvm::make_early_inc_range(llvm::reverse(*generic.getBody())))
    if (isOpTriviallyDead(&op))
      op.erase();
  if (hasLayout)
    laid.orderLoops(generic);
  SmallVector<Value> results = laid.join(generic.getResults(), inputs.size());
  for (auto [result, output] : llvm::zip(results, outputs))
    withLayout(result, layoutOf(output.tensor));
  return results;
}

Value KernelLowering::map(ArrayRef<NestInput> inputs, Value out, ScalarBody body) {
  // Panels are a dimension in memory alone.
  AffineMap layout = layoutOf(out);
  unsigned rank = layout ? layout.getNumDims() : llvm::cast<RankedTensorType>(out.getType()).getRank();
  SmallVector<utils::IteratorType> iterators(rank, utils::IteratorType::parallel);
  return nest(inputs, {{out, identity(rank)}}, iterators,
              [&](const Scalars &at, ValueRange values) {
                return SmallVector<Value>{body(at, values)};
              })
      .front();
}

void KernelLowering::elementwise(Operation *op, ValueRange graphOperands, ScalarBody body) {
  Value result = op->getResult(0);
  Dims dims = dimsOf(result);
  SmallVector<NestInput> inputs;
  for (Value operand : graphOperands)
    if (!splat(operand))
      inputs.push_back({value(operand), broadcastMap(dimsOf(operand), dims)});
  setValue(result, map(inputs, destination(result), [&](const Scalars &at, ValueRange values) {
             SmallVector<Value> scalars;
             unsigned next = 0;
             for (Value operand : graphOperands) {
               Value scalar = splat(operand);
               scalars.push_back(scalar ? at.load(scalar) : values[next++]);
             }
             return body(at, scalars);
           }));
}

Value KernelLowering::reduce(NestInput input, unsigned rank, ArrayRef<int64_t> reduced, Value init,
                             ScalarBody body) {
  SmallVector<utils::IteratorType> iterators(rank, utils::IteratorType::parallel);
  SmallVector<int64_t> kept;
  for (unsigned i = 0; i < rank; ++i) {
    if (llvm::is_contained(reduced, static_cast<int64_t>(i)))
      iterators[i] = utils::IteratorType::reduction;
    else
      kept.push_back(i);
  }
  return nest({input}, {{init, select(rank, kept)}}, iterators,
              [&](const Scalars &at, ValueRange values) {
                return SmallVector<Value>{body(at, values)};
              })
      .front();
}

SmallVector<Value>
KernelLowering::loop(Value count, ArrayRef<Value> carried,
                     llvm::function_ref<SmallVector<Value>(Value, ValueRange)> body) {
  OpBuilder::InsertionGuard guard(builder);
  Scalars at{builder, loc};
  Value zero = at.index(0), one = at.index(1);
  auto loop = scf::ForOp::create(builder, loc, zero, count, one, carried);
  builder.setInsertionPointToStart(loop.getBody());
  SmallVector<Value> next = body(loop.getInductionVar(), loop.getRegionIterArgs());
  scf::YieldOp::create(builder, loc, next);
  return llvm::to_vector_of<Value>(loop.getResults());
}

//===----------------------------------------------------------------------===//
// Indices
//===----------------------------------------------------------------------===//

void KernelLowering::checkIndices(Value indices, unsigned rank, ExprAttr extent) {
  Value limit = size(extent);
  SmallVector<utils::IteratorType> iterators(rank, utils::IteratorType::reduction);
  // A nest needs an output; nobody reads this one.
  Value unused = empty({}, builder.getI32Type());
  nest({{indices, identity(rank)}}, {{unused, select(rank, {})}}, iterators,
       [&](const Scalars &at, ValueRange values) {
         Type type = at.builder.getI64Type();
         Value wide =
             values[0].getType() == type ? values[0] : at.make<arith::ExtSIOp>(type, values[0]);
         Value count = at.make<arith::IndexCastOp>(type, limit);
         Value least = at.make<arith::SubIOp>(at.integer(type, 0), count);
         Value inside = at.make<arith::AndIOp>(
             at.compare(arith::CmpIPredicate::slt, wide, count),
             at.compare(arith::CmpIPredicate::sge, wide, least));
         cf::AssertOp::create(at.builder, at.loc, inside, "index out of range");
         return SmallVector<Value>{values[1]};
       });
}

Value KernelLowering::clampIndex(const Scalars &at, Value raw, Value extent) const {
  Value position = at.make<arith::IndexCastOp>(at.builder.getIndexType(), raw);
  Value zero = at.index(0);
  Value negative = at.compare(arith::CmpIPredicate::slt, position, zero);
  position = at.select(negative, at.make<arith::AddIOp>(position, extent), position);
  Value last = at.make<arith::SubIOp>(extent, at.index(1));
  return at.make<arith::MaxSIOp>(at.make<arith::MinSIOp>(position, last), zero);
}
