// SPDX-License-Identifier: Apache-2.0
// Programs for tests: metadata as the object API's structures, which a test
// changes at will, and the bytes of segments; packed to a file image or opened
// as a linked program.
#ifndef LATHE_TEST_RUNTIME_PROGRAM_BUILDER_H
#define LATHE_TEST_RUNTIME_PROGRAM_BUILDER_H

#include "program_objects_generated.h"
#include "runtime/include/lathe/lathe.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace lathe::test {

namespace f = lathe::format;
using bytes = std::vector<uint8_t>;

/// Bytes that start at a multiple of 64.
class aligned_bytes {
public:
  aligned_bytes() = default;
  explicit aligned_bytes(const bytes &source);
  explicit aligned_bytes(size_t count) : aligned_bytes(bytes(count)) {}
  uint8_t *data() const { return start_; }
  size_t size() const { return size_; }

private:
  std::unique_ptr<uint8_t[]> storage_;
  uint8_t *start_ = nullptr;
  size_t size_ = 0;
};

/// The kernels of image_kernels.h in this order are kernels 0, 1, ... of every
/// program made here.
enum kernel : uint32_t {
  add, scale, gather, accumulate, count_down, row_sum, busy, fail_always,
  kernel_count
};

/// A program under construction.
struct program_source {
  f::ProgramT metadata;
  std::vector<bytes> segments; // one per metadata.segments

  /// Adds a segment; its place and digest are filled in when packing.
  uint32_t add_segment(f::SegmentKind kind, bytes content,
                       f::SegmentFile file = f::SegmentFile::program);
  /// Adds weights of i32 in a slot of their own; returns the slot.
  uint32_t add_weights(const std::string &name,
                       const std::vector<int32_t> &values,
                       f::SegmentFile file = f::SegmentFile::program);
  uint32_t add_state(const std::string &name, std::vector<int64_t> dims,
                     uint32_t initial_weight = LATHE_NONE);
  f::MethodT &add_method(const std::string &name);
  f::MethodT &method(size_t index = 0) { return *metadata.methods.at(index); }
};

/// An empty program with the test kernels: as a raw image of this machine, or
/// as a linked table.
program_source new_program(bool linked = false);

std::unique_ptr<f::TensorT> tensor(const std::string &name, f::DType dtype,
                                   std::vector<int64_t> dims,
                                   std::vector<int64_t> dims_min = {},
                                   std::vector<int64_t> dims_max = {});

/// Shorthand to fill a method; sizes are as in the schema.
class method_builder {
public:
  explicit method_builder(f::MethodT &method) : method_(method) {}

  /// Returns the symbol's index.
  uint32_t symbol(const std::string &name, int64_t min, int64_t max,
                  int64_t multiple = 1);
  /// Both return the size that stands for the expression.
  int64_t symbol_size(uint32_t symbol);
  int64_t expression(std::vector<f::ExpressionOp> ops,
                     std::vector<int64_t> operands);
  int64_t times(uint32_t symbol, int64_t factor);
  void bind(uint32_t symbol, uint32_t input, uint32_t axis);

  uint32_t buffer(f::Region region, uint32_t index, int64_t bytes,
                  uint64_t offset = 0, int64_t view = 0);
  /// In the arena, after all others in plan 0.
  uint32_t arena(int64_t bytes, uint64_t bytes_max);

  uint32_t call(uint32_t kernel, std::vector<uint32_t> buffers, int64_t tiles,
                std::vector<int64_t> sizes = {}, int64_t tile_cost_ns = 0);
  uint32_t call_method(f::CallMethodT body);
  uint32_t copy(uint32_t source, uint32_t destination);
  uint32_t fill(uint32_t destination, uint64_t value, uint8_t value_bytes = 1);
  uint32_t branch(uint32_t target);
  uint32_t branch_if(uint32_t target, uint32_t buffer, int64_t condition = 0,
                     bool negate = false);
  uint32_t wait();
  uint32_t bind_symbol(uint32_t symbol, uint32_t buffer, f::DType dtype);
  uint32_t set_symbol(uint32_t symbol, int64_t value);

