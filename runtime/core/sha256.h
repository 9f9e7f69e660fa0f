// SPDX-License-Identifier: Apache-2.0
// SHA-256 (FIPS 180-4) over bytes that arrive in parts.
#ifndef LATHE_RUNTIME_CORE_SHA256_H
#define LATHE_RUNTIME_CORE_SHA256_H

#include <cstddef>
#include <cstdint>

namespace lathe::core {

class sha256 {
public:
  sha256();
  void update(const void *data, size_t bytes);
  /// Ends the message; the object must not be used afterwards.
  void finish(uint8_t digest[32]);

private:
  void block(const uint8_t *data);

  uint32_t state_[8];
  uint64_t bytes_ = 0;
  uint8_t pending_[64];
};

} // namespace lathe::core

#endif // LATHE_RUNTIME_CORE_SHA256_H
