// SPDX-License-Identifier: Apache-2.0
#include "tools/lathe-inspect/Assemble.h"

#include "compiler/Frontends/Fault.h"
#include "compiler/Frontends/ModuleText.h"
#include "compiler/ProgramReader.h"
#include "compiler/ProgramWriter.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Parser/Parser.h"
#include "llvm/Support/SourceMgr.h"
#include "runtime/include/lathe/lathe.h"
#include "tools/LoaderCheck.h"
#include "tools/lathe-run/output_file.h"
#include "tools/lathe-run/shown_text.h"

using namespace mlir;
using namespace lathe;

int lathe::complain(ExitCode code, const llvm::Twine &what, const llvm::Twine &why, const llvm::Twine &remedy) {
  llvm::errs() << "error: " << run::shown_lines(what.str()) << "\n  why: " << run::shown_lines(why.str()) << "\n";
  if (!remedy.isTriviallyEmpty())
    llvm::errs() << "  try: " << remedy << "\n";
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
  bool missing = status == LATHE_ERR_NOT_FOUND || status == LATHE_ERR_IO;
  return complain(status == LATHE_ERR_IO ? kExitIo : kExitBadInput, "cannot inspect " + path, error.text,
                  missing ? "check the path" : "copy the file again, or compile the model again with lathec");
}

int lathe::assemble(MLIRContext &context, const std::string &textPath, const std::string &weightsPath,
                    const std::string &outputPath) {
  if (outputPath.empty())
    return complain(kExitUsage, "--assemble writes nothing", "-o is missing");
  std::string same = run::same_file_among(outputPath, {textPath, weightsPath, sidecarPath(weightsPath)});
  if (!same.empty())
    return complain(kExitIo, "cannot write " + outputPath, "it is " + same + ", which is read");
  OwningOpRef<ModuleOp> source; // keeps the module that brought the weights
  if (!weightsPath.empty()) {
    auto read = readProgramFile(&context, weightsPath);
    if (!read)
      return complain(kExitBadInput, "cannot read " + weightsPath, llvm::toString(read.takeError()));
    source = std::move(*read);
  }
  auto text = readModuleText(textPath);
  if (!text) {
    Fault fault = takeFault(text.takeError());
    return complain(kExitBadInput, "cannot assemble " + textPath,
                    fault.why.empty() ? fault.what : fault.what + "\n" + fault.why, fault.remedy);
  }
  llvm::SourceMgr sources;
  sources.AddNewSourceBuffer(std::move(*text), llvm::SMLoc());
  OwningOpRef<ModuleOp> module = parseSourceFile<ModuleOp>(sources, &context);
  if (!module)
    return complain(kExitBadInput, "cannot assemble " + textPath, "it does not parse");
  int code = kExitOk;
  ProgramWriterOptions options;
  options.reportUnwritable = [&](StringRef path, StringRef reason) {
    code = complain(kExitIo, "cannot write " + path, reason);
  };
  options.verify = [&](const WrittenProgram &written) {
    LoaderVerdict verdict = loadWritten(written);
    if (!verdict.is_good)
      code = complain(kExitBadInput, "cannot assemble " + textPath, "the loader refuses the program: " + verdict.reason);
    return success(verdict.is_good);
  };
  if (succeeded(writeProgramFile(*module, outputPath, options)))
    return kExitOk;
  return code ? code : complain(kExitBadInput, "cannot assemble " + textPath, "it is no sound program: see above");
}
