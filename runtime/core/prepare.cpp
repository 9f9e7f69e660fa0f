// SPDX-License-Identifier: Apache-2.0
// What sizes decide: symbols, plans, addresses, argument blocks. Every size is
// evaluated in checked arithmetic and every buffer compared with its region
// before an address is formed.
#include "runtime/core/checked.h"
#include "runtime/core/error.h"
#include "runtime/core/instance.h"
#include "runtime/core/verify.h"
#include "runtime/include/lathe/limits.h"

#include <cstring>

namespace lathe::core {

using namespace view;

namespace {

uint32_t rank_of(const Tensor &tensor) {
  return tensor.dims()->size();
}

/// Resolves one method's buffers and calls for the frame's symbols, inputs,
/// outputs and arena.
class preparer {
public:
  preparer(lathe_instance *instance, uint32_t method, lathe_error *error)
      : instance_(instance), method_index_(method),
        frame_(instance->frames[method]), method_(*frame_.method),
        error_(error) {}

  int32_t solve_symbols();
  int32_t bind_entry();
  int32_t bind_call(uint32_t caller, uint32_t instruction, bool *changed);
  int32_t prepare(bool only_io);
  int32_t resolve(uint32_t instruction);

private:
  template <typename... A>
  int32_t reject(int32_t status, const char *format, A... arguments) {
    return reject_list(message_head<A...>(status), format,
                       shown_value(arguments)...);
  }
  /// Records the error at the place where the preparer is.
  int32_t reject_list(uint32_t head, const char *format, ...);
  int32_t check_input_dims(uint32_t index);
  int32_t check_assumptions();
  int32_t check_overlaps();
  bool aliased(uint32_t output, uint32_t input) const;
  memory_range region_of(const buffer_record &buffer) const;
  int32_t resolve_buffer(uint32_t index);
  int32_t resolve_used(const uint32_t *indices, uint32_t count);
  int32_t check_instruction(const instruction_record &record);
  int32_t build_call(const instruction_record &record);
  void split_work(call_block *call, uint64_t tile_cost_ns,
                  uint32_t parallel_min_ns) const;

