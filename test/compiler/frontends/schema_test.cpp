// SPDX-License-Identifier: Apache-2.0
#include "compiler/Frontends/ExportedProgram/OperatorSchemas.h"
#include <gtest/gtest.h>

using namespace lathe;
using namespace lathe::pt2;

TEST(OperatorSchemas, every_row_parses) {
  for (llvm::StringRef text : {
#define LATHE_SCHEMA(row) llvm::StringRef(row),
#include "compiler/Frontends/ExportedProgram/OperatorSchemas.inc"
       })
    EXPECT_TRUE(parseSchema(text).has_value()) << text.str();
}

TEST(OperatorSchemas, reads_defaults_kinds_and_aliases) {
  const OperatorSchema *conv = findSchema("aten.conv2d.default");
  ASSERT_TRUE(conv);
  ASSERT_EQ(conv->arguments.size(), 7u);
  EXPECT_TRUE(conv->arguments[2].isOptional);
  EXPECT_TRUE(conv->arguments[3].isSizedList);
  ASSERT_EQ(conv->arguments[3].defaultValue.items.size(), 2u);
  EXPECT_EQ(conv->arguments[3].defaultValue.items[1].integer, 1);
  const OperatorSchema *put = findSchema("aten.index_put_.default");
  ASSERT_TRUE(put);
  EXPECT_TRUE(put->arguments[0].isMutated);
  EXPECT_TRUE(put->arguments[1].hasOptionalItems);
  EXPECT_EQ(put->results[0].aliasSet, 'a');
  EXPECT_TRUE(put->isMutating());
  const OperatorSchema *norm = findSchema("aten.layer_norm.default");
  ASSERT_TRUE(norm);
  EXPECT_EQ(norm->find("eps")->defaultValue.real, 1e-5);
  EXPECT_FALSE(norm->isMutating());
  const OperatorSchema *lstm = findSchema("aten.lstm.input");
  ASSERT_TRUE(lstm);
  EXPECT_EQ(lstm->results.size(), 3u);
}

TEST(OperatorSchemas, tells_overloads_from_operators) {
  EXPECT_EQ(classifyOperator("aten.relu.default"), OperatorStanding::HasSchema);
  EXPECT_EQ(classifyOperator("aten.relu.out"), OperatorStanding::NameOnly);
  EXPECT_EQ(classifyOperator("aten.relu.twice"),
            OperatorStanding::UnknownOverload);
  EXPECT_EQ(classifyOperator("aten.rlu.default"),
            OperatorStanding::UnknownOperator);
  EXPECT_EQ(classifyOperator("_operator.mul"), OperatorStanding::Builtin);
  EXPECT_EQ(classifyOperator("higher_order.cond"),
            OperatorStanding::HigherOrder);
  EXPECT_EQ(overloadsOf("aten.relu.x"), "default, out");
  EXPECT_EQ(nearestOperator("aten.sigmoud.default"), "aten.sigmoid");
}
