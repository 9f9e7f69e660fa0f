// SPDX-License-Identifier: Apache-2.0
#include "compiler/Frontends/ExportedProgram/OutputNames.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/JSON.h"

namespace lathe::pt2 {
namespace {

/// Longest path that becomes a name: with the number that tells equal names
/// apart it is within LATHE_MAX_NAME_BYTES.
constexpr size_t kPathBytesMax = 128;
/// Deepest nesting of containers; the JSON reader allows twice that.
constexpr unsigned kContainerDepthMax = 64;

/// Whether a program may hold the name (passes/Import/GraphContract.h).
bool isName(llvm::StringRef path) {
  return path.size() <= kPathBytesMax && llvm::json::isUTF8(path) &&
         llvm::none_of(path, [](char c) { return llvm::isASCII(c) && !llvm::isPrint(c); });
}

/// "logits" or 3 as text; a dictionary may have other keys, which name nothing.
bool appendKey(JsonValue key, std::vector<std::string> &keys) {
  if (std::optional<llvm::StringRef> text = key.asString())
    keys.push_back(text->str());
  else if (std::optional<int64_t> number = key.asInt())
    keys.push_back(std::to_string(*number));
  else
    return false;
  return true;
}

/// The items of a list of `count` keys; false for anything else.
bool readKeys(JsonValue list, uint32_t count, std::vector<std::string> &keys) {
  keys.clear();
  if (list.kind() != JsonValue::Kind::Array || list.size() != count)
    return false;
  for (JsonValue key : list)
    if (!appendKey(key, keys))
      return false;
  return true;
}

class SpecReader {
public:
  explicit SpecReader(std::optional<JsonValue> fields) : tupleFields(fields) {}

  /// Adds the names of the leaves below; false where the tree has another form.
  bool read(JsonValue spec, const std::string &path, bool hasKey,
            unsigned depth);
  std::vector<std::string> names;

private:
  bool keysOf(JsonValue spec, uint32_t count, std::vector<std::string> &keys);

  std::optional<JsonValue> tupleFields; ///< By type of named tuple.
};

/// The keys of a container that has some. A dictionary's context is a JSON text
/// of its keys, a data class's is a pair: names with a value, names without. A
/// dictionary with a default holds them as a field, a named tuple beside the
/// trees.
bool SpecReader::keysOf(JsonValue spec, uint32_t count,
                        std::vector<std::string> &keys) {
  std::optional<JsonValue> context = spec.find("context");
  if (!context)
    return false;
  if (std::optional<JsonValue> inner = context->find("dict_context"))
    return readKeys(*inner, count, keys);
  std::optional<llvm::StringRef> text = context->asString();
  if (!text)
    return false;
  if (std::optional<JsonValue> type = tupleFields ? tupleFields->find(*text)
                                                  : std::nullopt)
    if (std::optional<JsonValue> fields = type->find("field_names"))
      return readKeys(*fields, count, keys);
  auto tree = JsonTree::parse(*text, "context");
  if (!tree) {
    llvm::consumeError(tree.takeError());
    return false;
  }
  JsonValue root = (*tree)->root();
  bool isPair = root.size() == 2 &&
                (*root.begin()).kind() == JsonValue::Kind::Array;
  return readKeys(isPair ? *root.begin() : root, count, keys);
}

bool SpecReader::read(JsonValue spec, const std::string &path, bool hasKey,
                      unsigned depth) {
  std::optional<JsonValue> children = spec.find("children_spec");
  if (!children || depth > kContainerDepthMax)
    return false;
  if (!spec.find("type")) { // null: a leaf
    names.push_back(hasKey && isName(path) ? path : "");
    return children->size() == 0;
  }
  std::vector<std::string> keys;
  bool isKeyed = keysOf(spec, children->size(), keys);
  size_t position = 0;
  for (JsonValue child : *children) {
    std::string key = isKeyed ? keys[position] : std::to_string(position);
    ++position;
    // A path that is too long already grows no further.
    std::string below = path.size() > kPathBytesMax ? path
                        : path.empty()              ? key
                                                    : path + "_" + key;
    if (!read(child, below, hasKey || isKeyed, depth + 1))
      return false;
  }
  return true;
}

} // namespace

std::vector<std::string> outputNames(JsonValue graphModule) {
  std::optional<JsonValue> calls = graphModule.find("module_call_graph");
  if (!calls || calls->size() == 0)
    return {};
  // The first entry is the model itself, the others are modules inside it.
  std::optional<JsonValue> signature = (*calls->begin()).find("signature");
  std::optional<JsonValue> text =
      signature ? signature->find("out_spec") : std::nullopt;
  if (!text || !text->asString())
    return {};
  auto tree = JsonTree::parse(*text->asString(), "out_spec");
  if (!tree) {
    llvm::consumeError(tree.takeError());
    return {};
  }
  // [version of the notation, tree]
  JsonValue root = (*tree)->root();
  if (root.kind() != JsonValue::Kind::Array || root.size() != 2 ||
      (*root.begin()).asInt() != 1)
    return {};
  JsonValue::Iterator spec = root.begin();
  ++spec;
  SpecReader reader(graphModule.find("treespec_namedtuple_fields"));
  if (!reader.read(*spec, "", false, 0))
    return {};
  return std::move(reader.names);
}

} // namespace lathe::pt2
