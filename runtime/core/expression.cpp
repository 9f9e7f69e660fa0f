// SPDX-License-Identifier: Apache-2.0
#include "runtime/core/expression.h"

#include "program_view.h"
#include "runtime/core/checked.h"
#include "runtime/include/lathe/limits.h"

namespace lathe::core {
namespace {

using op = view::ExpressionOp;

/// Rounds the quotient down; the divisor is positive, so nothing overflows.
int64_t floor_divide(int64_t a, int64_t b) {
  int64_t quotient = a / b;
  return a % b < 0 ? quotient - 1 : quotient;
}

bool apply(op code, int64_t a, int64_t b, int64_t *result) {
  switch (code) {
  case op::add:
    return add(a, b, result);
  case op::mul:
    return multiply(a, b, result);
  case op::min:
    *result = a < b ? a : b;
    return true;
  case op::max:
    *result = a > b ? a : b;
    return true;
  default:
    break;
  }
  if (b < 1)
    return false;
  if (code == op::floor_div)
    *result = floor_divide(a, b);
  else if (code == op::ceil_div)
    *result = floor_divide(a, b) + (a % b != 0 ? 1 : 0);
  else
    *result = a % b < 0 ? a % b + b : a % b;
  return true;
}

} // namespace

bool evaluate(const size_scope &scope, int64_t size, int64_t *value) {
  if (size >= 0) {
    *value = size;
    return true;
  }
  const expression &code = scope.expressions[expression_index(size)];
  int64_t stack[LATHE_MAX_EXPRESSION_DEPTH];
  uint32_t depth = 0;
  const int64_t *operand = code.operands;
  for (uint32_t i = 0; i < code.op_count; ++i) {
    auto current = static_cast<op>(code.ops[i]);
    if (current == op::constant) {
      stack[depth++] = *operand++;
    } else if (current == op::symbol) {
      stack[depth++] = scope.symbols[*operand++];
    } else {
      --depth;
      if (!apply(current, stack[depth - 1], stack[depth], &stack[depth - 1]))
        return false;
    }
  }
  *value = stack[0];
  return true;
}

} // namespace lathe::core
