// SPDX-License-Identifier: Apache-2.0
#include "tools/lathe-run/bench.h"

#include "tools/lathe-run/json.h"
#include "tools/lathe-run/output_file.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <sys/resource.h>
#include <unistd.h>
#ifdef __linux__
#include <linux/perf_event.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#endif

namespace lathe::run {

namespace {

constexpr uint64_t measure_ns = 1000000000, profile_ns = 300000000;
constexpr size_t samples_min = 20, samples_max = 100000;
/// Runs that are shorter are measured several at a time, for at least
/// short_batch_ns: looking at the clock takes as long as an addition.
constexpr uint64_t short_run_ns = 2000, short_batch_ns = 20000;

/// Cycles that this thread spends in user mode.
class cycle_counter {
public:
  cycle_counter() {
#ifdef __linux__
    perf_event_attr attributes = {};
    attributes.size = sizeof(attributes);
    attributes.type = PERF_TYPE_HARDWARE;
    attributes.config = PERF_COUNT_HW_CPU_CYCLES;
    attributes.exclude_kernel = 1;
    attributes.exclude_hv = 1;
    descriptor_ = static_cast<int>(
        syscall(SYS_perf_event_open, &attributes, 0, -1, -1, PERF_FLAG_FD_CLOEXEC));
    if (descriptor_ < 0)
      reason_ = std::string("perf_event_open: ") + strerror(errno);
#else
    reason_ = "no cycle counter on this system";
#endif
  }
  ~cycle_counter() {
    if (descriptor_ >= 0)
      close(descriptor_);
  }
  cycle_counter(const cycle_counter &) = delete;
  cycle_counter &operator=(const cycle_counter &) = delete;

