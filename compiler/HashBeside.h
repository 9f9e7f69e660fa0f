// SPDX-License-Identifier: Apache-2.0
//
// SHA-256 of a segment, computed by another thread while the one that writes
// goes on: hashing takes longer than the copy to the file.
#ifndef LATHE_COMPILER_HASHBESIDE_H
#define LATHE_COMPILER_HASHBESIDE_H

#include "compiler/Sha256.h"

#include "llvm/Support/ThreadPool.h"
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <vector>

namespace lathe {

class HashBeside {
public:
  /// Bytes that wait to be hashed, unless a single update is larger.
  static constexpr uint64_t kBytesWaitingMax = uint64_t(8) << 20;

  /// Hashes where it is called without a pool of at least two threads.
  explicit HashBeside(llvm::ThreadPoolInterface *pool);
  /// Waits for what is being hashed.
  ~HashBeside();

  /// Appends bytes, which are kept until they are hashed.
  void update(std::vector<char> bytes);
  /// Appends bytes that are hashed before this returns, after all before them.
  void updateNow(llvm::ArrayRef<char> bytes);
  /// Waits for all bytes and ends the message; the object must not be used
  /// afterwards.
  std::array<uint8_t, 32> final();

private:
  void hashWaiting(std::unique_lock<std::mutex> &lock);
  void waitUntil(uint64_t bytesLeft);

  Sha256 hash; ///< of the thread that has set `isHashing`
  std::mutex mutex;
  std::condition_variable advanced;
  std::deque<std::vector<char>> waiting;
  uint64_t bytesWaiting = 0; ///< with those that are being hashed
  bool isHashing = false;
  std::optional<llvm::ThreadPoolTaskGroup> tasks;
};

} // namespace lathe

#endif // LATHE_COMPILER_HASHBESIDE_H
