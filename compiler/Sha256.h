// SPDX-License-Identifier: Apache-2.0
//
// SHA-256 (FIPS 180-4) of what a program holds: by the instructions that the
// machine has for it, which is five times as fast, else by LLVM's code.
#ifndef LATHE_COMPILER_SHA256_H
#define LATHE_COMPILER_SHA256_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/SHA256.h"
#include <array>
#include <cstdint>

namespace lathe {

class Sha256 {
public:
  /// `useInstructions` false: LLVM's code, on every machine.
  explicit Sha256(bool useInstructions = hasInstructions());
  void update(llvm::ArrayRef<uint8_t> bytes);
  void update(llvm::ArrayRef<char> bytes) {
    update(llvm::ArrayRef<uint8_t>(reinterpret_cast<const uint8_t *>(bytes.data()), bytes.size()));
  }
  /// Ends the message; the object must not be used afterwards.
  std::array<uint8_t, 32> final();

  /// Whether this machine has instructions for SHA-256 that are used here.
  static bool hasInstructions();

private:
  bool useInstructions;
  llvm::SHA256 portable;
  std::array<uint32_t, 8> state; ///< a .. h
  std::array<uint8_t, 64> pending;
  uint64_t bytes = 0;
};

} // namespace lathe

#endif // LATHE_COMPILER_SHA256_H
