// SPDX-License-Identifier: Apache-2.0
//
// What a report of a fault of the compiler needs: the module before the passes
// that failed, with their pipeline, as `lathe-opt --run-reproducer` takes it.
#ifndef LATHE_COMPILER_REPRODUCER_H
#define LATHE_COMPILER_REPRODUCER_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/PassManager.h"
#include <string>
#include <vector>

namespace lathe {

/// Writes `text` to a new file "lathec-*.mlir" in `folder`, whose path is returned;
/// empty where `folder` is, or if that fails: no part of a file is left then.
std::string writeReproducer(llvm::StringRef folder, llvm::StringRef text);

/// `path` as a word of a shell's command.
std::string shellWord(llvm::StringRef path);

class Reproducer {
public:
  /// Files go to `folder`; empty: none is written.
  explicit Reproducer(std::string folder) : folder(std::move(folder)) {}

  /// From now on a failure or a crash of `manager`, which must run next, on
  /// `module` or a copy of it, is written to a file.
  void watch(mlir::PassManager &manager, mlir::ModuleOp module);

  /// The file, with the weights that the module names beside it (GraphWeights.h)
  /// where they are at most kWeightBytesMax together; empty if nothing failed or
  /// the file cannot be written.
  std::string take(mlir::MLIRContext &context);

  /// Removes the file: what failed is no fault of the compiler.
  void discard();

  static constexpr uint64_t kWeightBytesMax = uint64_t(64) << 20;

private:
  std::string folder;
  std::string path;
  std::vector<std::string> keys; ///< of the weights of the module that is watched
};

} // namespace lathe

#endif // LATHE_COMPILER_REPRODUCER_H
