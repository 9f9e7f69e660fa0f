// SPDX-License-Identifier: Apache-2.0
#include "runtime/core/error.h"

namespace lathe::core {
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
      text[length++] = static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? '?' : c;
  }
  /// Text of a file or of a caller, for a terminal: control bytes become '?',
  /// also those of two bytes (U+0080 to U+009F); a long text ends in dots.
  void put(const char *source) {
    size_t begin = length;
    for (; source && *source; ++source) {
      auto byte = static_cast<unsigned char>(*source);
      auto next = static_cast<unsigned char>(source[1]);
      bool starts = (byte & 0xc0) != 0x80; // a character
      if (starts && length - begin >= text_bytes_max) {
        for (int dot = 0; dot < 3; ++dot)
          put('.');
        return;
      }
      bool control = byte == 0xc2 && next >= 0x80 && next < 0xa0;
      put(control ? '?' : *source);
      source += control;
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
