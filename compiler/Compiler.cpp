// SPDX-License-Identifier: Apache-2.0
#include "compiler/Compiler.h"

#include "compiler/CodeGeneration.h"
#include "compiler/DiagnosticCollector.h"
#include "compiler/Frontends/GraphWeights.h"
#include "compiler/LargeArena.h"
#include "compiler/ObjectWriter.h"
#include "compiler/OutputFile.h"
#include "compiler/Pipeline.h"
#include "compiler/ProgramRefusal.h"
#include "compiler/ProgramWriter.h"
#include "compiler/Reproducer.h"
#include "compiler/TuningFile.h"
#include "compiler/Reference/WeightEvaluator.h"
#include "dialects/Graph/GraphOps.h"
#include "dialects/Graph/WeightStore.h"
#include "dialects/Program/ProgramDialect.h"
#include "mlir/Dialect/Quant/IR/Quant.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/ThreadPool.h"
#include "llvm/Support/Threading.h"
#include "passes/Import/GraphContract.h"
#include "passes/Partition/TargetDescription.h"
#include "targets/Cpu/CpuTarget.h"
#include "targets/KernelCache.h"
#include <chrono>
#include <sys/resource.h>

using namespace mlir;
using namespace lathe;

void lathe::registerCompilerDialects(DialectRegistry &registry) {
  cpu::registerCpuTarget();
  registry.insert<func::FuncDialect, quant::QuantDialect, graph::GraphDialect,
                  program::ProgramDialect>();
  for (const Target *target : allTargets())
    target->getDependentDialects(registry);
}

// The instruction sets of a target, as it describes them.
static std::vector<std::string> levelsOf(const Target &target) {
  MLIRContext context(MLIRContext::Threading::DISABLED);
  auto description = llvm::cast<DictionaryAttr>(target.describe(&context));
  std::vector<std::string> levels;
  if (auto names = description.getAs<ArrayAttr>("levels"))
    for (StringAttr name : names.getAsRange<StringAttr>())
      levels.push_back(name.str());
  return levels;
}

std::vector<std::string> lathe::listTargets() {
  cpu::registerCpuTarget();
  std::vector<std::string> lines;
  for (const Target *target : allTargets())
    lines.push_back((target->name() + ": host, " + llvm::join(levelsOf(*target), ", ")).str());
  return lines;
}

// "did you mean 'x86-64-v3'? ", or nothing.
static std::string guess(StringRef name, ArrayRef<std::string> known) {
  std::string nearest = nearestName(name, SmallVector<StringRef>(known.begin(), known.end()));
  return nearest.empty() ? "" : "did you mean '" + nearest + "'? ";
}

// The levels to compile for: each once, `host` replaced by what it stands for,
// so that nothing behind this point depends on the machine; best first, as the
// runtime takes the first that a machine has.
static llvm::Expected<std::vector<std::string>> resolveLevels(const CompilerOptions &options,
                                                              const Target &target) {
  std::vector<std::string> known = levelsOf(target), levels;
  for (std::string level : options.cpu_levels) {
    if (level.empty())
      return makeFault(FaultCode::TargetUnknown, "a name among the instruction sets is empty", "",
                       "names with a comma between two: host, " + llvm::join(known, ", "));
    if (level == "host")
      level = target.hostLevel();
    if (level.empty())
      return makeFault(FaultCode::TargetUnknown, "this machine runs no instruction set of '" + options.target + "'",
                       "", "--cpu=, one of: " + llvm::join(known, ", "));
    if (!llvm::is_contained(known, level))
      return makeFault(FaultCode::TargetUnknown,
                       "target '" + options.target + "' has no instruction set '" + level + "'", "",
                       guess(level, known) + "one of: host, " + llvm::join(known, ", "));
    if (!llvm::is_contained(levels, level))
      levels.push_back(std::move(level));
  }
  llvm::sort(levels, [&](const std::string &a, const std::string &b) {
    return llvm::find(known, a) < llvm::find(known, b);
  });
  return levels;
}

static llvm::Error makeUnwritable(StringRef path, const Twine &reason) {
  return makeFault(FaultCode::OutputUnwritable,
                   "cannot write " + (path == "-" ? "to standard output" : path), reason,
                   "name another place with -o");
}

