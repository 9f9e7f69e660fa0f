// SPDX-License-Identifier: Apache-2.0
// A loaded program: what decode.cpp makes of verified metadata, once.
#ifndef LATHE_RUNTIME_CORE_PROGRAM_H
#define LATHE_RUNTIME_CORE_PROGRAM_H

#include "program_view.h"
#include "runtime/core/backend.h"
#include "runtime/core/expression.h"
#include "runtime/core/platform.h"
#include "runtime/include/lathe/kernel_abi.h"
#include "runtime/include/lathe/lathe.h"

#include <atomic>
#include <cstddef>

namespace lathe::core {

struct kernel_record {
  lathe_kernel_fn function; // NULL for kernels of other devices
  const char *name;
  uint32_t argument_count;
  uint32_t size_count;
  uint32_t parallel_min_ns;
  bool may_fail;
};

struct buffer_record {
  uint64_t offset_bytes;
  int64_t view_offset; // size
  int64_t bytes;       // size
  uint32_t index;
  uint32_t arena_ordinal; // index into a plan's offsets
  uint32_t alignment;     // largest that any use of it needs
  view::Region region;
  bool runtime; // its place depends on a symbol that instructions set
  bool io;      // lies in an input or output
};

enum class opcode : uint8_t {
  call_kernel,
  call_method,
  copy,
  fill,
  branch,
  branch_if,
  wait,
  bind_symbol,
  set_symbol,
};

/// One instruction. Which fields mean something depends on the code:
///   call_kernel  a kernel, b index of its call block, buffers, sizes, value =
///                tiles, second = tile cost
///   call_method  a method, b arena buffer, buffers = inputs, more = outputs,
///                sizes = symbols
///   copy         a source, b destination
///   fill         a destination, value, small = value_bytes
///   branch       a target
///   branch_if    a target, b buffer, value = condition, small = negate
///   bind_symbol  a symbol, b buffer, small = bytes of the integer
///   set_symbol   a symbol, value
struct instruction_record {
  opcode code;
  uint8_t small;
  bool runtime; // uses something that depends on a symbol set by instructions
  bool io;      // uses an input or output
  uint32_t a, b;
  uint32_t location;
  int64_t value, second;
  const uint32_t *buffers, *more;
  const int64_t *sizes;
};

struct plan_record {
  const int64_t *symbol_max; // NULL: covers all
  const uint64_t *offsets;
  uint64_t arena_bytes;
};

struct method_record {
  const view::Method *source;
  const char *name;
  const expression *expressions;
  const buffer_record *buffers;
  const instruction_record *instructions;
  const plan_record *plans;
  uint32_t symbol_count, input_count, output_count;
  uint32_t buffer_count, instruction_count, plan_count;
  uint32_t call_count;       // kernel calls
  uint32_t call_slots;       // buffer pointers of all kernel calls together
  uint32_t call_sizes;       // sizes of all kernel calls together
  uint64_t scratch_bytes;    // largest of its kernels
  uint64_t runtime_symbols[4]; // bit per symbol that instructions set
  bool internal;
};

inline bool is_runtime_symbol(const method_record &method, uint32_t symbol) {
  return (method.runtime_symbols[symbol / 64] >> (symbol % 64)) & 1;
}

struct weight_region {
  const uint8_t *data;
  uint64_t bytes;
};

/// One of the two files that segments lie in: mapped, or borrowed memory.
struct byte_source {
  platform::file file;
  const uint8_t *memory = nullptr;
  uint64_t bytes = 0;
};

int32_t source_read(const byte_source &source, uint64_t offset,
                    void *destination, size_t bytes, lathe_error *error);

} // namespace lathe::core

/// The public handle. Everything in it is constant after open, but the count.
struct lathe_program {
  std::atomic<uint32_t> references{1};
  bool linked = false;         // opened from a static model
  lathe_allocator allocator{}; // alloc is NULL for static programs
  void *records = nullptr;     // what decode filled
  size_t records_bytes = 0;
  uint8_t *metadata = nullptr; // private copy; constant memory when linked
  size_t metadata_bytes = 0;
  // LATHE_COPY_WEIGHTS, or a misaligned program: all of a file, per source.
  lathe_memory copied[2] = {};
  lathe::core::byte_source sources[2]; // program, sidecar
  lathe::backend::code_image code;
  const lathe::view::Program *root = nullptr;
  const lathe::view::CodeImage *image = nullptr; // NULL: no code
  const lathe_static_model *model = nullptr;
  const lathe::core::weight_region *weights = nullptr; // per slot
  const lathe::core::kernel_record *kernels = nullptr;
  const lathe::core::method_record *methods = nullptr;
  uint32_t method_count = 0;
  uint8_t digest[32] = {};
  char code_name[80] = {};
};

namespace lathe::core {

/// How many bytes the records of a verified program need. The variant of each
/// method is chosen here: LATHE_ERR_UNSUPPORTED when a method has none for this
/// machine.
int32_t decoded_bytes(const view::Program &root,
                      const view::CodeImage *image, uint64_t *bytes,
                      lathe_error *error);

/// Fills the records into `memory` of decoded_bytes() bytes, 64-byte aligned.
/// program->root, image, code and weights of its sources are set.
void decode(lathe_program *program, void *memory);

/// The bytes of a segment in the mapped or borrowed file of a program that is
/// not linked.
const uint8_t *segment_data(const lathe_program &program, uint32_t segment);
/// Hashes the segments of one kind, or of all kinds for LATHE_NONE.
int32_t verify_segments(const lathe_program &program, uint32_t kind,
                        lathe_error *error);
/// The bytes between the parts of the program file are zero.
int32_t check_padding(const lathe_program &program, lathe_error *error);
/// Finds, opens and checks the weights file that the metadata asks for.
int32_t open_sidecar(lathe_program *program, const char *program_path,
                     const lathe_options &options, lathe_error *error);
/// Appends what the segment of source locations says about an instruction to the
/// error's text: " at node 'conv2d_3' (aten.conv2d.default), model.py:41 in
/// Net.forward", without the parts that it does not know.
void append_location(const lathe_program &program, uint32_t location,
                     lathe_error *error);

/// Takes as much of a caller's structure as it says that it has; the rest of
/// *out is zero. False when struct_bytes is too small to be one.
bool read_struct_bytes(const void *in, void *out, uint32_t bytes);
template <typename T> bool read_struct(const T *in, T *out) {
  static_assert(offsetof(T, struct_bytes) == 0, "the size comes first");
  return read_struct_bytes(in, out, sizeof(T));
}
/// The reverse, for structures that a call fills.
bool write_struct_bytes(const void *value, void *out, uint32_t bytes);
template <typename T> bool write_struct(const T &value, T *out) {
  static_assert(offsetof(T, struct_bytes) == 0, "the size comes first");
  return write_struct_bytes(&value, out, sizeof(T));
}

void program_release(lathe_program *program);

} // namespace lathe::core

#endif // LATHE_RUNTIME_CORE_PROGRAM_H
