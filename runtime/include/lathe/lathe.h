/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lathe runtime: loads a compiled program and runs it.
 *
 *   lathe_program   a loaded file: immutable, shared by any number of threads
 *   lathe_instance  memory, state and bindings for running it: one thread at a
 *                   time, any number of instances per program
 *   lathe_pool      worker threads, shared by any number of instances
 *
 * Conventions
 * - A call returns a status: 0 is success, a negative number is an error.
 *   Statuses are only ever added. Where a call takes a lathe_error, it may be
 *   NULL; on failure it says what and where.
 * - Structures with `struct_bytes` are extended at their end: the caller sets
 *   it to sizeof and zeroes the rest; a field that does not exist yet reads as
 *   0. A pointer to such options may be NULL: all defaults.
 * - Nothing prints, exits, or raises signals.
 * - `Allocates` in a comment means: through the allocator of the options, or
 *   the platform's. `Blocks` means: waits for I/O or for other threads.
 *   Unless a comment says otherwise, a call neither allocates nor blocks, and
 *   different threads may use different objects freely; one program may be
 *   used by all threads.
 */
#ifndef LATHE_LATHE_H
#define LATHE_LATHE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#pragma GCC visibility push(default)
#endif

/* ---------------------------------------------------------------- statuses */

#define LATHE_OK 0
#define LATHE_ERR_ARGUMENT (-1)   /* the caller broke a rule of this header */
#define LATHE_ERR_MEMORY (-2)     /* no memory, block too small, or over a limit */
#define LATHE_ERR_IO (-3)         /* the operating system reported an error */
#define LATHE_ERR_NOT_FOUND (-4)  /* no such file, method, tensor or data */
#define LATHE_ERR_ALIGNMENT (-5)  /* memory of the caller is not aligned */
#define LATHE_ERR_FORMAT (-6)     /* not a Lathe file, truncated, or damaged */
#define LATHE_ERR_VERSION (-7)    /* made for another format or kernel ABI */
#define LATHE_ERR_DIGEST (-8)     /* bytes do not match their SHA-256 */
#define LATHE_ERR_METADATA (-9)   /* the metadata breaks a rule of the format */
#define LATHE_ERR_LIMIT (-10)     /* a limit of limits.h is exceeded */
#define LATHE_ERR_TOO_LARGE (-11) /* more than this host can address */
#define LATHE_ERR_UNSUPPORTED (-12) /* needs a device, CPU or feature not here */
#define LATHE_ERR_CODE_NOT_AUTHORIZED (-13) /* see lathe_options */
#define LATHE_ERR_CODE_FORBIDDEN (-14) /* the system refuses executable memory */
#define LATHE_ERR_WEIGHTS (-15)   /* weights file missing or of another program */
#define LATHE_ERR_SHAPE (-16)     /* rank, dimension or range of an input */
#define LATHE_ERR_ASSUMPTION (-17) /* sizes break an assumption of the model */
#define LATHE_ERR_SIZE (-18)      /* a size overflows or leaves its region */
#define LATHE_ERR_UNBOUND (-19)   /* an input or output has no memory */
#define LATHE_ERR_INDEX (-20)     /* an index in the data was out of range */
#define LATHE_ERR_KERNEL (-21)    /* a kernel reported another failure */
#define LATHE_ERR_CANCELLED (-22) /* lathe_cancel */
#define LATHE_ERR_INSTRUCTION_LIMIT (-23) /* instructions_max was reached */
#define LATHE_ERR_STATE_DIRTY (-24) /* a run failed midway: reset or load first */
#define LATHE_ERR_BUSY (-25)      /* a submitted run has not been waited for */
#define LATHE_ERR_DEVICE (-26)    /* the device failed */

#define LATHE_NONE 0xffffffffu /* "no such index" in uint32_t fields */

/* Filled on failure only. Not extended: the text is what grows. */
typedef struct lathe_error {
  int32_t status;
  uint32_t method;      /* LATHE_NONE when it does not apply */
  uint32_t instruction; /* LATHE_NONE when it does not apply */
  char text[256];       /* one sentence, zero-terminated */
} lathe_error;

/* ----------------------------------------------------------------- version */

