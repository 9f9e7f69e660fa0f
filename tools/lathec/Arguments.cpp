// SPDX-License-Identifier: Apache-2.0
#include "tools/lathec/Arguments.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"
#include "runtime/include/lathe/lathe.h"
#include "tools/LoaderCheck.h"
#include "tools/lathe-run/options.h"
#include <cstdlib>
#include <functional>

using namespace lathe;
namespace cl = llvm::cl;

static constexpr char kOverview[] =
    "lathec: compiles exported models to Lathe programs\n\n"
    "  Reads torch.export archives (.pt2), or the graph dialect as text (.mlir), and\n"
    "  writes one program file that lathe-run and the runtime load. No Python and no\n"
    "  framework is needed.\n";

static constexpr char kExamples[] = R"(
EXIT CODES: 0 ok, 1 comparison failed, 2 usage, 3 bad input file, 4 unsupported operator,
  6 input or output failed, 7 run failed, 70 a fault of the compiler

EXAMPLES

  Compile for this machine and run:
    lathec model.pt2 -o model.lathe
    lathe-run model.lathe --input image=image.npy --output out/

  Bound a dynamic size, compile for two instruction sets, say what happened:
    lathec lm.pt2 -o lm.lathe --dim tokens.1=1..256 --cpu=x86-64-v4,x86-64-v3 --report

  Compute the reference outputs without compiling:
    lathec model.pt2 --interpret --input image=image.npy --output out/

  Two methods in one program, with common weights and state:
    lathec prefill=prefill.pt2 step=step.pt2 --join-states -o lm.lathe
)";

