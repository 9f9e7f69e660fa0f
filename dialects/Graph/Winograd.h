// SPDX-License-Identifier: Apache-2.0
//
// The matrices of Winograd's minimal filtering for windows of 3, as in Lavin and
// Gray, Fast Algorithms for Convolutional Neural Networks (arXiv:1509.09308):
// F(2, 3) with the points 0, 1, -1, and F(4, 3) with 0, 3/4, -3/4, 3/2, -3/2.
// Their points 0, 1, -1, 2, -2 have rounding errors 3.4 times as large.
#ifndef LATHE_DIALECTS_GRAPH_WINOGRAD_H
#define LATHE_DIALECTS_GRAPH_WINOGRAD_H

#include "llvm/ADT/ArrayRef.h"

#include <cstdint>

namespace lathe::graph {

/// m outputs of a window of 3 from m + 2 inputs d and weights g, with as many
/// multiplications: output * ((filter * g) . (input * d)), matrices by rows.
struct WinogradMatrices {
  int64_t outputs;              ///< m
  llvm::ArrayRef<double> input; ///< [m + 2, m + 2]
  llvm::ArrayRef<double> filter; ///< [m + 2, 3]
  llvm::ArrayRef<double> output; ///< [m, m + 2]

  int64_t points() const { return outputs + 2; }
};

/// The matrices for m = 2 or 4, or null.
const WinogradMatrices *findWinogradMatrices(int64_t outputs);

} // namespace lathe::graph

#endif // LATHE_DIALECTS_GRAPH_WINOGRAD_H
