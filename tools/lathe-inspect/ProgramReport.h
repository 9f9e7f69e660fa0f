// SPDX-License-Identifier: Apache-2.0
//
// What lathe-inspect tells about a program beside its text.
#ifndef LATHE_TOOLS_LATHE_INSPECT_PROGRAMREPORT_H
#define LATHE_TOOLS_LATHE_INSPECT_PROGRAMREPORT_H

#include "mlir/IR/BuiltinOps.h"
#include "llvm/Support/JSON.h"

namespace lathe {

/// The report as JSON, "schema": 1; fields are only added:
///   producer, state_bytes
///   segments  [{name, kind, file, bytes}]
///   weights   [{name, type, slot, offset_bytes, bytes}]
///   images    [{name, format, features, kernel_abi}]
///   kernels   [{name, device, arguments, sizes, scratch_bytes, calls}]
///   methods   [{name, inputs, outputs, symbols, variants [{devices, buffers,
///             instructions, copies, plans [{arena_bytes, lower_bound_bytes}]}]}]
mlir::FailureOr<llvm::json::Value> reportProgram(mlir::ModuleOp module);

/// Writes it. Controls in names are escaped, also U+007F to U+009F, which JSON
/// allows and terminals obey.
void printJson(llvm::raw_ostream &os, const llvm::json::Value &report);

/// The same as a table for people.
void printSizes(llvm::raw_ostream &os, const llvm::json::Value &report);

/// Each instruction, numbered as the runtime's errors do, with the nodes of the
/// model that it computes; the first 16 of them.
void printLocations(llvm::raw_ostream &os, mlir::ModuleOp module);

/// Checks that the loader leaves out: at their largest sizes all buffers lie in
/// the arena, none is read before it is written, and no two live storages
/// overlap in any plan. Emits errors.
mlir::LogicalResult verifyPlans(mlir::ModuleOp module);

} // namespace lathe

#endif // LATHE_TOOLS_LATHE_INSPECT_PROGRAMREPORT_H
