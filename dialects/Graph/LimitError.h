// SPDX-License-Identifier: Apache-2.0
#ifndef LATHE_DIALECTS_GRAPH_LIMITERROR_H
#define LATHE_DIALECTS_GRAPH_LIMITERROR_H

#include "dialects/Graph/DiagnosticMark.h"

namespace lathe {

inline constexpr llvm::StringLiteral kLimitMark = "lathe.limit";

/// Marks an error as one of the model, which exceeds a limit, not one of the
/// compiler: whoever collects errors gives it another code.
inline mlir::InFlightDiagnostic beyondLimit(mlir::InFlightDiagnostic error) {
  return marked(std::move(error), kLimitMark);
}

} // namespace lathe

#endif // LATHE_DIALECTS_GRAPH_LIMITERROR_H
