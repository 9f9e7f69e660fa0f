// SPDX-License-Identifier: Apache-2.0
// What this processor can execute, and its floating-point environment.
#include "program_view.h"
#include "runtime/core/backend.h"
#include "runtime/schema/isa_features.h"

#if defined(__x86_64__)
#include <cpuid.h>
#elif defined(__aarch64__) && defined(__linux__)
#include <sys/auxv.h>
#elif defined(__riscv) && defined(__linux__)
#include <sys/auxv.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

namespace lathe::backend {

namespace {

#if defined(__x86_64__)

/// A bit of a cpuid register and the feature that it stands for.
struct feature_bit {
  uint32_t bit;
  uint64_t feature;
};

template <size_t N>
uint64_t collect(uint32_t word, const feature_bit (&table)[N]) {
  uint64_t features = 0;
  for (const feature_bit &row : table)
    if (word & (uint32_t{1} << row.bit))
      features |= row.feature;
  return features;
}

constexpr uint64_t avx512 =
    LATHE_X86_AVX512F | LATHE_X86_AVX512BW | LATHE_X86_AVX512CD |
    LATHE_X86_AVX512DQ | LATHE_X86_AVX512VL | LATHE_X86_AVX512VNNI |
    LATHE_X86_AVX512BF16 | LATHE_X86_AVX512VBMI | LATHE_X86_AVX512FP16;
constexpr uint64_t avx = LATHE_X86_AVX | LATHE_X86_AVX2 | LATHE_X86_FMA |
                         LATHE_X86_F16C | LATHE_X86_AVXVNNI;
// Linux gives tile registers only on request, which this library does not make.
constexpr uint64_t known = LATHE_X86_KNOWN & ~(LATHE_X86_AMX_TILE |
                                               LATHE_X86_AMX_INT8 |
                                               LATHE_X86_AMX_BF16);

/// Vector registers that the operating system saves (XCR0).
uint64_t usable_registers(uint32_t leaf1_ecx) {
  if (!(leaf1_ecx & bit_OSXSAVE))
    return 0;
  uint32_t low = 0, high = 0;
  __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  uint64_t usable = 0;
  if ((low & 0x06) == 0x06)
    usable |= avx;
  if ((low & 0xe6) == 0xe6)
    usable |= avx512;
  return usable;
}

uint64_t detect() {
  static constexpr feature_bit leaf1_ecx[] = {
      {0, LATHE_X86_SSE3},    {9, LATHE_X86_SSSE3},   {12, LATHE_X86_FMA},
      {13, LATHE_X86_CX16},   {19, LATHE_X86_SSE4_1}, {20, LATHE_X86_SSE4_2},
      {22, LATHE_X86_MOVBE},  {23, LATHE_X86_POPCNT}, {28, LATHE_X86_AVX},
      {29, LATHE_X86_F16C}};
  static constexpr feature_bit leaf7_ebx[] = {
      {3, LATHE_X86_BMI1},      {5, LATHE_X86_AVX2},
      {8, LATHE_X86_BMI2},      {16, LATHE_X86_AVX512F},
      {17, LATHE_X86_AVX512DQ}, {28, LATHE_X86_AVX512CD},
      {30, LATHE_X86_AVX512BW}, {31, LATHE_X86_AVX512VL}};
  static constexpr feature_bit leaf7_ecx[] = {{1, LATHE_X86_AVX512VBMI},
                                              {11, LATHE_X86_AVX512VNNI}};
  static constexpr feature_bit leaf7_edx[] = {{23, LATHE_X86_AVX512FP16}};
  static constexpr feature_bit leaf71_eax[] = {{4, LATHE_X86_AVXVNNI},
                                               {5, LATHE_X86_AVX512BF16}};
  static constexpr feature_bit extended_ecx[] = {{0, LATHE_X86_LAHF},
                                                 {5, LATHE_X86_LZCNT}};
  uint32_t a = 0, b = 0, c = 0, d = 0;
  if (!__get_cpuid(1, &a, &b, &c, &d))
    return 0;
  uint64_t features = collect(c, leaf1_ecx);
  uint64_t usable = usable_registers(c);
  if (__get_cpuid_count(7, 0, &a, &b, &c, &d)) {
    uint32_t subleaves = a;
    features |= collect(b, leaf7_ebx) | collect(c, leaf7_ecx) |
                collect(d, leaf7_edx);
    if (subleaves >= 1 && __get_cpuid_count(7, 1, &a, &b, &c, &d))
      features |= collect(a, leaf71_eax);
  }
  if (__get_cpuid(0x80000001, &a, &b, &c, &d))
    features |= collect(c, extended_ecx);
  return features & (~(avx | avx512) | usable);
}

constexpr auto format_here = view::ImageFormat::raw_x86_64;
constexpr const char *name_here = "x86-64";

#elif defined(__aarch64__)

constexpr uint64_t known = LATHE_ARM64_KNOWN;

uint64_t detect() {
  uint64_t features = 0;
#ifdef __linux__
  unsigned long word = getauxval(AT_HWCAP), second = getauxval(AT_HWCAP2);
  auto add = [&](unsigned long in, int bit, uint64_t feature) {
    if (in & (1ul << bit))
      features |= feature;
  };
  add(word, 20, LATHE_ARM64_DOTPROD);
  add(word, 10, LATHE_ARM64_FP16); // ASIMDHP
  add(word, 22, LATHE_ARM64_SVE);
  add(second, 1, LATHE_ARM64_SVE2);
  add(second, 13, LATHE_ARM64_I8MM);
  add(second, 14, LATHE_ARM64_BF16);
#endif
  return features;
}

constexpr auto format_here = view::ImageFormat::raw_aarch64;
constexpr const char *name_here = "aarch64";

#elif defined(__riscv) && __riscv_xlen == 64

constexpr uint64_t known = LATHE_RV64_KNOWN;

uint64_t detect() {
  uint64_t features = 0;
#ifdef __linux__
  struct {
    int64_t key;
    uint64_t value;
  } pair = {4, 0}; // RISCV_HWPROBE_KEY_IMA_EXT_0
  constexpr long riscv_hwprobe = 258;
  if (syscall(riscv_hwprobe, &pair, 1, 0, nullptr, 0) != 0 || pair.key != 4) {
    // Before Linux 6.4, and in old emulators: one bit for each letter.
    constexpr unsigned long letter_v = 1ul << ('V' - 'A');
    return getauxval(AT_HWCAP) & letter_v ? LATHE_RV64_V : 0;
  }
  auto add = [&](int bit, uint64_t feature) {
    if (pair.value & (uint64_t{1} << bit))
      features |= feature;
  };
  add(2, LATHE_RV64_V);
  add(3, LATHE_RV64_ZBA);
  add(4, LATHE_RV64_ZBB);
  add(27, LATHE_RV64_ZFH);
  add(30, LATHE_RV64_ZVFH);
#endif
  return features;
}

constexpr auto format_here = view::ImageFormat::raw_riscv64;
constexpr const char *name_here = "riscv64";

#else

constexpr uint64_t known = 0;
uint64_t detect() { return 0; }
constexpr auto format_here = view::ImageFormat::none;
constexpr const char *name_here = "unknown";

#endif

} // namespace

cpu_description describe_cpu() {
  return {static_cast<uint8_t>(format_here), detect(), known, name_here};
}

uint64_t float_environment_enter() {
#if defined(__x86_64__)
  // Exceptions masked, nearest even, denormals neither flushed nor zero.
  constexpr uint32_t wanted = 0x1f80;
  uint32_t saved = 0;
  __asm__ volatile("stmxcsr %0" : "=m"(saved));
  if ((saved & ~0x3fu) != wanted)
    __asm__ volatile("ldmxcsr %0" ::"m"(wanted));
  return saved;
#elif defined(__aarch64__)
  uint64_t saved = 0;
  __asm__ volatile("mrs %0, fpcr" : "=r"(saved));
  if (saved != 0)
    __asm__ volatile("msr fpcr, %0" ::"r"(uint64_t{0}));
  return saved;
#elif defined(__riscv_flen)
  uint64_t saved = 0;
  __asm__ volatile("frrm %0" : "=r"(saved));
  __asm__ volatile("fsrm zero");
  return saved;
#else
  return 0;
#endif
}

void float_environment_leave(uint64_t saved) {
#if defined(__x86_64__)
  auto word = static_cast<uint32_t>(saved);
  __asm__ volatile("ldmxcsr %0" ::"m"(word));
#elif defined(__aarch64__)
  if (saved != 0)
    __asm__ volatile("msr fpcr, %0" ::"r"(saved));
#elif defined(__riscv_flen)
  __asm__ volatile("fsrm %0" ::"r"(saved));
#else
  (void)saved;
#endif
}

} // namespace lathe::backend
