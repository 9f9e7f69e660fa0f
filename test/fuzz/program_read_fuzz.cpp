// SPDX-License-Identifier: Apache-2.0
// The compiler's own reader of programs, behind lathe-inspect, which checks no
// digests: a program and its sidecar of any content. The last two bytes say how
// many before them are the sidecar.
#include "compiler/ProgramReader.h"
#include "dialects/Graph/GraphDialect.h"
#include "dialects/Program/ProgramDialect.h"
#include "mlir/Dialect/Quant/IR/Quant.h"
#include "mlir/IR/Diagnostics.h"

using namespace lathe;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes) {
  llvm::StringRef whole(reinterpret_cast<const char *>(data), bytes), sidecar;
  if (bytes >= 2) {
    size_t size = data[bytes - 2] | size_t(data[bytes - 1]) << 8;
    if (size != 0 && size <= bytes - 2) {
      sidecar = whole.drop_back(2).take_back(size);
      whole = whole.drop_back(2 + size);
    }
  }
  mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
  context.loadDialect<graph::GraphDialect, program::ProgramDialect, mlir::quant::QuantDialect>();
  mlir::ScopedDiagnosticHandler silent(&context, [](mlir::Diagnostic &) { return mlir::success(); });
  std::shared_ptr<llvm::MemoryBuffer> beside;
  if (!sidecar.empty())
    beside = llvm::MemoryBuffer::getMemBufferCopy(sidecar, "fuzz.lathew");
  auto module = readProgram(&context, llvm::MemoryBuffer::getMemBufferCopy(whole, "fuzz.lathe"), beside);
  if (!module) {
    llvm::consumeError(module.takeError());
    return 0;
  }
  std::string printed;
  llvm::raw_string_ostream(printed) << **module;
  return 0;
}
