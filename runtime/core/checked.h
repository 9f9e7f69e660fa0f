// SPDX-License-Identifier: Apache-2.0
// Checked integer arithmetic: each function returns false on overflow.
#ifndef LATHE_RUNTIME_CORE_CHECKED_H
#define LATHE_RUNTIME_CORE_CHECKED_H

#include <cstdint>

namespace lathe::core {

inline bool add(uint64_t a, uint64_t b, uint64_t *sum) {
  return !__builtin_add_overflow(a, b, sum);
}
inline bool add(int64_t a, int64_t b, int64_t *sum) {
  return !__builtin_add_overflow(a, b, sum);
}
inline bool multiply(uint64_t a, uint64_t b, uint64_t *product) {
  return !__builtin_mul_overflow(a, b, product);
}
inline bool multiply(int64_t a, int64_t b, int64_t *product) {
  return !__builtin_mul_overflow(a, b, product);
}

/// Whether [offset, offset + bytes) lies in [0, limit).
inline bool range_fits(uint64_t offset, uint64_t bytes, uint64_t limit) {
  return offset <= limit && bytes <= limit - offset;
}

/// Smallest multiple of the power of two `alignment` that is >= value.
inline bool align_up(uint64_t value, uint64_t alignment, uint64_t *aligned) {
  if (!add(value, alignment - 1, aligned))
    return false;
  *aligned &= ~(alignment - 1);
  return true;
}

inline bool is_power_of_two(uint64_t value) {
  return value != 0 && (value & (value - 1)) == 0;
}

} // namespace lathe::core

#endif // LATHE_RUNTIME_CORE_CHECKED_H
