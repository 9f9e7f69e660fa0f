// SPDX-License-Identifier: Apache-2.0
// Mutations of .pt2 archives that survive their checksums: a member changes
// and the archive is packed anew around it.
#ifndef LATHE_TEST_FUZZ_ARCHIVE_MUTATOR_H
#define LATHE_TEST_FUZZ_ARCHIVE_MUTATOR_H

#include <cstddef>
#include <cstdint>

namespace lathe::test {

/// A LLVMFuzzerCustomMutator. Bytes that are no archive, and one archive in
/// sixteen, are mutated as plain bytes. In the others one JSON member changes:
/// a number becomes a number of interest, a string or a line another one of the
/// same member, or some of its bytes change as libFuzzer likes.
size_t mutateArchive(uint8_t *data, size_t size, size_t sizeMax, unsigned seed);

} // namespace lathe::test

#endif // LATHE_TEST_FUZZ_ARCHIVE_MUTATOR_H
