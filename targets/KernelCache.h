// SPDX-License-Identifier: Apache-2.0
//
// Compiled kernels in a folder, by the hash of all that decides them
// (docs/decisions/0011-cache-of-kernels.md).
#ifndef LATHE_TARGETS_KERNELCACHE_H
#define LATHE_TARGETS_KERNELCACHE_H

#include "mlir/Support/LLVM.h"
#include "llvm/Support/Error.h"

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace lathe {

/// Values by key. A value is bytes that the same compiler computed before; one
/// that is missing, damaged or of another key is none. Calls may come from any
/// thread, and several processes may share a folder: entries appear whole.
class KernelCache {
public:
  using Key = std::array<uint8_t, 32>;

  /// The folder is made if it is missing, with its parents, for its owner only.
  /// Fails where it cannot be made, is none, or may be written by others than
  /// this user and root: whoever writes an entry chooses the code that programs
  /// of this user run. A folder that this process may only read serves as it is.
  static llvm::Expected<std::unique_ptr<KernelCache>> open(llvm::StringRef folder);

  /// The hash of `parts`, each with its length, and of the code of this process:
  /// a compiler that was built again, or runs on another LLVM, shares no entry.
  Key makeKey(llvm::ArrayRef<llvm::StringRef> parts) const;

  /// The value of `key`, or nothing.
  std::optional<std::string> find(const Key &key) const;

  /// Keeps `value`; without effect where nothing can be written.
  void store(const Key &key, llvm::StringRef value);

  /// Removes the entries that were not used for longest until the rest is at
  /// most kBytesMax; looks at most every twenty minutes, and only after store().
  void prune();

  const std::string &folder() const { return path; }

  static constexpr uint64_t kBytesMax = uint64_t(1) << 30;
  /// Larger files are no entries.
  static constexpr uint64_t kEntryBytesMax = uint64_t(64) << 20;

private:
  KernelCache(llvm::StringRef folder, const Key &identity)
      : path(folder.str()), identity(identity) {}
  std::string fileOf(const Key &key) const;

  std::string path;
  Key identity;
  std::atomic<bool> changed{false};
};

} // namespace lathe

#endif // LATHE_TARGETS_KERNELCACHE_H
