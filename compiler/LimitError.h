// SPDX-License-Identifier: Apache-2.0
#ifndef LATHE_COMPILER_LIMITERROR_H
#define LATHE_COMPILER_LIMITERROR_H

#include "dialects/Graph/DiagnosticMark.h"

namespace lathe {

inline constexpr llvm::StringLiteral kLimitMark = "lathe.limit";

/// Marks an error as one of the model, which exceeds a limit, not one of the
/// compiler: DiagnosticCollector gives it another code.
inline mlir::InFlightDiagnostic beyondLimit(mlir::InFlightDiagnostic error) {
  return marked(std::move(error), kLimitMark);
}

inline bool isBeyondLimit(mlir::Diagnostic &diagnostic) {
  return findMark(diagnostic, kLimitMark).has_value();
}

} // namespace lathe

#endif // LATHE_COMPILER_LIMITERROR_H
