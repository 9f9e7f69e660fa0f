// SPDX-License-Identifier: Apache-2.0
#ifndef LATHE_RUNTIME_CORE_BLOCK_WRITER_H
#define LATHE_RUNTIME_CORE_BLOCK_WRITER_H

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

namespace lathe::core {

/// Hands out 8-byte aligned arrays of zeros; without a block it only counts.
class block_writer {
public:
  explicit block_writer(void *block) : next_(static_cast<uint8_t *>(block)) {}

  template <typename T> T *array(uint64_t elements) {
    static_assert(alignof(T) <= 8, "blocks are aligned to 8 between arrays");
    static_assert(std::is_trivially_default_constructible_v<T>,
                  "zeros are a valid element");
    return static_cast<T *>(take(elements * sizeof(T)));
  }
  uint64_t used() const { return used_; }

private:
  // One function for all types: an array is handed out in a dozen places.
  [[gnu::noinline]] void *take(uint64_t bytes) {
    bytes = (bytes + 7) & ~uint64_t{7};
    used_ += bytes;
    if (!next_)
      return nullptr;
    void *first = memset(next_, 0, static_cast<size_t>(bytes));
    next_ += bytes;
    return first;
  }

  uint8_t *next_;
  uint64_t used_ = 0;
};

} // namespace lathe::core

#endif // LATHE_RUNTIME_CORE_BLOCK_WRITER_H
