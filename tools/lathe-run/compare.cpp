// SPDX-License-Identifier: Apache-2.0
#include "tools/lathe-run/compare.h"

#include "runtime/include/lathe/lathe.h"
#include "tools/lathe-run/json.h"

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <dirent.h>
#include <limits>
#include <unistd.h>

namespace lathe::run {

namespace {

template <typename T> double load(const uint8_t *data, size_t index) {
  T value;
  memcpy(&value, data + index * sizeof(T), sizeof(T));
  return static_cast<double>(value);
}

/// Builds a float of `exponent_bits` and `mantissa_bits`; IEEE rules for
/// infinity and NaN, unless the format has no infinity (f8e4m3).
double small_float(uint32_t bits, int exponent_bits, int mantissa_bits,
                   bool has_infinity) {
  uint32_t mantissa = bits & ((1u << mantissa_bits) - 1);
  uint32_t exponent = (bits >> mantissa_bits) & ((1u << exponent_bits) - 1);
  bool negative = (bits >> (exponent_bits + mantissa_bits)) & 1;
  int bias = (1 << (exponent_bits - 1)) - 1;
  uint32_t all = (1u << exponent_bits) - 1;
  double value = 0;
  if (exponent == all && has_infinity)
    value = mantissa ? std::numeric_limits<double>::quiet_NaN()
                     : std::numeric_limits<double>::infinity();
  else if (exponent == all && mantissa == (1u << mantissa_bits) - 1)
    value = std::numeric_limits<double>::quiet_NaN();
  else if (exponent == 0)
    value = std::ldexp(mantissa, 1 - bias - mantissa_bits);
  else
    value = std::ldexp(mantissa + (1u << mantissa_bits),
                       static_cast<int>(exponent) - bias - mantissa_bits);
  return negative ? -value : value;
}

double error_between(double a, double b) {
  if (a == b || (std::isnan(a) && std::isnan(b)))
    return 0;
  double error = std::fabs(a - b);
  return std::isfinite(error) ? error : std::numeric_limits<double>::infinity();
}

/// A folder "case<number>" or "case<number>.<method>".
struct test_case {
  long number = 0;
  std::string name;
  std::string method; // empty: the method of the command line
};

constexpr const char *kCaseFolder =
    "DIR holds case0, case1, ..; each of them in0.npy, in1.npy, .. and out0.npy, .. in the order in which "
    "lathe-inspect lists the method's inputs and outputs";

/// Whether this is the name of such a folder; fills *out if so.
bool parse_case(const char *name, test_case *out) {
  if (strncmp(name, "case", 4) != 0 || name[4] < '0' || name[4] > '9')
    return false;
  char *rest = nullptr;
  out->number = strtol(name + 4, &rest, 10);
  out->name = name;
  out->method = *rest == '.' ? rest + 1 : "";
  return *rest == '\0' || !out->method.empty();
}

/// In the order in which they run.
int list_cases(const std::string &folder, std::vector<test_case> *cases) {
  DIR *directory = opendir(folder.c_str());
  if (!directory)
    return report(kExitBadInput,
                  "cannot open '" + folder + "': " + strerror(errno));
  while (dirent *entry = readdir(directory))
    if (test_case found; parse_case(entry->d_name, &found))
      cases->push_back(found);
  closedir(directory);
  std::sort(cases->begin(), cases->end(), [](const test_case &a, const test_case &b) {
    return a.number < b.number || (a.number == b.number && a.name < b.name);
  });
  if (cases->empty())
    return report(kExitBadInput, "'" + folder + "' holds no case0, case1, ...", kCaseFolder);
  for (size_t i = 1; i < cases->size(); ++i)
    if (cases->at(i).number == cases->at(i - 1).number)
      return report(kExitBadInput,
                    "'" + folder + "' holds '" + cases->at(i - 1).name + "' and '" +
                        cases->at(i).name + "', which have one place in the order",
                    "give each case a number of its own");
  return kExitOk;
}

/// in0.npy, in1.npy ..: exactly `count` of them.
int read_all(const std::string &folder, const char *stem, uint32_t count,
             std::vector<array> *arrays) {
  for (uint32_t i = 0;; ++i) {
    std::string path = folder + "/" + stem + std::to_string(i) + ".npy";
    bool exists = access(path.c_str(), F_OK) == 0;
    if (i == count)
      return exists ? report(kExitBadInput, "the method has no place for '" + path + "'")
                    : int{kExitOk};
    array read;
    std::string reason;
    if (!read_npy(path, &read, &reason))
      return report(kExitBadInput, reason, exists ? "" : kCaseFolder);
    arrays->push_back(std::move(read));
  }
}

/// What all comparisons of one command add up to.
struct summary {
  uint32_t cases = 0, outputs = 0, failed = 0;
  double worst = 0;
  std::string json;

  void add(const std::string &place, const std::string &name,
           const difference &found, const options &opts) {
    ++outputs;
    failed += !found.passed;
    worst = std::max(worst, found.relative);
    std::string verdict = found.passed ? "ok" : "FAILED";
    if (!opts.json && (!opts.quiet || !found.passed)) {
      if (!found.mismatch.empty())
        printf("%s %-16s %s %s\n", place.c_str(), name.c_str(),
               found.mismatch.c_str(), verdict.c_str());
      else
        printf("%s %-16s max abs error %.3g, relative to largest |output| %.3g: %s\n",
               place.c_str(), name.c_str(), found.max_abs, found.relative,
               verdict.c_str());
    }
    json += (json.empty() ? "" : ",") + std::string("\n  {\"case\": ") +
            json_text(place) + ", \"output\": " + json_text(name) +
            ", \"max_abs_error\": " + json_number(found.max_abs) +
            ", \"relative_error\": " + json_number(found.relative) +
            ", \"mismatch\": " + json_text(found.mismatch) +
            ", \"passed\": " + (found.passed ? "true" : "false") + "}";
  }

