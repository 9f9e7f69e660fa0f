/* SPDX-License-Identifier: Apache-2.0 */
#include "test/runtime/image_kernels.h"

/* Only this section is copied into a program: code here may refer to nothing
 * outside it, and so holds no constant that a compiler would put into .rodata.
 * The test runtime.image_kernels_refer_to_nothing looks. */
#define IMAGE __attribute__((section("lathe_image"), used, noinline))

IMAGE LATHE_TEST_KERNEL(kernel_add) {
  const int32_t *a = args->buffers[0], *b = args->buffers[1];
  int32_t *c = args->buffers[2];
  (void)scratch;
  for (uint32_t t = tile_begin; t < tile_end; ++t)
    c[t] = (int32_t)((uint32_t)a[t] + (uint32_t)b[t]);
}

IMAGE LATHE_TEST_KERNEL(kernel_scale) {
  const int32_t *a = args->buffers[0], *w = args->buffers[2];
  int32_t *c = args->buffers[1];
  uint32_t k = (uint32_t)args->sizes[0];
  (void)scratch;
  for (uint32_t t = tile_begin; t < tile_end; ++t)
    c[t] = (int32_t)((uint32_t)a[t] * (uint32_t)w[t % k]);
}

IMAGE LATHE_TEST_KERNEL(kernel_gather) {
  const int32_t *index = args->buffers[0], *w = args->buffers[2];
  int32_t *c = args->buffers[1];
  uint32_t k = (uint32_t)args->sizes[0];
  (void)scratch;
  for (uint32_t t = tile_begin; t < tile_end; ++t) {
    uint32_t i = (uint32_t)index[t];
    if (i >= k) {
      i = k - 1;
      lathe_kernel_report(args, LATHE_KERNEL_INDEX_OUT_OF_RANGE);
    }
    c[t] = w[i];
  }
}

IMAGE LATHE_TEST_KERNEL(kernel_accumulate) {
  const int32_t *a = args->buffers[0];
  int32_t *c = args->buffers[1], *s = args->buffers[2];
  (void)scratch;
  for (uint32_t t = tile_begin; t < tile_end; ++t) {
    s[t] = (int32_t)((uint32_t)s[t] + (uint32_t)a[t]);
    c[t] = s[t];
  }
}

IMAGE LATHE_TEST_KERNEL(kernel_count_down) {
  int32_t *counter = args->buffers[0];
  uint8_t *flag = args->buffers[1];
  (void)scratch;
  (void)tile_begin;
  (void)tile_end;
  counter[0] -= 1;
  flag[0] = counter[0] > 0;
}

IMAGE LATHE_TEST_KERNEL(kernel_row_sum) {
  const float *a = args->buffers[0];
  float *c = args->buffers[1];
  float *copy = scratch;
  uint32_t k = (uint32_t)args->sizes[0];
  /* 1.5 as its bits, through memory: a literal would be a load from .rodata. */
  volatile union {
    uint32_t bits;
    float value;
  } factor;
  factor.bits = 0x3fc00000u;
  float by = factor.value;
  for (uint32_t t = tile_begin; t < tile_end; ++t) {
    for (uint32_t i = 0; i < k; ++i)
      copy[i] = a[t * k + i] * by;
    float sum = 0;
    for (uint32_t i = 0; i < k; ++i)
      sum += copy[i];
    c[t] = sum;
  }
}

IMAGE LATHE_TEST_KERNEL(kernel_busy) {
  int32_t *c = args->buffers[0];
  (void)scratch;
  for (uint32_t t = tile_begin; t < tile_end; ++t) {
    uint32_t x = t;
    for (uint32_t i = 0; i < 20000; ++i)
      x = x * 1664525u + 1013904223u;
    c[t] = (int32_t)(x + t);
  }
}

IMAGE LATHE_TEST_KERNEL(kernel_fail) {
  (void)tile_begin;
  (void)tile_end;
  (void)scratch;
  lathe_kernel_report(args, 7);
}
