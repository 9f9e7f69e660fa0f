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
          if (!kernel.one_tile_reason.empty())
            json.attribute("one_tile_reason", kernel.one_tile_reason);
          json.attributeArray("nodes", [&] {
            for (const std::string &node : kernel.nodes)
              json.value(node);
          });
        });
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
