/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bits of CodeImage.features, one space per image format. They belong to the
 * file format: a bit keeps its meaning for ever, new ones are added at the end,
 * a loader refuses an image with a bit that it does not know.
 */
#ifndef LATHE_SCHEMA_ISA_FEATURES_H
#define LATHE_SCHEMA_ISA_FEATURES_H

#include <stdint.h>

#define LATHE_ISA_BIT(n) (UINT64_C(1) << (n))

/* raw_x86_64. The base is x86-64 (SSE2). AVX bits imply that the operating
 * system saves the registers. */
#define LATHE_X86_SSE3 LATHE_ISA_BIT(0)
#define LATHE_X86_SSSE3 LATHE_ISA_BIT(1)
#define LATHE_X86_SSE4_1 LATHE_ISA_BIT(2)
#define LATHE_X86_SSE4_2 LATHE_ISA_BIT(3)
#define LATHE_X86_POPCNT LATHE_ISA_BIT(4)
#define LATHE_X86_CX16 LATHE_ISA_BIT(5)
#define LATHE_X86_LAHF LATHE_ISA_BIT(6)
#define LATHE_X86_AVX LATHE_ISA_BIT(7)
#define LATHE_X86_AVX2 LATHE_ISA_BIT(8)
#define LATHE_X86_FMA LATHE_ISA_BIT(9)
#define LATHE_X86_F16C LATHE_ISA_BIT(10)
#define LATHE_X86_BMI1 LATHE_ISA_BIT(11)
#define LATHE_X86_BMI2 LATHE_ISA_BIT(12)
#define LATHE_X86_LZCNT LATHE_ISA_BIT(13)
#define LATHE_X86_MOVBE LATHE_ISA_BIT(14)
#define LATHE_X86_AVX512F LATHE_ISA_BIT(15)
#define LATHE_X86_AVX512BW LATHE_ISA_BIT(16)
#define LATHE_X86_AVX512CD LATHE_ISA_BIT(17)
#define LATHE_X86_AVX512DQ LATHE_ISA_BIT(18)
#define LATHE_X86_AVX512VL LATHE_ISA_BIT(19)
#define LATHE_X86_AVX512VNNI LATHE_ISA_BIT(20)
#define LATHE_X86_AVX512BF16 LATHE_ISA_BIT(21)
#define LATHE_X86_AVX512VBMI LATHE_ISA_BIT(22)
#define LATHE_X86_AVXVNNI LATHE_ISA_BIT(23)
#define LATHE_X86_AVX512FP16 LATHE_ISA_BIT(24)
#define LATHE_X86_AMX_TILE LATHE_ISA_BIT(25)
#define LATHE_X86_AMX_INT8 LATHE_ISA_BIT(26)
#define LATHE_X86_AMX_BF16 LATHE_ISA_BIT(27)
#define LATHE_X86_KNOWN (LATHE_ISA_BIT(28) - 1)

/* The psABI levels. */
#define LATHE_X86_64_V2                                                        \
  (LATHE_X86_SSE3 | LATHE_X86_SSSE3 | LATHE_X86_SSE4_1 | LATHE_X86_SSE4_2 |    \
   LATHE_X86_POPCNT | LATHE_X86_CX16 | LATHE_X86_LAHF)
#define LATHE_X86_64_V3                                                        \
  (LATHE_X86_64_V2 | LATHE_X86_AVX | LATHE_X86_AVX2 | LATHE_X86_FMA |          \
   LATHE_X86_F16C | LATHE_X86_BMI1 | LATHE_X86_BMI2 | LATHE_X86_LZCNT |        \
   LATHE_X86_MOVBE)
#define LATHE_X86_64_V4                                                        \
  (LATHE_X86_64_V3 | LATHE_X86_AVX512F | LATHE_X86_AVX512BW |                  \
   LATHE_X86_AVX512CD | LATHE_X86_AVX512DQ | LATHE_X86_AVX512VL)

/* raw_aarch64. The base is ARMv8.0-A with NEON. */
#define LATHE_ARM64_DOTPROD LATHE_ISA_BIT(0)
#define LATHE_ARM64_FP16 LATHE_ISA_BIT(1)
#define LATHE_ARM64_BF16 LATHE_ISA_BIT(2)
#define LATHE_ARM64_I8MM LATHE_ISA_BIT(3)
#define LATHE_ARM64_SVE LATHE_ISA_BIT(4)
#define LATHE_ARM64_SVE2 LATHE_ISA_BIT(5)
#define LATHE_ARM64_KNOWN (LATHE_ISA_BIT(6) - 1)

/* raw_riscv64. The base is RV64GC. */
#define LATHE_RV64_V LATHE_ISA_BIT(0)
#define LATHE_RV64_ZFH LATHE_ISA_BIT(1)
#define LATHE_RV64_ZVFH LATHE_ISA_BIT(2)
#define LATHE_RV64_ZBA LATHE_ISA_BIT(3)
#define LATHE_RV64_ZBB LATHE_ISA_BIT(4)
#define LATHE_RV64_KNOWN (LATHE_ISA_BIT(5) - 1)

#endif /* LATHE_SCHEMA_ISA_FEATURES_H */
