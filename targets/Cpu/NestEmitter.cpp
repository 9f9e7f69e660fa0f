// SPDX-License-Identifier: Apache-2.0
#include "targets/Cpu/NestEmitter.h"

#include "targets/Cpu/NestBody.h"
#include "targets/Cpu/NestPrefetch.h"

#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "llvm/ADT/TypeSwitch.h"

#include <map>

using namespace mlir;

namespace lathe::cpu {
namespace {

/// One way to walk a part of a dimension.
struct Step {
  /// Points, or vectors if `isLanes`, handled together.
  unsigned count = 1;
  bool isLanes = false;
  /// One masked vector for what is left over; always the last step.
  bool isMasked = false;
  /// Points that this step covers in total; nothing = as many as fit.
  std::optional<int64_t> points = std::nullopt;
  /// From one point of a step to the next: the steps are neighbours then.
  int64_t spacing = 1;
};

/// Accumulators of a reduction: one per output, combination of blocked points
/// and chain. The chains are the vectors of a vectorised reduction and, where
/// its tail is scalar, one scalar chain at the end; or the partial sums of a
/// scalar one.
using Accumulators = SmallVector<Value>;

/// Vectors to which a function is applied at a time: its chain of dependent
/// instructions takes ten times as long as the units need for it.
constexpr size_t kFunctionsTogether = 6;

class Emitter {
public:
  Emitter(OpBuilder &builder, linalg::GenericOp op, const NestPlan &plan,
          ArrayRef<Value> initialValues, const std::optional<NestEpilogue> &epilogue)
      : builder(builder), loc(op.getLoc()), op(op), plan(plan),
        initialValues(initialValues), body(builder, op, plan), epilogue(epilogue),
        streamed(findStreamedPanels(op, plan)), streamedRows(findStreamedRows(op, plan)) {}

  void run() {
    for (unsigned dim = 0; dim < op.getNumLoops(); ++dim)
      extents.push_back(findExtent(dim));
    if (plan.dot)
      body.positions[plan.dot->sumDim].offset = constant(0);
    emitParallel(0);
  }

private:
  OpFoldResult findExtent(unsigned dim);

  SmallVector<Step> stepsOf(unsigned dim);
  /// `steps` along `dim`, with a step of its own for each block that reads places
  /// which do not exist: which ones is known then.
  SmallVector<Step> setMarginsApart(unsigned dim, ArrayRef<Step> steps);
  /// The step of plan.spreadDim, of so many points, that leaves less than one for each stream.
  Step spreadStep(int64_t extent) const;
  Value constant(int64_t value) {
    return arith::ConstantIndexOp::create(builder, loc, value);
  }
  Value extentOf(unsigned dim) {
    return getValueOrCreateConstantIndexOp(builder, loc, extents[dim]);
  }
  /// Calls `emit` for each step of `dim` with the position set; loops carry
  /// `carried` through.
  Accumulators walkDim(unsigned dim, Accumulators carried,
                       function_ref<Accumulators(Accumulators)> emit);
  Accumulators emitMasked(unsigned dim, const Step &step, Value lower,
                          Accumulators carried,
                          function_ref<Accumulators(Accumulators)> emit);
  Accumulators emitLoop(unsigned dim, const Step &step, Value lower,
                        Value upper, Accumulators carried,
                        function_ref<Accumulators(Accumulators)> emit);
  void setMask(unsigned dim, Value lower);

