// SPDX-License-Identifier: Apache-2.0
// Text that comes from files, for a terminal. All tools print through this.
#ifndef LATHE_TOOLS_LATHE_RUN_SHOWN_TEXT_H
#define LATHE_TOOLS_LATHE_RUN_SHOWN_TEXT_H

#include <cstddef>
#include <string>

namespace lathe::run {

/// The character that begins at a place of a text. Terminals obey C0, DEL and
/// U+0080 to U+009F, as two bytes of UTF-8 and some also as the byte alone: all
/// these are controls, and so is each byte that is no UTF-8.
struct text_character {
  unsigned control = 0; ///< its code point, or the byte
  bool is_control = false;
  size_t bytes = 1;
};
text_character character_at(const std::string &text, size_t at);

/// Most bytes of one line of a message.
constexpr size_t shown_line_bytes_max = 1000;
/// Most bytes of one name in a table.
constexpr size_t shown_name_bytes_max = 200;

/// One line: controls as \x1b, line breaks as \n, and of a longer text than `bytes_max`
/// (after that) the beginning and the end around the number of bytes between.
std::string shown_line(const std::string &text, size_t bytes_max = shown_line_bytes_max);
/// A name, as shown_line does.
std::string shown_name(const std::string &name);
/// Several lines, each as shown_line does; at most 1000 lines.
std::string shown_lines(const std::string &text);

} // namespace lathe::run

#endif // LATHE_TOOLS_LATHE_RUN_SHOWN_TEXT_H
