// SPDX-License-Identifier: Apache-2.0
//
// Model files to one module whose faults are all the files': behind this point
// a broken rule is a fault of the compiler.
#include "compiler/Compiler.h"

#include "compiler/DiagnosticCollector.h"
#include "compiler/MergeModules.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Pass/PassManager.h"
#include "passes/Import/GraphContract.h"
#include "passes/Passes.h"

using namespace mlir;
using namespace lathe;

// Checks a module as it was read from `path`, before anything is changed in it.
static llvm::Error checkImported(ModuleOp module, StringRef path, bool verbose) {
  MLIRContext &context = *module.getContext();
  DiagnosticCollector collector(context, verbose);
  if (failed(verifyNames(module)))
    return collector.take(FaultCode::LimitExceeded, "read", path);
  PassManager manager(&context);
  VerifyGraphContractOptions contract;
  contract.stage = "imported";
  manager.addPass(createVerifyGraphContract(contract));
  if (failed(verify(module)) || failed(manager.run(module)))
    return collector.take(FaultCode::GraphInvalid, "read", path);
  return llvm::Error::success();
}

llvm::Expected<OwningOpRef<ModuleOp>> lathe::importModels(MLIRContext &context,
                                                          const CompilerOptions &options,
                                                          std::vector<std::string> &warnings) {
  std::vector<OwningOpRef<ModuleOp>> modules;
  std::vector<std::string> perModel;
  for (const ModelInput &model : options.models) {
    FrontendOptions frontend;
    frontend.methodName = model.method;
    frontend.dimBounds = options.dims;
    frontend.warnings = &perModel;
    llvm::Expected<OwningOpRef<ModuleOp>> module = importModelFile(model.path, frontend, context);
    if (!module)
      return module.takeError();
    if (llvm::Error error = checkImported(**module, model.path, options.verbose))
      return error;
    modules.push_back(std::move(*module));
  }
  // Bounds go to every model: one that bounds nothing in some of several is as
  // meant, one that bounds nothing in any is not.
  size_t wildcards = llvm::count_if(options.dims, [](const DimBound &dim) { return dim.name == "*"; });
  if (perModel.size() == wildcards * modules.size())
    warnings.insert(warnings.end(), perModel.begin(), perModel.begin() + wildcards);
  return mergeModules(std::move(modules), options.join_states);
}
