// SPDX-License-Identifier: Apache-2.0
#include "tools/CommandLine.h"

#include "compiler/Frontends/Fault.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Config/llvm-config.h"
#include "llvm/Support/CommandLine.h"
#include "runtime/include/lathe/kernel_abi.h"
#include "runtime/include/lathe/lathe.h"
#include "runtime/schema/file_layout.h"
#include "tools/lathe-run/shown_text.h"
#include <unistd.h>

using namespace lathe;
namespace cl = llvm::cl;

void lathe::printVersion(llvm::raw_ostream &os, llvm::StringRef tool) {
  os << tool << ' ' << LATHE_VERSION_MAJOR << '.' << LATHE_VERSION_MINOR << '.'
     << LATHE_VERSION_PATCH << "\nLLVM " << LLVM_VERSION_STRING << "\nprogram format "
     << LATHE_FORMAT_MAJOR << '.' << LATHE_FORMAT_MINOR << "\nkernel ABI "
     << LATHE_KERNEL_ABI_VERSION << '\n';
}

int lathe::usageError(const llvm::Twine &what, const llvm::Twine &remedy) {
  llvm::errs() << "error: " << run::shown_lines(what.str()) << "\n  try: " << run::shown_lines(remedy.str()) << '\n';
  return kExitUsage;
}

// "did you mean 'x'? ", or nothing.
static std::string guess(llvm::StringRef name, llvm::ArrayRef<llvm::StringRef> candidates,
                         llvm::StringRef dashes) {
  std::string nearest = nearestName(name, candidates);
  return nearest.empty() ? "" : ("did you mean '" + dashes + nearest + "'? ").str();
}

// LLVM's message, `<tool>: <what>`, as an error of ours.
static int reportMessage(llvm::StringRef message, llvm::StringRef tool,
                         llvm::ArrayRef<OptionValues> values) {
  message = message.split('\n').first;
  if (size_t colon = message.find(": "); colon != llvm::StringRef::npos)
    message = message.drop_front(colon + 2);
  std::string help = (tool + " --help lists all options").str();
  if (message.consume_front("Unknown command line argument '")) {
    llvm::StringRef given = message.split('\'').first, name = given.split('=').first.ltrim('-');
    llvm::SmallVector<llvm::StringRef> known;
    for (auto &entry : cl::getRegisteredOptions())
      if (entry.second->getOptionHiddenFlag() == cl::NotHidden && entry.first.size() > 1)
        known.push_back(entry.first);
    llvm::sort(known);
    return usageError("unknown option '" + given + "'", guess(name, known, "--") + help);
  }
  if (!message.consume_front("for the "))
    return usageError(message.rtrim("!"), help);
  auto [option, what] = message.split(" option: ");
  llvm::StringRef name = option.ltrim('-');
  if (what.consume_front("Cannot find option named '")) {
    llvm::StringRef given = what.split('\'').first;
    for (const OptionValues &known : values)
      if (known.option == name)
        return usageError(option + " has no value '" + given + "'",
                          guess(given, known.values, (option + "=").str()) + "one of: " +
                              llvm::join(known.values, ", "));
  }
  return usageError(option + " " + what.rtrim("! "), help);
}

namespace {
/// Keeps what is written to stderr: LLVM reports a wrong value of an option
/// there, whatever stream it was given. The text is short: it fits a pipe.
class CapturedErrors {
public:
  CapturedErrors() {
    llvm::errs().flush();
    if (pipe(ends) != 0)
      return;
    saved = dup(STDERR_FILENO);
    dup2(ends[1], STDERR_FILENO);
    close(ends[1]);
  }
  std::string take() {
    std::string text;
    if (saved < 0)
      return text;
    llvm::errs().flush();
    dup2(saved, STDERR_FILENO); // the last writer is gone: reading ends
    close(saved);
    char part[512];
    for (ssize_t count; (count = read(ends[0], part, sizeof(part))) > 0;)
      text.append(part, count);
    close(ends[0]);
    return text;
  }

private:
  int ends[2] = {-1, -1};
  int saved = -1;
};
} // namespace

std::optional<int> lathe::parseCommandLine(int argc, char **argv, llvm::StringRef tool,
                                           llvm::StringRef overview,
                                           llvm::ArrayRef<OptionValues> values) {
  cl::SetVersionPrinter([name = tool.str()](llvm::raw_ostream &os) { printVersion(os, name); });
  // The parser would read options from a file of any size.
  for (int i = 1; i < argc; ++i)
    if (argv[i][0] == '@')
      return reportMessage(llvm::formatv("{0}: files of options are not read; a model of that name is ./{1}",
                                         tool, argv[i]).str(), tool, values);
  std::string errors;
  llvm::raw_string_ostream stream(errors);
  CapturedErrors captured;
  bool good = cl::ParseCommandLineOptions(argc, argv, overview, &stream);
  std::string more = captured.take();
  if (good)
    return std::nullopt;
  return reportMessage(more.empty() ? errors : more, tool, values);
}

ShownErrors::~ShownErrors() {
  if (!line.empty())
    llvm::errs() << run::shown_line(line);
}

void ShownErrors::write_impl(const char *bytes, size_t count) {
  position += count;
  line.append(bytes, count);
  for (size_t end; (end = line.find('\n')) != std::string::npos; line.erase(0, end + 1))
    llvm::errs() << run::shown_line(line.substr(0, end)) << '\n';
}

int lathe::closeOutput(int code) {
  llvm::outs().flush();
  if (!llvm::outs().has_error())
    return code;
  std::string reason = llvm::outs().error().message();
  llvm::outs().clear_error();
  llvm::errs() << "error: cannot write to standard output: " << reason << '\n';
  return code == kExitOk ? kExitIo : code;
}
