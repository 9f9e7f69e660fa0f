// SPDX-License-Identifier: Apache-2.0
#include "test/fuzz/compile_text.h"

#include "tools/LoaderCheck.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include <cstdio>

using namespace lathe;

namespace {
struct Folder {
  Folder() {
    if (llvm::sys::fs::createUniqueDirectory("lathe_fuzz", path))
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

// The tools' check of a program, before it appears at its place.
static LoaderVerdict load(const WrittenProgram &program) {
  LoaderVerdict verdict = loadWritten(program);
  if (!verdict.is_good && !verdict.exceeds_limit) {
    fprintf(stderr, "the loader refuses what lathec wrote: %s\n", verdict.reason.c_str());
    abort();
  }
  return verdict;
}

void test::compileText(llvm::StringRef name, llvm::StringRef bytes, const std::vector<DimBound> &dims) {
  static const Folder folder;
  CompilerOptions options;
  options.models.push_back({folder.file(name), "main"});
  options.output_path = folder.file("model.lathe");
  options.cpu_levels = {"x86-64-v3"};
  options.threads = 1;
  options.dims = dims;
  options.load = load;
  std::error_code failed;
  llvm::raw_fd_ostream file(options.models.front().path, failed);
  file << bytes;
  file.close();
  if (failed || file.has_error())
    abort();
  llvm::Expected<CompilerReport> report = compile(options, [](llvm::StringRef, unsigned, unsigned) {});
  if (report)
    return;
  Fault fault = takeFault(report.takeError());
  if (fault.code == FaultCode::CompilerFailed) {
    fprintf(stderr, "%s\n%s\n", name.ends_with(".mlir") ? bytes.str().c_str() : "", fault.str().c_str());
    abort();
  }
}
