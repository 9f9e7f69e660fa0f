// SPDX-License-Identifier: Apache-2.0
#include "compiler/Frontends/Frontend.h"

#include "compiler/Frontends/ExportedProgram/Importer.h"
#include "compiler/Frontends/ExportedProgram/Pt2Archive.h"
#include "compiler/Frontends/GraphText.h"

namespace lathe {

llvm::Expected<DimBound> parseDimBound(llvm::StringRef text) {
  DimBound bound;
  auto [name, range] = text.split('=');
  auto [lower, upper] = range.split("..");
  bound.name = name.trim().str();
  bool isBad = bound.name.empty() ||
               lower.trim().getAsInteger(10, bound.lower) ||
               upper.trim().getAsInteger(10, bound.upper);
  if (isBad)
    return makeFault(FaultCode::SymbolUnknown,
                     "cannot read the bound '" + text + "'", "",
                     "write NAME=lo..hi, as in --dim s27=1..512");
  if (bound.lower < 0 || bound.lower > bound.upper)
    return makeFault(FaultCode::RangeEmpty,
                     "the bound '" + text + "' is empty or negative");
  return bound;
}

llvm::Expected<mlir::OwningOpRef<mlir::ModuleOp>>
importModelFile(llvm::StringRef path, const FrontendOptions &options,
                mlir::MLIRContext &context) {
  // Text has no first bytes that tell it apart, so its name does; archives are
  // known by their content.
  if (isGraphText(path))
    return importGraphText(path, options, context);
  auto archive = pt2::Pt2Archive::open(path);
  if (!archive)
    return archive.takeError();
  return pt2::importArchive(std::move(*archive), options, context);
}

} // namespace lathe
