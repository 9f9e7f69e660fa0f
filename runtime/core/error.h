// SPDX-License-Identifier: Apache-2.0
// Builds the text of a lathe_error without printf, heap or locale.
#ifndef LATHE_RUNTIME_CORE_ERROR_H
#define LATHE_RUNTIME_CORE_ERROR_H

#include "runtime/include/lathe/lathe.h"

#include <initializer_list>

namespace lathe::core {

/// A part of a message: text (NULL reads as "") or a number.
struct piece {
  enum class kind : uint8_t { text, is_signed, is_unsigned };
  piece(const char *value) : type(kind::text), text(value) {}
  piece(int32_t value) : type(kind::is_signed), number(value) {}
  piece(int64_t value) : type(kind::is_signed), number(value) {}
  piece(uint32_t value)
      : type(kind::is_unsigned), number(static_cast<int64_t>(value)) {}
  piece(uint64_t value)
      : type(kind::is_unsigned), number(static_cast<int64_t>(value)) {}

  kind type;
  union {
    const char *text;
    int64_t number; // unsigned values keep their bits
  };
};

/// Fills `error`, if there is one, and returns `status`. Text that does not fit
/// is cut at the end; control bytes are replaced.
int32_t fail(lathe_error *error, int32_t status, uint32_t method,
             uint32_t instruction, std::initializer_list<piece> pieces);

inline int32_t fail(lathe_error *error, int32_t status,
                    std::initializer_list<piece> pieces) {
  return fail(error, status, LATHE_NONE, LATHE_NONE, pieces);
}

} // namespace lathe::core

#endif // LATHE_RUNTIME_CORE_ERROR_H
