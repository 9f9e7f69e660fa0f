// SPDX-License-Identifier: Apache-2.0
#ifndef LATHE_TOOLS_LATHE_RUN_OPTIONS_H
#define LATHE_TOOLS_LATHE_RUN_OPTIONS_H

#include "tools/lathe-run/exit_codes.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace lathe::run {

struct options {
  std::string model;
  std::vector<std::pair<std::string, std::string>> inputs; // name, path
  std::vector<std::pair<std::string, int64_t>> dims;       // name, size
  std::string output;
  std::string compare;
  std::string check;
  std::string profile;
  std::string method;
  std::string weights;
  double rtol = 1e-5;
  double atol = 0;
  bool tolerance_given = false;
  bool bench = false;
  bool keep_state = false;
  bool json = false;
  bool quiet = false;
  uint32_t threads = 0;
};

/// Reads the command line. Returns true when there is something to run; else
/// *code is what to exit with, and a message or the help has been printed.
bool parse_options(int argc, char **argv, options *out, int *code);

/// A tolerance: a finite number >= 0.
bool parse_tolerance(const char *text, double *value);

/// Prints "error: <what>" and what to do about it to stderr; returns `code`.
int report(int code, const std::string &what, const std::string &advice = {});

/// Whether `output` is a file that the call reads (program, weights, inputs,
/// references), through any link: an exit code, reported, or 0.
int refuse_input(const std::string &output, const options &opts);

} // namespace lathe::run

#endif // LATHE_TOOLS_LATHE_RUN_OPTIONS_H
