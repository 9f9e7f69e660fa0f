// SPDX-License-Identifier: Apache-2.0
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"

#include "targets/Cpu/TileCost.h"

#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace mlir;

namespace lathe::cpu {

/// What a task should take: long against the cost of handing it out, short
/// against a scheduler's slice.
static constexpr double tileNanoseconds = 30000;
/// Intermediates of one tile should stay in the private cache.
static constexpr double tileIntermediateBytes = 96 * 1024;
/// Dynamic sizes are guessed to be no larger than this.
static constexpr int64_t typicalSize = 256;
/// Splits of the contiguous dimension keep whole vectors and cache lines.
static constexpr int64_t contiguousQuantum = 64;
/// Splits of the rows of a matrix product keep whole register tiles.
static constexpr int64_t rowQuantum = 12;

static int64_t boundedGuess(func::FuncOp func, Value value) {
  auto argument = dyn_cast<BlockArgument>(value);
  if (!argument || argument.getOwner() != &func.front())
    return typicalSize;
  auto bound = func.getArgAttrOfType<IntegerAttr>(argument.getArgNumber(),
                                                  "lathe.size_max");
  return bound ? std::min(bound.getInt(), typicalSize) : typicalSize;
}

int64_t estimateExtent(func::FuncOp func, OpFoldResult extent) {
  if (std::optional<int64_t> constant = getConstantIntValue(extent))
    return *constant;
  return boundedGuess(func, cast<Value>(extent));
}

/// Guessed extents of the loops of `op`, from the types of its operands.
static SmallVector<double> guessLoops(linalg::LinalgOp op) {
  SmallVector<double> extents;
  for (int64_t extent : op.getStaticLoopRanges())
    extents.push_back(ShapedType::isDynamic(extent) ? double(typicalSize)
                                                    : double(extent));
  return extents;
}

static bool isContraction(linalg::LinalgOp op) {
  return op.getNumReductionLoops() > 0 && op.getNumDpsInputs() >= 2;
}

static double nanosecondsOf(linalg::LinalgOp op) {
  double points = 1;
  for (double extent : guessLoops(op))
    points *= extent;
  if (isContraction(op))
    return points * 0.04;
  double perPoint = 0.08;
  for (Operation &inner : op.getBlock()->without_terminator())
    perPoint += isa_and_nonnull<math::MathDialect>(inner.getDialect()) ||
                        isa<tensor::ExtractOp>(inner)
                    ? 0.5
                    : 0.04;
  return points * perPoint;
}

double estimateNanoseconds(func::FuncOp func) {
  double sum = 0;
  func.walk([&](linalg::LinalgOp op) { sum += nanosecondsOf(op); });
  return sum;
}

static double bytesOf(Type type) {
  auto tensor = cast<RankedTensorType>(type);
  double bytes = 1;
  for (int64_t extent : tensor.getShape())
    bytes *= ShapedType::isDynamic(extent) ? double(typicalSize) : double(extent);
  Type element = tensor.getElementType();
  return bytes * (element.isIntOrFloat() ? element.getIntOrFloatBitWidth() / 8.0 : 8.0);
}

double estimateIntermediateBytes(func::FuncOp func, linalg::GenericOp root) {
  double sum = 0;
  func.walk([&](Operation *op) {
    if (op == root || !isa<linalg::LinalgOp, tensor::PadOp>(op))
      return;
    for (Type type : op->getResultTypes())
      sum += bytesOf(type);
  });
  return sum;
}

/// The contraction that costs most, if the root reads it point by point.
static linalg::LinalgOp anchorOf(func::FuncOp func, linalg::GenericOp root) {
  linalg::LinalgOp anchor;
  double most = 0;
  func.walk([&](linalg::LinalgOp op) {
    if (isContraction(op) && nanosecondsOf(op) > most) {
      anchor = op;
      most = nanosecondsOf(op);
    }
  });
  if (!anchor || anchor.getNumDpsInits() != 1)
    return {};
  AffineMap map = anchor.getIndexingMapsArray().back();
  unsigned rank = anchor == root ? map.getNumResults() : root.getNumLoops();
  if (!map.isProjectedPermutation() || map.getNumResults() != rank)
    return {};
  return anchor;
}

/// Dimensions of the root in the order in which they are split. Splitting a
/// dimension reads again whatever does not depend on it, so the dimension of
/// the largest operands comes first.
static SmallVector<unsigned> splitOrder(func::FuncOp func,
                                        linalg::GenericOp root) {
  SmallVector<unsigned> order;
  for (auto [dim, kind] : llvm::enumerate(root.getIteratorTypesArray()))
    if (kind == utils::IteratorType::parallel)
      order.push_back(dim);
  linalg::LinalgOp anchor = anchorOf(func, root);
  if (!anchor)
    return order;
  AffineMap output = anchor.getIndexingMapsArray().back();
  auto bytesAlong = [&](unsigned dim) {
    unsigned anchorDim = anchor == root ? dim : output.getDimPosition(dim);
    double bytes = 0;
    for (OpOperand *input : anchor.getDpsInputOperands())
      if (isa<RankedTensorType>(input->get().getType()) &&
          anchor.getMatchingIndexingMap(input).isFunctionOfDim(anchorDim))
        bytes += bytesOf(input->get().getType());
    return bytes;
  };
  if (anchor != root && root.getNumReductionLoops() != 0)
    return order;
  llvm::sort(order, [&](unsigned a, unsigned b) {
    double alongA = bytesAlong(a), alongB = bytesAlong(b);
    return alongA != alongB ? alongA > alongB : a < b;
  });
  return order;
}

/// Splits of `dim` are multiples of this many points.
static int64_t quantumOf(linalg::GenericOp root, unsigned dim, bool hasAnchor) {
  AffineMap output = root.getIndexingMapsArray().back();
  unsigned rank = output.getNumResults();
  if (rank == 0)
    return 1;
  if (output.getResult(rank - 1).isFunctionOfDim(dim))
    return contiguousQuantum;
  bool isRow = hasAnchor && rank >= 2 && rank <= 3 &&
               output.getResult(rank - 2).isFunctionOfDim(dim);
  return isRow ? rowQuantum : 1;
}

SmallVector<int64_t> chooseTileSizes(func::FuncOp func,
                                     linalg::GenericOp root) {
  double wanted =
      std::max(estimateNanoseconds(func) / tileNanoseconds,
               estimateIntermediateBytes(func, root) / tileIntermediateBytes);
  if (wanted < 1.5)
    return {};
  SmallVector<double> extents = guessLoops(cast<linalg::LinalgOp>(*root));
  SmallVector<int64_t> sizes(root.getNumLoops(), 0);
  bool hasAnchor = static_cast<bool>(anchorOf(func, root));
  bool any = false;
  for (unsigned dim : splitOrder(func, root)) {
    if (wanted < 1.5)
      break;
    int64_t extent = static_cast<int64_t>(extents[dim]);
    int64_t quantum = quantumOf(root, dim, hasAnchor);
    if (extent <= quantum)
      continue;
    int64_t parts = std::min<int64_t>(std::ceil(wanted),
                                      llvm::divideCeil(extent, quantum));
    int64_t size =
        llvm::alignTo(llvm::divideCeil(extent, parts), uint64_t(quantum));
    if (size >= extent)
      continue;
    sizes[dim] = size;
    wanted /= double(llvm::divideCeil(extent, size));
    any = true;
  }
  if (!any)
    return {};
  return sizes;
}

} // namespace lathe::cpu
