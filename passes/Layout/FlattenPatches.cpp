// SPDX-License-Identifier: Apache-2.0
#include "dialects/Graph/GraphOps.h"
#include "passes/Import/ComputedWeights.h"
#include "passes/Layout/WeightPanels.h"
#include "passes/Partition/TargetDescription.h"
#include "passes/Passes.h"

#include <numeric>

namespace lathe {
#define GEN_PASS_DEF_FLATTENPATCHES
#include "passes/Passes.h.inc"

using namespace mlir;
using namespace lathe::graph;

/// Elements of a run from a patch's row: shorter ones take longer to copy than
/// a product of rows saves.
static constexpr int64_t shortestRun = 8;

/// Whether no two windows of `op` share an element, and each has long runs.
static bool readsPatches(ConvOp op) {
  ArrayRef<int64_t> window = typeOf(op.getWeight()).getShape().drop_front(2);
  auto isOne = [](int64_t dilation) { return dilation == 1; };
  return !window.empty() && window.back() >= shortestRun && llvm::all_of(op.getDilations(), isOne) &&
         llvm::equal(op.getStrides(), window);
}

namespace {
/// Shapes of a convolution over patches: `spatial` dimensions of `count` patches,
/// each `window` elements wide.
struct Patches {
  ExprAttr batch;
  int64_t channels;
  ArrayRef<int64_t> window;
  SmallVector<int64_t> counts;

  explicit Patches(ConvOp op)
      : batch(getDims(typeOf(op.getInput())).front()), channels(typeOf(op.getInput()).getDimSize(1)),
        window(typeOf(op.getWeight()).getShape().drop_front(2)),
        counts(typeOf(op.getResult()).getShape().drop_front(2)) {}

  int64_t rows() const { return product(counts); }
  int64_t columns() const { return channels * product(window); }

private:
  static int64_t product(ArrayRef<int64_t> sizes) {
    return std::accumulate(sizes.begin(), sizes.end(), int64_t(1), std::multiplies<int64_t>());
  }
};

struct FlattenPatches : impl::FlattenPatchesBase<FlattenPatches> {
  void runOnOperation() override {
    FailureOr<VariantDescription> description = readTargets(getOperation());
    if (failed(description))
      return signalPassFailure();
    ComputedWeights weights(getOperation());
    auto takes = [](ConvOp op, const TargetDescription &target) {
      return chooseWeightLayout(op, target.weightPanels) && isTaken(op);
    };
    for (ConvOp op : findConvolutions(getOperation(), *description, takes))
      rewrite(op, weights);
  }

private:
  /// Whether patches of a picture in the model's order, and nothing else, are read.
  static bool isTaken(ConvOp op) {
    RankedTensorType input = typeOf(op.getInput()), result = typeOf(op.getResult());
    auto isZero = [](int64_t margin) { return margin == 0; };
    if (!readsPatches(op) || op.getGroups() != 1 || !op.getWeight().getDefiningOp<UseWeightOp>() ||
        !llvm::isa<FloatType>(input.getElementType()) || getLayout(input) || !getLayout(result) ||
        getLayout(typeOf(op.getWeight())) || !llvm::all_of(op.getPaddingLow(), isZero) ||
        !llvm::all_of(op.getPaddingHigh(), isZero))
      return false;
    for (auto [index, stride] : llvm::enumerate(op.getStrides()))
      if (input.isDynamicDim(index + 2) || input.getDimSize(index + 2) == 0 ||
          input.getDimSize(index + 2) % stride != 0)
        return false;
    return true;
  }

  static void rewrite(ConvOp op, ComputedWeights &weights) {
    OpBuilder builder(op);
    Patches patches(op);
    Value weight = op.getWeight(), rows = flatten(builder, op, patches);
    auto flat = RankedTensorType::get({typeOf(weight).getDimSize(0), patches.columns()},
                                      typeOf(weight).getElementType());
    WeightOp made = weights.create((weightName(weight) + ".rows").str(), weight.getLoc(), weight,
                                   [&](OpBuilder &inside, ArrayRef<Value> copies) -> Value {
                                     return reshape(inside, copies[0], getDims(flat));
                                   });
    Value factors = UseWeightOp::create(builder, op.getLoc(), flat, made.getSymName());
    Value sums = marked(op, LinearOp::create(builder, op.getLoc(), rows, factors, op.getBias(),
                                             op.getResultElementTypeAttr(), op.getRoundingAttr()));
    replace(builder, op, patches, sums);
    if (weight.use_empty())
      weight.getDefiningOp()->erase();
  }

