// SPDX-License-Identifier: Apache-2.0
#include "targets/Cpu/Arithmetic.h"

#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;

Value lathe::cpu::Arithmetic::anyOf(Value mask) const {
  auto vector = dyn_cast<VectorType>(mask.getType());
  if (!vector)
    return mask;
  auto flat = VectorType::get({vector.getNumElements()}, vector.getElementType());
  if (vector != flat)
    mask = make<vector::ShapeCastOp>(flat, mask);
  return make<vector::ReductionOp>(vector::CombiningKind::OR, mask);
}
