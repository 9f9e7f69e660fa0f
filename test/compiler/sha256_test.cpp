// SPDX-License-Identifier: Apache-2.0
//
// SHA-256 by the machine's instructions and by LLVM's code: published values,
// and the same for any length in any parts.
#include "compiler/Sha256.h"

#include "llvm/ADT/StringExtras.h"
#include <gtest/gtest.h>
#include <random>

using namespace lathe;

namespace {
std::string digestOf(llvm::StringRef text, bool useInstructions) {
  Sha256 hash(useInstructions);
  hash.update(llvm::ArrayRef<char>(text.data(), text.size()));
  return llvm::toHex(hash.final(), /*LowerCase=*/true);
}

class Sha256Test : public testing::TestWithParam<bool> {
protected:
  void SetUp() override {
    if (GetParam() && !Sha256::hasInstructions())
      GTEST_SKIP() << "this machine has no instructions for SHA-256";
  }
};

// FIPS 180-4, examples of NIST.
TEST_P(Sha256Test, gives_the_published_values) {
  EXPECT_EQ(digestOf("", GetParam()), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(digestOf("abc", GetParam()), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(digestOf("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", GetParam()),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(digestOf(std::string(1000000, 'a'), GetParam()),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST_P(Sha256Test, parts_do_not_matter_and_bytes_do) {
  std::mt19937 random(1);
  std::vector<uint8_t> bytes(1000);
  for (uint8_t &byte : bytes)
    byte = static_cast<uint8_t>(random());
  for (size_t length = 0; length <= bytes.size(); length += 1 + length / 40) {
    llvm::ArrayRef<uint8_t> all(bytes.data(), length);
    auto wanted = llvm::SHA256::hash(all);
    Sha256 hash(GetParam());
    for (llvm::ArrayRef<uint8_t> rest = all; !rest.empty();) {
      size_t part = std::min<size_t>(rest.size(), random() % 150);
      hash.update(rest.take_front(part));
      rest = rest.drop_front(part);
    }
    EXPECT_EQ(hash.final(), wanted) << length;
    if (length == 0)
      continue;
    std::vector<uint8_t> other(all);
    other[length / 2] ^= 1;
    Sha256 otherHash(GetParam());
    otherHash.update(llvm::ArrayRef<uint8_t>(other));
    EXPECT_NE(otherHash.final(), wanted) << length;
  }
}

INSTANTIATE_TEST_SUITE_P(Both, Sha256Test, testing::Bool());
} // namespace
