// SPDX-License-Identifier: Apache-2.0
#include "tools/lathe-run/options.h"

#include "runtime/include/lathe/lathe.h"
#include "runtime/include/lathe/limits.h"
#include "tools/lathe-run/output_file.h"
#include "tools/lathe-run/shown_text.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <getopt.h>

namespace lathe::run {

namespace {

const char help_text[] =
    "usage: lathe-run MODEL.lathe [options]\n"
    "\n"
    "Runs a compiled program. The machine code in the file is executed: run\n"
    "files only from sources that you trust.\n"
    "\n"
    "  --input NAME=FILE.npy   an input; once for each\n"
    "  --output PATH           a folder for <output name>.npy, a file when PATH\n"
    "                          ends in .npy, or - for standard output; without it\n"
    "                          a summary of each output is printed\n"
    "  --compare FILE.npy      compare the first output with this array\n"
    "  --check DIR             run every DIR/caseN/in*.npy, compare with out*.npy;\n"
    "                          DIR/caseN.NAME runs method NAME\n"
    "  --keep-state            keep the state from one case to the next\n"
    "  --rtol R                largest error relative to the largest |reference|\n"
    "                          (default 1e-5; integers must be equal)\n"
    "  --atol A                added to it (default 0)\n"
    "  --bench                 measure; without --input, inputs are zeros and\n"
    "                          dynamic sizes their smallest, or what --dim says\n"
    "  --dim NAME=SIZE         with --bench: a size, by symbol (s27) or by input\n"
    "                          and dimension (x.0)\n"
    "  --profile FILE.json     write a trace of one run for ui.perfetto.dev\n"
    "  --threads N             0: one for each usable core (default)\n"
    "  --method NAME           default: forward, or else the first\n"
    "  --weights FILE.lathew   default: beside the program\n"
    "  --json                  print results as JSON\n"
    "  -q, --quiet             print errors only\n"
    "  --help                  print this text\n"
    "  --version               print the versions of tool, format and kernel ABI\n"
    "\n"
    "exit codes: 0 ok, 1 comparison failed, 2 usage, 3 bad input file,\n"
    "6 input or output failed, 7 device or runtime\n"
    "\n"
    "examples:\n"
    "  lathe-run digits.lathe --input image=seven.npy --output out/\n"
    "  lathe-run digits.lathe --check cases/ --threads 2\n"
    "  lathe-run digits.lathe --input image=seven.npy --bench --json\n"
    "  lathe-run digits.lathe --bench --dim image.0=8\n";

enum option_id {
  id_input = 256, id_output, id_compare, id_check, id_keep_state, id_rtol,
  id_atol, id_bench, id_dim, id_profile, id_threads, id_method, id_weights, id_json,
  id_help, id_version,
};

const option long_options[] = {
    {"input", required_argument, nullptr, id_input},
    {"output", required_argument, nullptr, id_output},
    {"compare", required_argument, nullptr, id_compare},
    {"check", required_argument, nullptr, id_check},
    {"keep-state", no_argument, nullptr, id_keep_state},
    {"rtol", required_argument, nullptr, id_rtol},
    {"atol", required_argument, nullptr, id_atol},
    {"bench", no_argument, nullptr, id_bench},
    {"dim", required_argument, nullptr, id_dim},
    {"profile", required_argument, nullptr, id_profile},
    {"threads", required_argument, nullptr, id_threads},
    {"method", required_argument, nullptr, id_method},
    {"weights", required_argument, nullptr, id_weights},
    {"json", no_argument, nullptr, id_json},
    {"quiet", no_argument, nullptr, 'q'},
    {"help", no_argument, nullptr, id_help},
    {"version", no_argument, nullptr, id_version},
    {nullptr, 0, nullptr, 0}};

bool parse_threads(const char *text, uint32_t *value) {
  char *rest = nullptr;
  unsigned long number = strtoul(text, &rest, 10);
  *value = static_cast<uint32_t>(number);
  return text[0] >= '0' && text[0] <= '9' && *rest == '\0' &&
         number <= LATHE_MAX_THREADS;
}

/// A number of at most 18 digits: it fits.
bool parse_size(const char *text, int64_t *value) {
  size_t digits = strspn(text, "0123456789");
  if (digits == 0 || digits > 18 || text[digits] != '\0')
    return false;
  *value = strtoll(text, nullptr, 10);
  return true;
}

/// The least number of insertions, deletions and changes between two words.
size_t edit_distance(const std::string &a, const std::string &b) {
  std::vector<size_t> row(b.size() + 1);
  for (size_t k = 0; k <= b.size(); ++k)
    row[k] = k;
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t k = 1; k <= b.size(); ++k) {
      size_t change = diagonal + (a[i - 1] != b[k - 1]);
      diagonal = row[k];
      row[k] = std::min({change, row[k] + 1, row[k - 1] + 1});
    }
  }
  return row[b.size()];
}

/// "did you mean '--input'? ", or nothing when no option is near.
std::string guess(const std::string &given) {
  size_t start = given.find_first_not_of('-');
  if (start == std::string::npos)
    return {};
  std::string name = given.substr(start, given.find('=') - start), nearest;
  size_t allowed = name.size() / 3 + 2;
  for (const option *known = long_options; known->name; ++known)
    if (size_t distance = edit_distance(name, known->name); distance < allowed) {
      allowed = distance;
      nearest = known->name;
    }
  return nearest.empty() ? "" : "did you mean '--" + nearest + "'? ";
}

