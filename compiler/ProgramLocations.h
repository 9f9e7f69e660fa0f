// SPDX-License-Identifier: Apache-2.0
//
// The segment of source locations of a program file, read.
#ifndef LATHE_COMPILER_PROGRAMLOCATIONS_H
#define LATHE_COMPILER_PROGRAMLOCATIONS_H

#include "dialects/Graph/ModelLocation.h"

namespace lathe {

/// Reads lists of a segment, whose bytes it borrows. They may be anything, since
/// a program without a word of them runs all the same: what is damaged is unknown.
class ProgramLocations {
public:
  explicit ProgramLocations(llvm::StringRef segment);

  /// How many nodes list `list` has.
  size_t count(uint64_t list) const;
  /// Node `index` of them.
  graph::ModelNode get(uint64_t list, size_t index) const;

private:
  llvm::StringRef text(uint32_t offset) const;

  llvm::StringRef begins, records, texts; ///< all empty where they do not fit
};

} // namespace lathe

#endif // LATHE_COMPILER_PROGRAMLOCATIONS_H
