// SPDX-License-Identifier: Apache-2.0
// Runs instructions. Everything that could fail on the program's content has
// been checked; what remains are data (indices, symbols bound to values),
// cancelling, and the limit on instructions.
#include "runtime/core/error.h"
#include "runtime/core/instance.h"
#include "runtime/include/lathe/limits.h"

#include <cstring>

namespace lathe::core {

// Kernels of an image are not preceded by the type record that clang's
// -fsanitize=function looks for.
#if defined(__clang__)
#define LATHE_CALLS_KERNELS __attribute__((no_sanitize("function")))
#else
#define LATHE_CALLS_KERNELS
#endif

namespace {

/// One parallel kernel call; lives on the caller's stack until all workers have
/// left it.
struct parallel_call {
  const call_block *call;
  uint8_t *scratch;
  size_t scratch_stride;
  std::atomic<uint64_t> next_tile;
};

LATHE_CALLS_KERNELS void take_tiles(parallel_call *work, uint32_t worker) {
  const call_block &call = *work->call;
  void *scratch = work->scratch + work->scratch_stride * worker;
  uint64_t tiles = call.args.tile_count;
  for (;;) {
    uint64_t begin =
        work->next_tile.fetch_add(call.chunk, std::memory_order_relaxed);
    if (begin >= tiles)
      return;
    uint64_t end = begin + call.chunk < tiles ? begin + call.chunk : tiles;
    call.function(&call.args, static_cast<uint32_t>(begin),
                  static_cast<uint32_t>(end), scratch);
  }
}

/// What an executor calls; the thread of worker 0 has its environment set.
void work_on_tiles(void *arg, uint32_t worker) {
  if (worker == 0)
    return take_tiles(static_cast<parallel_call *>(arg), worker);
  uint64_t saved = backend::float_environment_enter();
  take_tiles(static_cast<parallel_call *>(arg), worker);
  backend::float_environment_leave(saved);
}

/// A run of one method and those that it calls, on an explicit stack.
class run_state {
public:
  run_state(lathe_instance *instance, lathe_error *error)
      : instance_(*instance), error_(error),
        budget_(instance->instructions_max ? instance->instructions_max
                                           : UINT64_MAX) {}

  int32_t run(uint32_t method);

private:
  struct position {
    uint32_t method;
    uint32_t next; // instruction
  };

  int32_t loop();
  int32_t call_kernel(const instruction_record &record);
  void start(call_block *call);
  int32_t call_profiled(const instruction_record &record, call_block *call);
  int32_t kernel_failed(const instruction_record &record);
  int32_t enter(uint32_t method);
  int32_t branch_if(const instruction_record &record, uint32_t *next);
  int32_t bind_symbol(const instruction_record &record);
  int32_t set_symbol(uint32_t symbol, int64_t value);
  void fill(const instruction_record &record);
  int32_t located(int32_t status);
  uint32_t index() const { return stack_[depth_].next - 1; }