  lathe_instance *instance_;
  uint32_t method_index_;
  uint32_t instruction_ = LATHE_NONE;
  frame &frame_;
  const method_record &method_;
  lathe_error *error_;
};

int32_t preparer::reject_list(uint32_t head, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  int32_t status = fail_with(error_, head, method_index_, instruction_, format,
                             arguments);
  va_end(arguments);
  return status;
}

int32_t preparer::check_input_dims(uint32_t index) {
  const Tensor &tensor = *method_.source->inputs()->Get(index);
  const binding &bound = frame_.bindings[index];
  uint64_t bytes = element_bytes(tensor.dtype());
  for (uint32_t axis = 0; axis < rank_of(tensor); ++axis) {
    int64_t wanted = 0;
    if (!evaluate(frame_.scope, tensor.dims()->Get(axis), &wanted))
      return reject(LATHE_ERR_SIZE, "a dimension of input '%' overflows", tensor.name()->c_str());
    if (bound.dims[axis] != wanted)
      return reject(LATHE_ERR_SHAPE,
                    "input '%': dimension % is %, expected %", tensor.name()->c_str(), axis, bound.dims[axis], wanted);
    if (!multiply(bytes, static_cast<uint64_t>(wanted), &bytes) ||
        bytes > LATHE_MAX_REGION_BYTES)
      return reject(LATHE_ERR_SIZE,
                    "input '%' is too large", tensor.name()->c_str());
  }
  if (bytes > bound.bytes)
    return reject(LATHE_ERR_SHAPE,
                  "input '%' has % bytes, its dimensions need %", tensor.name()->c_str(), bound.bytes, bytes);
  frame_.inputs[index] = {bound.data, bytes};
  return LATHE_OK;
}

int32_t preparer::check_assumptions() {
  auto *assumptions = method_.source->assumptions();
  for (uint32_t i = 0; i < assumptions->size(); ++i) {
    const Assumption &assumption = *assumptions->Get(i);
    int64_t left = 0, right = 0;
    bool holds = evaluate(frame_.scope, assumption.left(), &left) &&
                 evaluate(frame_.scope, assumption.right(), &right);
    switch (assumption.relation()) {
    case Relation::equal:
      holds = holds && left == right;
      break;
    case Relation::not_equal:
      holds = holds && left != right;
      break;
    case Relation::less:
      holds = holds && left < right;
      break;
    case Relation::less_equal:
      holds = holds && left <= right;
      break;
    }
    if (!holds)
      return reject(LATHE_ERR_ASSUMPTION,
                    "the sizes break an assumption of the model: % (%, %)", assumption.text()->c_str(), left, right);
  }
  return LATHE_OK;
}

int32_t preparer::solve_symbols() {
  for (uint32_t i = 0; i < method_.input_count; ++i)
    if (!frame_.bindings[i].bound)
      return reject(LATHE_ERR_UNBOUND,
                    "input '%' is not bound", method_.source->inputs()->Get(i)->name()->c_str());
  for (uint32_t i = 0; i < method_.symbol_count; ++i)
    frame_.symbols[i] = method_.source->symbols()->Get(i)->min();
  auto *bindings = method_.source->bindings();
  for (uint32_t i = 0; i < bindings->size(); ++i) {
    const SymbolBinding &source = *bindings->Get(i);
    int64_t dim = frame_.bindings[source.input()].dims[source.axis()];
    int64_t value = 0;
    const Tensor &tensor = *method_.source->inputs()->Get(source.input());
    if (__builtin_sub_overflow(dim, source.addend(), &value) ||
        value % source.divisor() != 0)
      return reject(LATHE_ERR_SHAPE, "input '%': dimension % is %, which the model cannot have", tensor.name()->c_str(), source.axis(), dim);
    lathe_error inner;
    int32_t status =
        assign_symbol(&frame_, method_index_, source.symbol(),
                      value / source.divisor(), error_ ? &inner : nullptr);
    if (status != LATHE_OK)
      return reject(LATHE_ERR_SHAPE,
                    "input '%': dimension % is %: %", tensor.name()->c_str(), source.axis(), dim, error_ ? inner.text : "");
  }
  for (uint32_t i = 0; i < method_.input_count; ++i) {
    int32_t status = check_input_dims(i);
    if (status != LATHE_OK)
      return status;
  }
  return check_assumptions();
}

bool preparer::aliased(uint32_t output, uint32_t input) const {
  auto *aliases = method_.source->aliases();
  for (uint32_t i = 0; i < aliases->size(); ++i)
    if (aliases->Get(i)->output() == output && aliases->Get(i)->input() == input)
      return frame_.outputs[output].data == frame_.inputs[input].data;
  return false;
}

int32_t preparer::check_overlaps() {
  auto overlap = [](const memory_range &a, const memory_range &b) {
    return a.data && b.data && a.data < b.data + b.bytes &&
           b.data < a.data + a.bytes;
  };
  for (uint32_t o = 0; o < method_.output_count; ++o) {
    for (uint32_t i = 0; i < method_.input_count; ++i)
      if (overlap(frame_.outputs[o], frame_.inputs[i]) && !aliased(o, i))
        return reject(LATHE_ERR_ARGUMENT,
                      "output % overlaps input %", o, i);
    for (uint32_t i = 0; i < o; ++i)
      if (overlap(frame_.outputs[o], frame_.outputs[i]))
        return reject(LATHE_ERR_ARGUMENT,
                      "output % overlaps output %", o, i);
  }
  return LATHE_OK;
}

/// Inputs and outputs from the bindings. An output without memory yet stands
/// as an empty address with the size that it will need.
int32_t preparer::bind_entry() {
  for (uint32_t i = 0; i < method_.input_count; ++i)
    frame_.inputs[i].data = frame_.bindings[i].data;
  for (uint32_t i = 0; i < method_.output_count; ++i) {
    const Tensor &tensor = *method_.source->outputs()->Get(i);
    const binding &bound = frame_.bindings[method_.input_count + i];
    uint64_t bytes = 0;
    if (!tensor_bytes(frame_, tensor, &bytes))
      return reject(LATHE_ERR_SIZE,
                    "output '%' is too large", tensor.name()->c_str());
    if (!bound.bound) {
      frame_.outputs[i] = {nullptr, has_runtime_dims(frame_, tensor)
                                        ? LATHE_MAX_REGION_BYTES
                                        : bytes};
      continue;
    }
    if (!has_runtime_dims(frame_, tensor) && bound.bytes < bytes)
      return reject(LATHE_ERR_SIZE,
                    "output '%' needs % bytes, is bound to %", tensor.name()->c_str(), bytes, bound.bytes);
    frame_.outputs[i] = {bound.data, bound.bytes};
  }
  frame_.arena = {
      static_cast<uint8_t *>(instance_->memory[LATHE_MEMORY_ARENA].data),
      instance_->memory[LATHE_MEMORY_ARENA].bytes};
  return check_overlaps();
}

/// Compares what a call passes with what it passed last time; `changed` is set
/// when anything differs that addresses or sizes depend on.
int32_t preparer::bind_call(uint32_t caller, uint32_t instruction,
                            bool *changed) {
  const frame &from = instance_->frames[caller];
  const instruction_record &record = from.method->instructions[instruction];
  for (uint32_t i = 0; i < method_.symbol_count; ++i) {
    int64_t value = 0, before = frame_.symbols[i];
    if (!evaluate(from.scope, record.sizes[i], &value))
      return reject(LATHE_ERR_SIZE, "the value of symbol % overflows", i);
    int32_t status = assign_symbol(&frame_, method_index_, i, value, error_);
    if (status != LATHE_OK)
      return status;
    *changed |= value != before && !is_runtime_symbol(method_, i);
  }
  for (uint32_t i = 0; i < method_.input_count + method_.output_count; ++i) {
    bool input = i < method_.input_count;
    uint32_t k = input ? i : i - method_.input_count;
    const Tensor &tensor = *(input ? method_.source->inputs()
                                   : method_.source->outputs())->Get(k);
    memory_range given = from.buffers[input ? record.buffers[k] : record.more[k]];
    uint64_t bytes = 0;
    bool later = has_runtime_dims(frame_, tensor);
    if (!tensor_bytes(frame_, tensor, &bytes) || (!later && bytes > given.bytes))
      return reject(LATHE_ERR_SIZE,
                    "'%' needs % bytes, its caller passes %", tensor.name()->c_str(), bytes, given.bytes);
    memory_range &held = input ? frame_.inputs[k] : frame_.outputs[k];
    *changed |= held.data != given.data || held.bytes != given.bytes;
    held = given;
  }
  memory_range arena = {};
  if (record.b != LATHE_NONE)
    arena = from.buffers[record.b];
  *changed |= frame_.arena.data != arena.data || frame_.arena.bytes != arena.bytes;
  frame_.arena = arena;
  return *changed ? check_assumptions() : LATHE_OK;
}

memory_range preparer::region_of(const buffer_record &buffer) const {
  // Tensors without elements have an address too.
  alignas(LATHE_REGION_ALIGNMENT) static uint8_t nothing[LATHE_READ_SLACK_BYTES];
  switch (buffer.region) {
  case Region::arena:
    return {frame_.arena.data ? frame_.arena.data : nothing,
            frame_.plan->arena_bytes};
  case Region::weights: {
    const weight_region &slot = instance_->program->weights[buffer.index];
    uint64_t tail = slot.bytes < LATHE_READ_SLACK_BYTES ? slot.bytes
                                                        : LATHE_READ_SLACK_BYTES;
    // Weights are never written: check_buffer_use in verify_instructions.cpp.
    return {const_cast<uint8_t *>(slot.data), slot.bytes - tail};
  }
  case Region::state:
    return {instance_->memory[LATHE_MEMORY_STATE].data
                ? state_region(*instance_).data
                : nothing,
            state_region(*instance_).bytes};
  case Region::input:
    return frame_.inputs[buffer.index];
  case Region::output:
    break;
  }
  return frame_.outputs[buffer.index];
}

int32_t preparer::resolve_buffer(uint32_t index) {
  const buffer_record &buffer = method_.buffers[index];
  int64_t view = 0, bytes = 0;
  if (!evaluate(frame_.scope, buffer.view_offset, &view) ||
      !evaluate(frame_.scope, buffer.bytes, &bytes) || view < 0 || bytes < 0)
    return reject(LATHE_ERR_SIZE, "the size of buffer % overflows", index);
  memory_range region = region_of(buffer);
  uint64_t offset = buffer.region == Region::arena
                        ? frame_.plan->offsets[buffer.arena_ordinal]
                        : buffer.offset_bytes;
  if (!add(offset, static_cast<uint64_t>(view), &offset) ||
      !range_fits(offset, static_cast<uint64_t>(bytes), region.bytes))
    return reject(LATHE_ERR_SIZE,
                  "buffer % at % with % bytes leaves its region of %", index, offset, bytes, region.bytes);
  if (view % buffer.alignment != 0)
    return reject(LATHE_ERR_SIZE,
                  "buffer % at % is not aligned to %", index, offset, buffer.alignment);
  uint8_t *data = region.data ? region.data + offset : nullptr;
  frame_.buffers[index] = {data, static_cast<uint64_t>(bytes)};
  return LATHE_OK;
}

/// How many threads take part in a call, and in what portions: a portion takes
/// about 30 us, and there are some for each thread to even out.
void preparer::split_work(call_block *call, uint64_t tile_cost_ns,
                          uint32_t parallel_min_ns) const {
  constexpr uint64_t portion_ns = 30000, portions_per_worker = 4;
  uint32_t tiles = call->args.tile_count;
  uint32_t threads = instance_->executor.thread_count;
  uint64_t work_ns = 0;
  if (!multiply(tile_cost_ns, uint64_t{tiles}, &work_ns))
    work_ns = UINT64_MAX;
  call->workers = 1;
  call->chunk = tiles;
  if (threads == 1 || tiles < 2 || tile_cost_ns == 0 ||
      work_ns < parallel_min_ns)
    return;
  uint64_t useful = parallel_min_ns ? work_ns / parallel_min_ns : threads;
  uint64_t workers = useful < threads ? useful + 1 : threads;
  workers = workers < threads ? workers : threads;
  workers = workers < tiles ? workers : tiles;
  uint64_t chunk = portion_ns / tile_cost_ns;
  uint64_t most = tiles / (workers * portions_per_worker);
  chunk = chunk < most ? chunk : most;
  call->workers = static_cast<uint32_t>(workers);
  instance_->is_parallel = true;
  call->chunk = chunk < 1 ? 1 : static_cast<uint32_t>(chunk);
}

int32_t preparer::build_call(const instruction_record &record) {
  const kernel_record &kernel = instance_->program->kernels[record.a];
  call_block &call = frame_.calls[record.b];
  auto *buffers = const_cast<void **>(call.args.buffers);
  auto *sizes = const_cast<intptr_t *>(call.args.sizes);
  for (uint32_t i = 0; i < kernel.argument_count; ++i)
    buffers[i] = frame_.buffers[record.buffers[i]].data;
  for (uint32_t i = 0; i < kernel.size_count; ++i) {
    int64_t value = 0;
    if (!evaluate(frame_.scope, record.sizes[i], &value) ||
        value > INTPTR_MAX || value < INTPTR_MIN)
      return reject(LATHE_ERR_SIZE,
                    "size % of kernel '%' overflows", i, kernel.name);
    sizes[i] = static_cast<intptr_t>(value);
  }
  int64_t tiles = 0, cost = 0;
  if (!evaluate(frame_.scope, record.value, &tiles) || tiles < 0)
    return reject(LATHE_ERR_SIZE,
                  "the tile count of kernel '%' overflows", kernel.name);
  if (tiles > LATHE_MAX_TILES)
    return reject(LATHE_ERR_LIMIT, "tiles of kernel '%': % exceed the limit of %",
                  kernel.name, tiles, LATHE_MAX_TILES);
  call.args.tile_count = static_cast<uint32_t>(tiles);
  call.epoch = frame_.epoch;
  // The cost is a hint: 0, not known, where it cannot be computed.
  if (!evaluate(frame_.scope, record.second, &cost) || cost < 0)
    cost = 0;
  split_work(&call, static_cast<uint64_t>(cost), kernel.parallel_min_ns);
  return LATHE_OK;
}

/// The rules on sizes of one instruction whose buffers are resolved.
int32_t preparer::check_instruction(const instruction_record &record) {
  const memory_range *buffers = frame_.buffers;
  switch (record.code) {
  case opcode::call_kernel:
    return build_call(record);
  case opcode::copy:
    if (buffers[record.a].bytes != buffers[record.b].bytes)
      return reject(LATHE_ERR_SIZE,
                    "copies % bytes to %", buffers[record.a].bytes, buffers[record.b].bytes);
    break;
  case opcode::fill:
    if (buffers[record.a].bytes % record.small != 0)
      return reject(LATHE_ERR_SIZE,
                    "fills % bytes with values of %", buffers[record.a].bytes, uint32_t{record.small});
    break;
  case opcode::branch_if:
    if (record.b != LATHE_NONE && buffers[record.b].bytes == 0)
      return reject(LATHE_ERR_SIZE, "branches on a buffer of 0 bytes");
    break;
  case opcode::bind_symbol:
    if (buffers[record.b].bytes < record.small)
      return reject(LATHE_ERR_SIZE, "binds a symbol to a buffer of % bytes", buffers[record.b].bytes);
    break;
  default:
    break;
  }
  return LATHE_OK;
}

int32_t preparer::prepare(bool only_io) {
  if (!only_io)
    frame_.plan = &method_.plans[covering_plan(method_, frame_.symbols)];
  if (frame_.plan->arena_bytes > frame_.arena.bytes)
    return reject(LATHE_ERR_SIZE,
                  "needs an arena of % bytes, has %", frame_.plan->arena_bytes, frame_.arena.bytes);
  for (uint32_t i = 0; i < method_.buffer_count; ++i) {
    const buffer_record &buffer = method_.buffers[i];
    if (buffer.runtime || (only_io && !buffer.io))
      continue;
    int32_t status = resolve_buffer(i);
    if (status != LATHE_OK)
      return status;
  }
  for (uint32_t i = 0; i < method_.instruction_count; ++i) {
    const instruction_record &record = method_.instructions[i];
    if (record.runtime || (only_io && !record.io))
      continue;
    instruction_ = i;
    int32_t status = check_instruction(record);
    if (status != LATHE_OK)
      return status;
  }
  instruction_ = LATHE_NONE;
  return LATHE_OK;
}

[[gnu::noinline]] int32_t preparer::resolve_used(const uint32_t *indices,
                                                 uint32_t count) {
  int32_t status = LATHE_OK;
  for (uint32_t i = 0; i < count && status == LATHE_OK; ++i)
    if (indices[i] != LATHE_NONE && method_.buffers[indices[i]].runtime)
      status = resolve_buffer(indices[i]);
  return status;
}

int32_t preparer::resolve(uint32_t instruction) {
  instruction_ = instruction;
  const instruction_record &record = method_.instructions[instruction];
  int32_t status = LATHE_OK;
  switch (record.code) {
  case opcode::call_kernel:
    status = resolve_used(record.buffers,
                          instance_->program->kernels[record.a].argument_count);
    break;
  case opcode::call_method: {
    const method_record &callee = instance_->program->methods[record.a];
    status = resolve_used(record.buffers, callee.input_count);
    if (status == LATHE_OK)
      status = resolve_used(record.more, callee.output_count);
    if (status == LATHE_OK)
      status = resolve_used(&record.b, 1);
    break;
  }
  case opcode::copy:
    status = resolve_used(&record.a, 1);
    if (status == LATHE_OK)
      status = resolve_used(&record.b, 1);
    break;
  case opcode::fill:
    status = resolve_used(&record.a, 1);
    break;
  case opcode::branch_if:
  case opcode::bind_symbol:
    status = resolve_used(&record.b, 1);
    break;
  default:
    break;
  }
  return status == LATHE_OK ? check_instruction(record) : status;
}

} // namespace

bool has_runtime_dims(const frame &frame, const Tensor &tensor) {
  for (uint32_t i = 0; i < rank_of(tensor); ++i) {
    int64_t size = tensor.dims()->Get(i);
    if (size < 0 && frame.method->expressions[expression_index(size)].runtime)
      return true;
  }
  return false;
}

bool tensor_bytes(const frame &frame, const Tensor &tensor, uint64_t *bytes) {
  *bytes = element_bytes(tensor.dtype());
  for (uint32_t i = 0; i < rank_of(tensor); ++i) {
    int64_t dim = 0;
    if (!evaluate(frame.scope, tensor.dims()->Get(i), &dim) || dim < 0 ||
        !multiply(*bytes, static_cast<uint64_t>(dim), bytes) ||
        *bytes > LATHE_MAX_REGION_BYTES)
      return false;
  }
  return true;
}

int32_t assign_symbol(frame *frame, uint32_t method, uint32_t symbol,
                      int64_t value, lathe_error *error) {
  const Symbol &source = *frame->method->source->symbols()->Get(symbol);
  if (value < source.min() || value > frame->symbol_limits[symbol] ||
      value % source.multiple() != 0)
    return fail(error, LATHE_ERR_SHAPE, method, LATHE_NONE,
                "symbol '%' would be %, allowed are multiples of % from % to %", source.name()->c_str(), value, source.multiple(), source.min(), frame->symbol_limits[symbol]);
  frame->symbols[symbol] = value;
  return LATHE_OK;
}

int32_t prepare_entry(lathe_instance *instance, uint32_t method,
                      lathe_error *error) {
  frame &entry = instance->frames[method];
  if (entry.prepared && entry.prepared_as_entry && !entry.dims_changed &&
      !entry.pointers_changed)
    return LATHE_OK;
  preparer work(instance, method, error);
  bool all = !entry.prepared || !entry.prepared_as_entry || entry.dims_changed;
  int32_t status = LATHE_OK;
  entry.prepared = false;
  if (all)
    status = work.solve_symbols();
  if (status == LATHE_OK)
    status = work.bind_entry();
  if (status == LATHE_OK)
    status = work.prepare(!all);
  entry.prepared = status == LATHE_OK;
  entry.prepared_as_entry = true;
  if (status == LATHE_OK)
    entry.dims_changed = entry.pointers_changed = false;
  return status;
}

int32_t resolve_instruction(lathe_instance *instance, uint32_t method,
                            uint32_t instruction, lathe_error *error) {
  return preparer(instance, method, error).resolve(instruction);
}

int32_t prepare_call(lathe_instance *instance, uint32_t caller,
                     uint32_t instruction, lathe_error *error) {
  const frame &from = instance->frames[caller];
  uint32_t method = from.method->instructions[instruction].a;
  frame &callee = instance->frames[method];
  bool changed = !callee.prepared || callee.prepared_as_entry;
  callee.prepared = false;
  preparer work(instance, method, error);
  int32_t status = work.bind_call(caller, instruction, &changed);
  if (status == LATHE_OK && changed)
    status = work.prepare(false);
  callee.prepared = status == LATHE_OK;
  callee.prepared_as_entry = false;
  ++callee.epoch;
  return status;
}

} // namespace lathe::core
