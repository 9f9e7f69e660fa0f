// SPDX-License-Identifier: Apache-2.0
// The interface of all front ends: a model file becomes a verified module of
// the graph dialect, or one fault that names the node.
#ifndef LATHE_COMPILER_FRONTENDS_FRONTEND_H
#define LATHE_COMPILER_FRONTENDS_FRONTEND_H

#include "compiler/Frontends/DimBounds.h"
#include "compiler/Frontends/Fault.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include <string>
#include <vector>

namespace lathe {

struct FrontendOptions {
  std::string model;               ///< Of several in one file; empty: the only.
  std::string methodName = "main"; ///< Symbol of the func.func.
  std::vector<DimBound> dimBounds;
  /// Receives what is odd but no fault, as sentences; may be null.
  std::vector<std::string> *warnings = nullptr;
};

/// Reads a model file of any known format: a .pt2 archive, recognised by
/// content, or text of the graph dialect (.mlir), which may hold several
/// methods. A method is a public func.func whose arguments and results carry
/// their exported names in `graph.name`; `graph.symbol`, `graph.assume`, `graph.weight` and
/// `graph.state` stand beside it. The bytes of weights stay in the mapped file,
/// which the context's WeightStore keeps alive. Loads the graph dialect.
llvm::Expected<mlir::OwningOpRef<mlir::ModuleOp>>
importModelFile(llvm::StringRef path, const FrontendOptions &options,
                mlir::MLIRContext &context);

} // namespace lathe

#endif // LATHE_COMPILER_FRONTENDS_FRONTEND_H
