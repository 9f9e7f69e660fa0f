// SPDX-License-Identifier: Apache-2.0
// A whole .pt2 archive to a module of the graph dialect. Nothing may crash, hang
// or allocate out of proportion; what is imported verifies and prints.
#include "compiler/Frontends/ExportedProgram/Importer.h"
#include "dialects/Graph/GraphOps.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Verifier.h"
#include "test/fuzz/archive_mutator.h"

using namespace lathe;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes) {
  llvm::StringRef text(reinterpret_cast<const char *>(data), bytes);
  auto archive = pt2::Pt2Archive::read(llvm::MemoryBuffer::getMemBufferCopy(text, "fuzz.pt2"));
  if (!archive) {
    (void)takeFault(archive.takeError()).str();
    return 0;
  }
  mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
  mlir::ScopedDiagnosticHandler silent(&context, [](mlir::Diagnostic &) { return mlir::success(); });
  FrontendOptions options;
  options.dimBounds = {{"*", "", 0, 64}};
  auto module = pt2::importArchive(std::move(*archive), options, context);
  if (!module) {
    (void)takeFault(module.takeError()).str();
    return 0;
  }
  if (failed(mlir::verify(**module)))
    abort();
  std::string printed;
  llvm::raw_string_ostream(printed) << **module;
  return 0;
}

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t sizeMax, unsigned seed) {
  return test::mutateArchive(data, size, sizeMax, seed);
}
