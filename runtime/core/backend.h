// SPDX-License-Identifier: Apache-2.0
// What the core asks of the processor that runs kernels.
#ifndef LATHE_RUNTIME_CORE_BACKEND_H
#define LATHE_RUNTIME_CORE_BACKEND_H

#include "runtime/include/lathe/lathe.h"

namespace lathe::backend {

/// The machine's image format (ImageFormat of the schema; none where images
/// cannot be loaded) and the features it has, with the operating system's
/// support of their registers.
struct cpu_description {
  uint8_t image_format;
  uint64_t features;
  uint64_t features_known; // bits that this library can test for
  const char *name;
};
cpu_description describe_cpu();

/// Bytes of code that can be executed.
struct code_image {
  void *base = nullptr;
  size_t mapped_bytes = 0;
};

/// Brings an image to memory in steps, so that what is hashed is what runs:
/// image_reserve gives writable memory; the caller fills it and checks it;
/// image_seal makes it executable and no longer writable. Its address may
/// change.
int32_t image_reserve(size_t bytes, code_image *image, lathe_error *error);
int32_t image_seal(code_image *image, size_t bytes, lathe_error *error);
void image_release(code_image *image);

/// Sets what kernels expect (kernel_abi.h) and returns what was set before.
uint64_t float_environment_enter();
void float_environment_leave(uint64_t saved);

} // namespace lathe::backend

#endif // LATHE_RUNTIME_CORE_BACKEND_H
