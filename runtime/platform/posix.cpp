// SPDX-License-Identifier: Apache-2.0
// Heap, clock and files of a POSIX system.
#include "runtime/core/error.h"
#include "runtime/core/platform.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace lathe::platform {

using core::fail;

namespace {

void *heap_alloc(void *, size_t bytes, size_t align) {
  void *block = nullptr;
  if (align < sizeof(void *))
    align = sizeof(void *);
  return posix_memalign(&block, align, bytes) == 0 ? block : nullptr;
}

void heap_free(void *, void *block, size_t) { free(block); }

} // namespace

const lathe_allocator *default_allocator() {
  static const lathe_allocator heap = {sizeof(lathe_allocator), nullptr,
                                       heap_alloc, heap_free};
  return &heap;
}

uint64_t now_ns() {
  timespec now = {};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<uint64_t>(now.tv_sec) * 1000000000u +
         static_cast<uint64_t>(now.tv_nsec);
}

int32_t file_open(const char *path, file *opened, lathe_error *error) {
  // A FIFO would block an ordinary open for ever.
  int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0) {
    bool missing = errno == ENOENT || errno == ENOTDIR;
    return fail(error, missing ? LATHE_ERR_NOT_FOUND : LATHE_ERR_IO,
                "cannot open '%': %", path, strerror(errno));
  }
  struct stat about = {};
  if (fstat(descriptor, &about) != 0 || !S_ISREG(about.st_mode)) {
    close(descriptor);
    return fail(error, LATHE_ERR_FORMAT, "'%' is not a regular file", path);
  }
  opened->descriptor = descriptor;
  opened->bytes = static_cast<uint64_t>(about.st_size);
  return LATHE_OK;
}

int32_t file_read(const file &source, uint64_t offset, void *destination,
                  size_t bytes, lathe_error *error) {
  auto *next = static_cast<uint8_t *>(destination);
  while (bytes != 0) {
    ssize_t count =
        pread(source.descriptor, next, bytes, static_cast<off_t>(offset));
    if (count < 0 && errno == EINTR)
      continue;
    if (count < 0)
      return fail(error, LATHE_ERR_IO, "cannot read: %", strerror(errno));
    if (count == 0)
      return fail(error, LATHE_ERR_IO, "the file ends early");
    next += count;
    offset += static_cast<uint64_t>(count);
    bytes -= static_cast<size_t>(count);
  }
  return LATHE_OK;
}

int32_t file_map(file *source, lathe_error *error) {
  if (source->bytes > SIZE_MAX / 2)
    return fail(error, LATHE_ERR_TOO_LARGE,
                "the file has % bytes", source->bytes);
  void *mapping = mmap(nullptr, static_cast<size_t>(source->bytes), PROT_READ,
                       MAP_PRIVATE, source->descriptor, 0);
  if (mapping == MAP_FAILED)
    return fail(error, LATHE_ERR_IO, "cannot map: %", strerror(errno));
  source->mapping = static_cast<const uint8_t *>(mapping);
  return LATHE_OK;
}

void file_close(file *source) {
  if (source->mapping)
    munmap(const_cast<uint8_t *>(source->mapping),
           static_cast<size_t>(source->bytes));
  if (source->descriptor >= 0)
    close(source->descriptor);
  *source = {};
}

} // namespace lathe::platform
