// SPDX-License-Identifier: Apache-2.0
#ifndef LATHE_TARGETS_CPU_PASSES_TD
#define LATHE_TARGETS_CPU_PASSES_TD

include "targets/Cpu/NormalizeKernel.td"
include "targets/Cpu/FuseElementwise.td"
include "targets/Cpu/PartitionTiles.td"
include "targets/Cpu/BlockKeys.td"
include "targets/Cpu/BufferizeKernel.td"
include "targets/Cpu/SkipMargins.td"
include "targets/Cpu/InterleaveRows.td"
include "targets/Cpu/PlanScratch.td"
include "targets/Cpu/LowerNests.td"
include "targets/Cpu/ExpandMath.td"
include "targets/Cpu/LowerEntry.td"
include "targets/Cpu/ReplaceBfloat.td"

#endif // LATHE_TARGETS_CPU_PASSES_TD
