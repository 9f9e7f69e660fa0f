// SPDX-License-Identifier: Apache-2.0
// What surrounds the metadata: header, digests, code, weights, sidecars; and
// every bit and every truncation of whole programs.
#include "test/runtime/program_builder.h"

#include "runtime/include/lathe/limits.h"
#include "runtime/schema/file_layout.h"
#include "runtime/schema/isa_features.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <cstring>
#include <fstream>
#include <functional>
#include <sys/stat.h>
#include <unistd.h>

namespace lathe::test {
namespace {

/// A folder that is gone at the end of the test.
class folder {
public:
  folder() {
    char name[] = "/tmp/lathe_test_XXXXXX";
    path_ = mkdtemp(name);
  }
  ~folder() {
    for (const std::string &file : files_)
      unlink(file.c_str());
    rmdir(path_.c_str());
  }
  std::string write(const std::string &name, const bytes &content) {
    std::string path = path_ + "/" + name;
    std::ofstream(path, std::ios::binary)
        .write(reinterpret_cast<const char *>(content.data()),
               static_cast<std::streamsize>(content.size()));
    files_.push_back(path);
    return path;
  }
  const std::string &path() const { return path_; }

private:
  std::string path_;
  std::vector<std::string> files_;
};

struct file_result {
  program_ptr program;
  int32_t status;
  lathe_error error;
};

file_result open_file(const std::string &path, lathe_options options = {}) {
  file_result out = {};
  options.struct_bytes = sizeof(options);
  lathe_program *program = nullptr;
  out.status = lathe_program_open_file(path.c_str(), &options, &program, &out.error);
  out.program.reset(program);
  return out;
}

lathe_options trusting(uint32_t flags = 0) {
  lathe_options options = {};
  options.flags = LATHE_TRUST_CODE | flags;
  return options;
}

// --------------------------------------------------------------- authorizing

TEST(Load, CodeNeedsTheCallersConsent) {
  opened refused = open_program(static_program(), 0);
  EXPECT_EQ(refused.status, LATHE_ERR_CODE_NOT_AUTHORIZED);
  program_source source = static_program();
  aligned_bytes file(pack_file(source));
  static bytes seen;
  for (int32_t answer : {0, 1}) {
    lathe_options options = {};
    options.struct_bytes = sizeof(options);
    options.authorize_ctx = &answer;
    options.authorize_code = [](void *ctx, const uint8_t *digest) {
      seen.assign(digest, digest + 32);
      return *static_cast<int32_t *>(ctx);
    };
    lathe_program *program = nullptr;
    EXPECT_EQ(lathe_program_open_memory(file.data(), file.size(), &options, &program, nullptr),
              answer ? LATHE_OK : LATHE_ERR_CODE_NOT_AUTHORIZED);
    EXPECT_EQ(seen, bytes(file.data() + 32, file.data() + 64));
    lathe_program_close(program);
  }
}

// -------------------------------------------------------------------- header

struct header_case {
  const char *name;
  size_t offset;
  bytes value;
  int32_t status;
};

TEST(Load, HeaderFieldsAreChecked) {
  program_source source = static_program();
  const bytes sound = pack_file(source);
  const header_case cases[] = {
      {"magic", 0, {'E', 'L', 'F'}, LATHE_ERR_FORMAT},
      {"text mode damage", 5, {'\n'}, LATHE_ERR_FORMAT},
      {"major", 8, {2}, LATHE_ERR_VERSION},
      {"minor only adds", 10, {9}, LATHE_OK},
      {"flags", 12, {1}, LATHE_ERR_VERSION},
      {"file_bytes", 16, {1}, LATHE_ERR_FORMAT},
      {"metadata offset", 24, {128}, LATHE_ERR_FORMAT},
      {"metadata bytes", 28, {0xff, 0xff, 0xff, 0x03}, LATHE_ERR_FORMAT},
      {"metadata limit", 28, {0xff, 0xff, 0xff, 0x7f}, LATHE_ERR_LIMIT},
      {"no metadata", 28, {0, 0, 0, 0}, LATHE_ERR_FORMAT},
  };
  for (const header_case &test : cases) {
    bytes file = sound;
    std::copy(test.value.begin(), test.value.end(),
              file.begin() + static_cast<std::ptrdiff_t>(test.offset));
    repair_digest(&file);
    EXPECT_EQ(open_bytes(file).status, test.status) << test.name;
  }
}

TEST(Load, PaddingMustBeZero) {
  program_source source = static_program();
  bytes file = pack_file(source);
  size_t end = 64 + pack_metadata(source.metadata).size();
  ASSERT_LT(end, 65536u);
  for (size_t at : {end, size_t{65535}}) {
    bytes damaged = file;
    damaged[at] = 1;
    opened program = open_bytes(damaged);
    EXPECT_EQ(program.status, LATHE_ERR_FORMAT);
    EXPECT_STREQ(program.error.text, "the padding before segment 0 is not zero");
  }
}

TEST(Load, DamagedCodeIsNotRun) {
  program_source source = static_program();
  bytes file = pack_file(source);
  file[65536] ^= 1;
  opened program = open_bytes(file);
  EXPECT_EQ(program.status, LATHE_ERR_DIGEST);
  EXPECT_STREQ(program.error.text, "the code does not match its digest");
}

TEST(Load, WeightsAreHashedOnRequest) {
  program_source source = static_program();
  bytes file = pack_file(source);
  file.back() ^= 1;
  opened program = open_bytes(file);
  ASSERT_EQ(program.status, LATHE_OK);
  EXPECT_EQ(lathe_program_verify_weights(program.program.get(), nullptr), LATHE_ERR_DIGEST);
  EXPECT_EQ(open_bytes(file, LATHE_TRUST_CODE | LATHE_VERIFY_WEIGHTS).status, LATHE_ERR_DIGEST);
}

TEST(Load, MisalignedMemoryIsCopiedOnlyWithAnAllocator) {
  program_source source = static_program();
  bytes file = pack_file(source);
  aligned_bytes shifted(file.size() + 8);
  memcpy(shifted.data() + 8, file.data(), file.size());
  lathe_options options = trusting();
  options.struct_bytes = sizeof(options);
  lathe_program *program = nullptr;
  EXPECT_EQ(lathe_program_open_memory(shifted.data() + 8, file.size(), &options, &program, nullptr),
            LATHE_ERR_ALIGNMENT);
  lathe_allocator heap = {
      sizeof(heap), nullptr,
      [](void *, size_t n, size_t align) { return aligned_alloc(align, (n + align - 1) / align * align); },
      [](void *, void *block, size_t) { free(block); }};
  options.allocator = &heap;
  ASSERT_EQ(lathe_program_open_memory(shifted.data() + 8, file.size(), &options, &program, nullptr),
            LATHE_OK);
  exercise(program);
  lathe_program_close(program);
}

// -------------------------------------------------------------- code choice

TEST(Load, FirstImageWhoseFeaturesAreThereIsChosen) {
  lathe_device_info device = {};
  device.struct_bytes = sizeof(device);
  ASSERT_EQ(lathe_device(0, &device), LATHE_OK);
  if (device.features == 0)
    GTEST_SKIP() << "this CPU has no feature to take away";
  uint64_t feature = device.features & (~device.features + 1);
  program_source source = static_program();
  auto &images = source.metadata.images;
  images.insert(images.begin(), std::make_unique<f::CodeImageT>(*images[0]));
  images[0]->features = feature;
  images[0]->name = "better";
  images.insert(images.begin(), std::make_unique<f::CodeImageT>(*images[0]));
  images[0]->features = uint64_t{1} << 63; // of a later version
  images[0]->name = "unknown";
  for (auto &kernel : source.metadata.kernels)
    kernel->entries.assign(3, kernel->entries[0]);
  aligned_bytes file(pack_file(source));
  for (bool disabled : {false, true}) {
    lathe_options options = trusting();
    options.struct_bytes = sizeof(options);
    options.cpu_features_disabled = disabled ? feature : 0;
    lathe_program *program = nullptr;
    ASSERT_EQ(lathe_program_open_memory(file.data(), file.size(), &options, &program, nullptr), LATHE_OK);
    EXPECT_EQ(std::string(lathe_program_code_name(program)).find("better") != std::string::npos, !disabled);
    lathe_program_close(program);
  }
}

// Each feature alone decides: an image with it comes first where the machine has
// it, and is passed over where it has not.
TEST(Load, EachFeatureIsRequired) {
  lathe_device_info device = {};
  device.struct_bytes = sizeof(device);
  ASSERT_EQ(lathe_device(0, &device), LATHE_OK);
  program_source source = static_program();
  auto &images = source.metadata.images;
  images.insert(images.begin(), std::make_unique<f::CodeImageT>(*images[0]));
  images[0]->name = "better";
  for (auto &kernel : source.metadata.kernels)
    kernel->entries.assign(2, kernel->entries[0]);
  for (unsigned bit = 0; bit < 28; ++bit) {
    images[0]->features = uint64_t{1} << bit;
    aligned_bytes file(pack_file(source));
    lathe_options options = trusting();
    options.struct_bytes = sizeof(options);
    lathe_program *program = nullptr;
    ASSERT_EQ(lathe_program_open_memory(file.data(), file.size(), &options, &program, nullptr), LATHE_OK);
    EXPECT_EQ(std::string(lathe_program_code_name(program)).find("better") != std::string::npos,
              (device.features >> bit & 1) != 0)
        << "bit " << bit;
    lathe_program_close(program);
  }
}

TEST(Load, AnImageCanBringItsOwnPackingOfWeights) {
  program_source source = static_program();
  bytes packed = source.segments[1];
  packed[0] = 100; // w[0] = 100
  source.metadata.images[0]->weight_segments = {
      source.add_segment(f::SegmentKind::weights, packed)};
  opened program = open_program(std::move(source));
  ASSERT_EQ(program.status, LATHE_OK) << program.error.text;
  instance_ptr instance = new_instance(program.program.get());
  std::vector<int32_t> x(8, 1), z(8);
  bind_vector(instance.get(), LATHE_INPUT, 0, x);
  bind_vector(instance.get(), LATHE_OUTPUT, 0, z);
  ASSERT_EQ(lathe_run(instance.get(), 0, nullptr), LATHE_OK);
  EXPECT_EQ(z[0], 200);
}

TEST(Load, OtherKernelInterfacesAndMachinesAreRefused) {
  program_source other_abi = static_program();
  other_abi.metadata.images[0]->kernel_abi = 2;
  EXPECT_EQ(open_program(std::move(other_abi)).status, LATHE_ERR_VERSION);
  program_source other_machine = static_program();
  auto &format = other_machine.metadata.images[0]->format;
  format = format == f::ImageFormat::raw_riscv64 ? f::ImageFormat::raw_aarch64
                                                 : f::ImageFormat::raw_riscv64;
  EXPECT_EQ(open_program(std::move(other_machine)).status, LATHE_ERR_UNSUPPORTED);
  program_source other_device = static_program();
  other_device.method().variants[0]->devices = {f::Device::vulkan};
  other_device.metadata.kernels[0]->device = f::Device::vulkan;
  other_device.metadata.kernels[1]->device = f::Device::vulkan;
  EXPECT_EQ(open_program(std::move(other_device)).status, LATHE_ERR_UNSUPPORTED);
}

TEST(Load, TheFirstSupportedVariantIsTaken) {
  program_source source = static_program();
  auto &variants = source.method().variants;
  variants.insert(variants.begin(), std::make_unique<f::VariantT>(*variants[0]));
  variants[0]->devices = {f::Device::vulkan, f::Device::cpu};
  variants[0]->instructions.clear();
  opened program = open_program(std::move(source));
  ASSERT_EQ(program.status, LATHE_OK) << program.error.text;
  lathe_method_info info = {};
  info.struct_bytes = sizeof(info);
  lathe_method(program.program.get(), 0, &info);
  EXPECT_EQ(info.instruction_count, 2u);
}

TEST(Load, AProgramWithoutKernelsNeedsNoCode) {
  program_source source;
  f::MethodT &method = source.add_method("forward");
  method.inputs.push_back(tensor("x", f::DType::f64, {3}));
  method.outputs.push_back(tensor("y", f::DType::f64, {3}));
  method_builder b(method);
  b.copy(b.buffer(f::Region::input, 0, 24), b.buffer(f::Region::output, 0, 24));
  opened program = open_program(std::move(source), 0);
  ASSERT_EQ(program.status, LATHE_OK) << program.error.text;
  instance_ptr instance = new_instance(program.program.get());
  std::vector<double> x = {1, 2, 3}, y(3);
  bind_vector(instance.get(), LATHE_INPUT, 0, x);
  bind_vector(instance.get(), LATHE_OUTPUT, 0, y);
  EXPECT_EQ(lathe_run(instance.get(), 0, nullptr), LATHE_OK);
  EXPECT_EQ(x, y);
}

// --------------------------------------------------------------------- files

TEST(LoadFile, MapsOrCopiesTheWeights) {
  folder place;
  program_source source = dynamic_program();
  std::string path = place.write("m.lathe", pack_file(source));
  for (uint32_t flags : {0u, LATHE_COPY_WEIGHTS, LATHE_VERIFY_WEIGHTS}) {
    file_result result = open_file(path, trusting(flags));
    ASSERT_EQ(result.status, LATHE_OK) << result.error.text;
    const void *data = nullptr;
    size_t count = 0;
    ASSERT_EQ(lathe_program_data(result.program.get(), "labels", &data, &count), LATHE_OK);
    EXPECT_EQ(std::string(static_cast<const char *>(data), count), "abcde");
    EXPECT_EQ(lathe_program_data(result.program.get(), "nothing", &data, &count), LATHE_ERR_NOT_FOUND);
    EXPECT_EQ(lathe_program_verify_weights(result.program.get(), nullptr), LATHE_OK);
    exercise(result.program.get());
  }
}

TEST(LoadFile, OnlyRegularFilesAreRead) {
  folder place;
  EXPECT_EQ(open_file(place.path()).status, LATHE_ERR_FORMAT);
  EXPECT_EQ(open_file(place.path() + "/none").status, LATHE_ERR_NOT_FOUND);
  EXPECT_EQ(open_file("/dev/zero").status, LATHE_ERR_FORMAT);
  std::string fifo = place.path() + "/fifo";
  ASSERT_EQ(mkfifo(fifo.c_str(), 0600), 0);
  EXPECT_EQ(open_file(fifo).status, LATHE_ERR_FORMAT);
  unlink(fifo.c_str());
  EXPECT_EQ(open_file(place.write("empty", {})).status, LATHE_ERR_FORMAT);
}

program_source sidecar_program() {
  program_source source = new_program();
  source.metadata.sidecar = std::make_unique<f::SidecarT>();
  uint32_t slot = source.add_weights("w", {3, 5, 7, 11}, f::SegmentFile::sidecar);
  f::MethodT &method = source.add_method("forward");
  method.inputs.push_back(tensor("x", f::DType::i32, {8}));
  method.outputs.push_back(tensor("z", f::DType::i32, {8}));
  method_builder b(method);
  b.call(kernel::scale, {b.buffer(f::Region::input, 0, 32), b.buffer(f::Region::output, 0, 32),
                         b.buffer(f::Region::weights, slot, 16)}, 8, {4});
  return source;
}

TEST(LoadFile, WeightsLieInASidecar) {
  folder place;
  program_source source = sidecar_program();
  bytes sidecar, file = pack_file(source, &sidecar);
  std::string path = place.write("m.lathe", file);
  file_result missing = open_file(path, trusting());
  EXPECT_EQ(missing.status, LATHE_ERR_WEIGHTS);
  EXPECT_NE(std::string(missing.error.text).find("m.lathew' does not exist"), std::string::npos);
  place.write("m.lathew", sidecar);
  for (uint32_t flags : {0u, LATHE_COPY_WEIGHTS, LATHE_VERIFY_WEIGHTS}) {
    file_result result = open_file(path, trusting(flags));
    ASSERT_EQ(result.status, LATHE_OK) << result.error.text;
    instance_ptr instance = new_instance(result.program.get());
    std::vector<int32_t> x(8, 2), z(8);
    bind_vector(instance.get(), LATHE_INPUT, 0, x);
    bind_vector(instance.get(), LATHE_OUTPUT, 0, z);
    ASSERT_EQ(lathe_run(instance.get(), 0, nullptr), LATHE_OK);
    EXPECT_EQ(z, (std::vector<int32_t>{6, 10, 14, 22, 6, 10, 14, 22}));
  }
}

TEST(LoadFile, ASidecarOfAnotherProgramIsRefused) {
  folder place;
  program_source source = sidecar_program();
  bytes sidecar, other, file = pack_file(source, &sidecar);
  source.segments[1][0] = 99;
  pack_file(source, &other);
  std::string path = place.write("m.lathe", file);
  lathe_options options = trusting();
  std::string weights = place.write("other.lathew", other);
  options.weights_path = weights.c_str();
  EXPECT_EQ(open_file(path, options).status, LATHE_ERR_WEIGHTS);
  std::string not_weights = place.write("text", bytes(100, 'x'));
  options.weights_path = not_weights.c_str();
  EXPECT_EQ(open_file(path, options).status, LATHE_ERR_FORMAT);
  bytes cut(sidecar.begin(), sidecar.end() - 1);
  std::string short_file = place.write("cut", cut);
  options.weights_path = short_file.c_str();
  EXPECT_EQ(open_file(path, options).status, LATHE_ERR_WEIGHTS);
  sidecar.back() ^= 1;
  std::string damaged = place.write("damaged", sidecar);
  options.weights_path = damaged.c_str();
  EXPECT_EQ(open_file(path, options).status, LATHE_OK);
  options.flags |= LATHE_VERIFY_WEIGHTS;
  EXPECT_EQ(open_file(path, options).status, LATHE_ERR_DIGEST);
}

// ----------------------------------------------------------- linked programs

struct model_fault {
  const char *name;
  std::function<void(linked &)> damage;
  int32_t status;
};

TEST(LoadLinked, TheModelIsChecked) {
  const model_fault faults[] = {
      {"kernel_abi", [](linked &l) { ++l.model.kernel_abi; }, LATHE_ERR_VERSION},
      {"no_metadata", [](linked &l) { l.model.metadata = nullptr; }, LATHE_ERR_ARGUMENT},
      {"short_metadata", [](linked &l) { l.model.metadata_bytes = 7; }, LATHE_ERR_ARGUMENT},
      {"long_metadata", [](linked &l) { l.model.metadata_bytes = (size_t{64} << 20) + 1; }, LATHE_ERR_ARGUMENT},
      {"misaligned", [](linked &l) { l.model.metadata = l.metadata.data() + 4; }, LATHE_ERR_ARGUMENT},
      {"damaged", [](linked &l) { l.metadata.data()[4] ^= 1; }, LATHE_ERR_METADATA},
      {"kernels", [](linked &l) { l.model.kernel_count = kernel_count - 1; }, LATHE_ERR_METADATA},
      {"weights", [](linked &l) { l.model.weight_count = 0; }, LATHE_ERR_WEIGHTS},
      {"short_weights", [](linked &l) { --l.slots[0].bytes; }, LATHE_ERR_WEIGHTS},
      {"misaligned_weights",
       [](linked &l) { l.slots[0].data = static_cast<const uint8_t *>(l.slots[0].data) + 4; },
       LATHE_ERR_ALIGNMENT},
  };
  for (const model_fault &fault : faults) {
    std::unique_ptr<linked> model = open_linked(static_program(true));
    ASSERT_EQ(model->status, LATHE_OK) << model->error.text;
    fault.damage(*model);
    reopen(model.get());
    EXPECT_EQ(model->status, fault.status) << fault.name << ": " << model->error.text;
    lathe_program *program = nullptr;
    EXPECT_EQ(lathe_program_open_static(&model->model, model->memory.data(), model->memory.size(), nullptr,
                                        &program, nullptr), fault.status) << fault.name;
    EXPECT_EQ(program, nullptr);
  }
}

TEST(LoadLinked, TheMemoryIsChecked) {
  std::unique_ptr<linked> model = open_linked(static_program(true));
  model->program.reset();
  auto needed = static_cast<size_t>(lathe_static_memory_needed(&model->model, nullptr));
  lathe_program *program = nullptr;
  auto open_in = [&](uint8_t *memory, size_t bytes) {
    return lathe_program_open_static(&model->model, memory, bytes, nullptr, &program, nullptr);
  };
  for (size_t bytes : {size_t{0}, size_t{64}, needed - 1})
    EXPECT_EQ(open_in(model->memory.data(), bytes), LATHE_ERR_MEMORY);
  aligned_bytes larger(needed + 8);
  EXPECT_EQ(open_in(larger.data() + 8, needed), LATHE_ERR_ALIGNMENT);
  EXPECT_EQ(open_in(larger.data(), needed), LATHE_OK);
  EXPECT_EQ(lathe_program_verify_weights(program, nullptr), LATHE_OK);
  lathe_program_close(program);
}

// --------------------------------------------------- every bit, every length

class Damage : public testing::TestWithParam<program_source (*)(bool)> {};

/// Without the code's padding: a program whose image comes first would be
/// 64 KiB of zeros. Linked programs have no file, so these use raw ones.
TEST_P(Damage, EveryFlippedBitIsRefusedByTheDigests) {
  program_source source = GetParam()(false);
  bytes file = pack_file(source);
  size_t metadata_end = 64 + pack_metadata(source.metadata).size();
  aligned_bytes memory(file);
  lathe_options options = trusting(LATHE_VERIFY_WEIGHTS);
  options.struct_bytes = sizeof(options);
  size_t flips = 0;
  for (size_t at = 0; at < file.size(); ++at) {
    // Padding: one bit of each byte near its ends and of some inside.
    bool padding = at >= metadata_end + 8 && at < 65536 - 8;
    if (padding && at % 509 != 0)
      continue;
    for (int bit = 0; bit < (padding ? 1 : 8); ++bit) {
      memory.data()[at] = static_cast<uint8_t>(file[at] ^ (1 << bit));
      lathe_program *program = nullptr;
      int32_t status = lathe_program_open_memory(memory.data(), memory.size(), &options, &program, nullptr);
      ASSERT_NE(status, LATHE_OK) << "byte " << at << " bit " << bit;
      ++flips;
    }
    memory.data()[at] = file[at];
  }
  printf("%zu flipped bits\n", flips);
}

TEST_P(Damage, EveryTruncationIsRefused) {
  program_source source = GetParam()(false);
  bytes file = pack_file(source);
  aligned_bytes memory(file);
  lathe_options options = trusting();
  options.struct_bytes = sizeof(options);
  for (size_t length = 0; length < file.size(); ++length) {
    lathe_program *program = nullptr;
    ASSERT_NE(lathe_program_open_memory(memory.data(), length, &options, &program, nullptr), LATHE_OK);
  }
  printf("%zu lengths\n", file.size());
}

/// A program whose metadata is damaged in place, with its digest made right
/// again, as a file and as a linked model with kernels that do nothing. Either
/// is refused or harmless: sanitizers are the judge.
class repaired {
public:
  explicit repaired(program_source (*make)(bool)) {
    program_source source = make(false);
    bytes file = pack_file(source);
    metadata_bytes_ = pack_metadata(source.metadata).size();
    file_ = aligned_bytes(file);
    linked_ = open_linked(make(true), true);
  }
  size_t file_metadata_bytes() const { return metadata_bytes_; }
  size_t linked_metadata_bytes() const { return linked_->metadata.size(); }