  void emitParallel(unsigned level);
  void emitPoints();
  void emitReduction();
  Accumulators startAccumulators();
  Accumulators emitReductionLoops(unsigned level, Accumulators carried);
  /// The loops from `level` on, as one chain of sums.
  Accumulators emitLoopsBelow(unsigned level, Accumulators carried);
  /// The loops from `level` on, each round written out.
  Accumulators writeOut(unsigned level, Accumulators carried);
  /// Fetches what `points` points of a sum from `point` on are long enough for.
  void prefetch(Value point, int64_t points) {
    if (streamed)
      emitPrefetch(builder, loc, *streamed, body.positions[streamed->panelLoop].offset,
                   body.positions[streamed->rowLoop].offset,
                   body.positions[streamed->rowLoop].count, point, points);
  }
  /// The loops from plan.blockLevel on, in blocks that start at zero.
  Accumulators emitSumBlocks(Accumulators carried);
  /// `carried` and what `emit` sums up from zero.
  Accumulators addBlock(const Accumulators &carried,
                        function_ref<Accumulators(Accumulators)> emit);
  Accumulators accumulate(Accumulators carried);
  /// Sums of dot products whose codes exceed what they stand for: one more for
  /// each vector of weights, behind all others.
  void startExcess(Accumulators &accumulators);
  void accumulateExcess(Accumulators &carried);
  Value withoutExcess(const Accumulators &sums, const SubPoint &point, Value sum);
  /// The accumulators of forEachBlock(), once for each place of a window.
  SmallVector<std::pair<unsigned, SubPoint>> blocksInReadingOrder();
  Value finishChains(unsigned output, ArrayRef<Value> chains, Value start);
  /// Evaluates `nest` at `points` and stores its results.
  void emitTogether(NestBody &nestBody, linalg::GenericOp nest, ArrayRef<SubPoint> points);
  /// Stores what the epilogue makes of the sums of a block.
  void emitEpilogue(ArrayRef<std::pair<SubPoint, LaneValue>> sums);
  Value combine(unsigned output, Value lhs, Value rhs);
  LaneValue startOf(unsigned output, const SubPoint &point);

  /// Calls `visit` for each combination of points handled together along the
  /// parallel dimensions.
  void forEachBlock(function_ref<void(const SubPoint &)> visit);
  unsigned chainCount() const {
    return plan.vectorizesReduction()
               ? plan.vectors + (plan.maskedTail ? 0 : 1)
               : plan.chains;
  }
  /// Partial sums start neutral; the true start enters once, at the end.
  bool hasPartialSums() const {
    return plan.vectorizesReduction() || plan.chainDim;
  }

