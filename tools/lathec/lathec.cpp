// SPDX-License-Identifier: Apache-2.0
//
// The compiler driver. The compiler itself is compiler/Compiler.h.
#include "tools/lathec/Arguments.h"
#include "tools/lathec/Interpret.h"
#include "tools/lathec/Progress.h"
#include "tools/lathec/Summary.h"

#include "llvm/Support/InitLLVM.h"
#ifdef __GLIBC__
#include <malloc.h>
#endif

using namespace lathe;

// Weights pass through blocks of megabytes. By default each is new memory of the
// system's, which clears it page by page, and goes back at once.
static void keepFreedMemory() {
#ifdef __GLIBC__
  mallopt(M_MMAP_THRESHOLD, 32 << 20); // the most that is taken
  mallopt(M_TRIM_THRESHOLD, 256 << 20);
#endif
}

static int compileModel(const Arguments &arguments) {
  // What is said about a result never mixes with the result.
  llvm::raw_ostream &os = arguments.compiler.output_path == "-" ? llvm::errs() : llvm::outs();
  Progress progress(arguments.quiet);
  llvm::Expected<CompilerReport> report =
      compile(arguments.compiler, [&](llvm::StringRef stage, unsigned done, unsigned total) {
        progress.update(stage, done, total);
      });
  progress.clear();
  if (!report)
    return reportFault(report.takeError());
  if (!arguments.quiet)
    printWarnings(report->warnings);
  EmitKind emit = arguments.compiler.emit;
  if (arguments.json)
    printReportJson(os, *report);
  else if (!arguments.quiet && (emit == EmitKind::Program || emit == EmitKind::Object))
    printSummary(os, *report, arguments.compiler);
  if (arguments.report && !arguments.json)
    printReport(os, *report);
  return kExitOk;
}

static int runTool(const Arguments &arguments) {
  if (arguments.list_targets) {
    for (const std::string &line : listTargets())
      llvm::outs() << line << '\n';
    return kExitOk;
  }
  if (arguments.list_ops)
    return listOperators();
  return arguments.interpret ? interpretModel(arguments) : compileModel(arguments);
}

int main(int argc, char **argv) {
  keepFreedMemory();
  llvm::InitLLVM init(argc, argv);
  Arguments arguments;
  if (std::optional<int> code = parseArguments(argc, argv, arguments))
    return *code;
  return closeOutput(runTool(arguments));
}
