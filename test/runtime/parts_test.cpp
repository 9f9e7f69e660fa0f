// SPDX-License-Identifier: Apache-2.0
// Parts of the core on their own: hash, expressions, messages.
#include "program_view.h"
#include "runtime/core/error.h"
#include "runtime/core/expression.h"
#include "runtime/core/sha256.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <climits>
#include <cstring>
#include <string>
#include <vector>

namespace lathe::core {
namespace {

std::string hex_of(const std::string &text, size_t part) {
  sha256 hash;
  for (size_t at = 0; at < text.size(); at += part)
    hash.update(text.data() + at, std::min(part, text.size() - at));
  uint8_t digest[32];
  hash.finish(digest);
  std::string out;
  for (uint8_t byte : digest) {
    char digits[3];
    snprintf(digits, sizeof(digits), "%02x", byte);
    out += digits;
  }
  return out;
}

TEST(Sha256, KnownAnswers) { // FIPS 180-4 examples
  EXPECT_EQ(hex_of("", 1), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(hex_of("abc", 3), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(hex_of("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 64),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(hex_of(std::string(1000000, 'a'), 4096),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256, PartsDoNotMatter) {
  std::string text;
  for (int i = 0; i < 300; ++i)
    text += static_cast<char>(i * 7);
  for (size_t length : {55, 56, 63, 64, 65, 119, 120, 128, 300})
    for (size_t part : {1, 3, 63, 64, 65})
      EXPECT_EQ(hex_of(text.substr(0, length), part), hex_of(text.substr(0, length), 1000));
}

using op = view::ExpressionOp;

bool value_of(std::vector<op> ops, std::vector<int64_t> operands, int64_t *value,
              std::vector<int64_t> symbols = {}) {
  expression code = {reinterpret_cast<const uint8_t *>(ops.data()), operands.data(),
                     static_cast<uint32_t>(ops.size()), false};
  return evaluate({&code, symbols.data()}, -1, value);
}

bool binary(op code, int64_t a, int64_t b, int64_t *value) {
  return value_of({op::constant, op::constant, code}, {a, b}, value);
}

TEST(Expression, OperationsAreExact) {
  int64_t v = 0;
  struct row { op code; int64_t a, b, wanted; };
  for (row r : {row{op::add, 2, 3, 5}, {op::mul, -4, 6, -24}, {op::floor_div, 7, 2, 3}, {op::floor_div, -7, 2, -4},
                {op::floor_div, -8, 2, -4}, {op::ceil_div, 7, 2, 4}, {op::ceil_div, -7, 2, -3}, {op::ceil_div, 8, 2, 4},
                {op::mod, 7, 4, 3}, {op::mod, -7, 4, 1}, {op::mod, -8, 4, 0}, {op::min, 3, -2, -2}, {op::max, 3, -2, 3},
                {op::floor_div, INT64_MIN, 1, INT64_MIN}, {op::ceil_div, INT64_MAX, 1, INT64_MAX}}) {
    ASSERT_TRUE(binary(r.code, r.a, r.b, &v));
    EXPECT_EQ(v, r.wanted) << static_cast<int>(r.code) << " " << r.a << " " << r.b;
  }
  EXPECT_TRUE(value_of({op::symbol, op::symbol, op::mul, op::constant, op::add}, {1, 0, 5}, &v, {3, 4}));
  EXPECT_EQ(v, 17);
}

TEST(Expression, OverflowAndDivisionByZeroFail) {
  int64_t v = 0;
  EXPECT_FALSE(binary(op::add, INT64_MAX, 1, &v));
  EXPECT_FALSE(binary(op::add, INT64_MIN, -1, &v));
  EXPECT_FALSE(binary(op::mul, INT64_MAX, 2, &v));
  for (op code : {op::floor_div, op::ceil_div, op::mod})
    for (int64_t divisor : {int64_t{0}, int64_t{-1}, INT64_MIN})
      EXPECT_FALSE(binary(code, 8, divisor, &v));
}

TEST(Message, ShowsItsArguments) {
  lathe_error error = {};
  EXPECT_EQ(fail(&error, -3, 1, 2, "a % b % c % d %", -5, UINT64_MAX, "text", INT64_MIN), -3);
  EXPECT_STREQ(error.text, "a -5 b 18446744073709551615 c text d -9223372036854775808");
  EXPECT_EQ(error.method, 1u);
  EXPECT_EQ(error.instruction, 2u);
  const char *nothing = nullptr;
  fail(&error, -1, "<%>", nothing);
  EXPECT_STREQ(error.text, "<>");
  fail(&error, -1, "%", "a\nb\x1b[31m");
  EXPECT_STREQ(error.text, "a?b?[31m");
  EXPECT_EQ(fail(nullptr, -7, "%", 1), -7);
}

TEST(Message, IsCutAtTheEnd) {
  lathe_error error;
  memset(&error, 'x', sizeof(error));
  std::string longer(400, 'y');
  fail(&error, -1, "%%", longer.c_str(), longer.c_str());
  EXPECT_EQ(strlen(error.text), sizeof(error.text) - 1);
  // A character that does not fit is left out whole.
  char text[8];
  write_text(text, "%%", "123456", "\xc3\xbc" "z");
  EXPECT_STREQ(text, "123456");
  write_text(text, "%%", "12345", "\xc3\xbc" "z");
  EXPECT_STREQ(text, "12345\xc3\xbc");
}

TEST(Message, ShowsNoControlBytesAndShortensNames) {
  lathe_error error;
  fail(&error, -1, "%", "del \x7f csi \xc2\x9b""31m umlaut \xc3\xbc");
  EXPECT_STREQ(error.text, "del ? csi ?31m umlaut \xc3\xbc");
  fail(&error, -1, "%", "byte \x9b" "31m \xff cut \xe2\x82 euro \xe2\x82\xac");
  EXPECT_STREQ(error.text, "byte ?31m ? cut ?? euro \xe2\x82\xac");
  // No character is cut in two.
  std::string longer = std::string(159, 'y') + "\xc3\xbc" + "zz";
  fail(&error, -1, "'%' is %", longer.c_str(), 5);
  EXPECT_EQ(error.text, "'" + std::string(159, 'y') + "\xc3\xbc...' is 5");
  std::string whole(160, 'y');
  fail(&error, -1, "'%'", whole.c_str());
  EXPECT_EQ(error.text, "'" + whole + "'");
}

} // namespace
} // namespace lathe::core
