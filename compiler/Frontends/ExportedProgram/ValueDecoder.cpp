// SPDX-License-Identifier: Apache-2.0
#include "compiler/Frontends/ExportedProgram/GraphDecoder.h"

#include "llvm/ADT/StringExtras.h"

namespace lathe::pt2 {

bool ValueDecoder::fail(JsonValue at, FaultCode code, const llvm::Twine &what,
                        const llvm::Twine &why) {
  if (currentNode)
    fault = faultAt(*currentNode, code, what);
  fault.code = code;
  fault.what = what.str();
  fault.why = why.str();
  fault.why += (fault.why.empty() ? "" : "\n") +
               ("in " + tree.name().str() + " at " + at.position());
  return false;
}

bool ValueDecoder::failWith(JsonValue at, llvm::Error error,
                            const llvm::Twine &where) {
  Fault inner = takeFault(std::move(error));
  fail(at, inner.code, where + ": " + inner.what, inner.why);
  fault.remedy = std::move(inner.remedy);
  return false;
}

bool ValueDecoder::require(JsonValue object, llvm::StringRef key,
                           JsonValue &result) {
  if (object.kind() != JsonValue::Kind::Object)
    return failStructure(object, "an object is expected, the file has " +
                                     object.kindName());
  std::optional<JsonValue> member = object.find(key);
  if (!member)
    return failStructure(object, "the field '" + key + "' is missing");
  result = *member;
  return true;
}

bool ValueDecoder::requireString(JsonValue object, llvm::StringRef key,
                                 llvm::StringRef &result) {
  JsonValue member = object;
  if (!require(object, key, member))
    return false;
  std::optional<llvm::StringRef> text = member.asString();
  if (!text)
    return failStructure(member, "the field '" + key +
                                     "' must be a string, the file has " +
                                     member.kindName());
  result = *text;
  return true;
}

bool ValueDecoder::requireArray(JsonValue object, llvm::StringRef key,
                                JsonValue &result) {
  if (!require(object, key, result))
    return false;
  if (result.kind() == JsonValue::Kind::Array)
    return true;
  return failStructure(result, "the field '" + key +
                                   "' must be an array, the file has " +
                                   result.kindName());
}

bool ValueDecoder::requireSingle(JsonValue object, llvm::StringRef noun,
                                 JsonValue &member) {
  if (object.kind() != JsonValue::Kind::Object)
    return failStructure(object, noun + " must be an object, the file has " +
                                     object.kindName());
  // Writers before 2.8 leave absent kinds out, newer ones could write null.
  std::string found;
  unsigned count = 0;
  for (JsonValue candidate : object) {
    if (candidate.isNull())
      continue;
    member = candidate;
    found += (count++ ? " and " : "") + candidate.key().str();
  }
  if (count == 1)
    return true;
  return failStructure(object, noun + " must have exactly one kind, the file "
                                      "has " +
                                   (count ? found : "none"));
}

bool ValueDecoder::decode(JsonValue value, SymInt &result) {
  JsonValue member = value;
  if (!requireSingle(value, "a size", member))
    return false;
  if (member.key() == "as_int") {
    std::optional<int64_t> integer = member.asInt();
    if (!integer)
      return failStructure(member, "a size must be an integer of 64 bits");
    result = {*integer, nullptr};
    return true;
  }
  llvm::StringRef text;
  if (member.key() != "as_expr")
    return failStructure(member, "a size has the unknown kind '" +
                                     member.key() + "'");
  if (!requireString(member, "expr_str", text))
    return false;
  llvm::Expected<const SizeExpression *> parsed = pool.parseSrepr(text);
  if (!parsed)
    return failWith(member, parsed.takeError(), "a size");
  if ((*parsed)->function == SizeFunction::Integer)
    result = {(*parsed)->value, nullptr};
  else
    result = {0, *parsed};
  return true;
}

bool ValueDecoder::decodeElementType(JsonValue value, llvm::StringRef owner,
                                     ElementType &result) {
  std::optional<int64_t> number = value.asInt();
  if (!number)
    return failStructure(value, owner + " has no valid element type");
  std::optional<ElementType> type = elementTypeOf(*number);
  if (!type)
    return fail(value, FaultCode::ElementTypeUnknown,
                owner + " has the unknown element type " +
                    llvm::Twine(*number));
  result = *type;
  return true;
}

bool ValueDecoder::decode(JsonValue value, TensorMeta &result,
                          llvm::StringRef name, bool isStored) {
  JsonValue type = value, sizes = value;
  std::string owner = "tensor '" + name.str() + "'";
  if (!require(value, "dtype", type) ||
      !decodeElementType(type, owner, result.type) ||
      !requireArray(value, "sizes", sizes))
    return false;
  for (JsonValue size : sizes) {
    if (!decode(size, result.sizes.emplace_back()))
      return false;
    const SymInt &decoded = result.sizes.back();
    if (decoded.isConstant() && decoded.value < 0)
      return fail(size, FaultCode::ShapeContradiction,
                  owner + " has the negative size " +
                      llvm::Twine(decoded.value));
  }
  std::optional<JsonValue> layout = value.find("layout");
  if (layout && layout->asInt() != 7)
    return fail(*layout, FaultCode::ElementTypeUnknown,
                owner + " is not strided (sparse tensors are not supported)");
  if (!isStored)
    return true;
  JsonValue strides = value;
  if (!requireArray(value, "strides", strides))
    return false;
  for (JsonValue stride : strides)
    if (!decode(stride, result.strides.emplace_back()))
      return false;
  std::optional<JsonValue> offset = value.find("storage_offset");
  return !offset || decode(*offset, result.storageOffset);
}

llvm::Expected<TensorMeta> decodeTensorMeta(JsonValue value,
                                            SizeExpressionPool &pool,
                                            const JsonTree &tree,
                                            llvm::StringRef name,
                                            bool isStored) {
  ValueDecoder decoder(tree, pool);
  TensorMeta meta;
  if (!decoder.decode(value, meta, name, isStored))
    return decoder.takeError();
  return meta;
}

} // namespace lathe::pt2
