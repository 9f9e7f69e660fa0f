// SPDX-License-Identifier: Apache-2.0
//
// How the features of a convolution fall into groups, for the passes that lay
// them out and the lowering that reads what they laid out.
#ifndef LATHE_DIALECTS_GRAPH_CONVGROUPS_H
#define LATHE_DIALECTS_GRAPH_CONVGROUPS_H

#include "dialects/Graph/GraphOps.h"

namespace lathe::graph {

/// Whether `op` has one filter for each channel, and nothing else: each feature
/// reads the channel of its own number.
inline bool isDepthwise(ConvOp op) {
  mlir::RankedTensorType weight = typeOf(op.getWeight());
  return !op.getTransposed() && op.getGroups() != 1 && weight.getDimSize(1) == 1 &&
         weight.getDimSize(0) == static_cast<int64_t>(op.getGroups());
}

/// Whether the weight of `op`, which has groups, lies in panels that groups fill,
/// or that fill groups, and both its input and its result have channels last.
inline bool hasGroupPanels(ConvOp op) {
  LayoutAttr layout = getLayout(typeOf(op.getWeight()));
  if (op.getTransposed() || !layout || layout.getTiles().size() != 2 || layout.getTiles()[0] != 0 ||
      !getLayout(typeOf(op.getInput())) || !getLayout(typeOf(op.getResult())))
    return false;
  int64_t features = typeOf(op.getWeight()).getDimSize(0), panel = layout.getTiles()[1];
  int64_t inGroup = features / static_cast<int64_t>(op.getGroups());
  return inGroup % panel == 0 || (panel % inGroup == 0 && features % panel == 0);
}

} // namespace lathe::graph

#endif // LATHE_DIALECTS_GRAPH_CONVGROUPS_H
