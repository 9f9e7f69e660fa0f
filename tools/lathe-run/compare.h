// SPDX-License-Identifier: Apache-2.0
#ifndef LATHE_TOOLS_LATHE_RUN_COMPARE_H
#define LATHE_TOOLS_LATHE_RUN_COMPARE_H

#include "tools/lathe-run/npy.h"
#include "tools/lathe-run/options.h"

#include <string>

namespace lathe::run {

/// How an output differs from its reference. NaN equals NaN, infinities of one
/// sign are equal; any other pair with one of them is an infinite error.
struct difference {
  double max_abs = 0;     // largest |output - reference|
  double relative = 0;    // that, relative to the largest finite |reference|
  double reference_max = 0;
  bool passed = false;
  std::string mismatch; // shape or type; errors are meaningless then
};

/// Element i of a dense array, LATHE_DTYPE_*, as a number. Integers beyond 2^53
/// are rounded.
double element_value(const uint8_t *data, size_t i, uint32_t dtype);
bool is_float(uint32_t dtype);

/// dtype: the output's, LATHE_DTYPE_*. A floating-point output passes when
/// max_abs <= atol + rtol * reference_max; other types when they are equal,
/// unless a tolerance was given.
difference compare(const array &output, const array &reference, uint32_t dtype,
                   const options &opts);

/// Something that runs: a program in the runtime, a graph in the interpreter.
class subject {
public:
  virtual ~subject() = default;
  virtual uint32_t input_count() const = 0;
  virtual uint32_t output_count() const = 0;
  virtual std::string output_name(uint32_t index) const = 0;
  /// LATHE_DTYPE_*
  virtual uint32_t output_dtype(uint32_t index) const = 0;
  /// Everything else here is about the method chosen last; empty: the default.
  virtual int choose_method(const std::string &name) = 0;
  /// These and choose_method return an exit code, having reported what is wrong.
  virtual int set_inputs(std::vector<array> arrays) = 0;
  virtual int run() = 0;
  /// The outputs of the last run.
  virtual std::vector<array> outputs() const = 0;
  virtual void reset_state() = 0;
};

/// Runs every opts.check/case<number>[.<method>] in the order of the numbers, on
/// one instance.
int check_cases(subject &model, const options &opts);
/// Compares the first output of the last run with opts.compare.
int compare_output(subject &model, const options &opts);

} // namespace lathe::run

#endif // LATHE_TOOLS_LATHE_RUN_COMPARE_H
