// SPDX-License-Identifier: Apache-2.0
//
// What was measured of kernels, in place of what the cost model guesses
// (`lathec --tune`, docs/tools.md).
#ifndef LATHE_TARGETS_TUNING_H
#define LATHE_TARGETS_TUNING_H

#include "dialects/Graph/DiagnosticMark.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace lathe {

/// On a kernel's function: points of a tile along each loop of the operation
/// that is tiled, 0 where a loop is not split.
inline constexpr llvm::StringLiteral kTileSizesAttr = "lathe.tile_sizes";
/// Beside it: rounds of these loops, 0 of sums, -1 where a size varies.
inline constexpr llvm::StringLiteral kTileExtentsAttr = "lathe.tile_extents";

/// Marks an error as one of a tuning file, not of the compiler or the model.
inline constexpr llvm::StringLiteral kTuningMark = "lathe.tuning";

/// One kernel on one machine.
struct TuningDecision {
  std::string kernel; ///< its name, for readers
  std::string hash;   ///< of the kernel on tensors: 64 digits
  std::string level;  ///< instruction set
  std::string cpu;    ///< LLVM's name of the machine that measured
  /// As kTileSizesAttr; nothing: the cost model's choice is the best known.
  std::optional<std::vector<int64_t>> tile_sizes;
  double ratio = 1; ///< time with these sizes over time with the cost model's
};

/// Decisions, each for another kernel, level or machine.
struct Tuning {
  std::vector<TuningDecision> decisions;

  /// The one for this kernel: of the first of `levels` that has any, of `cpu`
  /// before other machines, of several others the first. Null if there is none.
  const TuningDecision *find(llvm::StringRef hash, llvm::ArrayRef<std::string> levels,
                             llvm::StringRef cpu) const;
};

/// What Target::tune() tells about one kernel.
struct TunedKernel {
  std::string kernel;
  /// What was measured beside the default, and the ratio in the first rounds.
  std::vector<std::pair<std::vector<int64_t>, double>> candidates;
  unsigned different = 0;  ///< that gave other bytes, and are out
  double default_us = 0;   ///< of one run on one thread
  std::vector<int64_t> default_sizes;
  std::vector<int64_t> tile_sizes; ///< the best; default_sizes if nothing was clearly better
  double ratio = 1;
  std::string skipped; ///< why nothing was measured; empty: it was
};

} // namespace lathe

#endif // LATHE_TARGETS_TUNING_H
