// SPDX-License-Identifier: Apache-2.0
#include "targets/Cpu/GenericBody.h"

#include "llvm/ADT/SetVector.h"

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

std::optional<unsigned> lathe::cpu::findCoefficientRow(linalg::GenericOp op) {
  constexpr int64_t longest = 8;
  SmallVector<unsigned> reductions;
  op.getReductionDims(reductions);
  // One input is read; another may be there to give the sum its length.
  SmallVector<OpOperand *> read;
  for (OpOperand *input : op.getDpsInputOperands())
    if (op.payloadUsesValueFromOperand(input))
      read.push_back(input);
  if (read.size() != 1 || op.getNumDpsInits() != 1 || reductions.size() != 1)
    return std::nullopt;
  SmallVector<int64_t> extents = op.getStaticLoopRanges();
  auto isShort = [&](unsigned dim) { return extents[dim] >= 2 && extents[dim] <= longest; };
  llvm::SmallSetVector<unsigned, 4> asked;
  op.getBody()->walk([&](linalg::IndexOp index) { asked.insert(index.getDim()); });
  if (asked.size() != 2 || !asked.remove(reductions[0]) || !isShort(reductions[0]))
    return std::nullopt;
  unsigned row = asked.front();
  if (!isShort(row) || op.getMatchingIndexingMap(read.front()).isFunctionOfDim(row))
    return std::nullopt;
  return row;
}

static constexpr llvm::StringLiteral kMarginsAttr = "lathe.margins";

std::optional<lathe::cpu::Margins> lathe::cpu::findMargins(linalg::GenericOp op) {
  auto numbers = op->getAttrOfType<DenseI64ArrayAttr>(kMarginsAttr);
  if (!numbers || numbers.size() != 4)
    return std::nullopt;
  return Margins{unsigned(numbers[0]), numbers[1], numbers[2], numbers[3]};
}

void lathe::cpu::setMargins(linalg::GenericOp op, const Margins &margins) {
  op->setAttr(kMarginsAttr, DenseI64ArrayAttr::get(op.getContext(), {int64_t(margins.operand), margins.position,
                                                                     margins.low, margins.high}));
}
