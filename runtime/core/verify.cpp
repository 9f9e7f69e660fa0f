// SPDX-License-Identifier: Apache-2.0
#include "runtime/core/verify.h"

#include "runtime/core/program_layout.h"
#include "runtime/core/verifier.h"
#include "runtime/schema/file_layout.h"

namespace lathe::core {

using namespace view;

uint32_t element_bytes(DType dtype) {
  return lathe_dtype_bytes(static_cast<uint32_t>(dtype));
}

bool verifier::reject_list(uint32_t head, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  status_ = fail_with(error_, head, method_index_, instruction_index_, format,
                      arguments);
  va_end(arguments);
  return false;
}

bool verifier::take_bytes(uint64_t bytes) {
  if (bytes > vector_budget_)
    return reject(LATHE_ERR_LIMIT, "vectors are shared too often");
  vector_budget_ -= bytes;
  return true;
}

const Segment *verifier::slot_segment(uint32_t slot) const {
  return program_->segments()->Get(program_->weight_slots()->Get(slot));
}

bool verifier::limit(uint64_t value, uint64_t maximum, const char *what) {
  return value <= maximum ||
         reject(LATHE_ERR_LIMIT,
                "%: % exceed the limit of %", what, value, maximum);
}

bool verifier::check_index(uint32_t index, uint32_t count, const char *format,
                           uint32_t owner) {
  return index < count || reject(format, owner, index, count);
}

bool verifier::check_index(uint32_t index, uint32_t count, const char *format) {
  return index < count || reject(format, index, count);
}

bool verifier::check_name(const reader::String *name, const char *what) {
  if (!take(name) || !limit(name->size(), LATHE_MAX_NAME_BYTES, what))
    return false;
  for (uint32_t i = 0; i < name->size();) {
    uint32_t length = utf8_length(name->Data() + i, name->size() - i);
    if (length == 0)
      return reject("%: not UTF-8 without control bytes", what);
    i += length;
  }
  return true;
}

bool verifier::check_dims(const reader::Vector<int64_t> *dims,
                          uint32_t element, uint64_t *bytes) {
  if (!take(dims) || !limit(dims->size(), LATHE_MAX_RANK, "rank"))
    return false;
  *bytes = element;
  for (uint32_t i = 0; i < dims->size(); ++i) {
    int64_t dim = dims->Get(i);
    if (dim < 0)
      return reject("dimension %: % is out of range", i, dim);
    if (!limit(static_cast<uint64_t>(dim), LATHE_MAX_DIMENSION, "a dimension"))
      return false;
    if (!multiply(*bytes, static_cast<uint64_t>(dim), bytes) ||
        *bytes > LATHE_MAX_REGION_BYTES)
      return reject(LATHE_ERR_LIMIT, "a tensor has too many bytes");
  }
  return true;
}

bool verifier::check_buffer() {
  program_ = find_program(input_.metadata, input_.metadata_bytes);
  if (!program_)
    return reject("the metadata is not a well-formed FlatBuffer");
  uint64_t unknown = program_->required_features() & ~LATHE_FEATURES_KNOWN;
  if (unknown != 0)
    return reject(LATHE_ERR_UNSUPPORTED,
                  "needs features that this library does not know: %", unknown);
  return check_name(program_->producer(), "producer");
}

bool verifier::check_segment_place(const Segment &segment, uint64_t *end) {
  uint64_t alignment = segment.kind() == SegmentKind::code
                           ? uint64_t{LATHE_CODE_ALIGNMENT}
                           : uint64_t{LATHE_SEGMENT_ALIGNMENT};
  if (segment.offset_bytes() % alignment != 0)
    return reject("segment offset % is not a multiple of %", segment.offset_bytes(), alignment);
  uint64_t first = 0;
  if (!align_up(*end, alignment, &first) || segment.offset_bytes() != first)
    return reject("segment offset % is not the first possible one, %", segment.offset_bytes(), first);
  if (!add(segment.offset_bytes(), segment.bytes(), end) ||
      *end > LATHE_MAX_REGION_BYTES)
    return reject(LATHE_ERR_LIMIT, "a segment has too many bytes");
  return true;
}

bool verifier::check_segments() {
  auto *segments = program_->segments();
  if (!limit(segments->size(), LATHE_MAX_SEGMENTS, "segments"))
    return false;
  // Each file's segments follow one another from the end of its header.
  uint64_t end[2] = {input_.metadata_end, LATHE_HEADER_BYTES};
  uint64_t code_bytes = 0;
  auto last = SegmentFile::program;
  for (uint32_t i = 0; i < segments->size(); ++i) {
    const Segment &segment = *segments->Get(i);
    if (segment.kind() > SegmentKind::MAX)
      return reject("segment % has an unknown kind", i);
    if (segment.file() > SegmentFile::MAX)
      return reject("segment % has an unknown file", i);
    if (segment.file() < last)
      return reject("segment % is not sorted by file", i);
    last = segment.file();
    if (!segment.sha256())
      return reject("segment % has no digest", i);
    bool executable = segment.kind() == SegmentKind::code ||
                      segment.kind() == SegmentKind::spirv;
    if (executable && segment.file() != SegmentFile::program)
      return reject("segment % holds code outside the program file", i);
    if (executable && !add(code_bytes, segment.bytes(), &code_bytes))
      return reject(LATHE_ERR_LIMIT, "a segment has too many bytes");
    if (!input_.linked &&
        !check_segment_place(segment, &end[static_cast<int>(last)]))
      return false;
    if (segment.bytes() > LATHE_MAX_REGION_BYTES)
      return reject(LATHE_ERR_LIMIT, "a segment has too many bytes");
  }
  if (!limit(code_bytes, LATHE_MAX_CODE_BYTES, "bytes of code"))
    return false;
  if (!input_.linked && end[0] != input_.file_bytes)
    return reject("the parts end at % but the file at %", end[0], input_.file_bytes);
  const Sidecar *sidecar = program_->sidecar();
  if ((sidecar != nullptr) != (last == SegmentFile::sidecar))
    return reject("a sidecar and segments in it belong together");
  if (sidecar && !sidecar->digest())
    return reject("the sidecar has no digest");
  if (sidecar && end[1] > sidecar->file_bytes())
    return reject("a segment leaves the sidecar");
  return true;
}

bool verifier::check_slots() {
  auto *slots = program_->weight_slots();
  if (!take(slots) || !limit(slots->size(), LATHE_MAX_SEGMENTS, "weight slots"))
    return false;
  for (uint32_t i = 0; i < slots->size(); ++i) {
    uint32_t index = slots->Get(i);
    if (!check_index(index, program_->segments()->size(), "weight slot % names segment % of %", i))
      return false;
    if (program_->segments()->Get(index)->kind() != SegmentKind::weights)
      return reject("weight slot % names a segment without weights", i);
  }
  return true;
}

bool verifier::check_weights() {
  auto *weights = program_->weights();
  if (!limit(weights->size(), LATHE_MAX_WEIGHTS, "weights"))
    return false;
  for (uint32_t i = 0; i < weights->size(); ++i) {
    const Weight &weight = *weights->Get(i);
    uint32_t element = element_bytes(weight.dtype());
    if (element == 0)
      return reject("weight % has an unknown dtype", i);
    uint64_t bytes = 0;
    if (!check_name(weight.name(), "weight name") ||
        !check_name(weight.format(), "weight format") ||
        !check_dims(weight.dims(), element, &bytes))
      return false;
    if (!check_index(weight.slot(), program_->weight_slots()->size(), "weight % is in slot % of %", i))
      return false;
    if (!range_fits(weight.offset_bytes(), weight.bytes(),
                    slot_segment(weight.slot())->bytes()))
      return reject("weight % leaves its segment", i);
    bool plain = weight.format()->size() == 0;
    if (plain && bytes != weight.bytes())
      return reject("weight % has % bytes, its dimensions need %", i, weight.bytes(), bytes);
  }
  return true;
}

bool verifier::check_states() {
  auto *states = program_->states();
  if (!limit(states->size(), LATHE_MAX_STATES, "states") ||
      !limit(program_->state_bytes(), LATHE_MAX_REGION_BYTES, "state bytes"))
    return false;
  uint64_t needed = 0;
  for (uint32_t i = 0; i < states->size(); ++i) {
    const State &state = *states->Get(i);
    uint32_t element = element_bytes(state.dtype());
    if (element == 0)
      return reject("state % has an unknown dtype", i);
    uint64_t bytes = 0;
    if (!check_name(state.name(), "state name") ||
        !check_dims(state.dims(), element, &bytes))
      return false;
    if (bytes != state.bytes())
      return reject("state % has % bytes, its dimensions need %", i, state.bytes(), bytes);
    if (state.offset_bytes() % LATHE_REGION_ALIGNMENT != 0)
      return reject("state % is not aligned", i);
    if (!range_fits(state.offset_bytes(), bytes, program_->state_bytes()))
      return reject("state % leaves the state region", i);
    uint64_t aligned = 0; // within the region, so it does not overflow
    align_up(bytes, LATHE_REGION_ALIGNMENT, &aligned);
    needed += aligned;
    uint32_t initial = state.initial_weight();
    if (initial == LATHE_NONE)
      continue;
    if (!check_index(initial, program_->weights()->size(), "state % starts as weight % of %", i))
      return false;
    if (program_->weights()->Get(initial)->bytes() != bytes)
      return reject("state % starts as a weight of another size", i);
  }
  // An instance allocates the region: a file may not ask for more than it uses.
  if (program_->state_bytes() > needed)
    return reject("the state region has % bytes, its states need %", program_->state_bytes(), needed);
  return true;
}

bool verifier::check_image_weights(const CodeImage &image) {
  auto *map = image.weight_segments();
  if (map->size() == 0)
    return true;
  if (!take(map))
    return false;
  if (map->size() != program_->weight_slots()->size())
    return reject("an image replaces % of % weight slots", map->size(), program_->weight_slots()->size());
  for (uint32_t slot = 0; slot < map->size(); ++slot) {
    uint32_t index = map->Get(slot);
    if (!check_index(index, program_->segments()->size(), "an image replaces slot % by segment % of %", slot))
      return false;
    const Segment &segment = *program_->segments()->Get(index);
    if (segment.kind() != SegmentKind::weights)
      return reject("an image replaces slot % by a segment without weights", slot);
    if (segment.bytes() < slot_segment(slot)->bytes())
      return reject("an image replaces slot % by a shorter segment", slot);
  }
  return true;
}

bool verifier::check_images() {
  auto *images = program_->images();
  if (!limit(images->size(), LATHE_MAX_IMAGES, "code images"))
    return false;
  for (uint32_t i = 0; i < images->size(); ++i) {
    const CodeImage &image = *images->Get(i);
    if (image.format() == ImageFormat::none || image.format() > ImageFormat::MAX)
      return reject("image % has an unknown format", i);
    if (!check_name(image.name(), "image name") || !check_image_weights(image))
      return false;
    if (image.format() == ImageFormat::linked)
      continue;
    if (!check_index(image.segment(), program_->segments()->size(), "image % names segment % of %", i))
      return false;
    const Segment &segment = *program_->segments()->Get(image.segment());
    if (segment.kind() != SegmentKind::code)
      return reject("image % names a segment without code", i);
    if (!range_fits(image.text_offset_bytes(), image.text_bytes(),
                    segment.bytes()))
      return reject("the text of image % leaves its segment", i);
  }
  return true;
}

bool verifier::check_entries(const Kernel &kernel) {
  auto *entries = kernel.entries();
  if (!take(entries))
    return false;
  if (entries->size() != program_->images()->size())
    return reject("a kernel has % entries for % images", entries->size(), program_->images()->size());
  for (uint32_t i = 0; i < entries->size(); ++i) {
    const CodeImage &image = *program_->images()->Get(i);
    uint64_t entry = entries->Get(i);
    if (image.format() == ImageFormat::linked) {
      if (input_.linked && entry >= input_.linked_kernel_count)
        return reject("a kernel is entry % of % linked kernels", entry, input_.linked_kernel_count);
      continue;
    }
    if (entry < image.text_offset_bytes() ||
        entry - image.text_offset_bytes() >= image.text_bytes())
      return reject("a kernel's entry % is outside the text", entry);
  }
  return true;
}

bool verifier::check_arguments(const Kernel &kernel) {
  auto *arguments = kernel.arguments();
  if (!limit(arguments->size(), LATHE_MAX_KERNEL_ARGUMENTS, "kernel arguments"))
    return false;
  auto last = ArgumentKind::input;
  for (uint32_t i = 0; i < arguments->size(); ++i) {
    const KernelArgument &argument = *arguments->Get(i);
    if (argument.kind() > ArgumentKind::MAX)
      return reject("argument % has an unknown kind", i);
    if (argument.kind() < last)
      return reject("argument % is not sorted by kind", i);
    last = argument.kind();
    if (argument.access() > Access::MAX)
      return reject("argument % has an unknown access", i);
    if ((argument.kind() == ArgumentKind::input ||
         argument.kind() == ArgumentKind::weight) &&
        argument.access() != Access::read)
      return reject("argument % writes an input or weight", i);
    if (!is_power_of_two(argument.alignment()) ||
        argument.alignment() > LATHE_REGION_ALIGNMENT)
      return reject("argument % has an alignment of %", i, argument.alignment());
  }
  for (uint32_t i = 0; i < kernel.in_place()->size(); ++i) {
    const InPlace &pair = *kernel.in_place()->Get(i);
    if (pair.input() >= arguments->size() || pair.output() >= arguments->size())
      return reject("an in-place pair names a missing argument");
  }
  return true;
}

bool verifier::check_shaders(const Kernel &kernel) {
  auto *shaders = kernel.shaders();
  if (!limit(shaders->size(), LATHE_MAX_SHADERS, "shaders of a kernel"))
    return false;
  for (uint32_t i = 0; i < shaders->size(); ++i) {
    const ShaderEntry &shader = *shaders->Get(i);
    if (!check_name(shader.entry_point(), "shader entry point"))
      return false;
    if (shader.segment() >= program_->segments()->size() ||
        program_->segments()->Get(shader.segment())->kind() !=
            SegmentKind::spirv)
      return reject("shader % is not in a segment of shaders", i);
  }
  return true;
}

bool verifier::check_kernels() {
  auto *kernels = program_->kernels();
  if (!limit(kernels->size(), LATHE_MAX_KERNELS, "kernels"))
    return false;
  for (uint32_t i = 0; i < kernels->size(); ++i) {
    const Kernel &kernel = *kernels->Get(i);
    if (kernel.device() > Device::MAX)
      return reject("kernel % is for an unknown device", i);
    if (!check_name(kernel.name(), "kernel name") || !check_arguments(kernel) ||
        !limit(kernel.size_count(), LATHE_MAX_KERNEL_SIZES, "kernel sizes") ||
        !limit(kernel.scratch_bytes(), LATHE_MAX_SCRATCH_BYTES,
               "scratch bytes") ||
        !check_shaders(kernel))
      return false;
    if (kernel.device() == Device::cpu && !check_entries(kernel))
      return false;
  }
  return true;
}

bool verifier::check_data() {
  auto *data = program_->data();
  if (!limit(data->size(), LATHE_MAX_NAMED_DATA, "named data"))
    return false;
  for (uint32_t i = 0; i < data->size(); ++i) {
    const NamedData &item = *data->Get(i);
    if (!check_name(item.name(), "data name"))
      return false;
    if (!check_index(item.segment(), program_->segments()->size(), "data % names segment % of %", i))
      return false;
    const Segment &segment = *program_->segments()->Get(item.segment());
    if (segment.kind() != SegmentKind::data)
      return reject("data % names a segment of another kind", i);
    if (!range_fits(item.offset_bytes(), item.bytes(), segment.bytes()))
      return reject("data % leaves its segment", i);
  }
  uint32_t locations = program_->locations_segment();
  if (locations == LATHE_NONE)
    return true;
  if (locations >= program_->segments()->size() ||
      program_->segments()->Get(locations)->kind() != SegmentKind::locations)
    return reject("the source locations are not in a segment of theirs");
  return true;
}

bool verifier::run() {
  if (!check_buffer() || !check_segments() || !check_slots() ||
      !check_weights() || !check_states() || !check_images() ||
      !check_kernels() || !check_data())
    return false;
  auto *methods = program_->methods();
  if (!limit(methods->size(), LATHE_MAX_METHODS, "methods"))
    return false;
  for (uint32_t i = 0; i < methods->size(); ++i) {
    method_index_ = i;
    if (!check_method(*methods->Get(i)))
      return false;
  }
  return true;
}

int32_t verify(const verify_input &input, const Program **program,
               lathe_error *error) {
  verifier state(input, error);
  if (!state.run())
    return state.status();
  *program = state.program();
  return LATHE_OK;
}

} // namespace lathe::core
