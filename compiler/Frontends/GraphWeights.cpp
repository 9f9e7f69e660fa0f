// SPDX-License-Identifier: Apache-2.0
#include "compiler/Frontends/GraphWeights.h"

#include "compiler/Frontends/Fault.h"
#include "dialects/Graph/GraphOps.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace lathe;

static constexpr llvm::StringLiteral kFirstLine = "lathe weights 1";
static constexpr uint64_t kAlignmentBytes = 64;
static constexpr size_t kKeyDigits = 64;
static constexpr uint64_t kBytesMax = uint64_t(1) << 48;

std::string lathe::graphWeightsPath(llvm::StringRef textPath) {
  return (textPath + ".weights").str();
}

//===----------------------------------------------------------------------===//
// Writing
//===----------------------------------------------------------------------===//

static void pad(llvm::raw_ostream &os, uint64_t &at) {
  uint64_t aligned = llvm::alignTo(at, kAlignmentBytes);
  os.write_zeros(aligned - at);
  at = aligned;
}

static void write(llvm::raw_ostream &os,
                  const llvm::MapVector<llvm::StringRef, const WeightView *> &views) {
  std::string head = (kFirstLine + "\n").str();
  for (const auto &[key, view] : views)
    head += (key + " " + Twine(view->sizeBytes()) + "\n").str();
  head += "\n";
  os << head;
  uint64_t at = head.size();
  for (const auto &[key, view] : views) {
    pad(os, at);
    WeightStore::forEachDenseChunk(
        *view, [&](llvm::ArrayRef<char> bytes) { os.write(bytes.data(), bytes.size()); });
    at += view->sizeBytes();
  }
}

std::vector<std::string> lathe::weightKeys(ModuleOp module) {
  std::vector<std::string> keys;
  for (auto weight : module.getOps<graph::WeightOp>())
    if (weight.getKey())
      keys.push_back(weight.getKey()->str());
  return keys;
}

llvm::Error lathe::writeGraphWeights(llvm::ArrayRef<std::string> keys, const WeightStore &store,
                                     llvm::StringRef path) {
  llvm::MapVector<llvm::StringRef, const WeightView *> views;
  for (const std::string &key : keys) {
    const WeightView *view = store.find(key);
    if (!view)
      return llvm::createStringError(llvm::inconvertibleErrorCode(),
                                     "weight " + key + " has no bytes");
    views.insert({key, view});
  }
  if (views.empty())
    return llvm::Error::success();
  return llvm::writeToOutput(path, [&](llvm::raw_ostream &os) {
    write(os, views);
    return llvm::Error::success();
  });
}

//===----------------------------------------------------------------------===//
// Reading
//===----------------------------------------------------------------------===//

static llvm::Error damaged(llvm::StringRef path, const Twine &why) {
  return makeFault(FaultCode::WeightOutOfBounds, "the weights in " + path + " are damaged", why,
                   "lathec MODEL --emit=graph -o FILE.mlir writes FILE.mlir and FILE.mlir.weights");
}

// The next line without its end, or nothing where the text has no further.
static std::optional<llvm::StringRef> takeLine(llvm::StringRef &text) {
  size_t end = text.find('\n');
  if (end == llvm::StringRef::npos)
    return std::nullopt;
  llvm::StringRef line = text.take_front(end);
  text = text.drop_front(end + 1);
  return line;
}

namespace {
struct Listed {
  llvm::StringRef key;
  uint64_t bytes;
};
} // namespace

// The list at the head, which leaves `rest` behind it.
static std::optional<std::vector<Listed>> readList(llvm::StringRef &rest) {
  if (takeLine(rest) != kFirstLine)
    return std::nullopt;
  std::vector<Listed> list;
  while (std::optional<llvm::StringRef> line = takeLine(rest)) {
    if (line->empty())
      return list;
    auto [key, size] = line->split(' ');
    Listed next{key, 0};
    if (key.size() != kKeyDigits || !llvm::all_of(key, llvm::isHexDigit) ||
        size.getAsInteger(10, next.bytes) || next.bytes > kBytesMax)
      return std::nullopt;
    list.push_back(next);
  }
  return std::nullopt;
}

// A regular file, of which no more is read than its size: pipes and devices may
// never end.
static llvm::Expected<std::unique_ptr<llvm::MemoryBuffer>> openWeights(llvm::StringRef path) {
  namespace fs = llvm::sys::fs;
  auto refuse = [&](const Twine &why) {
    return makeFault(FaultCode::FileUnreadable, "cannot read " + path, why);
  };
  fs::file_status status;
  if (std::error_code error = fs::status(path, status))
    return refuse(error.message());
  if (!fs::is_regular_file(status))
    return refuse("it is not a regular file");
  llvm::Expected<fs::file_t> file = fs::openNativeFileForRead(path);
  if (!file)
    return refuse(llvm::toString(file.takeError()));
  auto buffer = llvm::MemoryBuffer::getOpenFile(*file, path, status.getSize(),
                                                /*RequiresNullTerminator=*/false);
  fs::closeFile(*file);
  if (!buffer)
    return refuse(buffer.getError().message());
  return std::move(*buffer);
}

llvm::Error lathe::readGraphWeights(llvm::StringRef path, WeightStore &store) {
  llvm::Expected<std::unique_ptr<llvm::MemoryBuffer>> file = openWeights(path);
  if (!file)
    return file.takeError();
  std::shared_ptr<llvm::MemoryBuffer> owner = std::move(*file);
  llvm::StringRef whole = owner->getBuffer(), rest = whole;
  std::optional<std::vector<Listed>> list = readList(rest);
  if (!list)
    return damaged(path, "the list at its head is not that of version 1");
  uint64_t at = whole.size() - rest.size();
  for (const Listed &listed : *list) {
    at = llvm::alignTo(at, kAlignmentBytes);
    if (at > whole.size() || listed.bytes > whole.size() - at)
      return damaged(path, "weight " + listed.key + " ends behind the end of the file");
    WeightView view;
    view.storage = llvm::ArrayRef<char>(whole.data() + at, listed.bytes);
    view.sizes = {static_cast<int64_t>(listed.bytes)};
    view.strides = {1};
    view.element_bytes = 1;
    view.owner = owner;
    llvm::Expected<std::string> key = store.add(std::move(view));
    if (!key)
      return damaged(path, llvm::toString(key.takeError()));
    if (*key != listed.key)
      return damaged(path, "weight " + listed.key + " has the hash " + *key);
    at += listed.bytes;
  }
  return llvm::Error::success();
}