namespace {
/// Made when main runs, after freeNames(): the libraries that are linked in
/// register options of their own.
struct CommandLine {
  cl::OptionCategory category{"Options of lathec"};
  cl::list<std::string> models{cl::Positional, cl::desc("[METHOD=]MODEL ..."), cl::cat(category)};
  cl::opt<std::string> output{"o", cl::desc("What to write: a program (default: MODEL.lathe), a folder "
                                       "for --emit=object (default: MODEL/), or - for text"),
                              cl::value_desc("path"), cl::cat(category)};
  cl::opt<std::string> outputDir{"output", cl::desc("Folder for the outputs of --interpret"),
                                 cl::value_desc("folder"), cl::cat(category)};
  cl::opt<std::string> target{"target", cl::desc("Device to compile for (default: cpu)"),
                              cl::init("cpu"), cl::cat(category)};
  cl::list<std::string> cpu{"cpu", cl::CommaSeparated, cl::value_desc("level"), cl::cat(category),
                            cl::desc("Instruction sets, of which a machine takes its best: host (default), x86-64-v2, x86-64-v3, x86-64-v3+avxvnni, "
                                     "x86-64-v4, x86-64-v4+avx512vnni, aarch64, aarch64+dotprod, aarch64+i8mm, "
                                     "riscv64, riscv64+v")};
  cl::list<std::string> dims{"dim", cl::value_desc("name=lo..hi"), cl::cat(category),
                             cl::desc("Bounds of a dynamic size: of a dimension of an input (x.0), of a "
                                      "symbol (s27), or '*' for every size without an upper bound")};
  cl::opt<EmitKind> emit{
      "emit", cl::desc("What to produce:"), cl::init(EmitKind::Program), cl::cat(category),
      cl::values(clEnumValN(EmitKind::Program, "program", "a program file (default)"),
                 clEnumValN(EmitKind::Object, "object", "a folder with an object and a C header to link"),
                 clEnumValN(EmitKind::Graph, "graph", "text of the simplified graph"),
                 clEnumValN(EmitKind::Linalg, "linalg", "text of the kernels on tensors"),
                 clEnumValN(EmitKind::Llvm, "llvm", "LLVM IR of the kernels"),
                 clEnumValN(EmitKind::Assembly, "asm", "assembly of the kernels"))};
  cl::opt<bool> interpret{"interpret", cl::cat(category),
                          cl::desc("Run the reference interpreter instead of compiling")};
  cl::list<std::string> inputs{"input", cl::value_desc("name=file.npy"), cl::cat(category),
                               cl::desc("An input of --interpret")};
  cl::opt<std::string> check{"check", cl::value_desc("folder"), cl::cat(category),
                             cl::desc("With --interpret: run every folder/caseN and compare")};
  cl::opt<bool> keepState{"keep-state", cl::cat(category), cl::desc("Keep state between cases")};
  cl::opt<std::string> rtol{"rtol", cl::value_desc("number"), cl::cat(category),
                            cl::desc("Tolerance of --check, relative to an output's largest value "
                                     "(default: 1e-5)")};
  cl::opt<bool> joinStates{"join-states", cl::cat(category),
                           cl::desc("Methods share states of equal name and type")};
  cl::opt<bool> sidecar{"sidecar", cl::cat(category),
                        cl::desc("Put the weights into a second file, OUTPUT.lathew")};
  cl::opt<Precision> precision{
      "precision", cl::init(Precision::Fp32), cl::cat(category),
      cl::desc("Weights of linear layers and convolutions:"),
      cl::values(clEnumValN(Precision::Fp32, "fp32", "as the model has them (default)"),
                 clEnumValN(Precision::Bf16, "bf16", "rounded to bf16: half the memory; the rest stays f32"))};
  cl::opt<bool> noWinograd{"no-winograd", cl::cat(category),
                           cl::desc("3x3 convolutions as they are written: slower, with smaller "
                                    "weights and rounding errors (docs/performance.md)")};
  static_assert(kWeightGrowthPercent == 14, "the text of --weight-growth says so");
  cl::opt<unsigned> weightGrowth{"weight-growth", cl::value_desc("percent"), cl::init(kWeightGrowthPercent), cl::cat(category),
                                 cl::desc("How much larger weights may become where that is faster "
                                          "(default: 14; docs/performance.md)")};
  cl::opt<std::string> cacheDir{"cache-dir", cl::value_desc("folder"), cl::cat(category),
                                cl::desc("Where compiled kernels are kept for the next time (default: LATHE_CACHE_DIR, "
                                         "else lathe in the user's cache)")};
  cl::opt<bool> noCache{"no-cache", cl::cat(category),
                        cl::desc("Compile every kernel, and keep none")};
  cl::opt<bool> tune{"tune", cl::cat(category),
                     cl::desc("Measure kernels with other tile sizes on this machine, and take the fastest")};
  cl::opt<std::string> tuningFile{"tuning-file", cl::value_desc("file"), cl::cat(category),
                                  cl::desc("What was measured, as JSON: read, and with --tune written (docs/tools.md)")};
  cl::opt<unsigned> threads{"threads", cl::init(0), cl::cat(category),
                            cl::desc("Threads that compile (default: all)")};
  cl::opt<bool> report{"report", cl::cat(category),
                       cl::desc("List kernels, what was fused, copies and times")};
  cl::opt<bool> json{"json", cl::cat(category), cl::desc("Print the report as JSON (docs/json.md)")};
  cl::opt<bool> quiet{"q", cl::cat(category), cl::desc("Print errors only")};
  cl::opt<bool> verbose{"verbose", cl::cat(category), cl::desc("Add compiler internals to errors")};
  cl::opt<bool> listTargetsFlag{"list-targets", cl::cat(category),
                                cl::desc("List devices and instruction sets")};
  cl::opt<bool> listOpsFlag{"list-ops", cl::cat(category), cl::desc("List the operators that can be read")};
};
} // namespace

// Two options of one name abort the process; none of these is a library's that
// lathec passes on.
static void freeNames() {
  auto &registered = cl::getRegisteredOptions();
  for (llvm::StringRef name :
       {"o", "output", "target", "cpu", "dim", "emit", "interpret", "input", "check", "keep-state",
        "rtol", "join-states", "sidecar", "precision", "no-winograd", "weight-growth", "cache-dir", "no-cache", "tune", "tuning-file", "threads", "report", "json", "q",
        "verbose",
        "list-targets", "list-ops"})
    if (cl::Option *option = registered.lookup(name))
      option->removeArgument();
}

static std::optional<int> readModels(const CommandLine &line, Arguments &arguments) {
  for (const std::string &text : line.models) {
    auto [method, path] = llvm::StringRef(text).split('=');
    ModelInput model;
    if (!llvm::StringRef(text).contains('='))
      model.path = text;
    else
      model = {path.str(), method.str()};
    if (model.path.empty() || model.method.empty())
      return usageError("expected [METHOD=]MODEL, got '" + text + "'",
                        "main=model.pt2; a model whose name has a '=' needs METHOD= before it");
    for (const ModelInput &other : arguments.compiler.models)
      if (other.method == model.method)
        return usageError("two models are named '" + model.method + "'",
                          "name each method: prefill=a.pt2 step=b.pt2");
    arguments.compiler.models.push_back(model);
  }
  if (arguments.compiler.models.empty() && !line.listTargetsFlag && !line.listOpsFlag)
    return usageError("no model was given", "lathec model.pt2 -o model.lathe, or lathec --help");
  return std::nullopt;
}

