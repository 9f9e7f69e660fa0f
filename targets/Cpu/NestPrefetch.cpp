// SPDX-License-Identifier: Apache-2.0
#include "targets/Cpu/NestPrefetch.h"

#include "targets/Cpu/GenericBody.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Interfaces/ViewLikeInterface.h"

#include <numeric>

using namespace mlir;

namespace lathe::cpu {

/// Weights of this size do not stay in a private cache from call to call: those of
/// other layers pass it in between.
static constexpr int64_t streamedBytes = 1 << 17;
/// With fewer rows, a panel's worth of products is no time to fetch one in.
static constexpr int64_t enoughRows = 48;

/// Bytes of the whole buffer that `value` is a part of, 0 if they are not known.
static int64_t bytesOfBuffer(Value value) {
  while (auto view = value.getDefiningOp<ViewLikeOpInterface>())
    value = view.getViewSource();
  auto type = dyn_cast<MemRefType>(value.getType());
  if (!type || !type.hasStaticShape())
    return 0;
  return type.getNumElements() * llvm::divideCeil(type.getElementTypeBitWidth(), 8);
}

/// Whether `map` leads to (panel, sum, lane) for some panel loop, with nothing but
/// loops of one round between panel and sum, as a window of one place has; which.
static std::optional<unsigned> panelLoopOf(AffineMap map, ArrayRef<int64_t> extents, unsigned sum,
                                           unsigned lane) {
  unsigned rank = map.getNumResults();
  if (rank < 3 || map.getResult(rank - 2) != getAffineDimExpr(sum, map.getContext()) ||
      map.getResult(rank - 1) != getAffineDimExpr(lane, map.getContext()))
    return std::nullopt;
  for (AffineExpr between : map.getResults().drop_front().drop_back(2)) {
    auto dim = dyn_cast<AffineDimExpr>(between);
    if (!isa<AffineConstantExpr>(between) && !(dim && extents[dim.getPosition()] == 1))
      return std::nullopt;
  }
  auto panel = dyn_cast<AffineDimExpr>(map.getResult(0));
  return panel ? std::optional(panel.getPosition()) : std::nullopt;
}

std::optional<StreamedPanels> findStreamedPanels(linalg::GenericOp op, const NestPlan &plan) {
  if (!plan.isContraction || !plan.vectorDim || plan.vectorizesReduction() || plan.windowDim ||
      plan.blocks.size() != 1)
    return std::nullopt;
  SmallVector<int64_t> extents = op.getStaticLoopRanges();
  // A window of one place adds loops of one round.
  if (llvm::any_of(ArrayRef(plan.reductionOrder).drop_back(), [&](unsigned dim) { return extents[dim] != 1; }))
    return std::nullopt;
  unsigned sum = plan.reductionOrder.back(), row = plan.blocks[0].dim;
  if (ShapedType::isDynamic(extents[row]) || extents[row] < enoughRows ||
      ShapedType::isDynamic(extents[sum]))
    return std::nullopt;
  for (OpOperand *input : op.getDpsInputOperands()) {
    auto type = dyn_cast<MemRefType>(input->get().getType());
    std::optional<unsigned> panel =
        panelLoopOf(op.getMatchingIndexingMap(input), extents, sum, *plan.vectorDim);
    if (!type || !panel || *panel == row || bytesOfBuffer(input->get()) < streamedBytes)
      continue;
    bool readOnce = llvm::all_of(plan.parallelOrder, [&](unsigned dim) {
      return dim == *panel || dim == row || dim == *plan.vectorDim || extents[dim] == 1;
    });
    // One step over the lanes: else each part of a panel meets the rows alone.
    if (readOnce && extents[*plan.vectorDim] == int64_t(plan.lanes) * plan.vectors)
      return StreamedPanels{input->get(), *panel, row, extents[row], extents[sum]};
  }
  return std::nullopt;
}

void emitPrefetch(OpBuilder &builder, Location loc, const StreamedPanels &panels, Value panel,
                  Value row, unsigned count, Value point, int64_t points) {
  auto constant = [&](int64_t value) -> Value {
    return arith::ConstantIndexOp::create(builder, loc, value);
  };
  // The place in the panel moves along with that in rows x points.
  Value place = arith::MulIOp::create(builder, loc, row, constant(panels.points));
  if (point)
    place = arith::AddIOp::create(builder, loc, place,
                                  arith::MulIOp::create(builder, loc, point, constant(count)));
  place = arith::DivUIOp::create(builder, loc, place, constant(panels.rows));
  // After the last panel of all there is none: a hint may name any address.
  Value next = arith::AddIOp::create(builder, loc, panel, constant(1));
  int64_t lines = count * points / panels.rows + 1;
  for (int64_t line = 0; line < lines; ++line) {
    Value at = arith::AddIOp::create(builder, loc, place, constant(line));
    SmallVector<Value> indices(cast<MemRefType>(panels.weights.getType()).getRank(), constant(0));
    indices.front() = next;
    indices[indices.size() - 2] = at;
    memref::PrefetchOp::create(builder, loc, panels.weights, indices,
                               /*isWrite=*/false, /*localityHint=*/2, /*isDataCache=*/true);
  }
}

/// Bytes of a line of the caches.
static constexpr int64_t lineBytes = 64;

/// Lines of the first cache in which elements `strideBytes` apart may lie: 8 ways
/// of each set that they meet.
static int64_t linesAmong(int64_t strideBytes) {
  constexpr int64_t ways = 8, wayBytes = 4096;
  return ways * (wayBytes / std::max(lineBytes, std::gcd(strideBytes, wayBytes)));
}

std::optional<StreamedRows> findStreamedRows(linalg::GenericOp op, const NestPlan &plan) {
  constexpr int64_t mapBytes = 1 << 18;
  std::optional<Margins> margins = findMargins(op);
  if (!margins || !plan.windowDim || plan.windowStride == 0 || margins->position == 0 ||
      plan.parallelOrder.back() != plan.vectorDim)
    return std::nullopt;
  OpOperand &operand = op->getOpOperand(margins->operand);
  auto type = cast<MemRefType>(operand.get().getType());
  SmallVector<int64_t> extents = op.getStaticLoopRanges(), strides;
  int64_t offset, column = plan.blocks.front().dim;
  AffineMap map = op.getMatchingIndexingMap(&operand);
  AffineExpr row = map.getResult(margins->position - 1);
  if (bytesOfBuffer(operand.get()) < mapBytes || failed(type.getStridesAndOffset(strides, offset)))
    return std::nullopt;
  StreamedRows streamed{margins->operand, 0, coefficientOf(map.getResult(margins->position), column).value_or(0)};
  int64_t window = 1;
  for (unsigned dim = 0; dim < op.getNumLoops(); ++dim) {
    int64_t coefficient = coefficientOf(row, dim).value_or(0);
    bool isSum = llvm::is_contained(plan.reductionOrder, dim);
    if (coefficient == 0)
      continue;
    if (isSum && ShapedType::isDynamic(extents[dim]))
      return std::nullopt;
    (isSum ? window : streamed.rows) += coefficient * (isSum ? extents[dim] - 1 : 1);
  }
  int64_t stride = strides[margins->position];
  int64_t elementBytes = llvm::divideCeil(type.getElementTypeBitWidth(), 8);
  // Panels of several lines are found to gain nothing.
  if (type.getShape().back() * elementBytes > lineBytes || ShapedType::isDynamic(stride) || streamed.rows == 0 ||
      streamed.columns == 0)
    return std::nullopt;
  int64_t lines = (window + streamed.rows) * type.getDimSize(margins->position) + extents[column];
  return lines <= linesAmong(stride * elementBytes) ? std::optional(streamed) : std::nullopt;
}

} // namespace lathe::cpu
