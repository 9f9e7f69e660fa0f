// SPDX-License-Identifier: Apache-2.0
#ifndef LATHE_TEST_TARGETS_CPU_KERNELRUNNER_H
#define LATHE_TEST_TARGETS_CPU_KERNELRUNNER_H

#include "targets/Target.h"

#include "mlir/IR/MLIRContext.h"

#include <memory>
#include <string>
#include <vector>

namespace lathe::test {

/// A compiled image in executable memory.
class LoadedImage {
public:
  explicit LoadedImage(const KernelImage &image);
  ~LoadedImage();
  LoadedImage(const LoadedImage &) = delete;
  void *at(uint64_t offset_bytes) const { return base + offset_bytes; }

private:
  char *base = nullptr;
  size_t bytes = 0;
};

/// Compiles kernels from text for every level that this machine runs, and
/// calls them.
class KernelRunner {
public:
  /// Fails the test if the text does not parse or compile.
  explicit KernelRunner(const std::string &text, CompileOptions options = {});
  ~KernelRunner();

  const CompiledKernels &kernels() const { return compiled; }
  size_t levelCount() const { return images.size(); }
  const std::string &level(size_t index) const {
    return compiled.images[index].level;
  }
  /// Runs all tiles of the kernel `index`, one call for each range of
  /// `tilesPerCall` tiles, last range first. Scratch is poisoned before each
  /// call. Returns the status word.
  uint32_t run(size_t level, const std::vector<void *> &buffers,
               const std::vector<int64_t> &sizes = {}, size_t index = 0,
               int64_t tilesPerCall = 1) const;

private:
  mlir::MLIRContext context;
  CompiledKernels compiled;
  std::vector<std::unique_ptr<LoadedImage>> images;
};

/// Numbers in [low, high), the same for the same seed everywhere.
std::vector<float> randomFloats(size_t count, unsigned seed, float low = -1,
                                float high = 1);

/// Fails the test where `actual` and `expected` differ by more than
/// `tolerance`, relative above one and absolute below; NaN equals NaN.
void expectClose(const std::vector<float> &actual,
                 const std::vector<float> &expected, float tolerance,
                 const std::string &what);

/// Levels of this test run: those that the machine runs, or the one in the
/// environment variable LATHE_TEST_LEVELS (comma separated).
std::vector<std::string> testLevels();

} // namespace lathe::test

#endif // LATHE_TEST_TARGETS_CPU_KERNELRUNNER_H
