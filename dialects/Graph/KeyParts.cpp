// SPDX-License-Identifier: Apache-2.0
#include "dialects/Graph/KeyParts.h"

using namespace mlir;
using namespace lathe::graph;

/// Fewer queries leave the lanes of a vector empty.
static constexpr int64_t kManyQueries = 16;
/// Each part has code of its own.
static constexpr size_t kKeyPartsMax = 4;

bool lathe::graph::hasFewQueries(SdpaOp op) {
  SmallVector<ExprAttr> dims = getDims(llvm::cast<RankedTensorType>(op.getQuery().getType()));
  std::optional<int64_t> queries = dims[dims.size() - 2].getConstant();
  return queries && *queries < kManyQueries;
}

/// The concat along the keys that makes `value` for `op` alone, or null.
static ConcatOp findConcat(SdpaOp op, Value value) {
  auto concat = value.getDefiningOp<ConcatOp>();
  int64_t rank = llvm::cast<RankedTensorType>(value.getType()).getRank();
  bool isPrivate = concat && concat->getBlock() == op->getBlock() && value.hasOneUse();
  return isPrivate && int64_t(concat.getDim()) == rank - 2 && concat.getInputs().size() <= kKeyPartsMax ? concat
                                                                                                      : ConcatOp();
}

static ExprAttr lengthOf(Value part) {
  auto type = llvm::cast<RankedTensorType>(part.getType());
  return getDims(type)[type.getRank() - 2];
}

std::optional<KeyParts> lathe::graph::findKeyParts(SdpaOp op) {
  KeyParts parts{findConcat(op, op.getKey()), findConcat(op, op.getValue())};
  if (!hasFewQueries(op) || !parts.keys || !parts.values ||
      parts.keys.getInputs().size() != parts.values.getInputs().size())
    return std::nullopt;
  for (auto [key, value] : llvm::zip_equal(parts.keys.getInputs(), parts.values.getInputs()))
    if (lengthOf(key) != lengthOf(value) || lengthOf(key).isConstant(0))
      return std::nullopt;
  return parts;
}

bool lathe::graph::isReadInParts(ConcatOp concat) {
  auto reader = concat->hasOneUse() ? llvm::dyn_cast<SdpaOp>(*concat->getUsers().begin()) : SdpaOp();
  if (!reader)
    return false;
  std::optional<KeyParts> parts = findKeyParts(reader);
  return parts && (parts->keys == concat || parts->values == concat);
}
