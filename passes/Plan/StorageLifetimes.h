// SPDX-License-Identifier: Apache-2.0
//
// When the storages of a variant's arena hold something that may still be
// read. Exact along the paths of the instructions: backward liveness met with
// forward reach of writes, so that neither a loop nor a partial write stretches
// a life to the method's entry.
#ifndef LATHE_PASSES_PLAN_STORAGELIFETIMES_H
#define LATHE_PASSES_PLAN_STORAGELIFETIMES_H

#include "dialects/Graph/SizeExpr.h"
#include "dialects/Program/ProgramDialect.h"
#include "llvm/ADT/BitVector.h"
#include <vector>

namespace lathe {

/// Most instructions times storages of a variant: the analysis holds some bits
/// for each pair, below 1 GB together. 32,768 of either are far beyond the
/// models that are compiled, not beyond a file that lathe-inspect is given.
constexpr size_t kLifetimeBitsMax = size_t(1) << 30;

struct Storage {
  /// Largest end of any buffer in it, at the bounds of the symbols.
  int64_t bytes = 0;
  /// Instructions at which it may not be overwritten.
  llvm::BitVector live;
  /// Some path reads it before anything was written to it.
  bool readBeforeWritten = false;
};

class StorageLifetimes {
public:
  /// Of a variant whose arena buffers name their `storage`. `symbolMax` has a
  /// bound for each symbol of the method; empty: their own. Fails (reported)
  /// when a size has no bound, or beyond kLifetimeBitsMax.
  static mlir::FailureOr<StorageLifetimes>
  compute(program::VariantOp variant, llvm::ArrayRef<int64_t> symbolMax = {});

  /// Of a planned variant: the buffers of `plan` are grouped by their offset
  /// and the buffer there that holds them, at the bounds of the plan.
  static mlir::FailureOr<StorageLifetimes> compute(program::PlanOp plan);

  std::vector<Storage> storages;
  /// Storage of each arena buffer, in buffer order.
  std::vector<unsigned> storageOfBuffer;
  size_t instructionCount = 0;

  /// Largest sum of live bytes at one instruction, each rounded up to the
  /// alignment of buffers: no arena can be smaller.
  int64_t lowerBoundBytes() const;
  /// The sum at one instruction.
  int64_t liveBytes(size_t instruction) const;
};

} // namespace lathe

#endif // LATHE_PASSES_PLAN_STORAGELIFETIMES_H
