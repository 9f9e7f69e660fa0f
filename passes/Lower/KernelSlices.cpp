// SPDX-License-Identifier: Apache-2.0
//
// Parts of tensors, in forms that upstream's rewrites keep valid.
#include "passes/Lower/KernelLowering.h"

using namespace mlir;
using namespace lathe;
using namespace lathe::lower;

// Whether a subset has no elements as far as constants tell. Upstream refuses
// such a subset where it begins at the end of its tensor.
static bool isEmptySubset(RankedTensorType whole, ArrayRef<OpFoldResult> offsets,
                          ArrayRef<OpFoldResult> sizes) {
  for (auto [extent, offset, size] : llvm::zip_equal(whole.getShape(), offsets, sizes)) {
    std::optional<int64_t> start = getConstantIntValue(offset);
    if (isConstantIntValue(size, 0) ||
        (start && !ShapedType::isDynamic(extent) && *start >= extent))
      return true;
  }
  return false;
}

// A kept size of 1 beside a dropped one: which of the two goes is not written in
// the types, and upstream's rewrites of rank-reducing slices disagree on it.
// Such slices keep their rank; a reshape, which says what it joins, follows.
static bool dropsAmbiguously(RankedTensorType type, ArrayRef<OpFoldResult> sizes) {
  return type.getRank() < static_cast<int64_t>(sizes.size()) && type.getRank() != 0 &&
         llvm::is_contained(type.getShape(), 1);
}

// The groups of `sizes` that make the dimensions of `type`, which lacks some of
// the sizes of 1. A dropped one joins the dimension before it, at the front the
// first one.
static SmallVector<ReassociationIndices> joinDropped(RankedTensorType type,
                                                     ArrayRef<OpFoldResult> sizes) {
  SmallVector<ReassociationIndices> groups(type.getRank());
  int64_t next = 0;
  for (auto [i, size] : llvm::enumerate(sizes)) {
    bool isUnit = isConstantIntValue(size, 1);
    if (next < type.getRank() && isUnit == (type.getDimSize(next) == 1))
      ++next;
    groups[std::max<int64_t>(next - 1, 0)].push_back(i);
  }
  return groups;
}

Value KernelLowering::slice(Value tensor, RankedTensorType type, ArrayRef<OpFoldResult> offsets,
                            ArrayRef<OpFoldResult> sizes, ArrayRef<OpFoldResult> strides) {
  if (isEmptySubset(llvm::cast<RankedTensorType>(tensor.getType()), offsets, sizes)) {
    SmallVector<Value> dynamic;
    for (OpFoldResult size : sizes)
      if (auto value = llvm::dyn_cast<Value>(size))
        dynamic.push_back(value);
    return tensor::EmptyOp::create(builder, loc, type, dynamic);
  }
  SmallVector<OpFoldResult> ones(offsets.size(), builder.getIndexAttr(1));
  if (strides.empty())
    strides = ones;
  if (!dropsAmbiguously(type, sizes))
    return tensor::ExtractSliceOp::create(builder, loc, type, tensor, offsets, sizes, strides);
  Value whole = tensor::ExtractSliceOp::create(builder, loc, tensor, offsets, sizes, strides);
  return tensor::CollapseShapeOp::create(builder, loc, type, whole, joinDropped(type, sizes));
}

Value KernelLowering::insert(Value tensor, Value into, ArrayRef<OpFoldResult> offsets,
                             ArrayRef<OpFoldResult> sizes, ArrayRef<OpFoldResult> strides) {
  if (isEmptySubset(llvm::cast<RankedTensorType>(into.getType()), offsets, sizes))
    return into;
  SmallVector<OpFoldResult> ones(offsets.size(), builder.getIndexAttr(1));
  auto type = llvm::cast<RankedTensorType>(tensor.getType());
  if (dropsAmbiguously(type, sizes)) {
    RankedTensorType whole = tensor::ExtractSliceOp::inferResultType(
        llvm::cast<RankedTensorType>(into.getType()), sizes);
    tensor = tensor::ExpandShapeOp::create(builder, loc, whole, tensor, joinDropped(type, sizes),
                                           sizes);
  }
  return tensor::InsertSliceOp::create(builder, loc, tensor, into, offsets, sizes,
                                       strides.empty() ? ones : strides);
}
