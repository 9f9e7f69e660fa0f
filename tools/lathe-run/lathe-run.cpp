// SPDX-License-Identifier: Apache-2.0
// Runs a compiled program on arrays from files: outputs, comparisons, timings.
#include "tools/lathe-run/bench.h"
#include "tools/lathe-run/compare.h"
#include "tools/lathe-run/json.h"
#include "tools/lathe-run/output_file.h"
#include "tools/lathe-run/output_names.h"
#include "tools/lathe-run/output_summary.h"
#include "tools/lathe-run/session.h"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <new>
#include <sys/stat.h>
#include <unistd.h>

namespace lathe::run {
namespace {

int write_outputs(session &model, const options &opts) {
  std::vector<array> outputs = model.outputs();
  const std::string &path = opts.output;
  bool single = path == "-" ||
                (path.size() > 4 && path.compare(path.size() - 4, 4, ".npy") == 0);
  if (single && outputs.size() != 1)
    return report(kExitUsage, "the method has " + std::to_string(outputs.size()) +
                                  " outputs: --output needs a folder");
  if (!single && mkdir(path.c_str(), 0777) != 0 && errno != EEXIST)
    return report(kExitIo, "cannot make '" + path + "': " + strerror(errno));
  std::vector<std::string> names = output_names(model);
  std::vector<std::string> paths;
  for (const std::string &name : names) {
    bool separated = path.empty() || path.back() == '/';
    paths.push_back(single ? path : path + (separated ? "" : "/") + name + ".npy");
    if (int code = refuse_input(paths.back(), opts))
      return code;
  }
  std::string rows; // of the JSON document
  for (uint32_t i = 0; i < outputs.size(); ++i) {
    std::vector<uint8_t> bytes = format_npy(outputs[i]);
    const std::string &to = paths[i];
    std::string reason;
    if (!write_file(to, bytes.data(), bytes.size(), &reason))
      return report(kExitIo, reason);
    if (!opts.quiet && !opts.json && path != "-")
      printf("%s %s %s\n", to.c_str(), outputs[i].type.c_str(),
             dims_text(outputs[i].dims).c_str());
    rows += (i ? ",\n  " : "\n  ") + output_json(model.output_name(i), to, outputs[i], model.output_dtype(i));
  }
  // A comparison or a measurement prints the one document of its call.
  if (opts.json && path != "-" && opts.compare.empty() && !opts.bench)
    printf("{\"schema\": 1, \"outputs\": [%s\n]}\n", rows.c_str());
  return kExitOk;
}

void print_outputs(session &model, const options &opts) {
  std::vector<array> outputs = model.outputs();
  std::string rows;
  for (uint32_t i = 0; i < outputs.size(); ++i)
    if (opts.json)
      rows += (i ? ",\n  " : "\n  ") + output_json(model.output_name(i), "", outputs[i], model.output_dtype(i));
    else if (!opts.quiet)
      fputs(output_text(model.output_name(i), outputs[i], model.output_dtype(i)).c_str(), stdout);
  if (opts.json)
    printf("{\"schema\": 1, \"outputs\": [%s\n]}\n", rows.c_str());
}

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
