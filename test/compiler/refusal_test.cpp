// SPDX-License-Identifier: Apache-2.0
// What a compilation makes of the loader's verdict.
#include "compiler/Compiler.h"
#include "compiler/Reproducer.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "gtest/gtest.h"

using namespace lathe;

namespace {

class Refusal : public testing::Test {
protected:
  void SetUp() override {
    ASSERT_FALSE(llvm::sys::fs::createUniqueDirectory("lathe-refusal", folder));
    std::error_code error;
    llvm::raw_fd_ostream(file("model.mlir"), error)
        << "func.func @main(%x: tensor<2xf32>) -> tensor<2xf32> {\n"
           "  %0 = graph.exp %x : (tensor<2xf32>) -> tensor<2xf32>\n"
           "  return %0 : tensor<2xf32>\n}\n";
    ASSERT_FALSE(error);
  }
  void TearDown() override { llvm::sys::fs::remove_directories(folder); }

  std::string file(llvm::StringRef name) const { return (folder + "/" + name).str(); }

  /// The fault of a compilation whose program the loader refuses so.
  Fault compileRefused(const LoaderVerdict &verdict, EmitKind emit = EmitKind::Program,
                       llvm::StringRef reproducers = "") {
    CompilerOptions options;
    options.reproducer_folder = reproducers.str();
    options.models = {{file("model.mlir"), "main"}};
    options.output_path = file("out.lathe");
    options.cpu_levels = {"x86-64-v2"};
    options.emit = emit;
    options.load = [&](const WrittenProgram &written) {
      llvm::sys::fs::file_status status;
      EXPECT_FALSE(llvm::sys::fs::status(written.path, status));
      EXPECT_GT(status.getSize(), 64u) << "the loader sees a whole file";
      return verdict;
    };
    llvm::Expected<CompilerReport> report = compile(options, [](llvm::StringRef, unsigned, unsigned) {});
    EXPECT_FALSE(bool(report));
    EXPECT_FALSE(llvm::sys::fs::exists(file("out.lathe/out_lathe.o")));
    EXPECT_FALSE(llvm::sys::fs::is_regular_file(file("out.lathe")));
    return report ? Fault() : takeFault(report.takeError());
  }

  llvm::SmallString<128> folder;
};

TEST_F(Refusal, ALimitIsAFaultOfTheModelAtItsNode) {
  LoaderVerdict verdict{false, true, "tiles of a call: 9 exceed the limit of 8", 0, 0};
  Fault fault = compileRefused(verdict);
  EXPECT_EQ(fault.code, FaultCode::LimitExceeded);
  EXPECT_NE(fault.what.find("tiles of a call: 9 exceed the limit of 8"), std::string::npos) << fault.what;
  EXPECT_NE(fault.source.find("model.mlir:2"), std::string::npos) << fault.source;
  EXPECT_FALSE(fault.remedy.empty());
  EXPECT_EQ(compileRefused(verdict, EmitKind::Object).code, FaultCode::LimitExceeded);
}

TEST_F(Refusal, AnythingElseIsAFaultOfTheCompilerWithAReproducer) {
  Fault fault = compileRefused({false, false, "a plan is wrong", UINT32_MAX, UINT32_MAX},
                               EmitKind::Program, folder);
  EXPECT_EQ(fault.code, FaultCode::CompilerFailed);
  std::string start = "report this model and ";
  ASSERT_EQ(fault.remedy.substr(0, start.size()), start);
  std::string path = fault.remedy.substr(start.size());
  EXPECT_EQ(llvm::sys::path::parent_path(path), folder);
  auto text = llvm::MemoryBuffer::getFile(path);
  ASSERT_TRUE(bool(text)) << path;
  EXPECT_TRUE((*text)->getBuffer().contains("program.method @main"));
}

// Nor is a file named where none can be written.
TEST_F(Refusal, WithoutAFolderNoReproducerIsWritten) {
  LoaderVerdict verdict{false, false, "a plan is wrong", UINT32_MAX, UINT32_MAX};
  EXPECT_EQ(compileRefused(verdict).remedy, "report this model");
  EXPECT_EQ(compileRefused(verdict, EmitKind::Program, file("absent")).remedy, "report this model");
}

TEST(ShellWord, IsQuotedWhereAShellWouldReadIt) {
  EXPECT_EQ(shellWord("/tmp/lathec-1a2b.mlir"), "/tmp/lathec-1a2b.mlir");
  EXPECT_EQ(shellWord("/tmp/my models/a.mlir"), "'/tmp/my models/a.mlir'");
  EXPECT_EQ(shellWord("it's;$(x)"), "'it'\\''s;$(x)'");
  EXPECT_EQ(shellWord(""), "''");
}

} // namespace
