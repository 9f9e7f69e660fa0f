// SPDX-License-Identifier: Apache-2.0
#include "compiler/Frontends/ExportedProgram/SizeExpression.h"
#include "compiler/Frontends/Fault.h"
#include <gtest/gtest.h>

using namespace lathe;
using namespace lathe::pt2;

static std::string srepr(llvm::StringRef text) {
  SizeExpressionPool pool;
  auto parsed = pool.parseSrepr(text);
  return parsed ? (*parsed)->str() : takeFault(parsed.takeError()).str();
}

static std::string python(llvm::StringRef text) {
  SizeExpressionPool pool;
  auto parsed = pool.parsePython(text);
  return parsed ? (*parsed)->str() : takeFault(parsed.takeError()).str();
}

TEST(SizeExpression, reads_srepr) {
  EXPECT_EQ(srepr("Integer(-7)"), "-7");
  EXPECT_EQ(srepr("Add(Mul(Integer(2), Symbol('s77', positive=True, "
                  "integer=True)), Integer(1))"),
            "(2*s77) + 1");
  EXPECT_EQ(srepr("FloorDiv(Symbol('u0', integer=True), Integer(2))"),
            "u0 // 2");
  EXPECT_EQ(srepr("Min(Integer(64), Pow(Symbol('s0'), Integer(2)))"),
            "Min(64, s0**2)");
  EXPECT_EQ(srepr("GreaterThan(Symbol('s0'), Rational(1, 2))"), "s0 >= 1/2");
  EXPECT_EQ(srepr("And(true, StrictLessThan(Symbol('a'), Integer(3)))"),
            "True and (a < 3)");
}

TEST(SizeExpression, refuses_bad_srepr) {
  for (const char *bad :
       {"", "Integer", "Integer(", "Integer(1", "Integer(x)", "Symbol(s)",
        "Symbol('s", "Integer(99999999999999999999)", "Add(Integer(1)",
        "Integer(1) Integer(2)", "FloorDiv(Integer(1))", "Rational(1, 0)"})
    EXPECT_NE(srepr(bad).find("LATHE-E1105"), std::string::npos) << bad;
  EXPECT_NE(srepr("Frobnicate(Integer(1))").find("'Frobnicate' is unknown"),
            std::string::npos);
}

TEST(SizeExpression, bounds_the_depth) {
  auto nest = [](unsigned count) {
    std::string text = "Integer(1)";
    for (unsigned i = 0; i < count; ++i)
      text = "Identity(" + text + ")";
    return text;
  };
  EXPECT_EQ(srepr(nest(kExpressionDepthMax - 1)).find("error"),
            std::string::npos);
  EXPECT_NE(srepr(nest(kExpressionDepthMax)).find("nested deeper"),
            std::string::npos);
  EXPECT_NE(python(std::string(300, '(') + "1" + std::string(300, ')'))
                .find("nested deeper"),
            std::string::npos);
  std::string chain = "1";
  for (int i = 0; i < 300; ++i)
    chain += "%1";
  EXPECT_NE(python(chain).find("nested deeper"), std::string::npos);
}

TEST(SizeExpression, reads_guards) {
  EXPECT_EQ(python("L['x'].size()[0] == L['y'].size()[0]"),
            "L['x'].size()[0] == L['y'].size()[0]");
  EXPECT_EQ(python("(L['x'].size()[0] % 2) == 0"),
            "(L['x'].size()[0] % 2) == 0");
  EXPECT_EQ(python("2 <= L['x'].size()[0] <= 64"),
            "(2 <= L['x'].size()[0]) and (L['x'].size()[0] <= 64)");
  EXPECT_EQ(python("not (a != b and c > 1 or d)"),
            "Not(((a != b) and (c > 1)) or d)");
  EXPECT_EQ(python("L['args'][0]['k'].size()[1] > 3"),
            "L['args_0_k'].size()[1] > 3");
}

TEST(SizeExpression, follows_python_precedence) {
  EXPECT_EQ(python("2*s65"), "2*s65");
  EXPECT_EQ(python("a - b - c"), "(a + (-1*b)) + (-1*c)");
  EXPECT_EQ(python("a + b * c // d"), "a + ((b*c) // d)");
  EXPECT_EQ(python("-a**2"), "-1*(a**2)");
  EXPECT_EQ(python("Max(1, s0)"), "Max(1, s0)");
  EXPECT_EQ(python("a << 2 < b"), "(a << 2) < b");
}

TEST(SizeExpression, refuses_bad_guards) {
  for (const char *bad : {"", "L['x'", "L['x'].foo()[0] == 1", "1 +", "a b",
                          "f(1)", "L['x'].size()[-1] == 1", "(1", "1 = 1"})
    EXPECT_NE(python(bad).find("LATHE-E1105"), std::string::npos) << bad;
}

TEST(SizeExpression, collects_symbols) {
  SizeExpressionPool pool;
  std::set<llvm::StringRef> names;
  llvm::cantFail(pool.parsePython("a*b + Max(c, a)"))->collectSymbols(names);
  EXPECT_EQ(names, (std::set<llvm::StringRef>{"a", "b", "c"}));
}
