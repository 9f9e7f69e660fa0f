// SPDX-License-Identifier: Apache-2.0
#include "compiler/Frontends/ExportedProgram/JsonTree.h"

#include "compiler/Frontends/Fault.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/FormatVariadic.h"

// RapidJSON 1.1 adds offsets to the null pointer of its empty stack before it
// allocates, which is harmless and stops UBSan.
#ifdef __clang__
#pragma clang attribute push(__attribute__((no_sanitize("pointer-overflow"))), \
                             apply_to = function)
#endif
#include <rapidjson/error/en.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>
#ifdef __clang__
#pragma clang attribute pop
#endif

namespace lathe::pt2 {

using Kind = JsonValue::Kind;

/// Receives the reader's events and appends entries in text order. A false
/// return stops the reader; `refusal` then says why.
class JsonBuilder {
public:
  JsonBuilder(JsonTree &tree, const rapidjson::MemoryStream &stream)
      : tree(tree), stream(stream) {}

  bool Null() { return add(Kind::Null); }
  bool Bool(bool value) {
    return add(Kind::Bool) && setInteger(value ? 1 : 0);
  }
  bool Int(int value) { return add(Kind::Int) && setInteger(value); }
  bool Uint(unsigned value) { return add(Kind::Int) && setInteger(value); }
  bool Int64(int64_t value) { return add(Kind::Int) && setInteger(value); }
  bool Uint64(uint64_t value) {
    if (value <= uint64_t(INT64_MAX))
      return Int64(static_cast<int64_t>(value));
    return Double(static_cast<double>(value));
  }
  bool Double(double value) {
    if (!add(Kind::Real))
      return false;
    tree.entries.back().real = value;
    return true;
  }
  bool RawNumber(const char *, rapidjson::SizeType, bool) { return false; }
  bool String(const char *text, rapidjson::SizeType bytes, bool) {
    if (!add(Kind::String))
      return false;
    tree.entries.back().string = save(text, bytes);
    return true;
  }
  bool Key(const char *text, rapidjson::SizeType bytes, bool) {
    pendingKey = save(text, bytes);
    return true;
  }
  bool StartObject() { return open(Kind::Object); }
  bool StartArray() { return open(Kind::Array); }
  bool EndObject(rapidjson::SizeType) { return checkKeys() && close(); }
  bool EndArray(rapidjson::SizeType) { return close(); }

  std::string refusal;

private:
  struct OpenValue {
    uint32_t index;
    uint32_t lastChild;
  };

  bool refuse(std::string why) {
    refusal = std::move(why);
    return false;
  }
  llvm::StringRef save(const char *text, rapidjson::SizeType bytes) {
    return tree.saver.save(llvm::StringRef(text, bytes));
  }
  bool setInteger(int64_t value) {
    tree.entries.back().integer = value;
    return true;
  }
  bool add(Kind kind) {
    uint32_t index = tree.entries.size();
    if (index == kJsonValueCountMax)
      return refuse(
          llvm::formatv("more than {0} values", kJsonValueCountMax).str());
    JsonTree::Entry entry;
    entry.kind = kind;
    entry.offsetBytes = static_cast<uint32_t>(stream.Tell());
    if (!openValues.empty()) {
      OpenValue &parent = openValues.back();
      entry.parent = parent.index;
      entry.key = pendingKey;
      ++tree.entries[parent.index].childCount;
      uint32_t &link = parent.lastChild == JsonValue::kNone
                           ? tree.entries[parent.index].firstChild
                           : tree.entries[parent.lastChild].next;
      link = index;
      parent.lastChild = index;
    }
    pendingKey = {};
    tree.entries.push_back(entry);
    return true;
  }
  bool open(Kind kind) {
    if (openValues.size() == kJsonDepthMax)
      return refuse(
          llvm::formatv("nested deeper than {0} levels", kJsonDepthMax).str());
    if (!add(kind))
      return false;
    openValues.push_back(
        {static_cast<uint32_t>(tree.entries.size() - 1), JsonValue::kNone});
    return true;
  }
  bool close() {
    openValues.pop_back();
    return true;
  }
  /// JSON leaves the meaning of a repeated key open, so readers disagree.
  /// Keys are interned: equal keys have equal pointers.
  bool checkKeys() {
    llvm::SmallDenseSet<const char *, 16> seen;
    uint32_t child = tree.entries[openValues.back().index].firstChild;
    for (; child != JsonValue::kNone; child = tree.entries[child].next)
      if (!seen.insert(tree.entries[child].key.data()).second)
        return refuse("the key '" + tree.entries[child].key.str() +
                      "' occurs twice in one object");
    return true;
  }

