// SPDX-License-Identifier: Apache-2.0
// Metadata of any content: refused, or run without fault. The bytes are the
// metadata of a linked model whose kernels do nothing, so that mutations need
// no digest to get past; a second pass frames them as a file without code.
#include "test/runtime/program_builder.h"

#include "runtime/include/lathe/kernel_abi.h"

#include <cstring>

using namespace lathe::test;

namespace {

/// Weight slots for models with up to this many; others are refused early.
constexpr uint32_t slot_count_max = 4;

void run_linked(const uint8_t *data, size_t size) {
  static const aligned_bytes weights(bytes(1 << 16));
  static const lathe_kernel_fn nothing = [](const lathe_kernel_args *, uint32_t,
                                            uint32_t, void *) {};
  const void *kernels[kernel_count];
  for (const void *&kernel : kernels)
    memcpy(&kernel, &nothing, sizeof(kernel));
  lathe_static_segment slots[slot_count_max];
  for (lathe_static_segment &slot : slots)
    slot = {weights.data(), weights.size()};
  aligned_bytes metadata(bytes(data, data + size));
  lathe_static_model model = {};
  model.struct_bytes = sizeof(model);
  model.kernel_abi = LATHE_KERNEL_ABI_VERSION;
  model.metadata = metadata.data();
  model.metadata_bytes = metadata.size();
  model.weights = slots;
  model.kernels = kernels;
  model.kernel_count = kernel_count;
  for (uint32_t count = 0; count <= slot_count_max; ++count) {
    model.weight_count = count;
    lathe_error error;
    int64_t needed = lathe_static_memory_needed(&model, &error);
    if (needed == LATHE_ERR_WEIGHTS)
      continue; // another number of slots
    if (needed < 0)
      return;
    aligned_bytes memory(static_cast<size_t>(needed));
    lathe_program *program = nullptr;
    if (lathe_program_open_static(&model, memory.data(), memory.size(), nullptr,
                                  &program, &error) == LATHE_OK)
      exercise(program);
    lathe_program_close(program);
    return;
  }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  run_linked(data, size);
  open_bytes(frame_metadata(bytes(data, data + size), {}), 0);
  return 0;
}

/// Seeds without files: the test programs, one after another.
extern "C" size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t size_max);
extern "C" size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size,
                                          size_t size_max, unsigned seed) {
  static const std::vector<bytes> seeds = [] {
    std::vector<bytes> all;
    for (auto make : {static_program, dynamic_program, two_method_program}) {
      program_source source = make(true);
      pack_file(source);
      all.push_back(pack_metadata(source.metadata));
    }
    return all;
  }();
  const bytes &chosen = seeds[seed % seeds.size()];
  if (size < 64 && chosen.size() <= size_max) {
    memcpy(data, chosen.data(), chosen.size());
    size = chosen.size();
  }
  return LLVMFuzzerMutate(data, size, size_max);
}
