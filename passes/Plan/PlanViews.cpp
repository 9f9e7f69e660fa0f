// SPDX-License-Identifier: Apache-2.0
//
// Which operators only give a part of a buffer another shape.
#include "passes/Plan/MethodLowering.h"

using namespace mlir;
using namespace lathe;
using graph::ExprAttr;

static bool isDense(Value value) {
  return !graph::getLayout(llvm::cast<RankedTensorType>(value.getType()));
}

unsigned lathe::leadingDimension(ArrayRef<ExprAttr> dims) {
  unsigned lead = 0;
  while (lead < dims.size() && dims[lead].isConstant(1))
    ++lead;
  return lead;
}

bool lathe::isView(Operation *op) {
  if (auto reshape = llvm::dyn_cast<graph::ReshapeOp>(op))
    return isDense(reshape.getInput()) && isDense(reshape.getResult());
  auto slice = llvm::dyn_cast<graph::SliceOp>(op);
  if (!slice || !isDense(slice.getInput()) || !isDense(slice.getResult()))
    return false;
  SmallVector<ExprAttr> dims = graph::getDims(llvm::cast<RankedTensorType>(slice.getInput().getType()));
  unsigned lead = leadingDimension(dims);
  for (unsigned i = 0; i < dims.size(); ++i)
    if (i == lead ? slice.getSteps()[i] != 1
                  : !slice.getStarts().getDims()[i].isConstant(0) ||
                        slice.getSizes().getDims()[i] != dims[i])
      return false;
  return true;
}
