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

  /// The first error as a fault of this code; if there was none, a fault that
  /// says which stage failed. `reproducer` is a file for `lathe-opt
  /// --run-reproducer`, or empty.
  llvm::Error take(FaultCode code, llvm::StringRef stage, llvm::StringRef file,
                   llvm::StringRef reproducer = "");

  /// Remarks in the order of their arrival, each with its model node.
  const std::vector<std::string> &getRemarks() const { return remarks; }

private:
  void handle(mlir::Diagnostic &diagnostic);

  std::mutex mutex;
  bool verbose;
  bool has_error = false;
  bool is_limit = false; ///< the error is the model's: it exceeds a limit
  unsigned more_errors = 0;
  Fault fault;
  std::vector<std::string> remarks;
  mlir::ScopedDiagnosticHandler handler;
};

} // namespace lathe

#endif // LATHE_COMPILER_DIAGNOSTICCOLLECTOR_H
