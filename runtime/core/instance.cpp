// SPDX-License-Identifier: Apache-2.0
// Memory of an instance: how much, from where, and its initial contents.
#include "runtime/core/instance.h"

#include "runtime/core/block_writer.h"
#include "runtime/core/checked.h"
#include "runtime/core/error.h"
#include "runtime/core/executor.h"
#include "runtime/core/verify.h"
#include "runtime/include/lathe/limits.h"

#include <cstring>
#include <new>

namespace lathe::core {

using namespace view;

namespace {

const char *symbol_name(const Symbol &symbol) {
  return symbol.name()->c_str();
}

/// The largest value that a symbol can have in this instance.
int64_t symbol_limit(const Symbol &symbol,
                     const lathe_instance_options &options) {
  int64_t limit = symbol.max();
  for (uint32_t i = 0; i < options.symbol_max_count; ++i) {
    const lathe_symbol_max &given = options.symbol_max[i];
    if (given.name && strcmp(given.name, symbol_name(symbol)) == 0 &&
        given.max < limit)
      limit = given.max;
  }
  return limit;
}

/// Arena of one method: the largest of the plans that can be chosen.
uint64_t arena_bytes(const method_record &method,
                     const lathe_instance_options &options) {
  int64_t limits[LATHE_MAX_SYMBOLS];
  for (uint32_t i = 0; i < method.symbol_count; ++i)
    limits[i] = symbol_limit(*method.source->symbols()->Get(i), options);
  uint32_t last = covering_plan(method, limits);
  uint64_t bytes = 0;
  for (uint32_t i = 0; i <= last; ++i)
    if (method.plans[i].arena_bytes > bytes)
      bytes = method.plans[i].arena_bytes;
  return bytes;
}

/// Describes a tensor; returns what the runtime's own memory for it takes,
/// rounded up.
[[gnu::noinline]] uint64_t describe_owned(const lathe_program &program,
                                          uint32_t method, uint32_t kind,
                                          uint32_t index,
                                          lathe_tensor_info *info) {
  info->struct_bytes = sizeof(*info);
  lathe_tensor_describe(&program, method, kind, index, info);
  uint64_t bytes = 0;
  // Verified to be at most LATHE_MAX_REGION_BYTES. A tensor without elements
  // has an address too.
  align_up(info->bytes_max ? info->bytes_max : 1, LATHE_MEMORY_ALIGNMENT,
           &bytes);
  return bytes;
}

uint64_t owned_bytes(const lathe_program &program, uint32_t method) {
  const method_record &record = program.methods[method];
  uint64_t sum = 0;
  if (record.internal)
    return sum;
  // At most 2 * 4096 tensors of 2^48 bytes: no overflow.
  lathe_tensor_info info;
  for (uint32_t i = 0; i < record.input_count; ++i)
    sum += describe_owned(program, method, LATHE_INPUT, i, &info);
  for (uint32_t i = 0; i < record.output_count; ++i)
    sum += describe_owned(program, method, LATHE_OUTPUT, i, &info);
  return sum;
}

/// Places the arrays of all frames; with a null block it only counts.
frame *bookkeeping(block_writer &writer, const lathe_program &program) {
  frame *frames = writer.array<frame>(program.method_count);
  for (uint32_t i = 0; i < program.method_count; ++i) {
    const method_record &method = program.methods[i];
    frame made = {};
    made.method = &method;
    made.symbols = writer.array<int64_t>(method.symbol_count);
    made.scope = {method.expressions, made.symbols};
    made.symbol_limits = writer.array<int64_t>(method.symbol_count);
    made.buffers = writer.array<memory_range>(method.buffer_count);
    made.inputs = writer.array<memory_range>(method.input_count);
    made.outputs = writer.array<memory_range>(method.output_count);
    made.bindings =
        writer.array<binding>(uint64_t{method.input_count} + method.output_count);
    made.calls = writer.array<call_block>(method.call_count);
    made.call_buffers = writer.array<void *>(method.call_slots);
    made.call_sizes = writer.array<intptr_t>(method.call_sizes);
    if (frames)
      frames[i] = made;
  }
  return frames;
}

constexpr size_t instance_bytes =
    (sizeof(lathe_instance) + LATHE_MEMORY_ALIGNMENT - 1) &
    ~size_t{LATHE_MEMORY_ALIGNMENT - 1};

uint32_t thread_count(const lathe_instance_options &options) {
  uint32_t threads = 1;
  if (options.pool)
    threads = backend::pool_executor(options.pool).thread_count;
  else if (options.executor)
    threads = options.executor->thread_count;
  return threads < 1                   ? 1
         : threads > LATHE_MAX_THREADS ? LATHE_MAX_THREADS
                                       : threads;
}

int32_t check_options(const lathe_program *program,
                      const lathe_instance_options *options,
                      lathe_instance_options *chosen, lathe_error *error) {
  if (!program || !read_struct(options, chosen))
    return fail(error, LATHE_ERR_ARGUMENT, "a missing argument");
  if (chosen->symbol_max_count != 0 && !chosen->symbol_max)
    return fail(error, LATHE_ERR_ARGUMENT, "symbol_max is missing");
  if (chosen->executor && !chosen->executor->parallel)
    return fail(error, LATHE_ERR_ARGUMENT, "the executor is incomplete");
  for (uint32_t m = 0; m < program->method_count; ++m) {
    auto *symbols = program->methods[m].source->symbols();
    for (uint32_t i = 0; i < symbols->size(); ++i)
      if (symbol_limit(*symbols->Get(i), *chosen) < symbols->Get(i)->min())
        return fail(error, LATHE_ERR_ARGUMENT, m, LATHE_NONE,
                    "the given maximum of symbol '%' is below its minimum, %", symbol_name(*symbols->Get(i)), symbols->Get(i)->min());
  }
  return LATHE_OK;
}

int32_t compute_needs(const lathe_program &program,
                      const lathe_instance_options &options,
                      lathe_memory_needs *needs, lathe_error *error) {
  uint64_t arena = 0, scratch = 0, io = 0;
  for (uint32_t i = 0; i < program.method_count; ++i) {
    const method_record &method = program.methods[i];
    uint64_t bytes = method.internal ? 0 : arena_bytes(method, options);
    arena = bytes > arena ? bytes : arena;
    scratch = method.scratch_bytes > scratch ? method.scratch_bytes : scratch;
    if (options.flags & LATHE_OWN_IO)
      io += owned_bytes(program, i);
  }
  block_writer counter(nullptr);
  bookkeeping(counter, program);
  align_up(scratch, LATHE_MEMORY_ALIGNMENT, &scratch);
  uint64_t state = program.root->state_bytes();
  needs->alignment = LATHE_MEMORY_ALIGNMENT;
  needs->bytes[LATHE_MEMORY_ARENA] = arena ? arena + LATHE_READ_SLACK_BYTES : 0;
  needs->bytes[LATHE_MEMORY_STATE] = state ? state + LATHE_READ_SLACK_BYTES : 0;
  needs->bytes[LATHE_MEMORY_BOOKKEEPING] = instance_bytes + counter.used();
  needs->bytes[LATHE_MEMORY_SCRATCH] = scratch * thread_count(options);
  needs->bytes[LATHE_MEMORY_IO] = io;
  needs->scratch_bytes_per_thread = scratch;
  uint64_t sum = 0;
  for (uint64_t bytes : needs->bytes)
    if (!add(sum, bytes, &sum) || sum > SIZE_MAX / 2)
      return fail(error, LATHE_ERR_TOO_LARGE, "needs too much memory");
  if (options.memory_bytes_max != 0 && sum > options.memory_bytes_max)
    return fail(error, LATHE_ERR_MEMORY,
                "needs % bytes of memory, allowed are %", sum, options.memory_bytes_max);
  return LATHE_OK;
}

/// Gives back the blocks that came from the allocator.
void free_blocks(const lathe_allocator &allocator, const lathe_memory *memory,
                 const bool *allocated) {
  for (uint32_t i = 0; i < LATHE_MEMORY_COUNT; ++i)
    if (allocated[i])
      allocator.free(allocator.ctx, memory[i].data, memory[i].bytes);
}

int32_t acquire_blocks(const lathe_instance_options &options,
                       const lathe_memory_needs &needs,
                       const lathe_allocator &allocator, lathe_memory *memory,
                       bool *allocated, lathe_error *error) {
  static constexpr char names[][12] = {"arena", "state", "bookkeeping",
                                       "scratch", "io"};
  for (uint32_t i = 0; i < LATHE_MEMORY_COUNT; ++i) {
    memory[i] = options.memory[i];
    auto bytes = static_cast<size_t>(needs.bytes[i]);
    if (bytes == 0)
      continue;
    if (!memory[i].data) {
      memory[i] = {allocator.alloc ? allocator.alloc(allocator.ctx, bytes,
                                                     LATHE_MEMORY_ALIGNMENT)
                                   : nullptr,
                   bytes};
      allocated[i] = memory[i].data != nullptr;
      if (!allocated[i])
        return fail(error, LATHE_ERR_MEMORY,
                    "no memory for % bytes of %", uint64_t{bytes}, names[i]);
    }
    if (reinterpret_cast<uintptr_t>(memory[i].data) % LATHE_MEMORY_ALIGNMENT)
      return fail(error, LATHE_ERR_ALIGNMENT,
                  "the % block is misaligned", names[i]);
    if (memory[i].bytes < bytes)
      return fail(error, LATHE_ERR_MEMORY,
                  "the % block has % bytes, needs %", names[i], uint64_t{memory[i].bytes}, uint64_t{bytes});
  }
  return LATHE_OK;
}

/// Tensors whose dimensions are constants start out bound to the runtime's own
/// memory; the others need dimensions first.
void bind_owned(lathe_instance *instance) {
  auto *next = static_cast<uint8_t *>(instance->memory[LATHE_MEMORY_IO].data);
  for (uint32_t m = 0; m < instance->program->method_count; ++m) {
    frame &current = instance->frames[m];
    const method_record &method = *current.method;
    for (uint32_t i = 0;
         !method.internal && i < method.input_count + method.output_count; ++i) {
      bool input = i < method.input_count;
      uint32_t index = input ? i : i - method.input_count;
      lathe_tensor_info info;
      uint64_t bytes = describe_owned(*instance->program, m,
                                      input ? LATHE_INPUT : LATHE_OUTPUT, index,
                                      &info);
      binding &out = current.bindings[i];
      out.owned = {next, info.bytes_max};
      next += bytes;
      bool constant = true;
      for (uint32_t d = 0; d < info.rank; ++d) {
        out.dims[d] = info.dims[d].max;
        constant &= info.dims[d].min == info.dims[d].max;
      }
      if (input && !constant)
        continue;
      out.data = out.owned.data;
      out.bytes = out.owned.bytes;
      out.bound = true;
    }
  }
}

void fill_frames(lathe_instance *instance,
                 const lathe_instance_options &options) {
  for (uint32_t m = 0; m < instance->program->method_count; ++m) {
    frame &current = instance->frames[m];
    const method_record &method = *current.method;
    current.dims_changed = true;
    for (uint32_t i = 0; i < method.symbol_count; ++i) {
      const Symbol &symbol = *method.source->symbols()->Get(i);
      current.symbols[i] = symbol.min();
      current.symbol_limits[i] = symbol_limit(symbol, options);
    }
    for (uint32_t i = 0, b = 0, s = 0; i < method.instruction_count; ++i) {
      const instruction_record &record = method.instructions[i];
      if (record.code != opcode::call_kernel)
        continue;
      const kernel_record &kernel = instance->program->kernels[record.a];
      call_block &call = current.calls[record.b];
      call.args.buffers = current.call_buffers + b;
      call.args.sizes = current.call_sizes + s;
      call.args.status = &instance->kernel_status;
      call.args.buffer_count = kernel.argument_count;
      call.args.size_count = kernel.size_count;
      call.function = kernel.function;
      call.may_fail = kernel.may_fail;
      b += kernel.argument_count;
      s += kernel.size_count;
    }
  }
}

} // namespace

uint32_t covering_plan(const method_record &method, const int64_t *values) {
  for (uint32_t i = 0; i + 1 < method.plan_count; ++i) {
    const int64_t *bound = method.plans[i].symbol_max;
    bool covers = true;
    for (uint32_t s = 0; bound && s < method.symbol_count; ++s)
      covers &= values[s] <= bound[s];
    if (covers)
      return i;
  }
  return method.plan_count - 1; // verified to cover all
}

void reset_state(lathe_instance *instance) {
  memory_range region = state_region(*instance);
  if (region.bytes != 0)
    memset(region.data, 0, static_cast<size_t>(region.bytes));
  auto *states = instance->program->root->states();
  for (uint32_t i = 0; i < states->size(); ++i) {
    const State &state = *states->Get(i);
    if (state.initial_weight() == LATHE_NONE || state.bytes() == 0)
      continue;
    const Weight &weight =
        *instance->program->root->weights()->Get(state.initial_weight());
    memcpy(region.data + state.offset_bytes(),
           instance->program->weights[weight.slot()].data + weight.offset_bytes(),
           static_cast<size_t>(state.bytes()));
  }
  instance->state_dirty = false;
}

} // namespace lathe::core

