// SPDX-License-Identifier: Apache-2.0
//
// A program file as text, as a table of sizes, as JSON; and text as a file.
#include "compiler/OutputFile.h"
#include "compiler/ProgramReader.h"
#include "compiler/ProgramWriter.h"
#include "dialects/Graph/GraphOps.h"
#include "dialects/Program/ProgramDialect.h"
#include "tools/CommandLine.h"
#include "tools/lathe-inspect/Assemble.h"
#include "tools/lathe-inspect/ProgramReport.h"
#include "tools/lathe-run/model_file.h"
#include "tools/lathe-run/output_file.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Quant/IR/Quant.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/SourceMgr.h"

using namespace mlir;
namespace cl = llvm::cl;

namespace {

cl::OptionCategory category("Options of lathe-inspect");
cl::opt<std::string> inputPath(cl::Positional, cl::desc("<model.lathe>"), cl::cat(category));
cl::opt<bool> showSizes("sizes", cl::desc("Bytes per segment, region, plan and kernel"), cl::cat(category));
cl::opt<bool> showJson("json", cl::desc("The same as JSON, \"schema\": 1"), cl::cat(category));
cl::opt<bool> showLocations("locations", cl::desc("Instructions with the model's nodes and lines"), cl::cat(category));
cl::opt<bool> checkPlans("verify", cl::desc("Also check lifetimes and overlaps of buffers"), cl::cat(category));
cl::opt<std::string> textPath("text-out", cl::desc("Write the program's text to a file"),
                              cl::value_desc("x.mlir"), cl::cat(category));
cl::opt<std::string> assemblePath("assemble", cl::desc("Make a program of such a text (needs -o)"),
                                  cl::value_desc("x.mlir"), cl::cat(category));
cl::opt<std::string> outputPath("o", cl::desc("The program that --assemble writes"),
                                cl::value_desc("y.lathe"), cl::cat(category));
cl::opt<std::string> weightsPath("weights", cl::desc("Program that holds the bytes which --assemble needs, by hash"),
                                 cl::value_desc("model.lathe"), cl::cat(category));

constexpr const char *kOverview =
    "Shows what a Lathe program holds. The file is checked as the runtime would;\n"
    "its code is never run.\n\n"
    "  lathe-inspect model.lathe                       the program as text\n"
    "  lathe-inspect --sizes model.lathe               where the bytes are\n"
    "  lathe-inspect --locations model.lathe           what each instruction computes\n"
    "  lathe-inspect --json model.lathe                the same for scripts (docs/json.md)\n"
    "  lathe-inspect --text-out x.mlir model.lathe     text to edit, then\n"
    "  lathe-inspect --assemble x.mlir --weights model.lathe -o y.lathe\n";

int writeText(ModuleOp module, llvm::StringRef path) {
  std::string text;
  llvm::raw_string_ostream(text) << module;
  if (llvm::Error error = lathe::writeOutput(path, text))
    return lathe::complain(lathe::kExitIo, "cannot write " + path, llvm::toString(std::move(error)));
  return lathe::kExitOk;
}

int inspect(MLIRContext &context) {
  if (lathe::run::model_file other = lathe::run::recognise_model(inputPath); !other.what.empty())
    return lathe::complain(lathe::kExitBadInput, inputPath + " is " + other.what, "", other.advice);
  if (int code = lathe::checkFile(inputPath))
    return code;
  auto module = lathe::readProgramFile(&context, inputPath);
  if (!module)
    return lathe::complain(lathe::kExitBadInput, "cannot inspect " + inputPath, llvm::toString(module.takeError()));
  if (checkPlans && failed(lathe::verifyPlans(**module)))
    return lathe::complain(lathe::kExitBadInput, inputPath + " is no sound program", "see above");
  std::string same = lathe::run::same_file_among(textPath, {inputPath, lathe::sidecarPath(inputPath)});
  if (!same.empty())
    return lathe::complain(lathe::kExitIo, "cannot write " + textPath, "it is " + same + ", which is read");
  if (!textPath.empty())
    return writeText(**module, textPath);
  if (showLocations)
    return lathe::printLocations(llvm::outs(), **module), lathe::kExitOk;
  if (!showSizes && !showJson)
    return checkPlans ? lathe::kExitOk : writeText(**module, "-");
  FailureOr<llvm::json::Value> report = lathe::reportProgram(**module);
  if (failed(report))
    return lathe::complain(lathe::kExitBadInput, "cannot report on " + inputPath, "see above");
  if (showJson)
    lathe::printJson(llvm::outs(), *report);
  else
    lathe::printSizes(llvm::outs(), *report);
  return lathe::kExitOk;
}

} // namespace

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  cl::HideUnrelatedOptions(category);
  cl::extrahelp codes("\nEXIT CODES: 0 ok, 2 usage, 3 bad input file, 6 input or output failed\n");
  if (std::optional<int> code = lathe::parseCommandLine(argc, argv, "lathe-inspect", kOverview))
    return *code;
  for (const cl::opt<std::string> *option : {&textPath, &assemblePath, &outputPath, &weightsPath})
    if (option->getNumOccurrences() > 0 && option->getValue().empty())
      return lathe::usageError((option->ArgStr.size() > 1 ? "--" : "-") + option->ArgStr + " is empty",
                               "a path, or leave it out");
  if (inputPath.empty() == assemblePath.empty())
    return lathe::usageError(inputPath.empty() ? "no program was given" : "a program and --assemble were given",
                             "lathe-inspect model.lathe, or lathe-inspect --help");
  DialectRegistry registry;
  registry.insert<lathe::graph::GraphDialect, lathe::program::ProgramDialect, func::FuncDialect,
                  quant::QuantDialect>();
  MLIRContext context(registry);
  context.loadAllAvailableDialects();
  context.printOpOnDiagnostic(false); // a whole variant says nothing more
  llvm::SourceMgr sources;
  // Diagnostics quote files: they go to the terminal escaped.
  lathe::ShownErrors shown;
  SourceMgrDiagnosticHandler diagnostics(sources, &context, shown);
  int code = assemblePath.empty() ? inspect(context)
                                  : lathe::assemble(context, assemblePath, weightsPath, outputPath);
  return lathe::closeOutput(code);
}
