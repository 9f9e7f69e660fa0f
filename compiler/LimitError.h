// SPDX-License-Identifier: Apache-2.0
#ifndef LATHE_COMPILER_LIMITERROR_H
#define LATHE_COMPILER_LIMITERROR_H

#include "dialects/Graph/LimitError.h"

namespace lathe {

inline bool isBeyondLimit(mlir::Diagnostic &diagnostic) {
  return findMark(diagnostic, kLimitMark).has_value();
}

} // namespace lathe

#endif // LATHE_COMPILER_LIMITERROR_H