  uint64_t read_cycles() {
    uint64_t value = 0;
    if (descriptor_ >= 0 && read(descriptor_, &value, sizeof(value)) != sizeof(value))
      value = 0;
    return value;
  }
  bool available() const { return descriptor_ >= 0; }
  void unavailable(const std::string &reason) { reason_ = reason; }
  const std::string &reason() const { return reason_; }

private:
  int descriptor_ = -1;
  std::string reason_;
};

struct figures {
  double min, p10, median, p90;
};

figures summarize(std::vector<double> values, double unit) {
  std::sort(values.begin(), values.end());
  auto at = [&](size_t tenths) {
    return values[(values.size() - 1) * tenths / 10] / unit;
  };
  return {at(0), at(1), at(5), at(9)};
}

/// Of this program alone: Linux hands ru_maxrss on from what called exec, so
/// that a large parent would be counted.
uint64_t peak_rss_bytes() {
  unsigned long long kib = 0;
  if (FILE *status = fopen("/proc/self/status", "r")) {
    char line[256];
    while (fgets(line, sizeof(line), status) && sscanf(line, "VmHWM: %llu kB", &kib) != 1) {
    }
    fclose(status);
  }
  if (kib == 0) {
    rusage usage = {};
    getrusage(RUSAGE_SELF, &usage);
    kib = static_cast<unsigned long long>(usage.ru_maxrss);
  }
  return kib * 1024;
}

/// Microseconds that all threads of this process spent in user mode.
double user_us() {
  rusage usage = {};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_utime.tv_sec) * 1e6 + static_cast<double>(usage.ru_utime.tv_usec);
}

/// What the runs took besides time.
struct processor_use {
  std::string cycles, reason; // median in user mode, or empty and why
  double user_us;             // a run's, on average
  uint64_t peak_rss_bytes;    // before the measurement, which remembers each run
};

/// What was measured: "image f4 (1, 1, 8, 8)", and "s40=1" for each symbol.
struct measured_sizes {
  std::string inputs, inputs_json;
  std::vector<std::pair<std::string, int64_t>> symbols; // in order of appearance
};

measured_sizes describe_sizes(const session &model) {
  measured_sizes sizes;
  std::vector<array> shapes = model.input_shapes();
  for (uint32_t i = 0; i < shapes.size(); ++i) {
    lathe_tensor_info info = model.describe(LATHE_INPUT, i);
    sizes.inputs += (i ? ", " : "") + std::string(info.name) + " " +
                    lathe_dtype_name(info.dtype) + " " + dims_text(shapes[i].dims);
    sizes.inputs_json += (i ? ", " : "") + std::string("{\"name\": ") + json_text(info.name) +
                         ", \"type\": " + json_text(shapes[i].type) +
                         ", \"dims\": " + json_list(shapes[i].dims) + "}";
    for (uint32_t d = 0; d < info.rank; ++d) {
      if (!info.dims[d].symbol)
        continue;
      std::pair<std::string, int64_t> symbol(info.dims[d].symbol, shapes[i].dims[d]);
      if (std::find(sizes.symbols.begin(), sizes.symbols.end(), symbol) == sizes.symbols.end())
        sizes.symbols.push_back(symbol);
    }
  }
  return sizes;
}

/// Median times of the calls of a run, as JSON. These are runs of their own:
/// looking at the clock for each call would change what the others measure.
int kernel_times(session &model, std::string *json) {
  std::vector<lathe_profile_event> events;
  auto record = [](void *ctx, const lathe_profile_event *event) {
    static_cast<std::vector<lathe_profile_event> *>(ctx)->push_back(*event);
  };
  std::vector<std::vector<double>> times;
  lathe_profile_set(model.instance(), record, &events);
  int code = kExitOk;
  uint64_t begin = monotonic_ns();
  for (size_t runs = 0; code == kExitOk && runs < samples_max &&
                        (runs < samples_min || monotonic_ns() - begin < profile_ns); ++runs) {
    events.clear();
    code = model.run();
    times.resize(std::max(times.size(), events.size()));
    for (size_t i = 0; i < events.size(); ++i)
      times[i].push_back(static_cast<double>(events[i].end_ns - events[i].begin_ns));
  }
  lathe_profile_set(model.instance(), nullptr, nullptr);
  for (size_t i = 0; i < events.size(); ++i)
    *json += (i ? ",\n  " : "\n  ") + std::string("{\"name\": ") + json_text(events[i].kernel) +
             ", \"instruction\": " + std::to_string(events[i].instruction) +
             ", \"us\": " + json_number(summarize(times[i], 1e3).median) + "}";
  return code;
}

void print_sizes(const measured_sizes &sizes, const options &opts) {
  printf("inputs    %s%s\n", sizes.inputs.empty() ? "none" : sizes.inputs.c_str(),
         opts.inputs.empty() && !sizes.inputs.empty() ? ", zeros" : "");
  if (sizes.symbols.empty())
    return;
  printf("sizes    ");
  for (const auto &[name, size] : sizes.symbols)
    printf(" %s=%lld", name.c_str(), static_cast<long long>(size));
  bool chosen = !opts.inputs.empty() || !opts.dims.empty();
  printf("%s\n", chosen ? "" : (" (the smallest; --dim " + sizes.symbols.front().first +
                                "=N measures another)").c_str());
}

void print_bench(session &model, const options &opts, const figures &latency,
                 const processor_use &use, size_t runs, uint64_t first_run_ns,
                 const std::string &kernels) {
  double load_us = static_cast<double>(model.load_ns()) / 1e3;
  double first_us = static_cast<double>(first_run_ns) / 1e3;
  auto rss = static_cast<unsigned long long>(use.peak_rss_bytes);
  measured_sizes sizes = describe_sizes(model);
  if (opts.json) {
    std::string symbols;
    for (const auto &[name, size] : sizes.symbols)
      symbols += (symbols.empty() ? "" : ", ") + json_text(name) + ": " + std::to_string(size);
    printf("{\"schema\": 1, \"method\": %s, \"code\": %s, \"threads\": %u, "
           "\"runs\": %zu,\n \"inputs\": [%s], \"zeros\": %s, \"symbols\": {%s},\n "
           "\"latency_us\": {\"min\": %.5f, \"p10\": %.5f, "
           "\"median\": %.5f, \"p90\": %.5f},\n \"user_cycles\": %s, "
           "\"user_cycles_reason\": %s, \"user_us\": %.3f,\n \"load_us\": %.3f, "
           "\"first_run_us\": %.3f, \"peak_rss_bytes\": %llu%s}\n",
           json_text(model.method_name()).c_str(),
           json_text(lathe_program_code_name(model.program())).c_str(),
           model.thread_count(), runs, sizes.inputs_json.c_str(),
           opts.inputs.empty() ? "true" : "false", symbols.c_str(),
           latency.min, latency.p10, latency.median,
           latency.p90, use.cycles.empty() ? "null" : use.cycles.c_str(),
           json_text(use.reason).c_str(), use.user_us, load_us, first_us, rss,
           kernels.empty() ? "" : (",\n \"kernels\": [" + kernels + "]").c_str());
    return;
  }
  printf("%s, %s, %u thread%s, %zu runs\n", model.method_name().c_str(),
         lathe_program_code_name(model.program()), model.thread_count(),
         model.thread_count() == 1 ? "" : "s", runs);
  print_sizes(sizes, opts);
  printf("latency   min %.1f us, p10 %.1f, median %.1f, p90 %.1f\n", latency.min,
         latency.p10, latency.median, latency.p90);
  printf("cycles    %s\n", use.cycles.empty() ? ("unknown: " + use.reason).c_str()
                                              : (use.cycles + " in user mode").c_str());
  printf("processor %.1f us in user mode\n", use.user_us);
  printf("load      %.1f us, first run %.1f us\n", load_us, first_us);
  printf("memory    %.1f MiB at most\n", static_cast<double>(rss) / 1048576);
}

} // namespace

