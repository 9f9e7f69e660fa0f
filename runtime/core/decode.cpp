// SPDX-License-Identifier: Apache-2.0
// Verified metadata to records with plain pointers. Nothing here can fail on
// the program's content: verify*.cpp has looked at all of it.
#include "runtime/core/block_writer.h"
#include "runtime/core/checked.h"
#include "runtime/core/error.h"
#include "runtime/core/program.h"
#include "runtime/core/verify.h"
#include "runtime/include/lathe/limits.h"

#include <cstring>

namespace lathe::core {

using namespace view;

namespace {

/// Where everything lies; the same code counts and hands out.
struct method_arrays {
  expression *expressions;
  buffer_record *buffers;
  plan_record *plans;
  instruction_record *instructions;
};

method_arrays method_block(block_writer &writer, const Method &method,
                           const Variant &variant) {
  return {writer.array<expression>(method.expressions()->size()),
          writer.array<buffer_record>(variant.buffers()->size()),
          writer.array<plan_record>(variant.plans()->size()),
          writer.array<instruction_record>(variant.instructions()->size())};
}

/// Decodes one method into its arrays.
class method_decoder {
public:
  method_decoder(const lathe_program &program, const Method &method,
                 const Variant &variant, const method_arrays &arrays,
                 method_record *record)
      : program_(program), method_(method), variant_(variant), arrays_(arrays),
        record_(*record) {}

  void run() {
    find_runtime_symbols();
    decode_expressions();
    decode_buffers();
    decode_plans();
    for (uint32_t i = 0; i < variant_.instructions()->size(); ++i)
      decode_instruction(*variant_.instructions()->Get(i),
                         &arrays_.instructions[i]);
    fill_record();
  }

private:
  void find_runtime_symbols();
  void decode_expressions();
  void decode_buffers();
  void decode_plans();
  void decode_instruction(const Instruction &source, instruction_record *out);
  void decode_call_kernel(const CallKernel &call, instruction_record *out);
  void decode_call_method(const CallMethod &call, instruction_record *out);
  void decode_fill(const Fill &fill, instruction_record *out);
  void decode_bind_symbol(const BindSymbol &bind, instruction_record *out);
  void decode_branch_if(const BranchIf &branch, instruction_record *out);
  void fill_record();

  bool is_runtime(int64_t size) const {
    return size < 0 && arrays_.expressions[expression_index(size)].runtime;
  }
  // Not inlined: both are used in a dozen places.
  [[gnu::noinline]] void use_buffer(instruction_record *out, uint32_t index,
                                    uint32_t alignment = 1) {
    buffer_record &buffer = arrays_.buffers[index];
    if (buffer.alignment < alignment)
      buffer.alignment = alignment;
    out->runtime |= buffer.runtime;
    out->io |= buffer.io;
  }
  [[gnu::noinline]] void use_sizes(instruction_record *out,
                                   const int64_t *sizes, uint32_t count) {
    for (uint32_t i = 0; i < count; ++i)
      out->runtime |= is_runtime(sizes[i]);
  }

