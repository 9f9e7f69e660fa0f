// SPDX-License-Identifier: Apache-2.0
// Small kernels that serve as a linked kernel table and, copied out of their
// section, as a raw code image. They are compiled without sanitizers and
// without relocations, like compiled kernels.
#ifndef LATHE_TEST_RUNTIME_IMAGE_KERNELS_H
#define LATHE_TEST_RUNTIME_IMAGE_KERNELS_H

#include "runtime/include/lathe/kernel_abi.h"

#ifdef __cplusplus
extern "C" {
#endif

#define LATHE_TEST_KERNEL(name)                                                \
  void name(const lathe_kernel_args *args, uint32_t tile_begin,                \
            uint32_t tile_end, void *scratch)

/* One tile is one element of i32 unless said otherwise. */
LATHE_TEST_KERNEL(kernel_add);        /* a, b -> c: c = a + b */
LATHE_TEST_KERNEL(kernel_scale);      /* a -> c, weight w[k], size k: c[t] = a[t] * w[t % k] */
LATHE_TEST_KERNEL(kernel_gather);     /* index -> c, weight w[k], size k; may fail */
LATHE_TEST_KERNEL(kernel_accumulate); /* a -> c, state s: s += a, c = s */
LATHE_TEST_KERNEL(kernel_count_down); /* c[0] = counter (rw), flag (i1): --c, flag = c > 0 */
LATHE_TEST_KERNEL(kernel_row_sum);    /* f32 a[t][k] -> c[t], size k, scratch 4 * k */
LATHE_TEST_KERNEL(kernel_busy);       /* -> c: writes t after some work */
LATHE_TEST_KERNEL(kernel_fail);       /* reports status 7; may fail */

extern const char __start_lathe_image[];
extern const char __stop_lathe_image[];

#ifdef __cplusplus
}
#endif

#endif // LATHE_TEST_RUNTIME_IMAGE_KERNELS_H
