// SPDX-License-Identifier: Apache-2.0
// Integer and boolean expressions over size symbols as torch writes them, as a
// small tree: sympy's srepr in tensor sizes, Python text in guards and in the
// keys of range constraints. Nothing is evaluated here.
#ifndef LATHE_COMPILER_FRONTENDS_EXPORTEDPROGRAM_SIZEEXPRESSION_H
#define LATHE_COMPILER_FRONTENDS_EXPORTEDPROGRAM_SIZEEXPRESSION_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Allocator.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/StringSaver.h"
#include <cstdint>
#include <set>
#include <string>

namespace lathe::pt2 {

/// Deepest nesting of an expression, in either notation.
inline constexpr unsigned kExpressionDepthMax = 256;
/// Longest text of one expression.
inline constexpr size_t kExpressionBytesMax = 64 * 1024;

enum class SizeFunction : uint8_t {
  // Leaves.
  Integer,  ///< `value`
  Rational, ///< `value` / `denominator`, the denominator is positive
  Real,     ///< `real`
  Boolean,  ///< `value` 0 or 1
  Symbol,   ///< `name`
  Size,     ///< guards: dimension `value` of the input `name`
  // Arithmetic.
  Add, Mul, Pow, Max, Min, Mod, PythonMod, FloorDiv, CleanDiv, CeilDiv,
  ModularIndexing, Where, IntTrueDiv, FloatTrueDiv, PowByNatural, FloatPow,
  LShift, RShift, Identity, CeilToInt, FloorToInt, TruncToInt, TruncToFloat,
  RoundToInt, RoundDecimal, ToFloat, Abs,
  // Relations.
  Equal, NotEqual, Less, LessEqual, Greater, GreaterEqual, And, Or, Not,
};

/// A node of an expression. Owned by its pool, immutable, never null.
struct SizeExpression {
  SizeFunction function = SizeFunction::Integer;
  int64_t value = 0;
  int64_t denominator = 1;
  double real = 0;
  llvm::StringRef name;
  llvm::ArrayRef<const SizeExpression *> operands;
  unsigned depth = 1; ///< Of the tree below, at most kExpressionDepthMax.

  bool isRelation() const { return function >= SizeFunction::Equal; }
  /// Python-like text for messages: "(s27 + 1) // 2".
  std::string str() const;
  /// Adds the names of all symbols below this node.
  void collectSymbols(std::set<llvm::StringRef> &names) const;
};

/// Owns expressions; equal srepr texts give the same node.
class SizeExpressionPool {
public:
  SizeExpressionPool() : saver(allocator) {}

  /// Parses sympy's srepr: `Add(Symbol('s0', integer=True), Integer(1))`.
  llvm::Expected<const SizeExpression *> parseSrepr(llvm::StringRef text);
  /// Parses Python text: `L['x'].size()[0] % 2 == 0`, `2*s65`.
  llvm::Expected<const SizeExpression *> parsePython(llvm::StringRef text);

  const SizeExpression *leaf(SizeExpression node);
  const SizeExpression *integer(int64_t value);
  const SizeExpression *
  call(SizeFunction function,
       llvm::ArrayRef<const SizeExpression *> operands);
  llvm::StringRef save(llvm::StringRef text) { return saver.save(text); }

private:
  llvm::BumpPtrAllocator allocator;
  llvm::UniqueStringSaver saver;
  llvm::StringMap<const SizeExpression *> parsed;
};

/// The function that torch's or sympy's class `name` means with `count`
/// operands, or a fault that names it.
llvm::Expected<SizeFunction> findSizeFunction(llvm::StringRef name,
                                              size_t count);

} // namespace lathe::pt2

#endif // LATHE_COMPILER_FRONTENDS_EXPORTEDPROGRAM_SIZEEXPRESSION_H
