// SPDX-License-Identifier: Apache-2.0
// What one core of this machine can do at most: multiplications with addition
// (float32, everything in registers) and sums over memory of several sizes.
// Prints JSON; tools/bench.py divides kernels' speeds by it.
//
//   lathe_peak_bench [BYTES]...    read sums of these sizes; without any, of
//   one
//                                  for each cache and one for memory
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>
#ifdef __x86_64__
#include <immintrin.h>
#endif

namespace {

// Samples are shorter than the scheduler's slices, so that beside other work
// most of them, and with them the median, are whole: as calls of kernels are.
constexpr double sample_seconds = 0.0002, measure_seconds = 0.1;
constexpr size_t samples_min = 9;
// Blocks that the innermost loops take at once: 12 or 24 accumulators hide a
// latency of 4 to 5 cycles on two ports, 8 the additions of a read sum.
constexpr int64_t fma_steps = 10000;
constexpr size_t read_block_bytes = 1024;

/// One core's loops on the best instruction set that it has.
struct loops {
  const char *level;
  /// Floating-point operations of one step.
  int64_t flops_per_step;
  float (*multiply)(int64_t steps, float a, float b);
  /// The sum of `bytes` (a multiple of read_block_bytes) at `data`, so many
  /// times: the end of a sum, which reads nothing, is a fifth of 16 KiB's time.
  /// Four streams: one keeps too few reads under way (on a Zen 3 it gets 20
  /// GB/s from memory, four get 25).
  float (*sum)(const float *data, size_t bytes, int repeats);
};

#ifdef __x86_64__

// Written twice: a template cannot carry another target attribute for each of
// its instances. The arrays are registers: see the assembly after a change.
__attribute__((target("avx2,fma"))) float multiply_avx2(int64_t steps, float a,
                                                        float b) {
  __m256 va = _mm256_set1_ps(a), vb = _mm256_set1_ps(b), sums[12];
  for (int i = 0; i < 12; ++i)
    sums[i] = _mm256_set1_ps(static_cast<float>(i));
  for (int64_t step = 0; step < steps; ++step) {
#pragma GCC unroll 12
    for (int i = 0; i < 12; ++i)
      sums[i] = _mm256_fmadd_ps(sums[i], va, vb);
  }
  for (int i = 1; i < 12; ++i)
    sums[0] = _mm256_add_ps(sums[0], sums[i]);
  return _mm256_cvtss_f32(sums[0]);
}

__attribute__((target("avx2,fma"))) float sum_avx2(const float *data,
                                                   size_t bytes, int repeats) {
  __m256 sums[8] = {};
  size_t quarter = bytes / sizeof(float) / 4;
  for (int repeat = 0; repeat < repeats; ++repeat)
    for (size_t at = 0; at < quarter; at += 64) {
#pragma GCC unroll 4
      for (size_t stream = 0; stream < 4; ++stream)
#pragma GCC unroll 8
        for (size_t i = 0; i < 8; ++i)
          sums[i] = _mm256_add_ps(
              sums[i], _mm256_loadu_ps(data + stream * quarter + at + 8 * i));
    }
  for (int i = 1; i < 8; ++i)
    sums[0] = _mm256_add_ps(sums[0], sums[i]);
  return _mm256_cvtss_f32(sums[0]);
}

__attribute__((target("avx512f"))) float multiply_avx512(int64_t steps, float a,
                                                         float b) {
  __m512 va = _mm512_set1_ps(a), vb = _mm512_set1_ps(b), sums[24];
  for (int i = 0; i < 24; ++i)
    sums[i] = _mm512_set1_ps(static_cast<float>(i));
  for (int64_t step = 0; step < steps; ++step) {
#pragma GCC unroll 24
    for (int i = 0; i < 24; ++i)
      sums[i] = _mm512_fmadd_ps(sums[i], va, vb);
  }
  for (int i = 1; i < 24; ++i)
    sums[0] = _mm512_add_ps(sums[0], sums[i]);
  return _mm512_cvtss_f32(sums[0]);
}

__attribute__((target("avx512f"))) float sum_avx512(const float *data,
                                                    size_t bytes, int repeats) {
  __m512 sums[8];
  for (__m512 &sum : sums)
    sum = _mm512_setzero_ps();
  size_t quarter = bytes / sizeof(float) / 4;
  for (int repeat = 0; repeat < repeats; ++repeat)
    for (size_t at = 0; at < quarter; at += 64) {
#pragma GCC unroll 4
      for (size_t stream = 0; stream < 4; ++stream)
#pragma GCC unroll 4
        for (size_t i = 0; i < 4; ++i)
          sums[4 * (stream % 2) + i] = _mm512_add_ps(
              sums[4 * (stream % 2) + i],
              _mm512_loadu_ps(data + stream * quarter + at + 16 * i));
    }
  for (int i = 1; i < 8; ++i)
    sums[0] = _mm512_add_ps(sums[0], sums[i]);
  return _mm512_cvtss_f32(sums[0]);
}

#endif

/// Null where no loop is written for the machine.
const loops *best_loops() {
#ifdef __x86_64__
  static const loops avx512 = {"avx512", 24 * 16 * 2, multiply_avx512,
                               sum_avx512};
  static const loops avx2 = {"avx2", 12 * 8 * 2, multiply_avx2, sum_avx2};
  if (__builtin_cpu_supports("avx512f"))
    return &avx512;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
    return &avx2;
#endif
  return nullptr;
}

volatile float sink;

/// Units per nanosecond: the median and the largest of the samples.
struct rate {
  double median, max;
};

/// Times `work`, which handles `units` each time that it is called.
template <typename Work> rate measure(double units, Work work) {
  using clock = std::chrono::steady_clock;
  auto since = [](clock::time_point begin) {
    return std::chrono::duration<double>(clock::now() - begin).count();
  };
  work();
  std::vector<double> rates;
  auto start = clock::now();
  while (rates.size() < samples_min || since(start) < measure_seconds) {
    int64_t count = 0;
    double seconds = 0;
    for (auto begin = clock::now(); seconds < sample_seconds; ++count) {
      work();
      seconds = since(begin);
    }
    rates.push_back(units * static_cast<double>(count) / seconds / 1e9);
  }
  std::sort(rates.begin(), rates.end());
  return {rates[rates.size() / 2], rates.back()};
}

rate measure_sum(const loops &best, size_t bytes) {
  struct release {
    void operator()(float *data) const { free(data); }
  };
  std::unique_ptr<float, release> memory(
      static_cast<float *>(aligned_alloc(4096, (bytes + 4095) / 4096 * 4096)));
  if (!memory)
    return {0, 0};
  // Written, or all pages would be the one page of zeros.
  std::fill_n(memory.get(), bytes / sizeof(float), 0.5f);
  int repeats =
      static_cast<int>(std::max<size_t>(1, (size_t(1) << 20) / bytes));
  return measure(static_cast<double>(bytes) * repeats,
                 [&] { sink = best.sum(memory.get(), bytes, repeats); });
}

int print_peaks(const std::vector<size_t> &sizes) {
  const loops *best = best_loops();
  if (!best) {
    fprintf(stderr,
            "error: no loops for this machine: AVX2 and FMA are needed\n");
    return 1;
  }
  volatile float a = 0.5f, b = 0.25f;
  rate fma = measure(static_cast<double>(best->flops_per_step * fma_steps),
                     [&] { sink = best->multiply(fma_steps, a, b); });
  printf("{\"schema\": 1, \"level\": \"%s\",\n \"gflop_per_s\": {\"median\": "
         "%.2f, \"max\": %.2f},\n \"reads\": [",
         best->level, fma.median, fma.max);
  const char *separator = "";
  for (size_t bytes : sizes) {
    rate sum = measure_sum(*best, bytes);
    printf("%s\n  {\"bytes\": %zu, \"gb_per_s\": {\"median\": %.2f, \"max\": "
           "%.2f}}",
           separator, bytes, sum.median, sum.max);
    separator = ",";
  }
  printf("]}\n");
  return 0;
}

} // namespace

int main(int count, char **arguments) {
  std::vector<size_t> sizes;
  for (int i = 1; i < count; ++i) {
    char *end = nullptr;
    unsigned long long bytes = strtoull(arguments[i], &end, 10);
    if (*end != 0 || bytes < read_block_bytes || bytes > (size_t(4) << 30)) {
      fprintf(stderr,
              "usage: lathe_peak_bench [BYTES]...  (%zu bytes to 4 GiB)\n",
              read_block_bytes);
      return 2;
    }
    sizes.push_back(bytes / read_block_bytes * read_block_bytes);
  }
  // Well inside of an L1, an L2 and an L3 cache, and far outside of all.
  if (sizes.empty())
    sizes = {size_t(16) << 10, size_t(256) << 10, size_t(8) << 20,
             size_t(512) << 20};
  return print_peaks(sizes);
}
