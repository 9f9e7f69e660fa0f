// SPDX-License-Identifier: Apache-2.0
// The caller's side of inputs, outputs and state.
#include "runtime/core/checked.h"
#include "runtime/core/error.h"
#include "runtime/core/instance.h"
#include "runtime/core/verify.h"
#include "runtime/include/lathe/limits.h"

#include <cstring>

using namespace lathe::core;
namespace view = lathe::view;

namespace {

struct state_header {
  uint8_t magic[8];
  uint64_t bytes;
  uint8_t digest[32];
  uint8_t reserved[16];
};
static_assert(sizeof(state_header) == 64, "saved states keep their alignment");
constexpr uint8_t state_magic[8] = {'L', 'A', 'T', 'H', 'S', 'T', 'A', '1'};

const view::Tensor *find_tensor(const lathe_instance *instance,
                                  uint32_t method, uint32_t kind,
                                  uint32_t index) {
  if (!instance || method >= instance->program->method_count)
    return nullptr;
  const method_record &record = instance->program->methods[method];
  if (record.internal)
    return nullptr;
  if (kind == LATHE_INPUT && index < record.input_count)
    return record.source->inputs()->Get(index);
  if (kind == LATHE_OUTPUT && index < record.output_count)
    return record.source->outputs()->Get(index);
  return nullptr;
}

binding *find_binding(const lathe_instance *instance, uint32_t method,
                      uint32_t kind, uint32_t index) {
  frame &found = instance->frames[method];
  return &found.bindings[kind == LATHE_INPUT ? index
                                             : found.method->input_count + index];
}

/// Where the tensor will be: the caller's memory or the runtime's.
int32_t choose_memory(const lathe_tensor &given, const binding &held,
                      const view::Tensor &tensor, memory_range *memory,
                      lathe_error *error) {
  const char *name = tensor.name()->c_str();
  *memory = {static_cast<uint8_t *>(given.data), given.bytes};
  if (!given.data) {
    *memory = held.owned;
    if (!held.owned.data)
      return fail(error, LATHE_ERR_UNBOUND,
                  "'%' has no memory: bind some or use LATHE_OWN_IO", name);
  }
  if (given.bytes > LATHE_MAX_REGION_BYTES ||
      given.bytes > UINTPTR_MAX - reinterpret_cast<uintptr_t>(memory->data))
    return fail(error, LATHE_ERR_ARGUMENT, "'%' has too many bytes", name);
  if (reinterpret_cast<uintptr_t>(memory->data) %
      element_bytes(tensor.dtype()))
    return fail(error, LATHE_ERR_ALIGNMENT,
                "'%' is not aligned to its element", name);
  return LATHE_OK;
}

/// Takes an input's dimensions; `prepare` compares them with the model's.
int32_t take_dims(const lathe_tensor &given, const view::Tensor &tensor,
                  frame *owner, binding *out, lathe_error *error) {
  const char *name = tensor.name()->c_str();
  uint32_t rank = tensor.dims()->size();
  if (given.rank != rank)
    return fail(error, LATHE_ERR_SHAPE,
                "input '%' has rank %, expected %", name, given.rank, rank);
  for (uint32_t i = 0; i < rank; ++i)
    if (given.dims[i] < 0 || given.dims[i] > LATHE_MAX_DIMENSION)
      return fail(error, LATHE_ERR_SHAPE,
                  "input '%': dimension % is %", name, i, given.dims[i]);
  for (uint32_t i = 0; i < rank; ++i) {
    owner->dims_changed |= out->dims[i] != given.dims[i];
    out->dims[i] = given.dims[i];
  }
  return LATHE_OK;
}

} // namespace

int32_t lathe_bind(lathe_instance *instance, uint32_t method, uint32_t kind,
                   uint32_t index, const lathe_tensor *tensor,
                   lathe_error *error) {
  lathe_tensor given;
  if (!tensor || !read_struct(tensor, &given))
    return fail(error, LATHE_ERR_ARGUMENT, "a missing argument");
  const view::Tensor *target = find_tensor(instance, method, kind, index);
  if (!target)
    return fail(error, LATHE_ERR_NOT_FOUND, "there is no tensor %", index);
  if (instance->submitted)
    return fail(error, LATHE_ERR_BUSY, "a submitted run is in flight");
  binding *out = find_binding(instance, method, kind, index);
  frame *owner = &instance->frames[method];
  memory_range memory = {};
  int32_t status = choose_memory(given, *out, *target, &memory, error);
  if (status == LATHE_OK && kind == LATHE_INPUT)
    status = take_dims(given, *target, owner, out, error);
  if (status != LATHE_OK)
    return status;
  if (kind == LATHE_INPUT)
    owner->dims_changed |= !out->bound || out->bytes > memory.bytes;
  owner->pointers_changed |= !out->bound || out->data != memory.data ||
                             out->bytes != memory.bytes;
  out->data = memory.data;
  out->bytes = memory.bytes;
  out->bound = true;
  return LATHE_OK;
}

