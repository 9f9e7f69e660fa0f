// SPDX-License-Identifier: Apache-2.0
// Prints the graph module of a model file: the front end alone, for lit tests
// and for debugging. Exit code 3: the file is refused.
#include "compiler/Frontends/ExportedProgram/Importer.h"
#include "compiler/Frontends/Frontend.h"
#include "mlir/IR/MLIRContext.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/InitLLVM.h"

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  llvm::cl::opt<std::string> path(llvm::cl::Positional,
                                  llvm::cl::desc("<model file>"));
  llvm::cl::list<std::string> dims("dim", llvm::cl::desc("NAME=lo..hi"));
  llvm::cl::opt<std::string> model("model", llvm::cl::desc("model name"));
  llvm::cl::opt<bool> locations("locations",
                                llvm::cl::desc("print locations"));
  llvm::cl::opt<bool> quiet("q", llvm::cl::desc("print nothing"));
  llvm::cl::opt<bool> list("list", llvm::cl::desc("print imported operators"));
  llvm::cl::ParseCommandLineOptions(argc, argv, "Prints a model as a graph\n");
  if (list) {
    for (const std::string &name : lathe::pt2::importedOperators())
      llvm::outs() << name << '\n';
    return 0;
  }
  auto refuse = [](llvm::Error error) {
    llvm::errs() << lathe::takeFault(std::move(error)).str() << '\n';
    return 3;
  };
  lathe::FrontendOptions options;
  options.model = model;
  for (const std::string &text : dims) {
    auto bound = lathe::parseDimBound(text);
    if (!bound)
      return refuse(bound.takeError());
    options.dimBounds.push_back(*bound);
  }
  mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
  auto module = lathe::importModelFile(path, options, context);
  if (!module)
    return refuse(module.takeError());
  mlir::OpPrintingFlags flags;
  if (locations)
    flags.enableDebugInfo(/*enable=*/true, /*prettyForm=*/false);
  if (!quiet)
    (*module)->print(llvm::outs(), flags);
  return 0;
}
