// SPDX-License-Identifier: Apache-2.0
#include "test/runtime/program_builder.h"

#include "runtime/core/sha256.h"
#include "runtime/include/lathe/limits.h"
#include "runtime/schema/file_layout.h"
#include "test/runtime/image_kernels.h"

#include <cstdlib>
#include <cstring>

namespace lathe::test {

namespace {

constexpr lathe_kernel_fn functions[kernel_count] = {
    kernel_add,        kernel_scale,   kernel_gather, kernel_accumulate,
    kernel_count_down, kernel_row_sum, kernel_busy,   kernel_fail};

uint64_t align_up(uint64_t value, uint64_t alignment) {
  return (value + alignment - 1) / alignment * alignment;
}

std::unique_ptr<f::KernelT> make_kernel(const char *name,
                                        std::vector<f::ArgumentKind> kinds,
                                        uint32_t sizes) {
  auto made = std::make_unique<f::KernelT>();
  made->name = name;
  made->size_count = sizes;
  for (f::ArgumentKind kind : kinds) {
    auto argument = std::make_unique<f::KernelArgumentT>();
    argument->kind = kind;
    argument->access = kind == f::ArgumentKind::output  ? f::Access::write
                       : kind == f::ArgumentKind::state ? f::Access::read_write
                                                        : f::Access::read;
    argument->alignment = 4;
    made->arguments.push_back(std::move(argument));
  }
  return made;
}

std::vector<std::unique_ptr<f::KernelT>> make_kernels() {
  constexpr auto in = f::ArgumentKind::input, out = f::ArgumentKind::output,
                 weight = f::ArgumentKind::weight, state = f::ArgumentKind::state;
  std::vector<std::unique_ptr<f::KernelT>> kernels;
  kernels.push_back(make_kernel("add_i32", {in, in, out}, 0));
  kernels.push_back(make_kernel("scale_i32", {in, out, weight}, 1));
  kernels.push_back(make_kernel("gather_i32", {in, out, weight}, 1));
  kernels.push_back(make_kernel("accumulate_i32", {in, out, state}, 0));
  kernels.push_back(make_kernel("count_down_i32", {out, out}, 0));
  kernels.push_back(make_kernel("row_sum_f32", {in, out}, 1));
  kernels.push_back(make_kernel("busy_i32", {out}, 0));
  kernels.push_back(make_kernel("fail", {}, 0));
  kernels[gather]->may_fail = kernels[fail_always]->may_fail = true;
  kernels[count_down]->arguments[0]->access = f::Access::read_write;
  kernels[count_down]->arguments[1]->alignment = 1;
  kernels[row_sum]->scratch_bytes = 4096;
  return kernels;
}

} // namespace

aligned_bytes::aligned_bytes(const bytes &source)
    : storage_(new uint8_t[source.size() + 128]), size_(source.size()) {
  auto address = reinterpret_cast<uintptr_t>(storage_.get());
  start_ = storage_.get() + (align_up(address, 64) - address);
  if (!source.empty())
    memcpy(start_, source.data(), source.size());
}

uint32_t program_source::add_segment(f::SegmentKind kind, bytes content,
                                     f::SegmentFile file) {
  auto made = std::make_unique<f::SegmentT>();
  made->kind = kind;
  made->file = file;
  made->offset_bytes = 1; // so that the field is there before it is known
  made->bytes = content.size();
  made->sha256 = std::make_unique<f::Digest>();
  metadata.segments.push_back(std::move(made));
  segments.push_back(std::move(content));
  return static_cast<uint32_t>(segments.size() - 1);
}

uint32_t program_source::add_weights(const std::string &name,
                                     const std::vector<int32_t> &values,
                                     f::SegmentFile file) {
  auto *first = reinterpret_cast<const uint8_t *>(values.data());
  bytes content(first, first + values.size() * 4);
  content.resize(content.size() + LATHE_READ_SLACK_BYTES);
  auto slot = static_cast<uint32_t>(metadata.weight_slots.size());
  metadata.weight_slots.push_back(
      add_segment(f::SegmentKind::weights, content, file));
  auto weight = std::make_unique<f::WeightT>();
  weight->name = name;
  weight->dtype = f::DType::i32;
  weight->dims = {static_cast<int64_t>(values.size())};
  weight->slot = slot;
  weight->bytes = values.size() * 4;
  metadata.weights.push_back(std::move(weight));
  return slot;
}

uint32_t program_source::add_state(const std::string &name,
                                   std::vector<int64_t> dims,
                                   uint32_t initial_weight) {
  auto state = std::make_unique<f::StateT>();
  state->name = name;
  state->dtype = f::DType::i32;
  state->bytes = 4;
  for (int64_t dim : dims)
    state->bytes *= static_cast<uint64_t>(dim);
  state->dims = std::move(dims);
  state->offset_bytes = align_up(metadata.state_bytes, 64);
  state->initial_weight = initial_weight;
  metadata.state_bytes = state->offset_bytes + state->bytes;
  metadata.states.push_back(std::move(state));
  return static_cast<uint32_t>(metadata.states.size() - 1);
}

f::MethodT &program_source::add_method(const std::string &name) {
  auto method = std::make_unique<f::MethodT>();
  method->name = name;
  auto variant = std::make_unique<f::VariantT>();
  variant->devices = {f::Device::cpu};
  variant->plans.push_back(std::make_unique<f::PlanT>());
  method->variants.push_back(std::move(variant));
  metadata.methods.push_back(std::move(method));
  return *metadata.methods.back();
}

program_source new_program(bool linked) {
  program_source source;
  source.metadata.producer = "test";
  source.metadata.kernels = make_kernels();
  auto image = std::make_unique<f::CodeImageT>();
  image->kernel_abi = LATHE_KERNEL_ABI_VERSION;
  if (linked) {
    image->format = f::ImageFormat::linked;
  } else {
    bytes code(__start_lathe_image, __stop_lathe_image);
    lathe_device_info device = {};
    device.struct_bytes = sizeof(device);
    lathe_device(0, &device);
    image->format = device.name == std::string("x86-64")
                        ? f::ImageFormat::raw_x86_64
                    : device.name == std::string("aarch64")
                        ? f::ImageFormat::raw_aarch64
                        : f::ImageFormat::raw_riscv64;
    image->name = "test-level";
    image->text_bytes = code.size();
    image->segment = source.add_segment(f::SegmentKind::code, std::move(code));
  }
  source.metadata.images.push_back(std::move(image));
  for (uint32_t i = 0; i < kernel_count; ++i) {
    auto address = reinterpret_cast<uintptr_t>(functions[i]);
    source.metadata.kernels[i]->entries = {
        linked ? i : address - reinterpret_cast<uintptr_t>(__start_lathe_image)};
  }
  return source;
}

std::unique_ptr<f::TensorT> tensor(const std::string &name, f::DType dtype,
                                   std::vector<int64_t> dims,
                                   std::vector<int64_t> dims_min,
                                   std::vector<int64_t> dims_max) {
  auto made = std::make_unique<f::TensorT>();
  made->name = name;
  made->dtype = dtype;
  made->dims = std::move(dims);
  made->dims_min = std::move(dims_min);
  made->dims_max = std::move(dims_max);
  return made;
}

uint32_t method_builder::symbol(const std::string &name, int64_t min,
                                int64_t max, int64_t multiple) {
  auto made = std::make_unique<f::SymbolT>();
  made->name = name;
  made->min = min;
  made->max = max;
  made->multiple = multiple;
  method_.symbols.push_back(std::move(made));
  return static_cast<uint32_t>(method_.symbols.size() - 1);
}

int64_t method_builder::expression(std::vector<f::ExpressionOp> ops,
                                   std::vector<int64_t> operands) {
  auto made = std::make_unique<f::ExpressionT>();
  made->ops = std::move(ops);
  made->operands = std::move(operands);
  method_.expressions.push_back(std::move(made));
  return -static_cast<int64_t>(method_.expressions.size());
}

int64_t method_builder::symbol_size(uint32_t symbol) {
  return expression({f::ExpressionOp::symbol}, {symbol});
}

int64_t method_builder::times(uint32_t symbol, int64_t factor) {
  return expression({f::ExpressionOp::symbol, f::ExpressionOp::constant,
                     f::ExpressionOp::mul},
                    {symbol, factor});
}

void method_builder::bind(uint32_t symbol, uint32_t input, uint32_t axis) {
  auto made = std::make_unique<f::SymbolBindingT>();
  made->symbol = symbol;
  made->input = input;
  made->axis = axis;
  method_.bindings.push_back(std::move(made));
}

uint32_t method_builder::buffer(f::Region region, uint32_t index, int64_t bytes,
                                uint64_t offset, int64_t view) {
  auto made = std::make_unique<f::BufferT>();
  made->region = region;
  made->index = index;
  made->bytes = bytes;
  made->offset_bytes = offset;
  made->view_offset_bytes = view;
  variant().buffers.push_back(std::move(made));
  return static_cast<uint32_t>(variant().buffers.size() - 1);
}

uint32_t method_builder::arena(int64_t bytes, uint64_t bytes_max) {
  for (auto &plan : variant().plans) {
    plan->offsets_bytes.push_back(plan->arena_bytes);
    plan->arena_bytes = align_up(plan->arena_bytes + bytes_max, 64);
  }
  return buffer(f::Region::arena, 0, bytes);
}

template <typename T> uint32_t method_builder::instruction(T body) {
  auto made = std::make_unique<f::InstructionT>();
  made->body.Set(std::move(body));
  variant().instructions.push_back(std::move(made));
  return static_cast<uint32_t>(variant().instructions.size() - 1);
}

uint32_t method_builder::call(uint32_t kernel, std::vector<uint32_t> buffers,
                              int64_t tiles, std::vector<int64_t> sizes,
                              int64_t tile_cost_ns) {
  f::CallKernelT body;
  body.kernel = kernel;
  body.buffers = std::move(buffers);
  body.tiles = tiles;
  body.sizes = std::move(sizes);
  body.tile_cost_ns = tile_cost_ns;
  return instruction(std::move(body));
}

uint32_t method_builder::call_method(f::CallMethodT body) {
  return instruction(std::move(body));
}

uint32_t method_builder::copy(uint32_t source, uint32_t destination) {
  f::CopyT body;
  body.source = source;
  body.destination = destination;
  return instruction(std::move(body));
}

uint32_t method_builder::fill(uint32_t destination, uint64_t value,
                              uint8_t value_bytes) {
  f::FillT body;
  body.destination = destination;
  body.value = value;
  body.value_bytes = value_bytes;
  return instruction(std::move(body));
}

uint32_t method_builder::branch(uint32_t target) {
  f::BranchT body;
  body.target = target;
  return instruction(std::move(body));
}

uint32_t method_builder::branch_if(uint32_t target, uint32_t buffer,
                                   int64_t condition, bool negate) {
  f::BranchIfT body;
  body.target = target;
  body.buffer = buffer;
  body.condition = condition;
  body.negate = negate;
  return instruction(std::move(body));
}

uint32_t method_builder::wait() { return instruction(f::WaitT()); }

uint32_t method_builder::bind_symbol(uint32_t symbol, uint32_t buffer,
                                     f::DType dtype) {
  f::BindSymbolT body;
  body.symbol = symbol;
  body.buffer = buffer;
  body.dtype = dtype;
  return instruction(std::move(body));
}

uint32_t method_builder::set_symbol(uint32_t symbol, int64_t value) {
  f::SetSymbolT body;
  body.symbol = symbol;
  body.value = value;
  return instruction(std::move(body));
}

bytes locations_segment(const std::vector<location> &lists) {
  std::string text(1, '\0');
  auto intern = [&](const std::string &part) {
    auto at = static_cast<uint32_t>(text.size());
    text += part;
    text += '\0';
    return at;
  };
  std::vector<lathe_location_record> records;
  std::vector<uint32_t> begin = {0};
  for (const location &list : lists) {
    records.push_back({intern(list.node), intern(list.op), intern(list.file),
                       intern(list.function), list.line});
    begin.push_back(static_cast<uint32_t>(records.size()));
  }
  auto count = static_cast<uint32_t>(lists.size());
  lathe_locations_header header = {LATHE_LOCATIONS_MAGIC, count, count,
                                   static_cast<uint32_t>(text.size())};
  bytes out;
  auto put = [&](const void *data, size_t size) {
    auto *first = static_cast<const uint8_t *>(data);
    out.insert(out.end(), first, first + size);
  };
  put(&header, sizeof(header));
  put(begin.data(), begin.size() * 4);
  put(records.data(), records.size() * sizeof(records[0]));
  put(text.data(), text.size());
  return out;
}

bytes sha256_of(const void *data, size_t count) {
  core::sha256 hash;
  hash.update(data, count);
  bytes digest(32);
  hash.finish(digest.data());
  return digest;
}

bytes pack_metadata(const f::ProgramT &metadata) {
  flatbuffers::FlatBufferBuilder builder;
  builder.Finish(f::Program::Pack(builder, &metadata), f::ProgramIdentifier());
  return bytes(builder.GetBufferPointer(),
               builder.GetBufferPointer() + builder.GetSize());
}

bytes frame_metadata(const bytes &metadata, const bytes &rest) {
  lathe_file_header header = {};
  const uint8_t magic[8] = LATHE_PROGRAM_MAGIC;
  memcpy(header.magic, magic, sizeof(magic));
  header.major = LATHE_FORMAT_MAJOR;
  header.minor = LATHE_FORMAT_MINOR;
  header.file_bytes = sizeof(header) + metadata.size() + rest.size();
  header.metadata_offset_bytes = sizeof(header);
  header.metadata_bytes = static_cast<uint32_t>(metadata.size());
  bytes file(sizeof(header));
  memcpy(file.data(), &header, sizeof(header));
  file.insert(file.end(), metadata.begin(), metadata.end());
  file.insert(file.end(), rest.begin(), rest.end());
  repair_digest(&file);
  return file;
}

void repair_digest(bytes *file) {
  lathe_file_header header;
  memcpy(&header, file->data(), sizeof(header));
  memset(header.digest, 0, sizeof(header.digest));
  uint64_t metadata = header.metadata_bytes;
  if (metadata > file->size() - sizeof(header))
    metadata = file->size() - sizeof(header);
  bytes covered(sizeof(header));
  memcpy(covered.data(), &header, sizeof(header));
  covered.insert(covered.end(), file->begin() + sizeof(header),
                 file->begin() + static_cast<std::ptrdiff_t>(sizeof(header) + metadata));
  bytes digest = sha256_of(covered.data(), covered.size());
  memcpy(file->data() + offsetof(lathe_file_header, digest), digest.data(), 32);
}

namespace {

std::unique_ptr<f::Digest> digest_struct(const bytes &digest) {
  return std::make_unique<f::Digest>(
      *reinterpret_cast<const f::Digest *>(digest.data()));
}

/// Places the segments of one file behind `end`; returns the file's bytes from
/// there on.
bytes place(program_source &source, f::SegmentFile file, uint64_t end) {
  bytes out;
  for (size_t i = 0; i < source.segments.size(); ++i) {
    f::SegmentT &segment = *source.metadata.segments[i];
    if (segment.file != file)
      continue;
    uint64_t alignment = segment.kind == f::SegmentKind::code
                             ? LATHE_CODE_ALIGNMENT
                             : LATHE_SEGMENT_ALIGNMENT;
    segment.offset_bytes = align_up(end + out.size(), alignment);
    segment.bytes = source.segments[i].size();
    out.resize(segment.offset_bytes - end);
    out.insert(out.end(), source.segments[i].begin(), source.segments[i].end());
    bytes digest =
        sha256_of(source.segments[i].data(), source.segments[i].size());
    segment.sha256 = digest_struct(digest);
  }
  return out;
}

bytes place_sidecar(program_source &source) {
  bytes rest = place(source, f::SegmentFile::sidecar, LATHE_HEADER_BYTES);
  if (!source.metadata.sidecar)
    return {};
  lathe_file_header header = {};
  const uint8_t magic[8] = LATHE_SIDECAR_MAGIC;
  memcpy(header.magic, magic, sizeof(magic));
  header.major = LATHE_FORMAT_MAJOR;
  header.file_bytes = sizeof(header) + rest.size();
  bytes covered(sizeof(header));
  memcpy(covered.data(), &header, sizeof(header));
  for (auto &segment : source.metadata.segments)
    if (segment->file == f::SegmentFile::sidecar) {
      const uint8_t *digest = segment->sha256->bytes()->Data();
      covered.insert(covered.end(), digest, digest + 32);
    }
  bytes digest = sha256_of(covered.data(), covered.size());
  memcpy(header.digest, digest.data(), 32);
  source.metadata.sidecar->file_bytes = header.file_bytes;
  source.metadata.sidecar->digest = digest_struct(digest);
  bytes file(sizeof(header));
  memcpy(file.data(), &header, sizeof(header));
  file.insert(file.end(), rest.begin(), rest.end());
  return file;
}

} // namespace

bytes pack_file(program_source &source, bytes *sidecar) {
  bytes weights_file = place_sidecar(source);
  if (sidecar)
    *sidecar = weights_file;
  // Places are fields of fixed size, so the second packing has the first's
  // size.
  place(source, f::SegmentFile::program, 64);
  size_t size = pack_metadata(source.metadata).size();
  bytes rest = place(source, f::SegmentFile::program, LATHE_HEADER_BYTES + size);
  return frame_metadata(pack_metadata(source.metadata), rest);
}

opened open_bytes(const bytes &file, uint32_t flags) {
  opened out;
  out.file = aligned_bytes(file);
  lathe_options options = {};
  options.struct_bytes = sizeof(options);
  options.flags = flags;
  lathe_program *program = nullptr;
  out.status = lathe_program_open_memory(out.file.data(), out.file.size(),
                                         &options, &program, &out.error);
  out.program.reset(program);
  return out;
}

opened open_program(program_source source, uint32_t flags) {
  return open_bytes(pack_file(source), flags);
}

std::unique_ptr<linked> open_linked(program_source source, bool null_kernels) {
  auto out = std::make_unique<linked>();
  pack_file(source);
  out->metadata = aligned_bytes(pack_metadata(source.metadata));
  for (uint32_t segment : source.metadata.weight_slots) {
    out->weights.emplace_back(source.segments.at(segment));
    out->slots.push_back(
        {out->weights.back().data(), out->weights.back().size()});
  }
  static const void *tables[2][kernel_count];
  lathe_kernel_fn nothing = [](const lathe_kernel_args *, uint32_t, uint32_t,
                               void *) {};
  for (uint32_t i = 0; i < kernel_count; ++i) {
    memcpy(&tables[0][i], &functions[i], sizeof(void *));
    memcpy(&tables[1][i], &nothing, sizeof(void *));
  }
  out->model.struct_bytes = sizeof(out->model);
  out->model.kernel_abi = LATHE_KERNEL_ABI_VERSION;
  out->model.metadata = out->metadata.data();
  out->model.metadata_bytes = out->metadata.size();
  out->model.weights = out->slots.data();
  out->model.weight_count = static_cast<uint32_t>(out->slots.size());
  out->model.kernels = tables[null_kernels];
  out->model.kernel_count = kernel_count;
  reopen(out.get());
  return out;
}

void reopen(linked *opened) {
  opened->program.reset();
  int64_t needed = lathe_static_memory_needed(&opened->model, &opened->error);
  opened->status = static_cast<int32_t>(needed < 0 ? needed : 0);
  if (needed < 0)
    return;
  if (opened->memory.size() < static_cast<size_t>(needed))
    opened->memory = aligned_bytes(static_cast<size_t>(needed));
  lathe_program *program = nullptr;
  opened->status = lathe_program_open_static(
      &opened->model, opened->memory.data(), opened->memory.size(), nullptr,
      &program, &opened->error);
  opened->program.reset(program);
}

instance_ptr new_instance(lathe_program *program,
                          lathe_instance_options options) {
  // A linked program has no allocator of its own.
  static const lathe_allocator heap = {
      sizeof(heap), nullptr,
      [](void *, size_t size, size_t align) { return aligned_alloc(align, align_up(size, align)); },
      [](void *, void *block, size_t) { free(block); }};
  if (!options.allocator)
    options.allocator = &heap;
  options.struct_bytes = sizeof(options);
  lathe_instance *instance = nullptr;
  lathe_instance_create(program, &options, &instance, nullptr);
  return instance_ptr(instance);
}

void exercise(lathe_program *program) {
  lathe_instance_options options = {};
  options.flags = LATHE_OWN_IO;
  options.instructions_max = 1000;
  options.memory_bytes_max = 1 << 20;
  instance_ptr instance = new_instance(program, options);
  for (uint32_t m = 0; instance && m < lathe_method_count(program); ++m) {
    lathe_method_info info = {};
    info.struct_bytes = sizeof(info);
    lathe_method(program, m, &info);
    for (uint32_t i = 0; i < info.input_count; ++i) {
      lathe_tensor_info about = {};
      about.struct_bytes = sizeof(about);
      lathe_tensor_describe(program, m, LATHE_INPUT, i, &about);
      lathe_tensor tensor = {};
      tensor.struct_bytes = sizeof(tensor);
      tensor.rank = about.rank;
      tensor.bytes = about.bytes_max;
      for (uint32_t d = 0; d < about.rank; ++d)
        tensor.dims[d] = about.dims[d].min;
      lathe_bind(instance.get(), m, LATHE_INPUT, i, &tensor, nullptr);
    }
    lathe_run(instance.get(), m, nullptr);
  }
}

// ------------------------------------------------------------------ programs

program_source static_program(bool linked) {
  program_source source = new_program(linked);
  uint32_t slot = source.add_weights("w", {3, 5, 7, 11});
  f::MethodT &method = source.add_method("forward");
  method.inputs.push_back(tensor("x", f::DType::i32, {8}));
  method.outputs.push_back(tensor("z", f::DType::i32, {8}));
  method_builder b(method);
  uint32_t x = b.buffer(f::Region::input, 0, 32);
  uint32_t z = b.buffer(f::Region::output, 0, 32);
  uint32_t w = b.buffer(f::Region::weights, slot, 16);
  uint32_t sum = b.arena(32, 32);
  b.call(kernel::add, {x, x, sum}, 8);
  b.call(kernel::scale, {sum, z, w}, 8, {4});
  return source;
}

program_source dynamic_program(bool linked) {
  program_source source = new_program(linked);
  if (!linked) {
    auto data = std::make_unique<f::NamedDataT>();
    data->name = "labels";
    data->bytes = 5;
    data->segment = source.add_segment(f::SegmentKind::data, {'a', 'b', 'c', 'd', 'e'});
    source.metadata.data.push_back(std::move(data));
    source.metadata.locations_segment = source.add_segment(
        f::SegmentKind::locations,
        locations_segment({{"add_3", "aten.add.Tensor", "model.py",
                            "Net.forward", 41}}));
  }
  source.add_state("total", {64});
  f::MethodT &method = source.add_method("forward");
  method_builder b(method);
  uint32_t n = b.symbol("n", 1, 64);
  int64_t size = b.symbol_size(n), n4 = b.times(n, 4);
  method.inputs.push_back(tensor("x", f::DType::i32, {size}, {1}, {64}));
  method.inputs.push_back(tensor("count", f::DType::i32, {}));
  method.outputs.push_back(tensor("z", f::DType::i32, {size}, {1}, {64}));
  method.outputs.push_back(tensor("total", f::DType::i32, {size}, {1}, {64}));
  b.bind(n, 0, 0);
  auto assumption = std::make_unique<f::AssumptionT>();
  assumption->relation = f::Relation::not_equal;
  assumption->left = size;
  assumption->right = 13;
  assumption->text = "n != 13";
  method.assumptions.push_back(std::move(assumption));
  b.variant().plans[0]->symbol_max = {8};
  b.variant().plans.push_back(std::make_unique<f::PlanT>());
  uint32_t x = b.buffer(f::Region::input, 0, n4);
  uint32_t count = b.buffer(f::Region::input, 1, 4);
  uint32_t z = b.buffer(f::Region::output, 0, n4);
  uint32_t total = b.buffer(f::Region::output, 1, n4);
  uint32_t state = b.buffer(f::Region::state, 0, n4);
  uint32_t counter = b.arena(4, 4), flag = b.arena(1, 1), sum = b.arena(n4, 256);
  b.variant().plans[0]->arena_bytes -= 256 - 64;
  b.copy(count, counter);
  uint32_t loop = b.call(kernel::accumulate, {x, sum, state}, size);
  b.call(kernel::count_down, {counter, flag}, 1);
  b.branch_if(loop, flag);
  b.call(kernel::add, {x, sum, z}, size);
  b.variant().instructions.back()->location = 0;
  b.copy(state, total);
  return source;
}

program_source two_method_program(bool linked) {
  program_source source = new_program(linked);
  uint32_t slot = source.add_weights("w", {3, 5, 7, 11});
  source.add_state("s", {16});
  {
    f::MethodT &layer = source.add_method("layer");
    layer.internal = true;
    method_builder b(layer);
    uint32_t n = b.symbol("n", 1, 16);
    int64_t size = b.symbol_size(n), n4 = b.times(n, 4);
    layer.inputs.push_back(tensor("x", f::DType::i32, {size}, {1}, {16}));
    layer.outputs.push_back(tensor("y", f::DType::i32, {size}, {1}, {16}));
    uint32_t x = b.buffer(f::Region::input, 0, n4);
    uint32_t y = b.buffer(f::Region::output, 0, n4);
    uint32_t w = b.buffer(f::Region::weights, slot, 16);
    uint32_t s = b.buffer(f::Region::state, 0, n4);
    uint32_t scaled = b.arena(n4, 64);
    b.call(kernel::scale, {x, scaled, w}, size, {4});
    b.call(kernel::accumulate, {scaled, y, s}, size);
  }
  for (int step = 0; step < 2; ++step) {
    f::MethodT &method = source.add_method(step ? "step" : "prefill");
    method_builder b(method);
    int64_t size = 1, n4 = 4;
    if (!step) {
      uint32_t n = b.symbol("n", 1, 16);
      size = b.symbol_size(n);
      n4 = b.times(n, 4);
      b.bind(n, 0, 0);
    }
    auto bound = [&](const char *name) {
      return step ? tensor(name, f::DType::i32, {1})
                  : tensor(name, f::DType::i32, {size}, {1}, {16});
    };
    method.inputs.push_back(bound("x"));
    method.outputs.push_back(bound("y"));
    f::CallMethodT call;
    call.method = 0;
    call.inputs = {b.buffer(f::Region::input, 0, n4)};
    call.outputs = {b.buffer(f::Region::output, 0, n4)};
    call.symbols = {size};
    call.arena = b.arena(64, 64);
    b.call_method(call);
  }
  return source;
}

} // namespace lathe::test
