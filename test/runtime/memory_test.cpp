// SPDX-License-Identifier: Apache-2.0
// Memory: what fails when an allocation fails, nothing allocated after load,
// nothing touched outside what was bound, systems that forbid executable
// memory, and the floating-point environment.
#include "runtime/include/lathe/kernel_abi.h"
#include "test/runtime/program_builder.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cerrno>
#include <cfenv>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <pthread.h>
#include <sys/mman.h>
#include <unistd.h>

// ----------------------------------------------------------- counted symbols
// The linker sends the runtime's calls here (--wrap).
namespace {
int fail_mmap_after = -1, fail_mprotect = 0, fail_memfd = 0, fail_threads_after = -1;
size_t largest_read = SIZE_MAX, largest_stack = 0;
std::atomic<size_t> heap_calls{0}, lock_calls{0}; // of any thread
} // namespace

extern "C" {
void *__real_mmap(void *, size_t, int, int, int, off_t);
int __real_mprotect(void *, size_t, int);
int __real_memfd_create(const char *, unsigned);
ssize_t __real_pread(int, void *, size_t, off_t);
int __real_posix_memalign(void **, size_t, size_t);
void *__real_malloc(size_t);
void *__real_calloc(size_t, size_t);
void *__real_realloc(void *, size_t);
int __real_pthread_mutex_lock(pthread_mutex_t *);
int __real_pthread_create(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);

void *__wrap_mmap(void *address, size_t bytes, int protection, int flags, int descriptor, off_t offset) {
  ++heap_calls;
  if (fail_mmap_after >= 0 && fail_mmap_after-- == 0) {
    errno = ENOMEM;
    return MAP_FAILED;
  }
  return __real_mmap(address, bytes, protection, flags, descriptor, offset);
}
int __wrap_mprotect(void *address, size_t bytes, int protection) {
  if (fail_mprotect) {
    errno = EACCES;
    return -1;
  }
  return __real_mprotect(address, bytes, protection);
}
int __wrap_memfd_create(const char *name, unsigned flags) {
  if (fail_memfd) {
    errno = EPERM;
    return -1;
  }
  return __real_memfd_create(name, flags);
}
ssize_t __wrap_pread(int descriptor, void *data, size_t bytes, off_t offset) {
  return __real_pread(descriptor, data, bytes < largest_read ? bytes : largest_read, offset);
}
int __wrap_posix_memalign(void **block, size_t align, size_t bytes) {
  ++heap_calls;
  return __real_posix_memalign(block, align, bytes);
}
void *__wrap_malloc(size_t bytes) {
  ++heap_calls;
  return __real_malloc(bytes);
}
void *__wrap_calloc(size_t count, size_t bytes) {
  ++heap_calls;
  return __real_calloc(count, bytes);
}
void *__wrap_realloc(void *block, size_t bytes) {
  ++heap_calls;
  return __real_realloc(block, bytes);
}
int __wrap_pthread_mutex_lock(pthread_mutex_t *mutex) {
  ++lock_calls;
  return __real_pthread_mutex_lock(mutex);
}
int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*entry)(void *), void *arg) {
  size_t bytes = 0;
  if (attributes && pthread_attr_getstacksize(attributes, &bytes) == 0 && bytes > largest_stack)
    largest_stack = bytes;
  if (fail_threads_after >= 0 && fail_threads_after-- == 0)
    return EAGAIN;
  return __real_pthread_create(thread, attributes, entry, arg);
}
}

namespace lathe::test {
namespace {

/// Fails at the given call; checks that every block is freed with its size.
struct counting_heap {
  int calls = 0, fail_at = -1;
  std::vector<std::pair<void *, size_t>> blocks;

