// SPDX-License-Identifier: Apache-2.0
#include "tools/lathec/Summary.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/JSON.h"
#include "tools/lathe-run/shown_text.h"

using namespace lathe;

// 12345678 -> "11.8 MiB".
static std::string formatBytes(uint64_t bytes) {
  static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB"};
  double value = static_cast<double>(bytes);
  unsigned unit = 0;
  for (; value >= 1024 && unit < 4; ++unit)
    value /= 1024;
  std::string text;
  llvm::raw_string_ostream os(text);
  os << llvm::format(unit == 0 ? "%.0f" : "%.1f", value) << ' ' << units[unit];
  return text;
}

static unsigned countCalls(const CompilerReport &report) {
  unsigned calls = 0;
  for (const KernelReport &kernel : report.kernels)
    calls += kernel.calls;
  return calls;
}

static size_t countCached(const CompilerReport &report) {
  return llvm::count_if(report.kernels, [](const KernelReport &kernel) { return kernel.is_cached; });
}

static std::string sizesText(llvm::ArrayRef<int64_t> sizes) {
  if (llvm::all_of(sizes, [](int64_t size) { return size == 0; }))
    return "one tile";
  std::string text;
  llvm::raw_string_ostream os(text);
  os << '[';
  llvm::interleaveComma(sizes, os);
  os << ']';
  return text;
}

// What was known, what was measured, and each kernel that became faster.
static void printTuning(llvm::raw_ostream &os, const CompilerReport &report) {
  size_t known = llvm::count_if(report.kernels, [](const KernelReport &kernel) { return kernel.is_tuned; });
  size_t skipped = llvm::count_if(report.tuned, [](const TunedKernel &kernel) { return !kernel.skipped.empty(); });
  os << "tuned     " << known << " of " << report.kernels.size() << " kernels, "
     << report.tuned.size() - skipped << " measured now";
  if (skipped > 0)
    os << ", " << skipped << " cannot be";
  if (report.foreign_decisions > 0)
    os << "; the file has " << report.foreign_decisions << " for other kernels";
  os << '\n';
  for (const TunedKernel &kernel : report.tuned)
    if (kernel.tile_sizes != kernel.default_sizes)
      os << "  " << run::shown_name(kernel.kernel) << "  " << sizesText(kernel.tile_sizes) << " for "
         << sizesText(kernel.default_sizes) << llvm::format(": %.2f of %.0f us\n", kernel.ratio, kernel.default_us);
}

void lathe::printSummary(llvm::raw_ostream &os, const CompilerReport &report,
                         const CompilerOptions &options) {
  bool isObject = options.emit == EmitKind::Object;
  os << (isObject ? "object    " : "program   ") << formatBytes(report.program_bytes) << " (weights "
     << formatBytes(report.weight_bytes) << ", code " << formatBytes(report.code_bytes) << ") in "
     << llvm::format("%.1f s", report.seconds) << '\n';
  os << "arena     " << formatBytes(report.arena_bytes) << " (lower bound "
     << formatBytes(report.arena_bound_bytes) << ")\n";
  os << "kernels   " << report.kernels.size() << " for " << countCalls(report) << " calls, "
     << report.copies.size() << " copies";
  if (size_t cached = countCached(report))
    os << ", code of " << cached << " from the cache";
  os << '\n';
  os << "device    " << options.target << ": " << llvm::join(report.levels, ", ")
     << (llvm::is_contained(options.cpu_levels, "host") ? " (this machine's)\n" : "\n");
  if (options.tune || !options.tuning_file.empty())
    printTuning(os, report);
  if (isObject)
    os << "link      cc main.c " << report.output_path << " -llathe_runtime -pthread\n";
  else
    os << "run       lathe-run " << report.output_path << " --bench\n";
}

void lathe::printWarnings(llvm::ArrayRef<std::string> warnings) {
  for (const std::string &warning : warnings)
    llvm::errs() << "warning: " << warning << '\n';
}

