// SPDX-License-Identifier: Apache-2.0
//
// The FlatBuffer part of a program file, from a module of the program dialect.
#ifndef LATHE_COMPILER_PROGRAMMETADATA_H
#define LATHE_COMPILER_PROGRAMMETADATA_H

#include "runtime/schema/file_layout.h"

#include "mlir/IR/BuiltinOps.h"
#include <array>
#include <vector>

namespace lathe {

/// What the metadata says of a segment beyond its operation.
struct SegmentPlace {
  uint64_t offset_bytes = 0;
  std::array<uint8_t, LATHE_DIGEST_BYTES> sha256{};
};
/// What the metadata says of the sidecar file.
struct SidecarPlace {
  uint64_t file_bytes = 0;
  std::array<uint8_t, LATHE_DIGEST_BYTES> digest{};
};

/// Builds the metadata: a table for each operation, in the order of the module.
/// `places` has one element for each program.segment; `sidecar` is null when the
/// program has none. The size of the result does not depend on their values as
/// long as no offset is 0. Reports errors at the operation they concern.
mlir::FailureOr<std::vector<uint8_t>> buildProgramMetadata(mlir::ModuleOp module,
                                                           llvm::ArrayRef<SegmentPlace> places,
                                                           const SidecarPlace *sidecar);

} // namespace lathe

#endif // LATHE_COMPILER_PROGRAMMETADATA_H
