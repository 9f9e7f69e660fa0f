// SPDX-License-Identifier: Apache-2.0
#ifndef LATHE_RUNTIME_CORE_PROGRAM_LAYOUT_H
#define LATHE_RUNTIME_CORE_PROGRAM_LAYOUT_H

#include <cstdint>

namespace lathe::view {
struct Program;
}

namespace lathe::core {

/// The root of a program's metadata, 8-byte aligned; NULL when its structure is
/// not sound: an offset that leaves it, a wrong alignment, a text without end,
/// too many or too deeply nested tables.
const view::Program *find_program(const uint8_t *metadata, uint32_t bytes);

} // namespace lathe::core

#endif // LATHE_RUNTIME_CORE_PROGRAM_LAYOUT_H
