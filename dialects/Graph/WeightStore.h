// SPDX-License-Identifier: Apache-2.0
//
// Where the bytes of `graph.weight` operations live while a model is compiled.
// The IR holds a content key only (ir-contract C4); the store maps a key to a
// strided view of bytes that somebody else keeps alive, usually the mapped
// model file. Nothing is copied until a reader asks for dense bytes.
#ifndef LATHE_DIALECTS_GRAPH_WEIGHTSTORE_H
#define LATHE_DIALECTS_GRAPH_WEIGHTSTORE_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/Error.h"
#include <cstdint>
#include <memory>
#include <mutex>

namespace lathe {

/// A tensor inside a block of bytes: element (i0, i1, ..) lies at
/// offset_bytes + element_bytes * sum(i_k * strides[k]).
struct WeightView {
  llvm::ArrayRef<char> storage;
  uint64_t offset_bytes = 0;
  llvm::SmallVector<int64_t, 4> sizes;   ///< elements in each dimension
  llvm::SmallVector<int64_t, 4> strides; ///< elements; may be 0, not negative
  uint32_t element_bytes = 0;
  std::shared_ptr<const void> owner; ///< keeps `storage` alive

  /// Dense bytes of the tensor (product of sizes and element_bytes).
  uint64_t sizeBytes() const;
  bool isDense() const;
};

/// Content-addressed weights. All calls may come from any thread.
class WeightStore {
public:
  /// Adds a view and returns its key: the BLAKE3 hash, in hex, of the dense
  /// row-major bytes. Fails if the view leaves its storage or its size leaves
  /// 64 bits. Equal content keeps the first view.
  llvm::Expected<std::string> add(WeightView view);

  /// Adds dense bytes that the store then owns.
  std::string addOwned(std::vector<char> bytes, llvm::ArrayRef<int64_t> sizes,
                       uint32_t element_bytes);

  /// The view behind a key, or null. Stays valid as long as the store.
  const WeightView *find(llvm::StringRef key) const;

  /// Calls `sink` with the dense row-major bytes, in pieces of at most 1 MiB
  /// (one piece, without a copy, when the view is dense).
  static void
  forEachDenseChunk(const WeightView &view,
                    llvm::function_ref<void(llvm::ArrayRef<char>)> sink);

  /// Dense row-major bytes as a copy.
  static std::vector<char> copyDense(const WeightView &view);

private:
  mutable std::mutex mutex;
  llvm::StringMap<std::unique_ptr<WeightView>> views;
};

/// Checks that every element of `view` lies inside its storage.
llvm::Error checkWeightView(const WeightView &view);

} // namespace lathe

#endif // LATHE_DIALECTS_GRAPH_WEIGHTSTORE_H
