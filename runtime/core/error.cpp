// SPDX-License-Identifier: Apache-2.0
#include "runtime/core/error.h"

namespace lathe::core {

uint32_t utf8_length(const uint8_t *text, uint32_t available) {
  uint8_t lead = text[0];
  if (lead < 0x80)
    return lead >= 0x20 && lead != 0x7f ? 1 : 0;
  uint32_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || length > available)
    return 0;
  uint32_t value = lead & (0xffu >> (length + 1));
  for (uint32_t i = 1; i < length; ++i) {
    if ((text[i] & 0xc0) != 0x80)
      return 0;
    value = value << 6 | (text[i] & 0x3f);
  }
  bool shortest = value >= (length == 4 ? 0x10000u : length == 3 ? 0x800u : 0x80u);
  return shortest && value <= 0x10ffff && (value < 0xd800 || value > 0xdfff)
             ? length
             : 0;
}

namespace {

/// Most bytes of one name in a message, so that a long one hides nothing else.
constexpr size_t shown_text_bytes_max = 160;

struct writer {
  char *text;
  size_t capacity; // without the terminator
  size_t text_bytes_max;
  size_t length = 0;

  void put(char c) {
    if (length < capacity)
      text[length++] = c;
  }
  /// Text of a file or of a caller, for a terminal: control bytes become '?',
  /// also those of two bytes (U+0080 to U+009F) and what is no UTF-8; a long
  /// text ends in dots. No character is cut.
  void put(const char *source) {
    size_t begin = length;
    while (source && *source) {
      if (length - begin >= text_bytes_max) {
        for (int dot = 0; dot < 3; ++dot)
          put('.');
        return;
      }
      auto *text_of = reinterpret_cast<const uint8_t *>(source);
      uint32_t bytes = utf8_length(text_of, 4); // reads no further than a 0
      bool shown = bytes != 0 && !(text_of[0] == 0xc2 && text_of[1] < 0xa0);
      if (shown && bytes > capacity - length)
        capacity = length;
      for (uint32_t i = 0; shown && i < bytes; ++i)
        put(source[i]);
      if (!shown)
        put('?');
      source += bytes != 0 ? bytes : 1;
    }
  }
  void put(uint64_t number) {
    char digits[20];
    size_t count = 0;
    do {
      digits[count++] = static_cast<char>('0' + number % 10);
      number /= 10;
    } while (number);
    while (count)
      put(digits[--count]);
  }
};

void write_shown(char *text, size_t capacity, size_t text_bytes_max,
                 const char *format, uint32_t kinds, va_list arguments) {
  writer out{text, capacity - 1, text_bytes_max};
  for (; *format; ++format) {
    if (*format != '%') {
      out.put(*format);
      continue;
    }
    auto kind = static_cast<shown>(kinds & ((1u << shown_bits) - 1));
    kinds >>= shown_bits;
    auto bits = va_arg(arguments, uint64_t);
    if (kind == shown::text) {
      out.put(reinterpret_cast<const char *>(static_cast<uintptr_t>(bits)));
      continue;
    }
    if (kind == shown::is_signed && static_cast<int64_t>(bits) < 0) {
      out.put('-');
      bits = 0 - bits;
    }
    out.put(bits);
  }
  text[out.length] = '\0';
}

} // namespace

void write_text_list(char *text, size_t capacity, const char *format,
                     uint32_t kinds, ...) {
  va_list arguments;
  va_start(arguments, kinds);
  write_shown(text, capacity, SIZE_MAX, format, kinds, arguments);
  va_end(arguments);
}

int32_t fail_with(lathe_error *error, uint32_t head, uint32_t method,
                  uint32_t instruction, const char *format, va_list arguments) {
  int32_t status = status_of(head);
  if (!error)
    return status;
  error->status = status;
  error->method = method;
  error->instruction = instruction;
  write_shown(error->text, sizeof(error->text), shown_text_bytes_max, format,
              head, arguments);
  return status;
}

int32_t fail_list(lathe_error *error, uint32_t head, uint32_t method,
                  uint32_t instruction, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  int32_t status = fail_with(error, head, method, instruction, format, arguments);
  va_end(arguments);
  return status;
}

int32_t fail_anywhere(lathe_error *error, uint32_t head, const char *format,
                      ...) {
  va_list arguments;
  va_start(arguments, format);
  int32_t status =
      fail_with(error, head, LATHE_NONE, LATHE_NONE, format, arguments);
  va_end(arguments);
  return status;
}

} // namespace lathe::core
