// SPDX-License-Identifier: Apache-2.0
#include "mlir/Dialect/Linalg/IR/Linalg.h"

#include "targets/Cpu/KernelSizes.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;

namespace lathe::cpu {

Value findSize(func::FuncOp func, Value tensor, int64_t dim) {
  auto type = cast<RankedTensorType>(tensor.getType());
  if (auto argument = dyn_cast<BlockArgument>(tensor)) {
    if (argument.getOwner() != &func.front())
      return {};
    auto positions = func.getArgAttrOfType<DenseI64ArrayAttr>(
        argument.getArgNumber(), "lathe.dim_args");
    if (!positions || positions[dim] < 0)
      return {};
    return func.getArgument(positions[dim]);
  }
  Operation *op = tensor.getDefiningOp();
  if (!op || !type.isDynamicDim(dim))
    return {};
  if (auto empty = dyn_cast<tensor::EmptyOp>(op))
    return empty.getDynamicSizes()[type.getDynamicDimIndex(dim)];
  // A dimension that a reshape neither splits nor joins keeps its size.
  if (isa<tensor::ExpandShapeOp, tensor::CollapseShapeOp>(op)) {
    bool expands = isa<tensor::ExpandShapeOp>(op);
    SmallVector<ReassociationIndices> groups =
        expands ? mlir::cast<tensor::ExpandShapeOp>(op).getReassociationIndices()
                : mlir::cast<tensor::CollapseShapeOp>(op).getReassociationIndices();
    for (auto [position, group] : llvm::enumerate(groups))
      if (group.size() == 1 && (expands ? group[0] : int64_t(position)) == dim)
        return findSize(func, op->getOperand(0), expands ? int64_t(position) : group[0]);
    return {};
  }
  if (auto cast = dyn_cast<tensor::CastOp>(op))
    return findSize(func, cast.getSource(), dim);
  if (auto generic = dyn_cast<linalg::GenericOp>(op))
    return findSize(
        func,
        generic.getDpsInits()[mlir::cast<OpResult>(tensor).getResultNumber()],
        dim);
  return {};
}

OpFoldResult resolveExtent(func::FuncOp func, OpFoldResult extent) {
  auto value = dyn_cast<Value>(extent);
  auto dimOp = value ? value.getDefiningOp<tensor::DimOp>() : tensor::DimOp();
  std::optional<int64_t> dim =
      dimOp ? dimOp.getConstantIndex() : std::nullopt;
  if (!dim)
    return extent;
  auto type = cast<RankedTensorType>(dimOp.getSource().getType());
  if (!type.isDynamicDim(*dim))
    return OpBuilder(func).getIndexAttr(type.getDimSize(*dim));
  if (Value size = findSize(func, dimOp.getSource(), *dim))
    return size;
  return extent;
}

} // namespace lathe::cpu