#define LATHE_VERSION_MAJOR 0u
#define LATHE_VERSION_MINOR 1u
#define LATHE_VERSION_PATCH 0u

/* major << 16 | minor << 8 | patch of the library. Never fails. */
uint32_t lathe_version(void);
/* "0.1.0 (format 1.0, kernel abi 1)". Static storage. Never fails. */
const char *lathe_version_text(void);
/* "LATHE_ERR_SHAPE"; "LATHE_ERR_?" for an unknown number. Static storage. */
const char *lathe_status_name(int32_t status);

/* ------------------------------------------------------------------ memory */

/* align is a power of two. alloc returns NULL on failure. Both may be called
 * from any thread that calls an allocating function. */
typedef struct lathe_allocator {
  uint32_t struct_bytes;
  void *ctx;
  void *(*alloc)(void *ctx, size_t bytes, size_t align);
  void (*free)(void *ctx, void *block, size_t bytes);
} lathe_allocator;

/* ---------------------------------------------------------------- programs */

typedef struct lathe_program lathe_program;

#define LATHE_COPY_WEIGHTS 1u   /* read weights into memory instead of mapping */
#define LATHE_TRUST_CODE 2u     /* run the program's machine code */
#define LATHE_VERIFY_WEIGHTS 4u /* hash every segment at open */

#define LATHE_LOG_INFO 0u
#define LATHE_LOG_WARNING 1u

typedef struct lathe_options {
  uint32_t struct_bytes;
  uint32_t flags;
  const lathe_allocator *allocator; /* copied; NULL: the platform's */
  /* Returns nonzero when machine code of the program with this digest (32
   * bytes: SHA-256 over all of it) may run. Without it and without
   * LATHE_TRUST_CODE a program that holds code is refused. */
  int32_t (*authorize_code)(void *ctx, const uint8_t *digest);
  void *authorize_ctx;
  const char *weights_path;       /* NULL: <stem>.lathew beside the program */
  uint64_t metadata_bytes_max;    /* 0: LATHE_MAX_METADATA_BYTES */
  uint64_t cpu_features_disabled; /* bits of isa_features.h not to be used */
  void (*log)(void *ctx, uint32_t level, const char *text);
  void *log_ctx;
} lathe_options;

/* Opens a regular file. The weights stay mapped, private and read-only: if
 * another process truncates the file while it is open, reading them raises
 * SIGBUS; LATHE_COPY_WEIGHTS avoids that. A sidecar is looked for only at
 * options.weights_path or beside the program, never at a path that the file
 * names. Allocates. Blocks on file I/O. */
int32_t lathe_program_open_file(const char *path, const lathe_options *options,
                                lathe_program **program, lathe_error *error);

/* The bytes are borrowed until the program's last reference is gone and must
 * not change. Unless they start at a multiple of 64 they are copied, when
 * options name an allocator, or refused with LATHE_ERR_ALIGNMENT. A sidecar is
 * opened from options.weights_path. Allocates. */
int32_t lathe_program_open_memory(const void *bytes, size_t byte_count,
                                  const lathe_options *options,
                                  lathe_program **program, lathe_error *error);

/* What a statically linked program consists of; generated by lathec. */
typedef struct lathe_static_segment {
  const void *data; /* 64-byte aligned */
  size_t bytes;
} lathe_static_segment;

typedef struct lathe_static_model {
  uint32_t struct_bytes;
  uint32_t kernel_abi;  /* LATHE_KERNEL_ABI_VERSION of the kernels */
  const void *metadata; /* 8-byte aligned */
  size_t metadata_bytes;
  const lathe_static_segment *weights; /* per weight slot */
  uint32_t weight_count;
  uint32_t kernel_count;
  const void *const *kernels; /* functions of type lathe_kernel_fn */
  uint8_t digest[32];         /* of the program file */
} lathe_static_model;

/* Bytes of `memory` that lathe_program_open_static needs for this model, or a
 * negative status. Verifies the metadata. */
int64_t lathe_static_memory_needed(const lathe_static_model *model,
                                   lathe_error *error);

/* Opens a linked program. Allocates nothing: the program lives in `memory`
 * (aligned to 64); model, what it points to and memory are borrowed until the
 * last reference is gone. */