// No output is a model or the weights beside its text, also not through a link.
static llvm::Error checkOverwritten(const CompilerOptions &options) {
  std::vector<std::string> places = {options.output_path};
  if (options.emit == EmitKind::Object) {
    ObjectPlace files = objectPlace(options.output_path);
    places = {files.object, files.header};
  } else if (options.sidecar) {
    places.push_back(sidecarPath(options.output_path));
  } else if (options.emit == EmitKind::Graph) {
    places.push_back(graphWeightsPath(options.output_path));
  }
  if (!options.tuning_file.empty()) {
    for (const std::string &place : places)
      if (place == options.tuning_file || llvm::sys::fs::equivalent(place, options.tuning_file))
        return makeUnwritable(place, "it is the tuning file that is read");
    if (options.tune)
      places.push_back(options.tuning_file);
  }
  for (const std::string &place : places)
    for (const ModelInput &model : options.models) {
      if (llvm::sys::fs::equivalent(place, model.path))
        return makeUnwritable(place, "it is the model that is read");
      if (llvm::sys::fs::equivalent(place, graphWeightsPath(model.path)))
        return makeUnwritable(place, "it is the weights of the model that is read");
    }
  return llvm::Error::success();
}

// Finds out before any work is done that the result cannot be written.
static llvm::Error checkOutput(const CompilerOptions &options) {
  StringRef path = options.output_path;
  if (path == "-")
    return llvm::Error::success();
  std::string place;
  if (options.emit == EmitKind::Object) {
    ObjectPlace files = objectPlace(path);
    // The folder may be missing, its parent may not.
    bool exists = files.folder.empty() || llvm::sys::fs::is_directory(files.folder);
    path = place = exists ? files.object : files.folder;
  }
  StringRef folder = llvm::sys::path::parent_path(path);
  if (folder.empty())
    folder = ".";
  if (std::error_code error = llvm::sys::fs::access(folder, llvm::sys::fs::AccessMode::Write))
    return makeUnwritable(options.output_path, folder.str() + ": " + error.message());
  return checkOverwritten(options);
}

namespace {
/// One compilation: the stages in order, each timed and reported.
class Compilation {
public:
  Compilation(const CompilerOptions &options, ProgressFn progress)
      : options(options), progress(progress), registry(makeRegistry()),
        pool(llvm::hardware_concurrency(options.threads)),
        context(registry, MLIRContext::Threading::DISABLED), collector(context, options.verbose),
        reproducer(options.reproducer_folder) {
    context.setThreadPool(pool);
  }

  llvm::Expected<CompilerReport> run();

private:
  static DialectRegistry makeRegistry() {
    DialectRegistry registry;
    registerCompilerDialects(registry);
    return registry;
  }

  /// Runs one stage under its name.
  template <typename Fn> llvm::Error stage(StringRef name, Fn &&work) {
    progress(name, 0, 0);
    auto start = std::chrono::steady_clock::now();
    llvm::Error error = work();
    std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
    report.stages.emplace_back(name.str(), elapsed.count());
    return error;
  }
  llvm::Error runPasses(StringRef name, llvm::function_ref<void(OpPassManager &)> add);
  llvm::Error emitText(llvm::function_ref<void(llvm::raw_ostream &)> print);
  llvm::Error emitModule(ModuleOp text);
  llvm::Error emitGraph();
  llvm::Error emitCodeText();
  llvm::Error emitLinalg();
  llvm::Error check();
  llvm::Error openCache();
  llvm::Error openTuning();
  LogicalResult tune(ModuleOp kernels, CompileOptions measuring);
  llvm::Error write();
  void reportKernels();
  void reportProgram();
  llvm::Error generate();
  llvm::Error runStages();
  llvm::Error failStage(StringRef name) {
    if (collector.isUnsupported()) {
      // The model asks for what there is not: nothing to reproduce.
      reproducer.discard();
      return collector.takeUnsupported(options.models.front().path);
    }
    if (collector.isTuning()) {
      reproducer.discard();
      return collector.take(FaultCode::TuningInvalid, name, options.tuning_file);
    }
    return collector.take(FaultCode::CompilerFailed, name, options.models.front().path,
                          reproducer.take(context));
  }

  const CompilerOptions &options;
  ProgressFn progress;
  DialectRegistry registry;
  llvm::DefaultThreadPool pool;
  MLIRContext context;
  DiagnosticCollector collector;
  Reproducer reproducer;
  OwningOpRef<ModuleOp> module;
  const Target *target = nullptr;
  std::vector<std::string> levels;
  std::unique_ptr<KernelCache> cache;
  Tuning tuning;
  CompiledKernels code;
  CompilerReport report;
};
} // namespace

