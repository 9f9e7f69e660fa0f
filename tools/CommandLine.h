// SPDX-License-Identifier: Apache-2.0
//
// What the tools that are built on LLVM share: exit codes, errors of the command
// line in the form of all others, --version.
#ifndef LATHE_TOOLS_COMMANDLINE_H
#define LATHE_TOOLS_COMMANDLINE_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/raw_ostream.h"
#include "tools/lathe-run/exit_codes.h"
#include <optional>
#include <string>

namespace lathe {

/// Versions of the tool, LLVM, the program format and the kernel ABI.
void printVersion(llvm::raw_ostream &os, llvm::StringRef tool);

/// Prints "error: <what>" and "  try: <remedy>" to stderr.
int usageError(const llvm::Twine &what, const llvm::Twine &remedy);

/// The values of an option that has a fixed list of them.
struct OptionValues {
  llvm::StringRef option; ///< without dashes
  llvm::ArrayRef<llvm::StringRef> values;
};

/// Parses argv with the options that are registered. A wrong command line is
/// reported and its exit code returned.
std::optional<int> parseCommandLine(int argc, char **argv, llvm::StringRef tool,
                                    llvm::StringRef overview,
                                    llvm::ArrayRef<OptionValues> values = {});

/// Standard error for text of files: lines appear as run::shown_line writes them,
/// each when it is complete.
class ShownErrors : public llvm::raw_ostream {
public:
  ShownErrors() : raw_ostream(/*unbuffered=*/true) {}
  ~ShownErrors() override;

private:
  void write_impl(const char *bytes, size_t count) override;
  uint64_t current_pos() const override { return position; }
  std::string line;
  uint64_t position = 0;
};

/// Flushes standard output. The result is `code`, or kExitIo after a message if
/// something could not be written and nothing else was wrong.
int closeOutput(int code);

} // namespace lathe

#endif // LATHE_TOOLS_COMMANDLINE_H
