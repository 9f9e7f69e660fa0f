// SPDX-License-Identifier: Apache-2.0
// What the core asks of the operating system: the whole port of the runtime,
// together with a backend that runs kernels (backend.h).
#ifndef LATHE_RUNTIME_CORE_PLATFORM_H
#define LATHE_RUNTIME_CORE_PLATFORM_H

#include "runtime/include/lathe/lathe.h"

namespace lathe::platform {

/// The heap of the host, NULL where there is none.
const lathe_allocator *default_allocator();

/// Monotonic clock.
uint64_t now_ns();

/// A regular file, open for reading.
struct file {
  int descriptor = -1;
  uint64_t bytes = 0;
  const uint8_t *mapping = nullptr; // all of it, after file_map
};

/// LATHE_ERR_NOT_FOUND, LATHE_ERR_IO, or LATHE_ERR_FORMAT when it is not a
/// regular file.
int32_t file_open(const char *path, file *opened, lathe_error *error);
/// Reads exactly `bytes`; fewer is an error.
int32_t file_read(const file &source, uint64_t offset, void *destination,
                  size_t bytes, lathe_error *error);
/// Maps the whole file, private and read-only.
int32_t file_map(file *source, lathe_error *error);
/// Unmaps and closes; harmless on a file that is not open.
void file_close(file *source);

} // namespace lathe::platform

#endif // LATHE_RUNTIME_CORE_PLATFORM_H