static std::optional<int> readInputs(const CommandLine &line, Arguments &arguments) {
  for (const std::string &text : line.inputs) {
    auto [name, path] = llvm::StringRef(text).split('=');
    if (name.empty() || path.empty())
      return usageError("--input expects NAME=FILE, got '" + text + "'", "--input image=image.npy");
    for (const auto &other : arguments.inputs)
      if (other.first == name)
        return usageError("input '" + name + "' is given twice", "--input once for each input");
    arguments.inputs.emplace_back(name.str(), path.str());
  }
  return std::nullopt;
}

// The first of these options that was given, with its dashes, or nothing.
static std::string firstGiven(std::initializer_list<std::reference_wrapper<const cl::Option>> options) {
  for (const cl::Option &option : options)
    if (option.getNumOccurrences() > 0)
      return ((option.ArgStr.size() > 1 ? "--" : "-") + option.ArgStr).str();
  return "";
}

// An empty path is a mistake of a script; it does not mean the default.
static std::optional<int> checkPaths(const CommandLine &line) {
  for (const cl::opt<std::string> *option : {&line.output, &line.outputDir, &line.check, &line.cacheDir, &line.tuningFile})
    if (option->getNumOccurrences() > 0 && option->getValue().empty())
      return usageError(firstGiven({*option}) + " is empty", "a path, or leave it out");
  return std::nullopt;
}

// No option is ignored: each belongs to what the command does.
static std::optional<int> checkModes(const CommandLine &line) {
  if (line.interpret) {
    std::string given = firstGiven({line.output, line.target, line.cpu, line.emit, line.sidecar, line.precision, line.noWinograd, line.weightGrowth, line.cacheDir, line.noCache, line.tune, line.tuningFile, line.threads, line.report});
    if (!given.empty())
      return usageError(given + " does not go with --interpret",
                        "leave it out; --output names the folder of the outputs");
  } else {
    std::string given = firstGiven({line.outputDir, line.inputs, line.check});
    if (!given.empty())
      return usageError(given + " belongs to --interpret", "-o names the program; run it with lathe-run");
  }
  if (line.noWinograd && line.weightGrowth.getNumOccurrences() > 0)
    return usageError("--weight-growth does not go with --no-winograd", "leave one of them out");
  if (line.check.empty()) {
    std::string given = firstGiven({line.keepState, line.rtol});
    if (!given.empty())
      return usageError(given + " belongs to --check", "--interpret --check FOLDER");
    if (line.interpret && line.json)
      return usageError("--json belongs to --check or to a compilation", "--interpret --check FOLDER --json");
  } else if (!firstGiven({line.inputs, line.outputDir}).empty()) {
    return usageError("--check brings its own inputs and writes no outputs", "leave --input and --output out");
  }
  if (line.emit == EmitKind::Graph || line.emit == EmitKind::Linalg)
    if (std::string given = firstGiven({line.tune, line.tuningFile}); !given.empty())
      return usageError(given + " belongs to kinds of --emit that have code", "leave it out");
  if (line.tuningFile == "-")
    return usageError("--tuning-file is a file, not standard output", "--tuning-file tuned.json");
  if (line.noCache && line.cacheDir.getNumOccurrences() > 0)
    return usageError("--no-cache does not go with --cache-dir", "leave one of them out");
  if (line.emit == EmitKind::Object && line.output == "-")
    return usageError("--emit=object writes two files, not standard output", "-o model/");
  if (line.emit == EmitKind::Object && line.sidecar)
    return usageError("the weights of --emit=object lie in the object, not in a sidecar", "leave --sidecar out");
  if (line.emit != EmitKind::Program && line.sidecar)
    return usageError("--sidecar belongs to --emit=program", "leave --sidecar out");
  return std::nullopt;
}

// Where the result goes when -o does not say.
static std::string defaultOutput(const CompilerOptions &options) {
  if (options.emit != EmitKind::Program && options.emit != EmitKind::Object)
    return "-";
  if (options.models.empty())
    return "";
  llvm::SmallString<128> path(llvm::sys::path::filename(options.models.front().path));
  llvm::sys::path::replace_extension(path, options.emit == EmitKind::Object ? "" : ".lathe");
  return std::string(path);
}

