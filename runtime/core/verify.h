// SPDX-License-Identifier: Apache-2.0
// Verification of a program's metadata: total, before any use, in time linear
// in its size. What it accepts, decode.cpp and the executor rely on without
// looking again; what sizes decide at run time is checked by prepare.cpp.
#ifndef LATHE_RUNTIME_CORE_VERIFY_H
#define LATHE_RUNTIME_CORE_VERIFY_H

#include "program_view.h"
#include "runtime/core/error.h"

namespace lathe::core {

/// What surrounds the metadata.
struct verify_input {
  const uint8_t *metadata; // 8-byte aligned, private or constant memory
  uint32_t metadata_bytes;
  uint64_t metadata_end; // offset in the file of the first byte behind it
  uint64_t file_bytes;
  // A statically linked program has no file; it has a kernel table and one
  // weight segment per slot.
  bool linked;
  uint32_t linked_kernel_count;
};

/// Verifies everything. On success *program is the root table.
int32_t verify(const verify_input &input, const view::Program **program,
               lathe_error *error);

/// The body of an instruction that has one, of this type.
template <typename T> const T &body_of(const view::Instruction &instruction) {
  return *static_cast<const T *>(instruction.body());
}

/// The symbol that an instruction sets, LATHE_NONE if it sets none.
uint32_t symbol_set_by(const view::Instruction &instruction);

/// Bytes of one element; 0 for none and for unknown types.
uint32_t element_bytes(view::DType dtype);

} // namespace lathe::core

#endif // LATHE_RUNTIME_CORE_VERIFY_H
