// SPDX-License-Identifier: Apache-2.0
// From bytes to a lathe_program: header, digest, verification, code, weights.
#include "runtime/core/checked.h"
#include "runtime/core/error.h"
#include "runtime/core/program.h"
#include "runtime/core/sha256.h"
#include "runtime/core/verify.h"
#include "runtime/include/lathe/limits.h"
#include "runtime/schema/file_layout.h"

#include <cstring>
#include <new>

namespace lathe::core {

using namespace view;

namespace {

/// What the machine can run of the images, in words for an error.
const char *image_format_name(ImageFormat format) {
  static constexpr char names[][12] = {"none", "raw_x86_64", "raw_aarch64",
                                       "raw_riscv64", "linked"};
  return names[static_cast<size_t>(format)];
}

/// Opens one program; program_release undoes whatever was done so far.
class loader {
public:
  loader(const lathe_options &options, lathe_program *program,
         lathe_error *error)
      : options_(options), program_(program), error_(error) {}

  int32_t open_source(const char *path);
  int32_t open_linked(const lathe_static_model &model);
  int32_t decode_linked(void *memory, size_t bytes);

private:
  int32_t read_header();
  int32_t read_metadata();
  int32_t verify_metadata(bool linked);
  int32_t choose_image();
  int32_t authorize();
  int32_t load_code();
  int32_t load_weights();
  void *allocate(uint64_t bytes);

