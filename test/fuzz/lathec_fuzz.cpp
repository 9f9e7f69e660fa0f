// SPDX-License-Identifier: Apache-2.0
// The whole compiler on files of any content: an archive (it begins with "PK"),
// or the graph dialect as text. It refuses with a fault, or writes a program
// that the loader accepts; it does not crash, hang or allocate out of proportion.
// A fault that blames the compiler itself is a finding.
#include "compiler/Compiler.h"
#include "test/fuzz/archive_mutator.h"
#include "tools/LoaderCheck.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include <cstdio>

using namespace lathe;

namespace {
/// A folder of this process, removed at its end.
struct Folder {
  Folder() {
    if (llvm::sys::fs::createUniqueDirectory("lathec_fuzz", path))
      abort();
  }
  ~Folder() { llvm::sys::fs::remove_directories(path); }
  std::string file(llvm::StringRef name) const {
    llvm::SmallString<128> whole(path);
    llvm::sys::path::append(whole, name);
    return std::string(whole);
  }
  llvm::SmallString<128> path;
};
} // namespace

// The tools' check of a program, before it appears at its place. A program that is refused for
// another reason than its size is the compiler's fault.
static LoaderVerdict load(const WrittenProgram &program) {
  LoaderVerdict verdict = loadWritten(program);
  if (!verdict.is_good && !verdict.exceeds_limit) {
    fprintf(stderr, "the loader refuses what lathec wrote: %s\n", verdict.reason.c_str());
    abort();
  }
  return verdict;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes) {
  static const Folder folder;
  llvm::StringRef text(reinterpret_cast<const char *>(data), bytes);
  CompilerOptions options;
  options.models.push_back({folder.file(text.starts_with("PK") ? "model.pt2" : "model.mlir"), "main"});
  options.output_path = folder.file("model.lathe");
  options.cpu_levels = {"x86-64-v3"};
  options.threads = 1;
  options.dims = {{"*", "", 0, 64}};
  options.load = load;
  std::error_code failed;
  llvm::raw_fd_ostream file(options.models.front().path, failed);
  file << text;
  file.close();
  if (failed || file.has_error())
    abort();
  llvm::Expected<CompilerReport> report = compile(options, [](llvm::StringRef, unsigned, unsigned) {});
  if (report)
    return 0;
  Fault fault = takeFault(report.takeError());
  std::string message = fault.str();
  if (fault.code == FaultCode::CompilerFailed) {
    fprintf(stderr, "%s\n", message.c_str());
    abort();
  }
  return 0;
}

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t sizeMax, unsigned seed) {
  return test::mutateArchive(data, size, sizeMax, seed);
}
