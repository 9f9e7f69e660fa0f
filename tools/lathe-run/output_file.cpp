// SPDX-License-Identifier: Apache-2.0
#include "tools/lathe-run/output_file.h"

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace lathe::run {

namespace {

bool refuse(std::string *reason, const std::string &path, const std::string &why) {
  *reason = "cannot write '" + path + "': " + why;
  return false;
}

/// A device or a pipe. Without a reader, an ordinary open of a pipe waits for
/// one for ever.
int open_in_place(const std::string &path, std::string *why) {
  int descriptor = open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (descriptor < 0)
    *why = errno == ENXIO ? "no process reads from this pipe" : strerror(errno);
  // What is written must wait for a slow reader.
  else if (int flags = fcntl(descriptor, F_GETFL); flags >= 0)
    fcntl(descriptor, F_SETFL, flags & ~O_NONBLOCK);
  return descriptor;
}

/// A new file beside `path`; neither a link nor anything else is followed.
int open_beside(const std::string &path, std::string *partial, std::string *why) {
  for (int attempt = 0; attempt < 100; ++attempt) {
    *partial = path + "." + std::to_string(getpid()) + "-" + std::to_string(attempt) + ".partial";
    int descriptor = open(partial->c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (descriptor >= 0 || errno != EEXIST) {
      *why = strerror(errno);
      return descriptor;
    }
  }
  *why = strerror(EEXIST);
  return -1;
}

/// 0, or the errno of what failed.
int write_all(int descriptor, const void *bytes, size_t count) {
  auto *next = static_cast<const uint8_t *>(bytes);
  while (count != 0) {
    ssize_t done = write(descriptor, next, count);
    if (done < 0 && errno != EINTR)
      return errno;
    if (done > 0) {
      next += done;
      count -= static_cast<size_t>(done);
    }
  }
  return 0;
}

} // namespace

std::string same_file_among(const std::string &path, const std::vector<std::string> &inputs) {
  struct stat there = {}, input = {};
  if (path == "-" || stat(path.c_str(), &there) != 0 || !S_ISREG(there.st_mode))
    return {};
  for (const std::string &candidate : inputs)
    if (stat(candidate.c_str(), &input) == 0 && input.st_dev == there.st_dev &&
        input.st_ino == there.st_ino)
      return candidate;
  return {};
}

bool write_file(const std::string &path, const void *bytes, size_t count,
                std::string *reason) {
  if (path == "-") {
    if (fwrite(bytes, 1, count, stdout) != count || fflush(stdout) != 0)
      return refuse(reason, path, strerror(errno));
    return true;
  }
  struct stat there;
  bool in_place = stat(path.c_str(), &there) == 0 && !S_ISREG(there.st_mode);
  std::string partial, why;
  int descriptor = in_place ? open_in_place(path, &why) : open_beside(path, &partial, &why);
  if (descriptor < 0)
    return refuse(reason, path, why);
  int failure = write_all(descriptor, bytes, count);
  if (close(descriptor) != 0 && failure == 0)
    failure = errno;
  if (failure == 0 && !in_place && rename(partial.c_str(), path.c_str()) != 0)
    failure = errno;
  if (failure == 0)
    return true;
  if (!in_place)
    unlink(partial.c_str());
  return refuse(reason, path, strerror(failure));
}

} // namespace lathe::run
