// SPDX-License-Identifier: Apache-2.0
// Text of the graph dialect as a model file: what tests and examples write by
// hand. Files are untrusted: the parser of MLIR reads what ModuleText.h lets pass.
#ifndef LATHE_COMPILER_FRONTENDS_GRAPHTEXT_H
#define LATHE_COMPILER_FRONTENDS_GRAPHTEXT_H

#include "compiler/Frontends/Frontend.h"

namespace lathe {

/// Whether importGraphText reads this file: its name ends in .mlir.
bool isGraphText(llvm::StringRef path);

/// Parses a module of stage `imported`. Each public function is a method; the
/// method of a file that has one is called options.methodName, several keep
/// their names. Arguments and results without `graph.name` become input0,
/// output0 and so on. Bounds apply to graph.symbol by name.
llvm::Expected<mlir::OwningOpRef<mlir::ModuleOp>>
importGraphText(llvm::StringRef path, const FrontendOptions &options,
                mlir::MLIRContext &context);

} // namespace lathe

#endif // LATHE_COMPILER_FRONTENDS_GRAPHTEXT_H
