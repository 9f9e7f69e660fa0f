// SPDX-License-Identifier: Apache-2.0
// The tool as a user meets it: files in, files and exit codes out.
#include "test/runtime/program_builder.h"
#include "tools/lathe-run/json.h"
#include "tools/lathe-run/npy.h"
#include "tools/lathe-run/output_file.h"
#include "tools/lathe-run/shown_text.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace lathe::test {
namespace {

namespace fs = std::filesystem;

run::array array_of(const std::vector<int32_t> &values, std::vector<int64_t> dims) {
  run::array made;
  made.type = "i4";
  made.dims = std::move(dims);
  made.data.resize(values.size() * 4);
  if (!values.empty())
    memcpy(made.data.data(), values.data(), made.data.size());
  return made;
}

class LatheRun : public testing::Test {
protected:
  void SetUp() override {
    char name[] = "/tmp/lathe_run_XXXXXX";
    root_ = mkdtemp(name);
    program_source source = static_program();
    bytes file = pack_file(source);
    write("m.lathe", file);
    write_array("x.npy", array_of({1, 2, 3, 4, 5, 6, 7, 8}, {8}));
    write_array("z.npy", array_of({6, 20, 42, 88, 30, 60, 98, 176}, {8}));
  }
  void TearDown() override { fs::remove_all(root_); }

