// SPDX-License-Identifier: Apache-2.0
//
// A kernel from a group: its body in canonical symbols, and what the planner
// may or must do with its buffers.
#ifndef LATHE_PASSES_FUSE_KERNELBUILDER_H
#define LATHE_PASSES_FUSE_KERNELBUILDER_H

#include "dialects/Graph/GraphOps.h"

namespace lathe {

/// Discardable attribute of graph.kernel: pairs (input, result) that the
/// planner must give one buffer.
constexpr llvm::StringLiteral kInplaceRequiredAttr = "inplace_required";

/// A detached kernel named `name`, and the size that each of its symbols has
/// in the group.
struct OutlinedKernel {
  mlir::OwningOpRef<graph::KernelOp> kernel;
  llvm::SmallVector<graph::ExprAttr> sizes;
};
OutlinedKernel buildKernel(graph::GroupOp group, llvm::StringRef name);

/// The kernel's text without locations and name: equal text, equal kernel.
std::string canonicalText(graph::KernelOp kernel);

} // namespace lathe

#endif // LATHE_PASSES_FUSE_KERNELBUILDER_H