using namespace lathe;
using namespace lathe::core;

int32_t lathe_memory_needed(const lathe_program *program,
                            const lathe_instance_options *options,
                            lathe_memory_needs *needs, lathe_error *error) {
  lathe_instance_options chosen;
  int32_t status = check_options(program, options, &chosen, error);
  lathe_memory_needs computed = {};
  if (status == LATHE_OK)
    status = compute_needs(*program, chosen, &computed, error);
  if (status == LATHE_OK && !write_struct(computed, needs))
    return fail(error, LATHE_ERR_ARGUMENT, "a missing argument");
  return status;
}

int32_t lathe_instance_create(lathe_program *program,
                              const lathe_instance_options *options,
                              lathe_instance **instance, lathe_error *error) {
  if (!instance)
    return fail(error, LATHE_ERR_ARGUMENT, "a missing argument");
  *instance = nullptr;
  lathe_instance_options chosen;
  int32_t status = check_options(program, options, &chosen, error);
  lathe_memory_needs needs = {};
  if (status == LATHE_OK)
    status = compute_needs(*program, chosen, &needs, error);
  if (status != LATHE_OK)
    return status;
  lathe_allocator allocator = program->allocator;
  if (chosen.allocator && !read_struct(chosen.allocator, &allocator))
    return fail(error, LATHE_ERR_ARGUMENT, "the allocator is incomplete");
  lathe_memory memory[LATHE_MEMORY_COUNT] = {};
  bool allocated[LATHE_MEMORY_COUNT] = {};
  status = acquire_blocks(chosen, needs, allocator, memory, allocated, error);
  if (status != LATHE_OK) {
    free_blocks(allocator, memory, allocated);
    return status;
  }
  auto *block = static_cast<uint8_t *>(memory[LATHE_MEMORY_BOOKKEEPING].data);
  auto *made = new (block) lathe_instance();
  program->references.fetch_add(1, std::memory_order_relaxed);
  made->program = program;
  made->allocator = allocator;
  memcpy(made->memory, memory, sizeof(memory));
  memcpy(made->allocated, allocated, sizeof(allocated));
  made->executor.thread_count = 1;
  if (chosen.pool)
    made->executor = backend::pool_executor(chosen.pool);
  else if (chosen.executor)
    read_struct(chosen.executor, &made->executor);
  made->executor.thread_count = thread_count(chosen);
  made->instructions_max = chosen.instructions_max;
  made->scratch = static_cast<uint8_t *>(memory[LATHE_MEMORY_SCRATCH].data);
  made->scratch_stride = static_cast<size_t>(needs.scratch_bytes_per_thread);
  block_writer writer(block + instance_bytes);
  made->frames = bookkeeping(writer, *program);
  fill_frames(made, chosen);
  if (needs.bytes[LATHE_MEMORY_IO] != 0) {
    memset(memory[LATHE_MEMORY_IO].data, 0,
           static_cast<size_t>(needs.bytes[LATHE_MEMORY_IO]));
    bind_owned(made);
  }
  reset_state(made);
  *instance = made;
  return LATHE_OK;
}

void lathe_instance_destroy(lathe_instance *instance) {
  if (!instance)
    return;
  lathe_program *program = instance->program;
  lathe_allocator allocator = instance->allocator;
  lathe_memory memory[LATHE_MEMORY_COUNT];
  bool allocated[LATHE_MEMORY_COUNT];
  memcpy(memory, instance->memory, sizeof(memory));
  memcpy(allocated, instance->allocated, sizeof(allocated));
  instance->~lathe_instance();
  free_blocks(allocator, memory, allocated);
  program_release(program);
}
