// SPDX-License-Identifier: Apache-2.0
#ifndef LATHE_COMPILER_OUTPUTFILE_H
#define LATHE_COMPILER_OUTPUTFILE_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

namespace lathe {

/// Whether `path` is written to as it stands, and not replaced by a file that
/// is complete: `-`, which is standard output, a device, a pipe.
bool isStream(llvm::StringRef path);

/// Writes a whole file; it appears complete or not at all, unless isStream.
/// The error holds the system's reason.
llvm::Error writeOutput(llvm::StringRef path, llvm::StringRef bytes);

} // namespace lathe

#endif // LATHE_COMPILER_OUTPUTFILE_H
