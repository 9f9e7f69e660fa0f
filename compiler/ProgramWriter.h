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
#include "llvm/Support/Error.h"
#include "llvm/Support/ThreadPool.h"
#include "llvm/Support/raw_ostream.h"
#include <functional>
#include <vector>

namespace lathe {

/// A program before it appears at its place: files, or bytes (then without a
/// path) for a stream.
struct WrittenProgram {
  llvm::StringRef path;
  llvm::StringRef sidecar_path; ///< empty: there is none
  llvm::ArrayRef<char> bytes;
};

/// Whether a loader takes a program; what it says when it does not.
struct LoaderVerdict {
  bool is_good = true;
  bool exceeds_limit = false; ///< the program is sound but larger than a limit
  std::string reason;
  uint32_t method = UINT32_MAX;      ///< where; UINT32_MAX: nowhere in particular
  uint32_t instruction = UINT32_MAX; ///< of the method's first variant
};
/// The compiler includes nothing of the runtime: tools bring its loader.
using LoaderCheck = std::function<LoaderVerdict(const WrittenProgram &)>;

struct ProgramWriterOptions {
  /// Computes a weight with an initializer region: its bytes as the program
  /// holds them. Called once for each chunk that names such a weight, in any
  /// order and by several threads at once where there is a pool; must not emit
  /// diagnostics. Required when the module has such chunks.
  std::function<llvm::Expected<std::vector<char>>(graph::WeightOp)> evaluateInitializer;
  /// Threads that compute weights ahead of the one that writes; null: none. The
  /// bytes written are the same.
  llvm::ThreadPoolInterface *pool = nullptr;
  /// Told of a file that the system does not let be written, instead of an
  /// error at the module.
  std::function<void(llvm::StringRef path, llvm::StringRef reason)> reportUnwritable;
  /// Asked before anything appears at its place; whoever refuses has reported.
  std::function<mlir::LogicalResult(const WrittenProgram &)> verify;
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

/// The first value that is wider than its field of the file is an error at its
/// operation; writeProgram asks this itself.
mlir::LogicalResult checkFieldWidths(mlir::ModuleOp module);

/// Where the sidecar of a program lies: `<path without .lathe>.lathew`.
std::string sidecarPath(llvm::StringRef programPath);

} // namespace lathe

#endif // LATHE_COMPILER_PROGRAMWRITER_H
