// SPDX-License-Identifier: Apache-2.0
#ifndef LATHE_COMPILER_REFERENCE_LAYOUT_H
#define LATHE_COMPILER_REFERENCE_LAYOUT_H

#include "compiler/Reference/Tensor.h"
#include "dialects/Graph/GraphOps.h"

namespace lathe {

/// The bytes of `tensor` as the layout of `type` places them (row-major without
/// one). Padding holds the layout's fill, what rounds up to whole tiles zeros or
/// the fill. `type` is static. Fails where the bytes would exceed
/// Tensor::kBytesMax.
llvm::Expected<std::vector<char>> layOut(const Tensor &tensor, mlir::RankedTensorType type);

} // namespace lathe

#endif // LATHE_COMPILER_REFERENCE_LAYOUT_H
