// SPDX-License-Identifier: Apache-2.0
//
// Runs one graph.kernel twice: by the reference interpreter, and lowered by
// GraphToLinalg, then by upstream's bufferization and loops, in process. Test
// code: targets bring their own way from linalg to code.
#ifndef LATHE_TEST_COMPILER_LOWERED_KERNEL_H
#define LATHE_TEST_COMPILER_LOWERED_KERNEL_H

#include "compiler/Reference/Interpreter.h"
#include "mlir/IR/BuiltinOps.h"

#include <map>
#include <string>
#include <vector>

namespace lathe::test {

/// A kernel as text: `body` defines %r (and %r1, %r2 for more results) from the
/// arguments; types are written out. Symbols are bound by `sizes`.
struct KernelText {
  std::string arguments;             ///< "%x: tensor<2xf32>, ..."
  std::vector<std::string> results;  ///< types
  std::string body;
  std::map<std::string, int64_t> sizes;
  std::string attributes;            ///< further attributes of the kernel
};

struct KernelRun {
  std::vector<Tensor> results;
  int32_t status = 0;
};

class KernelPair {
public:
  /// Parses and lowers; a failure is the diagnostic's text.
  static llvm::Expected<std::unique_ptr<KernelPair>> create(const KernelText &text);
  ~KernelPair();

  /// Input tensors with reproducible contents.
  std::vector<Tensor> makeInputs(uint32_t seed, bool withSpecials) const;
  /// Element type and sizes of input `index`.
  Tensor makeInput(unsigned index, llvm::ArrayRef<double> values) const;
  llvm::Expected<std::vector<Tensor>> interpret(llvm::ArrayRef<Tensor> inputs);
  llvm::Expected<KernelRun> execute(llvm::ArrayRef<Tensor> inputs);

private:
  struct State;
  explicit KernelPair(std::unique_ptr<State> state);
  std::unique_ptr<State> state;
};

/// Empty if all elements agree: exactly for integers and quantized codes, to
/// `tolerance` (relative to the largest magnitude near it) for floats; NaN
/// equals NaN. Otherwise the first difference.
std::string compare(const Tensor &expected, const Tensor &actual, double tolerance);

} // namespace lathe::test

#endif // LATHE_TEST_COMPILER_LOWERED_KERNEL_H
