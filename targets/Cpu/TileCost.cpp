// SPDX-License-Identifier: Apache-2.0
#include "targets/Cpu/TileCost.h"

#include "targets/Cpu/GenericBody.h"
#include "targets/Cpu/KernelSizes.h"
#include "targets/Cpu/WholeLoops.h"

#include "mlir/Analysis/SliceAnalysis.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

#include <map>
#include <numeric>

using namespace mlir;

namespace lathe::cpu {

/// What a task should take: long against the cost of handing it out, short
/// against a scheduler's slice.
static constexpr double tileNanoseconds = 30000;
/// Intermediates of one tile should stay in the private cache.
static constexpr double tileIntermediateBytes = 96 * 1024;
/// What all tiles of some rows read and write in turn should stay there too.
static constexpr double tileSharedBytes = 256 * 1024;
/// What each panel of a chain may read again of the shared cache.
static constexpr double chainSourceBytes = 1024 * 1024;
/// Rows of a matrix product that has been split over its features are split
/// only until there are this many tiles: each part of the rows reads all the
/// weights again, and rows that stay whole have sizes known when compiling.
static constexpr double enoughTiles = 8;
/// Dynamic sizes are guessed to be no larger than this.
static constexpr int64_t typicalSize = 256;
/// Splits of the contiguous dimension keep whole vectors and cache lines.
static constexpr int64_t contiguousQuantum = 64;
/// Splits among panels: a cache line of f32. All rows read the panel, and pixels
/// that stay together fill register tiles.
static constexpr int64_t panelQuantum = 16;
/// Panels of a depthwise convolution that a tile keeps together if it can, lines
/// of the same pixel that are fetched as neighbours: all, if they are few, or two.
static constexpr int64_t fewPanels = 6, panelsTogether = 2;
/// Fewer rows of a depthwise convolution than these read those of their
/// neighbours, under the window, too often. Its columns stay together.
static constexpr int64_t windowRowQuantum = 4;
/// Fewer rows than these wait for the weights of their panel.
static constexpr int64_t panelRowQuantum = 48;
/// Dimensions of the output of a convolution over panels: picture, row, column,
/// panel, feature.
static constexpr unsigned pictureDims = 5;
/// Splits of the rows of a matrix product keep whole register tiles.
static constexpr int64_t rowQuantum = 24;

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

static double bytesOf(Type type) {
  auto tensor = cast<RankedTensorType>(type);
  double bytes = 1;
  for (int64_t extent : tensor.getShape())
    bytes *= ShapedType::isDynamic(extent) ? double(typicalSize) : double(extent);
  Type element = tensor.getElementType();
  return bytes * (element.isIntOrFloat() ? element.getIntOrFloatBitWidth() / 8.0 : 8.0);
}

/// What one core gets from memory: about 28 GB/s.
static constexpr double nanosecondsPerByte = 0.035;

/// Time of one point of the iteration space. A product with few rows takes as
/// long as reading its weights.
static double nanosecondsPerPoint(linalg::LinalgOp op) {
  if (isContraction(op)) {
    double points = 1, bytes = 0;
    for (double extent : guessLoops(op))
      points *= extent;
    for (OpOperand *input : op.getDpsInputOperands())
      if (isa<RankedTensorType>(input->get().getType()))
        bytes += bytesOf(input->get().getType());
    return std::max(0.04, bytes * nanosecondsPerByte / std::max(points, 1.0));
  }
  double perPoint = 0.08;
  for (Operation &inner : op.getBlock()->without_terminator())
    perPoint += isa_and_nonnull<math::MathDialect>(inner.getDialect()) ||
                        isa<tensor::ExtractOp>(inner)
                    ? 0.5
                    : 0.04;
  return perPoint;
}

static double nanosecondsOf(linalg::LinalgOp op) {
  double points = 1;
  for (double extent : guessLoops(op))
    points *= extent;
  return points * nanosecondsPerPoint(op);
}

double estimateNanoseconds(func::FuncOp func) {
  double sum = 0;
  func.walk([&](linalg::LinalgOp op) { sum += nanosecondsOf(op); });
  return sum;
}

/// The index arguments of the kernel, in order: the sizes of a call.
static SmallVector<Value> sizeArguments(func::FuncOp func) {
  SmallVector<Value> sizes;
  for (BlockArgument argument : func.getArguments())
    if (argument.getType().isIndex())
      sizes.push_back(argument);
  return sizes;
}

/// Which of `sizes` the dynamic extent of loop `dim` is; nothing if none.
static std::optional<unsigned> findLoopSize(func::FuncOp func, linalg::LinalgOp op, unsigned dim,
                                            ArrayRef<Value> sizes) {
  AffineExpr expr = getAffineDimExpr(dim, op.getContext());
  for (OpOperand &operand : op->getOpOperands()) {
    std::optional<unsigned> place = op.getMatchingIndexingMap(&operand).getResultPosition(expr);
    if (!place || !isa<RankedTensorType>(operand.get().getType()))
      continue;
    const Value *at = llvm::find(sizes, findSize(func, operand.get(), *place));
    if (at != sizes.end())
      return at - sizes.begin();
  }
  return std::nullopt;
}

ArrayAttr estimateCost(func::FuncOp func) {
  SmallVector<Value> sizes = sizeArguments(func);
  // Operations whose loops depend on the same sizes are one term.
  std::map<SmallVector<unsigned>, double> terms;
  func.walk([&](linalg::LinalgOp op) {
    double cost = nanosecondsPerPoint(op) * 1000;
    SmallVector<unsigned> factors;
    for (auto [dim, extent] : llvm::enumerate(op.getStaticLoopRanges())) {
      std::optional<unsigned> size;
      if (ShapedType::isDynamic(extent))
        size = findLoopSize(func, op, dim, sizes);
      if (size)
        factors.push_back(*size);
      else
        cost *= ShapedType::isDynamic(extent) ? double(typicalSize) : double(extent);
    }
    llvm::sort(factors);
    terms[factors] += cost;
  });
  Builder builder(func.getContext());
  SmallVector<Attribute> sum;
  for (const auto &[factors, cost] : terms) {
    auto coefficient = int64_t(std::clamp(cost, 1.0, 1e15));
    SmallVector<AffineMap> product = {
        AffineMap::get(sizes.size(), 0, builder.getAffineConstantExpr(coefficient))};
    for (unsigned factor : factors)
      product.push_back(AffineMap::get(sizes.size(), 0, builder.getAffineDimExpr(factor)));
    sum.push_back(builder.getAffineMapArrayAttr(product));
  }
  return builder.getArrayAttr(sum);
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

/// Whether `anchor` sums over panels: its last two output dimensions are those
/// of one operand, the weight, which depends on no row; the last is a panel.
static bool sumsPanels(linalg::LinalgOp anchor) {
  AffineMap output = anchor.getIndexingMapsArray().back();
  unsigned rank = output.getNumResults();
  if (rank < 2)
    return false;
  unsigned panel = output.getDimPosition(rank - 2), lane = output.getDimPosition(rank - 1);
  int64_t width = anchor.getStaticLoopRanges()[lane];
  if (ShapedType::isDynamic(width) || width >= contiguousQuantum)
    return false;
  return llvm::any_of(anchor.getDpsInputOperands(), [&](OpOperand *input) {
    AffineMap map = anchor.getMatchingIndexingMap(input);
    return llvm::all_of(output.getResults(), [&](AffineExpr result) {
      unsigned dim = cast<AffineDimExpr>(result).getPosition();
      return map.isFunctionOfDim(dim) == (dim == panel || dim == lane);
    });
  });
}

/// Whether `anchor`, which sums over panels, reads for each panel of its result
/// that one only: a depthwise convolution.
static bool readsOwnPanel(linalg::LinalgOp anchor) {
  AffineMap output = anchor.getIndexingMapsArray().back();
  unsigned panel = output.getDimPosition(output.getNumResults() - 2);
  return anchor.getMatchingIndexingMap(anchor.getDpsInputOperand(0)).isFunctionOfDim(panel);
}

/// Whether `dim` runs over the panels of features of the matrix product `anchor`.
static bool splitsFeatures(linalg::GenericOp root, unsigned dim, linalg::LinalgOp anchor) {
  AffineMap output = root.getIndexingMapsArray().back();
  return sumsPanels(anchor) && output.getNumResults() >= 2 &&
         output.getResult(output.getNumResults() - 2).isFunctionOfDim(dim);
}

/// Dimensions of the root in the order in which they are split. Splitting a
/// dimension reads again whatever does not depend on it, so the dimension of
/// the largest operands comes first.
static SmallVector<unsigned> splitOrder(func::FuncOp func,
                                        linalg::GenericOp root) {
  SmallVector<unsigned> order;
  auto whole = findWholeLoops(root);
  for (auto [dim, kind] : llvm::enumerate(root.getIteratorTypesArray()))
    if (kind == utils::IteratorType::parallel && !whole.contains(dim))
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
  // Of operands that are about as large, features first: rows stay whole.
  auto weigh = [&](unsigned dim) {
    return bytesAlong(dim) * (splitsFeatures(root, dim, anchor) ? 2 : 1);
  };
  llvm::sort(order, [&](unsigned a, unsigned b) {
    double alongA = weigh(a), alongB = weigh(b);
    return alongA != alongB ? alongA > alongB : a < b;
  });
  return order;
}

/// The same as quantumOf() where the anchor sums over panels: whole panels, at
/// least a cache line of each output row, and enough rows (over all their
/// dimensions) to fill register tiles.
static int64_t quantumAmongPanels(linalg::GenericOp root, unsigned dim, linalg::LinalgOp anchor) {
  AffineMap output = root.getIndexingMapsArray().back();
  unsigned rank = output.getNumResults();
  SmallVector<int64_t> extents = anchor.getStaticLoopRanges();
  AffineMap sums = anchor.getIndexingMapsArray().back();
  unsigned position = *output.getResultPosition(getAffineDimExpr(dim, root.getContext()));
  int64_t width = extents[sums.getDimPosition(rank - 1)];
  if (position + 1 >= rank)
    return width;
  if (position + 2 == rank) {
    int64_t panels = extents[sums.getDimPosition(position)], together = 1;
    if (readsOwnPanel(anchor) && width <= panelQuantum)
      together = panels <= fewPanels ? panels : panels % panelsTogether == 0 ? panelsTogether : 1;
    return llvm::divideCeil(panelQuantum, width) * together;
  }
  if (readsOwnPanel(anchor))
    return position + 3 == rank ? INT64_MAX : windowRowQuantum; // Columns are never split.
  int64_t rows = 1;
  for (unsigned inner = position + 1; inner + 2 < rank; ++inner) {
    int64_t extent = extents[sums.getDimPosition(inner)];
    rows *= ShapedType::isDynamic(extent) ? typicalSize : extent;
  }
  return llvm::divideCeil(panelRowQuantum, rows);
}

/// Splits of `dim` are multiples of this many points. A dimension along which
/// the anchor shares loads (rows of a product, filters of a convolution) keeps
/// whole register tiles; windows and batches may be cut anywhere.
static int64_t quantumOf(linalg::GenericOp root, unsigned dim,
                         linalg::LinalgOp anchor) {
  AffineMap output = root.getIndexingMapsArray().back();
  unsigned rank = output.getNumResults();
  if (rank == 0)
    return 1;
  if (anchor && sumsPanels(anchor) && output.isProjectedPermutation())
    return quantumAmongPanels(root, dim, anchor);
  if (output.getResult(rank - 1).isFunctionOfDim(dim))
    return contiguousQuantum;
  if (!anchor)
    return 1;
  unsigned anchorDim =
      anchor == root
          ? dim
          : anchor.getIndexingMapsArray().back().getDimPosition(dim);
  bool isShared = false;
  for (OpOperand *input : anchor.getDpsInputOperands()) {
    AffineMap map = anchor.getMatchingIndexingMap(input);
    if (!map.isFunctionOfDim(anchorDim))
      isShared = true;
    for (AffineExpr expr : map.getResults())
      if (expr.isFunctionOfDim(anchorDim) && !isa<AffineDimExpr>(expr))
        return 1;
  }
  return isShared ? rowQuantum : 1;
}

/// A depthwise convolution over panels whose input another contraction makes,
/// or null.
static linalg::LinalgOp findChainedDepthwise(func::FuncOp func) {
  linalg::LinalgOp found;
  func.walk([&](linalg::LinalgOp op) {
    if (!isContraction(op) || op.getNumDpsInits() != 1 || !sumsPanels(op))
      return;
    OpOperand *input = op.getDpsInputOperand(0);
    if (!readsOwnPanel(op))
      return;
    BackwardSliceOptions options;
    options.omitBlockArguments = true;
    SetVector<Operation *> before;
    if (succeeded(getBackwardSlice(input->get(), &before, options)) &&
        llvm::any_of(before, [](Operation *producer) {
          auto nest = dyn_cast<linalg::LinalgOp>(producer);
          return nest && isContraction(nest);
        }))
      found = op;
  });
  return found;
}

/// The size near `size`, but at least `least`, that divides `extent`, or all of
/// it. Tiles of one size have it as a constant: otherwise the distances between
/// rows of everything that a tile makes are computed at run time, and push what
/// is computed out of registers.
static int64_t evenSize(int64_t extent, int64_t size, int64_t least) {
  int64_t best = extent;
  for (int64_t even = std::max<int64_t>(least, (size + 1) / 2); even <= 2 * size && even < extent; ++even)
    if (extent % even == 0 && std::abs(even - size) < std::abs(best - size))
      best = even;
  return best;
}

/// Tiles of a pointwise convolution chained with a depthwise one: panels, since
/// their features depend on nothing of the others. Rows between both are read
/// where they are made (InterleaveRows), and those of neighbouring tiles overlap
/// by the window: they are split only where there are few panels, or the input,
/// which each panel reads again, is large.
static SmallVector<int64_t> chooseChainTiles(func::FuncOp func, linalg::GenericOp root,
                                             linalg::LinalgOp depthwise) {
  SmallVector<int64_t> sizes(root.getNumLoops(), 0);
  AffineMap output = root.getIndexingMapsArray().back();
  unsigned rank = output.getNumResults();
  if (!output.isIdentity() || rank < 4)
    return sizes;
  SmallVector<double> extents = guessLoops(cast<linalg::LinalgOp>(*root));
  // What a panel makes, and what that is made from.
  auto between = cast<RankedTensorType>(depthwise.getDpsInputOperand(0)->get().getType());
  double panels = extents[rank - 2], panelBytes = bytesOf(between) / panels;
  double sourceBytes = 0;
  for (BlockArgument argument : func.getArguments())
    if (auto type = dyn_cast<RankedTensorType>(argument.getType());
        type && type.getRank() + 1 == int64_t(rank) &&
        !func.getArgAttr(argument.getArgNumber(), "lathe.output"))
      sourceBytes = std::max(sourceBytes, bytesOf(type));
  double rowParts = 1;
  if (panelBytes + sourceBytes > tileSharedBytes)
    rowParts = std::max(std::ceil(enoughTiles / panels), std::ceil(sourceBytes / chainSourceBytes));
  if (rowParts > 1)
    sizes[1] = evenSize(int64_t(extents[1]), std::max<int64_t>(1, std::ceil(extents[1] / rowParts)), 1);
  if (sizes[1] >= extents[1])
    sizes[1] = 0;
  double wanted = std::max(1.0, estimateNanoseconds(func) / tileNanoseconds / rowParts);
  double most = std::max(1.0, tileIntermediateBytes / (panelBytes / rowParts));
  double cacheLine = llvm::divideCeil(panelQuantum, int64_t(extents[rank - 1]));
  sizes[rank - 2] = int64_t(std::max(std::min(std::ceil(panels / wanted), std::floor(most)), cacheLine));
  if (sizes[rank - 2] >= panels)
    sizes[rank - 2] = 0;
  return sizes;
}

/// As many of `rows` rows of a convolution by minimal filtering, with loops of
/// these extents, as divide all of them, if they fill a register tile and their
/// planes do not fall on the same lines of the first cache; `rows` if none do.
static int64_t evenRows(ArrayRef<double> extents, int64_t rows) {
  constexpr int64_t registerRows = 12, pageBytes = 4096, sameLinesBytes = 512;
  int64_t all = int64_t(extents[1]), columns = int64_t(extents[3]);
  int64_t rowBytes = columns * int64_t(extents[5] * extents[6]) * 4;
  for (int64_t even = rows; even * columns >= registerRows; --even)
    if (all % even == 0 && int64_t(std::gcd(even * rowBytes, pageBytes)) <= sameLinesBytes)
      return even;
  return rows;
}

/// Tiles of a convolution by minimal filtering (GraphToLinalgWinograd), whose
/// root has loops [n, rows, m, columns, m, panels, panel] and perhaps a sum: enough rows of tiles
/// that a weight serves some register tiles each time it is read, but two parts
/// at least for two threads. Nothing if `func` is none.
static SmallVector<int64_t> chooseFilteringTiles(func::FuncOp func, linalg::GenericOp root) {
  constexpr double productRows = 48;
  bool transforms = false;
  func.walk([&](linalg::GenericOp op) { transforms |= findCoefficientRow(op).has_value(); });
  constexpr unsigned outputLoops = 7;
  AffineMap output = root.getIndexingMapsArray().back();
  auto identity = AffineMap::getMinorIdentityMap(outputLoops, outputLoops, func.getContext());
  if (!transforms || output.getResults() != identity.getResults())
    return {};
  SmallVector<double> extents = guessLoops(cast<linalg::LinalgOp>(*root));
  SmallVector<int64_t> sizes(root.getNumLoops(), 0);
  double rows = std::min(std::ceil(productRows / extents[3]), std::ceil(extents[1] / 2));
  if (rows < extents[1])
    sizes[1] = evenRows(extents, int64_t(rows));
  if (extents[0] > 1)
    sizes[0] = 1;
  return sizes;
}

/// The sums over keys of an attention (GraphToLinalgAttention), weighted by
/// exponentials of scores, which `root` only scales; or null.
static linalg::LinalgOp findWeightedValues(linalg::GenericOp root) {
  if (root.getNumReductionLoops() != 0)
    return {};
  for (Value input : root.getDpsInputs()) {
    auto sum = input.getDefiningOp<linalg::GenericOp>();
    if (!sum || !isContraction(sum) || sum.getNumReductionLoops() != 1)
      continue;
    auto terms = sum.getDpsInputs()[0].getDefiningOp<linalg::GenericOp>();
    if (terms && llvm::any_of(*terms.getBody(), llvm::IsaPred<math::ExpOp>))
      return cast<linalg::LinalgOp>(*sum);
  }
  return {};
}

/// Keys of an attention's block: many, for the sums over them to be long, but as
/// few as have values that stay in the first cache beside the scores of some
/// queries. A causal one computes half of a block in vain for each tile.
static constexpr int64_t blockKeys = 192, causalBlockKeys = 64;
/// So many keys are one block still.
static constexpr int64_t keysTogether = 256;

/// Whether a nest between the sums `scores` and whoever reads `masked` asks
/// which query and key it is at: not each key serves each query.
static bool isCausal(Value masked) {
  auto nest = masked.getDefiningOp<linalg::GenericOp>();
  return nest && nest.getNumReductionLoops() == 0 && nest.hasIndexSemantics();
}

/// Tiles of an attention: one head each, and of its queries as many as have
/// scores that stay in the private cache. `root` must be one.
static SmallVector<int64_t> chooseAttentionTiles(linalg::GenericOp root) {
  // Whole vectors of queries. Half of the second cache for their scores, and as
  // many queries as keep the values of a block of keys waiting least.
  constexpr int64_t laneQuantum = 16, queriesMost = 112, blockQueries = 96, causalQueries = 64;
  constexpr double scoreBytes = 96 * 1024;
  linalg::LinalgOp weighted = findWeightedValues(root);
  OpOperand *read = llvm::find_if(root->getOpOperands(), [&](OpOperand &operand) {
    return operand.get() == weighted->getResult(0);
  });
  AffineMap map = root.getMatchingIndexingMap(read);
  if (!map.isProjectedPermutation() || map.getNumResults() < 2)
    return {};
  SmallVector<int64_t> sizes(root.getNumLoops(), 0);
  SmallVector<double> extents = guessLoops(cast<linalg::LinalgOp>(*root));
  for (unsigned place = 0; place + 2 < map.getNumResults(); ++place)
    if (extents[map.getDimPosition(place)] > 1)
      sizes[map.getDimPosition(place)] = 1;
  unsigned queries = map.getDimPosition(map.getNumResults() - 2);
  SmallVector<unsigned> keys;
  weighted.getReductionDims(keys);
  // An empty row of scores is as cheap as one score.
  double keyCount = std::max(guessLoops(weighted)[keys.front()], 1.0);
  bool isOneBlock = keyCount <= keysTogether;
  double bytesPerQuery =
      (isOneBlock ? keyCount : double(blockKeys)) *
      double(getElementTypeOrSelf(weighted.getDpsInits()[0]).getIntOrFloatBitWidth() / 8);
  auto terms = weighted.getDpsInputs()[0].getDefiningOp<linalg::GenericOp>();
  int64_t most = isCausal(terms.getDpsInits()[0]) ? causalQueries : isOneBlock ? queriesMost : blockQueries;
  int64_t fit = std::clamp(int64_t(scoreBytes / bytesPerQuery) / laneQuantum * laneQuantum, laneQuantum, most);
  auto blocks = int64_t(std::ceil(extents[queries] / double(fit)));
  if (blocks > 1)
    sizes[queries] = llvm::alignTo(int64_t(std::ceil(extents[queries] / double(blocks))), laneQuantum);
  return sizes;
}

int64_t chooseKeyBlock(Value scores, unsigned keyPlace) {
  constexpr int64_t registerRows = 6;
  bool causal = isCausal(scores);
  int64_t most = causal ? causalBlockKeys : blockKeys;
  int64_t keys = cast<RankedTensorType>(scores.getType()).getDimSize(keyPlace);
  if (ShapedType::isDynamic(keys))
    return most;
  if (keys <= (causal ? most : keysTogether))
    return 0;
  int64_t block = llvm::divideCeil(keys, llvm::divideCeil(keys, most));
  return keys % block == 0 ? block : llvm::alignTo(block, registerRows);
}

SmallVector<int64_t> chooseTileSizes(func::FuncOp func,
                                     linalg::GenericOp root) {
  if (SmallVector<int64_t> sizes = chooseFilteringTiles(func, root);
      llvm::any_of(sizes, [](int64_t size) { return size != 0; }))
    return sizes;
  if (linalg::LinalgOp depthwise = findChainedDepthwise(func)) {
    SmallVector<int64_t> sizes = chooseChainTiles(func, root, depthwise);
    if (llvm::any_of(sizes, [](int64_t size) { return size != 0; }))
      return sizes;
  }
  double bySize = estimateIntermediateBytes(func, root) / tileIntermediateBytes;
  double wanted = std::max(estimateNanoseconds(func) / tileNanoseconds, bySize);
  if (wanted < 1.5)
    return {};
  if (findWeightedValues(root))
    return chooseAttentionTiles(root);
  SmallVector<double> extents = guessLoops(cast<linalg::LinalgOp>(*root));
  SmallVector<int64_t> sizes(root.getNumLoops(), 0);
  linalg::LinalgOp anchor = anchorOf(func, root);
  if (anchor && anchor != root && root.getNumReductionLoops() != 0)
    anchor = {};
  bool any = false;
  for (unsigned dim : splitOrder(func, root)) {
    // A second split reads again what the first had kept apart, and leaves rows
    // that fill no register tile: tiles of twice the time are better.
    if (wanted < 1.5 || (any && wanted < 2.5 && bySize < 1.5))
      break;
    int64_t extent = static_cast<int64_t>(extents[dim]);
    int64_t quantum = quantumOf(root, dim, anchor);
    if (extent <= quantum)
      continue;
    int64_t parts = std::min<int64_t>(std::ceil(wanted),
                                      llvm::divideCeil(extent, quantum));
    int64_t size =
        llvm::alignTo(llvm::divideCeil(extent, parts), uint64_t(quantum));
    if (quantum > 1 && root.getIndexingMapsArray().back().getNumResults() >= pictureDims)
      size = evenSize(extent, size, quantum);
    if (size >= extent)
      continue;
    // Equal tiles have static sizes: look for a divisor that is not far off.
    for (int64_t even = size; even * 2 > size && quantum == 1; --even)
      if (extent % even == 0) {
        size = even;
        break;
      }
    sizes[dim] = size;
    auto made = double(llvm::divideCeil(extent, size));
    wanted /= made;
    bySize /= made;
    any = true;
    if (anchor && splitsFeatures(root, dim, anchor))
      wanted = std::min(wanted, enoughTiles / made);
  }
  if (!any)
    return {};
  return sizes;
}

} // namespace lathe::cpu
