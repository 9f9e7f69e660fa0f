// SPDX-License-Identifier: Apache-2.0
#ifndef LATHE_TEST_FUZZ_COMPILE_TEXT_H
#define LATHE_TEST_FUZZ_COMPILE_TEXT_H

#include "compiler/Compiler.h"

namespace lathe::test {

/// Compiles a file of these bytes, in a folder of this process that is removed at
/// its end, to a program. `name` says what kind of file it is: model.pt2 or
/// model.mlir. Aborts where the compiler blames itself, and where the loader
/// refuses what was written for another reason than its size.
void compileText(llvm::StringRef name, llvm::StringRef bytes, const std::vector<DimBound> &dims = {});

} // namespace lathe::test

#endif // LATHE_TEST_FUZZ_COMPILE_TEXT_H