llvm::Error Compilation::runPasses(StringRef name,
                                   llvm::function_ref<void(OpPassManager &)> add) {
  return stage(name, [&]() -> llvm::Error {
    PassManager manager(&context);
    add(manager);
    reproducer.watch(manager, *module);
    if (failed(manager.run(*module)))
      return failStage(name);
    return llvm::Error::success();
  });
}

// Text goes to a file that appears whole, or to standard output.
llvm::Error Compilation::emitText(llvm::function_ref<void(llvm::raw_ostream &)> print) {
  std::string text;
  llvm::raw_string_ostream os(text);
  print(os);
  if (llvm::Error error = writeOutput(options.output_path, text))
    return makeUnwritable(options.output_path, llvm::toString(std::move(error)));
  return llvm::Error::success();
}

llvm::Error Compilation::emitModule(ModuleOp text) {
  return emitText([&](llvm::raw_ostream &os) {
    text.print(os, OpPrintingFlags().enableDebugInfo(options.verbose, /*pretty=*/true));
  });
}

// A graph that has a file of its own has its weights beside it, so that it is a
// model again. They come first: the text never stands without them.
llvm::Error Compilation::emitGraph() {
  std::string weights = graphWeightsPath(options.output_path);
  if (!isStream(options.output_path))
    if (llvm::Error error = writeGraphWeights(
            weightKeys(*module),
            context.getLoadedDialect<graph::GraphDialect>()->getWeightStore(), weights))
      return makeUnwritable(weights, llvm::toString(std::move(error)));
  return emitModule(*module);
}

llvm::Error Compilation::emitCodeText() {
  return emitText([&](llvm::raw_ostream &os) {
    for (const KernelInfo &kernel : code.kernels)
      os << (options.emit == EmitKind::Llvm ? kernel.llvm_ir : kernel.assembly);
  });
}

llvm::Error Compilation::emitLinalg() {
  FailureOr<OwningOpRef<ModuleOp>> lowered = lowerKernels(
      *module, [&](PassManager &manager) { reproducer.watch(manager, *module); });
  if (failed(lowered))
    return failStage("lower kernels");
  return emitModule(**lowered);
}

// What can be refused before any work is done.
llvm::Error Compilation::check() {
  target = findTarget(options.target);
  if (!target) {
    std::vector<std::string> known;
    for (const Target *other : allTargets())
      known.push_back(other->name().str());
    return makeFault(FaultCode::TargetUnknown, "there is no target '" + options.target + "'", "",
                     guess(options.target, known) + "one of:\n" + llvm::join(listTargets(), "\n"));
  }
  llvm::Expected<std::vector<std::string>> resolved = resolveLevels(options, *target);
  if (!resolved)
    return resolved.takeError();
  levels = std::move(*resolved);
  for (const std::string &level : levels)
    if (options.emit == EmitKind::Object &&
        target->imageFormat(level) != target->imageFormat(levels.front()))
      return makeFault(FaultCode::TargetUnknown,
                       "one object is for one machine, not for '" + levels.front() + "' and '" + level + "'", "",
                       "--emit=object once for each machine");
  if ((options.emit == EmitKind::Llvm || options.emit == EmitKind::Assembly) && levels.size() > 1)
    return makeFault(FaultCode::TargetUnknown,
                     "the text is that of one instruction set, not of '" + llvm::join(levels, "' and '") + "'", "",
                     "--cpu=" + levels.front());
  if (llvm::Error unwritable = checkOutput(options))
    return unwritable;
  if (llvm::Error refused = openTuning())
    return refused;
  return openCache();
}

llvm::Error Compilation::openTuning() {
  if (options.tune && llvm::none_of(levels, [&](const std::string &level) { return target->runsHere(level); }))
    return makeFault(FaultCode::TargetUnknown,
                     "this machine runs no code for '" + llvm::join(levels, "' or '") + "': there is nothing to measure",
                     "", "--tuning-file FILE with what such a machine measured");
  StringRef folder = llvm::sys::path::parent_path(options.tuning_file);
  if (options.tune && !options.tuning_file.empty())
    if (std::error_code error = llvm::sys::fs::access(folder.empty() ? "." : folder, llvm::sys::fs::AccessMode::Write))
      return makeUnwritable(options.tuning_file, error.message());
  if (options.tuning_file.empty() || (options.tune && !llvm::sys::fs::exists(options.tuning_file)))
    return llvm::Error::success();
  llvm::Expected<Tuning> read = readTuningFile(options.tuning_file);
  if (!read)
    return read.takeError();
  tuning = std::move(*read);
  return llvm::Error::success();
}

