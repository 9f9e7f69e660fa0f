// SPDX-License-Identifier: Apache-2.0
//
// A planned module (program dialect) as a program file. The writer decides
// nothing: every table, offset and byte is in the module, in the order of the
// file, or follows from it (digests, places of segments). Equal modules and
// weights give equal bytes.
#ifndef LATHE_COMPILER_PROGRAMWRITER_H
#define LATHE_COMPILER_PROGRAMWRITER_H

#include "dialects/Graph/GraphOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "llvm/Support/raw_ostream.h"
#include <functional>

namespace lathe {

struct ProgramWriterOptions {
  /// Computes a weight with an initializer region and passes its dense
  /// row-major bytes to the sink, in order, in any pieces. Called once for each
  /// chunk that names such a weight, in file order, so that nothing need be
  /// kept. Reports its own error. Required when the module has such chunks.
  using ByteSink = llvm::function_ref<void(llvm::ArrayRef<char>)>;
  std::function<mlir::LogicalResult(graph::WeightOp, ByteSink)> evaluateInitializer;
  /// Told of a file that the system does not let be written, instead of an
  /// error at the module.
  std::function<void(llvm::StringRef path, llvm::StringRef reason)> reportUnwritable;
  /// Receives the size of the program, without a sidecar, if not null.
  uint64_t *programBytes = nullptr;
};

/// Reports a file that cannot be written as the options say; fails.
mlir::LogicalResult failWrite(mlir::ModuleOp module, const ProgramWriterOptions &options,
                              llvm::StringRef path, const llvm::Twine &reason);

/// Writes the program to `path` and, when the module has segments in a sidecar,
/// that to `<path without .lathe>.lathew`. Both appear whole or not at all:
/// they are written beside their place and renamed. `-` is standard output;
/// that and what is no regular file (a device, a pipe) is written to, without a
/// sidecar. Reports errors at the operation they concern, or at the module.
mlir::LogicalResult writeProgramFile(mlir::ModuleOp module, llvm::StringRef path,
                                     const ProgramWriterOptions &options = {});

/// The same to streams that start empty. `sidecar` may be null when the module
/// has no segment in a sidecar.
mlir::LogicalResult writeProgram(mlir::ModuleOp module, llvm::raw_pwrite_stream &program,
                                 llvm::raw_pwrite_stream *sidecar,
                                 const ProgramWriterOptions &options = {});

/// Where the sidecar of a program lies: `<path without .lathe>.lathew`.
std::string sidecarPath(llvm::StringRef programPath);

} // namespace lathe

#endif // LATHE_COMPILER_PROGRAMWRITER_H
