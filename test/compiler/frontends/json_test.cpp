// SPDX-License-Identifier: Apache-2.0
#include "compiler/Frontends/ExportedProgram/JsonTree.h"
#include "compiler/Frontends/Fault.h"
#include <cmath>
#include <gtest/gtest.h>

using namespace lathe;
using namespace lathe::pt2;

static std::string faultOf(llvm::StringRef text) {
  auto tree = JsonTree::parse(text, "t.json");
  return tree ? "" : takeFault(tree.takeError()).str();
}

TEST(JsonTree, reads_every_kind) {
  auto tree = llvm::cantFail(JsonTree::parse(
      R"({"a": [1, -2, 3.5, "x\n\u00e9", true, null, NaN, -Infinity], "b": {}})",
      "t.json"));
  JsonValue root = tree->root();
  ASSERT_EQ(root.size(), 2u);
  JsonValue list = *root.find("a");
  std::vector<JsonValue> items;
  for (JsonValue item : list)
    items.push_back(item);
  ASSERT_EQ(items.size(), 8u);
  EXPECT_EQ(items[0].asInt(), 1);
  EXPECT_EQ(items[1].asInt(), -2);
  EXPECT_EQ(items[2].asReal(), 3.5);
  EXPECT_FALSE(items[2].asInt());
  EXPECT_EQ(*items[3].asString(), "x\n\xc3\xa9");
  EXPECT_EQ(items[4].asBool(), true);
  EXPECT_TRUE(items[5].isNull());
  EXPECT_TRUE(std::isnan(*items[6].asReal()));
  EXPECT_EQ(items[7].asReal(), -std::numeric_limits<double>::infinity());
  EXPECT_FALSE(root.find("c"));
  EXPECT_EQ(items[1].position().substr(0, 6), "a[1], ");
}

TEST(JsonTree, integers_beyond_64_bits_are_no_integers) {
  auto tree = llvm::cantFail(
      JsonTree::parse("[9223372036854775807, 9223372036854775808]", "t"));
  auto it = tree->root().begin();
  EXPECT_EQ((*it).asInt(), INT64_MAX);
  ++it;
  EXPECT_FALSE((*it).asInt());
}

TEST(JsonTree, names_line_and_column) {
  EXPECT_NE(faultOf("{\"a\":\n  1,\n  }").find("line 3, column 3"),
            std::string::npos);
}

TEST(JsonTree, refuses_depth_duplicates_and_bad_text) {
  std::string allowed = std::string(kJsonDepthMax, '[') +
                        std::string(kJsonDepthMax, ']');
  EXPECT_EQ(faultOf(allowed), "");
  EXPECT_NE(faultOf("[" + allowed + "]").find("LATHE-E1010"),
            std::string::npos);
  EXPECT_NE(faultOf(R"({"a":1,"a":2})").find("occurs twice"),
            std::string::npos);
  for (const char *bad : {"", "{", "[1,]", "\"\xff\"", "1 2", "nul", "1e999"})
    EXPECT_NE(faultOf(bad).find("LATHE-E1101"), std::string::npos) << bad;
}
