// SPDX-License-Identifier: Apache-2.0
#include "compiler/TuningFile.h"

#include "compiler/Frontends/ExportedProgram/JsonTree.h"
#include "compiler/Frontends/Fault.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"
#include <cmath>
#include <set>

using namespace lathe;
using pt2::JsonTree;
using pt2::JsonValue;

/// Thousands of models; larger files are not written.
static constexpr uint64_t kFileBytesMax = uint64_t(64) << 20;
static constexpr size_t kLoopsMax = 64;
static constexpr size_t kHashDigits = 64;
static constexpr char kRemedy[] = "lathec --tune --tuning-file with a new file measures again";

namespace {
/// Decodes a tree; the first thing that is wrong stays.
class TuningDecoder {
public:
  bool decode(JsonValue root, Tuning &tuning);
  const std::string &fault() const { return wrong; }

private:
  bool fail(JsonValue at, const llvm::Twine &expected) {
    wrong = (at.position() + " is " + at.kindName() + ", expected " + expected).str();
    return false;
  }
  bool readText(JsonValue object, llvm::StringRef key, std::string &text);
  bool readSizes(JsonValue value, std::vector<int64_t> &sizes);
  bool readDecision(JsonValue object, TuningDecision &decision);

  std::string wrong;
};
} // namespace

bool TuningDecoder::readText(JsonValue object, llvm::StringRef key, std::string &text) {
  std::optional<JsonValue> value = object.find(key);
  if (!value) {
    wrong = (object.position() + " has no '" + key + "'").str();
    return false;
  }
  std::optional<llvm::StringRef> string = value->asString();
  if (!string)
    return fail(*value, "a string");
  text = string->str();
  return true;
}

bool TuningDecoder::readSizes(JsonValue value, std::vector<int64_t> &sizes) {
  if (value.kind() != JsonValue::Kind::Array || value.size() > kLoopsMax)
    return fail(value, "an array of at most " + llvm::Twine(kLoopsMax) + " sizes");
  for (JsonValue element : value) {
    std::optional<int64_t> size = element.asInt();
    if (!size || *size < 0)
      return fail(element, "an integer of at least 0");
    sizes.push_back(*size);
  }
  return true;
}

bool TuningDecoder::readDecision(JsonValue object, TuningDecision &decision) {
  if (object.kind() != JsonValue::Kind::Object)
    return fail(object, "an object");
  if (!readText(object, "kernel", decision.kernel) || !readText(object, "hash", decision.hash) ||
      !readText(object, "level", decision.level) || !readText(object, "cpu", decision.cpu))
    return false;
  if (decision.hash.size() != kHashDigits || !llvm::all_of(decision.hash, llvm::isHexDigit))
    return fail(*object.find("hash"), llvm::Twine(kHashDigits) + " hexadecimal digits");
  if (std::optional<JsonValue> ratio = object.find("ratio")) {
    std::optional<double> value = ratio->asReal();
    if (!value || !std::isfinite(*value) || *value <= 0)
      return fail(*ratio, "a number above 0");
    decision.ratio = *value;
  }
  // Absent or null: the cost model's choice is the best known.
  if (std::optional<JsonValue> sizes = object.find("tile_sizes"))
    return readSizes(*sizes, decision.tile_sizes.emplace());
  return true;
}

bool TuningDecoder::decode(JsonValue root, Tuning &tuning) {
  if (root.kind() != JsonValue::Kind::Object)
    return fail(root, "an object");
  std::optional<JsonValue> schema = root.find("schema"), kernels = root.find("kernels");
  if (!schema || schema->asInt() != 1) {
    wrong = "its 'schema' is not 1, which is all that this lathec reads";
    return false;
  }
  if (!kernels || kernels->kind() != JsonValue::Kind::Array) {
    wrong = "it has no array 'kernels'";
    return false;
  }
  std::set<std::array<std::string, 3>> seen;
  for (JsonValue object : *kernels) {
    TuningDecision decision;
    if (!readDecision(object, decision))
      return false;
    if (!seen.insert({decision.hash, decision.level, decision.cpu}).second) {
      wrong = object.position() + " repeats a kernel, level and cpu";
      return false;
    }
    tuning.decisions.push_back(std::move(decision));
  }
  return true;
}

llvm::Expected<Tuning> lathe::readTuningFile(llvm::StringRef path) {
  auto refuse = [&](FaultCode code, const llvm::Twine &what, const llvm::Twine &why) {
    return withFile(makeFault(code, what, why, kRemedy), path);
  };
  llvm::sys::fs::file_status status;
  if (std::error_code error = llvm::sys::fs::status(path, status))
    return withFile(makeFault(FaultCode::FileUnreadable, "cannot read the tuning file", error.message(),
                              "--tune --tuning-file measures and writes it"), path);
  if (!llvm::sys::fs::is_regular_file(status))
    return refuse(FaultCode::FileUnreadable, "cannot read the tuning file", "it is no regular file");
  if (status.getSize() > kFileBytesMax)
    return refuse(FaultCode::LimitExceeded, "cannot read the tuning file",
                  "it has " + llvm::Twine(status.getSize()) + " bytes; at most " + llvm::Twine(kFileBytesMax) + " are read");
  auto buffer = llvm::MemoryBuffer::getFile(path, /*IsText=*/false, /*RequiresNullTerminator=*/false, /*IsVolatile=*/true);
  if (!buffer)
    return refuse(FaultCode::FileUnreadable, "cannot read the tuning file", buffer.getError().message());
  llvm::Expected<std::unique_ptr<JsonTree>> tree = JsonTree::parse((*buffer)->getBuffer(), path);
  if (!tree) {
    Fault fault = takeFault(tree.takeError());
    return refuse(FaultCode::TuningInvalid, "the tuning file is not valid", fault.what + (fault.why.empty() ? "" : ": " + fault.why));
  }
  Tuning tuning;
  TuningDecoder decoder;
  if (!decoder.decode((*tree)->root(), tuning))
    return refuse(FaultCode::TuningInvalid, "the tuning file is not valid", decoder.fault());
  return tuning;
}

std::string lathe::formatTuning(const Tuning &tuning, llvm::StringRef producer) {
  std::vector<const TuningDecision *> sorted;
  for (const TuningDecision &decision : tuning.decisions)
    sorted.push_back(&decision);
  llvm::sort(sorted, [](const TuningDecision *a, const TuningDecision *b) {
    return std::tie(a->kernel, a->hash, a->level, a->cpu) < std::tie(b->kernel, b->hash, b->level, b->cpu);
  });
  std::string text;
  llvm::raw_string_ostream stream(text);
  llvm::json::OStream json(stream, 1);
  json.object([&] {
    json.attribute("schema", 1);
    json.attribute("producer", producer);
    json.attributeArray("kernels", [&] {
      for (const TuningDecision *decision : sorted)
        json.object([&] {
          json.attribute("kernel", decision->kernel);
          json.attribute("hash", decision->hash);
          json.attribute("level", decision->level);
          json.attribute("cpu", decision->cpu);
          json.attributeBegin("ratio");
          json.rawValue(llvm::formatv("{0:f3}", decision->ratio).str());
          json.attributeEnd();
          json.attribute("tile_sizes", decision->tile_sizes ? llvm::json::Value(llvm::json::Array(*decision->tile_sizes))
                                                            : llvm::json::Value(nullptr));
        });
    });
  });
  stream << '\n';
  return text;
}