  const lathe_options &options_;
  lathe_program *program_;
  lathe_error *error_;
  lathe_file_header header_;
};

void *loader::allocate(uint64_t bytes) {
  if (bytes > SIZE_MAX / 2) {
    fail(error_, LATHE_ERR_TOO_LARGE, "needs % bytes of memory", bytes);
    return nullptr;
  }
  void *block = program_->allocator.alloc(program_->allocator.ctx,
                                          static_cast<size_t>(bytes),
                                          LATHE_MEMORY_ALIGNMENT);
  if (!block)
    fail(error_, LATHE_ERR_MEMORY, "no memory for % bytes", bytes);
  return block;
}

int32_t loader::read_header() {
  const byte_source &source = program_->sources[0];
  if (source.bytes < LATHE_HEADER_BYTES)
    return fail(error_, LATHE_ERR_FORMAT, "too short for a Lathe program");
  int32_t status = source_read(source, 0, &header_, sizeof(header_), error_);
  if (status != LATHE_OK)
    return status;
  static const uint8_t magic[8] = LATHE_PROGRAM_MAGIC;
  if (memcmp(header_.magic, magic, sizeof(magic)) != 0)
    return fail(error_, LATHE_ERR_FORMAT, "not a Lathe program");
  if (header_.major != LATHE_FORMAT_MAJOR)
    return fail(error_, LATHE_ERR_VERSION,
                "has format %, this library reads %", uint32_t{header_.major}, LATHE_FORMAT_MAJOR);
  if (header_.flags != 0)
    return fail(error_, LATHE_ERR_VERSION, "has unknown header flags");
  if (header_.file_bytes != source.bytes)
    return fail(error_, LATHE_ERR_FORMAT,
                "should have % bytes, has %", header_.file_bytes, source.bytes);
  if (header_.metadata_offset_bytes != LATHE_HEADER_BYTES)
    return fail(error_, LATHE_ERR_FORMAT, "the metadata is misplaced");
  uint64_t limit = options_.metadata_bytes_max;
  if (limit == 0 || limit > LATHE_MAX_METADATA_BYTES)
    limit = LATHE_MAX_METADATA_BYTES;
  if (header_.metadata_bytes > limit)
    return fail(error_, LATHE_ERR_LIMIT,
                "metadata: % bytes exceed the limit of %", header_.metadata_bytes, limit);
  if (header_.metadata_bytes < 8 ||
      header_.metadata_bytes > source.bytes - LATHE_HEADER_BYTES)
    return fail(error_, LATHE_ERR_FORMAT, "the metadata leaves the file");
  return LATHE_OK;
}

int32_t loader::read_metadata() {
  program_->metadata = static_cast<uint8_t *>(allocate(header_.metadata_bytes));
  if (!program_->metadata)
    return LATHE_ERR_MEMORY;
  program_->metadata_bytes = header_.metadata_bytes;
  int32_t status =
      source_read(program_->sources[0], LATHE_HEADER_BYTES, program_->metadata,
                  program_->metadata_bytes, error_);
  if (status != LATHE_OK)
    return status;
  memcpy(program_->digest, header_.digest, sizeof(program_->digest));
  memset(header_.digest, 0, sizeof(header_.digest));
  sha256 hash;
  hash.update(&header_, sizeof(header_));
  hash.update(program_->metadata, program_->metadata_bytes);
  uint8_t digest[LATHE_DIGEST_BYTES];
  hash.finish(digest);
  if (memcmp(digest, program_->digest, sizeof(digest)) != 0)
    return fail(error_, LATHE_ERR_DIGEST,
                "the metadata does not match its digest");
  return LATHE_OK;
}

int32_t loader::verify_metadata(bool linked) {
  verify_input input = {};
  input.metadata = program_->metadata;
  input.metadata_bytes = static_cast<uint32_t>(program_->metadata_bytes);
  input.metadata_end = LATHE_HEADER_BYTES + program_->metadata_bytes;
  input.file_bytes = program_->sources[0].bytes;
  input.linked = linked;
  input.linked_kernel_count = linked ? program_->model->kernel_count : 0;
  return verify(input, &program_->root, error_);
}

/// The first image that this machine can run; none is no error yet, as a
/// program may not need one.
int32_t loader::choose_image() {
  auto *images = program_->root->images();
  backend::cpu_description cpu = backend::describe_cpu();
  uint64_t features =
      cpu.features & cpu.features_known & ~options_.cpu_features_disabled;
  bool other_abi = false;
  for (uint32_t i = 0; i < images->size(); ++i) {
    const CodeImage &image = *images->Get(i);
    // Linked kernels are code for the machine that the application is for.
    uint8_t format = program_->linked ? static_cast<uint8_t>(ImageFormat::linked) : cpu.image_format;
    if (static_cast<uint8_t>(image.format()) != format || (image.features() & ~features) != 0)
      continue;
    if (image.kernel_abi() != LATHE_KERNEL_ABI_VERSION) {
      other_abi = true;
      continue;
    }
    program_->image = &image;
    write_text(program_->code_name, "% %", image_format_name(image.format()), image.name()->c_str());
    return LATHE_OK;
  }
  if (other_abi)
    return fail(error_, LATHE_ERR_VERSION,
                "its code is for another kernel interface than %", LATHE_KERNEL_ABI_VERSION);
  return LATHE_OK;
}

int32_t loader::authorize() {
  if (!program_->image || program_->linked ||
      (options_.flags & LATHE_TRUST_CODE))
    return LATHE_OK;
  if (options_.authorize_code &&
      options_.authorize_code(options_.authorize_ctx, program_->digest))
    return LATHE_OK;
  return fail(error_, LATHE_ERR_CODE_NOT_AUTHORIZED,
              "holds machine code that the caller did not authorize (LATHE_TRUST_CODE)");
}

int32_t loader::load_code() {
  if (!program_->image || program_->linked)
    return LATHE_OK;
  const Segment &segment =
      *program_->root->segments()->Get(program_->image->segment());
  auto bytes = static_cast<size_t>(segment.bytes());
  int32_t status = backend::image_reserve(bytes, &program_->code, error_);
  if (status == LATHE_OK)
    status = source_read(program_->sources[0], segment.offset_bytes(),
                         program_->code.base, bytes, error_);
  if (status != LATHE_OK)
    return status;
  sha256 hash;
  hash.update(program_->code.base, bytes);
  uint8_t digest[LATHE_DIGEST_BYTES];
  hash.finish(digest);
  if (memcmp(digest, segment.sha256()->bytes()->Data(), sizeof(digest)) != 0)
    return fail(error_, LATHE_ERR_DIGEST,
                "the code does not match its digest");
  return backend::image_seal(&program_->code, bytes, error_);
}

int32_t loader::load_weights() {
  int32_t status = LATHE_OK;
  for (int i = 0; i < 2 && status == LATHE_OK; ++i) {
    byte_source &source = program_->sources[i];
    if (source.memory || source.file.descriptor < 0)
      continue;
    if (!(options_.flags & LATHE_COPY_WEIGHTS)) {
      status = platform::file_map(&source.file, error_);
      continue;
    }
    void *copy = allocate(source.bytes);
    if (!copy)
      return LATHE_ERR_MEMORY;
    program_->copied[i] = {copy, static_cast<size_t>(source.bytes)};
    status = source_read(source, 0, copy, program_->copied[i].bytes, error_);
    source.memory = static_cast<const uint8_t *>(copy);
    platform::file_close(&source.file);
  }
  if (status == LATHE_OK && (options_.flags & LATHE_VERIFY_WEIGHTS))
    status = verify_segments(*program_, LATHE_NONE, error_);
  return status;
}

int32_t loader::open_source(const char *path) {
  int32_t status = read_header();
  if (status == LATHE_OK)
    status = read_metadata();
  if (status == LATHE_OK)
    status = verify_metadata(false);
  if (status == LATHE_OK)
    status = check_padding(*program_, error_);
  if (status == LATHE_OK)
    status = open_sidecar(program_, path, options_, error_);
  if (status == LATHE_OK)
    status = choose_image();
  if (status == LATHE_OK)
    status = authorize();
  uint64_t bytes = 0;
  if (status == LATHE_OK)
    status = decoded_bytes(*program_->root, program_->image, &bytes, error_);
  if (status == LATHE_OK)
    status = load_code();
  if (status == LATHE_OK)
    status = load_weights();
  if (status != LATHE_OK)
    return status;
  program_->records = allocate(bytes ? bytes : 1);
  if (!program_->records)
    return LATHE_ERR_MEMORY;
  program_->records_bytes = static_cast<size_t>(bytes ? bytes : 1);
  decode(program_, program_->records);
  return LATHE_OK;
}

int32_t loader::open_linked(const lathe_static_model &model) {
  program_->linked = true;
  program_->model = &model;
  program_->metadata =
      const_cast<uint8_t *>(static_cast<const uint8_t *>(model.metadata));
  program_->metadata_bytes = model.metadata_bytes;
  memcpy(program_->digest, model.digest, sizeof(program_->digest));
  if (model.kernel_abi != LATHE_KERNEL_ABI_VERSION)
    return fail(error_, LATHE_ERR_VERSION,
                "its kernels are for interface %", model.kernel_abi);
  if (!model.metadata || model.metadata_bytes < 8 ||
      model.metadata_bytes > LATHE_MAX_METADATA_BYTES ||
      reinterpret_cast<uintptr_t>(model.metadata) % 8 != 0)
    return fail(error_, LATHE_ERR_ARGUMENT,
                "the metadata is missing, misaligned or too long");
  int32_t status = verify_metadata(true);
  if (status != LATHE_OK)
    return status;
  auto *slots = program_->root->weight_slots();
  uint32_t slot_count = slots->size();
  if (model.weight_count != slot_count)
    return fail(error_, LATHE_ERR_WEIGHTS,
                "has % of % weight segments", model.weight_count, slot_count);
  for (uint32_t i = 0; i < slot_count; ++i) {
    const lathe_static_segment &linked = model.weights[i];
    if (reinterpret_cast<uintptr_t>(linked.data) % LATHE_REGION_ALIGNMENT != 0)
      return fail(error_, LATHE_ERR_ALIGNMENT, "weight segment %", i);
    if (linked.bytes < program_->root->segments()->Get(slots->Get(i))->bytes())
      return fail(error_, LATHE_ERR_WEIGHTS,
                  "weight segment % is too short", i);
  }
  return choose_image();
}

int32_t loader::decode_linked(void *memory, size_t bytes) {
  uint64_t needed = 0;
  int32_t status =
      decoded_bytes(*program_->root, program_->image, &needed, error_);
  if (status != LATHE_OK)
    return status;
  if (needed > bytes)
    return fail(error_, LATHE_ERR_MEMORY,
                "needs % bytes of memory, has %", needed, uint64_t{bytes});
  decode(program_, memory);
  return LATHE_OK;
}

constexpr size_t program_bytes =
    (sizeof(lathe_program) + LATHE_MEMORY_ALIGNMENT - 1) &
    ~size_t{LATHE_MEMORY_ALIGNMENT - 1};

int32_t create_program(const lathe_options &options, lathe_program **program,
                       lathe_error *error) {
  lathe_allocator allocator = {};
  const lathe_allocator *chosen =
      options.allocator ? options.allocator : platform::default_allocator();
  if (!chosen || !read_struct(chosen, &allocator) || !allocator.alloc ||
      !allocator.free)
    return fail(error, LATHE_ERR_ARGUMENT, "the allocator is incomplete");
  void *memory = allocator.alloc(allocator.ctx, program_bytes,
                                 LATHE_MEMORY_ALIGNMENT);
  if (!memory)
    return fail(error, LATHE_ERR_MEMORY,
                "no memory for % bytes", uint64_t{program_bytes});
  *program = new (memory) lathe_program();
  (*program)->allocator = allocator;
  return LATHE_OK;
}

/// Runs a loader on a fresh program and hands it out, or cleans up.
int32_t finish_open(const lathe_options &options, lathe_program *loaded,
                    const char *path, lathe_program **program,
                    lathe_error *error) {
  int32_t status = loader(options, loaded, error).open_source(path);
  if (status != LATHE_OK) {
    program_release(loaded);
    return status;
  }
  *program = loaded;
  return LATHE_OK;
}

} // namespace

void program_release(lathe_program *program) {
  if (program->references.fetch_sub(1, std::memory_order_acq_rel) != 1)
    return;
  backend::image_release(&program->code);
  for (byte_source &source : program->sources)
    platform::file_close(&source.file);
  lathe_allocator allocator = program->allocator;
  if (!allocator.free) // a static program lives in the caller's memory
    return;
  for (const lathe_memory &copy : program->copied)
    if (copy.data)
      allocator.free(allocator.ctx, copy.data, copy.bytes);
  if (program->records)
    allocator.free(allocator.ctx, program->records, program->records_bytes);
  if (program->metadata)
    allocator.free(allocator.ctx, program->metadata, program->metadata_bytes);
  program->~lathe_program();
  allocator.free(allocator.ctx, program, program_bytes);
}

} // namespace lathe::core

