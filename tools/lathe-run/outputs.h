// SPDX-License-Identifier: Apache-2.0
// Where the outputs of one run go: files, or a summary for a person.
#ifndef LATHE_TOOLS_LATHE_RUN_OUTPUTS_H
#define LATHE_TOOLS_LATHE_RUN_OUTPUTS_H

#include "tools/lathe-run/session.h"

namespace lathe::run {

/// Writes the outputs of the last run to `opts.output`, each as <name>.npy below
/// a folder, or the only one as a file or to standard output ("-"). No file that
/// is an input is overwritten. Returns an exit code.
int write_outputs(session &model, const options &opts);

/// Prints what a person wants to know of each output, or one JSON document.
void print_outputs(session &model, const options &opts);

} // namespace lathe::run

#endif // LATHE_TOOLS_LATHE_RUN_OUTPUTS_H
