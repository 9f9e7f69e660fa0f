// SPDX-License-Identifier: Apache-2.0
//
// lld in this process, on files in a folder for temporaries.
#ifndef LATHE_TARGETS_CPU_LINKERRUN_H
#define LATHE_TARGETS_CPU_LINKERRUN_H

#include "targets/Cpu/IsaLevel.h"

#include "mlir/IR/Location.h"
#include "mlir/Support/LLVM.h"

namespace lathe::cpu {

/// A folder that disappears with its files.
class TemporaryFolder {
public:
  ~TemporaryFolder();
  mlir::LogicalResult create();
  std::string file(const llvm::Twine &name) const;

private:
  llvm::SmallString<128> path;
};

mlir::LogicalResult writeFile(mlir::Location loc, llvm::StringRef path,
                              llvm::ArrayRef<char> contents);
mlir::FailureOr<std::vector<uint8_t>> readFile(mlir::Location loc,
                                               llvm::StringRef path);

/// Runs the linker for the machine of `level`. One run at a time; others wait.
mlir::LogicalResult runLinker(mlir::Location loc, const IsaLevel &level,
                              llvm::ArrayRef<std::string> arguments);

} // namespace lathe::cpu

#endif // LATHE_TARGETS_CPU_LINKERRUN_H
