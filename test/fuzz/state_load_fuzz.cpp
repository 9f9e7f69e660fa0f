// SPDX-License-Identifier: Apache-2.0
// Saved states of any content: refused, or taken over without fault.
#include "test/runtime/program_builder.h"

#include <cstring>

using namespace lathe::test;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static const std::unique_ptr<linked> program = open_linked(dynamic_program(true));
  static const instance_ptr instance = new_instance(program->program.get());
  lathe_error error;
  if (lathe_state_load(instance.get(), data, size, &error) == LATHE_OK)
    lathe_state_reset(instance.get());
  // With the header that belongs to this program, so that the rest is reached.
  bytes saved(lathe_state_bytes(instance.get()));
  lathe_state_save(instance.get(), saved.data(), saved.size());
  size_t count = std::min(size, saved.size() - 64);
  if (count != 0)
    memcpy(saved.data() + 64, data, count);
  lathe_state_load(instance.get(), saved.data(), saved.size(), &error);
  return 0;
}
