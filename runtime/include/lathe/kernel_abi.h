/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The binary interface between compiled kernels and whatever runs them.
 *
 * This header stands alone: it is all that a kernel's author, the compiler or
 * another runtime needs. A structure changes only by taking fields from its
 * reserved tail; any other change raises LATHE_KERNEL_ABI_VERSION, and a
 * program built for another version is refused.
 *
 * A kernel
 * - is a pure function of its buffers and sizes, re-entrant, without static
 *   mutable data or thread-local storage; it imports nothing;
 * - runs tiles [tile_begin, tile_end) of the call. Any partition of a call's
 *   tiles, in any order, on any threads, gives identical bytes: no tile reads
 *   what another tile of the same call writes;
 * - never traps and never leaves its buffers, whatever the data: an index out
 *   of range is clamped and reported by lathe_kernel_report();
 * - may read, not write, up to LATHE_READ_SLACK_BYTES behind a buffer that is
 *   not an input or output of the method; it touches no byte outside those;
 * - uses at most LATHE_KERNEL_STACK_BYTES of stack on hosts;
 * - expects round-to-nearest-even, denormals kept, exceptions masked, and
 *   leaves that environment as it found it.
 */
#ifndef LATHE_KERNEL_ABI_H
#define LATHE_KERNEL_ABI_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define LATHE_KERNEL_ABI_VERSION 1u

/* Alignment of the arena, weight and state regions and of scratch. */
#define LATHE_REGION_ALIGNMENT 64u
/* Readable bytes behind every buffer that lies in those regions. */
#define LATHE_READ_SLACK_BYTES 64u
#define LATHE_KERNEL_STACK_BYTES 16384u

/* Values of the status word. 0 means that nothing went wrong. */
#define LATHE_KERNEL_OK 0u
#define LATHE_KERNEL_INDEX_OUT_OF_RANGE 1u
#define LATHE_KERNEL_BAD_SIZE 2u

/* What the host offers to kernels; append-only, `bytes` says how much of it
 * there is. Kernels may be called without. */
typedef struct lathe_kernel_services {
  uint32_t version;
  uint32_t bytes;
  void *ctx;
  void (*trace_begin)(void *ctx, uint32_t id);
  void (*trace_end)(void *ctx, uint32_t id);
} lathe_kernel_services;

/* What one call passes. Built when sizes are known, constant while tiles run. */
typedef struct lathe_kernel_args {
  /* Base addresses: inputs, then outputs, weights, state, each in the order of
   * the kernel's argument list, aligned as that list says. */
  void *const *buffers;
  /* Values of the symbols that the kernel takes, in declaration order. */
  const intptr_t *sizes;
  /* Status word, shared by all threads of the run; written only on failure. */
  uint32_t *status;
  /* NULL when the host offers no services. */
  const lathe_kernel_services *services;
  uint32_t buffer_count;
  uint32_t size_count;
  uint32_t tile_count; /* of the whole call */
  uint32_t reserved;
} lathe_kernel_args;

/* scratch: private to the calling thread for the length of the call,
 * LATHE_REGION_ALIGNMENT aligned, at least the kernel's scratch_bytes, contents
 * undefined; NULL only when the kernel needs none. tile_begin < tile_end. */
typedef void (*lathe_kernel_fn)(const lathe_kernel_args *args,
                                uint32_t tile_begin, uint32_t tile_end,
                                void *scratch);

/* Byte offsets that code generators rely on; 64-bit hosts first. */
#if UINTPTR_MAX > 0xffffffffu
#define LATHE_KERNEL_ARGS_BUFFERS_OFFSET 0
#define LATHE_KERNEL_ARGS_SIZES_OFFSET 8
#define LATHE_KERNEL_ARGS_STATUS_OFFSET 16
#define LATHE_KERNEL_ARGS_SERVICES_OFFSET 24
#define LATHE_KERNEL_ARGS_BUFFER_COUNT_OFFSET 32
#define LATHE_KERNEL_ARGS_SIZE_COUNT_OFFSET 36
#define LATHE_KERNEL_ARGS_TILE_COUNT_OFFSET 40
#define LATHE_KERNEL_ARGS_BYTES 48
#else
#define LATHE_KERNEL_ARGS_BUFFERS_OFFSET 0
#define LATHE_KERNEL_ARGS_SIZES_OFFSET 4
#define LATHE_KERNEL_ARGS_STATUS_OFFSET 8
#define LATHE_KERNEL_ARGS_SERVICES_OFFSET 12
#define LATHE_KERNEL_ARGS_BUFFER_COUNT_OFFSET 16
#define LATHE_KERNEL_ARGS_SIZE_COUNT_OFFSET 20
#define LATHE_KERNEL_ARGS_TILE_COUNT_OFFSET 24
#define LATHE_KERNEL_ARGS_BYTES 32
#endif

#ifdef __cplusplus
#define LATHE_ABI_ASSERT(condition, text) static_assert(condition, text)
#elif defined(__STDC_VERSION__) && __STDC_VERSION__ >= 201112L
#define LATHE_ABI_ASSERT(condition, text) _Static_assert(condition, text)
#else
#define LATHE_ABI_JOIN2(a, b) a##b
#define LATHE_ABI_JOIN(a, b) LATHE_ABI_JOIN2(a, b)
#define LATHE_ABI_ASSERT(condition, text)                                      \
  typedef char LATHE_ABI_JOIN(lathe_abi_assert_, __LINE__)[(condition) ? 1 : -1]
#endif

LATHE_ABI_ASSERT(sizeof(void *) == sizeof(intptr_t), "flat pointers");
LATHE_ABI_ASSERT(sizeof(lathe_kernel_args) == LATHE_KERNEL_ARGS_BYTES,
                 "size of lathe_kernel_args");
LATHE_ABI_ASSERT(sizeof(lathe_kernel_args) <= 64, "one cache line");
LATHE_ABI_ASSERT(offsetof(lathe_kernel_args, buffers) ==
                     LATHE_KERNEL_ARGS_BUFFERS_OFFSET, "offset of buffers");
LATHE_ABI_ASSERT(offsetof(lathe_kernel_args, sizes) ==
                     LATHE_KERNEL_ARGS_SIZES_OFFSET, "offset of sizes");
LATHE_ABI_ASSERT(offsetof(lathe_kernel_args, status) ==
                     LATHE_KERNEL_ARGS_STATUS_OFFSET, "offset of status");
LATHE_ABI_ASSERT(offsetof(lathe_kernel_args, services) ==
                     LATHE_KERNEL_ARGS_SERVICES_OFFSET, "offset of services");
LATHE_ABI_ASSERT(offsetof(lathe_kernel_args, buffer_count) ==
                     LATHE_KERNEL_ARGS_BUFFER_COUNT_OFFSET,
                 "offset of buffer_count");
LATHE_ABI_ASSERT(offsetof(lathe_kernel_args, size_count) ==
                     LATHE_KERNEL_ARGS_SIZE_COUNT_OFFSET,
                 "offset of size_count");
LATHE_ABI_ASSERT(offsetof(lathe_kernel_args, tile_count) ==
                     LATHE_KERNEL_ARGS_TILE_COUNT_OFFSET,
                 "offset of tile_count");

/* Records a failure from inside a kernel written in C; compiled kernels emit
 * the same relaxed store. The last writer wins. */
#if defined(__GNUC__)
static inline void lathe_kernel_report(const lathe_kernel_args *args,
                                       uint32_t code) {
  __atomic_store_n(args->status, code, __ATOMIC_RELAXED);
}
#endif

#ifdef __cplusplus
}
#endif

#endif /* LATHE_KERNEL_ABI_H */