  lathe_instance &instance_;
  lathe_error *error_;
  uint64_t budget_;
  frame *frame_ = nullptr;
  uint32_t depth_ = 0;
  position stack_[LATHE_MAX_CALL_DEPTH];
};

/// Completes an error with the place in the user's model.
int32_t run_state::located(int32_t status) {
  if (error_) {
    error_->method = stack_[depth_].method;
    error_->instruction = index();
    append_location(*instance_.program,
                    frame_->method->instructions[index()].location, error_);
  }
  return status;
}

int32_t run_state::kernel_failed(const instruction_record &record) {
  const char *name = instance_.program->kernels[record.a].name;
  uint32_t code = instance_.kernel_status;
  if (code == LATHE_KERNEL_INDEX_OUT_OF_RANGE)
    return located(fail(error_, LATHE_ERR_INDEX, "an index is out of range in %", name));
  return located(fail(error_, LATHE_ERR_KERNEL, "failure % in %", code, name));
}

LATHE_CALLS_KERNELS void run_state::start(call_block *call) {
  if (call->workers <= 1) {
    call->function(&call->args, 0, call->args.tile_count, instance_.scratch);
    return;
  }
  parallel_call work{call, instance_.scratch, instance_.scratch_stride, {0}};
  instance_.executor.parallel(instance_.executor.ctx, work_on_tiles, &work,
                              call->workers);
}

int32_t run_state::call_profiled(const instruction_record &record,
                                 call_block *call) {
  lathe_profile_event event = {};
  event.struct_bytes = sizeof(event);
  event.method = stack_[depth_].method;
  event.instruction = index();
  event.tiles = call->args.tile_count;
  event.workers = call->workers;
  event.kernel = instance_.program->kernels[record.a].name;
  event.begin_ns = platform::now_ns();
  start(call);
  event.end_ns = platform::now_ns();
  instance_.profile(instance_.profile_ctx, &event);
  return LATHE_OK;
}

int32_t run_state::call_kernel(const instruction_record &record) {
  call_block *call = &frame_->calls[record.b];
  if (record.runtime && call->epoch != frame_->epoch) {
    int32_t status = resolve_instruction(&instance_, stack_[depth_].method,
                                         index(), error_);
    if (status != LATHE_OK)
      return located(status);
  }
  if (call->args.tile_count == 0)
    return LATHE_OK;
  if (__builtin_expect(instance_.profile != nullptr, 0))
    call_profiled(record, call);
  else
    start(call);
  if (call->may_fail &&
      __atomic_load_n(&instance_.kernel_status, __ATOMIC_RELAXED) != 0)
    return kernel_failed(record);
  return LATHE_OK;
}

/// Pushes a method; its frame is prepared.
int32_t run_state::enter(uint32_t method) {
  ++depth_; // verified to stay below LATHE_MAX_CALL_DEPTH
  stack_[depth_] = {method, 0};
  frame_ = &instance_.frames[method];
  return LATHE_OK;
}

int32_t run_state::branch_if(const instruction_record &record, uint32_t *next) {
  bool taken = false;
  if (record.b != LATHE_NONE) {
    taken = frame_->buffers[record.b].data[0] != 0;
  } else {
    int64_t value = 0;
    if (!evaluate(frame_->scope, record.value, &value))
      return located(fail(error_, LATHE_ERR_SIZE, "a condition overflows"));
    taken = value != 0;
  }
  if (taken != (record.small != 0))
    *next = record.a;
  return LATHE_OK;
}

int32_t run_state::set_symbol(uint32_t symbol, int64_t value) {
  int32_t status =
      assign_symbol(frame_, stack_[depth_].method, symbol, value, error_);
  ++frame_->epoch;
  return status == LATHE_OK ? status : located(status);
}

int32_t run_state::bind_symbol(const instruction_record &record) {
  const uint8_t *data = frame_->buffers[record.b].data;
  int64_t value = 0;
  if (record.small == sizeof(int32_t)) {
    int32_t narrow = 0;
    memcpy(&narrow, data, sizeof(narrow));
    value = narrow;
  } else {
    memcpy(&value, data, sizeof(value));
  }
  return set_symbol(record.a, value);
}

void run_state::fill(const instruction_record &record) {
  const memory_range &out = frame_->buffers[record.a];
  auto bytes = static_cast<size_t>(out.bytes);
  if (record.small == 1) {
    if (bytes != 0)
      memset(out.data, static_cast<uint8_t>(record.value), bytes);
    return;
  }
  for (size_t i = 0; i < bytes; i += record.small)
    memcpy(out.data + i, &record.value, record.small);
}

int32_t run_state::loop() {
  for (;;) {
    position &at = stack_[depth_];
    if (at.next == frame_->method->instruction_count) {
      if (depth_ == 0)
        return LATHE_OK;
      --depth_;
      frame_ = &instance_.frames[stack_[depth_].method];
      continue;
    }
    const instruction_record &record = frame_->method->instructions[at.next++];
    if (instance_.cancelled.load(std::memory_order_relaxed) != 0)
      return located(fail(error_, LATHE_ERR_CANCELLED, "the run was cancelled"));
    if (budget_-- == 0)
      return located(fail(error_, LATHE_ERR_INSTRUCTION_LIMIT,
                          "the limit of % instructions", instance_.instructions_max));
    int32_t status = LATHE_OK;
    if (record.runtime && record.code != opcode::call_kernel) {
      status = resolve_instruction(&instance_, at.method, index(), error_);
      if (status != LATHE_OK)
        return located(status);
    }
    switch (record.code) {
    case opcode::call_kernel:
      status = call_kernel(record);
      break;
    case opcode::call_method:
      status = prepare_call(&instance_, at.method, index(), error_);
      if (status != LATHE_OK)
        return located(status);
      status = enter(record.a);
      break;
    case opcode::copy:
      if (frame_->buffers[record.a].bytes != 0)
        memmove(frame_->buffers[record.b].data, frame_->buffers[record.a].data,
                static_cast<size_t>(frame_->buffers[record.a].bytes));
      break;
    case opcode::fill:
      fill(record);
      break;
    case opcode::branch:
      at.next = record.a;
      break;
    case opcode::branch_if:
      status = branch_if(record, &at.next);
      break;
    case opcode::wait: // the CPU completes each call
      break;
    case opcode::bind_symbol:
      status = bind_symbol(record);
      break;
    case opcode::set_symbol: {
      int64_t value = 0;
      if (!evaluate(frame_->scope, record.value, &value))
        return located(fail(error_, LATHE_ERR_SIZE, "a symbol's value overflows"));
      status = set_symbol(record.a, value);
      break;
    }
    }
    if (__builtin_expect(status != LATHE_OK, 0))
      return status;
  }
}

int32_t run_state::run(uint32_t method) {
  stack_[0] = {method, 0};
  frame_ = &instance_.frames[method];
  for (uint32_t i = 0; i < frame_->method->symbol_count; ++i)
    if (is_runtime_symbol(*frame_->method, i))
      frame_->symbols[i] = frame_->method->source->symbols()->Get(i)->min();
  ++frame_->epoch;
  __atomic_store_n(&instance_.kernel_status, 0u, __ATOMIC_RELAXED);
  // Workers need not stay awake for runs that give them nothing, and telling
  // them takes as long as a small run.
  bool tells = instance_.is_parallel;
  if (tells && instance_.executor.begin)
    instance_.executor.begin(instance_.executor.ctx);
  uint64_t saved = backend::float_environment_enter();
  int32_t status = loop();
  backend::float_environment_leave(saved);
  if (tells && instance_.executor.end)
    instance_.executor.end(instance_.executor.ctx);
  return status;
}

int32_t check_runnable(const lathe_instance *instance, uint32_t method,
                       lathe_error *error) {
  if (!instance)
    return fail(error, LATHE_ERR_ARGUMENT, "a missing argument");
  if (method >= instance->program->method_count ||
      instance->program->methods[method].internal)
    return fail(error, LATHE_ERR_NOT_FOUND,
                "there is no method % to run", method);
  if (instance->submitted)
    return fail(error, LATHE_ERR_BUSY, "a submitted run is in flight");
  return LATHE_OK;
}

int32_t run_method(lathe_instance *instance, uint32_t method,
                   lathe_error *error) {
  instance->cancelled.store(0, std::memory_order_relaxed);
  if (instance->state_dirty)
    return fail(error, LATHE_ERR_STATE_DIRTY, method, LATHE_NONE,
                "an earlier run failed midway: reset or load the state");
  const frame &entry = instance->frames[method];
  const method_record &record = *entry.method;
  for (uint32_t i = 0; i < record.output_count; ++i) {
    auto *name = record.source->outputs()->Get(i)->name();
    if (!entry.bindings[record.input_count + i].bound)
      return fail(error, LATHE_ERR_UNBOUND, method, LATHE_NONE,
                  "output '%' is not bound", name->c_str());
  }
  int32_t status = prepare_entry(instance, method, error);
  if (status != LATHE_OK)
    return status;
  status = run_state(instance, error).run(method);
  if (status != LATHE_OK && state_region(*instance).bytes != 0)
    instance->state_dirty = true;
  return status;
}

} // namespace

} // namespace lathe::core

