// SPDX-License-Identifier: Apache-2.0
//
// lathec --interpret: the reference outputs of a model.
#ifndef LATHE_TOOLS_LATHEC_INTERPRET_H
#define LATHE_TOOLS_LATHEC_INTERPRET_H

#include "tools/lathec/Arguments.h"

namespace lathe {

/// Runs the model on --input files, or on the cases of --check. Returns the
/// exit code.
int interpretModel(const Arguments &arguments);

/// --list-ops: the operators that the front ends read.
int listOperators();

/// Prints the fault of `error` and returns the exit code that belongs to it.
int reportFault(llvm::Error error);

} // namespace lathe

#endif // LATHE_TOOLS_LATHEC_INTERPRET_H
