// SPDX-License-Identifier: Apache-2.0
//
// Which operators cost nothing at run time because the buffer plan resolves
// them to an offset in their input's buffer (ir-contract C16). Grouping leaves
// them between groups, planning gives them no buffer: both ask here, so that
// each operator is in a kernel or a view.
#ifndef LATHE_DIALECTS_GRAPH_FREEVIEWS_H
#define LATHE_DIALECTS_GRAPH_FREEVIEWS_H

#include "dialects/Graph/GraphOps.h"

namespace lathe::graph {

/// Kernels assume that their buffers begin at a multiple of this.
constexpr int64_t kViewAlignmentBytes = 64;

/// Whether a permutation of `input` leaves each element where it is in memory:
/// what is permuted in the shape is permuted back by the layouts, as
/// [n, h, w, c] seen as [n, c, h, w] with channels last. Never with tiles or
/// padding.
bool permutesInPlace(mlir::RankedTensorType input, llvm::ArrayRef<int64_t> permutation,
                     mlir::RankedTensorType result);

/// Offset of `op`'s result in its input's buffer in bytes when `op` is a
/// reshape, a slice of consecutive elements at a constant, aligned offset, or a
/// permutation or a change of layout that moves nothing, as that of one element
/// for each channel; otherwise nothing. Of tensors with a layout, only
/// permutations and changes of it are free views.
std::optional<int64_t> freeViewOffsetBytes(mlir::Operation *op);

inline bool isFreeView(mlir::Operation *op) { return freeViewOffsetBytes(op).has_value(); }

/// The value whose buffer holds `value`: itself, or the input of the free
/// views that lead to it.
mlir::Value viewSource(mlir::Value value);

/// Bytes of one element in memory: i1 is a byte, a quantized element its
/// storage.
int64_t elementBytes(mlir::Type elementType);

} // namespace lathe::graph

#endif // LATHE_DIALECTS_GRAPH_FREEVIEWS_H
