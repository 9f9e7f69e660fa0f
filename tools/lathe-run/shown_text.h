// SPDX-License-Identifier: Apache-2.0
// Text that comes from files, for a terminal. All tools print through this.
#ifndef LATHE_TOOLS_LATHE_RUN_SHOWN_TEXT_H
#define LATHE_TOOLS_LATHE_RUN_SHOWN_TEXT_H

#include <cstddef>
#include <string>

namespace lathe::run {

/// Most bytes of one line of a message.
constexpr size_t shown_line_bytes_max = 1000;
/// Most bytes of one name in a table.
constexpr size_t shown_name_bytes_max = 200;

/// One line: control bytes as \x1b (also U+0080 to U+009F, which terminals
/// obey, as \x9b), line breaks as \n, and of a longer text than `bytes_max`
/// (after that) the beginning and the end around the number of bytes between.
std::string shown_line(const std::string &text, size_t bytes_max = shown_line_bytes_max);
/// A name, as shown_line does.
std::string shown_name(const std::string &name);
/// Several lines, each as shown_line does; at most 1000 lines.
std::string shown_lines(const std::string &text);

} // namespace lathe::run

#endif // LATHE_TOOLS_LATHE_RUN_SHOWN_TEXT_H
