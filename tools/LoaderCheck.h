// SPDX-License-Identifier: Apache-2.0
// The runtime's loader for tools that write programs.
#ifndef LATHE_TOOLS_LOADERCHECK_H
#define LATHE_TOOLS_LOADERCHECK_H

#include "compiler/ProgramWriter.h"

namespace lathe {

/// Opens a program as lathe-run does, without its code: header, digest, limits,
/// every table, the sidecar.
LoaderVerdict loadWritten(const WrittenProgram &program);

} // namespace lathe

#endif // LATHE_TOOLS_LOADERCHECK_H
