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

int32_t fail(lathe_error *error, int32_t status, uint32_t method,
             uint32_t instruction, std::initializer_list<piece> pieces) {
  if (!error)
    return status;
  error->status = status;
  error->method = method;
  error->instruction = instruction;
  writer out{error->text, sizeof(error->text) - 1};
  for (const piece &part : pieces) {
    if (part.type == piece::kind::text) {
      out.put(part.text);
      continue;
    }
    auto bits = static_cast<uint64_t>(part.number);
    if (part.type == piece::kind::is_signed && part.number < 0) {
      out.put('-');
      bits = 0 - bits;
    }
    out.put(bits);
  }
  error->text[out.length] = '\0';
  return status;
}

} // namespace lathe::core
