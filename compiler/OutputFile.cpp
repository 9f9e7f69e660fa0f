// SPDX-License-Identifier: Apache-2.0
#include "compiler/OutputFile.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/raw_ostream.h"

bool lathe::isStream(llvm::StringRef path) {
  return path == "-" || (llvm::sys::fs::exists(path) && !llvm::sys::fs::is_regular_file(path));
}

llvm::Error lathe::writeOutput(llvm::StringRef path, llvm::StringRef bytes) {
  if (!isStream(path))
    return llvm::writeToOutput(path, [&](llvm::raw_ostream &os) {
      os << bytes;
      return llvm::Error::success();
    });
  std::error_code error;
  llvm::raw_fd_ostream stream(path, error);
  if (!error) {
    stream << bytes;
    stream.flush();
    error = stream.error();
    // Its end would report the error once more, by ending the process.
    stream.clear_error();
  }
  return llvm::errorCodeToError(error);
}
