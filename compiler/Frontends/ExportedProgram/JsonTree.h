// SPDX-License-Identifier: Apache-2.0
// An untrusted JSON text as a flat tree with the position of each value, for
// decoders that name what is wrong. Built from RapidJSON's iterative SAX
// reader: no recursion, bounded depth and number of values; the bare tokens
// NaN, Infinity and -Infinity that Python writes are accepted.
#ifndef LATHE_COMPILER_FRONTENDS_EXPORTEDPROGRAM_JSONTREE_H
#define LATHE_COMPILER_FRONTENDS_EXPORTEDPROGRAM_JSONTREE_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Allocator.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/StringSaver.h"
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace lathe::pt2 {

/// Deepest nesting of arrays and objects. Real graphs need about 12, and 6
/// more for each level of nested control flow.
inline constexpr uint32_t kJsonDepthMax = 128;
/// Most values in one text. A model of 5,000 nodes has about a million.
inline constexpr uint32_t kJsonValueCountMax = 1u << 24;
/// Longest text.
inline constexpr uint64_t kJsonBytesMax = uint64_t(1) << 30;

class JsonTree;

/// A value of a tree: a cheap handle, valid while the tree lives.
class JsonValue {
public:
  enum class Kind : uint8_t { Null, Bool, Int, Real, String, Array, Object };

  Kind kind() const;
  bool isNull() const { return kind() == Kind::Null; }
  /// The key under which an object holds this value, empty in arrays.
  llvm::StringRef key() const;
  /// Number of elements of an array or members of an object, else 0.
  uint32_t size() const;

  /// Empty where the value has another kind. Integers beyond int64_t are
  /// Real, so asInt() is empty for them. asReal() accepts integers.
  std::optional<int64_t> asInt() const;
  std::optional<double> asReal() const;
  std::optional<bool> asBool() const;
  std::optional<llvm::StringRef> asString() const;

  /// The member called `key` unless it is absent or null.
  std::optional<JsonValue> find(llvm::StringRef key) const;

  /// "graph_module.graph.nodes[3].target (line 1, column 402)".
  std::string position() const;
  /// "an integer", "an object", for messages.
  llvm::StringRef kindName() const;

  class Iterator {
  public:
    Iterator(const JsonTree *tree, uint32_t index) : tree(tree), index(index) {}
    JsonValue operator*() const { return JsonValue(tree, index); }
    Iterator &operator++();
    bool operator!=(const Iterator &other) const {
      return index != other.index;
    }

  private:
    const JsonTree *tree;
    uint32_t index;
  };
  /// Iterates over elements or members; empty for scalars.
  Iterator begin() const;
  Iterator end() const { return Iterator(tree, kNone); }

  static constexpr uint32_t kNone = UINT32_MAX;
  JsonValue(const JsonTree *tree, uint32_t index) : tree(tree), index(index) {}

private:
  const JsonTree *tree;
  uint32_t index;
};

/// Owns the values and all their strings (unescaped and interned).
class JsonTree {
public:
  /// `name` is the archive member in messages. The text is not kept.
  static llvm::Expected<std::unique_ptr<JsonTree>> parse(llvm::StringRef text,
                                                         llvm::StringRef name);
  JsonValue root() const { return JsonValue(this, 0); }
  llvm::StringRef name() const { return memberName; }

private:
  friend class JsonValue;
  friend class JsonBuilder;
  struct Entry {
    JsonValue::Kind kind = JsonValue::Kind::Null;
    uint32_t parent = JsonValue::kNone;
    uint32_t next = JsonValue::kNone;
    uint32_t firstChild = JsonValue::kNone;
    uint32_t childCount = 0;
    uint32_t offsetBytes = 0; ///< In the text; where the value ends.
    llvm::StringRef key;
    llvm::StringRef string;
    union {
      int64_t integer = 0;
      double real;
    };
  };
  JsonTree() : saver(allocator) {}
  std::string lineAndColumn(uint32_t offsetBytes) const;

  std::vector<Entry> entries;
  std::vector<uint32_t> lineEnds; ///< Offsets of the newlines, ascending.
  llvm::BumpPtrAllocator allocator;
  llvm::UniqueStringSaver saver;
  std::string memberName;
};

} // namespace lathe::pt2

#endif // LATHE_COMPILER_FRONTENDS_EXPORTEDPROGRAM_JSONTREE_H
