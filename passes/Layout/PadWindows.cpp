// SPDX-License-Identifier: Apache-2.0
#include "dialects/Graph/ConvGroups.h"
#include "passes/Partition/TargetDescription.h"
#include "passes/Passes.h"

namespace lathe {
#define GEN_PASS_DEF_PADWINDOWS
#include "passes/Passes.h.inc"

using namespace mlir;
using namespace lathe::graph;

/// Whether tiles of `op` that share pixels have panels of weights of their own,
/// and margins to copy for each.
static bool copiesMarginsOften(ConvOp op) {
  LayoutAttr weight = getLayout(typeOf(op.getWeight()));
  auto isPositive = [](int64_t margin) { return margin > 0; };
  auto isNegative = [](int64_t margin) { return margin < 0; };
  return weight && weight.getTiles().size() == 2 && getLayout(typeOf(op.getInput())) &&
         typeOf(op.getInput()).hasStaticShape() && !isDepthwise(op) && !op.getTransposed() &&
         (llvm::any_of(op.getPaddingLow(), isPositive) || llvm::any_of(op.getPaddingHigh(), isPositive)) &&
         llvm::none_of(op.getPaddingLow(), isNegative) && llvm::none_of(op.getPaddingHigh(), isNegative);
}

namespace {
struct PadWindows : impl::PadWindowsBase<PadWindows> {
  void runOnOperation() override {
    for (auto method : getOperation().getOps<func::FuncOp>())
      method.walk([&](ConvOp op) {
        if (copiesMarginsOften(op))
          rewrite(op);
      });
  }

private:
  static void rewrite(ConvOp op) {
    RankedTensorType type = typeOf(op.getInput());
    SmallVector<int64_t> low{0, 0}, high{0, 0};
    llvm::append_range(low, op.getPaddingLow());
    llvm::append_range(high, op.getPaddingHigh());
    SmallVector<int64_t> shape(type.getShape());
    for (auto [size, front, back] : llvm::zip(shape, low, high))
      size += front + back;
    OpBuilder builder(op);
    auto zero = llvm::cast<TypedAttr>(builder.getZeroAttr(type.getElementType()));
    auto padded = PadOp::create(builder, op.getLoc(),
                                getTensorType(getDims(RankedTensorType::get(shape, type.getElementType())),
                                              type.getElementType(), getLayout(type)),
                                op.getInput(), low, high, PadMode::Constant, zero);
    if (Attribute device = op->getAttr(kDeviceAttr))
      padded->setAttr(kDeviceAttr, device);
    SmallVector<int64_t> none(op.getStrides().size(), 0);
    op.getInputMutable().assign(padded);
    op.setPaddingLow(none);
    op.setPaddingHigh(none);
  }
};
} // namespace
} // namespace lathe
