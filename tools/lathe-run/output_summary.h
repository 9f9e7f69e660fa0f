// SPDX-License-Identifier: Apache-2.0
// What a person wants to know of an output without opening a file.
#ifndef LATHE_TOOLS_LATHE_RUN_OUTPUT_SUMMARY_H
#define LATHE_TOOLS_LATHE_RUN_OUTPUT_SUMMARY_H

#include "tools/lathe-run/npy.h"

#include <cstdint>
#include <string>

namespace lathe::run {

/// A few lines: name, type and shape; range and mean of the finite elements; the
/// first elements; for rows of scores (shape (C) or (N, C) of a floating-point
/// type, N at most 8) the five largest of each row with their positions.
/// dtype: LATHE_DTYPE_* of the elements.
std::string output_text(const std::string &name, const array &values, uint32_t dtype);

/// The same as one JSON object (docs/json.md); `path` of the file that was
/// written, or empty.
std::string output_json(const std::string &name, const std::string &path,
                        const array &values, uint32_t dtype);

} // namespace lathe::run

#endif // LATHE_TOOLS_LATHE_RUN_OUTPUT_SUMMARY_H
