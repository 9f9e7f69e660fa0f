// SPDX-License-Identifier: Apache-2.0
//
// Any pass of Lathe alone, on text. Registers, decides nothing.
#include "compiler/Frontends/Fault.h"
#include "compiler/Frontends/GraphWeights.h"
#include "compiler/Frontends/ModuleText.h"
#include "compiler/Reference/Passes.h"
#include "dialects/Graph/GraphDialect.h"
#include "dialects/Program/ProgramDialect.h"
#include "passes/Passes.h"
#include "targets/Cpu/Passes.h"
#include "targets/Cpu/Pipeline.h"
#include "tools/CommandLine.h"
#include "tools/lathe-run/exit_codes.h"

#include "mlir/InitAllDialects.h"
#include "mlir/InitAllExtensions.h"
#include "mlir/InitAllPasses.h"
#include "mlir/Support/FileUtilities.h"
#include "mlir/Support/ToolUtilities.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/ToolOutputFile.h"

namespace {
/// Fills the store of weights as soon as there is one.
class WeightsExtension
    : public mlir::DialectExtension<WeightsExtension, lathe::graph::GraphDialect> {
public:
  explicit WeightsExtension(std::vector<std::string> paths) : paths(std::move(paths)) {}
  void apply(mlir::MLIRContext *, lathe::graph::GraphDialect *dialect) const override {
    for (const std::string &path : paths)
      if (llvm::Error error = lathe::readGraphWeights(path, dialect->getWeightStore()))
        llvm::errs() << llvm::toString(std::move(error)) << '\n';
  }

private:
  std::vector<std::string> paths;
};
} // namespace

// The weights that lie beside the text, where there are any. Whether they may be read: no output
// goes where they are.
static bool addWeights(mlir::DialectRegistry &registry, llvm::StringRef input, llvm::StringRef output) {
  std::string weights = lathe::graphWeightsPath(input);
  if (!llvm::sys::fs::exists(weights))
    return true;
  if (llvm::sys::fs::equivalent(output, weights)) {
    llvm::errs() << "error: cannot write " << output << ": it is the weights of a text that is read\n";
    return false;
  }
  registry.addExtension(mlir::TypeID::get<WeightsExtension>(),
                        std::make_unique<WeightsExtension>(std::vector<std::string>{weights}));
  return true;
}

// Text that MLIR's parser cannot bear is no crash here either. Parts of a file that the tool takes one by
// one may define the same aliases.
static llvm::Error checkParts(llvm::StringRef text, llvm::StringRef marker) {
  llvm::SmallVector<llvm::StringRef> parts{text};
  if (!marker.empty()) {
    parts.clear();
    text.split(parts, marker);
  }
  for (llvm::StringRef part : parts)
    if (llvm::Error error = lathe::checkModuleText(part))
      return error;
  return llvm::Error::success();
}

static int runOn(llvm::StringRef input, llvm::StringRef output, mlir::DialectRegistry &registry) {
  auto config = mlir::MlirOptMainConfig::createFromCLOptions();
  if (config.shouldShowDialects() || config.shouldListPasses())
    return mlir::asMainReturnCode(mlir::MlirOptMain(llvm::outs(), nullptr, registry, config));
  std::string message;
  std::unique_ptr<llvm::MemoryBuffer> text = mlir::openInputFile(input, &message);
  if (!text) {
    llvm::errs() << "error: " << message << '\n';
    return lathe::kExitIo;
  }
  if (llvm::Error error = checkParts(text->getBuffer(), config.inputSplitMarker())) {
    llvm::errs() << "error: " << lathe::takeFault(std::move(error)).what << "\n  at " << input << '\n';
    return lathe::kExitBadInput;
  }
  std::unique_ptr<llvm::ToolOutputFile> file = mlir::openOutputFile(output, &message);
  if (!file) {
    llvm::errs() << "error: " << message << '\n';
    return lathe::kExitIo;
  }
  if (failed(mlir::MlirOptMain(file->os(), std::move(text), registry, config)))
    return EXIT_FAILURE;
  file->keep();
  return lathe::kExitOk;
}

int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  mlir::registerAllDialects(registry);
  mlir::registerAllExtensions(registry);
  mlir::registerAllPasses();
  lathe::registerLathePasses();
  lathe::reference::registerLatheReferencePasses();
  lathe::cpu::registerLatheCpuPasses();
  lathe::cpu::registerPipelines();
  registry.insert<lathe::graph::GraphDialect, lathe::program::ProgramDialect>();
  llvm::cl::extrahelp examples(
      "\nEXAMPLES\n\n"
      "  lathec model.pt2 --emit=graph -o model.mlir\n"
      "  lathe-opt --lathe-form-groups model.mlir\n"
      "  lathe-opt --lathe-form-groups --lathe-outline-kernels model.mlir -o kernels.mlir\n"
      "  lathe-opt --lathe-simplify-graph --mlir-print-ir-after-change model.mlir\n");
  llvm::cl::SetVersionPrinter([](llvm::raw_ostream &os) { lathe::printVersion(os, "lathe-opt"); });
  auto [input, output] =
      mlir::registerAndParseCLIOptions(argc, argv, "Lathe: one pass at a time, on text\n", registry);
  if (!addWeights(registry, input, output))
    return lathe::kExitIo;
  return runOn(input, output, registry);
}
