// SPDX-License-Identifier: Apache-2.0
#include "dialects/Graph/GraphOps.h"
#include "passes/Import/ComputedWeights.h"
#include "passes/Layout/WeightPanels.h"
#include "passes/Partition/TargetDescription.h"
#include "passes/Passes.h"

#include "llvm/Support/MathExtras.h"

namespace lathe {
#define GEN_PASS_DEF_USEPHASES
#include "passes/Passes.h.inc"

using namespace mlir;
using namespace lathe::graph;

namespace {
/// One dimension of space: result at * stride + r sums elements at + (r +
/// padding) / stride - k of the input times k * stride + (r + padding) % stride
/// of the window. Taps are counted the other way round, so that both move on.
struct Phases {
  int64_t stride, taps, shift;
  int64_t low, high; ///< Margins of the input; negative ones crop.
  int64_t positions; ///< Results of a phase; the last ones of some may be too many.

  Phases(ConvOp op, unsigned index) {
    stride = op.getStrides()[index];
    taps = llvm::divideCeil(typeOf(op.getWeight()).getDimSize(index + 2), stride);
    shift = op.getPaddingLow()[index] % stride;
    low = taps - 1 - op.getPaddingLow()[index] / stride;
    positions = llvm::divideCeil(typeOf(op.getResult()).getDimSize(index + 2), stride);
    int64_t needed = positions + taps - 1 + (shift > 0);
    high = needed - low - typeOf(op.getInput()).getDimSize(index + 2);
  }
};

/// Builds the weight of phases from that of a transposed convolution.
class WeightBuilder {
public:
  WeightBuilder(OpBuilder &builder, Location loc, ArrayRef<Phases> phases)
      : builder(builder), loc(loc), phases(phases) {}

  /// [c, f, k...] to [f, c, stride..., taps...].
  Value build(Value weight) {
    int64_t spatial = phases.size();
    SmallVector<int64_t> high(spatial + 2, 0), shape(typeOf(weight).getShape().take_front(2));
    SmallVector<int64_t> padded(shape), order{1, 0};
    for (auto [index, phase] : llvm::enumerate(phases)) {
      padded.push_back(phase.taps * phase.stride);
      high[index + 2] = padded.back() - typeOf(weight).getDimSize(index + 2);
      shape.append({phase.taps, phase.stride});
    }
    Type element = typeOf(weight).getElementType();
    Value parts = PadOp::create(builder, loc, RankedTensorType::get(padded, element), weight,
                                SmallVector<int64_t>(high.size(), 0), high, PadMode::Constant,
                                llvm::cast<TypedAttr>(builder.getZeroAttr(element)));
    auto split = RankedTensorType::get(shape, element);
    parts = ReshapeOp::create(builder, loc, parts, DimsAttr::get(builder.getContext(), getDims(split)));
    for (int64_t index = 0; index < spatial; ++index) {
      parts = reverse(parts, 2 + 2 * index);
      parts = rotate(parts, 3 + 2 * index, phases[index].shift);
    }
    for (int64_t index = 0; index < spatial; ++index)
      order.push_back(3 + 2 * index);
    for (int64_t index = 0; index < spatial; ++index)
      order.push_back(2 + 2 * index);
    return PermuteOp::create(builder, loc, parts, builder.getDenseI64ArrayAttr(order));
  }

private:
  Value slice(Value value, int64_t dim, int64_t start, int64_t size, int64_t step) {
    MLIRContext *context = builder.getContext();
    SmallVector<ExprAttr> starts, sizes;
    for (int64_t extent : typeOf(value).getShape()) {
      starts.push_back(makeConstant(context, 0));
      sizes.push_back(makeConstant(context, extent));
    }
    starts[dim] = makeConstant(context, start);
    sizes[dim] = makeConstant(context, size);
    SmallVector<int64_t> steps(starts.size(), 1);
    steps[dim] = step;
    return SliceOp::create(builder, loc, value, DimsAttr::get(context, starts),
                           DimsAttr::get(context, sizes), builder.getDenseI64ArrayAttr(steps));
  }
  Value reverse(Value value, int64_t dim) {
    int64_t size = typeOf(value).getDimSize(dim);
    return slice(value, dim, size - 1, size, -1);
  }
  /// Element `first` becomes the first of `dim`.
  Value rotate(Value value, int64_t dim, int64_t first) {
    if (first == 0)
      return value;
    SmallVector<Value> parts{slice(value, dim, first, typeOf(value).getDimSize(dim) - first, 1),
                             slice(value, dim, 0, first, 1)};
    return ConcatOp::create(builder, loc, parts, builder.getI64IntegerAttr(dim));
  }