  OpBuilder &builder;
  Location loc;
  linalg::GenericOp op;
  const NestPlan &plan;
  ArrayRef<Value> initialValues;
  NestBody body;
  const std::optional<NestEpilogue> &epilogue;
  std::optional<StreamedPanels> streamed;
  std::optional<StreamedRows> streamedRows;
  SmallVector<OpFoldResult> extents;
};

OpFoldResult Emitter::findExtent(unsigned dim) {
  int64_t extent = op.getStaticLoopRanges()[dim];
  if (!ShapedType::isDynamic(extent))
    return builder.getIndexAttr(extent);
  // linalg's verifier makes sure that some operand has the dimension plainly.
  AffineExpr expr = builder.getAffineDimExpr(dim);
  for (OpOperand &operand : op->getOpOperands())
    if (std::optional<unsigned> place =
            op.getMatchingIndexingMap(&operand).getResultPosition(expr))
      return memref::DimOp::create(builder, loc, operand.get(), *place)
          .getResult();
  return builder.getIndexAttr(0);
}

SmallVector<Step> Emitter::setMarginsApart(unsigned dim, ArrayRef<Step> steps) {
  std::optional<Margins> margins = findMargins(op);
  if (!margins)
    return SmallVector<Step>(steps);
  OpOperand &operand = op->getOpOperand(margins->operand);
  AffineExpr expr = op.getMatchingIndexingMap(&operand).getResult(margins->position);
  int64_t stride = coefficientOf(expr, dim).value_or(0), reach = 0;
  for (unsigned each = 0; each < op.getNumLoops(); ++each)
    if (std::optional<int64_t> extent = getConstantIntValue(extents[each]); extent && each != dim)
      reach += coefficientOf(expr, each).value_or(0) * (*extent - 1);
  int64_t end = cast<MemRefType>(operand.get().getType()).getDimSize(margins->position) - margins->high;
  SmallVector<Step> apart;
  int64_t first = 0;
  bool wasApart = true;
  for (const Step &step : steps)
    for (int64_t next = first + *step.points; first < next; first += step.count) {
      bool isApart = first * stride < margins->low || (first + step.count - 1) * stride + reach >= end;
      if (isApart || wasApart || apart.back().count != step.count)
        apart.push_back({step.count, false, false, 0});
      *apart.back().points += step.count;
      wasApart = isApart;
    }
  return apart;
}

Step Emitter::spreadStep(int64_t extent) const {
  int64_t spacing = extent / plan.streams;
  return {plan.streams, false, false, spacing * plan.streams, spacing};
}

SmallVector<Step> Emitter::stepsOf(unsigned dim) {
  std::optional<int64_t> extent = getConstantIntValue(extents[dim]);
  if (plan.vectorDim == dim) {
    SmallVector<Step> steps;
    if (plan.vectors > 1)
      steps.push_back({plan.vectors, true, false, std::nullopt});
    steps.push_back({1, true, false, std::nullopt});
    if (plan.maskedTail)
      steps.push_back({1, true, true, std::nullopt});
    else
      steps.push_back({1, false, false, std::nullopt});
    return steps;
  }
  if (plan.chainDim == dim)
    return {{plan.chains}, {1}};
  if (plan.turnedDim == dim)
    return {{plan.lanes}, {1}};
  if (plan.spreadDim == dim)
    return {spreadStep(*extent), {1}};
  if (plan.windowDim == dim)
    return {{unsigned(*extent)}};
  for (BlockedDim block : plan.blocks) {
    if (block.dim != dim)
      continue;
    if (!extent || *extent == 0) {
      if (block.factor > 3)
        return {{block.factor}, {2}, {1}};
      return {{block.factor}, {1}};
    }
    // As few blocks as possible, as equal as possible.
    int64_t blocks = llvm::divideCeil(*extent, int64_t(block.factor));
    int64_t small = *extent / blocks, larger = *extent % blocks;
    SmallVector<Step> steps;
    if (larger)
      steps.push_back({unsigned(small + 1), false, false, larger * (small + 1)});
    steps.push_back({unsigned(small), false, false, (blocks - larger) * small});
    return setMarginsApart(dim, steps);
  }
  return {{1}};
}

void Emitter::setMask(unsigned dim, Value lower) {
  DimPosition &position = body.positions[dim];
  position.laneCount = builder.createOrFold<arith::SubIOp>(
      loc, extentOf(dim), lower, arith::IntegerOverflowFlags::nsw);
  position.mask = vector::CreateMaskOp::create(
      builder, loc, body.vectorOf(builder.getI1Type()),
      ValueRange{position.laneCount});
}

Accumulators
Emitter::emitMasked(unsigned dim, const Step &step, Value lower,
                    Accumulators carried,
                    function_ref<Accumulators(Accumulators)> emit) {
  body.positions[dim] = {lower, step.count, true, {}, {}};
  if (getConstantIntValue(extents[dim])) {
    setMask(dim, lower);
    return emit(std::move(carried));
  }
  Value any = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::slt,
                                    lower, extentOf(dim));
  auto branch = scf::IfOp::create(builder, loc, ValueRange(carried).getTypes(),
                                  any, /*withElseRegion=*/!carried.empty());
  OpBuilder::InsertionGuard guard(builder);
  if (!carried.empty()) {
    builder.setInsertionPointToStart(branch.elseBlock());
    scf::YieldOp::create(builder, loc, carried);
  }
  builder.setInsertionPointToStart(branch.thenBlock());
  setMask(dim, lower);
  Accumulators results = emit(carried);
  if (!carried.empty())
    scf::YieldOp::create(builder, loc, results);
  return Accumulators(branch.getResults());
}

Accumulators
Emitter::emitLoop(unsigned dim, const Step &step, Value lower, Value upper,
                  Accumulators carried,
                  function_ref<Accumulators(Accumulators)> emit) {
  int64_t width = step.spacing != 1 ? 1 : int64_t(step.count) * (step.isLanes ? plan.lanes : 1);
  std::optional<int64_t> from = getConstantIntValue(lower);
  std::optional<int64_t> to = getConstantIntValue(upper);
  if (from && to && *to - *from == width) {
    body.positions[dim] = {lower, step.count, step.isLanes, {}, {}, std::nullopt, step.spacing};
    return emit(std::move(carried));
  }
  auto loop = scf::ForOp::create(builder, loc, lower, upper, constant(width),
                                 carried);
  OpBuilder::InsertionGuard guard(builder);
  if (carried.empty())
    builder.setInsertionPoint(loop.getBody()->getTerminator());
  else
    builder.setInsertionPointToStart(loop.getBody());
  body.positions[dim] = {loop.getInductionVar(), step.count, step.isLanes, {}, {}, std::nullopt, step.spacing};
  if (from && to)
    body.positions[dim].range = {*from, *to - width};
  Accumulators results = emit(Accumulators(loop.getRegionIterArgs()));
  if (!carried.empty())
    scf::YieldOp::create(builder, loc, results);
  return Accumulators(loop.getResults());
}

Accumulators Emitter::walkDim(unsigned dim, Accumulators carried,
                              function_ref<Accumulators(Accumulators)> emit) {
  std::optional<int64_t> extent = getConstantIntValue(extents[dim]);
  Value lower = constant(0);
  for (const Step &step : stepsOf(dim)) {
    int64_t width = int64_t(step.count) * (step.isLanes ? plan.lanes : 1);
    std::optional<int64_t> done = getConstantIntValue(lower);
    if (extent && done && *done >= *extent)
      break;
    if (step.isMasked) {
      carried = emitMasked(dim, step, lower, std::move(carried), emit);
      break;
    }
    Value upper;
    if (extent && done) {
      int64_t points = step.points.value_or((*extent - *done) / width * width);
      if (points == 0)
        continue;
      upper = constant(*done + points);
    } else if (width == 1) {
      upper = extentOf(dim);
    } else {
      Value left = arith::SubIOp::create(builder, loc, extentOf(dim), lower);
      Value over = arith::RemUIOp::create(builder, loc, left, constant(width));
      upper = arith::SubIOp::create(builder, loc, extentOf(dim), over,
                                    arith::IntegerOverflowFlags::nsw);
    }
    Value end = step.spacing == 1 ? upper : constant(*done + step.spacing);
    carried = emitLoop(dim, step, lower, end, std::move(carried), emit);
    lower = upper;
  }
  body.positions[dim] = {};
  return carried;
}

void Emitter::emitParallel(unsigned level) {
  if (level == plan.parallelOrder.size()) {
    body.forgetLoads();
    if (plan.isReduction())
      emitReduction();
    else
      emitPoints();
    return;
  }
  walkDim(plan.parallelOrder[level], {}, [&](Accumulators) {
    // Once for all vectors of a line, which are the innermost loop.
    if (streamedRows && level + 2 == plan.parallelOrder.size())
      body.prefetchRows(*streamedRows);
    emitParallel(level + 1);
    return Accumulators();
  });
}

void Emitter::forEachBlock(function_ref<void(const SubPoint &)> visit) {
  SubPoint point(op.getNumLoops(), 0);
  SmallVector<unsigned> dims;
  for (BlockedDim block : plan.blocks)
    dims.push_back(block.dim);
  if (plan.vectorDim && !plan.vectorizesReduction())
    dims.push_back(*plan.vectorDim);
  if (plan.turnedDim)
    dims.push_back(*plan.turnedDim);
  std::function<void(unsigned)> descend = [&](unsigned level) {
    if (level == dims.size())
      return visit(point);
    unsigned dim = dims[level];
    for (unsigned index = 0; index < body.positions[dim].count; ++index) {
      point[dim] = index;
      descend(level + 1);
    }
    point[dim] = 0;
  };
  descend(0);
}

void Emitter::emitTogether(NestBody &nestBody, linalg::GenericOp nest, ArrayRef<SubPoint> points) {
  // All results before all stores: an output may be one of the inputs, and the
  // chains of the points overlap better.
  SmallVector<SmallVector<LaneValue>> results;
  if (callsFunctions(nest))
    results = nestBody.evaluateTogether(points);
  else
    for (const SubPoint &point : points)
      results.push_back(nestBody.evaluate(point, {}));
  for (auto [point, values] : llvm::zip(points, results))
    for (auto [index, value] : llvm::enumerate(values))
      nestBody.store(*nest.getDpsInitOperand(index), point, value);
}

void Emitter::emitPoints() {
  if (plan.turnedDim && body.lanesActive() && body.positions[*plan.turnedDim].count == plan.lanes)
    for (OpOperand &operand : op->getOpOperands())
      if (isTurned(op, operand, plan))
        body.loadTurned(operand, SubPoint(op.getNumLoops(), 0));
  SmallVector<SubPoint> points;
  forEachBlock([&](const SubPoint &point) { points.push_back(point); });
  emitTogether(body, op, points);
}

LaneValue Emitter::startOf(unsigned output, const SubPoint &point) {
  if (initialValues[output])
    return {initialValues[output]};
  return body.load(*op.getDpsInitOperand(output), point);
}

Accumulators Emitter::startAccumulators() {
  Accumulators accumulators;
  forEachBlock([&](const SubPoint &point) {
    for (unsigned output = 0; output < op.getNumDpsInits(); ++output) {
      if (!hasPartialSums()) {
        LaneValue start = startOf(output, point);
        accumulators.push_back(body.lanesActive() ? body.asVector(start)
                                                  : start.value);
        continue;
      }
      TypedAttr neutral = *arith::getNeutralElement(plan.combiners[output]);
      Value scalar = arith::ConstantOp::create(builder, loc, neutral);
      if (plan.chainDim) {
        accumulators.append(plan.chains, scalar);
        continue;
      }
      Value vector = vector::BroadcastOp::create(
          builder, loc, body.vectorOf(scalar.getType()), scalar);
      for (unsigned chain = 0; chain < plan.vectors; ++chain)
        accumulators.push_back(vector);
      if (!plan.maskedTail)
        accumulators.push_back(scalar);
    }
  });
  startExcess(accumulators);
  return accumulators;
}

void Emitter::startExcess(Accumulators &accumulators) {
  if (plan.dot && plan.dot->excess() != 0)
    for (unsigned vector = 0; vector < body.positions[*plan.vectorDim].count; ++vector)
      accumulators.push_back(body.asVector({arith::ConstantIntOp::create(builder, loc, builder.getI32Type(), 0)}));
}

void Emitter::accumulateExcess(Accumulators &carried) {
  if (!plan.dot || plan.dot->excess() == 0)
    return;
  unsigned vectors = body.positions[*plan.vectorDim].count;
  for (unsigned vector = 0; vector < vectors; ++vector) {
    SubPoint point(op.getNumLoops(), 0);
    point[*plan.vectorDim] = vector;
    Value &excess = carried[carried.size() - vectors + vector];
    excess = addExcess(builder, loc, *plan.dot, excess, body.load(*plan.dot->weight.operand, point).value);
  }
}

Value Emitter::withoutExcess(const Accumulators &sums, const SubPoint &point, Value sum) {
  if (!plan.dot || plan.dot->excess() == 0)
    return sum;
  unsigned vectors = body.positions[*plan.vectorDim].count;
  return arith::SubIOp::create(builder, loc, sum, sums[sums.size() - vectors + point[*plan.vectorDim]]);
}

SmallVector<std::pair<unsigned, SubPoint>> Emitter::blocksInReadingOrder() {
  SmallVector<std::pair<unsigned, SubPoint>> blocks;
  unsigned count = 0;
  forEachBlock([&](const SubPoint &point) { blocks.push_back({count++, point}); });
  if (plan.spreadsSum()) {
    SmallVector<std::pair<unsigned, SubPoint>> spread;
    for (unsigned term = 0; term < body.positions[*plan.spreadDim].count; ++term)
      for (auto &[block, point] : blocks)
        spread.emplace_back(block, point).second[*plan.spreadDim] = term;
    return spread;
  }
  if (!plan.windowDim)
    return blocks;
  // An input is read for all its sums at once: none waits in a register.
  unsigned window = *plan.windowDim, places = body.positions[window].count;
  std::multimap<int64_t, std::pair<unsigned, SubPoint>> byPlace;
  for (auto &[block, point] : blocks)
    for (unsigned place = 0; place < places; ++place) {
      SubPoint at = point;
      at[window] = place;
      byPlace.insert({plan.windowStride * int64_t(point[plan.blocks.front().dim]) + place,
                      {block, at}});
    }
  blocks.clear();
  for (auto &[place, at] : byPlace)
    blocks.push_back(at);
  return blocks;
}

Accumulators Emitter::accumulate(Accumulators carried) {
  body.forgetLoads();
  unsigned outputs = op.getNumDpsInits(), chains = chainCount();
  unsigned first = 0, chainsHere = 1;
  if (plan.vectorizesReduction()) {
    if (body.lanesActive())
      chainsHere = body.positions[*plan.vectorDim].count;
    else
      first = plan.vectors;
  } else if (plan.chainDim) {
    chainsHere = body.positions[*plan.chainDim].count;
  }
  Value mask = plan.vectorizesReduction() ? body.laneMask() : Value();
  for (auto &[block, atBlock] : blocksInReadingOrder()) {
    SubPoint point = atBlock;
    if (body.readsMargin(point))
      continue;
    for (unsigned chain = first; chain < first + chainsHere; ++chain) {
      if (plan.vectorizesReduction())
        point[*plan.vectorDim] = chain - first;
      else if (plan.chainDim)
        point[*plan.chainDim] = chain;
      SmallVector<LaneValue> old;
      for (unsigned output = 0; output < outputs; ++output)
        old.push_back({carried[(block * outputs + output) * chains + chain],
                       body.lanesActive()});
      SmallVector<LaneValue> results = body.evaluate(point, old);
      for (unsigned output = 0; output < outputs; ++output) {
        Value result = body.lanesActive() ? body.asVector(results[output])
                                          : results[output].value;
        if (mask)
          result = arith::SelectOp::create(builder, loc, mask, result,
                                           old[output].value);
        carried[(block * outputs + output) * chains + chain] = result;
      }
    }
  }
  accumulateExcess(carried);
  body.forgetLoads();
  return carried;
}

Accumulators Emitter::emitReductionLoops(unsigned level, Accumulators carried) {
  if (plan.blockLevel == level)
    return emitSumBlocks(std::move(carried));
  return emitLoopsBelow(level, std::move(carried));
}

Accumulators Emitter::emitLoopsBelow(unsigned level, Accumulators carried) {
  if (level == plan.reductionOrder.size())
    return accumulate(std::move(carried));
  bool isInner = plan.writtenOutLevel && level >= *plan.writtenOutLevel && plan.windowDim != plan.reductionOrder[level];
  if (isInner || level < plan.writtenOutFirst)
    return writeOut(level, std::move(carried));
  return walkDim(plan.reductionOrder[level], std::move(carried),
                 [&](Accumulators inner) {
                   return emitReductionLoops(level + 1, std::move(inner));
                 });
}

Accumulators Emitter::writeOut(unsigned level, Accumulators carried) {
  unsigned dim = plan.reductionOrder[level];
  for (int64_t point = 0; point < *getConstantIntValue(extents[dim]); ++point) {
    body.positions[dim].offset = constant(point);
    carried = emitLoopsBelow(level + 1, std::move(carried));
  }
  body.positions[dim] = {};
  return carried;
}

Accumulators Emitter::addBlock(const Accumulators &carried,
                               function_ref<Accumulators(Accumulators)> emit) {
  Accumulators zeros, sums;
  for (Value value : carried)
    zeros.push_back(arith::ConstantOp::create(
        builder, loc, cast<TypedAttr>(builder.getZeroAttr(value.getType()))));
  for (auto [sum, block] : llvm::zip(carried, emit(zeros)))
    sums.push_back(combine(0, sum, block));
  return sums;
}

Accumulators Emitter::emitSumBlocks(Accumulators carried) {
  unsigned level = *plan.blockLevel, dim = plan.reductionOrder[level];
  if (plan.blockPoints == 0)
    return addBlock(carried, [&](Accumulators block) {
      return emitLoopsBelow(level, std::move(block));
    });
  // A block of a spread sum has so many terms in all its streams together.
  Step step = plan.spreadDim == dim ? spreadStep(*getConstantIntValue(extents[dim])) : Step{1};
  Value end = step.spacing == 1 ? extentOf(dim) : constant(step.spacing);
  int64_t rounds = plan.blockPoints / step.count;
  auto blocks = scf::ForOp::create(builder, loc, constant(0), end, constant(rounds), carried);
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(blocks.getBody());
  Value lower = blocks.getInductionVar();
  prefetch(lower, plan.blockPoints);
  Value upper = arith::MinSIOp::create(
      builder, loc, end, arith::AddIOp::create(builder, loc, lower, constant(rounds)));
  Accumulators sums =
      addBlock(Accumulators(blocks.getRegionIterArgs()), [&](Accumulators block) {
        return emitLoop(dim, step, lower, upper, std::move(block), [&](Accumulators inner) {
          return emitReductionLoops(level + 1, std::move(inner));
        });
      });
  body.positions[dim] = {};
  scf::YieldOp::create(builder, loc, sums);
  builder.setInsertionPointAfter(blocks);
  if (!step.points || *step.points == *getConstantIntValue(extents[dim]))
    return Accumulators(blocks.getResults());
  Accumulators all = addBlock(Accumulators(blocks.getResults()), [&](Accumulators rest) {
    return emitLoop(dim, {1}, constant(*step.points), extentOf(dim), std::move(rest), [&](Accumulators inner) {
      return emitReductionLoops(level + 1, std::move(inner));
    });
  });
  body.positions[dim] = {};
  return all;
}

Value Emitter::combine(unsigned output, Value lhs, Value rhs) {
  Operation *combiner = plan.combiners[output];
  return builder
      .create(loc, combiner->getName().getIdentifier(), {lhs, rhs},
              {lhs.getType()}, combiner->getAttrs())
      ->getResult(0);
}

static vector::CombiningKind kindOf(Operation *combiner) {
  using Kind = vector::CombiningKind;
  return llvm::TypeSwitch<Operation *, Kind>(combiner)
      .Case<arith::AddFOp, arith::AddIOp>([](auto) { return Kind::ADD; })
      .Case<arith::MulFOp, arith::MulIOp>([](auto) { return Kind::MUL; })
      .Case<arith::MaximumFOp>([](auto) { return Kind::MAXIMUMF; })
      .Case<arith::MinimumFOp>([](auto) { return Kind::MINIMUMF; })
      .Case<arith::MaxNumFOp>([](auto) { return Kind::MAXNUMF; })
      .Case<arith::MinNumFOp>([](auto) { return Kind::MINNUMF; })
      .Case<arith::MaxSIOp>([](auto) { return Kind::MAXSI; })
      .Case<arith::MinSIOp>([](auto) { return Kind::MINSI; })
      .Case<arith::MaxUIOp>([](auto) { return Kind::MAXUI; })
      .Case<arith::MinUIOp>([](auto) { return Kind::MINUI; })
      .Case<arith::AndIOp>([](auto) { return Kind::AND; })
      .Case<arith::OrIOp>([](auto) { return Kind::OR; })
      .Case<arith::XOrIOp>([](auto) { return Kind::XOR; });
}

Value Emitter::finishChains(unsigned output, ArrayRef<Value> chains,
                            Value start) {
  SmallVector<Value> sums(
      chains.take_front(plan.chainDim ? plan.chains : plan.vectors));
  for (size_t half = 1; half < sums.size(); half *= 2)
    for (size_t index = 0; index + half < sums.size(); index += 2 * half)
      sums[index] = combine(output, sums[index], sums[index + half]);
  if (plan.chainDim)
    return combine(output, start, sums[0]);
  auto flags = arith::FastMathFlags::reassoc;
  Value result = vector::ReductionOp::create(
      builder, loc, kindOf(plan.combiners[output]), sums[0], flags);
  if (!plan.maskedTail)
    result = combine(output, result, chains.back());
  return combine(output, start, result);
}

void Emitter::emitReduction() {
  SmallVector<LaneValue> starts;
  if (hasPartialSums())
    forEachBlock([&](const SubPoint &point) {
      for (unsigned output = 0; output < op.getNumDpsInits(); ++output)
        starts.push_back(startOf(output, point));
    });
  if (!plan.blockLevel && streamed)
    prefetch({}, streamed->points);
  Accumulators results = emitReductionLoops(0, startAccumulators());
  unsigned chains = chainCount(), slot = 0;
  SmallVector<std::pair<SubPoint, LaneValue>> sums;
  forEachBlock([&](const SubPoint &point) {
    for (unsigned output = 0; output < op.getNumDpsInits(); ++output, ++slot) {
      ArrayRef<Value> mine = ArrayRef(results).slice(slot * chains, chains);
      LaneValue value = {mine.front(), body.lanesActive()};
      if (hasPartialSums())
        value = {finishChains(output, mine, starts[slot].value)};
      else
        value.value = withoutExcess(results, point, value.value);
      if (!epilogue || epilogue->keepsSum)
        body.store(*op.getDpsInitOperand(output), point, value);
      sums.push_back({point, value});
    }
  });
  if (epilogue)
    emitEpilogue(sums);
}

void Emitter::emitEpilogue(ArrayRef<std::pair<SubPoint, LaneValue>> sums) {
  linalg::GenericOp next = epilogue->op;
  NestPlan nextPlan = planEpilogue(next, op, plan);
  NestBody nextBody(builder, next, nextPlan);
  SmallVector<unsigned> dims;
  op.getParallelDims(dims);
  for (auto [place, dim] : llvm::enumerate(dims))
    nextBody.positions[place] = body.positions[dim];
  SmallVector<SubPoint> points;
  for (const auto &[sumPoint, sum] : sums) {
    SubPoint &point = points.emplace_back();
    for (unsigned dim : dims)
      point.push_back(sumPoint[dim]);
    for (unsigned operand : epilogue->sumOperands)
      nextBody.setLoaded(next->getOpOperand(operand), point, sum);
  }
  // A function needs the registers of the sums that are done.
  size_t most = callsFunctions(next) ? kFunctionsTogether : points.size();
  size_t groups = llvm::divideCeil(points.size(), most);
  size_t each = llvm::divideCeil(points.size(), groups);
  for (size_t first = 0; first < points.size(); first += each)
    emitTogether(nextBody, next, ArrayRef(points).drop_front(first).take_front(each));
}

} // namespace

void emitNest(OpBuilder &builder, linalg::GenericOp op, const NestPlan &plan,
              ArrayRef<Value> initialValues, const std::optional<NestEpilogue> &epilogue) {
  Emitter(builder, op, plan, initialValues, epilogue).run();
}

} // namespace lathe::cpu
