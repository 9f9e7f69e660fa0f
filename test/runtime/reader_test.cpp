// SPDX-License-Identifier: Apache-2.0
// The runtime's own FlatBuffers reader beside upstream's: it refuses whatever
// upstream's verifier refuses, accepts the same sound programs, and reads the
// same values.
#include "program_view.h"
#include "test/runtime/program_builder.h"

#include "runtime/core/program_layout.h"
#include "runtime/include/lathe/limits.h"

#include <gtest/gtest.h>

namespace lathe::test {
namespace {

bool ours_accepts(const aligned_bytes &metadata) {
  return core::find_program(metadata.data(), static_cast<uint32_t>(metadata.size())) != nullptr;
}

bool upstream_accepts(const aligned_bytes &metadata) {
  flatbuffers::Verifier::Options options;
  options.max_depth = LATHE_MAX_METADATA_DEPTH;
  options.max_tables = static_cast<uint32_t>(metadata.size() / LATHE_METADATA_BYTES_PER_TABLE);
  flatbuffers::Verifier verifier(metadata.data(), metadata.size(), options);
  return f::VerifyProgramBuffer(verifier);
}

TEST(Reader, AgreesWithUpstreamOnDamagedMetadata) {
  size_t accepted = 0, stricter = 0;
  for (auto make : {static_program, dynamic_program, two_method_program}) {
    aligned_bytes metadata(pack_metadata(make(false).metadata));
    ASSERT_TRUE(ours_accepts(metadata));
    ASSERT_TRUE(upstream_accepts(metadata));
    for (size_t at = 0; at < metadata.size(); ++at)
      for (int value = 0; value < 12; ++value) {
        uint8_t &byte = metadata.data()[at], saved = byte;
        constexpr uint8_t extremes[] = {0, 1, 127, 255};
        byte = value < 8 ? static_cast<uint8_t>(saved ^ (1 << value)) : extremes[value - 8];
        bool ours = ours_accepts(metadata), theirs = upstream_accepts(metadata);
        EXPECT_TRUE(theirs || !ours) << "byte " << at;
        accepted += ours;
        stricter += theirs && !ours;
        byte = saved;
      }
  }
  EXPECT_GT(accepted, 1000u);
  EXPECT_LT(stricter, accepted / 10);
}

TEST(Reader, AgreesWithUpstreamOnTruncatedMetadata) {
  bytes whole = pack_metadata(dynamic_program().metadata);
  for (size_t length = 1; length < whole.size(); ++length) {
    aligned_bytes metadata(bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length)));
    EXPECT_TRUE(!ours_accepts(metadata) || upstream_accepts(metadata)) << length;
  }
}

TEST(Reader, ReadsTheSameValues) {
  aligned_bytes metadata(pack_metadata(dynamic_program().metadata));
  auto *theirs = f::GetProgram(metadata.data());
  auto *ours = core::find_program(metadata.data(), static_cast<uint32_t>(metadata.size()));
  ASSERT_NE(ours, nullptr);
  EXPECT_EQ(ours->state_bytes(), theirs->state_bytes());
  EXPECT_EQ(ours->locations_segment(), theirs->locations_segment());
  EXPECT_STREQ(ours->producer()->c_str(), theirs->producer()->c_str());
  ASSERT_EQ(ours->kernels()->size(), theirs->kernels()->size());
  for (uint32_t i = 0; i < ours->kernels()->size(); ++i) {
    EXPECT_EQ(ours->kernels()->Get(i)->may_fail(), theirs->kernels()->Get(i)->may_fail());
    EXPECT_EQ(ours->kernels()->Get(i)->parallel_min_ns(), 20000u);
    EXPECT_EQ(ours->kernels()->Get(i)->entries()->Get(0), theirs->kernels()->Get(i)->entries()->Get(0));
  }
  auto *symbol = ours->methods()->Get(0)->symbols()->Get(0);
  EXPECT_EQ(symbol->max(), 64);
  EXPECT_EQ(symbol->multiple(), 1);
}

} // namespace
} // namespace lathe::test
