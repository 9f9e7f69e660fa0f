// SPDX-License-Identifier: Apache-2.0
// The file of weights beside a text (GraphWeights.h): it is refused with a fault,
// or what it lists has the hashes that it says.
#include "compiler/Frontends/Fault.h"
#include "compiler/Frontends/GraphWeights.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/raw_ostream.h"

using namespace lathe;

namespace {
/// A file of this process, removed at its end.
struct TemporaryFile {
  TemporaryFile() {
    if (llvm::sys::fs::createTemporaryFile("weights_fuzz", "weights", path))
      abort();
  }
  ~TemporaryFile() { llvm::sys::fs::remove(path); }
  llvm::SmallString<128> path;
};
} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes) {
  static const TemporaryFile written;
  const auto &path = written.path;
  {
    std::error_code failed;
    llvm::raw_fd_ostream file(path, failed);
    file.write(reinterpret_cast<const char *>(data), bytes);
    file.close();
    if (failed || file.has_error())
      abort();
  }
  WeightStore store;
  if (llvm::Error error = readGraphWeights(path, store))
    (void)takeFault(std::move(error)).str();
  return 0;
}
