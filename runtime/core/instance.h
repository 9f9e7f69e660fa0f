// SPDX-License-Identifier: Apache-2.0
// A program in memory that it can run in. All arrays lie in the bookkeeping
// block; nothing is allocated after lathe_instance_create.
#ifndef LATHE_RUNTIME_CORE_INSTANCE_H
#define LATHE_RUNTIME_CORE_INSTANCE_H

#include "runtime/core/program.h"

#include <atomic>

namespace lathe::core {

struct memory_range {
  uint8_t *data;
  uint64_t bytes;
};

/// What lathe_bind left for one input or output of a method that a caller runs.
struct binding {
  uint8_t *data;
  uint64_t bytes;
  int64_t dims[LATHE_RANK_MAX];
  memory_range owned; // LATHE_OWN_IO
  bool bound;         // an input's dims are known, an output has memory
};

/// One kernel call, ready to be made.
struct call_block {
  lathe_kernel_args args;
  lathe_kernel_fn function;
  uint32_t workers; // 1: on the calling thread
  uint32_t chunk;   // tiles that a worker takes at a time
  uint32_t epoch;   // frame::epoch for which args hold, for runtime calls
  bool may_fail;
};

/// Everything about one method that depends on sizes and addresses. A method
/// cannot be active twice, so one frame for each is enough.
struct frame {
  const method_record *method;
  size_scope scope; // of the method's expressions and these symbols
  const plan_record *plan;
  int64_t *symbols;
  int64_t *symbol_limits; // at most the symbol's max
  memory_range *buffers;
  memory_range *inputs;
  memory_range *outputs;
  binding *bindings; // inputs, then outputs
  call_block *calls;
  void **call_buffers;
  intptr_t *call_sizes;
  memory_range arena;
  uint32_t epoch;
  bool prepared;         // buffers and calls hold for inputs, outputs, symbols
  bool prepared_as_entry;  // and those came from the bindings
  bool dims_changed;     // bindings changed since
  bool pointers_changed;
};

} // namespace lathe::core

struct lathe_instance {
  lathe_program *program = nullptr;
  lathe_allocator allocator{};
  lathe_memory memory[LATHE_MEMORY_COUNT] = {};
  bool allocated[LATHE_MEMORY_COUNT] = {};
  lathe_executor executor{};
  lathe::core::frame *frames = nullptr; // per method
  uint8_t *scratch = nullptr;
  size_t scratch_stride = 0;
  bool is_parallel = false; // some prepared call takes several workers
  uint64_t instructions_max = 0;
  void (*profile)(void *ctx, const lathe_profile_event *event) = nullptr;
  void *profile_ctx = nullptr;
  uint64_t ticket = 0;        // of the last submitted run
  bool submitted = false;     // not waited for yet
  lathe_error submit_error{}; // its result
  bool state_dirty = false;
  uint32_t kernel_status = 0; // the status word
  std::atomic<uint32_t> cancelled{0};
};

namespace lathe::core {

inline memory_range state_region(const lathe_instance &instance) {
  return {static_cast<uint8_t *>(instance.memory[LATHE_MEMORY_STATE].data),
          instance.program->root->state_bytes()};
}

/// Index of the first plan that covers these values of the symbols.
uint32_t covering_plan(const method_record &method, const int64_t *values);

/// Bytes that a tensor needs with the current symbols; false on overflow.
bool tensor_bytes(const frame &frame, const view::Tensor &tensor,
                  uint64_t *bytes);
/// Whether a dimension of the tensor depends on a symbol that instructions set.
bool has_runtime_dims(const frame &frame, const view::Tensor &tensor);

/// Solves symbols from the bindings and prepares the frame of a method that a
/// caller runs, as far as bindings changed.
int32_t prepare_entry(lathe_instance *instance, uint32_t method,
                      lathe_error *error);
/// Sets symbols, inputs and outputs of a method that an instruction calls and
/// prepares its frame, unless nothing has changed since the last call.
int32_t prepare_call(lathe_instance *instance, uint32_t caller,
                     uint32_t instruction, lathe_error *error);
/// Resolves what an instruction uses that depends on symbols set by
/// instructions.
int32_t resolve_instruction(lathe_instance *instance, uint32_t method,
                            uint32_t instruction, lathe_error *error);
/// Gives a symbol a value within its range.
int32_t assign_symbol(frame *frame, uint32_t method, uint32_t symbol,
                      int64_t value, lathe_error *error);

void reset_state(lathe_instance *instance);

} // namespace lathe::core

#endif // LATHE_RUNTIME_CORE_INSTANCE_H
