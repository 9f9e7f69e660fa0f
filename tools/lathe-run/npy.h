// SPDX-License-Identifier: Apache-2.0
// NumPy's array files, versions 1 to 3, little-endian, C order.
#ifndef LATHE_TOOLS_LATHE_RUN_NPY_H
#define LATHE_TOOLS_LATHE_RUN_NPY_H

#include <cstdint>
#include <new>
#include <string>
#include <vector>

namespace lathe::run {

/// Memory that begins at a cache line, as that of frameworks' tensors does: what
/// is measured does not depend on where an allocator happens to put an input.
template <typename T> struct line_allocator {
  using value_type = T;
  static constexpr std::align_val_t line{64};

  line_allocator() = default;
  template <typename U> line_allocator(const line_allocator<U> &) {}
  T *allocate(size_t count) { return static_cast<T *>(::operator new(count * sizeof(T), line)); }
  void deallocate(T *data, size_t) { ::operator delete(data, line); }
  bool operator==(const line_allocator &) const { return true; }
  bool operator!=(const line_allocator &) const { return false; }
};

using line_bytes = std::vector<uint8_t, line_allocator<uint8_t>>;

struct array {
  std::string type; // NumPy's: "f4", "i8", "b1", ...
  std::vector<int64_t> dims;
  line_bytes data;
};

/// Reads the bytes of an array file; false and a reason when they are not one.
bool parse_npy(const uint8_t *bytes, size_t count, array *out,
               std::string *reason);
/// Reads a regular file of at most 1 GiB.
bool read_npy(const std::string &path, array *out, std::string *reason);
/// The bytes of an array file.
std::vector<uint8_t> format_npy(const array &source);

/// The type that tensors of this dtype have in array files; types that NumPy
/// lacks travel as their bit patterns.
const char *npy_type(uint32_t dtype);

/// "(1, 28, 28)"
std::string dims_text(const std::vector<int64_t> &dims);

} // namespace lathe::run

#endif // LATHE_TOOLS_LATHE_RUN_NPY_H
