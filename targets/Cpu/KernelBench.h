// SPDX-License-Identifier: Apache-2.0
//
// Kernels called in this process, to see what they compute and how long that
// takes. They are this compiler's own work: nothing is checked about them.
#ifndef LATHE_TARGETS_CPU_KERNELBENCH_H
#define LATHE_TARGETS_CPU_KERNELBENCH_H

#include "targets/Target.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/Support/Memory.h"

namespace lathe::cpu {

/// Memory for the tensors of one kernel, with contents that are the same each time.
class KernelBuffers {
public:
  /// Nothing if a size varies, or the elements are no whole bytes.
  static std::optional<KernelBuffers> create(mlir::func::FuncOp kernel);

  /// Sets every buffer to its first contents.
  void fill();
  /// Sets those that a run reads and writes to their first contents.
  void refill();
  /// What a run wrote.
  std::vector<char> results() const;
  void *const *pointers() const { return bases.data(); }
  size_t count() const { return bases.size(); }

private:
  struct Buffer {
    std::vector<char> memory; ///< with room to align, and behind the last element
    std::vector<char> pattern; ///< repeats; a multiple of the element
    size_t bytes;
    bool isRead, isWritten;
  };
  void fillOne(size_t index);

  std::vector<Buffer> buffers;
  std::vector<void *> bases;
};

/// The kernels of the first image of `compiled` as code that can be called.
class LoadedKernels {
public:
  static std::unique_ptr<LoadedKernels> load(const CompiledKernels &compiled);
  ~LoadedKernels();

  /// Runs all tiles of the kernel at `index` on this thread. Returns the status
  /// word of kernel_abi.h.
  uint32_t run(size_t index, const KernelBuffers &buffers);

private:
  explicit LoadedKernels(const CompiledKernels &compiled) : compiled(compiled) {}

  const CompiledKernels &compiled;
  llvm::sys::MemoryBlock block;
  const char *base = nullptr;
  std::vector<char> scratch;
};

} // namespace lathe::cpu

#endif // LATHE_TARGETS_CPU_KERNELBENCH_H