  JsonTree &tree;
  const rapidjson::MemoryStream &stream;
  llvm::SmallVector<OpenValue, 32> openValues;
  llvm::StringRef pendingKey;
};

llvm::Expected<std::unique_ptr<JsonTree>>
JsonTree::parse(llvm::StringRef text, llvm::StringRef name) {
  if (text.size() > kJsonBytesMax)
    return makeFault(FaultCode::LimitExceeded,
                     llvm::formatv("{0} has {1} bytes; at most {2} are read",
                                   name, text.size(), kJsonBytesMax)
                         .str());
  std::unique_ptr<JsonTree> tree(new JsonTree);
  tree->memberName = name.str();
  for (size_t at = text.find('\n'); at != llvm::StringRef::npos;
       at = text.find('\n', at + 1))
    tree->lineEnds.push_back(static_cast<uint32_t>(at));
  rapidjson::MemoryStream stream(text.data(), text.size());
  JsonBuilder builder(*tree, stream);
  rapidjson::Reader reader;
  constexpr unsigned flags =
      rapidjson::kParseIterativeFlag | rapidjson::kParseNanAndInfFlag |
      rapidjson::kParseFullPrecisionFlag | rapidjson::kParseValidateEncodingFlag;
  rapidjson::ParseResult result = reader.Parse<flags>(stream, builder);
  if (!result.IsError())
    return tree;
  std::string where =
      tree->lineAndColumn(static_cast<uint32_t>(result.Offset()));
  if (!builder.refusal.empty())
    return makeFault(FaultCode::LimitExceeded, name + " is refused",
                     builder.refusal + " at " + where);
  return makeFault(FaultCode::JsonSyntax, name + " is not valid JSON",
                   llvm::Twine(rapidjson::GetParseError_En(result.Code())) +
                       " At " + where + ".",
                   "copy or export the file again");
}

std::string JsonTree::lineAndColumn(uint32_t offsetBytes) const {
  auto end = llvm::lower_bound(lineEnds, offsetBytes);
  size_t line = end - lineEnds.begin() + 1;
  uint32_t begin = line == 1 ? 0 : lineEnds[line - 2] + 1;
  return llvm::formatv("line {0}, column {1}", line, offsetBytes - begin + 1)
      .str();
}

Kind JsonValue::kind() const { return tree->entries[index].kind; }
llvm::StringRef JsonValue::key() const { return tree->entries[index].key; }
uint32_t JsonValue::size() const { return tree->entries[index].childCount; }

std::optional<int64_t> JsonValue::asInt() const {
  if (kind() != Kind::Int)
    return std::nullopt;
  return tree->entries[index].integer;
}

std::optional<double> JsonValue::asReal() const {
  if (kind() == Kind::Int)
    return static_cast<double>(tree->entries[index].integer);
  if (kind() != Kind::Real)
    return std::nullopt;
  return tree->entries[index].real;
}

std::optional<bool> JsonValue::asBool() const {
  if (kind() != Kind::Bool)
    return std::nullopt;
  return tree->entries[index].integer != 0;
}

std::optional<llvm::StringRef> JsonValue::asString() const {
  if (kind() != Kind::String)
    return std::nullopt;
  return tree->entries[index].string;
}

std::optional<JsonValue> JsonValue::find(llvm::StringRef key) const {
  if (kind() != Kind::Object)
    return std::nullopt;
  for (JsonValue member : *this)
    if (member.key() == key)
      return member.isNull() ? std::nullopt : std::optional(member);
  return std::nullopt;
}

JsonValue::Iterator JsonValue::begin() const {
  return Iterator(tree, tree->entries[index].firstChild);
}

JsonValue::Iterator &JsonValue::Iterator::operator++() {
  index = tree->entries[index].next;
  return *this;
}

std::string JsonValue::position() const {
  llvm::SmallVector<uint32_t, 16> path;
  for (uint32_t at = index; at != kNone; at = tree->entries[at].parent)
    path.push_back(at);
  std::string text;
  for (size_t i = path.size() - 1; i-- > 0;) {
    const JsonTree::Entry &entry = tree->entries[path[i]];
    if (tree->entries[entry.parent].kind == Kind::Object) {
      text += (text.empty() ? "" : ".") + entry.key.str();
      continue;
    }
    uint32_t position = 0;
    uint32_t at = tree->entries[entry.parent].firstChild;
    for (; at != path[i]; at = tree->entries[at].next)
      ++position;
    text += '[' + std::to_string(position) + ']';
  }
  return text + (text.empty() ? "" : ", ") +
         tree->lineAndColumn(tree->entries[index].offsetBytes);
}

llvm::StringRef JsonValue::kindName() const {
  switch (kind()) {
  case Kind::Null:
    return "null";
  case Kind::Bool:
    return "a boolean";
  case Kind::Int:
    return "an integer";
  case Kind::Real:
    return "a number";
  case Kind::String:
    return "a string";
  case Kind::Array:
    return "an array";
  case Kind::Object:
    return "an object";
  }
  return "";
}

} // namespace lathe::pt2
