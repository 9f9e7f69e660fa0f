// SPDX-License-Identifier: Apache-2.0
//
// What `lathec --tune` measured, as JSON (docs/json.md).
#ifndef LATHE_COMPILER_TUNINGFILE_H
#define LATHE_COMPILER_TUNINGFILE_H

#include "llvm/Support/Error.h"
#include "targets/Tuning.h"

namespace lathe {

/// Reads a file of untrusted bytes. Errors are FaultErrors that name it: it cannot
/// be read, or is no tuning file. Whether its decisions fit their kernels, only
/// compiling them shows.
llvm::Expected<Tuning> readTuningFile(llvm::StringRef path);

/// The text of such a file, the same for the same decisions in any order.
std::string formatTuning(const Tuning &tuning, llvm::StringRef producer);

} // namespace lathe

#endif // LATHE_COMPILER_TUNINGFILE_H
