// SPDX-License-Identifier: Apache-2.0
#ifndef LATHE_PASSES_LAYOUT_WEIGHTPANELS_H
#define LATHE_PASSES_LAYOUT_WEIGHTPANELS_H

#include "dialects/Graph/GraphOps.h"
#include "passes/Partition/TargetDescription.h"

namespace lathe {

/// How kernels read the weight of a contraction: for a linear layer and a
/// convolution [features / panel][window][channels][panel], for one filter a
/// channel [window][channels]. `panels` are widths in order of preference; the
/// first that divides the features is taken. In groups a panel has whole groups,
/// or is a part of one. Null if none fits, or the operator has no such form.
graph::LayoutAttr chooseWeightLayout(graph::LinearOp op, llvm::ArrayRef<int64_t> panels);
graph::LayoutAttr chooseWeightLayout(graph::ConvOp op, llvm::ArrayRef<int64_t> panels);

/// The width of the panels in which a transposed convolution has code, phase by
/// phase of its stride (graph.phase_conv), or 0 if it has none: its sizes are not
/// known, or no panel divides the features.
int64_t choosePhasePanel(graph::ConvOp op, llvm::ArrayRef<int64_t> panels);

/// The convolutions of all methods of `module` that have a target and that `takes`
/// accepts, in their order: a pass may replace them then.
llvm::SmallVector<graph::ConvOp>
findConvolutions(mlir::ModuleOp module, const VariantDescription &description,
                 llvm::function_ref<bool(graph::ConvOp, const TargetDescription &)> takes);

} // namespace lathe

#endif // LATHE_PASSES_LAYOUT_WEIGHTPANELS_H