  const lathe_program &program_;
  const Method &method_;
  const Variant &variant_;
  const method_arrays &arrays_;
  method_record &record_;
};

void method_decoder::find_runtime_symbols() {
  static_assert(sizeof(record_.runtime_symbols) * 8 == LATHE_MAX_SYMBOLS,
                "one bit per symbol");
  for (uint32_t i = 0; i < variant_.instructions()->size(); ++i) {
    uint32_t symbol = symbol_set_by(*variant_.instructions()->Get(i));
    if (symbol != LATHE_NONE)
      record_.runtime_symbols[symbol / 64] |= uint64_t{1} << (symbol % 64);
  }
}

void method_decoder::decode_expressions() {
  for (uint32_t i = 0; i < method_.expressions()->size(); ++i) {
    const Expression &source = *method_.expressions()->Get(i);
    expression &out = arrays_.expressions[i];
    out.ops = source.ops()->Data();
    out.operands = source.operands()->data();
    out.op_count = source.ops()->size();
    out.runtime = false;
    uint32_t operand = 0;
    for (uint32_t k = 0; k < out.op_count; ++k) {
      auto op = static_cast<ExpressionOp>(out.ops[k]);
      if (op > ExpressionOp::symbol)
        continue;
      int64_t value = out.operands[operand++];
      if (op == ExpressionOp::symbol)
        out.runtime |= is_runtime_symbol(record_, static_cast<uint32_t>(value));
    }
  }
}

void method_decoder::decode_buffers() {
  uint32_t ordinal = 0;
  for (uint32_t i = 0; i < variant_.buffers()->size(); ++i) {
    const Buffer &source = *variant_.buffers()->Get(i);
    buffer_record &out = arrays_.buffers[i];
    out.region = source.region();
    out.index = source.index();
    out.offset_bytes = source.offset_bytes();
    out.view_offset = source.view_offset_bytes();
    out.bytes = source.bytes();
    out.alignment = 1;
    out.arena_ordinal = source.region() == Region::arena ? ordinal++ : 0;
    out.io = source.region() == Region::input || source.region() == Region::output;
    out.runtime = is_runtime(out.view_offset) || is_runtime(out.bytes);
  }
}

void method_decoder::decode_plans() {
  for (uint32_t i = 0; i < variant_.plans()->size(); ++i) {
    const Plan &source = *variant_.plans()->Get(i);
    plan_record &out = arrays_.plans[i];
    out.symbol_max = source.symbol_max()->size() ? source.symbol_max()->data() : nullptr;
    out.offsets = source.offsets_bytes()->data();
    out.arena_bytes = source.arena_bytes();
  }
}

void method_decoder::decode_call_kernel(const CallKernel &call,
                                        instruction_record *out) {
  const Kernel &kernel = *program_.root->kernels()->Get(call.kernel());
  out->code = opcode::call_kernel;
  out->a = call.kernel();
  out->b = record_.call_count++;
  out->buffers = call.buffers()->data();
  out->sizes = call.sizes()->data();
  out->value = call.tiles();
  out->second = call.tile_cost_ns();
  use_sizes(out, &out->value, 1);
  use_sizes(out, &out->second, 1);
  use_sizes(out, out->sizes, call.sizes()->size());
  for (uint32_t i = 0; i < call.buffers()->size(); ++i)
    use_buffer(out, call.buffers()->Get(i),
               kernel.arguments()->Get(i)->alignment());
  record_.call_slots += call.buffers()->size();
  record_.call_sizes += call.sizes()->size();
  if (kernel.scratch_bytes() > record_.scratch_bytes)
    record_.scratch_bytes = kernel.scratch_bytes();
}

void method_decoder::decode_call_method(const CallMethod &call,
                                        instruction_record *out) {
  const Method &callee = *program_.root->methods()->Get(call.method());
  out->code = opcode::call_method;
  out->a = call.method();
  out->b = call.arena();
  out->buffers = call.inputs()->data();
  out->more = call.outputs()->data();
  out->sizes = call.symbols()->data();
  for (uint32_t i = 0; i < call.inputs()->size(); ++i)
    use_buffer(out, out->buffers[i],
               element_bytes(callee.inputs()->Get(i)->dtype()));
  for (uint32_t i = 0; i < call.outputs()->size(); ++i)
    use_buffer(out, out->more[i],
               element_bytes(callee.outputs()->Get(i)->dtype()));
  use_sizes(out, out->sizes, call.symbols()->size());
  if (call.arena() != LATHE_NONE)
    use_buffer(out, call.arena(), LATHE_REGION_ALIGNMENT);
}

void method_decoder::decode_branch_if(const BranchIf &branch,
                                      instruction_record *out) {
  out->code = opcode::branch_if;
  out->a = branch.target();
  out->b = branch.buffer();
  out->value = branch.condition();
  out->small = branch.negate();
  if (branch.buffer() != LATHE_NONE)
    use_buffer(out, branch.buffer());
}

void method_decoder::decode_fill(const Fill &fill, instruction_record *out) {
  out->code = opcode::fill;
  out->a = fill.destination();
  out->value = static_cast<int64_t>(fill.value());
  out->small = fill.value_bytes();
  use_buffer(out, out->a);
}

void method_decoder::decode_bind_symbol(const BindSymbol &bind,
                                        instruction_record *out) {
  out->code = opcode::bind_symbol;
  out->a = bind.symbol();
  out->b = bind.buffer();
  out->small = static_cast<uint8_t>(element_bytes(bind.dtype()));
  use_buffer(out, out->b);
}

void method_decoder::decode_instruction(const Instruction &source,
                                        instruction_record *out) {
  out->location = source.location();
  switch (source.body_type()) {
  case InstructionBody::CallKernel:
    decode_call_kernel(body_of<CallKernel>(source), out);
    break;
  case InstructionBody::CallMethod:
    decode_call_method(body_of<CallMethod>(source), out);
    break;
  case InstructionBody::Copy:
    out->code = opcode::copy;
    out->a = body_of<Copy>(source).source();
    out->b = body_of<Copy>(source).destination();
    use_buffer(out, out->a);
    use_buffer(out, out->b);
    break;
  case InstructionBody::Fill:
    decode_fill(body_of<Fill>(source), out);
    break;
  case InstructionBody::Branch:
    out->code = opcode::branch;
    out->a = body_of<Branch>(source).target();
    break;
  case InstructionBody::BranchIf:
    decode_branch_if(body_of<BranchIf>(source), out);
    break;
  case InstructionBody::BindSymbol:
    decode_bind_symbol(body_of<BindSymbol>(source), out);
    break;
  case InstructionBody::SetSymbol:
    out->code = opcode::set_symbol;
    out->a = body_of<SetSymbol>(source).symbol();
    out->value = body_of<SetSymbol>(source).value();
    break;
  case InstructionBody::Wait:
  case InstructionBody::NONE: // refused by the verifier
    out->code = opcode::wait;
    break;
  }
}

void method_decoder::fill_record() {
  record_.source = &method_;
  record_.name = method_.name()->c_str();
  record_.expressions = arrays_.expressions;
  record_.buffers = arrays_.buffers;
  record_.plans = arrays_.plans;
  record_.instructions = arrays_.instructions;
  record_.symbol_count = method_.symbols()->size();
  record_.input_count = method_.inputs()->size();
  record_.output_count = method_.outputs()->size();
  record_.buffer_count = variant_.buffers()->size();
  record_.plan_count = variant_.plans()->size();
  record_.instruction_count = variant_.instructions()->size();
  record_.internal = method_.internal();
}

/// The address of a kernel's code; data and function pointers have the same
/// size on every target (kernel_abi.h).
lathe_kernel_fn kernel_function(const lathe_program &program,
                                const Kernel &kernel, uint32_t image_index) {
  uint64_t entry = kernel.entries()->Get(image_index);
  const void *address =
      program.image->format() == ImageFormat::linked
          ? program.model->kernels[entry]
          : static_cast<const uint8_t *>(program.code.base) + entry;
  lathe_kernel_fn function;
  memcpy(&function, &address, sizeof(function));
  return function;
}

void decode_kernels(const lathe_program &program, kernel_record *out) {
  const Program &root = *program.root;
  uint32_t image = 0;
  while (program.image && root.images()->Get(image) != program.image)
    ++image;
  for (uint32_t i = 0; i < root.kernels()->size(); ++i) {
    const Kernel &kernel = *root.kernels()->Get(i);
    out[i].name = kernel.name()->c_str();
    out[i].argument_count = kernel.arguments()->size();
    out[i].size_count = kernel.size_count();
    out[i].parallel_min_ns = kernel.parallel_min_ns();
    out[i].may_fail = kernel.may_fail();
    if (kernel.device() == Device::cpu && program.image)
      out[i].function = kernel_function(program, kernel, image);
  }
}

void decode_weights(const lathe_program &program, weight_region *out) {
  auto *slots = program.root->weight_slots();
  if (program.image && program.image->weight_segments()->size())
    slots = program.image->weight_segments();
  for (uint32_t i = 0; i < slots->size(); ++i) {
    uint32_t segment = slots->Get(i);
    if (program.linked) {
      const lathe_static_segment &linked = program.model->weights[i];
      out[i] = {static_cast<const uint8_t *>(linked.data), linked.bytes};
      continue;
    }
    out[i] = {segment_data(program, segment),
              program.root->segments()->Get(segment)->bytes()};
  }
}

/// Whether kernels of the CPU can be called, or there are none to call.
bool cpu_ready(const Program &root, const CodeImage *image) {
  bool needs_code = false;
  for (uint32_t i = 0; i < root.kernels()->size(); ++i)
    needs_code |= root.kernels()->Get(i)->device() == Device::cpu;
  return image || !needs_code;
}

/// Index of the variant that runs here, LATHE_NONE if none does.
uint32_t choose_variant(const Method &method, bool has_cpu) {
  for (uint32_t v = 0; v < method.variants()->size(); ++v) {
    auto *devices = method.variants()->Get(v)->devices();
    bool supported = true;
    for (uint32_t i = 0; i < devices->size(); ++i)
      supported &= static_cast<Device>(devices->Get(i)) == Device::cpu && has_cpu;
    if (supported)
      return v;
  }
  return LATHE_NONE;
}

} // namespace

int32_t decoded_bytes(const Program &root, const CodeImage *image,
                      uint64_t *bytes, lathe_error *error) {
  bool has_cpu = cpu_ready(root, image);
  block_writer counter(nullptr);
  counter.array<weight_region>(root.weight_slots()->size());
  counter.array<kernel_record>(root.kernels()->size());
  counter.array<method_record>(root.methods()->size());
  for (uint32_t i = 0; i < root.methods()->size(); ++i) {
    const Method &method = *root.methods()->Get(i);
    uint32_t variant = choose_variant(method, has_cpu);
    if (variant == LATHE_NONE)
      return fail(error, LATHE_ERR_UNSUPPORTED, i, LATHE_NONE,
                  "method '%' has no variant for this machine: no device or code image of the program fits", method.name()->c_str());
    method_block(counter, method, *method.variants()->Get(variant));
  }
  *bytes = counter.used();
  return LATHE_OK;
}

void decode(lathe_program *program, void *memory) {
  const Program &root = *program->root;
  bool has_cpu = cpu_ready(root, program->image);
  block_writer writer(memory);
  auto *weights = writer.array<weight_region>(root.weight_slots()->size());
  auto *kernels = writer.array<kernel_record>(root.kernels()->size());
  auto *methods = writer.array<method_record>(root.methods()->size());
  decode_weights(*program, weights);
  decode_kernels(*program, kernels);
  program->weights = weights;
  program->kernels = kernels;
  program->methods = methods;
  program->method_count = root.methods()->size();
  for (uint32_t i = 0; i < program->method_count; ++i) {
    const Method &method = *root.methods()->Get(i);
    const Variant &variant =
        *method.variants()->Get(choose_variant(method, has_cpu));
    method_arrays arrays = method_block(writer, method, variant);
    method_decoder(*program, method, variant, arrays, &methods[i]).run();
  }
}

} // namespace lathe::core
