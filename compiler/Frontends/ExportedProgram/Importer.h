// SPDX-License-Identifier: Apache-2.0
// From a checked exported program to a module of the graph dialect.
#ifndef LATHE_COMPILER_FRONTENDS_EXPORTEDPROGRAM_IMPORTER_H
#define LATHE_COMPILER_FRONTENDS_EXPORTEDPROGRAM_IMPORTER_H

#include "compiler/Frontends/ExportedProgram/Pt2Archive.h"
#include "compiler/Frontends/Frontend.h"

namespace lathe::pt2 {

/// Imports one model of the archive; see importModelFile. The context's
/// WeightStore keeps the archive alive.
llvm::Expected<mlir::OwningOpRef<mlir::ModuleOp>>
importArchive(std::unique_ptr<Pt2Archive> archive,
              const FrontendOptions &options, mlir::MLIRContext &context);

/// Whether the importer has a row for this operator (Node::operatorName()).
bool isImportedOperator(llvm::StringRef name);
/// All rows, sorted, for the generated table of operators.
std::vector<std::string> importedOperators();

} // namespace lathe::pt2

#endif // LATHE_COMPILER_FRONTENDS_EXPORTEDPROGRAM_IMPORTER_H
