// SPDX-License-Identifier: Apache-2.0
//
// A program file as a module of the program dialect: the reverse of
// ProgramWriter.h. Writing what was read gives the same bytes; of a file of an
// earlier version, sizes get the canonical form of today.
#ifndef LATHE_COMPILER_PROGRAMREADER_H
#define LATHE_COMPILER_PROGRAMREADER_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBuffer.h"

namespace lathe {

/// Reads a program. The bytes may come from anywhere: every offset and index is
/// checked, digests are not (that is the runtime's business). Each segment goes
/// to the context's WeightStore, as a view of the buffers, which the store keeps
/// alive; the module names it by its key. `sidecar` may be null when the
/// program has none.
llvm::Expected<mlir::OwningOpRef<mlir::ModuleOp>>
readProgram(mlir::MLIRContext *context, std::shared_ptr<llvm::MemoryBuffer> program,
            std::shared_ptr<llvm::MemoryBuffer> sidecar = nullptr);

/// The same from a file, and from the sidecar beside it when it has one.
llvm::Expected<mlir::OwningOpRef<mlir::ModuleOp>> readProgramFile(mlir::MLIRContext *context,
                                                                  llvm::StringRef path);

} // namespace lathe

#endif // LATHE_COMPILER_PROGRAMREADER_H
