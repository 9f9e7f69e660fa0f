// SPDX-License-Identifier: Apache-2.0
#include "tools/lathe-inspect/Assemble.h"

#include "compiler/ProgramReader.h"
#include "compiler/ProgramWriter.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Parser/Parser.h"
#include "runtime/include/lathe/lathe.h"

using namespace mlir;
using namespace lathe;

int lathe::complain(ExitCode code, const llvm::Twine &what, const llvm::Twine &why) {
  llvm::errs() << "error: " << what << "\n  why: " << why << "\n";
  return code;
}

int lathe::checkFile(const std::string &path) {
  lathe_options options = {};
  options.struct_bytes = sizeof(options);
  lathe_program *program = nullptr;
  lathe_error error = {};
  int32_t status = lathe_program_open_file(path.c_str(), &options, &program, &error);
  lathe_program_close(program);
  if (status == LATHE_OK || status == LATHE_ERR_CODE_NOT_AUTHORIZED || status == LATHE_ERR_UNSUPPORTED)
    return kExitOk;
  return complain(status == LATHE_ERR_IO ? kExitIo : kExitBadInput, "cannot inspect " + path, error.text);
}

int lathe::assemble(MLIRContext &context, const std::string &textPath, const std::string &weightsPath,
                    const std::string &outputPath) {
  if (outputPath.empty())
    return complain(kExitUsage, "--assemble writes nothing", "-o is missing");
  OwningOpRef<ModuleOp> source; // keeps the module that brought the weights
  if (!weightsPath.empty()) {
    auto read = readProgramFile(&context, weightsPath);
    if (!read)
      return complain(kExitBadInput, "cannot read " + weightsPath, llvm::toString(read.takeError()));
    source = std::move(*read);
  }
  OwningOpRef<ModuleOp> module = parseSourceFile<ModuleOp>(textPath, &context);
  if (!module)
    return complain(kExitBadInput, "cannot assemble " + textPath, "it does not parse");
  if (failed(writeProgramFile(*module, outputPath)))
    return complain(kExitIo, "cannot write " + outputPath, "see above");
  return checkFile(outputPath);
}
