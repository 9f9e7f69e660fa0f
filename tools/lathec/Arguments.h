// SPDX-License-Identifier: Apache-2.0
//
// The command line of lathec.
#ifndef LATHE_TOOLS_LATHEC_ARGUMENTS_H
#define LATHE_TOOLS_LATHEC_ARGUMENTS_H

#include "compiler/Compiler.h"
#include "tools/CommandLine.h"

namespace lathe {

struct Arguments {
  CompilerOptions compiler;
  bool interpret = false;
  std::vector<std::pair<std::string, std::string>> inputs; ///< --input NAME=FILE
  std::string check_dir;  ///< --check DIR, with --interpret
  bool keep_state = false;
  double rtol = 1e-5;
  bool report = false;
  bool json = false;
  bool quiet = false;
  bool list_targets = false;
  bool list_ops = false;
};

/// Parses argv. Prints help or an error itself; a value is the exit code to
/// leave with.
std::optional<int> parseArguments(int argc, char **argv, Arguments &arguments);

} // namespace lathe

#endif // LATHE_TOOLS_LATHEC_ARGUMENTS_H
