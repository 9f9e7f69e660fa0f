// SPDX-License-Identifier: Apache-2.0
//
// Several imported models as one module: one method each (ir-contract C22).
#ifndef LATHE_COMPILER_MERGEMODULES_H
#define LATHE_COMPILER_MERGEMODULES_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "llvm/Support/Error.h"

namespace lathe {

/// Moves everything of `models` into the first. Weights of equal key and type
/// become one. A symbol, weight or state whose name is taken is renamed with
/// the method's name in front; with `joinStates`, states of equal name become
/// one, and it is an error if their types or initial values differ.
llvm::Expected<mlir::OwningOpRef<mlir::ModuleOp>>
mergeModules(std::vector<mlir::OwningOpRef<mlir::ModuleOp>> models, bool joinStates);

} // namespace lathe

#endif // LATHE_COMPILER_MERGEMODULES_H
