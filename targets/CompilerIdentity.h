// SPDX-License-Identifier: Apache-2.0
#ifndef LATHE_TARGETS_COMPILERIDENTITY_H
#define LATHE_TARGETS_COMPILERIDENTITY_H

#include <array>
#include <cstdint>
#include <optional>

namespace lathe {

/// A hash of the code of this process: of the build ids that linkers write into
/// the program and each library that it loaded (LLVM, MLIR, the C library, which
/// folds constants), or of the whole file of one that has none. Equal for every
/// run of one build; nothing if a file cannot be read.
std::optional<std::array<uint8_t, 32>> hashCompiler();

} // namespace lathe

#endif // LATHE_TARGETS_COMPILERIDENTITY_H
