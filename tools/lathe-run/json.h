// SPDX-License-Identifier: Apache-2.0
#ifndef LATHE_TOOLS_LATHE_RUN_JSON_H
#define LATHE_TOOLS_LATHE_RUN_JSON_H

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

namespace lathe::run {

/// A string literal.
inline std::string json_text(const std::string &text) {
  std::string out = "\"";
  for (size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    auto byte = static_cast<unsigned char>(c);
    // Terminals obey U+0080 to U+009F as they do the control bytes.
    auto next = static_cast<unsigned char>(i + 1 < text.size() ? text[i + 1] : 0);
    bool wide = byte == 0xc2 && next >= 0x80 && next < 0xa0;
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20 || byte == 0x7f || wide) {
      char escape[8];
      snprintf(escape, sizeof(escape), "\\u%04x", wide ? next : byte);
      out += escape;
      i += wide;
    } else {
      out += c;
    }
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
