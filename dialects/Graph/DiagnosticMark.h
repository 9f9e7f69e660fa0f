// SPDX-License-Identifier: Apache-2.0
//
// Marks that a diagnostic carries unseen, so that whoever collects errors knows
// whose fault each is without reading its text.
#ifndef LATHE_DIALECTS_GRAPH_DIAGNOSTICMARK_H
#define LATHE_DIALECTS_GRAPH_DIAGNOSTICMARK_H

#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/Operation.h"

namespace lathe {

/// `text` must outlive the diagnostic: a literal, or a name of the context's.
inline mlir::InFlightDiagnostic marked(mlir::InFlightDiagnostic error, llvm::StringRef text) {
  error.getUnderlyingDiagnostic()->getMetadata().push_back(mlir::DiagnosticArgument(text));
  return error;
}

/// The mark behind `mark` (or `mark` itself, the last one); null if it is not there.
inline std::optional<llvm::StringRef> findMark(mlir::Diagnostic &diagnostic,
                                               llvm::StringRef mark) {
  bool found = false;
  for (mlir::DiagnosticArgument &entry : diagnostic.getMetadata()) {
    if (entry.getKind() != mlir::DiagnosticArgument::DiagnosticArgumentKind::String)
      continue;
    if (found)
      return entry.getAsString();
    found = entry.getAsString() == mark;
  }
  return found ? std::optional<llvm::StringRef>(mark) : std::nullopt;
}

inline constexpr llvm::StringLiteral kUnsupportedMark = "lathe.unsupported";
inline constexpr llvm::StringLiteral kRemedyMark = "lathe.remedy";
/// What helps with most forms of operators that have no code.
inline constexpr llvm::StringLiteral kUnsupportedRemedy =
    "compute it in float32, as in x.to(torch.float32), or with other operators; "
    "lathec --interpret runs the model as it is";

/// An error at `op`: the model is right, but there is no code for the operator
/// in this form. That is no fault of the compiler, which says so itself.
inline mlir::InFlightDiagnostic unsupported(mlir::Operation *op,
                                            llvm::StringLiteral remedy = kUnsupportedRemedy) {
  llvm::StringRef name = op->getName().getStringRef();
  return marked(marked(marked(marked(op->emitError(), kUnsupportedMark), name), kRemedyMark),
                remedy);
}

} // namespace lathe

#endif // LATHE_DIALECTS_GRAPH_DIAGNOSTICMARK_H
