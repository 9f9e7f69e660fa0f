// SPDX-License-Identifier: Apache-2.0
//
// Factories and registration of the passes that need the reference
// interpreter, generated from Passes.td.
#ifndef LATHE_COMPILER_REFERENCE_PASSES_H
#define LATHE_COMPILER_REFERENCE_PASSES_H

#include "dialects/Graph/GraphOps.h"
#include "mlir/Pass/Pass.h"

namespace lathe::reference {

#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "compiler/Reference/Passes.h.inc"

} // namespace lathe::reference

#endif // LATHE_COMPILER_REFERENCE_PASSES_H