using namespace lathe::core;

int32_t lathe_prepare(lathe_instance *instance, uint32_t method,
                      lathe_error *error) {
  int32_t status = check_runnable(instance, method, error);
  return status == LATHE_OK ? prepare_entry(instance, method, error) : status;
}

int32_t lathe_run(lathe_instance *instance, uint32_t method,
                  lathe_error *error) {
  int32_t status = check_runnable(instance, method, error);
  return status == LATHE_OK ? run_method(instance, method, error) : status;
}

int32_t lathe_submit(lathe_instance *instance, uint32_t method,
                     uint64_t *ticket, lathe_error *error) {
  int32_t status = check_runnable(instance, method, error);
  if (status != LATHE_OK)
    return status;
  if (!ticket)
    return fail(error, LATHE_ERR_ARGUMENT, "a missing argument");
  instance->submit_error = {};
  instance->submit_error.status =
      run_method(instance, method, &instance->submit_error);
  instance->submitted = true;
  *ticket = ++instance->ticket;
  return LATHE_OK;
}

int32_t lathe_wait(lathe_instance *instance, uint64_t ticket,
                   uint64_t timeout_ns, lathe_error *error) {
  (void)timeout_ns; // the run completed inside submit
  if (!instance || !instance->submitted || ticket != instance->ticket)
    return fail(error, LATHE_ERR_ARGUMENT, "no run with this ticket");
  instance->submitted = false;
  if (error && instance->submit_error.status != LATHE_OK)
    *error = instance->submit_error;
  return instance->submit_error.status;
}

void lathe_cancel(lathe_instance *instance) {
  instance->cancelled.store(1, std::memory_order_relaxed);
}

int32_t lathe_profile_set(lathe_instance *instance,
                          void (*callback)(void *ctx,
                                           const lathe_profile_event *event),
                          void *ctx) {
  if (!instance)
    return LATHE_ERR_ARGUMENT;
  instance->profile = callback;
  instance->profile_ctx = ctx;
  return LATHE_OK;
}
