// SPDX-License-Identifier: Apache-2.0
//
// Transposed convolutions phase by phase. One nest has all phases: its loops
// over a dimension of space are two, positions and phases, and it writes where
// both meet in the result. Features lie in the panels of the weight.
#include "passes/Lower/KernelLowering.h"

using namespace mlir;
using namespace lathe;
using namespace lathe::graph;
using namespace lathe::lower;

namespace {
using utils::IteratorType;

struct PhaseConvLowering {
  PhaseConvLowering(KernelLowering &lowering, PhaseConvOp op)
      : lowering(lowering), op(op), result(dimsOf(op.getResult())),
        storage(getStorageType(elementOf(op.getResult()))), compute(getComputeType(storage)) {
    LayoutAttr layout = getLayout(llvm::cast<RankedTensorType>(op.getWeight().getType()));
    panel = layout && layout.getTiles().size() == 2 ? layout.getTiles()[1] : *result[1].getConstant();
  }

  /// The sums as [n, s..., f], which logically is the operator's result; written
  /// to `out`, which lies so, unless it is null.
  Value run(Value out) {
    Scalars at{lowering.builder, lowering.loc};
    Value sums = out ? tensor::ExpandShapeOp::create(
                           lowering.builder, lowering.loc,
                           lowering.tensorType(splitDims(), compute), out, groups(),
                           lowering.foldedSizes(splitDims()))
                           .getResult()
                     : lowering.empty(splitDims(), compute);
    sums = lowering.withLayout(lowering.fill(at.real(compute, 0), sums), panelMap());
    unsigned outer = feature() + 1, loops = outer + 1 + spatial();
    SmallVector<IteratorType> iterators(outer, IteratorType::parallel);
    iterators.append(loops - outer, IteratorType::reduction);
    sums = lowering
               .nest({{lowering.value(op.getInput()), inputMap(loops)},
                      {lowering.value(op.getWeight()), weightMap(loops)}},
                     {{sums, lowering.select(loops, llvm::to_vector(llvm::seq<int64_t>(0, outer)))}},
                     iterators,
                     [](const Scalars &in, ValueRange x) {
                       return SmallVector<Value>{
                           in.make<arith::AddFOp>(x[2], in.make<arith::MulFOp>(x[0], x[1]))};
                     })
               .front();
    Dims dims{result[0]};
    dims.append(result.begin() + 2, result.end());
    dims.push_back(result[1]);
    Value pixels = tensor::CollapseShapeOp::create(lowering.builder, lowering.loc,
                                                   lowering.tensorType(dims, compute), sums, groups());
    return lowering.withLayout(pixels, channelsLast());
  }

  AffineMap channelsLast() {
    SmallVector<int64_t> order{0};
    llvm::append_range(order, llvm::seq<int64_t>(2, result.size()));
    order.push_back(1);
    return lowering.select(result.size(), order);
  }

  bool addsOrRounds() { return op.getBias() || storage != compute; }

private:
  KernelLowering &lowering;
  PhaseConvOp op;
  Dims result;
  Type storage, compute;
  int64_t panel;

  unsigned spatial() { return op.getStrides().size(); }
  // Loops n, position, phase, ..., f; c, tap, ...
  AffineExpr loop(unsigned index) { return lowering.dim(index); }
  AffineExpr phase(unsigned index) { return loop(2 + 2 * index); }
  unsigned feature() { return 1 + 2 * spatial(); }
  AffineExpr channel() { return loop(feature() + 1); }
  AffineExpr tap(unsigned index) { return loop(feature() + 2 + index); }
  AffineMap mapOf(unsigned loops, ArrayRef<AffineExpr> results) {
    return AffineMap::get(loops, 0, results, lowering.builder.getContext());
  }

  AffineMap inputMap(unsigned loops) {
    SmallVector<AffineExpr> at{loop(0), channel()};
    for (auto [index, shift] : llvm::enumerate(op.getShifts())) {
      AffineExpr place = loop(1 + 2 * index) + tap(index);
      at.push_back(shift == 0 ? place : place + (phase(index) + shift).floorDiv(op.getStrides()[index]));
    }
    return mapOf(loops, at);
  }
  AffineMap weightMap(unsigned loops) {
    SmallVector<AffineExpr> at{loop(feature()), channel()};
    for (unsigned index = 0; index < spatial(); ++index)
      at.push_back(phase(index));
    for (unsigned index = 0; index < spatial(); ++index)
      at.push_back(tap(index));
    return mapOf(loops, at);
  }

  /// [n, positions, phases, ..., panels, panel]
  Dims splitDims() {
    Dims dims{result[0]};
    for (auto [index, stride] : llvm::enumerate(op.getStrides()))
      dims.append({lowering.constantExpr(*result[index + 2].getConstant() / stride),
                   lowering.constantExpr(stride)});
    dims.append({lowering.constantExpr(*result[1].getConstant() / panel), lowering.constantExpr(panel)});
    return dims;
  }
  SmallVector<ReassociationIndices> groups() {
    SmallVector<ReassociationIndices> groups{{0}};
    for (int64_t index = 0; index <= spatial(); ++index)
      groups.push_back({1 + 2 * index, 2 + 2 * index});
    return groups;
  }
  /// Where feature f of the sums lies.
  AffineMap panelMap() {
    SmallVector<AffineExpr> results;
    for (unsigned dim = 0; dim < feature(); ++dim)
      results.push_back(loop(dim));
    results.append({loop(feature()).floorDiv(panel), loop(feature()) % panel});
    return mapOf(feature() + 1, results);
  }
};

LogicalResult lowerPhaseConv(KernelLowering &lowering, PhaseConvOp op) {
  PhaseConvLowering phases(lowering, op);
  Value out = lowering.destination(op.getResult());
  if (lowering.layoutOf(out) != phases.channelsLast())
    return unsupported(op) << "it has code for channels last only";
  if (!phases.addsOrRounds()) {
    lowering.setValue(op.getResult(), phases.run(out));
    return success();
  }
  unsigned rank = dimsOf(op.getResult()).size();
  SmallVector<NestInput> inputs{{phases.run({}), lowering.identity(rank)}};
  if (op.getBias())
    inputs.push_back({lowering.value(op.getBias()), lowering.select(rank, {1})});
  lowering.setValue(op.getResult(),
                    lowering.map(inputs, out, [&](const Scalars &at, ValueRange x) -> Value {
                      return op.getBias() ? at.make<arith::AddFOp>(x[0], x[1]) : x[0];
                    }));
  return success();
}
} // namespace

void lower::addPhaseConvLowerings(LoweringTable &table) {
  addLowering<PhaseConvOp, lowerPhaseConv>(table);
}
