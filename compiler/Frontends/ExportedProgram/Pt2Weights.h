// SPDX-License-Identifier: Apache-2.0
// The stored tensors of a .pt2 archive: which bytes of the mapped file each
// parameter, buffer and constant is. Nothing is copied.
#ifndef LATHE_COMPILER_FRONTENDS_EXPORTEDPROGRAM_PT2WEIGHTS_H
#define LATHE_COMPILER_FRONTENDS_EXPORTEDPROGRAM_PT2WEIGHTS_H

#include "compiler/Frontends/ExportedProgram/ExportedGraph.h"
#include "compiler/Frontends/ExportedProgram/Pt2Archive.h"

namespace lathe::pt2 {

/// Largest dense size of a tensor whose strides repeat its stored bytes.
inline constexpr uint64_t kExpandedBytesMax = uint64_t(64) << 20;

/// A stored tensor. Sizes, strides (in elements) and the offset are constants,
/// and every element lies inside the member: checked.
struct StoredTensor {
  llvm::StringRef name; ///< FQN, "blocks.0.attention.q.weight".
  TensorMeta meta;
  /// The whole storage; tied and sliced tensors share it. Null where the
  /// tensor is a pickle or lacks its bytes: `fault` then says so.
  const ZipMember *member = nullptr;
  std::optional<Fault> fault;

  bool isContiguous() const;
  /// Bytes of a dense copy.
  uint64_t denseBytes() const;
};

/// All stored tensors of one model by FQN.
class StoredTensors {
public:
  /// Reads the two tables (weights, constants) of `model`. A table that is
  /// absent is empty; hasWeightsTable() tells.
  static llvm::Expected<std::unique_ptr<StoredTensors>>
  read(const Pt2Archive &archive, llvm::StringRef model);

  /// The tensor called `name`, or a fault that says what is wrong with it.
  llvm::Expected<const StoredTensor *> find(llvm::StringRef name) const;

private:
  llvm::Error readTable(const Pt2Archive &archive, llvm::StringRef folder,
                        llvm::StringRef memberName);
  llvm::Error readEntry(const Pt2Archive &archive, llvm::StringRef folder,
                        JsonValue entry, const JsonTree &tree);

  llvm::StringMap<StoredTensor> tensors;
  std::vector<std::unique_ptr<JsonTree>> trees;
  SizeExpressionPool pool;
  std::string missingTable; ///< The weights table where it is absent.
};

} // namespace lathe::pt2

#endif // LATHE_COMPILER_FRONTENDS_EXPORTEDPROGRAM_PT2WEIGHTS_H
