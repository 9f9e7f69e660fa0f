// SPDX-License-Identifier: Apache-2.0
#include "tools/lathe-run/shown_text.h"

#include <cstdio>

namespace lathe::run {

namespace {

constexpr size_t shown_lines_max = 1000;

bool continues_character(char c) {
  return (static_cast<unsigned char>(c) & 0xc0) == 0x80;
}

std::string escape(const std::string &text) {
  std::string safe;
  for (size_t i = 0; i < text.size();) {
    text_character character = character_at(text, i);
    if (text[i] == '\n' || text[i] == '\t') {
      safe += text[i] == '\n' ? "\\n" : "\\t";
    } else if (character.is_control) {
      char code[16];
      snprintf(code, sizeof(code), "\\x%02x", character.control);
      safe += code;
    } else {
      safe.append(text, i, character.bytes);
    }
    i += character.bytes;
  }
  return safe;
}

} // namespace

text_character character_at(const std::string &text, size_t at) {
  auto byte = [&](size_t i) -> unsigned {
    return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0;
  };
  unsigned lead = byte(0);
  if (lead < 0x80)
    return {lead, lead < 0x20 || lead == 0x7f, 1};
  size_t bytes = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  bool is_utf8 = lead >= 0xc2 && lead <= 0xf4;
  for (size_t i = 1; is_utf8 && i < bytes; ++i)
    is_utf8 = (byte(i) & 0xc0) == 0x80;
  // Beyond U+10FFFF, surrogates, and what fewer bytes could say.
  unsigned first = lead << 8 | byte(1);
  if (!is_utf8 || (first >= 0xe080 && first < 0xe0a0) || (first >= 0xeda0 && first <= 0xedbf) ||
      (first >= 0xf080 && first < 0xf090) || first >= 0xf490)
    return {lead, true, 1};
  return {byte(1), first >= 0xc280 && first < 0xc2a0, bytes};
}

std::string shown_line(const std::string &text, size_t bytes_max) {
  // What is cut away anyway need not be escaped.
  bool huge = text.size() > 2 * bytes_max;
  size_t skipped = huge ? text.size() - 2 * bytes_max : 0;
  std::string safe = huge ? escape(text.substr(0, bytes_max)) + escape(text.substr(bytes_max + skipped))
                          : escape(text);
  if (safe.size() <= bytes_max)
    return safe;
  size_t head = bytes_max * 3 / 4, tail = safe.size() - bytes_max / 4;
  while (head > 0 && continues_character(safe[head]))
    --head;
  while (tail < safe.size() && continues_character(safe[tail]))
    ++tail;
  return safe.substr(0, head) + "[... " + std::to_string(tail - head + skipped) +
         " bytes ...]" + safe.substr(tail);
}

std::string shown_name(const std::string &name) {
  return shown_line(name, shown_name_bytes_max);
}

std::string shown_lines(const std::string &text) {
  std::string shown;
  size_t lines = 0;
  for (size_t begin = 0; begin <= text.size();) {
    size_t end = text.find('\n', begin);
    if (end == std::string::npos)
      end = text.size();
    if (++lines > shown_lines_max)
      return shown + "\n[...]";
    shown += (lines > 1 ? "\n" : "") + shown_line(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return shown;
}

} // namespace lathe::run