/// Takes one option's value; an error message when it is wrong.
std::string take(int id, const char *value, options *out) {
  std::string text = value ? value : "";
  size_t equals = text.find('=');
  switch (id) {
  case id_input:
    if (equals == std::string::npos || equals == 0 || equals + 1 == text.size())
      return "--input needs NAME=FILE.npy, not '" + text + "'";
    out->inputs.emplace_back(text.substr(0, equals), text.substr(equals + 1));
    break;
  case id_output: out->output = text; break;
  case id_compare: out->compare = text; break;
  case id_check: out->check = text; break;
  case id_keep_state: out->keep_state = true; break;
  case id_rtol:
  case id_atol:
    out->tolerance_given = true;
    if (!parse_tolerance(value, id == id_rtol ? &out->rtol : &out->atol))
      return "a tolerance is a number >= 0, not '" + text + "'";
    break;
  case id_bench: out->bench = true; break;
  case id_dim: {
    int64_t size = 0;
    size_t last = text.rfind('=');
    if (last == std::string::npos || last == 0 || !parse_size(text.c_str() + last + 1, &size))
      return "--dim needs NAME=SIZE, not '" + text + "'";
    out->dims.emplace_back(text.substr(0, last), size);
    break;
  }
  case id_profile: out->profile = text; break;
  case id_threads:
    if (!parse_threads(value, &out->threads))
      return "--threads needs a number up to " +
             std::to_string(LATHE_MAX_THREADS) + ", not '" + text + "'";
    break;
  case id_method: out->method = text; break;
  case id_weights: out->weights = text; break;
  case id_json: out->json = true; break;
  case 'q': out->quiet = true; break;
  }
  return {};
}

/// What is wrong with options that are each right; nothing when they go together.
std::string conflict(const options &given) {
  if (!given.dims.empty() && (!given.bench || !given.inputs.empty()))
    return given.bench ? "--dim does not go with --input: its arrays have their sizes"
                       : "--dim belongs to --bench";
  if (given.check.empty()) {
    if (given.keep_state)
      return "--keep-state belongs to --check";
    if (given.tolerance_given && given.compare.empty())
      return "--rtol and --atol belong to --check and --compare";
    return {};
  }
  if (!given.inputs.empty() || !given.compare.empty())
    return "--check brings its own inputs and references";
  if (!given.output.empty())
    return "--check writes no outputs: --output does not go with it";
  if (given.bench || !given.profile.empty())
    return "--check does not measure: --bench and --profile do not go with it";
  return {};
}

} // namespace

bool parse_tolerance(const char *text, double *value) {
  char *rest = nullptr;
  *value = strtod(text, &rest);
  return rest != text && *rest == '\0' && std::isfinite(*value) && *value >= 0;
}

int report(int code, const std::string &what, const std::string &advice) {
  // An error may have several lines; names in it come from files.
  fprintf(stderr, "error: %s\n", shown_lines(what).c_str());
  if (!advice.empty())
    fprintf(stderr, "  try: %s\n", shown_lines(advice).c_str());
  return code;
}

int refuse_input(const std::string &output, const options &opts) {
  std::vector<std::string> inputs = {opts.model, opts.compare, opts.weights};
  // Where the weights lie when --weights does not say.
  std::string beside = opts.model;
  if (beside.size() > 6 && beside.compare(beside.size() - 6, 6, ".lathe") == 0)
    beside.resize(beside.size() - 6);
  inputs.push_back(beside + ".lathew");
  for (const auto &[name, path] : opts.inputs)
    inputs.push_back(path);
  std::string same = same_file_among(output, inputs);
  if (same.empty())
    return kExitOk;
  return report(kExitIo, "cannot write '" + output + "': it is '" + same + "', which is read",
                "name another place for the output");
}

bool parse_options(int argc, char **argv, options *out, int *code) {
  opterr = 0;
  for (;;) {
    int index = 0;
    int id = getopt_long(argc, argv, ":q", long_options, &index);
    if (id < 0)
      break;
    if (id == id_help || id == id_version) {
      if (id == id_help)
        fputs(help_text, stdout);
      else
        printf("lathe-run %s\n", lathe_version_text());
      *code = kExitOk;
      return false;
    }
    std::string given = optind > 1 ? argv[optind - 1] : "";
    std::string wrong = id == '?'   ? "unknown option '" + given + "'"
                        : id == ':' ? given + " requires a value"
                        : optarg && !*optarg ? std::string("--") + long_options[index].name + " is empty"
                                    : take(id, optarg, out);
    if (!wrong.empty()) {
      *code = report(kExitUsage, wrong, (id == '?' ? guess(given) : "") + "lathe-run --help lists all options");
      return false;
    }
  }
  std::string wrong;
  if (argc - optind != 1)
    wrong = argc == optind ? "no program given" : "more than one program given";
  else
    wrong = conflict(*out);
  if (!wrong.empty()) {
    *code = report(kExitUsage, wrong, "lathe-run --help lists all options");
    return false;
  }
  out->model = argv[optind];
  return true;
}

} // namespace lathe::run
