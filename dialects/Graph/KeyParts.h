// SPDX-License-Identifier: Apache-2.0
//
// Attentions that read old and new keys where they lie.
#ifndef LATHE_DIALECTS_GRAPH_KEYPARTS_H
#define LATHE_DIALECTS_GRAPH_KEYPARTS_H

#include "dialects/Graph/GraphOps.h"

#include <optional>

namespace lathe::graph {

/// Whether the queries of an attention fill no vectors, so that keys or features
/// are its lanes. A number known only at run time is many.
bool hasFewQueries(SdpaOp op);

/// The concats along the keys of `op`, which nobody else reads, of parts that
/// are equally long for keys and for values.
struct KeyParts {
  ConcatOp keys, values;
};

/// The parts of an attention with few queries, as of a language model that
/// decodes: each key is read once, so a concat would move as many bytes again.
/// Nothing where keys or values are one tensor.
std::optional<KeyParts> findKeyParts(SdpaOp op);

/// Whether the only reader of `concat` is an attention that reads its parts.
bool isReadInParts(ConcatOp concat);

} // namespace lathe::graph

#endif // LATHE_DIALECTS_GRAPH_KEYPARTS_H
