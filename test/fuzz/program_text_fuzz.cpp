// SPDX-License-Identifier: Apache-2.0
// What lathe-inspect --assemble reads: text of the program dialect, written as a
// program and shown to the loader, which may refuse it. Nothing crashes.
#include "compiler/Frontends/Fault.h"
#include "compiler/Frontends/ModuleText.h"
#include "compiler/ProgramWriter.h"
#include "dialects/Program/ProgramDialect.h"
#include "mlir/Dialect/Quant/IR/Quant.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/Parser/Parser.h"
#include "tools/LoaderCheck.h"

using namespace lathe;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes) {
  llvm::StringRef text(reinterpret_cast<const char *>(data), bytes);
  if (llvm::Error error = checkModuleText(text)) {
    (void)takeFault(std::move(error)).str();
    return 0;
  }
  mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
  context.loadDialect<graph::GraphDialect, program::ProgramDialect, mlir::quant::QuantDialect>();
  mlir::ScopedDiagnosticHandler silent(&context, [](mlir::Diagnostic &) { return mlir::success(); });
  auto module = mlir::parseSourceString<mlir::ModuleOp>(text, &context);
  if (!module)
    return 0;
  llvm::SmallVector<char, 0> program, sidecar;
  llvm::raw_svector_ostream programStream(program), sidecarStream(sidecar);
  if (succeeded(writeProgram(*module, programStream, &sidecarStream)) && sidecar.empty())
    (void)loadWritten({"", "", program});
  return 0;
}
