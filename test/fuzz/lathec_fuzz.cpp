// SPDX-License-Identifier: Apache-2.0
// The whole compiler on files of any content: an archive (it begins with "PK"),
// or the graph dialect as text. It refuses with a fault, or writes a program
// that the loader accepts; it does not crash, hang or allocate out of proportion.
// A fault that blames the compiler itself is a finding.
#include "test/fuzz/archive_mutator.h"
#include "test/fuzz/compile_text.h"

using namespace lathe;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes) {
  llvm::StringRef text(reinterpret_cast<const char *>(data), bytes);
  test::compileText(text.starts_with("PK") ? "model.pt2" : "model.mlir", text, {{"*", "", 0, 64}});
  return 0;
}

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t sizeMax, unsigned seed) {
  return test::mutateArchive(data, size, sizeMax, seed);
}
