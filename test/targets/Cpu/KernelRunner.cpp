// SPDX-License-Identifier: Apache-2.0
#include "test/targets/Cpu/KernelRunner.h"

#include "runtime/include/lathe/kernel_abi.h"
#include "targets/Cpu/CpuTarget.h"
#include "targets/Cpu/IsaLevel.h"

#include "mlir/Parser/Parser.h"
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <cstring>
#include <random>
#include <sys/mman.h>

namespace lathe::test {

static constexpr size_t imageAlignment = 65536;

LoadedImage::LoadedImage(const KernelImage &image) : bytes(image.bytes.size()) {
  // A base aligned to 64 KiB, as runtime.md section 2 promises.
  void *area = mmap(nullptr, bytes + imageAlignment, PROT_READ | PROT_WRITE,
                    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (area == MAP_FAILED)
    return;
  base = reinterpret_cast<char *>(
      llvm::alignTo(reinterpret_cast<uintptr_t>(area), imageAlignment));
  std::memcpy(base, image.bytes.data(), bytes);
  if (mprotect(base, bytes, PROT_READ | PROT_EXEC) != 0)
    base = nullptr;
  else
    __builtin___clear_cache(base, base + bytes);
}

LoadedImage::~LoadedImage() {
  if (base)
    munmap(base, bytes);
}

std::vector<std::string> testLevels() {
  std::vector<std::string> levels;
  if (const char *given = std::getenv("LATHE_TEST_LEVELS")) {
    llvm::SmallVector<llvm::StringRef> names;
    llvm::StringRef(given).split(names, ',');
    for (llvm::StringRef name : names)
      levels.push_back(name.str());
    return levels;
  }
  for (llvm::StringRef name : cpu::isaLevelNames())
    if (cpu::runsHere(*cpu::findIsaLevel(name)))
      levels.push_back(name.str());
  return levels;
}

KernelRunner::KernelRunner(const std::string &text, CompileOptions options) {
  cpu::CpuTarget target;
  mlir::DialectRegistry registry;
  target.getDependentDialects(registry);
  context.appendDialectRegistry(registry);
  context.loadAllAvailableDialects();
  auto module = mlir::parseSourceString<mlir::ModuleOp>(text, &context);
  EXPECT_TRUE(module) << "the kernel does not parse";
  if (!module)
    return;
  if (options.levels.empty())
    options.levels = testLevels();
  auto result = target.compile(*module, options);
  EXPECT_TRUE(mlir::succeeded(result)) << "the kernel does not compile";
  if (mlir::failed(result))
    return;
  compiled = std::move(*result);
  for (const KernelImage &image : compiled.images)
    images.push_back(std::make_unique<LoadedImage>(image));
}

KernelRunner::~KernelRunner() = default;

// Kernels of an image are not preceded by the type record that clang's
// -fsanitize=function looks for.
#if defined(__clang__)
__attribute__((no_sanitize("function")))
#endif
static void callKernel(lathe_kernel_fn entry, const lathe_kernel_args &args, int64_t begin, int64_t end,
                       void *scratch) {
  entry(&args, begin, end, scratch);
}

uint32_t KernelRunner::run(size_t level, const std::vector<void *> &buffers,
                           const std::vector<int64_t> &sizes, size_t index,
                           int64_t tilesPerCall) const {
  const KernelInfo &info = compiled.kernels[index];
  EXPECT_EQ(info.buffer_count, buffers.size());
  EXPECT_EQ(info.size_count, sizes.size());
  std::vector<intptr_t> sizeValues(sizes.begin(), sizes.end());
  uint32_t status = LATHE_KERNEL_OK;
  lathe_kernel_args args = {};
  args.buffers = buffers.data();
  args.sizes = sizeValues.data();
  args.status = &status;
  args.buffer_count = buffers.size();
  args.size_count = sizes.size();
  int64_t tiles = compiled.tileCount(index, sizes);
  args.tile_count = tiles;
  // A red zone behind scratch shows a kernel that needs more than it says.
  size_t scratch_bytes = info.scratch_bytes;
  std::vector<char> memory(scratch_bytes + 2 * LATHE_REGION_ALIGNMENT);
  char *scratch = reinterpret_cast<char *>(llvm::alignTo(
      reinterpret_cast<uintptr_t>(memory.data()), LATHE_REGION_ALIGNMENT));
  auto entry = reinterpret_cast<lathe_kernel_fn>(
      images[level]->at(compiled.images[level].entries[index]));
  int64_t end = tiles;
  while (end > 0) {
    int64_t begin = std::max<int64_t>(0, end - tilesPerCall);
    std::memset(memory.data(), 0xff, memory.size());
    callKernel(entry, args, begin, end, scratch);
    for (char *at = scratch + scratch_bytes;
         at < memory.data() + memory.size(); ++at)
      EXPECT_EQ(char(0xff), *at) << "a kernel left its scratch";
    end = begin;
  }
  return status;
}

std::vector<float> randomFloats(size_t count, unsigned seed, float low,
                                float high) {
  std::mt19937 generator(seed);
  std::vector<float> values(count);
  for (float &value : values)
    value = low + (high - low) * float(generator() >> 8) / float(1 << 24);
  return values;
}

void expectClose(const std::vector<float> &actual,
                 const std::vector<float> &expected, float tolerance,
                 const std::string &what) {
  ASSERT_EQ(actual.size(), expected.size()) << what;
  for (size_t i = 0; i < actual.size(); ++i) {
    if (std::isnan(expected[i]) && std::isnan(actual[i]))
      continue;
    if (actual[i] == expected[i])
      continue;
    float scale = std::max(1.0f, std::fabs(expected[i]));
    ASSERT_LE(std::fabs(actual[i] - expected[i]), tolerance * scale)
        << what << " at " << i << ": " << actual[i] << " for " << expected[i];
  }
}

} // namespace lathe::test
