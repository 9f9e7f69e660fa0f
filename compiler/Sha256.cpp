// SPDX-License-Identifier: Apache-2.0
#include "compiler/Sha256.h"

#include "llvm/ADT/StringMap.h"
#include "llvm/Support/Endian.h"
#include "llvm/TargetParser/Host.h"
#include <cstring>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

using namespace lathe;

#if defined(__x86_64__)

alignas(16) static const uint32_t kRounds[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

// The instructions want the state as two vectors, highest word first: (a b e f)
// and (c d g h). Each `rnds2` does two rounds, with two words of the schedule
// plus their constants in the lower half of its last operand.
__attribute__((target("sha,sse4.1"))) static void
addBlocks(std::array<uint32_t, 8> &state, const uint8_t *data, uint64_t blocks) {
  const __m128i bigEndian = _mm_set_epi8(12, 13, 14, 15, 8, 9, 10, 11, 4, 5, 6, 7, 0, 1, 2, 3);
  auto words = [&](uint32_t top, uint32_t second, uint32_t third, uint32_t low) {
    return _mm_set_epi32(static_cast<int>(top), static_cast<int>(second), static_cast<int>(third),
                         static_cast<int>(low));
  };
  __m128i abef = words(state[0], state[1], state[4], state[5]);
  __m128i cdgh = words(state[2], state[3], state[6], state[7]);
  for (; blocks > 0; --blocks, data += 64) {
    const __m128i abefBefore = abef, cdghBefore = cdgh;
    __m128i schedule[4]; // the last sixteen words
    for (int group = 0; group < 16; ++group) {
      __m128i &now = schedule[group % 4];
      if (group < 4) {
        const void *place = data + 16 * group;
        now = _mm_shuffle_epi8(_mm_loadu_si128(static_cast<const __m128i *>(place)), bigEndian);
      } else {
        // w[t] = s1(w[t-2]) + w[t-7] + s0(w[t-15]) + w[t-16], four at a time.
        const __m128i before = schedule[(group + 3) % 4];
        __m128i sum = _mm_sha256msg1_epu32(now, schedule[(group + 1) % 4]);
        sum = _mm_add_epi32(sum, _mm_alignr_epi8(before, schedule[(group + 2) % 4], 4));
        now = _mm_sha256msg2_epu32(sum, before);
      }
      const void *constants = kRounds + 4 * group;
      const __m128i added = _mm_add_epi32(now, _mm_load_si128(static_cast<const __m128i *>(constants)));
      cdgh = _mm_sha256rnds2_epu32(cdgh, abef, added);
      abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(added, 0x0E));
    }
    abef = _mm_add_epi32(abef, abefBefore);
    cdgh = _mm_add_epi32(cdgh, cdghBefore);
  }
  alignas(16) uint32_t low[4], high[4];
  _mm_store_si128(reinterpret_cast<__m128i *>(low), abef);
  _mm_store_si128(reinterpret_cast<__m128i *>(high), cdgh);
  state = {low[3], low[2], high[3], high[2], low[1], low[0], high[1], high[0]};
}

bool Sha256::hasInstructions() {
  static const bool found = [] {
    llvm::StringMap<bool> features = llvm::sys::getHostCPUFeatures();
    return features.lookup("sha") && features.lookup("sse4.1");
  }();
  return found;
}

#else

static void addBlocks(std::array<uint32_t, 8> &, const uint8_t *, uint64_t) {}

bool Sha256::hasInstructions() { return false; }

#endif

Sha256::Sha256(bool useInstructions)
    : useInstructions(useInstructions && hasInstructions()),
      state{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19} {}

void Sha256::update(llvm::ArrayRef<uint8_t> data) {
  if (!useInstructions)
    return portable.update(data);
  size_t held = bytes % 64;
  bytes += data.size();
  if (held > 0) {
    size_t part = std::min<size_t>(data.size(), 64 - held);
    std::copy_n(data.begin(), part, pending.begin() + held);
    if (held + part < 64)
      return;
    addBlocks(state, pending.data(), 1);
    data = data.drop_front(part);
  }
  addBlocks(state, data.data(), data.size() / 64);
  data = data.drop_front(data.size() / 64 * 64);
  std::copy(data.begin(), data.end(), pending.begin());
}

std::array<uint8_t, 32> Sha256::final() {
  if (!useInstructions)
    return portable.final();
  uint64_t bits = bytes * 8;
  std::array<uint8_t, 72> tail{0x80};
  size_t held = bytes % 64, zeros = held < 56 ? 56 - held : 120 - held; // with the 0x80
  llvm::support::endian::write64be(tail.data() + zeros, bits);
  update(llvm::ArrayRef<uint8_t>(tail).take_front(zeros + 8));
  std::array<uint8_t, 32> digest;
  for (int i = 0; i < 8; ++i)
    llvm::support::endian::write32be(digest.data() + 4 * i, state[i]);
  return digest;
}
