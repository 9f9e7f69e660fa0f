// SPDX-License-Identifier: Apache-2.0
#include "compiler/Reproducer.h"

#include "compiler/Frontends/GraphWeights.h"
#include "dialects/Graph/GraphOps.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace lathe;

// The pass behind all others, which text cannot name: it fills C++ structures.
static constexpr llvm::StringLiteral kNamelessPass = ",lathe-cpu-emit-object";

std::string lathe::writeReproducer(StringRef folder, StringRef text) {
  if (folder.empty())
    return "";
  SmallString<128> model(folder), path;
  llvm::sys::path::append(model, "lathec-%%%%%%%%.mlir");
  int descriptor = -1;
  if (llvm::sys::fs::createUniqueFile(model, descriptor, path))
    return "";
  llvm::raw_fd_ostream file(descriptor, /*shouldClose=*/true);
  file << text;
  file.close();
  bool isWhole = !file.has_error();
  file.clear_error();
  if (!isWhole)
    (void)llvm::sys::fs::remove(path);
  return isWhole ? std::string(path) : "";
}

std::string lathe::shellWord(StringRef path) {
  auto isPlain = [](char c) { return llvm::isAlnum(c) || StringRef("/._-+=:,@%").contains(c); };
  if (!path.empty() && llvm::all_of(path, isPlain))
    return path.str();
  std::string word = "'";
  for (char c : path)
    word += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return word + "'";
}

namespace {
/// Keeps the text until it is whole, then writes the file.
class ReproducerText : public ReproducerStream {
public:
  ReproducerText(StringRef folder, std::string &path)
      : folder(folder), path(path), stream(text) {}
  ~ReproducerText() override {
    size_t at = StringRef(text).rfind(kNamelessPass);
    if (at != StringRef::npos)
      text.erase(at, kNamelessPass.size());
    path = writeReproducer(folder, text);
  }
  StringRef description() override { return folder; }
  llvm::raw_ostream &os() override { return stream; }

private:
  std::string folder;
  std::string &path;
  std::string text;
  llvm::raw_string_ostream stream;
};
} // namespace

void Reproducer::watch(PassManager &manager, ModuleOp module) {
  if (folder.empty())
    return;
  keys = weightKeys(module);
  manager.enableCrashReproducerGeneration([this](std::string &) {
    return std::make_unique<ReproducerText>(folder, path);
  });
}

void Reproducer::discard() {
  if (!path.empty())
    (void)llvm::sys::fs::remove(path);
  path.clear();
}

std::string Reproducer::take(MLIRContext &context) {
  if (path.empty())
    return "";
  const WeightStore &store = context.getLoadedDialect<graph::GraphDialect>()->getWeightStore();
  uint64_t bytes = 0;
  for (const std::string &key : keys)
    if (const WeightView *view = store.find(key))
      bytes += view->sizeBytes();
  // Most faults show without the weights: what cannot be written is left out.
  if (bytes <= kWeightBytesMax)
    llvm::consumeError(writeGraphWeights(keys, store, graphWeightsPath(path)));
  return std::exchange(path, "");
}
