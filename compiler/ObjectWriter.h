// SPDX-License-Identifier: Apache-2.0
//
// A planned module as a relocatable object and a C header, for applications
// that may not make memory executable, or have no file system.
#ifndef LATHE_COMPILER_OBJECTWRITER_H
#define LATHE_COMPILER_OBJECTWRITER_H

#include "compiler/ProgramWriter.h"
#include "targets/Target.h"

namespace lathe {

/// The files of a linked model, named after their folder.
struct ObjectPlace {
  std::string folder; ///< without a separator at its end
  std::string name;   ///< a C identifier; the model is `<name>_model`
  std::string object() const { return folder + "/" + name + ".o"; }
  std::string header() const { return folder + "/" + name + ".h"; }
};

/// `digits/` and `digits` name the object `digits/digits.o`; characters that no
/// C identifier has become `_`.
ObjectPlace objectPlace(llvm::StringRef outputPath);

/// Writes both files; the folder is made when it is missing, its parent is not.
/// The object is a program file of linked images, cut up: what verifies a file
/// at load verifies it too. Reports errors at the module.
mlir::LogicalResult writeObject(mlir::ModuleOp module, const Target &target,
                                const CompiledKernels &compiled, const ObjectPlace &place,
                                const ProgramWriterOptions &options);

} // namespace lathe

#endif // LATHE_COMPILER_OBJECTWRITER_H
