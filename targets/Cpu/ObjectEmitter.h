// SPDX-License-Identifier: Apache-2.0
#ifndef LATHE_TARGETS_CPU_OBJECTEMITTER_H
#define LATHE_TARGETS_CPU_OBJECTEMITTER_H

#include "targets/Cpu/IsaLevel.h"

#include "mlir/IR/BuiltinOps.h"

namespace llvm {
class Module;
} // namespace llvm

namespace lathe::cpu {

/// One kernel as a relocatable ELF object.
struct KernelObject {
  std::string name;
  std::vector<char> bytes;
  /// The frame of the kernel, which calls nothing.
  uint64_t stack_bytes = 0;
  /// Filled if asked for.
  std::string llvm_ir;
  std::string assembly;
};

struct ObjectOptions {
  bool keepLlvm = false;
  bool keepAssembly = false;
};

/// Makes LLVM's code generators known; safe to call from any thread, often.
void initializeCodeGenerators();

/// Assembles `module`, which has this level's target set by the function. Its
/// inline assembly may name files.
mlir::FailureOr<std::vector<char>> assembleModule(mlir::Location loc,
                                                  llvm::Module &module,
                                                  const IsaLevel &level);

/// Translates, optimises and assembles `kernel`, a module of the LLVM dialect
/// with one function. Refuses a kernel that needs a symbol of others or more
/// stack than the ABI grants.
mlir::FailureOr<KernelObject> emitObject(mlir::ModuleOp kernel,
                                         const IsaLevel &level,
                                         const ObjectOptions &options);

} // namespace lathe::cpu

#endif // LATHE_TARGETS_CPU_OBJECTEMITTER_H
