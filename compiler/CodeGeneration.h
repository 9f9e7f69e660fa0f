// SPDX-License-Identifier: Apache-2.0
//
// From outlined kernels to machine code: lowers a copy of @kernels to linalg,
// hands it to the target, and notes on each graph.kernel what a call needs
// (`graph.codegen`, see docs/architecture.md).
#ifndef LATHE_COMPILER_CODEGENERATION_H
#define LATHE_COMPILER_CODEGENERATION_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "mlir/Pass/PassManager.h"
#include "targets/Target.h"

namespace lathe {

/// The kernels of `module` as functions in linalg on tensors. `watch` sees the
/// passes before they run.
mlir::FailureOr<mlir::OwningOpRef<mlir::ModuleOp>>
lowerKernels(mlir::ModuleOp module, llvm::function_ref<void(mlir::PassManager &)> watch);

/// Compiles the kernels of an outlined module and annotates it. With
/// options.keepObject, images are linked ones: kernels are named by their place
/// in the table of Target::linkObject. `tune`, if any, sees the kernels on tensors
/// before they are compiled.
mlir::FailureOr<CompiledKernels>
generateCode(mlir::ModuleOp module, const Target &target, const CompileOptions &options,
             llvm::function_ref<mlir::LogicalResult(mlir::ModuleOp)> tune = nullptr);

} // namespace lathe

#endif // LATHE_COMPILER_CODEGENERATION_H