// Options of the libraries, which nobody needs, may change code: what they gave
// must not be kept under the name of what is usual.
static bool hasForeignOptions(const CommandLine &line) {
  return llvm::any_of(cl::getRegisteredOptions(), [&](const auto &entry) {
    return entry.second->getNumOccurrences() > 0 && !llvm::is_contained(entry.second->Categories, &line.category);
  });
}

// Asked for by name, a folder must serve; from the environment, it is worth a
// word if it does not; the user's own cache is a convenience.
static void chooseCache(const CommandLine &line, CompilerOptions &options) {
  if (line.noCache || hasForeignOptions(line))
    return;
  if (line.cacheDir.getNumOccurrences() > 0) {
    options.cache_folder = line.cacheDir;
    options.cache_failure = CacheFailure::Fault;
  } else if (const char *given = std::getenv("LATHE_CACHE_DIR")) {
    options.cache_folder = given; // empty: no cache
    options.cache_failure = CacheFailure::Warning;
  } else if (llvm::SmallString<128> folder; llvm::sys::path::cache_directory(folder)) {
    llvm::sys::path::append(folder, "lathe");
    options.cache_folder = std::string(folder);
    options.cache_failure = CacheFailure::Ignored;
  }
}

std::optional<int> lathe::parseArguments(int argc, char **argv, Arguments &arguments) {
  freeNames();
  // Lives on: the in-process linker walks all registered options.
  static CommandLine line;
  cl::HideUnrelatedOptions(line.category);
  cl::extrahelp examples(kExamples);
  static const llvm::StringRef emitted[] = {"program", "object", "graph", "linalg", "llvm", "asm"};
  static const llvm::StringRef precisions[] = {"fp32", "bf16"};
  if (std::optional<int> code =
          parseCommandLine(argc, argv, "lathec", kOverview, {{{"emit", emitted}, {"precision", precisions}}}))
    return code;
  CompilerOptions &options = arguments.compiler;
  for (const std::string &text : line.dims) {
    llvm::Expected<DimBound> bound = parseDimBound(text);
    if (!bound) {
      Fault fault = takeFault(bound.takeError());
      return usageError(fault.what, fault.remedy);
    }
    options.dims.push_back(*bound);
  }
  options.producer = llvm::formatv("lathec {0}.{1}.{2}", LATHE_VERSION_MAJOR, LATHE_VERSION_MINOR,
                                   LATHE_VERSION_PATCH);
  options.load = loadWritten;
  options.emit = line.emit;
  options.target = line.target;
  if (!line.cpu.empty())
    options.cpu_levels.assign(line.cpu.begin(), line.cpu.end());
  options.join_states = line.joinStates;
  options.sidecar = line.sidecar;
  options.precision = line.precision;
  options.winograd = !line.noWinograd;
  options.weight_growth_percent = line.weightGrowth;
  constexpr unsigned kThreadsMax = 256;
  if (line.threads > kThreadsMax)
    return usageError(llvm::formatv("--threads={0} is more than {1}", line.threads.getValue(), kThreadsMax).str(), "0: one for each usable core");
  options.threads = line.threads;
  chooseCache(line, options);
  options.tune = line.tune;
  options.tuning_file = line.tuningFile;
  options.verbose = line.verbose;
  llvm::SmallString<128> folder;
  llvm::sys::path::system_temp_directory(/*ErasedOnReboot=*/true, folder);
  options.reproducer_folder = std::string(folder);
  arguments.interpret = line.interpret;
  arguments.check_dir = line.check;
  arguments.keep_state = line.keepState;
  if (!line.rtol.empty() && !run::parse_tolerance(line.rtol.c_str(), &arguments.rtol))
    return usageError("--rtol is a number >= 0, not '" + line.rtol + "'", "--rtol 1e-5");
  arguments.report = line.report;
  arguments.json = line.json;
  arguments.quiet = line.quiet;
  arguments.list_targets = line.listTargetsFlag;
  arguments.list_ops = line.listOpsFlag;
  if (std::optional<int> code = readModels(line, arguments))
    return code;
  if (std::optional<int> code = readInputs(line, arguments))
    return code;
  if (std::optional<int> code = checkPaths(line))
    return code;
  if (std::optional<int> code = checkModes(line))
    return code;
  options.output_path = line.interpret ? line.outputDir.getValue()
                        : line.output.empty() ? defaultOutput(options) : line.output.getValue();
  return std::nullopt;
}
