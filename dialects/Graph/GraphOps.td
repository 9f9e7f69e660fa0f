// SPDX-License-Identifier: Apache-2.0
// The one TableGen entry for all operators of the graph dialect.
include "dialects/Graph/GraphElementwiseOps.td"
include "dialects/Graph/GraphComputeOps.td"
include "dialects/Graph/GraphShapeOps.td"
include "dialects/Graph/GraphStructureOps.td"
