// SPDX-License-Identifier: Apache-2.0
//
// Places in the user's model: as locations, in the table of a program, and read
// back from bytes that may be anything.
#include "compiler/ProgramLocations.h"
#include "dialects/Graph/GraphOps.h"
#include "dialects/Graph/WeightStore.h"
#include "dialects/Program/ProgramDialect.h"
#include "passes/Passes.h"
#include "runtime/schema/file_layout.h"

#include "mlir/AsmParser/AsmParser.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "gtest/gtest.h"

using namespace mlir;
using lathe::ProgramLocations;
using lathe::graph::makeModelLocation;
using lathe::graph::ModelNode;
using lathe::graph::modelNodesOf;

namespace {

std::vector<std::string> wordsOf(Location location) {
  std::vector<std::string> words;
  for (const ModelNode &node : modelNodesOf(location))
    words.push_back(node.words());
  return words;
}

std::vector<std::string> wordsOf(const ProgramLocations &locations, uint64_t list) {
  std::vector<std::string> words;
  for (size_t i = 0; i < locations.count(list); ++i)
    words.push_back(locations.get(list, i).words());
  return words;
}

using Words = std::vector<std::string>;

//===-- As locations ------------------------------------------------------===//

TEST(ModelLocation, WhatIsUnknownLeavesNoEmptyWords) {
  MLIRContext context;
  auto words = [&](const ModelNode &node) { return wordsOf(makeModelLocation(&context, node)); };
  EXPECT_EQ(words({"add", "aten.add.Tensor", "m.py", "forward", 3}),
            Words{"node 'add' (aten.add.Tensor), m.py:3 in forward"});
  EXPECT_EQ(words({"add", "", "m.py", "forward", 3}), Words{"node 'add', m.py:3 in forward"});
  EXPECT_EQ(words({"add", "aten.add.Tensor", "m.py", "", 3}), Words{"node 'add' (aten.add.Tensor), m.py:3"});
  EXPECT_EQ(words({"add", "aten.add.Tensor", "", "forward", 3}), Words{"node 'add' (aten.add.Tensor)"});
  EXPECT_EQ(words({"add", "", "", "", 0}), Words{"node 'add'"});
  EXPECT_EQ(words({}), Words{});
}

TEST(ModelLocation, TextKeepsIt) {
  MLIRContext context;
  Location first = makeModelLocation(&context, {"a", "aten.a.out", "m.py", "forward", 3});
  Location second = makeModelLocation(&context, {"b", "", "m.py", "", 3});
  Location both = FusedLoc::get(&context, {first, second, first});
  std::string text;
  llvm::raw_string_ostream(text) << both;
  Attribute parsed = parseAttribute(text, &context);
  ASSERT_TRUE(parsed) << text;
  EXPECT_EQ(parsed, Attribute(LocationAttr(both)));
  EXPECT_EQ(wordsOf(both), (Words{"node 'a' (aten.a.out), m.py:3 in forward", "node 'b', m.py:3"}));
}

TEST(ModelLocation, MetadataThatIsNoTextSaysNothing) {
  MLIRContext context;
  for (const char *metadata : {"3 : i8", "{op = 3 : i8, function}", "{}", "\"aten.add.Tensor\""}) {
    Attribute parsed = parseAttribute("loc(fused<" + std::string(metadata) + ">[\"add\"])", &context);
    ASSERT_TRUE(parsed) << metadata;
    EXPECT_EQ(wordsOf(Location(llvm::cast<LocationAttr>(parsed))), Words{"node 'add'"});
  }
}

//===-- In the table of a program -----------------------------------------===//

const char *const kModel = R"(
program.image @linked linked features 0x0 abi 1
module @kernels {
  graph.kernel @twice(%a: tensor<4xf32>) -> tensor<4xf32> attributes {symbols = [], device = "cpu",
      graph.codegen = {scratch_bytes = 0 : i64, tiles = #graph.expr<4>, sizes = #graph.dims<[]>, may_fail = false,
      entries = array<i64: 0>}} {
    %0 = graph.add %a, %a : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    graph.yield %0 : tensor<4xf32>
  }
}
func.func @f(%x: tensor<4xf32> {graph.name = "x"}) -> (tensor<4xf32> {graph.name = "y"}) {
  %0 = graph.dispatch @kernels::@twice(%x) symbols <[]> : (tensor<4xf32>) -> tensor<4xf32> loc(#both)
  %1 = graph.dispatch @kernels::@twice(%0) symbols <[]> : (tensor<4xf32>) -> tensor<4xf32> loc(#b)
  %2 = graph.dispatch @kernels::@twice(%1) symbols <[]> : (tensor<4xf32>) -> tensor<4xf32> loc(#both)
  %3 = graph.dispatch @kernels::@twice(%2) symbols <[]> : (tensor<4xf32>) -> tensor<4xf32>
  return %3 : tensor<4xf32>
}
#a = loc(fused<{function = "forward", op = "aten.mul.Tensor"}>["a", "m.py":3:0])
#b = loc(fused<{function = "forward", op = "aten.mul.Scalar"}>["b", "m.py":3:0])
#both = loc(fused[#a, #b])
)";

TEST(ProgramTables, ListsAndTextsAreStoredOnce) {
  MLIRContext context;
  context.loadDialect<lathe::graph::GraphDialect, lathe::program::ProgramDialect, func::FuncDialect>();
  auto module = parseSourceString<ModuleOp>(kModel, &context);
  ASSERT_TRUE(module);
  PassManager passes(&context);
  passes.addNestedPass<func::FuncOp>(lathe::createScheduleCalls());
  passes.addPass(lathe::createLowerToProgram());
  ASSERT_TRUE(succeeded(passes.run(*module)));
  std::vector<int64_t> lists;
  module->walk([&](lathe::program::CallKernelOp call) {
    auto list = call->getAttrOfType<IntegerAttr>("location");
    lists.push_back(list ? list.getInt() : -1);
  });
  // The last has a line of the text alone, which is no place in a model.
  EXPECT_EQ(lists, (std::vector<int64_t>{0, 1, 0, -1}));

  auto segment = module->lookupSymbol<lathe::program::SegmentOp>("locations");
  ASSERT_TRUE(segment);
  auto chunk = *segment.getBody().getOps<lathe::program::ChunkOp>().begin();
  auto &store = context.getLoadedDialect<lathe::graph::GraphDialect>()->getWeightStore();
  std::vector<char> bytes = lathe::WeightStore::copyDense(*store.find(*chunk.getKey()));
  StringRef content(bytes.data(), bytes.size());
  ProgramLocations locations(content);
  EXPECT_EQ(wordsOf(locations, 0), (Words{"node 'a' (aten.mul.Tensor), m.py:3 in forward",
                                          "node 'b' (aten.mul.Scalar), m.py:3 in forward"}));
  EXPECT_EQ(wordsOf(locations, 1), Words{"node 'b' (aten.mul.Scalar), m.py:3 in forward"});
  EXPECT_EQ(locations.count(2), 0u);
  EXPECT_EQ(locations.count(UINT64_MAX), 0u);
  for (StringRef word : {"forward", "m.py", "aten.mul.Scalar", "aten.mul.Tensor"})
    EXPECT_EQ(content.count(word), 1u) << word.str();
}

//===-- Read back ---------------------------------------------------------===//

/// Lists {a}, {} and {b, c}.
std::string smallSegment() {
  const char text[] = "\0a\0op\0m.py\0f\0b";
  lathe_locations_header header = {LATHE_LOCATIONS_MAGIC, 3, 3, sizeof(text)};
  uint32_t begins[] = {0, 1, 1, 3};
  lathe_location_record records[] = {{1, 3, 6, 11, 7}, {13, 0, 0, 0, 0}, {1, 0, 6, 0, 8}};
  std::string bytes;
  bytes.append(reinterpret_cast<const char *>(&header), sizeof(header));
  bytes.append(reinterpret_cast<const char *>(begins), sizeof(begins));
  bytes.append(reinterpret_cast<const char *>(records), sizeof(records));
  return bytes.append(text, sizeof(text));
}

/// A copy of its own on the heap, so that a sanitizer sees each byte beyond.
size_t readAll(StringRef content) {
  std::vector<char> bytes(content.begin(), content.end());
  ProgramLocations locations(StringRef(bytes.data(), bytes.size()));
  size_t nodes = 0;
  for (uint64_t list : {uint64_t{0}, uint64_t{1}, uint64_t{2}, uint64_t{3}, uint64_t{UINT32_MAX}, UINT64_MAX}) {
    EXPECT_LE(locations.count(list), content.size() / sizeof(lathe_location_record));
    nodes += wordsOf(locations, list).size();
  }
  return nodes;
}

TEST(ProgramLocations, ListsAreRead) {
  std::string bytes = smallSegment();
  ProgramLocations locations(bytes);
  EXPECT_EQ(wordsOf(locations, 0), Words{"node 'a' (op), m.py:7 in f"});
  EXPECT_EQ(wordsOf(locations, 1), Words{});
  EXPECT_EQ(wordsOf(locations, 2), (Words{"node 'b'", "node 'a', m.py:8"}));
  EXPECT_TRUE(locations.get(1, 0).name.empty());
  EXPECT_EQ(readAll(bytes), 3u);
}

TEST(ProgramLocations, DamagedBytesAreUnknown) {
  std::string bytes = smallSegment();
  for (size_t length = 0; length < bytes.size(); ++length)
    EXPECT_EQ(readAll(StringRef(bytes).take_front(length)), 0u) << length;
  for (size_t at = 0; at < bytes.size(); ++at)
    for (unsigned bit = 0; bit < 8; ++bit) {
      std::string damaged = bytes;
      damaged[at] = static_cast<char>(damaged[at] ^ 1u << bit);
      readAll(damaged);
    }
  for (size_t at = 0; at + 4 <= bytes.size(); at += 4)
    for (uint32_t value : {0u, 1u, 0x7fffffffu, 0x80000000u, 0xffffffffu, 0xfffffffeu}) {
      std::string damaged = bytes;
      damaged.replace(at, 4, reinterpret_cast<const char *>(&value), 4);
      readAll(damaged);
    }
  bytes[0] ^= 1;
  EXPECT_EQ(readAll(bytes), 0u) << "another magic number";
}

} // namespace
