// SPDX-License-Identifier: Apache-2.0
#include "passes/Passes.h"

#include "mlir/IR/Builders.h"

namespace lathe {
#define GEN_PASS_DEF_LOWERSTATEUPDATES
#include "passes/Passes.h.inc"

using namespace mlir;
using namespace lathe::graph;

namespace {
struct LowerStateUpdates : impl::LowerStateUpdatesBase<LowerStateUpdates> {
  void runOnOperation() override {
    SymbolTableCollection tables;
    SmallVector<StateUpdateOp> updates;
    getOperation().walk([&](StateUpdateOp op) { updates.push_back(op); });
    for (StateUpdateOp op : updates) {
      auto state = tables.lookupNearestSymbolFrom<StateOp>(getOperation(), op.getStateAttr());
      OpBuilder builder(op);
      Value before = StateReadOp::create(builder, op.getLoc(), state.getType(), op.getStateAttr());
      auto after = IndexPutOp::create(builder, op.getLoc(), before.getType(), before, op.getValue(),
                                      op.getIndices(), op.getDimsAttr(), UnitAttr());
      after->setDiscardableAttrs(op->getDiscardableAttrDictionary());
      StateWriteOp::create(builder, op.getLoc(), op.getStateAttr(), after.getResult());
      op.erase();
    }
  }
};
} // namespace
} // namespace lathe