  void try_file(size_t at, const void *value, size_t width) {
    uint8_t saved[8], *place = file_.data() + 64 + at;
    memcpy(saved, place, width);
    memcpy(place, value, width);
    memset(file_.data() + 32, 0, 32);
    bytes digest = sha256_of(file_.data(), 64 + metadata_bytes_);
    memcpy(file_.data() + 32, digest.data(), 32);
    lathe_options options = trusting();
    options.struct_bytes = sizeof(options);
    lathe_program *program = nullptr;
    lathe_program_open_memory(file_.data(), file_.size(), &options, &program, nullptr);
    count(program != nullptr);
    lathe_program_close(program);
    memcpy(place, saved, width);
  }
  void try_linked(size_t at, const void *value, size_t width) {
    uint8_t saved[8], *place = linked_->metadata.data() + at;
    memcpy(saved, place, width);
    memcpy(place, value, width);
    reopen(linked_.get());
    if (linked_->program)
      exercise(linked_->program.get());
    count(linked_->program != nullptr);
    linked_->program.reset();
    memcpy(place, saved, width);
  }
  /// Only the first `length` bytes of the metadata.
  void try_truncated(size_t length) {
    bytes file(file_.data(), file_.data() + file_.size());
    auto cut = file.begin() + static_cast<std::ptrdiff_t>(64 + length);
    // With what follows the metadata, moved up, and without it.
    for (bool with_rest : {false, true}) {
      bytes rest(with_rest ? file.begin() + static_cast<std::ptrdiff_t>(64 + metadata_bytes_) : file.end(), file.end());
      opened program = open_bytes(frame_metadata(bytes(file.begin() + 64, cut), rest));
      if (program.program)
        exercise(program.program.get());
      count(program.program != nullptr);
    }
  }
  void try_truncated_linked(size_t length) {
    linked_->model.metadata_bytes = static_cast<uint32_t>(length);
    reopen(linked_.get());
    if (linked_->program)
      exercise(linked_->program.get());
    count(linked_->program != nullptr);
    linked_->program.reset();
  }
  uint8_t file_byte(size_t at) const { return file_.data()[64 + at]; }
  uint8_t linked_byte(size_t at) const { return linked_->metadata.data()[at]; }
  size_t accepted() const { return accepted_; }
  size_t tried() const { return tried_; }

private:
  void count(bool accepted) {
    ++tried_;
    accepted_ += accepted;
  }