  OpBuilder &builder;
  Location loc;
  ArrayRef<Phases> phases;
};

struct UsePhases : impl::UsePhasesBase<UsePhases> {
  void runOnOperation() override {
    FailureOr<VariantDescription> description = readTargets(getOperation());
    if (failed(description))
      return signalPassFailure();
    ComputedWeights weights(getOperation());
    // AssignLayouts gave it channels last.
    auto takes = [](ConvOp op, const TargetDescription &target) {
      return getLayout(typeOf(op.getResult())) && op.getWeight().getDefiningOp<UseWeightOp>() &&
             choosePhasePanel(op, target.weightPanels) != 0;
    };
    for (ConvOp op : findConvolutions(getOperation(), *description, takes))
      rewrite(op, choosePhasePanel(op, description->find(op)->weightPanels), weights);
  }

private:
  static void rewrite(ConvOp op, int64_t panel, ComputedWeights &weights) {
    SmallVector<Phases> phases;
    SmallVector<int64_t> shifts;
    for (unsigned index = 0; index < op.getStrides().size(); ++index) {
      phases.emplace_back(op, index);
      shifts.push_back(phases.back().shift);
    }
    OpBuilder builder(op);
    Value weight = packWeight(builder, op.getWeight(), phases, panel, weights);
    auto replacement = PhaseConvOp::create(builder, op.getLoc(), wholeType(op, phases),
                                           withMargins(builder, op, phases), weight, op.getBias(),
                                           op.getStrides(), shifts);
    replacement->setDiscardableAttrs(op->getDiscardableAttrDictionary());
    Value old = op.getWeight();
    op.getResult().replaceAllUsesWith(withoutRest(builder, op, replacement.getResult()));
    op.erase();
    if (old.use_empty())
      old.getDefiningOp()->erase();
  }

  /// The type of the results of `op` up to the end of the last phase.
  static RankedTensorType wholeType(ConvOp op, ArrayRef<Phases> phases) {
    RankedTensorType type = typeOf(op.getResult());
    SmallVector<ExprAttr> dims(getDims(type));
    for (auto [index, phase] : llvm::enumerate(phases))
      dims[index + 2] = makeConstant(op.getContext(), phase.positions * phase.stride);
    return getTensorType(dims, type.getElementType(), getLayout(type));
  }

  /// The results of `op` at the beginning of `whole`: where the stride does not
  /// divide them, copying them costs less than gaps in the input would.
  static Value withoutRest(OpBuilder &builder, ConvOp op, Value whole) {
    RankedTensorType type = typeOf(op.getResult());
    if (whole.getType() == type)
      return whole;
    SmallVector<ExprAttr> starts(type.getRank(), makeConstant(builder.getContext(), 0));
    auto slice = SliceOp::create(builder, op.getLoc(), type, whole, DimsAttr::get(builder.getContext(), starts),
                                 DimsAttr::get(builder.getContext(), getDims(type)),
                                 builder.getDenseI64ArrayAttr(SmallVector<int64_t>(type.getRank(), 1)));
    if (Attribute device = op->getAttr(kDeviceAttr))
      slice->setAttr(kDeviceAttr, device);
    return slice;
  }

  static Value packWeight(OpBuilder &builder, Value weight, ArrayRef<Phases> phases, int64_t panel,
                          ComputedWeights &weights) {
    // [stride..., f / panel, taps..., c, panel]
    SmallVector<int64_t> order;
    int64_t spatial = phases.size();
    llvm::append_range(order, llvm::seq<int64_t>(2, 2 + spatial));
    order.push_back(0);
    llvm::append_range(order, llvm::seq<int64_t>(2 + spatial, 2 + 2 * spatial));
    order.push_back(1);
    auto layout = LayoutAttr::get(builder.getContext(), order, {0, panel}, {}, {}, TypedAttr());
    RankedTensorType packed;
    WeightOp made = weights.create(
        (weightName(weight) + ".phases").str(), weight.getLoc(), weight,
        [&](OpBuilder &inside, ArrayRef<Value> copies) -> Value {
          Value parts = WeightBuilder(inside, weight.getLoc(), phases).build(copies[0]);
          packed = getTensorType(getDims(typeOf(parts)), typeOf(parts).getElementType(), layout);
          return RelayoutOp::create(inside, weight.getLoc(), packed, parts);
        });
    return UseWeightOp::create(builder, weight.getLoc(), packed, made.getSymName());
  }

  /// The input of `op` with what the phases read around it.
  static Value withMargins(OpBuilder &builder, ConvOp op, ArrayRef<Phases> phases) {
    RankedTensorType type = typeOf(op.getInput());
    SmallVector<int64_t> low{0, 0}, high{0, 0};
    SmallVector<ExprAttr> dims(getDims(type));
    for (auto [index, phase] : llvm::enumerate(phases)) {
      low.push_back(phase.low);
      high.push_back(phase.high);
      dims[index + 2] = makeConstant(builder.getContext(), type.getDimSize(index + 2) + phase.low + phase.high);
    }
    auto isZero = [](int64_t margin) { return margin == 0; };
    if (llvm::all_of(low, isZero) && llvm::all_of(high, isZero))
      return op.getInput();
    auto zero = llvm::cast<TypedAttr>(builder.getZeroAttr(type.getElementType()));
    auto padded = PadOp::create(builder, op.getLoc(),
                                getTensorType(dims, type.getElementType(), getLayout(type)),
                                op.getInput(), low, high, PadMode::Constant, zero);
    if (Attribute device = op->getAttr(kDeviceAttr))
      padded->setAttr(kDeviceAttr, device);
    return padded;
  }
};
} // namespace
} // namespace lathe