void lathe::printReport(llvm::raw_ostream &os, const CompilerReport &report) {
  os << "\nkernel (calls, scratch, stack)\n";
  for (const KernelReport &kernel : report.kernels) {
    os << "  " << run::shown_name(kernel.name) << " (" << kernel.calls << ", " << formatBytes(kernel.scratch_bytes)
       << ", " << formatBytes(kernel.stack_bytes) << ")" << (kernel.is_cached ? " from the cache\n" : "\n");
    os << "    nodes: ";
    llvm::interleaveComma(kernel.nodes, os, [&](const std::string &node) { os << run::shown_name(node); });
    os << '\n';
    if (!kernel.one_tile_reason.empty())
      os << "    one tile: " << run::shown_line(kernel.one_tile_reason) << '\n';
  }
  if (!report.copies.empty())
    os << "copies\n";
  for (const std::string &copy : report.copies)
    os << "  " << run::shown_line(copy) << '\n';
  os << "stages (s)\n";
  for (const auto &[stage, seconds] : report.stages)
    os << "  " << llvm::format("%7.3f  ", seconds) << stage << '\n';
  os << "peak memory " << formatBytes(report.peak_rss_bytes) << '\n';
}

static void printTunedJson(llvm::json::OStream &json, const TunedKernel &kernel) {
  json.object([&] {
    json.attribute("name", kernel.kernel);
    if (!kernel.skipped.empty()) {
      json.attribute("skipped", kernel.skipped);
      return;
    }
    json.attributeArray("candidates", [&] {
      for (const auto &[sizes, ratio] : kernel.candidates)
        json.object([&, &sizes = sizes, &ratio = ratio] {
          json.attribute("tile_sizes", llvm::json::Array(sizes));
          json.attribute("ratio", ratio);
        });
    });
    json.attribute("different", kernel.different);
    json.attribute("default_us", kernel.default_us);
    json.attribute("ratio", kernel.ratio);
    json.attribute("default_sizes", llvm::json::Array(kernel.default_sizes));
    json.attribute("tile_sizes", llvm::json::Array(kernel.tile_sizes));
  });
}

void lathe::printReportJson(llvm::raw_ostream &os, const CompilerReport &report) {
  llvm::json::OStream json(os, 2);
  json.object([&] {
    json.attribute("schema", 1);
    json.attribute("output", report.output_path);
    json.attribute("program_bytes", report.program_bytes);
    json.attribute("weight_bytes", report.weight_bytes);
    json.attribute("code_bytes", report.code_bytes);
    json.attribute("arena_bytes", report.arena_bytes);
    json.attribute("arena_bound_bytes", report.arena_bound_bytes);
    json.attribute("peak_rss_bytes", report.peak_rss_bytes);
    json.attribute("seconds", report.seconds);
    json.attributeArray("levels", [&] {
      for (const std::string &level : report.levels)
        json.value(level);
    });
    json.attribute("cache", report.cache_folder.empty() ? llvm::json::Value(nullptr) : report.cache_folder);
    json.attribute("cached_kernels", countCached(report));
    json.attributeArray("kernels", [&] {
      for (const KernelReport &kernel : report.kernels)
        json.object([&] {
          json.attribute("name", kernel.name);
          json.attribute("calls", kernel.calls);
          json.attribute("scratch_bytes", kernel.scratch_bytes);
          json.attribute("stack_bytes", kernel.stack_bytes);
          json.attribute("cached", kernel.is_cached);
          json.attribute("tuned", kernel.is_tuned);
          json.attribute("tile_sizes", llvm::json::Array(kernel.tile_sizes));
          if (!kernel.one_tile_reason.empty())
            json.attribute("one_tile_reason", kernel.one_tile_reason);
          json.attributeArray("nodes", [&] {
            for (const std::string &node : kernel.nodes)
              json.value(node);
          });
        });
    });
    json.attributeArray("tuned", [&] {
      for (const TunedKernel &kernel : report.tuned)
        printTunedJson(json, kernel);
    });
    json.attributeArray("copies", [&] {
      for (const std::string &copy : report.copies)
        json.value(copy);
    });
    json.attributeArray("warnings", [&] {
      for (const std::string &warning : report.warnings)
        json.value(warning);
    });
    json.attributeArray("stages", [&] {
      for (const auto &[stage, seconds] : report.stages)
        json.object([&, &stage = stage, &seconds = seconds] {
          json.attribute("name", stage);
          json.attribute("seconds", seconds);
        });
    });
  });
  os << '\n';
}
