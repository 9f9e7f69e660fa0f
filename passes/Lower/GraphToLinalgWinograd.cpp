// SPDX-License-Identifier: Apache-2.0
//
// Convolutions by minimal filtering: two transforms of the input, one matrix
// product for each point, two transforms of the products, each along one
// dimension. Features lie in the panels of the weight from the product on.
#include "dialects/Graph/Winograd.h"
#include "passes/Lower/KernelLowering.h"

using namespace mlir;
using namespace lathe;
using namespace lathe::graph;
using namespace lathe::lower;

namespace {
using utils::IteratorType;

/// matrix[row, column] of two loops: once both are unrolled, a constant.
Value coefficient(const Scalars &at, ArrayRef<double> matrix, int64_t columns, unsigned row,
                  unsigned column, Type type) {
  auto index = [&](unsigned dim) -> Value {
    return at.make<linalg::IndexOp>(at.builder.getIndexType(), at.builder.getI64IntegerAttr(dim));
  };
  Value place = at.make<arith::AddIOp>(at.make<arith::MulIOp>(index(row), at.index(columns)),
                                       index(column));
  Value value = at.real(type, 0);
  for (auto [position, entry] : llvm::enumerate(matrix))
    if (entry != 0)
      value = at.select(at.compare(arith::CmpIPredicate::eq, place, at.index(position)),
                        at.real(type, entry), value);
  return value;
}

/// One side of a transform: which loops are the matrix's row and column. The
/// column is the sum's, behind those of the result, features in panels being two.
struct Transform {
  ArrayRef<double> matrix;
  int64_t columns;
  unsigned row, column;
};

/// Sums matrix[row, k] * input[map] over k into `out`, whose points are the
/// other loops in order.
Value transformAlong(KernelLowering &lowering, const Transform &transform, NestInput input,
                     Value out, unsigned rank) {
  SmallVector<IteratorType> iterators(rank, IteratorType::parallel);
  iterators.push_back(IteratorType::reduction);
  SmallVector<int64_t> points = llvm::to_vector(llvm::seq<int64_t>(0, rank));
  // A tensor without contents: it only bounds the sum.
  Value bound = lowering.empty({lowering.constantExpr(transform.columns)}, elementOf(input.tensor));
  return lowering
      .nest({input, {bound, lowering.select(rank + 1, {rank})}},
            {{out, lowering.select(rank + 1, points)}}, iterators,
            [&](const Scalars &at, ValueRange x) {
              // Where the matrix has a zero, the product is none.
              using Flags = arith::FastMathFlags;
              Value factor = coefficient(at, transform.matrix, transform.columns, transform.row,
                                         transform.column, x[0].getType());
              Value term = at.make<arith::MulFOp>(x[0], factor, Flags::nnan | Flags::nsz);
              return SmallVector<Value>{at.make<arith::AddFOp>(x[2], term, Flags::nsz)};
            })
      .front();
}

struct WinogradLowering {
  WinogradLowering(KernelLowering &lowering, WinogradConvOp op)
      : lowering(lowering), op(op), matrices(*findWinogradMatrices(op.getOutputs())),
        input(dimsOf(op.getInput())), result(dimsOf(op.getResult())),
        element(elementOf(op.getResult())) {
    filters = *result[1].getConstant();
    rows = *result[2].getConstant() / matrices.outputs;
    columns = *result[3].getConstant() / matrices.outputs;
    LayoutAttr layout = getLayout(llvm::cast<RankedTensorType>(op.getWeight().getType()));
    panel = layout && layout.getTiles().size() == 2 ? layout.getTiles()[1] : filters;
  }

  /// The sums in tiles, [n, rows, m, columns, m, f]; in `out` unless it is null.
  Value run(Value out) {
    Value inputs = transformInput();
    Value products = multiply(inputs);
    return transformProducts(products, out);
  }

  /// `tiles` as [n, h, w, f], which logically is the operator's result.
  Value inPixels(Value tiles) {
    RankedTensorType type =
        lowering.tensorType({result[0], result[2], result[3], result[1]}, element);
    Value pixels = tensor::CollapseShapeOp::create(lowering.builder, lowering.loc, type, tiles,
                                                   tiledGroups());
    // n, f, h, w
    return lowering.withLayout(pixels, lowering.select(4, {0, 2, 3, 1}));
  }

private:
  KernelLowering &lowering;
  WinogradConvOp op;
  const WinogradMatrices &matrices;
  Dims input, result;
  Type element;
  int64_t filters, rows, columns, panel;

  ExprAttr size(int64_t value) { return lowering.constantExpr(value); }
  AffineExpr loop(unsigned index) { return lowering.dim(index); }
  AffineMap mapOf(unsigned loops, ArrayRef<AffineExpr> results) {
    return AffineMap::get(loops, 0, results, lowering.builder.getContext());
  }
  Value zeros(Value into) {
    Scalars at{lowering.builder, lowering.loc};
    AffineMap layout = lowering.layoutOf(into);
    return lowering.withLayout(lowering.fill(at.real(element, 0), into), layout);
  }
  /// Zeros of `outer` sizes and the features, these in panels.
  Value zerosInPanels(ArrayRef<ExprAttr> outer) {
    Dims dims(outer);
    dims.append({size(filters / panel), size(panel)});
    return zeros(lowering.withLayout(lowering.empty(dims, element), panelMap(outer.size())));
  }
  /// Where feature f of a tensor with `outer` other dimensions lies.
  AffineMap panelMap(unsigned outer) {
    SmallVector<AffineExpr> results;
    for (unsigned dim = 0; dim < outer; ++dim)
      results.push_back(loop(dim));
    results.append({loop(outer).floorDiv(panel), loop(outer) % panel});
    return mapOf(outer + 1, results);
  }

