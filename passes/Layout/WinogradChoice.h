// SPDX-License-Identifier: Apache-2.0
//
// Which convolutions minimal filtering computes: the larger its tiles, the less
// work and the larger the weights, so that memory is spent where it saves most.
#ifndef LATHE_PASSES_LAYOUT_WINOGRADCHOICE_H
#define LATHE_PASSES_LAYOUT_WINOGRADCHOICE_H

#include "dialects/Graph/GraphOps.h"

namespace lathe {

/// A convolution and the tiles that it may be computed in.
struct WinogradCandidate {
  graph::ConvOp op;
  /// Results of a tile in each dimension: 2, 4; sizes that divide the result.
  llvm::SmallVector<int64_t, 2> outputs;
  /// Something else reads the weight too: it stays beside the transformed one.
  bool sharesWeight;
};

/// Tiles that `op` may be computed in; none where it must stay a convolution.
llvm::SmallVector<int64_t, 2> winogradTiles(graph::ConvOp op, int64_t channelsMin);

/// For each candidate the tile to take, or 0. Transformed weights are at most
/// `growthBytes` larger than those that they replace: steps are taken in the
/// order of the time that they save for a byte, those that do not fit are left.
llvm::SmallVector<int64_t> chooseWinograd(llvm::ArrayRef<WinogradCandidate> candidates,
                                          uint64_t growthBytes);

} // namespace lathe

#endif // LATHE_PASSES_LAYOUT_WINOGRADCHOICE_H
