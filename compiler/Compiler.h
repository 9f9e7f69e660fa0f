// SPDX-License-Identifier: Apache-2.0
//
// The compiler as a library: model files to a program. Tools and bindings call
// this; they add the command line and the terminal.
#ifndef LATHE_COMPILER_COMPILER_H
#define LATHE_COMPILER_COMPILER_H

#include "compiler/Frontends/Frontend.h"
#include "compiler/ProgramWriter.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/IR/OwningOpRef.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "passes/Layout/WeightGrowth.h"
#include "targets/Tuning.h"
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace lathe {

/// One model file, which becomes one method of the program.
struct ModelInput {
  std::string path;
  std::string method = "main"; ///< its name in the program
};

/// What becomes of a cache that cannot serve.
enum class CacheFailure {
  Ignored, ///< it is a convenience: nothing is said
  Warning, ///< in CompilerReport::warnings
  Fault    ///< compile() fails
};

/// What compile() produces.
enum class EmitKind {
  Program, ///< .lathe file
  Object,  ///< a folder with what links into an application, see docs/static-linking.md
  Graph,   ///< text of the simplified graph
  Linalg,  ///< text of the kernels in linalg
  Llvm,    ///< LLVM IR of the kernels, first level
  Assembly ///< assembly of the kernels, first level
};

/// How weights of linear layers and convolutions are stored; the rest stays as
/// the model has it.
enum class Precision {
  Fp32, ///< as the model has them
  Bf16  ///< f32 rounded to bf16: half the memory; products and sums stay f32
};

struct CompilerOptions {
  std::vector<ModelInput> models;
  /// A file, for EmitKind::Object a folder; `-` is standard output, for text
  /// kinds only.
  std::string output_path;
  EmitKind emit = EmitKind::Program;
  std::string target = "cpu";
  /// ISA levels, best first; `host` is resolved to the machine's own.
  std::vector<std::string> cpu_levels = {"host"};
  std::vector<DimBound> dims;
  std::string producer = "lathe"; ///< recorded in the program: tool and version
  bool join_states = false; ///< states of equal name and type are one
  bool sidecar = false;     ///< weights go to <stem>.lathew
  Precision precision = Precision::Fp32;
  bool winograd = true;     ///< 3x3 convolutions by minimal filtering, where faster
  /// How much larger than the model's weights, in percent, the program's may be
  /// for that; 1 MiB in any case.
  unsigned weight_growth_percent = kWeightGrowthPercent;
  unsigned threads = 0;     ///< 0: as many as the machine offers
  bool verbose = false;     ///< keep IR in error messages
  /// Folder of kernels that were compiled before (targets/KernelCache.h); empty:
  /// none. The result is the same with and without it.
  std::string cache_folder;
  CacheFailure cache_failure = CacheFailure::Fault;
  /// File of what was measured (TuningFile.h), which must exist unless `tune`;
  /// empty: none.
  std::string tuning_file;
  /// Measures what `tuning_file` does not know for this machine, and writes it
  /// back, if it has a name.
  bool tune = false;
  /// Loads each program before it appears at its place. Tools set it; without
  /// it, a program beyond a limit is only refused by who reads it.
  LoaderCheck load;
  /// Where what shows a fault of the compiler is left (Reproducer.h); empty:
  /// nowhere.
  std::string reproducer_folder;
};

/// Called on stage changes and inside long stages; may come from any thread,
/// one call at a time. `total` 0: the stage has no count.
using ProgressFn = llvm::function_ref<void(llvm::StringRef stage, unsigned done, unsigned total)>;

/// What one kernel became; for --report.
struct KernelReport {
  std::string name;
  unsigned calls = 0;
  uint64_t scratch_bytes = 0;
  uint64_t stack_bytes = 0;
  std::string one_tile_reason;      ///< empty: the kernel is split in tiles
  std::vector<std::string> nodes;   ///< the model's nodes in it
  bool is_cached = false;           ///< its code came from the cache
  bool is_tuned = false;            ///< its tiles, or that the usual ones are best, were measured
  std::vector<int64_t> tile_sizes;  ///< per loop of what is tiled, 0: not split
};

/// What the compiler did. Sizes are bytes, times are seconds.
struct CompilerReport {
  std::string output_path;
  uint64_t program_bytes = 0;
  uint64_t weight_bytes = 0;
  uint64_t code_bytes = 0;
  uint64_t arena_bytes = 0;       ///< the largest over methods and plans
  uint64_t arena_bound_bytes = 0; ///< its live-set lower bound
  uint64_t peak_rss_bytes = 0;
  double seconds = 0;
  std::vector<std::string> levels;
  std::vector<KernelReport> kernels;
  std::vector<TunedKernel> tuned; ///< what `tune` measured in this run
  unsigned foreign_decisions = 0; ///< of the tuning file, for kernels of other models
  std::string cache_folder; ///< where kernels were looked for and kept; empty: nowhere
  std::vector<std::string> copies; ///< what a copy instruction moves, and why
  std::vector<std::string> warnings; ///< what the user may not have meant, as sentences
  std::vector<std::pair<std::string, double>> stages;
};

/// All dialects and interface models that any stage needs.
void registerCompilerDialects(mlir::DialectRegistry &registry);

/// Reads the models into one module at stage `imported`. The context must come
/// from registerCompilerDialects. `warnings` receives what is odd but no fault.
llvm::Expected<mlir::OwningOpRef<mlir::ModuleOp>>
importModels(mlir::MLIRContext &context, const CompilerOptions &options,
             std::vector<std::string> &warnings);

/// Compiles and writes options.output_path. Every failure is a FaultError.
llvm::Expected<CompilerReport> compile(const CompilerOptions &options, ProgressFn progress);

/// One line for each target: its name and its instruction sets.
std::vector<std::string> listTargets();

} // namespace lathe

#endif // LATHE_COMPILER_COMPILER_H
