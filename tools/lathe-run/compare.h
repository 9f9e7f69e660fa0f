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

/// dtype: the output's, LATHE_DTYPE_*. A floating-point output passes when
/// max_abs <= atol + rtol * reference_max; other types when they are equal,
/// unless a tolerance was given.
difference compare(const array &output, const array &reference, uint32_t dtype,
                   const options &opts);

/// Runs every DIR/caseN in numeric order.
class session;
int check_cases(session &model, const options &opts);
/// Compares the first output of the last run with opts.compare.
int compare_output(session &model, const options &opts);

} // namespace lathe::run

#endif // LATHE_TOOLS_LATHE_RUN_COMPARE_H
