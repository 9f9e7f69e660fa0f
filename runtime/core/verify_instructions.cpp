// SPDX-License-Identifier: Apache-2.0
#include "runtime/core/verifier.h"

namespace lathe::core {

using namespace view;

uint32_t symbol_set_by(const Instruction &instruction) {
  if (!instruction.body()) // not refused yet when the verifier asks
    return LATHE_NONE;
  switch (instruction.body_type()) {
  case InstructionBody::BindSymbol:
    return body_of<BindSymbol>(instruction).symbol();
  case InstructionBody::SetSymbol:
    return body_of<SetSymbol>(instruction).symbol();
  default:
    return LATHE_NONE;
  }
}

bool verifier::check_target(uint32_t target) {
  return target <= variant_->instructions()->size() ||
         reject("branches to instruction % of %", target, variant_->instructions()->size());
}

bool verifier::check_device(uint32_t device) {
  return check_index(device, variant_->devices()->size(), "is for device % of %");
}

/// A buffer that an instruction names: it exists, may be written if it is, and
/// every constant part of its address is aligned. Inputs and outputs lie where
/// the caller wants: only their element's alignment is sure. A view offset that
/// is an expression is checked at prepare.
bool verifier::check_buffer_use(uint32_t index, bool writes,
                                uint64_t alignment) {
  if (!check_index(index, variant_->buffers()->size(), "uses buffer % of %"))
    return false;
  const Buffer &buffer = *variant_->buffers()->Get(index);
  if (writes && (buffer.region() == Region::weights ||
                 buffer.region() == Region::input))
    return reject("writes buffer %, a weight or input", index);
  if (alignment == 1)
    return true;
  uint64_t base = LATHE_REGION_ALIGNMENT;
  if (buffer.region() == Region::input)
    base = element_bytes(method_->inputs()->Get(buffer.index())->dtype());
  if (buffer.region() == Region::output)
    base = element_bytes(method_->outputs()->Get(buffer.index())->dtype());
  if (base < alignment)
    return reject("needs buffer % aligned to %, its region has %", index, alignment, base);
  uint64_t constant = buffer.offset_bytes();
  if (buffer.view_offset_bytes() > 0)
    constant |= static_cast<uint64_t>(buffer.view_offset_bytes());
  if (constant % alignment != 0)
    return reject("needs buffer % aligned to %", index, alignment);
  return true;
}

bool verifier::check_call_kernel(const CallKernel &call) {
  if (!check_index(call.kernel(), program_->kernels()->size(), "calls kernel % of %"))
    return false;
  const Kernel &kernel = *program_->kernels()->Get(call.kernel());
  if (!check_device(call.device()))
    return false;
  if (static_cast<Device>(variant_->devices()->Get(call.device())) !=
      kernel.device())
    return reject("calls a kernel of another device");
  if (!take(call.buffers()) || !take(call.sizes()))
    return false;
  if (call.buffers()->size() != kernel.arguments()->size())
    return reject("passes % buffers to a kernel of %", call.buffers()->size(), kernel.arguments()->size());
  for (uint32_t i = 0; i < call.buffers()->size(); ++i) {
    const KernelArgument &argument = *kernel.arguments()->Get(i);
    if (!check_buffer_use(call.buffers()->Get(i),
                          argument.access() != Access::read,
                          argument.alignment()))
      return false;
  }
  if (call.sizes()->size() != kernel.size_count())
    return reject("passes % sizes to a kernel of %", call.sizes()->size(), kernel.size_count());
  for (uint32_t i = 0; i < call.sizes()->size(); ++i)
    if (!check_size(call.sizes()->Get(i), "a kernel's size"))
      return false;
  if (call.tiles() > 0 &&
      !limit(static_cast<uint64_t>(call.tiles()), LATHE_MAX_TILES, "tiles of a call"))
    return false;
  return check_size(call.tiles(), "the tile count") &&
         check_size(call.tile_cost_ns(), "the tile cost");
}

bool verifier::check_call_method(const CallMethod &call) {
  if (call.method() >= method_index_)
    return reject("calls method %, which does not come before its own", call.method());
  const Method &callee = *program_->methods()->Get(call.method());
  uint8_t depth = static_cast<uint8_t>(call_depth_[call.method()] + 1);
  if (depth > call_depth_[method_index_])
    call_depth_[method_index_] = depth;
  if (depth > LATHE_MAX_CALL_DEPTH)
    return reject(LATHE_ERR_LIMIT, "methods call each other too deeply");
  if (!take(call.inputs()) || !take(call.outputs()) || !take(call.symbols()))
    return false;
  if (call.inputs()->size() != callee.inputs()->size() ||
      call.outputs()->size() != callee.outputs()->size())
    return reject("passes % inputs and % outputs to a method of % and %", call.inputs()->size(), call.outputs()->size(), callee.inputs()->size(), callee.outputs()->size());
  for (uint32_t i = 0; i < call.inputs()->size(); ++i)
    if (!check_buffer_use(call.inputs()->Get(i), false,
                          element_bytes(callee.inputs()->Get(i)->dtype())))
      return false;
  for (uint32_t i = 0; i < call.outputs()->size(); ++i)
    if (!check_buffer_use(call.outputs()->Get(i), true,
                          element_bytes(callee.outputs()->Get(i)->dtype())))
      return false;
  if (call.symbols()->size() != callee.symbols()->size())
    return reject("passes % symbols to a method of %", call.symbols()->size(), callee.symbols()->size());
  for (uint32_t i = 0; i < call.symbols()->size(); ++i)
    if (!check_size(call.symbols()->Get(i), "a symbol's value"))
      return false;
  if (call.arena() == LATHE_NONE)
    return !needs_arena_[call.method()] ||
           reject("passes no arena to a method that needs one");
  if (!check_buffer_use(call.arena(), true, LATHE_REGION_ALIGNMENT))
    return false;
  return variant_->buffers()->Get(call.arena())->region() == Region::arena ||
         reject("passes an arena outside its own");
}

bool verifier::check_copy(const Copy &copy) {
  if (!check_buffer_use(copy.source(), false, 1) ||
      !check_buffer_use(copy.destination(), true, 1))
    return false;
  int64_t source = variant_->buffers()->Get(copy.source())->bytes();
  int64_t destination = variant_->buffers()->Get(copy.destination())->bytes();
  return source < 0 || destination < 0 || source == destination ||
         reject("copies % bytes to %", source, destination);
}

bool verifier::check_fill(const Fill &fill) {
  if (!is_power_of_two(fill.value_bytes()) || fill.value_bytes() > 8)
    return reject("fills with values of % bytes", uint32_t{fill.value_bytes()});
  if (!check_buffer_use(fill.destination(), true, 1))
    return false;
  int64_t bytes = variant_->buffers()->Get(fill.destination())->bytes();
  return bytes < 0 || bytes % fill.value_bytes() == 0 ||
         reject("fills % bytes with values of %", bytes, uint32_t{fill.value_bytes()});
}

bool verifier::check_branch_if(const BranchIf &branch) {
  if (!check_target(branch.target()))
    return false;
  if (branch.buffer() == LATHE_NONE)
    return check_size(branch.condition(), "a condition");
  if (!check_buffer_use(branch.buffer(), false, 1))
    return false;
  return variant_->buffers()->Get(branch.buffer())->bytes() != 0 ||
         reject("branches on a buffer of 0 bytes");
}

bool verifier::check_bind_symbol(const BindSymbol &bind) {
  if (bind.dtype() != DType::i32 && bind.dtype() != DType::i64)
    return reject("binds a symbol to a value that is neither i32 nor i64");
  if (!check_buffer_use(bind.buffer(), false, 1))
    return false;
  int64_t bytes = variant_->buffers()->Get(bind.buffer())->bytes();
  return bytes < 0 || bytes >= int64_t{element_bytes(bind.dtype())} ||
         reject("binds a symbol to a buffer of % bytes", bytes);
}

bool verifier::check_set_symbol(const SetSymbol &set) {
  return check_size(set.value(), "a symbol's value");
}

bool verifier::check_instruction(const Instruction &instruction) {
  if (!instruction.body())
    return reject("an instruction has no body");
  switch (instruction.body_type()) {
  case InstructionBody::CallKernel:
    return check_call_kernel(body_of<CallKernel>(instruction));
  case InstructionBody::CallMethod:
    return check_call_method(body_of<CallMethod>(instruction));
  case InstructionBody::Copy:
    return check_copy(body_of<Copy>(instruction));
  case InstructionBody::Fill:
    return check_fill(body_of<Fill>(instruction));
  case InstructionBody::Branch:
    return check_target(body_of<Branch>(instruction).target());
  case InstructionBody::BranchIf:
    return check_branch_if(body_of<BranchIf>(instruction));
  case InstructionBody::Wait:
    return check_device(body_of<Wait>(instruction).device());
  case InstructionBody::BindSymbol:
    return check_bind_symbol(body_of<BindSymbol>(instruction));
  case InstructionBody::SetSymbol:
    return check_set_symbol(body_of<SetSymbol>(instruction));
  default:
    return reject(LATHE_ERR_UNSUPPORTED, "an unknown instruction");
  }
}

} // namespace lathe::core
