// SPDX-License-Identifier: Apache-2.0
//
// The program dialect: the text form of runtime/schema/program.fbs.
#ifndef LATHE_DIALECTS_PROGRAM_PROGRAMDIALECT_H
#define LATHE_DIALECTS_PROGRAM_PROGRAMDIALECT_H

#include "dialects/Graph/GraphDialect.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/RegionKindInterface.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "dialects/Program/ProgramEnums.h.inc"

#include "dialects/Program/ProgramDialect.h.inc"

#define GET_ATTRDEF_CLASSES
#include "dialects/Program/ProgramAttributes.h.inc"

#define GET_TYPEDEF_CLASSES
#include "dialects/Program/ProgramTypes.h.inc"

namespace lathe::program {

/// Bytes of one stored element: i1 is a byte, a quantized element is its
/// storage. 0 for a type that a program cannot hold.
unsigned elementBytes(mlir::Type elementType);

/// Dense bytes of a tensor type of static shape; nothing when the element type
/// is unknown or the product leaves 63 bits.
std::optional<int64_t> tensorBytes(mlir::RankedTensorType type);

} // namespace lathe::program

#define GET_OP_CLASSES
#include "dialects/Program/ProgramOps.h.inc"

#endif // LATHE_DIALECTS_PROGRAM_PROGRAMDIALECT_H