int32_t lathe_program_open_static(const lathe_static_model *model, void *memory,
                                  size_t memory_bytes,
                                  const lathe_options *options,
                                  lathe_program **program, lathe_error *error);

/* Drops the caller's reference; instances keep theirs. NULL is ignored. */
void lathe_program_close(lathe_program *program);

/* Hashes every segment, also those of the sidecar. Blocks on file I/O. */
int32_t lathe_program_verify_weights(const lathe_program *program,
                                     lathe_error *error);

/* 32 bytes that identify the program. */
const uint8_t *lathe_program_digest(const lathe_program *program);

/* A text such as "raw_x86_64 x86-64-v3": the code that was chosen; "" when the
 * program has none. Lives as long as the program. */
const char *lathe_program_code_name(const lathe_program *program);

/* Bytes stored in the program under a name; they live as long as it does. */
int32_t lathe_program_data(const lathe_program *program, const char *name,
                           const void **data, size_t *bytes);

/* ------------------------------------------------------- methods, tensors */

/* Element types: the same numbers as in the program file. */
#define LATHE_DTYPE_I1 1u /* one byte, 0 or 1 */
#define LATHE_DTYPE_I8 2u
#define LATHE_DTYPE_I16 3u
#define LATHE_DTYPE_I32 4u
#define LATHE_DTYPE_I64 5u
#define LATHE_DTYPE_U8 6u
#define LATHE_DTYPE_U16 7u
#define LATHE_DTYPE_U32 8u
#define LATHE_DTYPE_U64 9u
#define LATHE_DTYPE_F16 10u
#define LATHE_DTYPE_BF16 11u
#define LATHE_DTYPE_F32 12u
#define LATHE_DTYPE_F64 13u
#define LATHE_DTYPE_F8E4M3 14u
#define LATHE_DTYPE_F8E5M2 15u

/* Bytes of one element, 0 for an unknown type. */
uint32_t lathe_dtype_bytes(uint32_t dtype);
/* "f32"; "?" for an unknown type. Static storage. */
const char *lathe_dtype_name(uint32_t dtype);

#define LATHE_RANK_MAX 8u

#define LATHE_INPUT 0u
#define LATHE_OUTPUT 1u
#define LATHE_STATE 2u

typedef struct lathe_method_info {
  uint32_t struct_bytes;
  uint32_t input_count;
  uint32_t output_count;
  uint32_t instruction_count;
  uint32_t kernel_call_count;
  uint32_t internal; /* 1: only called by other methods, cannot be run */
  const char *name;  /* lives as long as the program */
} lathe_method_info;

typedef struct lathe_dim_info {
  int64_t min, max; /* equal for a constant */
  int64_t multiple; /* the dimension is a multiple of it */
  const char *symbol; /* its name when the dimension is one symbol, else NULL */
} lathe_dim_info;

typedef struct lathe_tensor_info {
  uint32_t struct_bytes;
  uint32_t dtype;
  uint32_t rank;
  uint32_t align; /* of memory that is bound to it */
  const char *name;
  uint64_t bytes_max;
  lathe_dim_info dims[LATHE_RANK_MAX];
  const float *scales; /* NULL when not quantized */
  const int32_t *zero_points;
  uint32_t scale_count;
  int32_t axis; /* -1: one scale for all */
} lathe_tensor_info;

uint32_t lathe_method_count(const lathe_program *program);
/* Fills as much of info as info->struct_bytes says. */
int32_t lathe_method(const lathe_program *program, uint32_t method,
                     lathe_method_info *info);
/* Index of the method, or LATHE_NONE. */
uint32_t lathe_find_method(const lathe_program *program, const char *name);
/* kind: LATHE_INPUT, LATHE_OUTPUT, or LATHE_STATE (then method is ignored).
 * LATHE_ERR_NOT_FOUND for an index that does not exist. */
int32_t lathe_tensor_describe(const lathe_program *program, uint32_t method,
                              uint32_t kind, uint32_t index,
                              lathe_tensor_info *info);

/* --------------------------------------------------------------- executors */

/* Runs work(arg, w) for worker numbers w in [0, worker_count), number 0 on the
 * calling thread. It returns when every call that it started has returned. It
 * need not start any but number 0, and must not wait for a thread to become
 * free: all work gets done whoever comes. begin and end enclose a run that gives
 * several workers something to do, and may be NULL. */
