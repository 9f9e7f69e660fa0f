// SPDX-License-Identifier: Apache-2.0
//
// Turns MLIR diagnostics into faults that name the model's node and the user's
// source line.
#ifndef LATHE_COMPILER_DIAGNOSTICCOLLECTOR_H
#define LATHE_COMPILER_DIAGNOSTICCOLLECTOR_H

#include "compiler/Frontends/Fault.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/MLIRContext.h"
#include <mutex>

namespace lathe {

/// Where something stands in the user's model: the node names, the operator of
/// the first and the first source line of a location (ir-contract C18).
struct ModelPlace {
  std::vector<std::string> nodes; ///< in the order of the location, distinct
  std::string op;                 ///< "aten.conv2d.default", or empty
  std::string source;             ///< "model.py:41 in forward", or empty
};
ModelPlace describeLocation(mlir::Location location);

/// While it lives, errors of the context are kept here instead of printed.
class DiagnosticCollector {
public:
  explicit DiagnosticCollector(mlir::MLIRContext &context, bool verbose);

  /// Whether every error since the last take() says that an operator has no
  /// code in the form that the model uses (dialects/Graph/DiagnosticMark.h).
  bool isUnsupported() const;
  /// These errors as one fault OperatorUnsupported: grouped by operator and
  /// reason, counted, with the first node and line of each.
  llvm::Error takeUnsupported(llvm::StringRef file);
  /// Whether the first error since the last take() says that a decision of a
  /// tuning file does not fit its kernel (targets/Tuning.h).
  bool isTuning() const;
  /// The first error as a fault of this code; if there was none, a fault that
  /// says which stage failed. `reproducer` is a file for `lathe-opt
  /// --run-reproducer`, or empty. Errors that say that an operator has no code
  /// come behind all others.
  llvm::Error take(FaultCode code, llvm::StringRef stage, llvm::StringRef file,
                   llvm::StringRef reproducer = "");

  /// Remarks in the order of their arrival, each with its model node.
  const std::vector<std::string> &getRemarks() const { return remarks; }

private:
  /// Operators without code, of one name and reason.
  struct Unsupported {
    std::string op, reason, remedy;
    std::vector<std::string> nodes; ///< distinct, in the order of arrival
    std::string source;             ///< of the first
    unsigned count = 0;
  };

  void handle(mlir::Diagnostic &diagnostic);
  void handleUnsupported(mlir::Diagnostic &diagnostic, llvm::StringRef op);

  mutable std::mutex mutex;
  bool verbose;
  bool has_error = false;
  bool is_limit = false; ///< the error is the model's: it exceeds a limit
  bool is_word = false; ///< the error only says that a reproducer was written
  bool is_tuning = false; ///< the error is a tuning file's
  unsigned more_errors = 0;
  Fault fault;
  std::vector<Unsupported> unsupported_operators;
  std::vector<std::string> remarks;
  mlir::ScopedDiagnosticHandler handler;
};

} // namespace lathe

#endif // LATHE_COMPILER_DIAGNOSTICCOLLECTOR_H