int bench(session &model, const options &opts, uint64_t first_run_ns) {
  cycle_counter counter;
  processor_use use = {"", counter.reason(), 0, peak_rss_bytes()};
  std::vector<double> times, cycles;
  double user_begin = user_us();
  size_t batch = 1, runs = 0;
  uint64_t begin = monotonic_ns();
  while (times.size() < samples_max &&
         (times.size() < samples_min || monotonic_ns() - begin < measure_ns)) {
    uint64_t before_cycles = counter.read_cycles();
    uint64_t before = monotonic_ns();
    for (size_t i = 0; i < batch; ++i)
      if (int code = model.run(); code != kExitOk)
        return code;
    uint64_t elapsed = monotonic_ns() - before;
    uint64_t elapsed_cycles = counter.read_cycles() - before_cycles;
    runs += batch;
    // The first runs take longer than those after them, so that one look is not
    // enough: batches of one program have to be equally long in every process.
    if (elapsed < (batch == 1 ? short_run_ns : short_batch_ns) && times.empty()) {
      batch *= std::max<size_t>(2, short_batch_ns / std::max<uint64_t>(elapsed, 1));
      continue;
    }
    times.push_back(static_cast<double>(elapsed) / static_cast<double>(batch));
    cycles.push_back(static_cast<double>(elapsed_cycles) / static_cast<double>(batch));
  }
  use.user_us = (user_us() - user_begin) / static_cast<double>(runs);
  if (counter.available() && model.thread_count() == 1)
    use.cycles = json_number(summarize(cycles, 1).median);
  else if (counter.available())
    use.reason = "counted for one thread only: use --threads 1";
  std::string kernels;
  int code = opts.profile.empty() || !opts.json ? kExitOk : kernel_times(model, &kernels);
  if (code == kExitOk)
    print_bench(model, opts, summarize(times, 1e3), use, runs, first_run_ns, kernels);
  return code;
}

int profile(session &model, const options &opts) {
  std::vector<lathe_profile_event> events;
  events.reserve(65536);
  auto record = [](void *ctx, const lathe_profile_event *event) {
    static_cast<std::vector<lathe_profile_event> *>(ctx)->push_back(*event);
  };
  lathe_profile_set(model.instance(), record, &events);
  uint64_t begin = monotonic_ns();
  int code = model.run();
  uint64_t end = monotonic_ns();
  lathe_profile_set(model.instance(), nullptr, nullptr);
  if (code != kExitOk)
    return code;
  auto entry = [&](const std::string &name, uint64_t from, uint64_t to,
                   const std::string &arguments) {
    char times[96];
    snprintf(times, sizeof(times), "\"ts\": %.3f, \"dur\": %.3f",
             static_cast<double>(from - begin) / 1e3,
             static_cast<double>(to - from) / 1e3);
    return "  {\"name\": " + json_text(name) + ", \"ph\": \"X\", \"pid\": 1, \"tid\": 1, " +
           times + ", \"args\": {" + arguments + "}}";
  };
  std::string text = "{\"displayTimeUnit\": \"ns\", \"traceEvents\": [\n" +
                     entry("run " + model.method_name(), begin, end, "");
  for (const lathe_profile_event &event : events)
    text += ",\n" + entry(event.kernel, event.begin_ns, event.end_ns,
                          "\"instruction\": " + std::to_string(event.instruction) +
                              ", \"tiles\": " + std::to_string(event.tiles) +
                              ", \"workers\": " + std::to_string(event.workers));
  text += "\n]}\n";
  std::string reason;
  if (!write_file(opts.profile, text.data(), text.size(), &reason))
    return report(kExitIo, reason);
  return kExitOk;
}

} // namespace lathe::run
