// SPDX-License-Identifier: Apache-2.0
//
// The CPU target: kernels on tensors to images of machine code.
//
// What compile() reads. A builtin.module that holds one func.func per kernel,
// with linalg, tensor, arith, math, scf and affine operations on tensors, in
// destination-passing style:
//
//   func.func @name(
//       %in: tensor<?x64xf32> {lathe.access = "read",
//                              lathe.dim_args = array<i64: 2, -1>},
//       %out: tensor<?x64xf32> {lathe.access = "write", lathe.output,
//                               lathe.dim_args = array<i64: 2, -1>},
//       %n: index {lathe.size, lathe.size_max = 512 : i64})
//       -> tensor<?x64xf32>
//
// - Tensor arguments are the buffers of a call, index arguments its sizes, both
//   in the order of the argument list. Buffers are dense and row-major.
// - The k-th result is written to the k-th argument with `lathe.output`, and
//   has its type. A kernel runs in tiles if all results come from one
//   linalg.generic (or one that becomes so by fusion) whose `outs` are those
//   arguments, or reshapes of them.
// - `lathe.access`: "read", "write", "readwrite"; only the last two are ever
//   written. An argument that is not an output may be "readwrite" if an output
//   operand of the body is tied to it.
// - `lathe.dim_args` on an argument with dynamic dimensions: per dimension the
//   position, in the whole argument list, of the index argument that holds its
//   size; -1 where the dimension is static.
// - `lathe.size_max` on each index argument: the largest value of a run; it
//   bounds scratch. The runtime checks it before a call.
// - i1 tensors are a byte an element, zero or one.
// - An index that comes from data is clamped by the body; `cf.assert %ok,
//   "index .."` in a body reports what was clamped (the status word; "size .."
//   reports LATHE_KERNEL_BAD_SIZE) and execution goes on. Check the indices in
//   a generic of their own: a body with an assertion is not vectorized.
// - Any integer division and any conversion of float to integer is defined
//   here: x / 0 = x, x % 0 = 0, smallest / -1 = smallest, conversions saturate, NaN
//   gives 0. Relu, max and min are arith.maximumf and minimumf (NaN passes).
// - f64 functions of the math dialect other than sqrt, abs, floor, ceil, trunc,
//   roundeven, fma and copysign are refused, by the name of the symbol they
//   would import.
//
#ifndef LATHE_TARGETS_CPU_CPUTARGET_H
#define LATHE_TARGETS_CPU_CPUTARGET_H

#include "targets/Target.h"

namespace lathe::cpu {

class CpuTarget : public Target {
public:
  llvm::StringRef name() const override { return "cpu"; }
  mlir::Attribute describe(mlir::MLIRContext *context) const override;
  void getDependentDialects(mlir::DialectRegistry &registry) const override;
  mlir::FailureOr<CompiledKernels>
  compile(mlir::ModuleOp kernels, const CompileOptions &options) const override;
  mlir::FailureOr<std::vector<TunedKernel>>
  tune(mlir::ModuleOp kernels, const CompileOptions &options, Tuning &tuning) const override;
  bool runsHere(llvm::StringRef level) const override;
  std::string hostLevel() const override;
  uint32_t imageFormat(llvm::StringRef level) const override;
  mlir::FailureOr<std::vector<uint8_t>>
  linkObject(mlir::Location loc, const CompiledKernels &compiled,
             const LinkedModel &model) const override;

private:
  /// Loads the dialects that kernels and their code are made of.
  void prepareContext(mlir::MLIRContext *context) const;
};

/// Adds the target to the registry of Target.h.
void registerCpuTarget();

} // namespace lathe::cpu

#endif // LATHE_TARGETS_CPU_CPUTARGET_H
