// SPDX-License-Identifier: Apache-2.0
// Runs a compiled program on arrays from files: outputs, comparisons, timings.
#include "tools/lathe-run/bench.h"
#include "tools/lathe-run/compare.h"
#include "tools/lathe-run/outputs.h"
#include "tools/lathe-run/session.h"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <new>
#include <unistd.h>

namespace lathe::run {
namespace {

int run_once(session &model, const options &opts) {
  // Known before any work; the files in a folder are when the outputs are.
  for (const std::string *place : {&opts.output, &opts.profile})
    if (!place->empty())
      if (int code = refuse_input(*place, opts))
        return code;
  bool zeros = opts.bench && opts.inputs.empty();
  int code = zeros ? model.zero_inputs(opts.dims) : model.load_inputs(opts);
  if (code != kExitOk)
    return code;
  uint64_t begin = monotonic_ns();
  code = model.run();
  uint64_t first_run_ns = monotonic_ns() - begin;
  if (code == kExitOk && !opts.output.empty())
    code = write_outputs(model, opts);
  // A comparison, a trace or a measurement is what was asked for instead.
  if (code == kExitOk && opts.output.empty() && opts.compare.empty() && opts.profile.empty() && !opts.bench)
    print_outputs(model, opts);
  if (code == kExitOk && !opts.compare.empty())
    code = compare_output(model, opts);
  if ((code == kExitOk || code == kExitComparison) && !opts.profile.empty()) {
    int written = profile(model, opts);
    code = written == kExitOk ? code : written;
  }
  if (code == kExitOk && opts.bench)
    code = bench(model, opts, first_run_ns);
  return code;
}

/// Sizes come from the program: what does not fit is said, not thrown.
void out_of_memory() {
  fputs("error: not enough memory for the program's tensors\n", stderr);
  _exit(kExitRuntime);
}

int main_with(int argc, char **argv) {
  std::set_new_handler(out_of_memory);
  // A closed pipe is an error of the write, reported like any other.
  signal(SIGPIPE, SIG_IGN);
  options opts;
  int code = kExitOk;
  if (parse_options(argc, argv, &opts, &code)) {
    session model;
    code = model.open(opts);
    if (code == kExitOk)
      code = opts.check.empty() ? run_once(model, opts) : check_cases(model, opts);
  }
  if (fflush(stdout) != 0 && (code == kExitOk || code == kExitComparison))
    code = report(kExitIo, std::string("cannot write to standard output: ") +
                               strerror(errno));
  return code;
}

} // namespace
} // namespace lathe::run

int main(int argc, char **argv) { return lathe::run::main_with(argc, argv); }
