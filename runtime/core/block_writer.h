// SPDX-License-Identifier: Apache-2.0
#ifndef LATHE_RUNTIME_CORE_BLOCK_WRITER_H
#define LATHE_RUNTIME_CORE_BLOCK_WRITER_H

#include <cstdint>
#include <new>

namespace lathe::core {

/// Hands out 8-byte aligned arrays of a block; without one it only counts.
class block_writer {
public:
  explicit block_writer(void *block) : next_(static_cast<uint8_t *>(block)) {}

  template <typename T> T *array(uint64_t elements) {
    static_assert(alignof(T) <= 8, "blocks are aligned to 8 between arrays");
    T *first = reinterpret_cast<T *>(next_);
    uint64_t bytes = (elements * sizeof(T) + 7) & ~uint64_t{7};
    used_ += bytes;
    if (!next_)
      return nullptr;
    for (uint64_t i = 0; i < elements; ++i)
      new (first + i) T();
    next_ += bytes;
    return first;
  }
  uint64_t used() const { return used_; }

private:
  uint8_t *next_;
  uint64_t used_ = 0;
};

} // namespace lathe::core

#endif // LATHE_RUNTIME_CORE_BLOCK_WRITER_H