  lathe_allocator allocator() {
    return {sizeof(lathe_allocator), this,
            [](void *ctx, size_t bytes, size_t align) -> void * {
              auto *self = static_cast<counting_heap *>(ctx);
              if (self->calls++ == self->fail_at)
                return nullptr;
              void *block = aligned_alloc(align, (bytes + align - 1) / align * align);
              self->blocks.emplace_back(block, bytes);
              return block;
            },
            [](void *ctx, void *block, size_t bytes) {
              auto *self = static_cast<counting_heap *>(ctx);
              for (auto &held : self->blocks)
                if (held.first == block) {
                  EXPECT_EQ(held.second, bytes);
                  held = self->blocks.back();
                  self->blocks.pop_back();
                  free(block);
                  return;
                }
              ADD_FAILURE() << "freed a block that is not there";
            }};
  }
};

std::string write_temporary(const bytes &content) {
  char path[] = "/tmp/lathe_memory_XXXXXX";
  int descriptor = mkstemp(path);
  EXPECT_EQ(write(descriptor, content.data(), content.size()), static_cast<ssize_t>(content.size()));
  close(descriptor);
  return path;
}

int32_t open_and_create(const std::string &path, const lathe_allocator &allocator, uint32_t flags) {
  lathe_options options = {};
  options.struct_bytes = sizeof(options);
  options.flags = LATHE_TRUST_CODE | flags;
  options.allocator = &allocator;
  lathe_program *program = nullptr;
  lathe_error error = {};
  int32_t status = lathe_program_open_file(path.c_str(), &options, &program, &error);
  if (status != LATHE_OK)
    return status;
  lathe_instance_options instance_options = {};
  instance_options.struct_bytes = sizeof(instance_options);
  instance_options.flags = LATHE_OWN_IO;
  lathe_instance *instance = nullptr;
  status = lathe_instance_create(program, &instance_options, &instance, &error);
  lathe_pool *pool = nullptr;
  if (status == LATHE_OK)
    status = lathe_pool_create(2, &allocator, &pool, &error);
  lathe_pool_destroy(pool);
  lathe_instance_destroy(instance);
  lathe_program_close(program);
  return status;
}

TEST(Memory, EveryAllocationMayFail) {
  program_source source = dynamic_program();
  std::string path = write_temporary(pack_file(source));
  for (uint32_t flags : {0u, LATHE_COPY_WEIGHTS}) {
    int failures = 0;
    for (int n = 0;; ++n) {
      counting_heap heap;
      heap.fail_at = n;
      int32_t status = open_and_create(path, heap.allocator(), flags);
      EXPECT_TRUE(heap.blocks.empty()) << "a leak when allocation " << n << " fails";
      if (status == LATHE_OK)
        break;
      EXPECT_EQ(status, LATHE_ERR_MEMORY);
      ++failures;
    }
    EXPECT_GE(failures, 7);
  }
  unlink(path.c_str());
}

TEST(Memory, EveryMappingMayFail) {
  program_source source = dynamic_program();
  std::string path = write_temporary(pack_file(source));
  int32_t expected[] = {LATHE_ERR_MEMORY, LATHE_ERR_IO, LATHE_OK}; // code, weights
  for (int n = 0; n < 3; ++n) {
    counting_heap heap;
    fail_mmap_after = n;
    EXPECT_EQ(open_and_create(path, heap.allocator(), 0), expected[n]);
    EXPECT_TRUE(heap.blocks.empty());
    fail_mmap_after = -1;
  }
  unlink(path.c_str());
}

TEST(Memory, ShortReadsAreContinued) {
  program_source source = dynamic_program();
  std::string path = write_temporary(pack_file(source));
  counting_heap heap;
  for (size_t most : {size_t{1}, size_t{7}, size_t{4096}}) {
    largest_read = most;
    EXPECT_EQ(open_and_create(path, heap.allocator(), LATHE_COPY_WEIGHTS | LATHE_VERIFY_WEIGHTS), LATHE_OK);
  }
  largest_read = SIZE_MAX;
  unlink(path.c_str());
}

TEST(Memory, SystemsThatForbidExecutableMemoryAreToldApart) {
  // Refusing mprotect alone leads to the sealed file.
  fail_mprotect = 1;
  opened sealed = open_program(static_program());
  EXPECT_EQ(sealed.status, LATHE_OK) << sealed.error.text;
  if (sealed.program)
    exercise(sealed.program.get());
  fail_memfd = 1;
  opened refused = open_program(static_program());
  EXPECT_EQ(refused.status, LATHE_ERR_CODE_FORBIDDEN);
  EXPECT_NE(std::string(refused.error.text).find("--emit=object"), std::string::npos);
  fail_mprotect = fail_memfd = 0;
}

TEST(Memory, FewerThreadsThanAskedForAreEnough) {
  opened program = open_program(static_program());
  for (int n = 0; n < 4; ++n) {
    fail_threads_after = n;
    lathe_pool *made = nullptr;
    ASSERT_EQ(lathe_pool_create(8, nullptr, &made, nullptr), LATHE_OK);
    fail_threads_after = -1;
    pool_ptr pool(made);
    EXPECT_EQ(lathe_pool_thread_count(made), static_cast<uint32_t>(n) + 1);
    lathe_instance_options options = {};
    options.pool = made;
    options.flags = LATHE_OWN_IO;
    instance_ptr instance = new_instance(program.program.get(), options);
    EXPECT_EQ(lathe_run(instance.get(), 0, nullptr), LATHE_OK);
  }
}

TEST(Memory, WorkersHaveSmallStacks) {
  largest_stack = 0;
  lathe_pool *pool = nullptr;
  ASSERT_EQ(lathe_pool_create(4, nullptr, &pool, nullptr), LATHE_OK);
  lathe_pool_destroy(pool);
  EXPECT_GT(largest_stack, 0u);
  EXPECT_LE(largest_stack, size_t{512} << 10);
}

/// What kernels find: scratch of each worker.
std::atomic<int> scratch_faults{0}, scratch_uses{0};
void check_scratch(const lathe_kernel_args *, uint32_t, uint32_t, void *scratch) {
  ++scratch_uses;
  if (reinterpret_cast<uintptr_t>(scratch) % 64 != 0)
    ++scratch_faults;
  memset(scratch, 0x5a, 4096); // sanitizers and the heap look at its end
}

TEST(Memory, EachWorkerHasAlignedScratch) {
  program_source source = new_program(true);
  f::MethodT &method = source.add_method("forward");
  method.inputs.push_back(tensor("x", f::DType::f32, {8, 4}));
  method.outputs.push_back(tensor("y", f::DType::f32, {8}));
  method_builder b(method);
  b.call(kernel::row_sum, {b.buffer(f::Region::input, 0, 128), b.buffer(f::Region::output, 0, 32)}, 8, {4}, 1000000);
  std::unique_ptr<linked> model = open_linked(std::move(source));
  const void *kernels[kernel_count];
  lathe_kernel_fn function = check_scratch;
  for (const void *&kernel : kernels)
    memcpy(&kernel, &function, sizeof(function));
  model->model.kernels = kernels;
  reopen(model.get());
  ASSERT_EQ(model->status, LATHE_OK) << model->error.text;
  lathe_pool *made = nullptr;
  ASSERT_EQ(lathe_pool_create(3, nullptr, &made, nullptr), LATHE_OK);
  pool_ptr pool(made);
  lathe_instance_options options = {};
  options.pool = made;
  options.flags = LATHE_OWN_IO;
  counting_heap heap;
  lathe_allocator allocator = heap.allocator();
  options.allocator = &allocator;
  instance_ptr instance = new_instance(model->program.get(), options);
  for (int i = 0; i < 50; ++i)
    ASSERT_EQ(lathe_run(instance.get(), 0, nullptr), LATHE_OK);
  EXPECT_GT(scratch_uses, 50);
  EXPECT_EQ(scratch_faults, 0);
}

TEST(Memory, NothingIsAllocatedOrLockedAfterLoad) {
  size_t before_load = heap_calls;
  opened program = open_program(dynamic_program());
  lathe_pool *made = nullptr;
  lathe_pool_create(2, nullptr, &made, nullptr);
  pool_ptr pool(made);
  lathe_instance_options options = {};
  options.pool = pool.get();
  counting_heap heap;
  lathe_allocator allocator = heap.allocator();
  options.allocator = &allocator;
  instance_ptr instance = new_instance(program.program.get(), options);
  std::vector<int32_t> x(64), z(64), total(64), count = {2};
  lathe_tensor scalar = {};
  scalar.struct_bytes = sizeof(scalar);
  scalar.data = count.data();
  scalar.bytes = 4;
  int calls = heap.calls;
  size_t system_calls = heap_calls, locks = lock_calls;
  EXPECT_GT(system_calls, before_load); // the counter counts
  for (int i = 0; i < 1000; ++i) {
    int64_t n = i % 12 + 1;
    std::vector<int64_t> dims; // counted apart: bind_vector's own
    lathe_tensor tensor = {};
    tensor.struct_bytes = sizeof(tensor);
    tensor.rank = 1;
    tensor.dims[0] = n;
    tensor.bytes = static_cast<size_t>(n) * 4;
    tensor.data = x.data();
    lathe_bind(instance.get(), 0, LATHE_INPUT, 0, &tensor, nullptr);
    lathe_bind(instance.get(), 0, LATHE_INPUT, 1, &scalar, nullptr);
    tensor.data = z.data();
    lathe_bind(instance.get(), 0, LATHE_OUTPUT, 0, &tensor, nullptr);
    tensor.data = total.data();
    lathe_bind(instance.get(), 0, LATHE_OUTPUT, 1, &tensor, nullptr);
    ASSERT_EQ(lathe_run(instance.get(), 0, nullptr), LATHE_OK);
  }
  EXPECT_EQ(heap.calls, calls);
  EXPECT_EQ(heap_calls, system_calls);
  EXPECT_EQ(lock_calls, locks);
  instance.reset();
  EXPECT_TRUE(heap.blocks.empty());
}

TEST(Memory, BlocksOfTheCallerAreCheckedAndUsed) {
  opened program = open_program(dynamic_program());
  lathe_memory_needs needs = {};
  needs.struct_bytes = sizeof(needs);
  lathe_instance_options options = {};
  options.struct_bytes = sizeof(options);
  options.flags = LATHE_OWN_IO;
  ASSERT_EQ(lathe_memory_needed(program.program.get(), &options, &needs, nullptr), LATHE_OK);
  EXPECT_EQ(needs.alignment, LATHE_MEMORY_ALIGNMENT);
  std::vector<aligned_bytes> blocks;
  uint64_t sum = 0;
  for (uint32_t i = 0; i < LATHE_MEMORY_COUNT; ++i) {
    blocks.emplace_back(static_cast<size_t>(needs.bytes[i]) + 64);
    options.memory[i] = {blocks[i].data(), static_cast<size_t>(needs.bytes[i])};
    sum += needs.bytes[i];
  }
  counting_heap heap;
  heap.fail_at = 0;
  lathe_allocator allocator = heap.allocator();
  options.allocator = &allocator;
  lathe_instance *instance = nullptr;
  ASSERT_EQ(lathe_instance_create(program.program.get(), &options, &instance, nullptr), LATHE_OK);
  EXPECT_EQ(heap.calls, 0);
  lathe_instance_destroy(instance);
  for (uint32_t i = 0; i < LATHE_MEMORY_COUNT; ++i) {
    if (needs.bytes[i] == 0)
      continue;
    options.memory[i].bytes -= 1;
    EXPECT_EQ(lathe_instance_create(program.program.get(), &options, &instance, nullptr), LATHE_ERR_MEMORY);
    options.memory[i].bytes += 1;
    options.memory[i].data = blocks[i].data() + 8;
    EXPECT_EQ(lathe_instance_create(program.program.get(), &options, &instance, nullptr), LATHE_ERR_ALIGNMENT);
    options.memory[i].data = blocks[i].data();
  }
  options.memory_bytes_max = sum - 1;
  EXPECT_EQ(lathe_memory_needed(program.program.get(), &options, &needs, nullptr), LATHE_ERR_MEMORY);
}

/// Pages of which the ones before and after may not be touched.
class guarded {
public:
  guarded() : page_(static_cast<size_t>(sysconf(_SC_PAGESIZE))) {
    base_ = static_cast<uint8_t *>(mmap(nullptr, 3 * page_, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    mprotect(base_ + page_, page_, PROT_READ | PROT_WRITE);
  }
  ~guarded() { munmap(base_, 3 * page_); }
  /// `bytes` that start right behind, or end right before, a forbidden page.
  void *at(bool start, size_t bytes) const { return base_ + page_ + (start ? 0 : page_ - bytes); }

private:
  size_t page_;
  uint8_t *base_;
};

TEST(Memory, InputsAndOutputsAreTouchedNowhereElse) {
  opened program = open_program(static_program());
  instance_ptr instance = new_instance(program.program.get());
  guarded x, z;
  for (bool start : {false, true}) {
    lathe_tensor tensor = {};
    tensor.struct_bytes = sizeof(tensor);
    tensor.rank = 1;
    tensor.dims[0] = 8;
    tensor.bytes = 32;
    tensor.data = x.at(start, 32);
    lathe_bind(instance.get(), 0, LATHE_INPUT, 0, &tensor, nullptr);
    tensor.data = z.at(start, 32);
    lathe_bind(instance.get(), 0, LATHE_OUTPUT, 0, &tensor, nullptr);
    EXPECT_EQ(lathe_run(instance.get(), 0, nullptr), LATHE_OK);
  }
  lathe_tensor odd = {};
  odd.struct_bytes = sizeof(odd);
  odd.rank = 1;
  odd.dims[0] = 8;
  odd.bytes = 32;
  odd.data = static_cast<uint8_t *>(x.at(true, 32)) + 2;
  EXPECT_EQ(lathe_bind(instance.get(), 0, LATHE_INPUT, 0, &odd, nullptr), LATHE_ERR_ALIGNMENT);
}

/// sums[r] of rows that show a wrong rounding mode, and of denormal numbers.
program_source sums_program(int64_t rows) {
  program_source source = new_program();
  f::MethodT &method = source.add_method("forward");
  method.inputs.push_back(tensor("x", f::DType::f32, {rows, 3}));
  method.outputs.push_back(tensor("y", f::DType::f32, {rows}));
  method_builder b(method);
  b.call(kernel::row_sum, {b.buffer(f::Region::input, 0, rows * 12), b.buffer(f::Region::output, 0, rows * 4)}, rows, {3}, 1000000);
  return source;
}

TEST(Memory, TheCallersFloatingPointEnvironmentIsKeptAndNotUsed) {
  constexpr int64_t rows = 64;
  opened program = open_program(sums_program(rows));
  lathe_pool *made = nullptr;
  ASSERT_EQ(lathe_pool_create(3, nullptr, &made, nullptr), LATHE_OK);
  pool_ptr pool(made);
  lathe_instance_options options = {};
  options.pool = made;
  instance_ptr instance = new_instance(program.program.get(), options);
  std::vector<float> x, plain(rows), changed(rows);
  for (int64_t r = 0; r < rows; ++r)
    x.insert(x.end(), {r % 2 ? 1.0f : 1e-40f, 1e-8f, -1e-9f});
  x[1] = x[2] = 0; // a sum that is denormal
  bind_vector(instance.get(), LATHE_INPUT, 0, x, {rows, 3});
  bind_vector(instance.get(), LATHE_OUTPUT, 0, plain);
  ASSERT_EQ(lathe_run(instance.get(), 0, nullptr), LATHE_OK);
  EXPECT_GT(plain[0], 0.0f);
  EXPECT_LT(plain[0], 1.2e-38f);
  bind_vector(instance.get(), LATHE_OUTPUT, 0, changed);
  ASSERT_EQ(fesetround(FE_UPWARD), 0);
#ifdef __x86_64__
  constexpr unsigned flush = 0x8040; // denormals read and written as zero
  __builtin_ia32_ldmxcsr(__builtin_ia32_stmxcsr() | flush);
#endif
  for (int i = 0; i < 20; ++i)
    ASSERT_EQ(lathe_run(instance.get(), 0, nullptr), LATHE_OK);
  EXPECT_EQ(fegetround(), FE_UPWARD);
#ifdef __x86_64__
  EXPECT_EQ(__builtin_ia32_stmxcsr() & flush, flush);
  __builtin_ia32_ldmxcsr(__builtin_ia32_stmxcsr() & ~flush);
#endif
  fesetround(FE_TONEAREST);
  EXPECT_EQ(memcmp(plain.data(), changed.data(), rows * 4), 0);
}

} // namespace
} // namespace lathe::test
