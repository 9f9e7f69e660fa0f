// SPDX-License-Identifier: Apache-2.0
#include "targets/Cpu/IsaLevel.h"

#include "runtime/schema/isa_features.h"

#include "llvm/ADT/StringMap.h"
#include "llvm/TargetParser/Host.h"

namespace lathe::cpu {

// Values of ImageFormat in runtime/schema/program.fbs.
static constexpr uint32_t rawX86 = 1, rawArm64 = 2, rawRiscv64 = 3;

/// Best of each machine first: `host` takes the first that it can run. Levels
/// with more than a level of the psABI are named after what LLVM calls it; each
/// holds what those below it hold.
static const IsaLevel levels[] = {
    {"x86-64-v4+avx512vnni", "x86_64-unknown-linux-gnu", "x86-64-v4", "+avx512vnni", "", rawX86,
     LATHE_X86_64_V4 | LATHE_X86_AVX512VNNI, {512, 32, true, true, DotProduct::Bytes}, true, true},
    {"x86-64-v4", "x86_64-unknown-linux-gnu", "x86-64-v4", "", "", rawX86,
     LATHE_X86_64_V4, {512, 32, true, true, DotProduct::Words}, true, true},
    {"x86-64-v3+avxvnni", "x86_64-unknown-linux-gnu", "x86-64-v3", "+avxvnni", "", rawX86,
     LATHE_X86_64_V3 | LATHE_X86_AVXVNNI, {256, 16, true, false, DotProduct::Bytes}, true, true},
    {"x86-64-v3", "x86_64-unknown-linux-gnu", "x86-64-v3", "", "", rawX86,
     LATHE_X86_64_V3, {256, 16, true, false, DotProduct::Words}, true, true},
    {"x86-64-v2", "x86_64-unknown-linux-gnu", "x86-64-v2", "", "", rawX86,
     LATHE_X86_64_V2, {128, 16, false, false, DotProduct::Words}, false, false},
    {"aarch64+i8mm", "aarch64-unknown-linux-gnu", "generic", "+neon,+dotprod,+i8mm", "", rawArm64,
     LATHE_ARM64_DOTPROD | LATHE_ARM64_I8MM, {128, 32, false, false, DotProduct::Usdot}, true, true},
    {"aarch64+dotprod", "aarch64-unknown-linux-gnu", "generic", "+neon,+dotprod", "", rawArm64,
     LATHE_ARM64_DOTPROD, {128, 32, false, false, DotProduct::Sdot}, true, true},
    {"aarch64", "aarch64-unknown-linux-gnu", "generic", "+neon", "", rawArm64,
     0, {128, 32, false, false, DotProduct::None}, true, true},
    {"riscv64+v", "riscv64-unknown-linux-gnu", "generic-rv64",
     "+m,+a,+f,+d,+c,+v", "lp64d", rawRiscv64, LATHE_RV64_V,
     {128, 32, false, false, DotProduct::None}, true, false},
    {"riscv64", "riscv64-unknown-linux-gnu", "generic-rv64",
     "+m,+a,+f,+d,+c", "lp64d", rawRiscv64, 0, {0, 32, false, false, DotProduct::None}, true, false},
};

bool runsHere(const IsaLevel &level) {
#if defined(__x86_64__)
  llvm::StringMap<bool> host = llvm::sys::getHostCPUFeatures();
  auto has = [&](llvm::ArrayRef<llvm::StringRef> features) {
    return llvm::all_of(features, [&](llvm::StringRef f) { return host[f.ltrim('+')]; });
  };
  llvm::SmallVector<llvm::StringRef> beyond;
  level.features.split(beyond, ',', -1, /*KeepEmpty=*/false);
  if (level.imageFormat != rawX86 || !has(beyond) ||
      !has({"sse3", "ssse3", "sse4.1", "sse4.2", "popcnt", "cx16", "sahf"}))
    return false;
  if (level.vector.vectorBits > 128 &&
      !has({"avx", "avx2", "fma", "f16c", "bmi", "bmi2", "lzcnt", "movbe"}))
    return false;
  return level.vector.vectorBits <= 256 ||
         has({"avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"});
#elif defined(__aarch64__)
  llvm::StringMap<bool> host = llvm::sys::getHostCPUFeatures();
  return level.imageFormat == rawArm64 && (!(level.requiredFeatures & LATHE_ARM64_DOTPROD) || host["dotprod"]) &&
         (!(level.requiredFeatures & LATHE_ARM64_I8MM) || host["i8mm"]);
#elif defined(__riscv) && __riscv_xlen == 64
  return level.imageFormat == rawRiscv64 &&
         (level.vector.vectorBits == 0 || llvm::sys::getHostCPUFeatures()["v"]);
#else
  (void)level;
  return false;
#endif
}

const IsaLevel *findIsaLevel(llvm::StringRef name) {
  for (const IsaLevel &level : levels)
    if (name == "host" ? runsHere(level) : level.name == name)
      return &level;
  return nullptr;
}

std::vector<llvm::StringRef> isaLevelNames() {
  std::vector<llvm::StringRef> names;
  for (const IsaLevel &level : levels)
    names.push_back(level.name);
  return names;
}

} // namespace lathe::cpu
