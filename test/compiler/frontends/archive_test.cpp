// SPDX-License-Identifier: Apache-2.0
// Damaged archives each get exactly one fault, with what and where. The table
// bad/faults.tsv lists the file, the code and texts that the message contains.
#include "compiler/Frontends/ExportedProgram/GraphCheck.h"
#include "compiler/Frontends/ExportedProgram/OperatorRefusals.h"
#include "compiler/Frontends/ExportedProgram/Pt2Program.h"
#include "test/compiler/frontends/Pt2Files.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include <gtest/gtest.h>

using namespace lathe;
using namespace lathe::pt2;

static bool acceptAll(llvm::StringRef) { return true; }

/// Reads a file up to the operator check and returns the printed fault, or an
/// empty string.
static std::string faultOfFile(llvm::StringRef path) {
  auto archive = Pt2Archive::open(path);
  if (!archive)
    return takeFault(archive.takeError()).str();
  auto program = readPt2Program(std::move(*archive));
  if (!program)
    return takeFault(program.takeError()).str();
  llvm::Error error = refusedOperators(*program->exported, acceptAll).take();
  if (!error)
    error = checkArguments(*program->exported);
  if (error)
    return takeFault(withFile(std::move(error), path)).str();
  return "";
}

TEST(Pt2Archive, each_bad_file_gets_its_own_fault) {
  std::string table = test::readTestFile("bad/faults.tsv");
  llvm::StringSet<> listed;
  for (llvm::StringRef row : llvm::split(llvm::StringRef(table).trim(), '\n')) {
    llvm::SmallVector<llvm::StringRef, 4> cells;
    row.split(cells, '\t');
    listed.insert(cells[0]);
    std::string text = faultOfFile(test::testFile(("bad/" + cells[0]).str()));
    if (cells[1] == "accepted") {
      EXPECT_EQ(text, "") << cells[0].str();
      continue;
    }
    EXPECT_TRUE(llvm::StringRef(text).contains(("[LATHE-" + cells[1] + "]").str()))
        << cells[0].str() << "\n" << text;
    for (llvm::StringRef part : llvm::ArrayRef(cells).drop_front(2))
      EXPECT_TRUE(llvm::StringRef(text).contains(part))
          << cells[0].str() << ": expected '" << part.str() << "'\n" << text;
    EXPECT_TRUE(llvm::StringRef(text).contains(cells[0])) << text;
  }
  std::error_code error;
  for (llvm::sys::fs::directory_iterator it(test::testFile("bad"), error), end;
       it != end && !error; it.increment(error))
    if (llvm::sys::path::extension(it->path()) == ".pt2") {
      EXPECT_TRUE(listed.count(llvm::sys::path::filename(it->path())))
          << it->path();
    }
}

TEST(Pt2Archive, refuses_what_is_no_regular_file) {
  EXPECT_NE(faultOfFile("/dev/zero").find("not a regular file"),
            std::string::npos);
  EXPECT_NE(faultOfFile("/").find("not a regular file"), std::string::npos);
  EXPECT_NE(faultOfFile("/nowhere.pt2").find("LATHE-E1001"),
            std::string::npos);
}

/// Every truncation and every flipped byte of the structure either keeps the
/// archive readable or gives a fault; nothing crashes. The bytes of members
/// are covered by their checksums.
TEST(Pt2Archive, survives_every_truncation_and_flip) {
  std::string sound = test::readTestFile("bad/sound.pt2");
  auto read = [](llvm::StringRef bytes) {
    auto archive = Pt2Archive::read(
        llvm::MemoryBuffer::getMemBufferCopy(bytes, "changed.pt2"));
    if (!archive) {
      llvm::consumeError(archive.takeError());
      return false;
    }
    return true;
  };
  ASSERT_TRUE(read(sound));
  for (size_t bytes = 0; bytes < sound.size(); ++bytes)
    ASSERT_FALSE(read(llvm::StringRef(sound).take_front(bytes))) << bytes;
  for (size_t at = 0; at < sound.size(); ++at) {
    sound[at] ^= 0xff;
    read(sound);
    sound[at] ^= 0xff;
  }
}

TEST(Pt2Archive, maps_tied_sliced_transposed_and_empty_weights) {
  auto archive = Pt2Archive::open(test::testFile("small/weights.pt2"));
  ASSERT_TRUE(bool(archive)) << takeFault(archive.takeError()).str();
  auto program = readPt2Program(std::move(*archive));
  ASSERT_TRUE(bool(program)) << takeFault(program.takeError()).str();
  auto find = [&](llvm::StringRef name) {
    return llvm::cantFail(program->tensors->find(name));
  };
  const StoredTensor *embedding = find("embedding.weight");
  const StoredTensor *head = find("head.weight");
  EXPECT_EQ(embedding->member, head->member);
  EXPECT_TRUE(embedding->isContiguous());
  EXPECT_EQ(embedding->denseBytes(), 96u);
  const StoredTensor *sliced = find("sliced");
  EXPECT_EQ(sliced->member->bytes, 96u);
  EXPECT_EQ(sliced->meta.storageOffset.value, 8);
  EXPECT_FALSE(sliced->isContiguous());
  const StoredTensor *transposed = find("transposed");
  EXPECT_EQ(transposed->meta.str(), "float32[4, 2]");
  EXPECT_EQ(transposed->meta.strides[0].value, 1);
  EXPECT_EQ(transposed->meta.strides[1].value, 4);
  const StoredTensor *empty = find("empty");
  EXPECT_EQ(empty->denseBytes(), 0u);
  // Members begin at multiples of 64 bytes, so they can be used in place.
  EXPECT_EQ(embedding->member->offsetBytes % 64, 0u);
  auto misspelt = program->tensors->find("head.wieght");
  ASSERT_FALSE(bool(misspelt));
  EXPECT_NE(takeFault(misspelt.takeError()).why.find("head.weight"),
            std::string::npos);
}
