// SPDX-License-Identifier: Apache-2.0
// A .pt2 file as a whole: read, checked, ready to be imported.
#ifndef LATHE_COMPILER_FRONTENDS_EXPORTEDPROGRAM_PT2PROGRAM_H
#define LATHE_COMPILER_FRONTENDS_EXPORTEDPROGRAM_PT2PROGRAM_H

#include "compiler/Frontends/ExportedProgram/ExportedGraph.h"
#include "compiler/Frontends/ExportedProgram/Pt2Archive.h"
#include "compiler/Frontends/ExportedProgram/Pt2Weights.h"

namespace lathe::pt2 {

/// The parts point into each other; they live and die together.
struct Pt2Program {
  std::unique_ptr<Pt2Archive> archive;
  std::unique_ptr<StoredTensors> tensors;
  std::unique_ptr<ExportedProgram> exported;
};

/// Reads and checks everything but the operators (checkOperators). `model`
/// chooses among several models of an archive, empty for the only one.
/// Faults name the file.
llvm::Expected<Pt2Program> readPt2Program(std::unique_ptr<Pt2Archive> archive,
                                          llvm::StringRef model = "");

} // namespace lathe::pt2

#endif // LATHE_COMPILER_FRONTENDS_EXPORTEDPROGRAM_PT2PROGRAM_H
