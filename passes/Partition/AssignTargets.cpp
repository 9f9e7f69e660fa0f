// SPDX-License-Identifier: Apache-2.0
#include "passes/Partition/TargetDescription.h"
#include "passes/Passes.h"

#include "mlir/IR/Builders.h"
#include "llvm/ADT/DenseMap.h"

namespace lathe {
#define GEN_PASS_DEF_ASSIGNTARGETS
#include "passes/Passes.h.inc"

using namespace mlir;
using namespace lathe::graph;

// Most operators that the error lists; the count is exact.
static constexpr size_t kListedMax = 32;

// Read by each device from its own copy.
static bool isEverywhere(Operation *op) {
  return llvm::isa<UseWeightOp, ConstantOp, SizeOp>(op);
}

namespace {
struct AssignTargets : impl::AssignTargetsBase<AssignTargets> {
  void runOnOperation() override {
    FailureOr<VariantDescription> variant = readTargets(getOperation());
    if (failed(variant))
      return signalPassFailure();
    SmallVector<Operation *> homeless;
    for (auto method : getOperation().getOps<func::FuncOp>())
      method.walk([&](FusionOpInterface op) {
        if (!isEverywhere(op) && !assign(op, *variant))
          homeless.push_back(op);
      });
    if (!homeless.empty()) {
      reportHomeless(homeless, *variant);
      return signalPassFailure();
    }
    if (variant->targets.size() > 1)
      for (auto method : getOperation().getOps<func::FuncOp>())
        insertTransfers(method, variant->host);
  }

private:
  static bool assign(Operation *op, const VariantDescription &variant) {
    for (const TargetDescription &target : variant.targets)
      if (target.takes(op)) {
        op->setDiscardableAttr(kDeviceAttr, target.name);
        return true;
      }
    return false;
  }

  void reportHomeless(ArrayRef<Operation *> homeless, const VariantDescription &variant) {
    InFlightDiagnostic error = getOperation().emitError("no target takes ");
    error << homeless.size() << " operators; targets are";
    for (const TargetDescription &target : variant.targets)
      error << ' ' << target.name;
    for (Operation *op : homeless.take_front(kListedMax))
      error.attachNote(op->getLoc()) << op->getName() << " of " << op->getOperandTypes() << " -> "
                                     << op->getResultTypes();
    if (homeless.size() > kListedMax)
      error.attachNote() << "and " << homeless.size() - kListedMax << " more";
  }

  // Where an operator reads and writes; null: anywhere.
  static StringAttr deviceOf(Operation *op, StringAttr host) {
    if (isEverywhere(op))
      return {};
    auto device = op->getAttrOfType<StringAttr>(kDeviceAttr);
    return device ? device : host;
  }

  static void insertTransfers(func::FuncOp method, StringAttr host) {
    SmallVector<OpOperand *> uses;
    method.walk([&](Operation *op) {
      if (!llvm::isa<TransferOp>(op))
        for (OpOperand &use : op->getOpOperands())
          uses.push_back(&use);
    });
    DenseMap<std::pair<Value, StringAttr>, Value> copies;
    for (OpOperand *use : uses) {
      Value value = use->get();
      Operation *definition = value.getDefiningOp();
      // What a transfer brings is on the device that it names.
      StringAttr from = host;
      if (auto transfer = llvm::dyn_cast_or_null<TransferOp>(definition))
        from = transfer.getToAttr();
      else if (definition)
        from = deviceOf(definition, host);
      StringAttr to = deviceOf(use->getOwner(), host);
      if (!from || !to || from == to)
        continue;
      Value &copy = copies[{value, to}];
      if (!copy) {
        OpBuilder builder(value.getContext());
        builder.setInsertionPointAfterValue(value);
        copy = TransferOp::create(builder, value.getLoc(), value.getType(), value, from, to);
      }
      use->set(copy);
    }
  }
};
} // namespace
} // namespace lathe