  f::VariantT &variant() { return *method_.variants.at(0); }

private:
  template <typename T> uint32_t instruction(T body);
  f::MethodT &method_;
};

/// Content of a segment of source locations with one record per list.
struct location {
  std::string node, op, file, function;
  uint32_t line;
};
bytes locations_segment(const std::vector<location> &lists);

/// The metadata alone, places and digests of segments as they are.
bytes pack_metadata(const f::ProgramT &metadata);
/// A whole program file; also fills in segments' places and digests. With a
/// sidecar its bytes go to *sidecar.
bytes pack_file(program_source &source, bytes *sidecar = nullptr);
/// Writes header and digest around metadata, then the rest of a file.
bytes frame_metadata(const bytes &metadata, const bytes &rest);
/// Recomputes the header's digest after the metadata was changed.
void repair_digest(bytes *file);
bytes sha256_of(const void *data, size_t count);

/// Owners that close on destruction.
struct program_closer {
  void operator()(lathe_program *program) const { lathe_program_close(program); }
};
struct instance_closer {
  void operator()(lathe_instance *i) const { lathe_instance_destroy(i); }
};
struct pool_closer {
  void operator()(lathe_pool *pool) const { lathe_pool_destroy(pool); }
};
using program_ptr = std::unique_ptr<lathe_program, program_closer>;
using instance_ptr = std::unique_ptr<lathe_instance, instance_closer>;
using pool_ptr = std::unique_ptr<lathe_pool, pool_closer>;

/// A program opened from memory, with what it borrows.
struct opened {
  aligned_bytes file;
  program_ptr program;
  int32_t status = 0;
  lathe_error error = {};
};
opened open_bytes(const bytes &file, uint32_t flags = LATHE_TRUST_CODE);
opened open_program(program_source source, uint32_t flags = LATHE_TRUST_CODE);

/// A linked program, with what it borrows.
struct linked {
  aligned_bytes metadata, memory;
  std::vector<aligned_bytes> weights;
  std::vector<lathe_static_segment> slots;
  lathe_static_model model = {};
  program_ptr program;
  int32_t status = 0;
  lathe_error error = {};
};
/// With null_kernels, kernels that do nothing: then any metadata that is
/// accepted can be run.
std::unique_ptr<linked> open_linked(program_source source,
                                    bool null_kernels = false);
/// Opens the model again, after its metadata was changed.
void reopen(linked *opened);
/// Runs every method on zeros of the smallest sizes, in memory of the runtime.
void exercise(lathe_program *program);

instance_ptr new_instance(lathe_program *program,
                          lathe_instance_options options = {});

/// Binds a vector to an input or output.
template <typename T>
int32_t bind_vector(lathe_instance *instance, uint32_t kind, uint32_t index,
             std::vector<T> &values, std::vector<int64_t> dims = {},
             uint32_t method = 0, lathe_error *error = nullptr) {
  lathe_tensor tensor = {};
  tensor.struct_bytes = sizeof(tensor);
  if (dims.empty())
    dims = {static_cast<int64_t>(values.size())};
  tensor.rank = static_cast<uint32_t>(dims.size());
  tensor.data = values.data();
  tensor.bytes = values.size() * sizeof(T);
  for (size_t i = 0; i < dims.size(); ++i)
    tensor.dims[i] = dims[i];
  return lathe_bind(instance, method, kind, index, &tensor, error);
}

// ------------------------------------------------------------------ programs

/// forward(x[8] i32) -> z[8]: z = (x + x) * w, with one weight segment.
program_source static_program(bool linked = false);
/// forward(x[n], count) -> z[n], total[n], n in 1..64: runs `count` times
/// "state += x", then z = state + x. Two plans, a loop, state, an assumption,
/// source locations and named data.
program_source dynamic_program(bool linked = false);
/// Two methods, "prefill" (x[n]) and "step" (x[1]), that share weights and
/// state and both call the internal method "layer".
program_source two_method_program(bool linked = false);

} // namespace lathe::test

#endif // LATHE_TEST_RUNTIME_PROGRAM_BUILDER_H
