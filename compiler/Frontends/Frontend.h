// SPDX-License-Identifier: Apache-2.0
// The interface of all front ends: a model file becomes a verified module of
// the graph dialect, or one fault that names the node.
#ifndef LATHE_COMPILER_FRONTENDS_FRONTEND_H
#define LATHE_COMPILER_FRONTENDS_FRONTEND_H

#include "compiler/Frontends/Fault.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include <string>
#include <vector>

namespace lathe {

/// `--dim NAME=lo..hi`: inclusive bounds of a symbol. NAME is a symbol of the
/// file ("s27"), a dimension of an input ("x[0]"), or "*" for every symbol
/// that has no upper bound otherwise.
struct DimBound {
  std::string name;
  int64_t lower = 0;
  int64_t upper = 0;
};

/// Parses "s27=1..512".
llvm::Expected<DimBound> parseDimBound(llvm::StringRef text);

struct FrontendOptions {
  std::string model;               ///< Of several in one file; empty: the only.
  std::string methodName = "main"; ///< Symbol of the func.func.
  std::vector<DimBound> dimBounds;
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
