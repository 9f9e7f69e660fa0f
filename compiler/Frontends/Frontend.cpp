// SPDX-License-Identifier: Apache-2.0
#include "compiler/Frontends/Frontend.h"

#include "compiler/Frontends/ExportedProgram/Importer.h"
#include "compiler/Frontends/ExportedProgram/Pt2Archive.h"
#include "compiler/Frontends/GraphText.h"

namespace lathe {

llvm::Expected<mlir::OwningOpRef<mlir::ModuleOp>>
importModelFile(llvm::StringRef path, const FrontendOptions &options,
                mlir::MLIRContext &context) {
  // Text has no first bytes that tell it apart, so its name does; archives are
  // known by their content.
  if (isGraphText(path))
    return importGraphText(path, options, context);
  auto archive = pt2::Pt2Archive::open(path, &context);
  if (!archive)
    return archive.takeError();
  return pt2::importArchive(std::move(*archive), options, context);
}

} // namespace lathe