  std::string path(const std::string &name) const { return root_ + "/" + name; }
  void write(const std::string &name, const bytes &content) {
    fs::create_directories(fs::path(path(name)).parent_path());
    std::ofstream(path(name), std::ios::binary)
        .write(reinterpret_cast<const char *>(content.data()), static_cast<std::streamsize>(content.size()));
  }
  void write_array(const std::string &name, const run::array &content) {
    write(name, run::format_npy(content));
  }
  /// Runs the tool in the test's folder; its exit code, its output in text_.
  int tool(const std::string &arguments) {
    std::string command = "cd " + root_ + " && " LATHE_RUN_PATH " " + arguments + " > out.txt 2>&1";
    int status = system(command.c_str());
    std::ifstream in(path("out.txt"));
    std::stringstream all;
    all << in.rdbuf();
    text_ = all.str();
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
  bool says(const std::string &part) const { return text_.find(part) != std::string::npos; }

  std::string root_, text_;
};

TEST_F(LatheRun, WritesOutputsByName) {
  ASSERT_EQ(tool("m.lathe --input x=x.npy --output out"), 0) << text_;
  run::array z;
  std::string reason;
  ASSERT_TRUE(run::read_npy(path("out/z.npy"), &z, &reason)) << reason;
  EXPECT_EQ(z.type, "i4");
  EXPECT_EQ(z.dims, (std::vector<int64_t>{8}));
  EXPECT_EQ(z.data, array_of({6, 20, 42, 88, 30, 60, 98, 176}, {8}).data);
  ASSERT_EQ(tool("m.lathe --input x=x.npy --output single.npy"), 0) << text_;
  EXPECT_TRUE(fs::exists(path("single.npy")));
}

TEST_F(LatheRun, Compares) {
  EXPECT_EQ(tool("m.lathe --input x=x.npy --compare z.npy"), 0) << text_;
  EXPECT_TRUE(says("PASS"));
  EXPECT_EQ(tool("m.lathe --input x=x.npy --compare x.npy"), 1) << text_;
  EXPECT_TRUE(says("FAIL"));
  EXPECT_EQ(tool("m.lathe --input x=x.npy --compare x.npy --rtol 1000"), 0) << text_;
  EXPECT_EQ(tool("m.lathe --input x=x.npy --compare x.npy --atol 168"), 0) << text_;
}

TEST_F(LatheRun, ChecksCasesInNumericOrder) {
  for (int i : {0, 2, 10}) {
    std::string folder = "cases/case" + std::to_string(i);
    write_array(folder + "/in0.npy", array_of({1, 2, 3, 4, 5, 6, 7, 8}, {8}));
    write_array(folder + "/out0.npy", array_of({6, 20, 42, 88, 30, 60, 98, 176}, {8}));
  }
  ASSERT_EQ(tool("m.lathe --check cases"), 0) << text_;
  EXPECT_TRUE(says("PASS: 3 cases, 3 outputs, 0 failed"));
  EXPECT_LT(text_.find("case2 "), text_.find("case10 "));
  write_array("cases/case2/out0.npy", array_of({0, 20, 42, 88, 30, 60, 98, 176}, {8}));
  EXPECT_EQ(tool("m.lathe --check cases --json"), 1) << text_;
  EXPECT_TRUE(says("\"passed\": false"));
  EXPECT_TRUE(says("\"schema\": 1"));
  write_array("cases/case2/in1.npy", array_of({1}, {1}));
  EXPECT_EQ(tool("m.lathe --check cases"), 3);
  fs::remove_all(path("cases"));
  EXPECT_EQ(tool("m.lathe --check cases"), 3);
}

TEST_F(LatheRun, StateIsKeptOnRequest) {
  program_source source = two_method_program();
  write("s.lathe", pack_file(source));
  int32_t totals[] = {3, 6};
  for (int i : {0, 1}) {
    std::string folder = "kept/case" + std::to_string(i);
    write_array(folder + "/in0.npy", array_of({1}, {1}));
    write_array(folder + "/out0.npy", array_of({totals[i]}, {1}));
  }
  EXPECT_EQ(tool("s.lathe --method step --check kept --keep-state"), 0) << text_;
  EXPECT_EQ(tool("s.lathe --method step --check kept"), 1) << text_;
  EXPECT_EQ(tool("s.lathe --method nothing --check kept"), 2);
  EXPECT_TRUE(says("prefill, step"));
}

TEST_F(LatheRun, WrongInputsAreAnsweredWithWhatIsExpected) {
  const std::string expected = "x: i32 (.npy of i4) (8)";
  EXPECT_EQ(tool("m.lathe"), 2);
  EXPECT_TRUE(says("input 'x' is missing") && says(expected)) << text_;
  EXPECT_EQ(tool("m.lathe --input y=x.npy"), 2);
  EXPECT_TRUE(says("there is no input 'y'") && says(expected)) << text_;
  EXPECT_EQ(tool("m.lathe --input x=x.npy --input x=x.npy"), 2);
  write_array("short.npy", array_of({1, 2}, {2}));
  EXPECT_EQ(tool("m.lathe --input x=short.npy"), 3);
  EXPECT_TRUE(says("has shape (2,)") && says(expected)) << text_;
  run::array floats = array_of({1, 2, 3, 4, 5, 6, 7, 8}, {8});
  floats.type = "f4";
  write_array("float.npy", floats);
  EXPECT_EQ(tool("m.lathe --input x=float.npy"), 3);
  EXPECT_TRUE(says("elements of type f4") && says(expected)) << text_;
  EXPECT_EQ(tool("m.lathe --input x=m.lathe"), 3);
  EXPECT_TRUE(says("not an .npy file")) << text_;
}

TEST_F(LatheRun, ExitCodesTellWhatIsWrong) {
  EXPECT_EQ(tool("--version"), 0);
  EXPECT_TRUE(says("format 1.0, kernel abi 1"));
  EXPECT_EQ(tool("--help"), 0);
  EXPECT_EQ(tool(""), 2);
  EXPECT_EQ(tool("m.lathe --nonsense"), 2);
  EXPECT_EQ(tool("m.lathe --threads 1000"), 2);
  EXPECT_EQ(tool("m.lathe --rtol nan"), 2);
  for (const char *ignored : {"--check cases --profile t.json", "--check cases --bench", "--check cases --output out",
                              "--check cases --compare z.npy", "--check cases --input x=x.npy", "--keep-state",
                              "--input x=x.npy --rtol 1", "--input x=x.npy --atol 1"}) {
    EXPECT_EQ(tool("m.lathe " + std::string(ignored)), 2) << ignored << text_;
    EXPECT_TRUE(says("--check")) << text_;
  }
  EXPECT_EQ(tool("none.lathe"), 3);
  EXPECT_EQ(tool("x.npy"), 3);
  EXPECT_EQ(tool("m.lathe --input x=x.npy --output /proc/none/out"), 6) << text_;
  EXPECT_EQ(tool("m.lathe --input x=x.npy --output - > /dev/full; exit $?"), 6) << text_;
}

TEST_F(LatheRun, MeasuresAndProfiles) {
  ASSERT_EQ(tool("m.lathe --bench --json --threads 1"), 0) << text_;
  for (const char *key : {"\"latency_us\"", "\"min\"", "\"p10\"", "\"median\"", "\"p90\"", "\"user_cycles\"",
                          "\"load_us\"", "\"first_run_us\"", "\"peak_rss_bytes\""})
    EXPECT_TRUE(says(key)) << key;
  // A run of some ten nanoseconds needs fractions of them.
  size_t median = text_.find("\"median\": ") + 10, point = text_.find('.', median);
  EXPECT_GE(text_.find_first_of(",}", point) - point, 6u) << text_;
  ASSERT_EQ(tool("m.lathe --input x=x.npy --profile trace.json -q"), 0) << text_;
  EXPECT_EQ(text_, "");
  std::ifstream in(path("trace.json"));
  std::stringstream all;
  all << in.rdbuf();
  EXPECT_NE(all.str().find("\"name\": \"add_i32\""), std::string::npos);
  EXPECT_NE(all.str().find("\"traceEvents\""), std::string::npos);
}

// ---------------------------------------------------------------------- npy

bytes npy(const std::string &header, size_t data) {
  bytes out = {0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};
  out.push_back(static_cast<uint8_t>(header.size() & 0xff));
  out.push_back(static_cast<uint8_t>(header.size() >> 8));
  out.insert(out.end(), header.begin(), header.end());
  out.resize(out.size() + data);
  return out;
}

TEST(Npy, OnlyWellFormedFilesAreRead) {
  struct row { std::string header; size_t data; bool good; };
  const row rows[] = {
      {"{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }", 24, true},
      {"{'descr': '<f4', 'fortran_order': False, 'shape': (2,3)}\n", 24, true},
      {"{\"shape\": (), \"descr\": '|b1', 'fortran_order': False}", 1, true},
      {"{'descr': '<i8', 'fortran_order': True, 'shape': (3,), }", 24, true},
      {"{'descr': '<f4', 'fortran_order': False, 'shape': (0, 7), }", 0, true},
      {"{'descr': '<i8', 'fortran_order': True, 'shape': (3, 1), }", 24, false},
      {"{'descr': '>f4', 'fortran_order': False, 'shape': (1,), }", 4, false},
      {"{'descr': '<c8', 'fortran_order': False, 'shape': (1,), }", 8, false},
      {"{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", 4, false},
      {"{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", 9, false},
      {"{'descr': '<f4', 'fortran_order': False, }", 4, false},
      {"{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (1,)}", 4, false},
      {"{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}", 4, false},
      {"{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,)}", 4, false},
      {"{'descr': '<f8', 'fortran_order': False, 'shape': (1099511627776, 1099511627776)}", 4, false},
      {"{'descr': '<f4', 'fortran_order': False, 'shape': (1,)", 4, false},
      {"{'descr': '<f4', 'fortran_order': False, 'shape': (1,)} x", 4, false},
      {"", 4, false}};
  for (const row &test : rows) {
    bytes file = npy(test.header, test.data);
    run::array read;
    std::string reason;
    EXPECT_EQ(run::parse_npy(file.data(), file.size(), &read, &reason), test.good) << test.header;
    for (size_t length = 0; length < file.size(); ++length)
      run::parse_npy(bytes(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(length)).data(), length, &read, &reason);
  }
}

TEST(Npy, WhatIsWrittenIsRead) {
  for (std::vector<int64_t> dims : {std::vector<int64_t>{}, {4}, {2, 2}, {0}}) {
    run::array source = array_of(std::vector<int32_t>(dims == std::vector<int64_t>{0} ? 0 : dims.empty() ? 1 : 4, 7), dims), read;
    bytes file = run::format_npy(source);
    std::string reason;
    ASSERT_TRUE(run::parse_npy(file.data(), file.size(), &read, &reason)) << reason;
    EXPECT_EQ(read.dims, source.dims);
    EXPECT_EQ(read.data, source.data);
    EXPECT_EQ((file.size() - read.data.size()) % 64, 0u);
  }
}

/// What a terminal gets of names in files.
TEST(ShownText, HasNoControlBytes) {
  EXPECT_EQ(run::shown_line("a\x1b[31mb\x7f\n\t" "c\xc2\x9b" "d"), "a\\x1b[31mb\\x7f\\n\\tc\\x9bd");
  EXPECT_EQ(run::shown_line("gr\xc3\xbc\xc3\x9f"), "gr\xc3\xbc\xc3\x9f");
  EXPECT_EQ(run::shown_lines("a\x07\nb"), "a\\x07\nb");
  // Some terminals obey the byte alone; whatever is no UTF-8 is shown as bytes.
  EXPECT_EQ(run::shown_line("a\x9b" "31m\xff" "b\xe2\x82"), "a\\x9b31m\\xffb\\xe2\\x82");
  EXPECT_EQ(run::shown_line("\xc0\xaf \xe0\x80\xaf \xed\xa0\x80 \xf4\x90\x80\x80"),
            "\\xc0\\xaf \\xe0\\x80\\xaf \\xed\\xa0\\x80 \\xf4\\x90\\x80\\x80");
  EXPECT_EQ(run::shown_line("\xe2\x82\xac\xf0\x9f\x98\x80\xed\x9f\xbf\xe0\xa0\x80"),
            "\xe2\x82\xac\xf0\x9f\x98\x80\xed\x9f\xbf\xe0\xa0\x80");
  EXPECT_EQ(run::json_text("a\x9b" "b\xff"), "\"a\\u009bb\\u00ff\"");
  EXPECT_EQ(run::json_text("\x7f\xc2\x9b\xc3\xbc"), "\"\\u007f\\u009b\xc3\xbc\"");
}

TEST(ShownText, IsShortenedInTheMiddle) {
  std::string exact(run::shown_name_bytes_max, 'x');
  EXPECT_EQ(run::shown_name(exact), exact);
  std::string longer = "begin" + std::string(1 << 20, 'x') + "end";
  std::string shown = run::shown_name(longer);
  EXPECT_LT(shown.size(), run::shown_name_bytes_max + 40);
  EXPECT_EQ(shown.substr(0, 6), "beginx");
  EXPECT_EQ(shown.substr(shown.size() - 4), "xend");
  EXPECT_NE(shown.find(" bytes ...]"), std::string::npos);
  // Escaped text is measured as it is shown, and no character is cut.
  EXPECT_LT(run::shown_name(std::string(199, '\x1b')).size(), run::shown_name_bytes_max + 40);
  std::string wide;
  for (int i = 0; i < 500; ++i)
    wide += "\xe2\x82\xac";
  shown = run::shown_name(wide);
  EXPECT_EQ(shown.find("[...") % 3, 0u);
  EXPECT_EQ((shown.size() - shown.find("...]") - 4) % 3, 0u);
}

TEST(OutputFile, IsNoInputThroughAnyLink) {
  fs::path folder = fs::temp_directory_path() / ("lathe_output_" + std::to_string(getpid()));
  fs::create_directories(folder);
  std::string input = folder / "x.npy", other = folder / "y.npy";
  std::ofstream(input) << "data";
  std::ofstream(other) << "other";
  fs::create_hard_link(input, folder / "hard");
  fs::create_symlink(input, folder / "soft");
  for (const char *name : {"x.npy", "hard", "soft", "../x.npy"}) {
    std::string path = name[0] == '.' ? (folder / ".." / folder.filename() / "x.npy").string() : (folder / name).string();
    EXPECT_EQ(run::same_file_among(path, {other, input}), input) << path;
  }
  EXPECT_EQ(run::same_file_among(other, {input}), "");
  EXPECT_EQ(run::same_file_among(folder / "absent", {folder / "absent"}), "");
  EXPECT_EQ(run::same_file_among("-", {input}), "");
  fs::remove_all(folder);
}

/// A pipe without a reader is an error, not a wait; with one it is written.
TEST(OutputFile, PipesDoNotBlock) {
  fs::path folder = fs::temp_directory_path() / ("lathe_pipe_" + std::to_string(getpid()));
  fs::create_directories(folder);
  std::string pipe = folder / "pipe", reason;
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_FALSE(run::write_file(pipe, "abc", 3, &reason));
  EXPECT_NE(reason.find("no process reads from this pipe"), std::string::npos) << reason;
  std::string command = "cat '" + pipe + "' > '" + (folder / "read").string() + "' &";
  ASSERT_EQ(system(command.c_str()), 0);
  std::string many(1 << 20, 'z'); // more than a pipe holds
  bool written = false;
  for (int attempt = 0; !written && attempt < 500; ++attempt) {
    written = run::write_file(pipe, many.data(), many.size(), &reason);
    if (!written)
      usleep(10000);
  }
  EXPECT_TRUE(written) << reason;
  for (int attempt = 0; attempt < 500 && fs::file_size(folder / "read") < many.size(); ++attempt)
    usleep(10000);
  EXPECT_EQ(fs::file_size(folder / "read"), many.size());
  EXPECT_TRUE(fs::is_fifo(pipe));
  fs::remove_all(folder);
}

} // namespace
} // namespace lathe::test
