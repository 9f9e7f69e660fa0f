// SPDX-License-Identifier: Apache-2.0
//
// A digest computed by another thread is that of the same bytes in their order.
#include "compiler/HashBeside.h"

#include <gtest/gtest.h>
#include <random>

using namespace lathe;

namespace {
class HashBesideTest : public testing::TestWithParam<unsigned> {
protected:
  HashBesideTest() : pool(llvm::hardware_concurrency(GetParam())) {
    for (char &byte : bytes)
      byte = static_cast<char>(random());
  }
  llvm::ThreadPoolInterface *poolOrNone() { return GetParam() == 0 ? nullptr : &pool; }

  std::mt19937 random{1};
  // Several times what may wait.
  std::vector<char> bytes = std::vector<char>(3 * HashBeside::kBytesWaitingMax + 12345);
  llvm::DefaultThreadPool pool;
};

TEST_P(HashBesideTest, parts_come_in_order) {
  for (size_t partMax : {size_t(100000), bytes.size() / 2}) {
    Sha256 whole;
    whole.update(llvm::ArrayRef<char>(bytes));
    HashBeside hash(poolOrNone());
    for (size_t begin = 0; begin < bytes.size();) {
      size_t part = std::min(bytes.size() - begin, random() % partMax);
      llvm::ArrayRef<char> next(bytes.data() + begin, part);
      if (random() % 3 == 0)
        hash.updateNow(next);
      else
        hash.update(std::vector<char>(next.begin(), next.end()));
      begin += part;
    }
    EXPECT_EQ(hash.final(), whole.final()) << partMax;
  }
}

TEST_P(HashBesideTest, nothing_and_one_changed_byte) {
  Sha256 empty;
  EXPECT_EQ(HashBeside(poolOrNone()).final(), empty.final());
  HashBeside one(poolOrNone()), other(poolOrNone()), unfinished(poolOrNone());
  unfinished.update(bytes);
  one.update(bytes);
  bytes[bytes.size() / 2] ^= 1;
  other.update(bytes);
  EXPECT_NE(one.final(), other.final());
}

INSTANTIATE_TEST_SUITE_P(Threads, HashBesideTest, testing::Values(0, 1, 2, 5));
} // namespace