int32_t lathe_tensor_get(const lathe_instance *instance, uint32_t method,
                         uint32_t kind, uint32_t index, lathe_tensor *tensor) {
  const view::Tensor *source = find_tensor(instance, method, kind, index);
  if (!source || !tensor)
    return source ? LATHE_ERR_ARGUMENT : LATHE_ERR_NOT_FOUND;
  const binding &held = *find_binding(instance, method, kind, index);
  const frame &owner = instance->frames[method];
  lathe_tensor out = {};
  out.rank = source->dims()->size();
  out.data = held.data;
  out.bytes = static_cast<size_t>(held.bytes);
  if (kind == LATHE_INPUT) {
    if (!held.bound)
      return LATHE_ERR_UNBOUND;
    memcpy(out.dims, held.dims, sizeof(out.dims));
  } else {
    for (uint32_t i = 0; i < out.rank; ++i) {
      int64_t size = source->dims()->Get(i);
      if (size < 0 && !(owner.prepared && owner.prepared_as_entry))
        return LATHE_ERR_UNBOUND;
      if (!evaluate(owner.scope, size, &out.dims[i]))
        return LATHE_ERR_SIZE;
    }
  }
  return write_struct(out, tensor) ? LATHE_OK : LATHE_ERR_ARGUMENT;
}

int32_t lathe_state_reset(lathe_instance *instance) {
  if (!instance)
    return LATHE_ERR_ARGUMENT;
  if (instance->submitted)
    return LATHE_ERR_BUSY;
  reset_state(instance);
  return LATHE_OK;
}

size_t lathe_state_bytes(const lathe_instance *instance) {
  return sizeof(state_header) +
         static_cast<size_t>(state_region(*instance).bytes);
}

int32_t lathe_state_save(const lathe_instance *instance, void *data,
                         size_t bytes) {
  if (!instance || !data)
    return LATHE_ERR_ARGUMENT;
  if (bytes < lathe_state_bytes(instance))
    return LATHE_ERR_MEMORY;
  if (instance->state_dirty)
    return LATHE_ERR_STATE_DIRTY;
  memory_range region = state_region(*instance);
  state_header header = {};
  memcpy(header.magic, state_magic, sizeof(header.magic));
  header.bytes = region.bytes;
  memcpy(header.digest, instance->program->digest, sizeof(header.digest));
  memcpy(data, &header, sizeof(header));
  if (region.bytes != 0)
    memcpy(static_cast<uint8_t *>(data) + sizeof(header), region.data,
           static_cast<size_t>(region.bytes));
  return LATHE_OK;
}

int32_t lathe_state_load(lathe_instance *instance, const void *data,
                         size_t bytes, lathe_error *error) {
  if (!instance || !data)
    return fail(error, LATHE_ERR_ARGUMENT, "a missing argument");
  if (instance->submitted)
    return fail(error, LATHE_ERR_BUSY, "a submitted run is in flight");
  memory_range region = state_region(*instance);
  state_header header;
  if (bytes != lathe_state_bytes(instance))
    return fail(error, LATHE_ERR_FORMAT,
                "a saved state has % bytes, this has %", uint64_t{lathe_state_bytes(instance)}, uint64_t{bytes});
  memcpy(&header, data, sizeof(header));
  if (memcmp(header.magic, state_magic, sizeof(state_magic)) != 0 ||
      header.bytes != region.bytes)
    return fail(error, LATHE_ERR_FORMAT, "not a saved state");
  if (memcmp(header.digest, instance->program->digest,
             sizeof(header.digest)) != 0)
    return fail(error, LATHE_ERR_DIGEST,
                "the state was saved with another program");
  if (region.bytes != 0)
    memcpy(region.data,
           static_cast<const uint8_t *>(data) + sizeof(header),
           static_cast<size_t>(region.bytes));
  instance->state_dirty = false;
  return LATHE_OK;
}
