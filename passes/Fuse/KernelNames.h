// SPDX-License-Identifier: Apache-2.0
//
// The names that a profile shows. Grammar:
//
//   name   := part ("_then_" part)* ["_and_" count "_more"]
//   part   := operator [types]            in program order
//   types  := ("_" in ["_" weight] "_" out)   on the main part alone
//
// The main part is the anchor, otherwise the first operator. Constants, sizes
// and reshapes have no part. OutlineKernels appends "__" and a hash.
#ifndef LATHE_PASSES_FUSE_KERNELNAMES_H
#define LATHE_PASSES_FUSE_KERNELNAMES_H

#include "dialects/Graph/GraphOps.h"

namespace lathe {

/// Name of a group of these operators, in program order.
std::string kernelName(llvm::ArrayRef<mlir::Operation *> operators);

} // namespace lathe

#endif // LATHE_PASSES_FUSE_KERNELNAMES_H
