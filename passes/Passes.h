// SPDX-License-Identifier: Apache-2.0
//
// The only pass header: factories and registration of all target-neutral
// passes, generated from Passes.td.
#ifndef LATHE_PASSES_PASSES_H
#define LATHE_PASSES_PASSES_H

#include "dialects/Graph/GraphOps.h"
#include "mlir/Pass/Pass.h"
#include "passes/Layout/WeightGrowth.h"

namespace lathe {

#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "passes/Passes.h.inc"

} // namespace lathe

#endif // LATHE_PASSES_PASSES_H
