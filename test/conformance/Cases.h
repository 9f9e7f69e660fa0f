// SPDX-License-Identifier: Apache-2.0
//
// The operator cases of this folder's .mlir files: any target runs the same
// list. A case is a public function whose discardable attributes hold its
// inputs, what PyTorch computed, and a tolerance.
#ifndef LATHE_TEST_CONFORMANCE_CASES_H
#define LATHE_TEST_CONFORMANCE_CASES_H

#include "compiler/Reference/Tensor.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"

namespace lathe::conformance {

/// One case; `method` lives in the module of its file.
struct Case {
  mlir::func::FuncOp method;
  std::vector<Tensor> inputs, expected;
  double tolerance; ///< of |got - expected| / max(1, |expected|); 0: equal
};

/// Paths of the case files, sorted.
std::vector<std::string> caseFiles();
/// Parses a file; an error names it.
llvm::Expected<mlir::OwningOpRef<mlir::ModuleOp>> parseCases(llvm::StringRef path,
                                                             mlir::MLIRContext &context);
/// The case of a function.
llvm::Expected<Case> readCase(mlir::func::FuncOp method);

/// Why `got` is not `expected`; empty if it is. NaN equals NaN.
std::string compare(const Tensor &got, const Tensor &expected, double tolerance);

} // namespace lathe::conformance

#endif // LATHE_TEST_CONFORMANCE_CASES_H
