// SPDX-License-Identifier: Apache-2.0
//
// docs/operators.md, written from what the operator cases really did.
#ifndef LATHE_TEST_TARGETS_CPU_OPERATORTABLE_H
#define LATHE_TEST_TARGETS_CPU_OPERATORTABLE_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"

#include <map>
#include <set>
#include <string>

namespace lathe::test {

class OperatorTable {
public:
  /// Learns which operators of the module passes/Import replaces by others.
  void addModule(mlir::ModuleOp module);
  /// Adds the operators of a case. `interpreter` and `cpu`: all results were
  /// right.
  void addCase(mlir::func::FuncOp method, bool interpreter, bool cpu);
  /// The page; names all operators that the context's dialect registers.
  std::string page(mlir::MLIRContext &context) const;

private:
  struct Row {
    unsigned cases = 0;
    bool interpreter = true, cpu = true;
  };
  std::map<std::string, std::map<std::string, Row>> rows; ///< operator, element type
  std::set<std::string> composites;
};

} // namespace lathe::test

#endif // LATHE_TEST_TARGETS_CPU_OPERATORTABLE_H
