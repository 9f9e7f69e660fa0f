// SPDX-License-Identifier: Apache-2.0
//
// A warning about bounds of sizes that nobody means, such as s=0..1000000: they
// compile, and no machine can run the program.
#ifndef LATHE_COMPILER_LARGEARENA_H
#define LATHE_COMPILER_LARGEARENA_H

#include "mlir/IR/BuiltinOps.h"
#include <optional>
#include <string>

namespace lathe {

/// From here on an arena is reported: a quarter of a 32-bit address space, and
/// all the memory of many devices. It is no limit: the program is compiled.
inline constexpr uint64_t kArenaBytesUnusual = uint64_t(1) << 30;

/// For a module of the program dialect with planned memory: a sentence with the
/// size of the largest plan, its largest tensor, the model's line that makes it
/// and the symbols to bound; nothing when all plans are smaller.
std::optional<std::string> describeLargeArena(mlir::ModuleOp module);

} // namespace lathe

#endif // LATHE_COMPILER_LARGEARENA_H
