// SPDX-License-Identifier: Apache-2.0
#include "passes/Fuse/KernelNames.h"

#include "passes/Fuse/FusionRules.h"

using namespace mlir;
using namespace lathe;
using namespace lathe::graph;

// More parts make a name that no table can show.
static constexpr size_t kNamePartsMax = 6;

// f32, i64, ui8, or q8 for quantized storage of 8 bits.
static std::string typeName(Type type) {
  Type element = getElementTypeOrSelf(type);
  if (auto quantized = llvm::dyn_cast<quant::QuantizedType>(element))
    return "q" + std::to_string(quantized.getStorageTypeIntegralWidth());
  std::string text;
  llvm::raw_string_ostream os(text);
  element.print(os);
  return text;
}

static std::string operatorName(Operation *op) {
  std::string name = op->getName().stripDialect().str();
  if (auto reduce = llvm::dyn_cast<ReduceOp>(op))
    return name + "_" + stringifyReduceKind(reduce.getKind()).str();
  if (auto compare = llvm::dyn_cast<CompareOp>(op))
    return name + "_" + stringifyCompareKind(compare.getKind()).str();
  return name;
}

static bool isNameless(Operation *op) {
  return llvm::isa<ConstantOp, SizeOp, ReshapeOp>(op);
}

static std::string typedName(Operation *op) {
  std::string name = operatorName(op);
  if (op->getNumOperands() > 0)
    name += "_" + typeName(op->getOperand(0).getType());
  if (isAnchor(op) && op->getNumOperands() > 1)
    name += "_" + typeName(op->getOperand(1).getType());
  return name + "_" + typeName(op->getResult(0).getType());
}

std::string lathe::kernelName(ArrayRef<Operation *> operators) {
  SmallVector<Operation *> parts;
  for (Operation *op : operators)
    if (!isNameless(op))
      parts.push_back(op);
  if (parts.empty())
    parts.assign(operators.begin(), operators.end());
  auto *anchor = llvm::find_if(parts, isAnchor);
  Operation *main = anchor == parts.end() ? parts.front() : *anchor;
  // The main part is always in the name, so drop others from the end.
  SmallVector<Operation *> shown;
  bool mainShown = false;
  for (Operation *op : parts) {
    size_t room = kNamePartsMax - (mainShown || op == main ? 0 : 1);
    if (shown.size() < room) {
      shown.push_back(op);
      mainShown |= op == main;
    }
  }
  std::string name;
  for (Operation *op : shown) {
    if (!name.empty())
      name += "_then_";
    name += op == main ? typedName(op) : operatorName(op);
  }
  if (parts.size() > shown.size())
    name += "_and_" + std::to_string(parts.size() - shown.size()) + "_more";
  return name;
}
