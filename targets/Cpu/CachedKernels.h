// SPDX-License-Identifier: Apache-2.0
#ifndef LATHE_TARGETS_CPU_CACHEDKERNELS_H
#define LATHE_TARGETS_CPU_CACHEDKERNELS_H

#include "targets/Cpu/ObjectEmitter.h"
#include "targets/KernelCache.h"
#include "targets/Target.h"

#include "llvm/ADT/StringMap.h"

namespace lathe::cpu {

/// A kernel, alone in its module, as text without places in the model: those do
/// not reach code.
std::string kernelText(mlir::ModuleOp kernel);

/// The hash of that text, as 64 digits: the same for every build of a compiler
/// that lowers the kernel alike, on every machine.
std::string hashKernel(mlir::ModuleOp kernel);

/// What a cache holds of the kernels of one compilation, level by level. With no
/// cache it holds nothing and keeps nothing.
class CachedKernels {
public:
  /// Looks up each function of `top`, a module of modules with one kernel each,
  /// as splitKernels() leaves them: before any pass has seen them.
  CachedKernels(KernelCache *cache, mlir::ModuleOp top,
                llvm::ArrayRef<const IsaLevel *> levels);

  /// What is known of the kernels that are there for every level, and so need
  /// no pass.
  std::vector<KernelInfo> complete() const;

  /// The object of the kernel for the level at that position, or null.
  const KernelObject *find(llvm::StringRef kernel, size_t level) const;

  /// Entries that were found, over all levels.
  size_t count() const { return found; }

  /// Keeps what was compiled for the level at that position.
  void store(const KernelInfo &info, const KernelObject &object, size_t level) const;

private:
  struct Entry {
    KernelCache::Key key;
    std::optional<KernelObject> object;
  };
  struct Kernel {
    KernelInfo info; ///< of any level: it is equal for all
    std::vector<Entry> entries;
  };

  KernelCache *cache;
  mlir::MLIRContext *context;
  llvm::StringMap<Kernel> kernels;
  size_t found = 0;
};

} // namespace lathe::cpu

#endif // LATHE_TARGETS_CPU_CACHEDKERNELS_H
