// SPDX-License-Identifier: Apache-2.0
// Integer expressions over symbols: postfix, checked 64-bit, no recursion.
#ifndef LATHE_RUNTIME_CORE_EXPRESSION_H
#define LATHE_RUNTIME_CORE_EXPRESSION_H

#include <cstdint>

namespace lathe::core {

/// A verified expression; both arrays lie in the program's metadata.
struct expression {
  const uint8_t *ops;
  const int64_t *operands;
  uint32_t op_count;
  bool runtime; // uses a symbol that instructions set
};

/// What a size is evaluated against: one method's expressions and the current
/// values of its symbols.
struct size_scope {
  const expression *expressions;
  const int64_t *symbols;
};

/// Index of the expression that a size < 0 stands for.
inline uint64_t expression_index(int64_t size) {
  return static_cast<uint64_t>(-(size + 1));
}

/// Value of a verified size; false on overflow or a divisor below 1.
bool evaluate(const size_scope &scope, int64_t size, int64_t *value);

} // namespace lathe::core

#endif // LATHE_RUNTIME_CORE_EXPRESSION_H
