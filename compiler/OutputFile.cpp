// SPDX-License-Identifier: Apache-2.0
#include "compiler/OutputFile.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/raw_ostream.h"
#include <cerrno>
#include <fcntl.h>

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
  if (path != "-") {
    // Without a reader, an ordinary open of a pipe waits for one for ever.
    int descriptor = open(path.str().c_str(), O_WRONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (descriptor < 0 && errno == ENXIO)
      return llvm::createStringError("no process reads from this pipe");
    if (descriptor < 0)
      return llvm::errorCodeToError(std::error_code(errno, std::generic_category()));
    // What is written must wait for a slow reader.
    if (int flags = fcntl(descriptor, F_GETFL); flags >= 0)
      fcntl(descriptor, F_SETFL, flags & ~O_NONBLOCK);
    llvm::raw_fd_ostream stream(descriptor, /*shouldClose=*/true);
    stream << bytes;
    stream.flush();
    error = stream.error();
    stream.clear_error();
    return llvm::errorCodeToError(error);
  }
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
