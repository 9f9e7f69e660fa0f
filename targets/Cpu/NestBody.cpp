// SPDX-License-Identifier: Apache-2.0
#include "mlir/Dialect/MemRef/IR/MemRef.h"

#include "targets/Cpu/NestBody.h"
#include "targets/Cpu/SquareTranspose.h"

#include "mlir/Dialect/Affine/Utils.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/UB/IR/UBOps.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/IRMapping.h"

using namespace mlir;

namespace lathe::cpu {

static constexpr arith::IntegerOverflowFlags noWrap =
    arith::IntegerOverflowFlags::nsw;

NestBody::NestBody(OpBuilder &builder, linalg::GenericOp op,
                   const NestPlan &plan)
    : positions(op.getNumLoops()), builder(builder), loc(op.getLoc()), op(op),
      plan(plan), margins(findMargins(op)) {}

bool NestBody::lanesActive() const {
  return plan.vectorDim && positions[*plan.vectorDim].isLanes;
}

Value NestBody::laneMask() const {
  return lanesActive() ? positions[*plan.vectorDim].mask : Value();
}

VectorType NestBody::vectorOf(Type element) const {
  if (rows > 1)
    return VectorType::get({rows, static_cast<int64_t>(plan.lanes)}, element);
  return VectorType::get({static_cast<int64_t>(plan.lanes)}, element);
}

Value NestBody::asVector(const LaneValue &value) {
  if (value.firstLane) {
    Type type = value.firstLane.getType();
    Value step = vector::StepOp::create(builder, loc,
                                        vectorOf(builder.getIndexType()));
    if (!type.isIndex())
      step = arith::IndexCastOp::create(builder, loc, vectorOf(type), step);
    Value first = vector::BroadcastOp::create(builder, loc, vectorOf(type),
                                              value.firstLane);
    return arith::AddIOp::create(builder, loc, first, step);
  }
  if (value.isVector)
    return value.value;
  // Patterns look for constants, which a broadcast hides from them.
  Attribute constant;
  if (matchPattern(value.value, m_Constant(&constant)))
    return arith::ConstantOp::create(
        builder, loc, DenseElementsAttr::get(vectorOf(value.value.getType()), constant));
  return vector::BroadcastOp::create(
      builder, loc, vectorOf(value.value.getType()), value.value);
}

Value NestBody::materialize(const LaneValue &value) {
  return value.firstLane ? asVector(value) : value.value;
}

int64_t NestBody::distanceOf(unsigned dim, const SubPoint &point) const {
  return static_cast<int64_t>(point[dim]) * (positions[dim].isLanes ? plan.lanes : positions[dim].spacing);
}

Value NestBody::offsetOf(unsigned dim, const SubPoint &point) {
  const DimPosition &position = positions[dim];
  int64_t distance = distanceOf(dim, point);
  if (distance == 0)
    return position.offset;
  Value constant = arith::ConstantIndexOp::create(builder, loc, distance);
  return builder.createOrFold<arith::AddIOp>(loc, position.offset, constant,
                                             noWrap);
}

Value NestBody::expand(AffineExpr expr, ValueRange dims) {
  if (auto dim = dyn_cast<AffineDimExpr>(expr))
    return dims[dim.getPosition()];
  if (auto constant = dyn_cast<AffineConstantExpr>(expr))
    return arith::ConstantIndexOp::create(builder, loc, constant.getValue());
  auto binary = cast<AffineBinaryOpExpr>(expr);
  // Loops count from zero: a row and a column of pixels need no signs.
  bool isSplit = isa<AffineDimExpr>(binary.getLHS()) && isa<AffineConstantExpr>(binary.getRHS());
  if (binary.getKind() == AffineExprKind::CeilDiv || (!isSplit && binary.getKind() != AffineExprKind::Add &&
                                                      binary.getKind() != AffineExprKind::Mul))
    return affine::expandAffineExpr(builder, loc, expr, dims, {});
  Value lhs = expand(binary.getLHS(), dims);
  Value rhs = expand(binary.getRHS(), dims);
  switch (binary.getKind()) {
  case AffineExprKind::Add:
    return builder.createOrFold<arith::AddIOp>(loc, lhs, rhs, noWrap);
  case AffineExprKind::FloorDiv:
    return builder.createOrFold<arith::DivUIOp>(loc, lhs, rhs);
  case AffineExprKind::Mod:
    return builder.createOrFold<arith::RemUIOp>(loc, lhs, rhs);
  default:
    return builder.createOrFold<arith::MulIOp>(loc, lhs, rhs, noWrap);
  }
}

SmallVector<Value> NestBody::indicesOf(OpOperand &operand,
                                       const SubPoint &point, Value lane) {
  SmallVector<Value> dims;
  for (unsigned dim = 0; dim < positions.size(); ++dim) {
    // A dimension whose loop is not open yet is not used by this operand.
    if (!positions[dim].offset) {
      dims.push_back({});
      continue;
    }
    Value offset = offsetOf(dim, point);
    if (lane && plan.vectorDim == dim)
      offset = builder.createOrFold<arith::AddIOp>(loc, offset, lane, noWrap);
    dims.push_back(offset);
  }
  SmallVector<Value> indices;
  for (AffineExpr expr : op.getMatchingIndexingMap(&operand).getResults())
    indices.push_back(expand(expr, dims));
  // The first element that exists is the first in memory.
  if (margins && margins->operand == operand.getOperandNumber()) {
    Value before = arith::ConstantIndexOp::create(builder, loc, margins->low);
    indices[margins->position] =
        builder.createOrFold<arith::SubIOp>(loc, indices[margins->position], before, noWrap);
  }
  return indices;
}

std::optional<std::pair<int64_t, int64_t>> NestBody::placesOf(OpOperand &operand, const SubPoint &point) {
  AffineExpr expr = op.getMatchingIndexingMap(&operand).getResult(margins->position);
  std::pair<int64_t, int64_t> places(-margins->low, -margins->low);
  for (unsigned dim = 0; dim < positions.size(); ++dim) {
    if (!expr.isFunctionOfDim(dim))
      continue;
    std::optional<int64_t> coefficient = coefficientOf(expr, dim);
    std::optional<std::pair<int64_t, int64_t>> range = positions[dim].range;
    if (positions[dim].offset)
      if (std::optional<int64_t> known = getConstantIntValue(positions[dim].offset))
        range = {*known, *known};
    if (!coefficient || *coefficient < 0 || !range || positions[dim].isLanes)
      return std::nullopt;
    places.first += *coefficient * (range->first + distanceOf(dim, point));
    places.second += *coefficient * (range->second + distanceOf(dim, point));
  }
  return places;
}

bool NestBody::readsMargin(const SubPoint &point) {
  if (!margins)
    return false;
  OpOperand &operand = op->getOpOperand(margins->operand);
  int64_t existing = cast<MemRefType>(operand.get().getType()).getDimSize(margins->position) -
                     margins->low - margins->high;
  std::optional<std::pair<int64_t, int64_t>> places = placesOf(operand, point);
  return places && (places->second < 0 || places->first >= existing);
}

Value NestBody::loadInside(OpOperand &operand, const SubPoint &point, ValueRange indices, Type type,
                           function_ref<Value()> emit) {
  if (!margins || margins->operand != operand.getOperandNumber())
    return emit();
  int64_t existing = cast<MemRefType>(operand.get().getType()).getDimSize(margins->position) -
                     margins->low - margins->high;
  std::optional<std::pair<int64_t, int64_t>> places = placesOf(operand, point);
  if (places && places->first >= 0 && places->second < existing)
    return emit();
  // Unsigned, a place before the first is behind the last, too.
  Value isInside = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::ult, indices[margins->position],
                                         arith::ConstantIndexOp::create(builder, loc, existing));
  auto branch = scf::IfOp::create(builder, loc, type, isInside, /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(branch.thenBlock());
  scf::YieldOp::create(builder, loc, emit());
  builder.setInsertionPointToStart(branch.elseBlock());
  scf::YieldOp::create(builder, loc,
                       arith::ConstantOp::create(builder, loc, builder.getZeroAttr(type)).getResult());
  return branch.getResult(0);
}

Value NestBody::existingLane(unsigned lane) {
  Value index = arith::ConstantIndexOp::create(builder, loc, lane);
  Value count = positions[*plan.vectorDim].laneCount;
  if (!count || lane == 0)
    return index;
  Value one = arith::ConstantIndexOp::create(builder, loc, 1);
  Value last = builder.createOrFold<arith::SubIOp>(loc, count, one);
  return builder.createOrFold<arith::MinSIOp>(loc, index, last);
}

Value NestBody::loadStrided(OpOperand &operand, const SubPoint &point) {
  SmallVector<Value> elements;
  Type element = getElementTypeOrSelf(operand.get().getType());
  for (unsigned lane = 0; lane < plan.lanes; ++lane) {
    SmallVector<Value> indices = indicesOf(operand, point, existingLane(lane));
    elements.push_back(loadInside(operand, point, indices, element, [&]() -> Value {
      return memref::LoadOp::create(builder, loc, operand.get(), indices);
    }));
  }
  return vector::FromElementsOp::create(
      builder, loc, vectorOf(elements.front().getType()), elements);
}

LaneValue NestBody::loadRepeated(OpOperand &operand, const SubPoint &point, const RepeatedLanes &lanes) {
  SmallVector<Value> indices = indicesOf(operand, point);
  if (lanes.times % plan.lanes == 0)
    return {memref::LoadOp::create(builder, loc, operand.get(), indices)};
  // The vector starts where the quotient does, so that it ends inside of it.
  auto type = cast<MemRefType>(operand.get().getType());
  SmallVector<int64_t> strides;
  int64_t offset, element = 0;
  (void)type.getStridesAndOffset(strides, offset);
  for (unsigned place = lanes.place + 1; place < indices.size(); ++place) {
    std::optional<int64_t> index = getConstantIntValue(indices[place]);
    if (!index || ShapedType::isDynamic(strides[place]))
      return {};
    element += *index * strides[place];
    indices[place] = arith::ConstantIndexOp::create(builder, loc, 0);
  }
  if (element >= lanes.distance)
    return {};
  SmallVector<int64_t> places;
  for (int64_t lane = 0; lane < int64_t(plan.lanes); ++lane)
    places.push_back(lane / lanes.times * lanes.distance + element);
  auto loaded = VectorType::get({int64_t(plan.lanes) / lanes.times * lanes.distance}, type.getElementType());
  Value vector = vector::LoadOp::create(builder, loc, loaded, operand.get(), indices);
  return {vector::ShuffleOp::create(builder, loc, vector, vector, places), true};
}

SmallVector<int64_t> NestBody::keyOf(OpOperand &operand, const SubPoint &point) {
  AffineMap map = op.getMatchingIndexingMap(&operand);
  SmallVector<int64_t> key = {operand.getOperandNumber()};
  for (AffineExpr expr : map.getResults()) {
    int64_t place = 0;
    for (unsigned dim = 0; dim < point.size(); ++dim) {
      std::optional<int64_t> coefficient = coefficientOf(expr, dim);
      if (coefficient)
        place += *coefficient * distanceOf(dim, point);
      else
        // Not linear: only the same point is known to be the same place.
        llvm::append_values(key, int64_t(dim), distanceOf(dim, point));
    }
    key.push_back(place);
  }
  return key;
}

void NestBody::setLoaded(OpOperand &operand, const SubPoint &point, LaneValue value) {
  loads[keyOf(operand, point)] = value;
}

void NestBody::loadTurned(OpOperand &operand, const SubPoint &point) {
  VectorType type = vectorOf(getElementTypeOrSelf(operand.get().getType()));
  SmallVector<Value> rows;
  for (unsigned lane = 0; lane < plan.lanes; ++lane)
    rows.push_back(vector::LoadOp::create(builder, loc, type, operand.get(),
                                          indicesOf(operand, point, existingLane(lane))));
  SubPoint at = point;
  for (Value column : transposeSquare(builder, loc, rows)) {
    setLoaded(operand, at, {column, true});
    ++at[*plan.turnedDim];
  }
}

LaneValue NestBody::load(OpOperand &operand, const SubPoint &point) {
  if (!isa<MemRefType>(operand.get().getType()))
    return {operand.get()};
  auto [entry, isNew] = loads.try_emplace(keyOf(operand, point));
  if (!isNew)
    return entry->second;

  LaneValue result;
  if (plan.dot) {
    bool isWeight = &operand == plan.dot->weight.operand;
    if (isWeight || &operand == plan.dot->codes.operand) {
      SmallVector<Value> indices = indicesOf(operand, point);
      result.value = isWeight ? loadDotWeights(builder, loc, *plan.dot, indices, plan.lanes)
                              : loadCodes(builder, loc, *plan.dot, indices, plan.lanes);
      result.isVector = true;
      return entry->second = result;
    }
  }
  LaneAccess access = lanesActive()
                          ? classifyAccess(op, operand, *plan.vectorDim)
                          : LaneAccess::Uniform;
  if (access == LaneAccess::Strided)
    if (auto lanes = findRepeatedLanes(op, operand, *plan.vectorDim, plan.lanes))
      if (LaneValue repeated = loadRepeated(operand, point, *lanes); repeated.value)
        return entry->second = repeated;
  result.isVector = access != LaneAccess::Uniform;
  if (access == LaneAccess::Strided) {
    result.value = loadStrided(operand, point);
  } else {
    SmallVector<Value> indices = indicesOf(operand, point);
    Type element = getElementTypeOrSelf(operand.get().getType());
    Type type = result.isVector ? Type(vectorOf(element)) : element;
    result.value = loadInside(operand, point, indices, type, [&]() -> Value {
      if (access == LaneAccess::Uniform)
        return memref::LoadOp::create(builder, loc, operand.get(), indices);
      Value mask = laneMask();
      if (!mask)
        return vector::LoadOp::create(builder, loc, type, operand.get(), indices);
      Value zero = arith::ConstantOp::create(builder, loc, builder.getZeroAttr(type));
      return vector::MaskedLoadOp::create(builder, loc, cast<VectorType>(type), operand.get(), indices, mask, zero);
    });
  }
  entry->second = result;
  return result;
}

void NestBody::prefetchRows(const StreamedRows &streamed) {
  OpOperand &operand = op->getOpOperand(streamed.operand);
  AffineMap map = op.getMatchingIndexingMap(&operand);
  unsigned column = plan.blocks.front().dim;
  SmallVector<int64_t> extents = op.getStaticLoopRanges();
  auto constant = [&](int64_t value) -> Value { return arith::ConstantIndexOp::create(builder, loc, value); };
  // The last place of the window, the first lane.
  SmallVector<Value> dims;
  for (unsigned dim = 0; dim < positions.size(); ++dim) {
    bool isPlace = llvm::is_contained(plan.reductionOrder, dim) && dim != *plan.windowDim;
    Value offset = positions[dim].offset;
    dims.push_back(offset ? offset : constant(isPlace ? extents[dim] - 1 : 0));
  }
  int64_t count = positions[column].count * streamed.columns;
  SmallVector<Value> first;
  for (AffineExpr expr : map.getResults())
    first.push_back(expand(expr, dims));
  for (int64_t row = 1; row <= streamed.rows; ++row)
    for (int64_t place = 0; place < count; ++place) {
      SmallVector<Value> indices(first);
      for (auto [position, distance] : {std::pair(margins->position - 1, row), std::pair(margins->position, place)})
        indices[position] = builder.createOrFold<arith::AddIOp>(loc, indices[position], constant(distance), noWrap);
      // After the last row there is none: a hint may name any address.
      memref::PrefetchOp::create(builder, loc, operand.get(), indices, /*isWrite=*/false, /*localityHint=*/3,
                                 /*isDataCache=*/true);
    }
}

void NestBody::store(OpOperand &operand, const SubPoint &point,
                     LaneValue value) {
  LaneAccess access = lanesActive()
                          ? classifyAccess(op, operand, *plan.vectorDim)
                          : LaneAccess::Uniform;
  if (access == LaneAccess::Uniform) {
    memref::StoreOp::create(builder, loc, materialize(value), operand.get(),
                            indicesOf(operand, point));
    return;
  }
  Value lanes = asVector(value);
  if (access == LaneAccess::Contiguous) {
    SmallVector<Value> indices = indicesOf(operand, point);
    if (Value mask = laneMask())
      vector::MaskedStoreOp::create(builder, loc, operand.get(), indices, mask,
                                    lanes);
    else
      vector::StoreOp::create(builder, loc, lanes, operand.get(), indices);
    return;
  }
  // An absent lane repeats the last one that exists: its element and value.
  for (unsigned lane = 0; lane < plan.lanes; ++lane) {
    Value index = existingLane(lane);
    Value element = vector::ExtractOp::create(
        builder, loc, lanes, ArrayRef<OpFoldResult>{getAsOpFoldResult(index)});
    memref::StoreOp::create(builder, loc, element, operand.get(),
                            indicesOf(operand, point, index));
  }
}

/// Adds `flags` to those that `op` has.
static void allow(Operation *op, arith::FastMathFlags flags) {
  auto floats = cast<arith::ArithFastMathInterface>(op);
  flags = flags | floats.getFastMathFlagsAttr().getValue();
  op->setAttr(floats.getFastMathAttrName(),
              arith::FastMathFlagsAttr::get(op->getContext(), flags));
}

LaneValue NestBody::cloneElementwise(Operation *inner,
                                     ArrayRef<LaneValue> operands) {
  bool anyVector = llvm::any_of(operands, [](const LaneValue &operand) {
    return operand.isVector || operand.firstLane;
  });
  // Sums of a lane number and a shared value stay numbers of neighbours.
  if (isa<arith::AddIOp>(inner) && operands[0].firstLane &&
      !operands[1].firstLane && !operands[1].isVector)
    return {{}, true, arith::AddIOp::create(builder, loc, operands[0].firstLane, operands[1].value)};
  if (isa<arith::AddIOp>(inner) && operands[1].firstLane &&
      !operands[0].firstLane && !operands[0].isVector)
    return {{}, true, arith::AddIOp::create(builder, loc, operands[0].value, operands[1].firstLane)};
  if (isa<arith::IndexCastOp>(inner) && operands[0].firstLane)
    return {{}, true, arith::IndexCastOp::create(builder, loc, inner->getResult(0).getType(), operands[0].firstLane)};

  SmallVector<Value> values;
  for (const LaneValue &operand : operands)
    values.push_back(anyVector ? asVector(operand) : operand.value);
  Type type = inner->getResult(0).getType();
  Operation *clone =
      builder.create(loc, inner->getName().getIdentifier(), values,
                     anyVector ? TypeRange{vectorOf(type)} : TypeRange{type},
                     inner->getAttrs());
  if (plan.isContraction && isa<arith::AddFOp, arith::MulFOp>(clone))
    allow(clone, arith::FastMathFlags::contract);
  // Which zero a bound of zero gives is not specified (C21), and would cost two
  // instructions in each relu.
  if (isa<arith::MaximumFOp, arith::MinimumFOp>(clone) &&
      llvm::any_of(inner->getOperands(), [](Value operand) {
        return operand.getDefiningOp<arith::ConstantOp>() != nullptr;
      }))
    allow(clone, arith::FastMathFlags::nsz);
  return {clone->getResult(0), anyVector};
}

LaneValue NestBody::cloneLoad(memref::LoadOp inner,
                              ArrayRef<LaneValue> operands) {
  Value memref = inner.getMemref();
  ArrayRef<LaneValue> indices = operands.drop_front();
  auto differs = [](const LaneValue &index) {
    return index.isVector || index.firstLane;
  };
  SmallVector<Value> scalars;
  for (const LaneValue &index : indices)
    scalars.push_back(index.firstLane ? index.firstLane : index.value);
  if (llvm::none_of(indices, differs))
    return {memref::LoadOp::create(builder, loc, memref, scalars)};

  MemRefType type = inner.getMemRefType();
  SmallVector<int64_t> strides;
  int64_t offset;
  bool unitStride = succeeded(type.getStridesAndOffset(strides, offset)) &&
                    strides.back() == 1;
  VectorType result = vectorOf(type.getElementType());
  if (unitStride && indices.back().firstLane &&
      llvm::none_of(indices.drop_back(), differs)) {
    if (Value mask = laneMask()) {
      Value zero =
          arith::ConstantOp::create(builder, loc, builder.getZeroAttr(result));
      return {vector::MaskedLoadOp::create(builder, loc, result, memref,
                                           scalars, mask, zero),
              true};
    }
    return {vector::LoadOp::create(builder, loc, result, memref, scalars),
            true};
  }
  SmallVector<Value> vectors, elements;
  for (const LaneValue &index : indices)
    vectors.push_back(differs(index) ? asVector(index) : index.value);
  for (unsigned lane = 0; lane < plan.lanes; ++lane) {
    SmallVector<Value> at = vectors;
    for (Value &index : at)
      if (isa<VectorType>(index.getType()))
        index = vector::ExtractOp::create(
            builder, loc, index,
            ArrayRef<OpFoldResult>{getAsOpFoldResult(existingLane(lane))});
    elements.push_back(memref::LoadOp::create(builder, loc, memref, at));
  }
  return {vector::FromElementsOp::create(builder, loc, result, elements), true};
}

LaneValue NestBody::evaluateOp(Operation *inner, const SubPoint &point,
                               DenseMap<Value, LaneValue> &values) {
  if (auto index = dyn_cast<linalg::IndexOp>(inner)) {
    Value offset = offsetOf(index.getDim(), point);
    if (lanesActive() && plan.vectorDim == index.getDim())
      return {{}, true, offset};
    return {offset};
  }
  SmallVector<LaneValue> operands;
  for (Value operand : inner->getOperands()) {
    auto known = values.find(operand);
    operands.push_back(known == values.end() ? LaneValue{operand}
                                             : known->second);
  }
  if (auto load = dyn_cast<memref::LoadOp>(inner))
    return cloneLoad(load, operands);
  if (isa<arith::ConstantOp>(inner))
    return {builder.clone(*inner)->getResult(0)};
  return cloneElementwise(inner, operands);
}

void NestBody::cloneWithRegions(Operation &inner, const SubPoint &point,
                                IRMapping &mapping) {
  Operation *clone = builder.clone(inner, mapping);
  SmallVector<linalg::IndexOp> nested;
  clone->walk([&](linalg::IndexOp index) { nested.push_back(index); });
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPoint(clone);
  for (linalg::IndexOp index : nested) {
    index.getResult().replaceAllUsesWith(offsetOf(index.getDim(), point));
    index.erase();
  }
}

SmallVector<LaneValue> NestBody::evaluate(const SubPoint &point,
                                          ArrayRef<LaneValue> accumulators) {
  Block *body = op.getBody();
  if (plan.dot)
    return {{addDotProducts(builder, loc, *plan.dot, asVector(accumulators[0]),
                            load(*plan.dot->codes.operand, point).value,
                            load(*plan.dot->weight.operand, point).value),
             true}};
  DenseMap<Value, LaneValue> values;
  for (OpOperand &operand : op->getOpOperands()) {
    BlockArgument argument = body->getArgument(operand.getOperandNumber());
    unsigned output = operand.getOperandNumber() - op.getNumDpsInputs();
    if (op.isDpsInit(&operand) && !accumulators.empty())
      values[argument] = accumulators[output];
    else if (!argument.use_empty())
      values[argument] = load(operand, point);
  }
  if (!lanesActive()) {
    // Scalar nests keep the body as it is, operations with regions included.
    IRMapping mapping;
    for (auto &[from, to] : values)
      mapping.map(from, to.value);
    for (Operation &inner : body->without_terminator()) {
      if (auto index = dyn_cast<linalg::IndexOp>(inner))
        mapping.map(index.getResult(), offsetOf(index.getDim(), point));
      else if (inner.getNumRegions() != 0 || inner.getNumResults() != 1 ||
               !OpTrait::hasElementwiseMappableTraits(&inner))
        cloneWithRegions(inner, point, mapping);
      else {
        SmallVector<LaneValue> operands;
        for (Value operand : inner.getOperands())
          operands.push_back({mapping.lookupOrDefault(operand)});
        mapping.map(inner.getResult(0),
                    cloneElementwise(&inner, operands).value);
      }
    }
    SmallVector<LaneValue> results;
    for (Value yielded : body->getTerminator()->getOperands())
      results.push_back({mapping.lookupOrDefault(yielded)});
    return results;
  }
  for (Operation &inner : body->without_terminator())
    values[inner.getResult(0)] = evaluateOp(&inner, point, values);
  SmallVector<LaneValue> results;
  for (Value yielded : body->getTerminator()->getOperands()) {
    auto known = values.find(yielded);
    results.push_back(known == values.end() ? LaneValue{yielded}
                                            : known->second);
  }
  return results;
}

LaneValue NestBody::loadRows(OpOperand &operand, ArrayRef<SubPoint> points) {
  SmallVector<LaneValue> loaded;
  for (const SubPoint &point : points)
    loaded.push_back(load(operand, point));
  if (!loaded.front().isVector && llvm::all_of(loaded, [&](const LaneValue &value) {
        return value.value == loaded.front().value;
      }))
    return loaded.front();
  Type element = getElementTypeOrSelf(operand.get().getType());
  auto stacked = VectorType::get({int64_t(points.size()), int64_t(plan.lanes)}, element);
  Value sum = ub::PoisonOp::create(builder, loc, stacked);
  for (auto [row, value] : llvm::enumerate(loaded))
    sum = vector::InsertOp::create(builder, loc, asVector(value), sum, int64_t(row));
  return {sum, true};
}

SmallVector<SmallVector<LaneValue>> NestBody::evaluateTogether(ArrayRef<SubPoint> points) {
  auto inner = op.getBody()->without_terminator();
  SmallVector<SmallVector<LaneValue>> results(points.size());
  if (points.size() == 1 || !lanesActive() ||
      !llvm::all_of(inner, [](Operation &each) {
        return isa<arith::ConstantOp>(each) || OpTrait::hasElementwiseMappableTraits(&each);
      })) {
    for (auto [result, point] : llvm::zip(results, points))
      result = evaluate(point, {});
    return results;
  }
  DenseMap<Value, LaneValue> values;
  for (OpOperand &operand : op->getOpOperands())
    if (Value argument = op.getMatchingBlockArgument(&operand); !argument.use_empty())
      values[argument] = loadRows(operand, points);
  rows = points.size();
  for (Operation &each : inner)
    values[each.getResult(0)] = evaluateOp(&each, points.front(), values);
  for (Value yielded : op.getBody()->getTerminator()->getOperands()) {
    auto known = values.find(yielded);
    LaneValue value = known == values.end() ? LaneValue{yielded} : known->second;
    for (auto [row, result] : llvm::enumerate(results)) {
      LaneValue &own = result.emplace_back(value);
      if (value.isVector)
        own.value = vector::ExtractOp::create(builder, loc, value.value, int64_t(row));
    }
  }
  rows = 1;
  return results;
}

} // namespace lathe::cpu