typedef struct lathe_executor {
  uint32_t struct_bytes;
  uint32_t thread_count; /* with the caller; worker numbers stay below it */
  void *ctx;
  void (*parallel)(void *ctx, void (*work)(void *arg, uint32_t worker),
                   void *arg, uint32_t worker_count);
  void (*begin)(void *ctx);
  void (*end)(void *ctx);
} lathe_executor;

typedef struct lathe_pool lathe_pool;

/* thread_count includes the caller of lathe_run; 0: as many as the process may
 * use (affinity, cgroup quota, physical cores). Fewer threads than asked for
 * are not an error. Workers block all signals and sleep between runs. On Linux
 * they move between the CPUs that they may use, of which a caller that waits
 * for one may leave it its own for a moment (sched_setaffinity); the set is
 * restored. Allocates; creates threads. */
int32_t lathe_pool_create(uint32_t thread_count,
                          const lathe_allocator *allocator, lathe_pool **pool,
                          lathe_error *error);
/* No instance that uses it may run. Blocks until the threads have ended. */
void lathe_pool_destroy(lathe_pool *pool);
uint32_t lathe_pool_thread_count(const lathe_pool *pool);

/* --------------------------------------------------------------- instances */

typedef struct lathe_instance lathe_instance;

typedef struct lathe_memory {
  void *data; /* NULL: from the allocator */
  size_t bytes;
} lathe_memory;

/* Blocks of an instance, each aligned to LATHE_MEMORY_ALIGNMENT. */
#define LATHE_MEMORY_ARENA 0u       /* activations */
#define LATHE_MEMORY_STATE 1u
#define LATHE_MEMORY_BOOKKEEPING 2u
#define LATHE_MEMORY_SCRATCH 3u     /* all threads together */
#define LATHE_MEMORY_IO 4u          /* inputs and outputs the runtime owns */
#define LATHE_MEMORY_COUNT 5u
#define LATHE_MEMORY_ALIGNMENT 64u

typedef struct lathe_symbol_max {
  const char *name; /* every symbol of this name, in all methods */
  int64_t max;
} lathe_symbol_max;

/* The runtime owns memory for inputs and outputs that are not bound. */
#define LATHE_OWN_IO 1u

typedef struct lathe_instance_options {
  uint32_t struct_bytes;
  uint32_t flags;
  const lathe_allocator *allocator; /* copied; NULL: that of the program */
  lathe_pool *pool;                 /* NULL and no executor: one thread */
  const lathe_executor *executor;   /* copied; used when pool is NULL */
  const lathe_symbol_max *symbol_max; /* promise of smaller sizes: less arena */
  uint32_t symbol_max_count;
  uint32_t reserved;
  uint64_t memory_bytes_max; /* 0: no limit; all blocks together */
  uint64_t instructions_max; /* of one run; 0: no limit */
  lathe_memory memory[LATHE_MEMORY_COUNT]; /* borrowed until destroy */
} lathe_instance_options;

typedef struct lathe_memory_needs {
  uint32_t struct_bytes;
  uint32_t alignment;
  uint64_t bytes[LATHE_MEMORY_COUNT];
  uint64_t scratch_bytes_per_thread;
  uint64_t device_bytes;
} lathe_memory_needs;

/* What lathe_instance_create would use with these options. */
int32_t lathe_memory_needed(const lathe_program *program,
                            const lathe_instance_options *options,
                            lathe_memory_needs *needs, lathe_error *error);

/* State and runtime-owned inputs and outputs are zeroed, then state gets its
 * initial values. Takes a reference to the program. Nothing after it allocates.
 * Allocates. */
int32_t lathe_instance_create(lathe_program *program,
                              const lathe_instance_options *options,
                              lathe_instance **instance, lathe_error *error);
/* Frees what create allocated. Nothing may be running. NULL is ignored. */
void lathe_instance_destroy(lathe_instance *instance);

/* A dense row-major tensor in memory of the caller. */
typedef struct lathe_tensor {
  uint32_t struct_bytes;
  uint32_t rank;
  void *data;   /* aligned to the element; never written for an input */
  size_t bytes; /* at least what dims need; for an output its capacity */
  int64_t dims[LATHE_RANK_MAX];
} lathe_tensor;

