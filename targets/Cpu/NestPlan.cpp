// SPDX-License-Identifier: Apache-2.0
#include "targets/Cpu/NestPlan.h"

#include "targets/Cpu/GenericBody.h"

#include "mlir/Analysis/SliceAnalysis.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

#include <limits>

using namespace mlir;

namespace lathe::cpu {

bool NestPlan::vectorizesReduction() const {
  return vectorDim && llvm::is_contained(reductionOrder, *vectorDim);
}

bool NestPlan::spreadsSum() const {
  return spreadDim && llvm::is_contained(reductionOrder, *spreadDim);
}

std::optional<int64_t> coefficientOf(AffineExpr expr, unsigned dim) {
  if (!expr.isFunctionOfDim(dim))
    return 0;
  if (isa<AffineDimExpr>(expr))
    return 1;
  auto binary = dyn_cast<AffineBinaryOpExpr>(expr);
  if (!binary)
    return std::nullopt;
  std::optional<int64_t> lhs = coefficientOf(binary.getLHS(), dim);
  std::optional<int64_t> rhs = coefficientOf(binary.getRHS(), dim);
  if (!lhs || !rhs)
    return std::nullopt;
  if (binary.getKind() == AffineExprKind::Add)
    return *lhs + *rhs;
  if (binary.getKind() != AffineExprKind::Mul)
    return std::nullopt;
  if (auto factor = dyn_cast<AffineConstantExpr>(binary.getRHS()))
    return *lhs * factor.getValue();
  if (auto factor = dyn_cast<AffineConstantExpr>(binary.getLHS()))
    return *rhs * factor.getValue();
  return std::nullopt;
}

LaneAccess classifyAccess(linalg::GenericOp op, OpOperand &operand,
                          unsigned dim) {
  AffineMap map = op.getMatchingIndexingMap(&operand);
  if (!map.isFunctionOfDim(dim))
    return LaneAccess::Uniform;
  auto type = dyn_cast<MemRefType>(operand.get().getType());
  if (!type || type.getRank() == 0)
    return LaneAccess::Strided;
  SmallVector<int64_t> strides;
  int64_t offset;
  if (failed(type.getStridesAndOffset(strides, offset)) || strides.back() != 1)
    return LaneAccess::Strided;
  for (AffineExpr expr : map.getResults().drop_back())
    if (expr.isFunctionOfDim(dim))
      return LaneAccess::Strided;
  std::optional<int64_t> coefficient =
      coefficientOf(map.getResults().back(), dim);
  return coefficient == 1 ? LaneAccess::Contiguous : LaneAccess::Strided;
}

std::optional<RepeatedLanes> findRepeatedLanes(linalg::GenericOp op, OpOperand &operand, unsigned dim,
                                               unsigned lanes) {
  int64_t extent = op.getStaticLoopRanges()[dim], offset;
  auto type = dyn_cast<MemRefType>(operand.get().getType());
  SmallVector<int64_t> strides;
  if (!type || op.isDpsInit(&operand) || ShapedType::isDynamic(extent) || extent % lanes != 0 ||
      failed(type.getStridesAndOffset(strides, offset)) || strides.empty() || strides.back() != 1)
    return std::nullopt;
  std::optional<RepeatedLanes> found;
  for (auto [place, expr] : llvm::enumerate(op.getMatchingIndexingMap(&operand).getResults())) {
    if (!expr.isFunctionOfDim(dim))
      continue;
    auto quotient = dyn_cast<AffineBinaryOpExpr>(expr);
    if (found || !quotient || expr.getKind() != AffineExprKind::FloorDiv ||
        quotient.getLHS() != getAffineDimExpr(dim, op.getContext()) || ShapedType::isDynamic(strides[place]))
      return std::nullopt;
    found = {unsigned(place), cast<AffineConstantExpr>(quotient.getRHS()).getValue(), strides[place]};
  }
  if (!found || (lanes % found->times != 0 && found->times % lanes != 0) ||
      (lanes / found->times) * found->distance > lanes)
    return std::nullopt;
  return found;
}

bool hasVectorForm(linalg::GenericOp op) {
  for (Operation &inner : op.getBody()->without_terminator()) {
    if (inner.getNumRegions() != 0)
      return false;
    if (isa<linalg::IndexOp, arith::ConstantOp, memref::LoadOp>(inner))
      continue;
    if (!OpTrait::hasElementwiseMappableTraits(&inner) ||
        !isMemoryEffectFree(&inner))
      return false;
    for (Type type : inner.getResultTypes())
      if (!type.isIntOrIndexOrFloat())
        return false;
  }
  return true;
}

/// The associative operation that folds each point into output `index`, or null.
static Operation *combinerOf(linalg::GenericOp op, unsigned index) {
  SmallVector<Operation *> combiners;
  if (!matchReduction(op.getRegionOutputArgs(), index, combiners) ||
      combiners.size() != 1)
    return nullptr;
  Operation *combiner = combiners.front();
  // The accumulator must enter the combiner itself, and only there.
  BlockArgument accumulator = op.getRegionOutputArgs()[index];
  if (!accumulator.hasOneUse() || *accumulator.user_begin() != combiner)
    return nullptr;
  if (isa<arith::AddFOp, arith::AddIOp, arith::MulFOp, arith::MulIOp,
          arith::MaximumFOp, arith::MinimumFOp, arith::MaxNumFOp,
          arith::MinNumFOp, arith::MaxSIOp, arith::MinSIOp, arith::MaxUIOp,
          arith::MinUIOp, arith::AndIOp, arith::OrIOp, arith::XOrIOp>(combiner))
    return combiner;
  return nullptr;
}

/// The widest element that the nest computes with, in bits.
static unsigned widestElementBits(linalg::GenericOp op) {
  unsigned bits = 8;
  auto note = [&](Type type) {
    if (type.isIntOrFloat())
      bits = std::max(bits, type.getIntOrFloatBitWidth());
  };
  for (Value operand : op->getOperands())
    note(getElementTypeOrSelf(operand.getType()));
  for (Operation &inner : *op.getBody())
    for (Type type : inner.getResultTypes())
      note(type);
  return bits;
}

static unsigned narrowestElementBits(linalg::GenericOp op) {
  unsigned bits = 64;
  for (Value operand : op->getOperands())
    if (isa<MemRefType>(operand.getType()))
      bits = std::min(
          bits,
          getElementTypeOrSelf(operand.getType()).getIntOrFloatBitWidth());
  return bits;
}

/// Loads and stores per lane-group when the points of `dim` are lanes; smaller
/// is better. Infinite if `dim` cannot be the vector dimension.
static double costOfVectorDim(linalg::GenericOp op, unsigned dim,
                              unsigned lanes, int64_t extent,
                              ArrayRef<Operation *> combiners) {
  constexpr double never = std::numeric_limits<double>::infinity();
  bool isReduction =
      op.getIteratorTypesArray()[dim] == utils::IteratorType::reduction;
  if (extent == 1)
    return never;
  if (isReduction && llvm::is_contained(combiners, nullptr))
    return never;
  double cost = isReduction ? 1.5 : 1.0;
  for (OpOperand &operand : op->getOpOperands()) {
    bool isOutput = op.isDpsInit(&operand);
    switch (classifyAccess(op, operand, dim)) {
    case LaneAccess::Uniform:
      // A uniform parallel output would mean that lanes write one element.
      if (isOutput && !isReduction)
        return never;
      cost += isOutput ? 0 : 0.5;
      break;
    case LaneAccess::Contiguous:
      cost += 1;
      break;
    case LaneAccess::Strided:
      // A load and an exchange of places, where lanes repeat neighbours.
      cost += findRepeatedLanes(op, operand, dim, lanes) ? 1.5 : (isOutput ? 2.0 : 1.5) * lanes;
      break;
    }
  }
  if (!ShapedType::isDynamic(extent)) {
    double used = static_cast<double>(extent) / lanes;
    cost *= std::ceil(used) / used;
  }
  return cost;
}

static void chooseVectorDim(linalg::GenericOp op, const VectorIsa &machine,
                            ArrayRef<int64_t> extents, NestPlan &plan) {
  if (machine.vectorBits == 0 || !hasVectorForm(op))
    return;
  unsigned bits = widestElementBits(op);
  unsigned lanes = std::min(machine.vectorBits / bits, 64u);
  // A mix of i64 indices and 32-bit data keeps full registers of data.
  if (bits == 64 && narrowestElementBits(op) <= 32)
    lanes *= 2;
  if (lanes < 2)
    return;
  double best = std::numeric_limits<double>::infinity();
  for (unsigned dim = 0; dim < op.getNumLoops(); ++dim) {
    double cost =
        costOfVectorDim(op, dim, lanes, extents[dim], plan.combiners);
    // Of equals the innermost wins: neighbours in memory stay neighbours.
    if (cost <= best && cost != std::numeric_limits<double>::infinity()) {
      best = cost;
      plan.vectorDim = dim;
    }
  }
  if (!plan.vectorDim)
    return;
  // A sum over panels of half a vector: shorter vectors need no masks, and what
  // groups read lies in them whole.
  if (plan.isReduction() && !plan.vectorizesReduction() && lanes > 8 && extents[*plan.vectorDim] == lanes / 2)
    lanes /= 2;
  plan.lanes = lanes;
  plan.maskedTail =
      machine.hasByteMasks || (machine.hasMasks && narrowestElementBits(op) >= 32);
}

/// Splits the sums of a scalar nest in partial sums.
static void chooseChains(linalg::GenericOp op, ArrayRef<int64_t> extents,
                         NestPlan &plan) {
  constexpr unsigned chains = 4;
  if (plan.vectorDim || !llvm::all_of(plan.combiners, [](Operation *combiner) {
        return combiner && isa<arith::AddFOp>(combiner);
      }))
    return;
  // The longest; of equals the innermost.
  for (unsigned dim : plan.reductionOrder) {
    bool isLong = ShapedType::isDynamic(extents[dim]) || extents[dim] >= 2 * chains;
    if (isLong && (!plan.chainDim || ShapedType::isDynamic(extents[dim]) ||
                   extents[dim] >= extents[*plan.chainDim]))
      plan.chainDim = dim;
  }
  if (!plan.chainDim)
    return;
  plan.chains = chains;
  llvm::erase(plan.reductionOrder, *plan.chainDim);
  plan.reductionOrder.push_back(*plan.chainDim);
}

/// How much sharing loads over `dim` saves: operands that do not depend on it.
static double reuseAlong(linalg::GenericOp op, unsigned dim,
                         const NestPlan &plan) {
  double reuse = 0;
  for (OpOperand *input : op.getDpsInputOperands()) {
    if (op.getMatchingIndexingMap(input).isFunctionOfDim(dim))
      continue;
    bool isVector =
        plan.vectorDim &&
        op.getMatchingIndexingMap(input).isFunctionOfDim(*plan.vectorDim);
    reuse += isVector ? 2 : 1;
  }
  return reuse;
}

/// What a body needs beside its accumulators and operands, as a class: more
/// than that many values in flight and accumulators are spilled.
enum class Pressure { Plain, Temporaries, Function, Functions };

/// Whether `op` needs no register beside its result: arithmetic, and the extension
/// of bf16, which is a shift in place.
static bool isPlain(Operation &op) {
  if (auto extension = dyn_cast<arith::ExtFOp>(op))
    return extension.getIn().getType().isBF16();
  return isa<arith::AddFOp, arith::MulFOp, arith::AddIOp, arith::MulIOp, arith::ConstantOp>(op);
}

/// Whether `op` is a polynomial with its coefficients: a dozen registers alone.
static bool isFunction(Operation &op) {
  return isa<math::MathDialect>(op.getDialect()) &&
         !isa<math::AbsFOp, math::AbsIOp, math::SqrtOp, math::FmaOp, math::CopySignOp>(op);
}

static Pressure pressureOf(linalg::GenericOp op, const NestPlan &plan) {
  Pressure pressure = Pressure::Plain;
  unsigned functions = 0;
  for (Operation &inner : op.getBody()->without_terminator()) {
    if (isFunction(inner))
      ++functions;
    else if (!isPlain(inner))
      pressure = Pressure::Temporaries;
  }
  if (functions != 0)
    return functions == 1 ? Pressure::Function : Pressure::Functions;
  // Lanes that lie apart are put together one by one, in quarters.
  if (plan.vectorDim && plan.lanes > 8)
    for (OpOperand *input : op.getDpsInputOperands())
      if (classifyAccess(op, *input, *plan.vectorDim) == LaneAccess::Strided)
        pressure = Pressure::Temporaries;
  return pressure;
}

bool callsFunctions(linalg::GenericOp op) {
  Pressure pressure = pressureOf(op, {});
  return pressure == Pressure::Function || pressure == Pressure::Functions;
}

bool hasShortFunctions(linalg::GenericOp op) {
  unsigned functions = 0;
  for (Operation &inner : op.getBody()->without_terminator()) {
    if (!isFunction(inner))
      continue;
    bool isShort = isa<math::ExpOp, math::TanhOp, math::ErfOp>(inner) && inner.getResult(0).getType().isF32();
    if (!isShort || ++functions > 1)
      return false;
  }
  return true;
}

/// Accumulators that fit the registers beside everything else.
static unsigned accumulatorBudget(linalg::GenericOp op, const VectorIsa &machine,
                                  const NestPlan &plan) {
  bool many = machine.registers >= 32;
  switch (pressureOf(op, plan)) {
  case Pressure::Plain:
    return many ? 24 : 12;
  case Pressure::Temporaries:
    return many ? 8 : 4;
  case Pressure::Function:
    return many ? 2 : 1;
  case Pressure::Functions:
    return 1;
  }
  llvm_unreachable("all pressures are handled");
}

/// Rows and columns of a grid of dot products: the ones that need the fewest
/// loads and multiplications for `rows` x `columns` points. The operands of a
/// step lie in registers too: 3 x 4 would be one too many for 16 of them.
static std::pair<unsigned, unsigned> chooseGrid(unsigned budget, int64_t rows,
                                                int64_t columns) {
  if (budget >= 24)
    return {6, 4};
  if (budget < 12)
    return {2, budget / 2};
  auto cost = [&](unsigned first, unsigned second) {
    double blocks = 1.0 / (first * second);
    if (!ShapedType::isDynamic(rows))
      blocks *= llvm::divideCeil(rows, first) * double(first) / rows;
    if (!ShapedType::isDynamic(columns))
      blocks *= llvm::divideCeil(columns, second) * double(second) / columns;
    return blocks * (first * second + first + second);
  };
  std::pair<unsigned, unsigned> best = {3, 3};
  for (auto [first, second] : {std::pair(2u, 4u), std::pair(4u, 2u)})
    if (cost(first, second) < cost(best.first, best.second))
      best = {first, second};
  return best;
}

/// How far `expr`, an index of an input, moves for a point of `dim` in places of
/// `window`; nothing if windows along `dim` share no place.
static std::optional<int64_t> findWindowStride(AffineExpr expr, unsigned dim, unsigned window,
                                               ArrayRef<int64_t> extents) {
  std::optional<int64_t> stride = coefficientOf(expr, dim);
  std::optional<int64_t> dilation = coefficientOf(expr, window);
  if (!stride || !dilation || *stride < 1 || *dilation < 1 || extents[dim] == 1 ||
      *stride >= extents[window] * *dilation || *stride % *dilation != 0)
    return std::nullopt;
  return *stride / *dilation;
}

/// Takes `window` as the window of `op` if an input moves along it: one that has
/// an element for each lane, unless `isElement`.
static bool takeWindow(linalg::GenericOp op, const VectorIsa &machine, ArrayRef<int64_t> extents,
                       unsigned window, bool isElement, NestPlan &plan) {
  constexpr int64_t longestWindow = 8;
  if (ShapedType::isDynamic(extents[window]) || extents[window] < 2 || extents[window] > longestWindow)
    return false;
  for (OpOperand *input : op.getDpsInputOperands()) {
    AffineMap map = op.getMatchingIndexingMap(input);
    if (!isElement && !map.isFunctionOfDim(*plan.vectorDim))
      continue;
    for (AffineExpr expr : map.getResults()) {
      // Lanes take no part: a window over them loads each place anew.
      if (!expr.isFunctionOfDim(window) || expr.isFunctionOfDim(*plan.vectorDim))
        continue;
      for (unsigned dim : plan.parallelOrder) {
        std::optional<int64_t> stride = findWindowStride(expr, dim, window, extents);
        if (!stride)
          continue;
        // A vector of weights for each place, one of inputs, one to spare; sums
        // that share little change registers from round to round.
        int64_t rows = int64_t(machine.registers) - extents[window] - 2;
        if (isElement)
          rows = std::min<int64_t>(rows - 1, *stride > 1 ? 7 : 8);
        rows = std::clamp<int64_t>(rows, 1, std::min(8u, accumulatorBudget(op, machine, plan)));
        plan.windowDim = window;
        plan.windowStride = *stride;
        plan.blocks.push_back({dim, unsigned(rows)});
        llvm::erase(plan.reductionOrder, window);
        plan.reductionOrder.push_back(window);
        return true;
      }
    }
  }
  return false;
}

/// Blocks a dimension along which windows move, if they overlap: neighbours
/// then share what they read, and a window's weights stay in registers.
static bool chooseWindow(linalg::GenericOp op, const VectorIsa &machine,
                         ArrayRef<int64_t> extents, NestPlan &plan) {
  if (!plan.vectorDim || plan.vectorizesReduction() || op.getNumDpsInits() != 1)
    return false;
  unsigned lane = *plan.vectorDim;
  if (takeWindow(op, machine, extents, plan.reductionOrder.back(), /*isElement=*/false, plan))
    return true;
  // A row of one vector loads an element for each product, unless windows share
  // it; with two vectors they share it already.
  bool isWhole = plan.lanes * widestElementBits(op) == machine.vectorBits;
  if (extents[lane] != int64_t(plan.lanes) || machine.vectorBits <= 128 || (machine.registers >= 32 && isWhole))
    return false;
  for (unsigned window : llvm::reverse(SmallVector<unsigned>(plan.reductionOrder)))
    if (takeWindow(op, machine, extents, window, /*isElement=*/true, plan))
      return true;
  return false;
}

/// A sum whose factors follow from its place and that of the result: both loops
/// are unrolled, so that each factor is a constant and zeros cost nothing.
static bool chooseCoefficients(linalg::GenericOp op, ArrayRef<int64_t> extents, NestPlan &plan) {
  std::optional<unsigned> row = findCoefficientRow(op);
  if (!row || !plan.vectorDim || plan.vectorDim == *row || plan.vectorizesReduction())
    return false;
  plan.windowDim = plan.reductionOrder.back();
  plan.windowStride = 0;
  plan.blocks.push_back({*row, unsigned(extents[*row])});
  return true;
}

/// Vectors a row of a tile: two, but one, three or five where the lanes'
/// dimension has no more, as a panel may.
static unsigned vectorsBeside(unsigned budget, const VectorIsa &machine, ArrayRef<int64_t> extents,
                              const NestPlan &plan) {
  if (!plan.vectorDim || budget == 1)
    return 1;
  int64_t extent = extents[*plan.vectorDim], lanes = plan.lanes;
  if (ShapedType::isDynamic(extent))
    return 2;
  // 16 registers of SSE hold products beside the sums: it has no fused
  // multiply-add.
  bool fits = budget >= 12 && (machine.vectorBits > 128 || machine.registers > 16);
  bool isOdd = extent == 3 * lanes || extent == 5 * lanes;
  return extent <= lanes ? 1 : isOdd && fits ? extent / lanes : 2;
}

/// Vectors of the sums of a nest in which nothing is shared. Of products all that
/// the registers hold: what is multiplied is then read once from memory, in the
/// order in which it lies.
static unsigned vectorsAlone(unsigned budget, unsigned outputs, ArrayRef<int64_t> extents, const NestPlan &plan) {
  unsigned vectors = std::min(4 / std::min(outputs, 4u), budget);
  if (!plan.vectorDim)
    return 1;
  int64_t extent = extents[*plan.vectorDim];
  if (!plan.isContraction || plan.vectorizesReduction() || ShapedType::isDynamic(extent))
    return vectors;
  int64_t all = llvm::divideCeil(extent, int64_t(plan.lanes));
  return std::max<int64_t>(vectors, llvm::divideCeil(all, llvm::divideCeil(all, int64_t(budget))));
}

/// Picks the blocked dimensions of a nest with reductions, so that all
/// accumulators and one set of operands fit the registers.
static void chooseBlocks(linalg::GenericOp op, const VectorIsa &machine,
                         ArrayRef<int64_t> extents, NestPlan &plan) {
  // A nest that only asserts has no output.
  unsigned outputs = std::max<unsigned>(op.getNumDpsInits(), 1);
  unsigned budget = std::max(
      1u, accumulatorBudget(op, machine, plan) / (outputs * plan.chains));
  bool lanesReduce = plan.vectorizesReduction();
  // One vector and a masked rest: no loop keeps the operands of both apart.
  if (lanesReduce && plan.maskedTail && machine.registers < 32) {
    int64_t extent = extents[*plan.vectorDim];
    if (!ShapedType::isDynamic(extent) && extent % plan.lanes != 0 &&
        extent < 2 * int64_t(plan.lanes))
      budget = std::min(budget, 4u);
  }
  SmallVector<std::pair<double, unsigned>> candidates;
  for (unsigned dim : plan.parallelOrder) {
    if (plan.vectorDim == dim || extents[dim] == 1)
      continue;
    double reuse = reuseAlong(op, dim, plan);
    if (reuse > 0)
      candidates.push_back({reuse, dim});
  }
  // The innermost of the best: its rows lie closest together.
  llvm::sort(candidates, [](auto a, auto b) {
    return a.first != b.first ? a.first > b.first : a.second > b.second;
  });
  if (candidates.empty()) {
    plan.vectors = vectorsAlone(budget, outputs, extents, plan);
    return;
  }
  if (lanesReduce) {
    // Dot products: a grid of rows and columns, each a vector of partial sums.
    bool isGrid = candidates.size() > 1 && budget > 1;
    std::pair<unsigned, unsigned> grid = {std::min(4u, budget), 1};
    if (isGrid)
      grid = chooseGrid(budget, extents[candidates[0].second],
                        extents[candidates[1].second]);
    plan.blocks.push_back({candidates[0].second, grid.first});
    if (isGrid)
      plan.blocks.push_back({candidates[1].second, grid.second});
    if (outputs > 1)
      plan.blocks.resize(1);
    return;
  }
  plan.vectors = vectorsBeside(budget, machine, extents, plan);
  unsigned rows = std::max(1u, std::min(12u, budget / plan.vectors));
  // One vector a row leaves the loads as the bottleneck beyond 8 rows.
  if (plan.vectors == 1)
    rows = std::min(rows, 8u);
  plan.blocks.push_back({candidates[0].second, rows});
}

/// Spreads what a product reads once over as many streams as keep memory busy,
/// where it would be a single one: short rows that follow each other, as of an
/// attention with one query. The prefetcher of a stream starts again with each page.
static void chooseStreams(linalg::GenericOp op, ArrayRef<int64_t> extents, NestPlan &plan) {
  constexpr unsigned streams = 4;
  constexpr int64_t rowBytesMax = 1024, streamBytesMin = 8192;
  if (!plan.isContraction || !plan.vectorDim || plan.windowDim || plan.chainDim)
    return;
  bool areRows = plan.vectorizesReduction() && plan.blocks.size() == 1;
  if (!areRows && (plan.vectorizesReduction() || !plan.blocks.empty()))
    return;
  SmallVector<unsigned> summed(llvm::make_filter_range(plan.reductionOrder, [&](unsigned dim) { return extents[dim] != 1; }));
  if (summed.size() != 1)
    return;
  unsigned dim = areRows ? plan.blocks[0].dim : summed[0];
  int64_t rowPoints = extents[*plan.vectorDim];
  if (ShapedType::isDynamic(extents[dim]) || ShapedType::isDynamic(rowPoints))
    return;
  bool isStream = llvm::any_of(op.getDpsInputOperands(), [&](OpOperand *input) {
    AffineMap map = op.getMatchingIndexingMap(input);
    auto isRead = [&](unsigned loop) { return extents[loop] == 1 || map.isFunctionOfDim(loop); };
    Type element = getElementTypeOrSelf(input->get().getType());
    int64_t rowBytes = element.isIntOrFloat() ? rowPoints * element.getIntOrFloatBitWidth() / 8 : 0;
    return map.isProjectedPermutation() && llvm::all_of(llvm::seq<unsigned>(0, op.getNumLoops()), isRead) &&
           classifyAccess(op, *input, *plan.vectorDim) == LaneAccess::Contiguous && rowBytes <= rowBytesMax &&
           rowBytes * extents[dim] >= streams * streamBytesMin;
  });
  if (!isStream)
    return;
  plan.spreadDim = dim;
  plan.streams = areRows ? plan.blocks[0].factor : streams;
}

/// Where the sums of a contraction start anew.
static void chooseSumBlocks(linalg::GenericOp op, ArrayRef<int64_t> extents, NestPlan &plan) {
  constexpr int64_t blockPoints = 256;
  if (!plan.isContraction || plan.vectorizesReduction() || plan.chainDim || !plan.vectorDim)
    return;
  int64_t points = 1;
  for (unsigned level = plan.reductionOrder.size(); level-- > 0;) {
    int64_t extent = extents[plan.reductionOrder[level]];
    // Of a window at a margin, some rows exist.
    bool isUnknown = ShapedType::isDynamic(extent) && !findMargins(op);
    bool isLong = isUnknown || extent > 2 * blockPoints;
    if (isLong && points < blockPoints) {
      plan.blockLevel = level;
      plan.blockPoints = std::max<int64_t>(1, blockPoints / points);
      return;
    }
    points *= isLong ? blockPoints : std::max<int64_t>(extent, 1);
    if (points >= blockPoints) {
      // One block of all is no block.
      if (llvm::any_of(ArrayRef(plan.reductionOrder).take_front(level),
                       [&](unsigned dim) { return extents[dim] != 1; }))
        plan.blockLevel = level;
      return;
    }
  }
}

/// Writes the inner loops of a window's sum out, where they have few rounds: a
/// loop of three rounds costs as much as one of them. A loop that moves the same
/// way as the blocked points stays, outside of the others: what neighbours read
/// in it is the same memory, and sharing that takes registers. Plain products
/// stay loops: nothing is gained, and constants of what follows would be kept
/// beside their accumulators.
static void chooseWrittenOut(linalg::GenericOp op, const VectorIsa &machine, ArrayRef<int64_t> extents,
                             NestPlan &plan) {
  constexpr int64_t pointsMax = 12;
  // 16 registers of SSE hold products beside the sums.
  bool fits = machine.vectorBits > 128 || machine.registers > 16;
  if (!fits || !plan.isContraction || plan.vectorizesReduction() || plan.chainDim || !plan.vectorDim ||
      plan.blockLevel || plan.blocks.size() != 1)
    return;
  unsigned blocked = plan.blocks.front().dim;
  auto movesAlong = [&](unsigned dim) {
    return llvm::any_of(op.getIndexingMapsArray(), [&](AffineMap map) {
      return llvm::any_of(map.getResults(), [&](AffineExpr expr) {
        return expr.isFunctionOfDim(dim) && expr.isFunctionOfDim(blocked);
      });
    });
  };
  SmallVector<unsigned> order, inner;
  for (unsigned dim : plan.reductionOrder)
    (movesAlong(dim) ? order : inner).push_back(dim);
  if (order.empty() || inner.empty())
    return;
  order.append(inner);
  // Places of a window share what they read already, and stay the innermost.
  if (plan.windowDim)
    order = plan.reductionOrder;
  unsigned level = order.size() - plan.windowDim.has_value();
  int64_t points = 1;
  for (; level > 0 && !movesAlong(order[level - 1]); --level) {
    int64_t extent = extents[order[level - 1]];
    if (ShapedType::isDynamic(extent) || extent * points > pointsMax)
      break;
    points *= extent;
  }
  if (points == 1)
    return;
  plan.reductionOrder = order;
  plan.writtenOutLevel = level;
}

/// Writes out the sums along elements that lanes repeat: which of a vector's
/// elements they are is then known. Outside of the other loops: side by side,
/// their rounds would share the vectors, more than there are registers for.
static void writeOutRepeated(linalg::GenericOp op, NestPlan &plan) {
  if (!plan.vectorDim || plan.vectorizesReduction())
    return;
  llvm::SmallSetVector<unsigned, 4> places;
  for (OpOperand *input : op.getDpsInputOperands()) {
    auto lanes = findRepeatedLanes(op, *input, *plan.vectorDim, plan.lanes);
    if (!lanes || lanes->times % plan.lanes == 0)
      continue;
    for (AffineExpr expr : op.getMatchingIndexingMap(input).getResults().drop_front(lanes->place + 1))
      if (auto dim = dyn_cast<AffineDimExpr>(expr); dim && llvm::is_contained(plan.reductionOrder, dim.getPosition()))
        places.insert(dim.getPosition());
  }
  if (places.empty() || (plan.windowDim && places.contains(*plan.windowDim)))
    return;
  SmallVector<unsigned> order(places.begin(), places.end());
  for (unsigned dim : plan.reductionOrder)
    if (!places.contains(dim))
      order.push_back(dim);
  plan.reductionOrder = order;
  plan.writtenOutFirst = places.size();
}

/// The loop along which an input lies contiguously whose lanes lie apart: a nest
/// that turns rows into columns reads each of their cache lines for as long as
/// it has elements, if that loop is the innermost.
static std::optional<unsigned> findTurnedLoop(linalg::GenericOp op, const NestPlan &plan) {
  if (plan.isReduction() || !plan.vectorDim)
    return std::nullopt;
  for (OpOperand *input : op.getDpsInputOperands()) {
    AffineMap map = op.getMatchingIndexingMap(input);
    if (map.getNumResults() == 0 ||
        classifyAccess(op, *input, *plan.vectorDim) != LaneAccess::Strided)
      continue;
    auto last = dyn_cast<AffineDimExpr>(map.getResults().back());
    if (last && last.getPosition() != *plan.vectorDim)
      return last.getPosition();
  }
  return std::nullopt;
}

bool isTurned(linalg::GenericOp op, OpOperand &operand, const NestPlan &plan) {
  return plan.turnedDim && !op.isDpsInit(&operand) &&
         classifyAccess(op, operand, *plan.vectorDim) == LaneAccess::Strided &&
         classifyAccess(op, operand, *plan.turnedDim) == LaneAccess::Contiguous;
}

/// Turns vectors of one input along `turned` in registers, where nothing else
/// needs those. As many vectors as lanes are turned at once, in twice as many
/// registers: of bytes, fewer lanes than a vector has.
static void chooseTurnedDim(linalg::GenericOp op, const VectorIsa &machine, unsigned turned, int64_t extent,
                            NestPlan &plan) {
  unsigned lanes = std::min(plan.lanes, machine.registers / 2);
  if (pressureOf(op, plan) == Pressure::Function || pressureOf(op, plan) == Pressure::Functions ||
      !llvm::isPowerOf2_32(lanes) || (!ShapedType::isDynamic(extent) && extent < int64_t(lanes)))
    return;
  plan.turnedDim = turned;
  bool hasOne = llvm::count_if(op->getOpOperands(), [&](OpOperand &operand) {
                  return isTurned(op, operand, plan);
                }) == 1;
  bool isNarrow = llvm::any_of(op->getOpOperands(), [&](OpOperand &operand) {
    Type element = getElementTypeOrSelf(operand.get().getType());
    return isTurned(op, operand, plan) && (!element.isIntOrFloat() || element.getIntOrFloatBitWidth() < 8);
  });
  if (!hasOne || isNarrow)
    plan.turnedDim = std::nullopt;
  else
    plan.lanes = lanes;
}

NestPlan planNest(linalg::GenericOp op, const VectorIsa &machine) {
  NestPlan plan;
  SmallVector<int64_t> extents = op.getStaticLoopRanges();
  for (auto [dim, kind] : llvm::enumerate(op.getIteratorTypesArray()))
    (kind == utils::IteratorType::parallel ? plan.parallelOrder
                                           : plan.reductionOrder)
        .push_back(dim);
  if (plan.isReduction())
    for (unsigned index = 0; index < op.getNumDpsInits(); ++index)
      plan.combiners.push_back(combinerOf(op, index));
  if (planDotNest(op, machine, plan))
    return plan;
  chooseVectorDim(op, machine, extents, plan);

  if (plan.isReduction()) {
    plan.isContraction =
        plan.combiners.size() == 1 && plan.combiners[0] &&
        isa<arith::AddFOp>(plan.combiners[0]) &&
        llvm::any_of(plan.combiners[0]->getOperands(), [](Value operand) {
          return operand.getDefiningOp<arith::MulFOp>();
        });
    chooseChains(op, extents, plan);
    if (!chooseCoefficients(op, extents, plan) && !chooseWindow(op, machine, extents, plan))
      chooseBlocks(op, machine, extents, plan);
    chooseStreams(op, extents, plan);
  } else if (plan.vectorDim) {
    // As many points as keep their values in registers side by side; chains of
    // functions gain more by company than they lose by what is spilled.
    plan.vectors = op.getBody()->getOperations().size() > 6 ? 2 : 4;
    // A panel has fewer: all of them at once, without a loop of two rounds.
    int64_t extent = extents[*plan.vectorDim];
    if (!ShapedType::isDynamic(extent) && extent >= plan.lanes)
      plan.vectors = std::min<int64_t>(plan.vectors, extent / plan.lanes);
    if (callsFunctions(op))
      plan.vectors = hasShortFunctions(op) ? 4 : accumulatorBudget(op, machine, plan);
  }
  // Lanes run inside the plain loops, blocked rows inside the lanes: the
  // vectors of a column panel stay in cache while the rows pass.
  SmallVector<unsigned> blocked;
  for (BlockedDim block : plan.blocks)
    blocked.push_back(block.dim);
  SmallVector<unsigned> order;
  for (unsigned dim : plan.parallelOrder)
    if (plan.vectorDim != dim && !llvm::is_contained(blocked, dim))
      order.push_back(dim);
  if (plan.vectorDim && !plan.vectorizesReduction())
    order.push_back(*plan.vectorDim);
  if (std::optional<unsigned> turned = findTurnedLoop(op, plan)) {
    plan.vectors = 1;
    llvm::erase(order, *turned);
    order.push_back(*turned);
    chooseTurnedDim(op, machine, *turned, extents[*turned], plan);
  }
  // The first blocked dimension is the outer of the two.
  llvm::append_range(order, blocked);
  // Windows read all lines of their columns at once, in the order of memory:
  // a row of a map may be larger than the first cache.
  if (!plan.windowDim || plan.windowStride == 0 || plan.vectorDim != plan.parallelOrder.back())
    plan.parallelOrder = order;
  if (plan.vectorizesReduction()) {
    llvm::erase(plan.reductionOrder, *plan.vectorDim);
    plan.reductionOrder.push_back(*plan.vectorDim);
  }
  writeOutRepeated(op, plan);
  if (plan.writtenOutFirst != 0)
    return plan;
  chooseSumBlocks(op, extents, plan);
  chooseWrittenOut(op, machine, extents, plan);
  return plan;
}

} // namespace lathe::cpu
