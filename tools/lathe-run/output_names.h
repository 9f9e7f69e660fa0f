// SPDX-License-Identifier: Apache-2.0
#ifndef LATHE_TOOLS_LATHE_RUN_OUTPUT_NAMES_H
#define LATHE_TOOLS_LATHE_RUN_OUTPUT_NAMES_H

#include "tools/lathe-run/compare.h"

#include <string>
#include <vector>

namespace lathe::run {

/// The outputs' names as names of files, each another: whatever the model calls
/// an output, no name leads out of a folder.
std::vector<std::string> output_names(const subject &model);

} // namespace lathe::run

#endif // LATHE_TOOLS_LATHE_RUN_OUTPUT_NAMES_H
