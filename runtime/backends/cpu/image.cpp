// SPDX-License-Identifier: Apache-2.0
// Raw code images in memory: never writable and executable at once.
#include "runtime/core/backend.h"
#include "runtime/core/error.h"

#include <cerrno>
#include <cstring>
#include <sys/mman.h>
#include <unistd.h>
#ifdef __linux__
#include <fcntl.h>
#ifndef MFD_EXEC
#define MFD_EXEC 0x0010u
#endif
#endif

namespace lathe::backend {

using core::fail;

namespace {

/// A sealed, anonymous file that holds the image, for systems that refuse to
/// make a once writable mapping executable. NULL when that is refused too.
void *map_sealed(const void *code, size_t bytes) {
#ifdef __linux__
  int descriptor = memfd_create("lathe-code", MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_EXEC);
  if (descriptor < 0 && errno == EINVAL) // before Linux 6.3
    descriptor = memfd_create("lathe-code", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  if (descriptor < 0)
    return nullptr;
  auto *next = static_cast<const uint8_t *>(code);
  size_t left = bytes;
  while (left != 0) {
    ssize_t count = write(descriptor, next, left);
    if (count < 0 && errno == EINTR)
      continue;
    if (count <= 0)
      break;
    next += count;
    left -= static_cast<size_t>(count);
  }
  void *mapping = MAP_FAILED;
  if (left == 0 && fcntl(descriptor, F_ADD_SEALS,
                         F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW |
                             F_SEAL_SEAL) == 0)
    mapping = mmap(nullptr, bytes, PROT_READ | PROT_EXEC, MAP_PRIVATE,
                   descriptor, 0);
  close(descriptor);
  return mapping == MAP_FAILED ? nullptr : mapping;
#else
  (void)code;
  (void)bytes;
  return nullptr;
#endif
}

} // namespace

int32_t image_reserve(size_t bytes, code_image *image, lathe_error *error) {
  void *mapping = mmap(nullptr, bytes, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (mapping == MAP_FAILED)
    return fail(error, LATHE_ERR_MEMORY,
                "no memory for % bytes of code: %", uint64_t{bytes}, strerror(errno));
  image->base = mapping;
  image->mapped_bytes = bytes;
  return LATHE_OK;
}

int32_t image_seal(code_image *image, size_t bytes, lathe_error *error) {
  if (mprotect(image->base, bytes, PROT_READ | PROT_EXEC) != 0) {
    void *sealed = map_sealed(image->base, bytes);
    if (!sealed)
      return fail(error, LATHE_ERR_CODE_FORBIDDEN,
                  "the system forbids executable memory: link the program statically, lathec --emit=object");
    munmap(image->base, image->mapped_bytes);
    image->base = sealed;
    image->mapped_bytes = bytes;
  }
  auto *code = static_cast<char *>(image->base);
  __builtin___clear_cache(code, code + bytes);
  return LATHE_OK;
}

void image_release(code_image *image) {
  if (image->base)
    munmap(image->base, image->mapped_bytes);
  *image = {};
}

} // namespace lathe::backend
