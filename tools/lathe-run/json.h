// SPDX-License-Identifier: Apache-2.0
#ifndef LATHE_TOOLS_LATHE_RUN_JSON_H
#define LATHE_TOOLS_LATHE_RUN_JSON_H

#include "tools/lathe-run/shown_text.h"

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

namespace lathe::run {

/// A string literal.
inline std::string json_text(const std::string &text) {
  std::string out = "\"";
  for (size_t i = 0; i < text.size();) {
    text_character character = character_at(text, i);
    if (text[i] == '"' || text[i] == '\\') {
      out += '\\';
      out += text[i];
    } else if (character.is_control) {
      char escape[16];
      snprintf(escape, sizeof(escape), "\\u%04x", character.control);
      out += escape;
    } else {
      out.append(text, i, character.bytes);
    }
    i += character.bytes;
  }
  return out + "\"";
}

/// A list of integers.
inline std::string json_list(const std::vector<int64_t> &values) {
  std::string out = "[";
  for (size_t i = 0; i < values.size(); ++i)
    out += (i ? ", " : "") + std::to_string(values[i]);
  return out + "]";
}

/// A number; null for what JSON cannot say.
inline std::string json_number(double value) {
  if (!std::isfinite(value))
    return "null";
  char text[32];
  snprintf(text, sizeof(text), "%.9g", value);
  return text;
}

} // namespace lathe::run

#endif // LATHE_TOOLS_LATHE_RUN_JSON_H
