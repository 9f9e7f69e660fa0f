// SPDX-License-Identifier: Apache-2.0
#ifndef LATHE_TARGETS_CPU_SIZEBOUNDS_H
#define LATHE_TARGETS_CPU_SIZEBOUNDS_H

#include "mlir/IR/Value.h"
#include "mlir/Support/LLVM.h"

#include <optional>

namespace lathe::cpu {

/// The values that an index can take, both ends included.
struct IndexInterval {
  int64_t low;
  int64_t high;
};

/// Sizes from here on count as unbounded: no buffer is that large.
constexpr int64_t indexLimit = int64_t(1) << 48;

/// What `value` can be, from constants, affine and arith operations, loop
/// bounds, and `lathe.size_max`, `lathe.tile_begin` and `lathe.tile_end` of the
/// arguments of the enclosing function. An end of +-indexLimit is no bound.
/// Nothing if it is not bounded by those.
std::optional<IndexInterval> boundIndex(mlir::Value value);

} // namespace lathe::cpu

#endif // LATHE_TARGETS_CPU_SIZEBOUNDS_H
