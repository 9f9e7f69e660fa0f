// SPDX-License-Identifier: Apache-2.0
// The verifier's working state, shared by the verify*.cpp files.
#ifndef LATHE_RUNTIME_CORE_VERIFIER_H
#define LATHE_RUNTIME_CORE_VERIFIER_H

#include "runtime/core/checked.h"
#include "runtime/core/verify.h"
#include "runtime/include/lathe/kernel_abi.h"
#include "runtime/include/lathe/limits.h"

namespace lathe::core {

class verifier {
public:
  verifier(const verify_input &input, lathe_error *error)
      : input_(input), error_(error),
        vector_budget_(uint64_t{input.metadata_bytes} * LATHE_MAX_VECTOR_READS) {
  }

  bool run();
  const view::Program *program() const { return program_; }
  int32_t status() const { return status_; }

private:
  // verify.cpp: what all methods share.
  bool check_buffer();
  bool check_segments();
  bool check_segment_place(const view::Segment &segment, uint64_t *end);
  bool check_slots();
  bool check_weights();
  bool check_states();
  bool check_images();
  bool check_image_weights(const view::CodeImage &image);
  bool check_kernels();
  bool check_entries(const view::Kernel &kernel);
  bool check_arguments(const view::Kernel &kernel);
  bool check_shaders(const view::Kernel &kernel);
  bool check_data();

  // verify_method.cpp: one method without its instructions.
  bool check_method(const view::Method &method);
  bool check_symbols();
  bool check_expression(const view::Expression &expression);
  bool check_assumptions();
  bool check_bindings();
  bool check_tensor(const view::Tensor &tensor);
  bool check_tensor_bounds(const view::Tensor &tensor);
  bool check_quantization(const view::Tensor &tensor);
  bool check_variant(const view::Variant &variant);
  bool check_buffers();
  bool check_buffer_region(const view::Buffer &buffer);
  bool check_constant_range(const view::Buffer &buffer, uint32_t ordinal);
  bool check_plans();
  bool find_runtime_symbols(const view::Method &method);

  // verify_instructions.cpp
  bool check_instruction(const view::Instruction &instruction);
  bool check_call_kernel(const view::CallKernel &call);
  bool check_call_method(const view::CallMethod &call);
  bool check_copy(const view::Copy &copy);
  bool check_fill(const view::Fill &fill);
  bool check_branch_if(const view::BranchIf &branch);
  bool check_bind_symbol(const view::BindSymbol &bind);
  bool check_set_symbol(const view::SetSymbol &set);
  bool check_target(uint32_t target);
  bool check_device(uint32_t device);
  bool check_buffer_use(uint32_t index, bool writes, uint64_t alignment);

  // Shared rules.
  /// Records the error at the place where the verifier is; always false.
  bool reject_list(uint32_t head, const char *format, ...);
  template <typename... A>
  bool reject(int32_t status, const char *format, A... arguments) {
    return reject_list(message_head<A...>(status), format,
                       shown_value(arguments)...);
  }
  template <typename... A> bool reject(const char *format, A... arguments) {
    return reject_list(message_head<A...>(LATHE_ERR_METADATA), format,
                       shown_value(arguments)...);
  }
  bool limit(uint64_t value, uint64_t maximum, const char *what);
  /// An index is less than a count. The message shows both, behind whose index
  /// it is.
  bool check_index(uint32_t index, uint32_t count, const char *format);
  bool check_index(uint32_t index, uint32_t count, const char *format,
                   uint32_t owner);
  bool check_name(const reader::String *name, const char *what);
  bool check_size(int64_t size, const char *what);
  bool check_dims(const reader::Vector<int64_t> *dims,
                  uint32_t element, uint64_t *bytes);
  /// Takes a vector's bytes from the budget of what may be read.
  bool take_bytes(uint64_t bytes);
  template <typename T> bool take(const reader::Vector<T> *vector) {
    return take_bytes(uint64_t{vector->size()} * sizeof(T));
  }
  const view::Segment *slot_segment(uint32_t slot) const;
  bool is_runtime_symbol(uint64_t symbol) const {
    return (runtime_symbols_[symbol / 64] >> (symbol % 64)) & 1;
  }
  bool is_bound_symbol(uint64_t symbol) const {
    return (bound_symbols_[symbol / 64] >> (symbol % 64)) & 1;
  }

  const verify_input &input_;
  lathe_error *error_;
  uint64_t vector_budget_;
  uint64_t instruction_count_ = 0;
  int32_t status_ = LATHE_OK;
  const view::Program *program_ = nullptr;
  // Where the verifier is, for messages.
  uint32_t method_index_ = LATHE_NONE;
  uint32_t instruction_index_ = LATHE_NONE;
  const view::Method *method_ = nullptr;
  const view::Variant *variant_ = nullptr;
  uint8_t call_depth_[LATHE_MAX_METHODS] = {};
  bool needs_arena_[LATHE_MAX_METHODS] = {};
  uint64_t runtime_symbols_[LATHE_MAX_SYMBOLS / 64] = {};
  uint64_t bound_symbols_[LATHE_MAX_SYMBOLS / 64] = {};
};

} // namespace lathe::core

#endif // LATHE_RUNTIME_CORE_VERIFIER_H
