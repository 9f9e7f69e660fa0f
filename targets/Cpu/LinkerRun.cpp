// SPDX-License-Identifier: Apache-2.0
#include "targets/Cpu/LinkerRun.h"

#include "lld/Common/CommonLinkerContext.h"
#include "lld/Common/Driver.h"
#include "mlir/IR/Diagnostics.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

#include <mutex>

LLD_HAS_DRIVER(elf)

using namespace mlir;

namespace lathe::cpu {

TemporaryFolder::~TemporaryFolder() {
  if (!path.empty())
    llvm::sys::fs::remove_directories(path);
}

LogicalResult TemporaryFolder::create() {
  return failure(
      bool(llvm::sys::fs::createUniqueDirectory("lathe-link", path)));
}

std::string TemporaryFolder::file(const Twine &name) const {
  SmallString<128> full(path);
  llvm::sys::path::append(full, name);
  return std::string(full);
}

LogicalResult writeFile(Location loc, StringRef path,
                        ArrayRef<char> contents) {
  std::error_code error;
  llvm::raw_fd_ostream stream(path, error);
  if (!error) {
    stream.write(contents.data(), contents.size());
    stream.close();
    error = stream.error();
    stream.clear_error();
  }
  if (error)
    return emitError(loc) << "cannot write '" << path
                          << "': " << error.message();
  return success();
}

FailureOr<std::vector<uint8_t>> readFile(Location loc, StringRef path) {
  auto buffer = llvm::MemoryBuffer::getFile(path, /*IsText=*/false,
                                            /*RequiresNullTerminator=*/false);
  if (!buffer)
    return emitError(loc) << "cannot read '" << path
                          << "': " << buffer.getError().message();
  StringRef bytes = (*buffer)->getBuffer();
  return std::vector<uint8_t>(bytes.bytes_begin(), bytes.bytes_end());
}

LogicalResult runLinker(Location loc, const IsaLevel &level,
                        ArrayRef<std::string> arguments) {
  // The linker has state of its own that one run at a time may touch.
  static std::mutex mutex;
  std::lock_guard<std::mutex> guard(mutex);
  const char *emulation = level.imageFormat == 1   ? "elf_x86_64"
                          : level.imageFormat == 2 ? "aarch64linux"
                                                   : "elf64lriscv";
  std::vector<const char *> argv = {"ld.lld", "-m", emulation, "--threads=1",
                                    "--build-id=none"};
  for (const std::string &argument : arguments)
    argv.push_back(argument.c_str());
  std::string messages;
  llvm::raw_string_ostream stream(messages);
  lld::Result result = lld::lldMain(argv, stream, stream,
                                    {{lld::Gnu, &lld::elf::link}});
  if (result.retCode != 0)
    return emitError(loc) << "cannot link kernels: " << messages;
  return success();
}

} // namespace lathe::cpu