  aligned_bytes file_;
  size_t metadata_bytes_ = 0;
  std::unique_ptr<linked> linked_;
  size_t accepted_ = 0, tried_ = 0;
};

void show_counts(const repaired &target) {
  printf("%zu damaged programs, %zu of them accepted\n", target.tried(), target.accepted());
}

TEST_P(Damage, EveryFlippedBitWithARepairedDigestIsSafe) {
  repaired target(GetParam());
  for (int bit = 0; bit < 8; ++bit) {
    for (size_t at = 0; at < target.file_metadata_bytes(); ++at) {
      auto value = static_cast<uint8_t>(target.file_byte(at) ^ (1 << bit));
      target.try_file(at, &value, 1);
    }
    for (size_t at = 0; at < target.linked_metadata_bytes(); ++at) {
      auto value = static_cast<uint8_t>(target.linked_byte(at) ^ (1 << bit));
      target.try_linked(at, &value, 1);
    }
  }
  EXPECT_GT(target.accepted(), 0u); // names, for example
  show_counts(target);
}

TEST_P(Damage, EveryTruncationWithARepairedDigestIsSafe) {
  repaired target(GetParam());
  for (size_t length = 8; length < target.file_metadata_bytes(); ++length)
    target.try_truncated(length);
  for (size_t length = 8; length < target.linked_metadata_bytes(); ++length)
    target.try_truncated_linked(length);
  EXPECT_LT(target.accepted(), 8u); // without the padding at the end
  show_counts(target);
}

/// Every place where a scalar could lie takes every value that tends to break
/// arithmetic; that covers each field of each table.
TEST_P(Damage, EveryScalarAtItsExtremesIsSafe) {
  repaired target(GetParam());
  constexpr uint64_t half = uint64_t{1} << 63, word = uint64_t{1} << 32;
  const uint64_t values[] = {0, 1, ~uint64_t{0}, ~uint64_t{0} - 1, half, half - 1,
                             word, word - 1, word / 2, word / 2 - 1};
  for (size_t width : {size_t{1}, size_t{2}, size_t{4}, size_t{8}})
    for (uint64_t value : values) {
      uint64_t shown = width < 8 && value >= word ? value >> (64 - 8 * width) : value;
      for (size_t at = 0; at + width <= target.file_metadata_bytes(); at += width)
        if (width >= 4)
          target.try_file(at, &shown, width);
      for (size_t at = 0; at + width <= target.linked_metadata_bytes(); at += width)
        target.try_linked(at, &shown, width);
    }
  EXPECT_GT(target.accepted(), 0u);
  show_counts(target);
}

INSTANTIATE_TEST_SUITE_P(, Damage,
                         testing::Values(static_program, dynamic_program, two_method_program),
                         [](const auto &info) {
                           return std::string(info.index == 0   ? "static"
                                              : info.index == 1 ? "dynamic"
                                                                : "two_methods");
                         });

} // namespace
} // namespace lathe::test
