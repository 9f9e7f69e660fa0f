// SPDX-License-Identifier: Apache-2.0
//
// Operator cases through the whole compiler and the runtime: one program holds
// many cases as methods, with one code image for each level.
#ifndef LATHE_TEST_TARGETS_CPU_CASERUNNER_H
#define LATHE_TEST_TARGETS_CPU_CASERUNNER_H

#include "runtime/include/lathe/lathe.h"
#include "test/conformance/Cases.h"

#include <functional>
#include <memory>

namespace lathe::test {

/// Memory of exactly `bytes` that touches a page nobody may touch: behind its
/// end, or before its start.
class GuardedBytes {
public:
  GuardedBytes(size_t bytes, bool atStart);
  ~GuardedBytes();
  GuardedBytes(const GuardedBytes &) = delete;
  GuardedBytes &operator=(const GuardedBytes &) = delete;
  char *data() const { return start; }
  /// From now on a write ends the process.
  void makeReadOnly();
  /// Nothing was written beside the bytes.
  bool isClean() const;

private:
  char *base, *start;
  size_t bytes, pageBytes, middleBytes;
};

/// A program of one image for each level, best first.
class CompiledCases {
public:
  /// Compiles methods of one module, with its weights and symbols, for the
  /// levels; a failure is the
  /// compiler's own message.
  static llvm::Expected<std::unique_ptr<CompiledCases>>
  compile(mlir::ArrayRef<mlir::func::FuncOp> methods, const std::vector<std::string> &levels);
  ~CompiledCases();

  /// Runs a method on one level with inputs and outputs flush against guard
  /// pages; inputs are read-only. `resultsLike` have the results' types and
  /// sizes.
  llvm::Expected<std::vector<Tensor>> run(const std::string &level, llvm::StringRef method,
                                          llvm::ArrayRef<Tensor> inputs,
                                          llvm::ArrayRef<Tensor> resultsLike, bool atStart);

private:
  struct Level;
  CompiledCases() = default;
  llvm::Error open(const std::string &level);
  std::vector<char> bytes; ///< of the program, from an address that 64 divides
  const char *program = nullptr;
  size_t programBytes = 0;
  std::vector<std::unique_ptr<Level>> levels;
};

/// Compiles all methods at once where that succeeds; otherwise halves the list
/// until what does not compile stands alone. Calls `compiled` for each program
/// and `refused` for each method that has none.
void compileAll(
    mlir::ArrayRef<mlir::func::FuncOp> methods, const std::vector<std::string> &levels,
    const std::function<void(CompiledCases &, mlir::ArrayRef<mlir::func::FuncOp>)> &compiled,
    const std::function<void(mlir::func::FuncOp, const std::string &)> &refused);

/// The machine's own level, and the lowest of x86: without fused multiply-add
/// and without conversions of f16.
std::vector<std::string> caseLevels();

/// Why the results are wrong; empty if they are right. `with` names `expected`.
std::string compareAll(const conformance::Case &item, llvm::ArrayRef<Tensor> got,
                       llvm::ArrayRef<Tensor> expected, llvm::StringRef with);

/// What is wrong with a case on one level, against its own expected values and
/// those of the interpreter; empty if nothing is.
std::string runCase(CompiledCases &program, const conformance::Case &item, const std::string &level,
                    llvm::ArrayRef<Tensor> reference);

} // namespace lathe::test

#endif // LATHE_TEST_TARGETS_CPU_CASERUNNER_H
