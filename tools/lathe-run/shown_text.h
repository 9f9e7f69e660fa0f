// SPDX-License-Identifier: Apache-2.0
// Text that comes from files, for a terminal. All tools print through this.
#ifndef LATHE_TOOLS_LATHE_RUN_SHOWN_TEXT_H
#define LATHE_TOOLS_LATHE_RUN_SHOWN_TEXT_H

#include <cstddef>
#include <string>

namespace lathe::run {

/// The control character that begins at `at`, which terminals obey: C0, DEL, or
/// U+0080 to U+009F in UTF-8. Its code point, and how many bytes it has; no
/// bytes: there is none.
struct control_character {
  unsigned code = 0;
  size_t bytes = 0;
};
inline control_character control_at(const std::string &text, size_t at) {
  auto byte = static_cast<unsigned char>(text[at]);
  auto next = static_cast<unsigned char>(at + 1 < text.size() ? text[at + 1] : 0);
  if (byte == 0xc2 && next >= 0x80 && next < 0xa0)
    return {next, 2};
  if (byte < 0x20 || byte == 0x7f)
    return {byte, 1};
  return {};
}

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