using namespace lathe::core;

int32_t lathe_program_open_file(const char *path, const lathe_options *options,
                                lathe_program **program, lathe_error *error) {
  lathe_options chosen;
  if (!path || !program || !read_struct(options, &chosen))
    return fail(error, LATHE_ERR_ARGUMENT, "a missing argument");
  *program = nullptr;
  lathe_program *loaded = nullptr;
  int32_t status = create_program(chosen, &loaded, error);
  if (status != LATHE_OK)
    return status;
  byte_source &source = loaded->sources[0];
  status = lathe::platform::file_open(path, &source.file, error);
  if (status != LATHE_OK) {
    program_release(loaded);
    return status;
  }
  source.bytes = source.file.bytes;
  return finish_open(chosen, loaded, path, program, error);
}

int32_t lathe_program_open_memory(const void *bytes, size_t byte_count,
                                  const lathe_options *options,
                                  lathe_program **program, lathe_error *error) {
  lathe_options chosen;
  if (!bytes || !program || !read_struct(options, &chosen))
    return fail(error, LATHE_ERR_ARGUMENT, "a missing argument");
  *program = nullptr;
  bool aligned =
      reinterpret_cast<uintptr_t>(bytes) % LATHE_MEMORY_ALIGNMENT == 0;
  bool copies = !aligned || (chosen.flags & LATHE_COPY_WEIGHTS);
  if (!aligned && !chosen.allocator)
    return fail(error, LATHE_ERR_ALIGNMENT,
                "the program is not aligned to %", LATHE_MEMORY_ALIGNMENT);
  lathe_program *loaded = nullptr;
  int32_t status = create_program(chosen, &loaded, error);
  if (status != LATHE_OK)
    return status;
  byte_source &source = loaded->sources[0];
  source.bytes = byte_count;
  source.memory = static_cast<const uint8_t *>(bytes);
  if (copies && byte_count != 0) {
    void *copy = loaded->allocator.alloc(loaded->allocator.ctx, byte_count,
                                         LATHE_MEMORY_ALIGNMENT);
    if (!copy) {
      program_release(loaded);
      return fail(error, LATHE_ERR_MEMORY,
                  "no memory for % bytes", uint64_t{byte_count});
    }
    loaded->copied[0] = {copy, byte_count};
    memcpy(copy, bytes, byte_count);
    source.memory = static_cast<const uint8_t *>(copy);
  }
  return finish_open(chosen, loaded, nullptr, program, error);
}