  /// [t, t, n, rows, columns, c] of the padded input.
  Value transformInput() {
    int64_t t = matrices.points(), m = matrices.outputs;
    Scalars at{lowering.builder, lowering.loc};
    SmallVector<int64_t> low{0, 0}, high{0, 0};
    llvm::append_range(low, op.getPaddingLow());
    llvm::append_range(high, op.getPaddingHigh());
    Value padded = padConstant(lowering, lowering.value(op.getInput()), input, low, high,
                               at.real(element, 0));
    // Loops n, row, i, x, c; k.
    Value half = transformAlong(
        lowering, {matrices.input, t, 2, 5},
        {padded, mapOf(6, {loop(0), loop(4), loop(1) * m + loop(5), loop(3)})},
        zeros(lowering.empty({input[0], size(rows), size(t), size(columns * m + 2), input[1]},
                             element)),
        5);
    // Loops i, j, n, row, column, c; k.
    return transformAlong(
        lowering, {matrices.input, t, 1, 6},
        {half, mapOf(7, {loop(2), loop(3), loop(0), loop(4) * m + loop(6), loop(5)})},
        zeros(lowering.empty({size(t), size(t), input[0], size(rows), size(columns), input[1]},
                             element)),
        6);
  }

  /// [t, t, n, rows, columns, f]: loops i, j, n, row, column, f; c.
  Value multiply(Value inputs) {
    int64_t t = matrices.points();
    SmallVector<IteratorType> iterators(6, IteratorType::parallel);
    iterators.push_back(IteratorType::reduction);
    Value out = zerosInPanels({size(t), size(t), input[0], size(rows), size(columns)});
    return lowering
        .nest({{inputs, lowering.select(7, {0, 1, 2, 3, 4, 6})},
               {lowering.value(op.getWeight()), lowering.select(7, {0, 1, 5, 6})}},
              {{out, lowering.select(7, {0, 1, 2, 3, 4, 5})}}, iterators,
              [](const Scalars &at, ValueRange x) {
                return SmallVector<Value>{
                    at.make<arith::AddFOp>(x[2], at.make<arith::MulFOp>(x[0], x[1]))};
              })
        .front();
  }

  /// The results in the memory order [n, rows, m, columns, m, f].
  Value transformProducts(Value products, Value out) {
    int64_t t = matrices.points(), m = matrices.outputs;
    // Loops n, row, p, j, column, f; i.
    Value half = transformAlong(
        lowering, {matrices.output, t, 2, 7},
        {products, mapOf(7, {loop(6), loop(3), loop(0), loop(1), loop(4), loop(5)})},
        zerosInPanels({input[0], size(rows), size(m), size(t), size(columns)}), 6);
    // Loops n, row, p, column, q, f; j.
    return transformAlong(
        lowering, {matrices.output, t, 4, 7},
        {half, mapOf(7, {loop(0), loop(1), loop(2), loop(6), loop(3), loop(5)})},
        zeros(out ? inTiles(out)
                  : lowering.withLayout(lowering.empty(tiledDims(), element), panelMap(5))),
        6);
  }

  Dims tiledDims() {
    int64_t m = matrices.outputs;
    return {result[0], size(rows), size(m), size(columns), size(m), size(filters / panel), size(panel)};
  }
  static SmallVector<ReassociationIndices> tiledGroups() { return {{0}, {1, 2}, {3, 4}, {5, 6}}; }

  /// `out`, physically [n, h, w, f], as tiles.
  Value inTiles(Value out) {
    Value tiles = tensor::ExpandShapeOp::create(
        lowering.builder, lowering.loc, lowering.tensorType(tiledDims(), element), out, tiledGroups(),
        lowering.foldedSizes(tiledDims()));
    return lowering.withLayout(tiles, panelMap(5));
  }
};

LogicalResult lowerWinogradConv(KernelLowering &lowering, WinogradConvOp op) {
  Type element = elementOf(op.getResult());
  AffineMap channelsLast = lowering.select(4, {0, 2, 3, 1});
  if (getComputeType(element) != element ||
      lowering.layoutOf(lowering.destination(op.getResult())) != channelsLast)
    return unsupported(op) << "it has code for f32 and f64 with channels last only";
  WinogradLowering winograd(lowering, op);
  if (!op.getBias()) {
    lowering.setValue(op.getResult(),
                      winograd.inPixels(winograd.run(lowering.destination(op.getResult()))));
    return success();
  }
  Value sum = winograd.inPixels(winograd.run({}));
  lowering.setValue(op.getResult(),
                    lowering.map({{sum, lowering.identity(4)},
                                  {lowering.value(op.getBias()), lowering.select(4, {1})}},
                                 lowering.destination(op.getResult()),
                                 [](const Scalars &at, ValueRange x) -> Value {
                                   return at.make<arith::AddFOp>(x[0], x[1]);
                                 }));
  return success();
}
} // namespace

void lower::addWinogradLowerings(LoweringTable &table) {
  addLowering<WinogradConvOp, lowerWinogradConv>(table);
}
