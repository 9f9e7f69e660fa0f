// SPDX-License-Identifier: Apache-2.0
#include "targets/Cpu/KernelBench.h"

#include "runtime/include/lathe/kernel_abi.h"

#include "llvm/ADT/APFloat.h"
#include "llvm/Support/MathExtras.h"

#include <cstring>

using namespace mlir;

namespace lathe::cpu {

/// Images want a base of this alignment.
static constexpr size_t imageAlignment = 65536;

static char *alignPointer(const std::vector<char> &memory) {
  auto start = reinterpret_cast<uintptr_t>(memory.data());
  return reinterpret_cast<char *>(llvm::alignTo(start, LATHE_REGION_ALIGNMENT));
}

/// Values of a type that no kernel finds odd: fractions between -1 and 1, small
/// positions, truths. A prime number of them, so that rows differ. Empty if the
/// type is not made of bytes.
static std::vector<char> makePattern(Type type, unsigned seed) {
  constexpr unsigned count = 1021;
  bool isTruth = type.isInteger(1), isFloat = isa<FloatType>(type);
  unsigned bits = type.isIndex() ? 64 : isTruth ? 8 : type.isIntOrFloat() ? type.getIntOrFloatBitWidth() : 0;
  if (bits == 0 || bits % 8 != 0 || bits > 64)
    return {};
  std::vector<char> pattern(size_t(count) * bits / 8);
  for (unsigned i = 0; i < count; ++i) {
    unsigned random = (i + seed) * 2654435761u >> 16;
    uint64_t value = isTruth ? random % 2 : random % 4;
    if (isFloat) {
      llvm::APFloat number(double(random % 2048) / 1024 - 1);
      bool loses;
      number.convert(cast<FloatType>(type).getFloatSemantics(), llvm::APFloat::rmNearestTiesToEven, &loses);
      value = number.bitcastToAPInt().getZExtValue();
    }
    // Hosts that run kernels are little-endian (program-format.md).
    std::memcpy(pattern.data() + size_t(i) * bits / 8, &value, bits / 8);
  }
  return pattern;
}

std::optional<KernelBuffers> KernelBuffers::create(func::FuncOp kernel) {
  // More than a kernel of any model that fits such a machine.
  constexpr uint64_t bytesMax = uint64_t(4) << 30;
  KernelBuffers made;
  uint64_t sum = 0;
  for (BlockArgument argument : kernel.getArguments()) {
    auto type = dyn_cast<RankedTensorType>(argument.getType());
    if (!type || !type.hasStaticShape())
      return std::nullopt;
    Buffer buffer;
    buffer.pattern = makePattern(type.getElementType(), argument.getArgNumber());
    if (buffer.pattern.empty())
      return std::nullopt;
    unsigned bits = type.getElementType().isInteger(1) ? 8 : type.getElementType().isIndex() ? 64 : type.getElementTypeBitWidth();
    buffer.bytes = type.getNumElements() * (bits / 8);
    sum += buffer.bytes;
    if (sum > bytesMax)
      return std::nullopt;
    auto access = kernel.getArgAttrOfType<StringAttr>(argument.getArgNumber(), "lathe.access");
    bool isOutput = kernel.getArgAttr(argument.getArgNumber(), "lathe.output") != nullptr;
    StringRef kind = access ? access.getValue() : isOutput ? "write" : "read";
    buffer.isRead = kind != "write";
    buffer.isWritten = kind != "read";
    made.buffers.push_back(std::move(buffer));
  }
  for (Buffer &buffer : made.buffers) {
    buffer.memory.resize(buffer.bytes + LATHE_READ_SLACK_BYTES + LATHE_REGION_ALIGNMENT);
    made.bases.push_back(alignPointer(buffer.memory));
  }
  made.fill();
  return made;
}

void KernelBuffers::fillOne(size_t index) {
  const Buffer &buffer = buffers[index];
  auto *base = static_cast<char *>(bases[index]);
  for (size_t at = 0; at < buffer.bytes; at += buffer.pattern.size())
    std::memcpy(base + at, buffer.pattern.data(), std::min(buffer.pattern.size(), buffer.bytes - at));
}

void KernelBuffers::fill() {
  for (size_t index = 0; index < buffers.size(); ++index)
    fillOne(index);
}

void KernelBuffers::refill() {
  for (size_t index = 0; index < buffers.size(); ++index)
    if (buffers[index].isRead && buffers[index].isWritten)
      fillOne(index);
}

std::vector<char> KernelBuffers::results() const {
  std::vector<char> bytes;
  for (size_t index = 0; index < buffers.size(); ++index)
    if (auto *base = static_cast<char *>(bases[index]); buffers[index].isWritten)
      bytes.insert(bytes.end(), base, base + buffers[index].bytes);
  return bytes;
}

std::unique_ptr<LoadedKernels> LoadedKernels::load(const CompiledKernels &compiled) {
  std::unique_ptr<LoadedKernels> loaded(new LoadedKernels(compiled));
  const KernelImage &image = compiled.images.front();
  std::error_code error;
  loaded->block = llvm::sys::Memory::allocateMappedMemory(
      image.bytes.size() + imageAlignment, nullptr, llvm::sys::Memory::MF_READ | llvm::sys::Memory::MF_WRITE, error);
  if (error)
    return nullptr;
  char *base = reinterpret_cast<char *>(
      llvm::alignTo(reinterpret_cast<uintptr_t>(loaded->block.base()), imageAlignment));
  std::memcpy(base, image.bytes.data(), image.bytes.size());
  loaded->base = base;
  if (llvm::sys::Memory::protectMappedMemory(loaded->block, llvm::sys::Memory::MF_READ | llvm::sys::Memory::MF_EXEC))
    return nullptr;
  size_t scratch_bytes = 0;
  for (const KernelInfo &info : compiled.kernels)
    scratch_bytes = std::max<size_t>(scratch_bytes, info.scratch_bytes);
  loaded->scratch.resize(scratch_bytes + LATHE_READ_SLACK_BYTES + LATHE_REGION_ALIGNMENT);
  return loaded;
}

LoadedKernels::~LoadedKernels() { (void)llvm::sys::Memory::releaseMappedMemory(block); }

// Compiled kernels are not preceded by the type record that clang's
// -fsanitize=function looks for.
#if defined(__clang__)
__attribute__((no_sanitize("function")))
#endif
uint32_t LoadedKernels::run(size_t index, const KernelBuffers &buffers) {
  uint32_t status = LATHE_KERNEL_OK;
  lathe_kernel_args args = {};
  args.buffers = buffers.pointers();
  args.status = &status;
  args.buffer_count = buffers.count();
  int64_t tiles = compiled.tileCount(index, {});
  if (tiles <= 0)
    return status;
  args.tile_count = tiles;
  auto entry = reinterpret_cast<lathe_kernel_fn>(
      const_cast<char *>(base + compiled.images.front().entries[index]));
  entry(&args, 0, tiles, alignPointer(scratch));
  return status;
}

} // namespace lathe::cpu