/* Binds memory to an input or output; borrowed until rebound or destroyed.
 * data NULL: the runtime's own memory (LATHE_OWN_IO), of which
 * lathe_tensor_get gives the address. For an output, rank and dims are ignored:
 * they follow from the inputs. An output may not overlap another bound tensor
 * of the method unless the program declares that pair as aliased; checked by
 * lathe_prepare. */
int32_t lathe_bind(lathe_instance *instance, uint32_t method, uint32_t kind,
                   uint32_t index, const lathe_tensor *tensor,
                   lathe_error *error);

/* Solves the symbols from the bound inputs and checks every size and offset.
 * Outputs may still be unbound; afterwards lathe_tensor_get tells their
 * dimensions. lathe_run calls it when bindings changed. */
int32_t lathe_prepare(lathe_instance *instance, uint32_t method,
                      lathe_error *error);

/* Runs a method. Errors found before its first instruction leave state
 * untouched; a later one makes every run fail with LATHE_ERR_STATE_DIRTY until
 * lathe_state_reset or lathe_state_load, if the program has state. Blocks. */
int32_t lathe_run(lathe_instance *instance, uint32_t method,
                  lathe_error *error);

/* Current address and dimensions of an input or output. Dimensions that depend
 * on data are those of the last run. LATHE_ERR_UNBOUND before dimensions are
 * known. */
int32_t lathe_tensor_get(const lathe_instance *instance, uint32_t method,
                         uint32_t kind, uint32_t index, lathe_tensor *tensor);

/* One run in flight per instance; on the CPU it completes inside submit, whose
 * status then says only whether it was accepted. wait returns the run's own. */
int32_t lathe_submit(lathe_instance *instance, uint32_t method,
                     uint64_t *ticket, lathe_error *error);
int32_t lathe_wait(lathe_instance *instance, uint64_t ticket,
                   uint64_t timeout_ns, lathe_error *error);

/* Makes the current run end with LATHE_ERR_CANCELLED, seen between kernels. The
 * only call allowed from another thread or a signal handler. Without a run in
 * progress it has no effect. */
void lathe_cancel(lathe_instance *instance);

/* ------------------------------------------------------------------- state */

/* Initial values again. */
int32_t lathe_state_reset(lathe_instance *instance);
/* Size of a saved state, header included. */
size_t lathe_state_bytes(const lathe_instance *instance);
/* Copies all state, with the program's digest. LATHE_ERR_MEMORY when bytes is
 * less than lathe_state_bytes. LATHE_ERR_STATE_DIRTY after a failed run. */
int32_t lathe_state_save(const lathe_instance *instance, void *data,
                         size_t bytes);
/* The bytes may come from anywhere: they are refused unless they were saved
 * with the same program; state is untouched then. */
int32_t lathe_state_load(lathe_instance *instance, const void *data,
                         size_t bytes, lathe_error *error);

/* --------------------------------------------------------------- profiling */

typedef struct lathe_profile_event {
  uint32_t struct_bytes;
  uint32_t method;
  uint32_t instruction;
  uint32_t tiles;
  uint32_t workers; /* most threads that could take part */
  uint32_t reserved;
  const char *kernel; /* name; lives as long as the program */
  uint64_t begin_ns, end_ns; /* monotonic clock */
} lathe_profile_event;

/* Called after each kernel, on the thread that runs; NULL switches it off. */
int32_t lathe_profile_set(lathe_instance *instance,
                          void (*callback)(void *ctx,
                                           const lathe_profile_event *event),
                          void *ctx);

/* ----------------------------------------------------------------- devices */

typedef struct lathe_device_info {
  uint32_t struct_bytes;
  uint32_t kind;     /* 0: CPU */
  uint64_t features; /* bits of isa_features.h */
  const char *name;  /* static storage */
} lathe_device_info;

uint32_t lathe_device_count(void);
int32_t lathe_device(uint32_t index, lathe_device_info *info);

#if defined(__GNUC__)
#pragma GCC visibility pop
#endif

#ifdef __cplusplus
}
#endif

#endif /* LATHE_LATHE_H */