  int finish(const options &opts) const {
    if (opts.json)
      printf("{\"schema\": 1, \"passed\": %s, \"cases\": %u, \"outputs\": %u, "
             "\"failed\": %u, \"worst_relative_error\": %s, \"rtol\": %s, "
             "\"atol\": %s, \"results\": [%s\n]}\n",
             failed ? "false" : "true", cases, outputs, failed,
             json_number(worst).c_str(), json_number(opts.rtol).c_str(),
             json_number(opts.atol).c_str(), json.c_str());
    else if (!opts.quiet || failed)
      printf("%s: %u cases, %u outputs, %u failed, worst relative error %.3g "
             "(allowed %.3g of the largest |output| + %.3g%s)\n",
             failed ? "FAIL" : "PASS", cases, outputs, failed, worst, opts.rtol,
             opts.atol, opts.tolerance_given ? "" : "; integers exactly");
    return failed ? kExitComparison : kExitOk;
  }
};

void compare_all(subject &model, const std::string &place,
                 const std::vector<array> &references, const options &opts,
                 summary *total) {
  std::vector<array> outputs = model.outputs();
  for (size_t i = 0; i < references.size(); ++i) {
    uint32_t index = static_cast<uint32_t>(i);
    total->add(place, model.output_name(index),
               compare(outputs[i], references[i], model.output_dtype(index), opts),
               opts);
  }
}

} // namespace

double element_value(const uint8_t *data, size_t i, uint32_t dtype) {
  switch (dtype) {
  case LATHE_DTYPE_I8: return load<int8_t>(data, i);
  case LATHE_DTYPE_I16: return load<int16_t>(data, i);
  case LATHE_DTYPE_I32: return load<int32_t>(data, i);
  case LATHE_DTYPE_I64: return load<int64_t>(data, i);
  case LATHE_DTYPE_U16: return load<uint16_t>(data, i);
  case LATHE_DTYPE_U32: return load<uint32_t>(data, i);
  case LATHE_DTYPE_U64: return load<uint64_t>(data, i);
  case LATHE_DTYPE_F32: return load<float>(data, i);
  case LATHE_DTYPE_F64: return load<double>(data, i);
  case LATHE_DTYPE_F16:
    return small_float(static_cast<uint32_t>(load<uint16_t>(data, i)), 5, 10, true);
  case LATHE_DTYPE_BF16:
    return small_float(static_cast<uint32_t>(load<uint16_t>(data, i)), 8, 7, true);
  case LATHE_DTYPE_F8E4M3: return small_float(data[i], 4, 3, false);
  case LATHE_DTYPE_F8E5M2: return small_float(data[i], 5, 2, true);
  default: return data[i];
  }
}

bool is_float(uint32_t dtype) { return dtype >= LATHE_DTYPE_F16; }

difference compare(const array &output, const array &reference, uint32_t dtype,
                   const options &opts) {
  difference found;
  if (output.dims != reference.dims || output.type != reference.type) {
    found.mismatch = output.type + " " + dims_text(output.dims) + ", expected " +
                     reference.type + " " + dims_text(reference.dims);
    return found;
  }
  size_t count = output.data.size() / std::max(1u, lathe_dtype_bytes(dtype));
  for (size_t i = 0; i < count; ++i) {
    double wanted = element_value(reference.data.data(), i, dtype);
    double got = element_value(output.data.data(), i, dtype);
    found.max_abs = std::max(found.max_abs, error_between(got, wanted));
    if (std::isfinite(wanted))
      found.reference_max = std::max(found.reference_max, std::fabs(wanted));
  }
  found.relative = found.max_abs == 0 ? 0 : found.max_abs / found.reference_max;
  bool exact = !is_float(dtype) && !opts.tolerance_given;
  found.passed = exact ? output.data == reference.data
                       : found.max_abs <= opts.atol + opts.rtol * found.reference_max;
  return found;
}

int check_cases(subject &model, const options &opts) {
  std::vector<test_case> cases;
  int code = list_cases(opts.check, &cases);
  summary total;
  for (const test_case &next : cases) {
    if (code != kExitOk)
      return code;
    std::string folder = opts.check + "/" + next.name;
    std::vector<array> inputs, references;
    code = model.choose_method(next.method.empty() ? opts.method : next.method);
    if (code == kExitOk)
      code = read_all(folder, "in", model.input_count(), &inputs);
    if (code == kExitOk)
      code = read_all(folder, "out", model.output_count(), &references);
    if (code == kExitOk)
      code = model.set_inputs(std::move(inputs));
    if (code == kExitOk && !opts.keep_state)
      model.reset_state();
    if (code == kExitOk)
      code = model.run();
    if (code != kExitOk)
      return code;
    ++total.cases;
    compare_all(model, next.name, references, opts, &total);
  }
  return code == kExitOk ? total.finish(opts) : code;
}

int compare_output(subject &model, const options &opts) {
  std::vector<array> references(1);
  std::string reason;
  if (!read_npy(opts.compare, &references[0], &reason))
    return report(kExitBadInput, reason);
  if (model.output_count() == 0)
    return report(kExitUsage, "the method has no output to compare");
  summary total;
  total.cases = 1;
  compare_all(model, "output", references, opts, &total);
  return total.finish(opts);
}

} // namespace lathe::run
