// SPDX-License-Identifier: Apache-2.0
#ifndef LATHE_TARGETS_CPU_ISALEVEL_H
#define LATHE_TARGETS_CPU_ISALEVEL_H

#include "targets/Cpu/NestPlan.h"

#include <cstdint>
#include <string>
#include <vector>

namespace lathe::cpu {

/// An instruction set that images are made for.
struct IsaLevel {
  /// As in `--cpu=<name>`.
  llvm::StringRef name;
  llvm::StringRef triple;
  /// Names of LLVM.
  llvm::StringRef cpu;
  llvm::StringRef features;
  llvm::StringRef abi;
  /// ImageFormat of program.fbs.
  uint32_t imageFormat;
  /// Bits of isa_features.h that an image of this level requires.
  uint64_t requiredFeatures;
  VectorIsa vector;
  bool hasFma;
  bool hasHalfConversion;
  /// Bits of a pointer and of index values.
  unsigned pointerBits = 64;
};

/// The level of that name; `host` is the best level that this machine runs.
/// Null if there is none.
const IsaLevel *findIsaLevel(llvm::StringRef name);

/// Whether this machine runs code of `level`.
bool runsHere(const IsaLevel &level);

/// Names of all levels, `host` not among them.
std::vector<llvm::StringRef> isaLevelNames();

} // namespace lathe::cpu

#endif // LATHE_TARGETS_CPU_ISALEVEL_H
