// SPDX-License-Identifier: Apache-2.0
#include "runtime/core/error.h"

namespace lathe::core {
namespace {

struct writer {
  char *text;
  size_t capacity; // without the terminator
  size_t length = 0;

  void put(char c) {
    if (length < capacity)
      text[length++] = static_cast<unsigned char>(c) < 0x20 ? '?' : c;
  }
  void put(const char *source) {
    for (; source && *source; ++source)
      put(*source);
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

} // namespace

void write_text(char *text, size_t capacity, const char *format, uint32_t kinds,
                va_list arguments) {
  writer out{text, capacity - 1};
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

void write_text_list(char *text, size_t capacity, const char *format,
                     uint32_t kinds, ...) {
  va_list arguments;
  va_start(arguments, kinds);
  write_text(text, capacity, format, kinds, arguments);
  va_end(arguments);
}

int32_t fail_with(lathe_error *error, int32_t status, uint32_t method,
                  uint32_t instruction, const char *format, uint32_t kinds,
                  va_list arguments) {
  if (!error)
    return status;
  error->status = status;
  error->method = method;
  error->instruction = instruction;
  write_text(error->text, sizeof(error->text), format, kinds, arguments);
  return status;
}

int32_t fail_list(lathe_error *error, int32_t status, uint32_t method,
                  uint32_t instruction, const char *format, uint32_t kinds,
                  ...) {
  va_list arguments;
  va_start(arguments, kinds);
  fail_with(error, status, method, instruction, format, kinds, arguments);
  va_end(arguments);
  return status;
}

int32_t fail_anywhere(lathe_error *error, int32_t status, const char *format,
                      uint32_t kinds, ...) {
  va_list arguments;
  va_start(arguments, kinds);
  fail_with(error, status, LATHE_NONE, LATHE_NONE, format, kinds, arguments);
  va_end(arguments);
  return status;
}

} // namespace lathe::core