// Only what is new: a file grows from model to model.
LogicalResult Compilation::tune(ModuleOp kernels, CompileOptions measuring) {
  measuring.progress = [&](unsigned done, unsigned total) { progress("tune", done, total); };
  measuring.watch = nullptr;
  FailureOr<std::vector<TunedKernel>> tuned = target->tune(kernels, measuring, tuning);
  if (failed(tuned))
    return failure();
  report.tuned = std::move(*tuned);
  return success();
}

llvm::Error Compilation::openCache() {
  if (options.cache_folder.empty())
    return llvm::Error::success();
  llvm::Expected<std::unique_ptr<KernelCache>> opened = KernelCache::open(options.cache_folder);
  if (opened) {
    cache = std::move(*opened);
    report.cache_folder = cache->folder();
    return llvm::Error::success();
  }
  std::string reason = llvm::toString(opened.takeError());
  if (options.cache_failure == CacheFailure::Fault)
    return makeFault(FaultCode::OutputUnwritable, "cannot keep kernels in " + options.cache_folder, reason,
                     "a folder of your own that only you may write (chmod go-w), or --no-cache");
  if (options.cache_failure == CacheFailure::Warning)
    report.warnings.push_back("no kernels are kept in " + options.cache_folder + ": " + reason);
  return llvm::Error::success();
}

llvm::Error Compilation::generate() {
  return stage("generate code", [&]() -> llvm::Error {
    CompileOptions compileOptions;
    compileOptions.levels = levels;
    compileOptions.threads = options.threads;
    compileOptions.keepLlvm = options.emit == EmitKind::Llvm;
    compileOptions.keepAssembly = options.emit == EmitKind::Assembly;
    compileOptions.keepObject = options.emit == EmitKind::Object;
    compileOptions.cache = cache.get();
    compileOptions.watch = [&](PassManager &manager, ModuleOp kernels) {
      reproducer.watch(manager, kernels);
    };
    compileOptions.progress = [&](unsigned done, unsigned total) {
      progress("generate code", done, total);
    };
    bool tunes = options.tune || !options.tuning_file.empty();
    compileOptions.tuning = tunes ? &tuning : nullptr;
    auto measure = [&](ModuleOp kernels) { return tune(kernels, compileOptions); };
    FailureOr<CompiledKernels> compiled =
        options.tune ? generateCode(*module, *target, compileOptions, measure)
                     : generateCode(*module, *target, compileOptions);
    if (failed(compiled))
      return failStage("generate code");
    if (options.tune && !options.tuning_file.empty())
      if (llvm::Error error = writeOutput(options.tuning_file, formatTuning(tuning, options.producer)))
        return makeUnwritable(options.tuning_file, llvm::toString(std::move(error)));
    code = std::move(*compiled);
    reportKernels();
    return llvm::Error::success();
  });
}

// Before planning, which consumes kernels and dispatches.
void Compilation::reportKernels() {
  report.foreign_decisions = code.foreign_decisions;
  llvm::StringMap<size_t> positions;
  for (const KernelInfo &info : code.kernels) {
    positions[info.name] = report.kernels.size();
    KernelReport kernel;
    kernel.name = info.name;
    kernel.scratch_bytes = info.scratch_bytes;
    kernel.stack_bytes = info.stack_bytes;
    kernel.one_tile_reason = info.one_tile_reason;
    kernel.is_cached = info.is_cached;
    kernel.is_tuned = info.is_tuned;
    kernel.tile_sizes = info.tile_sizes;
    report.kernels.push_back(std::move(kernel));
  }
  module->walk([&](graph::DispatchOp dispatch) {
    auto position = positions.find(dispatch.getKernel().getLeafReference().getValue());
    if (position == positions.end())
      return;
    KernelReport &kernel = report.kernels[position->second];
    ++kernel.calls;
    llvm::append_range(kernel.nodes, describeLocation(dispatch.getLoc()).nodes);
  });
  for (const KernelImage &image : code.images) {
    report.levels.push_back(image.level);
    report.code_bytes += image.bytes.size();
  }
}

