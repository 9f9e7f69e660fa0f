// SPDX-License-Identifier: Apache-2.0
#include "compiler/Frontends/ExportedProgram/Pt2Program.h"

#include "compiler/Frontends/ExportedProgram/GraphCheck.h"

namespace lathe::pt2 {

static llvm::Error readParts(Pt2Program &program, llvm::StringRef model) {
  const Pt2Archive &archive = *program.archive;
  llvm::Expected<std::string> name = archive.chooseModel(model);
  if (!name)
    return name.takeError();
  std::string memberName = "models/" + *name + ".json";
  llvm::Expected<llvm::StringRef> text = archive.require(memberName);
  if (!text)
    return text.takeError();
  auto exported = decodeExportedProgram(*text, memberName);
  if (!exported)
    return exported.takeError();
  program.exported = std::move(*exported);
  auto tensors = StoredTensors::read(archive, *name);
  if (!tensors)
    return tensors.takeError();
  program.tensors = std::move(*tensors);
  return checkGraph(*program.exported, *program.tensors);
}

llvm::Expected<Pt2Program> readPt2Program(std::unique_ptr<Pt2Archive> archive,
                                          llvm::StringRef model) {
  Pt2Program program;
  program.archive = std::move(archive);
  if (llvm::Error error = readParts(program, model))
    return withFile(std::move(error), program.archive->path());
  return program;
}

} // namespace lathe::pt2
