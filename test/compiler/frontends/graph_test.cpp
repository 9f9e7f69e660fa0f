// SPDX-License-Identifier: Apache-2.0
// The decoded form of exported programs.
#include "compiler/Frontends/ExportedProgram/GraphCheck.h"
#include "compiler/Frontends/ExportedProgram/OperatorRefusals.h"
#include "compiler/Frontends/ExportedProgram/Pt2Program.h"
#include "test/compiler/frontends/Pt2Files.h"
#include <cmath>
#include <gtest/gtest.h>

using namespace lathe;
using namespace lathe::pt2;

static Pt2Program load(const std::string &name) {
  auto archive = Pt2Archive::open(test::testFile(name));
  if (!archive) {
    ADD_FAILURE() << takeFault(archive.takeError()).str();
    return {};
  }
  auto program = readPt2Program(std::move(*archive));
  if (!program) {
    ADD_FAILURE() << takeFault(program.takeError()).str();
    return {};
  }
  return std::move(*program);
}

TEST(ExportedGraph, keeps_names_sources_and_signature) {
  Pt2Program program = load("bad/sound.pt2");
  const ExportedProgram &exported = *program.exported;
  ASSERT_EQ(exported.graph.nodes.size(), 3u);
  const Node &linear = exported.graph.nodes[0];
  EXPECT_EQ(linear.operatorName(), "aten.linear.default");
  EXPECT_EQ(linear.name, "linear");
  EXPECT_EQ(linear.source.str(), "bad.py:42 in forward");
  EXPECT_EQ(linear.modulePath, "first");
  ASSERT_EQ(exported.inputSpecs.size(), 5u);
  EXPECT_EQ(exported.inputSpecs[0].target, "first.weight");
  EXPECT_EQ(exported.inputSpecs[4].kind, InputSpec::Kind::User);
  ASSERT_EQ(exported.ranges.size(), 1u);
  EXPECT_EQ(exported.ranges[0].lower, 1);
  EXPECT_EQ(exported.ranges[0].upper, 64);
  EXPECT_EQ(exported.graph.tensors.lookup("linear").str(), "float32[s77, 6]");
}

TEST(ExportedGraph, reads_subgraphs) {
  Pt2Program program = load("small/branches.pt2");
  unsigned count = 0;
  llvm::cantFail(forEachNode(program.exported->graph, [&](const Node &) {
    ++count;
    return llvm::Error::success();
  }));
  EXPECT_EQ(count, 5u);
  const Node &cond = program.exported->graph.nodes.back();
  ASSERT_EQ(cond.inputs.size(), 4u);
  ASSERT_TRUE(cond.inputs[1].value.graph);
  EXPECT_EQ(cond.inputs[1].value.graph->nodes.size(), 1u);
}

TEST(ExportedGraph, reads_guards_infinities_and_mutations) {
  Pt2Program guarded = load("small/guarded.pt2");
  ASSERT_EQ(guarded.exported->guards.size(), 2u);
  EXPECT_FALSE(guarded.exported->ranges[0].upper);
  Pt2Program infinite = load("small/infinite.pt2");
  EXPECT_EQ(infinite.exported->graph.nodes[1].findInput("value")->real,
            -std::numeric_limits<double>::infinity());
  EXPECT_TRUE(std::isnan(
      infinite.exported->graph.nodes[3].findInput("fill_value")->real));
  Pt2Program counter = load("small/counter.aten.pt2");
  EXPECT_EQ(counter.exported->outputSpecs[0].kind,
            OutputSpec::Kind::BufferMutation);
  EXPECT_EQ(counter.exported->outputSpecs[0].target, "count");
}

TEST(OperatorRefusals, reports_all_refused_operators_in_one_fault) {
  Pt2Program program = load("small/plumbing.pt2");
  llvm::Error error =
      refusedOperators(*program.exported, [](llvm::StringRef name) {
        return name != "aten.select.int" && name != "aten.stack.default" &&
               name != "aten.slice.Tensor";
      }).take();
  ASSERT_TRUE(bool(error));
  Fault fault = takeFault(std::move(error));
  EXPECT_EQ(fault.what,
            "3 operators of the model cannot be imported (3 nodes)");
  EXPECT_NE(fault.why.find("1 x aten.stack.default: not supported; first at "
                           "node 'stack', make.py:"),
            std::string::npos)
      << fault.why;
  EXPECT_NE(fault.remedy.find("aten.stack.default"), std::string::npos) << fault.remedy;
}

// torch's decompositions are advised only where they give what is imported, and
// only of the operators that are refused.
TEST(OperatorRefusals, advises_decompositions_where_they_were_tried) {
  auto remedy = [](llvm::StringRef name) {
    Pt2Program program = load("bad/sound.pt2");
    program.exported->graph.nodes[0].target = name;
    llvm::Error error =
        refusedOperators(*program.exported, [&](llvm::StringRef other) { return other != name; })
            .take();
    return error ? takeFault(std::move(error)).remedy : std::string();
  };
  EXPECT_EQ(remedy("aten.upsample_bilinear2d.vec"),
            "take it apart before torch.export.save:\n"
            "ops = [torch.ops.aten.upsample_bilinear2d.vec]\n"
            "table = {**torch.export.default_decompositions(), "
            "**torch._decomp.decomposition_table}\n"
            "exported = exported.run_decompositions({op: table[op] for op in ops})");
  // What one operator falls into is named with it.
  EXPECT_NE(remedy("aten.grid_sampler.default")
                .find("ops = [torch.ops.aten.grid_sampler.default, "
                      "torch.ops.aten.grid_sampler_2d.default]"),
            std::string::npos);
  auto isDecomposition = [&](llvm::StringRef name) {
    return llvm::StringRef(remedy(name)).contains("run_decompositions(");
  };
  for (const char *name : {"aten.einsum.default", "aten.cosine_similarity.default",
                           "aten.count_nonzero.default", "aten.rnn_tanh.input"})
    EXPECT_TRUE(isDecomposition(name)) << name;
  for (const char *name : {"aten.median.dim", "aten.fft_rfft.default", "aten.linalg_inv.default",
                           "_operator.truth", "math.erf"}) {
    EXPECT_FALSE(isDecomposition(name)) << name;
    EXPECT_NE(remedy(name).find("--list-ops"), std::string::npos) << name;
  }
  EXPECT_EQ(remedy("quantized_decomposed.choose_qparams.tensor"),
            "export the model as it was before it was quantized");
}

TEST(OperatorRefusals, advises_what_helps) {
  auto remedy = [](const char *file, llvm::StringRef refused) {
    Pt2Program program = load(file);
    llvm::Error error =
        refusedOperators(*program.exported, [&](llvm::StringRef name) { return name != refused; })
            .take();
    return error ? takeFault(std::move(error)).remedy : std::string();
  };
  EXPECT_NE(remedy("small/cache.aten.pt2", "aten.index_put.default").find("--list-ops"),
            std::string::npos);
  EXPECT_NE(remedy("bad/operator_unknown.pt2", "").find("torch.ops.acme.swirl.default: function"),
            std::string::npos);
  EXPECT_NE(remedy("bad/overload_unknown.pt2", "").find("export the model with torch"),
            std::string::npos);
}
