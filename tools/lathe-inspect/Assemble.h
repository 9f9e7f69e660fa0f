// SPDX-License-Identifier: Apache-2.0
//
// lathe-inspect --assemble: a program made of its text.
#ifndef LATHE_TOOLS_LATHE_INSPECT_ASSEMBLE_H
#define LATHE_TOOLS_LATHE_INSPECT_ASSEMBLE_H

#include "mlir/IR/MLIRContext.h"
#include "tools/CommandLine.h"
#include <string>

namespace lathe {

/// Prints what is wrong and why; returns `code`.
int complain(ExitCode code, const llvm::Twine &what, const llvm::Twine &why,
             const llvm::Twine &remedy = "");

/// The runtime's own checks: 0, or an exit code after a message. A program that
/// this machine cannot run, or whose code nobody authorized, is still well
/// formed.
int checkFile(const std::string &path);

/// Writes and checks the program of a text; `weightsPath` may be empty.
int assemble(mlir::MLIRContext &context, const std::string &textPath, const std::string &weightsPath,
             const std::string &outputPath);

} // namespace lathe

#endif // LATHE_TOOLS_LATHE_INSPECT_ASSEMBLE_H