void Compilation::reportProgram() {
  report.output_path = options.emit == EmitKind::Object
                           ? objectPlace(options.output_path).object
                           : options.output_path;
  for (auto segment : module->getOps<program::SegmentOp>())
    if (segment.getKind() == program::SegmentKind::Weights)
      report.weight_bytes += segment.getBytes();
  module->walk([&](program::PlanOp plan) {
    uint64_t arena = plan.getArenaBytes();
    if (arena < report.arena_bytes)
      return;
    report.arena_bytes = arena;
    if (auto bound = plan->getAttrOfType<IntegerAttr>("lower_bound_bytes"))
      report.arena_bound_bytes = bound.getInt();
  });
  report.copies = collector.getRemarks();
  if (std::optional<std::string> warning = describeLargeArena(*module))
    report.warnings.push_back(std::move(*warning));
}

llvm::Error Compilation::write() {
  return stage("write", [&]() -> llvm::Error {
    WeightEvaluator evaluator(*module);
    ProgramWriterOptions writer;
    writer.evaluateInitializer = [&](graph::WeightOp weight) { return evaluator.evaluate(weight); };
    writer.pool = &pool;
    writer.programBytes = &report.program_bytes;
    // What is known better than the module's own errors.
    std::optional<llvm::Error> refused;
    writer.reportUnwritable = [&](StringRef path, StringRef reason) {
      refused = makeUnwritable(path, reason);
    };
    if (llvm::Error error = checkTileCounts(*module, options.models.front().path))
      return error;
    if (options.load)
      writer.verify = [&](const WrittenProgram &written) {
        LoaderVerdict verdict = options.load(written);
        if (!verdict.is_good)
          refused = makeRefusal(*module, verdict, options.models.front().path,
                                options.reproducer_folder);
        return success(verdict.is_good);
      };
    bool isObject = options.emit == EmitKind::Object;
    if (failed(isObject ? writeObject(*module, *target, code, objectPlace(options.output_path), writer)
                        : writeProgramFile(*module, options.output_path, writer)))
      return refused ? std::move(*refused) : failStage("write");
    reportProgram();
    return llvm::Error::success();
  });
}

// What options.emit asks for; the stages behind it do not run.
llvm::Error Compilation::runStages() {
  llvm::Error error = stage("read", [&]() -> llvm::Error {
    llvm::Expected<OwningOpRef<ModuleOp>> imported = importModels(context, options, report.warnings);
    if (!imported)
      return imported.takeError();
    module = std::move(*imported);
    return llvm::Error::success();
  });
  if (error)
    return error;
  if (llvm::Error failed = runPasses("simplify", [&](OpPassManager &manager) {
        addSimplifyPasses(manager, options.precision == Precision::Bf16);
      }))
    return failed;
  // Only now: what nothing uses needs no size.
  if (failed(verifySolvable(*module)))
    return collector.take(FaultCode::SymbolUnknown, "simplify", options.models.front().path);
  if (options.emit == EmitKind::Graph)
    return emitGraph();
  (*module)->setAttr(kTargetsAttr, ArrayAttr::get(&context, {target->describe(&context)}));
  if (llvm::Error failed = runPasses("form kernels", [&](OpPassManager &manager) {
        addKernelPasses(manager, options.winograd ? std::optional(options.weight_growth_percent) : std::nullopt);
      }))
    return failed;
  if (options.emit == EmitKind::Linalg)
    return emitLinalg();
  if (llvm::Error failed = generate())
    return failed;
  if (options.emit == EmitKind::Llvm || options.emit == EmitKind::Assembly)
    return emitCodeText();
  if (llvm::Error failed = runPasses("plan", [&](OpPassManager &manager) {
        addPlanPasses(manager, options.sidecar, options.producer);
      }))
    return failed;
  return write();
}

llvm::Expected<CompilerReport> Compilation::run() {
  auto start = std::chrono::steady_clock::now();
  if (llvm::Error refused = check())
    return refused;
  if (llvm::Error failed = runStages())
    return failed;
  report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  struct rusage usage;
  if (getrusage(RUSAGE_SELF, &usage) == 0)
    report.peak_rss_bytes = static_cast<uint64_t>(usage.ru_maxrss) * 1024;
  return std::move(report);
}

llvm::Expected<CompilerReport> lathe::compile(const CompilerOptions &options, ProgressFn progress) {
  Compilation compilation(options, progress);
  return compilation.run();
}