int64_t lathe_static_memory_needed(const lathe_static_model *model,
                                   lathe_error *error) {
  lathe_static_model given;
  if (!model || !read_struct(model, &given))
    return fail(error, LATHE_ERR_ARGUMENT, "a missing argument");
  lathe_options options = {};
  lathe_program probe;
  int32_t status = loader(options, &probe, error).open_linked(given);
  uint64_t bytes = 0;
  if (status == LATHE_OK)
    status = decoded_bytes(*probe.root, probe.image, &bytes, error);
  return status == LATHE_OK ? static_cast<int64_t>(bytes + program_bytes)
                            : status;
}

int32_t lathe_program_open_static(const lathe_static_model *model, void *memory,
                                  size_t memory_bytes,
                                  const lathe_options *options,
                                  lathe_program **program, lathe_error *error) {
  lathe_options chosen;
  if (!model || !memory || !program || !read_struct(options, &chosen) ||
      model->struct_bytes < sizeof(lathe_static_model))
    return fail(error, LATHE_ERR_ARGUMENT, "a missing argument");
  *program = nullptr;
  if (reinterpret_cast<uintptr_t>(memory) % LATHE_MEMORY_ALIGNMENT != 0)
    return fail(error, LATHE_ERR_ALIGNMENT, "the memory is misaligned");
  if (memory_bytes < program_bytes)
    return fail(error, LATHE_ERR_MEMORY, "the memory is too small");
  auto *loaded = new (memory) lathe_program();
  loader opener(chosen, loaded, error);
  int32_t status = opener.open_linked(*model);
  if (status == LATHE_OK)
    status = opener.decode_linked(static_cast<uint8_t *>(memory) + program_bytes,
                                  memory_bytes - program_bytes);
  if (status == LATHE_OK)
    *program = loaded;
  return status;
}

void lathe_program_close(lathe_program *program) {
  if (program)
    program_release(program);
}

int32_t lathe_program_verify_weights(const lathe_program *program,
                                     lathe_error *error) {
  if (!program)
    return fail(error, LATHE_ERR_ARGUMENT, "a missing argument");
  if (program->linked)
    return LATHE_OK; // linked bytes are the application's own
  return verify_segments(*program, LATHE_NONE, error);
}
