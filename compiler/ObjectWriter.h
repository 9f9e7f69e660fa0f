// SPDX-License-Identifier: Apache-2.0
//
// A planned module as a relocatable object and a C header, for applications
// that may not make memory executable, or have no file system.
#ifndef LATHE_COMPILER_OBJECTWRITER_H
#define LATHE_COMPILER_OBJECTWRITER_H

#include "compiler/ProgramWriter.h"
#include "targets/Target.h"

namespace lathe {

/// The files of a linked model.
struct ObjectPlace {
  std::string folder;
  std::string object; ///< in the folder
  std::string header; ///< in the folder
  std::string name;   ///< a C identifier; the model is `<name>_model`
};

/// `digits/` and `digits` are folders, for digits/digits.o and digits/digits.h;
/// `lib/digits.o` is the object itself, with lib/digits.h beside it. Characters
/// that no C identifier has become `_` in the name.
ObjectPlace objectPlace(llvm::StringRef outputPath);

/// Writes both files; the folder is made when it is missing, its parent is not.
/// The object is a program file of linked images, cut up: what verifies a file
/// at load verifies it too. Reports errors at the module.
mlir::LogicalResult writeObject(mlir::ModuleOp module, const Target &target,
                                const CompiledKernels &compiled, const ObjectPlace &place,
                                const ProgramWriterOptions &options);

} // namespace lathe

#endif // LATHE_COMPILER_OBJECTWRITER_H
