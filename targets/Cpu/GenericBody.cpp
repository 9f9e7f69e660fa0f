// SPDX-License-Identifier: Apache-2.0
#include "targets/Cpu/GenericBody.h"

using namespace mlir;

bool lathe::cpu::onlyMovesData(linalg::GenericOp op) {
  return op.getBody()->getOperations().size() == 1;
}

bool lathe::cpu::isFill(linalg::GenericOp op) {
  return op.getNumDpsInits() == 1 && op.getNumReductionLoops() == 0 && onlyMovesData(op) &&
         !op.payloadUsesValueFromOperand(op.getDpsInitOperand(0)) &&
         llvm::none_of(op.getDpsInputs(),
                       [](Value input) { return isa<ShapedType>(input.getType()); });
}
