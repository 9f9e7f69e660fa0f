// SPDX-License-Identifier: Apache-2.0
#include "targets/Cpu/KernelTuner.h"

#include "targets/Cpu/CachedKernels.h"
#include "targets/Cpu/KernelBench.h"
#include "targets/Cpu/Pipeline.h"

#include "mlir/IR/Builders.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/TargetParser/Host.h"

#include <ctime>
#include <thread>

using namespace mlir;

namespace lathe::cpu {
namespace {

/// Rounds that sort out what is slower, and those that the best must win again:
/// the luckiest of many looks better than it is.
constexpr unsigned firstRounds = 7, finalRounds = 15;
/// A choice that is not faster by this much is none.
constexpr double clearRatio = 0.97;
/// A sample lasts at least this long, by repetition: the clock costs nothing then.
constexpr double sampleSeconds = 200e-6;
/// Kernels below this time are calls more than work.
constexpr double shortestSeconds = 2e-6;
constexpr int64_t tilesMax = 4096;
/// Points of the last loop of a tile: whole vectors and cache lines.
constexpr int64_t lastQuantum = 16;

int64_t countTiles(const std::vector<int64_t> &sizes, const std::vector<int64_t> &extents) {
  int64_t tiles = 1;
  for (auto [size, extent] : llvm::zip_equal(sizes, extents))
    if (size > 0)
      tiles *= llvm::divideCeil(std::max<int64_t>(extent, 1), size);
  return tiles;
}

double median(std::vector<double> values) {
  auto middle = values.begin() + values.size() / 2;
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

/// One kernel and its candidates, compiled together: the first is the default.
class KernelTrial {
public:
  KernelTrial(const Target &target, ModuleOp kernel, const CompileOptions &options)
      : target(target), kernel(kernel), function(*kernel.getOps<func::FuncOp>().begin()),
        options(options) {}

  TunedKernel run();

private:
  bool plan();
  bool compile();
  bool fits(const std::vector<int64_t> &sizes);
  void dropDifferent();
  double seconds(size_t index);
  std::vector<double> ratios(ArrayRef<size_t> others, unsigned rounds);
  void choose();
  OwningOpRef<ModuleOp> withSizes(ArrayRef<std::vector<int64_t>> all);

  const Target &target;
  ModuleOp kernel;
  func::FuncOp function;
  const CompileOptions &options;
  TunedKernel result;
  std::vector<std::vector<int64_t>> sizes;
  CompiledKernels compiled;
  std::optional<KernelBuffers> buffers;
  std::unique_ptr<LoadedKernels> code;
  std::vector<size_t> alive; ///< candidates that give the same bytes
  unsigned repeats = 1;
};

/// The kernel once for each of `all`; names count from 1000, so that the target's
/// order of names is this one.
OwningOpRef<ModuleOp> KernelTrial::withSizes(ArrayRef<std::vector<int64_t>> all) {
  OpBuilder builder(kernel.getContext());
  OwningOpRef<ModuleOp> module(ModuleOp::create(kernel.getLoc()));
  for (auto [index, each] : llvm::enumerate(all)) {
    builder.setInsertionPointToEnd(module->getBody());
    auto copy = cast<func::FuncOp>(builder.clone(*function));
    copy.setName((function.getName() + "__" + Twine(1000 + index)).str());
    if (!each.empty())
      copy->setAttr(kTileSizesAttr, builder.getDenseI64ArrayAttr(each));
  }
  return module;
}

/// Whether the plan takes these sizes; an error that it gives is an answer.
bool KernelTrial::fits(const std::vector<int64_t> &each) {
  OwningOpRef<ModuleOp> copy = withSizes(each);
  PassManager manager(kernel.getContext());
  buildPlanPipeline(manager);
  return succeeded(manager.run(*copy));
}

/// Finds the default sizes and the candidates.
bool KernelTrial::plan() {
  OwningOpRef<ModuleOp> copy = withSizes({std::vector<int64_t>()});
  PassManager manager(kernel.getContext());
  buildPlanPipeline(manager);
  if (failed(manager.run(*copy)))
    return false;
  func::FuncOp planned = *copy->getOps<func::FuncOp>().begin();
  auto chosen = planned->getAttrOfType<DenseI64ArrayAttr>(kTileSizesAttr);
  auto extents = planned->getAttrOfType<DenseI64ArrayAttr>(kTileExtentsAttr);
  if (!chosen || !extents) {
    result.skipped = "it has no loops to split";
    return false;
  }
  result.default_sizes = result.tile_sizes = chosen.asArrayRef().vec();
  // Threads keep their work: fewer tiles win on one core and lose on several.
  int64_t threads = std::max(2u, std::thread::hardware_concurrency());
  int64_t tiles = countTiles(result.default_sizes, extents.asArrayRef().vec());
  sizes.push_back({});
  for (std::vector<int64_t> &each :
       listTileSizes(result.default_sizes, extents.asArrayRef().vec(), std::min(tiles, threads)))
    if (fits(each))
      sizes.push_back(std::move(each));
  if (sizes.size() == 1)
    result.skipped = "there is no other way to split it";
  return sizes.size() > 1;
}

bool KernelTrial::compile() {
  CompileOptions each;
  each.levels = options.levels;
  each.threads = options.threads;
  each.cache = options.cache;
  OwningOpRef<ModuleOp> module = withSizes(sizes);
  FailureOr<CompiledKernels> all = target.compile(*module, each);
  if (failed(all))
    return false;
  compiled = std::move(*all);
  code = LoadedKernels::load(compiled);
  return code != nullptr;
}

void KernelTrial::dropDifferent() {
  buffers->fill();
  code->run(0, *buffers);
  std::vector<char> expected = buffers->results();
  // Scratch of all workers counts as memory of a run: speed is not worth any.
  uint64_t scratchMax = std::max<uint64_t>(2 * compiled.kernels[0].scratch_bytes, 512 << 10);
  for (size_t index = 1; index < sizes.size(); ++index) {
    if (compiled.kernels[index].scratch_bytes > scratchMax)
      continue;
    buffers->fill();
    code->run(index, *buffers);
    if (buffers->results() == expected)
      alive.push_back(index);
    else
      ++result.different;
  }
}

/// Time of this thread, so that what else the machine does counts less.
double threadSeconds() {
  timespec now = {};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return double(now.tv_sec) + 1e-9 * double(now.tv_nsec);
}

double KernelTrial::seconds(size_t index) {
  buffers->refill();
  double start = threadSeconds();
  for (unsigned i = 0; i < repeats; ++i)
    code->run(index, *buffers);
  return (threadSeconds() - start) / repeats;
}

/// The median, over rounds that go to and fro, of the time of each of `others`
/// over that of the default in the same round.
std::vector<double> KernelTrial::ratios(ArrayRef<size_t> others, unsigned rounds) {
  std::vector<std::vector<double>> all(others.size());
  std::vector<double> defaults;
  for (unsigned round = 0; round < rounds; ++round) {
    std::vector<double> times(others.size());
    double before = seconds(0);
    for (size_t i = 0; i < others.size(); ++i) {
      size_t at = round % 2 == 0 ? i : others.size() - 1 - i;
      times[at] = seconds(others[at]);
    }
    double own = (before + seconds(0)) / 2;
    defaults.push_back(own);
    for (size_t i = 0; i < others.size(); ++i)
      all[i].push_back(times[i] / own);
  }
  result.default_us = median(defaults) * 1e6;
  std::vector<double> medians;
  for (std::vector<double> &values : all)
    medians.push_back(median(std::move(values)));
  return medians;
}

void KernelTrial::choose() {
  double once = std::min(seconds(0), seconds(0));
  result.default_us = once * 1e6;
  if (once < shortestSeconds) {
    result.skipped = "it is too short to measure";
    return;
  }
  repeats = std::max(1.0, std::ceil(sampleSeconds / once));
  std::vector<double> first = ratios(alive, firstRounds);
  for (auto [index, ratio] : llvm::zip_equal(alive, first))
    result.candidates.emplace_back(sizes[index], ratio);
  auto best = llvm::min_element(first);
  if (best == first.end() || *best >= clearRatio)
    return;
  size_t index = alive[best - first.begin()];
  double ratio = ratios(index, finalRounds).front();
  if (ratio >= clearRatio)
    return;
  result.tile_sizes = sizes[index];
  result.ratio = ratio;
}

TunedKernel KernelTrial::run() {
  result.kernel = function.getName().str();
  // What a candidate cannot be is not said: it is just not one.
  ScopedDiagnosticHandler quiet(kernel.getContext(), [](Diagnostic &) { return success(); });
  buffers = KernelBuffers::create(function);
  if (!buffers)
    result.skipped = "its sizes vary";
  else if (!plan() || !compile())
    result.skipped = result.skipped.empty() ? "it could not be compiled alone" : result.skipped;
  else {
    dropDifferent();
    choose();
  }
  return std::move(result);
}

} // namespace

std::vector<std::vector<int64_t>> listTileSizes(const std::vector<int64_t> &sizes,
                                                const std::vector<int64_t> &extents,
                                                int64_t tilesMin) {
  std::vector<std::vector<int64_t>> found;
  auto add = [&](std::vector<int64_t> each) {
    each.back() = llvm::alignTo(each.back(), lastQuantum);
    for (auto [size, extent] : llvm::zip_equal(each, extents))
      if (size >= extent)
        size = 0;
    int64_t tiles = countTiles(each, extents);
    if (tiles >= tilesMin && tiles <= tilesMax && each != sizes && !llvm::is_contained(found, each))
      found.push_back(std::move(each));
  };
  int64_t parts = countTiles(sizes, extents);
  for (size_t dim = 0; dim < sizes.size(); ++dim) {
    if (extents[dim] < 2)
      continue;
    auto change = [&](int64_t size) {
      std::vector<int64_t> each = sizes;
      each[dim] = size;
      add(std::move(each));
    };
    if (sizes[dim] == 0) {
      change(llvm::divideCeil(extents[dim], 2));
      change(llvm::divideCeil(extents[dim], 4));
      // Alone, in as many parts as there were.
      std::vector<int64_t> moved(sizes.size(), 0);
      moved[dim] = llvm::divideCeil(extents[dim], std::min(extents[dim], std::max<int64_t>(parts, 2)));
      add(std::move(moved));
      continue;
    }
    change(llvm::divideCeil(sizes[dim], 2));
    change(llvm::divideCeil(sizes[dim], 4));
    change(sizes[dim] * 2);
    change(sizes[dim] * 4);
    change(0);
    // Parts of one size; and rows at other distances, where powers of two fall
    // on the same lines of a cache.
    int64_t even = sizes[dim];
    while (extents[dim] % even != 0)
      --even;
    change(even);
    if (sizes[dim] > 2)
      change(sizes[dim] - 1);
  }
  return found;
}

FailureOr<std::vector<TunedKernel>> tuneKernels(const Target &target, ModuleOp top,
                                                const CompileOptions &options, Tuning &tuning) {
  CompileOptions each = options;
  auto level = llvm::find_if(options.levels, [&](const std::string &name) { return target.runsHere(name); });
  if (level == options.levels.end())
    return top.emitError("this machine runs none of the levels to tune for");
  each.levels = {*level};
  std::string cpu = llvm::sys::getHostCPUName().str();
  std::vector<TunedKernel> results;
  SmallVector<ModuleOp> kernels(top.getOps<ModuleOp>());
  for (auto [index, kernel] : llvm::enumerate(kernels)) {
    if (options.progress)
      options.progress(index, kernels.size());
    TuningDecision decision;
    decision.hash = hashKernel(kernel);
    const TuningDecision *known = tuning.find(decision.hash, each.levels, cpu);
    if (known && known->cpu == cpu)
      continue;
    TunedKernel tuned = KernelTrial(target, kernel, each).run();
    if (tuned.skipped.empty()) {
      decision.kernel = tuned.kernel;
      decision.level = each.levels.front();
      decision.cpu = cpu;
      decision.ratio = tuned.ratio;
      if (tuned.tile_sizes != tuned.default_sizes)
        decision.tile_sizes = tuned.tile_sizes;
      tuning.decisions.push_back(std::move(decision));
    }
    results.push_back(std::move(tuned));
  }
  return results;
}

} // namespace lathe::cpu
