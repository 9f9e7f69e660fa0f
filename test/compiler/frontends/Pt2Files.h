// SPDX-License-Identifier: Apache-2.0
// Paths and contents of the committed model files of test/frontends/pt2.
#ifndef LATHE_TEST_COMPILER_FRONTENDS_PT2FILES_H
#define LATHE_TEST_COMPILER_FRONTENDS_PT2FILES_H

#include "llvm/Support/MemoryBuffer.h"
#include <string>

namespace lathe::test {

inline std::string testFile(const std::string &name) {
  return std::string(LATHE_TEST_SOURCE_DIR) + "/frontends/pt2/" + name;
}

/// Empty where the file cannot be read.
inline std::string readTestFile(const std::string &name) {
  auto buffer = llvm::MemoryBuffer::getFile(testFile(name));
  return buffer ? (*buffer)->getBuffer().str() : std::string();
}

} // namespace lathe::test

#endif // LATHE_TEST_COMPILER_FRONTENDS_PT2FILES_H
