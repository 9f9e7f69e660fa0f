// SPDX-License-Identifier: Apache-2.0
// NumPy's array files, versions 1 to 3, little-endian, C order.
#ifndef LATHE_TOOLS_LATHE_RUN_NPY_H
#define LATHE_TOOLS_LATHE_RUN_NPY_H

#include <cstdint>
#include <string>
#include <vector>

namespace lathe::run {

struct array {
  std::string type; // NumPy's: "f4", "i8", "b1", ...
  std::vector<int64_t> dims;
  std::vector<uint8_t> data;
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
