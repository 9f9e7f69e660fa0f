// SPDX-License-Identifier: Apache-2.0
// Names of outputs from the structure that the model returned: torch writes it
// beside the graph as a tree of containers, `out_spec`.
#ifndef LATHE_COMPILER_FRONTENDS_EXPORTEDPROGRAM_OUTPUTNAMES_H
#define LATHE_COMPILER_FRONTENDS_EXPORTEDPROGRAM_OUTPUTNAMES_H

#include "compiler/Frontends/ExportedProgram/JsonTree.h"

namespace lathe::pt2 {

/// One name for each leaf of the tree, in order. A leaf below a dictionary, a
/// named tuple or a data class has its keys and positions joined by '_', as
/// torch names inputs: {"state": {"h": .., "c": [..]}} gives state_h, state_c_0.
/// Other leaves have an empty name, and so has one whose path is longer than a
/// name may be. `graphModule` is the member graph_module of a model; the result
/// is empty when it holds no such tree or one that is not understood, which is
/// no fault: names are a convenience, and versions of torch differ.
std::vector<std::string> outputNames(JsonValue graphModule);

} // namespace lathe::pt2

#endif // LATHE_COMPILER_FRONTENDS_EXPORTEDPROGRAM_OUTPUTNAMES_H
