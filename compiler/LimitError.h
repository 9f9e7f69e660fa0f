// SPDX-License-Identifier: Apache-2.0
#ifndef LATHE_COMPILER_LIMITERROR_H
#define LATHE_COMPILER_LIMITERROR_H

#include "mlir/IR/Diagnostics.h"

namespace lathe {

inline constexpr llvm::StringLiteral kLimitMark = "lathe.limit";

/// Marks an error as one of the model, which exceeds a limit, not one of the
/// compiler: DiagnosticCollector gives it another code.
inline mlir::InFlightDiagnostic beyondLimit(mlir::InFlightDiagnostic error) {
  error.getUnderlyingDiagnostic()->getMetadata().push_back(mlir::DiagnosticArgument(kLimitMark));
  return error;
}

inline bool isBeyondLimit(mlir::Diagnostic &diagnostic) {
  for (mlir::DiagnosticArgument &mark : diagnostic.getMetadata())
    if (mark.getKind() == mlir::DiagnosticArgument::DiagnosticArgumentKind::String && mark.getAsString() == kLimitMark)
      return true;
  return false;
}

} // namespace lathe

#endif // LATHE_COMPILER_LIMITERROR_H
