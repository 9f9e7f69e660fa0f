// SPDX-License-Identifier: Apache-2.0
//
// Text of MLIR from files of unknown origin. MLIR's parser recurses with what it
// reads and expands aliases without a bound; text that would make it crash or
// run for long is refused before it sees it.
#ifndef LATHE_COMPILER_FRONTENDS_MODULETEXT_H
#define LATHE_COMPILER_FRONTENDS_MODULETEXT_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBuffer.h"
#include <memory>

namespace lathe {

/// Faults (GraphTextInvalid): control bytes, nesting or chains of operators
/// beyond a limit, aliases that are deep, large or circular, arrays of index.
/// Takes time linear in the text, and memory in its aliases.
llvm::Error checkModuleText(llvm::StringRef text);

/// A regular file whose text is sound as above. Faults: FileUnreadable too.
llvm::Expected<std::unique_ptr<llvm::MemoryBuffer>> readModuleText(llvm::StringRef path);

} // namespace lathe

#endif // LATHE_COMPILER_FRONTENDS_MODULETEXT_H