  /// [n, c, s...] to [n, patches, c * window...].
  static Value flatten(OpBuilder &builder, ConvOp op, const Patches &patches) {
    int64_t spatial = patches.counts.size();
    SmallVector<ExprAttr> dims{patches.batch, sizeOf(op, patches.channels)};
    // Batch, which patch, channel, where in the patch.
    SmallVector<int64_t> order{0};
    for (int64_t index = 0; index < spatial; ++index) {
      dims.append({sizeOf(op, patches.counts[index]), sizeOf(op, patches.window[index])});
      order.push_back(2 + 2 * index);
    }
    order.push_back(1);
    for (int64_t index = 0; index < spatial; ++index)
      order.push_back(3 + 2 * index);
    Value split = marked(op, reshape(builder, op.getInput(), dims).getDefiningOp());
    auto layout = LayoutAttr::get(op.getContext(), order, {}, {}, {}, TypedAttr());
    Type element = typeOf(split).getElementType();
    Value copy = marked(op, RelayoutOp::create(builder, op.getLoc(), getTensorType(dims, element, layout), split));
    // What was moved in memory is moved in the shape.
    SmallVector<ExprAttr> moved;
    for (int64_t place : order)
      moved.push_back(dims[place]);
    copy = marked(op, PermuteOp::create(builder, op.getLoc(), getTensorType(moved, element), copy,
                                        builder.getDenseI64ArrayAttr(order)));
    SmallVector<ExprAttr> rows{patches.batch, sizeOf(op, patches.rows()), sizeOf(op, patches.columns())};
    return marked(op, reshape(builder, copy, rows).getDefiningOp());
  }

  /// Puts `sums`, [n, patches, f], in the place of `op`'s result.
  static void replace(OpBuilder &builder, ConvOp op, const Patches &patches, Value sums) {
    RankedTensorType result = typeOf(op.getResult());
    SmallVector<ExprAttr> dims{patches.batch};
    SmallVector<int64_t> order{0, result.getRank() - 1};
    for (auto [index, count] : llvm::enumerate(patches.counts)) {
      dims.push_back(sizeOf(op, count));
      order.push_back(index + 1);
    }
    dims.push_back(sizeOf(op, result.getDimSize(1)));
    Value map = marked(op, reshape(builder, sums, dims).getDefiningOp());
    SmallVector<int64_t> last{0};
    llvm::append_range(last, llvm::seq<int64_t>(2, result.getRank()));
    last.push_back(1);
    auto channelsLast = LayoutAttr::get(op.getContext(), last, {}, {}, {}, TypedAttr());
    RankedTensorType made = getTensorType(getDims(result), result.getElementType(), channelsLast);
    Value moved = marked(op, PermuteOp::create(builder, op.getLoc(), made, map, builder.getDenseI64ArrayAttr(order)));
    if (made != result)
      moved = marked(op, RelayoutOp::create(builder, op.getLoc(), result, moved));
    op.getResult().replaceAllUsesWith(moved);
    op.erase();
  }

  static ExprAttr sizeOf(ConvOp op, int64_t size) { return makeConstant(op.getContext(), size); }

  static Value reshape(OpBuilder &builder, Value value, ArrayRef<ExprAttr> dims) {
    return ReshapeOp::create(builder, value.getLoc(), value, DimsAttr::get(builder.getContext(), dims));
  }

  /// The result of `made`, which runs where `op` does.
  static Value marked(ConvOp op, Operation *made) {
    if (Attribute device = op->getAttr(kDeviceAttr))
      made->setAttr(kDeviceAttr, device);
    return made->getResult(0);
  }
};
} // namespace
} // namespace lathe
