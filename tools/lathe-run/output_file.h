// SPDX-License-Identifier: Apache-2.0
// Files that a tool writes: whole or not at all, and never one that it reads.
#ifndef LATHE_TOOLS_LATHE_RUN_OUTPUT_FILE_H
#define LATHE_TOOLS_LATHE_RUN_OUTPUT_FILE_H

#include <cstddef>
#include <string>
#include <vector>

namespace lathe::run {

/// The first of `inputs` that is the same file as `path`, also through a hard or
/// symbolic link; empty if none is. "-" and what does not exist are no file.
std::string same_file_among(const std::string &path, const std::vector<std::string> &inputs);

/// Writes to a temporary file beside `path`, which replaces it when it is
/// complete; "-" is standard output. A device is written to as it stands, and a
/// pipe that some process reads.
bool write_file(const std::string &path, const void *bytes, size_t count,
                std::string *reason);

} // namespace lathe::run

#endif // LATHE_TOOLS_LATHE_RUN_OUTPUT_FILE_H
