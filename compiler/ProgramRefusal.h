// SPDX-License-Identifier: Apache-2.0
// What the loader says about a program that was just made, as a fault of the
// model (it exceeds a limit) or of the compiler.
#ifndef LATHE_COMPILER_PROGRAMREFUSAL_H
#define LATHE_COMPILER_PROGRAMREFUSAL_H

#include "compiler/Frontends/Fault.h"
#include "compiler/ProgramWriter.h"

namespace lathe {

/// The refusal of a planned module. A limit is FaultCode::LimitExceeded with the
/// model's node; anything else FaultCode::CompilerFailed, with the program's text
/// in a file to report (`lathe-inspect --assemble` reads it) in `reproducerFolder`,
/// nowhere where that is empty.
llvm::Error makeRefusal(mlir::ModuleOp module, const LoaderVerdict &verdict, llvm::StringRef file,
                        llvm::StringRef reproducerFolder);

/// The loader sees a count of tiles that depends on sizes only when it runs:
/// checks their largest values against LATHE_MAX_TILES.
llvm::Error checkTileCounts(mlir::ModuleOp module, llvm::StringRef file);

} // namespace lathe

#endif // LATHE_COMPILER_PROGRAMREFUSAL_H
